//! Do the partners change together, at once or one after the other?

pub mod arma;
pub mod autoregression;
pub mod lagged;
mod more_scores;
pub mod movement;
pub mod prewhitened;
mod scores;
mod smoothed_peak;
pub mod strip;
pub mod windowed;
mod windowed_sums;

pub(crate) use more_scores::{push_prewhitened, push_windowed};
pub(crate) use scores::push_scores;
