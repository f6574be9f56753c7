//! All that the window shows. Panels read it; only the program changes it.

use std::path::PathBuf;

use session::MediumId;

use crate::command::Export;
use crate::folders::Folders;
use crate::preferences::Preferences;
use crate::work::Work;

/// All that the window shows.
pub struct State {
    /// The session that is open.
    pub work: Option<Work>,
    /// What the person prefers.
    pub preferences: Preferences,
    /// Where the program keeps its own files.
    pub folders: Folders,
    /// The last line of the window.
    pub status: Status,
}

/// A sentence in the last line of the window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// The sentence, without a full stop.
    pub text: String,
    /// Is something wrong?
    pub is_alarm: bool,
    /// All that there is to say, where the sentence is only the first of it.
    pub remarks: Vec<String>,
}

impl Status {
    /// Something happened.
    #[must_use]
    pub fn said(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Something is wrong.
    #[must_use]
    pub fn alarm(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_alarm: true, ..Self::default() }
    }

    /// With all that there is to say, to be read one by one.
    #[must_use]
    pub fn with_remarks(self, remarks: Vec<String>) -> Self {
        Self { remarks, ..self }
    }
}

/// What a file dialog was opened for.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// A session or video to open.
    Open,
    /// Videos for the assistant.
    Media,
    /// Another video for the session that is open.
    AnotherMedium,
    /// Where a new session's file goes; with a proposed name.
    NewSessionPlace(PathBuf),
    /// Another coder's session, to be compared with the one that is open.
    Compare,
    /// Where the session goes from now on.
    SaveAs,
    /// The folder of new sessions.
    SessionsFolder,
    /// A folder in which videos are searched for.
    VideoFolder,
    /// Where an export goes.
    Export(Export),
    /// Where a medium is now.
    Relink(MediumId),
}
