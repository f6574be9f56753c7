//! A score with the parts that it is made of, or the reason why there is none.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::agreement::bootstrap::{Limits, NoLimits};
use crate::catalog::ScoreInfo;
use crate::chance::{Baseline, NoBaseline};

/// Why a score is absent, for people: "needs parent affect", "no mismatch episode".
pub type Why = Cow<'static, str>;

/// A number with its parts, or the reason why there is none; never NaN or infinite.
///
/// # Example
/// ```
/// use scoring::Score;
///
/// let proportion = Score::ratio(11.0, 29.0, "nothing is coded");
/// assert_eq!(proportion.number(), Some(11.0 / 29.0));
/// assert_eq!((proportion.numerator, proportion.denominator), (Some(11.0), Some(29.0)));
///
/// let mean = Score::ratio(0.0, 0.0, "no mismatch episode").with_n(0);
/// assert_eq!((mean.number(), mean.why()), (None, Some("no mismatch episode")));
/// let json = serde_json::to_string(&mean)?;
/// assert_eq!(json, r#"{"value":null,"why":"no mismatch episode","n":0,"unit":"1"}"#);
///
/// assert_eq!(Score::absent("needs parent affect").number(), None);
/// assert_eq!(Score::from_option(Some(0.5), "needs parent affect").number(), Some(0.5));
///
/// // so that no number is ever infinite
/// assert_eq!(Score::plain(f64::INFINITY).why(), Some("too large for a number"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// The number, or why there is none.
    pub value: Result<f64, Why>,
    /// What was divided; seconds, minutes or a count.
    pub numerator: Option<f64>,
    /// By what; in the numerator's unit for a proportion, minutes for a rate.
    pub denominator: Option<f64>,
    /// How many things the number rests on.
    pub n: Option<u64>,
    /// `1`, `s`, `/min`, ..., as the catalog says.
    pub unit: &'static str,
    /// The true value may be larger: the longest mismatch was cut off.
    pub is_at_least: bool,
    /// What a reader of the number has to know: "one half added to every cell".
    pub note: Option<Why>,
    /// What chance gives, where it was asked for, or why that cannot be said.
    pub chance: Option<Result<Baseline, NoBaseline>>,
    /// How far a proportion of time varies over blocks of this recording, where that was asked for, or why that cannot be said.
    pub limits: Option<Result<Limits, NoLimits>>,
}

impl Score {
    /// A number that is no ratio.
    #[must_use]
    pub fn plain(value: f64) -> Self {
        Self {
            value: finite(value),
            numerator: None,
            denominator: None,
            n: None,
            unit: "1",
            is_at_least: false,
            note: None,
            chance: None,
            limits: None,
        }
    }

    /// How many there are.
    #[must_use]
    pub fn count(n: usize) -> Self {
        Self::plain(n as f64)
    }

    /// No number, and why.
    #[must_use]
    pub fn absent(why: impl Into<Why>) -> Self {
        Self { value: Err(why.into()), ..Self::plain(0.0) }
    }

    /// `numerator / denominator`; absent where the denominator is zero.
    #[must_use]
    pub fn ratio(numerator: f64, denominator: f64, why_absent: impl Into<Why>) -> Self {
        if denominator == 0.0 {
            return Self::absent(why_absent);
        }
        let parts = Self::plain(numerator / denominator);
        Self { numerator: Some(numerator), denominator: Some(denominator), ..parts }
    }

    /// A number that may not exist.
    #[must_use]
    pub fn from_option(value: Option<f64>, why_absent: impl Into<Why>) -> Self {
        value.map_or_else(|| Self::absent(why_absent), Self::plain)
    }

    /// The same, resting on `n` things.
    #[must_use]
    pub fn with_n(self, n: usize) -> Self {
        Self { n: Some(n as u64), ..self }
    }

    /// The same, resting on `n` things where there is a number.
    #[must_use]
    pub(crate) fn with_n_if_present(self, n: usize) -> Self {
        if self.value.is_ok() { self.with_n(n) } else { self }
    }

    /// The same with a remark, where there is a number to remark upon.
    #[must_use]
    pub(crate) fn with_note(self, note: Option<Why>) -> Self {
        if self.value.is_ok() { Self { note, ..self } } else { self }
    }

    /// The number, if there is one.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        self.value.as_ref().ok().copied()
    }

    /// Why there is no number.
    #[must_use]
    pub fn why(&self) -> Option<&str> {
        self.value.as_ref().err().map(AsRef::as_ref)
    }
}

/// Settings may hold numbers so large that sums overflow; every other path to a score is finite by construction.
fn finite(value: f64) -> Result<f64, Why> {
    if value.is_finite() { Ok(value) } else { Err(Cow::Borrowed("too large for a number")) }
}

