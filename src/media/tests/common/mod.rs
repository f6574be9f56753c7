//! Small videos whose every frame carries its own number, made with the `ffmpeg` program.

#![allow(dead_code, reason = "each test program uses its part")]
#![allow(clippy::print_stderr, reason = "what is skipped is said aloud")]

pub(crate) mod rig;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use media::Picture;
use tempfile::TempDir;

/// Waiting longer than this means that it will not come.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// Waits until something is so, asking again and again; what never comes is named.
#[track_caller]
pub(crate) fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < PATIENCE, "waited in vain: {what}");
        std::thread::yield_now();
    }
}

/// A folder that is gone after the test.
pub(crate) struct Folder(TempDir);

impl Folder {
    /// A new folder; `None`, said aloud, where there is no `ffmpeg` to fill it.
    pub(crate) fn new() -> Option<Self> {
        let found = Command::new("ffmpeg").arg("-version").stdout(Stdio::null()).status();
        if found.is_err() {
            eprintln!("skipped: there is no ffmpeg program here (packaging/test.sh installs it)");
            return None;
        }
        Some(Self(TempDir::new().expect("a temporary folder")))
    }

    /// The path of a file in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A numbered video of 160 x 120 pixels and 25 frames a second, encoded with `args`.
    pub(crate) fn video(&self, name: &str, frames: usize, args: &str) -> PathBuf {
        self.sized_video(name, [160, 120], frames, args)
    }

    /// The same in another size.
    pub(crate) fn sized_video(&self, name: &str, [width, height]: [usize; 2], frames: usize, args: &str) -> PathBuf {
        let path = self.path(name);
        let size = format!("{width}x{height}");
        let input = ["-f", "rawvideo", "-pix_fmt", "gray", "-s", &size, "-r", "25", "-i", "-"];
        let pictures = (0..frames).flat_map(|number| numbered(number, width, height)).collect();
        run(&input, args, &path, pictures);
        path
    }

    /// A video of this one picture, red, green and blue row by row, encoded with `args`.
    pub(crate) fn coloured_picture(
        &self,
        name: &str,
        [width, height]: [usize; 2],
        rgb: Vec<u8>,
        args: &str,
    ) -> PathBuf {
        let path = self.path(name);
        let size = format!("{width}x{height}");
        run(&["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", &size, "-r", "25", "-i", "-"], args, &path, rgb);
        path
    }

    /// Another file made from one, with `before` and `after` the input's name.
    pub(crate) fn remade(&self, from: &Path, before: &str, after: &str, name: &str) -> PathBuf {
        let path = self.path(name);
        let from = from.to_str().expect("a plain name");
        let input = before.split_whitespace().chain(["-i", from]).collect::<Vec<_>>();
        run(&input, after, &path, Vec::new());
        path
    }

    /// An MP4 whose pictures are stored as they are, to be shown turned clockwise by a quarter.
    pub(crate) fn turned(&self, mp4: &Path, name: &str) -> PathBuf {
        let mut bytes = std::fs::read(mp4).expect("a file that was made");
        let header = bytes.windows(4).position(|name| name == b"tkhd").expect("a track");
        let clockwise: [i32; 9] = [0, 0x1_0000, 0, -0x1_0000, 0, 0, 0, 0, 0x4000_0000];
        let matrix = clockwise.iter().flat_map(|number| number.to_be_bytes()).collect::<Vec<_>>();
        bytes[header + 44..header + 80].copy_from_slice(&matrix);
        self.file(name, &bytes)
    }

    /// A file of these bytes.
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("room in the temporary folder");
        path
    }
}

fn run(input: &[&str], args: &str, path: &Path, bytes: Vec<u8>) {
    let mut child = Command::new("ffmpeg")
        .args(["-nostdin", "-y", "-v", "error", "-bitexact", "-threads", "1"])
        .args(input)
        .args(args.split_whitespace())
        .arg(path)
        .stdin(Stdio::piped())
        .spawn()
        .expect("ffmpeg starts");
    let mut stdin = child.stdin.take().expect("piped");
    let writer = std::thread::spawn(move || stdin.write_all(&bytes)); // it may stop reading early
    assert!(child.wait().expect("ffmpeg ends").success(), "ffmpeg {input:?} {args}");
    let _ = writer.join();
}

const COLUMNS: usize = 4;
const ROWS: usize = 3;

/// A grey picture of 4 x 3 cells: bit `n` of the number is the `n`-th cell, row by row.
fn numbered(number: usize, width: usize, height: usize) -> Vec<u8> {
    let pixel = |place: usize| {
        let (x, y) = (place % width * COLUMNS / width, place / width * ROWS / height);
        if number >> (y * COLUMNS + x) & 1 == 1 { 220 } else { 30 }
    };
    (0..width * height).map(pixel).collect()
}

/// The number that a picture carries.
pub(crate) fn number_in(picture: &Picture) -> usize {
    number_seen(picture, |x, y| (x, y))
}

/// The number in a picture whose point `(x, y)` of 0..1 is drawn at `place(x, y)`.
pub(crate) fn number_seen(picture: &Picture, place: impl Fn(f64, f64) -> (f64, f64)) -> usize {
    let [width, height] = picture.size;
    let is_bright = |cell: usize| {
        let x = ((cell % COLUMNS) as f64 + 0.5) / COLUMNS as f64;
        let y = ((cell / COLUMNS) as f64 + 0.5) / ROWS as f64;
        let (x, y) = place(x, y);
        let at = (y * height as f64) as usize * width + (x * width as f64) as usize;
        picture.rgba()[at * 4 + 1] > 125
    };
    (0..COLUMNS * ROWS).filter(|&cell| is_bright(cell)).map(|cell| 1 << cell).sum()
}

/// Numbers that look random and are the same each time.
pub(crate) fn scattered(count: usize, below: usize) -> impl Iterator<Item = usize> {
    let mut state = 1_u64;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    })
    .take(count)
}
