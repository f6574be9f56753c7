//! Words of a comment line, in quotes where they need them: `episode "still face" 0 120`.

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

/// The words of a line. A quote that is not closed ends with the line.
pub(crate) fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        let after;
        let word = if first == '"' {
            let (word, end) = unquoted(&rest[1..]);
            after = 1 + end;
            word
        } else {
            after = rest.find(char::is_whitespace).unwrap_or(rest.len());
            rest[..after].to_owned()
        };
        words.push(word);
        rest = rest[after..].trim_start();
    }
    words
}

/// What stands up to the closing quote, and how many bytes that took with the quote.
fn unquoted(text: &str) -> (String, usize) {
    let mut word = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
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

    #[test]
    fn every_word_comes_back_as_it_was() {
        let all = ["play", "still face", "", "a\"b", "a\\b", "zwei\nZeilen", "a\rb", "#", "ä 漢", "a,b", "\\"];
        let line: Vec<String> = all.iter().map(|word| quoted(word)).collect();
        assert_eq!(words(&line.join(" ")), all);
    }

    #[test]
    fn an_open_quote_ends_with_the_line() {
        assert_eq!(words("a \"b c"), ["a", "b c"]);
        assert_eq!(words("\"a\\"), ["a"]);
    }
}
