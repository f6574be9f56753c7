//! A decoded frame whose luma and chroma lie in planes of their own, as nearly all decoders give them.

use std::marker::PhantomData;

use bytemuck::Pod;
use ffmpeg_next::ffi::{self, AVChromaLocation};
use ffmpeg_next::frame::Video;

use crate::colour::{Colours, Factors};
use crate::scaler::descriptor;

/// Luma and two chroma planes of 8 to 12 bits.
pub struct Planes<'frame> {
    width: usize,
    height: usize,
    depth: u32,
    chroma_shift: [u32; 2], // chroma is so many halvings narrower and lower
    data: [*const u8; 3],   // each of `width` by `height` samples, or as much as chroma has
    strides: [isize; 3],    // in bytes; negative where the picture lies bottom up
    colours: Colours,
    siting: f32, // chroma lies so many luma samples left of the middle of those that it is for
    frame: PhantomData<&'frame Video>,
}

impl<'frame> Planes<'frame> {
    /// `None` where the frame is not of this kind.
    pub(crate) fn of(frame: &'frame Video) -> Option<Self> {
        const OTHER: i32 = ffi::AV_PIX_FMT_FLAG_RGB | ffi::AV_PIX_FMT_FLAG_HWACCEL | ffi::AV_PIX_FMT_FLAG_BITSTREAM;
        // SAFETY: the frame is valid.
        let raw = unsafe { &*frame.as_ptr() };
        let descriptor = descriptor(raw.format)?;
        let has = |flags: i32| descriptor.flags & u64::from(flags.unsigned_abs()) != 0;
        let parts = descriptor.comp.get(..3)?;
        let depth = u32::try_from(parts[0].depth).ok()?;
        let bytes = if depth > 8 { 2 } else { 1 };
        let is_plane = |(n, part): (usize, &ffi::AVComponentDescriptor)| {
            part.plane == n as i32
                && part.step == bytes
                && (part.offset, part.shift) == (0, 0)
                && part.depth == depth as i32
        };
        let is_native = depth == 8 || has(ffi::AV_PIX_FMT_FLAG_BE) == cfg!(target_endian = "big");
        let is_planar = descriptor.nb_components >= 3 && parts.iter().enumerate().all(is_plane);
        if has(OTHER) || !is_planar || !is_native || !(8..=12).contains(&depth) {
            return None;
        }
        let data = [0, 1, 2].map(|plane| raw.data[plane].cast_const());
        let strides = [0, 1, 2].map(|plane| raw.linesize[plane] as isize);
        let is_aligned =
            |plane: usize| !data[plane].is_null() && (data[plane] as isize | strides[plane]) % bytes as isize == 0;
        let [width, height] = [raw.width, raw.height].map(|length| usize::try_from(length).unwrap_or(0));
        let chroma_shift = [descriptor.log2_chroma_w, descriptor.log2_chroma_h].map(u32::from);
        (width > 0 && height > 0 && [0, 1, 2].into_iter().all(is_aligned)).then(|| Self {
            width,
            height,
            depth,
            chroma_shift,
            data,
            strides,
            colours: Colours::of(raw),
            siting: siting(raw, descriptor.log2_chroma_w),
            frame: PhantomData,
        })
    }

    /// Can a graphics card take the planes as they are, by [`Self::plane`]?
    pub(crate) fn suits_a_card(&self) -> bool {
        self.depth == 8 && self.strides.iter().all(|stride| *stride > 0)
    }

    /// Luma, then the chroma planes U and V, as they lie in memory.
    ///
    /// # Panics
    /// If there is no plane of this number, 0 to 2.
    pub fn plane(&self, plane: usize) -> Plane<'_> {
        let [width, height] = self.size(plane);
        let stride = self.strides[plane] as usize;
        // SAFETY: the plane has this many rows, so far apart, for as long as the frame lives.
        let bytes = unsafe { std::slice::from_raw_parts(self.data[plane], stride * (height - 1) + width) };
        Plane { bytes, stride, size: [width, height] }
    }

    /// What the samples mean, read as 0 to 1.
    pub fn factors(&self) -> Factors {
        self.colours.card_factors()
    }

    /// Where the chroma of a place lies in its planes: a factor and something to add for each direction, all in shares of width and height.
    pub fn chroma_place(&self) -> [[f32; 2]; 2] {
        let ([width, height], [columns, rows]) = (self.size(0), self.size(1));
        let [across, down] = self.chroma_shift.map(|shift| 1_usize << shift);
        let share = |luma: usize, chroma: usize, step: usize| luma as f32 / (chroma * step) as f32;
        [[share(width, columns, across), share(height, rows, down)], [self.siting / (columns * across) as f32, 0.0]]
    }

    fn size(&self, plane: usize) -> [usize; 2] {
        let [across, down] = if plane == 0 { [0, 0] } else { self.chroma_shift };
        [halved(self.width, across), halved(self.height, down)]
    }

    /// One row of a plane.
    fn row<S: Pod>(&self, plane: usize, row: usize) -> &[S] {
        let [width, height] = self.size(plane);
        assert!(row < height && size_of::<S>() == self.depth.div_ceil(8) as usize, "a row of the plane");
        // SAFETY: the plane has this many rows of this many samples, aligned, for as long as the frame lives.
        unsafe {
            let start = self.data[plane].offset(self.strides[plane] * row as isize);
            std::slice::from_raw_parts(start.cast::<S>(), width)
        }
    }

    /// Red, green, blue and an alpha of 255, row by row; each pixel takes the nearest chroma.
    ///
    /// `into` has room for `width · height` pixels.
    pub(crate) fn to_rgba(&self, into: &mut [u32]) {
        if self.depth > 8 { self.convert::<u16>(into) } else { self.convert::<u8>(into) }
    }

    fn convert<S: Pod + Into<i32>>(&self, into: &mut [u32]) {
        let fixed = Fixed::new(self.colours.factors(self.depth), self.depth);
        let [across, down] = self.chroma_shift;
        let mut chroma = [vec![S::zeroed(); self.width], vec![S::zeroed(); self.width]];
        for (row, into) in into.chunks_exact_mut(self.width).take(self.height).enumerate() {
            if row % (1 << down) == 0 {
                for (plane, wide) in chroma.iter_mut().enumerate() {
                    widen(self.row(plane + 1, row >> down), across, wide);
                }
            }
            fixed.row(self.row::<S>(0, row), &chroma[0], &chroma[1], into);
        }
    }
}

