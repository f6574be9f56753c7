//! Decoded frames that are kept, bounded in bytes; the farthest from where we look goes first.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ffmpeg_next::frame::Video;

/// Decoded frames by number: the decoder's thread keeps them, and others may ask what is at hand.
pub(crate) struct FrameCache {
    frames: Mutex<Frames>,
    budget: usize,
    held: AtomicUsize, // frames that the decoder itself holds, and that the budget is for too
}

#[derive(Default)]
struct Frames {
    kept: BTreeMap<usize, Kept>,
    bytes: usize,           // the sum over `kept`
    newest: Option<Newest>, // the frame that was inserted last
}

#[derive(Clone, Copy)]
struct Newest {
    number: usize,
    bytes: usize,
}

struct Kept {
    frame: Arc<Video>,
    bytes: usize,
}

impl FrameCache {
    pub(crate) fn new(budget: usize) -> Self {
        Self { frames: Mutex::default(), budget, held: AtomicUsize::new(0) }
    }

    /// The decoder itself holds so many frames: to predict others from, to bring them in order, and in its threads.
    pub(crate) fn leave_room_for(&self, held: usize) {
        self.held.store(held, Ordering::Relaxed);
    }

    /// What is left of the budget for frames of this size: at least half of it.
    fn room(&self, bytes: usize) -> usize {
        let held = self.held.load(Ordering::Relaxed) * bytes;
        self.budget.saturating_sub(held).max(self.budget / 2)
    }

    /// How many frames like the newest one there is room for.
    pub(crate) fn capacity(&self) -> usize {
        self.lock().newest.map_or(0, |newest| self.room(newest.bytes) / newest.bytes.max(1))
    }

    pub(crate) fn get(&self, number: usize) -> Option<Arc<Video>> {
        self.lock().kept.get(&number).map(|kept| Arc::clone(&kept.frame))
    }

    pub(crate) fn has(&self, number: usize) -> bool {
        self.lock().kept.contains_key(&number)
    }

    /// Is this frame among the next few that the decoder would make?
    pub(crate) fn comes_next(&self, number: usize) -> bool {
        const NEXT_FEW: usize = 3;
        let newest = self.lock().newest;
        newest.is_some_and(|newest| (1..=NEXT_FEW).contains(&number.saturating_sub(newest.number)))
    }

    /// Forgets all of them.
    pub(crate) fn clear(&self) {
        *self.lock() = Frames::default();
    }

    /// Keeps a frame, and lets go of the farthest from `near` while there is not enough room.
    ///
    /// The newest frame always stays, even where it alone is above the budget.
    pub(crate) fn insert(&self, number: usize, frame: Arc<Video>, near: usize) {
        let bytes = bytes_of(&frame);
        let mut frames = self.lock();
        frames.newest = Some(Newest { number, bytes });
        if let Some(old) = frames.kept.insert(number, Kept { frame, bytes }) {
            frames.bytes -= old.bytes;
        }
        frames.bytes += bytes;
        let room = self.room(bytes);
        while frames.bytes > room && frames.kept.len() > 1 {
            let (&first, &last) = frames
                .kept
                .first_key_value()
                .map(|(number, _)| number)
                .zip(frames.kept.last_key_value().map(|(number, _)| number))
                .expect("more than one frame");
            let farthest = if near.abs_diff(first) > near.abs_diff(last) { first } else { last };
            let farthest = if farthest == number { first + last - farthest } else { farthest };
            let gone = frames.kept.remove(&farthest).expect("it is in there");
            frames.bytes -= gone.bytes;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Frames> {
        self.frames.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the frame's planes take in memory.
pub(crate) fn bytes_of(frame: &Video) -> usize {
    // SAFETY: the frame is valid; its buffers are null or valid.
    unsafe { (*frame.as_ptr()).buf.iter().take_while(|buffer| !buffer.is_null()).map(|&buffer| (*buffer).size).sum() }
}

/// Room for decoded frames when `videos` are open at once: 512 MiB or an eighth of the memory, divided among them.
pub fn default_budget(videos: usize) -> usize {
    const MOST: usize = 512 << 20;
    memory_bytes().map_or(MOST, |bytes| (bytes / 8).min(MOST)) / videos.max(1)
}

/// The machine's memory, where the system tells it in a file.
fn memory_bytes() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let kib = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?.split_whitespace().next()?;
    Some(kib.parse::<usize>().ok()? << 10)
}

#[cfg(test)]
mod tests {
    use ffmpeg_next::format::Pixel;

    use super::*;

    /// Inserts the frames in order, looking at each; which numbers stay in room for three?
    #[track_caller]
    fn check(numbers: &[usize], near: Option<usize>, expected: &[usize]) {
        let frame = || Arc::new(Video::new(Pixel::GRAY8, 64, 64));
        let cache = FrameCache::new(3 * bytes_of(&frame()));
        for &number in numbers {
            cache.insert(number, frame(), near.unwrap_or(number));
        }
        let frames = cache.lock();
        assert_eq!(frames.kept.keys().copied().collect::<Vec<_>>(), expected);
        assert_eq!(frames.bytes, frames.kept.values().map(|kept| kept.bytes).sum::<usize>());
    }

    #[test]
    fn going_forward_the_earliest_goes() {
        check(&[1, 2, 3, 4, 5], None, &[3, 4, 5]);
    }

    #[test]
    fn going_backward_the_latest_goes() {
        check(&[9, 8, 7, 6, 5], None, &[5, 6, 7]);
    }

    #[test]
    fn the_farthest_from_the_target_goes_while_decoding_towards_it() {
        check(&[1, 2, 3, 4, 5, 6], Some(6), &[4, 5, 6]);
    }

    #[test]
    fn what_the_decoder_holds_is_in_the_budget_down_to_half_of_it() {
        let frame = || Arc::new(Video::new(Pixel::GRAY8, 64, 64));
        let cache = FrameCache::new(10 * bytes_of(&frame()));
        for (held, kept) in [(0, 10), (3, 7), (8, 5)] {
            cache.leave_room_for(held);
            for number in 0..20 {
                cache.insert(number, frame(), number);
            }
            let n_kept = cache.lock().kept.len();
            assert_eq!((n_kept, cache.capacity()), (kept, kept));
        }
    }

    #[test]
    fn the_same_frame_again_takes_no_more_room() {
        check(&[1, 1, 2, 2, 3], None, &[1, 2, 3]);
    }
}
