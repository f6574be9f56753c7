//! Coders' sessions side by side: whether they can be compared, and what each of them coded on each channel.

use std::collections::{BTreeMap, BTreeSet};

use scoring::StateSeries;
use scoring::agreement::agree::{Agreement, agree};
use scoring::agreement::alignment::Event;
use scoring::agreement::codings::{CodedStates, PointMark, TwoCodings, TwoMarks};
use scoring::agreement::many::{ManyCodings, agree_many};
use scoring::agreement::of_boris::{SessionEvents, agree_as_boris};
use scoring::agreement::settings::AgreeSettings;
use scoring::agreement::statistic::Statistic;
use span::{Span, SpanSet};

use crate::scores::series_of;
use crate::{Channel, ChannelKind, Code, Mark, Scheme, Session, Subject, Track, TrackKey};

/// Two codings of one recording, the first coder's and the second's.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Whether they are of the same recording, by the same rules and of the same time; each difference is named.
    pub comparable: Comparable,
    /// Each channel that both coded, in the scheme's order; a channel whose codes may overlap is one entry per code.
    pub channels: Vec<ComparedChannel>,
    /// All that both marked, as BORIS has it.
    pub events: SessionEvents,
}

/// Several codings of one recording.
#[derive(Clone, Debug, PartialEq)]
pub struct ManyComparison {
    /// Whether all are of the same recording, by the same rules and of the same time; each difference is named.
    pub comparable: Comparable,
    /// Each channel of states that all coded, in the scheme's order; a channel whose codes may overlap is one entry per code.
    pub channels: Vec<ManyChannel>,
}

/// Whether sessions can be compared. Nothing is left out in silence: each difference is a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparable {
    /// The same files, at the same places on the clock.
    pub media: bool,
    /// The same scheme and version, with the same codes.
    pub scheme: bool,
    /// The same time looked at, on every channel; the same episodes; the same time excluded.
    pub range: bool,
    /// What differs.
    pub problems: Vec<String>,
}

/// One channel, or one code of a channel whose codes may overlap, as two coders coded it.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedChannel {
    /// The track.
    pub key: TrackKey,
    /// The code, where the channel's codes may overlap.
    pub code: Option<String>,
    /// The numbers that the codes stand for, where the scheme gives each of them one.
    pub values: BTreeMap<String, f64>,
    /// What each of them coded, in the time that both looked at.
    pub two: TwoCodings,
}

/// One channel of states, or one code of a channel whose codes may overlap, as several coders coded it.
#[derive(Clone, Debug, PartialEq)]
pub struct ManyChannel {
    /// The track.
    pub key: TrackKey,
    /// The code, where the channel's codes may overlap.
    pub code: Option<String>,
    /// The numbers that the codes stand for, where the scheme gives each of them one.
    pub values: BTreeMap<String, f64>,
    /// What each of them coded, in the time that any of them looked at.
    pub many: ManyCodings,
}

impl Comparison {
    /// How far the two agree on each channel, in their order. Codes stand for the numbers that the settings give them, else for the scheme's.
    #[must_use]
    pub fn agreements(&self, settings: &AgreeSettings) -> Vec<Agreement> {
        self.channels.iter().map(|channel| agree(&channel.two, &with_values(settings, &channel.values))).collect()
    }

    /// What BORIS would print for the two sessions.
    #[must_use]
    pub fn as_boris(&self, settings: &AgreeSettings) -> Vec<Statistic> {
        agree_as_boris(&self.events, settings)
    }
}

impl ManyComparison {
    /// How far all agree on each channel, in their order. Codes stand for numbers as in [`Comparison::agreements`].
    #[must_use]
    pub fn agreements(&self, settings: &AgreeSettings) -> Vec<Vec<Statistic>> {
        let of = |channel: &ManyChannel| agree_many(&channel.many, &with_values(settings, &channel.values));
        self.channels.iter().map(of).collect()
    }
}

