//! `lag_sequential.json`: SCIENCE.md 3.5, the full table of one sequence.

use scoring::contingency::sequential::{LagTable, Repeats};
use scoring::contingency::table::TwoByTwo;
use scoring::settings::{Haldane, StructuralZ};
use serde_json::{Value, json};

use super::{cases, check_value, check_values, for_each_field, labels};

/// A nested list as one.
fn flat(rows: &Value) -> Value {
    Value::Array(rows.as_array().unwrap().iter().flat_map(|row| row.as_array().unwrap().clone()).collect())
}

#[test]
fn lag_sequential_tables_are_those_of_the_vectors() {
    for case in cases("lag_sequential.json") {
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
        for_each_field(&case, |field, want, what| {
            let cells = |got: &[Option<f64>], tolerance| check_values(got, &flat(want), tolerance, what);
            match field {
                "n" => assert_eq!(&json!(table.total()), want, "{what}"),
                "f" => assert_eq!(json!(table.counts()), flat(want), "{what}"),
                "row" => assert_eq!(&json!(table.row_totals()), want, "{what}"),
                "col" => assert_eq!(&json!(table.column_totals()), want, "{what}"),
                "p" => cells(&table.transition_probabilities(), 1e-9),
                "expected" => cells(&table.expected(), if is_full { 1e-9 } else { 1e-7 }),
                "z" => cells(&table.adjusted_residuals(StructuralZ::None), 1e-9), // structural_z = none
                "yules_q" => cells(&of_cells(&|cell| cell.yules_q()), 1e-9),
                "odds_ratio" => cells(&of_cells(&|cell| cell.odds_ratio(Haldane::Never)), 1e-9),
                "odds_ratio_h" => cells(&of_cells(&|cell| cell.odds_ratio(Haldane::Always)), 1e-9),
                "log_or" => cells(&of_cells(&|cell| cell.log_odds_ratio(Haldane::Never)), 1e-9),
                "log_or_h" => cells(&of_cells(&|cell| cell.log_odds_ratio(Haldane::Always)), 1e-9),
                "se_log_or" => cells(&of_cells(&|cell| cell.log_odds_ratio_std_err(Haldane::Never)), 1e-9),
                "se_log_or_h" => cells(&of_cells(&|cell| cell.log_odds_ratio_std_err(Haldane::Always)), 1e-9),
                "phi" => cells(&of_cells(&|cell| cell.phi()), 1e-9),
                "chi2" => check_value(table.chi_square().map(|test| test.chi2), want, 1e-9, what),
                "df" => assert_eq!(&json!(table.chi_square().map(|test| test.df)), want, "{what}"),
                "chi2_p" => check_value(table.chi_square().and_then(|test| test.p), want, 1e-9, what),
                "ipf_error" => assert!(want.as_f64().unwrap() < 1e-9, "{what}"), // information (SCIENCE.md 10)
                _ => return false,
            }
            true
        });
    }
}
