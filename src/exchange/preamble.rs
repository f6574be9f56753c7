//! What rows cannot carry, as lines: comment lines at the top of a CSV, properties in the header of an ELAN file.
//!
//! ```text
//! session NAME ID                   coder NAME              role second           note TEXT
//! subject infant NAME               settings {"lag.max":5}
//! medium 1 FILE HASH offset 0 rate 1/1 end 90 frame 0.04 label TEXT
//! episode NAME 0 120 play           excluded 12 15.5 REASON
//! track infant gaze medium 1        coded infant gaze 0 120
//! ```
//!
//! A word with blanks stands in quotes. `HASH` is `BYTES:BLAKE3 of the first and last MiB[:BLAKE3 of all]`, or `-`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use session::{
    Episode, EpisodeId, EpisodeKind, Excluded, ExcludedId, Extra, Identity, Medium, MediumId, Role, Scheme, Session,
    SessionId, TrackKey,
};
use span::{Length, Span, counted};

use crate::report::shown;
use crate::words::{joined, quoted, words};
use crate::{Position, Report, bounds};

/// More files than any interaction is filmed with: each new one is looked for among those before it.
const MANY_MEDIA: usize = 100;

/// What the lines of a file say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Preamble {
    /// Name and version.
    pub(crate) scheme: Option<(String, String)>,
    pub(crate) session: Option<(String, Option<SessionId>)>,
    pub(crate) coder: Option<String>,
    pub(crate) role: Option<Role>,
    pub(crate) note: String,
    pub(crate) subject_names: BTreeMap<String, String>,
    pub(crate) score_settings: serde_json::Map<String, Value>,
    pub(crate) media: Vec<Medium>,
    pub(crate) episodes: Vec<Episode>,
    pub(crate) excluded: Vec<Excluded>,
    /// The tracks that the session has, where that is said.
    pub(crate) tracks: Vec<(TrackKey, Option<MediumId>)>,
    /// Time looked at: on one track, or on all.
    pub(crate) coded: Vec<(Option<TrackKey>, Span)>,
}

/// A session's lines, without what names the format and the scheme.
pub(crate) fn lines(session: &Session) -> Vec<String> {
    let mut lines =
        vec![format!("session {} {}", quoted(&session.name), session.id), format!("coder {}", quoted(&session.coder))];
    if session.role != Role::Primary {
        lines.push(format!("role {}", name_of(session.role)));
    }
    if !session.note.is_empty() {
        lines.push(format!("note {}", quoted(&session.note)));
    }
    lines.extend(session.subject_names.iter().map(|(key, name)| format!("subject {} {}", quoted(key), quoted(name))));
    if !session.score_settings.is_empty() {
        lines.push(format!("settings {}", Value::Object(session.score_settings.clone())));
    }
    lines.extend(session.media.iter().map(medium_line));
    lines.extend(session.episodes.iter().map(|episode| {
        let is_named = episode.kind == EpisodeKind::of_name(&episode.name);
        let kind = if is_named { String::new() } else { format!(" {}", name_of(episode.kind)) };
        format!("episode {} {}{kind}", quoted(&episode.name), span_text(episode.span))
    }));
    lines.extend(
        session
            .excluded
            .iter()
            .map(|excluded| format!("excluded {} {}", span_text(excluded.span), quoted(&excluded.reason))),
    );
    for track in &session.tracks {
        let key = format!("{} {}", quoted(&track.key.subject), quoted(&track.key.channel));
        let medium = track.medium.map(|id| format!(" medium {}", id.0)).unwrap_or_default();
        lines.push(format!("track {key}{medium}"));
        lines.extend(track.coded.spans().iter().map(|span| format!("coded {key} {}", span_text(*span))));
    }
    lines
}

/// What neither the lines nor the rows of a file carry.
pub(crate) fn report_left_out(session: &Session, report: &mut Report) {
    report_scheme(&session.scheme, report);
    let marks = session.tracks.iter().flat_map(|track| &track.marks).map(|mark| &mark.extra);
    let identities = session.media.iter().filter_map(|medium| medium.identity.as_ref()).map(|identity| &identity.extra);
    let n_later = std::iter::once(&session.extra)
        .chain(session.media.iter().map(|medium| &medium.extra))
        .chain(identities)
        .chain(session.episodes.iter().map(|episode| &episode.extra))
        .chain(session.excluded.iter().map(|excluded| &excluded.extra))
        .chain(session.tracks.iter().map(|track| &track.extra))
        .chain(marks)
        .filter(|extra| !extra.is_empty())
        .count();
    if n_later > 0 {
        let places = counted(n_later, "place");
        let message = format!("fields of a later version of Attune, in {places}, are not carried over");
        report.lost(Position::Whole, message);
    }
}

