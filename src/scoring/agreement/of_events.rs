//! What is said about two codings of events.

use span::{Length, Span};

use super::alignment::{Alignment, Event, EventAgreement, Share, align};
use super::boris::boris_kappa;
use super::gamma::{Unit, gamma};
use super::settings::AgreeSettings;
use super::statistic::Statistic;
use crate::{StateSeries, Why};

pub(super) const NO_DURATION: Why = Why::Borrowed("points have no duration");
const NO_SAMPLES: Why = Why::Borrowed("gamma.samples is 0");
const NO_EVENTS: Why = Why::Borrowed("neither coder has an event");
const ONE_EVENT_CODE: Why = Why::Borrowed("all events are paired and of one code");
const NO_PAIR: Why = Why::Borrowed("no events of the same code are paired");
const NO_BORIS: Why = Why::Borrowed("a coder has no event, or the unit no length");

/// The runs of codes as events; a gap is none.
pub(super) fn runs(series: &StateSeries, category: impl Fn(usize) -> Option<usize>, n_codes: usize) -> Vec<Event> {
    let pieces = series.pieces().iter();
    let run = pieces.filter_map(|piece| {
        let code = category(piece.state).filter(|code| *code < n_codes)?;
        Some(Event { start: piece.span.start(), end: Some(piece.span.end()), code })
    });
    run.collect()
}

/// The statistics of events.
pub(super) fn of_events(
    first: &[Event],
    second: &[Event],
    codes: &[String],
    window: Span,
    settings: &AgreeSettings,
    statistics: &mut Vec<Statistic>,
) -> (EventAgreement, Alignment) {
    let alignment = align(first, second, &settings.align_rules());
    let events = EventAgreement::of(&alignment, first, second, codes.len());
    let why = if events.n == 0 { NO_EVENTS } else { ONE_EVENT_CODE };
    let count = |n: u64| Some(n as f64);
    let alone = |shares: &[Share]| count(shares.iter().map(|share| share.count).sum());
    statistics.push(Statistic::new(
        "event_kappa",
        events.kappa.ok_or(why),
        [
            ("po", events.po),
            ("pe", events.pe),
            ("n", count(events.n)),
            ("omissions", alone(&events.omissions)),
            ("commissions", alone(&events.commissions)),
            ("tolerance_s", settings.tolerance.map(Length::as_secs)),
        ],
    ));
    let (signed, distance) = (events.onset_difference, events.onset_distance);
    statistics.push(Statistic::new(
        "onset_difference",
        signed.map(|spread| spread.median).ok_or(NO_PAIR),
        [
            ("n", signed.map(|spread| spread.n as f64)),
            ("q25", signed.map(|spread| spread.q25)),
            ("q75", signed.map(|spread| spread.q75)),
            ("distance_median", distance.map(|spread| spread.median)),
            ("distance_q25", distance.map(|spread| spread.q25)),
            ("distance_q75", distance.map(|spread| spread.q75)),
        ],
    ));
    statistics.extend(of_gamma(first, second, codes.len(), window, settings));
    let boris = boris_kappa(&[first.to_vec()], &[second.to_vec()], settings.boris_unit);
    statistics.push(match boris {
        Some(boris) => {
            let parts =
                [("exact", boris.exact), ("n", count(boris.n)), ("unit_s", Some(settings.boris_unit.as_secs()))];
            Statistic::new("kappa_boris", Ok(boris.printed), parts)
        }
        None => Statistic::new("kappa_boris", Err(NO_BORIS), []),
    });
    (events, alignment)
}

fn of_gamma(
    first: &[Event],
    second: &[Event],
    n_codes: usize,
    window: Span,
    settings: &AgreeSettings,
) -> [Statistic; 2] {
    let units = |events: &[Event]| -> Option<Vec<Unit>> {
        events.iter().map(|event| Some(Unit { start: event.start, end: event.end?, code: event.code })).collect()
    };
    let both = units(first).zip(units(second)).ok_or(NO_DURATION);
    let both = if settings.gamma_samples == 0 { Err(NO_SAMPLES) } else { both };
    let found = both.and_then(|(first, second)| {
        let found = gamma(&[first, second], window, &settings.gamma_rules(n_codes));
        found.map_err(|why| Why::Owned(why.to_string()))
    });
    match found {
        Ok(found) => {
            let parts = [
                ("observed", Some(found.observed_disorder)),
                ("expected", Some(found.expected_disorder)),
                ("n_samples", Some(f64::from(found.n_samples))),
            ];
            [Statistic::new("gamma", Ok(found.gamma), parts), Statistic::new("gamma_cat", Ok(found.gamma_cat), [])]
        }
        Err(why) => ["gamma", "gamma_cat"].map(|id| Statistic::new(id, Err(why.clone()), [])),
    }
}
