//! Which inputs a score has, and what to say where one is missing.

use std::sync::Arc;

use span::Span;

use crate::recording::{AFFECT, ENGAGEMENT, GAZE};
use crate::relation::StatePair;
use crate::settings::{EngagementSource, MatchVariant, NegNeg, ScoreSettings};
use crate::{EngagementRules, MatchRelation, Recording, StateSeries, StateType, Subject, Why};

/// The states of affect without gaze.
pub(crate) const VALENCES: [StateType; 3] = [StateType::Neg, StateType::Neu, StateType::Pos];

/// The states of gaze alone: at the partner or not.
pub(crate) const GAZES: [&str; 2] = ["LOOK", "AWAY"];

/// What the states of engagement are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum States {
    /// A track of engagement where there is one, else the scheme's rules.
    Engagement,
    /// [`VALENCES`].
    Affect,
    /// [`GAZES`].
    Gaze,
}

impl States {
    pub(crate) const fn of(settings: &ScoreSettings) -> Self {
        match (settings.match_relation, settings.engagement) {
            (MatchVariant::Gaze, _) => Self::Gaze,
            (MatchVariant::Valence, _) | (_, EngagementSource::AffectOnly) => Self::Affect,
            (_, EngagementSource::Rules) => Self::Engagement,
        }
    }

    /// The names of the states that `subject` can have.
    pub(crate) fn keys(self, recording: &Recording, subject: Subject) -> Vec<String> {
        match (self, recording.track(subject, ENGAGEMENT), recording.rules(subject)) {
            (Self::Affect, _, _) => VALENCES.iter().map(|of| of.as_str().to_owned()).collect(),
            (Self::Gaze, _, _) => GAZES.map(str::to_owned).into(),
            (Self::Engagement, Some(series), _) => series.states().to_vec(),
            (Self::Engagement, None, Some(rules)) => rules.states.iter().map(|state| state.key.clone()).collect(),
            (Self::Engagement, None, None) => Vec::new(),
        }
    }

    /// For correlations, the value of each of these states of `subject`.
    pub(crate) fn values(
        self,
        recording: &Recording,
        settings: &ScoreSettings,
        subject: Subject,
        keys: &[String],
    ) -> Vec<Option<f64>> {
        match self {
            Self::Engagement => values(keys, recording.rules(subject), settings),
            Self::Affect => values(keys, None, settings),
            Self::Gaze => vec![Some(1.0), Some(0.0)],
        }
    }

    /// The rules by which the states of `subject` follow, where they do.
    pub(crate) fn rules(self, recording: &Recording, subject: Subject) -> Option<&EngagementRules> {
        let is_derived = self == Self::Engagement && recording.track(subject, ENGAGEMENT).is_none();
        recording.rules(subject).filter(|_| is_derived)
    }
}

/// One partner's states of engagement, over the whole recording.
pub(crate) struct Person {
    /// Whose tracks they are had from: the dyad's where one track tells of both at once.
    pub(crate) subject: Subject,
    pub(crate) series: StateSeries,
    /// For correlations, per state.
    pub(crate) values: Vec<Option<f64>>,
    /// What the states are derived from.
    channels: Vec<String>,
}

impl Person {
    /// The states of engagement of `subject`, or why there are none: a channel that was not coded at all.
    pub(crate) fn new(recording: &Recording, settings: &ScoreSettings, subject: Subject) -> Result<Self, Why> {
        match States::of(settings) {
            States::Affect => Self::from_affect(recording, settings, subject),
            States::Gaze => Self::from_gaze(recording, settings, subject),
            States::Engagement => match recording.track(subject, ENGAGEMENT) {
                Some(series) => Ok(Self::coded(recording, settings, subject, series)),
                None => Self::derived(recording, settings, subject),
            },
        }
    }

