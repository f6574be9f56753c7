//! The scores of the recurrence plot of one episode.

use span::Length;

use crate::catalog::RECURRENCE;
use crate::recurrence::profile::{ProfilePoint, peak};
use crate::recurrence::{CrossRecurrence, LineLengths};
use crate::{Score, ScoreMap, ScoreSettings};

const NO_POINT: &str = "no unit recurs";
const NO_LINE: &str = "no line is long enough";

/// Adds every score of the group.
pub(crate) fn push_scores(
    out: &mut ScoreMap,
    plot: &CrossRecurrence,
    profile: &[ProfilePoint],
    settings: &ScoreSettings,
) {
    let mut push = |id: &str, score: Score| out.push(RECURRENCE, id, score);
    let step = settings.grid_step;
    let (lmin, vmin) = (settings.recurrence_lmin as usize, settings.recurrence_vmin as usize);
    let secs = |units: f64| units * step.as_secs();
    let mean = |lines: &LineLengths, min: usize| {
        let n = usize::try_from(lines.count(min)).unwrap_or(usize::MAX);
        Score::from_option(lines.mean(min).map(secs), NO_LINE).with_n_if_present(n)
    };
    let longest = |lines: &LineLengths, min: usize| Score::plain(secs(lines.longest(min) as f64));
    push("recurrence.rate", Score::from_option(plot.recurrence_rate(), "no time coded by both"));
    push("recurrence.determinism", Score::from_option(plot.determinism(lmin), NO_POINT));
    push("recurrence.diagonal.count", Score::plain(plot.diagonal.count(lmin) as f64));
    push("recurrence.diagonal.mean", mean(&plot.diagonal, lmin));
    push("recurrence.diagonal.longest", longest(&plot.diagonal, lmin));
    push("recurrence.diagonal.entropy", Score::plain(plot.diagonal.entropy_nats(lmin)));
    let relative = plot.diagonal.relative_entropy(lmin);
    push("recurrence.diagonal.relative_entropy", Score::from_option(relative, "fewer than two lengths of line"));
    push("recurrence.laminarity", Score::from_option(plot.laminarity(vmin), NO_POINT));
    push("recurrence.trapping_time", mean(&plot.vertical, vmin));
    push("recurrence.vertical.longest", longest(&plot.vertical, vmin));
    push("recurrence.vertical.entropy", Score::plain(plot.vertical.entropy_nats(vmin)));
    let horizontal = plot.horizontal_laminarity(vmin);
    push("recurrence.laminarity.horizontal", Score::from_option(horizontal, NO_POINT));
    push("recurrence.trapping_time.horizontal", mean(&plot.horizontal, vmin));
    push("recurrence.horizontal.longest", longest(&plot.horizontal, vmin));
    push("recurrence.horizontal.entropy", Score::plain(plot.horizontal.entropy_nats(vmin)));

    let share_at = |lag: i64| profile.iter().find(|point| point.lag == lag).copied();
    let share = |point: Option<ProfilePoint>| {
        let n = point.map_or(0, |point| point.n);
        Score::from_option(point.and_then(|point| point.share), "no unit to look at").with_n_if_present(n)
    };
    push("recurrence.profile.lag0", share(share_at(0)));
    let highest = peak(profile);
    push("recurrence.profile.peak", share(highest));
    let lag: Option<Length> = highest.map(|point| step.times(point.lag));
    push("recurrence.profile.peak_lag", Score::from_option(lag.map(Length::as_secs), "no unit to look at"));
}
