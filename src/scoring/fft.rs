//! The discrete Fourier transform of any length, in plain arithmetic: the same bits on every processor.
//!
//! Well-kept libraries choose instructions by processor, and round by them.

/// A complex number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Complex {
    pub(crate) re: f64,
    pub(crate) im: f64,
}

impl Complex {
    pub(crate) const fn new(re: f64, im: f64) -> Self {
        Self { re, im }
    }

    pub(crate) fn conj(self) -> Self {
        Self::new(self.re, -self.im)
    }

    pub(crate) fn scaled(self, by: f64) -> Self {
        Self::new(self.re * by, self.im * by)
    }

    /// Times −i.
    fn turned(self) -> Self {
        Self::new(self.im, -self.re)
    }
}

impl std::ops::Add for Complex {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::new(self.re + other.re, self.im + other.im)
    }
}

impl std::ops::Sub for Complex {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self::new(self.re - other.re, self.im - other.im)
    }
}

impl std::ops::Mul for Complex {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self::new(self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re)
    }
}

/// The transform of one length.
///
/// Stockham's order: each stage reads one buffer and writes the other, and no digits need be reversed. Lengths with factors 2, 3 and 5
/// cost n log n; any other prime factor p costs n p for its stage.
pub(crate) struct Fft {
    len: usize,
    factors: Vec<usize>,
    roots: Vec<Complex>, // e^(−2πi k / len)
}

impl Fft {
    pub(crate) fn new(len: usize) -> Self {
        let mut rest = len;
        let mut factors = Vec::new();
        for factor in [4, 2, 3, 5] {
            while rest.is_multiple_of(factor) && rest > 1 {
                factors.push(factor);
                rest /= factor;
            }
        }
        let mut factor = 7;
        while rest > 1 {
            while rest.is_multiple_of(factor) {
                factors.push(factor);
                rest /= factor;
            }
            factor += 2;
        }
        // the product of a coarse and a fine turn: few sines for many roots
        let turn = |k: usize| {
            let angle = -2.0 * std::f64::consts::PI * (k as f64 / len as f64);
            Complex::new(libm::cos(angle), libm::sin(angle))
        };
        let n_fine = libm::sqrt(len as f64) as usize + 1;
        let fine: Vec<Complex> = (0..n_fine).map(turn).collect();
        let mut roots = Vec::with_capacity(len + n_fine);
        while roots.len() < len {
            let coarse = turn(roots.len());
            roots.extend(fine.iter().map(|fine| coarse * *fine));
        }
        Self { len, factors, roots }
    }

    /// `Σ x_t e^(−2πi k t / n)` for every k, without a factor.
    pub(crate) fn forward(&self, mut data: Vec<Complex>) -> Vec<Complex> {
        let mut other = vec![Complex::default(); self.len];
        let (mut n, mut stride) = (self.len, 1);
        for factor in &self.factors {
            self.stage(*factor, n, stride, &data, &mut other);
            std::mem::swap(&mut data, &mut other);
            n /= factor;
            stride *= factor;
        }
        data
    }

