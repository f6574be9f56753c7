//! Times as people read and write them. The only place that does so.

use std::fmt;
use std::str::FromStr;

use crate::{Instant, Length};

/// A time could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is not a time: write seconds (83.467), minutes (1:23.467) or hours (0:01:23.467)")]
pub struct ParseTimeError {
    /// What was given.
    pub text: String,
}

impl Instant {
    /// Seconds with as many of six decimals as are needed: `83.467`, `-0.04`, `0`. Reading it back gives the same moment.
    #[must_use]
    pub fn to_secs_text(self) -> String {
        Length::from_micros(self.micros()).to_secs_text()
    }

    /// Hours, minutes, seconds and milliseconds, rounded down to the millisecond: `00:01:23.467`.
    ///
    /// Rounded down, so that the text of a frame's start never names the frame after it.
    #[must_use]
    pub fn to_clock_text(self) -> String {
        let Parts { sign, hours, minutes, seconds, millis } = Parts::of(self.micros());
        format!("{sign}{hours:02}:{minutes:02}:{seconds:02}.{millis:03}")
    }

    /// Seconds with so many decimals, up to three, rounded down like [`Self::to_clock_text`]: `83.467`, `83`.
    #[must_use]
    pub fn to_cut_secs_text(self, decimals: usize) -> String {
        let Parts { sign, hours, minutes, seconds, millis } = Parts::of(self.micros());
        let text = format!("{sign}{}.{millis:03}", (hours * 60 + minutes) * 60 + seconds);
        let left_out = if decimals == 0 { 4 } else { 3 - decimals.min(3) };
        text[..text.len() - left_out].to_owned()
    }

    /// Minutes and seconds with one decimal, hours only where there are any: `1:23.4`, `1:02:03.4`.
    #[must_use]
    pub fn to_short_text(self) -> String {
        let Parts { sign, hours, minutes, seconds, millis } = Parts::of(self.micros());
        let tenths = millis / 100;
        if hours > 0 {
            format!("{sign}{hours}:{minutes:02}:{seconds:02}.{tenths}")
        } else {
            format!("{sign}{minutes}:{seconds:02}.{tenths}")
        }
    }

    /// Minutes and whole seconds, for headings and rulers: `1:23`, `1:02:03`.
    #[must_use]
    pub fn to_ruler_text(self) -> String {
        let short = self.to_short_text();
        short[..short.len() - 2].to_owned()
    }
}

impl Length {
    /// Seconds with as many of six decimals as are needed: `3.5`, `-0.04`, `0`.
    #[must_use]
    pub fn to_secs_text(self) -> String {
        let micros = self.micros().unsigned_abs();
        let sign = if self.micros() < 0 { "-" } else { "" };
        let text = format!("{sign}{}.{:06}", micros / 1_000_000, micros % 1_000_000);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    /// Seconds with one decimal, rounded to nearest: `3.5`. For people, never for reading back.
    #[must_use]
    pub fn to_tenths_text(self) -> String {
        format!("{:.1}", self.as_secs())
    }

    /// Seconds with two decimals, rounded to nearest: `3.50`. For people, never for reading back.
    #[must_use]
    pub fn to_hundredths_text(self) -> String {
        format!("{:.2}", self.as_secs())
    }

    /// Seconds with as many of three decimals as are needed, rounded to nearest: `1.208`, `3.5`. For people, never for reading back.
    #[must_use]
    pub fn to_millis_text(self) -> String {
        Self::from_millis((self.micros() + 500).div_euclid(1_000)).to_secs_text()
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s", self.to_secs_text())
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s", self.to_secs_text())
    }
}

/// Reads `83.467`, `1:23.467` or `0:01:23.467`; digits beyond the sixth decimal are rounded to nearest.
impl FromStr for Instant {
    type Err = ParseTimeError;

    fn from_str(text: &str) -> Result<Self, ParseTimeError> {
        micros_from_text(text.trim()).map(Self::from_micros).ok_or_else(|| ParseTimeError { text: text.to_owned() })
    }
}

/// Reads what [`Instant`] reads.
impl FromStr for Length {
    type Err = ParseTimeError;

