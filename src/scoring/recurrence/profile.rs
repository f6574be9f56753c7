//! How often the two are in the same state, at every lag.

use serde::Serialize;

use crate::settings::ProfileMissing;

/// Values this close are equal when the largest is looked for.
const TIE: f64 = 1e-12;

/// Recurrence at one lag.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ProfilePoint {
    /// In units; positive: the first series leads, `first[t]` goes with `second[t + lag]`.
    pub lag: i64,
    /// The share of the units that recur, 0 to 1; `None` where there is none to look at.
    pub share: Option<f64>,
    /// How many units it is a share of.
    pub n: usize,
}

/// The diagonal profile: at every lag the share of units in which the second series is in a state that recurs with the first's.
///
/// *Definition*: `Σ [first_t matches second_{t+L}]` over the units t at which both indices exist, divided by their number
/// ([`ProfileMissing::Counts`]: a missing one counts as not recurrent) or by the number of those in which neither is missing
/// ([`ProfileMissing::Dropped`]: at lag 0 under equality this is the match proportion on the grid).
///
/// *Shape*: `2 max_lag + 1` points, sorted by lag.
///
/// *Reference*: Richardson, D. C., & Dale, R. (2005). Looking to understand. Cognitive Science, 29, 1045–1060,
/// <https://doi.org/10.1207/s15516709cog0000_29>. `drpfromts` of R's `crqa` returns the place of the peak as an index from 1, not a lag.
///
/// # Example
///
/// ```
/// use scoring::recurrence::profile::diagonal_profile;
/// use scoring::settings::ProfileMissing;
///
/// let first = [Some(0), Some(1), Some(2)];
/// let second = [None, Some(0), Some(1)]; // the same, one unit later
/// let profile = diagonal_profile(&first, &second, 1, ProfileMissing::Counts, |a, b| a == b);
/// let shares: Vec<Option<f64>> = profile.iter().map(|point| point.share).collect();
/// assert_eq!(shares, [Some(0.0), Some(0.0), Some(1.0)]);
/// ```
#[must_use]
pub fn diagonal_profile(
    first: &[Option<usize>],
    second: &[Option<usize>],
    max_lag: usize,
    missing: ProfileMissing,
    matches: impl Fn(usize, usize) -> bool,
) -> Vec<ProfilePoint> {
    let max_lag = max_lag as i64;
    let point = |lag: i64| {
        let skip = lag.unsigned_abs() as usize;
        let (skip_first, skip_second) = if lag >= 0 { (0, skip) } else { (skip, 0) };
        let (mut n, mut recurring) = (0, 0);
        for pair in first.iter().skip(skip_first).zip(second.iter().skip(skip_second)) {
            match pair {
                (Some(one), Some(other)) => {
                    n += 1;
                    recurring += usize::from(matches(*one, *other));
                }
                _ => n += usize::from(missing == ProfileMissing::Counts),
            }
        }
        ProfilePoint { lag, share: (n > 0).then(|| recurring as f64 / n as f64), n }
    };
    (-max_lag..=max_lag).map(point).collect()
}

/// The point with the largest share; of equal ones the nearest to lag 0, then the positive lag. `None` where every share is absent.
///
/// ```
/// use scoring::recurrence::profile::{ProfilePoint, peak};
///
/// let at = |lag, share| ProfilePoint { lag, share, n: 20 };
/// let profile = [at(-2, Some(0.5)), at(-1, Some(0.5)), at(0, Some(0.2)), at(1, Some(0.5))];
/// assert_eq!(peak(&profile).map(|point| point.lag), Some(1));
/// assert_eq!(peak(&[at(0, None)]), None);
/// ```
#[must_use]
pub fn peak(profile: &[ProfilePoint]) -> Option<ProfilePoint> {
    let known = || profile.iter().filter_map(|point| Some((point.share?, point)));
    let largest = known().map(|(share, _)| share).reduce(f64::max)?;
    let tied = known().filter(|(share, _)| largest - share <= TIE);
    tied.map(|(_, point)| *point).min_by_key(|point| (point.lag.abs(), -point.lag))
}
