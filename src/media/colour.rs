//! What luma and chroma mean as red, green and blue.

use ffmpeg_next::ffi::{self, AVColorRange, AVColorSpace, AVPixelFormat};
use serde::{Deserialize, Serialize};

/// By which shares red, green and blue make luma.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Colours {
    matrix: Matrix,
    pub(crate) is_full_range: bool,
}

/// How luma `Y` and chroma `U` and `V` become red, green and blue of 0 to 1, all of them cut to that range.
///
/// `red = luma · (Y - black) + red_v · (V - grey)`; `green = luma · (Y - black) + green_u · (U - grey) + green_v · (V - grey)`;
/// `blue = luma · (Y - black) + blue_u · (U - grey)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factors {
    /// The luma of black.
    pub black: f64,
    /// The chroma of grey.
    pub grey: f64,
    /// What luma brings to each part.
    pub luma: f64,
    /// What `V` brings to red.
    pub red_v: f64,
    /// What `U` brings to green.
    pub green_u: f64,
    /// What `V` brings to green.
    pub green_v: f64,
    /// What `U` brings to blue.
    pub blue_u: f64,
}

impl Factors {
    /// The same for samples that are divided by `unit`.
    fn in_units_of(self, unit: f64) -> Self {
        Self {
            black: self.black / unit,
            grey: self.grey / unit,
            luma: self.luma * unit,
            red_v: self.red_v * unit,
            green_u: self.green_u * unit,
            green_v: self.green_v * unit,
            blue_u: self.blue_u * unit,
        }
    }
}

impl Colours {
    /// What swscale makes of red, green and blue.
    pub(crate) const RGB: Self = Self { matrix: Matrix::Bt601, is_full_range: true };

    pub(crate) fn of(frame: &ffi::AVFrame) -> Self {
        let is_full_range = frame.color_range == AVColorRange::AVCOL_RANGE_JPEG || is_full_range_format(frame.format);
        Self { matrix: Matrix::of(frame), is_full_range }
    }

    /// Says in a frame of planes what their numbers mean.
    pub(crate) const fn state_in(self, frame: &mut ffi::AVFrame) {
        frame.colorspace = match self.matrix {
            Matrix::Bt601 => AVColorSpace::AVCOL_SPC_SMPTE170M,
            Matrix::Bt709 => AVColorSpace::AVCOL_SPC_BT709,
            Matrix::Bt2020 => AVColorSpace::AVCOL_SPC_BT2020_NCL,
            Matrix::Fcc => AVColorSpace::AVCOL_SPC_FCC,
            Matrix::Smpte240 => AVColorSpace::AVCOL_SPC_SMPTE240M,
        };
        frame.color_range =
            if self.is_full_range { AVColorRange::AVCOL_RANGE_JPEG } else { AVColorRange::AVCOL_RANGE_MPEG };
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

    /// For samples of 8 bits as a graphics card reads them, from 0 to 1.
    pub(crate) fn card_factors(self) -> Factors {
        self.factors(8).in_units_of(255.0)
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
