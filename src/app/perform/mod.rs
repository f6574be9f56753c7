//! Commands, carried out. Nothing else changes what the window shows.

mod coding;
mod comparing;
mod editing;
mod exporting;
mod files;
mod opening;
mod playing;
mod syncing;
mod videos;
mod viewing;

use std::time::Instant as Moment;

use jiff::Timestamp;
use session::marking::{Press, Refusal};
use session::{Edit, EditError, Ids, Session, Stamp as Signature};
use span::Instant;

use crate::app::App;
use crate::command::{Coding, Command};
use crate::services::Answer;
use crate::state::{Asked, Status};
use crate::work::Work;

/// A key that waits for the exact picture.
struct Waiting {
    since: Moment,
    /// Where the video stood, or was to stand, when the key went down.
    at: Instant,
    coding: Coding,
}

/// What goes on from one redraw to the next.
#[derive(Default)]
pub(crate) struct Running {
    /// Keys that wait for the exact picture.
    waiting: Vec<Waiting>,
    /// What is being opened: what comes of anything before it comes too late.
    opening: u64,
    /// A key that codes while it is held.
    held: Option<Press>,
    /// A key that replaces what the playhead passes.
    overwriting: Option<Press>,
    /// The file dialog that is open.
    asked: Option<(Asked, std::sync::mpsc::Receiver<Answer>)>,
    /// The dialog that was open when a path had to be written.
    behind: Option<crate::dialog::Dialog>,
    /// Somebody else's session, until it is known what it is opened for.
    theirs: Option<(std::path::PathBuf, Box<session::file::Opened>)>,
    /// What can be opened as a recovered copy.
    recovered: Option<Box<session::file::Recovered>>,
    /// The journal could not be written when it was last looked at.
    disk_failed: bool,
    /// Raised to end a comparison of sounds.
    listening: Option<std::sync::Arc<std::sync::atomic::AtomicBool>>,
    /// A save is being written.
    saving: bool,
    /// Keeps the screen awake.
    awake: Option<crate::awake::KeepAwake>,
    /// The window may close.
    may_quit: bool,
}

impl App {
    /// Carries one command out.
    pub(crate) fn perform(&mut self, command: Command, now: Moment) {
        match command {
            Command::Transport(transport) => self.transport(transport, now),
            Command::Coding(coding) => self.code(coding, now),
            Command::Editing(editing) => self.edit(editing, now),
            Command::File(file) => self.file(file, now),
            Command::View(view) => self.view(view, now),
        }
    }

    /// A sentence for the status line.
    pub(crate) fn say(&mut self, text: impl Into<String>) {
        self.state.status = Status::said(text);
    }

    /// A sentence for the status line, in the colour of errors.
    pub(crate) fn alarm(&mut self, text: impl Into<String>) {
        self.state.status = Status::alarm(text);
    }

    /// A sentence for the status line, with the first of what there is to know of it; all of that can be read from there.
    fn say_with_remarks(&mut self, text: String, remarks: Vec<String>) {
        let first = match remarks.as_slice() {
            [] => String::new(),
            [only] => format!("; to know: {only}"),
            [first, ..] => format!("; {} things to know: {first}", remarks.len()),
        };
        self.state.status = Status::said(text + &first).with_remarks(remarks);
    }

    /// Makes an edit of the open session, or says why not. Gives the label of what was done.
    fn apply(&mut self, make: impl FnOnce(&Session, Ids) -> Result<Edit, Refusal>) -> Option<String> {
        let work = self.state.work.as_mut()?;
        if let Some(why_not) = work.why_not() {
            self.say(why_not);
            return None;
        }
        let signature = signature(work);
        let made = make(work.document.session(), work.document.ids()).and_then(|edit| {
            let label = edit.label.clone();
            work.document.apply(edit, signature).map_err(|error: EditError| Refusal::new(error.to_string()))?;
            Ok(label)
        });
        match made {
            Ok(label) => {
                self.say(label.clone());
                Some(label)
            }
            Err(refusal) => {
                self.say(refusal.to_string());
                None
            }
        }
    }
}

/// Who does it, and when.
fn signature(work: &Work) -> Signature {
    Signature { time: Timestamp::now(), who: work.session().coder.clone() }
}
