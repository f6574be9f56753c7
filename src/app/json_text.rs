//! JSON that people can read: indented, but rows of numbers stay rows.

use serde_json::Value;

/// The text of a value, with a line per member and per item; a list of plain values, such as a row of a table, stands on one line.
#[must_use]
pub fn json_text(value: &Value) -> String {
    let mut text = String::new();
    push(value, 0, &mut text);
    text.push('\n');
    text
}

fn push(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            let member = |(name, value): (&String, &Value), text: &mut String| {
                text.extend([&Value::from(name.as_str()).to_string(), ": "]);
                push(value, depth + 1, text);
            };
            push_lines(members, ["{", "}"], depth, text, member);
        }
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            push_lines(items, ["[", "]"], depth, text, |item, text| push(item, depth + 1, text));
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(Value::to_string).collect();
            text.extend(["[", &items.join(", "), "]"]);
        }
        plain => text.push_str(&plain.to_string()),
    }
}

fn push_lines<T>(
    items: impl IntoIterator<Item = T>,
    [open, close]: [&str; 2],
    depth: usize,
    text: &mut String,
    push_item: impl Fn(T, &mut String),
) {
    let mut before = open;
    for item in items {
        text.push_str(before);
        text.push('\n');
        text.push_str(&"  ".repeat(depth + 1));
        push_item(item, text);
        before = ",";
    }
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
    text.push_str(close);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_of_numbers_stay_rows_and_the_rest_is_indented() {
        let value = json!({"empty": {}, "none": [], "\"quoted\"": null, "rows": [[1, 2.5], [null, "a, b"]], "deep": [{"x": [0]}]});
        let want = r#"{
  "empty": {},
  "none": [],
  "\"quoted\"": null,
  "rows": [
    [1, 2.5],
    [null, "a, b"]
  ],
  "deep": [
    {
      "x": [0]
    }
  ]
}
"#;
        assert_eq!(json_text(&value), want);
        assert_eq!(serde_json::from_str::<Value>(want).expect("JSON"), value);
    }
}
