//! The session that is open in the window: its document, its file, its videos, and how it is looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant as Moment};

use media::{Detail, Extremes, Player, Speed, VideoState, Waveform};
use session::file::{SessionFile, Standing};
use session::marking::SameMoment;
use session::{Document, Identity, Mark, Medium, MediumId, Rate, Session, Track, TrackKey};
use span::{Instant, Length, Span, counted};

use crate::canvas::Canvas;
use crate::command::Selection;
use crate::comparing::Comparing;
use crate::dialog::EarlierSave;
use crate::keys::{Motion, ShownFrame, Stamp};
use crate::live_scores::LiveScores;
use crate::preferences::TimeFormat;
use crate::thumbnails::Thumbnails;
use crate::timeline::Axis;

/// A session with changes is saved by itself after so long.
const AUTOSAVE: Duration = Duration::from_mins(10);

/// The session that is open.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, and any combination is valid")]
pub struct Work {
    /// The session and its history.
    pub document: Document,
    /// Its file, journal and lock.
    pub file: SessionFile,
    /// Somebody chose to look only.
    pub reading: bool,
    /// The videos.
    pub player: Player,
    /// Where media were found that have moved, while the session that names them is only read.
    pub elsewhere: BTreeMap<MediumId, PathBuf>,
    /// Files that were found where a coded one stood, and are not that one: no mark is made on them.
    pub others: Vec<OtherFile>,
    /// What is drawn of each medium, in the session's order.
    pub videos: Vec<Video>,
    /// The moment that was last remembered: of which medium, and when on its own clock.
    pub remembered: Option<(MediumId, Instant)>,
    /// Moments that were seen in two media.
    pub same_moments: Vec<SameMomentOf>,
    /// The media whose pictures are in windows of their own.
    pub apart: BTreeSet<MediumId>,
    /// The sound's curve of each medium that is heard, by the medium's place, once it has been read; nothing where there is no sound.
    pub waveforms: BTreeMap<usize, Option<Waveform>>,
    /// The media whose curves are being read, or have been.
    pub waveforms_asked: BTreeSet<usize>,
    /// The small pictures along the timelines.
    pub thumbnails: Thumbnails,
    /// Raised when the session is closed: what reads its files ends.
    pub closed: Arc<AtomicBool>,
    /// The track that keys code.
    pub armed: TrackKey,
    /// What is selected.
    pub selection: Option<Selection>,
    /// The part of the session that the timelines show; all of it until somebody looks closer.
    pub axis: Option<Axis>,
    /// What is on the screen now.
    pub stamp: Stamp,
    /// The start of the frame on the screen.
    pub playhead: Instant,
    /// How it plays.
    pub transport: TransportState,
    /// There was no device for the sound when it was last wanted.
    pub lacks_sound_device: bool,
    /// The scores.
    pub live: LiveScores,
    /// Another coder's session beside this one.
    pub comparing: Option<Comparing>,
    /// Are they shown? Hidden at first from a second coder.
    pub shows_scores: bool,
    /// Does a new state replace what the playhead passes?
    pub overwrite: bool,
    /// Where an episode begins whose end has not been given.
    pub episode_in: Option<Instant>,
    /// How far the jump keys go.
    pub jump: Length,
    /// How moments are written.
    pub times: TimeFormat,
    /// The frame that the last jump goes to, until its picture is there.
    pub jumping_to: Option<Instant>,
    /// Since when the exact picture has been waited for, where it has.
    pub awaited_since: Option<Moment>,
    /// It has been waited for so long that it is said.
    pub waits_long: bool,
    /// The last step was forward: the frames between count as seen.
    pub stepped_forward: bool,
    /// When the growth of open states was last handed to the journal.
    pub flushed: Moment,
    /// When the session was last saved.
    pub saved: Moment,
}

