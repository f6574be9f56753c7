//! Scores of rupture and repair, of co-regulation and of coder agreement: the shared core.
//!
//! This crate turns coded time into numbers, and does nothing else: it reads no file and no clock, keeps nothing between
//! calls and never prints. It starts no thread either, unless the feature `parallel` is on: then surrogates and resamplings are
//! computed on rayon's threads. The same input gives the same bits on every platform, with that feature or without.
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
//! - [`score()`] computes everything that [`catalog`] lists for a [`Recording`], per episode, as the [`ScoreSettings`] say.
//!
//! # An example to check by counting
//!
//! Thirty units of a second; `.` was not codable. M monitors, O is with an object, P is positive, N negative.
//!
//! ```
//! use scoring::span::{Length, Span};
//! use scoring::{EpisodeWindow, MatchRelation, Recording, ScoreSettings, StateSeries, Subject, TrackSeries, score};
//!
//! let letters = ["M", "O", "P", "N"];
//! let coded = |subject, text| TrackSeries {
//!     subject,
//!     channel: "engagement".to_owned(),
//!     series: StateSeries::from_text(letters, text, Length::SECOND),
//! };
//! let recording = Recording {
//!     tracks: vec![
//!         coded(Subject::Infant, "MMPPOOOMPPNNNMMP.POOMMPPPNNOOO"),
//!         coded(Subject::Parent, "MPPPPMPPPPPMMMPPPPPPPMMPPPMMMM"),
//!     ],
//!     episodes: vec![EpisodeWindow {
//!         name: "play".to_owned(),
//!         kind: "play".to_owned(),
//!         span: Span::from_micros(0, 30_000_000).expect("half a minute"),
//!     }],
//!     relation: MatchRelation::equality(&letters.map(str::to_owned)),
//!     ..Recording::default() // nothing excluded, no rules: engagement is coded
//! };
//! let play = &score(&recording, &ScoreSettings::default()).episodes[0];
//!
//! // 11 of the 29 seconds that both are coded match
//! let proportion = play.scores.get("match.proportion").expect("every score is there");
//! assert_eq!((proportion.numerator, proportion.denominator), (Some(11.0), Some(29.0)));
//! // six of seven mismatches end in a match, half of them within 3 seconds
//! assert_eq!(play.mismatch_episodes.len(), 7);
//! assert_eq!(play.scores.number("repair.count"), Some(6.0));
//! assert_eq!(play.scores.number("repair.latency.km_median"), Some(3.0));
//! // and what cannot be computed says why
//! assert_eq!(play.scores.get("looking.mutual").and_then(|score| score.why()), Some("no gaze channel for the infant"));
//! ```
//!
//! Each statistic is also a function of its own: [`repair`], [`synchrony`], [`contingency`], [`coregulation`],
//! [`recurrence`], [`state_space`], [`information`]. [`chance`] says how large any of them would be by chance; [`grid`] puts states
//! into units of equal length.
//! How far coders agree, and which coefficient answers which question, is in [`agreement`].
//!
//! # Conventions
//!
//! Spans are half-open. The first series of every function of two is the infant's, the second the parent's, and a positive lag
//! means that the first leads. An instant that is missing for either partner counts for neither and breaks every run. Nothing
//! crosses an episode's border. What is undefined is absent with a reason: never NaN, infinite or 0.
//!
//! # Speed
//!
//! `cargo bench -p attunement-scoring` prints time and memory of fixed workloads; above each stands what bounds it and how it grows. The
//! script `benches/compare.py` gives the same data to scikit-learn, krippendorff, pygamma-agreement, `PyRQA`, numpy and lifelines, compares
//! the numbers, and prints how much longer each takes.

pub mod agreement;
pub mod catalog;
pub mod chance;
pub mod contingency;
pub mod coregulation;
mod distribution;
pub mod dyad;
pub mod dyad_grid;
mod engagement;
mod fft;
pub mod grid;
pub mod information;
mod least_squares;
mod needs;
mod parallel;
mod quantiles;
mod random;
mod recording;
pub mod recurrence;
mod relation;
pub mod repair;
mod resolved;
mod score;
mod scores;
mod secs;
mod series;
pub mod settings;
pub mod state_space;
mod state_type;
mod subject;
pub mod synchrony;

/// Instants, lengths and spans of time: what everything here is made of.
pub use span;

pub use dyad::{Dyad, DyadicStates, MatchRun};
pub use dyad_grid::GriddedDyad;
pub use engagement::{ANY_CODE, EngagementRule, EngagementRules, EngagementState, RulesError};
pub use recording::{ENGAGEMENT, EpisodeWindow, Recording, STILL_FACE, TrackSeries};
pub use relation::{MatchRelation, SharedPairs, SharedWhile, StatePair};
pub use repair::episodes::{After, Before, Initiator, MismatchEpisode, Negative, RepairChain};
pub use resolved::{PartnerStates, Resolved};
pub use score::{Score, ScoreMap, Why};
pub use scores::{
    Contingency, EpisodeScores, Scores, SlowEpisodeScores, SlowScores, quick_scores, quick_scores_after, score,
    slow_scores,
};
pub use series::{Gaps, NONE, Piece, StateMark, StateSeries};
pub use settings::{ScoreSettings, SettingsError};
pub use state_type::{StateType, StateTypes};
pub use subject::{ParseSubjectError, Subject};