    /// Positive, neutral or negative, whatever the gaze; codes without valence are missing.
    pub(crate) fn from_affect(recording: &Recording, settings: &ScoreSettings, subject: Subject) -> Result<Self, Why> {
        let affect = recording.track(subject, AFFECT).ok_or_else(|| no_channel(AFFECT, subject))?;
        let valence = |code: &String| VALENCES.iter().position(|of| Some(of) == settings.valence.get(code));
        let new_state: Vec<Option<usize>> = affect.states().iter().map(valence).collect();
        let states: Arc<[String]> = VALENCES.iter().map(|of| of.as_str().to_owned()).collect();
        let values = States::Affect.values(recording, settings, subject, &states);
        let series = usable(recording, settings, affect).relabelled(states, &new_state);
        Ok(Self { subject, series, values, channels: vec![AFFECT.to_owned()] })
    }

    /// At the partner or not, as the settings of looking say; where a partner's gaze is no channel, as eye contact of both says.
    fn from_gaze(recording: &Recording, settings: &ScoreSettings, subject: Subject) -> Result<Self, Why> {
        if let Some(series) = eye_contact(recording, settings) {
            let values = States::Gaze.values(recording, settings, subject, series.states());
            return Ok(Self { subject: Subject::Dyad, series, values, channels: vec![GAZE.to_owned()] });
        }
        let gaze = recording.track(subject, GAZE).ok_or_else(|| no_channel(GAZE, subject))?;
        let looking = if subject == Subject::Infant { &settings.looking_infant } else { &settings.looking_parent };
        let new_state: Vec<Option<usize>> =
            gaze.states().iter().map(|code| Some(usize::from(!looking.contains(code)))).collect();
        let series = usable(recording, settings, gaze).relabelled(GAZES.map(str::to_owned).into(), &new_state);
        let values = States::Gaze.values(recording, settings, subject, series.states());
        Ok(Self { subject, series, values, channels: vec![GAZE.to_owned()] })
    }

    fn coded(recording: &Recording, settings: &ScoreSettings, subject: Subject, series: &StateSeries) -> Self {
        let values = States::Engagement.values(recording, settings, subject, series.states());
        Self { subject, series: usable(recording, settings, series), values, channels: vec![ENGAGEMENT.to_owned()] }
    }

    fn derived(recording: &Recording, settings: &ScoreSettings, subject: Subject) -> Result<Self, Why> {
        let rules = recording.rules(subject).ok_or_else(|| format!("no rules for the engagement of the {subject}"))?;
        let channels = rules.channels();
        if let Some(absent) = channels.iter().find(|channel| recording.track(subject, channel).is_none()) {
            return Err(no_channel(absent, subject));
        }
        let tracks: Vec<(&str, StateSeries)> = channels
            .iter()
            .filter_map(|channel| Some((*channel, usable(recording, settings, recording.track(subject, channel)?))))
            .collect();
        let series = rules.derive(|channel| tracks.iter().find(|(name, _)| *name == channel).map(|(_, series)| series));
        let values = States::Engagement.values(recording, settings, subject, series.states());
        Ok(Self { subject, series, values, channels: channels.into_iter().map(str::to_owned).collect() })
    }

    /// The part inside an episode.
    pub(crate) fn within(&self, episode: Span) -> StateSeries {
        self.series.within(episode)
    }

    /// The inputs of which nothing was coded in an episode: "parent affect".
    pub(crate) fn uncoded(&self, recording: &Recording, episode: Span) -> Vec<String> {
        let is_uncoded = |channel: &&String| {
            recording.track(self.subject, channel).is_none_or(|series| series.within(episode).is_missing())
        };
        self.channels.iter().filter(is_uncoded).map(|channel| format!("{} {channel}", self.subject)).collect()
    }
}

/// Eye contact where it is coded as one, for both, and a partner's gaze is no channel: both look while it is coded, and at any other
/// coded time at least one of them does not.
///
/// *Undefined cases*: `None` where both partners' gaze is coded, which says more, or no code of the dyad's gaze is eye contact.
pub(crate) fn eye_contact(recording: &Recording, settings: &ScoreSettings) -> Option<StateSeries> {
    if [Subject::Infant, Subject::Parent].iter().all(|subject| recording.track(*subject, GAZE).is_some()) {
        return None;
    }
    let is_contact = |code: &String| settings.looking_dyad.contains(code);
    let mut tracks = recording.tracks_of(Subject::Dyad, GAZE).filter(|track| track.states().iter().any(is_contact));
    let track = tracks.next()?;
    let new_state: Vec<Option<usize>> =
        track.states().iter().map(|code| Some(usize::from(!is_contact(code)))).collect();
    Some(usable(recording, settings, track).relabelled(GAZES.map(str::to_owned).into(), &new_state))
}