/// The last moment that is shown as `time`, where times are cut to the millisecond; a time that says more is meant as it is.
#[must_use]
pub fn last_shown_as(time: Instant) -> Instant {
    const CUT: Length = Length::from_micros(999);
    if time.micros() % 1_000 == 0 { time + CUT } else { time }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Relaxed);
    }
}

/// A moment by which a medium was laid on the clock, and where it lies since: one that lies elsewhere was moved by other means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SameMomentOf {
    /// The medium that was laid.
    pub medium: MediumId,
    /// The moment.
    pub moment: SameMoment,
    /// Session time of its zero.
    pub offset: Length,
    /// Session time per time of its own.
    pub rate: Rate,
}

/// How it plays, as the buttons show it.
#[derive(Clone, Debug, PartialEq)]
pub struct TransportState {
    /// The speed of the present or the next playing.
    pub speed: Speed,
    /// 0 to 1.
    pub volume: f32,
    /// Is the sound off?
    pub muted: bool,
    /// What is played round and round.
    pub looped: Option<Span>,
}

/// One medium as it is drawn.
#[derive(Default)]
pub struct Video {
    /// The picture on the screen.
    pub shown: Option<Shown>,
    /// Which frame that is, and in how much detail.
    pub uploaded: Option<(usize, Detail)>,
    /// Width and height in square pixels.
    pub display_size: Option<[f32; 2]>,
    /// Why there is no picture.
    pub problem: Option<String>,
    /// Since when no picture has come of those that are asked for.
    pub awaited_since: Option<Moment>,
    /// It has been so long that it is said: the drive may have stalled.
    pub is_awaited: bool,
    /// It has been looked whether the marks stand on its frames.
    pub is_checked: bool,
    /// What to beware of, the gravest first.
    pub warnings: Vec<String>,
    /// A part of the recording is missing or cannot be shown.
    pub is_damaged: bool,
}

/// What a picture on the screen is to the frame that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// The very frame.
    Exact,
    /// The very frame, by its small picture: exact in time, coarse in detail.
    Coarse,
    /// The very frame, of which, or of one that it is predicted from, not all could be decoded: exact in time, and not whole.
    Damaged,
    /// Another one near it, on which no mark is made.
    Approximate,
    /// None: where there is sound alone, the playhead goes in even steps.
    Step(Length),
}

/// A picture on the screen.
pub enum Shown {
    /// As red, green and blue, in the tone in which it is looked at.
    Texture(egui::TextureHandle),
    /// From its planes.
    Canvas(Canvas),
}

impl Video {
    /// Width by height.
    #[must_use]
    pub fn aspect(&self) -> f32 {
        const UNKNOWN: f32 = 16.0 / 9.0;
        self.display_size.map_or(UNKNOWN, |[width, height]| if height > 0.0 { width / height } else { UNKNOWN })
    }
}

/// A file that stands where the coded one stood, and is another.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherFile {
    /// The medium.
    pub medium: MediumId,
    /// The file.
    pub path: PathBuf,
    /// The file that was coded.
    pub coded: Identity,
}

/// How safe the work is, as the dot in the title shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disk {
    /// All of it is on disk.
    OnDisk,
    /// The journal is more than a second behind.
    Writing,
    /// Nothing can be changed, and why.
    ReadOnly(String),
    /// The journal cannot be written, and the remedy.
    Problem(String),
}

impl Work {
    /// The session.
    #[must_use]
    pub fn session(&self) -> &Session {
        self.document.session()
    }

    /// The track that keys code.
    #[must_use]
    pub fn armed_track(&self) -> Option<&Track> {
        self.session().track(&self.armed)
    }

    /// "Infant · Gaze": the same words in the track, the palette and the title.
    #[must_use]
    pub fn armed_title(&self) -> String {
        let session = self.session();
        let channel =
            session.scheme.channel(&self.armed).map_or(self.armed.channel.as_str(), |channel| channel.label.as_str());
        format!("{} · {channel}", session.subject_name(&self.armed.subject))
    }

