//! All scores of a recording: the one function that the panel, the command line and every export call.

use serde::ser::{Serialize, SerializeStruct as _, Serializer};
use span::{Instant, Length, Span, SpanSet};

use crate::catalog::{
    COREGULATION, GRID, INFANT_ANSWERS, INFANT_FOLLOWS, INFANT_TO_PARENT, INFORMATION, LOOKING, MATCH, PARENT_ANSWERS,
    PARENT_FOLLOWS, PARENT_TO_INFANT, PREDICTION, PREWHITENED, RECURRENCE, STEPS, SYNCHRONY, ScoreInfo, TIME, VALENCE,
    WINDOWED,
};
use crate::contingency::cycle::{Cues, CycleInput, Cycles};
use crate::contingency::events::{onsets, response_table};
use crate::contingency::responsiveness::{Behaviour, Responses};
use crate::contingency::sequential::LagTable;
use crate::contingency::table::TwoByTwo;
use crate::contingency::{cycle_scores, weighted_scores};
use crate::coregulation::Patterns;
use crate::dyad::{DyadicStates, MatchRun};
use crate::needs::{Person, no_channel, relation, usable, why_nothing};
use crate::recording::{AFFECT, GAZE, STILL_FACE};
use crate::recurrence::CrossRecurrence;
use crate::recurrence::profile::{ProfilePoint, diagonal_profile};
use crate::relation::{MatchTable, Matching, StatePair};
use crate::repair::episodes::{EpisodeRules, MismatchEpisode, RepairChain, mismatch_episodes, repair_chains};
use crate::repair::survival::KaplanMeier;
use crate::settings::{GridRule, RepairMode, ScoreSettings};
use crate::state_space::StateSpaceGrid;
use crate::synchrony::lagged::LagProfile;
use crate::synchrony::prewhitened::{PrewhitenRules, Prewhitened};
use crate::synchrony::strip::{StripPoint, strip};
use crate::{
    Dyad, EpisodeWindow, MatchRelation, NONE, Recording, Score, ScoreMap, SharedWhile, StateSeries, StateType,
    StateTypes, Subject, Why,
};
use crate::{contingency, coregulation, grid, information, recurrence, repair, state_space, synchrony};

const NOT_RESPONDING: &str = "parent instructed not to respond";
/// Longer grids are refused: a mistyped time must not fill the memory. Eleven days at the strip's step.
const MAX_UNITS: i64 = 4_000_000;
/// Pairs of units are too many beyond: an hour at a tenth of a second is not.
const MAX_RECURRENT_UNITS: usize = 40_000;
/// Changes no further apart are simultaneous where there is no video.
const FRAME_WITHOUT_VIDEO: Length = Length::from_millis(40);

/// The scores of one recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// The hash of the settings that they were computed with.
    pub settings_hash: String,
    /// One per episode, in the recording's order.
    pub episodes: Vec<EpisodeScores>,
}

/// The scores of one episode, and what a panel or report shows beside them.
///
/// In files it is an entry of `episodes` of `attune score`: the numbers and the list of mismatch episodes.
#[derive(Clone, Debug, PartialEq)]
pub struct EpisodeScores {
    /// What the coder calls it.
    pub name: String,
    /// `play`, `still_face`, ...
    pub kind: String,
    /// When.
    pub span: Span,
    /// How long both partners' states are known.
    pub codable: Length,
    /// From the first to the last instant at which both are.
    pub coded: Option<Span>,
    /// Every score by its id, absent ones with the reason.
    pub scores: ScoreMap,
    /// All stretches out of match, in order.
    pub mismatch_episodes: Vec<MismatchEpisode>,
    /// From which pair to which the repairs led, and how often.
    pub repair_chains: Vec<RepairChain>,
    /// Stretches in and out of match, for drawing.
    pub match_runs: Vec<MatchRun>,
    /// Survival of mismatches with observed onset.
    pub survival: Option<KaplanMeier>,
    /// Correlation at every lag.
    pub lag_profile: Option<LagProfile>,
    /// Correlation at every lag of what each partner's own past does not explain.
    pub prewhitened: Option<Prewhitened>,
    /// Correlation in a moving window, for drawing.
    pub strip: Vec<StripPoint>,
    /// Patterns of co-regulation.
    pub patterns: Option<Patterns>,
    /// Where the two were together.
    pub grid: Option<StateSpaceGrid>,
    /// Distress cues and what followed.
    pub cycles: Option<Cycles>,
    /// Responses in both directions.
    pub contingency: Option<Contingency>,
    /// Recurrence of the partners' states at every lag.
    pub recurrence_profile: Option<Vec<ProfilePoint>>,
}

