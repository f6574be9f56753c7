//! `lag_sequential.json`: SCIENCE.md 3.5, the full table of one sequence.

use scoring::contingency::sequential::{LagTable, Repeats};
use scoring::contingency::table::TwoByTwo;
use scoring::settings::{Haldane, StructuralZ};
use scoring::{EpisodeScores, MatchRelation, Piece, StateSeries};
use serde_json::{Value, json};
use span::{Instant, Length, Span};

use super::common::{coded, first, settings};
use super::{cases, check_value, check_values, for_each_field, labels, tolerance};

const FILE: &str = "lag_sequential.json";

/// A nested list as one.
fn flat(rows: &Value) -> Value {
    Value::Array(rows.as_array().unwrap().iter().flat_map(|row| row.as_array().unwrap().clone()).collect())
}

#[test]
fn lag_sequential_tables_are_those_of_the_vectors() {
    let (abs, of_ipf) = (tolerance(FILE, "abs"), tolerance(FILE, "expected_ipf"));
    for case in cases(FILE) {
        let n_codes = case["K"].as_u64().unwrap() as usize;
        let lag = case["lag"].as_u64().unwrap() as usize;
        let is_full = case["self_transitions_allowed"].as_bool().unwrap();
        let repeats = if is_full { Repeats::Allowed } else { Repeats::Impossible };
        let sequences: Vec<Vec<Option<usize>>> = case["sequences"].as_array().unwrap().iter().map(labels).collect();
        let sequences: Vec<&[Option<usize>]> = sequences.iter().map(Vec::as_slice).collect();
        let table = LagTable::within(&sequences, n_codes, lag, repeats);
        // fields without suffix: haldane = never; with _h: always
        let of_cells = |statistic: &dyn Fn(TwoByTwo) -> Option<f64>| -> Vec<Option<f64>> {
            (0..n_codes * n_codes).map(|cell| statistic(table.two_by_two(cell / n_codes, cell % n_codes))).collect()
        };
        for_each_field(case, |field, want, what| {
            let cells = |got: &[Option<f64>], tolerance| check_values(got, &flat(want), tolerance, what);
            match field {
                "n" => assert_eq!(&json!(table.total()), want, "{what}"),
                "f" => assert_eq!(json!(table.counts()), flat(want), "{what}"),
                "row" => assert_eq!(&json!(table.row_totals()), want, "{what}"),
                "col" => assert_eq!(&json!(table.column_totals()), want, "{what}"),
                "p" => cells(&table.transition_probabilities(), abs),
                "expected" => cells(&table.expected(), if is_full { abs } else { of_ipf }),
                "z" => cells(&table.adjusted_residuals(StructuralZ::None), abs), // structural_z = none
                "yules_q" => cells(&of_cells(&|cell| cell.yules_q()), abs),
                "odds_ratio" => cells(&of_cells(&|cell| cell.odds_ratio(Haldane::Never)), abs),
                "odds_ratio_h" => cells(&of_cells(&|cell| cell.odds_ratio(Haldane::Always)), abs),
                "log_or" => cells(&of_cells(&|cell| cell.log_odds_ratio(Haldane::Never)), abs),
                "log_or_h" => cells(&of_cells(&|cell| cell.log_odds_ratio(Haldane::Always)), abs),
                "se_log_or" => cells(&of_cells(&|cell| cell.log_odds_ratio_std_err(Haldane::Never)), abs),
                "se_log_or_h" => cells(&of_cells(&|cell| cell.log_odds_ratio_std_err(Haldane::Always)), abs),
                "phi" => cells(&of_cells(&|cell| cell.phi()), abs),
                "chi2" => check_value(table.chi_square().map(|test| test.chi2), want, abs, what),
                "df" => assert_eq!(&json!(table.chi_square().map(|test| test.df)), want, "{what}"),
                "chi2_p" => check_value(table.chi_square().and_then(|test| test.p), want, abs, what),
                "ipf_error" => assert!(want.as_f64().is_none_or(|error| error < 1e-9), "{what}"), // information (SCIENCE.md 10)
                _ => return false,
            }
            true
        });
    }
}

