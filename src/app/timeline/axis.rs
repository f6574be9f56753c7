//! Which time stands at which x: the only place that turns one into the other.

use span::{Instant, Length, Span};

/// The stretch of session time that the lanes show.
///
/// f64 throughout: an hour in f32 jitters by a tenth of a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// Session time at the left edge, in seconds.
    pub start_secs: f64,
    /// How much room a second has; positive.
    pub points_per_sec: f64,
    /// x of the left edge.
    pub left: f32,
    /// Width of the lanes.
    pub width: f32,
}

/// Between ruler labels, at least.
const MIN_LABEL_POINTS: f64 = 84.0;
/// A frame of 25 a second is then as wide as a hand's aim.
const MAX_POINTS_PER_SEC: f64 = 1_600.0;
/// A whole session, with a little room at its end.
const FIT_MARGIN: f64 = 1.02;

impl Axis {
    /// All of `span`, in lanes of this place and width.
    #[must_use]
    pub fn fit(span: Span, left: f32, width: f32) -> Self {
        let secs = span.length().as_secs() * FIT_MARGIN;
        Self { start_secs: span.start().as_secs(), points_per_sec: f64::from(width.max(1.0)) / secs, left, width }
    }

    /// The same time in lanes of another place and width.
    #[must_use]
    pub fn placed(self, left: f32, width: f32) -> Self {
        Self { left, width, ..self }
    }

    /// Where a moment stands; may lie outside the lanes.
    #[must_use]
    pub fn x_from_time(self, time: Instant) -> f32 {
        self.left + ((time.as_secs() - self.start_secs) * self.points_per_sec) as f32
    }

    /// The moment at an x.
    #[must_use]
    pub fn time_from_x(self, x: f32) -> Instant {
        let secs = self.start_secs + f64::from(x - self.left) / self.points_per_sec;
        Instant::ZERO + Length::from_secs(secs).unwrap_or(Length::ZERO)
    }

    /// How much time stands in `points`.
    #[must_use]
    pub fn length_of(self, points: f32) -> Length {
        Length::from_secs(f64::from(points) / self.points_per_sec).unwrap_or(Length::ZERO)
    }

    /// What the lanes show.
    #[must_use]
    pub fn visible(self) -> Span {
        let (start, end) = (self.time_from_x(self.left), self.time_from_x(self.left + self.width.max(1.0)));
        Span::new(start, end).unwrap_or_else(|_| {
            Span::new(start, start + Length::MICROSECOND).expect("a microsecond is longer than nothing")
        })
    }

    /// Moved along by `points`; positive shows later time.
    #[must_use]
    pub fn panned(self, points: f32) -> Self {
        Self { start_secs: self.start_secs + f64::from(points) / self.points_per_sec, ..self }
    }

    /// `factor` times larger, with the moment at `x` staying where it is.
    #[must_use]
    pub fn zoomed(self, x: f32, factor: f64) -> Self {
        let points_per_sec = (self.points_per_sec * factor).clamp(1e-3, MAX_POINTS_PER_SEC);
        let from_left = f64::from(x - self.left);
        let start_secs = self.start_secs + from_left / self.points_per_sec - from_left / points_per_sec;
        Self { start_secs, points_per_sec, ..self }
    }

    /// Kept to `whole`: never smaller than all of it, never beside it.
    #[must_use]
    pub fn within(self, whole: Span) -> Self {
        let secs = whole.length().as_secs() * FIT_MARGIN;
        let smallest = f64::from(self.width.max(1.0)) / secs;
        let points_per_sec = self.points_per_sec.max(smallest);
        let shown = f64::from(self.width) / points_per_sec;
        let latest = (whole.start().as_secs() + secs - shown).max(whole.start().as_secs());
        Self { points_per_sec, start_secs: self.start_secs.clamp(whole.start().as_secs(), latest), ..self }
    }

    /// Turned like a page so that `time` is in view; unchanged where it is already.
    #[must_use]
    pub fn following(self, time: Instant) -> Self {
        let shown = f64::from(self.width) / self.points_per_sec;
        let from_start = time.as_secs() - self.start_secs;
        if (0.0..shown).contains(&from_start) {
            return self;
        }
        let lead = if from_start < 0.0 { 0.9 } else { 0.05 }; // in reverse the page turns the other way
        Self { start_secs: time.as_secs() - shown * lead, ..self }
    }

    /// Times for the ruler's labels, each a whole multiple of a round step, from before the left edge to the right edge.
    #[must_use]
    pub fn ticks(self) -> Ticks {
        const STEPS_MILLIS: [i64; 16] = [
            40, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
            1_800_000, 3_600_000,
        ];
        let wide_enough = |millis: &&i64| **millis as f64 / 1_000.0 * self.points_per_sec >= MIN_LABEL_POINTS;
        let step = Length::from_millis(*STEPS_MILLIS.iter().find(wide_enough).unwrap_or(&STEPS_MILLIS[15]));
        let visible = self.visible();
        let first = visible.start().micros().div_euclid(step.micros());
        let last = visible.end().micros().div_euclid(step.micros());
        Ticks { step, times: (first..=last).map(|n| Instant::ZERO + step.times(n)).collect() }
    }
}

/// Where the ruler has labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticks {
    /// From one to the next.
    pub step: Length,
    /// Sorted.
    pub times: Vec<Instant>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One second is one point; the lanes begin at x = 10.
    const AXIS: Axis = Axis { start_secs: 0.0, points_per_sec: 1.0, left: 10.0, width: 100.0 };

    fn secs(secs: i64) -> Instant {
        Instant::from_micros(secs * 1_000_000)
    }

    #[test]
    fn time_and_x_are_inverse() {
        assert_eq!(AXIS.x_from_time(secs(5)), 15.0);
        assert_eq!(AXIS.time_from_x(15.0), secs(5));
    }

    #[test]
    fn zooming_keeps_the_moment_under_the_pointer() {
        let zoomed = AXIS.zoomed(60.0, 4.0);
        assert_eq!(zoomed.time_from_x(60.0), AXIS.time_from_x(60.0));
        assert_eq!(zoomed.points_per_sec, 4.0);
    }

    #[test]
    fn the_view_never_leaves_the_session() {
        let whole = Span::new(secs(0), secs(50)).expect("positive");
        let kept = AXIS.panned(-500.0).within(whole);
        assert_eq!(kept.time_from_x(kept.left), secs(0));
        assert!(kept.points_per_sec > 1.9, "all of the session fills the width");
    }

    #[test]
    fn the_page_turns_only_when_the_moment_leaves_it() {
        assert_eq!(AXIS.following(secs(99)), AXIS);
        assert_eq!(AXIS.following(secs(100)).start_secs, 95.0);
    }

    #[test]
    fn labels_stand_on_round_times_with_room_between() {
        let ticks = AXIS.ticks();
        assert_eq!(ticks.step, Length::from_millis(120_000));
        assert_eq!(ticks.times, [secs(0)]);
        let near = Axis { points_per_sec: 20.0, ..AXIS }.ticks();
        assert_eq!(near.step, Length::SECOND.times(5));
        assert_eq!(near.times, [secs(0), secs(5)]);
    }
}
