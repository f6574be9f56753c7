//! Where a medium lies on the session's clock.

use span::{Instant, Length};

use crate::FrameIndex;
use crate::rational::scale;

/// Session time = offset + medium time · rate; computed in 128 bits and rounded once, to nearest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// When, on the session's clock, the medium's first frame begins.
    pub offset: Length,
    /// Session seconds per second of the medium, as numerator and denominator; a zero counts as one.
    pub rate: (u64, u64),
}

impl Default for Placement {
    fn default() -> Self {
        Self { offset: Length::ZERO, rate: (1, 1) }
    }
}

impl Placement {
    /// The session's time of a moment of the medium.
    #[must_use]
    pub fn session_from_medium(self, time: Instant) -> Instant {
        let (num, den) = self.ratio();
        Instant::from_micros(scale(time.micros(), num, den)).saturating_add(self.offset)
    }

    /// The medium's time of a moment of the session.
    #[must_use]
    pub fn medium_from_session(self, time: Instant) -> Instant {
        let (num, den) = self.ratio();
        let since = time.saturating_add(-self.offset);
        Instant::from_micros(scale(since.micros(), den, num))
    }

    /// The frame on screen at a moment of the session: the last that has begun on the session's clock.
    ///
    /// Compared there, where the beginnings are whole microseconds: going over and back through a rate that is no whole
    /// number could otherwise end a microsecond early, on the frame before.
    #[must_use]
    pub fn frame_at(self, index: &FrameIndex, time: Instant) -> usize {
        let begins = |frame| self.session_from_medium(index.time_of(frame));
        let mut frame = index.frame_at(self.medium_from_session(time));
        while frame + 1 < index.len() && begins(frame + 1) <= time {
            frame += 1;
        }
        while frame > 0 && begins(frame) > time {
            frame -= 1;
        }
        frame
    }

    /// When, on the session's clock, a frame begins.
    #[must_use]
    pub fn time_of(self, index: &FrameIndex, frame: usize) -> Instant {
        self.session_from_medium(index.time_of(frame))
    }

    /// Both positive, and small enough for signed arithmetic.
    pub(crate) fn ratio(self) -> (i64, i64) {
        let part = |part: u64| i64::try_from(part.max(1)).unwrap_or(i64::MAX);
        (part(self.rate.0), part(self.rate.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(offset: i64, rate: (u64, u64), medium: i64, session: i64) {
        let placement = Placement { offset: Length::from_micros(offset), rate };
        assert_eq!(placement.session_from_medium(Instant::from_micros(medium)), Instant::from_micros(session));
        let back = placement.medium_from_session(Instant::from_micros(session));
        assert!((back - Instant::from_micros(medium)).micros().abs() <= 1, "{back:?}");
    }

    #[test]
    fn an_unplaced_medium_is_on_the_sessions_clock() {
        check(0, (1, 1), 123_456_789, 123_456_789);
    }

    #[test]
    fn an_offset_may_be_negative() {
        check(-2_500_000, (1, 1), 1_000_000, -1_500_000);
    }

    #[test]
    fn a_drifting_camera_is_corrected_without_error_after_a_day() {
        check(40, (1_000_003, 1_000_000), 86_400_000_000, 86_400_259_240);
    }

    #[test]
    fn a_rate_of_zero_counts_as_one() {
        check(7, (0, 0), 5, 12);
    }
}