/// Does each become positive after the other did?
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Contingency {
    /// Given: the infant turns positive; response: the parent does.
    pub infant_to_parent: TwoByTwo,
    /// The mirror.
    pub parent_to_infant: TwoByTwo,
    /// The infant's onsets and whether the parent answered.
    pub parent_answers: Responses,
    /// The mirror.
    pub infant_answers: Responses,
    /// Which of the parent's states (columns) follows which of the infant's (rows).
    pub parent_follows: LagTable,
    /// The mirror.
    pub infant_follows: LagTable,
}

/// All scores of a recording, per episode.
///
/// *Definition*: each id as the [catalog](crate::catalog) says. No run, lag or window crosses an episode's border. Time missing for
/// a partner leaves every denominator and breaks every run.
///
/// *Undefined cases*: a score that cannot be computed is in the result, with the reason in place of the number; never NaN, never 0.
#[must_use]
pub fn score(recording: &Recording, settings: &ScoreSettings) -> Scores {
    let sources = Sources::new(recording, settings);
    let episodes = recording.episodes.iter().map(|episode| sources.score_episode(episode)).collect();
    Scores { settings_hash: settings.hash(), episodes }
}

/// What all episodes share.
struct Sources<'a> {
    recording: &'a Recording,
    settings: &'a ScoreSettings,
    engagement: Pair,
    valence: Pair,
    relation: MatchRelation,
    shared: SpanSet,
}

/// Infant and parent, or why one of them has no states.
struct Pair {
    infant: Result<Person, Why>,
    parent: Result<Person, Why>,
}

/// One episode's dyad, ready to be scored.
struct Scene<'a> {
    episode: &'a EpisodeWindow,
    infant: &'a Person,
    parent: &'a Person,
    dyad: Dyad,
    states: DyadicStates,
}

impl Pair {
    fn both(&self) -> Result<(&Person, &Person), Why> {
        let infant = self.infant.as_ref().map_err(Clone::clone)?;
        Ok((infant, self.parent.as_ref().map_err(Clone::clone)?))
    }
}

