//! Which event of one coder is which event of the other, and how far they agree about events rather than time.

use serde::{Deserialize, Serialize};
use span::{Instant, Length};

use super::kappa::{Kappa, kappa};
use super::quantile::Spread;
use super::table::Confusion;

/// One event as a coder marked it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its onset.
    pub start: Instant,
    /// Its offset; `None` for a point event. A state that ends where it starts is a state still.
    pub end: Option<Instant>,
    /// An index into the codes.
    pub code: usize,
}

/// How two sequences of events are laid beside each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AlignRules {
    /// `align.tolerance_s`: how far apart the onsets of a pair may be, this far included; `None` asks for the order only.
    pub tolerance: Option<Length>,
    /// `align.compat`: what makes two events fit to be a pair.
    pub compat: Compat,
    /// `align.overlap`: the share of the shorter of two states that must overlap, above 0 up to 1.
    pub overlap: f64,
    /// `align.sub`: the cost of a pair with different codes.
    pub substitution: u32,
    /// `align.gap`: the cost of an event without partner.
    pub gap: u32,
}

/// What makes two events fit to be a pair. Points and states never are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compat {
    /// Their onsets are within the tolerance.
    Onset,
    /// They overlap by a share of the shorter; points, which have no extent, by their onsets.
    Overlap,
    /// One or the other.
    Either,
}

impl Default for AlignRules {
    fn default() -> Self {
        let tolerance = Some(Length::SECOND);
        Self { tolerance, compat: Compat::Onset, overlap: 0.6, substitution: 1, gap: 1 }
    }
}

/// One step along two sequences of events; the numbers are positions in the sequences as they were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlignStep {
    /// An event of either.
    Pair(usize, usize),
    /// An event of the first coder's alone.
    FirstAlone(usize),
    /// An event of the second coder's alone.
    SecondAlone(usize),
}

/// Two sequences of events laid beside each other as cheaply as can be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alignment {
    /// From the first event to the last.
    pub steps: Vec<AlignStep>,
    /// What all steps cost.
    pub cost: u64,
    /// How far apart the onsets of all pairs are together; zero where only the order was asked for.
    pub onset_cost: Length,
}

