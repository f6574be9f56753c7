//! The session's videos and sounds: added, found again, known by what they are, and given to the player.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use media::{IndexCache, MediaError, Player, PlayerOptions, Small, SmallCache, VideoState, Waveform, WaveformCache};
use session::file::medium_path;
use session::marking::{Setup, add_medium, change_medium};
use session::{Identity, Medium, MediumId, SessionId};

use super::editing::placement;
use super::signature;
use crate::app::App;
use crate::command::Transport;
use crate::dialog::Dialog;
use crate::examine::{self, Examined, examine};
use crate::jobs::Done;
use crate::preferences::SmallPictures;
use crate::state::Status;
use crate::work::{OtherFile, Video};

impl App {
    /// What was not known of a medium becomes part of the session.
    pub(super) fn measured(&mut self, session: &SessionId, id: MediumId, examined: Examined) {
        let Some(work) = self.state.work.as_mut().filter(|work| work.session().id == *session) else { return };
        if !work.can_edit() {
            return;
        }
        let Some(from) = work.session().medium(id) else { return };
        let Medium { kind, identity, end, frame, .. } = examined.medium(id, work.file.path());
        let identity = from.identity.clone().or(identity); // of which all may be known by now
        let to = Medium { kind, identity, end, frame, ..from.clone() };
        let signature = signature(work);
        if let Err(error) = work.document.note_found(to, signature) {
            self.alarm(error.to_string());
        }
    }

    /// Media that are gone are searched for by what they are; of those that are there, all bytes become known. Behind everything else.
    pub(super) fn look_after_media(&mut self) {
        let Some(work) = &self.state.work else { return };
        let (session, can_edit) = (work.session(), work.can_edit());
        let roots = self.state.preferences.video_folders.clone();
        let near: Vec<PathBuf> = std::iter::once(work.file.path().to_owned())
            .chain(session.media.iter().map(|medium| work.medium_path(medium)))
            .filter_map(|path| path.parent().map(Path::to_owned))
            .collect();
        for medium in &session.media {
            let (Some(coded), path) = (medium.identity.clone(), work.medium_path(medium)) else { continue };
            let (session, id, closed) = (session.id.clone(), medium.id, Arc::clone(&work.closed));
            let (near, roots) = (near.clone(), roots.clone());
            self.jobs.run(move || {
                let there = media::Identity::of(&path).map(examine::own_identity);
                if there.is_ok_and(|there| !coded.is_of_same_file(&there)) {
                    Done::Other(session, OtherFile { medium: id, path, coded })
                } else if path.exists() {
                    let unknown = coded.whole.is_none() && can_edit;
                    Done::Whole(session, id, unknown.then(|| media::hash_whole(&path, &closed).ok()).flatten())
                } else {
                    Done::Moved(session, id, examine::search(&coded, &near, &roots, &closed))
                }
            });
        }
    }

    pub(super) fn medium_moved(&mut self, session: &SessionId, id: MediumId, path: PathBuf) {
        let Some(work) = self.state.work.as_mut().filter(|work| work.session().id == *session) else { return };
        let Some(medium) = work.session().medium(id).cloned() else { return };
        if work.can_edit() {
            let signature = signature(work);
            let to = Medium { path: medium_path(work.file.path(), &path), ..medium.clone() };
            if let Err(error) = work.document.note_found(to, signature) {
                return self.alarm(error.to_string());
            }
        } else {
            work.elsewhere.insert(id, path.clone());
        }
        self.reopen_videos();
        self.say(format!("found a video that had moved: {}", path.display()));
        self.look_at_whole(&medium, path);
    }

    pub(super) fn medium_missing(&mut self, session: &SessionId, id: MediumId) {
        let Some(work) = self.state.work.as_ref().filter(|work| work.session().id == *session) else { return };
        let Some(medium) = work.session().medium(id) else { return };
        self.alarm(format!(
            "{} is neither where it was nor in any folder that is searched: find it, or name its folder in Preferences",
            medium.path
        ));
    }

