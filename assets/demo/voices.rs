//! The two voices: soft tones in stereo, the infant on the left and high, the parent on the right and low.

use std::f32::consts::{PI, TAU};

use crate::script::{FPS, FRAMES, UTTERANCES, Voice};

/// Samples a second on each channel.
pub(crate) const RATE: usize = 48_000;

const SAMPLES_PER_FRAME: usize = RATE / FPS;

/// What makes a voice sound as it does.
struct Timbre {
    /// Pitch in hertz at equal steps through the utterance; between them it glides.
    pitch: &'static [f32],
    /// How loud each overtone is.
    overtones: [f32; 5],
    /// How many syllables the utterance has.
    syllables: f32,
    /// From 0, smooth, to 1, harsh.
    rough: f32,
    loud: f32,
}

impl Voice {
    fn timbre(self) -> Timbre {
        let smooth = [1.0, 0.28, 0.10, 0.04, 0.01];
        let warm = [1.0, 0.55, 0.26, 0.12, 0.05];
        let harsh = [0.8, 0.75, 0.6, 0.42, 0.3];
        let of = |pitch, overtones, syllables, rough, loud| Timbre { pitch, overtones, syllables, rough, loud };
        match self {
            Self::InfantCoo => of(&[470.0, 560.0, 610.0, 520.0], smooth, 1.0, 0.0, 0.20),
            Self::InfantLaugh => of(&[560.0, 640.0, 600.0, 680.0, 590.0, 540.0], smooth, 5.0, 0.08, 0.20),
            Self::InfantFuss => of(&[340.0, 390.0, 360.0, 310.0], harsh, 2.0, 0.75, 0.13),
            Self::InfantCry => of(&[390.0, 520.0, 500.0, 430.0, 350.0], harsh, 1.0, 0.55, 0.16),
            Self::ParentTalk => of(&[215.0, 290.0, 250.0, 205.0, 185.0], warm, 3.0, 0.0, 0.20),
            Self::ParentPlay => of(&[230.0, 250.0, 340.0, 260.0, 370.0], warm, 4.0, 0.0, 0.19),
            Self::ParentSoothe => of(&[205.0, 200.0, 180.0, 165.0], warm, 2.0, 0.0, 0.21),
        }
    }
}

/// How loud the infant or the parent is in the middle of a frame, from 0 to 1: so far the mouth opens.
pub(crate) fn loudness(frame: usize, infant: bool) -> f32 {
    let heard = UTTERANCES
        .iter()
        .filter(|(start, frames, voice)| voice.is_infant() == infant && (*start..start + frames).contains(&frame));
    let loudness = heard.map(|(start, frames, voice)| {
        let share = ((frame - start) as f32 + 0.5) / *frames as f32;
        envelope(share, voice.timbre().syllables)
    });
    loudness.fold(0.0, f32::max)
}

/// The whole sound: left and right samples in turn, 32-bit floats in little-endian order.
pub(crate) fn sound() -> Vec<u8> {
    let mut channels = [vec![0.0; FRAMES * SAMPLES_PER_FRAME], vec![0.0; FRAMES * SAMPLES_PER_FRAME]];
    for (start, frames, voice) in UTTERANCES {
        let [near, far] = if voice.is_infant() { [0, 1] } else { [1, 0] };
        for (index, sample) in utterance(*voice, *frames).into_iter().enumerate() {
            let at = start * SAMPLES_PER_FRAME + index;
            channels[near][at] += 0.85 * sample;
            channels[far][at] += 0.45 * sample;
        }
    }
    let [left, right] = channels.map(|dry| in_a_room(&dry));
    left.iter().zip(&right).flat_map(|(left, right)| [left.to_le_bytes(), right.to_le_bytes()]).flatten().collect()
}

fn utterance(voice: Voice, frames: usize) -> Vec<f32> {
    let timbre = voice.timbre();
    let samples = frames * SAMPLES_PER_FRAME;
    let mut phase = 0.0_f32;
    let sample = |index: usize| {
        let share = index as f32 / samples as f32;
        let seconds = index as f32 / RATE as f32;
        let vibrato = 1.0 + 0.012 * (TAU * 5.2 * seconds).sin();
        phase = (phase + pitch_at(timbre.pitch, share) * vibrato / RATE as f32).fract();
        let tone = timbre.overtones.iter().zip(1..).map(|(loud, n)| loud * (TAU * phase * n as f32).sin()).sum::<f32>();
        // A rough voice flutters about thirty times a second.
        let flutter =
            1.0 - timbre.rough * 0.5 * (1.0 + (TAU * 31.0 * seconds + 2.0 * (TAU * 7.0 * seconds).sin()).sin());
        timbre.loud * tone * flutter * envelope(share, timbre.syllables)
    };
    (0..samples).map(sample).collect()
}

fn pitch_at(pitches: &[f32], share: f32) -> f32 {
    let place = share * (pitches.len() - 1) as f32;
    let step = (place as usize).min(pitches.len() - 2);
    let ease = 0.5 - 0.5 * ((place - step as f32) * PI).cos();
    pitches[step] + ease * (pitches[step + 1] - pitches[step])
}

/// Swells and fades with every syllable, and over the whole utterance.
fn envelope(share: f32, syllables: f32) -> f32 {
    let whole = (PI * share.clamp(0.0, 1.0)).sin().powf(0.5);
    let syllable = (PI * syllables * share).sin().abs().powf(0.6);
    whole * if syllables > 1.0 { 0.15 + 0.85 * syllable } else { 1.0 }
}

/// Adds a few quiet echoes, so that the tones stand in a room and not in the ear.
fn in_a_room(dry: &[f32]) -> Vec<f32> {
    let mut wet = dry.to_vec();
    for (millis, gain) in [(29, 0.30), (41, 0.26), (67, 0.20), (97, 0.14)] {
        let delay = RATE * millis / 1000;
        for index in delay..wet.len() {
            wet[index] += 0.35 * gain * wet[index - delay];
        }
    }
    wet
}
