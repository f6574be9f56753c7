//! Where things stand on the timelines: pure functions from session and view to places. Painting is elsewhere.

use std::ops::Range;

use egui::Rangef;
use session::{Mark, Session, Track, TrackKey};

use super::axis::Axis;
use crate::thumbnails::HEIGHT as THUMBNAILS_HEIGHT;

/// One row of the timelines, from the top down.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What the row shows.
    pub kind: RowKind,
    /// Its top and bottom.
    pub y: Rangef,
}

/// What a row shows.
#[derive(Clone, Debug, PartialEq)]
pub enum RowKind {
    /// The names of the episodes.
    Episodes,
    /// The times.
    Ruler,
    /// Small pictures along the time.
    Thumbnails,
    /// The sound's curve.
    Sound,
    /// A subject's name.
    Subject(String),
    /// The marks of a track.
    Track(TrackKey),
    /// "Together".
    Together,
    /// Match and mismatch.
    Match,
}

impl RowKind {
    const fn height(&self) -> f32 {
        match self {
            Self::Episodes => 16.0,
            Self::Ruler => 20.0,
            Self::Thumbnails => THUMBNAILS_HEIGHT,
            Self::Sound => 26.0,
            Self::Subject(_) | Self::Together => 18.0,
            Self::Track(_) => 24.0,
            Self::Match => 18.0,
        }
    }

    /// Does the row stay at the top while the others scroll?
    #[must_use]
    pub const fn is_pinned(&self) -> bool {
        matches!(self, Self::Episodes | Self::Ruler)
    }
}

/// The rows that are not always there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExtraRows {
    /// Small pictures along the time.
    pub thumbnails: bool,
    /// The sound's curve.
    pub sound: bool,
    /// Match and mismatch.
    pub matches: bool,
}

/// The rows of a session below each other, beginning at `top`.
#[must_use]
pub fn rows(session: &Session, extra: ExtraRows, top: f32) -> Vec<Row> {
    let mut kinds = vec![RowKind::Episodes, RowKind::Ruler];
    if extra.thumbnails {
        kinds.push(RowKind::Thumbnails);
    }
    if extra.sound {
        kinds.push(RowKind::Sound);
    }
    for subject in &session.scheme.subjects {
        let tracks: Vec<_> = session.tracks.iter().filter(|track| track.key.subject == subject.key).collect();
        if !tracks.is_empty() {
            kinds.push(RowKind::Subject(subject.key.clone()));
            kinds.extend(tracks.into_iter().map(|track| RowKind::Track(track.key.clone())));
        }
    }
    if extra.matches {
        kinds.extend([RowKind::Together, RowKind::Match]);
    }
    let mut y = top;
    let place = |kind: RowKind| {
        let row = Row { y: Rangef::new(y, y + kind.height()), kind };
        y = row.y.max;
        row
    };
    kinds.into_iter().map(place).collect()
}

/// The height that shows all rows at once, with the space around them.
#[must_use]
pub fn rows_height(session: &Session, extra: ExtraRows) -> f32 {
    const AROUND: f32 = 14.0;
    rows(session, extra, 0.0).last().map_or(0.0, |row| row.y.max) + AROUND
}

/// A stretch of a lane that is painted as one thing.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// One state, wide enough to be seen and hit.
    Mark {
        /// Its place among the track's marks.
        index: usize,
        /// Left and right, cut at the lane's edges.
        x: Range<f32>,
    },
    /// Several marks in less room than a hand or an eye can tell apart.
    Dense {
        /// Their places among the track's marks.
        indices: Range<usize>,
        /// Left and right.
        x: Range<f32>,
    },
    /// One moment.
    Point {
        /// Its place among the track's marks.
        index: usize,
        /// Where it stands.
        x: f32,
    },
}

/// Below this width marks are not told apart. Chosen on a 1366-point screen: 3 flickers when zooming, 6 hides gaps.
const MIN_MARK_POINTS: f32 = 4.0;

/// Lays out the visible marks of a track from left to right. The cost follows the marks in view where states do not overlap.
#[must_use]
pub fn blocks(track: &Track, axis: Axis) -> Vec<Block> {
    let visible = axis.visible();
    let right = axis.left + axis.width;
    let last = track.marks.partition_point(|mark| mark.start() < visible.end());
    let exclusive_first = track.marks.partition_point(|mark| mark.when.end() <= visible.start());
    // With overlapping states the ends are not sorted: then all marks before the right edge are looked at.
    let sorted = track.marks.windows(2).all(|pair| pair[0].when.end() <= pair[1].when.end());
    let first = if sorted { exclusive_first } else { 0 };

    let mut blocks: Vec<Block> = Vec::new();
    for (index, mark) in track.marks.iter().enumerate().take(last).skip(first) {
        let Some(span) = mark.span() else {
            blocks.push(Block::Point { index, x: axis.x_from_time(mark.start()) });
            continue;
        };
        if span.end() <= visible.start() {
            continue;
        }
        let x = axis.x_from_time(span.start()).max(axis.left)..axis.x_from_time(span.end()).min(right);
        let narrow = x.end - x.start < MIN_MARK_POINTS;
        match blocks.last_mut() {
            Some(Block::Dense { indices, x: dense }) if narrow && x.start - dense.end < MIN_MARK_POINTS => {
                indices.end = index + 1;
                dense.end = dense.end.max(x.end);
            }
            _ if narrow => blocks.push(Block::Dense { indices: index..index + 1, x }),
            _ => blocks.push(Block::Mark { index, x }),
        }
    }
    blocks
}

