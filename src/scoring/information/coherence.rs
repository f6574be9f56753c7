//! Coherence: at which rhythms do two series go together?

use serde::Serialize;

use crate::fft::{Complex, Fft};

/// Coherence and phase at each frequency.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CoherencePoint {
    /// In Hz.
    pub frequency: f64,
    /// From 0 to 1; `None` where a series has no power at this frequency.
    pub coherence: Option<f64>,
    /// Of the cross-spectrum, in radians from −π to π: negative where the second series is late; `None` where there is no cross-power.
    pub phase: Option<f64>,
}

/// Magnitude-squared coherence by Welch's method.
///
/// *Definition*: `|S_xy|² / (S_xx S_yy)`, each spectrum the mean over segments of `segment` units that overlap by half; of each segment the
/// mean is removed, and it is weighted by a periodic Hann window. The phase is that of `conj(first) · second`.
///
/// *Shape*: `segment / 2 + 1` frequencies, from 0 to half of `per_second`. Units at the end that fill no segment are left out.
///
/// *Undefined cases*: `None` for a segment of fewer than two units, or longer than the series; where the series have different lengths; and
/// for numbers too large. With a single segment, coherence is 1 wherever it exists, and says nothing.
///
/// *Limitations*: for continuous ratings of two minutes and more; of little use for codes in units of a second.
///
/// *Reference*: Welch, P. D. (1967). The use of fast Fourier transform for the estimation of power spectra. IEEE Transactions on Audio and
/// Electroacoustics, 15, 70–73, doi 10.1109/TAU.1967.1161901. As `scipy.signal.coherence` and `csd`.
///
/// ```
/// use scoring::information::coherence::coherence;
///
/// // one rhythm of 8 units, the second series 2 units late
/// let rhythm = |t: i32| [0.0, 0.7, 1.0, 0.7, 0.0, -0.7, -1.0, -0.7][t.rem_euclid(8) as usize];
/// let first: Vec<f64> = (0..128).map(|t| rhythm(t) + f64::from(t * t % 13) / 50.0).collect();
/// let second: Vec<f64> = (0..128).map(|t| rhythm(t - 2) + f64::from(t * t % 17) / 50.0).collect();
/// let points = coherence(&first, &second, 1.0, 32).expect("four segments and more");
/// let at_rhythm = points[4];
/// assert_eq!(at_rhythm.frequency, 0.125);
/// assert!((at_rhythm.coherence.unwrap() - 0.998_335_7).abs() < 1e-7); // scipy 1.17.1
/// assert!((at_rhythm.phase.unwrap() + 1.575_530_4).abs() < 1e-7); // a quarter of the rhythm late, nearly
/// ```
#[must_use]
pub fn coherence(first: &[f64], second: &[f64], per_second: f64, segment: usize) -> Option<Vec<CoherencePoint>> {
    if segment < 2 || segment > first.len() || first.len() != second.len() {
        return None;
    }
    let fft = Fft::new(segment);
    let window: Vec<f64> =
        (0..segment).map(|t| 0.5 - 0.5 * libm::cos(2.0 * std::f64::consts::PI * t as f64 / segment as f64)).collect();
    let n_points = segment / 2 + 1;
    let mut powers = vec![(0.0, 0.0, Complex::default()); n_points];
    for start in (0..=first.len() - segment).step_by(segment - segment / 2) {
        let prepared = |series: &[f64]| {
            let inside = &series[start..start + segment];
            let is_constant = inside.iter().all(|value| *value == inside[0]);
            let mean = if is_constant { inside[0] } else { inside.iter().sum::<f64>() / segment as f64 };
            let weighted = inside.iter().zip(&window).map(|(value, weight)| Complex::new((value - mean) * weight, 0.0));
            fft.forward(weighted.collect())
        };
        let (x, y) = (prepared(first), prepared(second));
        for ((xx, yy, xy), (x, y)) in powers.iter_mut().zip(x.into_iter().zip(y)) {
            *xx += x.re * x.re + x.im * x.im;
            *yy += y.re * y.re + y.im * y.im;
            *xy = *xy + x.conj() * y;
        }
    }
    let point = |(idx, (xx, yy, xy)): (usize, &(f64, f64, Complex))| {
        let cross = xy.re * xy.re + xy.im * xy.im;
        let of = |value: f64, exists: bool| Some(value).filter(|value| exists && value.is_finite());
        CoherencePoint {
            frequency: idx as f64 * per_second / segment as f64,
            coherence: of((cross / xx / yy).min(1.0), xx * yy > 0.0),
            phase: of(libm::atan2(xy.im, xy.re), cross > 0.0),
        }
    };
    let points: Vec<CoherencePoint> = powers.iter().enumerate().map(point).collect();
    let is_finite = powers.iter().all(|(xx, yy, _)| xx.is_finite() && yy.is_finite());
    (is_finite && per_second.is_finite()).then_some(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_segments_overlap_by_the_smaller_half() {
        // scipy 1.17.1, coherence and csd with nperseg = 5, which overlaps by 2
        let first = [0, 2, 1, 3, 1, 0, 2, 3, 1, 2, 0, 1, 3].map(f64::from);
        let second = [1, 0, 2, 1, 3, 1, 0, 2, 3, 0, 2, 0, 1].map(f64::from);
        let points = coherence(&first, &second, 1.0, 5).unwrap();
        let want = [(0.447_408_086, 0.0), (0.577_570_558, -1.215_355_191), (0.597_184_144, -2.879_882_444)];
        assert_eq!(points.len(), want.len());
        for (point, (coherence, phase)) in points.iter().zip(want) {
            assert!((point.coherence.unwrap() - coherence).abs() < 1e-9, "{point:?}");
            assert!((point.phase.unwrap() - phase).abs() < 1e-9, "{point:?}");
        }
    }
}
