//! Words of a comment line, in quotes where they need them: `episode "still face" 0 120`.
//!
//! Attune writes `\"` for a quote within quotes; a person, or a spreadsheet, may have written `""`.

use std::ops::Range;

/// A word as it stands in a line: in quotes, with `\"`, `\\`, `\n` and `\r`, where it would not come back as one word without.
pub(crate) fn quoted(word: &str) -> String {
    let plain = !word.is_empty()
        && !word.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\\' | ','));
    if plain {
        return word.to_owned();
    }
    let mut text = String::from('"');
    for c in word.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            other => text.push(other),
        }
    }
    text.push('"');
    text
}

/// A word of a line, and where it stands there with its quotes.
#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) text: String,
    place: Range<usize>,
}

/// The words of a line. A quote that is not closed ends with the line.
pub(crate) fn words(line: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = 0;
    while let Some(blanks) = line[start..].find(|c: char| !c.is_whitespace()) {
        start += blanks;
        let rest = &line[start..];
        let (text, len) = if let Some(quoted) = rest.strip_prefix('"') {
            let (text, len) = unquoted(quoted);
            (text, len + 1)
        } else {
            let len = rest.find(char::is_whitespace).unwrap_or(rest.len());
            (rest[..len].to_owned(), len)
        };
        words.push(Word { text, place: start..start + len });
        start += len;
    }
    words
}

/// What some of a line's words say together: one word what it says, more of them as they stand, with their quotes.
pub(crate) fn joined(line: &str, words: &[Word]) -> String {
    match words {
        [] => String::new(),
        [word] => word.text.clone(),
        [first, .., last] => line[first.place.start..last.place.end].to_owned(),
    }
}

/// What stands up to the closing quote, and how many bytes that took with the quote.
fn unquoted(text: &str) -> (String, usize) {
    let mut word = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' if chars.next_if(|(_, next)| *next == '"').is_some() => word.push('"'),
            '"' => return (word, at + 1),
            '\\' => match chars.next() {
                Some((_, 'n')) => word.push('\n'),
                Some((_, 'r')) => word.push('\r'),
                Some((_, other)) => word.push(other),
                None => {}
            },
            other => word.push(other),
        }
    }
    (word, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<String> {
        words(line).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn every_word_comes_back_as_it_was() {
        let all = ["play", "still face", "", "a\"b", "a\\b", "zwei\nZeilen", "a\rb", "#", "ä 漢", "a,b", "\\"];
        let line: Vec<String> = all.iter().map(|word| quoted(word)).collect();
        assert_eq!(texts(&line.join(" ")), all);
    }

    #[test]
    fn quotes_within_quotes_are_doubled_or_marked() {
        assert_eq!(texts(r#""he said ""no"" loudly" 5"#), [r#"he said "no" loudly"#, "5"]);
        assert_eq!(texts(r#""he said \"no\" loudly" 5"#), [r#"he said "no" loudly"#, "5"]);
        assert_eq!(texts(r#""" """" a"#), ["", "\"", "a"]);
    }

    #[test]
    fn a_quote_in_a_text_without_quotes_stays() {
        let line = r#"excluded plain "q"  end"#;
        assert_eq!(joined(line, &words(line)[1..]), r#"plain "q"  end"#);
    }

    #[test]
    fn an_open_quote_ends_with_the_line() {
        assert_eq!(texts("a \"b c"), ["a", "b c"]);
        assert_eq!(texts("\"a\\"), ["a"]);
    }
}
