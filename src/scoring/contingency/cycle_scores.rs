//! The scores of the attunement cycle of one episode.

use crate::catalog::{CYCLE_ANSWERED, CYCLE_INFANT, CYCLE_SENSED};
use crate::contingency::cycle::{Answer, Cue, CycleClass, Cycles, Sensed};
use crate::repair::latency::quantile_secs;
use crate::repair::survival::{KaplanMeier, Lifetime};
use crate::settings::ScoreSettings;
use crate::{Score, ScoreMap, Why};
use span::Length;

const NO_CUE: &str = "no distress cue";
const NO_ANSWER: &str = "no answer";
const NO_OUTCOME: &str = "no cue with a known outcome";

/// Why parts of the parent are absent; `None` where they are not.
pub(crate) struct ParentAbsent {
    pub(crate) gaze: Option<Why>,
    pub(crate) answers: Option<Why>,
}

/// Adds every score of the cycle. `channels` are the parent's channels that can answer.
pub(crate) fn push_scores(
    out: &mut ScoreMap,
    cycles: &Cycles,
    absent: &ParentAbsent,
    channels: &[String],
    settings: &ScoreSettings,
) {
    push_infant(out, cycles, settings);
    push_sensed(out, cycles, absent.gaze.as_ref());
    push_answered(out, cycles, absent.answers.as_ref(), channels, settings);
    push_classes(out, cycles, absent.answers.as_ref());
}

/// Says of every score of the cycle, but those named after a channel, why it is absent.
pub(crate) fn push_absent(out: &mut ScoreMap, why: &Why) {
    for group in [CYCLE_INFANT, CYCLE_SENSED, CYCLE_ANSWERED] {
        out.push_absent(group, why);
    }
}

fn push_infant(out: &mut ScoreMap, cycles: &Cycles, settings: &ScoreSettings) {
    let mut push = |id: &str, score: Score| out.push(CYCLE_INFANT, id, score);
    let n_cues = cycles.cues.len();
    push("cycle.cue.count", Score::count(n_cues));
    push("cycle.cue.rate", Score::ratio(n_cues as f64, cycles.codable.as_secs() / 60.0, "no infant affect coded"));
    push("cycle.cue.truncated", Score::count(cycles.truncated));
    let settled = cycles.cues.iter().filter(|cue| cue.is_settled).count();
    push("cycle.settled.proportion", Score::ratio(settled as f64, n_cues as f64, NO_CUE));
    let lifetime = |cue: &Cue| Lifetime { time: cue.until - cue.at, is_event: cue.is_settled };
    push(
        "cycle.settled.latency.km_median",
        km_median(cycles.cues.iter().map(lifetime), "fewer than half settled", settings),
    );
}

fn push_sensed(out: &mut ScoreMap, cycles: &Cycles, why_absent: Option<&Why>) {
    let mut push = |id: &str, score: Score| {
        out.push(CYCLE_SENSED, id, why_absent.map_or(score, |why| Score::absent(why.clone())));
    };
    let n_of =
        |of: fn(&Sensed) -> bool| cycles.cues.iter().filter_map(|cue| cue.sensed.as_ref()).filter(|s| of(s)).count();
    let already = n_of(|sensed| matches!(sensed, Sensed::Already));
    let no = n_of(|sensed| matches!(sensed, Sensed::No));
    let latencies: Vec<Length> = cycles
        .cues
        .iter()
        .filter_map(|cue| match cue.sensed {
            Some(Sensed::Onset { latency }) => Some(latency),
            _ => None,
        })
        .collect();
    let sensed = already + latencies.len();
    push("cycle.sensed.proportion", Score::ratio(sensed as f64, (sensed + no) as f64, why_none(cycles)));
    let why_none_sensed = if cycles.cues.is_empty() { NO_CUE } else { "no cue was sensed" };
    push("cycle.sensed.already", Score::ratio(already as f64, sensed as f64, why_none_sensed));
    let why_no_turn = if cycles.cues.is_empty() { NO_CUE } else { "the parent turned to no cue" };
    push("cycle.sensed.latency.median", Score::from_option(quantile_secs(&latencies, 0.5), why_no_turn));
}

