//! Another coder's session beside the one that is open: read, never changed; while it is there, nothing is coded.

use session::Session;

use crate::agreement_text::Compared;

/// Another coder's session beside the one that is open.
pub struct Comparing {
    /// The two, and how far they agree.
    pub compared: Compared,
    /// What the other coder made.
    pub theirs: Session,
    /// Which channel is shown.
    pub shown: usize,
    /// Which of its disagreements was looked at last.
    pub place: Option<usize>,
}

impl Comparing {
    /// Begins with the first channel.
    #[must_use]
    pub const fn new(compared: Compared, theirs: Session) -> Self {
        Self { compared, theirs, shown: 0, place: None }
    }

    /// Who the other coder is.
    #[must_use]
    pub fn name(&self) -> &str {
        if self.theirs.coder.is_empty() { "the other coder" } else { &self.theirs.coder }
    }
}
