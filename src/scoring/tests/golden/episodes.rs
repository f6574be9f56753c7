//! `episodes.json`: SCIENCE.md 2.2. Its pairs are (parent, infant).

use scoring::repair::episodes::{EpisodeRules, mismatch_episodes};
use scoring::settings::NegNeg;
use scoring::{Dyad, Gaps, MatchRelation, StateTypes};
use serde_json::{Value, json};
use span::{Instant, Length, SpanSet};

use super::common::{first, settings};
use super::{cases, check_value, codes_of, for_each_field, recording, series, tolerance, window};

const FILE: &str = "episodes.json";

fn relation(case: &Value) -> MatchRelation {
    let swapped = |pair: &Value| [1, 0].map(|idx| pair[idx].as_str().unwrap().to_owned()).into();
    let pairs = case["matching_pairs"].as_array().unwrap().iter().map(swapped).collect();
    MatchRelation::new("golden", pairs)
}

#[test]
fn episodes_are_those_of_the_vectors() {
    let abs = tolerance(FILE, "abs");
    for case in cases(FILE) {
        let window = window(case);
        let codes = codes_of([&case["infant"], &case["parent"]]);
        let series = |who| series(case, who, &codes, Gaps::Missing);
        let recording = recording(case, series("infant"), series("parent"), relation(case));
        // neg_neg = match: every return counts; repair.of = ruptures: only those with an observed onset
        let settings = settings(json!({"neg_neg": "match", "repair.of": "ruptures"}));
        let scores = first(&recording, &settings);

        let states = Dyad::new(series("infant"), series("parent"), relation(case)).states(Length::ZERO);
        let rules = EpisodeRules { neg_neg: NegNeg::Match, simul_tol: Length::ZERO, types: StateTypes::default() };
        let dyad = Dyad::new(series("infant"), series("parent"), relation(case));
        let episodes = mismatch_episodes(&dyad, &states, recording.episodes[0].span, &rules);
        let ruptures: Vec<_> = episodes.iter().filter(|episode| episode.is_rupture).collect();
        let excluded = window.map(|window| {
            let used: SpanSet = states.runs.iter().map(|run| run.span).collect();
            used.gaps(window)
        });
        let excluded = excluded.unwrap_or_default();

        for_each_field(case, |field, want, what| {
            let ms = |length: Length| json!(length.micros() / 1000);
            match field {
                "runs" => {
                    let used = states.runs.iter().map(|run| (run.span, if run.matched { "match" } else { "mismatch" }));
                    let mut runs: Vec<_> =
                        used.chain(excluded.spans().iter().map(|span| (*span, "excluded"))).collect();
                    runs.sort_by_key(|(span, _)| *span);
                    let runs: Vec<Value> = runs
                        .iter()
                        .map(|(span, what)| json!([span.start().micros() / 1000, span.end().micros() / 1000, what]))
                        .collect();
                    assert_eq!(&json!(runs), want, "{what}");
                }
                "match_ms" => assert_eq!(&ms(states.matched()), want, "{what}"),
                "mismatch_ms" => assert_eq!(&ms(states.codable() - states.matched()), want, "{what}"),
                "excluded_ms" => assert_eq!(&ms(excluded.length()), want, "{what}"),
                "usable_ms" => {
                    assert_eq!(&ms(states.codable()), want, "{what}");
                    assert_eq!(scores.codable, states.codable(), "{what}");
                }
                "match_prop" => check_value(scores.scores.number("match.proportion"), want, abs, what),
                "n_match_runs" => {
                    assert_eq!(&json!(states.runs.iter().filter(|run| run.matched).count()), want, "{what}");
                }
                "n_mismatch_runs" => {
                    assert_eq!(&json!(episodes.len()), want, "{what}");
                    assert_eq!(scores.mismatch_episodes.len(), episodes.len(), "{what}");
                }
                "ruptures" => {
                    let ruptures: Vec<Value> = ruptures
                        .iter()
                        .map(|rupture| {
                            json!({"start": ms(rupture.span.start() - Instant::ZERO), "end": ms(rupture.span.end() - Instant::ZERO),
                                   "duration_ms": ms(rupture.length()), "repaired": rupture.is_repaired})
                        })
                        .collect();
                    assert_eq!(&json!(ruptures), want, "{what}");
                }
                "n_ruptures" => check_count(&scores.scores, "rupture.count", ruptures.len(), want, what),
                "n_repaired" => {
                    let repaired = ruptures.iter().filter(|rupture| rupture.is_repaired).count();
                    check_count(&scores.scores, "repair.count", repaired, want, what);
                }
                "n_censored" => {
                    assert_eq!(&json!(ruptures.iter().filter(|rupture| rupture.censored).count()), want, "{what}");
                }
                "repair_prop" => {
                    let repaired = ruptures.iter().filter(|rupture| rupture.is_repaired).count();
                    let share = (!ruptures.is_empty()).then(|| repaired as f64 / ruptures.len() as f64);
                    check_value(share, want, abs, what);
                }
                "mean_latency_ms" => {
                    let mean = scores.scores.number("repair.latency.mean").map(|secs| secs * 1000.0);
                    check_value(mean, want, abs, what);
                }
                "repair_rate_per_min" => check_value(scores.scores.number("repair.rate"), want, abs, what),
                _ => return false,
            }
            true
        });
    }
}

/// The count by hand, and the score unless there is no time to score.
#[track_caller]
fn check_count(scores: &scoring::ScoreMap, id: &str, by_hand: usize, want: &Value, what: &str) {
    assert_eq!(&json!(by_hand), want, "{what}");
    assert_eq!(scores.number(id).unwrap_or_default(), by_hand as f64, "{what}");
}
