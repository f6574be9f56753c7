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

/// Sound that is pulled by hand, at the caller's own pace: a device that does what a test wants.
#[derive(Clone)]
pub struct PulledSound {
    socket: Arc<Mutex<Socket>>,
}

struct Socket {
    tap: Option<Tap>,  // none until somebody plays, and after what was there was taken away
    rate: Option<u32>, // of what is there; none where nothing is
}

impl Default for PulledSound {
    fn default() -> Self {
        Self { socket: Arc::new(Mutex::new(Socket { tap: None, rate: Some(Self::RATE) })) }
    }
}

impl std::fmt::Debug for PulledSound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PulledSound")
    }
}

impl PulledSound {
    /// Moments a second, until another device is plugged in.
    pub const RATE: u32 = 48_000;

    /// How many moments are there to be pulled.
    pub fn ready(&self) -> usize {
        self.lock().tap.as_ref().map_or(0, Tap::ready)
    }

    /// The next `moments`, left and right in turn, heard from `now` on; silence where there are none.
    pub fn pull(&self, moments: usize, now: Now) -> Vec<f32> {
        let mut out = vec![0.0; moments * CHANNELS];
        if let Some(tap) = self.lock().tap.as_mut() {
            tap.fill(&mut out, now);
        }
        out
    }

    /// The device is pulled out, and there is no other.
    pub fn unplug(&self) {
        *self.lock() = Socket { tap: None, rate: None };
    }

    /// There is another device, in place of the one before.
    pub fn plug_in(&self, rate: u32) {
        *self.lock() = Socket { tap: None, rate: Some(rate) };
    }

    fn open(&self, valve: &Arc<Valve>) -> Option<(Spout, u32)> {
        let mut socket = self.lock();
        let rate = socket.rate?;
        let (spout, tap) = ring(rate, valve);
        socket.tap = Some(tap);
        Some((spout, rate))
    }

    fn lock(&self) -> MutexGuard<'_, Socket> {
        self.socket.lock().unwrap_or_else(PoisonError::into_inner)
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
    rate: AtomicU32,     // of what is taken; 0 until there is a device
    missing: AtomicBool, // a device was wanted, and there is none
}

#[derive(Default)]
struct State {
    order: Option<Order>, // none while nothing is to be heard
    serial: u64,          // counts the orders
    begun: Option<Begun>,
    returned: bool, // there is a device again, for an order that had lost its own
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
/// A device is asked for once in this time, whether it is not there or is lost again and again.
const RETRY: Duration = Duration::from_secs(2);

impl Sound {
    pub(crate) fn open(output: SoundOutput) -> Self {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            changed: Condvar::new(),
            quit: AtomicBool::new(false),
            valve: Valve::new(),
            rate: AtomicU32::new(0),
            missing: AtomicBool::new(false),
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
        state.returned = false;
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

    /// Is there no device, though something is or was to be heard?
    pub(crate) fn is_missing(&self) -> bool {
        self.shared.missing.load(Ordering::Relaxed)
    }

    /// Has a device come back for what is to be heard, since this was last asked?
    pub(crate) fn take_returned(&self) -> bool {
        std::mem::take(&mut self.shared.lock().returned)
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
    asked: Option<Now>, // when a device was last asked for
    source: Option<Source>,
}

/// Where the sound goes.
struct Sink {
    spout: Spout,
    outlet: Outlet,
    rate: u32,
}

/// What takes the sound.
enum Outlet {
    Device(Device),
    Pulled(PulledSound),
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
    AskAgain,
    LetGo,
}

impl Feeder {
    fn new(shared: Arc<Shared>, output: SoundOutput) -> Self {
        Self { shared, output, serial: 0, sink: None, asked: None, source: None }
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
                Next::Feed if self.is_sink_lost() => self.ask_again(),
                Next::AskAgain => self.ask_again(),
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
                None if state.order.is_some() => self.asked.map_or(Duration::ZERO, until_retry),
                Some(Sink { outlet: Outlet::Device(device), .. }) if device.is_running() => IDLE,
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
                return match &self.sink {
                    _ if feeding => Next::Feed,
                    None => Next::AskAgain,
                    Some(_) => Next::LetGo,
                };
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
        if let Outlet::Device(device) = &mut sink.outlet {
            device.run(true);
        }
        Ok(())
    }

    /// The sound has lost its device, or never had one: the player begins it anew once there is one.
    fn ask_again(&mut self) {
        if self.is_sink_lost() {
            self.sink = None;
            self.shared.lock().begun = None; // nothing is heard: the clock goes its own way
        }
        if self.has_sink() {
            let mut state = self.shared.lock();
            state.returned = state.order.is_some() && state.serial == self.serial;
        }
    }

    fn is_sink_lost(&self) -> bool {
        self.sink.as_ref().is_some_and(|sink| sink.outlet.is_lost())
    }

    /// Makes sure that there is somewhere to play to.
    fn has_sink(&mut self) -> bool {
        if self.is_sink_lost() {
            self.sink = None;
        }
        if self.sink.is_none() {
            self.sink = self.new_sink();
            self.source = None; // its rate was that of the sink before
            self.shared.missing.store(self.sink.is_none(), Ordering::Relaxed);
        }
        self.sink.is_some()
    }

    fn new_sink(&mut self) -> Option<Sink> {
        if self.asked.is_some_and(|asked| !until_retry(asked).is_zero()) {
            return None;
        }
        self.asked = Some(Now::now());
        let (spout, outlet, rate) = match &self.output {
            SoundOutput::Silent => return None,
            SoundOutput::Pulled(pulled) => {
                let (spout, rate) = pulled.open(&self.shared.valve)?;
                (spout, Outlet::Pulled(pulled.clone()), rate)
            }
            SoundOutput::Device => {
                let (device, spout) = Device::open(&self.shared.valve)?;
                let rate = device.rate();
                (spout, Outlet::Device(device), rate)
            }
        };
        self.shared.rate.store(rate, Ordering::Relaxed);
        Some(Sink { spout, outlet, rate })
    }

    fn let_go(&mut self) {
        if let Some(Sink { outlet: Outlet::Device(device), .. }) = &mut self.sink {
            device.run(false);
        }
    }
}

impl Outlet {
    fn is_lost(&self) -> bool {
        match self {
            Self::Device(device) => device.is_lost(),
            Self::Pulled(pulled) => pulled.lock().tap.is_none(),
        }
    }
}

/// How long a device that was asked for at `asked` is not asked for again.
fn until_retry(asked: Now) -> Duration {
    RETRY.saturating_sub(asked.elapsed())
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
