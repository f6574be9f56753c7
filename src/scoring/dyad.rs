//! Two partners on one clock: when their states match.

use span::{Instant, Length, Span, SpanSet};

use crate::relation::{MatchTable, Matching};
use crate::series::StateSeries;
use crate::{MatchRelation, Subject};

/// Two series on one clock, and the relation that says which pairs of states match.
#[derive(Clone, Debug, PartialEq)]
pub struct Dyad {
    /// The first series of every function of two: L > 0 means that the infant leads.
    pub infant: StateSeries,
    /// The second series.
    pub parent: StateSeries,
    /// Which pairs match.
    pub relation: MatchRelation,
    /// When the partners attend to the same object; of use to pairs that match only then.
    pub shared: SpanSet,
}

/// An uninterrupted stretch in which neither partner's state, nor whether the object is shared, changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// When.
    pub span: Span,
    /// The infant's state.
    pub infant: usize,
    /// The parent's state.
    pub parent: usize,
    /// Is the object shared?
    pub shared: bool,
    /// Do the states match?
    pub matched: bool,
}

/// A maximal stretch in or out of match. Time missing for either partner lies between runs and belongs to none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatchRun {
    /// When.
    pub span: Span,
    /// In match?
    pub matched: bool,
}

/// Who changed at a moment inside codable time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) at: Instant,
    pub(crate) infant: bool,
    pub(crate) parent: bool,
}

/// The dyad's state over time: what all dyadic scores in exact mode are computed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DyadicStates {
    /// Sorted, disjoint; two that touch differ in a state or in whether the object is shared.
    pub cells: Vec<Cell>,
    /// Sorted, disjoint, maximal; two that touch differ.
    pub runs: Vec<MatchRun>,
    pub(crate) changes: Vec<Change>, // sorted
    codable: Length,
}

impl Dyad {
    /// A dyad whose relation needs no shared object.
    #[must_use]
    pub fn new(infant: StateSeries, parent: StateSeries, relation: MatchRelation) -> Self {
        Self { infant, parent, relation, shared: SpanSet::new() }
    }

    /// The part inside `window`.
    #[must_use]
    pub fn within(&self, window: Span) -> Self {
        Self { infant: self.infant.within(window), parent: self.parent.within(window), ..self.clone() }
    }

    /// One sweep over all boundaries.
    ///
    /// *Definition*: an instant is codable when both states are known. A mismatch shorter than `min_mismatch` between two
    /// matches counts as match (zero: none does).
    ///
    /// # Example
    /// ```
    /// use scoring::{Dyad, MatchRelation, StateSeries};
    /// use span::Length;
    ///
    /// let coded = |text| StateSeries::from_text(["M", "P"], text, Length::SECOND);
    /// let dyad = Dyad::new(coded("MMPP."), coded("MPPPP"), MatchRelation::equality(&["M", "P"].map(str::to_owned)));
    /// let states = dyad.states(Length::ZERO);
    /// assert_eq!((states.codable().as_secs(), states.matched().as_secs()), (4.0, 3.0));
    /// let matched: Vec<bool> = states.runs.iter().map(|run| run.matched).collect();
    /// assert_eq!(matched, [true, false, true]);
    /// // a second is a short mismatch where shorter than two do not count
    /// assert_eq!(dyad.states(Length::SECOND.times(2)).matched().as_secs(), 4.0);
    /// ```
    #[must_use]
    pub fn states(&self, min_mismatch: Length) -> DyadicStates {
        let table = MatchTable::new(&self.relation, self.infant.states(), self.parent.states());
        let mut cells = self.cells(&table);
        let mut runs = runs(&cells);
        if min_mismatch > Length::ZERO {
            close_short_mismatches(&mut cells, &runs, min_mismatch);
            runs = self::runs(&cells);
        }
        let codable = runs.iter().map(|run| run.span.length()).sum();
        let changes = self.changes(&cells, &table);
        DyadicStates { cells, runs, changes, codable }
    }

