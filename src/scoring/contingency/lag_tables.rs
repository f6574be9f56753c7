//! The scores of tables of which state follows which.

use crate::catalog::ScoreInfo;
use crate::contingency::scores::{note_of_correction, note_of_few, says_something};
use crate::contingency::sequential::{LagTable, Repeats};
use crate::settings::{ScoreSettings, StructuralZ};
use crate::{Score, ScoreMap, Why};

/// A table with the names of its states.
pub(crate) struct NamedTable<'a> {
    table: &'a LagTable,
    given: &'a [String],  // the names of the rows
    target: &'a [String], // and of the columns
    rows: Vec<u64>,       // how often each is given
}

/// Adds the residual of every cell; `template` is its entry in the catalog, whose last two parts are replaced.
pub(crate) fn push_residuals(
    out: &mut ScoreMap,
    template: &'static ScoreInfo,
    named: &NamedTable,
    settings: &ScoreSettings,
) {
    let table = named.table;
    let (residuals, expected) = (table.adjusted_residuals(settings.structural_z), table.expected());
    named.push_cells(out, template, |row, column| {
        let cell = named.cell(row, column);
        let score = Score::from_option(residuals[cell], named.why_no_residual(row, column, settings.structural_z));
        score.with_n_if_present(named.rows[row] as usize).with_note(note_of_few(expected[cell]))
    });
}

/// Adds every score of a table, whose entries in the catalog are `group`: those of cells, then those of the whole.
pub(crate) fn push_table(
    out: &mut ScoreMap,
    group: &'static [ScoreInfo],
    named: &NamedTable,
    settings: &ScoreSettings,
) {
    let table = named.table;
    let expected = table.expected();
    let of_pair = |value: Option<f64>| {
        let score = Score::from_option(value, "a cell or margin of the table is zero");
        score.with_n_if_present(table.total() as usize)
    };
    for info in group.iter().filter(|info| info.is_template()) {
        let statistic = info.id.split('.').nth(3).unwrap_or_default();
        if statistic == "z" {
            push_residuals(out, info, named, settings);
            continue;
        }
        named.push_cells(out, info, |row, column| {
            let (cell, two_by_two) = (named.cell(row, column), table.two_by_two(row, column));
            if table.is_structural(row, column) {
                return Score::absent(STRUCTURAL);
            }
            match statistic {
                "count" => Score::count(table.counts()[cell] as usize),
                "transitional_probability" => {
                    Score::ratio(table.counts()[cell] as f64, named.rows[row] as f64, "this is never given")
                }
                "expected" => Score::from_option(expected[cell], "no pair, or margins that no table has"),
                "yules_q" => of_pair(two_by_two.yules_q()),
                "odds_ratio" if !says_something(&two_by_two) => of_pair(None),
                "odds_ratio" => of_pair(two_by_two.odds_ratio(settings.haldane))
                    .with_note(note_of_correction(&two_by_two, settings.haldane)),
                "phi" => of_pair(two_by_two.phi()),
                _ => unreachable!("the catalog lists the statistics of a cell"),
            }
        });
    }
    push_whole(out, group, table, &expected);
}

const STRUCTURAL: &str = "no state follows itself";

/// The scores of the table as a whole.
fn push_whole(out: &mut ScoreMap, group: &'static [ScoreInfo], table: &LagTable, expected: &[Option<f64>]) {
    let whole = table.chi_square();
    let why = if table.total() == 0 { "no pair of states" } else { "with cells that are zero by design there is none" };
    let n_few = expected.iter().flatten().filter(|expected| **expected > 0.0 && **expected < 5.0).count();
    let note = (n_few > 0).then(|| Why::Owned(format!("{n_few} expected cells are below 5")));
    for info in group.iter().filter(|info| !info.is_template()) {
        let score = match info.id.split('.').nth(3).unwrap_or_default() {
            "chi2" => Score::from_option(whole.map(|whole| whole.chi2), why).with_note(note.clone()),
            "df" => Score::from_option(whole.map(|whole| whole.df as f64), why),
            "p" => match whole {
                Some(whole) => Score::from_option(whole.p, "no degrees of freedom").with_note(note.clone()),
                None => Score::absent(why),
            },
            _ => unreachable!("the catalog lists the statistics of a table"),
        };
        out.push(group, info.id, score.with_n_if_present(table.total() as usize));
    }
}

impl<'a> NamedTable<'a> {
    pub(crate) fn new(table: &'a LagTable, given: &'a [String], target: &'a [String]) -> Self {
        Self { table, given, target, rows: table.row_totals() }
    }

    const fn cell(&self, row: usize, column: usize) -> usize {
        row * self.target.len() + column
    }

    fn push_cells(&self, out: &mut ScoreMap, template: &'static ScoreInfo, score: impl Fn(usize, usize) -> Score) {
        let prefix = template.id.trim_end_matches(".GIVEN.TARGET");
        for (row, given) in self.given.iter().enumerate() {
            for (column, target) in self.target.iter().enumerate() {
                out.push_named(template, format!("{prefix}.{given}.{target}"), score(row, column));
            }
        }
    }

    fn why_no_residual(&self, row: usize, column: usize, structural: StructuralZ) -> &'static str {
        let n_given = self.rows[row];
        if self.table.is_structural(row, column) {
            STRUCTURAL
        } else if self.table.repeats() == Repeats::Impossible && structural == StructuralZ::None {
            "structural_z leaves it out"
        } else if n_given == 0 {
            "this is never given"
        } else if n_given == self.table.total() {
            "nothing else is ever given"
        } else {
            "the target always or never follows"
        }
    }
}
