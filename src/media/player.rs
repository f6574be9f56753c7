//! Playing one or several videos on one clock.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant as Now};

use span::{Instant, Length, Span};

use crate::audio::{Order as SoundOrder, Sound, SoundOutput};
use crate::cache::default_budget;
use crate::clock::Clock;
use crate::follow::Clips;
use crate::lane::{Lane, LaneOptions, Order, Ready, Way};
use crate::soundtrack::{Follow, Soundtrack};
use crate::{
    DecoderOptions, FrameIndex, IndexCache, MediaError, Picture, Placement, Small, SmallPictures, Speed, VideoState,
    Wake, small,
};

/// A video and where it lies on the session's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedVideo {
    /// The file.
    pub path: PathBuf,
    /// Its offset and rate.
    pub placement: Placement,
}

/// How a player works.
#[derive(Clone, Debug, Default)]
pub struct PlayerOptions {
    /// Room for decoded frames of all videos together, in bytes; without it [`default_budget`] is used.
    pub cache_bytes: Option<usize>,
    /// Where the sound goes.
    pub sound: SoundOutput,
    /// Pictures are drawn from their planes where they have such; without this each becomes RGB as soon as it is decoded.
    pub draws_planes: bool,
    /// Where indexes are kept; without it each file is read whole whenever it is opened.
    pub indexes: Option<IndexCache>,
    /// Whether a small picture is made of each frame, while nothing else is to be done.
    pub small: Small,
    /// Room for the small pictures of all videos together, in bytes; without it 256 MiB, or a sixteenth of the memory.
    pub small_bytes: Option<usize>,
}

/// In how much detail a frame is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// As it was recorded.
    Full,
    /// By its small picture, until it is decoded.
    Small,
}

/// The frame of one video that is on the screen: what a coder sees, and what a mark uses.
#[derive(Clone, Debug, PartialEq)]
pub struct Presented {
    /// Its number.
    pub frame: usize,
    /// When it begins, on the MEDIUM's clock.
    pub time: Instant,
    /// What it looks like.
    pub picture: Arc<Picture>,
    /// Is its number certain, and is it no stand-in for another frame that is still being decoded?
    pub exact: bool,
    /// How much of it is to be seen.
    pub detail: Detail,
}

/// What [`Player::advance`] changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Advance {
    /// Another picture is presented.
    pub pictures: bool,
    /// More of a file is known, or something failed.
    pub states: bool,
    /// Playing has ended by itself, and why.
    pub stopped: Option<Stopped>,
}

/// Why playing ended by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stopped {
    /// The last frame has been shown (backward: the first).
    End,
    /// The machine slept, or the program was held up: nobody watched.
    Suspended,
}

/// Plays one or several videos on ONE session clock.
///
/// Commands only say what is wanted; files are read and decoded in threads, and no call waits for them. Call
/// [`Self::advance`] once per drawn frame, then draw what [`Self::presented`] gives. The time is an argument everywhere.
pub struct Player {
    videos: Vec<Video>,
    clips: Clips,
    lead: usize,
    clock: Clock,
    speed: Speed, // of the last or present playing
    repeat: Option<Span>,
    advanced: Option<Now>, // when `advance` was last called while playing
    soundtrack: Soundtrack,
    sound_of: Option<usize>, // the video that is heard; none: the first that has sound
    asked: Instant,          // where it stands, before that becomes the beginning of a frame
    sounding: Option<usize>, // that, or the clip before or after it whose time it is
    shown_frames: u64,
    late_frames: u64,
}

pub(crate) struct Video {
    path: PathBuf,
    placement: Placement,
    lane: Arc<Lane>,
    pub(crate) index: Option<Arc<FrameIndex>>,
    state: VideoState,
    presented: Option<Presented>,
    has_sound: Option<bool>, // none until that is known
    target: Option<usize>,   // what ought to be presented; none until the index reaches it
    stands: bool,            // the lane's order is to show the target, and no more
    arrived: bool,           // what is presented came after the last jump
}