    /// The ends of a file that came to another place say what it is; behind everything else, all of it does.
    fn look_at_whole(&self, medium: &Medium, path: PathBuf) {
        let Some(work) = &self.state.work else { return };
        let Some(coded) = medium.identity.clone().filter(|coded| coded.whole.is_some()) else { return };
        let (session, medium, closed) = (work.session().id.clone(), medium.id, Arc::clone(&work.closed));
        self.jobs.run(move || match media::hash_whole(&path, &closed) {
            Ok(whole) if coded.whole.as_ref() != Some(&whole) => {
                Done::Other(session, OtherFile { medium, path, coded })
            }
            _ => Done::Whole(session, medium, None),
        });
    }

    /// Another file stands where the coded one stood.
    pub(super) fn is_other(&mut self, session: &SessionId, other: OtherFile) {
        let Some(work) = self.state.work.as_mut().filter(|work| work.session().id == *session) else { return };
        let Some(name) = work.session().medium(other.medium).map(|medium| medium.path.clone()) else { return };
        work.others.push(other);
        self.alarm(format!(
            "{name} is not the file that was coded: right-click the picture to find that one, or to say that it is the same recording"
        ));
    }

    pub(super) fn known_whole(&mut self, session: &SessionId, id: MediumId, whole: Option<String>) {
        let Some(work) = self.state.work.as_mut().filter(|work| work.session().id == *session) else { return };
        let Some(medium) = work.session().medium(id).cloned().filter(|_| whole.is_some()) else { return };
        let Some(known) = medium.identity.clone() else { return };
        let signature = signature(work);
        let to = Medium { identity: Some(Identity { whole, ..known }), ..medium };
        if let Err(error) = work.document.note_found(to, signature) {
            self.alarm(error.to_string());
        }
    }

    pub(super) fn add_medium(&mut self, path: PathBuf) {
        let Some(session) = self.state.work.as_ref().map(|work| work.session().id.clone()) else { return };
        self.say(format!("looking at {}…", path.display()));
        let kept = self.indexes();
        self.jobs.run(move || Done::Added(session, examine(&path, Some(&kept))));
    }

    pub(super) fn added(&mut self, session: &SessionId, examined: Examined) {
        let Some(work) = self.state.work.as_ref().filter(|work| work.session().id == *session) else { return };
        let medium = examined.medium(MediumId(work.document.ids().take()), work.file.path());
        if self.apply(|session, _| add_medium(session, medium)).is_none() {
            return;
        }
        self.reopen_videos();
        let Some(work) = &self.state.work else { return };
        match &mut self.dialog {
            Some(Dialog::Setup(form)) => form.media.extend(Setup::of(work.session()).media.pop().map(Into::into)), // what was typed stays
            dialog => *dialog = Some(Dialog::setup(work.session())),
        }
    }

    /// A file was chosen for a medium. It is looked at before anything else, behind the window: its drive may be slow to answer.
    pub(super) fn relink(&mut self, id: MediumId, path: PathBuf) {
        let Some(session) = self.state.work.as_ref().map(|work| work.session().id.clone()) else { return };
        self.say(format!("looking at {}…", path.display()));
        self.jobs.run(move || {
            let identity = media::Identity::of(&path).map(examine::own_identity);
            Done::Chosen(session, id, path, identity)
        });
    }

    pub(super) fn relink_to(&mut self, session: &SessionId, id: MediumId, path: PathBuf, found: Identity) {
        let Some(work) = self.state.work.as_ref().filter(|work| work.session().id == *session) else { return };
        let Some(from) = work.session().medium(id).cloned() else { return };
        if from.identity.as_ref().is_some_and(|coded| !coded.is_of_same_file(&found)) {
            self.say(format!("{} is not the file that was coded", path.display()));
            self.dialog = Some(Dialog::OtherFile { id, path });
            return;
        }
        let identity = from.identity.clone().or(Some(found)); // what was known of all of it stays known
        let to = Medium { path: medium_path(work.file.path(), &path), identity, ..from.clone() };
        self.apply(|session, _| change_medium(session, to));
        self.reopen_videos();
        self.look_at_whole(&from, path);
    }

