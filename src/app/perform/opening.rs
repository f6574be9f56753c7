//! Opening: sessions, videos, timelines of other programs, the demonstration; always on a worker, never in the redraw.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant as Moment;

use exchange::{Report, Schemes, read_any};
use jiff::Timestamp;
use media::{Player, Speed};
use session::file::{
    Disk, EXTENSION, Existing, FileError, Holder, Opened, OsDisk, Recovered, SessionFile, create, draft_path,
    medium_path, open, recover, resolve_medium,
};
use session::marking::for_another_coder;
use session::{Change, Document, Item, Medium, MediumId, MediumKind, Role, Scheme, Session, SessionId, TrackKey};
use span::{Instant, Length, Span};

use super::editing::placement;
use crate::app::App;
use crate::command::{CoderAnswer, NewMedium, NewSession, Transport};
use crate::demo;
use crate::dialog::{Dialog, time_of};
use crate::examine::{Examined, examine, identified, look_at};
use crate::jobs::Done;
use crate::live_scores::LiveScores;
use crate::state::Status;
use crate::thumbnails::Thumbnails;
use crate::work::{TransportState, Video, Work};

impl App {
    /// Several files at once: a session is opened; videos become one new session.
    pub(crate) fn open_together(&mut self, paths: Vec<PathBuf>) {
        let mut videos = Vec::new();
        for path in paths {
            if is_document(&path) {
                self.commands.push(crate::command::File::OpenPath(path));
            } else {
                videos.push(path);
            }
        }
        if videos.is_empty() {
            return;
        }
        if !matches!(self.dialog, Some(Dialog::New(_))) {
            self.dialog = Some(Dialog::new_session(&self.state.preferences));
        }
        self.add_to_form(videos);
    }

    /// Videos come to the assistant, and are looked at: what is wrong with a file is said at once.
    pub(super) fn add_to_form(&mut self, videos: Vec<PathBuf>) {
        let Some(Dialog::New(form)) = &mut self.dialog else { return };
        if form.name.is_empty() {
            form.name = videos.first().and_then(|path| harmless_name(path)).unwrap_or_default();
        }
        form.media.extend(videos.iter().cloned().map(NewMedium::from));
        for path in videos {
            self.jobs.run(move || {
                let kind = look_at(&path).map(|examined| examined.kind);
                Done::Looked(path, kind)
            });
        }
    }

    fn looked(&mut self, path: &Path, kind: &Result<MediumKind, String>) {
        let Some(Dialog::New(form)) = &mut self.dialog else { return };
        for medium in form.media.iter_mut().filter(|medium| medium.path == *path) {
            match kind {
                Ok(kind) => medium.kind = *kind,
                Err(problem) => problem.clone_into(&mut medium.problem),
            }
            medium.is_known = true;
        }
    }

    pub(super) fn open_path(&mut self, path: PathBuf) {
        if !is_document(&path) {
            return self.open_together(vec![path]);
        }
        self.say(format!("opening {}…", path.display()));
        if path.extension().is_some_and(|extension| extension == EXTENSION) {
            let holder = Holder::here(self.state.preferences.coder.clone(), Timestamp::now());
            self.jobs.run(move || {
                let opened = open(&disk(), &path, holder).map(Box::new);
                Done::Opened(path, opened)
            });
        } else {
            self.jobs.run(move || {
                let imported = import(&path);
                Done::Imported(path, imported)
            });
        }
    }

    pub(super) fn open_demo(&mut self) {
        match demo::unpack(&self.state.folders.demo()) {
            Ok(path) => self.open_path(path),
            Err(error) => self.alarm(format!("the demonstration cannot be unpacked: {error:#}")),
        }
    }

    pub(super) fn create_session(&mut self, form: NewSession) {
        let names: Vec<_> = form.media.iter().filter_map(|medium| medium.path.file_name()).collect();
        let names: Vec<_> = names.into_iter().map(|name| name.to_string_lossy()).collect();
        self.say(format!("looking at {}…", names.join(", ")));
        self.running.opening += 1;
        let opening = self.running.opening;
        let kept = self.indexes();
        self.jobs.run(move || {
            let is_followed = |n: usize| form.media.get(n + 1).is_some_and(|next| next.follows);
            let look = |(n, medium): (usize, &NewMedium)| match is_followed(n) {
                true => examine(&medium.path, Some(&kept)), // where the next begins, is where the last frame of this ends
                false if medium.is_known && medium.kind == MediumKind::Video => identified(&medium.path),
                false => look_at(&medium.path),
            };
            let examined = form.media.iter().enumerate().map(look).collect();
            Done::Examined(opening, Box::new(form), examined)
        });
    }

