//! Rupture and repair: stretches out of match, how they begin and end, who ends them, and how long that takes.

pub mod compare;
pub mod episodes;
mod initiator;
pub mod latency;
mod scores;
pub mod survival;

pub(crate) use scores::{SEVERAL_STATES, push_scores, push_steps};
