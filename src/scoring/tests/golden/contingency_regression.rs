//! `contingency_regression.json`: SCIENCE.md 3.4, `contingency.form = lags`, and the mixed model.

use scoring::contingency::mixed::{Estimation, MixedModel, MixedRow, random_intercept};
use scoring::contingency::weighted::{Coefficient, PastForm, Regression, Trend, regression};
use serde_json::{Value, json};

use super::{cases, cases_of, check_absent, check_value, for_each_field, for_each_part, golden, numbers, tolerance};

const FILE: &str = "contingency_regression.json";

#[test]
fn contingency_by_lags_is_that_of_the_vectors() {
    let tolerance = tolerance(FILE, "ols_rel");
    for case in cases(FILE) {
        let (x, y) = (numbers(&case["x"]), numbers(&case["y"]));
        let form = PastForm::Lags(case["order"].as_u64().unwrap() as usize);
        for_each_field(case, |field, want, what| {
            let fit = match field {
                "y_on_self_and_x" => regression(&y, &x, &form, Trend::None), // outcome y
                "x_on_self_and_y" => regression(&x, &y, &form, Trend::None),
                _ => return false,
            };
            check_regression(fit.as_ref().ok(), want, tolerance, what);
            true
        });
    }
}

#[track_caller]
fn check_regression(fit: Option<&Regression>, want: &Value, tolerance: f64, what: &str) {
    for_each_part(fit, want, what, |fit, part, want, what| {
        let lag = |start: &str| part.strip_prefix(start)?.parse::<usize>().ok()?.checked_sub(1);
        match part {
            "const" => check_coefficient(Some(&fit.constant), want, tolerance, what),
            "r2" => check_value(Some(fit.r2), want, tolerance, what),
            "df_resid" => check_value(Some(fit.df as f64), want, 0.0, what),
            "n" => assert_eq!(&json!(fit.n), want, "{what}"),
            "sigma2" => check_value(Some(fit.variance), want, tolerance, what),
            _ => match (lag("self_l"), lag("partner_l")) {
                (Some(lag), _) => check_coefficient(fit.own.get(lag), want, tolerance, what),
                (_, Some(lag)) => check_coefficient(fit.partner.get(lag), want, tolerance, what),
                _ => return false,
            },
        }
        true
    });
}

/// Relative, however small it is.
#[track_caller]
fn check_coefficient(got: Option<&Coefficient>, want: &Value, tolerance: f64, what: &str) {
    for_each_part(got, want, what, |got, part, want, what| {
        let got = match part {
            "b" => Some(got.b),
            "se" => Some(got.std_err),
            "t" => got.t,
            "p" => got.p,
            _ => return false,
        };
        check_value(got, want, tolerance, what);
        if let Some((got, want)) = got.zip(want.as_f64()) {
            assert!((got - want).abs() <= tolerance * want.abs(), "{what}: got {got}, expected {want}, relative");
        }
        true
    });
}

#[test]
fn the_mixed_model_is_that_of_the_vectors() {
    let data: Vec<Vec<f64>> = golden(FILE)["mixed_data"].as_array().unwrap().iter().map(row).collect();
    for case in cases_of(FILE, "mixed_cases") {
        let predictors = predictors(case["formula"].as_str().unwrap());
        let rows: Vec<MixedRow> = data
            .iter()
            .map(|row| MixedRow {
                group: row[0] as usize,
                outcome: row[1],
                predictors: predictors.iter().map(|(_, column)| row[*column]).collect(),
            })
            .collect();
        let estimation = if case["reml"].as_bool().unwrap() { Estimation::Reml } else { Estimation::Ml };
        let model = random_intercept(&rows, estimation).ok();
        for_each_field(case, |field, want, what| {
            let Some(model) = &model else {
                match field {
                    "converged" => assert_eq!(want, false, "{what}"),
                    _ => check_absent(want, what),
                }
                return true;
            };
            let relative = tolerance(FILE, "mixed_var_rel") * want.as_f64().map_or(1.0, |want| want.min(1.0));
            match field {
                "fixed" => check_fixed(model, &predictors, want, what),
                "var_intercept" => check_value(Some(model.group_variance), want, relative, what),
                "var_resid" => check_value(Some(model.variance), want, relative, what),
                "loglik" => check_value(Some(model.log_likelihood), want, tolerance(FILE, "loglik"), what),
                "converged" => assert_eq!(want, true, "{what}"),
                _ => return false,
            }
            true
        });
    }
}

#[track_caller]
fn check_fixed(model: &MixedModel, predictors: &[(&str, usize)], want: &Value, what: &str) {
    assert_eq!(want.as_object().map(serde_json::Map::len), Some(model.fixed.len()), "{what}");
    for_each_part(Some(model), want, what, |model, name, want, what| {
        let place = predictors.iter().position(|(known, _)| *known == name).map(|place| place + 1);
        let Some(place) = place.or_else(|| (name == "Intercept").then_some(0)) else { return false };
        for_each_part(Some(&model.fixed[place]), want, what, |got, part, want, what| {
            match part {
                "b" => check_value(Some(got.b), want, tolerance(FILE, "mixed_fixed"), what),
                "se" => check_value(Some(got.std_err), want, tolerance(FILE, "mixed_se"), what),
                _ => return false,
            }
            true
        });
        true
    });
}

/// The columns of the data that a formula such as `y ~ self + partner + (1|dyad)` names.
fn predictors(formula: &str) -> Vec<(&str, usize)> {
    let terms = formula.strip_prefix("y ~ ").and_then(|terms| terms.strip_suffix(" + (1|dyad)"));
    let terms = terms.unwrap_or_else(|| panic!("no test knows the formula {formula}")).split(" + ");
    let column = |term| match term {
        "self" => 2,
        "partner" => 3,
        _ => panic!("no test knows {term} of {formula}"),
    };
    terms.filter(|term| *term != "1").map(|term| (term, column(term))).collect()
}

fn row(value: &Value) -> Vec<f64> {
    numbers(value).into_iter().map(Option::unwrap).collect()
}
