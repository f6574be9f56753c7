//! Onsets, and whether the other's onsets follow them.

use span::{Instant, Length, Span};

use crate::StateSeries;
use crate::contingency::table::TwoByTwo;
use crate::grid::unit_count;

/// When a series enters a set of states out of another known state; an onset after missing time was not observed.
///
/// # Example
/// ```
/// use scoring::StateSeries;
/// use scoring::contingency::events::onsets;
/// use span::Length;
///
/// let series = StateSeries::from_text(["M", "P"], "MMPP.PMP", Length::SECOND);
/// let of_p: Vec<f64> = onsets(&series, |state| state == 1).iter().map(|onset| onset.as_secs()).collect();
/// assert_eq!(of_p, [2.0, 7.0]); // not at 5, after missing time
/// ```
#[must_use]
pub fn onsets(series: &StateSeries, is_in: impl Fn(usize) -> bool) -> Vec<Instant> {
    let enters = series
        .pieces()
        .windows(2)
        .filter(|pair| pair[0].span.end() == pair[1].span.start() && !is_in(pair[0].state) && is_in(pair[1].state));
    enters.map(|pair| pair[1].span.start()).collect()
}

/// The states of a series in order, as events of no length; `None` stands where time is missing between two.
///
/// No event repeats the one before it unless something is missing in between: for
/// [`LagTable::within`](crate::contingency::sequential::LagTable::within) with
/// [`Repeats::Impossible`](crate::contingency::sequential::Repeats::Impossible).
///
/// # Example
///
/// ```
/// use scoring::StateSeries;
/// use scoring::contingency::events::event_sequence;
/// use span::Length;
///
/// let series = StateSeries::from_text(["M", "P"], "MMPP..PM", Length::SECOND);
/// assert_eq!(event_sequence(&series), [Some(0), Some(1), None, Some(1), Some(0)]);
/// ```
#[must_use]
pub fn event_sequence(series: &StateSeries) -> Vec<Option<usize>> {
    let mut events = Vec::with_capacity(series.pieces().len());
    let mut last_end = None;
    for piece in series.pieces() {
        if last_end.is_some_and(|end| end < piece.span.start()) {
            events.push(None);
        }
        events.push(Some(piece.state));
        last_end = Some(piece.span.end());
    }
    events
}

/// Units counted by whether an onset of the one lies up to `response_window` before, and whether the other has an onset in them.
///
/// *Definition*: an onset at τ belongs to unit `⌊τ / step⌋`. After an onset of `given` in unit u, units u + 1 to u + ⌈window / step⌉
/// are *given*, never u itself. Several responses in a unit count once. A unit is used when both partners are codable in it and
/// in the unit before (`codable`, one entry per unit of `window`); missing time further back is ignored.
///
/// *Reference*: Bakeman & Quera (2011), as [`TwoByTwo`]; the rule about missing time is ours.
///
/// # Example
/// Eight seconds; an onset at 2 s makes 3, 4 and 5 *given*, and the other's onset at 4.5 s falls into one of them. The first unit has none before.
/// ```
/// use scoring::contingency::events::response_table;
/// use span::{Instant, Length, Span};
///
/// let at = |secs: f64| Instant::ZERO + Length::from_secs(secs).expect("a time");
/// let window = Span::from_micros(0, 8_000_000).expect("eight seconds");
/// let three = Length::SECOND.times(3);
/// let table = response_table(&[at(2.0)], &[at(4.5)], &[true; 8], window, Length::SECOND, three);
/// assert_eq!((table.a, table.b, table.c, table.d), (1, 2, 0, 4));
/// ```
#[must_use]
pub fn response_table(
    given: &[Instant],
    response: &[Instant],
    codable: &[bool],
    window: Span,
    step: Length,
    response_window: Length,
) -> TwoByTwo {
    let n_units = unit_count(window, step) as usize;
    let unit_of = |time: &Instant| ((*time - window.start()).micros() / step.micros()) as usize;
    let reach =
        (response_window.micros() / step.micros() + i64::from(response_window.micros() % step.micros() > 0)) as usize;
    let mut is_response = vec![false; n_units];
    for time in response.iter().filter(|time| window.contains(**time)) {
        is_response[unit_of(time)] = true;
    }
    let mut given_until = vec![0; n_units]; // unit -> the last unit that an onset in it makes *given*
    for time in given.iter().filter(|time| window.contains(**time)) {
        given_until[unit_of(time)] = unit_of(time) + reach;
    }
    let mut table = TwoByTwo::default();
    let mut until = 0;
    for unit in 1..n_units {
        until = until.max(given_until[unit - 1]);
        if codable[unit] && codable[unit - 1] {
            table.add(unit <= until, is_response[unit]);
        }
    }
    table
}
