//! `continuous_agreement.json`: SCIENCE.md 4.7 on numbers.

use scoring::agreement::bland_altman::BlandAltman;
use scoring::agreement::concordance::Concordance;
use scoring::settings::LinMoments;
use serde_json::{Value, json};

use super::{cases, check_absent, check_value, check_values, for_each_field, for_each_part, numbers, tolerance};

const FILE: &str = "continuous_agreement.json";

#[test]
fn agreement_of_numbers_is_that_of_the_vectors() {
    let tolerance = tolerance(FILE, "abs");
    for case in cases(FILE) {
        let (x, y) = (numbers(&case["x"]), numbers(&case["y"]));
        let by_n = Concordance::new(&x, &y, LinMoments::N);
        let by_n1 = Concordance::new(&x, &y, LinMoments::NMinusOne);
        let differences = BlandAltman::new(&x, &y).ok();
        for_each_field(case, |field, want, what| {
            let value = |got: Option<f64>| check_value(got, want, tolerance, what);
            match field {
                "n" => {
                    assert_eq!(&json!(by_n.n), want, "{what}");
                    assert_eq!(differences.as_ref().map_or(0, |differences| differences.n), by_n.n, "{what}");
                }
                "lin_ccc_n" => value(by_n.value.clone().ok()),
                "lin_ccc_n1" => value(by_n1.value.clone().ok()),
                "pearson" => value(by_n.pearson.clone().ok()),
                "cb_n" => value(by_n.bias_factor.clone().ok()),
                "mae" => value(differences.as_ref().map(|differences| differences.mean_absolute)),
                "rmse" => value(differences.as_ref().map(|differences| differences.root_mean_square)),
                "bland_altman" => check_differences(differences.as_ref(), want, tolerance, what),
                _ => return false,
            }
            true
        });
    }
}

#[track_caller]
fn check_differences(differences: Option<&BlandAltman>, want: &Value, tolerance: f64, what: &str) {
    for_each_part(differences, want, what, |differences, part, want, what| {
        let value = |got: Option<f64>| check_value(got, want, tolerance, what);
        match part {
            "mean_diff" => value(Some(differences.mean)),
            "sd_diff" => value(differences.sd),
            "loa_low" => value(differences.limits.map(|[low, _]| low)),
            "loa_high" => value(differences.limits.map(|[_, high]| high)),
            "mean_diff_ci" => match differences.mean_limits {
                Some(limits) => check_values(&limits.map(Some), want, tolerance, what),
                None => check_absent(want, what),
            },
            "loa_se_bland1999" => value(differences.limit_std_err),
            "slope_diff_on_mean" => value(differences.slope),
            _ => return false,
        }
        true
    });
}