    pub(super) fn finish_job(&mut self, done: Done, now: Moment) {
        match done {
            Done::Opened(path, Ok(opened)) => self.opened(&path, *opened, now),
            Done::Opened(path, Err(error)) => self.not_opened(path, &error),
            Done::Imported(path, Ok((session, report))) => self.imported(&path, *session, &report, now),
            Done::Imported(_, Err(error)) => self.alarm(error),
            Done::Examined(opening, form, examined) if opening == self.running.opening => {
                self.examined(*form, examined, now);
            }
            Done::Examined(..) => {} // its drive did not answer, and something else was opened meanwhile
            Done::Added(session, Ok(examined)) => self.added(&session, examined),
            Done::Added(_, Err(error)) => self.alarm(error),
            Done::Warned(session, place, Ok(warnings)) => self.warned(&session, place, warnings),
            Done::Warned(_, _, Err(error)) => self.alarm(error.to_string()),
            Done::Looked(path, kind) => self.looked(&path, &kind),
            Done::Measured(session, id, Ok(examined)) => self.measured(&session, id, examined),
            Done::Measured(_, _, Err(error)) => self.alarm(error),
            Done::Waveform(session, medium, waveform) => self.waveform(&session, medium, waveform),
            Done::Saved(saved) => self.saved(saved),
            Done::Exported(path, Ok(remarks)) => self.exported(&path, remarks),
            Done::Exported(_, Err(error)) => self.alarm(error),
            Done::Recovered(path, Ok(recovered)) => self.take_copy(&path, *recovered, now),
            Done::Compared(session, Ok(comparing)) => self.compared(&session, *comparing),
            Done::Compared(_, Err(error)) => self.alarm(error),
            Done::Moved(session, id, Some(path)) => self.medium_moved(&session, id, path),
            Done::Moved(session, id, None) => self.medium_missing(&session, id),
            Done::Chosen(session, id, path, Ok(identity)) => self.relink_to(&session, id, path, identity),
            Done::Chosen(_, _, _, Err(error)) => self.alarm(error.to_string()),
            Done::Other(session, other) => self.is_other(&session, other),
            Done::Listening(session, id, percent) => self.listened(&session, id, percent),
            Done::Synced(session, id, found) => self.synced(&session, id, found),
            Done::Replaced(session, id, Ok(examined)) => self.replaced(&session, id, &examined),
            Done::Replaced(_, _, Err(error)) => self.alarm(error),
            Done::Whole(session, id, whole) => self.known_whole(&session, id, whole),
            Done::Recovered(_, Err(error)) => self.alarm(error.to_string()),
        }
    }

    /// A damaged session can be recovered; anything else is said.
    fn not_opened(&mut self, path: PathBuf, error: &FileError) {
        self.alarm(error.to_string());
        if let FileError::Damaged { damage, .. } = error {
            let message = format!("{} {damage}.", path.display());
            self.dialog = Some(Dialog::Damaged { path, message });
        }
    }

    fn opened(&mut self, path: &Path, opened: Opened, now: Moment) {
        let me = &self.state.preferences.coder;
        let coder = &opened.document.session().coder;
        let is_theirs = !me.is_empty() && !coder.is_empty() && me != coder;
        if is_theirs && !path.starts_with(self.state.folders.demo()) {
            let coder = coder.clone();
            self.say(format!("{} is the session of {coder}", path.display()));
            self.dialog = Some(Dialog::OtherCoder { coder });
            self.running.theirs = Some((path.to_owned(), Box::new(opened)));
            return;
        }
        self.show(path, opened, now);
    }

    /// The window shows what was opened.
    fn show(&mut self, path: &Path, opened: Opened, now: Moment) {
        let Opened { document, file, notices, recovered } = opened;
        self.begin_work(document, file, now);
        self.go_where_left_off();
        // That nothing can be changed is more than anything else there is to say.
        let read_only = self.state.work.as_ref().and_then(|work| work.file.read_only()).map(ToOwned::to_owned);
        let mut sentences: Vec<String> = notices.iter().map(ToString::to_string).collect();
        sentences.sort_by_key(|sentence| !read_only.as_ref().is_some_and(|why| sentence.contains(why.as_str())));
        self.state.status = if sentences.is_empty() {
            Status::said(format!("{} is open", path.display()))
        } else {
            Status::said(sentences.join("; ")).with_remarks(sentences)
        };
        if let Some(recovered) = recovered {
            let message = recovered.notices.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            self.running.recovered = Some(Box::new(recovered));
            self.dialog = Some(Dialog::Recovered {
                message: format!("The journal beside this file does not belong to it. {message}."),
            });
        }
        self.remember(path);
    }

