//! A number beside those that chance gives.

use serde::Serialize;

/// Rounding that is forgiven where a surrogate is compared with the observed number.
const SLACK: f64 = 1e-12;

/// Which surrogates are as extreme as the observed number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    /// Those at least as large.
    Upper,
    /// Those at least as far from 0: for differences between directions.
    Both,
}

/// A number beside those of its surrogates.
///
/// *Definition*: `p = (1 + #{s ≥ observed − 1e−12}) / (1 + B)`, `z = (observed − mean) / sd`, with divisor B − 1 in `sd`, over the B surrogates
/// that have a number.
///
/// *Undefined cases*: `sd` is absent with one surrogate; `z` also where all surrogates are equal.
///
/// *Reference*: Davison, A. C., & Hinkley, D. V. (1997). Bootstrap methods and their application, section 4.2, doi
/// 10.1017/CBO9780511802843: the p.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Baseline {
    /// The number itself.
    pub observed: f64,
    /// B: how many surrogates have a number.
    pub n: usize,
    /// How many have none.
    pub n_absent: usize,
    /// How many are as extreme as the observed number.
    pub n_at_least: usize,
    /// Their mean: what chance gives.
    pub mean: f64,
    /// Their standard deviation.
    pub sd: Option<f64>,
    /// How many standard deviations the number lies above their mean.
    pub z: Option<f64>,
    /// The probability of a number as extreme by chance.
    pub p: f64,
}

/// Why there is no baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoBaseline {
    /// The number itself does not exist.
    #[error("the score itself is absent")]
    NoScore,
    /// No surrogate has a number.
    #[error("no surrogate has a number")]
    NoSurrogate,
    /// No shift keeps the guard at both ends.
    #[error("too short to be shifted")]
    TooShort,
    /// Fewer than four segments.
    #[error("fewer than four segments")]
    TooFewSegments,
    /// Fewer than two dyads.
    #[error("fewer than two dyads")]
    TooFewDyads,
    /// One track tells of both partners at once.
    #[error("coded for both at once: neither can be moved against the other")]
    Inseparable,
}

impl Baseline {
    /// The observed number beside its surrogates, `None` being absent ones.
    ///
    /// # Errors
    /// [`NoBaseline::NoScore`] and [`NoBaseline::NoSurrogate`].
    ///
    /// ```
    /// use scoring::chance::{Baseline, Tail};
    ///
    /// let baseline = Baseline::new(Some(3.0), [1.0, 2.0, 3.0].map(Some), Tail::Upper)?;
    /// assert_eq!((baseline.mean, baseline.sd, baseline.z, baseline.p), (2.0, Some(1.0), Some(1.0), 0.5));
    /// # Ok::<(), scoring::chance::NoBaseline>(())
    /// ```
    pub fn new(
        observed: Option<f64>,
        surrogates: impl IntoIterator<Item = Option<f64>>,
        tail: Tail,
    ) -> Result<Self, NoBaseline> {
        let observed = observed.ok_or(NoBaseline::NoScore)?;
        let mut n_absent = 0;
        let mut numbers = Vec::new();
        for surrogate in surrogates {
            match surrogate {
                Some(number) => numbers.push(number),
                None => n_absent += 1,
            }
        }
        let first = *numbers.first().ok_or(NoBaseline::NoSurrogate)?;
        let n = numbers.len();
        let is_extreme = |number: &&f64| match tail {
            Tail::Upper => **number >= observed - SLACK,
            Tail::Both => number.abs() >= observed.abs() - SLACK,
        };
        let n_at_least = numbers.iter().filter(is_extreme).count();
        let is_constant = numbers.iter().all(|number| *number == first);
        let mean = if is_constant { first } else { numbers.iter().sum::<f64>() / n as f64 };
        let squares: f64 = numbers.iter().map(|number| (number - mean) * (number - mean)).sum();
        let sd = (n > 1).then(|| libm::sqrt(squares / (n - 1) as f64));
        let z = sd.filter(|sd| *sd > 0.0).map(|sd| (observed - mean) / sd);
        Ok(Self { observed, n, n_absent, n_at_least, mean, sd, z, p: (1 + n_at_least) as f64 / (1 + n) as f64 })
    }
}
