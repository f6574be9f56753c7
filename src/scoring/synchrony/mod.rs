//! Do the partners change together, at once or one after the other?

pub mod arma;
pub mod autoregression;
pub mod lagged;
pub mod prewhitened;
mod scores;
pub mod strip;

pub(crate) use scores::push_scores;
