//! Slower and faster sound at its own pitch: FFmpeg's `atempo`.

use ffmpeg_next::filter::{self, Graph};
use ffmpeg_next::format::Sample;
use ffmpeg_next::format::sample::Type;
use ffmpeg_next::frame::Audio;
use ffmpeg_next::{ChannelLayout, Error as AvError};

use crate::sound::CHANNELS;

/// Stretches stereo sound in time.
pub(crate) struct Tempo {
    graph: Option<Graph>, // none at the natural speed, where nothing is to be done
    rate: u32,
    fed: i64, // moments, which are the stamps that the filter wants
}

impl Tempo {
    /// `ratio` is media seconds per second heard; the filter takes 0.5 to 100, so slower is done in two goes.
    pub(crate) fn new(ratio: f64, rate: u32) -> Result<Self, AvError> {
        if ratio == 1.0 {
            return Ok(Self { graph: None, rate, fed: 0 });
        }
        let mut graph = Graph::new();
        let missing = || AvError::FilterNotFound;
        let source = filter::find("abuffer").ok_or_else(missing)?;
        let sink = filter::find("abuffersink").ok_or_else(missing)?;
        let form = format!("time_base=1/{rate}:sample_rate={rate}:sample_fmt=flt:channel_layout=stereo");
        graph.add(&source, "in", &form)?;
        graph.add(&sink, "out", "")?;
        let tempo =
            if ratio < 0.5 { format!("atempo={0},atempo={0}", ratio.sqrt()) } else { format!("atempo={ratio}") };
        graph.output("in", 0)?.input("out", 0)?.parse(&format!("{tempo},aformat=sample_fmts=flt"))?;
        graph.validate()?;
        Ok(Self { graph: Some(graph), rate, fed: 0 })
    }

    /// Takes sound, and appends what is ready of the stretched sound.
    pub(crate) fn stretch(&mut self, samples: &[f32], into: &mut Vec<f32>) -> Result<(), AvError> {
        let Some(graph) = &mut self.graph else {
            into.extend_from_slice(samples);
            return Ok(());
        };
        let moments = samples.len() / CHANNELS;
        if moments > 0 {
            let mut frame = Audio::new(Sample::F32(Type::Packed), moments, ChannelLayout::STEREO);
            frame.set_rate(self.rate);
            frame.set_pts(Some(self.fed));
            for (to, from) in frame.plane_mut::<(f32, f32)>(0).iter_mut().zip(samples.chunks_exact(CHANNELS)) {
                *to = (from[0], from[1]);
            }
            self.fed += moments as i64;
            graph.get("in").ok_or(AvError::FilterNotFound)?.source().add(&frame)?;
        }
        take_ready(graph, into)
    }
}

fn take_ready(graph: &mut Graph, into: &mut Vec<f32>) -> Result<(), AvError> {
    let mut out = graph.get("out").ok_or(AvError::FilterNotFound)?;
    let mut frame = Audio::empty();
    loop {
        match out.sink().frame(&mut frame) {
            Ok(()) => into.extend(frame.plane::<(f32, f32)>(0).iter().flat_map(|&(left, right)| [left, right])),
            Err(AvError::Eof) => return Ok(()),
            Err(AvError::Other { errno }) if errno == ffmpeg_next::error::EAGAIN => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 48_000;

    /// Two seconds of 440 Hz, stretched: how long it is, and how often it swings a second.
    #[track_caller]
    fn check(ratio: f64) {
        let wave = |moment: u32| (f64::from(moment) * 440.0 * std::f64::consts::TAU / f64::from(RATE)).sin() as f32;
        let samples = (0..2 * RATE).flat_map(|moment| [wave(moment); CHANNELS]).collect::<Vec<_>>();
        let mut tempo = Tempo::new(ratio, RATE).unwrap();
        let mut out = Vec::new();
        for chunk in samples.chunks(2048) {
            tempo.stretch(chunk, &mut out).unwrap();
        }
        tempo.stretch(&vec![0.0; 48_000], &mut out).unwrap(); // silence pushes out what it held back

        let left = out.iter().step_by(CHANNELS).copied().collect::<Vec<_>>();
        let end = left.iter().rposition(|sample| sample.abs() > 0.05).unwrap();
        let secs = end as f64 / f64::from(RATE);
        assert!((secs - 2.0 / ratio).abs() < 0.06 / ratio, "{secs} s at {ratio}");
        let swings = left[..end].windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count();
        let hertz = swings as f64 / secs;
        assert!((hertz - 440.0).abs() < 4.0, "{hertz} Hz at {ratio}");
    }

    #[test]
    fn the_pitch_stays_at_every_speed() {
        [0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0].into_iter().for_each(check);
    }

    #[test]
    fn a_camera_that_drifts_is_stretched_by_a_hair() {
        check(1.000_03);
    }
}