/// While playing, a picture that is so many frames behind gives way to the small picture of the frame that is due: sooner, it would flicker.
const LATE_FRAMES: usize = 3;
/// Where there is no picture, as between clips, only the playhead moves: it is drawn so often.
const BLANK_REDRAW: Duration = Duration::from_millis(20);
/// However long a frame lasts, it is drawn again after this, so that nobody takes it for sleep.
const SLOWEST_REDRAW: Duration = Duration::from_millis(500);
/// A longer silence than this while playing was no drawing delay: the machine slept.
const SUSPENDED: Duration = Duration::from_secs(2);

impl Player {
    /// Opens videos. Returns at once: a file that cannot be played says so in its [`Self::state`].
    pub fn open(videos: Vec<PlacedVideo>, options: &PlayerOptions, wake: &Wake) -> Self {
        let shared = videos.len().max(1);
        let cache_bytes = options.cache_bytes.unwrap_or_else(|| default_budget(1)) / shared;
        let small_bytes = options.small_bytes.unwrap_or_else(small::default_budget) / shared;
        let lane_options = || LaneOptions {
            decoder: DecoderOptions { cache_bytes, threads: 0 },
            needs_rgb: !options.draws_planes,
            indexes: options.indexes.clone(),
            small: options.small.clone(),
            small_bytes,
        };
        let open = |video: PlacedVideo| Video {
            path: video.path.clone(),
            placement: video.placement,
            lane: Lane::open(video.path, lane_options(), Arc::clone(wake)),
            index: None,
            state: VideoState::Indexing { fraction: 0.0 },
            presented: None,
            has_sound: None,
            target: None,
            stands: false,
            arrived: false,
        };
        let videos = videos.into_iter().map(open).collect::<Vec<_>>();
        let start = videos.first().map_or(Instant::ZERO, |video| video.placement.session_from_medium(Instant::ZERO));
        Self {
            videos,
            clips: Clips::default(),
            lead: 0,
            clock: Clock::new(start),
            speed: Speed::NORMAL,
            repeat: None,
            advanced: None,
            soundtrack: Soundtrack::new(options.sound.clone()),
            sound_of: None,
            sounding: None,
            asked: start,
            shown_frames: 0,
            late_frames: 0,
        }
    }

    // What there is

    /// How many videos there are.
    pub fn videos(&self) -> usize {
        self.videos.len()
    }

    /// How far opening a video has come, as of the last [`Self::advance`].
    pub fn state(&self, video: usize) -> &VideoState {
        &self.videos[video].state
    }

    /// The frames of a video that are known so far, as of the last [`Self::advance`].
    pub fn index(&self, video: usize) -> Option<&Arc<FrameIndex>> {
        self.videos[video].index.as_ref()
    }

    /// Where a video lies on the session's clock.
    pub fn placement(&self, video: usize) -> Placement {
        self.videos[video].placement
    }

    /// A frame that could not be decoded lately.
    pub fn trouble(&self, video: usize) -> Option<MediaError> {
        self.videos[video].lane.trouble()
    }

    /// What is on the screen, or ought to be drawn there now.
    pub fn presented(&self, video: usize) -> Option<&Presented> {
        self.videos.get(video)?.presented.as_ref()
    }

    /// Where a file of sound alone stands: which of its even steps, once they are known. It has no picture to present.
    pub fn step_of_sound(&self, video: usize) -> Option<usize> {
        let video = self.videos.get(video)?;
        video.target.filter(|_| video.is_of_sound())
    }

    /// Was the frame on the screen, or one that it may be predicted from, not decoded whole, as far as is known? Its time is right all the same.
    pub fn is_damaged(&self, video: usize) -> bool {
        self.videos.get(video).is_some_and(Video::is_damaged)
    }

    /// Where the playhead stands: the session's time of the beginning of the lead video's frame.
    ///
    /// That is the frame presented; after a seek whose picture is still to come, the frame that will be. Where the lead
    /// has no frame (before its first, after its last), it is the clock.
    pub fn position(&self) -> Instant {
        let here = self.advanced.map_or(self.clock.anchor(), |now| self.clock.position(now));
        if !self.is_playing() {
            return here;
        }
        let shows = |video: &&Video| video.arrived && video.extent().is_some_and(|extent| extent.contains(here));
        let lead = self.videos.get(self.lead).filter(shows);
        lead.and_then(|video| video.begins(video.shown()?)).unwrap_or(here)
    }

