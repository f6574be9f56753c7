//! `survival.json`: SCIENCE.md 2.3.

use scoring::repair::compare::{cox, log_rank};
use scoring::repair::survival::{KaplanMeier, Lifetime};
use scoring::settings::{KmLimitsAtZero, KmMedian};
use serde_json::{Value, json};
use span::Length;

use super::{cases, check_value, check_values, for_each_field, millis, numbers};

fn lifetimes(case: &Value) -> Vec<Lifetime> {
    let events = case["event"].as_array().unwrap().iter();
    let times = case["time"].as_array().unwrap().iter();
    times.zip(events).map(|(time, event)| Lifetime { time: millis(time), is_event: event == 1 }).collect()
}

fn group(case: &Value, lifetimes: &[Lifetime], which: f64) -> Vec<Lifetime> {
    let groups = numbers(&case["group"]);
    lifetimes.iter().zip(groups).filter(|(_, group)| *group == Some(which)).map(|(lifetime, _)| *lifetime).collect()
}

#[test]
fn survival_is_that_of_the_vectors() {
    let in_ms = |secs: Option<f64>| secs.map(|secs| secs * 1000.0);
    for case in cases("survival.json") {
        let lifetimes = lifetimes(&case);
        let ours = KaplanMeier::new(&lifetimes, KmLimitsAtZero::Zero); // median, median_ci: first, zero
        let like_r = KaplanMeier::new(&lifetimes, KmLimitsAtZero::Absent); // the fields with _r: midpoint, absent
        let id = case["id"].as_str().unwrap();
        for_each_field(&case, |field, want, what| {
            match field {
                "km_every" => assert!(want.as_u64().unwrap() > 0, "{what}"),
                "km" => check_rows(&ours, want, case["expected"]["km_every"].as_u64().unwrap() as usize, what),
                "median" => check_value(in_ms(ours.quantile_secs(0.5, KmMedian::First)), want, 1e-8, what),
                "median_r" => check_value(in_ms(like_r.quantile_secs(0.5, KmMedian::Midpoint)), want, 1e-8, what),
                "q25" => check_value(in_ms(ours.quantile_secs(0.25, KmMedian::First)), want, 1e-8, what),
                "q75" => check_value(in_ms(ours.quantile_secs(0.75, KmMedian::First)), want, 1e-8, what),
                "median_ci" | "median_ci_r" => {
                    let (low, high) = if field == "median_ci" { &ours } else { &like_r }.median_limits_secs();
                    check_values(&[in_ms(low), in_ms(high)], want, 1e-8, what);
                }
                // km.tau = last
                "rmst_at" => check_value(in_ms(ours.longest().map(Length::as_secs)), want, 1e-8, what),
                "rmst" if want.is_null() => assert_eq!(id, "random_10000", "only this case does not produce it"),
                "rmst" => {
                    let mean = ours.longest().and_then(|tau| ours.restricted_mean_secs(tau));
                    check_value(in_ms(mean), want, 1e-8, what);
                }
                "logrank" => {
                    let test = log_rank(&group(&case, &lifetimes, 1.0), &group(&case, &lifetimes, 0.0)).unwrap();
                    assert_eq!(want.as_object().unwrap().len(), 2, "{what} has chi2 and p");
                    check_value(Some(test.chi2), &want["chi2"], 1e-8, what);
                    check_value(Some(test.p), &want["p"], 1e-8, what);
                }
                "cox_efron" => check_cox(&case, &lifetimes, want, what),
                _ => return false,
            }
            true
        });
    }
}

#[track_caller]
fn check_rows(km: &KaplanMeier, want: &Value, every: usize, what: &str) {
    let want = want.as_array().unwrap();
    let rows: Vec<_> = km.rows().iter().step_by(every).collect();
    assert_eq!(rows.len(), want.len(), "{what}");
    for (row, want) in rows.iter().zip(want) {
        for (field, want) in want.as_object().unwrap() {
            match field.as_str() {
                "t" => assert_eq!(row.time, millis(want), "{what}"),
                "at_risk" => assert_eq!(&json!(row.at_risk), want, "{what}"),
                "events" => assert_eq!(&json!(row.events), want, "{what}"),
                "S" => check_value(Some(row.survival), want, 1e-8, what),
                "ci_low" => check_value(row.low, want, 1e-8, what),
                "ci_high" => check_value(row.high, want, 1e-8, what),
                _ => panic!("{what}: no test compares '{field}'"),
            }
        }
    }
}

#[track_caller]
fn check_cox(case: &Value, lifetimes: &[Lifetime], want: &Value, what: &str) {
    let covariates: Vec<f64> = numbers(&case["group"]).into_iter().map(Option::unwrap).collect();
    let cox = cox(lifetimes, &covariates).unwrap();
    for (field, want) in want.as_object().unwrap() {
        match field.as_str() {
            "coef" => check_value(Some(cox.coef), want, 1e-6, what),
            "se" => check_value(Some(cox.std_err), want, 1e-6, what),
            "loglik" => check_value(Some(cox.log_likelihood), want, 1e-6, what),
            "tolerance" => assert_eq!(want, 1e-6, "{what}"),
            "lifelines_coef" | "lifelines_se" => {} // information only: that program stops early
            _ => panic!("{what}: no test compares '{field}'"),
        }
    }
}
