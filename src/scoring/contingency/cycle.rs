//! The attunement cycle: the infant is distressed, the parent looks, answers, the infant settles.
//!
//! Attune's own measure: the steps follow the theory of repair in words; cues, window and classes have no literature warrant.

use serde::Serialize;
use span::{Instant, Length, Span, SpanSet};

use crate::StateSeries;

/// What the cycle is computed from, within one episode.
#[derive(Clone, Debug)]
pub struct CycleInput {
    /// The infant's affect, or states of engagement.
    pub affect: StateSeries,
    /// Which of its states are distress.
    pub distress: Vec<bool>,
    /// The parent's gaze, if it is a channel.
    pub gaze: Option<Cues>,
    /// The parent's tracks whose onsets are answers, those of one channel together; the parent's part is left out where there are
    /// none.
    pub answers: Vec<Cues>,
    /// The episode.
    pub episode: Span,
    /// How long after a cue an answer counts.
    pub window: Length,
    /// Shorter distress is none.
    pub min_distress: Length,
    /// A pause shorter than this does not end distress.
    pub settle_hold: Length,
}

/// One of the parent's channels and the codes in it that count.
#[derive(Clone, Debug)]
pub struct Cues {
    /// The channel's key.
    pub channel: String,
    /// What was coded on it.
    pub series: StateSeries,
    /// Which of its states count.
    pub counts: Vec<bool>,
}

/// What followed the onsets of distress.
///
/// # Example
/// A minute with five cues. The parent looks and is touching at times; missing touch leaves the last answer open.
/// ```
/// use scoring::contingency::cycle::{CycleClass, CycleInput, Cues, Cycles};
/// use scoring::{Gaps, StateMark, StateSeries};
/// use span::{Instant, Length, Span, SpanSet};
///
/// let at = |secs: f64| Instant::ZERO + Length::from_secs(secs).expect("a time");
/// let episode = Span::new(at(0.0), at(60.0)).expect("a minute");
/// // marks follow one another, each up to the next one's start; a state that is not declared is missing
/// let track = |codes: &[&str], marks: &[(f64, &str)], gaps| {
///     let ends = marks.iter().skip(1).map(|(start, _)| *start).chain([60.0]);
///     let state = |code: &str| codes.iter().position(|known| *known == code);
///     let marks: Vec<StateMark> = marks
///         .iter()
///         .zip(ends)
///         .map(|((start, code), end)| StateMark { start: at(*start), end: at(end), state: state(code) })
///         .collect();
///     StateSeries::from_marks(codes.iter().copied(), &marks, episode, &SpanSet::new(), gaps)
/// };
/// let affect = |marks: &[(f64, &str)]| track(&["neg", "neu", "pos"], marks, Gaps::Missing);
/// let cues = |channel: &str, series: &StateSeries, counts: &[bool]| Cues {
///     channel: channel.to_owned(),
///     series: series.clone(),
///     counts: counts.to_vec(),
/// };
/// let infant = affect(&[
///     (0.0, "neu"), (5.0, "neg"), (9.0, "neu"), (20.0, "neg"), (22.0, "neu"), (30.0, "neg"), (31.0, "neu"),
///     (32.5, "neg"), (45.0, "?"), (46.0, "neg"), (50.0, "neu"), (55.0, "neg"),
/// ]);
/// let gaze = track(&["infant", "away"], &[(0.0, "infant"), (4.0, "away"), (6.5, "infant"), (32.0, "away")], Gaps::Missing);
/// let touch = [(0.0, "none"), (7.2, "aff"), (9.5, "none"), (34.0, "static"), (36.0, "none"), (56.0, "?"), (57.0, "none")];
/// let touch = track(&["none", "aff", "static"], &touch, Gaps::Missing);
/// let cycles = Cycles::new(&CycleInput {
///     affect: infant,
///     distress: vec![true, false, false],
///     gaze: Some(cues("gaze", &gaze, &[true, false])),
///     answers: vec![
///         cues("gaze", &gaze, &[true, false]),
///         cues("affect", &affect(&[(0.0, "neu"), (8.0, "pos"), (40.0, "neu")]), &[false, true, true]),
///         cues("touch", &touch, &[false, true, true]),
///     ],
///     episode,
///     window: Length::SECOND.times(3),
///     min_distress: Length::ZERO,
///     settle_hold: Length::ZERO,
/// });
/// let onsets: Vec<f64> = cycles.cues.iter().map(|cue| cue.at.as_secs()).collect();
/// assert_eq!((onsets, cycles.truncated), (vec![5.0, 20.0, 30.0, 32.5, 55.0], 1)); // at 46 it follows missing time
/// assert_eq!(cycles.codable.as_secs(), 59.0);
/// let classes: Vec<_> = cycles.cues.iter().filter_map(|cue| cue.class).collect();
/// use CycleClass::{AnsweredOpen, Complete, SelfSettled, Unknown};
/// assert_eq!(classes, [Complete, SelfSettled, SelfSettled, AnsweredOpen, Unknown]);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cycles {
    /// One per cue, in order.
    pub cues: Vec<Cue>,
    /// How many stretches of distress have no observed onset and are no cues.
    pub truncated: usize,
    /// How long the infant's affect is codable.
    #[serde(skip)]
    pub codable: Length,
}