    /// Where it stands, or is to stand, as it was last asked for: the position before that becomes the beginning of a frame.
    pub fn asked(&self) -> Instant {
        self.asked
    }

    /// Is a picture of this video still to come: its first one, or the one that was asked for?
    pub fn awaits(&self, video: usize) -> bool {
        let awaits = |video: &Video| {
            let is_asked = video.presented.is_none() || video.target.is_some();
            is_asked && !video.is_settled() && !matches!(video.state, VideoState::Failed(_))
        };
        self.videos.get(video).is_some_and(awaits)
    }

    /// Is every video showing the very frame that was asked for, be it in full or by its small picture?
    pub fn is_settled(&self) -> bool {
        self.videos.iter().all(|video| matches!(video.state, VideoState::Failed(_)) || video.is_settled())
    }

    /// Is every video showing the very frame that was asked for, in full?
    pub fn is_sharp(&self) -> bool {
        self.videos.iter().all(|video| matches!(video.state, VideoState::Failed(_)) || video.is_sharp())
    }

    /// The small pictures of a video's frames, once all frames are known; `None` too where they are not made.
    pub fn small_pictures(&self, video: usize) -> Option<&Arc<SmallPictures>> {
        self.videos.get(video)?.lane.pictures()
    }

    /// Does time pass?
    pub fn is_playing(&self) -> bool {
        self.clock.is_running()
    }

    /// The speed of the present or the last playing.
    pub fn speed(&self) -> Speed {
        self.speed
    }

    /// What is played again and again.
    pub fn repeat(&self) -> Option<Span> {
        self.repeat
    }

    /// The session's time from the earliest first frame to the latest last frame's end, as far as known.
    pub fn extent(&self) -> Option<Span> {
        let spans = self.videos.iter().filter_map(Video::extent);
        spans.reduce(Span::hull)
    }

    /// How many pictures have been handed over while playing.
    pub fn shown_frames(&self) -> u64 {
        self.shown_frames
    }

    /// How many frames were due while playing before they were decoded; they came later, or not at all.
    pub fn late_frames(&self) -> u64 {
        self.late_frames
    }

    /// When [`Self::advance`] has something to do again, if nobody wakes it before; `None` when nothing moves.
    pub fn wants_repaint_at(&self, now: Now) -> Option<Now> {
        if !self.is_playing() {
            return None; // what is still to come, wakes
        }
        let backward = self.speed.is_backward();
        let here = self.clock.position(now);
        let ahead = |time: &Instant| if backward { *time < here } else { *time > here };
        let is_seen = |(n, video): &(usize, &Video)| *n == self.lead || !video.is_of_sound();
        let seen = || self.videos.iter().enumerate().filter(is_seen).map(|(_, video)| video);
        let changes = seen().filter_map(|video| video.next_change(here, backward));
        let ends = self.repeat.map(|span| if backward { span.start() } else { span.end() });
        let next = changes.chain(ends).filter(ahead).filter_map(|time| self.clock.when(time, now)).min();
        let is_blank = !seen().filter_map(Video::extent).any(|extent| extent.contains(here));
        let latest = now + if is_blank { BLANK_REDRAW } else { SLOWEST_REDRAW };
        Some(next.map_or(latest, |next| next.min(latest)))
    }

    // Commands

    /// Plays on from here; backward at a negative speed, silently.
    pub fn play(&mut self, speed: Speed, now: Now) {
        let here = if self.is_playing() { self.clock.position(now) } else { self.position() };
        self.clock.set(here, now);
        self.speed = speed;
        self.clock.run(speed, now);
        self.advanced = Some(now);
        self.order_playing(now);
    }

    /// Stops on the frame that is presented.
    pub fn pause(&mut self, now: Now) {
        if self.is_playing() {
            let here = self.position();
            self.rest_at(here, now, false);
        }
    }

    /// Shows the frame at a moment of the session, exactly. The newest seek counts.
    pub fn seek(&mut self, time: Instant, now: Now) {
        self.go_to(time, now, false);
    }

    /// The same while dragging, which stops playing: a nearby frame may be shown until the exact one is there.
    pub fn scrub(&mut self, time: Instant, now: Now) {
        self.go_to(time, now, true);
    }

