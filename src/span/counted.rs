//! Counted nouns, for sentences that people read.

use std::fmt::Display;

/// `1 mark`, `2 marks`; `1 entry`, `2 entries`; `1 mismatch`, `2 mismatches`.
///
/// ```
/// assert_eq!(span::counted(1, "mark"), "1 mark");
/// assert_eq!(span::counted(0, "entry"), "0 entries");
/// assert_eq!(span::counted(2, "mismatch"), "2 mismatches");
/// ```
pub fn counted<N: Display + PartialEq + From<u8>>(n: N, noun: &str) -> String {
    match noun.strip_suffix('y') {
        _ if n == N::from(1) => format!("{n} {noun}"),
        Some(stem) => format!("{n} {stem}ies"),
        None if noun.ends_with("ch") => format!("{n} {noun}es"),
        None => format!("{n} {noun}s"),
    }
}
