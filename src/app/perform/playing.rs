//! Play, pause, seek, step; and what happens while frames are seen.

use std::sync::Arc;
use std::time::{Duration, Instant as Moment};

use egui::{Color32, ColorImage, TextureOptions};
use media::{Speed, Stopped, VideoState};
use session::marking::{hold, overwrite};
use session::{Mark, MediumId};
use span::{Instant, Length, Span};

use super::signature;
use crate::app::App;
use crate::canvas::Canvas;
use crate::command::Transport;
use crate::keys::{Motion, ShownFrame, Stamp};
use crate::look::Tone;
use crate::speed;
use crate::work::{Disk, Shown, Work};

/// So much video may be seen before its growth is handed to the journal: with what the disk needs, an open state is less than a second shorter after a kill.
const UNFLUSHED: Duration = Duration::from_millis(750);
/// Until then the exact picture is not called late: a word that comes and goes at each step says nothing.
const LONG_WAIT: Duration = Duration::from_millis(120);

/// Until then no word is said of a file that does not come: it may only be long.
const STALLED: Duration = Duration::from_secs(1);

impl App {
    pub(super) fn transport(&mut self, transport: Transport, now: Moment) {
        let is_of_sound = |transport: &Transport| {
            matches!(transport, Transport::Volume(_) | Transport::Mute | Transport::Hear(_) | Transport::HearNext)
        };
        let is_jump = !is_of_sound(&transport) && !matches!(transport, Transport::Speed(_) | Transport::Faster);
        if is_jump {
            self.end_runs(now);
        }
        let Some(work) = &mut self.state.work else { return };
        match transport {
            Transport::PlayOrPause if work.player.is_playing() => work.pause(now),
            Transport::PlayOrPause => work.play(speed::forward(work.transport.speed), now),
            Transport::Pause => work.pause(now),
            Transport::Faster => {
                let forward = work.player.is_playing() && !work.player.speed().is_backward();
                let speed =
                    if forward { speed::doubled(work.transport.speed) } else { speed::forward(work.transport.speed) };
                work.play(speed, now);
            }
            Transport::Reverse => {
                let backward = work.player.is_playing() && work.player.speed().is_backward();
                let speed = if backward {
                    speed::doubled(work.transport.speed)
                } else {
                    speed::forward(work.transport.speed).reversed()
                };
                work.play(speed, now);
            }
            Transport::Speed(speed) => {
                work.transport.speed = speed;
                work.player.set_speed(speed, now);
            }
            Transport::Seek(time) => work.seek(time, now),
            Transport::Scrub(time) => work.player.scrub(time, now),
            Transport::ScrubEnd => {
                let here = work.player.position();
                work.seek(here, now);
            }
            Transport::Step(n) => {
                work.stepped_forward = n > 0;
                work.player.step(work.medium_index(&work.armed), n, now);
            }
            Transport::Jump(by) => {
                let to = work.playhead + by;
                work.seek(work.frame_start(&work.armed, to), now);
            }
            Transport::ToStart => work.seek(work.whole().start(), now),
            Transport::ToEnd => work.seek(work.whole().end() - Length::MICROSECOND, now),
            Transport::NextBoundary => work.seek_to(work.next_boundary(), now),
            Transport::PreviousBoundary => work.seek_to(work.previous_boundary(), now),
            Transport::NextGap => match work.next_gap() {
                Some(gap) => work.seek(gap, now),
                None => self.say("this track has no gap after here"),
            },
            Transport::LoopSelection if work.transport.looped.is_some() => work.set_loop(None),
            Transport::LoopSelection => match work.selected_span() {
                Some(span) => {
                    work.set_loop(Some(span));
                    work.seek(span.start(), now);
                }
                None => self.say("select a mark or an episode to loop round it"),
            },
            Transport::Loop(span) => {
                work.set_loop(span);
                if let Some(span) = span {
                    work.seek(span.start(), now);
                }
            }
            Transport::Watch { from, round } => {
                work.set_loop(round);
                work.seek(from.max(work.whole().start()), now);
                work.play(speed::forward(work.transport.speed), now);
            }
            Transport::Hear(medium) => self.hear(medium),
            Transport::HearNext => {
                let (audible, heard) = (work.audible(), work.heard_of_several());
                let place = audible.iter().position(|medium| heard.is_some_and(|heard| heard.id == medium.id));
                match place.map(|place| audible[(place + 1) % audible.len()].id) {
                    Some(next) => self.hear(next),
                    None => self.say("there is no other sound to hear"),
                }
            }
            Transport::Volume(volume) => self.set_sound(volume, false),
            Transport::Mute => {
                let transport = &work.transport;
                let (volume, muted) = (transport.volume, !transport.muted);
                self.set_sound(volume, muted);
            }
        }
    }

