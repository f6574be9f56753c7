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
    let highest = keys.iter().copied().max().unwrap_or(0);
    if highest < keys.len() as u64 {
        // states are few: a place for each is less than sorting
        let mut tally = vec![0; highest as usize + 1];
        for key in keys {
            tally[key as usize] += 1;
        }
        return (0..).zip(tally).filter(|(_, count)| *count > 0).collect();
    }
    keys.sort_unstable();
    keys.chunk_by(|a, b| a == b).map(|same| (same[0], same.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_alike_whether_they_are_few_or_far_apart() {
        assert_eq!(counts(vec![2, 0, 2, 3, 0, 2]), [(0, 2), (2, 3), (3, 1)]);
        assert_eq!(counts(vec![2_000, 0, 2_000]), [(0, 1), (2_000, 2)]);
        assert_eq!(counts(Vec::new()), []);
    }
}
