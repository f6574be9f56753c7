//! How much does the one tell about the other?

pub mod coherence;
pub mod granger;
pub mod mutual;
mod numeric_scores;
mod scores;
pub mod transfer;

pub(crate) use numeric_scores::{push_coherence, push_granger};
pub(crate) use scores::{push_scores, subtract_chance};

/// How often each value occurs, in the order of the values.
pub(crate) fn counts(mut keys: Vec<u64>) -> Vec<(u64, usize)> {
    keys.sort_unstable();
    keys.chunk_by(|a, b| a == b).map(|same| (same[0], same.len())).collect()
}
