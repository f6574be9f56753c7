//! Sessions of an older major format become sessions of this one, in memory. The file follows at the next save, which
//! keeps the old one.

use serde_json::Value;

/// Turns the JSON of one major format into that of the next, or says what stands against it.
pub(super) type Step = fn(Value) -> Result<Value, String>;

/// The steps from format 1 on; `attune.session/1` is the first that there was, so there is none yet.
pub(super) const STEPS: [Step; super::format::MAJOR as usize - 1] = [];

/// Takes a file's JSON from the format `major` through all later steps.
pub(super) fn migrate(value: Value, major: u32, steps: &[Step]) -> Result<Value, String> {
    steps.iter().skip(major as usize - 1).try_fold(value, |value, step| step(value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rename_coder(mut value: Value) -> Result<Value, String> {
        let coder = value["session"]["rater"].take();
        if coder.is_null() {
            return Err("there is no rater".to_owned());
        }
        value["session"] = json!({ "coder": coder });
        Ok(value)
    }

    #[expect(clippy::unnecessary_wraps, reason = "other steps can fail")]
    fn number_the_format(mut value: Value) -> Result<Value, String> {
        value["steps"] = json!(value["steps"].as_u64().unwrap_or(0) + 1);
        Ok(value)
    }

    #[test]
    fn each_step_from_the_file_s_format_on_is_made_once_and_in_order() {
        let steps: [Step; 3] = [rename_coder, number_the_format, number_the_format];
        let oldest = json!({"session": {"rater": "C1"}});
        assert_eq!(migrate(oldest, 1, &steps), Ok(json!({"session": {"coder": "C1"}, "steps": 2})));
        let newer = json!({"session": {"coder": "C1"}, "steps": 1});
        assert_eq!(migrate(newer, 3, &steps), Ok(json!({"session": {"coder": "C1"}, "steps": 2})));
    }

    #[test]
    fn a_step_says_why_it_cannot_be_made() {
        assert_eq!(migrate(json!({"session": {}}), 1, &[rename_coder]), Err("there is no rater".to_owned()));
    }
}
