//! Two coders' sessions side by side: whether they can be compared, and what each of them coded on each channel.

use scoring::agreement::agree::{Agreement, agree};
use scoring::agreement::alignment::Event;
use scoring::agreement::codings::{CodedStates, PointMark, TwoCodings, TwoMarks};
use scoring::agreement::of_boris::{SessionEvents, agree_as_boris};
use scoring::agreement::settings::AgreeSettings;
use scoring::agreement::statistic::Statistic;
use span::{Span, SpanSet};

use crate::scores::series_of;
use crate::{Channel, ChannelKind, Code, Mark, Medium, Scheme, Session, Subject, Track, TrackKey};

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

/// Whether two sessions can be compared. Nothing is left out in silence: each difference is a sentence.
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
    /// What each of them coded, in the time that both looked at.
    pub two: TwoCodings,
}

impl Comparison {
    /// How far the two agree on each channel, in their order.
    #[must_use]
    pub fn agreements(&self, settings: &AgreeSettings) -> Vec<Agreement> {
        self.channels.iter().map(|channel| agree(&channel.two, settings)).collect()
    }

    /// What BORIS would print for the two sessions.
    #[must_use]
    pub fn as_boris(&self, settings: &AgreeSettings) -> Vec<Statistic> {
        agree_as_boris(&self.events, settings)
    }
}

/// What the two are called in sentences: by their pseudonyms, where these tell them apart.
#[derive(Clone, Copy)]
struct Coders<'a> {
    first: &'a str,
    second: &'a str,
}

impl<'a> Coders<'a> {
    fn of(a: &'a Session, b: &'a Session) -> Self {
        if a.coder.is_empty() || b.coder.is_empty() || a.coder == b.coder {
            Self { first: "the first coder", second: "the second coder" }
        } else {
            Self { first: &a.coder, second: &b.coder }
        }
    }
}

/// Sets two codings of one recording side by side, the first coder's first.
#[must_use]
pub fn compare(a: &Session, b: &Session) -> Comparison {
    let who = Coders::of(a, b);
    let mut problems = Vec::new();
    let media = media_differences(a, b, who);
    let scheme = scheme_differences(a, b, who);
    let mut range = Vec::new();
    let windows = episodes(a, b, &mut range);
    if a.excluded_time() != b.excluded_time() {
        range.push("different time is excluded".to_owned());
    }
    let mut channels = Vec::new();
    for channel in &a.scheme.channels {
        let key = channel.track();
        let (first, second) = match (a.track(&key), b.track(&key)) {
            (Some(first), Some(second)) => (first, second),
            (None, None) => continue,
            (Some(_), None) => {
                range.push(format!("only {} has a track {}", who.first, a.track_name(&key)));
                continue;
            }
            (None, Some(_)) => {
                range.push(format!("only {} has a track {}", who.second, a.track_name(&key)));
                continue;
            }
        };
        let Some(theirs) = b.scheme.channel(&key).filter(|theirs| codes_of(theirs) == codes_of(channel)) else {
            continue;
        };
        let (coded, coded_too) = (first.coded_time(channel.exhaustive), second.coded_time(theirs.exhaustive));
        if coded.is_empty() && coded_too.is_empty() {
            continue; // neither has begun
        }
        if coded != coded_too {
            range.push(format!(
                "{} was coded {} by {} and {} by {}",
                a.track_name(&key),
                text(&coded),
                who.first,
                text(&coded_too),
                who.second,
            ));
        }
        let looked_at = coded.intersection(&coded_too).difference(&a.excluded_time()).difference(&b.excluded_time());
        channels.extend(compared(channel, &windows, &looked_at, first, second));
    }
    let comparable = |problems: &mut Vec<String>, found: Vec<String>| {
        let is_same = found.is_empty();
        problems.extend(found);
        is_same
    };
    let (media, scheme) = (comparable(&mut problems, media), comparable(&mut problems, scheme));
    let range = comparable(&mut problems, range);
    let events = SessionEvents { first: events_by_subject(a, &a.scheme), second: events_by_subject(b, &a.scheme) };
    Comparison { comparable: Comparable { media, scheme, range, problems }, channels, events }
}

/// The episodes that nothing crosses: the first coder's, or the second's where the first has none.
fn episodes(a: &Session, b: &Session, differences: &mut Vec<String>) -> Vec<Span> {
    let spans = |session: &Session| session.episodes.iter().map(|episode| episode.span).collect::<Vec<Span>>();
    let (of_first, of_second) = (spans(a), spans(b));
    if of_first == of_second {
        return of_first;
    }
    let (whose, taken) = if of_first.is_empty() { ("second", of_second) } else { ("first", of_first) };
    differences.push(format!("the episodes are not the same: those of the {whose} coder are compared"));
    taken
}

fn compared(
    channel: &Channel,
    windows: &[Span],
    looked_at: &SpanSet,
    first: &Track,
    second: &Track,
) -> Vec<ComparedChannel> {
    let codes: Vec<&Code> = channel.codes.iter().filter(|code| code.missing.is_none()).collect();
    let one = |code: Option<&Code>, codes: &[&Code]| ComparedChannel {
        key: channel.track(),
        code: code.map(|code| code.key.clone()),
        two: TwoCodings {
            codes: codes.iter().map(|code| code.key.clone()).collect(),
            exhaustive: channel.exhaustive && channel.exclusive,
            windows: windows.to_vec(),
            looked_at: looked_at.clone(),
            marks: match channel.kind {
                ChannelKind::Point => TwoMarks::Points(points(first, codes), points(second, codes)),
                ChannelKind::State | ChannelKind::Trace => {
                    let states = |track| CodedStates {
                        series: series_of(track, channel, codes, looked_at.hull()),
                        moments: points(track, codes),
                    };
                    TwoMarks::States(states(first), states(second))
                }
            },
        },
    };
    match (channel.kind, channel.exclusive) {
        (ChannelKind::Trace, _) => Vec::new(),
        (ChannelKind::State, false) => codes.iter().map(|code| one(Some(code), &[code])).collect(),
        _ => vec![one(None, &codes)],
    }
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

fn codes_of(channel: &Channel) -> (ChannelKind, bool, bool, Vec<(&str, bool)>) {
    let codes = channel.codes.iter().map(|code| (code.key.as_str(), code.missing.is_some())).collect();
    (channel.kind, channel.exclusive, channel.exhaustive, codes)
}

fn media_differences(a: &Session, b: &Session, who: Coders<'_>) -> Vec<String> {
    let mut differences = Vec::new();
    if a.media.len() != b.media.len() {
        differences.push(format!("{} has {} media, {} has {}", who.first, a.media.len(), who.second, b.media.len()));
    }
    for (first, second) in a.media.iter().zip(&b.media) {
        let (name, other) = (name_of(first), name_of(second));
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
            Some(other) if codes_of(other) != codes_of(channel) => {
                differences.push(format!(
                    "the codes of {} are not the same: it is not compared",
                    a.track_name(&channel.track())
                ));
            }
            Some(_) => {}
            None => {
                differences.push(format!("the scheme of {} has no {}", who.second, a.track_name(&channel.track())));
            }
        }
    }
    differences
}

fn name_of(medium: &Medium) -> &str {
    medium.path.rsplit('/').next().unwrap_or(&medium.path)
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