    /// One stage: `n` is what is left of the length, `stride` how many transforms lie interleaved.
    #[allow(clippy::many_single_char_names, reason = "as in the formulas")]
    fn stage(&self, factor: usize, n: usize, stride: usize, from: &[Complex], to: &mut [Complex]) {
        let m = n / factor;
        for p in 0..m {
            let twiddle = |k: usize| self.roots[k * p * stride]; // e^(−2πi k p / n)
            let rows = |idx: usize| &from[stride * (p + m * idx)..][..stride];
            let to = &mut to[stride * factor * p..][..stride * factor];
            match factor {
                2 => {
                    let w = twiddle(1);
                    let (first, second) = to.split_at_mut(stride);
                    for (((a, b), x), y) in rows(0).iter().zip(rows(1)).zip(first).zip(second) {
                        *x = *a + *b;
                        *y = (*a - *b) * w;
                    }
                }
                4 => {
                    let (w1, w2, w3) = (twiddle(1), twiddle(2), twiddle(3));
                    let (r0, r1, r2, r3) = (rows(0), rows(1), rows(2), rows(3));
                    let (low, high) = to.split_at_mut(2 * stride);
                    let ((t0, t1), (t2, t3)) = (low.split_at_mut(stride), high.split_at_mut(stride));
                    for q in 0..stride {
                        let (a, b, c, d) = (r0[q], r1[q], r2[q], r3[q]);
                        let (sum, difference) = (a + c, a - c);
                        let (sum_odd, turned) = (b + d, (b - d).turned());
                        t0[q] = sum + sum_odd;
                        t1[q] = (difference + turned) * w1;
                        t2[q] = (sum - sum_odd) * w2;
                        t3[q] = (difference - turned) * w3;
                    }
                }
                3 => {
                    const SIN: f64 = 0.866_025_403_784_438_6; // sin 60°
                    let (w1, w2) = (twiddle(1), twiddle(2));
                    let (r0, r1, r2) = (rows(0), rows(1), rows(2));
                    for q in 0..stride {
                        let (a, b, c) = (r0[q], r1[q], r2[q]);
                        let sum = b + c;
                        let middle = a - sum.scaled(0.5);
                        let turned = (b - c).turned().scaled(SIN);
                        to[q] = a + sum;
                        to[q + stride] = (middle + turned) * w1;
                        to[q + 2 * stride] = (middle - turned) * w2;
                    }
                }
                5 => {
                    const COS_1: f64 = 0.309_016_994_374_947_45; // cos 72°, cos 144°, and their sines
                    const COS_2: f64 = -0.809_016_994_374_947_5;
                    const SIN_1: f64 = 0.951_056_516_295_153_5;
                    const SIN_2: f64 = 0.587_785_252_292_473_1;
                    let (w1, w2, w3, w4) = (twiddle(1), twiddle(2), twiddle(3), twiddle(4));
                    let (r0, r1, r2, r3, r4) = (rows(0), rows(1), rows(2), rows(3), rows(4));
                    for q in 0..stride {
                        let a = r0[q];
                        let (sum_1, sum_2) = (r1[q] + r4[q], r2[q] + r3[q]);
                        let (turned_1, turned_2) = ((r1[q] - r4[q]).turned(), (r2[q] - r3[q]).turned());
                        let middle_1 = a + sum_1.scaled(COS_1) + sum_2.scaled(COS_2);
                        let middle_2 = a + sum_1.scaled(COS_2) + sum_2.scaled(COS_1);
                        let side_1 = turned_1.scaled(SIN_1) + turned_2.scaled(SIN_2);
                        let side_2 = turned_1.scaled(SIN_2) - turned_2.scaled(SIN_1);
                        to[q] = a + sum_1 + sum_2;
                        to[q + stride] = (middle_1 + side_1) * w1;
                        to[q + 2 * stride] = (middle_2 + side_2) * w2;
                        to[q + 3 * stride] = (middle_2 - side_2) * w3;
                        to[q + 4 * stride] = (middle_1 - side_1) * w4;
                    }
                }
                _ => {
                    for q in 0..stride {
                        for k in 0..factor {
                            let mut sum = Complex::default();
                            for idx in 0..factor {
                                sum = sum + rows(idx)[q] * self.roots[(k * idx % factor) * (self.len / factor)];
                            }
                            to[q + k * stride] = sum * twiddle(k);
                        }
                    }
                }
            }
        }
    }
}

/// The next length from `at_least` up that has no other prime factors than 2, 3 and 5.
pub(crate) fn quick_length(at_least: usize) -> usize {
    let is_quick = |len: usize| {
        let mut rest = len;
        for factor in [2, 3, 5] {
            while rest.is_multiple_of(factor) {
                rest /= factor;
            }
        }
        rest == 1
    };
    let mut len = at_least.max(1);
    while !is_quick(len) {
        len += 1; // to the next power of two at most
    }
    len
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_gives_the_sum_of_the_definition() {
        for len in (1..=64).chain([75, 96, 100, 121, 360, 500]) {
            let data: Vec<Complex> =
                (0..len).map(|t| Complex::new((t * t % 7) as f64 - 2.0, (t * 3 % 5) as f64)).collect();
            let fft = Fft::new(len);
            for (k, got) in fft.forward(data.clone()).iter().enumerate() {
                let terms = data.iter().enumerate().map(|(t, x)| *x * fft.roots[k * t % len]);
                let want = terms.fold(Complex::default(), |sum, term| sum + term);
                let difference = *got - want;
                assert!(difference.re.abs() + difference.im.abs() < 1e-10, "{len}: {k}");
            }
        }
    }

    #[test]
    fn quick_lengths_have_small_factors() {
        assert_eq!([1, 7, 11, 36_000, 71_999].map(quick_length), [1, 8, 12, 36_000, 72_000]);
    }
}
