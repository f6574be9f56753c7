//! Which numbers and names a setting can have.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// A number of units that a setting may have.
pub(super) fn up_to_100<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let number = usize::deserialize(deserializer)?;
    if number > 100 {
        return Err(D::Error::custom("expected a whole number, from 0 to 100"));
    }
    Ok(number)
}

/// A number of units or events that is at least one.
pub(super) fn from_1_to_100<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let number = usize::deserialize(deserializer)?;
    if !(1..=100).contains(&number) {
        return Err(D::Error::custom("expected a whole number, from 1 to 100"));
    }
    Ok(number)
}

/// How often chance is drawn: more would take hours, and say no more.
pub(crate) fn draws<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let number = u32::deserialize(deserializer)?;
    if number > 100_000 {
        return Err(D::Error::custom("expected a whole number, from 0 to 100000"));
    }
    Ok(number)
}

/// A number of surrogates: more than anybody waits for is a slip.
pub(super) fn up_to_a_million<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let number = usize::deserialize(deserializer)?;
    if number > 1_000_000 {
        return Err(D::Error::custom("expected a whole number, from 0 to 1000000"));
    }
    Ok(number)
}

/// Ids of scores, each of which exists.
pub(super) fn score_ids<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let ids = Vec::<String>::deserialize(deserializer)?;
    match ids.iter().find(|id| crate::catalog::info(id).is_none()) {
        Some(id) => Err(D::Error::custom(format_args!("there is no score '{id}': `attune score --list` has them all"))),
        None => Ok(ids),
    }
}

/// Weights of the last units, which do not cancel out.
pub(super) fn weights<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
    let weights = Vec::<f64>::deserialize(deserializer)?;
    let sum: f64 = weights.iter().sum();
    if weights.len() > 100 || sum == 0.0 || !sum.is_finite() {
        return Err(D::Error::custom("expected up to 100 numbers whose sum is not 0"));
    }
    Ok(weights)
}
