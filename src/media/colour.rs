//! What luma and chroma mean as red, green and blue.

use ffmpeg_next::ffi::{self, AVColorRange, AVColorSpace, AVPixelFormat};

/// By which shares red, green and blue make luma.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Matrix {
    Bt601,
    Bt709,
    Bt2020,
    Fcc,
    Smpte240,
}

impl Matrix {
    /// What the stream says, else what its size makes likely.
    fn of(frame: &ffi::AVFrame) -> Self {
        match frame.colorspace {
            AVColorSpace::AVCOL_SPC_BT709 => Self::Bt709,
            AVColorSpace::AVCOL_SPC_FCC => Self::Fcc,
            AVColorSpace::AVCOL_SPC_BT470BG | AVColorSpace::AVCOL_SPC_SMPTE170M => Self::Bt601,
            AVColorSpace::AVCOL_SPC_SMPTE240M => Self::Smpte240,
            AVColorSpace::AVCOL_SPC_BT2020_NCL | AVColorSpace::AVCOL_SPC_BT2020_CL => Self::Bt2020,
            _ if frame.height >= 720 => Self::Bt709,
            _ => Self::Bt601,
        }
    }

    /// The shares of red and of blue; green has the rest. ITU-R BT.601-7, BT.709-6 and BT.2020-2; 47 CFR 73.682; SMPTE 240M.
    const fn shares(self) -> (f64, f64) {
        match self {
            Self::Bt601 => (0.299, 0.114),
            Self::Bt709 => (0.2126, 0.0722),
            Self::Bt2020 => (0.2627, 0.0593),
            Self::Fcc => (0.30, 0.11),
            Self::Smpte240 => (0.212, 0.087),
        }
    }
}

/// What the numbers of a picture mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colours {
    matrix: Matrix,
    pub(crate) is_full_range: bool,
}

/// From samples of some depth to parts of 0 to 1: `red = luma · (Y - black) + red_v · (V - grey)`, and so on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Factors {
    pub(crate) black: f64,
    pub(crate) grey: f64,
    pub(crate) luma: f64,
    pub(crate) red_v: f64,
    pub(crate) green_u: f64,
    pub(crate) green_v: f64,
    pub(crate) blue_u: f64,
}

impl Colours {
    pub(crate) fn of(frame: &ffi::AVFrame) -> Self {
        let is_full_range = frame.color_range == AVColorRange::AVCOL_RANGE_JPEG || is_full_range_format(frame.format);
        Self { matrix: Matrix::of(frame), is_full_range }
    }

    /// As swscale calls the matrix.
    pub(crate) const fn swscale_matrix(self) -> i32 {
        match self.matrix {
            Matrix::Bt601 => ffi::SWS_CS_ITU601,
            Matrix::Bt709 => ffi::SWS_CS_ITU709,
            Matrix::Bt2020 => ffi::SWS_CS_BT2020,
            Matrix::Fcc => ffi::SWS_CS_FCC,
            Matrix::Smpte240 => ffi::SWS_CS_SMPTE240M,
        }
    }

    /// For samples of so many bits.
    pub(crate) fn factors(self, depth: u32) -> Factors {
        let unit = f64::from(1_u32 << (depth - 8)); // the ranges are stated for 8 bits
        let all = f64::from((1_u32 << depth) - 1);
        let (black, luma_range, chroma_range) =
            if self.is_full_range { (0.0, all, all) } else { (16.0 * unit, 219.0 * unit, 224.0 * unit) };
        let (red, blue) = self.matrix.shares();
        let green = 1.0 - red - blue;
        let (v, u) = (2.0 * (1.0 - red) / chroma_range, 2.0 * (1.0 - blue) / chroma_range);
        Factors {
            black,
            grey: 128.0 * unit,
            luma: 1.0 / luma_range,
            red_v: v,
            green_u: -u * blue / green,
            green_v: -v * red / green,
            blue_u: u,
        }
    }
}

fn is_full_range_format(format: i32) -> bool {
    [
        AVPixelFormat::AV_PIX_FMT_YUVJ420P,
        AVPixelFormat::AV_PIX_FMT_YUVJ422P,
        AVPixelFormat::AV_PIX_FMT_YUVJ444P,
        AVPixelFormat::AV_PIX_FMT_YUVJ440P,
        AVPixelFormat::AV_PIX_FMT_YUVJ411P,
    ]
    .iter()
    .any(|&full| full as i32 == format)
}
