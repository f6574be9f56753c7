//! Saving, closing, and the file dialogs.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant as Moment;

use egui::{Context, ViewportCommand};
use jiff::Timestamp;
use session::file::{Disk, EXTENSION, Existing, FileError, Holder, OsDisk, create, moved, save_due};

use super::signature;
use crate::app::App;
use crate::command::{Editing, Export, File};
use crate::dialog::Dialog;
use crate::jobs::Done;
use crate::services::{Answer, Ask, AskKind};
use crate::state::Asked;

const SESSIONS: (&str, &[&str]) = ("Attune sessions", &[EXTENSION]);
const RECORDINGS: (&str, &[&str]) = (
    "Videos and sounds",
    &[
        "mp4", "mov", "mkv", "webm", "avi", "mts", "m2ts", "ts", "mpg", "mpeg", "m4v", "MP4", "MOV", "AVI", "MTS",
        "wav", "mp3", "m4a", "aac", "flac", "ogg", "opus", "aiff", "WAV", "MP3", "M4A", "FLAC",
    ],
);
const FOREIGN: (&str, &[&str]) = ("Timelines of other programs", &["csv", "eaf"]);

impl App {
    pub(super) fn file(&mut self, file: File, now: Moment) {
        match file {
            File::New => self.dialog = Some(Dialog::new_session(&self.state.preferences)),
            File::Create(form) => self.create_session(*form),
            File::Open => self.ask_desktop(Asked::Open),
            File::OpenPath(path) => self.open_path(path),
            File::OpenDemo => self.open_demo(),
            File::Save => self.save(now),
            File::SaveAs => self.ask_desktop(Asked::SaveAs),
            File::SaveAsPath(path) => self.save_as(&path, now),
            File::Export(export) => self.ask_desktop(Asked::Export(export)),
            File::ExportTo(export, path) => self.export_to(export, path),
            File::OpenEarlier(path) => self.open_earlier(path),
            File::AnswerCoder(answer) => self.answer_coder(answer, now),
            File::OpenRecovered => self.open_recovered(),
            File::Ask(asked) => self.ask_desktop(asked),
            File::Written(asked, path) => self.written(asked, path),
            File::CompareWith(path) => self.compare_with(path),
            File::Recover(path) => self.recover(path),
            File::SyncBySound(medium) => self.sync_by_sound(medium),
            File::StopSync => self.stop_listening(),
            File::Relink(medium) => self.ask_desktop(Asked::Relink(medium)),
            File::RelinkTo(medium, path) => self.relink(medium, path),
            File::RelinkAllTheSame(medium, path) => self.relink_all_the_same(medium, path),
            File::AcceptFile(medium) => self.accept_file(medium),
            File::Quit => self.context.send_viewport_cmd(ViewportCommand::Close),
        }
    }

    fn ask_desktop(&mut self, asked: Asked) {
        if self.running.asked.is_some() {
            return self.say("a file dialog is open already");
        }
        let ask = self.ask_of(&asked);
        let wake = Arc::clone(&self.wake);
        let answer = self.dialogs.ask(ask, Box::new(move || wake()));
        self.running.asked = Some((asked, answer));
    }