    /// Goes `n` frames of a video forward (or back, where negative) from the one shown or asked for, and stands there; past its last frame into
    /// the clip that follows it, over the time between where there is some, and back likewise.
    ///
    /// The video becomes the lead: the playhead stands on its frames, the others show theirs at that time.
    pub fn step(&mut self, video: usize, n: i64, now: Now) {
        let Some(stepped) = self.videos.get(video) else { return };
        let from = if self.is_playing() && stepped.arrived { stepped.shown() } else { stepped.target };
        let is_behind = stepped.extent().is_some_and(|extent| extent.end() <= self.position());
        let n = if is_behind && n < 0 { n + 1 } else { n }; // from behind the last frame, that is the first one back
        let stepped = self.clips.stepped(&self.videos, video, from.unwrap_or(0), n);
        let Some((video, to)) = stepped else { return };
        let Some(time) = self.videos[video].begins(to) else { return };
        self.lead = video;
        self.rest_at(time, now, false);
    }

    /// Changes the speed; while playing, from here on.
    pub fn set_speed(&mut self, speed: Speed, now: Now) {
        if self.is_playing() { self.play(speed, now) } else { self.speed = speed }
    }

    /// Plays a span again and again, or not; playing goes on where it is until it reaches the span's end.
    pub fn set_repeat(&mut self, span: Option<Span>) {
        self.repeat = span;
    }

    /// Chooses the video whose frames the playhead stands on.
    pub fn set_lead(&mut self, video: usize, now: Now) {
        if video < self.videos.len() && video != self.lead {
            self.lead = video;
            if !self.is_playing() {
                self.rest_at(self.asked, now, false); // and not where the frame of the one before begins: there and back is no step
            }
        }
    }

    /// Says which videos follow each other as one timeline, in the order of time: steps and sound go from one into the next.
    pub fn set_clips(&mut self, clips: Vec<Vec<usize>>) {
        self.clips = Clips(clips);
    }

    /// Moves a video on the session's clock.
    pub fn set_placement(&mut self, video: usize, placement: Placement, now: Now) {
        let here = self.position();
        self.videos[video].placement = placement;
        if self.is_playing() { self.order_playing(now) } else { self.rest_at(here, now, false) }
    }

    // Sound

    /// How loud: 0 is silence, 1 as recorded.
    pub fn set_volume(&mut self, volume: f32) {
        self.soundtrack.set_volume(volume);
    }

    /// How loud: 0 is silence, 1 as recorded.
    pub fn volume(&self) -> f32 {
        self.soundtrack.volume()
    }

    /// Silences the sound without forgetting the volume.
    pub fn set_muted(&mut self, muted: bool) {
        self.soundtrack.set_muted(muted);
    }

    /// Is the sound silenced?
    pub fn is_muted(&self) -> bool {
        self.soundtrack.is_muted()
    }

    /// Chooses the video whose sound is heard; `None` is the first that has any.
    pub fn set_sound_of(&mut self, video: Option<usize>, now: Now) {
        let before = std::mem::replace(&mut self.sound_of, video.filter(|&video| video < self.videos.len()));
        if self.is_playing() && self.sound_of != before {
            self.order_sound(now);
        }
    }

    /// Was there no device for the sound when it was last asked for? Playing goes on in silence, and the sound comes as soon as there is one.
    pub fn lacks_sound_device(&self) -> bool {
        self.soundtrack.is_missing()
    }

    /// Does a video have sound, as far as is known yet?
    pub fn has_sound(&self, video: usize) -> bool {
        self.videos[video].has_sound == Some(true)
    }

    /// Has a video sound, or may it turn out to have some?
    pub fn may_have_sound(&self, video: usize) -> bool {
        let Video { has_sound, state, .. } = &self.videos[video];
        has_sound.unwrap_or(!matches!(state, VideoState::Failed(_)))
    }

    /// The video whose sound is heard; of clips that follow each other, each in its time.
    pub fn sound_of(&self) -> Option<usize> {
        self.sound_of.or_else(|| (0..self.videos.len()).find(|&video| self.has_sound(video)))
    }

