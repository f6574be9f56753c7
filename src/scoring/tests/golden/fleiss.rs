//! `fleiss.json`: SCIENCE.md 4.7.

use scoring::agreement::fleiss::Fleiss;

use super::{cases, check_absent, check_value, check_values, for_each_field, tolerance};

const FILE: &str = "fleiss.json";

#[test]
fn agreement_of_many_coders_is_that_of_the_vectors() {
    let abs = tolerance(FILE, "abs");
    for case in cases(FILE) {
        let counts: Vec<Vec<u32>> = serde_json::from_value(case["counts"].clone()).unwrap();
        let fleiss = Fleiss::new(&counts).ok();
        for_each_field(case, |field, want, what| {
            let of = |value: fn(&Fleiss) -> Option<f64>| check_value(fleiss.as_ref().and_then(value), want, abs, what);
            match field {
                "fleiss_kappa" => of(|fleiss| fleiss.kappa.value),
                "randolph_kappa" => of(|fleiss| fleiss.randolph.value),
                "se0" => of(|fleiss| fleiss.std_err_h0().ok()), // se.iid
                "per_category" => match &fleiss {
                    Some(fleiss) => check_values(&fleiss.per_code, want, abs, what),
                    None => check_absent(want, what),
                },
                _ => return false,
            }
            true
        });
    }
}