    fn ask_of(&self, asked: &Asked) -> Ask {
        let work = self.state.work.as_ref();
        let chosen = self.state.preferences.sessions_folder.clone();
        let own_folder = |folder: &PathBuf| !folder.starts_with(&self.state.folders.data); // no place for a person's files
        let here = work.and_then(|work| work.file.path().parent()).map(Path::to_owned).filter(own_folder);
        let of_video = match &self.dialog {
            Some(Dialog::New(form)) => form.media.last().and_then(|medium| medium.path.parent()).map(Path::to_owned),
            _ => work
                .and_then(|work| work.medium_path(work.session().media.first()?).parent().map(Path::to_owned))
                .filter(own_folder),
        };
        let folder = match asked {
            Asked::NewSessionPlace(_) => chosen.or(of_video),
            Asked::Media => of_video.or(here).or(chosen),
            _ => here.or(chosen).or(of_video),
        };
        let own = |filter: (&'static str, &[&'static str])| (filter.0, filter.1.to_vec());
        let stem = work.map_or_else(|| "session".to_owned(), |work| work.session().name.clone());
        let (title, kind, filters) = match asked {
            Asked::Open => {
                ("Open a session, video or sound", AskKind::Open, vec![own(SESSIONS), own(RECORDINGS), own(FOREIGN)])
            }
            Asked::AnotherMedium => ("Add a video or sound", AskKind::Open, vec![own(RECORDINGS)]),
            Asked::Media => ("Add videos and sounds", AskKind::OpenMany, vec![own(RECORDINGS)]),
            Asked::NewSessionPlace(name) => {
                ("Where the session goes", AskKind::Save(name.to_string_lossy().into_owned()), vec![own(SESSIONS)])
            }
            Asked::Compare => {
                ("Compare with another coder's session", AskKind::Open, vec![own(SESSIONS), own(FOREIGN)])
            }
            Asked::SessionsFolder => ("Where new sessions go", AskKind::Folder, Vec::new()),
            Asked::VideoFolder => ("Where videos are searched for", AskKind::Folder, Vec::new()),
            Asked::SaveAs => ("Save as", AskKind::Save(format!("{stem}.{EXTENSION}")), vec![own(SESSIONS)]),
            Asked::Export(export) => {
                let (extension, suffix) = export_name(*export);
                (
                    export_title(*export),
                    AskKind::Save(format!("{stem}{suffix}.{extension}")),
                    vec![("Exports", vec![extension])],
                )
            }
            Asked::Relink(_) => ("Find the file", AskKind::Open, vec![own(RECORDINGS)]),
        };
        Ask { title, kind, folder, filters }
    }

    /// Answers of file dialogs, and results of jobs.
    pub(crate) fn take_answers(&mut self, now: Moment) {
        if let Some((_, answer)) = &self.running.asked
            && let Ok(answer) = answer.try_recv()
            && let Some((asked, _)) = self.running.asked.take()
        {
            match answer {
                Answer::Paths(paths) => self.answered(asked, paths),
                Answer::NoDialogs => self.ask_in_writing(asked),
            }
        }
        for done in self.jobs.done() {
            self.finish_job(done, now);
        }
    }

    /// Where the desktop has no file dialogs, the path is written by hand, over the dialog that asked for it.
    fn ask_in_writing(&mut self, asked: Asked) {
        let ask = self.ask_of(&asked);
        let folder = ask.folder.or_else(|| std::env::current_dir().ok()).unwrap_or_default();
        let text = match ask.kind {
            AskKind::Save(name) => folder.join(name).display().to_string(),
            AskKind::Open | AskKind::OpenMany | AskKind::Folder => format!("{}/", folder.display()),
        };
        self.running.behind = self.dialog.take();
        self.dialog = Some(Dialog::Path { title: ask.title, asked, text });
    }

    /// A path was written: one that is to be read must be there, and one that is there is not replaced.
    fn written(&mut self, asked: Asked, path: PathBuf) {
        let is_new = matches!(asked, Asked::NewSessionPlace(_) | Asked::SaveAs | Asked::Export(_));
        match (is_new, path.exists()) {
            (true, true) => self.alarm(format!("{} is there already: write another name", path.display())),
            (false, false) => self.alarm(format!("{} is not there: look at how it is written", path.display())),
            _ => self.answered(asked, vec![path]),
        }
    }

    fn answered(&mut self, asked: Asked, paths: Vec<PathBuf>) {
        let Some(path) = paths.first().cloned() else { return };
        match asked {
            Asked::Open => self.commands.push(File::OpenPath(path)),
            Asked::AnotherMedium => self.commands.push(Editing::AddMedium(path)),
            Asked::Media => self.add_to_form(paths),
            Asked::NewSessionPlace(_) => {
                if let Some(Dialog::New(form)) = &mut self.dialog {
                    form.path = Some(with_extension(path, EXTENSION));
                }
            }
            Asked::Compare => self.commands.push(File::CompareWith(path)),
            Asked::SessionsFolder => {
                if let Some(Dialog::Preferences(form)) = &mut self.dialog {
                    form.preferences.sessions_folder = Some(path);
                }
            }
            Asked::VideoFolder => {
                if let Some(Dialog::Preferences(form)) = &mut self.dialog
                    && !form.preferences.video_folders.contains(&path)
                {
                    form.preferences.video_folders.push(path);
                }
            }
            Asked::SaveAs => {
                if let Some(path) = self.chosen(path, EXTENSION) {
                    self.commands.push(File::SaveAsPath(path));
                }
            }
            Asked::Export(export) => {
                if let Some(path) = self.chosen(path, export_name(export).0) {
                    self.commands.push(File::ExportTo(export, path));
                }
            }
            Asked::Relink(medium) => self.commands.push(File::RelinkTo(medium, path)),
        }
    }

    /// The file that was named, with its ending; refused where the ending makes it another file, which nobody was asked about.
    fn chosen(&mut self, path: PathBuf, extension: &str) -> Option<PathBuf> {
        let complete = with_extension(path.clone(), extension);
        if complete != path && complete.exists() {
            self.alarm(format!("{} is there already: choose it by its whole name to replace it", complete.display()));
            return None;
        }
        Some(complete)
    }

    fn save(&mut self, now: Moment) {
        self.end_runs(now);
        let Some(work) = &mut self.state.work else { return };
        if self.running.saving {
            return;
        }
        if work.reading {
            return self.say("this session is open for reading only: save it elsewhere to go on there");
        }
        match work.file.saving(&mut work.document, Timestamp::now()) {
            Ok(saving) => {
                work.saved = now;
                self.running.saving = true;
                self.jobs.run(move || Done::Saved(saving.run()));
            }
            Err(error) => self.alarm(error.to_string()),
        }
    }

    /// Saves by itself when that is due.
    pub(super) fn autosave(&mut self, now: Moment) {
        let Some(work) = &self.state.work else { return };
        let runs = self.running.held.is_some() || self.running.overwriting.is_some();
        let is_due = work.can_edit()
            && !self.running.saving
            && !runs
            && save_due(
                work.file.unsaved_entries(&work.document),
                work.file.has_changes(&work.document),
                now - work.saved,
            );
        if is_due {
            self.save(now);
        }
    }

    pub(super) fn saved(&mut self, saved: Result<session::file::Saved, FileError>) {
        self.running.saving = false;
        match saved {
            Ok(saved) => {
                let notices = saved.notices.iter().map(ToString::to_string).collect::<Vec<_>>();
                if notices.is_empty() { self.say("saved") } else { self.alarm(notices.join("; ")) }
            }
            Err(error) => self.alarm(error.to_string()),
        }
    }

    /// Goes on in another file; the media are named from there.
    fn save_as(&mut self, path: &Path, now: Moment) {
        self.end_runs(now);
        let Some(work) = &mut self.state.work else { return };
        let old = work.file.path().to_owned();
        if old == path {
            return self.save(now);
        }
        let mut document = match moved(&work.document, &old, path, &signature(work)) {
            Ok(document) => document,
            Err(error) => return self.alarm(error.to_string()),
        };
        let disk: Arc<dyn Disk> = Arc::new(OsDisk);
        let holder = Holder::here(work.session().coder.clone(), Timestamp::now());
        match create(&disk, path, &mut document, Existing::Replace, holder) {
            Ok(file) => {
                work.document = document;
                work.file = file;
                work.elsewhere.clear();
                work.saved = now;
                work.reading = false;
                if old.starts_with(self.state.folders.drafts()) {
                    self.state.preferences.recent.retain(|recent| *recent != old);
                }
                self.remember(path);
                self.look_after_media();
                self.say(format!("saved as {}", path.display()));
            }
            Err(error) => self.alarm(error.to_string()),
        }
    }

    /// The window was asked to close: what is open is saved first.
    pub(crate) fn ask_to_quit(&mut self, ctx: &Context) {
        let wants = ctx.input(|input| input.viewport().close_requested());
        if !wants || self.running.may_quit {
            return;
        }
        let zoom = ctx.zoom_factor(); // the window is opened before anything is zoomed
        let size =
            ctx.input(|input| input.viewport().inner_rect.map(|rect| (rect.width() * zoom, rect.height() * zoom)));
        self.state.preferences.window_size = size.or(self.state.preferences.window_size);
        match self.save_now() {
            Ok(()) => self.running.may_quit = true,
            Err(error) => {
                // The journal holds everything all the same; a second try closes.
                ctx.send_viewport_cmd(ViewportCommand::CancelClose);
                self.running.may_quit = true;
                self.alarm(format!("{error}; close again to leave it in the journal, or save elsewhere"));
            }
        }
    }

    /// Saves what is open, and waits for it.
    pub(super) fn save_now(&mut self) -> Result<(), FileError> {
        self.end_runs(Moment::now());
        let Some(work) = &mut self.state.work else { return Ok(()) };
        if work.file.read_only().is_some() || !work.file.has_changes(&work.document) {
            return Ok(());
        }
        work.file.save(&mut work.document, Timestamp::now()).map(drop)
    }

    /// The last thing the window does.
    pub(crate) fn close(&mut self) {
        if let Err(error) = self.save_now() {
            tell_terminal(&error);
        }
        let _ = self.state.preferences.save(&self.state.folders.preferences()); // nobody is there to be told
        self.state.work = None; // writes what waits for the journal, and lets the lock go
    }
}

#[expect(clippy::print_stderr, reason = "the window is gone: the terminal is the only place left")]
fn tell_terminal(error: &FileError) {
    eprintln!("attune: {error}");
}

fn with_extension(path: PathBuf, extension: &str) -> PathBuf {
    if path.extension().is_some_and(|known| known.eq_ignore_ascii_case(extension)) {
        path
    } else {
        let mut name = path.into_os_string();
        name.push(".");
        name.push(extension);
        PathBuf::from(name)
    }
}

const fn export_title(export: Export) -> &'static str {
    match export {
        Export::TimelinesCsv => "Export timelines as CSV",
        Export::ScoresCsv => "Export scores as CSV",
        Export::ScoresJson => "Export scores as JSON",
        Export::StateMatrix => "Export the state matrix",
        Export::Eaf => "Export for ELAN",
    }
}

const fn export_name(export: Export) -> (&'static str, &'static str) {
    match export {
        Export::TimelinesCsv => ("csv", ""),
        Export::ScoresCsv => ("csv", "-scores"),
        Export::ScoresJson => ("json", "-scores"),
        Export::StateMatrix => ("csv", "-states"),
        Export::Eaf => ("eaf", ""),
    }
}