    fn order_sound(&mut self, now: Now) {
        let here = self.clock.position(now);
        self.sounding = self.sounding_at(here);
        let order = self.sounding.filter(|_| Sound::is_audible(self.speed)).and_then(|video| {
            let Video { path, placement, index, .. } = &self.videos[video];
            let (num, den) = placement.ratio();
            Some(SoundOrder {
                path: path.clone(),
                zero: index.as_ref()?.container_start(),
                from: placement.medium_from_session(here),
                ratio: f64::from(self.speed.permille()) / 1e3 * den as f64 / num as f64,
            })
        });
        match order {
            Some(order) => self.soundtrack.play(order),
            None => self.soundtrack.stop(),
        }
    }

    fn sounding_at(&self, here: Instant) -> Option<usize> {
        let clip = self.clips.at(&self.videos, self.sound_of()?, here);
        Some(clip).filter(|clip| self.has_sound(*clip))
    }

    /// Keeps the clock with what is heard: a device's second is not quite the system's.
    fn follow_sound(&mut self, elapsed: Duration, now: Now) {
        if self.sounding_at(self.clock.position(now)) != self.sounding {
            self.order_sound(now); // one clip has ended, and another has begun
        }
        let Some(video) = self.sounding else { return };
        let placement = self.videos[video].placement;
        let here = self.clock.position(now);
        match self.soundtrack.follow(|heard| placement.session_from_medium(heard), here, self.speed, elapsed, now) {
            Follow::Stay => {}
            Follow::Nudge(by) => self.clock.nudge(by),
            Follow::Restart => self.order_sound(now),
        }
    }

    // Each drawn frame

    /// Lets time pass until `now`, and takes over what has been decoded.
    pub fn advance(&mut self, now: Now) -> Advance {
        let mut advance = Advance { states: self.take_over_states(now), ..Advance::default() };
        if self.is_playing() {
            let elapsed = self.advanced.map_or(Duration::ZERO, |before| now.saturating_duration_since(before));
            if elapsed > SUSPENDED {
                self.pause(now);
                advance.stopped = Some(Stopped::Suspended);
            } else {
                self.advanced = Some(now);
                self.follow_sound(elapsed, now);
                advance.stopped = self.pass_time(now);
            }
        }
        advance.pictures = self.take_over_pictures();
        advance
    }

    /// Takes over grown indexes; what waited for them is ordered.
    fn take_over_states(&mut self, now: Now) -> bool {
        let (mut changed, mut sounds) = (false, false);
        for video in &mut self.videos {
            let (index, state) = (video.lane.index(), video.lane.video());
            let grown = match (&index, &video.index) {
                (Some(new), Some(old)) => !Arc::ptr_eq(new, old),
                (new, old) => new.is_some() != old.is_some(),
            };
            let has_sound = video.lane.has_sound();
            changed |= grown || state != video.state || has_sound != video.has_sound;
            video.state = state;
            sounds |= has_sound == Some(true) && has_sound != video.has_sound;
            video.has_sound = has_sound;
            if grown {
                video.index = index;
            }
        }
        if changed && !self.is_playing() {
            self.rest_at(self.asked, now, false);
        } else if changed {
            let unordered = self.videos.iter().any(|video| video.index.is_some() && video.target.is_none());
            if unordered {
                self.order_playing(now);
            } else if sounds {
                self.order_sound(now);
            }
        }
        changed
    }

    /// Moves every video's target to where the clock is; wraps and ends.
    fn pass_time(&mut self, now: Now) -> Option<Stopped> {
        let extent = self.extent()?;
        let here = self.clock.position(now);
        if let Some(span) = self.repeat {
            if !self.speed.is_backward() && here >= span.end().min(extent.end()) {
                self.jump_while_playing(span.start(), now);
                return None;
            }
            if self.speed.is_backward() && here < span.start().max(extent.start()) {
                self.jump_while_playing(span.end().min(extent.end()) - Length::MICROSECOND, now);
                return None;
            }
        }
        let over = if self.speed.is_backward() { here < extent.start() } else { here >= extent.end() };
        if !over {
            self.aim(here);
            return None;
        }
        // One of which nothing is known may lie on a drive that does not answer: it is not waited for
        let grows = |video: &Video| video.index.is_some() && matches!(video.state, VideoState::Indexing { .. });
        let grows = self.videos.iter().any(grows);
        if grows && !self.speed.is_backward() {
            self.clock.set(extent.end() - Length::MICROSECOND, now); // waits for more to be known
            self.aim(self.clock.position(now));
            return None;
        }
        self.rest_at(if self.speed.is_backward() { extent.start() } else { self.last_beginning() }, now, false);
        Some(Stopped::End)
    }

