//! Both partners as units of equal length with one state each.

use crate::Why;
use crate::contingency::sequential::LagTable;
use crate::grid::units;
use crate::needs::Person;
use crate::settings::ScoreSettings;

use super::scene::Scene;

/// The values of the infant's units and of the parent's; `None` is missing.
pub(super) type Numbers = (Vec<Option<f64>>, Vec<Option<f64>>);

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

    /// The values of their states, for correlations, or why a partner has none.
    pub(super) fn numbers(&self) -> Result<Numbers, Why> {
        Ok((numbers(&self.infant, self.people.0)?, numbers(&self.parent, self.people.1)?))
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

fn numbers(units: &[Option<usize>], person: &Person) -> Result<Vec<Option<f64>>, Why> {
    let numbers: Vec<Option<f64>> = units.iter().map(|state| person.values[(*state)?]).collect();
    let has_value = numbers.iter().any(Option::is_some) || units.iter().all(Option::is_none);
    has_value.then_some(numbers).ok_or_else(|| {
        format!("no state of the {} has a value: the setting state.values gives it one", person.subject).into()
    })
}