    /// This one is heard from now on, whenever the session is open on this machine.
    fn hear(&mut self, id: MediumId) {
        let Some(work) = &self.state.work else { return };
        let Some(name) = work.session().medium(id).map(|medium| medium.name().to_owned()) else { return };
        self.state.preferences.set_heard(work.session().id.clone(), id);
        self.save_preferences();
        self.say(format!("heard: {name}"));
    }

    fn set_sound(&mut self, volume: f32, muted: bool) {
        let Some(work) = &mut self.state.work else { return };
        (work.transport.volume, work.transport.muted) = (volume, muted);
        work.player.set_volume(volume);
        work.player.set_muted(muted);
        (self.state.preferences.volume, self.state.preferences.muted) = (volume, muted);
    }

    /// Lets the video advance, and everything that follows from the frames seen.
    pub(crate) fn advance(&mut self, now: Moment) {
        let Some(work) = &mut self.state.work else { return };
        let before = std::mem::take(&mut work.stamp);
        let session = work.document.session();
        work.player.set_clips(session.clips());
        let chosen = self.state.preferences.heard_in(&session.id);
        let chosen = chosen.and_then(|id| session.media.iter().position(|medium| medium.id == id));
        work.player.set_sound_of(chosen, now);
        let advanced = work.player.advance(now);
        let news = if advanced.pictures || advanced.states { self.upload() } else { Vec::new() };
        self.ask_for_waveforms();
        if advanced.states {
            self.look_at_frames();
        }
        self.look_for_damage();
        let Some(work) = &mut self.state.work else { return };
        work.stamp = work.present_stamp();
        work.playhead = work.player.position();
        work.player.set_lead(work.medium_index(&work.armed), now); // another clip, where one has ended
        work.awaited_since = (!work.player.is_settled()).then(|| work.awaited_since.unwrap_or(now));
        work.waits_long = work.awaited_since.is_some_and(|since| now.saturating_duration_since(since) >= LONG_WAIT);
        work.wait_for_files(&news, now);
        let has_jumped = work.still_jumping();
        let lacked_sound_device = std::mem::replace(&mut work.lacks_sound_device, work.player.lacks_sound_device());
        if let Some(stopped) = advanced.stopped {
            work.flush(now);
            if stopped == Stopped::Suspended {
                self.say("paused: the machine was asleep");
            }
        }
        self.tell_of_sound(lacked_sound_device);
        if !has_jumped {
            self.grow(&before);
        }
        self.flush_in_time(now);
        self.settle_waiting(now);
        self.follow(now);
    }

    /// Says once that there is nothing to hear, and once that there is again; what is wrong is more than that.
    fn tell_of_sound(&mut self, lacked_device: bool) {
        let lacks_device = self.state.work.as_ref().is_some_and(|work| work.lacks_sound_device);
        if lacks_device != lacked_device && !self.state.status.is_alarm {
            self.say(if lacks_device {
                "there is no sound device: playing goes on in silence, and the sound comes as soon as there is one"
            } else {
                "the sound is back"
            });
        }
    }

