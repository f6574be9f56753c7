//! The scores of match, rupture and repair of one episode.

use span::Length;

use crate::catalog::{MATCH, STEPS};
use crate::dyad::DyadicStates;
use crate::relation::{MatchTable, Matching};
use crate::repair::episodes::{Initiator, MismatchEpisode};
use crate::repair::latency::{mean_secs, quantile_secs};
use crate::repair::survival::{KaplanMeier, Lifetime};
use crate::settings::{GridRule, KmTau, RepairMode, RepairOf, RuptureVariant, ScoreSettings};
use crate::{Dyad, Score, ScoreMap, StateType, StateTypes};

const NO_TIME: &str = "no time coded by both";
const NO_MISMATCH: &str = "no mismatch episode";
const NO_RUPTURE: &str = "no rupture observed";
const NO_REPAIR: &str = "no repair";
/// What needs one state per unit says so.
pub(crate) const SEVERAL_STATES: &str = "grid.rule any gives a unit several states";

/// Adds every score of the group, and returns the survival of mismatches with observed onset.
pub(crate) fn push_scores(
    out: &mut ScoreMap,
    dyad: &Dyad,
    states: &DyadicStates,
    episodes: &[MismatchEpisode],
    types: &StateTypes,
    settings: &ScoreSettings,
) -> KaplanMeier {
    let mut push = |id: &str, score: Score| out.push(MATCH, id, score);
    push("match.proportion", share(states.matched(), states.codable()));
    push_types(&mut push, dyad, states, types, settings);
    push("match.kappa", kappa(dyad, states));
    let touching = states.runs.windows(2).filter(|pair| pair[0].span.end() == pair[1].span.start());
    push("match.transitions", Score::count(touching.count()));
    push_mismatch(&mut push, states, episodes);
    push_ruptures(&mut push, states, episodes, settings);
    push_repairs(&mut push, states, episodes, settings);
    push_latencies(&mut push, episodes, settings)
}

/// Adds how likely it is that the next unit is in match, or out of it, where this one is not; `states` are those of a dyad on the
/// grid.
pub(crate) fn push_steps(out: &mut ScoreMap, states: &DyadicStates, step: Length) {
    let mut steps = [(0, 0); 2]; // from mismatch, from match: how many steps, how many of them change it
    for (idx, run) in states.runs.iter().enumerate() {
        let of = &mut steps[usize::from(run.matched)];
        of.0 += run.span.length().micros() / step.micros() - 1;
        if states.runs.get(idx + 1).is_some_and(|next| next.span.start() == run.span.end()) {
            *of = (of.0 + 1, of.1 + 1);
        }
    }
    let mut push = |id: &str, (n, n_changes): (i64, i64), why: &'static str| {
        out.push(STEPS, id, Score::ratio(n_changes as f64, n as f64, why));
    };
    push("repair.next_step", steps[0], "no unit out of match with a coded one after it");
    push("rupture.next_step", steps[1], "no unit in match with a coded one after it");
}

fn push_types(
    push: &mut impl FnMut(&str, Score),
    dyad: &Dyad,
    states: &DyadicStates,
    types: &StateTypes,
    settings: &ScoreSettings,
) {
    let has_sets = settings.repair_mode == RepairMode::Grid && settings.grid_rule == GridRule::Any;
    let types = types.of_states(dyad.infant.states());
    for (id, of) in [
        ("match.proportion.pos", StateType::Pos),
        ("match.proportion.mon", StateType::Mon),
        ("match.proportion.obj", StateType::Obj),
        ("match.proportion.neu", StateType::Neu),
        ("match.proportion.neg", StateType::Neg),
    ] {
        let cells = states.cells.iter().filter(|cell| cell.matched && types[cell.infant] == Some(of));
        let score = if has_sets {
            Score::absent(SEVERAL_STATES)
        } else if types.contains(&Some(of)) {
            share(cells.map(|cell| cell.span.length()).sum(), states.codable())
        } else {
            Score::absent(format!("no infant state of type {of}"))
        };
        push(id, score);
    }
}

