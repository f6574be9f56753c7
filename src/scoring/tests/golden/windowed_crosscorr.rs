//! `windowed_crosscorr.json`: SCIENCE.md 3.3, ours. Its first series is x.

use scoring::synchrony::windowed::{WindowRules, WindowedCorrelation};
use serde_json::json;

use super::{cases, check_value, check_values, for_each_field, for_each_part, numbers, tolerance};

const FILE: &str = "windowed_crosscorr.json";

#[test]
fn windowed_correlation_is_that_of_the_vectors() {
    let tolerance = tolerance(FILE, "abs");
    for case in cases(FILE) {
        let (x, y) = (numbers(&case["x"]), numbers(&case["y"]));
        let units = |name: &str| case[name].as_u64().unwrap() as usize;
        let rules = WindowRules {
            window: units("window"),
            max_lag: units("max_lag"),
            window_inc: units("window_inc"),
            lag_inc: units("lag_inc"),
            min_pairs: 6,
        };
        let windowed = WindowedCorrelation::new(&x, &y, rules);
        let peaks = windowed.peaks(units("peak_halfwidth")); // wcc.peak = raw
        let summary = windowed.summary(&peaks);
        for_each_field(case, |field, want, what| {
            match field {
                "n_rows" => assert_eq!(&json!(windowed.n_rows()), want, "{what}"),
                "lags" => assert_eq!(&json!(windowed.lags()), want, "{what}"),
                "r" => {
                    let want = want.as_array().unwrap_or_else(|| panic!("{what}: there are rows, expected {want}"));
                    assert_eq!(windowed.n_rows(), want.len(), "{what}");
                    for (row, want) in want.iter().enumerate() {
                        let got: Vec<_> = windowed.row(row).collect();
                        check_values(&got, want, tolerance, &format!("{what}[{row}]"));
                    }
                }
                "peaks" => {
                    let want = want.as_array().unwrap_or_else(|| panic!("{what}: there are rows, expected {want}"));
                    assert_eq!(peaks.len(), want.len(), "{what}");
                    for (row, (got, want)) in peaks.iter().zip(want).enumerate() {
                        for_each_part(got.as_ref(), want, &format!("{what}[{row}]"), |peak, part, want, what| {
                            match part {
                                "lag" => check_value(Some(peak.lag), want, 0.0, what),
                                "r" => check_value(Some(peak.r), want, tolerance, what),
                                _ => return false,
                            }
                            true
                        });
                    }
                }
                "n_peaks" => assert_eq!(&json!(summary.n_peaks), want, "{what}"),
                "mean_abs_fisher_z" => check_value(summary.mean_abs_z, want, tolerance, what),
                "mean_peak_lag" => check_value(summary.mean_lag, want, tolerance, what),
                "mean_peak_r" => check_value(summary.mean_r, want, tolerance, what),
                _ => return false,
            }
            true
        });
    }
}