/// One plane of 8-bit samples.
#[derive(Clone, Copy)]
pub struct Plane<'a> {
    /// Its rows from the first to the last; the last ends with its samples.
    pub bytes: &'a [u8],
    /// From the beginning of a row to that of the next.
    pub stride: usize,
    /// Samples in a row, and rows.
    pub size: [usize; 2],
}

/// Chroma is of the leftmost luma sample, where the stream does not place it in their middle.
fn siting(frame: &ffi::AVFrame, shift: u8) -> f32 {
    match frame.chroma_location {
        AVChromaLocation::AVCHROMA_LOC_CENTER
        | AVChromaLocation::AVCHROMA_LOC_TOP
        | AVChromaLocation::AVCHROMA_LOC_BOTTOM => 0.0,
        _ => (f32::from(1_u8 << shift) - 1.0) / 2.0,
    }
}

fn halved(length: usize, times: u32) -> usize {
    length.div_ceil(1 << times)
}

fn widen<S: Copy>(from: &[S], halvings: u32, into: &mut [S]) {
    for (wide, sample) in into.chunks_mut(1 << halvings).zip(from) {
        wide.fill(*sample);
    }
}

/// The factors in whole numbers, so large that what is rounded away in them is far below one part in 255.
#[derive(Clone, Copy)]
struct Fixed {
    luma: i32,
    start: i32, // what is black, and half of what is shifted away: the result is rounded to nearest
    grey: i32,
    red_v: i32,
    green_u: i32,
    green_v: i32,
    blue_u: i32,
    shift: u32,
}

impl Fixed {
    fn new(factors: Factors, depth: u32) -> Self {
        let shift = 14 + (depth - 8); // the greatest sum stays below 2^28 at any depth
        let fixed = |factor: f64| (factor * 255.0 * f64::from(1_u32 << shift)).round() as i32;
        let luma = fixed(factors.luma);
        Self {
            luma,
            start: (1 << (shift - 1)) - luma * factors.black as i32,
            grey: factors.grey as i32,
            red_v: fixed(factors.red_v),
            green_u: fixed(factors.green_u),
            green_v: fixed(factors.green_v),
            blue_u: fixed(factors.blue_u),
            shift,
        }
    }

    fn row<S: Copy + Into<i32>>(self, luma: &[S], u: &[S], v: &[S], into: &mut [u32]) {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has the instructions.
            return unsafe { self.row_avx2(luma, u, v, into) };
        }
        self.row_anywhere(luma, u, v, into);
    }

    /// The same, four times as fast: without these instructions there is no product of 32-bit numbers to be had.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn row_avx2<S: Copy + Into<i32>>(self, luma: &[S], u: &[S], v: &[S], into: &mut [u32]) {
        self.row_anywhere(luma, u, v, into);
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "only so is it compiled for the instructions of each caller")]
    fn row_anywhere<S: Copy + Into<i32>>(self, luma: &[S], u: &[S], v: &[S], into: &mut [u32]) {
        for (((pixel, luma), u), v) in into.iter_mut().zip(luma).zip(u).zip(v) {
            let luma = (*luma).into() * self.luma + self.start;
            let (u, v) = ((*u).into() - self.grey, (*v).into() - self.grey);
            let part = |sum: i32| (sum >> self.shift).clamp(0, 255) as u32;
            let red = part(luma + self.red_v * v);
            let green = part(luma + self.green_u * u + self.green_v * v);
            let blue = part(luma + self.blue_u * u);
            *pixel = u32::from_le(red | green << 8 | blue << 16 | 0xff << 24);
        }
    }
}