    /// Hands new pictures to the graphics; of which videos there are such.
    pub(super) fn upload(&mut self) -> Vec<usize> {
        let mut news = Vec::new();
        let Some(work) = &mut self.state.work else { return news };
        let tones: Vec<Tone> = work
            .session()
            .media
            .iter()
            .map(|medium| self.state.preferences.look_of(&work.medium_path(medium)).tone)
            .collect();
        for (n, (video, tone)) in work.videos.iter_mut().zip(tones).enumerate() {
            if let VideoState::Failed(error) = work.player.state(n) {
                video.problem = Some(error.to_string());
            }
            let Some(presented) = work.player.presented(n) else { continue };
            let shown = Some((presented.frame, presented.detail));
            if video.uploaded == shown {
                continue;
            }
            let picture = &presented.picture;
            video.display_size = Some(picture.display_size());
            video.uploaded = shown;
            news.push(n);
            if let Some(card) = self.card.as_ref().filter(|_| picture.planes().is_some()) {
                match &mut video.shown {
                    Some(Shown::Canvas(canvas)) => canvas.show(Arc::clone(picture)),
                    shown => *shown = Some(Shown::Canvas(Canvas::new(card, Arc::clone(picture)))),
                }
                continue;
            }
            let image = ColorImage::new(picture.size, toned(picture.rgba(), tone));
            match &mut video.shown {
                Some(Shown::Texture(texture)) => texture.set(image, TextureOptions::LINEAR),
                shown => {
                    let texture = self.context.load_texture(format!("video {n}"), image, TextureOptions::LINEAR);
                    *shown = Some(Shown::Texture(texture));
                }
            }
        }
        news
    }

    /// The frames between the last redraw and this one have been seen: open states grow, and so does what has been looked at.
    fn grow(&mut self, before: &Stamp) {
        let Some(work) = &mut self.state.work else { return };
        if !work.can_edit() {
            return;
        }
        let keys: Vec<_> = work.session().tracks.iter().map(|track| track.key.clone()).collect();
        for key in keys {
            let (old, new) = (work.frame_in(before, &key), work.frame_in(&work.stamp, &key));
            let motions = [before.motion, work.stamp.motion];
            let Some(seen) = seen(old, new, motions, work.stepped_forward) else { continue };
            work.document.extend_open(&key, seen);
            let exhaustive = work.session().scheme.channel(&key).is_none_or(|channel| channel.exhaustive);
            if key == work.armed && !exhaustive {
                work.document.extend_coded(&key, seen);
            }
        }
        self.continue_runs();
    }

    /// What has grown goes to the journal before a second of video is seen.
    fn flush_in_time(&mut self, now: Moment) {
        if let Some(work) = &mut self.state.work
            && work.flush_due().is_some_and(|due| now >= due)
        {
            work.flush(now);
        }
    }

    /// A held key and an overwriting one reach as far as the frames seen.
    fn continue_runs(&mut self) {
        let Some(work) = &mut self.state.work else { return };
        let Some(shown) = work.shown_span() else { return };
        if !matches!(work.stamp.motion, Motion::Forward(_)) && self.running.held.is_none() {
            return;
        }
        let signature = signature(work);
        let revised = if let Some(press) = &self.running.held {
            work.document.revise(signature, |before, ids| hold(before, press, shown, false, ids))
        } else if let Some(press) = &self.running.overwriting {
            work.document.revise(signature, |before, ids| overwrite(before, press, shown.end(), ids))
        } else {
            return;
        };
        if let Err(refusal) = revised {
            self.say(refusal.to_string());
        }
    }

    /// A run ends where the video jumps: what it made is one step of the history.
    pub(super) fn end_runs(&mut self, now: Moment) {
        self.running.held = None;
        self.running.overwriting = None;
        if let Some(work) = &mut self.state.work {
            work.document.finish();
            work.flush(now);
        }
    }