fn with_values(settings: &AgreeSettings, values: &BTreeMap<String, f64>) -> AgreeSettings {
    let mut settings = settings.clone();
    if settings.code_values.is_empty() {
        settings.code_values.clone_from(values);
    }
    settings
}

/// Sets two codings of one recording side by side, the first coder's first.
#[must_use]
pub fn compare(a: &Session, b: &Session) -> Comparison {
    let (comparable, shared) = side_by_side(&[a, b]);
    let mut scheme = a.scheme.clone();
    for channel in &mut scheme.channels {
        let theirs = b.scheme.channel(&channel.track());
        *channel = theirs.and_then(|theirs| with_codes_of(channel, theirs)).unwrap_or_else(|| channel.clone());
    }
    let events = SessionEvents { first: events_by_subject(a, &scheme), second: events_by_subject(b, &scheme) };
    Comparison { comparable, channels: shared.iter().flat_map(Shared::of_two).collect(), events }
}

/// Sets several codings of one recording side by side; the scheme is the first coder's.
#[must_use]
pub fn compare_many(sessions: &[&Session]) -> ManyComparison {
    let (comparable, shared) = side_by_side(sessions);
    ManyComparison { comparable, channels: shared.iter().flat_map(Shared::of_many).collect() }
}

/// A channel that all coded.
struct Shared<'a> {
    channel: Channel, // with the codes of all
    /// Each coder's.
    tracks: Vec<&'a Track>,
    windows: Vec<Span>,
    /// What all of them looked at.
    looked_at: SpanSet,
    /// What any of them looked at.
    looked_at_by_any: SpanSet,
}

/// What differs, and the channels that all coded.
fn side_by_side<'a>(sessions: &[&'a Session]) -> (Comparable, Vec<Shared<'a>>) {
    let Some((first, others)) = sessions.split_first() else {
        return (Comparable { media: true, scheme: true, range: true, problems: Vec::new() }, Vec::new());
    };
    let names = names(sessions);
    let (mut media, mut scheme, mut range) = (Vec::new(), Vec::new(), Vec::new());
    for (other, name) in others.iter().zip(&names[1..]) {
        let who = Coders { first: &names[0], second: name };
        add_new(&mut media, media_differences(first, other, who));
        add_new(&mut scheme, scheme_differences(first, other, who));
    }
    let windows = episodes(sessions, &mut range);
    if others.iter().any(|other| other.excluded_time() != first.excluded_time()) {
        range.push("different time is excluded".to_owned());
    }
    let channels = first.scheme.channels.iter();
    let shared = channels.filter_map(|channel| shared(channel, sessions, &names, &windows, &mut range)).collect();
    let (same_media, same_scheme, same_range) = (media.is_empty(), scheme.is_empty(), range.is_empty());
    let problems = [media, scheme, range].concat();
    (Comparable { media: same_media, scheme: same_scheme, range: same_range, problems }, shared)
}

/// What is true of several coders is said once.
fn add_new(differences: &mut Vec<String>, found: Vec<String>) {
    let new: Vec<String> = found.into_iter().filter(|one| !differences.contains(one)).collect();
    differences.extend(new);
}

