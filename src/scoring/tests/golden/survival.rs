//! `survival.json`: SCIENCE.md 2.3.

use scoring::repair::compare::{cox, log_rank};
use scoring::repair::survival::{KaplanMeier, Lifetime};
use scoring::settings::{KmLimitsAtZero, KmMedian};
use serde_json::{Value, json};
use span::Length;

use super::{cases, check_value, check_values, for_each_field, for_each_part, millis, numbers, tolerance};

const FILE: &str = "survival.json";

/// From so many on the vectors leave the restricted mean out.
const N_WITHOUT_MEAN: usize = 10_000;

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
    let abs = tolerance(FILE, "abs");
    for case in cases(FILE) {
        let lifetimes = lifetimes(case);
        let ours = KaplanMeier::new(&lifetimes, KmLimitsAtZero::Zero); // median, median_ci: first, zero
        let like_r = KaplanMeier::new(&lifetimes, KmLimitsAtZero::Absent); // the fields with _r: midpoint, absent
        for_each_field(case, |field, want, what| {
            match field {
                "km_every" => assert!(want.as_u64().is_some_and(|every| every > 0), "{what}"),
                "km" => {
                    let every = case["expected"]["km_every"].as_u64().unwrap_or(1).max(1);
                    check_rows(&ours, want, every as usize, abs, what);
                }
                "median" => check_value(in_ms(ours.quantile_secs(0.5, KmMedian::First)), want, abs, what),
                "median_r" => check_value(in_ms(like_r.quantile_secs(0.5, KmMedian::Midpoint)), want, abs, what),
                "q25" => check_value(in_ms(ours.quantile_secs(0.25, KmMedian::First)), want, abs, what),
                "q75" => check_value(in_ms(ours.quantile_secs(0.75, KmMedian::First)), want, abs, what),
                "median_ci" | "median_ci_r" => {
                    let (low, high) = if field == "median_ci" { &ours } else { &like_r }.median_limits_secs();
                    check_values(&[in_ms(low), in_ms(high)], want, abs, what);
                }
                // km.tau = last
                "rmst_at" => check_value(in_ms(ours.longest().map(Length::as_secs)), want, abs, what),
                "rmst" if want.is_null() && lifetimes.len() >= N_WITHOUT_MEAN => {} // not produced
                "rmst" => {
                    let mean = ours.longest().and_then(|tau| ours.restricted_mean_secs(tau));
                    check_value(in_ms(mean), want, abs, what);
                }
                "logrank" => {
                    let test = log_rank(&group(case, &lifetimes, 1.0), &group(case, &lifetimes, 0.0));
                    for_each_part(test.as_ref(), want, what, |test, part, want, what| {
                        match part {
                            "chi2" => check_value(Some(test.chi2), want, abs, what),
                            "p" => check_value(Some(test.p), want, abs, what),
                            _ => return false,
                        }
                        true
                    });
                }
                "cox_efron" => check_cox(case, &lifetimes, want, what),
                _ => return false,
            }
            true
        });
    }
}

#[track_caller]
fn check_rows(km: &KaplanMeier, want: &Value, every: usize, abs: f64, what: &str) {
    let want = want.as_array().unwrap_or_else(|| panic!("{what}: there are rows, expected {want}"));
    let rows: Vec<_> = km.rows().iter().step_by(every).collect();
    assert_eq!(rows.len(), want.len(), "{what}");
    for (row, want) in rows.iter().zip(want) {
        for_each_part(Some(row), want, what, |row, part, want, what| {
            match part {
                "t" => assert_eq!(Some(row.time), want.as_f64().map(|_| millis(want)), "{what}"),
                "at_risk" => assert_eq!(&json!(row.at_risk), want, "{what}"),
                "events" => assert_eq!(&json!(row.events), want, "{what}"),
                "S" => check_value(Some(row.survival), want, abs, what),
                "ci_low" => check_value(row.low, want, abs, what),
                "ci_high" => check_value(row.high, want, abs, what),
                _ => return false,
            }
            true
        });
    }
}

#[track_caller]
fn check_cox(case: &Value, lifetimes: &[Lifetime], want: &Value, what: &str) {
    let covariates: Option<Vec<f64>> = numbers(&case["group"]).into_iter().collect();
    let cox = covariates.and_then(|covariates| cox(lifetimes, &covariates));
    // the case's own, where it is narrower than the file's
    let within = want["tolerance"].as_f64().unwrap_or_else(|| tolerance(FILE, "cox"));
    for_each_part(cox.as_ref(), want, what, |cox, part, want, what| {
        match part {
            "coef" => check_value(Some(cox.coef), want, within, what),
            "se" => check_value(Some(cox.std_err), want, within, what),
            "loglik" => check_value(Some(cox.log_likelihood), want, within, what),
            "tolerance" | "lifelines_coef" | "lifelines_se" => {} // information only: that program stops early
            _ => return false,
        }
        true
    });
}
