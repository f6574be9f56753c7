//! The session's videos and sounds: added, found again, known by what they are, and given to the player.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use media::{MediaError, Player, PlayerOptions, VideoState, Waveform};
use session::file::{medium_path, resolve_medium};
use session::marking::{add_medium, change_medium};
use session::{Medium, MediumId, SessionId};

use super::editing::placement;
use super::signature;
use crate::app::App;
use crate::dialog::Dialog;
use crate::examine::{self, Examined, examine};
use crate::jobs::Done;
use crate::work::Video;

impl App {
    /// What was not known of a medium becomes part of the session.
    pub(super) fn measured(&mut self, id: MediumId, examined: Examined) {
        let Some(work) = &mut self.state.work else { return };
        if !work.can_edit() {
            return;
        }
        let Some(from) = work.session().medium(id) else { return };
        let known = examined.medium(id, work.file.path());
        let to = Medium { identity: known.identity, end: known.end, frame: known.frame, ..from.clone() };
        let signature = signature(work);
        if let Err(error) = work.document.note_found(to, signature) {
            self.alarm(error.to_string());
        }
    }

    /// Media that are gone are searched for by what they are; of those that are there, all bytes become known. Behind everything else.
    pub(super) fn look_after_media(&mut self) {
        let Some(work) = self.state.work.as_ref().filter(|work| work.can_edit()) else { return };
        let session = work.session();
        let folders: Vec<PathBuf> = std::iter::once(work.file.path().to_owned())
            .chain(session.media.iter().map(|medium| work.medium_path(medium)))
            .filter_map(|path| path.parent().map(Path::to_owned))
            .collect();
        for medium in &session.media {
            let (Some(known), path) = (medium.identity.clone(), work.medium_path(medium)) else { continue };
            let (session, id, closed) = (session.id.clone(), medium.id, Arc::clone(&work.closed));
            let folders = folders.clone();
            self.jobs.run(move || {
                if path.exists() {
                    let whole = if known.whole.is_none() { media::hash_whole(&path, &closed).ok() } else { None };
                    Done::Whole(session, id, whole)
                } else {
                    let found = examine::search(&known, &folders, &closed);
                    Done::Moved(session, found.map(|path| (id, path)))
                }
            });
        }
    }

    pub(super) fn media_moved(&mut self, session: &SessionId, moved: Option<(MediumId, PathBuf)>) {
        let Some((id, path)) = moved else { return };
        let Some(work) = self.state.work.as_mut().filter(|work| work.session().id == *session) else { return };
        let Some(medium) = work.session().medium(id).cloned() else { return };
        let signature = signature(work);
        let to = Medium { path: medium_path(work.file.path(), &path), ..medium };
        match work.document.note_found(to, signature) {
            Ok(()) => {
                self.reopen_videos();
                self.say(format!("found a video that had moved: {}", path.display()));
            }
            Err(error) => self.alarm(error.to_string()),
        }
    }

    pub(super) fn known_whole(&mut self, session: &SessionId, id: MediumId, whole: Option<String>) {
        let Some(work) = self.state.work.as_mut().filter(|work| work.session().id == *session) else { return };
        let Some(medium) = work.session().medium(id).cloned().filter(|_| whole.is_some()) else { return };
        let Some(known) = medium.identity.clone() else { return };
        let signature = signature(work);
        let to = Medium { identity: Some(session::Identity { whole, ..known }), ..medium };
        if let Err(error) = work.document.note_found(to, signature) {
            self.alarm(error.to_string());
        }
    }

    pub(super) fn add_medium(&mut self, path: PathBuf) {
        let Some(session) = self.state.work.as_ref().map(|work| work.session().id.clone()) else { return };
        self.say(format!("looking at {}…", path.display()));
        self.jobs.run(move || Done::Added(session, examine(&path)));
    }

    pub(super) fn added(&mut self, session: &SessionId, examined: Examined) {
        let Some(work) = self.state.work.as_ref().filter(|work| work.session().id == *session) else { return };
        let medium = examined.medium(MediumId(work.document.ids().take()), work.file.path());
        if self.apply(|session, _| add_medium(session, medium)).is_some() {
            self.reopen_videos();
            self.dialog = self.state.work.as_ref().map(|work| Dialog::setup(work.session()));
        }
    }

    pub(super) fn relink(&mut self, id: MediumId, path: PathBuf) {
        let Some(work) = &self.state.work else { return };
        let Some(from) = work.session().medium(id) else { return };
        let identity = match media::Identity::of(&path) {
            Ok(identity) => examine::own_identity(identity),
            Err(error) => return self.alarm(error.to_string()),
        };
        let is_other =
            from.identity.as_ref().is_some_and(|known| (known.bytes, &known.ends) != (identity.bytes, &identity.ends));
        let to = Medium { path: medium_path(work.file.path(), &path), ..from.clone() };
        self.apply(|session, _| change_medium(session, to));
        self.reopen_videos();
        if is_other {
            self.alarm(format!("{} is not the file that was coded: its length or contents differ", path.display()));
        }
    }

    pub(super) fn player_options(&self) -> PlayerOptions {
        PlayerOptions { sound: self.sound.clone(), ..PlayerOptions::default() }
    }

    /// Reads the sound's curve behind everything else, once the frames are known.
    pub(super) fn ask_for_waveform(&mut self) {
        let Some(work) = &mut self.state.work else { return };
        let Some(heard) = work.player.sound_of().filter(|heard| matches!(work.player.state(*heard), VideoState::Ready))
        else {
            return;
        };
        let (Some(index), Some(medium)) = (work.player.index(heard), work.session().media.get(heard)) else { return };
        if work.waveform_asked {
            return;
        }
        let (path, zero, closed) = (work.medium_path(medium), index.container_start(), Arc::clone(&work.closed));
        work.waveform_asked = true;
        let session = work.session().id.clone();
        self.jobs.run(move || Done::Waveform(session, Waveform::read(&path, zero, &closed, &mut |_| {})));
    }

    pub(super) fn waveform(&mut self, session: &SessionId, waveform: Result<Option<Waveform>, MediaError>) {
        let Some(work) = self.state.work.as_mut().filter(|work| work.session().id == *session) else { return };
        match waveform {
            Ok(waveform) => work.waveform = waveform,
            Err(MediaError::Cancelled { .. }) => {}
            Err(error) => self.alarm(error.to_string()),
        }
    }

    /// The media are other files now.
    pub(super) fn reopen_videos(&mut self) {
        let options = self.player_options();
        let Some(work) = &mut self.state.work else { return };
        let session = work.document.session();
        let placed = session.media.iter().map(|medium| media::PlacedVideo {
            path: resolve_medium(work.file.path(), &medium.path),
            placement: placement(medium),
        });
        work.player = Player::open(placed.collect(), &options, &self.wake);
        work.player.set_volume(work.transport.volume);
        work.player.set_muted(work.transport.muted);
        work.videos = work.session().media.iter().map(|_| Video::default()).collect();
    }
}