    fn cells(&self, table: &MatchTable) -> Vec<Cell> {
        let (infant, parent) = (self.infant.pieces(), self.parent.pieces());
        let (mut i, mut p, mut first_shared) = (0, 0, 0);
        let mut cells = Vec::with_capacity(infant.len() + parent.len());
        while let (Some(first), Some(second)) = (infant.get(i), parent.get(p)) {
            if let Some(both) = first.span.intersection(second.span) {
                let cell = |span: Span, shared: bool| {
                    let matched = match table.get(first.state, second.state) {
                        Matching::Never => false,
                        Matching::WhileShared => shared,
                        Matching::Always => true,
                    };
                    Cell { span, infant: first.state, parent: second.state, shared, matched }
                };
                let flags = self.shared.spans();
                first_shared += flags[first_shared..].partition_point(|flag| flag.end() <= both.start());
                let mut start = both.start();
                for flag in flags[first_shared..].iter().take_while(|flag| flag.start() < both.end()) {
                    cells.extend(Span::new(start, flag.start()).map(|span| cell(span, false)));
                    cells.extend(flag.intersection(both).map(|span| cell(span, true)));
                    start = flag.end();
                }
                cells.extend(Span::new(start, both.end()).map(|span| cell(span, false)));
            }
            if first.span.end() <= second.span.end() {
                i += 1;
            } else {
                p += 1;
            }
        }
        cells
    }

    /// Where touching cells differ, and because of whom. Turning to or from the shared object is a change only for pairs that
    /// ask for it.
    fn changes(&self, cells: &[Cell], table: &MatchTable) -> Vec<Change> {
        let whose = self.relation.shared.as_ref().map(|shared| shared.condition.subject);
        let asks = |cell: &Cell| table.get(cell.infant, cell.parent) == Matching::WhileShared;
        let change = |pair: &[Cell]| {
            let (before, after) = (&pair[0], &pair[1]);
            if before.span.end() != after.span.start() {
                return None;
            }
            let turned = before.shared != after.shared && (asks(before) || asks(after));
            let infant = before.infant != after.infant || turned && whose != Some(Subject::Parent);
            let parent = before.parent != after.parent || turned && whose != Some(Subject::Infant);
            (infant || parent).then_some(Change { at: after.span.start(), infant, parent })
        };
        cells.windows(2).filter_map(change).collect()
    }
}

impl DyadicStates {
    /// How long both states are known.
    #[must_use]
    pub fn codable(&self) -> Length {
        self.codable
    }

    /// From the first to the last instant at which both states are known.
    #[must_use]
    pub fn coded(&self) -> Option<Span> {
        Some(self.cells.first()?.span.hull(self.cells.last()?.span))
    }

    /// How long the states match.
    #[must_use]
    pub fn matched(&self) -> Length {
        self.runs.iter().filter(|run| run.matched).map(|run| run.span.length()).sum()
    }

    /// The cells of one run.
    pub(crate) fn cells_in(&self, run: Span) -> &[Cell] {
        let first = self.cells.partition_point(|cell| cell.span.start() < run.start());
        let last = self.cells.partition_point(|cell| cell.span.start() < run.end());
        &self.cells[first..last]
    }
}

fn runs(cells: &[Cell]) -> Vec<MatchRun> {
    let mut runs: Vec<MatchRun> = Vec::new();
    for cell in cells {
        match runs.last_mut() {
            Some(run) if run.matched == cell.matched && run.span.end() == cell.span.start() => {
                run.span = run.span.hull(cell.span);
            }
            _ => runs.push(MatchRun { span: cell.span, matched: cell.matched }),
        }
    }
    runs
}

fn close_short_mismatches(cells: &mut [Cell], runs: &[MatchRun], min: Length) {
    for around in runs.windows(3) {
        let [before, run, after] = around else { continue };
        let between = before.span.end() == run.span.start() && run.span.end() == after.span.start();
        if between && !run.matched && run.span.length() < min {
            let first = cells.partition_point(|cell| cell.span.start() < run.span.start());
            for cell in cells[first..].iter_mut().take_while(|cell| cell.span.start() < run.span.end()) {
                cell.matched = true;
            }
        }
    }
}