/// A built-in scheme is found by its name; any other one has to be given to whoever reads the file.
fn report_scheme(scheme: &Scheme, report: &mut Report) {
    let name = format!("{} {}", scheme.name, scheme.version);
    let built_in = Scheme::built_in();
    let known = built_in.iter().find(|known| known.name == scheme.name && known.version == scheme.version);
    match known {
        None => report.noted(
            Position::Whole,
            format!("only the name of the scheme {name} is in it: keep the session, or the scheme's own file, beside it to read it again"),
        ),
        Some(known) if known != scheme => report.noted(
            Position::Whole,
            format!("the session's scheme is not quite the built-in {name}, with which the file is read: what is different is not in it"),
        ),
        Some(_) => {}
    }
}

/// `attune csv 1, scheme infant-parent 1`
pub(crate) fn first_line(format: &str, session: &Session) -> String {
    format!("attune {format} 1, scheme {} {}", quoted(&session.scheme.name), quoted(&session.scheme.version))
}

fn medium_line(medium: &Medium) -> String {
    let hash = medium.identity.as_ref().map_or_else(|| "-".to_owned(), identity_text);
    let (numerator, denominator) = (medium.rate.numerator(), medium.rate.denominator());
    let mut line = format!(
        "medium {} {} {hash} offset {} rate {numerator}/{denominator}",
        medium.id.0,
        quoted(&medium.path),
        medium.offset.to_secs_text()
    );
    if let Some(end) = medium.end {
        let _ = write!(line, " end {}", end.to_secs_text());
    }
    if let Some(frame) = medium.frame {
        let _ = write!(line, " frame {}", frame.to_secs_text());
    }
    if !medium.label.is_empty() {
        let _ = write!(line, " label {}", quoted(&medium.label));
    }
    line
}

fn identity_text(identity: &Identity) -> String {
    let whole = identity.whole.as_ref().map(|whole| format!(":{whole}")).unwrap_or_default();
    format!("{}:{}{whole}", identity.bytes, identity.ends)
}

fn identity(text: &str) -> Option<Identity> {
    let (bytes, hashes) = text.split_once(':')?;
    let (ends, whole) = hashes.split_once(':').map_or((hashes, None), |(ends, whole)| (ends, Some(whole.to_owned())));
    Some(Identity { bytes: bytes.parse().ok()?, ends: ends.to_owned(), whole, extra: Extra::new() })
}

fn span_text(span: Span) -> String {
    format!("{} {}", span.start().to_secs_text(), span.end().to_secs_text())
}

/// The word that stands for a role or a kind of episode in the session's own file.
fn name_of(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(name)) => name,
        _ => String::new(),
    }
}

fn named<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(Value::String(name.to_owned())).ok()
}

impl Preamble {
    /// Takes in one line. A line of a kind that is not known is a person's own comment; one that is known and cannot be read is reported.
    pub(crate) fn read(&mut self, line: &str, position: Position, report: &mut Report) {
        let words = words(line);
        let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        let Some((kind, rest)) = texts.split_first() else {
            return;
        };
        let text_from = |first: usize| joined(line, &words[first..]);
        let read = match (*kind, rest) {
            ("session", [name, id @ ..]) => {
                self.session = Some(((*name).to_owned(), id.first().and_then(|id| session_id(id))));
                true
            }
            ("coder", [_, ..]) => {
                self.coder = Some(text_from(1));
                true
            }
            ("role", [name]) => {
                self.role = named(name);
                self.role.is_some()
            }
            ("note", [_, ..]) => {
                self.note = text_from(1);
                true
            }
            ("subject", [key, _, ..]) => {
                self.subject_names.insert((*key).to_owned(), text_from(2));
                true
            }
            ("settings", [_, ..]) => self.read_settings(line),
            ("medium", [number, file, details @ ..]) => self.read_medium(number, file, details),
            ("episode", rest) => self.read_episode(rest, |n_words| joined(line, &words[1..=n_words])),
            ("excluded", [start, end, ..]) => self.read_excluded(start, end, text_from(3)),
            ("track", [subject, channel, medium @ ..]) => self.read_track(subject, channel, medium),
            ("coded", rest) => self.read_coded(rest),
            ("session" | "coder" | "role" | "note" | "subject" | "settings" | "medium" | "excluded" | "track", _) => {
                false
            }
            _ => true,
        };
        if !read {
            report.lost(position, format!("this line says nothing that can be read: {}", shown(line)));
        }
    }

