//! The one bridge from a session to its scores: the panel, the command line and every export cross it.

use scoring::{
    EpisodeWindow, Gaps, MatchRelation, Recording, ScoreSettings, Scores, SettingsError, StateMark, StateSeries,
    TrackSeries,
};
use serde_json::{Map, Value};
use span::Span;

use crate::{Channel, ChannelKind, Code, Mark, Session, Track};

/// Everything that the scores of a session depend on, besides the settings.
///
/// Tracks of subjects that are not scored, and of points and ratings, are left out. Time under a code that the scheme calls missing is missing; so is what
/// was not looked at, and what is excluded.
#[must_use]
pub fn recording(session: &Session) -> Recording {
    let window = session.scored_episodes().iter().map(|episode| episode.span).reduce(Span::hull);
    let tracks = session.tracks.iter().filter_map(|track| {
        let channel = session.scheme.channel(&track.key).filter(|channel| channel.kind == ChannelKind::State)?;
        let subject = channel.subject.parse().ok()?;
        let of = move |series| TrackSeries { subject, channel: channel.key.clone(), series };
        Some(series(track, channel, window).into_iter().map(of))
    });
    Recording {
        tracks: tracks.flatten().collect(),
        episodes: session.scored_episodes().into_iter().map(window_of).collect(),
        excluded: session.excluded_time(),
        engagement: session.scheme.engagement.clone(),
        relation: session.scheme.relation.clone().unwrap_or_else(no_relation),
        frame: session.media.iter().find_map(|medium| medium.frame),
    }
}

/// The settings that a session is scored with: the program's, over them the scheme's, over them the session's, over them those given.
///
/// # Errors
/// [`SettingsError`] for a name or a value that does not exist.
pub fn score_settings(session: &Session, overrides: &Map<String, Value>) -> Result<ScoreSettings, SettingsError> {
    let scheme = ScoreSettings::from_overrides(&session.scheme.score_settings)?;
    scheme.with_overrides(&session.score_settings)?.with_overrides(overrides)
}

/// The scores of a session, with its own settings and those given over them.
///
/// # Errors
/// [`SettingsError`] for a name or a value that does not exist.
pub fn score(session: &Session, overrides: &Map<String, Value>) -> Result<Scores, SettingsError> {
    let settings = score_settings(session, overrides)?;
    Ok(scoring::score(&recording(session), &settings))
}

/// One series; where codes may overlap, one per code, so that none hides another.
fn series(track: &Track, channel: &Channel, window: Option<Span>) -> Vec<StateSeries> {
    let codes: Vec<&Code> = channel.codes.iter().filter(|code| code.missing.is_none()).collect();
    if channel.exclusive {
        return vec![series_of(track, channel, &codes, window)];
    }
    codes.iter().map(|code| series_of(track, channel, &[code], window)).collect()
}

/// The series of some of a channel's codes; marks of its others are passed over, but for those that say that time is missing.
pub(crate) fn series_of(track: &Track, channel: &Channel, codes: &[&Code], window: Option<Span>) -> StateSeries {
    let states = codes.iter().map(|code| code.key.as_str());
    let Some(window) = window else { return StateSeries::missing(states) };
    let state_mark = |mark: &Mark| {
        let span = mark.span()?;
        let state = codes.iter().position(|code| code.key == mark.code);
        let is_missing = channel.code(&mark.code).is_none_or(|code| code.missing.is_some());
        (state.is_some() || is_missing).then_some(StateMark { start: span.start(), end: span.end(), state })
    };
    let marks: Vec<StateMark> = track.marks.iter().filter_map(state_mark).collect();
    let not_looked_at = track.coded_time(channel.exhaustive).gaps(window);
    let gaps = if channel.exhaustive && channel.exclusive { Gaps::Missing } else { Gaps::None };
    StateSeries::from_marks(states, &marks, window, &not_looked_at, gaps)
}

fn window_of(episode: crate::Episode) -> EpisodeWindow {
    EpisodeWindow { name: episode.name, kind: episode.kind.as_str().to_owned(), span: episode.span }
}

/// A scheme without a relation has no matches to find.
fn no_relation() -> MatchRelation {
    MatchRelation::new("none", Vec::new())
}
