//! A decoded frame as the screen wants it: upright, RGBA, right in colour.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use ffmpeg_next::ffi::AVPixelFormat;
use ffmpeg_next::frame::Video;
use span::Instant;

use crate::MediaError;
use crate::cache::bytes_of;
use crate::colour::Colours;
use crate::file::{MediaFile, Stream};
use crate::planes::Planes;
use crate::scaler::{Scaler, Shape};

/// One frame, ready to be drawn.
#[derive(Clone)]
pub struct Picture {
    /// Which displayed frame of its file this is, from 0.
    pub frame: usize,
    /// When it begins, on the medium's clock.
    pub time: Instant,
    /// Width and height in stored pixels, after rotation.
    pub size: [usize; 2],
    /// Width and height in square pixels: the shape that it has on the screen, in thousandths of a pixel.
    display_millis: [u64; 2],
    decoded: Arc<Video>,
    orientation: Orientation,
    pixels: OnceLock<Vec<u32>>, // RGBA bytes, `size[0] * size[1]` long; made when they are asked for, where the frame is of planes
}

impl PartialEq for Picture {
    fn eq(&self, other: &Self) -> bool {
        let facts = |picture: &Self| (picture.frame, picture.time, picture.size, picture.display_millis);
        facts(self) == facts(other) && self.rgba() == other.rgba()
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [width, height] = self.size;
        write!(f, "Picture {{ frame {} at {:?}, {width} x {height} }}", self.frame, self.time)
    }
}

impl Picture {
    /// The small picture of a frame; `None` where that has no planes.
    pub(crate) fn of_small(
        planes: Video,
        frame: usize,
        time: Instant,
        orientation: Orientation,
        display_millis: [u64; 2],
    ) -> Option<Self> {
        Planes::of(&planes)?;
        let size = orientation.turned([planes.width() as usize, planes.height() as usize]);
        let (decoded, pixels) = (Arc::new(planes), OnceLock::new());
        Some(Self { frame, time, size, display_millis, decoded, orientation, pixels })
    }

    /// Red, green, blue, alpha of each pixel, row by row from the top left; alpha is 255.
    ///
    /// *Shape*: `4 · width · height` bytes, aligned for a cast to 32-bit pixels.
    pub fn rgba(&self) -> &[u8] {
        bytemuck::cast_slice(self.pixels.get_or_init(|| {
            let planes = Planes::of(&self.decoded).expect("other frames became RGB at once");
            let stored @ [width, height] = self.orientation.turned(self.size);
            let mut pixels = vec![0; width * height];
            planes.to_rgba(&mut pixels);
            if self.orientation == Orientation::default() {
                return pixels;
            }
            upright(&pixels, width, stored, self.orientation)
        }))
    }

    /// The planes of a picture that a graphics card can draw by itself; `None` where it is to be drawn from [`Self::rgba`].
    pub fn planes(&self) -> Option<Planes<'_>> {
        Planes::of(&self.decoded).filter(Planes::suits_a_card)
    }

    /// Where a point of the upright picture lies in the stored planes; both in shares of width and height from the top left.
    pub fn stored_point(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        self.orientation.stored_point([x, y])
    }

    /// What it takes in memory.
    pub(crate) fn bytes(&self) -> usize {
        bytes_of(&self.decoded) + self.pixels.get().map_or(0, |pixels| pixels.len() * 4)
    }

    /// Width and height in square pixels: the shape that it has on the screen.
    pub fn display_size(&self) -> [f32; 2] {
        self.display_millis.map(|millis| (millis as f64 / 1e3) as f32)
    }
}

/// How the stored rows and columns stand on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Orientation {
    transposed: bool, // rows become columns, before the flips
    flip_x: bool,
    flip_y: bool,
}

impl Orientation {
    /// The stream's display matrix: `x' = a·x + c·y`, `y' = b·x + d·y`.
    pub(crate) fn of(file: &MediaFile, stream: Stream) -> Self {
        file.display_matrix(stream).map_or_else(Self::default, |matrix| {
            let [a, b, c, d] = [matrix[0], matrix[1], matrix[3], matrix[4]].map(i64::from);
            if a.abs() >= b.abs() {
                Self { transposed: false, flip_x: a < 0, flip_y: d < 0 }
            } else {
                Self { transposed: true, flip_x: c < 0, flip_y: b < 0 }
            }
        })
    }

    /// Degrees clockwise from the stored to the shown picture, and whether it is mirrored as well.
    pub(crate) fn degrees(self) -> (u16, bool) {
        match (self.transposed, self.flip_x, self.flip_y) {
            (false, false, false) => (0, false),
            (false, true, true) => (180, false),
            (true, true, false) => (90, false),
            (true, false, true) => (270, false),
            (false, true, false) => (0, true),
            (false, false, true) => (180, true),
            (true, false, false) => (270, true),
            (true, true, true) => (90, true),
        }
    }

    fn stored_point(self, [x, y]: [f32; 2]) -> [f32; 2] {
        let (x, y) = (if self.flip_x { 1.0 - x } else { x }, if self.flip_y { 1.0 - y } else { y });
        self.turned([x, y])
    }

    fn turned<T>(self, [width, height]: [T; 2]) -> [T; 2] {
        if self.transposed { [height, width] } else { [width, height] }
    }
}

/// Turns decoded frames into pictures.
pub(crate) struct Converter {
    orientation: Orientation,
    aspect: [u64; 2], // of a stored pixel, from the container; 0 where it states none
    scaler: Option<Scaler>,
    scratch: Vec<u32>,
}