/// Match beyond what the partners' base rates give. For a pair that matches only with a shared object, the parent's base rate is
/// that of the state together with the shared object.
fn kappa(dyad: &Dyad, states: &DyadicStates) -> Score {
    let codable = states.codable().as_secs();
    if codable == 0.0 {
        return Score::absent(NO_TIME);
    }
    let table = MatchTable::new(&dyad.relation, dyad.infant.states(), dyad.parent.states());
    let mut infant = vec![Length::ZERO; dyad.infant.states().len()];
    let mut parent = vec![Length::ZERO; dyad.parent.states().len()];
    let mut parent_shared = parent.clone();
    for cell in &states.cells {
        infant[cell.infant] += cell.span.length();
        parent[cell.parent] += cell.span.length();
        parent_shared[cell.parent] += if cell.shared { cell.span.length() } else { Length::ZERO };
    }
    let mut expected = 0.0;
    let mut is_certain = true; // in integers: 1 − expected is no test
    for (i, in_i) in infant.iter().enumerate().filter(|(_, time)| !time.is_zero()) {
        for (p, in_p) in parent.iter().enumerate() {
            let in_match = match table.get(i, p) {
                Matching::Never => Length::ZERO,
                Matching::WhileShared => parent_shared[p],
                Matching::Always => *in_p,
            };
            is_certain &= in_match == *in_p;
            expected += in_i.as_secs() / codable * (in_match.as_secs() / codable);
        }
    }
    if is_certain {
        return Score::absent("match is certain from the base rates alone");
    }
    Score::ratio(states.matched().as_secs() / codable - expected, 1.0 - expected, NO_TIME)
}

fn push_mismatch(push: &mut impl FnMut(&str, Score), states: &DyadicStates, episodes: &[MismatchEpisode]) {
    let codable = states.codable();
    push("mismatch.proportion", share(codable - states.matched(), codable));
    push("mismatch.count", Score::count(episodes.len()));
    let lengths: Vec<Length> = episodes.iter().map(MismatchEpisode::length).collect();
    push(
        "mismatch.duration.mean",
        Score::from_option(mean_secs(&lengths), NO_MISMATCH).with_n_if_present(lengths.len()),
    );
    push("mismatch.longest", longest(episodes));
    let n_unrepaired = episodes.iter().filter(|episode| !episode.is_repaired).count();
    push("mismatch.unrepaired", Score::ratio(n_unrepaired as f64, episodes.len() as f64, NO_MISMATCH));
    push("mismatch.censored.count", Score::count(episodes.iter().filter(|episode| episode.censored).count()));
    let into_neg = episodes.iter().filter(|episode| !episode.is_repaired && !episode.censored);
    push("mismatch.into_neg.count", Score::count(into_neg.count()));
}

fn longest(episodes: &[MismatchEpisode]) -> Score {
    let Some(longest) = episodes.iter().map(MismatchEpisode::length).max() else {
        return Score::absent(NO_MISMATCH);
    };
    let is_at_least = episodes.iter().any(|episode| episode.length() == longest && episode.censored);
    Score { is_at_least, ..Score::plain(longest.as_secs()) }
}

fn push_ruptures(
    push: &mut impl FnMut(&str, Score),
    states: &DyadicStates,
    episodes: &[MismatchEpisode],
    settings: &ScoreSettings,
) {
    let of = |variant| episodes.iter().filter(move |e| e.is_rupture_of(variant, settings.min_mismatch));
    let ruptures: Vec<&MismatchEpisode> = of(settings.rupture_variant).collect();
    push("rupture.count", Score::count(ruptures.len()));
    push("rupture.rate", rate(ruptures.len(), states.codable(), NO_TIME));
    push("rupture.negative.count", Score::count(of(RuptureVariant::B).count()));
    push("rupture.negative_onset.count", Score::count(of(RuptureVariant::B0).count()));
    let by: Vec<Initiator> = ruptures.iter().filter_map(|rupture| rupture.rupture_by).collect();
    push_initiators(push, ["rupture.by.infant", "rupture.by.parent", "rupture.by.joint"], &by, NO_RUPTURE);
}

fn push_repairs(
    push: &mut impl FnMut(&str, Score),
    states: &DyadicStates,
    episodes: &[MismatchEpisode],
    settings: &ScoreSettings,
) {
    let counts = |e: &&MismatchEpisode| e.is_repaired && (settings.repair_of == RepairOf::Episodes || e.has_onset());
    let repaired: Vec<&MismatchEpisode> = episodes.iter().filter(counts).collect();
    push("repair.count", Score::count(repaired.len()));
    push("repair.rate", rate(repaired.len(), states.codable(), NO_TIME));
    let mismatched = states.codable() - states.matched();
    push("repair.rate.of_mismatch", rate(repaired.len(), mismatched, NO_MISMATCH));
    let by: Vec<Initiator> = repaired.iter().filter_map(|episode| episode.repair_by).collect();
    push_initiators(push, ["repair.by.infant", "repair.by.parent", "repair.by.joint"], &by, NO_REPAIR);
}

