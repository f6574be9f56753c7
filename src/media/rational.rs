//! Exact conversion between clocks: 128-bit, rounded once, to nearest.

use ffmpeg_next::ffi::AVRational;

/// `value · num / den`, rounded to the nearest integer, halves upwards; `den` > 0.
pub(crate) fn scale(value: i64, num: i64, den: i64) -> i64 {
    let product = i128::from(value) * i128::from(num);
    let den = i128::from(den);
    let rounded = (2 * product + den).div_euclid(2 * den);
    i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX })
}

/// Ticks of a stream's clock in microseconds.
pub(crate) fn micros_from_ticks(ticks: i64, time_base: AVRational) -> i64 {
    scale(ticks, i64::from(time_base.num) * 1_000_000, i64::from(time_base.den))
}

/// Microseconds in ticks of a stream's clock.
pub(crate) fn ticks_from_micros(micros: i64, time_base: AVRational) -> i64 {
    scale(micros, i64::from(time_base.den), i64::from(time_base.num) * 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_is_rounded_upwards_on_both_sides_of_zero() {
        assert_eq!([scale(1, 1, 2), scale(-1, 1, 2), scale(3, 1, 2), scale(-3, 1, 2)], [1, 0, 2, -1]);
    }

    #[test]
    fn ntsc_ticks_do_not_drift_over_a_day() {
        let ntsc = AVRational { num: 1001, den: 30_000 };
        assert_eq!(micros_from_ticks(30_000 * 86, ntsc), 1001 * 86 * 1_000_000);
        assert_eq!(ticks_from_micros(1001 * 86 * 1_000_000, ntsc), 30_000 * 86);
    }

    #[test]
    fn what_no_clock_can_hold_stops_at_its_ends() {
        assert_eq!(scale(i64::MAX, 3, 1), i64::MAX);
        assert_eq!(scale(i64::MIN, 3, 1), i64::MIN);
    }
}
