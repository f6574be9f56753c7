//! `information.json`: SCIENCE.md 3.9, mutual information and transfer entropy, in bits.

use scoring::information::mutual::{MutualInformation, MutualNorm};
use scoring::information::transfer::TransferEntropy;
use serde_json::Value;

use super::{cases, check_value, for_each_field, for_each_part, labels, tolerance};

const FILE: &str = "information.json";

#[test]
fn information_is_that_of_the_vectors() {
    let tolerance = tolerance(FILE, "abs");
    for case in cases(FILE) {
        let (x, y) = (labels(&case["x"]), labels(&case["y"]));
        let mutual = MutualInformation::new(&x, &y, 0);
        for_each_field(case, |field, want, what| {
            let got = match field {
                "H_x" => mutual.map(|mutual| mutual.first_entropy),
                "H_y" => mutual.map(|mutual| mutual.second_entropy),
                "H_xy" => mutual.map(|mutual| mutual.joint_entropy),
                "mi_bits" => mutual.map(|mutual| mutual.bits),
                "nmi_arithmetic" => mutual.and_then(|mutual| mutual.normalised(MutualNorm::Arithmetic)), // mi.norm = arithmetic
                "te" => {
                    check_transfer(&x, &y, want, tolerance, what);
                    return true;
                }
                "lagged_mi_bits" => {
                    for entry in want.as_array().unwrap_or_else(|| panic!("{what}: expected {want}")) {
                        assert_eq!(entry.as_object().map(serde_json::Map::len), Some(2), "{what} has lag and mi");
                        let lag = entry["lag"].as_i64().unwrap_or_else(|| panic!("{what}: no lag {}", entry["lag"]));
                        let got = MutualInformation::new(&x, &y, lag).map(|mutual| mutual.bits);
                        check_value(got, &entry["mi"], tolerance, &format!("{what} at {lag}"));
                    }
                    return true;
                }
                _ => return false,
            };
            check_value(got, want, tolerance, what);
            true
        });
    }
}

#[track_caller]
fn check_transfer(x: &[Option<usize>], y: &[Option<usize>], want: &Value, tolerance: f64, what: &str) {
    for_each_part(Some(&()), want, what, |(), history, want, what| {
        let Ok(history) = history.parse::<usize>() else { return false };
        for_each_part(Some(&()), want, what, |(), direction, want, what| {
            let transfer = match direction {
                "x_to_y" => TransferEntropy::new(x, y, history),
                "y_to_x" => TransferEntropy::new(y, x, history),
                _ => return false,
            };
            check_value(transfer.map(|transfer| transfer.bits), want, tolerance, what);
            true
        });
        true
    });
}
