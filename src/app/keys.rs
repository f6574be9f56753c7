//! Which picture was on the screen when a key went down.
//!
//! egui's events carry no time and come once per redraw. So the window's event loop notes each key when it arrives, and each return from a redraw
//! with the frames it drew. A key is stamped with the frames of the last redraw that had returned when it was noted; one that comes within a
//! millisecond of a redraw's return arrived while that redraw ran, and gets the frames before it.
//!
//! ```text
//! redraw n       [=====]                  [=====]  n + 1
//! key              a    b        c          d    e
//! stamped        n-1   n-1       n          n    n      (b and e within a millisecond)
//! ```

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Moment};

use span::Instant;

/// Shorter than this after a redraw's return, a key had arrived during the redraw.
const DURING_REDRAW: Duration = Duration::from_millis(1);
/// Keys that the program never asks for (dead keys, media keys) must not gather.
const MAX_NOTES: usize = 256;

/// What was on the screen at a moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stamp {
    /// One for each medium of the session, in its order; `None` where no picture was shown.
    pub frames: Vec<Option<ShownFrame>>,
    /// How the video moved.
    pub motion: Motion,
}

/// A frame on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShownFrame {
    /// Its place in the medium.
    pub frame: usize,
    /// Session time of its start.
    pub start: Instant,
    /// Session time of the start of the next frame; of its own end, for the last. Later than the start.
    pub end: Instant,
    /// Is it the very frame that was asked for?
    pub exact: bool,
}

/// How the video moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Motion {
    /// It stands still, or is stepped.
    #[default]
    Still,
    /// It plays forward at this percentage of real time.
    Forward(i32),
    /// It plays in reverse at this percentage of real time.
    Reverse(i32),
}

/// A key as it came from the keyboard.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyNote {
    /// The character or the name of the key, in lower case.
    pub character: String,
    /// Down or up?
    pub pressed: bool,
    /// What was on the screen.
    pub stamp: Stamp,
}

/// Shared by the event loop, which notes keys and redraws, and the program, which says what it draws.
#[derive(Clone, Debug, Default)]
pub struct KeyLog(Arc<Mutex<Log>>);

#[derive(Debug, Default)]
struct Log {
    drawing: Stamp,
    shown: Stamp,
    shown_before: Stamp,
    returned: Option<Moment>,
    notes: VecDeque<KeyNote>,
}

impl KeyLog {
    /// The program draws these frames now.
    pub fn draws(&self, stamp: Stamp) {
        self.lock().drawing = stamp;
    }

    /// A redraw has returned: what it drew is on the screen.
    pub fn redraw_returned(&self, now: Moment) {
        let mut log = self.lock();
        let drawing = log.drawing.clone();
        log.shown_before = std::mem::replace(&mut log.shown, drawing);
        log.returned = Some(now);
    }

    /// A key arrived.
    pub fn key(&self, character: &str, pressed: bool, now: Moment) {
        let mut log = self.lock();
        let during_redraw = log.returned.is_some_and(|returned| now.duration_since(returned) < DURING_REDRAW);
        let stamp = if during_redraw { log.shown_before.clone() } else { log.shown.clone() };
        log.notes.push_back(KeyNote { character: character.to_lowercase(), pressed, stamp });
        if log.notes.len() > MAX_NOTES {
            log.notes.pop_front();
        }
    }

    /// The stamp of the next noted key of this character; what is drawn now, where no event loop notes keys.
    ///
    /// Notes before it belong to keys that the program did not ask for, and are dropped.
    #[must_use]
    pub fn stamp_of(&self, character: &str, pressed: bool) -> Stamp {
        let mut log = self.lock();
        let wanted = |note: &KeyNote| note.pressed == pressed && note.character == character;
        match log.notes.iter().position(wanted) {
            Some(place) => {
                log.notes.drain(..place);
                log.notes.pop_front().expect("it was found").stamp
            }
            None => log.drawing.clone(),
        }
    }

    /// All keys that have arrived so far have been dealt with, or went to somebody else: what was noted of them is over.
    pub fn forget(&self) {
        self.lock().notes.clear();
    }

    /// What is drawn now.
    #[must_use]
    pub fn drawing(&self) -> Stamp {
        self.lock().drawing.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(frame: usize) -> Stamp {
        let at = |n: usize| Instant::from_micros(n as i64 * 40_000);
        let shown = ShownFrame { frame, start: at(frame), end: at(frame + 1), exact: true };
        Stamp { frames: vec![Some(shown)], motion: Motion::Forward(100) }
    }

    /// Redraws of frames 0, 1, 2 returned at 0, 40, 80 ms; a key is noted at `micros`.
    #[track_caller]
    fn check(micros: u64, expected: usize) {
        let (log, start) = (KeyLog::default(), Moment::now());
        let at = |micros| start + Duration::from_micros(micros);
        let mut noted = false;
        for n in 0..3 {
            if !noted && micros < n * 40_000 {
                log.key("1", true, at(micros));
                noted = true;
            }
            log.draws(frame(n as usize));
            log.redraw_returned(at(n * 40_000));
        }
        if !noted {
            log.key("1", true, at(micros));
        }
        assert_eq!(log.stamp_of("1", true), frame(expected));
    }

    #[test]
    fn a_key_gets_the_frame_that_was_on_the_screen() {
        check(20_000, 0);
        check(60_000, 1);
        check(100_000, 2);
    }

    #[test]
    fn a_key_that_waited_for_a_redraw_gets_the_frame_before_it() {
        check(40_050, 0);
        check(80_999, 1);
        check(81_000, 2);
    }

    #[test]
    fn keys_that_nobody_asked_for_do_not_shift_the_others() {
        let log = KeyLog::default();
        let now = Moment::now();
        log.draws(frame(7));
        log.redraw_returned(now);
        let later = now + Duration::from_millis(10);
        log.key("dead", true, later);
        log.key("2", true, later);
        log.draws(frame(8));
        assert_eq!(log.stamp_of("2", true), frame(7));
        assert_eq!(log.stamp_of("3", true), frame(8), "no note: what is drawn now");
    }
}
