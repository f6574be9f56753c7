//! From rows and comment lines to a session: the rules that every reader shares.

use std::collections::{HashMap, HashSet};

use session::{
    Certainty, Channel, ChannelKind, Code, Episode, EpisodeId, ExcludedId, Ids, Mark, MarkId, Scheme, Session,
    SessionId, Track, TrackKey, When,
};
use span::{Length, Span, SpanSet};

use crate::preamble::Preamble;
use crate::report::shown;
use crate::{Position, Report, schemes};

/// More codes than these are not added to a channel: the file is not coded with this scheme.
const MANY_NEW_CODES: usize = 100;

/// A mark as a file has it, before a scheme has looked at it.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) position: Position,
    pub(crate) track: TrackKey,
    pub(crate) code: String,
    pub(crate) when: When,
    pub(crate) certainty: Certainty,
    pub(crate) note: String,
}

/// The session of a scheme, of what the comment lines say, and of the rows. `id` is the session's where the lines do not say it.
pub(crate) fn assemble(
    mut scheme: Scheme,
    preamble: Preamble,
    rows: Vec<Row>,
    id: SessionId,
    report: &mut Report,
) -> Session {
    let (name, said_id) = preamble.session.clone().unwrap_or_else(|| ("unnamed".to_owned(), None));
    let coder = preamble.coder.clone().unwrap_or_else(|| "unknown".to_owned());
    let mut ids = Ids::after(preamble.media.iter().map(|medium| medium.id.0).max().unwrap_or(0));
    let tracks = tracks(&mut scheme, &preamble, rows, &mut ids, report);

    let mut session = Session::new(said_id.unwrap_or(id), name, coder, scheme);
    session.tracks = tracks;
    session.role = preamble.role.unwrap_or_default();
    session.note = preamble.note;
    session.subject_names = preamble.subject_names;
    session.score_settings = preamble.score_settings;
    session.media = preamble.media;
    session.episodes = disjoint(preamble.episodes, report);
    for episode in &mut session.episodes {
        episode.id = EpisodeId(ids.take());
    }
    session.excluded = preamble.excluded;
    session.excluded.sort_by_key(|excluded| (excluded.span, excluded.reason.clone()));
    for excluded in &mut session.excluded {
        excluded.id = ExcludedId(ids.take());
    }
    session
}

fn tracks(scheme: &mut Scheme, preamble: &Preamble, rows: Vec<Row>, ids: &mut Ids, report: &mut Report) -> Vec<Track> {
    let mut rows_of: HashMap<TrackKey, Vec<Row>> = HashMap::new();
    for row in rows {
        rows_of.entry(row.track.clone()).or_default().push(row);
    }
    let mut tracks = Vec::new();
    for channel in &mut scheme.channels {
        let key = channel.track();
        let declared = preamble.tracks.iter().find(|(track, _)| *track == key);
        let coded: Vec<Span> = preamble
            .coded
            .iter()
            .filter(|(track, _)| track.as_ref().is_none_or(|of| *of == key))
            .map(|(_, span)| *span)
            .collect();
        let named = preamble.coded.iter().any(|(track, _)| track.as_ref() == Some(&key));
        let rows = rows_of.remove(&key).unwrap_or_default();
        let expected = preamble.tracks.is_empty() && !channel.optional;
        if rows.is_empty() && declared.is_none() && !named && !expected {
            continue;
        }
        let mut track = Track::new(key);
        track.medium = declared.and_then(|(_, medium)| *medium);
        if let Some(unknown) = track.medium.filter(|id| !preamble.media.iter().any(|medium| medium.id == *id)) {
            report.lost(
                Position::Track(track.key.clone()),
                format!("it is coded from the medium {unknown}, which the file does not describe"),
            );
            track.medium = None;
        }
        track.marks = marks(channel, rows, ids, report);
        track.coded = if coded.is_empty() && declared.is_none() && !channel.exhaustive {
            guessed_range(&track, report)
        } else {
            coded.into()
        };
        tracks.push(track);
    }
    report_unknown_tracks(rows_of, scheme, report);
    tracks
}

/// Without a word about it, a track was looked at from its first onset to its last offset.
fn guessed_range(track: &Track, report: &mut Report) -> SpanSet {
    let spans = track
        .marks
        .iter()
        .filter_map(|mark| mark.span().or_else(|| Span::new(mark.start(), mark.start() + Length::MICROSECOND).ok()));
    let Some(range) = spans.reduce(Span::hull) else {
        return SpanSet::new();
    };
    let (start, end) = (range.start().to_secs_text(), range.end().to_secs_text());
    let message = format!(
        "the file does not say what was looked at: taken as from the first onset to the last offset, {start} to {end} s"
    );
    report.guessed(Position::Track(track.key.clone()), message);
    range.into()
}

