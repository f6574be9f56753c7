//! Everything that is said about two codings of one channel: the one entry for the view, the command line and other programs.

use serde::ser::{Serialize, SerializeStruct as _, Serializer};
use serde_json::{Value, json};
use span::Length;

use super::alignment::EventAgreement;
use super::by_code::CodeAgreement;
use super::codings::{
    AlignedEvents, CodedStates, EventWindow, PointMark, StateWindow, TwoCodings, TwoMarks, separate_windows,
};
use super::disagreements::{Disagreement, point_disagreements, state_disagreements};
use super::of_events::{NO_DURATION, of_events};
use super::of_segments::of_segments;
use super::of_time::{compared_time, of_scorable, of_time, with_tolerance};
use super::settings::AgreeSettings;
use super::statistic::{Statistic, absent_where_missing};
use super::table::{Confusion, NOTHING_COMPARED};
use super::time_unit::{Categories, GapPolicy};

/// How far two codings of one channel agree.
///
/// *Shape*: [`statistics`](Self::statistics) in the order of [`AGREEMENT`](super::catalog::AGREEMENT); those that have no meaning for the channel are
/// there with the reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// How much time was compared, in seconds: that which is missing for neither. Of points the time in windows that both looked at.
    pub n: f64,
    /// The categories of the table: the codes, and `none` last where a gap is one.
    pub categories: Vec<String>,
    /// Time in seconds, the first coder's categories in rows; `None` for points.
    pub table: Option<Confusion>,
    /// Each category against all others, in their order; nothing for points.
    pub by_code: Vec<CodeAgreement>,
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
/// *Definition*: time by [`exact_table`](super::time_unit::exact_table) or, with `step_s`, on a grid that begins anew in each window; events
/// are the points, or the runs of one state as that coder has them and the marks without duration, in so far as not all of them lies in
/// time that is missing for either. Each window is tallied by itself, and the tallies are added up. Each statistic is defined where it is computed; [`AGREEMENT`](super::catalog::AGREEMENT) has one sentence for each. With `ordinal` the
/// coefficients with weights are computed too, from the time in which both coders have a code. Time that a coder looked at and left without a
/// mark counts as `gap` says; whatever that is, it is among the disagreements where the other has a code, and the other's events there have no partner.
///
/// *Undefined cases*: what is absent says why. Limits of statistics of time come from a bootstrap by blocks, within each window,
/// missing time left in its place: no standard error supposes that neighbouring moments are independent.
///
/// # Panics
/// If a point's code is no index into the codes, or a state is not among them.
///
/// # Example
/// ```
/// use scoring::StateSeries;
/// use scoring::agreement::agree::agree;
/// use scoring::agreement::codings::{TwoCodings, TwoMarks};
/// use scoring::agreement::disagreements::DisagreementKind;
/// use scoring::agreement::settings::AgreeSettings;
/// use span::{Length, Span, SpanSet};
///
/// let codes = ["N", "O", "M", "P"];
/// let coded = |text| StateSeries::from_text(codes, text, Length::SECOND);
/// let two = TwoCodings {
///     codes: codes.map(str::to_owned).to_vec(),
///     exhaustive: true,
///     windows: Vec::new(),
///     looked_at: SpanSet::from(Span::from_micros(0, 30_000_000).expect("half a minute")),
///     marks: TwoMarks::States(
///         coded("MMPPOOOMPPNNNMMPPPOOMMPPPNNOOO").into(),
///         coded("MMMPPOOMPPPNNMMMPPOOMMMPPNNNOO").into(),
///     ),
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

fn of_states(two: &TwoCodings, first: &CodedStates, second: &CodedStates, settings: &AgreeSettings) -> Agreement {
    let windows: Vec<StateWindow> = separate_windows(&two.windows, &two.looked_at)
        .into_iter()
        .map(|window| StateWindow::new(window, &first.series, &second.series, &two.looked_at))
        .collect();
    if windows.is_empty() {
        return of_nothing(two);
    }
    let categories = Categories::new(&two.codes, &first.series, &second.series, settings.gap_policy(two.exhaustive));
    let time = compared_time(&windows, &categories, settings);
    let mut statistics = of_time(&time, &categories, settings);
    statistics.push(with_tolerance(&windows, &categories, settings));
    statistics.push(of_scorable(&windows, &two.looked_at));
    statistics.extend(of_segments(&windows, &categories, settings));
    let in_windows: Vec<EventWindow> =
        windows.iter().map(|window| EventWindow::of_states(window, first, second, &two.codes)).collect();
    let events = AlignedEvents::new(&in_windows, &settings.align_rules());
    let agreement = of_events(&in_windows, &events, two.codes.len(), settings, &mut statistics);
    absent_where_missing(&mut statistics, &NOTHING_COMPARED);
    let with_gaps = Categories::new(&two.codes, &first.series, &second.series, GapPolicy::Category);
    let differ = |window: &StateWindow| state_disagreements(&window.first, &window.second, window.span, &with_gaps);
    Agreement {
        n: time.seconds,
        by_code: CodeAgreement::all(&time.table, categories.keys()),
        categories: categories.keys().to_vec(),
        table: Some(time.in_seconds),
        codes: two.codes.clone(),
        events: agreement,
        statistics,
        disagreements: windows.iter().flat_map(differ).collect(),
    }
}

fn of_points(two: &TwoCodings, first: &[PointMark], second: &[PointMark], settings: &AgreeSettings) -> Agreement {
    let windows = separate_windows(&two.windows, &two.looked_at);
    if windows.is_empty() {
        return of_nothing(two);
    }
    let in_windows: Vec<EventWindow> =
        windows.iter().map(|window| EventWindow::of_points(*window, first, second, &two.looked_at)).collect();
    let events = AlignedEvents::new(&in_windows, &settings.align_rules());
    let mut statistics = Vec::new();
    let agreement = of_events(&in_windows, &events, two.codes.len(), settings, &mut statistics);
    absent_where_missing(&mut statistics, &NO_DURATION);
    Agreement {
        n: windows.iter().map(|window| two.looked_at.coverage(*window)).sum::<Length>().as_secs(),
        categories: Vec::new(),
        table: None,
        by_code: Vec::new(),
        codes: two.codes.clone(),
        events: agreement,
        statistics,
        disagreements: point_disagreements(&events.alignment, &events.first, &events.second, &two.codes),
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
        by_code: Vec::new(),
        codes: two.codes.clone(),
        events: EventAgreement::none(two.codes.len()),
        statistics,
        disagreements: Vec::new(),
    }
}

/// As in `attune agree`, one channel without its name: `n`, `table`, `by_code`, `events`, `statistics`. The disagreements stand in a list of their own there.
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
            .enumerate()
            .map(|(idx, (code, (omitted, committed)))| {
                json!({"code": code, "kappa": self.events.code_kappa(idx).value, "first": omitted.of, "second": committed.of,
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
        let mut record = serializer.serialize_struct("Agreement", 5)?;
        record.serialize_field("n", &self.n)?;
        record.serialize_field("table", &table)?;
        record.serialize_field("by_code", &self.by_code)?;
        record.serialize_field("events", &events)?;
        record.serialize_field("statistics", &statistics)?;
        record.end()
    }
}
