//! What the reader of JSON finds wrong, in words that are not a programmer's.

/// "invalid type: floating point 4.5, expected i64" becomes "4.5 stands where a whole number belongs".
pub(super) fn plain(reason: &str) -> String {
    if let Some((found, expected)) = reason
        .strip_prefix("invalid type: ")
        .or_else(|| reason.strip_prefix("invalid value: "))
        .or_else(|| reason.strip_prefix("invalid length "))
        .and_then(|rest| rest.split_once(", expected "))
    {
        return format!("{} stands where {} belongs", thing(found), wanted(expected));
    }
    if let Some(field) = reason.strip_prefix("missing field ") {
        return format!("the field {} is missing", in_quotes(field));
    }
    if let Some((word, known)) = reason.strip_prefix("unknown variant ").and_then(|rest| rest.split_once(", expected "))
    {
        return format!("{} is not known there, but {}", in_quotes(word), in_quotes(known));
    }
    if let Some(field) = reason.strip_prefix("duplicate field ") {
        return format!("the field {} is there twice", in_quotes(field));
    }
    reason.to_owned()
}

/// What was found: a string, a number, `map`.
fn thing(found: &str) -> String {
    match found {
        "map" => "an object in {}".to_owned(),
        "sequence" => "a list in []".to_owned(),
        "null" | "unit" | "unit value" => "nothing (null)".to_owned(),
        _ if found.parse::<u64>().is_ok() => format!("a list of {found}"),
        _ => {
            let kinds = ["string ", "floating point ", "integer ", "boolean "];
            kinds.iter().find_map(|kind| found.strip_prefix(kind)).unwrap_or(found).replace('`', "")
        }
    }
}

/// What belongs there.
fn wanted(expected: &str) -> String {
    match expected {
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number".to_owned(),
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number that is not negative".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "a string" | "a borrowed string" | "string" | "str" => "a text in quotes".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list in []".to_owned(),
        "a map" => "an object in {}".to_owned(),
        "a character" => "a single letter".to_owned(),
        "a tuple of size 2" => "a list of two".to_owned(),
        _ if expected.starts_with("struct ") || expected.starts_with("internally tagged enum ") => {
            "an object in {}".to_owned()
        }
        _ => in_quotes(expected),
    }
}

fn in_quotes(text: &str) -> String {
    text.replace('`', "'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_reader_of_json_says_becomes_words_for_a_coder() {
        for (reason, expected) in [
            ("invalid type: floating point `4.5`, expected i64", "4.5 stands where a whole number belongs"),
            (
                "invalid value: integer `-1`, expected u64",
                "-1 stands where a whole number that is not negative belongs",
            ),
            ("invalid type: string \"x\", expected a tuple of size 2", "\"x\" stands where a list of two belongs"),
            ("invalid length 1, expected a tuple of size 2", "a list of 1 stands where a list of two belongs"),
            ("invalid type: sequence, expected struct Mark", "a list in [] stands where an object in {} belongs"),
            ("invalid type: null, expected a string", "nothing (null) stands where a text in quotes belongs"),
            ("missing field `code`", "the field 'code' is missing"),
            ("unknown variant `x`, expected `a` or `b`", "'x' is not known there, but 'a' or 'b'"),
            ("a span must end after it starts", "a span must end after it starts"),
        ] {
            assert_eq!(plain(reason), expected);
        }
    }
}
