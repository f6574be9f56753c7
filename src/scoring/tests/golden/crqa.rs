//! `crqa.json`: SCIENCE.md 3.7. Its first series is x; `_vert` has it fixed.

use scoring::recurrence::CrossRecurrence;
use scoring::recurrence::profile::diagonal_profile;
use scoring::settings::ProfileMissing;
use serde_json::{Value, json};

use super::{cases, check_absent, check_value, for_each_field, for_each_part, labels, tolerance};

const FILE: &str = "crqa.json";

#[test]
fn cross_recurrence_is_that_of_the_vectors() {
    let abs = tolerance(FILE, "abs");
    for case in cases(FILE) {
        let (x, y) = (labels(&case["x"]), labels(&case["y"]));
        let min = |name: &str| case[name].as_u64().unwrap() as usize;
        let (lmin, vmin) = (min("lmin"), min("vmin"));
        let plot = CrossRecurrence::new(&x, &y);
        for_each_field(case, |field, want, what| {
            let number = |got: Option<f64>| check_value(got, want, abs, what);
            match field {
                "n_points" => assert_eq!(&json!(plot.n_points()), want, "{what}"),
                "RR" => number(plot.recurrence_rate()),
                "DET" => number(plot.determinism(lmin)),
                "L" => number(plot.diagonal.mean(lmin)),
                "Lmax" => assert_eq!(&json!(plot.diagonal.longest(lmin)), want, "{what}"),
                "ENTR" => number(Some(plot.diagonal.entropy_nats(lmin))),
                "n_diag_lines" => assert_eq!(&json!(plot.diagonal.count(lmin)), want, "{what}"),
                "LAM_vert" => number(plot.laminarity(vmin)),
                "TT_vert" => number(plot.vertical.mean(vmin)),
                "Vmax_vert" => assert_eq!(&json!(plot.vertical.longest(vmin)), want, "{what}"),
                "VENTR_vert" => number(Some(plot.vertical.entropy_nats(vmin))),
                "LAM_horiz" => number(plot.horizontal_laminarity(vmin)),
                "TT_horiz" => number(plot.horizontal.mean(vmin)),
                "Vmax_horiz" => assert_eq!(&json!(plot.horizontal.longest(vmin)), want, "{what}"),
                "VENTR_horiz" => number(Some(plot.horizontal.entropy_nats(vmin))),
                "profile" => match case["maxlag"].as_u64() {
                    Some(max_lag) => check_profile(&x, &y, max_lag as usize, want, what),
                    None => check_absent(want, what), // unequal lengths
                },
                "pyrqa" => check_pyrqa(&plot, lmin, vmin, want, what),
                _ => return false,
            }
            true
        });
    }
}

#[track_caller]
fn check_profile(x: &[Option<usize>], y: &[Option<usize>], max_lag: usize, want: &Value, what: &str) {
    // profile.missing = counts
    let profile = diagonal_profile(x, y, max_lag, ProfileMissing::Counts, |a, b| a == b);
    let want = want.as_array().unwrap_or_else(|| panic!("{what}: there is a profile, expected {want}"));
    assert_eq!(profile.len(), want.len(), "{what}");
    for (point, want) in profile.iter().zip(want) {
        let what = format!("{what} at lag {}", point.lag);
        for_each_part(Some(point), want, &what, |point, part, want, what| {
            match part {
                "lag" => assert_eq!(&json!(point.lag), want, "{what}"),
                "rec" => check_value(point.share, want, tolerance(FILE, "abs"), what),
                _ => return false,
            }
            true
        });
    }
}

/// `PyRQA` computes in single precision. Where it gives no number or there is nothing to give one of, it is not ours: its longest
/// lines are 1 for isolated points, and shares 0 without points.
#[track_caller]
fn check_pyrqa(plot: &CrossRecurrence, lmin: usize, vmin: usize, want: &Value, what: &str) {
    let longest = |longest: usize| if longest == 0 && plot.n_points() > 0 { 1.0 } else { longest as f64 };
    for_each_part(Some(plot).filter(|_| !want.is_null()), want, what, |plot, part, want, what| {
        let got = match part {
            "RR" => plot.recurrence_rate(),
            "DET" => Some(plot.determinism(lmin).unwrap_or(0.0)),
            "L" => plot.diagonal.mean(lmin),
            "Lmax" => Some(longest(plot.diagonal.longest(lmin))),
            "ENTR" => Some(plot.diagonal.entropy_nats(lmin)),
            "LAM" => Some(plot.laminarity(vmin).unwrap_or(0.0)),
            "TT" => plot.vertical.mean(vmin),
            "Vmax" => Some(longest(plot.vertical.longest(vmin))),
            "VENTR" => Some(plot.vertical.entropy_nats(vmin)),
            _ => return false,
        };
        if !want.is_null() {
            check_value(got, want, tolerance(FILE, "pyrqa"), what);
        }
        true
    });
}
