//! Means and quantiles of lengths of time.

use span::Length;

/// The mean in seconds; `None` of nothing.
///
/// ```
/// use scoring::repair::latency::mean_secs;
/// use span::Length;
///
/// // the six repaired mismatches of the half minute on the first page of this crate
/// let latencies = [1, 4, 3, 1, 3, 1].map(|secs| Length::SECOND.times(secs));
/// assert_eq!(mean_secs(&latencies), Some(13.0 / 6.0));
/// assert_eq!(mean_secs(&[]), None);
/// ```
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
///
/// ```
/// use scoring::repair::latency::quantile_secs;
/// use span::Length;
///
/// let latencies = [1, 2, 4, 8].map(|secs| Length::SECOND.times(secs));
/// assert_eq!(quantile_secs(&latencies, 0.5), Some(3.0)); // half way from 2 to 4
/// assert_eq!(quantile_secs(&latencies, 0.25), Some(1.75)); // h = 3/4: three quarters of the way from 1 to 2
/// assert_eq!(quantile_secs(&latencies, 1.0), Some(8.0));
/// assert_eq!(quantile_secs(&[], 0.5), None);
/// ```
#[must_use]
pub fn quantile_secs(lengths: &[Length], q: f64) -> Option<f64> {
    let mut sorted = lengths.to_vec();
    sorted.sort_unstable();
    let place = (sorted.len().checked_sub(1)? as f64) * q.clamp(0.0, 1.0);
    let (below, above) = (sorted[libm::floor(place) as usize], sorted[libm::ceil(place) as usize]);
    Some(below.as_secs() + (place - libm::floor(place)) * (above - below).as_secs())
}