impl<'a> Sources<'a> {
    fn new(recording: &'a Recording, settings: &'a ScoreSettings) -> Self {
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
            shared: shared(recording, settings),
        }
    }

    fn score_episode(&self, episode: &EpisodeWindow) -> EpisodeScores {
        let mut result = EpisodeScores::empty(episode);
        let scene = self.scene(episode);
        match &scene {
            Ok(scene) => {
                (result.codable, result.coded) = (scene.states.codable(), scene.states.coded());
                self.score_dyad(scene, &mut result);
            }
            Err(why) => push_dyadic_absent(&mut result.scores, why),
        }
        self.score_small(episode, &mut result.scores);
        self.score_cycle(episode, &mut result);
        self.score_time(episode, &mut result.scores);
        result
    }

    fn scene(&self, episode: &'a EpisodeWindow) -> Result<Scene<'_>, Why> {
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

    fn score_dyad(&self, scene: &Scene, result: &mut EpisodeScores) {
        if scene.episode.kind == STILL_FACE {
            return push_dyadic_absent(&mut result.scores, &NOT_RESPONDING.into());
        }
        if scene.states.codable().is_zero() {
            let mut uncoded = scene.infant.uncoded(self.recording, scene.episode.span);
            uncoded.extend(scene.parent.uncoded(self.recording, scene.episode.span));
            return push_dyadic_absent(&mut result.scores, &why_nothing(&uncoded));
        }
        let finest = self.settings.grid_step.min(self.settings.strip_step);
        let is_too_long = grid::unit_count(scene.episode.span, finest) > MAX_UNITS;
        let why_no_grid: Option<Why> = is_too_long.then(|| format!("too long for a grid of {finest}").into());
        self.score_repair(scene, why_no_grid.as_ref(), result);
        let patterns = Patterns::new(&scene.dyad, &scene.states, &self.settings.state_types);
        coregulation::push_scores(&mut result.scores, &patterns, scene.states.codable());
        result.patterns = patterns.ok();
        let grid = StateSpaceGrid::new(&scene.dyad.infant, &scene.dyad.parent);
        state_space::push_scores(&mut result.scores, &grid);
        result.grid = Some(grid);
        let has_sets = self.settings.grid_rule == GridRule::Any;
        if let Some(why) = why_no_grid.or_else(|| has_sets.then(|| repair::SEVERAL_STATES.into())) {
            for group in GRIDDED {
                result.scores.push_absent(group, &why);
            }
            return;
        }
        self.score_synchrony(scene, result);
        self.score_contingency(scene, result);
        self.score_recurrence(scene, result);
    }

    fn score_repair(&self, scene: &Scene, why_no_grid: Option<&Why>, result: &mut EpisodeScores) {
        let (settings, types) = (self.settings, &self.settings.state_types);
        let on_grid = || {
            let gridded = scene.dyad.on_grid(scene.episode.span, settings.grid_step, settings.grid_rule, types);
            let states = gridded.dyad.states(settings.min_mismatch);
            (gridded, states)
        };
        let gridded = why_no_grid.map_or_else(|| Ok(on_grid()), |why| Err(why.clone()));
        let frame = self.recording.frame.unwrap_or(FRAME_WITHOUT_VIDEO);
        match (settings.repair_mode, &gridded) {
            (RepairMode::Exact, _) => {
                let tolerance = settings.simul_tol.unwrap_or(frame);
                self.score_episodes(&scene.dyad, &scene.states, scene.episode.span, types, tolerance, result);
            }
            (RepairMode::Grid, Ok((gridded, states))) => {
                self.score_episodes(&gridded.dyad, states, gridded.window, &gridded.types, Length::ZERO, result);
            }
            (RepairMode::Grid, Err(why)) => result.scores.push_absent(MATCH, why),
        }
        match &gridded {
            Ok((_, states)) => repair::push_steps(&mut result.scores, states, settings.grid_step),
            Err(why) => result.scores.push_absent(STEPS, why),
        }
    }

    fn score_episodes(
        &self,
        dyad: &Dyad,
        states: &DyadicStates,
        window: Span,
        types: &StateTypes,
        simul_tol: Length,
        result: &mut EpisodeScores,
    ) {
        let rules = EpisodeRules { neg_neg: self.settings.neg_neg, simul_tol, types: types.clone() };
        let episodes = mismatch_episodes(dyad, states, window, &rules);
        let survival = repair::push_scores(&mut result.scores, dyad, states, &episodes, types, self.settings);
        result.survival = Some(survival);
        result.repair_chains = repair_chains(&episodes);
        result.mismatch_episodes = episodes;
        result.match_runs.clone_from(&states.runs);
    }

    fn score_synchrony(&self, scene: &Scene, result: &mut EpisodeScores) {
        let (settings, span) = (self.settings, scene.episode.span);
        let (infant, parent) = (&scene.dyad.infant, &scene.dyad.parent);
        let numbers = |series: &StateSeries, person: &Person, step: Length, rule: GridRule| {
            grid::numbers(series, span, step, rule, &person.values)
        };
        let first = numbers(infant, scene.infant, settings.grid_step, settings.grid_rule);
        let second = numbers(parent, scene.parent, settings.grid_step, settings.grid_rule);
        let max_lag = (settings.lag_max.micros() / settings.grid_step.micros()) as usize;
        let max_lag = max_lag.min(first.len()); // beyond it no unit has a partner
        let profile = LagProfile::new(&first, &second, settings.grid_step, max_lag, settings.ccf_estimator);
        synchrony::push_scores(&mut result.scores, &profile);
        result.lag_profile = Some(profile);
        let rules = PrewhitenRules {
            model: settings.prewhiten_model,
            order: settings.prewhiten_order,
            max_order: settings.prewhiten_p_max,
            filter: settings.prewhiten_filter,
            estimator: settings.ccf_estimator,
        };
        let prewhitened = Prewhitened::new(&first, &second, settings.grid_step, max_lag, rules);
        synchrony::push_prewhitened(&mut result.scores, prewhitened.as_ref().map_err(|unmodelled| *unmodelled));
        result.prewhitened = prewhitened.ok();
        synchrony::push_windowed(&mut result.scores, &first, &second, max_lag, settings);
        let units = |series: &StateSeries| grid::units(series, span, settings.grid_step, settings.grid_rule);
        information::push_scores(&mut result.scores, &units(infant), &units(parent), settings);
        weighted_scores::push_scores(&mut result.scores, &first, &second, settings);

        let first = numbers(infant, scene.infant, settings.strip_step, GridRule::Instant);
        let second = numbers(parent, scene.parent, settings.strip_step, GridRule::Instant);
        let mut points = strip(&first, &second, span, settings.strip_step, settings.strip_window);
        points.retain(|point| result.coded.is_some_and(|coded| point.time <= coded.end()));
        result.strip = points;
    }

    fn score_contingency(&self, scene: &Scene, result: &mut EpisodeScores) {
        let (settings, span) = (self.settings, scene.episode.span);
        let units = |series: &StateSeries| grid::units(series, span, settings.grid_step, settings.grid_rule);
        let (infant, parent) = (&scene.dyad.infant, &scene.dyad.parent);
        let (first, second) = (units(infant), units(parent));
        let codable: Vec<bool> = first.iter().zip(&second).map(|(i, p)| i.is_some() && p.is_some()).collect();
        let is_positive = |series: &StateSeries| -> Vec<bool> {
            let types = settings.state_types.of_states(series.states());
            types.iter().map(|of| *of == Some(StateType::Pos)).collect()
        };
        let (infant_counts, parent_counts) = (is_positive(infant), is_positive(parent));
        let (infant_onsets, parent_onsets) =
            (onsets(infant, |state| infant_counts[state]), onsets(parent, |state| parent_counts[state]));
        let window = settings.contingency_window;
        let table = |given: &[Instant], response: &[Instant]| {
            response_table(given, response, &codable, span, settings.grid_step, window)
        };
        let infant_behaviour = Behaviour { series: infant, counts: &infant_counts };
        let parent_behaviour = Behaviour { series: parent, counts: &parent_counts };
        let lag = (settings.sequential_lag.micros() / settings.grid_step.micros()) as usize;
        let (n_infant, n_parent) = (infant.states().len(), parent.states().len());
        let contingency = Contingency {
            infant_to_parent: table(&infant_onsets, &parent_onsets),
            parent_to_infant: table(&parent_onsets, &infant_onsets),
            parent_answers: Responses::new(infant_behaviour, parent_behaviour, span, window),
            infant_answers: Responses::new(parent_behaviour, infant_behaviour, span, window),
            parent_follows: LagTable::between(&first, &second, (n_infant, n_parent), lag),
            infant_follows: LagTable::between(&second, &first, (n_parent, n_infant), lag),
        };
        let out = &mut result.scores;
        contingency::push_scores(out, INFANT_TO_PARENT, &contingency.infant_to_parent, settings.haldane);
        contingency::push_scores(out, PARENT_TO_INFANT, &contingency.parent_to_infant, settings.haldane);
        contingency::push_responses(out, PARENT_ANSWERS, &contingency.parent_answers, settings);
        contingency::push_responses(out, INFANT_ANSWERS, &contingency.infant_answers, settings);
        contingency::push_lag_table(out, &PARENT_FOLLOWS[0], &contingency.parent_follows, infant, parent);
        contingency::push_lag_table(out, &INFANT_FOLLOWS[0], &contingency.infant_follows, parent, infant);
        result.contingency = Some(contingency);
    }

    fn score_recurrence(&self, scene: &Scene, result: &mut EpisodeScores) {
        let (settings, span) = (self.settings, scene.episode.span);
        let (infant, parent) = (&scene.dyad.infant, &scene.dyad.parent);
        let units = |series: &StateSeries| grid::units(series, span, settings.grid_step, settings.grid_rule);
        let (first, second) = (units(infant), units(parent));
        if first.len() > MAX_RECURRENT_UNITS {
            let why = format!("too long for a recurrence plot with units of {}", settings.grid_step);
            return result.scores.push_absent(RECURRENCE, &why.into());
        }
        let table = MatchTable::new(&self.relation, infant.states(), parent.states());
        let matches = |first: usize, second: usize| table.get(first, second) == Matching::Always;
        let plot = CrossRecurrence::under(&first, &second, matches);
        let max_lag = (settings.lag_max.micros() / settings.grid_step.micros()) as usize;
        let profile = diagonal_profile(&first, &second, max_lag.min(first.len()), settings.profile_missing, matches);
        recurrence::push_scores(&mut result.scores, &plot, &profile, settings);
        result.recurrence_profile = Some(profile);
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

    fn track_within(&self, subject: Subject, channel: &str, episode: Span) -> Option<StateSeries> {
        self.tracks_within(subject, channel, episode).next()
    }

    fn tracks_within(&self, subject: Subject, channel: &str, episode: Span) -> impl Iterator<Item = StateSeries> {
        let tracks = self.recording.tracks_of(subject, channel);
        tracks.map(move |series| usable(self.recording, self.settings, &series.within(episode)))
    }
}

/// The groups that need both partners' engagement and no grid of time, in the catalog's order.
const CONTINUOUS: [&[ScoreInfo]; 4] = [MATCH, STEPS, COREGULATION, GRID];

/// Those that follow them, and are computed on a grid of time.
const GRIDDED: [&[ScoreInfo]; 10] = [
    SYNCHRONY,
    PREWHITENED,
    WINDOWED,
    INFORMATION,
    PREDICTION,
    INFANT_TO_PARENT,
    PARENT_TO_INFANT,
    PARENT_ANSWERS,
    INFANT_ANSWERS,
    RECURRENCE,
];

fn push_dyadic_absent(out: &mut ScoreMap, why: &Why) {
    for group in CONTINUOUS.into_iter().chain(GRIDDED) {
        out.push_absent(group, why);
    }
}

/// When the partners attend to the same object, where a channel says so.
fn shared(recording: &Recording, settings: &ScoreSettings) -> SpanSet {
    let Some(shared) = &recording.relation.shared else { return SpanSet::new() };
    let SharedWhile { subject, channel, codes, .. } = &shared.condition;
    let tracks = recording.tracks_of(*subject, channel).map(|track| usable(recording, settings, track));
    tracks
        .fold(SpanSet::new(), |time, track| time.union(&track.time_in(|state| codes.contains(&track.states()[state]))))
}

fn pairs_of(infant: &[String], parent: &[String]) -> Vec<StatePair> {
    infant.iter().flat_map(|first| parent.iter().map(|second| (first.clone(), second.clone()))).collect()
}

fn share_of_match(infant: StateSeries, parent: StateSeries, relation: MatchRelation, uncoded: &[String]) -> Score {
    let states = Dyad::new(infant, parent, relation).states(Length::ZERO);
    Score::ratio(states.matched().as_secs(), states.codable().as_secs(), why_nothing(uncoded))
}

impl EpisodeScores {
    fn empty(episode: &EpisodeWindow) -> Self {
        Self {
            name: episode.name.clone(),
            kind: episode.kind.clone(),
            span: episode.span,
            codable: Length::ZERO,
            coded: None,
            scores: ScoreMap::default(),
            mismatch_episodes: Vec::new(),
            repair_chains: Vec::new(),
            match_runs: Vec::new(),
            survival: None,
            lag_profile: None,
            prewhitened: None,
            strip: Vec::new(),
            patterns: None,
            grid: None,
            cycles: None,
            contingency: None,
            recurrence_profile: None,
        }
    }
}

impl Serialize for EpisodeScores {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_struct("EpisodeScores", 6)?;
        record.serialize_field("episode", &self.name)?;
        record.serialize_field("start_s", &self.span.start().as_secs())?;
        record.serialize_field("end_s", &self.span.end().as_secs())?;
        record.serialize_field("codable_s", &self.codable.as_secs())?;
        record.serialize_field("scores", &self.scores)?;
        record.serialize_field("mismatch_episodes", &self.mismatch_episodes)?;
        record.end()
    }
}
