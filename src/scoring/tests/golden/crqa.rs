//! `crqa.json`: SCIENCE.md 3.7. Its first series is x; `_vert` has it fixed.

use scoring::recurrence::CrossRecurrence;
use scoring::recurrence::profile::diagonal_profile;
use scoring::settings::ProfileMissing;
use serde_json::{Value, json};

use super::{cases, check_value, for_each_field, labels};

#[test]
fn cross_recurrence_is_that_of_the_vectors() {
    for case in cases("crqa.json") {
        let (x, y) = (labels(&case["x"]), labels(&case["y"]));
        let min = |name: &str| case[name].as_u64().unwrap() as usize;
        let (lmin, vmin) = (min("lmin"), min("vmin"));
        let plot = CrossRecurrence::new(&x, &y);
        for_each_field(&case, |field, want, what| {
            let number = |got: Option<f64>| check_value(got, want, 1e-9, what);
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
                "profile" => check_profile(&x, &y, case["maxlag"].as_u64().unwrap() as usize, want, what),
                "pyrqa" => check_pyrqa(&plot, lmin, vmin, want, what),
                _ => return false,
            }
            true
        });
    }
}

fn check_profile(x: &[Option<usize>], y: &[Option<usize>], max_lag: usize, want: &Value, what: &str) {
    // profile.missing = counts
    let profile = diagonal_profile(x, y, max_lag, ProfileMissing::Counts, |a, b| a == b);
    let want = want.as_array().unwrap();
    assert_eq!(profile.len(), want.len(), "{what}");
    for (point, want) in profile.iter().zip(want) {
        let what = format!("{what} at lag {}", point.lag);
        assert_eq!(want.as_object().unwrap().len(), 2, "{what} has lag and rec");
        assert_eq!(json!(point.lag), want["lag"], "{what}");
        check_value(point.share, &want["rec"], 1e-9, &what);
    }
}

/// `PyRQA` computes in single precision. Where it gives no number or there is nothing to give one of, it is not ours: its longest
/// lines are 1 for isolated points, and shares 0 without points.
fn check_pyrqa(plot: &CrossRecurrence, lmin: usize, vmin: usize, want: &Value, what: &str) {
    for (field, want) in want.as_object().unwrap() {
        let what = format!("{what}.{field}");
        let longest = |longest: usize| if longest == 0 && plot.n_points() > 0 { 1.0 } else { longest as f64 };
        let got = match field.as_str() {
            "RR" => plot.recurrence_rate(),
            "DET" => Some(plot.determinism(lmin).unwrap_or(0.0)),
            "L" => plot.diagonal.mean(lmin),
            "Lmax" => Some(longest(plot.diagonal.longest(lmin))),
            "ENTR" => Some(plot.diagonal.entropy_nats(lmin)),
            "LAM" => Some(plot.laminarity(vmin).unwrap_or(0.0)),
            "TT" => plot.vertical.mean(vmin),
            "Vmax" => Some(longest(plot.vertical.longest(vmin))),
            "VENTR" => Some(plot.vertical.entropy_nats(vmin)),
            _ => panic!("{what}: no test compares it"),
        };
        if !want.is_null() {
            check_value(got, want, 1e-5, &what);
        }
    }
}
