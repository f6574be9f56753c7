//! What a player keeps of its sound: loudness, and whether the clock can follow what is heard.

use std::time::{Duration, Instant as Now};

use span::{Instant, Length};

use crate::Speed;
use crate::audio::{Order, Sound, SoundOutput};

/// The clock follows the sound that is heard, if that is no farther away than this, and moves with it; otherwise the
/// sound is elsewhere (its device stalls, or takes samples as fast as it gets them), and the clock goes its own way.
const AUDIBLE_ERROR: Length = Length::from_millis(150);
/// Sound is listened to for this long before the clock follows it.
const TRIAL: Duration = Duration::from_millis(300);
/// Sound that is elsewhere is begun anew at the clock's place, but not more often than this.
const RESTART: Duration = Duration::from_secs(1);
/// In this time the clock takes over about two thirds of what it is off.
const FOLLOWING: Duration = Duration::from_millis(500);

/// The sound of a player.
pub(crate) struct Soundtrack {
    sound: Sound,
    volume: f32,
    muted: bool,
    first_heard: Option<(Instant, Now)>, // of the present order
    restarted: Option<Now>,
}

/// What the clock is to do about the sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Follow {
    /// Nothing is heard, or not for long enough, or it does not keep pace.
    Stay,
    /// Moves a little towards what is heard.
    Nudge(Length),
    /// The sound is to begin anew at the clock's place.
    Restart,
}

impl Soundtrack {
    pub(crate) fn new(output: SoundOutput) -> Self {
        Self { sound: Sound::open(output), volume: 1.0, muted: false, first_heard: None, restarted: None }
    }

    pub(crate) fn play(&mut self, order: Order) {
        self.first_heard = None;
        self.sound.play(order);
    }

    pub(crate) fn stop(&mut self) {
        self.first_heard = None;
        self.sound.stop();
    }

    pub(crate) fn volume(&self) -> f32 {
        self.volume
    }

    pub(crate) fn set_volume(&mut self, volume: f32) {
        self.volume = volume.clamp(0.0, 1.0);
        self.sound.set_volume(self.volume);
    }

    pub(crate) fn is_muted(&self) -> bool {
        self.muted
    }

    pub(crate) fn set_muted(&mut self, muted: bool) {
        self.muted = muted;
        self.sound.set_muted(muted);
    }

    /// Is there no device, though something is or was to be heard?
    pub(crate) fn is_missing(&self) -> bool {
        self.sound.is_missing()
    }

    /// Compares what is heard with a clock that stands at `here` and runs at `speed`; `elapsed` since the last time.
    pub(crate) fn follow(
        &mut self,
        session_from_medium: impl Fn(Instant) -> Instant,
        here: Instant,
        speed: Speed,
        elapsed: Duration,
        now: Now,
    ) -> Follow {
        if self.sound.take_returned() {
            return Follow::Restart;
        }
        let Some(heard) = self.sound.heard(now).map(session_from_medium) else { return Follow::Stay };
        let (first, since) = *self.first_heard.get_or_insert((heard, now));
        let heard_for = now.saturating_duration_since(since);
        if heard_for < TRIAL {
            return Follow::Stay;
        }
        let is_paced = (heard - first - speed.passed(heard_for)).abs() <= AUDIBLE_ERROR;
        let error = heard - here;
        if is_paced && error.abs() <= AUDIBLE_ERROR {
            let share = (elapsed.as_secs_f64() / FOLLOWING.as_secs_f64()).min(1.0);
            return Follow::Nudge(Length::from_micros((error.micros() as f64 * share) as i64));
        }
        if self.restarted.is_some_and(|before| now.saturating_duration_since(before) <= RESTART) {
            return Follow::Stay;
        }
        self.restarted = Some(now);
        Follow::Restart
    }
}