/// A channel of the first coder's scheme, where all have begun to code it by the same codes.
fn shared<'a>(
    channel: &'a Channel,
    sessions: &[&'a Session],
    names: &[String],
    windows: &[Span],
    range: &mut Vec<String>,
) -> Option<Shared<'a>> {
    let key = channel.track();
    let name = sessions.first()?.track_name(&key);
    let tracks: Vec<Option<&Track>> = sessions.iter().map(|session| session.track(&key)).collect();
    let having: Vec<&str> =
        names.iter().zip(&tracks).filter(|(_, track)| track.is_some()).map(|(who, _)| &**who).collect();
    if having.len() < sessions.len() {
        match having.as_slice() {
            [] => {}
            [one] => range.push(format!("only {one} has a track {name}")),
            several => range.push(format!("only {} have a track {name}", listed(several))),
        }
        return None;
    }
    let tracks: Vec<&Track> = tracks.into_iter().flatten().collect();
    let mut merged = channel.clone();
    for session in sessions {
        merged = with_codes_of(&merged, session.scheme.channel(&key)?)?; // otherwise it is named with the scheme
    }
    let channel = merged;
    let coded: Vec<SpanSet> = tracks.iter().map(|track| track.coded.union(&track.marked())).collect();
    if coded.iter().all(SpanSet::is_empty) {
        return None; // nobody has begun
    }
    if coded.iter().any(|coded_too| *coded_too != coded[0]) {
        let by = coded.iter().zip(names).map(|(coded, who)| format!("{} by {who}", text(coded)));
        range.push(format!("{name} was coded {}", listed(&by.collect::<Vec<_>>())));
    }
    let not_excluded =
        |seen: SpanSet| sessions.iter().fold(seen, |left, session| left.difference(&session.excluded_time()));
    let looked_at_by_any = not_excluded(coded.iter().fold(SpanSet::new(), |any, coded| any.union(coded)));
    let looked_at = not_excluded(coded.into_iter().reduce(|all, coded| all.intersection(&coded))?);
    Some(Shared { channel, tracks, windows: windows.to_vec(), looked_at, looked_at_by_any })
}

/// The episodes that nothing crosses: those of the first coder who has any.
fn episodes(sessions: &[&Session], differences: &mut Vec<String>) -> Vec<Span> {
    let spans = |session: &&Session| session.episodes.iter().map(|episode| episode.span).collect::<Vec<Span>>();
    let all: Vec<Vec<Span>> = sessions.iter().map(spans).collect();
    let whose = all.iter().position(|spans| !spans.is_empty()).unwrap_or(0);
    if all.iter().any(|spans| *spans != all[whose]) {
        let whose = nth_coder(whose);
        differences.push(format!("the episodes are not the same: channels are compared in those of {whose}"));
    }
    all.into_iter().nth(whose).unwrap_or_default()
}

/// What the coders are called in sentences: by their pseudonyms, where these tell them apart.
fn names(sessions: &[&Session]) -> Vec<String> {
    let coders: BTreeSet<&str> = sessions.iter().map(|session| session.coder.as_str()).collect();
    if coders.len() < sessions.len() || coders.contains("") {
        (0..sessions.len()).map(nth_coder).collect()
    } else {
        sessions.iter().map(|session| session.coder.clone()).collect()
    }
}

/// "the first coder"; "coder 4".
fn nth_coder(idx: usize) -> String {
    let words = ["first", "second", "third"].get(idx);
    words.map_or_else(|| format!("coder {}", idx + 1), |nth| format!("the {nth} coder"))
}

/// "A, B and C".
fn listed<S: AsRef<str>>(all: &[S]) -> String {
    let all: Vec<&str> = all.iter().map(AsRef::as_ref).collect();
    match all.as_slice() {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        all => all.concat(),
    }
}

