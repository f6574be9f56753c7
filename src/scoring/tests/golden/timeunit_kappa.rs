//! `timeunit_kappa.json`: SCIENCE.md 4.2, 4.3 and the grid rules of section 0. Codes in `uncodable` are missing time; the gap is the last
//! category, or left out.

use scoring::agreement::kappa::{Kappa, kappa};
use scoring::agreement::table::Confusion;
use scoring::agreement::time_unit::{Categories, GapPolicy, exact_table, unit_labels};
use scoring::agreement::tolerance::tolerance_kappa;
use scoring::settings::GridRule;
use scoring::{Gaps, NONE, StateMark, StateSeries};
use serde_json::{Value, json};
use span::{Instant, Span, SpanSet};

use super::{cases, check_value, for_each_field, millis};

const TOLERANCE: f64 = 1e-9;

/// A window without time has no series: nothing is expected of it.
fn window(case: &Value) -> Option<Span> {
    let edge = |idx: usize| Instant::ZERO + millis(&case["window"][idx]);
    Span::new(edge(0), edge(1)).ok()
}

fn series(case: &Value, who: &str) -> StateSeries {
    let codes: Vec<&str> = case["codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    let missing = case["uncodable"].as_array().unwrap();
    let mark = |mark: &Value| StateMark {
        start: Instant::ZERO + millis(&mark["start"]),
        end: Instant::ZERO + millis(&mark["end"]),
        state: {
            let state = codes.iter().position(|code| mark["code"] == *code);
            assert!(state.is_some() || missing.contains(&mark["code"]), "an unknown code");
            state.filter(|_| !missing.contains(&mark["code"]))
        },
    };
    let marks: Vec<StateMark> = case[who].as_array().unwrap().iter().map(mark).collect();
    match window(case) {
        Some(window) => StateSeries::from_marks(codes, &marks, window, &SpanSet::new(), Gaps::None),
        None => StateSeries::missing(codes.into_iter().chain([NONE])),
    }
}

#[test]
fn time_unit_kappas_are_those_of_the_vectors() {
    for case in cases("timeunit_kappa.json") {
        let (a, b) = (series(&case, "a"), series(&case, "b"));
        for_each_field(&case, |field, want, what| {
            let Some((rule, gap)) = field.split_once('/') else { return false };
            let gap = match gap {
                "category" => GapPolicy::Category,
                "exclude" => GapPolicy::Exclude,
                _ => return false,
            };
            let categories = Categories::new(&a, &b, gap);
            let rule = match rule {
                "start" => GridRule::Instant,
                "mid" => GridRule::Midpoint,
                "majority" => GridRule::Majority,
                "exact_ms" => {
                    let empty = || Confusion::new(categories.len());
                    let table = window(&case).map_or_else(empty, |window| exact_table(&a, &b, window, &categories));
                    check_parts(&table, 1000.0, want, what, |_, _, _| false);
                    return true;
                }
                _ => return false,
            };
            let (first, second) = window(&case).map_or_else(Default::default, |window| {
                let labels = unit_labels(&a, &b, window, millis(&case["step"]), rule, &categories);
                (labels.first, labels.second)
            });
            let table = Confusion::from_labels(categories.len(), &first, &second);
            check_parts(&table, 1.0, want, what, |part, want, what| {
                match part {
                    "labels_a" => assert_eq!(&json!(first), want, "{what}"),
                    "labels_b" => assert_eq!(&json!(second), want, "{what}"),
                    "tolerance" => {
                        for (units, want) in want.as_object().unwrap() {
                            let both = tolerance_kappa(&first, &second, categories.len(), units.parse().unwrap());
                            check_tolerance(&both, want, &format!("{what} {units}"));
                        }
                    }
                    _ => return false,
                }
                true
            });
            true
        });
    }
}

#[track_caller]
fn check_tolerance(both: &scoring::agreement::tolerance::ToleranceKappa, want: &Value, what: &str) {
    for (part, want) in want.as_object().unwrap() {
        let what = format!("{what}: {part}");
        match part.as_str() {
            "ab" => check_parts(&both.table_ab, 1.0, want, &what, |_, _, _| false),
            "ba" => check_parts(&both.table_ba, 1.0, want, &what, |_, _, _| false),
            "mean_kappa" => check_value(both.mean(), want, TOLERANCE, &what),
            _ => panic!("no test compares '{what}'"),
        }
    }
}

/// Every part that a table has; `unit` is how much of the table's unit one of the vector's is; `other` knows the parts besides.
#[track_caller]
fn check_parts(table: &Confusion, unit: f64, want: &Value, what: &str, other: impl Fn(&str, &Value, &str) -> bool) {
    let Kappa { value, po, pe, max, n, .. } = kappa(table);
    for (part, want) in want.as_object().unwrap() {
        let what = format!("{what}: {part}");
        match part.as_str() {
            "n" => assert_eq!(Some(n / unit), want.as_f64(), "{what}"),
            "po" => check_value(po, want, TOLERANCE, &what),
            "pe" => check_value(pe, want, TOLERANCE, &what),
            "kappa" => check_value(value, want, TOLERANCE, &what),
            "kappa_max" => check_value(max, want, TOLERANCE, &what),
            "table" | "table_ms" => {
                let rows: Vec<Vec<i64>> =
                    table.rows().map(|row| row.iter().map(|cell| (cell / unit) as i64).collect()).collect();
                assert_eq!(&json!(rows), want, "{what}");
            }
            part => assert!(other(part, want, &what), "no test compares '{what}'"),
        }
    }
}