fn report_unknown_tracks(rows_of: HashMap<TrackKey, Vec<Row>>, scheme: &Scheme, report: &mut Report) {
    let mut unknown: Vec<Row> = rows_of.into_values().flatten().collect();
    unknown.sort_by(|a, b| (&a.track, a.when.start()).cmp(&(&b.track, b.when.start()))); // the map has no order
    for row in unknown {
        let message =
            format!("the scheme {} {} has no channel {}", scheme.name, scheme.version, shown(&row.track.to_string()));
        report.lost(row.position, message);
    }
}

fn marks(channel: &mut Channel, rows: Vec<Row>, ids: &mut Ids, report: &mut Report) -> Vec<Mark> {
    let rows: Vec<Row> = rows.into_iter().filter_map(|row| of_kind(channel, row, report)).collect();
    let mut rows = with_known_codes(channel, rows, report);
    rows.sort_by_key(|row| row.when.start()); // stable: of two with one onset, the one further down is the later
    if channel.exclusive && channel.kind == ChannelKind::State {
        rows = later_onset_wins(rows, report);
    }
    rows.sort_by_key(|row| (row.when.start(), row.when.end()));
    let mark = |row: Row| Mark {
        note: row.note,
        certainty: row.certainty,
        ..Mark::new(MarkId(ids.take()), row.code, row.when)
    };
    rows.into_iter().map(mark).collect()
}

/// A code that the channel lacks is added to it: better a code too many than a mark too few.
fn with_known_codes(channel: &mut Channel, rows: Vec<Row>, report: &mut Report) -> Vec<Row> {
    let mut known: HashSet<String> = channel.codes.iter().map(|code| code.key.clone()).collect();
    let most = known.len() + MANY_NEW_CODES;
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows {
        if !known.contains(&row.code) {
            let unknown = format!("{} is not a code of the channel {}", shown(&row.code), channel.track());
            if known.len() >= most {
                report.lost(row.position, format!("{unknown}, and {MANY_NEW_CODES} have been added to it already"));
                continue;
            }
            report.guessed(row.position.clone(), format!("{unknown}: it is added to the session's scheme"));
            known.insert(row.code.clone());
            channel.codes.push(Code {
                shortcut: None,
                ..schemes::code(channel.codes.len(), row.code.clone(), row.code.clone())
            });
        }
        kept.push(row);
    }
    kept
}

/// The row as a mark of this kind of channel, if it can be one.
fn of_kind(channel: &Channel, row: Row, report: &mut Report) -> Option<Row> {
    match (channel.kind, row.when) {
        (ChannelKind::State, When::Point(_)) => {
            report.lost(row.position, format!("the channel {} holds states, and this one has no end", channel.track()));
            None
        }
        (ChannelKind::Point, When::State { span, .. }) => {
            let message = format!(
                "the channel {} holds moments: kept at its onset, the end at {} is dropped",
                channel.track(),
                span.end()
            );
            report.lost(row.position.clone(), message);
            Some(Row { when: When::Point(span.start()), ..row })
        }
        (ChannelKind::Trace, _) => {
            report.lost(row.position, format!("the channel {} holds ratings, not marks", channel.track()));
            None
        }
        (ChannelKind::State, When::State { .. }) | (ChannelKind::Point, When::Point(_)) => Some(row),
    }
}

/// On an exclusive track the later onset wins from there on.
fn later_onset_wins(rows: Vec<Row>, report: &mut Report) -> Vec<Row> {
    let mut kept: Vec<Row> = Vec::with_capacity(rows.len());
    for next in rows {
        let start = next.when.start();
        if let Some(last) = kept.last_mut().filter(|last| last.when.end() > start) {
            let of = format!(
                "{} begins at {start} while {} of {} lasts",
                shown(&next.code),
                shown(&last.code),
                last.position
            );
            if let Ok(span) = Span::new(last.when.start(), start) {
                report.lost(next.position.clone(), format!("{of} to {}: the earlier now ends there", last.when.end()));
                last.when = When::State { span, open: false };
            } else {
                report.lost(next.position.clone(), format!("{of}: it takes the place of the other"));
                kept.pop();
            }
        }
        kept.push(next);
    }
    kept
}

/// Sorted, each ending where the next one begins at the latest.
fn disjoint(mut episodes: Vec<Episode>, report: &mut Report) -> Vec<Episode> {
    episodes.sort_by_key(|episode| episode.span);
    let mut kept: Vec<Episode> = Vec::with_capacity(episodes.len());
    for next in episodes {
        let start = next.span.start();
        if let Some(last) = kept.last_mut().filter(|last| last.span.end() > start) {
            let overlap =
                format!("the episodes {} and {} overlap from {start} on", shown(&last.name), shown(&next.name));
            let Ok(span) = Span::new(last.span.start(), start) else {
                report.lost(Position::Whole, format!("{overlap}: the longer is left out"));
                continue;
            };
            report.lost(Position::Whole, format!("{overlap}: the first now ends there"));
            last.span = span;
        }
        kept.push(next);
    }
    kept
}
