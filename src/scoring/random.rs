//! Random numbers that are the same on every platform, for the same seed and replicate, in whatever order replicates are drawn.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};

/// The numbers of one replicate.
///
/// *Definition*: `ChaCha8` with its key from the seed, and the replicate's number as its stream.
///
/// *Reference*: Bernstein, D. J. (2008). `ChaCha`, a variant of Salsa20.
pub(crate) struct Random(ChaCha8Rng);

impl Random {
    pub(crate) fn new(seed: u64, replicate: u64) -> Self {
        let mut numbers = ChaCha8Rng::seed_from_u64(seed);
        numbers.set_stream(replicate);
        Self(numbers)
    }

    /// A whole number from 0 up to, and without, `n`; all are equally likely.
    ///
    /// # Panics
    /// If `n` is 0.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        let too_many = (u64::MAX % n + 1) % n; // so many numbers do not fill a last round of n
        loop {
            let number = self.0.next_u64();
            if number <= u64::MAX - too_many {
                return number % n;
            }
        }
    }

    /// A number between 0 and 1, never one of them.
    pub(crate) fn unit(&mut self) -> f64 {
        const STEPS: f64 = (1_u64 << 52) as f64;
        ((self.0.next_u64() >> 12) as f64 + 0.5) / STEPS
    }

    /// A number from a normal distribution, by inverse transform.
    pub(crate) fn normal(&mut self, mean: f64, sd: f64) -> f64 {
        mean + sd * normal_quantile(self.unit())
    }
}

/// The number below which a standard normal deviate lies with probability `p`, between 0 and 1.
///
/// *Reference*: Wichura, M. J. (1988). Algorithm AS 241: The percentage points of the normal distribution. Applied Statistics,
/// 37, 477–484, PPND16: about 16 digits. <https://doi.org/10.2307/2347330>.
#[allow(clippy::unreadable_literal, clippy::excessive_precision, reason = "as printed in the reference")]
fn normal_quantile(p: f64) -> f64 {
    let ratio = |r: f64, above: [f64; 8], below: [f64; 7]| {
        let sum = |start: f64, factors: &[f64]| factors.iter().rev().fold(start, |sum, factor| sum * r + factor);
        let (start, rest) = (above[7], &above[..7]);
        let numerator = sum(start, rest);
        let denominator = sum(below[6], &below[..6]) * r + 1.0;
        numerator / denominator
    };
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let above = [
            3.3871328727963666080e0,
            1.3314166789178437745e2,
            1.9715909503065514427e3,
            1.3731693765509461125e4,
            4.5921953931549871457e4,
            6.7265770927008700853e4,
            3.3430575583588128105e4,
            2.5090809287301226727e3,
        ];
        let below = [
            4.2313330701600911252e1,
            6.8718700749205790830e2,
            5.3941960214247511077e3,
            2.1213794301586595867e4,
            3.9307895800092710610e4,
            2.8729085735721942674e4,
            5.2264952788528545610e3,
        ];
        return q * ratio(0.180625 - q * q, above, below);
    }
    let tail = libm::sqrt(-libm::log(p.min(1.0 - p)));
    let distance = if tail <= 5.0 {
        let above = [
            1.42343711074968357734e0,
            4.63033784615654529590e0,
            5.76949722146069140550e0,
            3.64784832476320460504e0,
            1.27045825245236838258e0,
            2.41780725177450611770e-1,
            2.27238449892691845833e-2,
            7.74545014278341407640e-4,
        ];
        let below = [
            2.05319162663775882187e0,
            1.67638483018380384940e0,
            6.89767334985100004550e-1,
            1.48103976427480074590e-1,
            1.51986665636164571966e-2,
            5.47593808499534494600e-4,
            1.05075007164441684324e-9,
        ];
        ratio(tail - 1.6, above, below)
    } else {
        let above = [
            6.65790464350110377720e0,
            5.46378491116411436990e0,
            1.78482653991729133580e0,
            2.96560571828504891230e-1,
            2.65321895265761230930e-2,
            1.24266094738807843860e-3,
            2.71155556874348757815e-5,
            2.01033439929228813265e-7,
        ];
        let below = [
            5.99832206555887937690e-1,
            1.36929880922735805310e-1,
            1.48753612908506148525e-2,
            7.86869131145613259100e-4,
            1.84631831751005468180e-5,
            1.42151175831644588870e-7,
            2.04426310338993978564e-15,
        ];
        ratio(tail - 5.0, above, below)
    };
    if q < 0.0 { -distance } else { distance }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::unreadable_literal, reason = "as Python prints them")]
    fn normal_quantiles_are_those_of_python() {
        // statistics.NormalDist().inv_cdf
        for (p, want) in [
            (0.5, 0.0),
            (0.6, 0.2533471031357998),
            (0.025, -1.9599639845400538),
            (0.975, 1.9599639845400536),
            (0.93, 1.4757910281791708),
            (1e-06, -4.753424308822899),
            (1e-14, -7.650628092935268),
        ] {
            let got = normal_quantile(p);
            assert!((got - want).abs() <= 1e-14 * want.abs(), "{p}: got {got}, expected {want}");
        }
    }

    #[test]
    fn a_seed_and_a_replicate_decide_the_key_and_the_stream() {
        // Python 3, from the specifications: PCG32 from the seed for the key, as rand_core documents seed_from_u64; ChaCha with 8 rounds,
        // a counter of 64 bits and then the replicate in 64 bits, two words for each number, the lower half first
        let random = Random::new(7, 0);
        let key: Vec<u32> =
            random.0.get_seed().as_chunks().0.iter().map(|bytes: &[u8; 4]| u32::from_le_bytes(*bytes)).collect();
        assert_eq!(
            key,
            [0x3b40_0cc8, 0x096c_20d0, 0x6f3b_a637, 0x1e25_4ff2, 0x1b2f_bb3c, 0x5a56_84b3, 0x1566_a09a, 0x3f20_1b0d]
        );
        let numbers = |replicate| {
            let mut random = Random::new(7, replicate);
            [(); 5].map(|()| random.0.next_u64())
        };
        assert_eq!(
            [numbers(0), numbers(1)],
            [
                [
                    0x2865_5334_23d7_43bb,
                    0x2b01_59d3_2e9b_293a,
                    0xb44b_70b9_4524_9531,
                    0xba0b_b7b6_093e_3ae3,
                    0x99ec_1c5f_1237_db88,
                ],
                [
                    0xfdfa_d737_a8d7_aac7,
                    0x0251_3177_1b7a_4e55,
                    0xb8bb_8bda_f784_db52,
                    0x8731_f031_72f8_c665,
                    0x0ef3_1326_ad3e_d5ba,
                ],
            ]
        );
    }

    #[test]
    fn replicates_do_not_depend_on_each_other() {
        let numbers = |replicate| {
            let mut random = Random::new(7, replicate);
            [random.below(1_000), random.below(1_000)]
        };
        assert_eq!(numbers(3), numbers(3));
        assert_ne!(numbers(3), numbers(4));
        let mut random = Random::new(7, 0);
        assert!((0..1_000).all(|_| random.below(3) < 3 && (0.0..1.0).contains(&random.unit())));
    }
}
