//! The system's sound device.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant as Now;

use rodio::cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use rodio::cpal::{self, DeviceId, FromSample, OutputCallbackInfo, SampleFormat, SizedSample, Stream, StreamConfig};

use crate::sound::CHANNELS;
use crate::tap::{Spout, Tap, Valve, ring};

/// The default device, and a stream to it.
pub(crate) struct Device {
    stream: Stream,
    rate: u32,
    running: bool,
    id: Option<DeviceId>,
    lost: Arc<AtomicBool>, // it was pulled out, or its form changed
}

/// Moments converted at a time, in memory that is there already.
const BLOCK: usize = 1024;

impl Device {
    /// Opens the default device; `None` where there is none. Takes milliseconds, and never while drawing.
    pub(crate) fn open(valve: &Arc<Valve>) -> Option<(Self, Spout)> {
        let device = default_device()?;
        let supported = device.default_output_config().ok()?;
        let config = supported.config();
        let (spout, tap) = ring(config.sample_rate, valve);
        let lost = Arc::new(AtomicBool::new(false));
        let build = match supported.sample_format() {
            SampleFormat::F32 => build::<f32>,
            SampleFormat::F64 => build::<f64>,
            SampleFormat::I16 => build::<i16>,
            SampleFormat::I32 => build::<i32>,
            SampleFormat::U8 => build::<u8>,
            SampleFormat::U16 => build::<u16>,
            _ => return None,
        };
        let rate = config.sample_rate;
        let stream = build(&device, config, tap, Arc::clone(&lost)).ok()?;
        Some((Self { stream, rate, running: false, id: device.id().ok(), lost }, spout))
    }

    /// Moments a second.
    pub(crate) fn rate(&self) -> u32 {
        self.rate
    }

    pub(crate) fn is_running(&self) -> bool {
        self.running
    }

    /// Does nothing reach the ear through it any more? One that rests, and is not the default any more, is given up too.
    pub(crate) fn is_lost(&self) -> bool {
        let is_other = || default_device().and_then(|device| device.id().ok()) != self.id;
        self.lost.load(Ordering::Relaxed) || !self.running && is_other()
    }

    /// Lets the device run, or rest. One that cannot rest goes on in silence.
    pub(crate) fn run(&mut self, run: bool) {
        if run == self.running {
            return;
        }
        let done = if run { self.stream.play() } else { self.stream.pause() };
        if run && done.is_err() {
            self.lost.store(true, Ordering::Relaxed);
        }
        self.running = run;
    }
}

/// The system's default output, if there is one.
pub(crate) fn default_device() -> Option<cpal::Device> {
    // Without this, ALSA tells the terminal ten lines about each card that is not there. What matters comes back as an error.
    #[cfg(target_os = "linux")]
    let _unread = alsa::Output::local_error_handler();
    cpal::default_host().default_output_device()
}

fn build<T: SizedSample + FromSample<f32>>(
    device: &cpal::Device,
    config: StreamConfig,
    mut tap: Tap,
    lost: Arc<AtomicBool>,
) -> Result<Stream, cpal::Error> {
    let channels = usize::from(config.channels).max(1);
    let mut block = vec![0.0_f32; BLOCK * CHANNELS];
    let play = move |out: &mut [T], info: &OutputCallbackInfo| {
        let stamp = info.timestamp();
        let delay = stamp.playback.checked_duration_since(stamp.callback).unwrap_or_default();
        let mut heard_at = Now::now() + delay;
        for out in out.chunks_mut(BLOCK * channels) {
            let moments = out.len() / channels;
            let block = &mut block[..moments * CHANNELS];
            tap.fill(block, heard_at);
            heard_at += std::time::Duration::from_micros(moments as u64 * 1_000_000 / u64::from(config.sample_rate));
            for (out, moment) in out.chunks_mut(channels).zip(block.chunks_exact(CHANNELS)) {
                spread(moment, out);
            }
        }
    };
    let failed = move |error: cpal::Error| {
        use cpal::ErrorKind::{DeviceBusy, DeviceChanged, RealtimeDenied, Xrun};
        // After these the stream goes on by itself; after anything else it may never do so
        if !matches!(error.kind(), DeviceBusy | DeviceChanged | RealtimeDenied | Xrun) {
            lost.store(true, Ordering::Relaxed);
        }
    };
    device.build_output_stream(config, play, failed, None)
}

/// Left and right to as many loudspeakers as there are.
fn spread<T: SizedSample + FromSample<f32>>(moment: &[f32], out: &mut [T]) {
    match out {
        [one] => *one = T::from_sample(f32::midpoint(moment[0], moment[1])),
        [left, right, rest @ ..] => {
            *left = T::from_sample(moment[0]);
            *right = T::from_sample(moment[1]);
            rest.fill(T::EQUILIBRIUM);
        }
        [] => {}
    }
}
