//! One video being played: an indexer and a decoder thread, and what they share with the player.
//!
//! The player gives an order, at any time and without waiting; the newest order counts. The threads do all reading and
//! decoding, so that a stalled or vanished file stalls nobody else. When the indexer is through, it makes the small
//! pictures, as long as the decoder has nothing to do.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::cache::FrameCache;
use crate::damage::Damage;
use crate::decoder::first_picture;
use crate::file::MediaFile;
use crate::{
    Decoder, DecoderOptions, Detail, FrameIndex, Growth, IndexCache, MediaError, Picture, Presented, Small,
    SmallPictures, small,
};

/// Called from any thread when there is something new to draw.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// What the decoder thread is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Nothing.
    Rest,
    /// This one frame; with a stand-in first, where it takes long and `rough` allows one.
    Still { frame: usize, rough: bool },
    /// This frame and the ones that follow in the direction of play, a few ahead of what is wanted.
    Play { next: usize, backward: bool },
}

/// Which way the pictures come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Still,
    Forward,
    Backward,
}

/// How far opening a video has come.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum VideoState {
    /// Its frames are being counted; what is counted can be played and coded.
    Indexing {
        /// Share of the file that has been read, in 0..=1.
        fraction: f32,
    },
    /// Every frame is known.
    Ready,
    /// It cannot be played.
    Failed(MediaError),
}

/// What the threads of one video share with the player.
pub(crate) struct Lane {
    state: Mutex<State>, // held for moments only, never while reading or decoding
    changed: Condvar,
    epoch: AtomicU64,    // as in `state`; read without the lock while decoding
    wanted: AtomicUsize, // the frame that is due, while playing
    starved: AtomicBool, // the player has nothing to show for it, and waits to be woken
    quit: AtomicBool,
    needs_rgb: bool, // pictures become RGB in the decoder's thread
    wake: Wake,
    damage: Arc<Damage>,
    decoded: OnceLock<Arc<FrameCache>>, // what the decoder has at hand, once it is open
    pictures: OnceLock<Arc<SmallPictures>>, // once every frame is known, where they are made
}

/// How a lane works.
pub(crate) struct LaneOptions {
    pub(crate) decoder: DecoderOptions,
    /// Pictures become RGB in the decoder's thread.
    pub(crate) needs_rgb: bool,
    pub(crate) indexes: Option<IndexCache>,
    pub(crate) small: Small,
    /// Room for small pictures.
    pub(crate) small_bytes: usize,
}

struct State {
    epoch: u64,
    order: Order,
    ready: VecDeque<Ready>,
    index: Option<Arc<FrameIndex>>,
    video: VideoState,
    trouble: Option<MediaError>,
    has_sound: Option<bool>,  // none until that is known
    is_working: bool,         // the decoder's thread is at a job
    stands_at: Option<usize>, // where the last order stood still, and no hand is dragging: what lies before is likely next
}

/// A picture that the player has not taken over yet.
#[derive(Clone)]
pub(crate) struct Ready {
    pub(crate) picture: Arc<Picture>,
    /// Is it the frame that was asked for, under a number that is certain?
    pub(crate) exact: bool,
}

/// Memory for pictures decoded ahead, per video.
const AHEAD_BYTES: usize = 48 << 20;

impl Lane {
    /// Starts the threads of a video.
    pub(crate) fn open(path: PathBuf, options: LaneOptions, wake: Wake) -> Arc<Self> {
        let lane = Arc::new(Self {
            state: Mutex::new(State {
                epoch: 0,
                order: Order::Rest,
                ready: VecDeque::new(),
                index: None,
                video: VideoState::Indexing { fraction: 0.0 },
                trouble: None,
                has_sound: None,
                is_working: false,
                stands_at: None,
            }),
            changed: Condvar::new(),
            epoch: AtomicU64::new(0),
            wanted: AtomicUsize::new(0),
            starved: AtomicBool::new(true),
            quit: AtomicBool::new(false),
            needs_rgb: options.needs_rgb,
            wake,
            damage: Arc::default(),
            decoded: OnceLock::new(),
            pictures: OnceLock::new(),
        });
        let (indexer, decoder) = (Arc::clone(&lane), Arc::clone(&lane));
        let (index_path, decoder_options) = (path.clone(), options.decoder);
        spawn("media index", move || {
            indexer.read_index(&index_path, options.indexes.as_ref());
            indexer.make_small_pictures(&index_path, &options.small, options.small_bytes);
        });
        spawn("media decode", move || decoder.decode(&path, decoder_options));
        lane
    }

