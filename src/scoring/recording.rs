//! What is scored: the tracks of one recording, its episodes, and how engagement follows.

use span::{Length, Span, SpanSet};

use crate::needs::{States, relation};
use crate::{EngagementRules, MatchRelation, ScoreSettings, StateSeries, Subject};

/// The channel whose codes are states of engagement already.
pub const ENGAGEMENT: &str = "engagement";
pub(crate) const AFFECT: &str = "affect";
pub(crate) const GAZE: &str = "gaze";
/// The kind of episode in which the parent is instructed not to respond.
pub const STILL_FACE: &str = "still_face";

/// Everything that the scores of one recording depend on, besides the settings. The default holds nothing.
///
/// # Example
/// Four seconds, the last of them excluded; the relation was written for another scheme.
/// ```
/// use scoring::{EpisodeWindow, MatchRelation, Recording, ScoreSettings, StateSeries, Subject, TrackSeries, quick_scores};
/// use span::{Length, Span, SpanSet};
///
/// let coded = |subject, text| TrackSeries {
///     subject,
///     channel: "engagement".to_owned(),
///     series: StateSeries::from_text(["M", "P"], text, Length::SECOND),
/// };
/// let recording = Recording {
///     tracks: vec![coded(Subject::Infant, "MMPP"), coded(Subject::Parent, "MPPP")],
///     episodes: vec![EpisodeWindow {
///         name: "play".to_owned(),
///         kind: "play".to_owned(),
///         span: Span::from_micros(0, 4_000_000).expect("four seconds"),
///     }],
///     excluded: SpanSet::from(Span::from_micros(3_000_000, 4_000_000).expect("the last second")),
///     engagement: Vec::new(),
///     relation: MatchRelation::equality(&["M", "joy"].map(str::to_owned)),
///     frame: None,
/// };
/// let parent = recording.track(Subject::Parent, "engagement").expect("it is coded");
/// assert_eq!(parent.pieces().len(), 2);
/// assert_eq!(recording.tracks_of(Subject::Parent, "gaze").count(), 0);
/// assert_eq!(recording.rules(Subject::Parent), None); // engagement is coded, and follows from nothing
/// let unknown = recording.unknown_states(&ScoreSettings::default());
/// assert_eq!(unknown, [(Subject::Infant, "joy".to_owned()), (Subject::Parent, "joy".to_owned())]);
/// // of three seconds that count only the first matches so
/// let play = &quick_scores(&recording, &ScoreSettings::default()).episodes[0];
/// assert_eq!(play.scores.number("match.proportion"), Some(1.0 / 3.0));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recording {
    /// What was coded. A channel whose codes may overlap comes as several tracks, one per code; where only one track can be asked,
    /// such as gaze for engagement, the first is.
    pub tracks: Vec<TrackSeries>,
    /// The stretches that are scored, each by itself: no run, lag or window crosses from one to another.
    pub episodes: Vec<EpisodeWindow>,
    /// Time that counts for no track.
    pub excluded: SpanSet,
    /// How states of engagement follow, per subject.
    pub engagement: Vec<EngagementRules>,
    /// Which pairs of states match.
    pub relation: MatchRelation,
    /// The duration of one frame: what two coders' eyes cannot tell apart. `None` without video.
    pub frame: Option<Length>,
}

/// One channel of one subject.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackSeries {
    /// Who.
    pub subject: Subject,
    /// `affect`, `gaze`, `touch`, `engagement`, ...
    pub channel: String,
    /// What, when.
    pub series: StateSeries,
}

/// A stretch that is scored by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpisodeWindow {
    /// What the coder calls it.
    pub name: String,
    /// `play`, [`STILL_FACE`], `reunion`, ...; may be empty.
    pub kind: String,
    /// When.
    pub span: Span,
}

impl Recording {
    /// The series of one subject's channel.
    #[must_use]
    pub fn track(&self, subject: Subject, channel: &str) -> Option<&StateSeries> {
        self.tracks_of(subject, channel).next()
    }

    /// All series of one subject's channel: more than one where its codes may overlap.
    pub fn tracks_of(&self, subject: Subject, channel: &str) -> impl Iterator<Item = &StateSeries> {
        let of = move |track: &&TrackSeries| track.subject == subject && track.channel == channel;
        self.tracks.iter().filter(of).map(|track| &track.series)
    }

    /// The states named in the relation, or in the settings that stand for it, that neither partner can have: a typing error, or
    /// settings for another scheme. They never match; the command line refuses them by name.
    #[must_use]
    pub fn unknown_states(&self, settings: &ScoreSettings) -> Vec<(Subject, String)> {
        let states = |subject| States::of(settings).keys(self, subject);
        relation(self, settings).unknown_states(&states(Subject::Infant), &states(Subject::Parent))
    }

    /// The rules by which one subject's engagement follows.
    #[must_use]
    pub fn rules(&self, subject: Subject) -> Option<&EngagementRules> {
        self.engagement.iter().find(|rules| rules.subject == subject)
    }
}
