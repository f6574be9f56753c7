//! The small pictures that are kept, and one of them at a time as a picture.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::jpeg::Decoder;
use crate::colour::Colours;
use crate::damage::{Damage, Flaw};
use crate::file::MediaFile;
use crate::picture::Orientation;
use crate::{FrameIndex, MediaError, Picture};

/// The small pictures of one file's frames, as far as they are made.
///
/// *Limitations*: where all would take more than the budget, those of every second frame are kept, then of every fourth, and so on:
/// [`Self::every`] says which. A picture is always of the very frame that it is given for.
pub struct SmallPictures {
    index: Arc<FrameIndex>,
    damage: Arc<Damage>, // of the frames; known wholly once the job is through
    orientation: Orientation,
    budget: usize,
    kept: Mutex<Kept>,
    seen: AtomicUsize, // frames that the job is through with
    made: Condvar,     // with `kept`: the job is through with all
    decoder: Mutex<Option<Decoder>>,
}

struct Kept {
    pictures: BTreeMap<usize, Arc<SmallPicture>>, // by frame; each a multiple of `every`
    bytes: usize,                                 // the sum over `pictures`
    every: usize,                                 // a power of two
}

/// The small picture of one frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct SmallPicture {
    pub(super) jpeg: Vec<u8>,
    pub(super) colours: Colours,
    /// Of the frame: the shape that it has on the screen.
    pub(super) display_millis: [u64; 2],
}

impl SmallPicture {
    fn bytes(&self) -> usize {
        self.jpeg.capacity() + size_of::<Self>()
    }
}

impl SmallPictures {
    /// None yet of a file, with room for so many bytes.
    pub(crate) fn open(
        path: &Path,
        index: Arc<FrameIndex>,
        damage: Arc<Damage>,
        budget: usize,
    ) -> Result<Self, MediaError> {
        let file = MediaFile::open(path)?;
        let orientation = Orientation::of(&file, file.picture()?);
        let kept = Kept { pictures: BTreeMap::new(), bytes: 0, every: 1 };
        let (kept, decoder) = (Mutex::new(kept), Mutex::new(None));
        Ok(Self { index, damage, orientation, budget, kept, seen: AtomicUsize::new(0), made: Condvar::new(), decoder })
    }

    /// The small picture of this very frame, where it is kept. It takes well below a millisecond.
    pub fn get(&self, frame: usize) -> Option<Picture> {
        let small = Arc::clone(self.lock().pictures.get(&frame)?);
        let mut decoder = self.decoder.lock().unwrap_or_else(PoisonError::into_inner);
        if decoder.is_none() {
            *decoder = Decoder::open().ok();
        }
        let mut planes = decoder.as_mut()?.planes(&small.jpeg).ok()?;
        // SAFETY: the frame is valid and held exclusively.
        unsafe { small.colours.state_in(&mut *planes.as_mut_ptr()) };
        Picture::of_small(planes, frame, self.index.time_of(frame), self.orientation, small.display_millis)
    }

    /// Is the small picture of this very frame kept?
    pub fn has(&self, frame: usize) -> bool {
        self.lock().pictures.contains_key(&frame)
    }

    /// The nearest frame whose small picture is kept; of two as near, the earlier.
    pub fn nearest(&self, frame: usize) -> Option<usize> {
        let kept = self.lock();
        let before = kept.pictures.range(..=frame).next_back().map(|(&before, _)| before);
        let after = kept.pictures.range(frame..).next().map(|(&after, _)| after);
        before.into_iter().chain(after).min_by_key(|near| near.abs_diff(frame))
    }

    /// How many are kept.
    #[allow(clippy::len_without_is_empty, reason = "that there are none yet is of no interest")]
    pub fn len(&self) -> usize {
        self.lock().pictures.len()
    }

    /// Of every how many frames one is kept: 1 where there is room for all.
    pub fn every(&self) -> usize {
        self.lock().every
    }

    /// What they take in memory.
    pub fn bytes(&self) -> usize {
        self.lock().bytes
    }

    /// How far making them has come, in 0..=1; 1 once there will be no more.
    pub fn share(&self) -> f32 {
        self.seen.load(Ordering::Relaxed) as f32 / self.index.len() as f32
    }

    /// Waits until there will be no more; false where that has not come in this time.
    pub fn wait_until_made(&self, patience: Duration) -> bool {
        let is_underway = |_: &mut Kept| self.share() < 1.0;
        let waited = self.made.wait_timeout_while(self.lock(), patience, is_underway);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    pub(super) fn index(&self) -> &Arc<FrameIndex> {
        &self.index
    }

    pub(super) fn damage(&self) -> &Arc<Damage> {
        &self.damage
    }

    /// The job is through with one more frame.
    pub(super) fn pass(&self) {
        self.seen.fetch_add(1, Ordering::Relaxed);
    }

    /// There will be no more.
    pub(crate) fn finish(&self) {
        self.seen.store(self.index.len(), Ordering::Relaxed);
        let kept = self.lock(); // so that nobody begins to wait between looking and being told
        self.made.notify_all();
        drop(kept);
    }

    /// Would the small picture of this frame be kept?
    pub(super) fn wants(&self, frame: usize) -> bool {
        frame.is_multiple_of(self.lock().every)
    }

    /// Keeps the small picture of a frame; where there is not room for all, fewer of all.
    pub(super) fn insert(&self, frame: usize, small: SmallPicture) {
        let mut kept = self.lock();
        if !frame.is_multiple_of(kept.every) {
            return;
        }
        kept.bytes += small.bytes();
        if let Some(before) = kept.pictures.insert(frame, Arc::new(small)) {
            kept.bytes -= before.bytes();
        }
        while kept.bytes > self.budget && kept.every < self.index.len() {
            let every = kept.every * 2;
            kept.every = every;
            kept.pictures.retain(|frame, _| frame.is_multiple_of(every));
            kept.bytes = kept.pictures.values().map(|small| small.bytes()).sum();
        }
    }

    /// All of them, as they are kept on disk.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let kept = self.lock();
        let pictures: Vec<(usize, &SmallPicture)> =
            kept.pictures.iter().map(|(&frame, small)| (frame, &**small)).collect();
        postcard::to_allocvec(&(kept.every, pictures, self.damage.flaws())).expect("small pictures are plain data")
    }

    /// Takes over all that were kept on disk; false where these bytes are none of this file's.
    pub(super) fn take_over(&self, bytes: &[u8]) -> bool {
        type Parts = (usize, Vec<(usize, SmallPicture)>, Vec<(u32, Flaw)>);
        let Ok((every, pictures, flaws)) = postcard::from_bytes::<Parts>(bytes) else { return false };
        if !every.is_power_of_two() || pictures.iter().any(|(frame, _)| *frame >= self.index.len()) {
            return false;
        }
        self.lock().every = every;
        self.damage.note(flaws);
        for (frame, small) in pictures {
            self.insert(frame, small);
        }
        true
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
