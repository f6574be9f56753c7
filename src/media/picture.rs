//! A decoded frame as the screen wants it: upright, RGBA, right in colour.

use std::path::Path;
use std::ptr;
use std::sync::{Arc, OnceLock};

use ffmpeg_next::ffi::{self, AVPixelFormat};
use ffmpeg_next::frame::Video;
use span::Instant;

use crate::MediaError;
use crate::cache::bytes_of;
use crate::colour::Colours;
use crate::file::{MediaFile, Stream};
use crate::planes::Planes;

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

/// What a scaler is made for.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Shape {
    width: i32,
    height: i32,
    format: i32,
    colours: Colours,
}

struct Scaler {
    shape: Shape,
    context: *mut ffi::SwsContext,
}

// SAFETY: the context is owned and used by one thread at a time, through `&mut`.
unsafe impl Send for Scaler {}

impl Drop for Scaler {
    fn drop(&mut self) {
        // SAFETY: made by `sws_getContext`, freed once.
        unsafe { ffi::sws_freeContext(self.context) }
    }
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
            display_millis: self.orientation.turned(self.display_millis(&frame)),
            decoded: frame,
            orientation: self.orientation,
            pixels,
        })
    }

    /// By swscale, which knows every format, and takes several times as long.
    fn scaled(&mut self, path: &Path, frame: &Video) -> Result<Vec<u32>, MediaError> {
        let shape = Shape::of(frame);
        if self.scaler.as_ref().is_none_or(|scaler| scaler.shape != shape) {
            self.scaler = Some(Scaler::new(shape).ok_or_else(|| MediaError::Decode {
                file: path.to_owned(),
                why: format!("pixel format {} cannot be shown", shape.format),
            })?);
        }
        let scaler = self.scaler.as_mut().expect("made above");
        let (width, height) = (shape.width as usize, shape.height as usize);
        let stride = width.next_multiple_of(16); // whole vectors: swscale leaves the last columns of other widths undone
        self.scratch.resize(stride * height, 0);
        scaler.convert(frame, &mut self.scratch, stride);
        let mut pixels = upright(&self.scratch, stride, [width, height], self.orientation);
        if shape.has_alpha() {
            opaque(&mut pixels);
        }
        Ok(pixels)
    }

    fn display_millis(&self, frame: &Video) -> [u64; 2] {
        // SAFETY: the frame is valid.
        let own = unsafe { (*frame.as_ptr()).sample_aspect_ratio };
        let [mut num, mut den] = self.aspect;
        if num == 0 || den == 0 {
            [num, den] = [own.num.max(0) as u64, own.den.max(0) as u64];
        }
        if num == 0 || den == 0 {
            [num, den] = [1, 1];
        }
        [u64::from(frame.width()) * 1000 * num / den, u64::from(frame.height()) * 1000]
    }
}

impl Shape {
    fn of(frame: &Video) -> Self {
        // SAFETY: the frame is valid; `format` is a plain integer.
        let raw = unsafe { &*frame.as_ptr() };
        Self { width: raw.width, height: raw.height, format: raw.format, colours: Colours::of(raw) }
    }

    fn has_alpha(self) -> bool {
        let alpha = u64::from(ffi::AV_PIX_FMT_FLAG_ALPHA as u32);
        descriptor(self.format).is_some_and(|descriptor| descriptor.flags & alpha != 0)
            || self.format == AVPixelFormat::AV_PIX_FMT_PAL8 as i32
    }
}

/// The enum of a format number that a decoder gave.
fn pixel_format(format: i32) -> AVPixelFormat {
    // SAFETY: decoder and bindings are of one FFmpeg, so the number is one of the enum's.
    unsafe { std::mem::transmute::<i32, AVPixelFormat>(format) }
}

/// How a format lays its samples out.
pub(crate) fn descriptor(format: i32) -> Option<&'static ffi::AVPixFmtDescriptor> {
    if format < 0 {
        return None;
    }
    // SAFETY: the descriptor is null or static; the format came from a decoder of the same library.
    unsafe { ffi::av_pix_fmt_desc_get(pixel_format(format)).as_ref() }
}

impl Scaler {
    fn new(shape: Shape) -> Option<Self> {
        const CAREFUL: i32 = ffi::SWS_ACCURATE_RND | ffi::SWS_FULL_CHR_H_INT | ffi::SWS_FULL_CHR_H_INP;
        let Shape { width, height, colours, .. } = shape;
        if width <= 0 || height <= 0 || shape.format < 0 {
            return None;
        }
        // SAFETY: plain numbers in, a context or null out; the coefficient tables are static.
        unsafe {
            let context = ffi::sws_getContext(
                width,
                height,
                pixel_format(shape.format),
                width,
                height,
                AVPixelFormat::AV_PIX_FMT_RGBA,
                ffi::SWS_BILINEAR | CAREFUL,
                ptr::null_mut(),
                ptr::null_mut(),
                ptr::null(),
            );
            if context.is_null() {
                return None;
            }
            // Refused for formats that are RGB already, where there is nothing to set
            ffi::sws_setColorspaceDetails(
                context,
                ffi::sws_getCoefficients(colours.swscale_matrix()),
                i32::from(colours.is_full_range),
                ffi::sws_getCoefficients(ffi::SWS_CS_DEFAULT),
                1,
                0,
                1 << 16,
                1 << 16,
            );
            Some(Self { shape, context })
        }
    }

    /// `into` has `stride · height` pixels.
    fn convert(&mut self, frame: &Video, into: &mut [u32], stride: usize) {
        assert!(into.len() >= stride * self.shape.height as usize, "room for the picture");
        let planes = [into.as_mut_ptr().cast::<u8>()];
        let strides = [stride as i32 * 4];
        // SAFETY: the frame has the shape that the context was made for; `into` has room, as checked. Line sizes may
        // be negative (bottom-up pictures), which swscale understands.
        unsafe {
            let raw = &*frame.as_ptr();
            ffi::sws_scale(
                self.context,
                raw.data.as_ptr().cast(),
                raw.linesize.as_ptr(),
                0,
                self.shape.height,
                planes.as_ptr(),
                strides.as_ptr(),
            );
        }
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
