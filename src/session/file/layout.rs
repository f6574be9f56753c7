//! The JSON text of a session: one mark, one code, one step of the history on a line, so that a diff shows what a
//! coder did.

use serde_json::Value;

/// Values up to this many bytes stand on one line.
const SHORT: usize = 100;

/// Items of these lists stand on one line each, however long.
const LINE_BY_LINE: [&str; 2] = ["marks", "codes"];

/// Writes a value that begins at some depth of the text. The same value gives the same bytes.
pub(super) fn write(text: &mut String, value: &Value, depth: usize) {
    let line = value.to_string();
    match value {
        Value::Object(fields) if line.len() > SHORT => {
            write_lines(text, ['{', '}'], depth, fields, |text, (key, value)| write_field(text, key, value, depth + 1));
        }
        Value::Array(items) if line.len() > SHORT => {
            write_lines(text, ['[', ']'], depth, items, |text, item| write(text, item, depth + 1));
        }
        _ => text.push_str(&line),
    }
}

fn write_field(text: &mut String, key: &str, value: &Value, depth: usize) {
    write_key(text, key);
    match value {
        Value::Array(items) if LINE_BY_LINE.contains(&key) => {
            write_lines(text, ['[', ']'], depth, items, |text, item| text.push_str(&item.to_string()));
        }
        _ => write(text, value, depth),
    }
}

/// Writes items one under the other between two brackets.
pub(super) fn write_lines<I: IntoIterator>(
    text: &mut String,
    [open, close]: [char; 2],
    depth: usize,
    items: I,
    mut write_item: impl FnMut(&mut String, I::Item),
) {
    text.push(open);
    let mut is_empty = true;
    for item in items {
        text.push_str(if is_empty { "" } else { "," });
        is_empty = false;
        new_line(text, depth + 1);
        write_item(text, item);
    }
    if !is_empty {
        new_line(text, depth);
    }
    text.push(close);
}

/// Writes the name of a field, and what stands between it and its value.
pub(super) fn write_key(text: &mut String, key: &str) {
    text.push_str(&Value::from(key).to_string());
    text.push_str(": ");
}

fn new_line(text: &mut String, depth: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(value: &Value, expected: &str) {
        let mut text = String::new();
        write(&mut text, value, 0);
        assert_eq!(text, expected);
        assert_eq!(&serde_json::from_str::<Value>(&text).expect("it is JSON"), value);
    }

    #[test]
    fn short_values_stand_on_one_line() {
        check(&json!({"a": [1, 2, {"b": "c\n"}]}), r#"{"a":[1,2,{"b":"c\n"}]}"#);
    }

    #[test]
    fn marks_stand_on_one_line_each() {
        let long = "x".repeat(120);
        check(
            &json!({"key": "infant.gaze", "marks": [{"id": "m1", "note": long}, {"id": "m2"}], "more": []}),
            &format!(
                r#"{{
  "key": "infant.gaze",
  "marks": [
    {{"id":"m1","note":"{long}"}},
    {{"id":"m2"}}
  ],
  "more": []
}}"#
            ),
        );
    }

    #[test]
    fn no_marks_stand_on_no_line() {
        let long = "x".repeat(120);
        check(&json!({"marks": [], "note": long}), &format!("{{\n  \"marks\": [],\n  \"note\": \"{long}\"\n}}"));
    }
}
