//! The sound of a player: one thread that reads ahead, one device that plays, and what of it is being heard.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Now};

use span::Instant;

use crate::device::Device;
use crate::rational::scale;
use crate::sound::{CHANNELS, SoundReader};
use crate::tap::{Spout, Tap, Valve, ring};
use crate::tempo::Tempo;
use crate::{MediaError, Speed};

/// Where sound goes.
#[derive(Clone, Debug, Default)]
pub enum SoundOutput {
    /// To the system's default device; where there is none, playing goes on in silence.
    #[default]
    Device,
    /// Nowhere.
    Silent,
    /// To whoever pulls it: the same samples that a device would get.
    Pulled(PulledSound),
}

/// Sound that is pulled by hand, at the caller's own pace.
#[derive(Clone, Default)]
pub struct PulledSound {
    tap: Arc<Mutex<Option<Tap>>>,
}

impl std::fmt::Debug for PulledSound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PulledSound")
    }
}

impl PulledSound {
    /// Moments a second.
    pub const RATE: u32 = 48_000;

    /// How many moments are there to be pulled.
    pub fn ready(&self) -> usize {
        self.lock().as_ref().map_or(0, Tap::ready)
    }

    /// The next `moments`, left and right in turn, heard from `now` on; silence where there are none.
    pub fn pull(&self, moments: usize, now: Now) -> Vec<f32> {
        let mut out = vec![0.0; moments * CHANNELS];
        if let Some(tap) = self.lock().as_mut() {
            tap.fill(&mut out, now);
        }
        out
    }

    fn lock(&self) -> MutexGuard<'_, Option<Tap>> {
        self.tap.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The player's end of the sound.
pub(crate) struct Sound {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    quit: AtomicBool,
    valve: Arc<Valve>,
    rate: AtomicU32, // of what is taken; 0 until there is a device
}

#[derive(Default)]
struct State {
    order: Option<Order>, // none while nothing is to be heard
    serial: u64,          // counts the orders
    begun: Option<Begun>,
}

/// What is to be heard.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// The file.
    pub(crate) path: PathBuf,
    /// The container's time of the first displayed frame.
    pub(crate) zero: Instant,
    /// From where, on the medium's clock.
    pub(crate) from: Instant,
    /// Medium seconds per second heard.
    pub(crate) ratio: f64,
}

/// What is behind a flush of the ring.
#[derive(Clone, Copy)]
struct Begun {
    serial: u64,
    flushed: u64,
    from: Instant,
    ratio: f64,
}

/// A device that nobody has used for this long is let go.
const IDLE: Duration = Duration::from_secs(5);
/// A device that could not be had is not asked for again before this.
const RETRY: Duration = Duration::from_secs(30);

impl Sound {
    pub(crate) fn open(output: SoundOutput) -> Self {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            changed: Condvar::new(),
            quit: AtomicBool::new(false),
            valve: Valve::new(),
            rate: AtomicU32::new(0),
        });
        let feeding = Arc::clone(&shared);
        if !matches!(output, SoundOutput::Silent) {
            crate::lane::spawn("media sound", move || Feeder::new(feeding, output).run());
        }
        Self { shared }
    }

    /// Lets sound be heard from a place on.
    pub(crate) fn play(&self, order: Order) {
        let mut state = self.shared.lock();
        self.shared.valve.open(false); // nothing of the order before is heard any more
        state.order = Some(order);
        state.serial += 1;
        drop(state);
        self.shared.changed.notify_all();
    }

    /// Silence, at once.
    pub(crate) fn stop(&self) {
        let mut state = self.shared.lock();
        self.shared.valve.open(false);
        state.order = None;
        state.serial += 1;
    }

    /// The medium's time that is being heard; `None` while nothing of the newest order is.
    pub(crate) fn heard(&self, now: Now) -> Option<Instant> {
        let rate = self.shared.rate.load(Ordering::Relaxed);
        let state = self.shared.lock();
        let begun = state.begun.filter(|begun| begun.serial == state.serial && state.order.is_some())?;
        drop(state);
        let heard = self.shared.valve.heard(now, rate).filter(|heard| heard.flushed == begun.flushed)?;
        let micros = scale(heard.moments as i64, 1_000_000, i64::from(rate));
        Some(Instant::from_micros(begun.from.micros() + (micros as f64 * begun.ratio).round() as i64))
    }

    /// 0 is silence, 1 the recorded loudness.
    pub(crate) fn set_volume(&self, volume: f32) {
        self.shared.valve.set_volume(volume);
    }

    pub(crate) fn set_muted(&self, muted: bool) {
        self.shared.valve.set_muted(muted);
    }

    /// Can sound be heard at this speed? Slower than a quarter it is only a rumble; backward it is not made.
    pub(crate) fn is_audible(speed: Speed) -> bool {
        (250..=2000).contains(&speed.permille())
    }
}

