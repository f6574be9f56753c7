//! What BORIS would print for two coders of a whole session.

use super::alignment::Event;
use super::boris::{boris_identity, boris_intervals, boris_kappa};
use super::settings::AgreeSettings;
use super::statistic::Statistic;
use crate::Why;

const NO_EVENTS: Why = Why::Borrowed("a coder has no event");
const ONE_CATEGORY: Why = Why::Borrowed("all is one category");

/// Everything that two coders marked in a session, of all subjects and channels, as BORIS has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionEvents {
    /// The first coder's events of each subject; behaviours of different channels have different codes.
    pub first: Vec<Vec<Event>>,
    /// The second coder's, of the same subjects.
    pub second: Vec<Vec<Event>>,
}

/// The statistics that BORIS computes, for comparison with old papers.
///
/// *Definition*: [`boris_kappa`] and [`boris_identity`] every `boris.unit_s`, [`boris_intervals`] with times rounded to `boris.rounding_s`.
/// BORIS knows no missing time: a code that says so is a behaviour like any other.
///
/// *Shape*: in the order of [`BORIS_AGREEMENT`](super::catalog::BORIS_AGREEMENT). *Undefined cases*: each says why.
///
/// # Example
/// ```
/// use scoring::agreement::{alignment::Event, of_boris::{SessionEvents, agree_as_boris}, settings::AgreeSettings};
/// use span::{Instant, Length};
///
/// let state = |start, end, code| {
///     let at = |secs| Instant::ZERO + Length::SECOND.times(secs);
///     Event { start: at(start), end: Some(at(end)), code }
/// };
/// let events = SessionEvents {
///     first: vec![vec![state(0, 2, 0), state(2, 4, 1)]],
///     second: vec![vec![state(0, 3, 0), state(3, 4, 1)]],
/// };
/// let statistics = agree_as_boris(&events, &AgreeSettings::default());
/// // samples at 0 to 4 s: po = 3/5, pe = 9/25
/// assert_eq!(statistics[0].number(), Some(0.375));
/// ```
#[must_use]
pub fn agree_as_boris(events: &SessionEvents, settings: &AgreeSettings) -> Vec<Statistic> {
    let SessionEvents { first, second } = events;
    let (unit, rounding) = (settings.boris_unit, settings.boris_rounding);
    let (unit_s, rounding_s) = (("unit_s", Some(unit.as_secs())), ("rounding_s", Some(rounding.as_secs())));
    let kappa = match boris_kappa(first, second, unit) {
        Some(kappa) => {
            let parts = [
                ("exact", kappa.exact),
                ("n", Some(kappa.n as f64)),
                ("n_categories", Some(kappa.n_categories as f64)),
                unit_s,
            ];
            Statistic::new("kappa_boris", Ok(kappa.printed), parts)
        }
        None => Statistic::new("kappa_boris", Err(NO_EVENTS), []),
    };
    let intervals = boris_intervals(first, second, rounding);
    let of_interval = |id: &str, kappa: Option<super::kappa::Kappa>| match kappa {
        Some(kappa) => {
            let parts = [("po", kappa.po), ("pe", kappa.pe), rounding_s];
            Statistic::new(id, kappa.value.ok_or(ONE_CATEGORY), parts)
        }
        None => Statistic::new(id, Err(NO_EVENTS), []),
    };
    let (unweighted, weighted) = intervals.map(|kappas| (kappas.unweighted, kappas.weighted)).unzip();
    let identity = match boris_identity(first, second, unit) {
        Some(identity) => {
            let parts = [("same", Some(identity.same as f64)), ("positions", Some(identity.positions as f64)), unit_s];
            Statistic::new("boris_identity", Ok(identity.percent()), parts)
        }
        None => Statistic::new(
            "boris_identity",
            Err(Why::Borrowed("a coder has no event, or there are too many samples")),
            [],
        ),
    };
    vec![
        kappa,
        of_interval("kappa_boris_unweighted", unweighted),
        of_interval("kappa_boris_weighted", weighted),
        identity,
    ]
}
