//! `icc.json`: SCIENCE.md 4.5. `icc.k_limits` = `spearman_brown`.

use scoring::agreement::icc::{Estimate, Icc};
use scoring::settings::IccKLimits;
use serde_json::{Value, json};

use super::{cases, check_value, check_values, for_each_field, numbers};

#[test]
fn intraclass_correlations_are_those_of_the_vectors() {
    for case in cases("icc.json") {
        let ratings: Vec<_> = case["ratings"].as_array().unwrap().iter().map(numbers).collect();
        let icc = Icc::new(&ratings, IccKLimits::SpearmanBrown).unwrap();
        for_each_field(&case, |field, want, what| {
            let fields = want.as_object().unwrap();
            match field {
                "anova" => {
                    for (field, want) in fields {
                        let got = match field.as_str() {
                            "msb" => icc.anova.msr,
                            "msj" => icc.anova.msc,
                            "mse" => icc.anova.mse,
                            "msw" => icc.anova.msw,
                            _ => panic!("{what}: no test compares '{field}'"),
                        };
                        check_value(Some(got), want, 1e-9, &format!("{what}: {field}"));
                    }
                }
                "icc" => {
                    for (form, want) in fields {
                        let estimate = match form.as_str() {
                            "ICC1" => &icc.icc1,
                            "ICC2" => &icc.icc2,
                            "ICC3" => &icc.icc3,
                            "ICC1k" => &icc.icc1k,
                            "ICC2k" => &icc.icc2k,
                            "ICC3k" => &icc.icc3k,
                            _ => panic!("{what}: no test compares '{form}'"),
                        };
                        check_estimate(estimate, want, &format!("{what}: {form}"));
                    }
                }
                _ => return false,
            }
            true
        });
    }
}

#[track_caller]
fn check_estimate(estimate: &Estimate, want: &Value, what: &str) {
    for (field, want) in want.as_object().unwrap() {
        let what = format!("{what}: {field}");
        match field.as_str() {
            "icc" => check_value(estimate.value.clone().ok(), want, 1e-9, &what),
            "F" => check_value(estimate.f, want, 1e-8, &what),
            "df1" => assert_eq!(&json!(estimate.df_1), want, "{what}"),
            "df2" => assert_eq!(&json!(estimate.df_2), want, "{what}"),
            "p" => check_value(estimate.p, want, 1e-9, &what),
            "ci" => check_values(&[estimate.low, estimate.high], want, 1e-7, &what),
            "pingouin_ci" => check_values(&[estimate.low, estimate.high], want, 0.006, &what), // printed with two digits
            _ => panic!("{what}: no test compares it"),
        }
    }
}