fn push_initiators(push: &mut impl FnMut(&str, Score), ids: [&str; 3], by: &[Initiator], why: &'static str) {
    for (id, who) in ids.into_iter().zip([Initiator::Infant, Initiator::Parent, Initiator::Joint]) {
        let n = by.iter().filter(|initiator| **initiator == who).count();
        push(id, Score::ratio(n as f64, by.len() as f64, why));
    }
}

fn push_latencies(
    push: &mut impl FnMut(&str, Score),
    episodes: &[MismatchEpisode],
    settings: &ScoreSettings,
) -> KaplanMeier {
    let with_onset: Vec<&MismatchEpisode> = episodes.iter().filter(|episode| episode.has_onset()).collect();
    let latencies: Vec<Length> = with_onset.iter().filter(|e| e.is_repaired).map(|e| e.length()).collect();
    let latency =
        |value| Score::from_option(value, why_no_latency(episodes, &with_onset)).with_n_if_present(latencies.len());
    push("repair.latency.mean", latency(mean_secs(&latencies)));
    push("repair.latency.median", latency(quantile_secs(&latencies, 0.5)));
    push("repair.latency.q25", latency(quantile_secs(&latencies, 0.25)));
    push("repair.latency.q75", latency(quantile_secs(&latencies, 0.75)));

    let lifetimes: Vec<Lifetime> =
        with_onset.iter().map(|e| Lifetime { time: e.length(), is_event: e.is_repaired }).collect();
    let km = KaplanMeier::new(&lifetimes, settings.km_limits_at_zero);
    let why_none = why_no_latency(episodes, &with_onset);
    let survival = |value, why| Score::from_option(value, why).with_n_if_present(lifetimes.len());
    let quantile = |q, fewer: &'static str| {
        survival(km.quantile_secs(q, settings.km_median), if lifetimes.is_empty() { why_none } else { fewer })
    };
    push("repair.latency.km_median", quantile(0.5, "fewer than half repaired"));
    let (low, high) = km.median_limits_secs();
    let above = if lifetimes.is_empty() { why_none } else { "this limit of survival never falls to one half" };
    push("repair.latency.km_median.low", survival(low, above));
    push("repair.latency.km_median.high", survival(high, above));
    push("repair.latency.km_q25", quantile(0.25, "fewer than a quarter repaired"));
    push("repair.latency.km_q75", quantile(0.75, "fewer than three quarters repaired"));
    let tau = match settings.km_tau {
        KmTau::At(tau) => Some(tau),
        KmTau::Last => km.longest(),
    };
    push("repair.latency.km_mean", survival(tau.and_then(|tau| km.restricted_mean_secs(tau)), why_none));
    for (id, naive_id, secs) in [
        ("repair.within.2s", "repair.within.2s.naive", 2),
        ("repair.within.3s", "repair.within.3s.naive", 3),
        ("repair.within.5s", "repair.within.5s.naive", 5),
        ("repair.within.10s", "repair.within.10s.naive", 10),
    ] {
        let window = Length::SECOND.times(secs);
        push(id, survival(km.survival_at(window).map(|survival| 1.0 - survival), why_none));
        let in_time = episodes.iter().filter(|e| e.is_repaired && e.length() <= window).count();
        push(naive_id, Score::ratio(in_time as f64, episodes.len() as f64, NO_MISMATCH));
    }
    km
}

fn why_no_latency(episodes: &[MismatchEpisode], with_onset: &[&MismatchEpisode]) -> &'static str {
    match (episodes.is_empty(), with_onset.is_empty()) {
        (true, _) => NO_MISMATCH,
        (false, true) => NO_RUPTURE,
        (false, false) => NO_REPAIR,
    }
}

fn share(part: Length, whole: Length) -> Score {
    Score::ratio(part.as_secs(), whole.as_secs(), NO_TIME)
}

fn rate(n: usize, time: Length, why: &'static str) -> Score {
    Score::ratio(n as f64, time.as_secs() / 60.0, why)
}
