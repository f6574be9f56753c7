//! Scores of rupture and repair, of co-regulation and of coder agreement: the shared core.
//!
//! This crate turns coded time into numbers, and does nothing else: it reads no file and no clock, keeps nothing between
//! calls, starts no thread and never prints. The same input gives the same bits on every platform.
//!
//! # From marks to numbers
//!
//! ```text
//! marks ─ StateSeries ─┬─ EngagementRules ─ Dyad ─ match runs ─ MismatchEpisode ─ latencies, Kaplan–Meier
//!                      │                     └─ patterns, lagged correlation, responses
//!                      └─ time per code, looking at each other, the attunement cycle
//! ```
//!
//! - A [`StateSeries`] says who is in which state when; what it leaves out is missing. It is the only input of every score.
//! - [`EngagementRules`] derive states such as *monitoring* or *positive* from affect and gaze.
//! - A [`Dyad`] is two such series and the [`MatchRelation`] that says which pairs of states match.
//! - [`score`] computes everything that [`catalog`] lists for a [`Recording`], per episode, as the [`ScoreSettings`] say.
//!
//! Each statistic is also a function of its own: [`repair`], [`synchrony`], [`contingency`], [`coregulation`].
//!
//! # Conventions
//!
//! Spans are half-open. The first series of every function of two is the infant's, the second the parent's, and a positive lag
//! means that the first leads. An instant that is missing for either partner counts for neither and breaks every run. Nothing
//! crosses an episode's border. What is undefined is absent with a reason: never NaN, infinite or 0.

pub mod catalog;
pub mod contingency;
pub mod coregulation;
pub mod dyad;
mod engagement;
pub mod grid;
mod needs;
mod recording;
mod relation;
pub mod repair;
mod score;
mod scores;
mod secs;
mod series;
pub mod settings;
mod state_type;
mod subject;
pub mod synchrony;

pub use dyad::{Dyad, DyadicStates, MatchRun};
pub use engagement::{ANY_CODE, EngagementRule, EngagementRules, EngagementState, RulesError};
pub use recording::{ENGAGEMENT, EpisodeWindow, Recording, STILL_FACE, TrackSeries};
pub use relation::{MatchRelation, SharedPairs, SharedWhile, StatePair};
pub use repair::episodes::{After, Before, Initiator, MismatchEpisode, Negative};
pub use score::{Score, ScoreMap, Why};
pub use scores::{Contingency, EpisodeScores, Scores, score};
pub use series::{Gaps, NONE, Piece, StateMark, StateSeries};
pub use settings::{ScoreSettings, SettingsError};
pub use state_type::{StateType, StateTypes};
pub use subject::{ParseSubjectError, Subject};
