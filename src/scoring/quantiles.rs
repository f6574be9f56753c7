//! Quantiles of the distributions of test statistics: where their tails are.

use crate::distribution::{f_upper, student_two_sided};

/// How often a bracket is halved at most; Ridders' method needs about ten times.
const MAX_STEPS: usize = 200;
/// Quantiles beyond this are none.
const LARGEST: f64 = 1e300;

/// The value that an F with these degrees of freedom exceeds with probability `upper`; `None` where there is none to be found.
pub(crate) fn f_quantile(upper: f64, df_1: f64, df_2: f64) -> Option<f64> {
    falling_root(|f| f_upper(f, df_1, df_2) - upper)
}

/// The value that the size of a Student t with these degrees of freedom exceeds with probability `two_sided`.
pub(crate) fn student_quantile(two_sided: f64, df: f64) -> Option<f64> {
    falling_root(|t| student_two_sided(t, df) - two_sided)
}

/// Where a function that falls from above 0 crosses 0, among the positive numbers: Ridders' method.
///
/// *Reference*: Ridders, C. (1979). A new algorithm for computing a single root of a real continuous function. IEEE Transactions on
/// Circuits and Systems, 26, 979–980, doi 10.1109/TCS.1979.1084580.
fn falling_root(value: impl Fn(f64) -> f64) -> Option<f64> {
    let (mut low, mut high) = (1.0, 1.0);
    let is_above = value(1.0) > 0.0;
    while (value(if is_above { high } else { low }) > 0.0) == is_above {
        (low, high) = if is_above { (high, high * 2.0) } else { (low / 2.0, low) };
        if high > LARGEST || low < 1.0 / LARGEST {
            return None;
        }
    }
    let (mut at_low, mut at_high) = (value(low), value(high));
    let mut root = f64::midpoint(low, high);
    for _ in 0..MAX_STEPS {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        let at_middle = value(middle);
        let bend = (at_middle * at_middle - at_low * at_high).sqrt();
        if bend == 0.0 {
            return Some(middle);
        }
        let next = (middle + (middle - low) * at_middle / bend).clamp(low, high);
        let at_next = value(next);
        let is_done = (next - root).abs() <= f64::EPSILON * next;
        root = next;
        if is_done || at_next == 0.0 {
            break;
        }
        // what is left is the shortest stretch with the crossing in it
        for (point, at_point) in [(middle, at_middle), (next, at_next)] {
            if at_point > 0.0 && point > low {
                (low, at_low) = (point, at_point);
            } else if at_point <= 0.0 && point < high {
                (high, at_high) = (point, at_point);
            }
        }
    }
    Some(root)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(got: Option<f64>, want: f64) {
        let got = got.expect("there is one");
        assert!((got / want - 1.0).abs() < 1e-12, "{got} is not {want}");
    }

    #[test]
    fn quantiles_with_a_closed_form_are_those() {
        check(student_quantile(0.05, 1.0), 1.0 / libm::tan(std::f64::consts::PI * 0.025));
        check(student_quantile(0.05, 2.0), 0.95 * libm::sqrt(2.0 / (0.975 * 0.025)) / 2.0);
        for (upper, df_2) in [(0.025, 10.0), (0.975, 10.0), (0.5, 3.5), (0.025, 0.3), (0.025, 1e3)] {
            check(f_quantile(upper, 2.0, df_2), df_2 / 2.0 * libm::expm1(-libm::log(upper) * 2.0 / df_2));
        }
    }

    #[test]
    fn tails_at_their_quantiles_are_the_probabilities_asked_for() {
        for df_1 in [1.0, 3.7, 24.0, 199.0] {
            for df_2 in [1.0, 2.5, 60.0, 597.0] {
                for upper in [0.001, 0.025, 0.5, 0.975] {
                    check(Some(f_upper(f_quantile(upper, df_1, df_2).expect("there is one"), df_1, df_2)), upper);
                }
            }
        }
    }

    #[test]
    fn what_lies_beyond_all_numbers_is_absent() {
        assert_eq!(f_quantile(0.025, 2.0, 1e-3), None);
    }
}
