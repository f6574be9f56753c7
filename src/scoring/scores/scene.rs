//! What all scores of a recording share, made once.

use span::{Span, SpanSet};

use crate::dyad::DyadicStates;
use crate::grid::unit_count;
use crate::needs::{Person, eye_contact, relation, usable, why_nothing};
use crate::recording::STILL_FACE;
use crate::settings::{GridRule, ScoreSettings};
use crate::{Dyad, EpisodeWindow, MatchRelation, Recording, SharedWhile, StateSeries, Subject, Why, repair};

use super::units::Units;

pub(super) const NOT_RESPONDING: &str = "parent instructed not to respond";
const INSEPARABLE: &str = "eye contact is coded for both at once, and does not say who looks away";
/// Longer grids are refused: a mistyped time must not fill the memory. Eleven days at the strip's step.
const MAX_UNITS: i64 = 4_000_000;
/// Of more states nobody reads a table cell by cell, and fitting one takes minutes.
const MAX_STATES_IN_CELLS: usize = 50;

/// Scores one recording.
pub(super) struct Scorer<'a> {
    pub(super) recording: &'a Recording,
    pub(super) settings: &'a ScoreSettings,
    pub(super) engagement: Pair,
    pub(super) valence: Pair,
    pub(super) relation: MatchRelation,
    /// Where no gaze of each is coded.
    pub(super) eye_contact: Option<StateSeries>,
    shared: SpanSet,
}

/// Infant and parent, or why one of them has no states.
pub(super) struct Pair {
    pub(super) infant: Result<Person, Why>,
    pub(super) parent: Result<Person, Why>,
}

/// One episode's dyad.
pub(super) struct Scene<'a> {
    pub(super) episode: &'a EpisodeWindow,
    pub(super) infant: &'a Person,
    pub(super) parent: &'a Person,
    pub(super) dyad: Dyad,
    pub(super) states: DyadicStates,
}

impl Pair {
    pub(super) fn both(&self) -> Result<(&Person, &Person), Why> {
        let infant = self.infant.as_ref().map_err(Clone::clone)?;
        Ok((infant, self.parent.as_ref().map_err(Clone::clone)?))
    }
}

impl<'a> Scorer<'a> {
    pub(super) fn new(recording: &'a Recording, settings: &'a ScoreSettings) -> Self {
        let pair = |of: fn(&Recording, &ScoreSettings, Subject) -> Result<Person, Why>| Pair {
            infant: of(recording, settings, Subject::Infant),
            parent: of(recording, settings, Subject::Parent),
        };
        Self {
            recording,
            settings,
            engagement: pair(Person::new),
            valence: pair(Person::from_affect),
            relation: relation(recording, settings),
            eye_contact: eye_contact(recording, settings),
            shared: shared(recording, settings),
        }
    }

    /// The dyad in an episode, or why there is none.
    pub(super) fn scene(&self, episode: &'a EpisodeWindow) -> Result<Scene<'_>, Why> {
        let (infant, parent) = self.engagement.both()?;
        let dyad = Dyad {
            infant: infant.within(episode.span),
            parent: parent.within(episode.span),
            relation: self.relation.clone(),
            shared: self.shared.intersection(&episode.span.into()),
        };
        let states = dyad.states(self.settings.min_mismatch);
        Ok(Scene { episode, infant, parent, dyad, states })
    }
}

impl<'a> Scene<'a> {
    /// Why the dyad has no scores in this episode, if it has none.
    pub(super) fn why_none(&self, recording: &Recording) -> Option<Why> {
        if self.episode.kind == STILL_FACE {
            return Some(NOT_RESPONDING.into());
        }
        self.states.codable().is_zero().then(|| {
            let mut uncoded = self.infant.uncoded(recording, self.episode.span);
            uncoded.extend(self.parent.uncoded(recording, self.episode.span));
            uncoded.dedup(); // one track may tell of both
            why_nothing(&uncoded)
        })
    }

    /// Why nothing can be said of each partner, if one track tells of both at once.
    pub(super) fn why_inseparable(&self) -> Option<Why> {
        (self.infant.subject == Subject::Dyad).then_some(INSEPARABLE.into())
    }

    /// Why there is no grid of time, if there is none: more units than memory.
    pub(super) fn why_too_long(&self, settings: &ScoreSettings) -> Option<Why> {
        why_too_long(self.episode.span, settings)
    }

    /// Why no table of states by states is told cell by cell, if none is.
    pub(super) fn why_too_many_cells(&self) -> Option<Why> {
        let n_states = self.infant.values.len().max(self.parent.values.len());
        (n_states > MAX_STATES_IN_CELLS)
            .then(|| format!("a table of {n_states} states is too large to tell cell by cell").into())
    }

    /// Both partners in units with one state each, or why there are none.
    pub(super) fn units(&self, settings: &ScoreSettings) -> Result<Units<'a>, Why> {
        if let Some(why) = self.why_inseparable() {
            return Err(why);
        }
        why_no_units(self.episode.span, settings).map_or_else(|| Ok(Units::new(self, settings)), Err)
    }
}

fn why_too_long(episode: Span, settings: &ScoreSettings) -> Option<Why> {
    let finest = settings.grid_step.min(settings.strip_step);
    let is_too_long = unit_count(episode, finest) > MAX_UNITS;
    is_too_long.then(|| format!("too long for a grid of {finest}").into())
}

/// Why an episode has no units with one state each, if it has none.
pub(super) fn why_no_units(episode: Span, settings: &ScoreSettings) -> Option<Why> {
    let has_several = settings.grid_rule == GridRule::Any;
    why_too_long(episode, settings).or_else(|| has_several.then(|| repair::SEVERAL_STATES.into()))
}

/// When the partners attend to the same object, where a channel says so.
fn shared(recording: &Recording, settings: &ScoreSettings) -> SpanSet {
    let Some(shared) = &recording.relation.shared else { return SpanSet::new() };
    let SharedWhile { subject, channel, codes, .. } = &shared.condition;
    let tracks = recording.tracks_of(*subject, channel).map(|track| usable(recording, settings, track));
    tracks
        .fold(SpanSet::new(), |time, track| time.union(&track.time_in(|state| codes.contains(&track.states()[state]))))
}
