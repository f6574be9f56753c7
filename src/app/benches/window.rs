//! Prints one table: how long the program needs to start, what it costs while nothing moves and while a video plays, and how its own time per
//! redraw grows with the marks. `cargo bench --bench window`; a virtual screen is used where Xvfb is installed.
//!
//! What bounds each figure: starting, the graphics library's own start; playing, decoding and the copy of each picture to the graphics; redraws
//! with many marks, the marks in view; a key, the scores of the whole session (linear in its marks).
#![allow(clippy::print_stdout, reason = "a bench prints its table")]

#[path = "../../../tests/common/screen.rs"]
mod screen;

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant as Moment, SystemTime, UNIX_EPOCH};

use attune::app::{App, Startup};
use attune::command::{Coding, Transport, View};
use attune::folders::Folders;
use attune::keys::KeyLog;
use attune::live_scores::{Age, LiveScores};
use egui_kittest::Harness;
use media::SoundOutput;
use screen::{Screen, is_installed, wait_for};
use session::file::{Existing, Holder, OsDisk, create};
use session::{Document, Mark, MarkId, Scheme, Session, SessionId, When};
use span::{Instant, Length, Span};

fn main() {
    println!("{}", machine());
    println!();
    println!("| what | figure |");
    println!("|---|---|");
    match Screen::new().filter(|_| is_installed("ffmpeg")) {
        Some(screen) => measure_window(&screen),
        None => println!("| a real window | Xvfb, xdotool or ffmpeg is not installed: not measured |"),
    }
    for n_marks in [5_000, 10_000] {
        measure_marks(n_marks);
        measure_scores(n_marks);
    }
}

fn row(what: &str, figure: &str) {
    println!("| {what} | {figure} |");
}

fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown processor", |rest| rest.trim_start_matches([' ', '\t', ':']));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = read("/proc/loadavg");
    format!("{model}, {cores} cores, load {}", load.split(' ').next().unwrap_or("unknown"))
}

fn millis(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1e3)
}

/// Median and 95th percentile.
fn spread(mut durations: Vec<Duration>) -> (Duration, Duration) {
    durations.sort_unstable();
    (durations[durations.len() / 2], durations[durations.len() * 95 / 100])
}

// The program's own time, without a window.

/// A session of an hour with so many marks on its six tracks, and no video.
fn session_of(n_marks: usize) -> Session {
    let scheme = Scheme::built_in().remove(0);
    let mut session = Session::new(SessionId::from_bits(1), "bench", "KL", scheme);
    let per_track = n_marks / session.tracks.len();
    let step = 3_600_000_000 / per_track as i64;
    let mut id = 0;
    let scheme = session.scheme.clone();
    for (offset, track) in session.tracks.iter_mut().enumerate() {
        let codes = &scheme.channel(&track.key).expect("a channel").codes;
        for n in 0..per_track {
            id += 1;
            let start = n as i64 * step + offset as i64 * 40_000;
            let span = Span::from_micros(start, start + step).expect("positive");
            let code = &codes[(n * 7 + offset) % codes.len()].key;
            track.marks.push(Mark::new(MarkId(id), code, When::State { span, open: false }));
        }
    }
    session
}

