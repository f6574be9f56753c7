//! What is said about two codings of events.

use span::Length;

use super::alignment::{AlignRules, Compat, Event, EventAgreement, Share};
use super::codings::{AlignedEvents, EventWindow};
use super::gamma::{Unit, UnitWindow, gamma_of_windows};
use super::settings::AgreeSettings;
use super::statistic::Statistic;
use crate::Why;

pub(super) const NO_DURATION: Why = Why::Borrowed("points have no duration");
const NO_EVENTS: Why = Why::Borrowed("neither coder has an event");
const ONE_EVENT_CODE: Why = Why::Borrowed("all events are paired and of one code");
const NO_PAIR: Why = Why::Borrowed("no events of the same code are paired");

/// The statistics of events.
pub(super) fn of_events(
    windows: &[EventWindow],
    aligned: &AlignedEvents,
    n_codes: usize,
    settings: &AgreeSettings,
    statistics: &mut Vec<Statistic>,
) -> EventAgreement {
    let events = EventAgreement::of(&aligned.alignment, &aligned.first, &aligned.second, n_codes);
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
            ("tolerance_s", settings.align_tolerance.map(Length::as_secs)),
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
    statistics.extend(easydiag(windows, n_codes, settings));
    statistics.extend(of_gamma(windows, n_codes, settings));
    events
}

/// Kappa of states that are linked by how much they overlap; nothing is said of points.
fn easydiag(windows: &[EventWindow], n_codes: usize, settings: &AgreeSettings) -> Option<Statistic> {
    let mut events = windows.iter().flat_map(|window| window.first.iter().chain(&window.second));
    if events.any(|event| event.end.is_none()) {
        return None;
    }
    let rules = AlignRules { tolerance: None, compat: Compat::Overlap, ..settings.align_rules() };
    let linked = AlignedEvents::new(windows, &rules);
    let events = EventAgreement::of(&linked.alignment, &linked.first, &linked.second, n_codes);
    let why = if events.n == 0 { NO_EVENTS } else { ONE_EVENT_CODE };
    let unlinked: u64 = events.omissions.iter().chain(&events.commissions).map(|share| share.count).sum();
    let parts = [
        ("po", events.po),
        ("pe", events.pe),
        ("max", events.max()),
        ("n", Some(events.n as f64)),
        ("unlinked", Some(unlinked as f64)),
        ("overlap", Some(settings.align_overlap)),
    ];
    Some(Statistic::new("easydiag_kappa", events.kappa.ok_or(why), parts))
}

fn of_gamma(windows: &[EventWindow], n_codes: usize, settings: &AgreeSettings) -> [Statistic; 2] {
    let units = |events: &[Event]| -> Option<Vec<Unit>> {
        events.iter().map(|event| Some(Unit { start: event.start, end: event.end?, code: event.code })).collect()
    };
    let window = |window: &EventWindow| {
        Some(UnitWindow { range: window.span, coders: vec![units(&window.first)?, units(&window.second)?] })
    };
    let both: Option<Vec<UnitWindow>> = windows.iter().map(window).collect();
    match both {
        Some(windows) => gamma_statistics(["gamma", "gamma_cat"], &windows, n_codes, settings),
        None => ["gamma", "gamma_cat"].map(|id| Statistic::new(id, Err(NO_DURATION), [])),
    }
}

/// γ and `γ_cat`, of two coders or more.
pub(super) fn gamma_statistics(
    ids: [&str; 2],
    windows: &[UnitWindow],
    n_codes: usize,
    settings: &AgreeSettings,
) -> [Statistic; 2] {
    let [id, id_cat] = ids;
    match gamma_of_windows(windows, &settings.gamma_rules(n_codes)) {
        Ok(found) => {
            let parts = [
                ("observed", Some(found.observed_disorder)),
                ("expected", Some(found.expected_disorder)),
                ("n_samples", Some(f64::from(found.n_samples))),
            ];
            [Statistic::new(id, Ok(found.gamma), parts), Statistic::new(id_cat, Ok(found.gamma_cat), [])]
        }
        Err(why) => ids.map(|id| Statistic::new(id, Err(Why::Owned(why.to_string())), [])),
    }
}
