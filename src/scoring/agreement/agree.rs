//! Everything that is said about two codings of one channel: the one entry for the view, the command line and other programs.

use serde::ser::{Serialize, SerializeStruct as _, Serializer};
use serde_json::{Value, json};
use span::{Instant, SpanSet};

use super::alignment::{Event, EventAgreement};
use super::disagreements::{Disagreement, point_disagreements, state_disagreements};
use super::of_events::{NO_DURATION, of_events, runs};
use super::of_time::{compared_time, of_scorable, of_time, with_tolerance};
use super::settings::AgreeSettings;
use super::statistic::{Statistic, absent_where_missing};
use super::table::{Confusion, NOTHING_COMPARED};
use super::time_unit::Categories;
use crate::StateSeries;
use crate::series::NONE;

/// One channel as two coders coded it.
#[derive(Clone, Debug, PartialEq)]
pub struct TwoCodings {
    /// The codes that are not missing, in the scheme's order.
    pub codes: Vec<String>,
    /// Has every moment a code? Then time without one is missing, and left out unless the settings say otherwise.
    pub exhaustive: bool,
    /// The time that both coders looked at; nothing else is compared.
    pub looked_at: SpanSet,
    /// What they marked.
    pub marks: TwoMarks,
}

/// What two coders marked, the first coder's first.
#[derive(Clone, Debug, PartialEq)]
pub enum TwoMarks {
    /// Stretches of time; a gap is the state [`NONE`], or missing where everything is coded.
    States(StateSeries, StateSeries),
    /// Moments.
    Points(Vec<PointMark>, Vec<PointMark>),
}

/// A moment that a coder marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointMark {
    /// When.
    pub time: Instant,
    /// An index into the codes.
    pub code: usize,
}

/// How far two codings of one channel agree.
///
/// *Shape*: [`statistics`](Self::statistics) in the order of [`AGREEMENT`](super::catalog::AGREEMENT); those that have no meaning for the channel are
/// there with the reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// How much time was compared, in seconds: that which is missing for neither. Of points the time that both looked at.
    pub n: f64,
    /// The categories of the table: the codes, and [`NONE`] last where a gap is one.
    pub categories: Vec<String>,
    /// Time in seconds, the first coder's categories in rows; `None` for points.
    pub table: Option<Confusion>,
    /// The codes of events.
    pub codes: Vec<String>,
    /// Agreement about events, with its table and each code's omissions and commissions.
    pub events: EventAgreement,
    /// Every statistic.
    pub statistics: Vec<Statistic>,
    /// Where the coders differ, in order.
    pub disagreements: Vec<Disagreement>,
}

/// Compares two codings of one channel.
///
/// *Definition*: time by [`exact_table`](super::time_unit::exact_table) or, with `step_s`, on a grid; events are the runs of one state in time that is missing for neither, or
/// the points. Each statistic is defined where it is computed; [`AGREEMENT`](super::catalog::AGREEMENT) has one sentence for each. With `ordinal` the
/// coefficients with weights are computed too, from the time in which both coders have a code.
///
/// *Undefined cases*: what is absent says why. Limits of statistics of time come from a bootstrap by blocks, within each stretch that both
/// looked at: no standard error supposes that neighbouring moments are independent.
///
/// # Panics
/// If a point's code is no index into the codes.
///
/// # Example
/// ```
/// use scoring::StateSeries;
/// use scoring::agreement::agree::{TwoCodings, TwoMarks, agree};
/// use scoring::agreement::disagreements::DisagreementKind;
/// use scoring::agreement::settings::AgreeSettings;
/// use span::{Length, Span, SpanSet};
///
/// let codes = ["N", "O", "M", "P"];
/// let coded = |text| StateSeries::from_text(codes, text, Length::SECOND);
/// let two = TwoCodings {
///     codes: codes.map(str::to_owned).to_vec(),
///     exhaustive: true,
///     looked_at: SpanSet::from(Span::from_micros(0, 30_000_000).expect("half a minute")),
///     marks: TwoMarks::States(coded("MMPPOOOMPPNNNMMPPPOOMMPPPNNOOO"), coded("MMMPPOOMPPPNNMMMPPOOMMMPPNNNOO")),
/// };
/// let agreement = agree(&two, &AgreeSettings::default());
/// let kappa = agreement.get("time_kappa").expect("it is there");
/// assert!((kappa.number().expect("defined") - 0.730_134_9).abs() < 1e-7);
/// assert_eq!(agreement.get("tolerance_kappa").and_then(|kappa| kappa.number()), Some(1.0));
/// // all six differences are edges
/// assert_eq!(agreement.disagreements.len(), 6);
/// assert!(agreement.disagreements.iter().all(|one| one.kind == DisagreementKind::Boundary));
/// ```
#[must_use]
pub fn agree(two: &TwoCodings, settings: &AgreeSettings) -> Agreement {
    match &two.marks {
        TwoMarks::States(first, second) => of_states(two, first, second, settings),
        TwoMarks::Points(first, second) => of_points(two, first, second, settings),
    }
}

