//! Our exact seeks and steps beside mpv's and beside what `ffmpeg` needs to decode, on the same files and the same targets, in one run:
//! `cargo bench -p attunement-media --bench mpv [-- VIDEO...]`.
//!
//! What bounds them: a seek, decoding from the key before the target; a step, one frame's decoding, or nothing where it has been decoded
//! ahead. mpv shows nothing (`--vo=null`) and decodes with as many threads; its time runs from the command to its `playback-restart`.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program for people who measure")]

mod common;

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant as Now};

use media::{Decoder, DecoderOptions, FrameIndex};
use serde_json::{Value, json};

const THREADS: usize = 2;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    println!("{:<44} {:>9} {:>9} {:>9} {:>7}", "milliseconds", "p50", "p95", "p99", "of mpv");
    for video in common::given_or_made(folder.path()) {
        measure(&video, folder.path());
    }
}

fn measure(video: &Path, folder: &Path) {
    let index = Arc::new(FrameIndex::read(video).unwrap());
    println!("{}, {} frames", video.file_name().unwrap().display(), index.len());
    let all = decode_all(video);
    println!("  {:<42} {:>9.2}", "ffmpeg, decoding, each frame", all.as_secs_f64() * 1e3 / index.len() as f64);
    let targets = common::scattered(60, index.len());
    let steps = 200.min(index.len() - 1);

    let options = DecoderOptions { threads: THREADS, ..DecoderOptions::default() };
    let mut decoder = Decoder::open_indexed(video, Arc::clone(&index), options).unwrap();
    let mut show = |frame: usize| common::timed(|| drop(decoder.frame(frame).unwrap()));
    let mut mpv = Mpv::open(video, folder);
    let (mut ours, mut theirs) = ([const { Vec::new() }; 3], [const { Vec::new() }; 3]);
    for frame in targets {
        ours[0].push(show(frame)); // in turns, so that both meet the machine as it is
        theirs[0].extend(mpv.as_mut().map(|mpv| mpv.seek(index.time_of(frame).as_secs())));
    }
    let middle = index.len() / 2;
    show(middle);
    ours[1].extend((1..=steps.min(middle)).map(|n| show(middle - n)));
    ours[2].extend((1..=steps).map(|n| show((middle + n).min(index.len() - 1))));
    if let Some(mpv) = &mut mpv {
        mpv.seek(index.time_of(middle).as_secs());
        theirs[1].extend((0..steps.min(60)).map(|_| mpv.step("frame-back-step")));
        theirs[2].extend((0..steps).map(|_| mpv.step("frame-step")));
    }

    let names = ["random exact seek", "step backward, one after the other", "step forward"];
    for ((name, ours), theirs) in names.into_iter().zip(ours).zip(theirs) {
        row(name, ours, Some(theirs).filter(|theirs| !theirs.is_empty()));
    }
}

fn row(what: &str, mut ours: Vec<Duration>, theirs: Option<Vec<Duration>>) {
    let at = |times: &[Duration], share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    ours.sort_unstable();
    let ratio = theirs.map(|mut theirs| {
        theirs.sort_unstable();
        println!(
            "  {:<42} {:>9.2} {:>9.2} {:>9.2}",
            format!("mpv, {what}"),
            at(&theirs, 0.5),
            at(&theirs, 0.95),
            at(&theirs, 0.99)
        );
        format!("{:.2}", at(&ours, 0.5) / at(&theirs, 0.5))
    });
    println!(
        "  {:<42} {:>9.2} {:>9.2} {:>9.2} {:>7}",
        format!("Attune, {what}"),
        at(&ours, 0.5),
        at(&ours, 0.95),
        at(&ours, 0.99),
        ratio.unwrap_or_default()
    );
}

/// How long `ffmpeg` decodes the whole file, and does nothing else.
fn decode_all(video: &Path) -> Duration {
    let threads = THREADS.to_string();
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-v", "error", "-threads", &threads, "-i"]).arg(video);
    ffmpeg.args(["-map", "0:v", "-fps_mode", "passthrough", "-f", "null", "-"]);
    common::timed(|| assert!(ffmpeg.status().expect("the ffmpeg program").success()))
}

/// mpv with a file open, paused, told what to do over its socket.
struct Mpv {
    process: Child,
    socket: BufReader<UnixStream>,
}

impl Drop for Mpv {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Mpv {
    /// `None`, said aloud, where mpv is not installed.
    fn open(video: &Path, folder: &Path) -> Option<Self> {
        let socket: PathBuf = folder.join("mpv.sock");
        let _ = std::fs::remove_file(&socket);
        let process = Command::new("mpv")
            .args([
                "--no-config",
                "--vo=null",
                "--ao=null",
                "--no-audio",
                "--pause",
                "--hr-seek=yes",
                "--keep-open=yes",
            ])
            .args(["--really-quiet", &format!("--vd-lavc-threads={THREADS}")])
            .arg(format!("--input-ipc-server={}", socket.display()))
            .arg(video)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(process) = process else {
            println!("  mpv is not installed: nothing stands beside");
            return None;
        };
        let since = Now::now();
        let stream = loop {
            match UnixStream::connect(&socket) {
                Ok(stream) => break stream,
                Err(_) if since.elapsed() < Duration::from_secs(20) => std::thread::sleep(Duration::from_millis(20)),
                Err(error) => panic!("mpv does not answer: {error}"),
            }
        };
        let mut mpv = Self { process, socket: BufReader::new(stream) };
        std::thread::sleep(Duration::from_secs(1)); // the file is open, and its first frame is there
        mpv.seek(0.0);
        Some(mpv)
    }

    fn seek(&mut self, secs: f64) -> Duration {
        self.until_shown(&json!(["seek", secs, "absolute+exact"]))
    }

    fn step(&mut self, command: &str) -> Duration {
        self.until_shown(&json!([command]))
    }

    /// From the command until mpv has the picture: a seek says so; a step forward is done when its time changes.
    fn until_shown(&mut self, command: &Value) -> Duration {
        let is_step = command[0] == "frame-step";
        if is_step {
            self.send(&json!(["observe_property", 1, "time-pos"]));
            self.until(|event| event["event"] == "property-change");
        }
        let begun = Now::now();
        self.send(command);
        if is_step {
            self.until(|event| event["event"] == "property-change");
        } else {
            self.until(|event| event["event"] == "seek"); // what is told of an earlier one is passed over
            self.until(|event| event["event"] == "playback-restart");
        }
        let taken = begun.elapsed();
        if is_step {
            self.send(&json!(["unobserve_property", 1]));
        }
        taken
    }

    fn send(&mut self, command: &Value) {
        let line = format!("{}\n", json!({ "command": command }));
        self.socket.get_mut().write_all(line.as_bytes()).unwrap();
    }

    fn until(&mut self, is_it: impl Fn(&Value) -> bool) {
        loop {
            let mut line = String::new();
            self.socket.read_line(&mut line).unwrap();
            if serde_json::from_str(&line).is_ok_and(|event: Value| is_it(&event)) {
                return;
            }
        }
    }
}
