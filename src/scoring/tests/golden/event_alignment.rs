//! `event_alignment.json`: SCIENCE.md 4.4, `align.compat = onset`; positions of pairs are those in the input.

use scoring::agreement::alignment::{AlignStep, Event, EventAgreement, align};
use scoring::agreement::settings::AgreeSettings;
use serde_json::{Value, json};

use super::common::object;
use super::{cases, check_value, code_of, for_each_field, moment, tolerance, words};

const FILE: &str = "event_alignment.json";

fn events(case: &Value, who: &str, codes: &[String]) -> Vec<Event> {
    let event = |mark: &Value| Event {
        start: moment(&mark["start"]),
        end: Some(moment(&mark["end"])),
        code: code_of(mark, codes),
    };
    case[who].as_array().unwrap().iter().map(event).collect()
}

#[test]
fn alignments_are_those_of_the_vectors() {
    let abs = tolerance(FILE, "abs");
    for case in cases(FILE) {
        let codes = words(&case["codes"]);
        let (a, b) = (events(case, "a", &codes), events(case, "b", &codes));
        let tolerance_secs = case["tol_ms"].as_f64().map(|millis| millis / 1000.0);
        let settings = json!({"align.compat": "onset", "align.tolerance_s": tolerance_secs,
                              "align.sub": case["sub"], "align.gap": case["gap"]});
        let rules = AgreeSettings::from_overrides(&object(settings)).unwrap().align_rules();
        let alignment = align(&a, &b, &rules);
        let n_codes = codes.len();
        let agreement = EventAgreement::of(&alignment, &a, &b, n_codes);
        let agreed: u64 = (0..n_codes).map(|code| agreement.table[code][code]).sum();
        let count = |is: fn(&AlignStep) -> bool| alignment.steps.iter().filter(|step| is(step)).count() as u64;
        let (alone_a, alone_b) = (
            count(|step| matches!(step, AlignStep::FirstAlone(_))),
            count(|step| matches!(step, AlignStep::SecondAlone(_))),
        );

        for_each_field(case, |field, want, what| {
            let got = match field {
                "cost" => json!(alignment.cost),
                "onset_cost" => json!(alignment.onset_cost.micros() / 1000),
                "n_steps" => json!(agreement.n),
                "pairs" => alignment
                    .steps
                    .iter()
                    .map(|step| match *step {
                        AlignStep::Pair(a, b) => json!([a, b]),
                        AlignStep::FirstAlone(a) => json!([a, null]),
                        AlignStep::SecondAlone(b) => json!([null, b]),
                    })
                    .collect(),
                "table" => json!(agreement.table),
                "n_agree" => json!(agreed),
                "n_sub" => json!(agreement.n - agreed - alone_a - alone_b),
                "n_a_alone" => json!(alone_a),
                "n_b_alone" => json!(alone_b),
                "po" | "pe" | "kappa" => {
                    let got = [("po", agreement.po), ("pe", agreement.pe), ("kappa", agreement.kappa)];
                    let got = got.iter().find(|(name, _)| *name == field).and_then(|(_, got)| *got);
                    check_value(got, want, abs, what);
                    return true;
                }
                "ipf_error" => {
                    assert!(want.as_f64().is_none_or(|error| error < 1e-9), "{what}"); // information only
                    return true;
                }
                _ => return false,
            };
            assert_eq!(&got, want, "{what}");
            true
        });
        let alone =
            |shares: &[scoring::agreement::alignment::Share]| shares.iter().map(|share| share.count).sum::<u64>();
        assert_eq!((alone(&agreement.omissions), alone(&agreement.commissions)), (alone_a, alone_b), "{}", case["id"]);
    }
}
