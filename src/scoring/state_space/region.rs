//! A part of the grid: how often it is entered, how long it holds, how soon it is returned to.

use span::Length;

use crate::state_space::Visit;

/// What happens in some of the cells of a grid.
///
/// # Example
/// The parent stays in one state; the infant leaves A for two seconds and comes back, then leaves it for good.
/// ```
/// use scoring::StateSeries;
/// use scoring::state_space::StateSpaceGrid;
/// use span::Length;
///
/// let coded = |text| StateSeries::from_text(["A", "B", "C"], text, Length::SECOND);
/// let grid = StateSpaceGrid::new(&coded("AABCABB"), &coded("AAAAAAA"));
/// let region = grid.region(|infant, _| infant == 0);
/// assert_eq!(region.stays, [Length::SECOND.times(2), Length::SECOND]);
/// assert_eq!((region.duration().as_secs(), region.mean_return_secs()), (3.0, Some(2.0)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// How long each uninterrupted stay in it lasts, in order.
    pub stays: Vec<Length>,
    /// How long it takes from leaving it to coming back, in order; where missing time lies between, it is not known.
    pub return_times: Vec<Length>,
}

impl Region {
    pub(super) fn new(visits: &[Visit], is_in: impl Fn(usize, usize) -> bool) -> Self {
        let mut region = Self { stays: Vec::new(), return_times: Vec::new() };
        let mut last_end = None; // of the visit before
        let mut is_inside = false;
        let mut left = None; // when it was left, if nothing is missing since
        for visit in visits {
            let touches = last_end == Some(visit.span.start());
            if !touches {
                (is_inside, left) = (false, None);
            }
            let enters = is_in(visit.infant, visit.parent);
            match (is_inside, enters) {
                (true, true) => *region.stays.last_mut().expect("inside, so it was entered") += visit.span.length(),
                (true, false) => left = Some(visit.span.start()),
                (false, true) => {
                    region.stays.push(visit.span.length());
                    region.return_times.extend(left.take().map(|left| visit.span.start() - left));
                }
                (false, false) => {}
            }
            (is_inside, last_end) = (enters, Some(visit.span.end()));
        }
        region
    }

    /// How long it holds in all.
    #[must_use]
    pub fn duration(&self) -> Length {
        self.stays.iter().copied().sum()
    }

    /// The mean time from leaving it to coming back, in seconds; `None` where it is never seen to come back.
    #[must_use]
    pub fn mean_return_secs(&self) -> Option<f64> {
        crate::repair::latency::mean_secs(&self.return_times)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StateSeries;
    use crate::state_space::StateSpaceGrid;

    #[test]
    fn returns_are_counted_where_nothing_is_missing_between() {
        let coded = |text| StateSeries::from_text(["A", "B", "C"], text, Length::SECOND);
        let grid = StateSpaceGrid::new(&coded("AABCABB.BBACCA"), &coded("AAAAAAAAAAAAAA"));
        let of = |states: &[usize]| grid.region(|infant, _| states.contains(&infant));
        let secs = |secs: &[i64]| secs.iter().map(|secs| Length::SECOND.times(*secs)).collect::<Vec<_>>();
        assert_eq!(of(&[0]), Region { stays: secs(&[2, 1, 1, 1]), return_times: secs(&[2, 2]) });
        assert_eq!(of(&[1, 2]), Region { stays: secs(&[2, 2, 2, 2]), return_times: secs(&[1, 1]) });
        assert_eq!(of(&[]).mean_return_secs(), None);
        assert_eq!(of(&[0]).duration(), Length::SECOND.times(5));
    }
}
