//! A moment and an amount of time.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

/// A moment on a clock, in microseconds.
///
/// *Units and range*: whole microseconds, ±292,000 years. Negative moments are legal: sound may begin before the first
/// picture. Which clock (session or medium) is said where the moment is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(i64);

/// An amount of time in microseconds: what lies between two moments. May be negative (an offset).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Length(i64);

impl Instant {
    /// The first displayed frame of a session's first medium.
    pub const ZERO: Self = Self(0);
    /// Earlier than every moment of a recording.
    pub const MIN: Self = Self(i64::MIN);
    /// Later than every moment of a recording.
    pub const MAX: Self = Self(i64::MAX);

    /// The moment `micros` microseconds after zero.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since zero.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Seconds since zero, for numerical series and drawing; never for comparing.
    #[must_use]
    pub fn as_secs(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// `self + length`, or the last moment of the clock where that is beyond it.
    #[must_use]
    pub const fn saturating_add(self, length: Length) -> Self {
        Self(self.0.saturating_add(length.0))
    }
}

impl Length {
    /// No time.
    pub const ZERO: Self = Self(0);
    /// The shortest time there is.
    pub const MICROSECOND: Self = Self(1);
    /// One second.
    pub const SECOND: Self = Self(1_000_000);

    /// A length of `micros` microseconds.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// A length of `millis` milliseconds.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis * 1_000)
    }

    /// A length of `secs` seconds, rounded to the nearest microsecond; `None` unless that is a finite number within range.
    #[must_use]
    pub fn from_secs(secs: f64) -> Option<Self> {
        let micros = (secs * 1e6).round();
        (micros.abs() < 9e18).then_some(Self(micros as i64)) // false for NaN
    }

    /// Whole microseconds.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Seconds, for numerical series, rates and drawing; never for comparing.
    #[must_use]
    pub fn as_secs(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// Is there no time between?
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The same amount of time without its sign.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }

    /// `n` times this length.
    #[must_use]
    pub const fn times(self, n: i64) -> Self {
        Self(self.0 * n)
    }
}

impl Add<Length> for Instant {
    type Output = Self;
    fn add(self, length: Length) -> Self {
        Self(self.0 + length.0)
    }
}

impl Sub<Length> for Instant {
    type Output = Self;
    fn sub(self, length: Length) -> Self {
        Self(self.0 - length.0)
    }
}

impl Sub for Instant {
    type Output = Length;
    fn sub(self, earlier: Self) -> Length {
        Length(self.0 - earlier.0)
    }
}

impl AddAssign<Length> for Instant {
    fn add_assign(&mut self, length: Length) {
        self.0 += length.0;
    }
}

impl Add for Length {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Length {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Length {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Length {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl SubAssign for Length {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Sum for Length {
    fn sum<I: Iterator<Item = Self>>(lengths: I) -> Self {
        lengths.fold(Self::ZERO, Add::add)
    }
}
