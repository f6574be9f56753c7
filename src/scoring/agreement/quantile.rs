//! Quantiles of a few numbers.

use serde::Serialize;

/// The middle and the quarters of some numbers, in their unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// How many numbers.
    pub n: usize,
    /// The first quarter.
    pub q25: f64,
    /// The median.
    pub median: f64,
    /// The third quarter.
    pub q75: f64,
}

impl Spread {
    /// *Undefined cases*: `None` of nothing.
    pub(crate) fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let at = |q| quantile(&values, q);
        Some(Self { n: values.len(), q25: at(0.25)?, median: at(0.5)?, q75: at(0.75)? })
    }
}

/// The type-7 quantile of sorted numbers: straight lines between the numbers at `(n − 1) q`. `None` of nothing.
///
/// *Reference*: Hyndman, R. J., & Fan, Y. (1996). Sample quantiles in statistical packages. The American Statistician, 50, 361–365, doi
/// 10.1080/00031305.1996.10473566.
pub(crate) fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let place = sorted.len().checked_sub(1)? as f64 * q;
    let below = place as usize;
    let low = sorted[below];
    let high = sorted.get(below + 1).copied().unwrap_or(low);
    Some(low + (high - low) * (place - below as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_lie_on_lines_between_the_numbers() {
        let spread = Spread::of(vec![4.0, 1.0, 3.0, 2.0]).unwrap(); // R: quantile(1:4)
        assert_eq!((spread.q25, spread.median, spread.q75), (1.75, 2.5, 3.25));
        assert_eq!(Spread::of(Vec::new()), None);
    }
}