/// Lays two coders' events beside each other.
///
/// *Definition*: events in the order of their start, end and position as given. A pair costs nothing when its codes are equal,
/// else `substitution`; an event alone costs `gap`. The alignment is the one that costs least, of those the one whose paired
/// onsets differ least in sum, of those the one that, seen from the end, prefers a pair, then the first coder's event alone.
///
/// *Units and range*: time and memory grow with the product of the numbers of events; the memory is one byte for each.
///
/// *Reference*: Quera, V., Bakeman, R., & Gnisci, A. (2007). Observer agreement for event sequences: Methods and software for
/// sequence alignment and reliability estimates. Behavior Research Methods, 39, 39–49. <https://doi.org/10.3758/BF03192842>.
/// Bakeman, R., Quera, V., & Gnisci, A. (2009). Observer agreement for timed-event sequential data. Behavior Research
/// Methods, 41, 137–147. <https://doi.org/10.3758/BRM.41.1.137>.
///
/// # Example
/// Two pairs, one of them with different codes, and an event that only the second coder saw.
/// ```
/// use scoring::agreement::alignment::{AlignRules, AlignStep, Event, align};
/// use span::{Instant, Length};
///
/// let event = |(millis, code): (i64, usize)| Event { start: Instant::from_micros(1_000 * millis), end: None, code };
/// let (first, second) = ([(0, 0), (3_000, 1)].map(event), [(200, 0), (3_100, 2), (6_000, 1)].map(event));
/// let rules = AlignRules { tolerance: Some(Length::SECOND), ..AlignRules::default() };
/// let alignment = align(&first, &second, &rules);
/// assert_eq!(alignment.steps, [AlignStep::Pair(0, 0), AlignStep::Pair(1, 1), AlignStep::SecondAlone(2)]);
/// assert_eq!((alignment.cost, alignment.onset_cost), (2, Length::from_millis(300)));
/// ```
#[must_use]
pub fn align(first: &[Event], second: &[Event], rules: &AlignRules) -> Alignment {
    let (rows, columns) = (in_order(first), in_order(second));
    let times_onsets = rules.tolerance.is_some() || rules.compat != Compat::Onset;
    let gap = Cost { total: u64::from(rules.gap), onsets: 0 };
    let width = columns.len() + 1;

    // best[j]: the cheapest way to the events before row i and column j; the way's last step is kept for every cell
    let mut best: Vec<Cost> =
        std::iter::successors(Some(Cost::default()), |cost| Some(*cost + gap)).take(width).collect();
    let mut last = vec![Last::SecondAlone; width * (rows.len() + 1)];
    for (i, &row) in rows.iter().enumerate() {
        let a = first[row];
        let mut diagonal = best[0];
        best[0] = best[0] + gap;
        last[(i + 1) * width] = Last::FirstAlone;
        let steps = &mut last[(i + 1) * width + 1..(i + 2) * width];
        for (j, (step, &column)) in steps.iter_mut().zip(&columns).enumerate() {
            let b = second[column];
            let (above, left) = (best[j + 1] + gap, best[j] + gap);
            let (mut cheapest, mut way) = (above, Last::FirstAlone);
            if left < cheapest {
                (cheapest, way) = (left, Last::SecondAlone);
            }
            let apart = (a.start - b.start).abs();
            if fits(a, b, apart, rules) {
                let total = if a.code == b.code { 0 } else { u64::from(rules.substitution) };
                let onsets = if times_onsets { apart.micros().unsigned_abs() } else { 0 };
                let pair = diagonal + Cost { total, onsets };
                if pair <= cheapest {
                    (cheapest, way) = (pair, Last::Pair);
                }
            }
            diagonal = best[j + 1];
            best[j + 1] = cheapest;
            *step = way;
        }
    }

    let (mut i, mut j) = (rows.len(), columns.len());
    let mut steps = Vec::with_capacity(i.max(j));
    while i + j > 0 {
        let way = last[i * width + j];
        i -= usize::from(way != Last::SecondAlone);
        j -= usize::from(way != Last::FirstAlone);
        steps.push(match way {
            Last::Pair => AlignStep::Pair(rows[i], columns[j]),
            Last::FirstAlone => AlignStep::FirstAlone(rows[i]),
            Last::SecondAlone => AlignStep::SecondAlone(columns[j]),
        });
    }
    steps.reverse();
    let cost = best[columns.len()];
    Alignment { steps, cost: cost.total, onset_cost: Length::from_micros(cost.onsets as i64) }
}

/// Compared by `total` first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    total: u64,
    onsets: u64,
}

impl std::ops::Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { total: self.total + other.total, onsets: self.onsets + other.onsets }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Last {
    Pair,
    FirstAlone,
    SecondAlone,
}

fn in_order(events: &[Event]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..events.len()).collect();
    order.sort_by_key(|&idx| (events[idx].start, events[idx].end)); // stable
    order
}

fn fits(a: Event, b: Event, apart: Length, rules: &AlignRules) -> bool {
    let near = || rules.tolerance.is_none_or(|tolerance| apart <= tolerance);
    match (a.end, b.end) {
        (None, None) => near(),
        (Some(a_end), Some(b_end)) => {
            let overlaps = || {
                let shorter = (a_end - a.start).min(b_end - b.start);
                let shared = a_end.min(b_end) - a.start.max(b.start);
                shared > Length::ZERO && shared.micros() as f64 >= rules.overlap * shorter.micros() as f64
            };
            match rules.compat {
                Compat::Onset => near(),
                Compat::Overlap => overlaps(),
                Compat::Either => near() || overlaps(),
            }
        }
        _ => false,
    }
}