impl Shared<'_> {
    fn of_two(&self) -> Vec<ComparedChannel> {
        let [first, second] = self.tracks.as_slice() else { return Vec::new() };
        let one = |(code, codes): (Option<&Code>, Vec<&Code>)| ComparedChannel {
            key: self.channel.track(),
            code: code.map(|code| code.key.clone()),
            values: values(&codes),
            two: TwoCodings {
                codes: keys(&codes),
                exhaustive: self.is_exhaustive(),
                windows: self.windows.clone(),
                looked_at: self.looked_at.clone(),
                marks: match self.channel.kind {
                    ChannelKind::Point => TwoMarks::Points(points(first, &codes), points(second, &codes)),
                    ChannelKind::State | ChannelKind::Trace => {
                        let states = |track| CodedStates {
                            series: self.series(track, &codes, self.looked_at.hull()),
                            moments: points(track, &codes),
                        };
                        TwoMarks::States(states(first), states(second))
                    }
                },
            },
        };
        self.parts().into_iter().map(one).collect()
    }

    fn of_many(&self) -> Vec<ManyChannel> {
        if self.channel.kind != ChannelKind::State {
            return Vec::new();
        }
        let one = |(code, codes): (Option<&Code>, Vec<&Code>)| {
            let series = |track: &&Track| self.series(track, &codes, self.looked_at_by_any.hull());
            ManyChannel {
                key: self.channel.track(),
                code: code.map(|code| code.key.clone()),
                values: values(&codes),
                many: ManyCodings {
                    codes: keys(&codes),
                    exhaustive: self.is_exhaustive(),
                    windows: self.windows.clone(),
                    looked_at: self.looked_at_by_any.clone(),
                    coders: self.tracks.iter().map(series).collect(),
                },
            }
        };
        self.parts().into_iter().map(one).collect()
    }

    /// What one coder coded. Time that the coder looked at and left without a mark is a gap, on an exhaustive channel too: an omission, where
    /// the other has something.
    fn series(&self, track: &Track, codes: &[&Code], window: Option<Span>) -> StateSeries {
        series_of(track, &Channel { exhaustive: false, ..self.channel.clone() }, codes, window)
    }

    fn is_exhaustive(&self) -> bool {
        self.channel.exhaustive && self.channel.exclusive
    }

    /// What is compared for itself: all codes of the channel, or each where they may overlap.
    fn parts(&self) -> Vec<(Option<&Code>, Vec<&Code>)> {
        let codes: Vec<&Code> = self.channel.codes.iter().filter(|code| code.missing.is_none()).collect();
        match (self.channel.kind, self.channel.exclusive) {
            (ChannelKind::Trace, _) => Vec::new(),
            (ChannelKind::State, false) => codes.iter().map(|code| (Some(*code), vec![*code])).collect(),
            _ => vec![(None, codes)],
        }
    }
}

fn keys(codes: &[&Code]) -> Vec<String> {
    codes.iter().map(|code| code.key.clone()).collect()
}

/// The numbers that all of the codes stand for.
fn values(codes: &[&Code]) -> BTreeMap<String, f64> {
    let value = |code: &&Code| Some((code.key.clone(), f64::from(code.value?)));
    codes.iter().map(value).collect::<Option<_>>().unwrap_or_default()
}

/// The marks without duration.
fn points(track: &Track, codes: &[&Code]) -> Vec<PointMark> {
    let point = |mark: &Mark| {
        if mark.span().is_some() {
            return None;
        }
        let code = codes.iter().position(|code| code.key == mark.code)?;
        Some(PointMark { time: mark.start(), code })
    };
    track.marks.iter().filter_map(point).collect()
}

/// Every mark of a session as an event of its subject, in the order of the scheme's subjects; each code of each channel is a behaviour.
fn events_by_subject(session: &Session, scheme: &Scheme) -> Vec<Vec<Event>> {
    let behaviours: Vec<(TrackKey, &str)> = scheme
        .channels
        .iter()
        .filter(|channel| channel.kind != ChannelKind::Trace)
        .flat_map(|channel| channel.codes.iter().map(|code| (channel.track(), code.key.as_str())))
        .collect();
    let of_subject = |subject: &Subject| {
        let tracks = session.tracks.iter().filter(|track| track.key.subject == subject.key);
        let event = |(track, mark): (&Track, &Mark)| {
            let code = behaviours.iter().position(|(key, code)| *key == track.key && *code == mark.code)?;
            let is_state = scheme.channel(&track.key)?.kind == ChannelKind::State;
            Some(Event { start: mark.start(), end: is_state.then(|| mark.when.end()), code })
        };
        tracks.flat_map(|track| track.marks.iter().map(move |mark| (track, mark))).filter_map(event).collect()
    };
    scheme.subjects.iter().map(of_subject).collect()
}