fn measure_marks(n_marks: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("bench.attune");
    let mut document = Document::new(session_of(n_marks));
    let disk: std::sync::Arc<dyn session::file::Disk> = std::sync::Arc::new(OsDisk);
    drop(
        create(&disk, &path, &mut document, Existing::Refuse, Holder::here("KL", jiff::Timestamp::now()))
            .expect("the folder can be written"),
    );
    let (root, startup) = (folder.path().join("home"), Startup { paths: vec![path], ..Startup::default() });
    let mut harness = Harness::builder().with_size([1366.0, 768.0]).build_eframe(move |creation| {
        App::new(&creation.egui_ctx, Folders::below(root), KeyLog::default(), startup).with_sound(SoundOutput::Silent)
    });
    wait_for("the session", || {
        harness.step();
        harness.state().state.work.is_some().then_some(())
    });
    (0..10).for_each(|_| harness.step());

    harness.state_mut().ask(View::Zoom(6.0));
    harness.step();
    let mut scrolling = Vec::new();
    for _ in 0..200 {
        let work = harness.state().state.work.as_ref().expect("open");
        let axis = work.axis.expect("zoomed").panned(9.0).within(work.whole());
        harness.state_mut().ask(View::Axis(axis));
        let begun = Moment::now();
        harness.step();
        scrolling.push(begun.elapsed());
    }
    let (median, late) = spread(scrolling);
    row(
        &format!("our time per redraw, {n_marks} marks, scrolling (median, p95)"),
        &format!("{}, {}", millis(median), millis(late)),
    );

    let mut keys = Vec::new();
    for n in 0..60 {
        harness.state_mut().ask(Transport::Seek(Instant::ZERO + Length::SECOND.times(30 + n * 50)));
        harness.step();
        harness.step();
        let work = harness.state().state.work.as_ref().expect("open");
        let here = work.playhead;
        let frame =
            attune::keys::ShownFrame { frame: 0, start: here, end: here + Length::from_millis(40), exact: true };
        let stamp = attune::keys::Stamp { frames: vec![Some(frame)], motion: attune::keys::Motion::Forward(100) };
        let character = if n % 2 == 0 { '1' } else { '3' };
        harness.state_mut().ask(Coding::KeyDown { character, stamp });
        let begun = Moment::now();
        harness.step();
        keys.push(begun.elapsed());
    }
    let (median, late) = spread(keys);
    row(
        &format!("from a key's note to the end of `ui()`, {n_marks} marks, panel open (median, p95)"),
        &format!("{}, {}", millis(median), millis(late)),
    );
}

/// What an edit of an hour costs in scores: those of the panel at once, all others on their own thread.
fn measure_scores(n_marks: usize) {
    let mut document = Document::new(session_of(n_marks));
    let mut live = LiveScores::new(std::sync::Arc::new(|| {}));
    live.show_all(true);
    let (mut quick, mut slow) = (Vec::new(), Vec::new());
    for n in 0..60 {
        let session = document.session();
        let mark = session.tracks[0].marks[n * 7].clone();
        let codes = &session.scheme.channel(&session.tracks[0].key).expect("a channel").codes;
        let other = codes.iter().find(|code| code.key != mark.code).expect("several codes").key.clone();
        let edit = session::marking::change_code(session, &[mark.id], &other).expect("a code of the track");
        document.apply(edit, session::Stamp { time: jiff::Timestamp::now(), who: "KL".to_owned() }).expect("it fits");
        let begun = Moment::now();
        live.follow(&document, begun);
        quick.push(begun.elapsed());
        while live.age() != Age::Current {
            std::thread::yield_now();
            live.follow(&document, Moment::now());
        }
        slow.push(begun.elapsed());
    }
    for (what, figures) in [("scores of the panel", quick), ("all scores, on their own thread", slow)] {
        let (median, late) = spread(figures);
        row(
            &format!("{what} after an edit, an hour with {n_marks} marks (median, p95)"),
            &format!("{}, {}", millis(median), millis(late)),
        );
    }
}

// The program in a real window.

