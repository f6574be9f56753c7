//! One channel as two coders coded it: what agreement is computed from.

use span::{Instant, Length, Span, SpanSet};

use super::alignment::{AlignRules, AlignStep, Alignment, Event, align};
use super::time_unit::{Categories, UnitLabels, unit_labels};
use crate::StateSeries;
use crate::series::NONE;
use crate::settings::GridRule;

/// One channel as two coders coded it.
#[derive(Clone, Debug, PartialEq)]
pub struct TwoCodings {
    /// The codes that are not missing, in the scheme's order.
    pub codes: Vec<String>,
    /// Should every moment have a code? Then gaps are left out of statistics of time unless the settings say otherwise.
    pub exhaustive: bool,
    /// The episodes: no unit, tolerance, block, pair or run crosses from one to another, and what lies in none is left out. None: one window
    /// over all that was looked at. Where two overlap, the one that starts first has the time.
    pub windows: Vec<Span>,
    /// The time that both coders looked at; all other is missing.
    pub looked_at: SpanSet,
    /// What they marked.
    pub marks: TwoMarks,
}

/// What two coders marked, the first coder's first.
#[derive(Clone, Debug, PartialEq)]
pub enum TwoMarks {
    /// Stretches of time.
    States(CodedStates, CodedStates),
    /// Moments.
    Points(Vec<PointMark>, Vec<PointMark>),
}

/// What one coder marked on a channel of states.
#[derive(Clone, Debug, PartialEq)]
pub struct CodedStates {
    /// Which state holds when; a gap in what the coder looked at is the state [`NONE`]. Its other states are codes of the channel.
    pub series: StateSeries,
    /// The marks that begin and end at one moment: they cover no time, but are events.
    pub moments: Vec<PointMark>,
}

impl From<StateSeries> for CodedStates {
    fn from(series: StateSeries) -> Self {
        Self { series, moments: Vec::new() }
    }
}

/// A moment that a coder marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointMark {
    /// When.
    pub time: Instant,
    /// An index into the codes.
    pub code: usize,
}

/// The windows in order, each without what an earlier one has; one over all that was looked at where there are none.
pub(super) fn separate_windows(windows: &[Span], looked_at: &SpanSet) -> Vec<Span> {
    if windows.is_empty() {
        return looked_at.hull().into_iter().collect();
    }
    let mut windows = windows.to_vec();
    windows.sort_unstable();
    let mut until = Instant::MIN;
    let rest = windows.into_iter().filter_map(|window| {
        let rest = Span::new(window.start().max(until), window.end()).ok();
        until = until.max(window.end());
        rest
    });
    rest.collect()
}

/// The states of one window, time that not both looked at missing.
pub(super) struct StateWindow {
    pub(super) span: Span,
    pub(super) first: StateSeries,
    pub(super) second: StateSeries,
}

impl StateWindow {
    pub(super) fn new(span: Span, first: &StateSeries, second: &StateSeries, looked_at: &SpanSet) -> Self {
        let holes = looked_at.gaps(span);
        let inside = |series: &StateSeries| series.within(span).without(&holes);
        Self { span, first: inside(first), second: inside(second) }
    }

    /// The categories on a grid that begins where the window does.
    pub(super) fn labels(&self, step: Length, rule: GridRule, categories: &Categories) -> UnitLabels {
        unit_labels(&self.first, &self.second, self.span, step, rule, categories)
    }

    /// The time that is missing for neither.
    pub(super) fn common(&self) -> SpanSet {
        self.first.codable().intersection(&self.second.codable())
    }
}

/// The events of one window.
pub(super) struct EventWindow {
    pub(super) span: Span,
    pub(super) first: Vec<Event>,
    pub(super) second: Vec<Event>,
}

impl EventWindow {
    /// The runs of each coder's states, as they are in that coder's own coding, and the moments. What lies wholly in time that is missing
    /// for either is left out; what lies there in part is whole.
    pub(super) fn of_states(window: &StateWindow, first: &CodedStates, second: &CodedStates, codes: &[String]) -> Self {
        let common = window.common();
        let events = |coded: &CodedStates| {
            let code = |state: &String| {
                let code = codes.iter().position(|code| code == state);
                assert!(code.is_some() || state == NONE, "the state {state} is no code of the channel");
                code
            };
            let code_of: Vec<Option<usize>> = coded.series.states().iter().map(code).collect();
            let inside = coded.series.within(window.span);
            let runs = inside.pieces().iter().filter(|piece| common.coverage(piece.span).micros() > 0);
            let runs = runs.filter_map(|piece| {
                let (start, end) = (piece.span.start(), piece.span.end());
                Some(Event { start, end: Some(end), code: code_of[piece.state]? })
            });
            // a mark without duration in time of its own code is part of that
            let is_apart = |mark: &&PointMark| {
                let state = coded.series.state_at(mark.time).and_then(|state| code_of[state]);
                window.span.contains(mark.time) && common.contains(mark.time) && state != Some(mark.code)
            };
            let moments = coded.moments.iter().filter(is_apart);
            let moments = moments.map(|mark| Event { start: mark.time, end: Some(mark.time), code: mark.code });
            let mut events: Vec<Event> = runs.chain(moments).collect();
            events.sort_by_key(|event| (event.start, event.end)); // stable
            events
        };
        Self { span: window.span, first: events(first), second: events(second) }
    }

    /// The points that lie in time that both looked at.
    pub(super) fn of_points(span: Span, first: &[PointMark], second: &[PointMark], looked_at: &SpanSet) -> Self {
        let events = |points: &[PointMark]| {
            let seen = points.iter().filter(|point| span.contains(point.time) && looked_at.contains(point.time));
            seen.map(|point| Event { start: point.time, end: None, code: point.code }).collect()
        };
        Self { span, first: events(first), second: events(second) }
    }
}

/// The events of all windows, laid beside each other in each by itself.
pub(super) struct AlignedEvents {
    pub(super) first: Vec<Event>,
    pub(super) second: Vec<Event>,
    pub(super) alignment: Alignment,
}

impl AlignedEvents {
    pub(super) fn new(windows: &[EventWindow], rules: &AlignRules) -> Self {
        let mut all = Self { first: Vec::new(), second: Vec::new(), alignment: Alignment::default() };
        for EventWindow { first, second, .. } in windows {
            let (before_a, before_b) = (all.first.len(), all.second.len());
            let Alignment { steps, cost, onset_cost } = align(first, second, rules);
            all.alignment.steps.extend(steps.into_iter().map(|step| match step {
                AlignStep::Pair(a, b) => AlignStep::Pair(before_a + a, before_b + b),
                AlignStep::FirstAlone(a) => AlignStep::FirstAlone(before_a + a),
                AlignStep::SecondAlone(b) => AlignStep::SecondAlone(before_b + b),
            }));
            all.alignment.cost += cost;
            all.alignment.onset_cost += onset_cost;
            all.first.extend(first);
            all.second.extend(second);
        }
        all
    }
}
