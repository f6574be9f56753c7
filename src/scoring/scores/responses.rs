//! Whether each partner responds to the other, and which state follows which.

use std::borrow::Cow;

use span::{Instant, Span, SpanSet};

use crate::catalog::{
    INFANT_ANSWERS, INFANT_FOLLOWS, INFANT_TO_PARENT, PARENT_ANSWERS, PARENT_FOLLOWS, PARENT_TO_INFANT,
};
use crate::contingency::events::{onsets, response_table};
use crate::contingency::lag_tables::{NamedTable, push_residuals};
use crate::contingency::responsiveness::{Behaviour, Responses};
use crate::contingency::{push_responses, push_scores};
use crate::needs::no_channel;
use crate::recording::ENGAGEMENT;
use crate::settings::{Behaviours, CodesOf};
use crate::{Piece, StateSeries, StateType, Subject, Why, grid};

use super::scene::{Scene, Scorer};
use super::units::Units;
use super::{Contingency, EpisodeScores};

/// What one partner does, as the settings name it.
struct Doing<'a> {
    series: Cow<'a, StateSeries>,
    counts: Vec<bool>, // per state
    onsets: Vec<Instant>,
    is_codable: Vec<bool>, // per unit
}

impl<'a> Doing<'a> {
    fn new(series: Cow<'a, StateSeries>, counts: Vec<bool>, units: &[Option<usize>]) -> Self {
        let onsets = onsets(&series, |state| counts[state]);
        Self { series, counts, onsets, is_codable: units.iter().map(Option::is_some).collect() }
    }

    fn behaviour(&self) -> Behaviour<'_> {
        Behaviour { series: &self.series, counts: &self.counts }
    }
}

/// What both are asked for: what is given, and what responds to it.
struct Both<'a> {
    given: Doing<'a>,
    response: Doing<'a>,
}

impl Scorer<'_> {
    pub(super) fn score_contingency(&self, scene: &Scene, units: &Units, result: &mut EpisodeScores) {
        let (settings, out) = (self.settings, &mut result.scores);
        let [parent_follows, infant_follows] = units.lag_tables(settings);
        let both = |subject| -> Result<Both, Why> {
            let of = |behaviours: &Behaviours| self.doing(scene, units, subject, behaviours.of(subject));
            Ok(Both { given: of(&settings.contingency_given)?, response: of(&settings.contingency_response)? })
        };
        match both(Subject::Infant).and_then(|infant| Ok((infant, both(Subject::Parent)?))) {
            Ok((infant, parent)) => {
                let span = scene.episode.span;
                let table = |given: &Doing, response: &Doing| {
                    let codable: Vec<bool> = given
                        .is_codable
                        .iter()
                        .zip(&response.is_codable)
                        .map(|(given, other)| *given && *other)
                        .collect();
                    let window = settings.contingency_window;
                    response_table(&given.onsets, &response.onsets, &codable, span, settings.grid_step, window)
                };
                let window = settings.responsiveness_window.unwrap_or(settings.contingency_window);
                let answers = |given: &Doing, response: &Doing| {
                    Responses::new(given.behaviour(), response.behaviour(), span, window)
                };
                let contingency = Contingency {
                    infant_to_parent: table(&infant.given, &parent.response),
                    parent_to_infant: table(&parent.given, &infant.response),
                    parent_answers: answers(&infant.given, &parent.response),
                    infant_answers: answers(&parent.given, &infant.response),
                    parent_follows: parent_follows.clone(),
                    infant_follows: infant_follows.clone(),
                };
                push_scores(out, INFANT_TO_PARENT, &contingency.infant_to_parent, settings.haldane);
                push_scores(out, PARENT_TO_INFANT, &contingency.parent_to_infant, settings.haldane);
                push_responses(out, PARENT_ANSWERS, &contingency.parent_answers, settings);
                push_responses(out, INFANT_ANSWERS, &contingency.infant_answers, settings);
                result.contingency = Some(contingency);
            }
            Err(why) => {
                for group in [INFANT_TO_PARENT, PARENT_TO_INFANT, PARENT_ANSWERS, INFANT_ANSWERS] {
                    out.push_absent(group, &why);
                }
            }
        }
        if scene.why_too_many_cells().is_some() {
            return;
        }
        let (infant, parent) = (scene.dyad.infant.states(), scene.dyad.parent.states());
        push_residuals(out, &PARENT_FOLLOWS[0], &NamedTable::new(&parent_follows, infant, parent), settings);
        push_residuals(out, &INFANT_FOLLOWS[0], &NamedTable::new(&infant_follows, parent, infant), settings);
    }

    /// What a partner does in an episode; `None` is being positive.
    fn doing<'a>(
        &self,
        scene: &'a Scene,
        units: &Units,
        subject: Subject,
        codes: Option<&CodesOf>,
    ) -> Result<Doing<'a>, Why> {
        let (engagement, engagement_units) = match subject {
            Subject::Infant => (&scene.dyad.infant, &units.infant),
            _ => (&scene.dyad.parent, &units.parent),
        };
        let Some(codes) = codes else {
            let types = self.settings.state_types.of_states(engagement.states());
            let counts = types.iter().map(|of| *of == Some(StateType::Pos)).collect();
            return Ok(Doing::new(Cow::Borrowed(engagement), counts, engagement_units));
        };
        let named = |series: &StateSeries| series.states().iter().map(|state| codes.codes.contains(state)).collect();
        if codes.channel == ENGAGEMENT {
            return Ok(Doing::new(Cow::Borrowed(engagement), named(engagement), engagement_units));
        }
        let episode = scene.episode.span;
        let mut tracks: Vec<StateSeries> = self.tracks_within(subject, &codes.channel, episode).collect();
        let (series, counts) = match tracks.len() {
            0 => return Err(no_channel(&codes.channel, subject)),
            1 => (tracks.swap_remove(0), None),
            _ => (at_any(&tracks, &codes.codes, episode), Some(vec![false, true])),
        };
        if series.is_missing() {
            return Err(format!("needs {subject} {}", codes.channel).into());
        }
        let counts = counts.unwrap_or_else(|| named(&series));
        let units = grid::units(&series, episode, self.settings.grid_step, self.settings.grid_rule);
        Ok(Doing::new(Cow::Owned(series), counts, &units))
    }
}

/// One series of a channel whose codes may overlap: is any of them on? Known where one is, or where all tracks are known.
fn at_any(tracks: &[StateSeries], codes: &[String], episode: Span) -> StateSeries {
    let at = |track: &StateSeries| track.time_in(|state| codes.contains(&track.states()[state]));
    let yes = tracks.iter().fold(SpanSet::new(), |yes, track| yes.union(&at(track)));
    let known = tracks.iter().fold(SpanSet::from(episode), |known, track| known.intersection(&track.codable()));
    let no = known.difference(&yes);
    let pieces = no.spans().iter().map(|span| (span, 0)).chain(yes.spans().iter().map(|span| (span, 1)));
    let pieces = pieces.map(|(span, state)| Piece { span: *span, state });
    StateSeries::from_pieces(["no", "yes"], pieces).expect("what is on and what is off do not overlap")
}
