//! A dyad in units of equal length, for scores that are to be compared with those of studies coded second by second.

use std::collections::BTreeMap;

use span::{Instant, Length, Span, SpanSet};

use crate::grid::{unit_count, unit_span, units};
use crate::relation::{MatchTable, Matching};
use crate::series::Piece;
use crate::settings::GridRule;
use crate::{Dyad, MatchRelation, SharedPairs, StatePair, StateSeries, StateType, StateTypes};

/// A dyad whose states change only from unit to unit.
#[derive(Clone, Debug, PartialEq)]
pub struct GriddedDyad {
    /// The partners; with [`GridRule::Any`] their states are sets of codes, written `MON+POS`.
    pub dyad: Dyad,
    /// All units: as long as the window, or longer where its last unit is a short one.
    pub window: Span,
    /// The types of the states. A set with a negative state in it is negative; any other set of several has no type.
    pub types: StateTypes,
}

impl Dyad {
    /// The same in units of `step`.
    ///
    /// *Definition*: as [`units`] by `rule`; whether the object is shared is judged by the same rule. A short last unit counts as a
    /// whole one. With [`GridRule::Any`] a state is the set of codes that occur in the unit, and two sets match where a code of the one
    /// matches a code of the other; a unit is missing where a partner has no code in it, or where missing time may hide a match.
    ///
    /// Where all boundaries lie on the grid this changes nothing.
    ///
    /// # Panics
    /// If `step` is not positive.
    ///
    /// # Example
    /// The infant turns positive after 1.4 s: in the middle of the second unit.
    /// ```
    /// use scoring::settings::GridRule;
    /// use scoring::{Dyad, MatchRelation, StateSeries, StateTypes};
    /// use span::{Length, Span};
    ///
    /// let coded = |text| StateSeries::from_text(["M", "P"], text, Length::from_millis(200));
    /// let relation = MatchRelation::equality(&["M", "P"].map(str::to_owned));
    /// let dyad = Dyad::new(coded("MMMMMMMPPPPPPPP"), coded("PPPPPPPPPPPPPPP"), relation);
    /// let window = Span::from_micros(0, 3_000_000).expect("three seconds");
    /// let matched = |rule| {
    ///     let gridded = dyad.on_grid(window, Length::SECOND, rule, &StateTypes::default());
    ///     gridded.dyad.states(Length::ZERO).matched().as_secs()
    /// };
    /// assert_eq!(dyad.states(Length::ZERO).matched().as_secs(), 1.6);
    /// assert_eq!((matched(GridRule::Instant), matched(GridRule::Majority)), (1.0, 2.0));
    /// ```
    #[must_use]
    pub fn on_grid(&self, window: Span, step: Length, rule: GridRule, types: &StateTypes) -> GriddedDyad {
        let n_units = unit_count(window, step);
        let whole = Span::new(window.start(), window.start() + step.times(n_units)).unwrap_or(window);
        let grid = UnitGrid { start: window.start(), step };
        let shared =
            if self.relation.shared.is_some() { grid.shared(&self.shared, window, rule) } else { SpanSet::new() };
        if rule == GridRule::Any {
            return self.of_sets(grid, window, whole, shared, types);
        }
        let gridded = |series: &StateSeries| {
            let pieces = units(series, window, step, rule).into_iter().zip(0..);
            let pieces = pieces.filter_map(|(state, unit)| Some(Piece { span: grid.unit(unit), state: state? }));
            StateSeries::from_sorted(series.states().into(), pieces)
        };
        let dyad = Self {
            infant: gridded(&self.infant),
            parent: gridded(&self.parent),
            relation: self.relation.clone(),
            shared,
        };
        GriddedDyad { dyad, window: whole, types: types.clone() }
    }