/// How far two coders agree about events.
///
/// *Units and range*: tables and [`Share`]s count; `po` and `pe` are from 0 to 1, `kappa` from −1 to 1; differences of onsets are in seconds,
/// positive where the second coder is later.
///
/// *Shape*: tables have a row and a column for each code and one for *no event*; omissions and commissions one entry for each code.
///
/// *Undefined cases*: `po` and `pe` are absent without events, `kappa` also where chance alone would agree in all, the differences where no
/// pair has one code.
#[derive(Clone, Debug, PartialEq)]
pub struct EventAgreement {
    /// Steps of the alignment: the first coder's code in rows, the second's in columns, *no event* last. Nobody can count the
    /// events that both missed: the last cell is 0.
    pub table: Vec<Vec<u64>>,
    /// What chance would make of [`table`](Self::table).
    pub expected: Vec<Vec<f64>>,
    /// How many steps the alignment has.
    pub n: u64,
    /// The share of pairs with equal codes; `None` without steps.
    pub po: Option<f64>,
    /// The share of such pairs that chance would make; `None` without steps.
    pub pe: Option<f64>,
    /// `(po − pe) / (1 − pe)`; `None` without steps, or where chance alone would agree in all.
    pub kappa: Option<f64>,
    /// Per code: events of the first coder's without partner.
    pub omissions: Vec<Share>,
    /// Per code: events of the second coder's without partner.
    pub commissions: Vec<Share>,
    /// How much later the second coder's onset is, in seconds, over pairs of equal codes; `None` without such pairs.
    pub onset_difference: Option<Spread>,
    /// The same without its sign.
    pub onset_distance: Option<Spread>,
}

/// Some of many: `count` is at most `of`. The rate is absent of nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// How many it is true of.
    pub count: u64,
    /// Of how many.
    pub of: u64,
}

impl Share {
    /// `count / of`; `None` of nothing.
    #[must_use]
    pub fn rate(self) -> Option<f64> {
        (self.of > 0).then(|| self.count as f64 / self.of as f64)
    }
}

/// The kappa of two coders' events, what each has that the other has not, and how far apart their onsets are.
///
/// *Definition*: the steps of [`align`] in a table with a row and a column for *no event*. Chance is quasi-independence of rows and
/// columns given that the cell of *no event* for both cannot be filled, in closed form (what iterative proportional fitting
/// tends to): with margins `r` and `c`, 0 for *no event*, of `N` steps, `m_i0 = r_i c_0 / (N − r_0)`, `m_0j = c_j r_0 / (N − c_0)`,
/// `m_ij = (r_i − m_i0)(c_j − m_0j) / (N − r_0 − c_0)`. An omission is an event of the first coder's alone, a commission one of
/// the second's: the first is the reference.
///
/// *Shape*: `n_codes + 1` rows and columns; omissions and commissions in the order of the codes.
///
/// *Undefined cases*: kappa is absent without events, and where `1 − pe` is 0 (both used one and the same code).
///
/// *Reference*: as [`align`].
///
/// *Limitations*: events follow one another; no standard error that supposes them independent is given.
///
/// # Panics
/// If a code is no index below `n_codes`.
///
/// # Example
/// The second coder saw the first smile twice.
/// ```
/// use scoring::agreement::alignment::{AlignRules, Event, event_agreement};
/// use span::{Instant, Length};
///
/// let smile = |start, end| Event {
///     start: Instant::ZERO + Length::from_millis(start),
///     end: Some(Instant::ZERO + Length::from_millis(end)),
///     code: 0,
/// };
/// let rules = AlignRules { tolerance: Some(Length::from_millis(100)), ..AlignRules::default() };
/// let agreement = event_agreement(&[smile(100, 110)], &[smile(60, 70), smile(110, 120)], 3, &rules);
///
/// assert_eq!(agreement.n, 2);
/// assert_eq!(agreement.po, Some(0.5)); // the nearer one is the pair
/// assert_eq!(agreement.commissions[0].rate(), Some(0.5));
/// assert_eq!(agreement.max(), agreement.kappa, "with these margins no more events can be in pairs");
/// assert_eq!(agreement.code_kappa(0).value, Some(0.0)); // one of two, and chance gives that too
/// assert_eq!(agreement.onset_difference.map(|spread| spread.median), Some(0.01));
/// ```
#[must_use]
pub fn event_agreement(first: &[Event], second: &[Event], n_codes: usize, rules: &AlignRules) -> EventAgreement {
    EventAgreement::of(&align(first, second, rules), first, second, n_codes)
}

