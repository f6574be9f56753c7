//! Upper tails of the distributions of test statistics, in software arithmetic.

/// When a continued fraction or series is done.
const DONE: f64 = 1e-16;
const MAX_TERMS: usize = 100_000;
const TINY: f64 = 1e-300;

/// The probability that a Student t with `df` degrees of freedom is at least `|t|` away from 0.
pub(crate) fn student_two_sided(t: f64, df: f64) -> f64 {
    beta(df / (df + t * t), t * t / (df + t * t), df / 2.0, 0.5)
}

/// The probability that a standard normal deviate is at least `|z|` away from 0.
pub(crate) fn normal_two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// The probability that an F with these degrees of freedom is at least `f`.
pub(crate) fn f_upper(f: f64, df_1: f64, df_2: f64) -> f64 {
    let (part_1, part_2) = (df_1 * f.max(0.0), df_2);
    beta(part_2 / (part_1 + part_2), part_1 / (part_1 + part_2), df_2 / 2.0, df_1 / 2.0)
}

/// The probability that a chi-square with `df` degrees of freedom is at least `x`.
#[allow(clippy::many_single_char_names, reason = "as in the formulas")]
pub(crate) fn chi2_upper(x: f64, df: f64) -> f64 {
    let (x, a) = (x.max(0.0) / 2.0, df / 2.0);
    if x == 0.0 {
        return 1.0;
    }
    let weight = libm::exp(a * libm::log(x) - x - libm::lgamma(a));
    if x < a + 1.0 {
        let (mut term, mut sum) = (1.0 / a, 1.0 / a);
        for n in 1..MAX_TERMS {
            term *= x / (a + n as f64);
            sum += term;
            if term < sum * DONE {
                break;
            }
        }
        (1.0 - weight * sum).clamp(0.0, 1.0)
    } else {
        let mut b = x + 1.0 - a;
        let mut c = 1.0 / TINY;
        let mut d = 1.0 / b;
        let mut fraction = d;
        for n in 1..MAX_TERMS {
            let n = n as f64;
            let factor = -n * (n - a);
            b += 2.0;
            d = 1.0 / away_from_zero(factor * d + b);
            c = away_from_zero(b + factor / c);
            fraction *= c * d;
            if (c * d - 1.0).abs() < DONE {
                break;
            }
        }
        (weight * fraction).clamp(0.0, 1.0)
    }
}

/// The regularised incomplete beta function at `x`, with `rest` = 1 − x given apart so that neither loses digits.
fn beta(x: f64, rest: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || rest <= 0.0 {
        return if x <= 0.0 { 0.0 } else { 1.0 };
    }
    let log_weight = a * libm::log(x) + b * libm::log(rest) + libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b);
    let weight = libm::exp(log_weight);
    let below = x < (a + 1.0) / (a + b + 2.0);
    let value = if below { weight * beta_fraction(x, a, b) / a } else { 1.0 - weight * beta_fraction(rest, b, a) / b };
    value.clamp(0.0, 1.0)
}

/// Lentz's method on the continued fraction of the incomplete beta function.
#[allow(clippy::many_single_char_names, reason = "as in the formulas")]
fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in 1..MAX_TERMS {
        let m = m as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for factor in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + factor * d);
            c = away_from_zero(1.0 + factor / c);
            change = c * d;
            fraction *= change;
        }
        if (change - 1.0).abs() < DONE {
            break;
        }
    }
    fraction
}

fn away_from_zero(value: f64) -> f64 {
    if value.abs() < TINY { TINY } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(got: f64, want: f64) {
        assert!((got / want - 1.0).abs() < 1e-11, "{got} is not {want}");
    }

    #[test]
    fn tails_with_a_closed_form_are_those() {
        check(student_two_sided(1.0, 1.0), 0.5);
        check(student_two_sided(2.0, 2.0), 1.0 - 2.0 / libm::sqrt(6.0));
        check(f_upper(3.0, 2.0, 10.0), libm::pow(1.0 + 0.6, -5.0));
        check(f_upper(0.2, 2.0, 7.0), libm::pow(1.0 + 0.4 / 7.0, -3.5));
        check(chi2_upper(3.0, 2.0), libm::exp(-1.5));
        check(chi2_upper(600.0, 2.0), libm::exp(-300.0));
        check(chi2_upper(1.3, 1.0), libm::erfc(libm::sqrt(0.65)));
        check(chi2_upper(9.0, 4.0), libm::exp(-4.5) * 5.5);
        assert_eq!((chi2_upper(0.0, 3.0), f_upper(0.0, 2.0, 3.0), student_two_sided(0.0, 5.0)), (1.0, 1.0, 1.0));
    }
}