    /// The session's name, as the title shows it.
    #[must_use]
    pub fn title(&self) -> String {
        let session = self.session();
        format!("{} · {}", session.name, session.scheme.label)
    }

    /// May the session be changed?
    #[must_use]
    pub fn can_edit(&self) -> bool {
        self.why_not().is_none()
    }

    /// Why the session cannot be changed now, for the status line.
    #[must_use]
    pub fn why_not(&self) -> Option<&'static str> {
        if self.comparing.is_some() {
            Some("close the comparison to code on")
        } else if self.reading || self.file.read_only().is_some() {
            Some("this session is open for reading only")
        } else {
            None
        }
    }

    /// Does time pass?
    #[must_use]
    pub fn is_playing(&self) -> bool {
        self.player.is_playing()
    }

    /// The mark that is selected.
    #[must_use]
    pub fn selected_mark(&self) -> Option<&Mark> {
        match self.selection? {
            Selection::Mark(id) => self.session().mark(id).map(|(_, mark)| mark),
            Selection::Episode(_) => None,
        }
    }

    /// The stretch that is selected.
    #[must_use]
    pub fn selected_span(&self) -> Option<Span> {
        match self.selection? {
            Selection::Mark(_) => self.selected_mark().and_then(Mark::span),
            Selection::Episode(id) => {
                self.session().episodes.iter().find(|episode| episode.id == id).map(|episode| episode.span)
            }
        }
    }

    /// The code of the armed track at the playhead.
    #[must_use]
    pub fn code_at_playhead(&self) -> Option<String> {
        self.armed_track()?.state_at(self.playhead).map(|mark| mark.code.clone())
    }

    /// The place among the media of the one that a track is coded from at the playhead.
    #[must_use]
    pub fn medium_index(&self, track: &TrackKey) -> usize {
        self.medium_index_at(track, self.playhead)
    }

    /// The same at any moment.
    #[must_use]
    pub fn medium_index_at(&self, track: &TrackKey, time: Instant) -> usize {
        let session = self.session();
        let medium = session.track(track).and_then(|track| session.medium_at(track, time));
        medium.and_then(|medium| session.media.iter().position(|other| other.id == medium.id)).unwrap_or(0)
    }

    /// The frame in a stamp that a track's marks stand on.
    #[must_use]
    pub fn frame_in(&self, stamp: &Stamp, track: &TrackKey) -> Option<ShownFrame> {
        let session = self.session();
        let clips = session.clips_of(session.track(track)?);
        let frames = session.media.iter().zip(&stamp.frames);
        let mut of_clips = frames.filter(|(medium, _)| clips.iter().any(|clip| clip.id == medium.id));
        of_clips.find_map(|(_, frame)| *frame) // no two clips are on screen at once
    }

    /// Is nothing known yet of the file that the armed track is coded from?
    #[must_use]
    pub fn is_opening(&self) -> bool {
        let medium = self.medium_index(&self.armed);
        let is_well = self.videos.get(medium).is_some_and(|video| video.problem.is_none());
        is_well && medium < self.player.videos() && self.player.index(medium).is_none()
    }

    /// The frame of the armed track's medium on the screen: its number, from 0 as everywhere, how many there are, and what it is to the one asked for.
    #[must_use]
    pub fn lead_frame(&self) -> Option<(usize, Option<usize>, Sight)> {
        let medium = self.medium_index(&self.armed);
        let index = self.player.index(medium).filter(|index| self.is_on_screen(medium, index))?;
        if let Some(step) = self.player.step_of_sound(medium) {
            return Some((step, Some(index.len()), Sight::Step(index.length_of(0))));
        }
        let presented = self.player.presented(medium)?;
        let all = matches!(self.player.state(medium), VideoState::Ready);
        let n_frames = self.player.index(medium).filter(|_| all).map(|index| index.len());
        let is_exact = presented.exact && !self.waits_long || self.is_playing();
        let sight = match presented.detail {
            _ if !is_exact => Sight::Approximate,
            _ if self.player.is_damaged(medium) => Sight::Damaged,
            Detail::Small => Sight::Coarse,
            Detail::Full => Sight::Exact,
        };
        Some((presented.frame, n_frames, sight))
    }

    /// Session time of a frame of the armed track's medium.
    #[must_use]
    pub fn time_of_frame(&self, frame: usize) -> Option<Instant> {
        let medium = self.medium_index(&self.armed);
        let index = self.player.index(medium)?;
        (frame < index.len()).then(|| self.player.placement(medium).session_from_medium(index.time_of(frame)))
    }

    /// The moment that was meant by a time that was read off the window, where times are cut to the millisecond: the start of the frame that is shown so.
    #[must_use]
    pub fn frame_shown_as(&self, time: Instant) -> Instant {
        let start = self.frame_start(&self.armed, last_shown_as(time));
        if start > time { start } else { time }
    }

    /// The start of the frame of the track's medium that is on screen at `time`.
    #[must_use]
    pub fn frame_start(&self, track: &TrackKey, time: Instant) -> Instant {
        let medium = self.medium_index_at(track, time);
        let Some(index) = (medium < self.player.videos()).then(|| self.player.index(medium)).flatten() else {
            return time;
        };
        let placement = self.player.placement(medium);
        placement.session_from_medium(index.time_of(index.frame_at(placement.medium_from_session(time))))
    }

    /// The nearest boundary between frames of the track's medium.
    #[must_use]
    pub fn nearest_frame(&self, track: &TrackKey, time: Instant) -> Instant {
        let medium = self.medium_index_at(track, time);
        let Some(index) = (medium < self.player.videos()).then(|| self.player.index(medium)).flatten() else {
            return time;
        };
        let placement = self.player.placement(medium);
        let at = placement.medium_from_session(time);
        let frame = index.frame_at(at);
        let start = index.time_of(frame);
        let end = if frame + 1 < index.len() { index.time_of(frame + 1) } else { index.end() };
        placement.session_from_medium(if at - start <= end - at { start } else { end })
    }

    /// Is the file of the medium at `place` known not to be the one that was coded? A step back to it finds it so again.
    #[must_use]
    pub fn is_other(&self, place: usize) -> bool {
        let Some(medium) = self.session().media.get(place) else { return false };
        let (path, coded) = (self.medium_path(medium), medium.identity.as_ref());
        let is_it = |other: &OtherFile| other.medium == medium.id && other.path == path;
        self.others.iter().any(|other| is_it(other) && coded == Some(&other.coded))
    }

    /// How many marks coded from a medium whose frames are known do not begin on one of them.
    #[must_use]
    pub fn n_marks_off_frames(&self, medium: usize) -> usize {
        let marks = self.session().tracks.iter().flat_map(|track| track.marks.iter().map(move |mark| (track, mark)));
        let of_medium = marks.filter(|(track, mark)| self.medium_index_at(&track.key, mark.start()) == medium);
        of_medium.filter(|(track, mark)| self.nearest_frame(&track.key, mark.start()) != mark.start()).count()
    }

    /// All that the timelines can show.
    #[must_use]
    pub fn whole(&self) -> Span {
        let known = self.session().extent().into_iter().chain(self.player.extent()).reduce(Span::hull);
        let minute =
            || Span::new(Instant::ZERO, Instant::ZERO + Length::SECOND.times(60)).expect("a minute is not empty");
        known.unwrap_or_else(minute)
    }

    /// What is on the screen now.
    #[must_use]
    pub fn present_stamp(&self) -> Stamp {
        let frames = (0..self.player.videos()).map(|medium| self.shown_frame(medium)).collect();
        let percent = self.player.speed().permille().abs() / 10;
        let motion = match (self.player.is_playing(), self.player.speed().is_backward()) {
            (false, _) => Motion::Still,
            (true, false) => Motion::Forward(percent),
            (true, true) => Motion::Reverse(percent),
        };
        Stamp { frames, motion }
    }

    /// Nothing is on screen of a medium that has not begun, or is over: its place is black, whatever picture was there last.
    fn is_on_screen(&self, medium: usize, index: &media::FrameIndex) -> bool {
        let placement = self.player.placement(medium);
        let (start, end) = (index.time_of(0), index.end());
        let position = self.player.position();
        placement.session_from_medium(start) <= position && position < placement.session_from_medium(end)
    }

    /// The frame that is shown of a medium; of sound alone, the step where it stands.
    fn shown_frame(&self, medium: usize) -> Option<ShownFrame> {
        let index = self.player.index(medium).filter(|index| self.is_on_screen(medium, index))?;
        let placement = self.player.placement(medium);
        let presented = || self.player.presented(medium).map(|presented| (presented.frame, presented.exact));
        let (frame, exact) = self.player.step_of_sound(medium).map(|step| (step, true)).or_else(presented)?;
        let start = placement.session_from_medium(index.time_of(frame));
        // Frames of one time, which broken files hold, last as long as the last of them.
        let later = (frame + 1..index.len()).map(|frame| index.time_of(frame));
        let next = later.map(|time| placement.session_from_medium(time)).find(|time| *time > start);
        let end = next.unwrap_or_else(|| placement.session_from_medium(index.end()));
        Span::new(start, end).ok().map(|_| ShownFrame { frame, start, end, exact })
    }

    /// How safe the work is.
    #[must_use]
    pub fn disk(&self) -> Disk {
        if self.reading {
            return Disk::ReadOnly("you chose to read".to_owned());
        }
        if let Some(why) = self.file.read_only() {
            return Disk::ReadOnly(why.to_owned());
        }
        match self.file.log_state().standing(Moment::now()) {
            Standing::OnDisk => Disk::OnDisk,
            Standing::Writing => Disk::Writing,
            Standing::Problem { sentence, save_elsewhere: true } => {
                Disk::Problem(format!("{sentence} · click to save elsewhere"))
            }
            Standing::Problem { sentence, .. } => Disk::Problem(sentence),
        }
    }

    /// The saves kept of this session, newest first.
    #[must_use]
    pub fn earlier_saves(&self) -> Vec<EarlierSave> {
        let saves = self.file.earlier_versions().unwrap_or_default();
        let local = jiff::tz::TimeZone::system();
        let label = |save: &session::file::KeptSave| {
            save.time.to_zoned(local.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
        };
        saves.iter().map(|save| EarlierSave { label: label(save), path: save.path.clone() }).collect()
    }

    /// What is still to do, for the status line: "2 gaps before 1:00 · 1 code shorter than 3 frames".
    #[must_use]
    pub fn to_do(&self) -> String {
        let Some(track) = self.armed_track() else { return String::new() };
        let exhaustive = self.session().scheme.channel(&self.armed).is_some_and(|channel| channel.exhaustive);
        let coded = track.coded_time(exhaustive);
        let until = coded.hull().map_or(Instant::ZERO, Span::end);
        let start = self.whole().start();
        let gaps = |within| self.session().uncoded(track, exhaustive, within).spans().len();
        let gaps = Span::new(start, until).map_or(0, gaps);
        let medium = self.session().medium_of(track);
        let frame = medium.and_then(|medium| medium.frame).unwrap_or(Length::from_millis(40));
        let is_short = |mark: &&Mark| mark.span().is_some_and(|span| span.length() < frame.times(3)) && !mark.is_open();
        let short = track.marks.iter().filter(is_short).count();
        let mut parts = Vec::new();
        if gaps > 0 {
            parts.push(format!("{} before {}", counted(gaps, "gap"), self.times.whole(until)));
        }
        if short > 0 {
            parts.push(format!("{} shorter than 3 frames", counted(short, "code")));
        }
        parts.join(" · ")
    }

    /// The tracks from the top down.
    #[must_use]
    pub fn tracks_in_view(&self) -> Vec<TrackKey> {
        let session = self.session();
        let of = |subject: &session::Subject| {
            let key = subject.key.clone();
            session.tracks.iter().filter(move |track| track.key.subject == key).map(|track| track.key.clone())
        };
        session.scheme.subjects.iter().flat_map(of).collect()
    }

    /// What is heard, by its places among the media: one, or clips that follow each other.
    #[must_use]
    pub fn heard(&self) -> Vec<usize> {
        let heard = self.player.sound_of();
        self.session().clips().into_iter().find(|clips| heard.is_some_and(|n| clips.contains(&n))).unwrap_or_default()
    }

    /// What can be heard, one of it at a time: the first of each row of clips that have sound.
    #[must_use]
    pub fn audible(&self) -> Vec<&Medium> {
        let has_sound = |n: &usize| *n < self.player.videos() && self.player.has_sound(*n);
        let clips = self.session().clips().into_iter().filter(|clips| clips.iter().any(has_sound));
        clips.filter_map(|clips| self.session().media.get(*clips.first()?)).collect()
    }

    /// Which of what can be heard is heard, where there is a choice.
    #[must_use]
    pub fn heard_of_several(&self) -> Option<&Medium> {
        let first = *self.heard().first()?;
        self.session().media.get(first).filter(|_| self.audible().len() > 1)
    }

    /// Is there no picture, and will there be none?
    #[must_use]
    pub fn is_sound_alone(&self) -> bool {
        let media = &self.session().media;
        !media.is_empty() && media.iter().all(|medium| !medium.kind.is_video())
    }

    /// Least and greatest value of what is heard for each point of the axis; none while no curve is known.
    #[must_use]
    pub fn sound_columns(&self, axis: Axis) -> Vec<Option<Extremes>> {
        let (visible, heard) = (axis.visible(), self.heard());
        let curves =
            self.waveforms.iter().filter(|(medium, _)| heard.contains(medium)).filter_map(|(medium, waveform)| {
                let placement = self.player.placement(*medium);
                let edges = [visible.start(), visible.end()].map(|edge| placement.medium_from_session(edge));
                let span = Span::new(edges[0], edges[1]).ok()?;
                Some(waveform.as_ref()?.columns(span, axis.width.max(1.0) as usize))
            });
        let together = |clip: Vec<Option<Extremes>>, next: Vec<_>| {
            clip.into_iter().zip(next).map(|(clip, next)| clip.or(next)).collect()
        };
        curves.reduce(together).unwrap_or_default()
    }

    /// Is there a sound's curve to be drawn, or may there be one yet?
    #[must_use]
    pub fn may_have_curve(&self) -> bool {
        (0..self.player.videos()).any(|n| self.player.may_have_sound(n))
    }

    /// When the session is to be saved by itself, if there is anything to save.
    #[must_use]
    pub fn autosave_due(&self) -> Option<Moment> {
        let waits = self.can_edit() && self.file.has_changes(&self.document);
        waits.then(|| self.saved + AUTOSAVE)
    }

    /// By what a medium's file is known, whatever it is called; by its place where that is not known yet.
    #[must_use]
    pub fn file_key(&self, medium: &Medium) -> String {
        let ends = medium.identity.as_ref().map(|identity| identity.ends.clone());
        ends.unwrap_or_else(|| self.medium_path(medium).display().to_string())
    }

    /// Where a medium's file is.
    #[must_use]
    pub fn medium_path(&self, medium: &Medium) -> PathBuf {
        let found = self.elsewhere.get(&medium.id).cloned();
        found.unwrap_or_else(|| session::file::resolve_medium(self.file.path(), &medium.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_cut_to_the_millisecond_means_all_of_it_and_a_finer_one_itself() {
        let (shown, frame) = (Instant::from_micros(2_430_000), Instant::from_micros(2_430_339));
        assert!(frame <= last_shown_as(shown) && last_shown_as(shown) < Instant::from_micros(2_431_000));
        assert_eq!(last_shown_as(frame), frame);
    }
}
