//! How time passes while playing: speed, and a clock that is told what time it is.

use std::time::Instant as Now;

use span::{Instant, Length};

/// How fast, and which way.
///
/// *Units and range*: thousandths of the natural speed; negative is backward; never 0; at most sixteen times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Speed(i32);

impl Speed {
    /// As it was recorded.
    pub const NORMAL: Self = Self(1000);
    /// Backward, as fast as it was recorded.
    pub const REVERSE: Self = Self(-1000);
    /// The speeds that a person chooses from, slowest first.
    pub const LADDER: [Self; 8] =
        [Self(125), Self(250), Self(500), Self(750), Self(1000), Self(1250), Self(1500), Self(2000)];

    /// A speed in thousandths; `None` for 0 and beyond sixteen times.
    #[must_use]
    pub const fn from_permille(permille: i32) -> Option<Self> {
        if permille == 0 || permille.unsigned_abs() > 16_000 { None } else { Some(Self(permille)) }
    }

    /// In thousandths.
    #[must_use]
    pub const fn permille(self) -> i32 {
        self.0
    }

    /// Against the recording's direction?
    #[must_use]
    pub const fn is_backward(self) -> bool {
        self.0 < 0
    }

    /// The same pace the other way.
    #[must_use]
    pub const fn reversed(self) -> Self {
        Self(-self.0)
    }

    /// The time that passes on the clock in `elapsed`.
    pub(crate) fn passed(self, elapsed: std::time::Duration) -> Length {
        let micros = elapsed.as_nanos() as i128 * i128::from(self.0) / 1_000_000;
        Length::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
    }

    /// How long it takes until `length` has passed on the clock; nothing where that lies the other way.
    fn takes(self, length: Length) -> std::time::Duration {
        let nanos = i128::from(length.micros()) * 1_000_000 / i128::from(self.0);
        std::time::Duration::from_nanos(u64::try_from(nanos).unwrap_or(0))
    }
}

impl Default for Speed {
    fn default() -> Self {
        Self::NORMAL
    }
}

/// The session's clock: where it stood when, and how fast it has run since. It never asks what time it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    position: Instant,
    since: Option<Now>, // none while it stands
    speed: Speed,
}

impl Clock {
    pub(crate) fn new(position: Instant) -> Self {
        Self { position, since: None, speed: Speed::NORMAL }
    }

    pub(crate) fn position(&self, now: Now) -> Instant {
        self.since.map_or(self.position, |since| {
            self.position.saturating_add(self.speed.passed(now.saturating_duration_since(since)))
        })
    }

    /// Where it stands; while it runs, where it was last set.
    pub(crate) fn anchor(&self) -> Instant {
        self.position
    }

    pub(crate) fn is_running(&self) -> bool {
        self.since.is_some()
    }

    /// Stands at `position`, or goes on from there.
    pub(crate) fn set(&mut self, position: Instant, now: Now) {
        self.position = position;
        self.since = self.since.map(|_| now);
    }

    pub(crate) fn run(&mut self, speed: Speed, now: Now) {
        self.position = self.position(now);
        self.speed = speed;
        self.since = Some(now);
    }

    pub(crate) fn stop(&mut self, now: Now) {
        self.position = self.position(now);
        self.since = None;
    }

    /// Moves what it shows by a little, to follow a steadier clock.
    pub(crate) fn nudge(&mut self, by: Length) {
        self.position = self.position.saturating_add(by);
    }

    /// When it will show `position`; `None` while it stands. A moment already passed is now.
    pub(crate) fn when(&self, position: Instant, now: Now) -> Option<Now> {
        self.since.map(|_| now + self.speed.takes(position - self.position(now)))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// The clock starts at 1 s and runs for `millis`.
    #[track_caller]
    fn check(permille: i32, millis: u64, expected_micros: i64) {
        let now = Now::now();
        let mut clock = Clock::new(Instant::from_micros(1_000_000));
        clock.run(Speed::from_permille(permille).unwrap(), now);
        let later = now + Duration::from_millis(millis);
        assert_eq!(clock.position(later), Instant::from_micros(expected_micros));
        assert_eq!(clock.when(Instant::from_micros(expected_micros), now), Some(later));
    }

    #[test]
    fn an_eighth_of_the_speed_takes_eight_times_as_long() {
        check(125, 8_000, 2_000_000);
    }

    #[test]
    fn backward_time_goes_down() {
        check(-2000, 750, -500_000);
    }

    #[test]
    fn a_change_of_speed_does_not_move_the_clock() {
        let now = Now::now();
        let mut clock = Clock::new(Instant::ZERO);
        clock.run(Speed::NORMAL, now);
        let later = now + Duration::from_millis(500);
        clock.run(Speed::from_permille(250).unwrap(), later);
        assert_eq!(clock.position(later), Instant::from_micros(500_000));
        clock.stop(later + Duration::from_millis(400));
        assert_eq!(clock.position(later + Duration::from_secs(9)), Instant::from_micros(600_000));
    }

    #[test]
    fn no_speed_is_zero_or_beyond_sixteen() {
        assert_eq!([0, 16_001, -16_001].map(Speed::from_permille), [None; 3]);
    }
}