/// A track without excluded time and without the codes that the settings call missing.
pub(crate) fn usable(recording: &Recording, settings: &ScoreSettings, series: &StateSeries) -> StateSeries {
    if settings.missing.is_empty() {
        return series.without(&recording.excluded);
    }
    let is_missing = |state: usize| settings.missing.contains(&series.states()[state]);
    let missing = recording.excluded.union(&series.time_in(is_missing));
    series.without(&missing)
}

/// "needs infant gaze, parent affect"; where everything was coded and yet nothing is left, "no time coded by both".
pub(crate) fn why_nothing(uncoded: &[String]) -> Why {
    if uncoded.is_empty() { "no time coded by both".into() } else { format!("needs {}", uncoded.join(", ")).into() }
}

/// The value of each state: as the settings say, else the scheme, else the state's type.
fn values(states: &[String], rules: Option<&EngagementRules>, settings: &ScoreSettings) -> Vec<Option<f64>> {
    let value = |key: &String| {
        let declared = rules.and_then(|rules| rules.states.iter().find(|state| state.key == *key));
        let own = declared.map_or_else(|| settings.state_types.of(key).map(StateType::value), |state| state.value);
        settings.state_values.get(key).copied().or(own)
    };
    states.iter().map(value).collect()
}

/// What to say of a channel that was not coded at all.
pub(crate) fn no_channel(channel: &str, subject: Subject) -> Why {
    format!("no {channel} channel for the {subject}").into()
}

/// The relation that the settings ask for.
pub(crate) fn relation(recording: &Recording, settings: &ScoreSettings) -> MatchRelation {
    let relation = match (&settings.match_pairs, States::of(settings), settings.match_relation) {
        (Some(pairs), _, _) => MatchRelation::new("setting match", pairs.clone()),
        (None, States::Gaze, _) => MatchRelation::new("mutual gaze", vec![(GAZES[0].to_owned(), GAZES[0].to_owned())]),
        (None, States::Affect, MatchVariant::Scheme | MatchVariant::Valence) => {
            MatchRelation::equality(&VALENCES.map(|of| of.as_str().to_owned()))
        }
        (None, States::Engagement, MatchVariant::Scheme) => recording.relation.clone(),
        (None, states, variant) => relation_of_types(recording, settings, states, variant),
    };
    if settings.neg_neg == NegNeg::Mismatch {
        relation.without_shared_distress(&settings.state_types)
    } else {
        relation
    }
}

/// The pairs whose types match; objects are shared as the scheme says.
fn relation_of_types(
    recording: &Recording,
    settings: &ScoreSettings,
    states: States,
    variant: MatchVariant,
) -> MatchRelation {
    use StateType::{Mon, Neg, Neu, Pos};
    let matches = |infant: StateType, parent: StateType| match variant {
        MatchVariant::Positive => (infant, parent) == (Pos, Pos),
        MatchVariant::Loose if (infant, parent) == (Mon, Pos) => true,
        _ => infant == parent && [Pos, Mon, Neu, Neg].contains(&infant),
    };
    let of = |key: &String| settings.state_types.of(key);
    let (infant, parent) = (states.keys(recording, Subject::Infant), states.keys(recording, Subject::Parent));
    let pairs = |first: &String| -> Vec<StatePair> {
        let second = parent.iter().filter(|second| of(first).zip(of(second)).is_some_and(|(i, p)| matches(i, p)));
        second.map(|second| (first.clone(), second.clone())).collect()
    };
    let (name, shared) = match variant {
        MatchVariant::Positive => ("positive", None),
        MatchVariant::Loose => ("loose", recording.relation.shared.clone()),
        _ => ("same state", recording.relation.shared.clone()),
    };
    MatchRelation { shared, ..MatchRelation::new(name, infant.iter().flat_map(pairs).collect()) }
}