    fn jump_while_playing(&mut self, time: Instant, now: Now) {
        self.clock.set(time, now);
        self.order_playing(now);
    }

    /// The frames that are due at `here`.
    fn aim(&mut self, here: Instant) {
        for video in &mut self.videos {
            let Some(index) = &video.index else { continue };
            let frame = video.placement.frame_at(index, here);
            let is_new = video.target.replace(frame) != Some(frame) && !video.is_of_sound();
            if is_new && !video.lane.want(frame) && video.shown() != Some(frame) {
                self.late_frames += 1;
            }
        }
    }

    fn take_over_pictures(&mut self) -> bool {
        let way = match (self.is_playing(), self.speed.is_backward()) {
            (false, _) => Way::Still,
            (true, false) => Way::Forward,
            (true, true) => Way::Backward,
        };
        let taken = self.videos.iter_mut().map(|video| video.take_over(way)).filter(|&taken| taken).count();
        self.shown_frames += if self.is_playing() { taken as u64 } else { 0 };
        taken > 0
    }

    // Orders

    fn go_to(&mut self, time: Instant, now: Now, rough: bool) {
        let known = self.videos.iter().all(|video| !matches!(video.state, VideoState::Indexing { .. }));
        let extent = self.extent().filter(|_| known);
        let time = extent.map_or(time, |extent| time.clamp(extent.start(), extent.end()));
        if self.is_playing() && !rough {
            self.jump_while_playing(time, now);
        } else {
            self.rest_at(time, now, rough);
        }
    }

    /// Stands at the beginning of the lead's frame at `time`.
    fn rest_at(&mut self, time: Instant, now: Now, rough: bool) {
        self.asked = time;
        self.stop_clock(now);
        let lead = self.videos.get(self.lead);
        let beginning = lead.and_then(|video| {
            let frame = video.placement.frame_at(video.index.as_ref()?, time);
            video.extent().filter(|extent| extent.contains(time) || time == extent.end() && video.is_counted())?;
            video.begins(frame)
        });
        self.clock.set(beginning.unwrap_or(time), now);
        self.order_still(now, rough);
    }

    fn stop_clock(&mut self, now: Now) {
        self.clock.stop(now);
        self.soundtrack.stop();
        self.advanced = None;
    }

    fn order_still(&mut self, now: Now, rough: bool) {
        let here = self.clock.position(now);
        for video in &mut self.videos {
            video.order_still(here, rough);
        }
    }

    fn order_playing(&mut self, now: Now) {
        let here = self.clock.position(now);
        let backward = self.speed.is_backward();
        for video in &mut self.videos {
            video.order_playing(here, backward);
        }
        self.order_sound(now);
    }

    /// When the frame that is shown last of all begins.
    fn last_beginning(&self) -> Instant {
        let last = |video: &Video| video.index.as_ref().map(|index| video.placement.time_of(index, index.len() - 1));
        self.videos.iter().filter_map(last).max().unwrap_or(self.clock.anchor())
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        for video in &self.videos {
            video.lane.close();
        }
    }
}

impl Video {
    /// Its frames are even steps: what is wanted is there at once.
    fn is_of_sound(&self) -> bool {
        self.index.as_ref().is_some_and(|index| index.is_of_sound())
    }

    fn shown(&self) -> Option<usize> {
        let step = self.target.filter(|_| self.is_of_sound());
        step.or_else(|| self.presented.as_ref().map(|presented| presented.frame))
    }

    fn is_settled(&self) -> bool {
        let is_exact = |presented: &Presented| presented.exact && Some(presented.frame) == self.target;
        self.target.is_some() && (self.is_of_sound() || self.presented.as_ref().is_some_and(is_exact))
    }

    fn is_sharp(&self) -> bool {
        let is_full = |presented: &Presented| presented.detail == Detail::Full;
        self.is_settled() && (self.is_of_sound() || self.presented.as_ref().is_some_and(is_full))
    }