    fn of_sets(&self, grid: UnitGrid, window: Span, whole: Span, shared: SpanSet, types: &StateTypes) -> GriddedDyad {
        let table = MatchTable::new(&self.relation, self.infant.states(), self.parent.states());
        let (infant, parent) = (presence(&self.infant, window, grid.step), presence(&self.parent, window, grid.step));
        let (mut infant_sets, mut parent_sets) = (Sets::default(), Sets::default());
        let mut pieces = (Vec::new(), Vec::new());
        for (unit, (first, second)) in (0..).zip(infant.iter().zip(&parent)) {
            let span = grid.unit(unit);
            let is_known = match table.of_sets(&first.states, &second.states) {
                Matching::Always => true,
                Matching::WhileShared if shared.contains(span.start()) => true,
                _ => !table.may_match(first, second),
            };
            if is_known && !first.states.is_empty() && !second.states.is_empty() {
                pieces.0.push(Piece { span, state: infant_sets.index(&first.states) });
                pieces.1.push(Piece { span, state: parent_sets.index(&second.states) });
            }
        }
        let (infant_keys, parent_keys) = (infant_sets.keys(&self.infant), parent_sets.keys(&self.parent));
        let mut set_types = types.clone();
        infant_sets.add_types(&self.infant, &mut set_types);
        parent_sets.add_types(&self.parent, &mut set_types);
        let pairs = |matching: Matching| -> Vec<StatePair> {
            let of = |(first, infant_key): (&Vec<usize>, &String)| {
                let matching = parent_sets
                    .sets
                    .iter()
                    .zip(&parent_keys)
                    .filter(|(second, _)| table.of_sets(first, second) == matching);
                matching.map(|(_, parent_key)| (infant_key.clone(), parent_key.clone())).collect::<Vec<_>>()
            };
            infant_sets.sets.iter().zip(&infant_keys).flat_map(of).collect()
        };
        let relation = MatchRelation {
            pairs: pairs(Matching::Always),
            shared: self
                .relation
                .shared
                .as_ref()
                .map(|shared| SharedPairs { pairs: pairs(Matching::WhileShared), ..shared.clone() }),
            ..self.relation.clone()
        };
        let dyad = Self {
            infant: StateSeries::from_sorted(infant_keys.into(), pieces.0),
            parent: StateSeries::from_sorted(parent_keys.into(), pieces.1),
            relation,
            shared,
        };
        GriddedDyad { dyad, window: whole, types: set_types }
    }
}

/// Which codes occur in one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Presence {
    /// Those that do, ascending.
    pub(crate) states: Vec<usize>,
    /// Is any of its time missing, so that others may?
    pub(crate) has_missing: bool,
}

/// The states that occur in each unit of `window`. *Shape*, *Panics*: as [`units`].
pub(crate) fn presence(series: &StateSeries, window: Span, step: Length) -> Vec<Presence> {
    let n_units = unit_count(window, step);
    let mut pieces = series.pieces();
    let unit = |unit: i64| {
        let span = unit_span(window.start() + step.times(unit), step, window);
        pieces = &pieces[pieces.partition_point(|piece| piece.span.end() <= span.start())..];
        let inside = pieces.iter().take_while(|piece| piece.span.start() < span.end());
        let covered = |piece: &Piece| piece.span.intersection(span).map_or(Length::ZERO, Span::length);
        let coded: Length = inside.clone().map(covered).sum();
        let mut states: Vec<usize> = inside.map(|piece| piece.state).collect();
        states.sort_unstable();
        states.dedup();
        Presence { states, has_missing: coded < span.length() }
    };
    (0..n_units).map(unit).collect()
}

impl Presence {
    /// The state that fills the unit.
    pub(crate) fn only_state(&self) -> Option<usize> {
        match self.states[..] {
            [state] if !self.has_missing => Some(state),
            _ => None,
        }
    }
}

impl MatchTable {
    /// How two sets of states match: the most that one of their pairs does.
    fn of_sets(&self, infant: &[usize], parent: &[usize]) -> Matching {
        let pairs = infant.iter().flat_map(|first| parent.iter().map(|second| self.get(*first, *second)));
        pairs.max().unwrap_or(Matching::Never)
    }

    /// May missing time hide a match?
    fn may_match(&self, infant: &Presence, parent: &Presence) -> bool {
        let may_be = |presence: &Presence, state: usize| presence.has_missing || presence.states.contains(&state);
        let hides = infant.has_missing || parent.has_missing;
        hides && self.pairs().any(|(first, second)| may_be(infant, first) && may_be(parent, second))
    }
}

#[derive(Clone, Copy)]
struct UnitGrid {
    start: Instant,
    step: Length,
}

impl UnitGrid {
    fn unit(&self, unit: i64) -> Span {
        let start = self.start + self.step.times(unit);
        Span::new(start, start + self.step).expect("a unit has a length")
    }

