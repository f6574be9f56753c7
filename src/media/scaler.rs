//! swscale: any pixel format into another, and smaller.

use std::ptr;

use ffmpeg_next::ffi::{self, AVPixelFormat};
use ffmpeg_next::frame::Video;

use crate::colour::Colours;

/// What a frame is, as far as swscale is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) format: i32,
    pub(crate) colours: Colours,
}

impl Shape {
    pub(crate) fn of(frame: &Video) -> Self {
        // SAFETY: the frame is valid; `format` is a plain integer.
        let raw = unsafe { &*frame.as_ptr() };
        Self { width: raw.width, height: raw.height, format: raw.format, colours: Colours::of(raw) }
    }

    pub(crate) fn has_alpha(self) -> bool {
        self.has(ffi::AV_PIX_FMT_FLAG_ALPHA) || self.format == AVPixelFormat::AV_PIX_FMT_PAL8 as i32
    }

    /// Has it red, green and blue, by itself or in a palette, and no luma?
    pub(crate) fn is_rgb(self) -> bool {
        self.has(ffi::AV_PIX_FMT_FLAG_RGB) || self.has(ffi::AV_PIX_FMT_FLAG_PAL)
    }

    fn has(self, flag: i32) -> bool {
        descriptor(self.format).is_some_and(|descriptor| descriptor.flags & u64::from(flag.unsigned_abs()) != 0)
    }

    fn is_some(self) -> bool {
        self.width > 0 && self.height > 0 && self.format >= 0
    }
}

/// How a format lays its samples out.
pub(crate) fn descriptor(format: i32) -> Option<&'static ffi::AVPixFmtDescriptor> {
    if format < 0 {
        return None;
    }
    // SAFETY: the descriptor is null or static; the format came from a decoder of the same library.
    unsafe { ffi::av_pix_fmt_desc_get(pixel_format(format)).as_ref() }
}

/// The enum of a format number that a decoder gave.
fn pixel_format(format: i32) -> AVPixelFormat {
    // SAFETY: decoder and bindings are of one FFmpeg, so the number is one of the enum's.
    unsafe { std::mem::transmute::<i32, AVPixelFormat>(format) }
}

/// Makes frames of one shape into frames of another.
pub(crate) struct Scaler {
    from: Shape,
    to: Shape,
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

impl Scaler {
    /// `None` where swscale does not know one of the formats.
    pub(crate) fn new(from: Shape, to: Shape) -> Option<Self> {
        const CAREFUL: i32 = ffi::SWS_ACCURATE_RND | ffi::SWS_FULL_CHR_H_INT | ffi::SWS_FULL_CHR_H_INP;
        if !from.is_some() || !to.is_some() {
            return None;
        }
        let is_of_one_size = (from.width, from.height) == (to.width, to.height);
        // SAFETY: plain numbers in, a context or null out; the coefficient tables are static.
        unsafe {
            let context = ffi::sws_getContext(
                from.width,
                from.height,
                pixel_format(from.format),
                to.width,
                to.height,
                pixel_format(to.format),
                ffi::SWS_BILINEAR | if is_of_one_size { CAREFUL } else { 0 },
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
                ffi::sws_getCoefficients(from.colours.swscale_matrix()),
                i32::from(from.colours.is_full_range),
                ffi::sws_getCoefficients(to.colours.swscale_matrix()),
                i32::from(to.colours.is_full_range),
                0,
                1 << 16,
                1 << 16,
            );
            Some(Self { from, to, context })
        }
    }

    pub(crate) fn is_for(&self, from: Shape, to: Shape) -> bool {
        (self.from, self.to) == (from, to)
    }

    /// Into rows of 32-bit pixels, `stride` of them from one row to the next.
    ///
    /// # Panics
    /// If there is not room for all rows.
    pub(crate) fn scale_to_pixels(&mut self, frame: &Video, into: &mut [u32], stride: usize) {
        assert!(into.len() >= stride * self.to.height as usize, "room for the picture");
        let planes = [into.as_mut_ptr().cast::<u8>()];
        let strides = [stride as i32 * 4];
        // SAFETY: `into` has room, as checked.
        unsafe { self.scale(frame, planes.as_ptr(), strides.as_ptr()) }
    }

    /// Into the planes of another frame.
    ///
    /// # Panics
    /// If that is of another shape than the scaler was made for.
    pub(crate) fn scale_to_frame(&mut self, frame: &Video, into: &mut Video) {
        // SAFETY: the frame is valid and held exclusively; its own planes have room for its size and format.
        unsafe {
            let raw = &mut *into.as_mut_ptr();
            let shape = (raw.width, raw.height, raw.format);
            assert_eq!(shape, (self.to.width, self.to.height, self.to.format), "a frame of the shape");
            self.scale(frame, raw.data.as_ptr(), raw.linesize.as_ptr());
        }
    }

    /// # Safety
    /// The planes have room for the shape that the scaler was made for.
    unsafe fn scale(&mut self, frame: &Video, planes: *const *mut u8, strides: *const i32) {
        let from = Shape::of(frame);
        assert_eq!((from.width, from.height, from.format), (self.from.width, self.from.height, self.from.format));
        // SAFETY: the frame has the shape that the context was made for. Line sizes may be negative (bottom-up
        // pictures), which swscale understands.
        unsafe {
            let raw = &*frame.as_ptr();
            let (data, lines) = (raw.data.as_ptr().cast(), raw.linesize.as_ptr());
            ffi::sws_scale(self.context, data, lines, 0, self.from.height, planes, strides);
        }
    }
}
