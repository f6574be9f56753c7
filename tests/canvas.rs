//! A graphics card makes the same colours of a picture's planes as the processor: by wgpu here, by OpenGL in tests/window.rs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use attune::canvas::{Canvas, Card};
use attune::look::{Look, Tone};
use egui::{Rect, pos2, vec2};
use egui_kittest::Harness;
use media::{Decoder, DecoderOptions, Picture};

/// The parts may differ by so much of 255.
const CLOSE: u8 = 2;
/// What lies nearer than this to an edge depends on how chroma is made larger.
const MARGIN: usize = 6;

/// A picture and nothing else.
struct Alone {
    canvas: Canvas,
    look: Look,
    size: egui::Vec2,
}

impl eframe::App for Alone {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        ui.painter().add(self.canvas.drawn(Rect::from_min_size(pos2(0.0, 0.0), self.size), self.look));
    }
}

/// A file whose picture shows five rows of 25 colours, made with `ffmpeg`; `None`, said aloud, where there is no such program.
#[expect(clippy::print_stderr, reason = "what is skipped is said aloud")]
fn coloured(folder: &Path, filter: &str, args: &str) -> Option<PathBuf> {
    let path = folder.join("a.mp4");
    let cell = |axis: &str, length: usize, cells: usize| format!("floor({axis}*{cells}/{length})");
    let (column, row) = (cell("X", 400, 25), cell("Y", 160, 5));
    let colours = format!("geq=r='floor({column}/5)*63':g='mod({column},5)*63':b='{row}*63'");
    let ffmpeg = Command::new("ffmpeg")
        .args(["-nostdin", "-y", "-v", "error", "-f", "lavfi", "-i", "color=s=400x160:d=0.04:r=25,format=gbrp"])
        .args(["-vf", &format!("{colours}{filter}")])
        .args(args.split_whitespace())
        .arg(&path)
        .stdin(Stdio::null())
        .status();
    let Ok(status) = ffmpeg else {
        eprintln!("skipped: there is no ffmpeg program here (packaging/test.sh installs it)");
        return None;
    };
    assert!(status.success(), "ffmpeg {args}");
    Some(path)
}

fn first_picture(path: &Path) -> Arc<Picture> {
    let mut decoder = Decoder::open(path, DecoderOptions::default()).expect("it is opened");
    Arc::new(decoder.frame(0).expect("it has a frame"))
}

/// The picture as the card draws it, pixel by pixel.
fn drawn(picture: &Arc<Picture>, look: Look) -> image::RgbaImage {
    let size = vec2(picture.size[0] as f32, picture.size[1] as f32);
    let picture = Arc::clone(picture);
    let mut harness = Harness::builder().with_size(size).wgpu().build_eframe(move |creation| {
        let card = Card::of(creation).expect("wgpu draws planes");
        Alone { canvas: Canvas::new(&card, picture), look, size }
    });
    harness.step();
    harness.render().expect("it is drawn")
}

/// Away from the edges of its colours, the card's picture is the processor's in this tone.
#[track_caller]
fn check(name: &str, picture: &Arc<Picture>, tone: Tone) {
    let seen = drawn(picture, Look::default().toned(tone));
    let [width, height] = picture.size;
    let table = tone.table();
    let rounded = u8::from(tone != Tone::default()); // the processor rounds first, and a steep curve makes more of that
    let pixel = |x: usize, y: usize| &picture.rgba()[4 * (y * width + x)..][..3];
    let flat = |x: usize, y: usize| {
        let (left, right, top, bottom) = (x - MARGIN, x + MARGIN, y - MARGIN, y + MARGIN);
        let here = pixel(x, y);
        [(left, y), (right, y), (x, top), (x, bottom), (left, top), (right, bottom)]
            .iter()
            .all(|&(x, y)| pixel(x, y).iter().zip(here).all(|(there, here)| there.abs_diff(*here) <= 1))
    };
    let mut n_compared = 0;
    for y in MARGIN..height - MARGIN {
        for x in (MARGIN..width - MARGIN).filter(|x| flat(*x, y)) {
            let is = seen.get_pixel(x as u32, y as u32).0;
            let wanted = [0, 1, 2].map(|part| pixel(x, y)[part]);
            let close = is.iter().zip(wanted).all(|(is, wanted)| {
                let toned = |part: u8| table[usize::from(part)];
                let (least, most) = (toned(wanted.saturating_sub(rounded)), toned(wanted.saturating_add(rounded)));
                (least.saturating_sub(CLOSE)..=most.saturating_add(CLOSE)).contains(is)
            });
            assert!(close, "{name}: at {x}, {y} the card draws {is:?}, the processor {wanted:?}");
            n_compared += 1;
        }
    }
    assert!(n_compared > 2_000, "{name}: only {n_compared} pixels are flat");
}

const LOSSLESS: &str = "-c:v libx264 -preset ultrafast -qp 0";

#[test]
fn every_matrix_range_and_chroma_of_eight_bits() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (matrix, tag) in [("bt601", "smpte170m"), ("bt709", "bt709"), ("bt2020", "bt2020nc")] {
        for range in ["tv", "pc"] {
            for format in ["yuv420p", "yuv422p", "yuv444p"] {
                let scale = format!(",scale=out_color_matrix={matrix}:out_range={range}");
                let args = format!("-pix_fmt {format} {LOSSLESS} -colorspace {tag} -color_range {range}");
                let Some(path) = coloured(folder.path(), &scale, &args) else { return };
                check(&format!("{matrix} {range} {format}"), &first_picture(&path), Tone::default());
            }
        }
    }
}

#[test]
fn a_turned_picture_and_a_brighter_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let Some(path) = coloured(folder.path(), "", &format!("-pix_fmt yuv420p {LOSSLESS}")) else { return };
    check("brighter", &first_picture(&path), Tone { brightness: 0.6, contrast: -0.3 });
    for degrees in ["90", "180", "270"] {
        let turned = folder.path().join("turned.mp4");
        let status = Command::new("ffmpeg")
            .args(["-nostdin", "-y", "-v", "error", "-i"])
            .arg(&path)
            .args(["-c", "copy", "-metadata:s:v", &format!("rotate={degrees}")])
            .arg(&turned)
            .status();
        assert!(status.expect("ffmpeg starts").success());
        let picture = first_picture(&turned);
        assert_eq!(picture.size, if degrees == "180" { [400, 160] } else { [160, 400] });
        check(degrees, &picture, Tone::default());
    }
}

#[test]
fn the_part_that_is_looked_at_is_the_part_that_is_drawn() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let Some(path) = coloured(folder.path(), "", &format!("-pix_fmt yuv444p {LOSSLESS}")) else { return };
    let picture = first_picture(&path);
    let look = Look::default().closer(4.0, pos2(1.0, 0.0)); // the upper right corner
    let seen = drawn(&picture, look);
    for (x, y) in [(60, 60), (200, 20), (390, 150)] {
        let stored = &picture.rgba()[4 * (y / 4 * 400 + 300 + x / 4)..][..3];
        let is = seen.get_pixel(x as u32, y as u32).0;
        assert!(is.iter().zip(stored).all(|(is, stored)| is.abs_diff(*stored) <= CLOSE), "{is:?}, not {stored:?}");
    }
}

#[test]
fn ten_bits_have_no_planes_for_the_card() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let Some(path) = coloured(folder.path(), "", &format!("-pix_fmt yuv420p10le {LOSSLESS}")) else { return };
    assert!(first_picture(&path).planes().is_none());
}