impl Converter {
    pub(crate) fn new(file: &MediaFile, stream: Stream) -> Self {
        let aspect = file.pixel_aspect(stream);
        Self { orientation: Orientation::of(file, stream), aspect, scaler: None, scratch: Vec::new() }
    }

    /// The picture of a decoded frame.
    pub(crate) fn picture(
        &mut self,
        path: &Path,
        frame: Arc<Video>,
        number: usize,
        time: Instant,
    ) -> Result<Picture, MediaError> {
        let [width, height] = [frame.width(), frame.height()].map(|length| length as usize);
        let pixels = match Planes::of(&frame) {
            Some(_) => OnceLock::new(),
            None => OnceLock::from(self.scaled(path, &frame)?),
        };
        Ok(Picture {
            frame: number,
            time,
            size: self.orientation.turned([width, height]),
            display_millis: self.display_millis(&frame),
            decoded: frame,
            orientation: self.orientation,
            pixels,
        })
    }

    /// By swscale, which knows every format, and takes several times as long.
    fn scaled(&mut self, path: &Path, frame: &Video) -> Result<Vec<u32>, MediaError> {
        let shape = Shape::of(frame);
        let to = Shape { format: AVPixelFormat::AV_PIX_FMT_RGBA as i32, colours: Colours::RGB, ..shape };
        if self.scaler.as_ref().is_none_or(|scaler| !scaler.is_for(shape, to)) {
            self.scaler = Some(Scaler::new(shape, to).ok_or_else(|| MediaError::Decode {
                file: path.to_owned(),
                why: format!("pixel format {} cannot be shown", shape.format),
            })?);
        }
        let scaler = self.scaler.as_mut().expect("made above");
        let (width, height) = (shape.width as usize, shape.height as usize);
        let stride = width.next_multiple_of(16); // whole vectors: swscale leaves the last columns of other widths undone
        self.scratch.resize(stride * height, 0);
        scaler.scale_to_pixels(frame, &mut self.scratch, stride);
        let mut pixels = upright(&self.scratch, stride, [width, height], self.orientation);
        if shape.has_alpha() {
            opaque(&mut pixels);
        }
        Ok(pixels)
    }

    /// Width and height of the upright picture in thousandths of a square pixel.
    pub(crate) fn display_millis(&self, frame: &Video) -> [u64; 2] {
        // SAFETY: the frame is valid.
        let own = unsafe { (*frame.as_ptr()).sample_aspect_ratio };
        let [mut num, mut den] = self.aspect;
        if num == 0 || den == 0 {
            [num, den] = [own.num.max(0) as u64, own.den.max(0) as u64];
        }
        if num == 0 || den == 0 {
            [num, den] = [1, 1];
        }
        self.orientation.turned([u64::from(frame.width()) * 1000 * num / den, u64::from(frame.height()) * 1000])
    }
}

/// Copies rows of `stride` pixels into a tight picture that stands upright.
fn upright(from: &[u32], stride: usize, [width, height]: [usize; 2], orientation: Orientation) -> Vec<u32> {
    let Orientation { transposed, flip_x, flip_y } = orientation;
    let [out_width, out_height] = orientation.turned([width, height]);
    let mut pixels = Vec::with_capacity(width * height);
    for y in 0..out_height {
        let y = if flip_y { out_height - 1 - y } else { y };
        let columns = 0..out_width;
        match (transposed, flip_x) {
            (false, false) => pixels.extend_from_slice(&from[y * stride..][..width]),
            (false, true) => pixels.extend(from[y * stride..][..width].iter().rev()),
            (true, false) => pixels.extend(columns.map(|x| from[x * stride + y])),
            (true, true) => pixels.extend(columns.rev().map(|x| from[x * stride + y])),
        }
    }
    pixels
}

fn opaque(pixels: &mut [u32]) {
    for pixel in bytemuck::cast_slice_mut::<u32, u8>(pixels).chunks_exact_mut(4) {
        pixel[3] = u8::MAX;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stored picture `1 2 3 / 4 5 6`, padded to a stride of 4, as it is shown.
    #[track_caller]
    fn check(transposed: bool, flip_x: bool, flip_y: bool, expected: [u32; 6]) {
        let stored = [1, 2, 3, 0, 4, 5, 6, 0];
        assert_eq!(upright(&stored, 4, [3, 2], Orientation { transposed, flip_x, flip_y }), expected);
    }

    #[test]
    fn an_unturned_picture_loses_only_its_padding() {
        check(false, false, false, [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_clockwise_quarter_turn_brings_the_first_row_to_the_right() {
        check(true, true, false, [4, 1, 5, 2, 6, 3]);
    }

    #[test]
    fn a_point_of_the_upright_picture_is_found_where_it_is_stored() {
        for (transposed, flip_x, flip_y) in
            [(false, false, false), (true, true, false), (false, true, true), (true, false, true)]
        {
            let orientation = Orientation { transposed, flip_x, flip_y };
            let stored: Vec<u32> = (0..6).collect();
            let [width, height] = orientation.turned([3, 2]);
            for (place, pixel) in upright(&stored, 3, [3, 2], orientation).into_iter().enumerate() {
                let share = |at: usize, length: usize| (at as f32 + 0.5) / length as f32;
                let [x, y] = orientation.stored_point([share(place % width, width), share(place / width, height)]);
                assert_eq!(pixel, (y * 2.0) as u32 * 3 + (x * 3.0) as u32, "{orientation:?}");
            }
        }
    }

    #[test]
    fn a_half_turn_reverses_everything() {
        check(false, true, true, [6, 5, 4, 3, 2, 1]);
    }

    #[test]
    fn an_anticlockwise_quarter_turn_brings_the_first_row_to_the_left() {
        check(true, false, true, [3, 6, 2, 5, 1, 4]);
    }
}
