//! `contingency_regression.json`: SCIENCE.md 3.4, `contingency.form = lags`, and the mixed model.

use scoring::contingency::mixed::{Estimation, MixedRow, random_intercept};
use scoring::contingency::weighted::{Coefficient, PastForm, Regression, Trend, regression};
use serde_json::{Value, json};

use super::{cases, check_value, for_each_field, golden, numbers};

const FILE: &str = "contingency_regression.json";

#[test]
fn contingency_by_lags_is_that_of_the_vectors() {
    let tolerance = golden(FILE)["tolerance"]["ols_rel"].as_f64().unwrap();
    for case in cases(FILE) {
        let (x, y) = (numbers(&case["x"]), numbers(&case["y"]));
        let form = PastForm::Lags(case["order"].as_u64().unwrap() as usize);
        for_each_field(&case, |field, want, what| {
            let fit = match field {
                "y_on_self_and_x" => regression(&y, &x, &form, Trend::None), // outcome y
                "x_on_self_and_y" => regression(&x, &y, &form, Trend::None),
                _ => return false,
            };
            check_regression(&fit.unwrap(), want, tolerance, what);
            true
        });
    }
}

#[track_caller]
fn check_regression(fit: &Regression, want: &Value, tolerance: f64, what: &str) {
    for (field, want) in want.as_object().unwrap() {
        let what = format!("{what}.{field}");
        let lag = |start: &str| field.strip_prefix(start).map(|lag| lag.parse::<usize>().unwrap() - 1);
        match field.as_str() {
            "const" => check_coefficient(&fit.constant, want, tolerance, &what),
            "r2" => check_value(Some(fit.r2), want, tolerance, &what),
            "df_resid" => check_value(Some(fit.df as f64), want, 0.0, &what),
            "n" => assert_eq!(&json!(fit.n), want, "{what}"),
            "sigma2" => check_value(Some(fit.variance), want, tolerance, &what),
            _ => match (lag("self_l"), lag("partner_l")) {
                (Some(lag), _) => check_coefficient(&fit.own[lag], want, tolerance, &what),
                (_, Some(lag)) => check_coefficient(&fit.partner[lag], want, tolerance, &what),
                _ => panic!("no test compares '{what}'"),
            },
        }
    }
}

#[track_caller]
fn check_coefficient(got: &Coefficient, want: &Value, tolerance: f64, what: &str) {
    for (field, want) in want.as_object().unwrap() {
        let got = match field.as_str() {
            "b" => Some(got.b),
            "se" => Some(got.std_err),
            "t" => got.t,
            "p" => got.p,
            _ => panic!("{what}: no test compares '{field}'"),
        };
        check_value(got, want, tolerance, what);
        let (got, want) = (got.unwrap(), want.as_f64().unwrap());
        assert!((got / want - 1.0).abs() < tolerance, "{what}.{field}: got {got}, expected {want}, relative");
    }
}

#[test]
fn the_mixed_model_is_that_of_the_vectors() {
    let file = golden(FILE);
    let tolerance = |field: &str| file["tolerance"][field].as_f64().unwrap();
    let data: Vec<Vec<f64>> = file["mixed_data"].as_array().unwrap().iter().map(row).collect();
    for case in file["mixed_cases"].as_array().unwrap() {
        let n_predictors = match case["formula"].as_str().unwrap() {
            "y ~ self + partner + (1|dyad)" => 2,
            "y ~ 1 + (1|dyad)" => 0,
            other => panic!("no test knows the formula {other}"),
        };
        let rows: Vec<MixedRow> = data
            .iter()
            .map(|row| MixedRow {
                group: row[0] as usize,
                outcome: row[1],
                predictors: row[2..2 + n_predictors].to_vec(),
            })
            .collect();
        let estimation = if case["reml"].as_bool().unwrap() { Estimation::Reml } else { Estimation::Ml };
        let model = random_intercept(&rows, estimation).unwrap();
        for_each_field(case, |field, want, what| {
            let relative = |want: &Value| tolerance("mixed_var_rel") * want.as_f64().unwrap().min(1.0);
            match field {
                "fixed" => {
                    assert_eq!(want.as_object().unwrap().len(), model.fixed.len(), "{what}");
                    for (name, want) in want.as_object().unwrap() {
                        let place = ["Intercept", "self", "partner"].iter().position(|known| known == name).unwrap();
                        assert_eq!(want.as_object().unwrap().len(), 2, "{what} has b and se");
                        check_value(Some(model.fixed[place].b), &want["b"], tolerance("mixed_fixed"), what);
                        check_value(Some(model.fixed[place].std_err), &want["se"], tolerance("mixed_se"), what);
                    }
                }
                "var_intercept" => check_value(Some(model.group_variance), want, relative(want), what),
                "var_resid" => check_value(Some(model.variance), want, relative(want), what),
                "loglik" => check_value(Some(model.log_likelihood), want, tolerance("loglik"), what),
                "converged" => assert_eq!(want, true, "{what}"),
                _ => return false,
            }
            true
        });
    }
}

fn row(value: &Value) -> Vec<f64> {
    numbers(value).into_iter().map(Option::unwrap).collect()
}