/// The channel with the codes that only another coder's scheme has behind its own; `None` where the two are not coded by the same rules.
fn with_codes_of(channel: &Channel, theirs: &Channel) -> Option<Channel> {
    let rules = |channel: &Channel| (channel.kind, channel.exclusive, channel.exhaustive);
    let mut merged = channel.clone();
    for code in &theirs.codes {
        match channel.code(&code.key) {
            Some(own) if own.missing.is_some() != code.missing.is_some() => return None,
            Some(_) => {}
            None => merged.codes.push(code.clone()),
        }
    }
    (rules(channel) == rules(theirs)).then_some(merged)
}

/// The codes of one channel that another does not have: "negative, positive"; nothing where it has them all.
fn only_in(channel: &Channel, other: &Channel) -> Option<String> {
    let only = channel.codes.iter().filter(|code| other.code(&code.key).is_none()).map(|code| code.key.as_str());
    let only: Vec<&str> = only.collect();
    (!only.is_empty()).then(|| only.join(", "))
}

/// Two of them, as they are called in sentences.
#[derive(Clone, Copy)]
struct Coders<'a> {
    first: &'a str,
    second: &'a str,
}

fn media_differences(a: &Session, b: &Session, who: Coders<'_>) -> Vec<String> {
    let mut differences = Vec::new();
    if a.media.len() != b.media.len() {
        differences.push(format!("{} has {} media, {} has {}", who.first, a.media.len(), who.second, b.media.len()));
    }
    for (first, second) in a.media.iter().zip(&b.media) {
        let (name, other) = (first.file_name(), second.file_name());
        let is_same_file = match (&first.identity, &second.identity) {
            (Some(first), Some(second)) => (first.bytes, &first.ends) == (second.bytes, &second.ends),
            _ => name == other, // nothing better is known
        };
        if !is_same_file {
            differences.push(format!("{name} and {other} are different files"));
        }
        if (first.offset, first.rate) != (second.offset, second.rate) {
            differences.push(format!("{name} lies elsewhere on the clock of {}", who.second));
        }
    }
    differences
}

fn scheme_differences(a: &Session, b: &Session, who: Coders<'_>) -> Vec<String> {
    let mut differences = Vec::new();
    let name = |session: &Session| format!("{} {}", session.scheme.name, session.scheme.version);
    if name(a) != name(b) {
        differences.push(format!("{} used the scheme {}, {} used {}", who.first, name(a), who.second, name(b)));
    }
    for channel in &a.scheme.channels {
        match b.scheme.channel(&channel.track()) {
            Some(other) => {
                let name = a.track_name(&channel.track());
                if with_codes_of(channel, other).is_none() {
                    differences.push(format!("{name} is not coded by the same rules: it is not compared"));
                    continue;
                }
                let only = [(who.first, only_in(channel, other)), (who.second, only_in(other, channel))];
                for (whose, codes) in only {
                    differences.extend(
                        codes.map(|codes| format!("of the codes of {name} only the scheme of {whose} has {codes}")),
                    );
                }
            }
            None => {
                differences.push(format!("the scheme of {} has no {}", who.second, a.track_name(&channel.track())));
            }
        }
    }
    differences
}

/// "0:00–1:30 and 2:00–3:10"; "not at all".
fn text(coded: &SpanSet) -> String {
    let spans =
        coded.spans().iter().map(|span| format!("{}–{}", span.start().to_short_text(), span.end().to_short_text()));
    let spans: Vec<String> = spans.collect();
    match spans.as_slice() {
        [] => "not at all".to_owned(),
        [first, second, _, rest @ ..] if !rest.is_empty() => {
            format!("{first}, {second} and in {} more stretches", rest.len() + 1)
        }
        spans => spans.join(" and "),
    }
}
