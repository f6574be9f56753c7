//! `fleiss.json`: SCIENCE.md 4.7.

use scoring::agreement::fleiss::Fleiss;

use super::{cases, check_value, check_values, for_each_field};

#[test]
fn agreement_of_many_coders_is_that_of_the_vectors() {
    for case in cases("fleiss.json") {
        let counts: Vec<Vec<u32>> = serde_json::from_value(case["counts"].clone()).unwrap();
        let fleiss = Fleiss::new(&counts).unwrap();
        for_each_field(&case, |field, want, what| {
            match field {
                "fleiss_kappa" => check_value(fleiss.kappa.value, want, 1e-9, what),
                "randolph_kappa" => check_value(fleiss.randolph.value, want, 1e-9, what),
                "se0" => check_value(fleiss.std_err_h0().ok(), want, 1e-9, what), // se.iid
                "per_category" => check_values(&fleiss.per_code, want, 1e-9, what),
                _ => return false,
            }
            true
        });
    }
}
