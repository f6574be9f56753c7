//! The scores that need one channel, of one partner or of both.

use span::{Length, Span};

use crate::catalog::{LOOKING, TIME, VALENCE};
use crate::contingency::cycle::{Cues, CycleInput, Cycles};
use crate::contingency::cycle_scores;
use crate::contingency::weighted_scores::Looking;
use crate::grid;
use crate::needs::{no_channel, usable, why_nothing};
use crate::recording::{AFFECT, GAZE, STILL_FACE};
use crate::relation::StatePair;
use crate::{Dyad, EpisodeWindow, MatchRelation, NONE, Score, ScoreMap, StateSeries, StateType, Subject, Why};

use super::EpisodeScores;
use super::scene::{NOT_RESPONDING, Scorer, why_no_units};

impl Scorer<'_> {
    pub(super) fn score_channels(&self, episode: &EpisodeWindow, result: &mut EpisodeScores) {
        self.score_small(episode, &mut result.scores);
        self.score_cycle(episode, result);
        self.score_time(episode, &mut result.scores);
    }

    /// Scores that need only one channel of both partners.
    fn score_small(&self, episode: &EpisodeWindow, out: &mut ScoreMap) {
        let is_responding = episode.kind != STILL_FACE;
        let looking = if is_responding { self.looking(episode.span) } else { Score::absent(NOT_RESPONDING) };
        out.push(LOOKING, "looking.mutual", looking);
        let valence = if is_responding { self.same_valence(episode.span) } else { Score::absent(NOT_RESPONDING) };
        out.push(VALENCE, "valence.same", valence);
    }

    fn looking(&self, episode: Span) -> Score {
        if let Some(contact) = &self.eye_contact {
            let contact = contact.within(episode);
            let [looking, away] = [0, 1].map(|state| contact.durations()[state].as_secs());
            return Score::ratio(looking, looking + away, "needs dyad gaze");
        }
        let gaze = |subject| self.track_within(subject, GAZE, episode).ok_or_else(|| no_channel(GAZE, subject));
        let (infant, parent) = match (gaze(Subject::Infant), gaze(Subject::Parent)) {
            (Ok(infant), Ok(parent)) => (infant, parent),
            (Err(why), _) | (_, Err(why)) => return Score::absent(why),
        };
        let series = [(Subject::Infant, &infant), (Subject::Parent, &parent)];
        let missing = series.into_iter().filter(|(_, series)| series.is_missing());
        let uncoded: Vec<String> = missing.map(|(subject, _)| format!("{subject} {GAZE}")).collect();
        let pairs = pairs_of(&self.settings.looking_infant, &self.settings.looking_parent);
        let relation = MatchRelation::new("looking at each other", pairs);
        share_of_match(infant, parent, relation, &uncoded)
    }

    /// Who looks at the other, unit by unit.
    pub(super) fn looking_units(&self, episode: &EpisodeWindow) -> Looking {
        let settings = self.settings;
        if episode.kind == STILL_FACE {
            return Err(NOT_RESPONDING.into());
        }
        why_no_units(episode.span, settings).map_or(Ok(()), Err)?;
        let units = |subject, looking: &[String]| -> Result<Vec<Option<bool>>, Why> {
            let gaze = self.track_within(subject, GAZE, episode.span).ok_or_else(|| no_channel(GAZE, subject))?;
            let units = grid::units(&gaze, episode.span, settings.grid_step, settings.grid_rule);
            let looks = |state: usize| looking.contains(&gaze.states()[state]);
            Ok(units.into_iter().map(|state| state.map(looks)).collect())
        };
        Ok([units(Subject::Infant, &settings.looking_infant)?, units(Subject::Parent, &settings.looking_parent)?])
    }

    fn same_valence(&self, episode: Span) -> Score {
        let (infant, parent) = match self.valence.both() {
            Ok(pair) => pair,
            Err(why) => return Score::absent(why),
        };
        let mut uncoded = infant.uncoded(self.recording, episode);
        uncoded.extend(parent.uncoded(self.recording, episode));
        let relation = MatchRelation::equality(infant.series.states());
        share_of_match(infant.within(episode), parent.within(episode), relation, &uncoded)
    }

    fn score_cycle(&self, episode: &EpisodeWindow, result: &mut EpisodeScores) {
        let (affect, distress) = match self.distress(episode.span) {
            Ok(distress) => distress,
            Err(why) => return cycle_scores::push_absent(&mut result.scores, &why),
        };
        let cues = |channel: &str, codes: &[String]| -> Vec<Cues> {
            let tracks = self.tracks_within(Subject::Parent, channel, episode.span);
            let counts = |series: &StateSeries| series.states().iter().map(|state| codes.contains(state)).collect();
            tracks.map(|series| Cues { channel: channel.to_owned(), counts: counts(&series), series }).collect()
        };
        let is_responding = episode.kind != STILL_FACE;
        let gaze = cues(GAZE, &self.settings.cycle_sensing).into_iter().next().filter(|_| is_responding);
        let answers: Vec<Cues> =
            self.settings.cycle_answer.iter().flat_map(|(channel, codes)| cues(channel, codes)).collect();
        let mut channels: Vec<String> = answers.iter().map(|answer| answer.channel.clone()).collect();
        channels.dedup();
        let answers = if is_responding { answers } else { Vec::new() };
        let why = |is_absent: bool, why: Why| match (is_responding, is_absent) {
            (false, _) => Some(NOT_RESPONDING.into()),
            (true, true) => Some(why),
            (true, false) => None,
        };
        let absent = cycle_scores::ParentAbsent {
            gaze: why(gaze.is_none(), no_channel(GAZE, Subject::Parent)),
            answers: why(answers.is_empty(), "no answer channel".into()),
        };
        let cycles = Cycles::new(&CycleInput {
            affect,
            distress,
            gaze,
            answers,
            episode: episode.span,
            window: self.settings.cycle_window,
            min_distress: self.settings.cycle_min_distress,
            settle_hold: self.settings.cycle_settle_hold,
        });
        cycle_scores::push_scores(&mut result.scores, &cycles, &absent, &channels, self.settings);
        result.cycles = Some(cycles);
    }

    /// The series in which the infant's distress shows, and which of its states are distress: affect where it is a channel, else
    /// engagement.
    fn distress(&self, episode: Span) -> Result<(StateSeries, Vec<bool>), Why> {
        let (series, is_distress): (StateSeries, Vec<bool>) =
            if let Some(affect) = self.track_within(Subject::Infant, AFFECT, episode) {
                let codes = &self.settings.cycle_distress;
                let is_distress = affect.states().iter().map(|state| codes.contains(state)).collect();
                (affect, is_distress)
            } else {
                let infant = self.engagement.infant.as_ref().map_err(Clone::clone)?;
                let types = self.settings.state_types.of_states(infant.series.states());
                (infant.within(episode), types.iter().map(|of| *of == Some(StateType::Neg)).collect())
            };
        if series.is_missing() { Err("needs infant affect".into()) } else { Ok((series, is_distress)) }
    }

    fn score_time(&self, episode: &EpisodeWindow, out: &mut ScoreMap) {
        for track in &self.recording.tracks {
            let series = usable(self.recording, self.settings, &track.series.within(episode.span));
            let total: Length = series.durations().into_iter().sum();
            let is_one_of_several = self.recording.tracks_of(track.subject, &track.channel).nth(1).is_some();
            for (code, duration) in series.states().iter().zip(series.durations()) {
                if is_one_of_several && code == NONE {
                    continue; // silence of one code among several says nothing about the channel
                }
                let id = format!("time.{}.{}.{code}", track.subject, track.channel);
                let why = format!("needs {} {}", track.subject, track.channel);
                out.push_named(&TIME[0], id, Score::ratio(duration.as_secs(), total.as_secs(), why));
            }
        }
    }

    pub(super) fn track_within(&self, subject: Subject, channel: &str, episode: Span) -> Option<StateSeries> {
        self.tracks_within(subject, channel, episode).next()
    }

    pub(super) fn tracks_within(
        &self,
        subject: Subject,
        channel: &str,
        episode: Span,
    ) -> impl Iterator<Item = StateSeries> {
        let tracks = self.recording.tracks_of(subject, channel);
        tracks.map(move |series| usable(self.recording, self.settings, &series.within(episode)))
    }
}

fn pairs_of(infant: &[String], parent: &[String]) -> Vec<StatePair> {
    infant.iter().flat_map(|first| parent.iter().map(|second| (first.clone(), second.clone()))).collect()
}

fn share_of_match(infant: StateSeries, parent: StateSeries, relation: MatchRelation, uncoded: &[String]) -> Score {
    let states = Dyad::new(infant, parent, relation).states(Length::ZERO);
    Score::ratio(states.matched().as_secs(), states.codable().as_secs(), why_nothing(uncoded))
}