    /// The file takes the coded one's place, and is the one that is coded from now on. It is looked at first: its length is another.
    pub(super) fn relink_all_the_same(&mut self, id: MediumId, path: PathBuf) {
        let Some(session) = self.state.work.as_ref().map(|work| work.session().id.clone()) else { return };
        self.say(format!("looking at {}…", path.display()));
        let kept = self.indexes();
        self.jobs.run(move || Done::Replaced(session, id, examine(&path, Some(&kept))));
    }

    pub(super) fn accept_file(&mut self, id: MediumId) {
        let Some(work) = &self.state.work else { return };
        if let Some(path) = work.session().medium(id).map(|medium| work.medium_path(medium)) {
            self.relink_all_the_same(id, path);
        }
    }

    pub(super) fn replaced(&mut self, session: &SessionId, id: MediumId, examined: &Examined) {
        let Some(work) = self.state.work.as_ref().filter(|work| work.session().id == *session) else { return };
        let Some(from) = work.session().medium(id) else { return };
        let Medium { path, kind, identity, end, frame, .. } = examined.medium(id, work.file.path());
        let to = Medium { path, kind, identity, end, frame, ..from.clone() };
        self.apply(|session, _| change_medium(session, to));
        self.reopen_videos();
    }

    pub(super) fn indexes(&self) -> IndexCache {
        IndexCache::new(self.state.folders.indexes())
    }

    pub(super) fn player_options(&self) -> PlayerOptions {
        let small = match self.state.preferences.small_pictures {
            SmallPictures::Off => Small::Off,
            SmallPictures::InMemory => Small::InMemory,
            SmallPictures::OnDisk => Small::OnDisk(self.small_cache.clone()),
        };
        PlayerOptions {
            draws_planes: self.card.is_some(),
            sound: self.sound.clone(),
            indexes: Some(self.indexes()),
            small,
            ..PlayerOptions::default()
        }
    }

    /// Small pictures are on the disk for as long as somebody wants them there.
    pub(crate) fn forget_small_pictures(&mut self) {
        if self.state.preferences.small_pictures == SmallPictures::OnDisk {
            return;
        }
        let folder = self.state.folders.small_pictures();
        let revoked = std::mem::replace(&mut self.small_cache, SmallCache::new(folder.clone()));
        if let Err(error) = revoked.clear() {
            self.alarm(format!("small pictures are still in {} ({error}): delete that folder", folder.display()));
        }
    }

    /// Once the frames of a video are known: do the marks stand on them? Times are the truth, and a difference is said.
    pub(super) fn look_at_frames(&mut self) {
        let Some(work) = &self.state.work else { return };
        let ready = |n: &usize| matches!(work.player.state(*n), VideoState::Ready) && !work.videos[*n].is_checked;
        let media: Vec<usize> = (0..work.videos.len().min(work.player.videos())).filter(ready).collect();
        for medium in media {
            self.look_at_frames_of(medium);
        }
    }

    fn look_at_frames_of(&mut self, medium: usize) {
        let Some(work) = &mut self.state.work else { return };
        work.videos[medium].is_checked = true;
        let known = work.session().media.get(medium).filter(|medium| medium.kind.is_video());
        if let (Some(index), Some(known)) = (work.player.index(medium).cloned(), known) {
            let (session, path) = (work.session().id.clone(), work.medium_path(known));
            if known.end.is_none() {
                let (session, id, path, index) = (session.clone(), known.id, path.clone(), Arc::clone(&index));
                self.jobs.run(move || Done::Measured(session, id, examine::measured(&path, &index)));
            }
            self.jobs.run(move || {
                let warnings = media::Probe::of(&path, &index).map(|probe| probe.warnings);
                Done::Warned(session, medium, warnings)
            });
        }
        let off = work.n_marks_off_frames(medium);
        if off > 0 && !work.is_other(medium) {
            let name = work.session().media.get(medium).map_or_else(String::new, |medium| medium.path.clone());
            self.alarm(format!(
                "there {} on no frame of {name}: was it converted since? All times are kept",
                if off == 1 { "is 1 mark that begins".to_owned() } else { format!("are {off} marks that begin") }
            ));
        }
    }

