//! A video or sound file of a session, and where it lies on the session's clock.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use span::{Instant, Length, Span};

use crate::{Extra, MediumId};

/// A file that the session is coded from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Medium {
    /// Stays the same when the file moves.
    pub id: MediumId,
    /// Where the file is: relative to the session's file where that is possible, else absolute. Always with `/`.
    pub path: String,
    /// What is written over the picture: "Infant camera".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// What it holds.
    #[serde(default, skip_serializing_if = "MediumKind::is_video")]
    pub kind: MediumKind,
    /// The medium whose recording this one goes on with, time between or not: the clip before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<MediumId>,
    /// What the file is, wherever it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// Session time of medium time 0.
    #[serde(default, rename = "offset_us")]
    #[schemars(with = "i64")]
    pub offset: Length,
    /// Session time that passes per medium time.
    #[serde(default)]
    pub rate: Rate,
    /// Medium time of the end of the last frame, once it is known.
    #[serde(default, rename = "end_us", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<i64>")]
    pub end: Option<Instant>,
    /// Median length of a frame, once it is known; of sound alone the step that stands in its place.
    #[serde(default, rename = "frame_us", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<i64>")]
    pub frame: Option<Length>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What a medium holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MediumKind {
    /// A picture, with or without sound.
    #[default]
    Video,
    /// Sound alone.
    Sound,
}

impl MediumKind {
    /// Is there a picture?
    #[must_use]
    pub const fn is_video(&self) -> bool {
        matches!(self, Self::Video)
    }
}

/// What a file is, wherever it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Identity {
    /// Length in bytes.
    pub bytes: u64,
    /// BLAKE3 of the first and the last MiB, in hexadecimal digits.
    pub ends: String,
    /// BLAKE3 of all of it, once it has been read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<String>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Identity {
    /// Do both have the same length and the same ends? A whole that only one of them knows does not tell them apart.
    #[must_use]
    pub fn is_of_same_file(&self, other: &Self) -> bool {
        (self.bytes, &self.ends) == (other.bytes, &other.ends)
    }
}

/// A ratio of two positive integers: session time per medium time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "(u64, u64)", into = "(u64, u64)")]
pub struct Rate {
    numerator: u64,   // positive
    denominator: u64, // positive
}

/// A rate must be a ratio of two positive numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}/{1} is not a rate: both numbers must be positive")]
pub struct NotARate(u64, u64);

impl Rate {
    /// `numerator / denominator`.
    ///
    /// # Errors
    /// `NotARate` unless both are positive.
    pub const fn new(numerator: u64, denominator: u64) -> Result<Self, NotARate> {
        if numerator > 0 && denominator > 0 {
            Ok(Self { numerator, denominator })
        } else {
            Err(NotARate(numerator, denominator))
        }
    }

    /// The number above the line.
    #[must_use]
    pub const fn numerator(self) -> u64 {
        self.numerator
    }

    /// The number below the line.
    #[must_use]
    pub const fn denominator(self) -> u64 {
        self.denominator
    }
}

impl Default for Rate {
    fn default() -> Self {
        Self { numerator: 1, denominator: 1 }
    }
}

impl TryFrom<(u64, u64)> for Rate {
    type Error = NotARate;
    fn try_from((numerator, denominator): (u64, u64)) -> Result<Self, NotARate> {
        Self::new(numerator, denominator)
    }
}

impl From<Rate> for (u64, u64) {
    fn from(rate: Rate) -> Self {
        (rate.numerator, rate.denominator)
    }
}

impl Medium {
    /// A medium at the session's zero, at its own rate.
    #[must_use]
    pub fn new(id: MediumId, path: impl Into<String>) -> Self {
        Self {
            id,
            path: path.into(),
            label: String::new(),
            kind: MediumKind::Video,
            follows: None,
            identity: None,
            offset: Length::ZERO,
            rate: Rate::default(),
            end: None,
            frame: None,
            extra: Extra::new(),
        }
    }

    /// What people call it: what is written over it, or its file's name.
    #[must_use]
    pub fn name(&self) -> &str {
        if self.label.is_empty() { self.file_name() } else { &self.label }
    }

    /// Its file, without the folders.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Session time of a medium time: `offset + time x rate`, rounded once, to nearest.
    #[must_use]
    pub fn session_time(&self, time: Instant) -> Instant {
        Instant::from_micros(scale(time.micros(), self.rate.numerator, self.rate.denominator))
            .saturating_add(self.offset)
    }

    /// Medium time of a session time, rounded once, to nearest.
    #[must_use]
    pub fn medium_time(&self, time: Instant) -> Instant {
        let since = time.saturating_add(-self.offset);
        Instant::from_micros(scale(since.micros(), self.rate.denominator, self.rate.numerator))
    }

    /// The session time that the pictures cover, once their end is known.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        Span::new(self.session_time(Instant::ZERO), self.session_time(self.end?)).ok()
    }
}

/// `value x numerator / denominator` in 128 bits, rounded to nearest, halves away from zero.
fn scale(value: i64, numerator: u64, denominator: u64) -> i64 {
    let product = i128::from(value) * i128::from(numerator);
    let half = i128::from(denominator / 2) * product.signum();
    let scaled = (product + half) / i128::from(denominator);
    i64::try_from(scaled).unwrap_or(if scaled < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(offset: i64, rate: (u64, u64), medium_us: i64, session_us: i64) {
        let medium = Medium {
            offset: Length::from_micros(offset),
            rate: Rate::try_from(rate).expect("positive"),
            ..Medium::new(MediumId(1), "a.mp4")
        };
        assert_eq!(medium.session_time(Instant::from_micros(medium_us)).micros(), session_us);
        assert_eq!(medium.medium_time(Instant::from_micros(session_us)).micros(), medium_us);
    }

    #[test]
    fn offset_and_rate_map_both_ways() {
        check(0, (1, 1), 40_000, 40_000);
        check(240_000, (1, 1), 40_000, 280_000);
        check(-240_000, (1, 1), 40_000, -200_000);
        check(0, (1_001, 1_000), 1_000_000, 1_001_000);
        check(5, (3, 1), -7, -16);
    }

    #[test]
    fn a_day_at_a_strange_rate_neither_overflows_nor_drifts() {
        check(0, (u64::MAX, u64::MAX), 86_400_000_000, 86_400_000_000);
    }
}
