//! `attune frame`: the picture that a coder would see, through the program's own player.

use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant as Now};

use clap::Args;
use image::{ImageFormat, RgbaImage};
use media::{
    FrameIndex, MediaError, PlacedVideo, Placement, Player, PlayerOptions, Presented, SoundOutput, VideoState,
};
use span::{Instant, counted};

use super::output::{Failure, Progress, check_output, tell, write_file};
use crate::work::last_shown_as;

/// The picture that a coder would see there, as a PNG
#[derive(Debug, Args)]
#[command(after_help = "\
Frames are counted from 0. At a time, it is the frame on screen then: the last one that has begun. A time\nread off the window, where it is cut to the millisecond, is that of the frame shown there.

Examples:
  attune frame dyad01.mp4 --frame 750 --out frame750.png
  attune frame dyad01.mp4 --time 0:25.0 --out at25s.png")]
pub(super) struct FrameArgs {
    /// The video
    video: PathBuf,
    /// The number of the frame, from 0
    #[arg(long, value_name = "N", required_unless_present = "time", conflicts_with = "time")]
    frame: Option<usize>,
    /// The time: seconds (83.467) or minutes (1:23.467)
    #[arg(long, value_name = "S", allow_hyphen_values = true)]
    time: Option<Instant>,
    /// The PNG to write
    #[arg(long, value_name = "F.png")]
    out: PathBuf,
    /// Write over a file that is there already
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &FrameArgs) -> Result<(), Failure> {
    if args.out.extension().is_some_and(|extension| !extension.eq_ignore_ascii_case("png")) {
        return Err(Failure::Usage(format!(
            "{}: a frame is written as a PNG, end its name in .png",
            args.out.display()
        )));
    }
    check_output(&args.out, args.force, [&args.video])?;
    let presented = present(args).map_err(Failure::Because)?;
    let [width, height] = presented.picture.size;
    let pixels = RgbaImage::from_raw(width as u32, height as u32, presented.picture.rgba().to_vec());
    let pixels = pixels.expect("a picture has four bytes for each of its pixels");
    let mut png = Cursor::new(Vec::new());
    pixels
        .write_to(&mut png, ImageFormat::Png)
        .map_err(|error| Failure::Because(format!("the picture cannot be made a PNG: {error}")))?;
    write_file(&args.out, png.get_ref(), args.force)?;
    tell(&format!("frame {}, which begins at {}", presented.frame, presented.time));
    Ok(())
}

/// Opens the video in a player, seeks, and waits for the very frame.
fn present(args: &FrameArgs) -> Result<Presented, String> {
    let (woken, wakes) = channel();
    let wake: media::Wake = Arc::new(move || {
        let _ = woken.send(()); // nobody waits any more when the program ends
    });
    let video = PlacedVideo { path: args.video.clone(), placement: Placement::default() };
    let mut player =
        Player::open(vec![video], &PlayerOptions { sound: SoundOutput::Silent, ..PlayerOptions::default() }, &wake);
    wait_until_ready(&mut player, &wakes)?;
    let index = player.index(0).cloned().ok_or("the player has no index of a video that is ready")?;
    if index.is_of_sound() {
        return Err(MediaError::NoPicture { file: args.video.clone() }.to_string());
    }
    let wanted = wanted(args, &index)?;
    player.seek(index.time_of(wanted), Now::now());
    loop {
        player.advance(Now::now());
        if let Some(error) = player.trouble(0) {
            return Err(error.to_string());
        }
        match player.presented(0) {
            Some(presented) if presented.exact && presented.frame == wanted => return Ok(presented.clone()),
            _ => wait(&wakes),
        }
    }
}

/// The number of the frame that was asked for.
fn wanted(args: &FrameArgs, index: &FrameIndex) -> Result<usize, String> {
    let (video, n_frames, end) = (args.video.display(), index.len(), index.end());
    match (args.frame, args.time.unwrap_or_default()) {
        (Some(frame), _) if frame < n_frames => Ok(frame),
        (Some(frame), _) => {
            Err(format!("{video} has {}, numbered from 0: there is no frame {frame}", counted(n_frames, "frame")))
        }
        (None, time) if (Instant::ZERO..end).contains(&time) => Ok(index.frame_at(last_shown_as(time))),
        (None, time) => Err(format!("{video} goes from 0 to {end}: there is no frame at {time}")),
    }
}

fn wait_until_ready(player: &mut Player, wakes: &Receiver<()>) -> Result<(), String> {
    let mut progress = Progress::new("reading");
    loop {
        player.advance(Now::now());
        match player.state(0) {
            VideoState::Ready => return Ok(()),
            VideoState::Failed(error) => return Err(error.to_string()),
            VideoState::Indexing { fraction } => progress.at(*fraction),
            _ => {}
        }
        wait(wakes);
    }
}

/// Until the player's threads have something new; a missed wake costs no more than a tenth of a second.
fn wait(wakes: &Receiver<()>) {
    let _ = wakes.recv_timeout(Duration::from_millis(100));
}
