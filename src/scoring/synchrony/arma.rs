//! ARMA(1,1): for comparison with programs that pre-whiten with it.

/// Steps of the search end here.
const STEP_END: f64 = 1e-9;
/// φ and θ stay this far inside −1 to 1.
const EDGE: f64 = 1e-6;

/// The model `x_t − μ = φ (x_{t−1} − μ) + ε_t + θ ε_{t−1}`.
///
/// *Definition*: the maximum of the exact Gaussian likelihood, stationary from the start; μ and σ² are profiled out, φ and θ searched
/// from a grid with steps that halve.
///
/// *Reference*: Brockwell, P. J., & Davis, R. A. (1991). Time series: Theory and methods (2nd ed.), section 5.3, doi
/// 10.1007/978-1-4419-0320-4: the innovations. As `order = (1, 0, 1)` in R's `stats::arima` and in statsmodels.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Arma11 {
    /// μ.
    pub mean: f64,
    /// φ.
    pub phi: f64,
    /// θ.
    pub theta: f64,
    /// σ², of the ε.
    pub variance: f64,
    /// The logarithm of the likelihood.
    pub log_likelihood: f64,
}

impl Arma11 {
    /// The model of a series.
    ///
    /// *Undefined cases*: `None` with fewer than five values, for a constant series, and where the likelihood has no maximum.
    ///
    /// ```
    /// use scoring::synchrony::arma::Arma11;
    ///
    /// // two bumps: neighbours are alike
    /// let series = [0.0, 1.0, 2.0, 1.0, 0.0, -1.0, -2.0, -1.5, 0.0, 1.0, 2.5, 1.0];
    /// let model = Arma11::fit(&series).expect("the series varies");
    /// // statsmodels 0.15.0, ARIMA(1, 0, 1)
    /// assert!((model.mean - 0.251_7).abs() < 1e-3 && (model.variance - 0.735_4).abs() < 1e-3);
    /// assert!((model.phi - 0.347_5).abs() < 1e-3 && (model.theta - 0.642_0).abs() < 1e-3);
    /// assert!((model.log_likelihood + 15.714_332).abs() < 1e-5);
    /// assert_eq!(Arma11::fit(&[1.0; 12]), None);
    ///
    /// // nothing precedes the first value: only its distance from the mean is news
    /// let innovations = model.innovations(&series);
    /// assert_eq!((innovations.len(), innovations[0]), (12, -model.mean));
    /// ```
    #[must_use]
    pub fn fit(series: &[f64]) -> Option<Self> {
        if series.len() < 5 || series.iter().all(|value| *value == series[0]) {
            return None;
        }
        let centre = series.iter().sum::<f64>() / series.len() as f64; // keeps digits where the mean is far from 0
        let series: Vec<f64> = series.iter().map(|value| value - centre).collect();
        let value = |(phi, theta): (f64, f64)| {
            Self::profile(&series, phi, theta).map_or(f64::NEG_INFINITY, |model| model.log_likelihood)
        };
        let grid = |idx: i32| f64::from(idx) / 10.0;
        let starts = (-9..=9).flat_map(|phi| (-9..=9).map(move |theta| (grid(phi), grid(theta))));
        let mut best = (0.0, 0.0);
        let mut highest = value(best);
        for start in starts {
            let likelihood = value(start);
            if likelihood > highest {
                (best, highest) = (start, likelihood);
            }
        }
        let mut step = 0.05;
        while step > STEP_END {
            // the ridge φ = −θ is long and thin: the diagonals are directions of their own
            let directions = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1), (1, 1), (-1, -1)];
            let moved = directions.into_iter().find_map(|(phi, theta)| {
                let there = (best.0 + step * f64::from(phi), best.1 + step * f64::from(theta));
                let likelihood = value(there);
                (likelihood > highest).then_some((there, likelihood))
            });
            match moved {
                Some(better) => (best, highest) = better,
                None => step /= 2.0,
            }
        }
        let model = Self::profile(&series, best.0, best.1)?;
        Some(Self { mean: model.mean + centre, ..model })
    }

    /// The innovations of a series, its own or another's: what the model did not expect, from the first value on.
    #[must_use]
    pub fn innovations(&self, series: &[f64]) -> Vec<f64> {
        let centred = series.iter().map(|value| value - self.mean);
        Innovations::new(self.phi, self.theta).map(centred).map(|(innovation, _)| innovation).collect()
    }

    /// The best μ and σ² for these φ and θ.
    fn profile(series: &[f64], phi: f64, theta: f64) -> Option<Self> {
        if phi.abs() > 1.0 - EDGE || theta.abs() > 1.0 - EDGE {
            return None;
        }
        // innovations are linear in the series, so those of x − μ are those of x less μ times those of 1
        let of_series = Innovations::new(phi, theta).map(series.iter().copied());
        let of_one = Innovations::new(phi, theta).map(series.iter().map(|_| 1.0));
        let (mut xx, mut x1, mut ones, mut log_scale) = (0.0, 0.0, 0.0, 0.0);
        for ((x, scale), (one, _)) in of_series.zip(of_one) {
            xx += x * x / scale;
            x1 += x * one / scale;
            ones += one * one / scale;
            log_scale += libm::log(scale);
        }
        let mean = x1 / ones;
        let n = series.len() as f64;
        let variance = (xx - mean * x1) / n;
        let log_likelihood = -0.5 * (n * (libm::log(2.0 * std::f64::consts::PI * variance) + 1.0) + log_scale);
        let is_defined = variance > 0.0 && log_likelihood.is_finite();
        is_defined.then_some(Self { mean, phi, theta, variance, log_likelihood })
    }
}

/// Runs through a series of mean 0 and says what was not expected, and its variance beside σ².
struct Innovations {
    phi: f64,
    theta: f64,
    scale: f64,
    expected: f64,
}

impl Innovations {
    fn new(phi: f64, theta: f64) -> Self {
        let scale = (1.0 + 2.0 * phi * theta + theta * theta) / (1.0 - phi * phi);
        Self { phi, theta, scale, expected: 0.0 }
    }

    fn map(mut self, series: impl Iterator<Item = f64>) -> impl Iterator<Item = (f64, f64)> {
        series.map(move |value| {
            let (innovation, scale) = (value - self.expected, self.scale);
            self.expected = self.phi * value + self.theta * innovation / scale;
            self.scale = 1.0 + self.theta * self.theta - self.theta * self.theta / scale;
            (innovation, scale)
        })
    }
}