    /// The scores and the view follow; the next redraw is asked for when something will move.
    fn follow(&mut self, now: Moment) {
        let awake = self.state.work.as_ref().is_some_and(Work::is_playing);
        self.keep_awake(awake);
        self.watch_disk();
        let Some(work) = &mut self.state.work else { return };
        if work.is_playing()
            && let Some(axis) = work.axis
        {
            work.axis = Some(axis.following(work.playhead).within(work.whole()));
        }
        let scores_due = work.live.follow(&work.document, now);
        self.input.keys.draws(work.stamp.clone());
        let writing = (work.disk() != Disk::OnDisk).then(|| now + Duration::from_millis(300));
        let thumbnails = work.thumbnails_due(&self.state.preferences, now);
        let (moving, autosave) = (work.player.wants_repaint_at(now), work.autosave_due());
        let waits = work.awaited_since.filter(|_| !work.waits_long).map(|since| since + LONG_WAIT);
        let stalls = work.videos.iter().filter(|video| !video.is_awaited).filter_map(|video| video.awaited_since).min();
        let stalls = stalls.map(|since| since + STALLED);
        let due = [moving, scores_due, writing, work.flush_due(), thumbnails, autosave, waits, stalls];
        if let Some(due) = due.into_iter().flatten().min() {
            self.context.request_repaint_after(due.saturating_duration_since(now));
        }
        self.autosave(now);
    }

    /// Where a disk takes everything again, a sentence that it does not is over.
    fn watch_disk(&mut self) {
        let disk = self.state.work.as_ref().map(Work::disk);
        let is_well_again = self.running.disk_failed && disk == Some(Disk::OnDisk);
        self.running.disk_failed = matches!(disk, Some(Disk::Problem(_))) || self.running.disk_failed && !is_well_again;
        if is_well_again {
            self.say("all is on disk again");
        }
    }

    fn keep_awake(&mut self, awake: bool) {
        if awake != self.running.awake.is_some() {
            self.running.awake = awake.then(crate::awake::KeepAwake::new);
        }
    }
}

impl Work {
    pub(super) fn play(&mut self, speed: Speed, now: Moment) {
        let at_end = self.player.extent().is_some_and(|extent| {
            !speed.is_backward() && self.shown_span().is_some_and(|shown| shown.end() >= extent.end())
        });
        if at_end && self.jumping_to.is_none() {
            self.player.seek(self.transport.looped.unwrap_or(self.whole()).start(), now);
        }
        self.transport.speed = speed;
        self.stepped_forward = false;
        self.player.play(speed, now);
    }

    pub(super) fn pause(&mut self, now: Moment) {
        self.player.pause(now);
        self.flush(now);
    }

    pub(super) fn seek(&mut self, time: Instant, now: Moment) {
        self.flush(now);
        self.player.seek(time, now);
        let recorded = self.armed_track().and_then(|track| self.session().recorded(track));
        let has_frame = recorded.is_none_or(|recorded| recorded.contains(time)); // between clips no picture will come
        self.jumping_to = has_frame.then(|| self.frame_start(&self.armed, time));
        self.stepped_forward = false;
        if let Some(axis) = self.axis {
            self.axis = Some(axis.following(time).within(self.whole()));
        }
    }

    /// Of which files has no picture come for so long that it is to be said?
    fn wait_for_files(&mut self, news: &[usize], now: Moment) {
        for (n, video) in self.videos.iter_mut().enumerate() {
            let since = video.awaited_since.filter(|_| !news.contains(&n)).unwrap_or(now);
            video.awaited_since = self.player.awaits(n).then_some(since);
            video.is_awaited = video.awaited_since.is_some_and(|since| now.saturating_duration_since(since) >= STALLED);
        }
    }

    /// Is the picture of the last jump still to come? What lies between was not seen, and does not count as such.
    fn still_jumping(&mut self) -> bool {
        let Some(target) = self.jumping_to else { return false };
        let arrived =
            self.shown_span().is_some_and(|shown| shown.end() > target && shown.start() < target + Length::SECOND);
        if arrived {
            self.jumping_to = None;
        }
        true // the redraw with which it arrives does not count either
    }