/// Beyond so many units of a second a grid is not scored.
const MAX_UNITS: usize = 10_000;

#[test]
fn lag_sequential_tables_are_those_of_the_vectors_under_named_settings() {
    for case in cases(FILE) {
        let n_codes = case["K"].as_u64().unwrap() as usize;
        let sequences: Vec<Vec<Option<usize>>> = case["sequences"].as_array().unwrap().iter().map(labels).collect();
        // scores are about two partners: of one sequence without missing units, each of them is that sequence
        let [sequence] = &sequences[..] else { continue };
        let Some(units) = sequence.iter().copied().collect::<Option<Vec<usize>>>() else { continue };
        if units.is_empty() || units.len() > MAX_UNITS {
            continue;
        }
        let names: Vec<String> = (0..n_codes).map(|code| code.to_string()).collect();
        let second = |second: usize| Instant::ZERO + Length::SECOND.times(second as i64);
        let piece = |(unit, state): (usize, &usize)| Piece {
            span: Span::new(second(unit), second(unit + 1)).unwrap(),
            state: *state,
        };
        let series = || StateSeries::from_pieces(names.clone(), units.iter().enumerate().map(piece)).unwrap();
        let window = Span::new(Instant::ZERO, second(units.len())).unwrap();
        let recording = coded(series(), series(), MatchRelation::equality(&names), window);
        let is_full = case["self_transitions_allowed"] == true;
        let form = if is_full { "time" } else { "events" }; // an event is a run of one state: none follows itself
        let with = |haldane: &str| {
            let lags = json!({"sequential.form": form, "structural_z": "none", "haldane": haldane,
                "sequential.lag_s": case["lag"], "sequential.lag_events": case["lag"]});
            first(&recording, &settings(lags))
        };
        let (never, always) = (with("never"), with("always"));
        let (want, abs) = (&case["expected"], tolerance(FILE, "abs"));
        let check = |scores: &EpisodeScores, table: &str, statistic: &str, want: &Value, tolerance: f64| {
            let cells = names.iter().flat_map(|given| names.iter().map(move |target| format!("{given}.{target}")));
            let numbers: Vec<Option<f64>> =
                cells.map(|cell| scores.scores.number(&format!("contingency.{table}{statistic}.{cell}"))).collect();
            check_values(&numbers, want, tolerance, &format!("{}: {table}{statistic}", case["id"]));
        };
        // absent beside the vectors: cells in which no state can follow itself, and odds ratios of what is never given, or never follows
        let told = |statistic: &str, values: Value| -> Value {
            let is_absent = |cell: usize| {
                let (given, target) = (cell / n_codes, cell % n_codes);
                let is_empty = want["row"][given] == 0 || want["col"][target] == 0;
                !is_full && given == target || statistic == "odds_ratio" && is_empty
            };
            let cells = values.as_array().unwrap().iter().enumerate();
            cells.map(|(cell, value)| if is_absent(cell) { Value::Null } else { value.clone() }).collect()
        };
        let of_ipf = if is_full { abs } else { tolerance(FILE, "expected_ipf") };
        for (statistic, field, scores, tolerance) in [
            ("count", "f", &never, abs),
            ("transitional_probability", "p", &never, abs),
            ("expected", "expected", &never, of_ipf),
            ("z", "z", &never, abs),
            ("yules_q", "yules_q", &never, abs),
            ("odds_ratio", "odds_ratio", &never, abs),
            ("odds_ratio", "odds_ratio_h", &always, abs),
            ("phi", "phi", &never, abs),
        ] {
            check(scores, "sequence.infant.", statistic, &told(statistic, flat(&want[field])), tolerance);
        }
        if is_full {
            let table = &never.contingency.as_ref().unwrap().parent_follows;
            assert_eq!(json!(table.counts()), flat(&want["f"]), "{}", case["id"]);
            check(&never, "lag.infant_to_parent", "", &flat(&want["z"]), abs);
        }
    }
}
