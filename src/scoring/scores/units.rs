//! Both partners as units of equal length with one state each.

use crate::contingency::sequential::LagTable;
use crate::grid::units;
use crate::needs::Person;
use crate::settings::ScoreSettings;

use super::scene::Scene;

/// Both partners in units of `grid.step`.
pub(super) struct Units<'a> {
    people: (&'a Person, &'a Person),
    pub(super) infant: Vec<Option<usize>>,
    pub(super) parent: Vec<Option<usize>>,
    /// The largest lag, in units; beyond the number of units none has a partner.
    pub(super) max_lag: usize,
}

impl<'a> Units<'a> {
    pub(super) fn new(scene: &Scene<'a>, settings: &ScoreSettings) -> Self {
        let span = scene.episode.span;
        let of = |series| units(series, span, settings.grid_step, settings.grid_rule);
        let (infant, parent) = (of(&scene.dyad.infant), of(&scene.dyad.parent));
        let max_lag = (settings.lag_max.micros() / settings.grid_step.micros()) as usize;
        Self { people: (scene.infant, scene.parent), max_lag: max_lag.min(infant.len()), infant, parent }
    }

    /// The values of their states, for correlations.
    pub(super) fn numbers(&self) -> (Vec<Option<f64>>, Vec<Option<f64>>) {
        let of = |units: &[Option<usize>], person: &Person| -> Vec<Option<f64>> {
            units.iter().map(|state| person.values[(*state)?]).collect()
        };
        (of(&self.infant, self.people.0), of(&self.parent, self.people.1))
    }

    /// Which state of the parent follows which of the infant, and the mirror.
    pub(super) fn lag_tables(&self, settings: &ScoreSettings) -> [LagTable; 2] {
        let lag = (settings.sequential_lag.micros() / settings.grid_step.micros()) as usize;
        let (n_infant, n_parent) = (self.people.0.values.len(), self.people.1.values.len());
        let between = |first, second, shape| LagTable::between(first, second, shape, lag, settings.lag_inside_missing);
        [
            between(&self.infant, &self.parent, (n_infant, n_parent)),
            between(&self.parent, &self.infant, (n_parent, n_infant)),
        ]
    }
}