/// One observed onset of distress and what followed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cue {
    /// The onset.
    #[serde(rename = "at_s", serialize_with = "crate::secs::serialize_instant")]
    pub at: Instant,
    /// The end of the distress, as far as it was seen.
    #[serde(rename = "until_s", serialize_with = "crate::secs::serialize_instant")]
    pub until: Instant,
    /// Was its end seen?
    pub is_settled: bool,
    /// Did the parent look? `None` without a gaze channel.
    pub sensed: Option<Sensed>,
    /// Did the parent answer? `None` without a channel for answers.
    pub answer: Option<Answer>,
    /// What became of it; `None` without a channel for answers.
    pub class: Option<CycleClass>,
}

/// Did the parent look at the infant?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "sensed")]
pub enum Sensed {
    /// Looking already at the cue, or from that very instant on.
    Already,
    /// Turned to the infant this long after.
    Onset {
        /// From the cue.
        #[serde(rename = "latency_s", serialize_with = "crate::secs::serialize")]
        latency: Length,
    },
    /// Did not, within a full window.
    No,
    /// Cannot be known.
    Unknown,
}

/// Did the parent answer?
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum Answer {
    /// Yes.
    Yes {
        /// From the cue to the first onset.
        #[serde(rename = "latency_s", serialize_with = "crate::secs::serialize")]
        latency: Length,
        /// The channels with an onset at that instant.
        by: Vec<String>,
    },
    /// No, within a full window.
    No {
        /// From the cue to the window's end.
        #[serde(rename = "watched_s", serialize_with = "crate::secs::serialize")]
        watched: Length,
    },
    /// Cannot be known.
    Unknown {
        /// From the cue to the first missing time, the next cue or the border: no answer until then.
        #[serde(rename = "watched_s", serialize_with = "crate::secs::serialize")]
        watched: Length,
    },
}

/// What became of a cue. The five sum to the cues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CycleClass {
    /// Answered before the distress was seen to end.
    Complete,
    /// Seen to end, known to be without an answer until then (or until the window's end).
    SelfSettled,
    /// Answered while the distress was not seen to end.
    AnsweredOpen,
    /// Not answered, and the distress not seen to end.
    UnansweredOpen,
    /// None of these is known.
    Unknown,
}

/// A stretch of distress.
struct Bout {
    span: Span,
    is_onset_seen: bool,
    is_settled: bool,
}

impl Cycles {
    /// The cues of one episode and what followed each.
    ///
    /// *Definition*: a cue is the onset of a stretch of distress out of another known state. Its limit is the window's end, the next
    /// cue or the episode's end, whichever is first. The parent senses it by looking at it, or turning to look before the limit; answers
    /// it by the first onset, after it and up to the limit, of a code that counts. What was on already is no answer.
    #[must_use]
    pub fn new(input: &CycleInput) -> Self {
        let bouts = bouts(input);
        let (cues, truncated): (Vec<&Bout>, Vec<&Bout>) = bouts.iter().partition(|bout| bout.is_onset_seen);
        let codable: Vec<SpanSet> = input.answers.iter().map(|answer| answer.series.codable()).collect();
        let gaze_codable = input.gaze.as_ref().map(|gaze| gaze.series.codable());
        let cue = |idx: usize, bout: &Bout| {
            let at = bout.span.start();
            let full = at.saturating_add(input.window);
            let next = cues.get(idx + 1).map_or(Instant::MAX, |next| next.span.start());
            let watch = Watch { at, limit: full.min(next).min(input.episode.end()), full };
            let sensed =
                input.gaze.as_ref().zip(gaze_codable.as_ref()).map(|(gaze, codable)| watch.sensed(gaze, codable));
            let answer = (!input.answers.is_empty()).then(|| watch.answer(&input.answers, &codable));
            let missing = codable.iter().map(|codable| first_missing(codable, at)).min().unwrap_or(Instant::MAX);
            let class = answer.as_ref().map(|answer| watch.class(bout, answer, missing));
            Cue { at, until: bout.span.end(), is_settled: bout.is_settled, sensed, answer, class }
        };
        Self {
            cues: cues.iter().enumerate().map(|(idx, bout)| cue(idx, bout)).collect(),
            truncated: truncated.len(),
            codable: input.affect.pieces().iter().map(|piece| piece.span.length()).sum(),
        }
    }
}

