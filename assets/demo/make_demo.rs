//! Makes the demonstration video and its gold coding from the script: `cargo run --release --example make_demo`.
//!
//! Writes `demo.mp4` and `demo.csv` beside this file, or into the folder given as the only argument. Needs the program
//! `ffmpeg` with VP9 and Opus. Ends by decoding what it has made and comparing every frame with the script.

use std::error::Error;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

mod canvas;
mod faces;
mod script;
mod voices;

use canvas::Canvas;
use script::{FPS, FRAMES, HEIGHT, WIDTH, classify, gold_csv, state_at};

/// The most frames between two key frames: a seek decodes no more than this.
const KEY_FRAME_INTERVAL: usize = 50;

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(file!()).parent().map(Path::to_owned);
    let folder = std::env::args_os().nth(1).map(PathBuf::from).or(here).ok_or("name a folder to write to")?;
    let (video, sound) = (folder.join("demo.mp4"), folder.join("demo.sound"));

    fs::write(&sound, voices::sound()).map_err(|error| format!("cannot write {}: {error}", sound.display()))?;
    let encoded = encode(&video, &sound);
    fs::remove_file(&sound)?;
    encoded?;
    compare(&video)?;
    fs::write(folder.join("demo.csv"), gold_csv("demo.mp4 - offset 0 rate 1/1 end 90 frame 0.04"))?;
    Ok(())
}

fn encode(video: &Path, sound: &Path) -> Result<(), Box<dyn Error>> {
    let size = format!("{WIDTH}x{HEIGHT}");
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-y"]);
    ffmpeg.args(["-f", "rawvideo", "-pix_fmt", "rgba", "-s", &size, "-r", &FPS.to_string(), "-i", "-"]);
    ffmpeg.args(["-f", "f32le", "-ar", &voices::RATE.to_string(), "-ac", "2", "-i"]).arg(sound);
    ffmpeg.args(["-vf", "scale=out_color_matrix=bt709:out_range=tv", "-pix_fmt", "yuv420p"]);
    ffmpeg.args(["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]);
    ffmpeg.args(["-c:v", "libvpx-vp9", "-crf", "30", "-b:v", "0", "-g", &KEY_FRAME_INTERVAL.to_string()]);
    ffmpeg.args(["-deadline", "good", "-cpu-used", "2", "-row-mt", "1"]);
    ffmpeg.args(["-c:a", "libopus", "-b:a", "56k"]);
    ffmpeg.args(["-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart"]).arg(video);
    let mut ffmpeg = start(ffmpeg.stdin(Stdio::piped()))?;

    let mut pictures = ffmpeg.stdin.take().ok_or("no way to hand pictures to ffmpeg")?;
    let rooms = faces::rooms();
    let mut canvas = Canvas::new(WIDTH, HEIGHT);
    for frame in 0..FRAMES {
        faces::draw(&mut canvas, &rooms, frame);
        pictures.write_all(canvas.pixels())?;
    }
    drop(pictures);
    finish(ffmpeg)
}

/// Decodes the video and tells in which frames the picture does not show what the script says.
fn compare(video: &Path) -> Result<(), Box<dyn Error>> {
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-i"]).arg(video).args(["-f", "rawvideo", "-pix_fmt", "rgba", "-"]);
    let mut ffmpeg = start(ffmpeg.stdout(Stdio::piped()))?;
    let mut pictures = ffmpeg.stdout.take().ok_or("no way to get pictures from ffmpeg")?;

    let mut picture = vec![0; 4 * WIDTH * HEIGHT];
    let mut wrong = Vec::new();
    for frame in 0..FRAMES {
        pictures.read_exact(&mut picture)?;
        let seen = classify(&picture, WIDTH, HEIGHT);
        if seen != state_at(frame) {
            wrong.push(format!("frame {frame} shows {:?}, not {:?}", seen.codes(), state_at(frame).codes()));
        }
    }
    if pictures.read(&mut picture)? > 0 {
        wrong.push(format!("there are more than {FRAMES} frames"));
    }
    finish(ffmpeg)?;
    if wrong.is_empty() { Ok(()) } else { Err(format!("{} frames differ: {}", wrong.len(), wrong.join("; ")).into()) }
}

fn start(command: &mut Command) -> Result<Child, Box<dyn Error>> {
    command.spawn().map_err(|error| format!("cannot start ffmpeg ({error}); install it first").into())
}

fn finish(mut ffmpeg: Child) -> Result<(), Box<dyn Error>> {
    let status = ffmpeg.wait()?;
    if status.success() { Ok(()) } else { Err(format!("ffmpeg failed: {status}").into()) }
}
