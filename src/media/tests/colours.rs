//! A picture has the colours that ffmpeg's own careful conversion gives it, whatever its matrix, range, depth and chroma.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on, fails")]

mod common;

use common::Folder;
use media::{Decoder, DecoderOptions};

/// Every colour whose parts are none, a quarter, half, three quarters or all; one cell each.
const LEVELS: [u8; 5] = [0, 64, 128, 191, 255];
const COLUMNS: usize = LEVELS.len() * LEVELS.len();
const ROWS: usize = LEVELS.len();
/// What lies nearer than this to an edge depends on how chroma is made larger; the rest of a cell is flat.
const MARGIN: usize = 10;

/// The parts may differ by so much of 255.
const CLOSE: u8 = 2;

/// How a file stores its colours, and what it says about that.
struct Stored<'a> {
    size: [usize; 2],
    format: &'a str,
    matrix: &'a str, // as the `scale` filter calls it
    range: &'a str,
    encoder: &'a str,
}

fn cells([width, height]: [usize; 2]) -> Vec<u8> {
    let pixel = |place: usize| {
        let (column, row) = (place % width * COLUMNS / width, place / width * ROWS / height);
        [LEVELS[column / LEVELS.len()], LEVELS[column % LEVELS.len()], LEVELS[row]]
    };
    (0..width * height).flat_map(pixel).collect()
}

/// In the middle of a cell, each part is as ffmpeg's own conversion makes it.
#[track_caller]
fn check(stored: &Stored<'_>, name: &str) {
    let Some(folder) = Folder::new() else { return };
    let Stored { size: [width, height], format, matrix, range, encoder } = *stored;
    let careful = "flags=accurate_rnd+full_chroma_int+full_chroma_inp";
    let encode = format!("-vf scale=out_color_matrix={matrix}:out_range={range}:{careful} -pix_fmt {format} {encoder}");
    let path = folder.coloured_picture(name, [width, height], cells([width, height]), &encode);
    let convert =
        format!("-vf scale=in_color_matrix={matrix}:in_range={range}:{careful} -frames:v 1 -pix_fmt rgb24 -f rawvideo");
    let expected = std::fs::read(folder.remade(&path, "", &convert, "expected.rgb")).unwrap();
    let picture = Decoder::open(&path, DecoderOptions::default()).unwrap().frame(0).unwrap();
    assert_eq!(picture.size, [width, height]);

    let is_inside = |at: usize, cells: usize, length: usize| {
        let cell = |at: usize| at * cells / length;
        at >= MARGIN && at + MARGIN < length && cell(at - MARGIN) == cell(at + MARGIN)
    };
    let mut worst = (0, 0);
    for (place, (ours, theirs)) in picture.rgba().chunks_exact(4).zip(expected.chunks_exact(3)).enumerate() {
        if is_inside(place % width, COLUMNS, width) && is_inside(place / width, ROWS, height) {
            let off = ours.iter().zip(theirs).map(|(ours, theirs)| ours.abs_diff(*theirs)).max().unwrap();
            worst = worst.max((off, place));
        }
    }
    let (off, place) = worst;
    let (ours, theirs) = (&picture.rgba()[4 * place..][..3], &expected[3 * place..][..3]);
    assert!(off <= CLOSE, "{name} {format} {matrix} {range}: {ours:?} at {place}, ffmpeg makes it {theirs:?}");
}

const SMALL: [usize; 2] = [800, 160];
const LOSSLESS: &str = "-c:v libx264 -preset ultrafast -qp 0";

#[test]
fn every_matrix_and_range_in_every_depth_and_chroma() {
    for (matrix, tag) in [("bt601", "smpte170m"), ("bt709", "bt709"), ("bt2020", "bt2020nc")] {
        for range in ["tv", "pc"] {
            let encoder = &format!("{LOSSLESS} -colorspace {tag} -color_range {range}");
            for format in ["yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le", "yuv444p10le"] {
                check(&Stored { size: SMALL, format, matrix, range, encoder }, "a.mp4");
            }
        }
    }
}

#[test]
fn a_file_that_names_no_matrix_is_709_where_it_is_high_and_601_where_it_is_not() {
    for (height, matrix) in [(480, "bt601"), (576, "bt601"), (720, "bt709")] {
        let stored = Stored { size: [1_200, height], format: "yuv420p", matrix, range: "tv", encoder: LOSSLESS };
        check(&stored, "a.avi");
    }
}

#[test]
fn motion_jpeg_of_every_chroma_is_of_full_range() {
    for format in ["yuvj420p", "yuvj422p", "yuvj444p"] {
        let stored = Stored { size: SMALL, format, matrix: "bt601", range: "pc", encoder: "-c:v mjpeg -q:v 1" };
        check(&stored, "a.avi");
    }
}

#[test]
fn a_camcorders_narrow_chroma_and_an_old_cameras_uncompressed_picture() {
    let dv = Stored { size: SMALL, format: "yuv411p", matrix: "bt601", range: "tv", encoder: "-c:v ffv1" };
    check(&dv, "a.mkv");
    for format in ["yuyv422", "uyvy422"] {
        let stored = Stored { size: SMALL, format, matrix: "bt601", range: "tv", encoder: "-c:v rawvideo" };
        check(&stored, "a.avi");
    }
}

#[test]
fn grey_without_chroma_and_colour_without_luma() {
    for (format, encoder, name) in [("gray", LOSSLESS, "a.mp4"), ("gbrp", "-c:v ffv1", "a.mkv")] {
        check(&Stored { size: SMALL, format, matrix: "bt601", range: "tv", encoder }, name);
    }
}

#[test]
fn an_odd_size_is_right_to_its_last_row_and_column() {
    let Some(folder) = Folder::new() else { return };
    for format in ["yuv420p", "yuv422p", "yuv411p", "yuv420p10le"] {
        let encoder = format!("-vf format={format},crop=37:21:exact=1 -c:v ffv1");
        let path = folder.coloured_picture("a.mkv", [64, 48], [200, 90, 40].repeat(64 * 48), &encoder);
        let picture = Decoder::open(&path, DecoderOptions::default()).unwrap().frame(0).unwrap();
        assert_eq!(picture.size, [37, 21]);
        for pixel in picture.rgba().chunks_exact(4) {
            let close = pixel.iter().zip([200, 90, 40, 255]).all(|(is, was): (&u8, u8)| is.abs_diff(was) <= CLOSE);
            assert!(close, "{format}: {pixel:?}");
        }
    }
}