/// Stretches of distress, joined over pauses shorter than the hold; a shorter pause that is cut off leaves the stretch open.
fn bouts(input: &CycleInput) -> Vec<Bout> {
    let codable = input.affect.codable();
    let is_codable_before = |time: Instant| codable.contains(time - Length::MICROSECOND);
    let mut joined: Vec<Span> = Vec::new();
    for span in input.affect.time_in(|state| input.distress[state]).spans() {
        match joined.last_mut() {
            Some(last) if span.start() - last.end() < input.settle_hold && codable.covers(last.hull(*span)) => {
                *last = last.hull(*span);
            }
            _ => joined.push(*span),
        }
    }
    let bout = |(idx, &span): (usize, &Span)| {
        let calm_until = codable.span_at(span.start()).map_or(span.end(), Span::end);
        let next = joined.get(idx + 1).map_or(Instant::MAX, |next| next.start());
        let is_cut = calm_until < next && calm_until - span.end() < input.settle_hold;
        let is_settled = calm_until > span.end() && !is_cut;
        let span = if is_cut { span.hull(Span::new(span.start(), calm_until).unwrap_or(span)) } else { span };
        Bout { span, is_onset_seen: is_codable_before(span.start()), is_settled }
    };
    joined.iter().enumerate().map(bout).filter(|bout| bout.span.length() >= input.min_distress).collect()
}

/// The time after one cue in which the parent is watched.
struct Watch {
    at: Instant,
    limit: Instant,
    full: Instant,
}

impl Watch {
    fn sensed(&self, gaze: &Cues, codable: &SpanSet) -> Sensed {
        match gaze.series.state_at(self.at) {
            None => return Sensed::Unknown,
            Some(state) if gaze.counts[state] => return Sensed::Already,
            Some(_) => {}
        }
        let seen_until = first_missing(codable, self.at);
        match first_onset(gaze, self.at, self.limit) {
            Some(onset) if onset <= seen_until => Sensed::Onset { latency: onset - self.at },
            _ if self.limit == self.full && seen_until >= self.limit => Sensed::No,
            _ => Sensed::Unknown,
        }
    }

    fn answer(&self, answers: &[Cues], codable: &[SpanSet]) -> Answer {
        let onsets: Vec<Option<Instant>> =
            answers.iter().map(|answer| first_onset(answer, self.at, self.limit)).collect();
        if let Some(first) = onsets.iter().flatten().min() {
            let at_once = answers.iter().zip(&onsets).filter(|(_, onset)| **onset == Some(*first));
            let mut by: Vec<String> = at_once.map(|(answer, _)| answer.channel.clone()).collect();
            by.dedup(); // several tracks of one channel come together
            return Answer::Yes { latency: *first - self.at, by };
        }
        let missing = codable.iter().map(|codable| first_missing(codable, self.at)).min().unwrap_or(self.limit);
        let watched = missing.min(self.limit) - self.at;
        if self.limit == self.full && missing >= self.limit {
            Answer::No { watched }
        } else {
            Answer::Unknown { watched }
        }
    }

    /// `missing`: from when on an answer channel is missing, so that an earlier answer may have gone unseen.
    fn class(&self, bout: &Bout, answer: &Answer, missing: Instant) -> CycleClass {
        let (answered_at, known_until) = match answer {
            Answer::Yes { latency, .. } => (self.at + *latency, missing),
            Answer::No { watched } | Answer::Unknown { watched } => (Instant::MAX, self.at + *watched),
        };
        let asked_until = bout.span.end().min(self.full);
        if answered_at <= bout.span.end() {
            return if bout.is_settled { CycleClass::Complete } else { CycleClass::AnsweredOpen };
        }
        if bout.is_settled && known_until >= asked_until {
            CycleClass::SelfSettled
        } else if !bout.is_settled && matches!(answer, Answer::No { .. }) {
            CycleClass::UnansweredOpen
        } else {
            CycleClass::Unknown
        }
    }
}

/// The first instant in `(after, until]` at which a code that counts begins out of another known state.
fn first_onset(cues: &Cues, after: Instant, until: Instant) -> Option<Instant> {
    let pieces = cues.series.pieces();
    let first = pieces.partition_point(|piece| piece.span.start() <= after).max(1);
    let later = (first..pieces.len()).take_while(|idx| pieces[*idx].span.start() <= until);
    let is_onset =
        |idx: &usize| cues.counts[pieces[*idx].state] && pieces[idx - 1].span.end() == pieces[*idx].span.start();
    later.into_iter().find(is_onset).map(|idx| pieces[idx].span.start())
}

/// The first instant from `time` on that is missing.
fn first_missing(codable: &SpanSet, time: Instant) -> Instant {
    codable.span_at(time).map_or(time, Span::end)
}