impl EventAgreement {
    /// Of no events.
    pub(super) fn none(n_codes: usize) -> Self {
        Self::of(&Alignment::default(), &[], &[], n_codes)
    }

    /// The same from an alignment that is there already.
    ///
    /// # Panics
    /// As [`event_agreement`]; or if the alignment is not of these events.
    #[must_use]
    pub fn of(alignment: &Alignment, first: &[Event], second: &[Event], n_codes: usize) -> Self {
        let mut table = vec![vec![0_u64; n_codes + 1]; n_codes + 1];
        let (mut omissions, mut commissions) = (vec![Share::default(); n_codes], vec![Share::default(); n_codes]);
        let mut later = Vec::new();
        for step in &alignment.steps {
            let (a, b) = match *step {
                AlignStep::Pair(a, b) => (Some(first[a]), Some(second[b])),
                AlignStep::FirstAlone(a) => (Some(first[a]), None),
                AlignStep::SecondAlone(b) => (None, Some(second[b])),
            };
            let code = |event: Option<Event>| event.map_or(n_codes, |event| event.code);
            table[code(a)][code(b)] += 1;
            if let Some(a) = a {
                omissions[a.code].of += 1;
                omissions[a.code].count += u64::from(b.is_none());
            }
            if let Some(b) = b {
                commissions[b.code].of += 1;
                commissions[b.code].count += u64::from(a.is_none());
            }
            if let (Some(a), Some(b)) = (a, b)
                && a.code == b.code
            {
                later.push((b.start - a.start).as_secs());
            }
        }
        let n = alignment.steps.len() as u64;
        let expected = quasi_independence(&table);
        let agreed: u64 = (0..n_codes).map(|code| table[code][code]).sum();
        let by_chance: f64 = (0..n_codes).map(|code| expected[code][code]).sum();
        let po = (n > 0).then(|| agreed as f64 / n as f64);
        let pe = (n > 0).then(|| by_chance / n as f64);
        let kappa = po.zip(pe).filter(|(_, pe)| 1.0 - pe >= SLACK).map(|(po, pe)| (po - pe) / (1.0 - pe));
        let distance = later.iter().map(|secs| secs.abs()).collect();
        let (onset_difference, onset_distance) = (Spread::of(later), Spread::of(distance));
        Self { table, expected, n, po, pe, kappa, omissions, commissions, onset_difference, onset_distance }
    }
}

impl EventAgreement {
    /// Kappa of one code against all else, *no event* included: the two-by-two tables that ELAN prints for each value.
    ///
    /// *Undefined cases*: as [`kappa`](kappa()).
    ///
    /// # Panics
    /// If the code is no index into the codes.
    #[must_use]
    pub fn code_kappa(&self, code: usize) -> Kappa {
        let rows = self.table.iter().map(|row| row.iter().map(|count| *count as f64).collect()).collect();
        kappa(&Confusion::from_rows(rows).expect("counts").one_code(code))
    }

    /// The largest kappa that the margins allow: every event of a code that has one beside it. *Undefined cases*: as kappa.
    #[must_use]
    pub fn max(&self) -> Option<f64> {
        let pe = self.pe.filter(|pe| 1.0 - pe >= SLACK)?;
        let nil = self.table.len() - 1;
        let of_first = |code: usize| self.table[code].iter().sum::<u64>();
        let of_second = |code: usize| self.table.iter().map(|row| row[code]).sum::<u64>();
        let agreed: u64 = (0..nil).map(|code| of_first(code).min(of_second(code))).sum();
        Some((agreed as f64 / self.n as f64 - pe) / (1.0 - pe))
    }
}

