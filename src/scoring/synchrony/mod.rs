//! Do the partners change together, at once or one after the other?

pub mod lagged;
mod scores;
pub mod strip;

pub(crate) use scores::push_scores;