    fn is_damaged(&self) -> bool {
        let shown = self.presented.as_ref().filter(|presented| presented.exact).zip(self.index.as_ref());
        shown.is_some_and(|(presented, index)| self.lane.is_damaged(index, presented.frame))
    }

    /// Are all frames known?
    pub(crate) fn is_counted(&self) -> bool {
        self.index.as_ref().is_some_and(|index| index.is_complete())
    }

    pub(crate) fn extent(&self) -> Option<Span> {
        let index = self.index.as_ref()?;
        let end = self.placement.session_from_medium(index.end());
        Span::new(self.placement.time_of(index, 0), end).ok()
    }

    /// When a frame begins on the session's clock, where the index reaches it.
    fn begins(&self, frame: usize) -> Option<Instant> {
        let index = self.index.as_ref().filter(|index| frame < index.len())?;
        Some(self.placement.time_of(index, frame))
    }

    /// When another frame than the target is due: it begins, or, backward, the target has not begun. Before its first frame, that is due.
    fn next_change(&self, here: Instant, backward: bool) -> Option<Instant> {
        let (index, target) = self.index.as_ref().zip(self.target)?;
        let begins = self.placement.time_of(index, target);
        if backward {
            return Some(begins - Length::MICROSECOND);
        }
        if here < begins {
            return Some(begins);
        }
        let end = || self.placement.session_from_medium(index.end());
        Some(self.begins(target + 1).unwrap_or_else(end))
    }

    fn order_still(&mut self, here: Instant, rough: bool) {
        let Some(index) = &self.index else { return };
        if !index.is_complete() && here >= self.placement.session_from_medium(index.end()) {
            self.target = None; // not known yet: asked again when the index has grown
            return;
        }
        let frame = self.placement.frame_at(index, here);
        if self.target == Some(frame) && self.stands {
            return; // on its way, or there
        }
        self.target = Some(frame);
        self.stands = true;
        if self.is_sharp() {
            self.lane.stand_at(frame);
        } else {
            self.lane.order(Order::Still { frame, rough });
        }
    }

    fn order_playing(&mut self, here: Instant, backward: bool) {
        let Some(index) = &self.index else { return };
        let frame = self.placement.frame_at(index, here);
        self.target = Some(frame);
        self.stands = false;
        self.arrived = self.is_settled();
        let next = if self.arrived { if backward { frame.saturating_sub(1) } else { frame + 1 } } else { frame };
        self.lane.order(Order::Play { next, backward });
    }

    fn take_over(&mut self, way: Way) -> bool {
        if self.is_of_sound() {
            self.arrived = true;
            return false;
        }
        let target = self.target.unwrap_or(0);
        let ready = self.lane.take(target, way, self.presented.as_ref());
        let (picture, exact, detail) = match ready.filter(|ready| !self.is_behind(ready, way)) {
            Some(ready) => (ready.picture, ready.exact, Detail::Full),
            None => match self.small_picture(way) {
                Some(picture) => (Arc::new(picture), true, Detail::Small),
                None => return false,
            },
        };
        self.arrived = true;
        self.presented = Some(Presented { frame: picture.frame, time: picture.time, exact, detail, picture });
        true
    }

    /// Is a small picture shown that is nearer to what is wanted than this one?
    fn is_behind(&self, ready: &Ready, way: Way) -> bool {
        let is_small = |shown: &&Presented| shown.detail == Detail::Small && self.arrived;
        self.presented.as_ref().filter(is_small).is_some_and(|shown| match way {
            Way::Still => Some(shown.frame) == self.target && !ready.exact,
            Way::Forward => ready.picture.frame < shown.frame,
            Way::Backward => ready.picture.frame > shown.frame,
        })
    }

    /// The small picture of the frame that is wanted, where it is not shown yet, and will not be at once.
    fn small_picture(&self, way: Way) -> Option<Picture> {
        let target = self.target.filter(|_| !self.is_settled())?;
        let is_awaited = match (way, self.shown().filter(|_| self.arrived)) {
            (Way::Forward | Way::Backward, Some(shown)) => shown.abs_diff(target) > LATE_FRAMES,
            _ => true,
        };
        let pictures = self.lane.pictures().filter(|_| is_awaited && !self.lane.is_at_hand(target))?;
        pictures.get(target)
    }
}