/// As in `attune score`: the value with its parts, or `null` with the reason.
impl Serialize for Score {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("value", &self.number())?;
        if let Some(why) = self.why() {
            map.serialize_entry("why", why)?;
        }
        if let Some(numerator) = self.numerator {
            map.serialize_entry("numerator", &numerator)?;
        }
        if let Some(denominator) = self.denominator {
            map.serialize_entry("denominator", &denominator)?;
        }
        if let Some(n) = self.n {
            map.serialize_entry("n", &n)?;
        }
        if self.is_at_least {
            map.serialize_entry("at_least", &true)?;
        }
        if let Some(note) = &self.note {
            map.serialize_entry("note", note)?;
        }
        map.serialize_entry("unit", self.unit)?;
        match &self.chance {
            Some(Ok(baseline)) => map.serialize_entry("chance", baseline)?,
            Some(Err(why)) => {
                map.serialize_entry("chance", &())?;
                map.serialize_entry("chance_why", &why.to_string())?;
            }
            None => {}
        }
        match &self.limits {
            Some(Ok(limits)) => map.serialize_entry("limits", limits)?,
            Some(Err(why)) => {
                map.serialize_entry("limits", &())?;
                map.serialize_entry("limits_why", &why.to_string())?;
            }
            None => {}
        }
        map.end()
    }
}

/// Scores by id, in the order of the catalog.
///
/// # Example
/// ```
/// # use scoring::{EpisodeWindow, MatchRelation, Recording, StateSeries, Subject, TrackSeries};
/// # use span::{Length, Span, SpanSet};
/// # let coded = |subject, text| TrackSeries {
/// #     subject,
/// #     channel: "engagement".to_owned(),
/// #     series: StateSeries::from_text(["M", "P"], text, Length::SECOND),
/// # };
/// # let recording = Recording {
/// #     tracks: vec![coded(Subject::Infant, "MMPP"), coded(Subject::Parent, "MPPP")],
/// #     episodes: vec![EpisodeWindow {
/// #         name: "play".to_owned(),
/// #         kind: "play".to_owned(),
/// #         span: Span::from_micros(0, 4_000_000).expect("four seconds"),
/// #     }],
/// #     excluded: SpanSet::new(),
/// #     engagement: Vec::new(),
/// #     relation: MatchRelation::equality(&["M", "P"].map(str::to_owned)),
/// #     frame: None,
/// # };
/// use scoring::{ScoreSettings, quick_scores};
///
/// // four seconds, infant MMPP, parent MPPP
/// let scores = &quick_scores(&recording, &ScoreSettings::default()).episodes[0].scores;
/// assert_eq!(scores.number("match.proportion"), Some(0.75));
/// assert_eq!(scores.get("match.proportion").and_then(|score| score.denominator), Some(4.0)); // seconds
/// assert_eq!(scores.number("time.parent.engagement.P"), Some(0.75)); // named after a code of the recording
/// assert!(scores.get("repair.speed").is_none()); // there is no such score
/// assert_eq!(scores.iter().next().map(|(id, _)| id), Some("match.proportion"));
/// assert!(!scores.is_empty() && scores.iter().count() == scores.len());
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScoreMap {
    scores: Vec<(Cow<'static, str>, Score)>,
}

impl ScoreMap {
    /// The score of this id; `None` where the id belongs to no score of this recording.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Score> {
        self.scores.iter().find(|(known, _)| known == id).map(|(_, score)| score)
    }

    /// The number of this id, if there is one.
    #[must_use]
    pub fn number(&self, id: &str) -> Option<f64> {
        self.get(id)?.number()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Score)> {
        self.scores.iter().map(|(id, score)| (id.as_ref(), score))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.scores.len()
    }

    /// Is there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.scores.is_empty()
    }

    /// None yet, with room for so many.
    pub(crate) fn with_capacity(n: usize) -> Self {
        Self { scores: Vec::with_capacity(n) }
    }

    /// Adds other scores.
    pub(crate) fn extend(&mut self, others: Self) {
        self.scores.extend(others.scores);
    }

    /// Adds to what is known of a score that has a number.
    pub(crate) fn change(&mut self, id: &str, change: impl FnOnce(&mut Score)) {
        if let Some((_, score)) = self.scores.iter_mut().find(|(known, score)| known == id && score.value.is_ok()) {
            change(score);
        }
    }

    /// Puts a score in place of one that could not be known before.
    pub(crate) fn replace(&mut self, id: &str, score: Score) {
        if let Some((_, known)) = self.scores.iter_mut().find(|(known, _)| known == id) {
            *known = Score { unit: known.unit, ..score };
        }
    }

    /// Adds a score of a group of the catalog, in the catalog's unit.
    pub(crate) fn push(&mut self, group: &'static [ScoreInfo], id: &str, score: Score) {
        let info = group.iter().find(|info| info.id == id).expect("every score that is computed is in the catalog");
        self.scores.push((Cow::Borrowed(info.id), Score { unit: info.unit, ..score }));
    }

    /// Adds a score whose id ends in a channel or code of the recording; `template` is its entry in the catalog.
    pub(crate) fn push_named(&mut self, template: &'static ScoreInfo, id: String, score: Score) {
        self.scores.push((Cow::Owned(id), Score { unit: template.unit, ..score }));
    }

    /// Says of every score of a group why it is absent.
    pub(crate) fn push_absent(&mut self, group: &'static [ScoreInfo], why: &Why) {
        for info in group.iter().filter(|info| !info.is_template()) {
            self.scores.push((Cow::Borrowed(info.id), Score { unit: info.unit, ..Score::absent(why.clone()) }));
        }
    }
}

impl Serialize for ScoreMap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}