impl Drop for Sound {
    fn drop(&mut self) {
        self.shared.valve.open(false);
        self.shared.quit.store(true, Ordering::Relaxed);
        self.shared.changed.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The thread that reads, stretches and feeds.
struct Feeder {
    shared: Arc<Shared>,
    output: SoundOutput,
    serial: u64, // of the order being worked on
    sink: Option<Sink>,
    refused: Option<Now>, // when a device could last not be had
    source: Option<Source>,
}

/// Where the sound goes.
struct Sink {
    spout: Spout,
    device: Option<Device>, // none where it is pulled
    rate: u32,
}

/// Where the sound comes from.
struct Source {
    path: PathBuf,
    zero: Instant,
    reader: Option<SoundReader>, // none where the file has no sound
    tempo: Option<Tempo>,
    waiting: Vec<f32>, // stretched, and not yet fed
    fed: usize,        // samples of `waiting` that are
    ended: bool,
}

/// What the thread does next.
enum Next {
    Quit,
    Begin(Order, u64),
    Feed,
    LetGo,
}

impl Feeder {
    fn new(shared: Arc<Shared>, output: SoundOutput) -> Self {
        Self { shared, output, serial: 0, sink: None, refused: None, source: None }
    }

    fn run(mut self) {
        loop {
            match self.wait() {
                Next::Quit => return,
                Next::Begin(order, serial) => {
                    self.serial = serial;
                    if self.begin(&order).is_err() {
                        self.source = None; // no sound of this file: the picture's decoder says what is wrong with it
                    }
                }
                Next::Feed => {
                    if let (Some(sink), Some(source)) = (&mut self.sink, &mut self.source)
                        && source.feed(&mut sink.spout).is_err()
                    {
                        self.source = None;
                    }
                }
                Next::LetGo => self.let_go(),
            }
        }
    }

    fn wait(&self) -> Next {
        let mut state = self.shared.lock();
        loop {
            if self.shared.quit.load(Ordering::Relaxed) {
                return Next::Quit;
            }
            if state.serial != self.serial
                && let Some(order) = &state.order
            {
                return Next::Begin(order.clone(), state.serial);
            }
            let feeding = state.order.is_some() && self.source.is_some() && self.sink.is_some();
            let patience = match &self.sink {
                _ if feeding => Duration::from_millis(20), // the ring holds half a second
                Some(Sink { device: Some(device), .. }) if device.is_running() => IDLE,
                _ => Duration::MAX,
            };
            let serial = state.serial;
            let (next, timeout) = if patience == Duration::MAX {
                (self.shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner), false)
            } else {
                let waited = self.shared.changed.wait_timeout(state, patience);
                let (next, result) = waited.unwrap_or_else(PoisonError::into_inner);
                (next, result.timed_out())
            };
            state = next;
            if timeout && state.serial == serial {
                return if feeding { Next::Feed } else { Next::LetGo };
            }
        }
    }

    fn begin(&mut self, order: &Order) -> Result<(), MediaError> {
        if !self.has_sink() {
            return Ok(());
        }
        let Some(sink) = &mut self.sink else { return Ok(()) };
        let fresh = self.source.as_ref().is_none_or(|source| source.path != order.path || source.zero != order.zero);
        if fresh {
            self.source = Some(Source::open(order, sink.rate)?);
        }
        let Some(source) = &mut self.source else { return Ok(()) };
        source.begin(order, sink.rate)?;
        let flushed = sink.spout.flush();
        source.feed(&mut sink.spout)?;

        let mut state = self.shared.lock();
        if state.serial != self.serial || source.reader.is_none() {
            return Ok(());
        }
        state.begun = Some(Begun { serial: self.serial, flushed, from: order.from, ratio: order.ratio });
        self.shared.valve.open(true); // under the lock, so that a newer order closes it for good
        drop(state);
        if let Some(device) = &mut sink.device {
            device.run(true);
        }
        Ok(())
    }

    /// Makes sure that there is somewhere to play to.
    fn has_sink(&mut self) -> bool {
        if self.sink.as_ref().is_some_and(|sink| sink.device.as_ref().is_some_and(Device::is_lost)) {
            self.sink = None;
        }
        if self.sink.is_none() {
            self.sink = self.new_sink();
            self.source = None; // its rate was that of the sink before
        }
        self.sink.is_some()
    }

    fn new_sink(&mut self) -> Option<Sink> {
        let (spout, device, rate) = match &self.output {
            SoundOutput::Silent => return None,
            SoundOutput::Pulled(pulled) => {
                let (spout, tap) = ring(PulledSound::RATE, &self.shared.valve);
                *pulled.lock() = Some(tap);
                (spout, None, PulledSound::RATE)
            }
            SoundOutput::Device => {
                if self.refused.is_some_and(|refused| refused.elapsed() < RETRY) {
                    return None;
                }
                let Some((device, spout)) = Device::open(&self.shared.valve) else {
                    self.refused = Some(Now::now());
                    return None;
                };
                let rate = device.rate();
                (spout, Some(device), rate)
            }
        };
        self.shared.rate.store(rate, Ordering::Relaxed);
        Some(Sink { spout, device, rate })
    }

    fn let_go(&mut self) {
        if let Some(Sink { device: Some(device), .. }) = &mut self.sink {
            device.run(false);
        }
    }
}

impl Source {
    fn open(order: &Order, rate: u32) -> Result<Self, MediaError> {
        let reader = SoundReader::open(&order.path, order.zero, rate)?;
        let (path, zero) = (order.path.clone(), order.zero);
        Ok(Self { path, zero, reader, tempo: None, waiting: Vec::new(), fed: 0, ended: false })
    }

