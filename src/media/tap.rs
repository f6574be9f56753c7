//! Between the thread that reads sound and the callback that plays it: a ring of samples, and a note of what was heard.
//!
//! The callback takes no lock and allocates nothing. What it writes down is read by others through a sequence count.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering, fence};
use std::time::{Duration, Instant as Now};

use rtrb::{Consumer, Producer, RingBuffer};

use crate::sound::CHANNELS;

/// What both sides share.
pub(crate) struct Valve {
    origin: Now,
    open: AtomicBool,  // closed: silence, and nothing is taken
    volume: AtomicU32, // bits of an f32
    muted: AtomicBool,
    flush_to: AtomicU64, // moments before this count are stale
    note: Note,
}

/// What the callback wrote down when it last took sound; consistent where the count is even and unchanged.
#[derive(Default)]
struct Note {
    sequence: AtomicU64,
    flushed: AtomicU64,  // `flush_to` as the callback saw it
    taken: AtomicU64,    // moments since then, before this block
    block: AtomicU64,    // moments in this block
    at_nanos: AtomicU64, // when the block will be heard, since `origin`
}

/// Sound on its way to the ear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    /// To which flush the counts belong.
    pub(crate) flushed: u64,
    /// Moments since the flush that are being heard.
    pub(crate) moments: u64,
}

/// The end into which sound is fed.
pub(crate) struct Spout {
    ring: Producer<f32>,
    fed: u64, // moments, ever
    valve: Arc<Valve>,
}

/// The end from which sound is taken.
pub(crate) struct Tap {
    ring: Consumer<f32>,
    taken: u64, // moments, ever
    gain: f32,  // moves towards the volume: a jump would click
    valve: Arc<Valve>,
}

/// A ring for `seconds / 2`, with both its ends.
pub(crate) fn ring(rate: u32, valve: &Arc<Valve>) -> (Spout, Tap) {
    let (producer, consumer) = RingBuffer::new(rate as usize / 2 * CHANNELS);
    valve.flush_to.store(0, Ordering::Release);
    valve.note.sequence.store(0, Ordering::Release); // nothing of this ring has been heard
    let spout = Spout { ring: producer, fed: 0, valve: Arc::clone(valve) };
    let tap = Tap { ring: consumer, taken: 0, gain: 0.0, valve: Arc::clone(valve) };
    (spout, tap)
}

impl Valve {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            origin: Now::now(),
            open: AtomicBool::new(false),
            volume: AtomicU32::new(1.0_f32.to_bits()),
            muted: AtomicBool::new(false),
            flush_to: AtomicU64::new(0),
            note: Note::default(),
        })
    }

    pub(crate) fn open(&self, open: bool) {
        self.open.store(open, Ordering::Release);
    }

    /// 0 is silence, 1 the recorded loudness.
    pub(crate) fn set_volume(&self, volume: f32) {
        self.volume.store(volume.clamp(0.0, 1.0).to_bits(), Ordering::Relaxed);
    }

    pub(crate) fn set_muted(&self, muted: bool) {
        self.muted.store(muted, Ordering::Relaxed);
    }

    /// What is heard at `now`, reckoned on from the last block, or back where that is still to come; never beyond its end.
    pub(crate) fn heard(&self, now: Now, rate: u32) -> Option<Heard> {
        let note = &self.note;
        let before = note.sequence.load(Ordering::Acquire);
        let [flushed, taken, block, at_nanos] =
            [&note.flushed, &note.taken, &note.block, &note.at_nanos].map(|part| part.load(Ordering::Relaxed));
        fence(Ordering::Acquire);
        if before == 0 || before % 2 == 1 || before != note.sequence.load(Ordering::Relaxed) {
            return None; // nothing yet, or being written: the next drawn frame will see it
        }
        let at = self.origin + Duration::from_nanos(at_nanos);
        let in_moments = |time: Duration| (time.as_nanos() * u128::from(rate) / 1_000_000_000) as u64;
        let moments = match now.checked_duration_since(at) {
            Some(since) => taken + in_moments(since).min(block),
            None => taken.saturating_sub(in_moments(at - now)),
        };
        Some(Heard { flushed, moments })
    }

    fn gain(&self) -> f32 {
        if self.muted.load(Ordering::Relaxed) { 0.0 } else { f32::from_bits(self.volume.load(Ordering::Relaxed)) }
    }
}

impl Spout {
    /// Makes everything fed so far stale, and names what follows.
    pub(crate) fn flush(&mut self) -> u64 {
        self.valve.flush_to.store(self.fed, Ordering::Release);
        self.fed
    }

    /// Feeds as much as there is room for; how many samples that was.
    pub(crate) fn feed(&mut self, samples: &[f32]) -> usize {
        let whole = self.ring.slots().min(samples.len()) / CHANNELS * CHANNELS;
        let (fed, _) = self.ring.push_partial_slice(&samples[..whole]);
        self.fed += (fed.len() / CHANNELS) as u64;
        fed.len()
    }
}

