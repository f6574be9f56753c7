//! `icc.json`: SCIENCE.md 4.5. `icc.k_limits` = `spearman_brown`.

use scoring::agreement::icc::{Estimate, Icc};
use scoring::settings::IccKLimits;
use serde_json::{Value, json};

use super::{cases, check_value, check_values, for_each_field, for_each_part, numbers, tolerance};

const FILE: &str = "icc.json";

#[test]
fn intraclass_correlations_are_those_of_the_vectors() {
    for case in cases(FILE) {
        let ratings: Vec<_> = case["ratings"].as_array().unwrap().iter().map(numbers).collect();
        let icc = Icc::new(&ratings, IccKLimits::SpearmanBrown).ok();
        for_each_field(case, |field, want, what| {
            for_each_part(icc.as_ref(), want, what, |icc, part, want, what| {
                let anova = |got: f64| check_value(Some(got), want, tolerance(FILE, "icc"), what);
                match (field, part) {
                    ("anova", "msb") => anova(icc.anova.msr),
                    ("anova", "msj") => anova(icc.anova.msc),
                    ("anova", "mse") => anova(icc.anova.mse),
                    ("anova", "msw") => anova(icc.anova.msw),
                    ("icc", "ICC1") => check_estimate(&icc.icc1, want, what),
                    ("icc", "ICC2") => check_estimate(&icc.icc2, want, what),
                    ("icc", "ICC3") => check_estimate(&icc.icc3, want, what),
                    ("icc", "ICC1k") => check_estimate(&icc.icc1k, want, what),
                    ("icc", "ICC2k") => check_estimate(&icc.icc2k, want, what),
                    ("icc", "ICC3k") => check_estimate(&icc.icc3k, want, what),
                    _ => return false,
                }
                true
            });
            matches!(field, "anova" | "icc")
        });
    }
}

#[track_caller]
fn check_estimate(estimate: &Estimate, want: &Value, what: &str) {
    let of = |name: &str| tolerance(FILE, name);
    for_each_part(Some(estimate), want, what, |estimate, part, want, what| {
        let limits = [estimate.low, estimate.high];
        match part {
            "icc" => check_value(estimate.value.clone().ok(), want, of("icc"), what),
            "F" => check_value(estimate.f, want, of("F_rel"), what),
            "df1" => assert_eq!(&json!(estimate.df_1), want, "{what}"),
            "df2" => assert_eq!(&json!(estimate.df_2), want, "{what}"),
            "p" => check_value(estimate.p, want, of("p"), what),
            "ci" => check_values(&limits, want, of("ci"), what),
            "pingouin_ci" => check_values(&limits, want, of("pingouin_ci"), what), // printed with two digits
            _ => return false,
        }
        true
    });
}
