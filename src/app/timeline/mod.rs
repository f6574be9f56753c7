//! The timelines: which time stands where, what is painted there, and what the hand does to it.
//!
//! `axis` turns time into x and back; `layout` says where everything stands (both pure, both tested without a window); `paint` draws it; `hit`
//! says what lies under the pointer (pure); `interact` turns the hand's gestures into commands.

mod axis;
mod hit;
mod interact;
mod layout;
mod paint;

pub use axis::Axis;
pub use hit::{Target, target_at};
pub use interact::timeline_ui;
pub use layout::{Block, ExtraRows, Row, RowKind, blocks, rows, rows_height};

use media::Extremes;
use scoring::MatchRun;
use session::{Session, TrackKey};
use span::{Instant, Span};

use crate::command::Selection;
use crate::preferences::TimeFormat;
use crate::thumbnails::Strip;

/// All that the timelines show.
pub struct Scene<'a> {
    /// The marks, tracks and episodes.
    pub session: &'a Session,
    /// The track that keys code.
    pub armed: &'a TrackKey,
    /// What is selected.
    pub selection: Option<Selection>,
    /// The start of the frame on the screen.
    pub playhead: Instant,
    /// What part of the session is shown.
    pub axis: Axis,
    /// What part there is.
    pub whole: Span,
    /// Small pictures along the time, where somebody wants them.
    pub thumbnails: Option<Strip>,
    /// Least and greatest value of the sound for each point of the axis, where there is sound; none of them while it is being read.
    pub sound: Option<Vec<Option<Extremes>>>,
    /// What is heard, where there is a choice.
    pub heard: Option<String>,
    /// Match and mismatch, where the panel shows scores.
    pub matches: Option<Vec<MatchRun>>,
    /// What is played round and round.
    pub looped: Option<Span>,
    /// The nearest start of a frame of the track's medium.
    pub snap: &'a dyn Fn(&TrackKey, Instant) -> Instant,
    /// Is Overwrite on?
    pub overwrite: bool,
    /// May nothing be changed?
    pub read_only: bool,
    /// How moments are written.
    pub times: TimeFormat,
    /// Another coder's session, whose marks are drawn under these.
    pub theirs: Option<&'a Session>,
}