    /// Asks the threads to end. They are not waited for: one may hang in a file system that does not answer.
    pub(crate) fn close(&self) {
        self.quit.store(true, Ordering::Relaxed);
        self.epoch.fetch_add(1, Ordering::Relaxed);
        self.changed.notify_all();
    }

    /// Nothing is wanted but what stands: in idle time it is looked round.
    pub(crate) fn stand_at(&self, frame: usize) {
        self.order_standing(Order::Rest, Some(frame));
    }

    /// Replaces what was ordered before; pictures of earlier orders are dropped.
    pub(crate) fn order(&self, order: Order) {
        self.order_standing(order, None);
    }

    fn order_standing(&self, order: Order, stands_at: Option<usize>) {
        let mut state = self.lock();
        state.stands_at = stands_at;
        state.epoch += 1;
        state.order = order;
        state.ready.clear();
        match order {
            Order::Still { frame, .. } | Order::Play { next: frame, .. } => self.wanted.store(frame, Ordering::Relaxed),
            Order::Rest => {}
        }
        self.epoch.store(state.epoch, Ordering::Relaxed);
        self.starved.store(true, Ordering::Relaxed);
        drop(state);
        self.changed.notify_all();
    }

    /// Says which frame is due now, and learns whether its picture is there.
    pub(crate) fn want(&self, frame: usize) -> bool {
        self.wanted.store(frame, Ordering::Relaxed);
        self.lock().ready.iter().any(|ready| ready.picture.frame == frame)
    }

    /// Takes the newest picture that is due: in the direction of play not beyond `target`; standing still, any.
    ///
    /// `shown` is what is on the screen. Where neither it nor the new picture is the exact target in full, the next one wakes.
    pub(crate) fn take(&self, target: usize, way: Way, shown: Option<&Presented>) -> Option<Ready> {
        let is_due = |frame: usize| match way {
            Way::Still => true,
            Way::Forward => frame <= target,
            Way::Backward => frame >= target,
        };
        let mut state = self.lock();
        let mut newest = None;
        while state.ready.front().is_some_and(|ready| is_due(ready.picture.frame)) {
            newest = state.ready.pop_front();
        }
        let has = newest.as_ref().map(|ready: &Ready| (ready.picture.frame, ready.exact));
        let has = has.or(shown.map(|shown| (shown.frame, shown.exact && shown.detail == Detail::Full)));
        self.starved.store(has != Some((target, true)), Ordering::Relaxed); // under the lock: no picture comes between
        drop(state);
        if newest.is_some() {
            self.changed.notify_all(); // there is room again
        }
        newest
    }

    pub(crate) fn index(&self) -> Option<Arc<FrameIndex>> {
        self.lock().index.clone()
    }

    pub(crate) fn video(&self) -> VideoState {
        self.lock().video.clone()
    }

    /// What went wrong last, and did not stop everything: a damaged frame.
    pub(crate) fn trouble(&self) -> Option<MediaError> {
        self.lock().trouble.clone()
    }

    /// Is this frame decoded, or, where no hand is dragging and may go elsewhere, about to be?
    pub(crate) fn is_at_hand(&self, frame: usize) -> bool {
        let state = self.lock();
        let is_dragged = matches!(state.order, Order::Still { rough: true, .. });
        let is_decoded = |decoded: &Arc<FrameCache>| decoded.has(frame) || !is_dragged && decoded.comes_next(frame);
        state.ready.iter().any(|ready| ready.picture.frame == frame) || self.decoded.get().is_some_and(is_decoded)
    }

    /// Was this frame not decoded whole, as far as is known?
    pub(crate) fn is_damaged(&self, index: &FrameIndex, frame: usize) -> bool {
        index.is_damaged_at(frame, &self.damage)
    }

    /// The small pictures of the file, where they are made and every frame is known.
    pub(crate) fn pictures(&self) -> Option<&Arc<SmallPictures>> {
        self.pictures.get()
    }

