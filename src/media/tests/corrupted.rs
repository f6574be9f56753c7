//! Damaged recordings of every container: never a panic, a hang or more memory than the budget; always a picture or a sentence.
//!
//! Each test runs itself again in a process of its own, which opens the damaged copies one after the other and says which; the process is
//! watched from outside.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on, fails")]
#![allow(clippy::print_stdout, reason = "it is read by the test that started the process")]

mod common;

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant as Now};

use common::{Folder, PATIENCE};
use media::{
    Decoder, DecoderOptions, FrameIndex, MediaError, PlacedVideo, Placement, Player, PlayerOptions, Probe, PulledSound,
    SoundOutput, Speed, VideoState, Waveform,
};
use span::Length;

/// Damaged copies of each recording; this variable asks for more.
const COPIES: u64 = 60;
const MORE_COPIES: &str = "ATTUNE_COPIES";
/// Where the process finds the copies.
const COPIES_IN: &str = "ATTUNE_DAMAGED_COPIES";
/// Room for decoded frames, and what the process may need in all.
const CACHE_BYTES: usize = 32 << 20;
const MOST_BYTES: usize = 320 << 20;

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }

    /// A place in the header, in the index or anywhere: damage there does different things.
    fn place(&mut self, bytes: &[u8]) -> usize {
        let ends = bytes.len().min(2048);
        match self.below(3) {
            0 => self.below(ends),
            1 => bytes.len() - 1 - self.below(ends),
            _ => self.below(bytes.len()),
        }
    }

    /// A copy as a worn card, a broken transfer or a careless program leaves it.
    fn damaged(&mut self, whole: &[u8]) -> Vec<u8> {
        let mut bytes = whole.to_vec();
        let at = self.place(&bytes);
        let stretch = at..(at + 1 + self.below(3000)).min(bytes.len());
        match self.below(7) {
            0 => {
                for _ in 0..=self.below(40) {
                    let at = self.place(&bytes);
                    bytes[at] ^= 1 << self.below(8);
                }
            }
            1 => {
                for _ in 0..=self.below(8) {
                    let at = self.place(&bytes);
                    bytes[at] = self.below(256) as u8;
                }
            }
            2 => {
                let extreme = [u32::MAX, i32::MAX as u32, 0, 1 << 24][self.below(4)].to_be_bytes();
                bytes.splice(at..(at + 4).min(bytes.len()), extreme);
            }
            3 => bytes.truncate(at.max(1)),
            4 => drop(bytes.drain(stretch)),
            5 => {
                let again = bytes[stretch.clone()].to_vec();
                bytes.splice(stretch.end..stretch.end, again);
            }
            _ => bytes[stretch].fill(0),
        }
        bytes
    }
}

/// In the process: everything that can be asked of a file, is asked.
fn open_all(copies: &Path) {
    let mut files = fs::read_dir(copies).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    files.sort();
    for (number, path) in files.iter().enumerate() {
        println!("OPENS {}", path.display());
        if let Err(error) = look_at(path, number) {
            let sentence = error.to_string();
            assert!(sentence.contains(&path.display().to_string()), "it does not name the file: {sentence}");
            assert!(sentence.contains(": "), "it does not say what to do: {sentence}");
        }
        let peak = peak_bytes().unwrap_or(0);
        assert!(peak <= MOST_BYTES, "it needed {} MiB", peak >> 20);
    }
}

fn look_at(path: &Path, number: usize) -> Result<(), MediaError> {
    let played = play(path);
    let index = FrameIndex::read(path)?;
    assert_eq!(played, Ok(()), "it can be read, and not be played");
    Probe::of(path, &index)?;
    let zero = index.container_start();
    let frames = index.len();
    let options = DecoderOptions { cache_bytes: CACHE_BYTES, threads: 2 };
    let mut decoder = Decoder::open_indexed(path, Arc::new(index), options)?;
    for frame in [0, frames - 1, frames / 2].into_iter().chain(common::scattered(3 + number % 3, frames)) {
        match decoder.frame(frame) {
            Ok(picture) => assert!(!picture.rgba().is_empty()),
            Err(MediaError::Damaged { .. }) => {} // the others may be whole
            Err(error) => return Err(error),
        }
    }
    Waveform::read(path, zero, &AtomicBool::new(false), &mut |_| {})?;
    Ok(())
}

/// Plays the beginning, with its sound.
fn play(path: &Path) -> Result<(), MediaError> {
    let (wake, woken) = channel();
    let wake = Arc::new(move || {
        let _ = wake.send(());
    });
    let sound = PulledSound::default();
    let options = PlayerOptions {
        cache_bytes: Some(CACHE_BYTES),
        sound: SoundOutput::Pulled(sound.clone()),
        ..PlayerOptions::default()
    };
    let video = PlacedVideo { path: path.to_owned(), placement: Placement::default() };
    let mut player = Player::open(vec![video], &options, &(wake as _));
    let mut now = Now::now();
    loop {
        player.advance(now);
        match player.state(0) {
            VideoState::Failed(error) => return Err(error.clone()),
            VideoState::Ready => break,
            _ => woken.recv_timeout(PATIENCE).expect("the player calls when something is new"),
        }
    }
    player.play(Speed::NORMAL, now);
    for _ in 0..20 {
        now += Duration::from_millis(20);
        player.advance(now);
        sound.pull(960, now);
    }
    player.seek(player.position() + Length::SECOND, now);
    player.advance(now);
    Ok(())
}

