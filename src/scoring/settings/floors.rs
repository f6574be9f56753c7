//! From how many on a number says something: presentation, that changes no number.

use crate::ScoreSettings;

impl ScoreSettings {
    /// With a smaller [`n`](crate::Score::n) than this a panel writes "not enough yet" beside the score; `None` for scores without such a
    /// floor.
    ///
    /// ```
    /// use scoring::ScoreSettings;
    ///
    /// let settings = ScoreSettings::default();
    /// assert_eq!(settings.floor_of("sync.r.lag0"), Some(20)); // pairs of units
    /// assert_eq!(settings.floor_of("sync.prewhitened.peak"), Some(50)); // 50 s in units of a second
    /// assert_eq!(settings.floor_of("contingency.self.infant"), Some(30)); // rows
    /// assert_eq!(settings.floor_of("granger.infant_to_parent"), Some(60)); // units with a complete past
    /// assert_eq!(settings.floor_of("match.proportion"), None);
    /// ```
    #[must_use]
    pub fn floor_of(&self, id: &str) -> Option<u64> {
        let starts = |start: &str| id.strip_prefix(start).is_some_and(|rest| rest.starts_with('.'));
        if starts("sync.r") {
            return Some(self.floor_lag_pairs.into());
        }
        if starts("sync.prewhitened") {
            return Some((self.floor_prewhiten.micros() / self.grid_step.micros()) as u64);
        }
        if starts("granger") {
            return Some(self.floor_granger_units.into());
        }
        let regressions = ["contingency.self", "contingency.interactive", "contingency.regression", "contingency.lags"];
        regressions.into_iter().any(starts).then(|| self.floor_regression_rows.into())
    }
}