    fn from_str(text: &str) -> Result<Self, ParseTimeError> {
        text.parse::<Instant>().map(|end| end - Instant::ZERO)
    }
}

struct Parts {
    sign: &'static str,
    hours: u64,
    minutes: u64,
    seconds: u64,
    millis: u64,
}

impl Parts {
    fn of(micros: i64) -> Self {
        let millis = micros.div_euclid(1_000);
        let (sign, millis) = (if millis < 0 { "-" } else { "" }, millis.unsigned_abs());
        Self {
            sign,
            hours: millis / 3_600_000,
            minutes: millis / 60_000 % 60,
            seconds: millis / 1_000 % 60,
            millis: millis % 1_000,
        }
    }
}

fn micros_from_text(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let fields: Vec<&str> = digits.split(':').collect();
    let (last, larger) = fields.split_last()?;
    if larger.len() > 2 {
        return None;
    }
    let mut micros = micros_from_decimal(last)?;
    let mut unit = 60_000_000_i64;
    for field in larger.iter().rev() {
        if field.is_empty() || !field.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        micros = micros.checked_add(field.parse::<i64>().ok()?.checked_mul(unit)?)?;
        unit *= 60;
    }
    Some(if negative { -micros } else { micros })
}

fn micros_from_decimal(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let secs = if whole.is_empty() { 0 } else { whole.parse::<i64>().ok()? };
    let sixth = fraction.get(..6).unwrap_or(fraction);
    let kept = format!("{sixth:0<6}").parse::<i64>().ok()?;
    let up = i64::from(fraction.as_bytes().get(6).is_some_and(|digit| *digit >= b'5'));
    secs.checked_mul(1_000_000)?.checked_add(kept + up)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_reads(text: &str, micros: i64) {
        assert_eq!(text.parse(), Ok(Instant::from_micros(micros)), "{text}");
    }

    #[test]
    fn seconds_minutes_and_hours_are_read() {
        check_reads("83.467", 83_467_000);
        check_reads("1:23.467", 83_467_000);
        check_reads("0:01:23.467", 83_467_000);
        check_reads("-0.04", -40_000);
        check_reads(".5", 500_000);
        check_reads("0.0333666666", 33_367);
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", ".", "1:2:3:4", "1e3", "NaN", "1:-2", "12 s", "--1", "99999999999999999999"] {
            assert!(text.parse::<Instant>().is_err(), "{text}");
        }
    }

    #[test]
    fn clock_text_never_names_a_later_frame() {
        assert_eq!(Instant::from_micros(83_466_999).to_clock_text(), "00:01:23.466");
        assert_eq!(Instant::from_micros(-1).to_clock_text(), "-00:00:00.001");
        assert_eq!(Instant::from_micros(3_723_450_000).to_short_text(), "1:02:03.4");
        assert_eq!(Instant::from_micros(83_450_000).to_ruler_text(), "1:23");
    }

    #[test]
    fn seconds_and_clock_name_the_same_frame() {
        let frame = Instant::from_micros(17_541_667);
        assert_eq!(frame.to_clock_text(), "00:00:17.541");
        assert_eq!(frame.to_cut_secs_text(3), "17.541");
        assert_eq!(frame.to_cut_secs_text(1), "17.5");
        assert_eq!(frame.to_cut_secs_text(0), "17");
        assert_eq!(Instant::from_micros(-40_000).to_cut_secs_text(3), "-0.040");
    }

    #[test]
    fn a_length_for_people_has_three_decimals_at_most() {
        assert_eq!(Length::from_micros(1_208_334).to_millis_text(), "1.208");
        assert_eq!(Length::from_micros(2_708_300).to_hundredths_text(), "2.71");
        assert_eq!(Length::from_millis(500).to_millis_text(), "0.5");
    }

    #[test]
    fn seconds_carry_no_needless_decimals() {
        assert_eq!(Instant::from_micros(83_467_000).to_secs_text(), "83.467");
        assert_eq!(Instant::ZERO.to_secs_text(), "0");
        assert_eq!(Length::from_micros(-40_000).to_secs_text(), "-0.04");
        assert_eq!(Instant::from_micros(100_000_000).to_secs_text(), "100");
    }
}