/// Where each of several narrow marks is painted, left to right: at least a pixel wide, and of those that end within one pixel the first.
pub(super) fn slivers(marks: &[Mark], axis: Axis, pixel: f32) -> impl Iterator<Item = (&Mark, Range<f32>)> {
    let edge = axis.left + axis.width;
    let mut painted = axis.left;
    marks.iter().filter_map(move |mark| {
        let span = mark.span()?;
        let (left, right) = (axis.x_from_time(span.start()).max(painted), axis.x_from_time(span.end()));
        let x = left..right.max(left + pixel).min(edge);
        if right <= painted || x.is_empty() {
            return None;
        }
        painted = x.end;
        Some((mark, x))
    })
}

#[cfg(test)]
mod tests {
    use session::{MarkId, When};
    use span::{Instant, Span};

    use super::*;

    /// One second is one point.
    const AXIS: Axis = Axis { start_secs: 0.0, points_per_sec: 1.0, left: 0.0, width: 100.0 };

    fn track(spans: &[(f64, f64)]) -> Track {
        let micros = |secs: f64| (secs * 1e6) as i64;
        let mut track = Track::new(TrackKey::new("infant", "gaze"));
        for (id, (start, end)) in spans.iter().enumerate() {
            let when = match Span::from_micros(micros(*start), micros(*end)) {
                Some(span) => When::State { span, open: false },
                None => When::Point(Instant::from_micros(micros(*start))),
            };
            track.marks.push(Mark::new(MarkId(id as u64 + 1), "away", when));
        }
        track
    }

    #[track_caller]
    fn check(spans: &[(f64, f64)], axis: Axis, expected: &[Block]) {
        assert_eq!(blocks(&track(spans), axis), expected);
    }

    #[test]
    fn wide_marks_stand_alone() {
        let expected = [Block::Mark { index: 0, x: 10.0..20.0 }, Block::Mark { index: 1, x: 20.0..40.0 }];
        check(&[(10.0, 20.0), (20.0, 40.0)], AXIS, &expected);
    }

    #[test]
    fn narrow_neighbours_become_one_dense_block() {
        let expected = [Block::Dense { indices: 0..2, x: 10.0..12.5 }, Block::Dense { indices: 2..3, x: 60.0..61.0 }];
        check(&[(10.0, 11.0), (11.0, 12.5), (60.0, 61.0)], AXIS, &expected);
    }

    #[test]
    fn each_narrow_mark_has_its_place_and_those_within_a_pixel_share_one() {
        let track = track(&[(10.0, 12.0), (12.0, 15.0), (15.0, 15.2), (15.2, 15.6), (15.6, 17.0), (20.0, 20.1)]);
        let places: Vec<_> = slivers(&track.marks, AXIS, 1.0).map(|(mark, x)| (mark.id.0, x)).collect();
        assert_eq!(places, [(1, 10.0..12.0), (2, 12.0..15.0), (3, 15.0..16.0), (5, 16.0..17.0), (6, 20.0..21.0)]);
    }

    #[test]
    fn marks_outside_the_view_are_left_out_and_marks_across_its_edge_are_cut() {
        let axis = Axis { start_secs: 50.0, ..AXIS };
        let expected = [Block::Mark { index: 1, x: 0.0..20.0 }, Block::Dense { indices: 2..3, x: 99.0..100.0 }];
        check(&[(0.0, 50.0), (50.0, 70.0), (149.0, 200.0), (300.0, 301.0)], axis, &expected);
    }

    #[test]
    fn a_long_state_under_short_ones_is_not_lost() {
        let axis = Axis { start_secs: 50.0, ..AXIS };
        check(&[(0.0, 90.0), (10.0, 20.0)], axis, &[Block::Mark { index: 0, x: 0.0..40.0 }]);
    }

    #[test]
    fn a_point_stands_on_its_moment() {
        check(&[(30.0, 30.0)], AXIS, &[Block::Point { index: 0, x: 30.0 }]);
    }
}
