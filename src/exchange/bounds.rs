//! Times from a file that nobody has checked: what is beyond them is no recording, and sums of them would overflow.

use session::Rate;
use span::{Instant, Length};

/// 317 years in microseconds.
const FURTHEST: u64 = 10_000_000_000_000_000;

/// A time in a file, unless it is no time or beyond all recordings.
pub(crate) fn time(text: &str) -> Option<Instant> {
    text.parse().ok().filter(|time| is_time(*time))
}

/// Is it a time that a recording can have?
pub(crate) fn is_time(time: Instant) -> bool {
    time.micros().unsigned_abs() <= FURTHEST
}

/// A length in a file, under the same bounds.
pub(crate) fn length(text: &str) -> Option<Length> {
    time(text).map(|time| time - Instant::ZERO)
}

/// A moment so many milliseconds after zero, under the same bounds.
pub(crate) fn from_millis(millis: i64) -> Option<Instant> {
    millis.checked_mul(1_000).map(Instant::from_micros).filter(|time| is_time(*time))
}

/// A rate written `1001/1000`, between a hundredth and a hundredfold.
pub(crate) fn rate(text: &str) -> Option<Rate> {
    let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
    let (numerator, denominator) = (numerator.parse::<u64>().ok()?, denominator.parse::<u64>().ok()?);
    let sane = numerator <= denominator.checked_mul(100)? && denominator <= numerator.checked_mul(100)?;
    Rate::new(numerator, denominator).ok().filter(|_| sane)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_recording_has_is_no_time() {
        for text in ["NaN", "1e308", "inf", "", "9000000000000", "-9000000000000"] {
            assert_eq!(time(text), None, "{text}");
        }
        assert_eq!(time("-0.04"), Some(Instant::from_micros(-40_000)));
        assert_eq!(from_millis(i64::MAX), None);
    }

    #[test]
    fn a_rate_is_a_ratio_near_one() {
        assert_eq!(rate("1001/1000"), Rate::new(1_001, 1_000).ok());
        assert_eq!(rate("2"), Rate::new(2, 1).ok());
        for text in ["0/1", "1/0", "18446744073709551615/1", "1/101", "-1/1", "x"] {
            assert_eq!(rate(text), None, "{text}");
        }
    }
}