    /// The units in which the object is shared.
    fn shared(&self, shared: &SpanSet, window: Span, rule: GridRule) -> SpanSet {
        let piece = |state: usize| move |span: &Span| Piece { span: *span, state };
        let not_shared = shared.gaps(window);
        let pieces = shared.spans().iter().map(piece(1)).chain(not_shared.spans().iter().map(piece(0)));
        let series =
            StateSeries::from_pieces(["apart", "shared"], pieces).expect("either shared or not").within(window);
        let is_shared: Vec<bool> = match rule {
            GridRule::Any => presence(&series, window, self.step).iter().map(|unit| unit.states.contains(&1)).collect(),
            _ => units(&series, window, self.step, rule).into_iter().map(|state| state == Some(1)).collect(),
        };
        (0..).zip(is_shared).filter(|(_, is_shared)| *is_shared).map(|(unit, _)| self.unit(unit)).collect()
    }
}

/// The sets of codes that occur, in the order of their first occurrence.
#[derive(Default)]
struct Sets {
    sets: Vec<Vec<usize>>,
    places: BTreeMap<Vec<usize>, usize>,
}

impl Sets {
    fn index(&mut self, set: &[usize]) -> usize {
        if let Some(place) = self.places.get(set) {
            return *place;
        }
        self.sets.push(set.to_vec());
        self.places.insert(set.to_vec(), self.sets.len() - 1);
        self.sets.len() - 1
    }

    fn keys(&self, series: &StateSeries) -> Vec<String> {
        let key = |set: &Vec<usize>| set.iter().map(|state| series.state_key(*state)).collect::<Vec<_>>().join("+");
        self.sets.iter().map(key).collect()
    }

    fn add_types(&self, series: &StateSeries, types: &mut StateTypes) {
        for (set, key) in self.sets.iter().zip(self.keys(series)) {
            let is_negative = set.iter().any(|state| types.of(series.state_key(*state)) == Some(StateType::Neg));
            if set.len() > 1 && is_negative {
                types.0.insert(key, StateType::Neg);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Units of four ticks; what is matched in each, `.` where that is missing.
    #[track_caller]
    fn check(infant: &str, parent: &str, rule: GridRule, want: &str) {
        let series = |text| StateSeries::from_text(["A", "B", "N"], text, Length::MICROSECOND);
        let (infant, parent) = (series(infant), series(parent));
        let relation = MatchRelation::equality(&["A", "B"].map(str::to_owned));
        let dyad = Dyad::new(infant, parent, relation);
        let window = Span::from_micros(0, 10).unwrap();
        let gridded = dyad.on_grid(window, Length::from_micros(4), rule, &StateTypes::default());
        assert_eq!(gridded.window.length(), Length::from_micros(12));
        let states = gridded.dyad.states(Length::ZERO);
        let unit = |unit: i64| {
            let run = states.runs.iter().find(|run| run.span.contains(Instant::from_micros(unit * 4)));
            run.map_or('.', |run| if run.matched { '1' } else { '0' })
        };
        assert_eq!((0..3).map(unit).collect::<String>(), want, "{rule:?}");
    }

    #[test]
    fn the_rule_decides_what_a_unit_is() {
        check("AABBAAAAAB", "AAAAAAAABB", GridRule::Instant, "110");
        check("AABBAAAAAB", "AAAAAAAABB", GridRule::Midpoint, "010"); // the middle of the short last unit is beyond the window
        check("AABBBBBBBB", "BBBBAAABBB", GridRule::Majority, "001");
        check("ABBBNNNNAA", "AAAANNNNNN", GridRule::Any, "100");
    }

    #[test]
    fn missing_time_hides_a_match_only_where_there_may_be_one() {
        check("A.AABBBB..", "AAAABBB.AA", GridRule::Any, "11.");
        check("B..BBBBBBB", "AAAANNNNN.", GridRule::Any, ".0.");
        check("N...NNNNNN", "NNNNNNNNNN", GridRule::Any, "000"); // whatever is hidden, the other matches nothing
    }

    #[test]
    fn boundaries_on_the_grid_make_no_difference() {
        let series = |text| StateSeries::from_text(["A", "B"], text, Length::SECOND);
        let relation = MatchRelation::equality(&["A", "B"].map(str::to_owned));
        let dyad = Dyad::new(series("AAB.BBA"), series("ABBBAAA"), relation);
        let window = Span::from_micros(0, 7_000_000).unwrap();
        for rule in [GridRule::Instant, GridRule::Midpoint, GridRule::Majority, GridRule::Any] {
            let gridded = dyad.on_grid(window, Length::SECOND, rule, &StateTypes::default());
            assert_eq!(gridded.window, window);
            assert_eq!(gridded.dyad.states(Length::ZERO).runs, dyad.states(Length::ZERO).runs, "{rule:?}");
        }
    }
}
