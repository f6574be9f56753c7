//! `information.json`: SCIENCE.md 3.9, mutual information and transfer entropy, in bits.

use scoring::information::mutual::{MutualInformation, MutualNorm};
use scoring::information::transfer::TransferEntropy;
use serde_json::Value;

use super::{cases, check_value, digits, for_each_field, golden};

const FILE: &str = "information.json";

#[test]
fn information_is_that_of_the_vectors() {
    let tolerance = golden(FILE)["tolerance"]["abs"].as_f64().unwrap();
    for case in cases(FILE) {
        let (x, y) = (digits(&case["x"]), digits(&case["y"]));
        let mutual = MutualInformation::new(&x, &y, 0).unwrap();
        for_each_field(&case, |field, want, what| {
            let got = match field {
                "H_x" => Some(mutual.first_entropy),
                "H_y" => Some(mutual.second_entropy),
                "H_xy" => Some(mutual.joint_entropy),
                "mi_bits" => Some(mutual.bits),
                "nmi_arithmetic" => mutual.normalised(MutualNorm::Arithmetic), // mi.norm = arithmetic
                "te" => {
                    check_transfer(&x, &y, want, tolerance, what);
                    return true;
                }
                "lagged_mi_bits" => {
                    for entry in want.as_array().unwrap() {
                        assert_eq!(entry.as_object().unwrap().len(), 2, "{what} has lag and mi");
                        let lag = entry["lag"].as_i64().unwrap();
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
    for (history, want) in want.as_object().unwrap() {
        let history: usize = history.parse().unwrap();
        for (direction, want) in want.as_object().unwrap() {
            let transfer = match direction.as_str() {
                "x_to_y" => TransferEntropy::new(x, y, history),
                "y_to_x" => TransferEntropy::new(y, x, history),
                _ => panic!("{what}: no test compares '{direction}'"),
            };
            check_value(
                transfer.map(|transfer| transfer.bits),
                want,
                tolerance,
                &format!("{what} {history} {direction}"),
            );
        }
    }
}