fn measure_window(screen: &Screen) {
    let mut starts = Vec::new();
    for _ in 0..5 {
        let run = Run::start(screen, &[Path::new("demo")]);
        starts.push(run.first_redraw());
        run.end();
    }
    let (median, _) = spread(starts[1..].to_vec()); // the first one warms the cache and unpacks
    row("exec to the first returned redraw of the demonstration (median of 4, warm)", &millis(median));

    let run = Run::start(screen, &[Path::new("demo")]);
    run.first_redraw();
    sleep(Duration::from_secs(4));
    let before = run.lines("redraw").len();
    sleep(Duration::from_secs(10));
    row("redraws in 10 s when paused", &(run.lines("redraw").len() - before).to_string());
    row("memory of the demonstration, paused (peak)", &run.peak_memory());
    run.end();

    let video = video_720p30(screen.home.path());
    let session = session_with(&video);
    let run = Run::start(screen, &[&session]);
    run.first_redraw();
    sleep(Duration::from_secs(3));
    screen.xdotool(&["search", "--onlyvisible", "--name", "Attune", "windowfocus"]);
    screen.key("space");
    sleep(Duration::from_secs(1));
    let (from, before) = (run.pictures(), run.lines("redraw").len());
    let begun = Moment::now();
    sleep(Duration::from_secs(10));
    let (to, after, secs) = (run.pictures(), run.lines("redraw").len(), begun.elapsed().as_secs_f64());
    let (shown, late) = (to.0 - from.0, to.1 - from.1);
    row(
        "720p30 playing, drawn in software: pictures late at the hand-over to the painter",
        &format!(
            "{:.1} % of {shown} in {secs:.0} s ({:.1} redraws a second)",
            late as f64 / shown.max(1) as f64 * 100.0,
            (after - before) as f64 / secs
        ),
    );
    row("memory with a 720p video, playing (peak)", &run.peak_memory());
    run.end();
}

fn video_720p30(folder: &Path) -> PathBuf {
    let path = folder.join("720p30.mp4");
    let source = "testsrc2=size=1280x720:rate=30:duration=20,noise=alls=12:allf=t";
    let arguments = [
        "-v", "error", "-y", "-f", "lavfi", "-i", source, "-c:v", "libx264", "-preset", "veryfast", "-g", "250",
        "-pix_fmt", "yuv420p",
    ];
    let made = Command::new("ffmpeg").args(arguments).arg(&path).status();
    assert!(made.is_ok_and(|status| status.success()), "ffmpeg makes a video");
    path
}

/// A session beside a video.
fn session_with(video: &Path) -> PathBuf {
    let path = video.with_file_name("bench.attune");
    let mut session = Session::new(SessionId::from_bits(2), "bench", "KL", Scheme::built_in().remove(0));
    let examined = attune::examine::examine(video, None).expect("it is a video");
    session.media.push(examined.medium(session::MediumId(1), &path));
    let disk: std::sync::Arc<dyn session::file::Disk> = std::sync::Arc::new(OsDisk);
    let holder = Holder::here("KL", jiff::Timestamp::now());
    drop(
        create(&disk, &path, &mut Document::new(session), Existing::Refuse, holder).expect("the folder can be written"),
    );
    path
}

/// The program while it runs, and the trace that it writes.
struct Run {
    program: Child,
    trace: PathBuf,
    begun_micros: u128,
}

impl Run {
    fn start(screen: &Screen, arguments: &[&Path]) -> Self {
        let trace = screen.home.path().join("trace");
        let _ = std::fs::remove_file(&trace);
        let begun_micros = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_micros();
        let program = screen
            .command(env!("CARGO_BIN_EXE_attune"))
            .args(arguments)
            .env("ATTUNE_TRACE", &trace)
            .spawn()
            .expect("the program starts");
        Self { program, trace, begun_micros }
    }

    /// The moments and the words of the lines of one kind.
    fn lines(&self, kind: &str) -> Vec<(u128, Vec<u64>)> {
        let text = std::fs::read_to_string(&self.trace).unwrap_or_default();
        let parse = |line: &str| {
            let mut words = line.split(' ');
            let at = words.next()?.parse().ok()?;
            (words.next()? == kind).then(|| (at, words.filter_map(|word| word.parse().ok()).collect()))
        };
        text.lines().filter_map(parse).collect()
    }

    fn first_redraw(&self) -> Duration {
        let (at, _) = wait_for("the first redraw", || self.lines("redraw").first().cloned());
        Duration::from_micros(u64::try_from(at - self.begun_micros).expect("less than an age"))
    }

    fn pictures(&self) -> (u64, u64) {
        self.lines("pictures").last().map_or((0, 0), |(_, words)| (words[0], words[1]))
    }

    fn peak_memory(&self) -> String {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.program.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        let kib: f64 = line.trim().trim_end_matches(" kB").parse().unwrap_or(0.0);
        format!("{:.0} MB", kib / 1024.0)
    }

    fn end(mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