    fn begin(&mut self, order: &Order, rate: u32) -> Result<(), MediaError> {
        let Some(reader) = &mut self.reader else { return Ok(()) };
        let position = reader.position_at(order.from);
        reader.seek(position)?;
        self.tempo = Tempo::new(order.ratio, rate).ok();
        self.waiting.clear();
        self.fed = 0;
        self.ended = false;
        Ok(())
    }

    /// Feeds until the ring is full. After the end of the sound comes silence: the clock goes on.
    fn feed(&mut self, spout: &mut Spout) -> Result<(), MediaError> {
        let Some((reader, tempo)) = self.reader.as_mut().zip(self.tempo.as_mut()) else { return Ok(()) };
        let mut decoded = Vec::new();
        loop {
            self.fed += spout.feed(&self.waiting[self.fed..]);
            if self.fed < self.waiting.len() {
                return Ok(());
            }
            self.waiting.clear();
            self.fed = 0;
            decoded.clear();
            self.ended |= !reader.read(&mut decoded)?;
            if self.ended {
                decoded.resize(2048 * CHANNELS, 0.0);
            }
            tempo
                .stretch(&decoded, &mut self.waiting)
                .map_err(|error| MediaError::Decode { file: self.path.clone(), why: error.to_string() })?;
        }
    }
}
