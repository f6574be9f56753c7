//! Means and quantiles of lengths of time.

use span::Length;

/// The mean in seconds; `None` of nothing.
#[must_use]
pub fn mean_secs(lengths: &[Length]) -> Option<f64> {
    let total: Length = lengths.iter().copied().sum();
    (!lengths.is_empty()).then(|| total.as_secs() / lengths.len() as f64)
}

/// A quantile in seconds, linear between order statistics (type 7); `None` of nothing.
///
/// *Definition*: with the `n` values sorted and `h = (n − 1) q`, the value at place `⌊h⌋` plus `h − ⌊h⌋` of the way to the next.
/// `q` lies in 0..=1; the median is `q = 0.5`.
///
/// *Reference*: Hyndman, R. J., & Fan, Y. (1996). Sample quantiles in statistical packages. The American Statistician, 50, 361–365, doi
/// 10.1080/00031305.1996.10473566, definition 7 (the default of R).
#[must_use]
pub fn quantile_secs(lengths: &[Length], q: f64) -> Option<f64> {
    let mut sorted = lengths.to_vec();
    sorted.sort_unstable();
    let place = (sorted.len().checked_sub(1)? as f64) * q.clamp(0.0, 1.0);
    let (below, above) = (sorted[libm::floor(place) as usize], sorted[libm::ceil(place) as usize]);
    Some(below.as_secs() + (place - libm::floor(place)) * (above - below).as_secs())
}