    /// What is open is at the top of File > Recent.
    pub(super) fn remember(&mut self, path: &Path) {
        let name = self.state.work.as_ref().map_or("", |work| work.session().name.as_str());
        self.state.preferences.remember(path, name);
        self.save_preferences();
    }

    /// The track that was coded last is armed, and the video stands where that was.
    fn go_where_left_off(&mut self) {
        let Some(work) = &mut self.state.work else { return };
        if let Some((track, time)) = left_off(&work.document) {
            work.armed = track;
            self.commands.push(Transport::Seek(time));
        }
    }

    fn imported(&mut self, path: &Path, mut session: Session, report: &Report, now: Moment) {
        if session.coder.is_empty() {
            session.coder.clone_from(&self.state.preferences.coder);
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let place = draft_path(&self.state.folders.data, &name, Timestamp::now());
        for medium in &mut session.media {
            medium.path = medium_path(&place, &resolve_medium(path, &medium.path));
        }
        if !self.make_file(session, &place, now) {
            return;
        }
        let remarks: Vec<String> = report.items.iter().map(ToString::to_string).collect();
        let whole = if remarks.is_empty() { " whole," } else { "" };
        self.say_with_remarks(format!("{} was read{whole} as a draft", path.display()), remarks);
    }

    fn examined(&mut self, form: NewSession, examined: Vec<Result<Examined, String>>, now: Moment) {
        let examined: Vec<Examined> = match examined.into_iter().collect() {
            Ok(examined) => examined,
            Err(error) => {
                self.alarm(&error);
                return self.ask_again(NewSession { problem: error, ..form });
            }
        };
        let Some(scheme) = Scheme::named(&form.scheme) else {
            return self.alarm(format!("there is no scheme '{}'", form.scheme));
        };
        let chosen = form.path.clone().or_else(|| form.place_in(self.state.preferences.sessions_folder.as_deref()));
        let place = chosen.unwrap_or_else(|| draft_path(&self.state.folders.data, &form.name, Timestamp::now()));
        let mut session = Session::new(SessionId::random(), form.name.trim(), form.coder.trim(), scheme);
        session.role = form.role;
        let renamed = form
            .subject_names
            .iter()
            .filter(|(key, name)| session.scheme.subject(key).is_some_and(|subject| subject.label != *name));
        session.subject_names = renamed.cloned().collect();
        for ((examined, medium), id) in examined.iter().zip(&form.media).zip(1..) {
            let before = session.media.last().filter(|_| medium.follows);
            let typed = time_of(if medium.follows { &medium.between } else { &medium.offset });
            let offset = typed.unwrap_or(Instant::ZERO) - Instant::ZERO;
            let end_before = before.and_then(Medium::span).map_or(Instant::ZERO, Span::end);
            let (follows, offset) = (before.map(|before| before.id), end_before + offset - Instant::ZERO);
            session.media.push(Medium { follows, offset, ..examined.medium(MediumId(id), &place) });
        }
        let chosen = |subject: &str| {
            let (_, place) = form.coded_from.iter().find(|(key, _)| key == subject)?;
            session.media.get(*place).filter(|_| *place > 0).map(|medium| medium.id)
        };
        let from: Vec<_> = session.tracks.iter().map(|track| chosen(&track.key.subject)).collect();
        for (track, medium) in session.tracks.iter_mut().zip(from) {
            track.medium = medium;
        }
        form.coder.trim().clone_into(&mut self.state.preferences.coder);
        if !self.make_file(session, &place, now) {
            let problem = self.state.status.text.clone();
            self.ask_again(NewSession { problem, ..form });
        }
    }

    /// The assistant as it was: nothing that was typed is lost.
    fn ask_again(&mut self, form: NewSession) {
        self.dialog = Some(Dialog::New(Box::new(form)));
    }

    /// A session that has no file yet gets one, before its first mark. Was that possible?
    fn make_file(&mut self, session: Session, place: &Path, now: Moment) -> bool {
        let holder = Holder::here(session.coder.clone(), Timestamp::now());
        let mut document = Document::new(session);
        match create(&disk(), place, &mut document, Existing::Refuse, holder) {
            Ok(file) => {
                self.begin_work(document, file, now);
                self.say(format!("{} is open", place.display()));
                self.remember(place);
                true
            }
            Err(error) => {
                self.alarm(error.to_string());
                false
            }
        }
    }

    /// The window shows this session from now on. What was open is saved before.
    fn begin_work(&mut self, document: Document, file: SessionFile, now: Moment) {
        self.running.opening += 1;
        if let Err(error) = self.save_now() {
            self.alarm(error.to_string());
        }
        let session = document.session();
        let paths: Vec<PathBuf> =
            session.media.iter().map(|medium| resolve_medium(file.path(), &medium.path)).collect();
        let placed = session
            .media
            .iter()
            .zip(&paths)
            .map(|(medium, path)| media::PlacedVideo { path: path.clone(), placement: placement(medium) });
        let mut player = Player::open(placed.collect(), &self.player_options(), &self.wake);
        let preferences = &self.state.preferences;
        player.set_volume(preferences.volume);
        player.set_muted(preferences.muted);
        let armed = session.tracks.first().map(|track| track.key.clone());
        self.state.work = Some(Work {
            videos: session.media.iter().map(|_| Video::default()).collect(),
            elsewhere: BTreeMap::new(),
            others: Vec::new(),
            shows_scores: session.role != Role::Second && preferences.shows_scores,
            lacks_sound_device: false,
            armed: armed.unwrap_or_else(|| TrackKey::new("infant", "gaze")),
            transport: TransportState {
                speed: Speed::NORMAL,
                volume: preferences.volume,
                muted: preferences.muted,
                looped: None,
            },
            jump: preferences.jump,
            times: preferences.time_format,
            reading: false,
            waveforms: BTreeMap::new(),
            remembered: None,
            same_moments: Vec::new(),
            apart: BTreeSet::new(),
            waveforms_asked: BTreeSet::new(),
            thumbnails: Thumbnails::default(),
            closed: Arc::default(),
            selection: None,
            axis: None,
            stamp: crate::keys::Stamp::default(),
            playhead: Instant::ZERO,
            live: LiveScores::new(Arc::clone(&self.wake)),
            comparing: None,
            overwrite: false,
            episode_in: None,
            jumping_to: None,
            awaited_since: None,
            waits_long: false,
            stepped_forward: false,
            flushed: now,
            saved: now,
            document,
            file,
            player,
        });
        self.arm_some_track();
        self.running.waiting.clear();
        self.look_after_media();
        let title = self.state.work.as_ref().map_or_else(String::new, Work::title);
        self.context.send_viewport_cmd(egui::ViewportCommand::Title(format!("{title} – Attune")));
    }

    pub(super) fn answer_coder(&mut self, answer: CoderAnswer, now: Moment) {
        let Some((path, theirs)) = self.running.theirs.take() else { return };
        self.dialog = None;
        match answer {
            CoderAnswer::Read => {
                self.show(&path, *theirs, now);
                if let Some(work) = &mut self.state.work {
                    work.reading = true;
                }
                self.say("you are reading: nothing can be changed");
            }
            CoderAnswer::ContinueAsThem => {
                let coder = theirs.document.session().coder.clone();
                self.show(&path, *theirs, now);
                self.say(format!("coding on as {coder}"));
            }
            CoderAnswer::DuplicateWithoutMarks => {
                let me = self.state.preferences.coder.clone();
                let session = for_another_coder(theirs.document.session(), SessionId::random(), &me, Role::Second);
                let old = theirs.file.path().to_owned();
                drop(theirs); // their file is let go before one's own is made
                let stem = old.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                let place = old.with_file_name(format!("{stem}-{me}.{EXTENSION}"));
                if place.exists() {
                    self.commands.push(crate::command::File::OpenPath(place)); // begun before
                } else {
                    self.make_file(session, &place, now);
                }
            }
        }
    }

    /// The question was closed: nothing is opened, and their file is let go.
    pub(super) fn leave_theirs(&mut self) {
        if self.running.theirs.take().is_some() {
            self.say("nothing was opened");
        }
    }

    pub(super) fn open_earlier(&mut self, path: PathBuf) {
        let beside = self.state.work.as_ref().map_or_else(|| path.clone(), |work| work.file.path().to_owned());
        self.jobs.run(move || Done::Recovered(beside, recover(&OsDisk, &path).map(Box::new)));
    }

    pub(super) fn recover(&mut self, path: PathBuf) {
        self.say(format!("recovering {}…", path.display()));
        self.jobs.run(move || {
            let recovered = recover(&OsDisk, &path).map(Box::new);
            Done::Recovered(path, recovered)
        });
    }

    pub(super) fn open_recovered(&mut self) {
        let Some(recovered) = self.running.recovered.take() else { return };
        let Some(path) = self.state.work.as_ref().map(|work| work.file.path().to_owned()) else { return };
        self.take_copy(&path, *recovered, Moment::now());
    }

    /// A document gets a file of its own beside the one that it was made from.
    fn take_copy(&mut self, beside: &Path, recovered: Recovered, now: Moment) {
        let Recovered { mut document, notices } = recovered;
        let stem = beside.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let place = beside
            .with_file_name(format!("{stem}-copy-{}.{EXTENSION}", Timestamp::now().strftime("%Y%m%dT%H%M%S-%3f")));
        let holder = Holder::here(document.session().coder.clone(), Timestamp::now());
        match create(&disk(), &place, &mut document, Existing::Refuse, holder) {
            Ok(file) => {
                self.begin_work(document, file, now);
                let notices: Vec<String> = notices.iter().map(ToString::to_string).collect();
                let said = format!("{} is open: a copy; the file itself is as it was", place.display());
                let sentences: Vec<String> = std::iter::once(said).chain(notices).collect();
                self.state.status = Status::said(sentences.join("; ")).with_remarks(sentences);
            }
            Err(error) => self.alarm(error.to_string()),
        }
    }
}

/// The track of the last mark that was made or changed and is still there, and its last frame where it is open, else its beginning.
fn left_off(document: &Document) -> Option<(TrackKey, Instant)> {
    let session = document.session();
    let changes = document.history().entries().iter().rev().flat_map(|entry| entry.edit.iter().rev());
    let mark = changes.filter_map(|change| match change {
        Change::Insert(Item::Mark { mark, .. }) | Change::Replace { to: Item::Mark { mark, .. }, .. } => Some(mark.id),
        _ => None,
    });
    let (track, mark) = mark.take(1_000).find_map(|id| session.mark(id))?;
    let just_before = |end: Instant| end - Length::from_micros(1);
    let open = mark.span().filter(|_| mark.is_open());
    Some((track.key.clone(), open.map_or(mark.start(), |span| just_before(span.end()))))
}

fn disk() -> Arc<dyn Disk> {
    Arc::new(OsDisk)
}

/// A video's name as that of its session, where that says nothing of who is seen in it: a number, with the words that laboratories put before one.
fn harmless_name(video: &Path) -> Option<String> {
    const WORDS: [&str; 16] = [
        "baseline",
        "cam",
        "camera",
        "case",
        "dyad",
        "family",
        "id",
        "pair",
        "participant",
        "play",
        "reunion",
        "session",
        "sub",
        "subject",
        "video",
        "visit",
    ];
    let name = video.file_stem()?.to_string_lossy().into_owned();
    let is_letter = |letter: char| letter.is_alphabetic();
    let mut words = name.split(|letter| !is_letter(letter)).filter(|word| !word.is_empty());
    let is_harmless = words.all(|word| word.len() == 1 || WORDS.contains(&word.to_lowercase().as_str()));
    (is_harmless && name.contains(|letter: char| letter.is_ascii_digit())).then_some(name)
}

/// A session, or something that can be made into one; anything else is taken for a video.
fn is_document(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    extension == EXTENSION || exchange::Format::of_path(path).is_some()
}

pub(super) fn import(path: &Path) -> Result<(Box<Session>, Report), String> {
    let bytes = std::fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    let known = Scheme::built_in();
    let read = read_any(path, &bytes, Schemes { given: None, known: &known });
    read.map(|(session, report)| (Box::new(session), report)).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_never_called_by_a_persons_name() {
        let name = |file: &str| harmless_name(Path::new(file));
        assert_eq!(name("/study/dyad-017.mp4").as_deref(), Some("dyad-017"));
        assert_eq!(name("P12_visit2.mov").as_deref(), Some("P12_visit2"));
        assert_eq!(name("Anna Maier 3m.mp4"), None);
        assert_eq!(name("play.mp4"), None, "it tells no session from another");
    }
}
