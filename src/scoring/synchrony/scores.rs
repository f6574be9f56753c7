//! The scores of lagged correlation of one episode.

use crate::catalog::SYNCHRONY;
use crate::synchrony::lagged::LagProfile;
use crate::{Score, ScoreMap, Why};

pub(crate) fn push_scores(out: &mut ScoreMap, profile: &LagProfile) {
    let mut push = |id: &str, score: Score| out.push(SYNCHRONY, id, score);
    let lag0 = profile.at(0);
    let n_pairs = lag0.map_or(0, |point| point.n);
    let why = move || -> Why {
        if n_pairs < 2 { "fewer than two units coded by both" } else { "a partner's value never changes" }.into()
    };
    let peak = profile.peak();
    let infant_leads = profile.mean_over(|lag| lag > 0);
    let parent_leads = profile.mean_over(|lag| lag < 0);
    push("sync.r.lag0", Score::from_option(lag0.and_then(|point| point.r), why()).with_n_if_present(n_pairs));
    let n_peak = peak.map_or(0, |point| point.n);
    push("sync.r.peak", Score::from_option(peak.and_then(|point| point.r), why()).with_n_if_present(n_peak));
    let peak_secs = peak.map(|point| profile.step.times(point.lag).as_secs());
    push("sync.r.peak_lag", Score::from_option(peak_secs, why()));
    push("sync.r.infant_leads", Score::from_option(infant_leads, why()));
    push("sync.r.parent_leads", Score::from_option(parent_leads, why()));
    let asymmetry = infant_leads.zip(parent_leads).map(|(infant, parent)| infant - parent);
    push("sync.r.asymmetry", Score::from_option(asymmetry, why()));
}