/// The most memory that the process has held so far, where the system tells it.
fn peak_bytes() -> Option<usize> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<usize>().ok()? << 10)
}

/// Damaged copies of a recording are opened by a process of their own, that runs the test `test` again.
#[track_caller]
fn check(test: &str, name: &str, args: &str) {
    if let Some(copies) = env::var_os(COPIES_IN) {
        return open_all(Path::new(&copies));
    }
    let Some(folder) = Folder::new() else { return };
    let whole = fs::read(folder.video(name, 40, &format!("{SOUND} {args}"))).unwrap();
    let copies = folder.path("copies");
    fs::create_dir(&copies).unwrap();
    let asked = env::var(MORE_COPIES).ok().and_then(|copies| copies.parse().ok());
    for seed in 0..asked.unwrap_or(COPIES) {
        let mut dice = Dice(seed);
        dice.below(2);
        fs::write(copies.join(format!("{seed:05}-{name}")), dice.damaged(&whole)).unwrap();
    }
    let mut process = Command::new(env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(COPIES_IN, &copies)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    watch(&mut process);
}

/// That the process stands still or ends badly, is told with the file that it was at.
#[track_caller]
fn watch(process: &mut Child) {
    let (send, lines) = channel();
    let stdout = BufReader::new(process.stdout.take().unwrap());
    thread::spawn(move || stdout.lines().map_while(Result::ok).for_each(|line| drop(send.send(line))));
    let complaints = Arc::new(Mutex::new(Vec::new()));
    let (stderr, complained) = (BufReader::new(process.stderr.take().unwrap()), Arc::clone(&complaints));
    let reader = thread::spawn(move || complained.lock().unwrap().extend(stderr.lines().map_while(Result::ok)));
    let mut at = PathBuf::new();
    loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) => {
                if let Some((_, path)) = line.split_once("OPENS ") {
                    at = path.into();
                }
            }
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                process.kill().unwrap();
                panic!("it hangs at {}", keep(&at));
            }
        }
    }
    let status = process.wait().unwrap();
    reader.join().unwrap();
    let complaints = complaints.lock().unwrap().join("\n");
    assert!(
        status.success() && !complaints.contains("panicked"),
        "it ends with {status} at {}:\n{complaints}",
        keep(&at)
    );
}

/// The damaged copy is kept, so that it can be looked at.
fn keep(path: &Path) -> String {
    let kept = env::temp_dir().join(path.file_name().unwrap_or_default());
    fs::copy(path, &kept).map_or_else(|error| error.to_string(), |_| kept.display().to_string())
}

const SOUND: &str = "-f lavfi -i sine=frequency=440:duration=2 -shortest";
const H264: &str = "-c:v libx264 -preset ultrafast -bf 2 -g 12 -pix_fmt yuv420p";

#[test]
fn mp4() {
    check("mp4", "a.mp4", &format!("{H264} -c:a aac"));
}

#[test]
fn mp4_with_its_contents_first() {
    check("mp4_with_its_contents_first", "b.mp4", &format!("{H264} -c:a aac -movflags +faststart"));
}

#[test]
fn mp4_in_fragments() {
    check("mp4_in_fragments", "c.mp4", &format!("{H264} -c:a aac -movflags +frag_keyframe+empty_moov"));
}

#[test]
fn hevc_in_mov() {
    let hevc = "-c:v libx265 -preset ultrafast -pix_fmt yuv420p -x265-params log-level=none:keyint=12:bframes=2";
    check("hevc_in_mov", "a.mov", &format!("{hevc} -tag:v hvc1 -c:a pcm_s16le"));
}

#[test]
fn mkv() {
    check("mkv", "a.mkv", &format!("{H264} -c:a flac"));
}

#[test]
fn webm() {
    check("webm", "a.webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 20 -b:v 300k -c:a libopus");
}

#[test]
fn avi() {
    check("avi", "a.avi", "-c:v mpeg4 -g 12 -bf 2 -q:v 3 -c:a pcm_s16le");
}

#[test]
fn motion_jpeg_in_avi() {
    check("motion_jpeg_in_avi", "b.avi", "-c:v mjpeg -q:v 3 -pix_fmt yuvj420p -c:a pcm_s16le");
}

#[test]
fn a_camcorders_stream() {
    check("a_camcorders_stream", "a.mts", &format!("{H264} -c:a ac3"));
}

#[test]
fn a_program_stream() {
    check("a_program_stream", "a.mpg", "-c:v mpeg2video -g 12 -bf 2 -q:v 3 -pix_fmt yuv420p -c:a mp2");
}
