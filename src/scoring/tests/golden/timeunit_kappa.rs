//! `timeunit_kappa.json`: SCIENCE.md 4.2, 4.3 and the grid rules of section 0. Codes in `uncodable` are missing time; the gap is the last
//! category, or left out.

use scoring::Gaps;
use scoring::agreement::kappa::kappa;
use scoring::agreement::table::Confusion;
use scoring::agreement::time_unit::{Categories, GapPolicy, exact_table, unit_labels};
use scoring::agreement::tolerance::{ToleranceKappa, tolerance_kappa};
use scoring::settings::GridRule;
use serde_json::{Value, json};

use super::{cases, check_value, for_each_field, for_each_part, millis, series, tolerance, window, words};

const FILE: &str = "timeunit_kappa.json";

#[test]
fn time_unit_kappas_are_those_of_the_vectors() {
    for case in cases(FILE) {
        let codes = words(&case["codes"]);
        let (a, b) = (series(case, "a", &codes, Gaps::None), series(case, "b", &codes, Gaps::None));
        for_each_field(case, |field, want, what| {
            let Some((rule, gap)) = field.split_once('/') else { return false };
            let gap = match gap {
                "category" => GapPolicy::Category,
                "exclude" => GapPolicy::Exclude,
                _ => return false,
            };
            let categories = Categories::new(&codes, &a, &b, gap);
            let rule = match rule {
                "start" => GridRule::Instant,
                "mid" => GridRule::Midpoint,
                "majority" => GridRule::Majority,
                "exact_ms" => {
                    let empty = || Confusion::new(categories.len());
                    let table = window(case).map_or_else(empty, |window| exact_table(&a, &b, window, &categories));
                    check_parts(&table, 1000.0, want, what, |_, _, _| false);
                    return true;
                }
                _ => return false,
            };
            let (first, second) = window(case).map_or_else(Default::default, |window| {
                let labels = unit_labels(&a, &b, window, millis(&case["step"]), rule, &categories);
                (labels.first, labels.second)
            });
            let table = Confusion::from_labels(categories.len(), &first, &second);
            check_parts(&table, 1.0, want, what, |part, want, what| {
                match part {
                    "labels_a" => assert_eq!(&json!(first), want, "{what}"),
                    "labels_b" => assert_eq!(&json!(second), want, "{what}"),
                    "tolerance" => for_each_part(Some(&()), want, what, |(), units, want, what| {
                        let Ok(units) = units.parse() else { return false };
                        check_tolerance(&tolerance_kappa(&first, &second, categories.len(), units), want, what);
                        true
                    }),
                    _ => return false,
                }
                true
            });
            true
        });
    }
}

#[track_caller]
fn check_tolerance(both: &ToleranceKappa, want: &Value, what: &str) {
    for_each_part(Some(both), want, what, |both, part, want, what| {
        match part {
            "ab" => check_parts(&both.table_ab, 1.0, want, what, |_, _, _| false),
            "ba" => check_parts(&both.table_ba, 1.0, want, what, |_, _, _| false),
            "mean_kappa" => check_value(both.mean(), want, tolerance(FILE, "abs"), what),
            _ => return false,
        }
        true
    });
}

/// Every part that a table has; `unit` is how much of the table's unit one of the vector's is; `other` knows the parts besides.
#[track_caller]
fn check_parts(table: &Confusion, unit: f64, want: &Value, what: &str, other: impl Fn(&str, &Value, &str) -> bool) {
    let abs = tolerance(FILE, "abs");
    for_each_part(Some(&kappa(table)), want, what, |kappa, part, want, what| {
        match part {
            "n" => assert_eq!(Some(kappa.n / unit), want.as_f64(), "{what}"),
            "po" => check_value(kappa.po, want, abs, what),
            "pe" => check_value(kappa.pe, want, abs, what),
            "kappa" => check_value(kappa.value, want, abs, what),
            "kappa_max" => check_value(kappa.max, want, abs, what),
            "table" | "table_ms" => {
                let rows: Vec<Vec<i64>> =
                    table.rows().map(|row| row.iter().map(|cell| (cell / unit) as i64).collect()).collect();
                assert_eq!(&json!(rows), want, "{what}");
            }
            part => return other(part, want, what),
        }
        true
    });
}
