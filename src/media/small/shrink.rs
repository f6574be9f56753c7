//! Makes the small picture of a decoded frame.

use ffmpeg_next::ffi::AVPixelFormat;
use ffmpeg_next::frame::Video;

use super::jpeg::{self, Encoder};
use crate::colour::Colours;
use crate::scaler::{Scaler, Shape};

/// The longer side of a small picture; a smaller frame stays as large as it is.
const LONGEST: i32 = 256;

/// Scales frames down and encodes them; their samples keep their meaning.
#[derive(Default)]
pub(super) struct Shrinker {
    scaler: Option<Scaler>,
    encoder: Option<Encoder>,
}

impl Shrinker {
    /// The JPEG of a frame and what its numbers mean; `None` where this FFmpeg cannot make it.
    pub(super) fn jpeg(&mut self, frame: &Video) -> Option<(Vec<u8>, Colours)> {
        let from = Shape::of(frame);
        let to = small(from);
        if self.scaler.as_ref().is_none_or(|scaler| !scaler.is_for(from, to)) {
            self.scaler = Some(Scaler::new(from, to)?);
        }
        let size = [to.width as u32, to.height as u32];
        if self.encoder.as_ref().is_none_or(|encoder| encoder.size() != size) {
            self.encoder = Some(Encoder::open(size).ok()?);
        }
        let mut planes = Video::new(jpeg::FORMAT, size[0], size[1]);
        self.scaler.as_mut()?.scale_to_frame(frame, &mut planes);
        let jpeg = self.encoder.as_mut()?.jpeg(&mut planes).ok()?;
        Some((jpeg, to.colours))
    }
}

/// The small picture of such a frame: of the same shape, in planes, even in width and height.
fn small(from: Shape) -> Shape {
    let longest = from.width.max(from.height).max(1);
    let length = |length: i32| {
        let shrunk = i64::from(length) * i64::from(LONGEST.min(longest)) / i64::from(longest);
        (shrunk.max(2) as i32 + 1) & !1
    };
    Shape {
        width: length(from.width),
        height: length(from.height),
        format: AVPixelFormat::AV_PIX_FMT_YUV420P as i32,
        colours: if from.is_rgb() { Colours::RGB } else { from.colours },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: [i32; 2], to: [i32; 2]) {
        let format = AVPixelFormat::AV_PIX_FMT_YUV420P as i32;
        let shape = |[width, height]: [i32; 2]| Shape { width, height, format, colours: Colours::RGB };
        assert_eq!(small(shape(from)), shape(to));
    }

    #[test]
    fn the_longer_side_is_256_and_the_shape_stays() {
        check([1280, 720], [256, 144]);
        check([1080, 1920], [144, 256]);
        check([3840, 16], [256, 2]);
    }

    #[test]
    fn a_smaller_frame_stays_as_it_is_and_becomes_even() {
        check([160, 120], [160, 120]);
        check([75, 51], [76, 52]);
    }
}