/// Chance closer to certainty than this is certainty.
const SLACK: f64 = 1e-12;

/// Expected counts when rows and columns are independent but for the last cell, which is empty.
fn quasi_independence(table: &[Vec<u64>]) -> Vec<Vec<f64>> {
    let nil = table.len() - 1;
    let rows: Vec<f64> = table.iter().map(|row| row.iter().sum::<u64>() as f64).collect();
    let columns: Vec<f64> = (0..=nil).map(|code| table.iter().map(|row| row[code]).sum::<u64>() as f64).collect();
    let n: f64 = rows.iter().sum();
    let ratio = |numerator: f64, denominator: f64| if denominator == 0.0 { 0.0 } else { numerator / denominator };
    let alone_row: Vec<f64> = rows.iter().map(|row| ratio(row * columns[nil], n - rows[nil])).collect();
    let alone_column: Vec<f64> = columns.iter().map(|column| ratio(column * rows[nil], n - columns[nil])).collect();
    let cell = |i: usize, j: usize| match (i == nil, j == nil) {
        (true, true) => 0.0,
        (false, true) => alone_row[i],
        (true, false) => alone_column[j],
        (false, false) => {
            ratio((rows[i] - alone_row[i]) * (columns[j] - alone_column[j]), n - rows[nil] - columns[nil])
        }
    };
    (0..=nil).map(|i| (0..=nil).map(|j| cell(i, j)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(start: i64, end: impl Into<Option<i64>>, code: usize) -> Event {
        Event { start: Instant::from_micros(start), end: end.into().map(Instant::from_micros), code }
    }

    #[track_caller]
    fn check(first: &[Event], second: &[Event], rules: AlignRules, want: &[AlignStep]) {
        assert_eq!(align(first, second, &rules).steps, want);
    }

    #[test]
    fn points_and_states_are_never_a_pair() {
        let rules = AlignRules { tolerance: None, ..AlignRules::default() };
        check(&[event(0, None, 0)], &[event(0, 5, 0)], rules, &[AlignStep::SecondAlone(0), AlignStep::FirstAlone(0)]);
        check(&[event(0, None, 0)], &[event(9, None, 0)], rules, &[AlignStep::Pair(0, 0)]);
    }

    #[test]
    fn overlap_counts_against_the_shorter() {
        let rules = AlignRules { tolerance: Some(Length::ZERO), compat: Compat::Overlap, ..AlignRules::default() };
        let alone = [AlignStep::SecondAlone(0), AlignStep::FirstAlone(0)];
        check(&[event(0, 10, 0)], &[event(4, 100, 0)], rules, &[AlignStep::Pair(0, 0)]); // 6 of 10
        check(&[event(0, 10, 0)], &[event(5, 100, 0)], rules, &alone); // 5 of 10
        check(&[event(0, 10, 0)], &[event(0, 10, 1)], rules, &[AlignStep::Pair(0, 0)]);
        let either = AlignRules { compat: Compat::Either, tolerance: Some(Length::from_micros(5)), ..rules };
        check(&[event(0, 10, 0)], &[event(5, 100, 0)], either, &[AlignStep::Pair(0, 0)]);
        check(&[event(0, 10, 0)], &[event(6, 100, 0)], either, &alone);
    }

    #[test]
    fn positions_are_those_of_the_input() {
        let rules = AlignRules { tolerance: None, ..AlignRules::default() };
        let first = [event(9, 10, 1), event(0, 5, 0)];
        check(&first, &[event(0, 5, 0)], rules, &[AlignStep::Pair(1, 0), AlignStep::FirstAlone(0)]);
    }

    #[test]
    fn of_nothing_nothing_is_known() {
        let agreement = event_agreement(&[], &[], 2, &AlignRules::default());
        assert_eq!((agreement.n, agreement.po, agreement.kappa), (0, None, None));
        assert_eq!((agreement.omissions[0].rate(), agreement.onset_difference), (None, None));
    }
}
