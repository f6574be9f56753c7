//! What the program asks the desktop for: file dialogs and a screen that stays awake. Tests answer in its place.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant as Moment};

/// What a file dialog asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The title of the dialog.
    pub title: &'static str,
    /// To open something, or to say where it goes.
    pub kind: AskKind,
    /// Where to begin.
    pub folder: Option<PathBuf>,
    /// What the kinds of files are called, and their extensions.
    pub filters: Vec<(&'static str, Vec<&'static str>)>,
}

/// To open something, or to say where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskKind {
    /// One file that is there.
    Open,
    /// Any number of files that are there.
    OpenMany,
    /// A folder that is there.
    Folder,
    /// A file that may not be there yet, with a proposed name.
    Save(String),
}

/// What came of a file dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// These files; none where the person gave none.
    Paths(Vec<PathBuf>),
    /// This desktop has no file dialogs.
    NoDialogs,
}

/// Shows file dialogs without waiting for them.
pub trait DialogService {
    /// Shows a dialog; the answer comes through the receiver. `wake` is called then.
    fn ask(&self, ask: Ask, wake: Box<dyn Fn() + Send>) -> Receiver<Answer>;
}

/// Nobody reads a dialog and closes it in less: an answer of nothing that comes sooner means that none was shown.
const SOONEST: Duration = Duration::from_millis(250);

/// The desktop's own dialogs.
#[derive(Clone, Copy, Debug, Default)]
pub struct NativeDialogs;

impl DialogService for NativeDialogs {
    fn ask(&self, ask: Ask, wake: Box<dyn Fn() + Send>) -> Receiver<Answer> {
        let (answer, receiver) = channel();
        let mut dialog = rfd::AsyncFileDialog::new().set_title(ask.title);
        if let Some(folder) = &ask.folder {
            dialog = dialog.set_directory(folder);
        }
        for (name, extensions) in &ask.filters {
            dialog = dialog.add_filter(*name, extensions);
        }
        std::thread::spawn(move || {
            let asked = Moment::now();
            let paths = match ask.kind {
                AskKind::Open => pollster::block_on(dialog.pick_file()).into_iter().collect(),
                AskKind::OpenMany => pollster::block_on(dialog.pick_files()).unwrap_or_default(),
                AskKind::Folder => pollster::block_on(dialog.pick_folder()).into_iter().collect(),
                AskKind::Save(name) => pollster::block_on(dialog.set_file_name(name).save_file()).into_iter().collect(),
            };
            let paths: Vec<PathBuf> = paths.into_iter().map(|file: rfd::FileHandle| file.path().to_owned()).collect();
            let none_shown = paths.is_empty() && asked.elapsed() < SOONEST;
            let _ = answer.send(if none_shown { Answer::NoDialogs } else { Answer::Paths(paths) }); // the window may have closed meanwhile
            wake();
        });
        receiver
    }
}