    fn seek_to(&mut self, time: Option<Instant>, now: Moment) {
        if let Some(time) = time {
            self.seek(time, now);
        }
    }

    fn set_loop(&mut self, span: Option<Span>) {
        self.transport.looped = span;
        self.player.set_repeat(span);
    }

    /// When growth is to be handed to the journal, if there is any.
    fn flush_due(&self) -> Option<Moment> {
        self.document.has_unlogged_growth().then(|| self.flushed + unflushed_at(self.player.speed()))
    }

    /// Hands growth to the journal.
    pub(super) fn flush(&mut self, now: Moment) {
        self.document.flush_growth();
        self.flushed = now;
    }

    /// The frame of the armed track's medium that is on the screen.
    #[must_use]
    pub fn shown_span(&self) -> Option<Span> {
        let frame = self.frame_in(&self.stamp, &self.armed)?;
        Span::new(frame.start, frame.end).ok()
    }

    fn boundaries(&self) -> Vec<Instant> {
        let marks = self.armed_track().map_or(&[][..], |track| &track.marks);
        let mut boundaries: Vec<Instant> =
            marks.iter().flat_map(|mark: &Mark| [mark.start(), mark.when.end()]).collect();
        boundaries.sort_unstable();
        boundaries
    }

    fn next_boundary(&self) -> Option<Instant> {
        self.boundaries().into_iter().find(|time| *time > self.playhead)
    }

    fn previous_boundary(&self) -> Option<Instant> {
        self.boundaries().into_iter().rev().find(|time| *time < self.playhead)
    }

    fn next_gap(&self) -> Option<Instant> {
        let track = self.armed_track()?;
        let exhaustive = self.session().scheme.channel(&self.armed)?.exhaustive;
        let gaps = self.session().uncoded(track, exhaustive, self.whole());
        gaps.spans().iter().map(|gap| gap.start()).find(|start| *start > self.playhead)
    }
}

/// How long the video plays before its growth is handed to the journal: a second on the disk is a second of video and one on the wall, whichever is over first.
fn unflushed_at(speed: Speed) -> Duration {
    let times_real = f64::from(speed.permille().abs()) / 1_000.0;
    UNFLUSHED.div_f64(times_real.max(1.0))
}

/// From the frame of the last redraw to the one of this redraw, where the video went forward without a jump.
fn seen(old: Option<ShownFrame>, new: Option<ShownFrame>, motions: [Motion; 2], stepped_forward: bool) -> Option<Span> {
    let (old, new) = (old?, new?);
    let plays = motions.into_iter().any(|motion| matches!(motion, Motion::Forward(_)));
    // While playing, a frame that comes late is still the one that was seen; while stepping, one that stands in for another is not.
    let counts = plays || (stepped_forward && new.exact);
    if !counts || new.start < old.start {
        return None;
    }
    Span::new(old.start, new.end).ok()
}

/// Red, green, blue and alpha in the tone in which they are looked at.
pub(super) fn toned(rgba: &[u8], tone: Tone) -> Vec<Color32> {
    let mut pixels = bytemuck::cast_slice::<u8, Color32>(rgba).to_vec();
    if tone != Tone::default() {
        let table = tone.table();
        for pixel in bytemuck::cast_slice_mut::<Color32, u8>(&mut pixels).chunks_exact_mut(4) {
            for part in &mut pixel[..3] {
                *part = table[usize::from(*part)];
            }
        }
    }
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(permille: i32, millis: u64) {
        let speed = Speed::from_permille(permille).expect("a speed");
        assert_eq!(unflushed_at(speed), Duration::from_millis(millis));
    }

    #[test]
    fn faster_video_is_handed_to_the_journal_sooner_and_slower_no_later() {
        check(1_000, 750);
        check(2_000, 375);
        check(-2_000, 375);
        check(125, 750);
    }
}