    /// What there is to beware of is kept with the video; what is wrong with the recording itself is said whenever it is opened.
    pub(super) fn warned(&mut self, session: &SessionId, place: usize, warnings: Vec<String>) {
        let Some(work) = self.state.work.as_mut().filter(|work| work.session().id == *session) else { return };
        let is_damaged = work.player.index(place).is_some_and(|index| index.is_damaged());
        let name = work.session().media.get(place).map_or("", Medium::file_name);
        let status = Status::alarm(format!("{name}: {}", warnings.first().map_or("", String::as_str)));
        if let Some(video) = work.videos.get_mut(place) {
            let seen = std::mem::take(&mut video.warnings); // of damage that was met sooner
            video.warnings = seen.into_iter().chain(warnings.iter().cloned()).collect();
            video.is_damaged |= is_damaged;
        }
        if is_damaged {
            self.state.status = status.with_remarks(warnings);
        }
    }

    /// The first damaged frame of a recording that comes to the screen is said.
    pub(super) fn look_for_damage(&mut self) {
        const DAMAGED: &str =
            "some pictures are damaged: their times are right, and another copy of the file may be whole";
        let Some(work) = &mut self.state.work else { return };
        let is_new = |n: &usize| !work.videos[*n].is_damaged && work.player.is_damaged(*n);
        let Some(place) = (0..work.videos.len().min(work.player.videos())).find(is_new) else { return };
        let name = work.session().media.get(place).map_or("", Medium::file_name).to_owned();
        let video = &mut work.videos[place];
        video.is_damaged = true;
        video.warnings.insert(0, DAMAGED.to_owned());
        self.alarm(format!("{name}: {DAMAGED}"));
    }

    /// Reads the curves of the sounds that are heard behind everything else, once the frames are known.
    pub(super) fn ask_for_waveforms(&mut self) {
        let Some(work) = &mut self.state.work else { return };
        for clip in work.heard().into_iter().filter(|clip| !work.waveforms_asked.contains(clip)).collect::<Vec<_>>() {
            let is_ready = matches!(work.player.state(clip), VideoState::Ready) && work.player.has_sound(clip);
            let (Some(index), Some(medium)) = (work.player.index(clip), work.session().media.get(clip)) else {
                continue;
            };
            let (path, zero, closed) = (work.medium_path(medium), index.container_start(), Arc::clone(&work.closed));
            if !is_ready {
                continue;
            }
            work.waveforms_asked.insert(clip);
            let session = work.session().id.clone();
            let kept = WaveformCache::new(self.state.folders.waveforms());
            self.jobs.run(move || Done::Waveform(session, clip, kept.read(&path, zero, &closed, &mut |_| {})));
        }
    }

    pub(super) fn waveform(
        &mut self,
        session: &SessionId,
        medium: usize,
        waveform: Result<Option<Waveform>, MediaError>,
    ) {
        let Some(work) = self.state.work.as_mut().filter(|work| work.session().id == *session) else { return };
        match waveform {
            Ok(waveform) => drop(work.waveforms.insert(medium, waveform)),
            Err(MediaError::Cancelled { .. }) => {}
            Err(error) => self.alarm(error.to_string()),
        }
    }

    /// The media are other files now.
    pub(super) fn reopen_videos(&mut self) {
        let options = self.player_options();
        let Some(work) = &mut self.state.work else { return };
        let placed = work
            .session()
            .media
            .iter()
            .map(|medium| media::PlacedVideo { path: work.medium_path(medium), placement: placement(medium) });
        work.player = Player::open(placed.collect(), &options, &self.wake);
        self.commands.push(Transport::Seek(work.playhead)); // where it stood
        work.waveforms.clear(); // the sound may be another's
        work.waveforms_asked.clear();
        work.thumbnails.clear();
        work.player.set_volume(work.transport.volume);
        work.player.set_muted(work.transport.muted);
        work.videos = work.session().media.iter().map(|_| Video::default()).collect();
    }
}