fn push_answered(
    out: &mut ScoreMap,
    cycles: &Cycles,
    why_absent: Option<&Why>,
    channels: &[String],
    settings: &ScoreSettings,
) {
    let or_absent = |score: Score| why_absent.map_or(score, |why| Score::absent(why.clone()));
    let answers: Vec<&Answer> = cycles.cues.iter().filter_map(|cue| cue.answer.as_ref()).collect();
    let yes: Vec<&Vec<String>> = answers
        .iter()
        .filter_map(|answer| match answer {
            Answer::Yes { by, .. } => Some(by),
            _ => None,
        })
        .collect();
    let no = answers.iter().filter(|answer| matches!(answer, Answer::No { .. })).count();
    let (n_yes, n_known) = (yes.len() as f64, (yes.len() + no) as f64);
    out.push(CYCLE_ANSWERED, "cycle.answered.proportion", or_absent(Score::ratio(n_yes, n_known, why_none(cycles))));
    let template =
        CYCLE_ANSWERED.iter().find(|info| info.is_template()).expect("answers are named after their channel");
    for channel in channels {
        let by = yes.iter().filter(|by| by.contains(channel)).count() as f64;
        let why_none = if cycles.cues.is_empty() { NO_CUE } else { NO_ANSWER };
        out.push_named(template, format!("cycle.answered.by.{channel}"), or_absent(Score::ratio(by, n_yes, why_none)));
    }
    let lifetime = |answer: &&Answer| match answer {
        Answer::Yes { latency, .. } => Lifetime { time: *latency, is_event: true },
        Answer::No { watched } | Answer::Unknown { watched } => Lifetime { time: *watched, is_event: false },
    };
    let median = km_median(answers.iter().map(lifetime), "fewer than half answered", settings);
    out.push(CYCLE_ANSWERED, "cycle.answered.latency.km_median", or_absent(median));
}

fn push_classes(out: &mut ScoreMap, cycles: &Cycles, why_absent: Option<&Why>) {
    let mut push = |id: &str, score: Score| {
        out.push(CYCLE_ANSWERED, id, why_absent.map_or(score, |why| Score::absent(why.clone())));
    };
    let n_of = |class: CycleClass| cycles.cues.iter().filter(|cue| cue.class == Some(class)).count();
    let (complete, self_settled) = (n_of(CycleClass::Complete), n_of(CycleClass::SelfSettled));
    push("cycle.complete.count", Score::count(complete));
    let why = if cycles.cues.is_empty() { NO_CUE } else { "no settled cue whose answer is known" };
    push("cycle.complete.proportion", Score::ratio(complete as f64, (complete + self_settled) as f64, why));
    push("cycle.self_settled.count", Score::count(self_settled));
    push("cycle.answered_open.count", Score::count(n_of(CycleClass::AnsweredOpen)));
    push("cycle.unanswered_open.count", Score::count(n_of(CycleClass::UnansweredOpen)));
    push("cycle.unknown.count", Score::count(n_of(CycleClass::Unknown)));
}

fn km_median(lifetimes: impl Iterator<Item = Lifetime>, why_never: &'static str, settings: &ScoreSettings) -> Score {
    let lifetimes: Vec<Lifetime> = lifetimes.collect();
    let km = KaplanMeier::new(&lifetimes, settings.km_limits_at_zero);
    let why = if lifetimes.is_empty() { NO_CUE } else { why_never };
    Score::from_option(km.quantile_secs(0.5, settings.km_median), why).with_n_if_present(lifetimes.len())
}

fn why_none(cycles: &Cycles) -> &'static str {
    if cycles.cues.is_empty() { NO_CUE } else { NO_OUTCOME }
}
