//! What a conversion could not carry over as it was, thing by thing.

use std::fmt;

use session::{MarkId, TrackKey};

/// What could not be carried over as it was. Empty means that nothing was lost, rounded or guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// In the order in which the file or the session has them.
    pub items: Vec<ReportItem>,
}

/// One thing that was not carried over as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportItem {
    /// Where it stands.
    pub position: Position,
    /// What happened to it.
    pub severity: Severity,
    /// The sentence for people: lower case, no final period.
    pub message: String,
}

/// Where a thing stands: in the file that was read, or in the session that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// The whole file or session.
    Whole,
    /// A line of the file; the first is 1.
    Line(u64),
    /// An element of the file, as its own program names it: `tier 'gaze'`, `annotation a12`.
    Element(String),
    /// A track of the session.
    Track(TrackKey),
    /// A mark of the session.
    Mark(MarkId),
}

/// What happened to a thing on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It is all there, in another form.
    Noted,
    /// The file did not say it; this is the likeliest.
    Guessed,
    /// It is there, less exactly.
    Rounded,
    /// It is not there.
    Lost,
}

impl Report {
    /// Is there nothing to say?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Did anything not come through?
    #[must_use]
    pub fn has_losses(&self) -> bool {
        self.items.iter().any(|item| item.severity == Severity::Lost)
    }

    /// The items of one severity.
    pub fn of(&self, severity: Severity) -> impl Iterator<Item = &ReportItem> {
        self.items.iter().filter(move |item| item.severity == severity)
    }

    pub(crate) fn noted(&mut self, position: Position, message: impl Into<String>) {
        self.push(position, Severity::Noted, message.into());
    }

    pub(crate) fn guessed(&mut self, position: Position, message: impl Into<String>) {
        self.push(position, Severity::Guessed, message.into());
    }

    pub(crate) fn rounded(&mut self, position: Position, message: impl Into<String>) {
        self.push(position, Severity::Rounded, message.into());
    }

    pub(crate) fn lost(&mut self, position: Position, message: impl Into<String>) {
        self.push(position, Severity::Lost, message.into());
    }

    fn push(&mut self, position: Position, severity: Severity, message: String) {
        self.items.push(ReportItem { position, severity, message });
    }
}

impl Severity {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Noted => "noted",
            Self::Guessed => "guessed",
            Self::Rounded => "rounded",
            Self::Lost => "lost",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("the file"),
            Self::Line(line) => write!(f, "line {line}"),
            Self::Element(element) => f.write_str(element),
            Self::Track(track) => write!(f, "track {track}"),
            Self::Mark(mark) => write!(f, "mark {mark}"),
        }
    }
}

/// `lost, line 12: ...`
impl fmt::Display for ReportItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}: {}", self.severity, self.position, self.message)
    }
}

/// At most this much of a file's own text is repeated in a message.
const SHOWN: usize = 60;

/// A piece of the file's own text for a message, in quotes and cut where it is long.
pub(crate) fn shown(text: &str) -> String {
    let mut cut: String = text.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(SHOWN).is_some() {
        cut.push('…');
    }
    format!("'{cut}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_names_what_happened_and_where() {
        let mut report = Report::default();
        report.lost(Position::Line(12), "no onset");
        assert_eq!(report.items[0].to_string(), "lost, line 12: no onset");
        assert!(report.has_losses());
    }

    #[test]
    fn long_and_strange_text_is_shown_short_and_on_one_line() {
        assert_eq!(shown("a\nb"), "'a b'");
        assert_eq!(shown(&"ä".repeat(1_000)).chars().count(), SHOWN + 3);
    }
}
