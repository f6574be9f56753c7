//! How large would the number be by chance?
//!
//! A score of two partners who have nothing to do with each other is not 0: parents are mostly positive, and behaviour has memory. Each
//! baseline here breaks the tie between the partners, keeps as much else as it can, and computes the score again:
//!
//! - [`circular::circular_shift`] moves one series along and brings its end to its start: base rates and memory stay;
//! - [`segments::segment_shuffle`] puts segments in another order: memory inside a segment stays;
//! - [`pseudo_dyads::pseudo_dyads`] pairs every infant with someone else's parent.
//!
//! All take the statistic as a function of the changed series, so that any statistic has a baseline; [`scores::score_baselines`] does it
//! for every score of the [catalog](crate::catalog), [`strangers::pseudo_dyad_baselines`] for every score of several recordings. [`lagged::ShiftedCorrelation`] is the quick way for lagged correlation.

mod baseline;
pub mod circular;
pub mod lagged;
pub mod pseudo_dyads;
pub mod scores;
pub mod segments;
pub mod strangers;

pub use baseline::{Baseline, NoBaseline, Tail};
