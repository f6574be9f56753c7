//! `granger.json`: SCIENCE.md 3.9, with a fixed order.

use scoring::information::granger::Granger;
use serde_json::json;

use super::{cases, check_value, for_each_field, golden, numbers};

const FILE: &str = "granger.json";

#[test]
fn granger_tests_are_those_of_the_vectors() {
    let file = golden(FILE);
    let (relative, of_p) = (&file["tolerance"]["rel"], file["tolerance"]["p_abs"].as_f64().unwrap());
    let relative = relative.as_f64().unwrap();
    for case in cases(FILE) {
        let (x, y) = (numbers(&case["x"]), numbers(&case["y"]));
        let order = case["order"].as_u64().unwrap() as usize;
        for_each_field(&case, |field, want, what| {
            let test = match field {
                "x_to_y" => Granger::new(&x, &y, order).unwrap(),
                "y_to_x" => Granger::new(&y, &x, order).unwrap(),
                _ => return false,
            };
            for (field, want) in want.as_object().unwrap() {
                let what = format!("{what}.{field}");
                match field.as_str() {
                    "F" => check_value(Some(test.f), want, relative, &what),
                    "chi2" => check_value(Some(test.chi2), want, relative, &what),
                    "lr" => check_value(Some(test.lr), want, relative, &what),
                    "p" => check_value(Some(test.p), want, of_p, &what),
                    "chi2_p" => check_value(Some(test.chi2_p), want, of_p, &what),
                    "df_num" => assert_eq!(&json!(test.df_numerator), want, "{what}"),
                    "df_denom" => check_value(Some(test.df_denominator as f64), want, 0.0, &what),
                    _ => panic!("no test compares '{what}'"),
                }
                if let (Some(tail), "p" | "chi2_p") = (want.as_f64(), field.as_str()) {
                    let got = if field == "p" { test.p } else { test.chi2_p };
                    assert!((got / tail - 1.0).abs() < relative, "{what}: got {got}, expected {tail}, relative");
                }
            }
            true
        });
    }
}
