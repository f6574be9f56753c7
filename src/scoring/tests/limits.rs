//! Proportions of time have limits from blocks of that time, where they are asked for.
#![allow(clippy::unwrap_used, reason = "a test stops at once")]

mod common;

use common::*;
use scoring::agreement::bootstrap::{BootRules, Limits, NoLimits, Timeline, bootstrap};
use scoring::{EpisodeScores, MatchRelation, Recording, ScoreSettings, score};
use serde_json::{Value, json};

const SETTINGS: fn() -> ScoreSettings = || worked_settings(json!({"boot.replicates": 400, "boot.block_s": 3}));

fn play(recording: &Recording, settings: &ScoreSettings) -> EpisodeScores {
    score(recording, settings).episodes.swap_remove(0)
}

fn limits(play: &EpisodeScores, id: &str) -> Limits {
    play.scores.get(id).unwrap().limits.unwrap().unwrap()
}

#[test]
fn limits_of_match_are_those_of_blocks_of_its_time() {
    let play = play(&worked_example(), &SETTINGS());
    let second = 1_000_000;
    let units = INFANT.chars().zip(PARENT.chars()).zip(0..);
    let coded = units.filter(|((infant, parent), _)| *infant != '.' && *parent != '.');
    let stretches = coded.map(|((i, p), unit)| (unit * second, (unit + 1) * second, usize::from(i == p)));
    let timeline = Timeline::new(2, 30 * second, stretches);
    let rules = BootRules { block: 3 * second, replicates: 400, ..BootRules::default() };
    let [want] = bootstrap(&[vec![timeline]], &rules, |cells| [Some(cells[1] / (cells[0] + cells[1]))]);
    let (got, want) = (limits(&play, "match.proportion"), want.unwrap());
    for (got, want) in [(got.low, want.low), (got.high, want.high), (got.mean, want.mean), (got.sd, want.sd)] {
        assert!((got - want).abs() < 1e-12, "{got} {want}");
    }
    assert!(got.low < 11.0 / 29.0 && 11.0 / 29.0 < got.high);
    let out = limits(&play, "mismatch.proportion");
    assert!((out.low + got.high - 1.0).abs() < 1e-12 && (out.mean + got.mean - 1.0).abs() < 1e-12);
}

#[test]
fn parts_of_a_whole_have_means_that_sum_to_it() {
    let play = play(&worked_example(), &SETTINGS());
    let mean = |id: &str| limits(&play, id).mean;
    let types = ["pos", "mon", "obj", "neg"].map(|of| mean(&format!("match.proportion.{of}")));
    assert!((types.iter().sum::<f64>() - mean("match.proportion")).abs() < 1e-12);
    let patterns = ["shared", "watching", "parent_only", "infant_only", "apart", "negative"];
    let shares = patterns.map(|pattern| mean(&format!("coreg.{pattern}")));
    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    assert!(limits(&play, "grid.dispersion").low > 0.0 && limits(&play, "grid.attractor.share").high < 1.0);
}

#[test]
fn limits_of_cells_are_those_of_blocks_of_their_time() {
    let play = play(&worked_example(), &SETTINGS());
    let second = 1_000_000;
    let units = INFANT.chars().zip(PARENT.chars()).zip(0..);
    let cell = |i: char, p: char| Some("MOPN".find(i)? * 4 + "MOPN".find(p)?);
    let stretches =
        units.filter_map(|((i, p), unit)| Some((unit * second, (unit + 1) * second, cell(i, p)?))).collect::<Vec<_>>();
    let rules = BootRules { block: 3 * second, replicates: 400, ..BootRules::default() };
    let shares = |cells: &[f64]| -> Vec<f64> {
        let total: f64 = cells.iter().sum();
        cells.iter().map(|cell| cell / total).collect()
    };
    let [dispersion, largest] =
        bootstrap(&[vec![Timeline::new(16, 30 * second, stretches.clone())]], &rules, |cells| {
            let squares: f64 = shares(cells).iter().map(|share| share * share).sum();
            [Some(1.0 - (16.0 * squares - 1.0) / 15.0), shares(cells).into_iter().reduce(f64::max)]
        });
    // M and P with P, or P with M: SCIENCE.md 3.10
    let is_shared = |cell: usize| usize::from([2, 8, 10].contains(&cell));
    let of_patterns = stretches.iter().map(|&(start, end, cell)| (start, end, is_shared(cell)));
    let [shared] =
        bootstrap(&[vec![Timeline::new(2, 30 * second, of_patterns)]], &rules, |cells| [Some(shares(cells)[1])]);
    for (id, want) in [("grid.dispersion", dispersion), ("grid.attractor.share", largest), ("coreg.shared", shared)] {
        let (got, want) = (limits(&play, id), want.unwrap());
        for (got, want) in [(got.low, want.low), (got.high, want.high), (got.sd, want.sd)] {
            assert!((got - want).abs() < 1e-12, "{id}: {got} {want}");
        }
    }
}

#[test]
fn what_never_changes_has_limits_without_width() {
    let relation = MatchRelation::equality(&STATES.map(str::to_owned));
    let same = coded(letters(&"P".repeat(30)), letters(&"P".repeat(30)), relation, span(0.0, 30.0));
    let all = limits(&play(&same, &SETTINGS()), "match.proportion");
    assert_eq!((all.low, all.high, all.sd), (1.0, 1.0, 0.0));
}

#[test]
fn only_proportions_that_exist_have_limits_and_too_little_time_says_so() {
    let play_with_limits = play(&worked_example(), &SETTINGS());
    for (id, score) in play_with_limits.scores.iter() {
        assert!(score.limits.is_none() || score.number().is_some(), "{id}");
        assert!(score.limits.is_none() || !id.ends_with("count") && !id.contains("latency"), "{id}");
    }
    let short = worked_settings(json!({"boot.replicates": 400, "boot.block_s": 7}));
    let proportion = play(&worked_example(), &short).scores.get("match.proportion").unwrap().clone();
    assert_eq!(proportion.limits, Some(Err(NoLimits::TooShort { floor_blocks: 5 })));
    let json = serde_json::to_value(&proportion).unwrap();
    assert_eq!((&json["limits"], &json["limits_why"]), (&Value::Null, &json!("less time than 5 blocks")));
    let without = play(&worked_example(), &worked_settings(json!({})));
    assert!(without.scores.iter().all(|(_, score)| score.limits.is_none()));
}

#[test]
fn on_a_grid_blocks_begin_at_units() {
    let settings = worked_settings(json!({"boot.replicates": 400, "boot.block_s": 3, "repair.mode": "grid"}));
    let on_grid = limits(&play(&worked_example(), &settings), "match.proportion");
    let units = INFANT.chars().zip(PARENT.chars()).zip(0..);
    let coded = units.filter(|((infant, parent), _)| *infant != '.' && *parent != '.');
    let timeline = Timeline::new(2, 30, coded.map(|((i, p), unit)| (unit, unit + 1, usize::from(i == p))));
    let rules = BootRules { block: 3, replicates: 400, ..BootRules::default() };
    let [want] = bootstrap(&[vec![timeline]], &rules, |cells| [Some(cells[1] / (cells[0] + cells[1]))]);
    assert!((on_grid.mean - want.unwrap().mean).abs() < 1e-12);
}
