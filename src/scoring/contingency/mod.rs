//! Does the one respond to the other?

pub mod cycle;
pub(crate) mod cycle_scores;
pub mod events;
pub(crate) mod lag_tables;
pub mod logistic;
pub mod mixed;
pub mod pooled;
pub mod responsiveness;
mod scores;
pub mod sequential;
pub mod table;
pub mod weighted;
pub(crate) mod weighted_scores;

pub(crate) use scores::{push_responses, push_scores};
