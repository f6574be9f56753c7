//! `kappa.json`: SCIENCE.md 4.2, 4.5 and 4.7 on the labels of two coders.

use scoring::agreement::alpha::{Coincidences, Metric, alpha};
use scoring::agreement::gwet::{ac1, ac2};
use scoring::agreement::iid::{Ac1Divisor, ac1_std_err, kappa_errors};
use scoring::agreement::kappa::kappa;
use scoring::agreement::scott::scott_pi;
use scoring::agreement::table::Confusion;
use scoring::agreement::uniform::{brennan_prediger, pabak};
use scoring::agreement::weighted::{Weighting, weighted_kappa};
use serde_json::json;

use super::{cases, check_value, for_each_field, labels, tolerance};

const FILE: &str = "kappa.json";

#[test]
fn agreement_of_two_coders_is_that_of_the_vectors() {
    let (abs, of_errors) = (tolerance(FILE, "abs"), tolerance(FILE, "se"));
    for case in cases(FILE) {
        let n_codes = case["K"].as_u64().unwrap() as usize; // declared, used or not
        let table = Confusion::from_labels(n_codes, &labels(&case["a"]), &labels(&case["b"]));
        let kappa = kappa(&table);
        // se.iid: the labels of these cases count as independent
        let errors = |weighting| kappa_errors(&table, weighting).ok();
        let plain = errors(Weighting::Identity);
        let coincidences = Coincidences::from_table(&table);
        for_each_field(case, |field, want, what| {
            let value = |got: Option<f64>| check_value(got, want, abs, what);
            let error = |got: Option<f64>| check_value(got, want, of_errors, what);
            match field {
                "n" => value(Some(table.total())),
                "table" => {
                    let rows: Vec<Vec<u64>> =
                        table.rows().map(|row| row.iter().map(|cell| *cell as u64).collect()).collect();
                    assert_eq!(&json!(rows), want, "{what}");
                }
                "po" => value(kappa.po),
                "pe" => value(kappa.pe),
                "kappa" => value(kappa.value),
                "kappa_max" => value(kappa.max),
                "percent_agreement" => value(table.percent_agreement()),
                "kappa_linear" => value(weighted_kappa(&table, Weighting::Linear).value),
                "kappa_quadratic" => value(weighted_kappa(&table, Weighting::Quadratic).value),
                "scott_pi" => value(scott_pi(&table).value),
                "ac1" => value(ac1(&table).value),
                "ac2_linear" => value(ac2(&table, Weighting::Linear).value),
                "ac2_quadratic" => value(ac2(&table, Weighting::Quadratic).value),
                "brennan_prediger" => value(brennan_prediger(&table).value),
                "pabak" => value(pabak(&table).ok()),
                "alpha_nominal" => value(alpha(&coincidences, Metric::Nominal).ok()),
                "se" => error(plain.map(|errors| errors.std_err)),
                "se0" => error(plain.map(|errors| errors.std_err_h0)),
                "ci_low" => error(plain.map(|errors| errors.low)),
                "ci_high" => error(plain.map(|errors| errors.high)),
                "z0" => error(plain.and_then(|errors| errors.z0)),
                "se_linear" => error(errors(Weighting::Linear).map(|errors| errors.std_err)),
                "se_quadratic" => error(errors(Weighting::Quadratic).map(|errors| errors.std_err)),
                "se0_linear" => error(errors(Weighting::Linear).map(|errors| errors.std_err_h0)),
                "se0_quadratic" => error(errors(Weighting::Quadratic).map(|errors| errors.std_err_h0)),
                "ac1_se" | "ac1_se_table" if want.is_null() && table.total() > 20_000.0 => {} // not produced
                "ac1_se" => error(ac1_std_err(&table, Ac1Divisor::NMinusOne).ok()),
                "ac1_se_table" => error(ac1_std_err(&table, Ac1Divisor::N).ok()),
                _ => return false,
            }
            true
        });
    }
}
