//! JPEG by FFmpeg: planes to a few kilobytes, and back.

use ffmpeg_next::codec::decoder::Opened;
use ffmpeg_next::codec::encoder::video::Encoder as OpenedEncoder;
use ffmpeg_next::codec::{Context, Flags, Id};
use ffmpeg_next::color::Range;
use ffmpeg_next::ffi::{AVPixelFormat, FF_QP2LAMBDA};
use ffmpeg_next::format::Pixel;
use ffmpeg_next::frame::Video;
use ffmpeg_next::{Error as AvError, Packet, decoder, encoder, threading};

/// FFmpeg's scale, on which 2 is the best and 31 the worst: at 6 a face of 40 pixels still has its expression, and 720p takes 6 to 9 kB.
const QUALITY: i32 = 6;

/// The format of the planes, whatever their numbers mean.
pub(super) const FORMAT: Pixel = Pixel::YUV420P;

/// Makes JPEGs of planes of one size.
pub(super) struct Encoder {
    opened: OpenedEncoder,
    size: [u32; 2],
    n_made: i64,
}

impl Encoder {
    /// Opens FFmpeg's encoder.
    pub(super) fn open(size: [u32; 2]) -> Result<Self, AvError> {
        let codec = encoder::find(Id::MJPEG).ok_or(AvError::EncoderNotFound)?;
        let mut context = Context::new_with_codec(codec);
        context.set_threading(threading::Config::count(1));
        context.set_flags(Flags::QSCALE);
        let mut video = context.encoder().video()?;
        video.set_width(size[0]);
        video.set_height(size[1]);
        video.set_format(FORMAT);
        video.set_color_range(Range::JPEG); // JPEG knows no other; what the numbers mean is kept beside it
        video.set_time_base((1, 25)); // it wants one
        video.set_global_quality(QUALITY * FF_QP2LAMBDA);
        Ok(Self { opened: video.open()?, size, n_made: 0 })
    }

    pub(super) fn size(&self) -> [u32; 2] {
        self.size
    }

    /// The JPEG of these planes.
    pub(super) fn jpeg(&mut self, planes: &mut Video) -> Result<Vec<u8>, AvError> {
        planes.set_pts(Some(self.n_made));
        planes.set_color_range(Range::JPEG);
        // SAFETY: the frame is valid and held exclusively.
        unsafe { (*planes.as_mut_ptr()).quality = QUALITY * FF_QP2LAMBDA };
        self.n_made += 1;
        self.opened.send_frame(planes)?;
        let mut packet = Packet::empty();
        self.opened.receive_packet(&mut packet)?;
        Ok(packet.data().unwrap_or_default().to_vec())
    }
}

/// Makes planes of JPEGs.
pub(super) struct Decoder(Opened);

impl Decoder {
    /// Opens FFmpeg's decoder.
    pub(super) fn open() -> Result<Self, AvError> {
        let codec = decoder::find(Id::MJPEG).ok_or(AvError::DecoderNotFound)?;
        let mut context = Context::new_with_codec(codec);
        context.set_threading(threading::Config::count(1)); // with more, a picture comes out when the next goes in
        Ok(Self(context.decoder().open_as(codec)?))
    }

    /// The planes of a JPEG.
    pub(super) fn planes(&mut self, jpeg: &[u8]) -> Result<Video, AvError> {
        self.0.send_packet(&Packet::copy(jpeg))?;
        let mut planes = Video::empty();
        self.0.receive_frame(&mut planes)?;
        // SAFETY: the frame is valid and held exclusively. Its format is the one of these samples, or the one of the same
        // samples that says full range as well.
        unsafe {
            let raw = &mut *planes.as_mut_ptr();
            if raw.format == AVPixelFormat::AV_PIX_FMT_YUVJ420P as i32 {
                raw.format = AVPixelFormat::AV_PIX_FMT_YUV420P as i32;
            }
        }
        Ok(planes)
    }
}
