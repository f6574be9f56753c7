//! `attune probe`: what a video is.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use clap::Args;
use media::{FrameIndex, Probe, Rate};
use span::Instant;

use super::output::{Failure, Progress, write_data};
use super::table::Table;
use super::{Form, OutArgs};

/// What a video is: frames, exact duration, constant or variable rate, codec, size, rotation, sound, warnings
#[derive(Debug, Args)]
#[command(after_help = "\
The times are the file's own, counted from its first displayed frame; they are never corrected to a grid.

Examples:
  attune probe dyad01.mp4
  attune probe dyad01.mp4 --format csv --frames > times.csv")]
pub(super) struct ProbeArgs {
    /// The video
    video: PathBuf,
    /// Add when each frame begins
    #[arg(long)]
    frames: bool,
    /// What it is printed as
    #[arg(long, value_enum, default_value = "table")]
    format: Form,
    #[command(flatten)]
    out: OutArgs,
}

pub(super) fn run(args: &ProbeArgs) -> Result<(), Failure> {
    args.out.check([&args.video])?;
    let index = read_index(&args.video).map_err(Failure::Because)?;
    let probe = Probe::of(&args.video, &index).map_err(|error| Failure::Because(error.to_string()))?;
    let text = match args.format {
        Form::Json => {
            let probe = if args.frames { probe.with_frames(&index) } else { probe };
            let json = serde_json::to_string_pretty(&probe).expect("a probe is finite numbers and text");
            format!("{json}\n")
        }
        Form::Csv if args.frames => frames(&index).to_csv(),
        Form::Csv => one_row(&probe).to_csv(),
        Form::Table => {
            let frames = if args.frames { format!("\n{}", frames(&index).to_text()) } else { String::new() };
            format!("{}{frames}", for_people(&probe))
        }
    };
    write_data(&args.out, text.as_bytes())
}

/// Reads a video's index, showing how far it is.
pub(super) fn read_index(video: &std::path::Path) -> Result<FrameIndex, String> {
    let mut progress = Progress::new("reading");
    let never = AtomicBool::new(false);
    FrameIndex::read_growing(video, &never, &mut |growth| progress.at(growth.fraction))
        .map_err(|error| error.to_string())
}

fn frames(index: &FrameIndex) -> Table {
    let mut table = Table::new(&["frame", "time_s"]);
    for (number, time) in index.times().enumerate() {
        table.push(vec![number.to_string(), time.to_secs_text()]);
    }
    table
}

fn one_row(probe: &Probe) -> Table {
    let mut table = Table::new(&[
        "file",
        "duration_s",
        "frames",
        "first_frame_s",
        "last_frame_s",
        "container_start_s",
        "rate",
        "video_codec",
        "width",
        "height",
        "rotation",
        "audio_codec",
        "audio_rate_hz",
        "audio_channels",
        "warnings",
    ]);
    let audio = |field: fn(&media::AudioStream) -> String| probe.audio.as_ref().map(field).unwrap_or_default();
    let video = |field: fn(&media::VideoStream) -> String| probe.video.as_ref().map(field).unwrap_or_default();
    table.push(vec![
        probe.file.clone(),
        secs(probe.duration_s),
        probe.frames.to_string(),
        secs(probe.first_frame_s),
        secs(probe.last_frame_s),
        secs(probe.container_start_s),
        rate_text(&probe.rate),
        video(|video| video.codec.clone()),
        video(|video| video.width.to_string()),
        video(|video| video.height.to_string()),
        video(|video| video.rotation.to_string()),
        audio(|audio| audio.codec.clone()),
        audio(|audio| audio.rate_hz.to_string()),
        audio(|audio| audio.channels.to_string()),
        probe.warnings.join("; "),
    ]);
    table
}

fn for_people(probe: &Probe) -> String {
    let audio = probe.audio.as_ref().map_or_else(
        || "none".to_owned(),
        |audio| {
            let channels = if audio.channels == 1 { "channel" } else { "channels" };
            format!("{}, {} Hz, {} {channels}", audio.codec, audio.rate_hz, audio.channels)
        },
    );
    let video = probe.video.as_ref().map_or_else(
        || "none".to_owned(),
        |video| {
            let rotation =
                if video.rotation == 0 { String::new() } else { format!(", turned by {}°", video.rotation) };
            format!("{}, {} x {}{rotation}", video.codec, video.width, video.height)
        },
    );
    let frames = if probe.video.is_some() { "frames" } else { "steps" };
    let mut lines = vec![
        ("file", probe.file.clone()),
        ("duration", format!("{} s", secs(probe.duration_s))),
        (frames, format!("{}, the last begins at {} s", probe.frames, secs(probe.last_frame_s))),
        ("rate", rate_text(&probe.rate)),
        ("starts at", format!("{} s by the file's own clock", secs(probe.container_start_s))),
        ("picture", video),
        ("sound", audio),
    ];
    lines.extend(probe.warnings.iter().map(|warning| ("beware", warning.clone())));
    lines.iter().map(|(name, value)| format!("{name:<10} {value}\n")).collect::<Vec<_>>().concat()
}

fn rate_text(rate: &Rate) -> String {
    match rate {
        Rate::Constant { fps } => format!("constant {fps}"),
        Rate::Variable { min_s, median_s, max_s } => {
            let (min, median, max) = (secs(*min_s), secs(*median_s), secs(*max_s));
            format!("variable: frames last {min} to {max} s, mostly {median} s")
        }
        _ => "unknown".to_owned(),
    }
}

/// Seconds as the rest of the program writes them.
fn secs(secs: f64) -> String {
    span::Length::from_secs(secs).map_or_else(|| secs.to_string(), |length| (Instant::ZERO + length).to_secs_text())
}
