//! `granger.json`: SCIENCE.md 3.9, with a fixed order.

use scoring::information::granger::Granger;
use serde_json::{Value, json};

use super::{cases, check_value, for_each_field, for_each_part, numbers, tolerance};

const FILE: &str = "granger.json";

#[test]
fn granger_tests_are_those_of_the_vectors() {
    let (relative, of_p) = (tolerance(FILE, "rel"), tolerance(FILE, "p_abs"));
    for case in cases(FILE) {
        let (x, y) = (numbers(&case["x"]), numbers(&case["y"]));
        let order = case["order"].as_u64().unwrap() as usize;
        for_each_field(case, |field, want, what| {
            let test = match field {
                "x_to_y" => Granger::new(&x, &y, order),
                "y_to_x" => Granger::new(&y, &x, order),
                _ => return false,
            };
            for_each_part(test.as_ref(), want, what, |test, part, want, what| {
                match part {
                    "F" => check_value(Some(test.f), want, relative, what),
                    "chi2" => check_value(Some(test.chi2), want, relative, what),
                    "lr" => check_value(Some(test.lr), want, relative, what),
                    "p" => check_tail(test.p, want, (of_p, relative), what),
                    "chi2_p" => check_tail(test.chi2_p, want, (of_p, relative), what),
                    "df_num" => assert_eq!(&json!(test.df_numerator), want, "{what}"),
                    "df_denom" => check_value(Some(test.df_denominator as f64), want, 0.0, what),
                    _ => return false,
                }
                true
            });
            true
        });
    }
}

/// However small it is, its digits are right.
#[track_caller]
fn check_tail(got: f64, want: &Value, (absolute, relative): (f64, f64), what: &str) {
    check_value(Some(got), want, absolute, what);
    let want = want.as_f64().unwrap_or(got);
    assert!((got - want).abs() <= relative * want, "{what}: got {got}, expected {want}, relative");
}