    fn read_settings(&mut self, line: &str) -> bool {
        let json = line.trim_start().trim_start_matches("settings");
        let read = serde_json::from_str(json);
        read.map(|settings| self.score_settings = settings).is_ok()
    }

    fn read_medium(&mut self, number: &str, file: &str, details: &[&str]) -> bool {
        let Some(id) = medium_id(number) else {
            return false;
        };
        if self.media.len() >= MANY_MEDIA || self.media.iter().any(|medium| medium.id == id) {
            return false;
        }
        let mut medium = Medium::new(id, file);
        let mut details = details.iter();
        let mut whole = true;
        while let Some(word) = details.next() {
            let mut value = || details.next().copied().unwrap_or_default();
            match *word {
                "offset" => whole &= set(&mut medium.offset, bounds::length(value())),
                "rate" => whole &= set(&mut medium.rate, bounds::rate(value())),
                "end" => whole &= set(&mut medium.end, bounds::time(value()).map(Some)),
                "frame" => {
                    let frame = bounds::length(value()).filter(|frame| *frame > Length::ZERO);
                    whole &= set(&mut medium.frame, frame.map(Some));
                }
                "label" => value().clone_into(&mut medium.label),
                "-" => {}
                hash => whole &= set(&mut medium.identity, identity(hash).map(Some)),
            }
        }
        self.media.push(medium);
        whole
    }

    /// `name` gives so many first words as they stand together.
    fn read_episode(&mut self, words: &[&str], name: impl FnOnce(usize) -> String) -> bool {
        let (kind, words) = match words.split_last() {
            Some((last, before)) if bounds::time(last).is_none() => match named(last) {
                Some(kind) => (Some(kind), before),
                None => return false,
            },
            _ => (None, words),
        };
        let [name_words @ .., start, end] = words else {
            return false;
        };
        let Some(span) = span(start, end) else {
            return false;
        };
        let name = name(name_words.len());
        let kind = kind.unwrap_or_else(|| EpisodeKind::of_name(&name));
        self.episodes.push(Episode::new(EpisodeId(0), name, kind, span));
        true
    }

    fn read_excluded(&mut self, start: &str, end: &str, reason: String) -> bool {
        let excluded = span(start, end).map(|span| Excluded { id: ExcludedId(0), span, reason, extra: Extra::new() });
        let read = excluded.is_some();
        self.excluded.extend(excluded);
        read
    }

    fn read_track(&mut self, subject: &str, channel: &str, medium: &[&str]) -> bool {
        let medium = match medium {
            [] => None,
            ["medium", number] if medium_id(number).is_some() => medium_id(number),
            _ => return false,
        };
        self.tracks.push((TrackKey::new(subject, channel), medium));
        true
    }

    fn read_coded(&mut self, words: &[&str]) -> bool {
        let (track, start, end) = match words {
            [start, end] => (None, start, end),
            [subject, channel, start, end] => (Some(TrackKey::new(*subject, *channel)), start, end),
            _ => return false,
        };
        let span = span(start, end);
        self.coded.extend(span.map(|span| (track, span)));
        span.is_some()
    }
}

fn set<T>(place: &mut T, value: Option<T>) -> bool {
    value.map(|value| *place = value).is_some()
}

fn span(start: &str, end: &str) -> Option<Span> {
    Span::new(bounds::time(start)?, bounds::time(end)?).ok()
}

/// Small enough that counting on from it never ends.
fn medium_id(number: &str) -> Option<MediumId> {
    number.parse().ok().filter(|number| (1..=1_000_000_000).contains(number)).map(MediumId)
}

/// The id of 32 hexadecimal digits.
fn session_id(text: &str) -> Option<SessionId> {
    (text.len() == 32).then(|| u128::from_str_radix(text, 16).ok()).flatten().map(SessionId::from_bits)
}