impl Agreement {
    /// A statistic by its name.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Statistic> {
        self.statistics.iter().find(|statistic| statistic.info.id == id)
    }
}

fn of_states(two: &TwoCodings, first: &StateSeries, second: &StateSeries, settings: &AgreeSettings) -> Agreement {
    let Some(window) = two.looked_at.hull() else {
        return of_nothing(two);
    };
    let holes = two.looked_at.gaps(window);
    let inside = |series: &StateSeries| series.within(window).without(&holes);
    let (first, second) = (&inside(first), &inside(second));
    let categories = Categories::new(first, second, settings.gap_policy(two.exhaustive));
    let time = compared_time(first, second, &two.looked_at, &categories, settings);
    let mut statistics = of_time(&time, &categories, settings);
    statistics.push(with_tolerance(first, second, &two.looked_at, &categories, settings));
    statistics.push(of_scorable(first, second, &two.looked_at));

    let codes: Vec<String> = categories.keys().iter().filter(|key| *key != NONE).cloned().collect();
    let common = first.codable().intersection(&second.codable());
    let unseen = common.gaps(window);
    let of_first = runs(&first.without(&unseen), |state| categories.of_first(state), codes.len());
    let of_second = runs(&second.without(&unseen), |state| categories.of_second(state), codes.len());
    let (events, _) = of_events(&of_first, &of_second, &codes, window, settings, &mut statistics);
    absent_where_missing(&mut statistics, &NOTHING_COMPARED);
    let disagreements = state_disagreements(first, second, window, &categories);
    let n = time.in_seconds.total();
    Agreement {
        n,
        categories: categories.keys().to_vec(),
        table: Some(time.in_seconds),
        codes,
        events,
        statistics,
        disagreements,
    }
}

fn of_points(two: &TwoCodings, first: &[PointMark], second: &[PointMark], settings: &AgreeSettings) -> Agreement {
    let Some(window) = two.looked_at.hull() else {
        return of_nothing(two);
    };
    let events = |points: &[PointMark]| -> Vec<Event> {
        let seen = points.iter().filter(|point| two.looked_at.contains(point.time));
        seen.map(|point| Event { start: point.time, end: None, code: point.code }).collect()
    };
    let (of_first, of_second) = (events(first), events(second));
    let mut statistics = Vec::new();
    let (events, alignment) = of_events(&of_first, &of_second, &two.codes, window, settings, &mut statistics);
    absent_where_missing(&mut statistics, &NO_DURATION);
    let disagreements = point_disagreements(&alignment, &of_first, &of_second, &two.codes);
    Agreement {
        n: two.looked_at.length().as_secs(),
        categories: Vec::new(),
        table: None,
        codes: two.codes.clone(),
        events,
        statistics,
        disagreements,
    }
}

/// Nothing was looked at by both.
fn of_nothing(two: &TwoCodings) -> Agreement {
    let mut statistics = Vec::new();
    absent_where_missing(&mut statistics, &NOTHING_COMPARED);
    Agreement {
        n: 0.0,
        categories: Vec::new(),
        table: None,
        codes: two.codes.clone(),
        events: EventAgreement::none(two.codes.len()),
        statistics,
        disagreements: Vec::new(),
    }
}

/// As in `attune agree`, one channel without its name: `n`, `table`, `events`, `statistics`. The disagreements stand in a list of their own there.
impl Serialize for Agreement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let table = self.table.as_ref().map(|table| {
            let rows: Vec<&[f64]> = table.rows().collect();
            json!({"codes": self.categories, "seconds": rows})
        });
        let by_code: Vec<Value> = self
            .codes
            .iter()
            .zip(self.events.omissions.iter().zip(&self.events.commissions))
            .map(|(code, (omitted, committed))| {
                json!({"code": code, "first": omitted.of, "second": committed.of,
                       "omissions": omitted.count, "omission_rate": omitted.rate(),
                       "commissions": committed.count, "commission_rate": committed.rate()})
            })
            .collect();
        let events = json!({"codes": self.codes, "table": self.events.table, "by_code": by_code});
        let statistics: serde_json::Map<String, Value> = self
            .statistics
            .iter()
            .map(|statistic| Ok((statistic.info.id.to_owned(), serde_json::to_value(statistic)?)))
            .collect::<serde_json::Result<_>>()
            .map_err(serde::ser::Error::custom)?;
        let mut record = serializer.serialize_struct("Agreement", 4)?;
        record.serialize_field("n", &self.n)?;
        record.serialize_field("table", &table)?;
        record.serialize_field("events", &events)?;
        record.serialize_field("statistics", &statistics)?;
        record.end()
    }
}