impl Tap {
    /// Fills `out` with left and right in turn, to be heard from `heard_at` on; silence where there is nothing.
    pub(crate) fn fill(&mut self, out: &mut [f32], heard_at: Now) {
        let stale = self.valve.flush_to.load(Ordering::Acquire);
        while self.taken < stale {
            let samples = ((stale - self.taken) as usize * CHANNELS).min(self.ring.slots());
            let Ok(chunk) = self.ring.read_chunk(samples) else { break };
            if samples == 0 {
                break;
            }
            chunk.commit_all();
            self.taken += (samples / CHANNELS) as u64;
        }
        if self.taken < stale || !self.valve.open.load(Ordering::Acquire) {
            out.fill(0.0);
            return;
        }
        let whole = self.ring.slots().min(out.len()) / CHANNELS * CHANNELS;
        let (sound, rest) = out.split_at_mut(whole);
        let _ = self.ring.pop_partial_slice(sound);
        rest.fill(0.0);
        if whole == 0 {
            return;
        }
        self.write_down(stale, whole / CHANNELS, heard_at);
        self.taken += (whole / CHANNELS) as u64;
        let gain = self.valve.gain();
        for moment in sound.chunks_exact_mut(CHANNELS) {
            self.gain += (gain - self.gain) * 0.01;
            for sample in moment {
                *sample *= self.gain;
            }
        }
    }

    /// Moments that can be taken now.
    pub(crate) fn ready(&self) -> usize {
        if !self.valve.open.load(Ordering::Acquire) {
            return 0;
        }
        let stale = self.valve.flush_to.load(Ordering::Acquire).saturating_sub(self.taken) as usize;
        (self.ring.slots() / CHANNELS).saturating_sub(stale)
    }

    fn write_down(&self, flushed: u64, block: usize, heard_at: Now) {
        let note = &self.valve.note;
        let nanos = heard_at.saturating_duration_since(self.valve.origin).as_nanos() as u64;
        note.sequence.fetch_add(1, Ordering::Relaxed);
        fence(Ordering::Release);
        note.flushed.store(flushed, Ordering::Relaxed);
        note.taken.store(self.taken - flushed, Ordering::Relaxed);
        note.block.store(block as u64, Ordering::Relaxed);
        note.at_nanos.store(nanos, Ordering::Relaxed);
        note.sequence.fetch_add(1, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 1000;

    fn left(tap: &mut Tap, moments: usize, at: Now) -> Vec<f32> {
        let mut out = vec![9.0; moments * CHANNELS];
        tap.fill(&mut out, at);
        out.into_iter().step_by(CHANNELS).collect()
    }

    #[test]
    fn what_is_heard_is_reckoned_on_from_the_last_block_and_not_beyond_it() {
        let valve = Valve::new();
        let (mut spout, mut tap) = ring(RATE, &valve);
        valve.open(true);
        assert_eq!(valve.heard(Now::now(), RATE), None);
        spout.feed(&[0.5; 200]);
        let at = Now::now();
        left(&mut tap, 60, at);
        let heard = |millis| valve.heard(at + Duration::from_millis(millis), RATE).unwrap().moments;
        assert_eq!([heard(0), heard(25), heard(60), heard(500)], [0, 25, 60, 60]);
        left(&mut tap, 60, at + Duration::from_millis(60)); // only 40 are there
        assert_eq!([heard(40), heard(60), heard(90), heard(200)], [40, 60, 90, 100]);
    }

    #[test]
    fn a_flush_drops_what_was_fed_before_it() {
        let valve = Valve::new();
        let (mut spout, mut tap) = ring(RATE, &valve);
        valve.open(true);
        spout.feed(&[0.25; 100]);
        assert_eq!(spout.flush(), 50);
        spout.feed(&[0.5; 20]);
        assert_eq!(tap.ready(), 10);
        tap.gain = 1.0;
        let out = left(&mut tap, 20, Now::now());
        assert_eq!((out[0], out[9], out[10]), (0.5, 0.5, 0.0));
        assert_eq!(valve.heard(Now::now(), RATE).map(|heard| heard.flushed), Some(50));
    }

    #[test]
    fn a_closed_valve_gives_silence_and_takes_nothing() {
        let valve = Valve::new();
        let (mut spout, mut tap) = ring(RATE, &valve);
        spout.feed(&[0.5; 20]);
        assert_eq!((left(&mut tap, 5, Now::now()), tap.ready()), (vec![0.0; 5], 0));
        valve.open(true);
        assert_eq!(tap.ready(), 10);
    }

    #[test]
    fn muted_sound_is_taken_and_not_heard() {
        let valve = Valve::new();
        let (mut spout, mut tap) = ring(RATE, &valve);
        valve.open(true);
        valve.set_muted(true);
        spout.feed(&[0.5; 20]);
        assert_eq!(left(&mut tap, 10, Now::now()), [0.0; 10]);
        assert_eq!(tap.ready(), 0);
    }
}