    /// Has the file sound? None until that is known.
    pub(crate) fn has_sound(&self) -> Option<bool> {
        self.lock().has_sound
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn quits(&self) -> bool {
        self.quit.load(Ordering::Relaxed)
    }

    fn fail(&self, error: MediaError) {
        let mut state = self.lock();
        if !matches!(state.video, VideoState::Failed(_)) {
            state.video = VideoState::Failed(error);
        }
        drop(state);
        self.changed.notify_all();
        (self.wake)();
    }

    // The indexer's thread

    fn read_index(&self, path: &Path, indexes: Option<&IndexCache>) {
        if let Some(index) = indexes.and_then(|indexes| indexes.load(path)) {
            return self.has_index(Arc::new(index));
        }
        let mut grown = |growth: Growth| {
            let mut state = self.lock();
            if let VideoState::Indexing { fraction } = &mut state.video {
                *fraction = growth.fraction;
            }
            if growth.index.is_some() {
                state.index = growth.index;
            }
            drop(state);
            self.changed.notify_all();
            (self.wake)();
        };
        match FrameIndex::read_growing(path, &self.quit, &mut grown) {
            Ok(index) => {
                let index = Arc::new(index);
                self.has_index(Arc::clone(&index));
                if let Some(indexes) = indexes {
                    let _ = indexes.store(path, &index); // without it the file is read again the next time, and nothing else
                }
            }
            Err(MediaError::Cancelled { .. }) => {}
            Err(error) => self.fail(error),
        }
    }

    fn has_index(&self, index: Arc<FrameIndex>) {
        let mut state = self.lock();
        state.index = Some(index);
        if matches!(state.video, VideoState::Indexing { .. }) {
            state.video = VideoState::Ready;
        }
        drop(state);
        self.changed.notify_all();
        (self.wake)();
    }

    /// A picture that is wanted comes first: this waits meanwhile.
    fn make_small_pictures(&self, path: &Path, small: &Small, bytes: usize) {
        let Some(index) = self.index().filter(|index| index.is_complete()) else { return };
        if matches!(small, Small::Off) {
            return;
        }
        let damage = Arc::clone(&self.damage);
        let Ok(pictures) = SmallPictures::open(path, index, damage, bytes).map(Arc::new) else { return };
        let _ = self.pictures.set(Arc::clone(&pictures)); // this thread alone sets it
        (self.wake)();
        if let Small::OnDisk(cache) = small
            && cache.load(path, &pictures)
        {
            return pictures.finish();
        }
        small::yield_to_others();
        let start = self.wanted.load(Ordering::Relaxed);
        // Without them every picture comes in full, as it would have come anyway
        let made = small::make(path, &pictures, start, &|| self.wait_until_idle());
        if self.quits() {
            return;
        }
        pictures.finish();
        if let (Ok(()), Small::OnDisk(cache)) = (made, small) {
            let _ = cache.store(path, &pictures);
        }
    }

    /// Waits until the decoder has nothing to do; false at the end.
    fn wait_until_idle(&self) -> bool {
        let mut state = self.lock();
        while !self.quits() && !state.is_idle() {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        !self.quits()
    }

    // The decoder's thread

    fn decode(&self, path: &Path, options: DecoderOptions) {
        match first_picture(path) {
            Ok(picture) => self.show_first(picture),
            Err(MediaError::NoPicture { .. }) => return self.look_for_sound(path), // the indexer says where there is none
            Err(error) => return self.fail(error),
        }
        self.look_for_sound(path);
        let Some(index) = self.wait_for_index() else { return };
        let mut decoder = match Decoder::open_noting(path, index, options, Arc::clone(&self.damage)) {
            Ok(decoder) => decoder,
            Err(error) => return self.fail(error),
        };
        let _ = self.decoded.set(Arc::clone(decoder.cache())); // this thread alone sets it
        while let Some(job) = self.next_job(&mut decoder) {
            self.work(&mut decoder, job);
        }
    }

    fn look_for_sound(&self, path: &Path) {
        let has_sound = MediaFile::open(path).is_ok_and(|file| file.sound().is_some());
        self.lock().has_sound = Some(has_sound);
        (self.wake)();
    }

    /// Something to look at while the index is read; dropped where an order has been given meanwhile.
    fn show_first(&self, picture: Picture) {
        let mut state = self.lock();
        if state.order == Order::Rest {
            state.ready.push_back(Ready { picture: Arc::new(picture), exact: false });
        }
        drop(state);
        (self.wake)();
    }

    fn wait_for_index(&self) -> Option<Arc<FrameIndex>> {
        let mut state = self.lock();
        loop {
            if self.quits() || matches!(state.video, VideoState::Failed(_)) {
                return None;
            }
            if let Some(index) = &state.index {
                return Some(Arc::clone(index));
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits for something to do; `None` at the end.
    fn next_job(&self, decoder: &mut Decoder) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if self.quits() {
                return None;
            }
            if let Some(index) = &state.index
                && !Arc::ptr_eq(index, decoder.index())
            {
                decoder.set_index(Arc::clone(index));
            }
            let ordered = state.job(self.wanted.load(Ordering::Relaxed), decoder.index().len());
            let job = ordered.or_else(|| {
                let frame = state.stands_at.take()?;
                Some(Job { epoch: state.epoch, order: Order::Rest, frame })
            });
            state.is_working = job.is_some();
            if job.is_some() {
                return job;
            }
            self.changed.notify_all(); // whoever waits for rest
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn work(&self, decoder: &mut Decoder, job: Job) {
        if let Order::Still { rough: true, frame } = job.order
            && !self.pictures().is_some_and(|pictures| pictures.has(frame))
            && let Some(stand_in) = decoder.stand_in_for(job.frame)
            && let Ok(picture) = decoder.frame(stand_in)
        {
            self.deliver(job, picture, false); // not stopped by a newer order: while dragging, something always comes
        }
        let superseded = || self.epoch.load(Ordering::Relaxed) != job.epoch;
        if job.order == Order::Rest {
            let was_damaged = decoder.index().is_damaged_at(job.frame, &self.damage);
            decoder.look_round(job.frame, &superseded);
            if decoder.index().is_damaged_at(job.frame, &self.damage) && !was_damaged {
                (self.wake)();
            }
            return;
        }
        match decoder.frame_unless(job.frame, &superseded) {
            Ok(picture) => self.deliver(job, picture, true),
            Err(MediaError::Cancelled { .. }) => {}
            Err(error) => self.pass_over(job, error),
        }
    }

    fn deliver(&self, job: Job, picture: Picture, exact: bool) {
        if self.needs_rgb || picture.planes().is_none() {
            picture.rgba();
        }
        let mut state = self.lock();
        if state.epoch != job.epoch {
            return;
        }
        state.ready.push_back(Ready { picture: Arc::new(picture), exact });
        if exact {
            state.trouble = None;
            state.go_on(job);
        }
        drop(state);
        if self.starved.load(Ordering::Relaxed) {
            (self.wake)();
        }
    }

    /// A frame that cannot be made: playing goes on with the next.
    fn pass_over(&self, job: Job, error: MediaError) {
        let mut state = self.lock();
        if state.epoch == job.epoch {
            let lost = !matches!(error, MediaError::Damaged { .. });
            state.trouble = Some(error);
            if lost {
                state.order = Order::Rest;
            } else {
                state.go_on(job);
            }
        }
        drop(state);
        (self.wake)();
    }
}

/// One frame to decode.
#[derive(Clone, Copy)]
struct Job {
    epoch: u64,
    order: Order,
    frame: usize, // at rest, the one that stands
}

impl State {
    /// What the order asks for next; nothing while there is enough ahead, or the index does not reach so far.
    fn job(&self, wanted: usize, len: usize) -> Option<Job> {
        let frame = match self.order {
            Order::Rest => return None,
            Order::Still { frame, .. } => frame,
            Order::Play { .. } if !self.has_room() => return None,
            Order::Play { next, backward: false } => next.max(wanted), // what is already late is not decoded
            Order::Play { next, backward: true } => next.min(wanted),
        };
        (frame < len).then_some(Job { epoch: self.epoch, order: self.order, frame })
    }

    /// What remains to be done after a job.
    fn go_on(&mut self, job: Job) {
        if let Order::Still { frame, rough } = job.order {
            self.stands_at = Some(frame).filter(|_| !rough);
        }
        self.order = match job.order {
            Order::Play { backward: false, .. } => Order::Play { next: job.frame + 1, backward: false },
            Order::Play { backward: true, .. } if job.frame > 0 => Order::Play { next: job.frame - 1, backward: true },
            _ => Order::Rest,
        };
    }

    /// Does nobody want a picture?
    fn is_idle(&self) -> bool {
        self.order == Order::Rest && self.stands_at.is_none() && !self.is_working
    }

    fn has_room(&self) -> bool {
        let bytes = self.ready.iter().map(|ready| ready.picture.bytes()).sum::<usize>();
        self.ready.len() < 2 || (self.ready.len() < 12 && bytes < AHEAD_BYTES)
    }
}

pub(crate) fn spawn(name: &str, work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().name(name.into()).spawn(work).expect("the system starts a thread");
}
