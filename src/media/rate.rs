//! Whether frames come evenly, and how fast.

use serde::Serialize;
use span::{Instant, Length};

/// How the frames of a file follow each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Rate {
    /// Frame `n` lies within one tick of the file's clock (at least 1 ms) of `n / fps`.
    Constant {
        /// Frames a second, a ratio of two integers: `30000/1001`.
        fps: String,
    },
    /// There is no such rate.
    Variable {
        /// The shortest frame, in seconds.
        min_s: f64,
        /// The middle one of all lengths in order; of an even number, the earlier of the two in the middle.
        median_s: f64,
        /// The longest frame, in seconds.
        max_s: f64,
    },
}

/// A rate as a ratio; both are positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fps {
    pub(crate) num: i64,
    pub(crate) den: i64,
}

/// The rates of cameras and broadcasting.
const USUAL: [Fps; 15] = [
    fps(24_000, 1001),
    fps(24, 1),
    fps(25, 1),
    fps(30_000, 1001),
    fps(30, 1),
    fps(50, 1),
    fps(60_000, 1001),
    fps(60, 1),
    fps(5, 1),
    fps(10, 1),
    fps(12, 1),
    fps(15, 1),
    fps(100, 1),
    fps(120, 1),
    fps(240, 1),
];

const fn fps(num: i64, den: i64) -> Fps {
    Fps { num, den }
}

/// The rate of frames that begin at `times` and end at `end`, and how many frames a constant grid would have besides.
///
/// *Definition*: `stated` are the rates that the file gives, tried first, then the usual ones, then the average.
/// Frames are missing where all times lie on the grid of such a rate, and some places of the grid are empty.
///
/// *Shape*: `times` is sorted and begins at 0.
pub(crate) fn rate(times: &[Instant], end: Instant, tick: Length, stated: &[Fps]) -> (Rate, usize) {
    let tolerance = tick.max(Length::from_millis(1));
    let candidates = || stated.iter().chain(&USUAL).copied().chain(average(times));
    if let Some(even) =
        candidates().find(|&fps| grid_places(times, fps, tolerance).is_some_and(|last| last + 1 == times.len()))
    {
        return (Rate::Constant { fps: format!("{}/{}", even.num, even.den) }, 0);
    }
    let mut lengths = times.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>();
    lengths.extend(times.last().map(|&last| end - last));
    lengths.sort_unstable();
    let at = |place: usize| lengths.get(place).map_or(0.0, |length| length.as_secs());
    let median = lengths.get((lengths.len() - 1) / 2).copied().unwrap_or_default();
    let missing = candidates()
        .filter(|fps| (median.micros() * fps.num - 1_000_000 * fps.den).abs() <= tolerance.micros() * fps.num)
        .find_map(|fps| grid_places(times, fps, tolerance))
        .map_or(0, |last| (last + 1).saturating_sub(times.len()));
    let rate = Rate::Variable { min_s: at(0), median_s: median.as_secs(), max_s: at(lengths.len().saturating_sub(1)) };
    (rate, missing)
}

/// The place of the last frame on the grid of `fps`; `None` unless every frame lies on it, each on its own place.
fn grid_places(times: &[Instant], fps: Fps, tolerance: Length) -> Option<usize> {
    let mut last = None;
    for time in times {
        let place = crate::rational::scale(time.micros(), fps.num, fps.den * 1_000_000);
        let expected = crate::rational::scale(place, fps.den * 1_000_000, fps.num);
        if (expected - time.micros()).abs() > tolerance.micros() || last.is_some_and(|last| place <= last) {
            return None;
        }
        last = Some(place);
    }
    last.and_then(|place| usize::try_from(place).ok())
}

/// Frames after the first in the time until the last begins.
fn average(times: &[Instant]) -> Option<Fps> {
    let frames = times.len().checked_sub(1).filter(|&frames| frames > 0)? as i64;
    let micros = (*times.last()? - *times.first()?).micros();
    let (num, den) = (frames * 1_000_000, micros);
    let common = gcd(num, den);
    (den > 0).then(|| fps(num / common, den / common))
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a.abs().max(1) } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `times` in microseconds, a tick of one microsecond, no stated rate; each frame is as long as the first.
    #[track_caller]
    fn check(times: impl IntoIterator<Item = i64>, expected: Result<&str, (f64, f64, f64)>, missing: usize) {
        let times = times.into_iter().map(Instant::from_micros).collect::<Vec<_>>();
        let end = times[times.len() - 1] + (times[1] - times[0]);
        let expected = match expected {
            Ok(fps) => Rate::Constant { fps: fps.into() },
            Err((min_s, median_s, max_s)) => Rate::Variable { min_s, median_s, max_s },
        };
        assert_eq!(rate(&times, end, Length::MICROSECOND, &[]), (expected, missing));
    }

    #[test]
    fn even_frames_are_constant() {
        check((0..100).map(|n| n * 40_000), Ok("25/1"), 0);
    }

    #[test]
    fn milliseconds_of_matroska_are_still_ntsc() {
        check((0..1000).map(|n| (n * 1001 + 15) / 30 * 1000), Ok("30000/1001"), 0);
    }

    #[test]
    fn an_unusual_rate_is_found_from_the_average() {
        check((0..50).map(|n| n * 62_500), Ok("16/1"), 0);
    }

    #[test]
    fn a_hole_in_an_even_grid_is_variable_and_counted() {
        check((0..100).filter(|n| !(50..53).contains(n)).map(|n| n * 40_000), Err((0.04, 0.04, 0.16)), 3);
    }

    #[test]
    fn uneven_frames_are_variable_and_none_is_missing() {
        check([0, 33_000, 71_000, 99_000, 151_000], Err((0.028, 0.033, 0.052)), 0);
    }
}
