//! What looks wrong in a session: for the status line, and for `attune check`.

use span::{Instant, Length, Span, SpanSet, counted};

use crate::{Channel, ChannelKind, Mark, MarkId, Medium, MediumId, Scheme, Session, Track, TrackKey};

/// Something that a person should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What was found: the same word in every version.
    pub kind: FindingKind,
    /// The track that it is on.
    pub track: Option<TrackKey>,
    /// The mark that it is about.
    pub mark: Option<MarkId>,
    /// When.
    pub span: Option<Span>,
    /// One sentence, without its full stop.
    pub message: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// So it may be meant.
    Note,
    /// So it is hardly meant.
    Warning,
    /// So it cannot be.
    Error,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FindingKind {
    /// The session breaks a rule that every edit keeps.
    BrokenRule,
    /// A code that the scheme of this name and version lacks.
    UnknownCode,
    /// A medium that ends before it begins.
    NoLength,
    /// Time without a code between codes, on a track on which every moment has one.
    Gap,
    /// A mark where the medium shows nothing.
    OutsideMedium,
    /// A state of very few frames.
    Short,
    /// Two states of one code at once.
    Overlap,
    /// A state that goes on in another of the same code.
    Touching,
    /// A mark that begins or ends between frames.
    OffFrame,
    /// An episode where no medium shows anything.
    EpisodeOutsideMedia,
    /// Episode time of a track that has not been looked at.
    Uncoded,
    /// A code that a coded track never uses.
    UnusedCode,
    /// A state whose end has not been given.
    Open,
    /// A medium of which nobody knows which file it is.
    NoIdentity,
}

/// What to look for.
#[derive(Clone, Copy)]
pub struct CheckOptions<'a> {
    /// States of fewer frames than this are short.
    pub min_frames: u32,
    /// Which frame of a medium is on screen at a moment, all on the session's clock; `None` where it shows none. Left out where the frames are not known.
    pub frame_at: Option<&'a dyn Fn(MediumId, Instant) -> Option<Span>>,
    /// The scheme that the session names, as it is known elsewhere: its codes are those that may be used. Left out where it is not known.
    pub named_scheme: Option<&'a Scheme>,
}

impl Default for CheckOptions<'_> {
    fn default() -> Self {
        Self { min_frames: 3, frame_at: None, named_scheme: None }
    }
}

/// Everything that looks wrong, the tracks in their order and on each track by time.
#[must_use]
pub fn check(session: &Session, options: CheckOptions<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let broken = session.broken_rules().into_iter();
    findings.extend(
        broken.map(|rule| Finding::of_session(Severity::Error, FindingKind::BrokenRule, None, rule.to_string())),
    );
    findings.extend(session.media.iter().filter_map(no_length));
    findings.extend(session.media.iter().filter(|medium| medium.identity.is_none()).map(no_identity));
    findings.extend(episodes_outside_media(session));
    for track in &session.tracks {
        if let Some(channel) = session.scheme.channel(&track.key) {
            findings.extend(OnTrack { session, track, channel, options }.findings());
        }
    }
    findings
}

fn no_identity(medium: &Medium) -> Finding {
    let message = format!("nobody knows which file {} is: it would not be found if it moved", medium.path);
    Finding::of_session(Severity::Note, FindingKind::NoIdentity, None, message)
}

fn no_length(medium: &Medium) -> Option<Finding> {
    let end = medium.end.filter(|end| *end <= Instant::ZERO)?;
    let message = format!("{} ends at {}, before it begins", medium.path, text(end));
    Some(Finding::of_session(Severity::Error, FindingKind::NoLength, None, message))
}

fn episodes_outside_media(session: &Session) -> Vec<Finding> {
    let Some(media) = session.media_span() else { return Vec::new() };
    let outside = session.episodes.iter().filter(|episode| !media.covers(episode.span));
    outside
        .map(|episode| {
            let message = format!(
                "episode {} goes beyond the media, which show {} to {}",
                episode.name,
                text(media.start()),
                text(media.end())
            );
            Finding::of_session(Severity::Warning, FindingKind::EpisodeOutsideMedia, Some(episode.span), message)
        })
        .collect()
}

impl Finding {
    fn of_session(severity: Severity, kind: FindingKind, span: Option<Span>, message: String) -> Self {
        Self { severity, kind, track: None, mark: None, span, message }
    }
}

/// What is looked at of one track.
struct OnTrack<'a> {
    session: &'a Session,
    track: &'a Track,
    channel: &'a Channel,
    options: CheckOptions<'a>,
}

impl OnTrack<'_> {
    fn findings(&self) -> Vec<Finding> {
        let mut timed: Vec<Finding> = self.track.marks.iter().flat_map(|mark| self.of_mark(mark)).collect();
        timed.extend(self.gaps());
        timed.extend(self.overlaps());
        timed.extend(self.touching());
        timed.sort_by_key(|finding| finding.span.map(Span::start)); // stable: of one moment in the order found
        timed.extend(self.uncoded());
        timed.extend(self.unused());
        timed
    }

    fn of_mark(&self, mark: &Mark) -> Vec<Finding> {
        let name = self.name_of(mark);
        let at = text(mark.start());
        let medium = self.session.medium_at(self.track, mark.start());
        let mut found = Vec::new();
        if let Some(scheme) = self.options.named_scheme
            && let Some(channel) = scheme.channel(&self.track.key)
            && channel.code(&mark.code).is_none()
        {
            let message = format!("{name} at {at} is no code of the scheme {} {}", scheme.name, scheme.version);
            found.push(self.on_mark(Severity::Error, FindingKind::UnknownCode, mark, message));
        }
        if let Some(shown) = self.session.recorded(self.track)
            && shown.span_at(mark.start()).is_none_or(|shown| shown.end() < mark.when.end())
        {
            let message = format!("{name} at {at} is where the video shows nothing");
            found.push(self.on_mark(Severity::Warning, FindingKind::OutsideMedium, mark, message));
        }
        if let Some(n) = self.too_short(mark, medium) {
            let message = format!("{name} at {at} lasts {}", counted(n, "frame"));
            found.push(self.on_mark(Severity::Warning, FindingKind::Short, mark, message));
        }
        if mark.is_open() {
            let message = format!("{name} from {at} has not been ended");
            found.push(self.on_mark(Severity::Note, FindingKind::Open, mark, message));
        }
        if medium.is_some_and(|medium| self.is_off_frame(mark, medium)) {
            let message = format!("{name} at {at} does not stand on a frame");
            found.push(self.on_mark(Severity::Warning, FindingKind::OffFrame, mark, message));
        }
        found
    }

    /// How many frames a closed state lasts, if those are too few.
    fn too_short(&self, mark: &Mark, medium: Option<&Medium>) -> Option<i64> {
        let length = mark.span().filter(|_| !mark.is_open())?.length().micros();
        let frame = medium?.frame?.micros();
        // Frames of a variable rate differ in length: to the nearest whole number of usual ones.
        let n = (length + frame / 2).checked_div(frame)?.max(1);
        (n < i64::from(self.options.min_frames)).then_some(n)
    }

    fn is_off_frame(&self, mark: &Mark, medium: &Medium) -> bool {
        let Some(frame_at) = self.options.frame_at else { return false };
        let starts_frame = |time: Instant| frame_at(medium.id, time).is_none_or(|frame| frame.start() == time);
        !starts_frame(mark.start()) || mark.span().is_some_and(|span| !starts_frame(span.end()))
    }

    fn gaps(&self) -> Vec<Finding> {
        if !self.channel.exhaustive {
            return Vec::new();
        }
        let marked = self.track.marked().union(&self.session.excluded_time());
        let inside = |episode: Span| {
            let between = marked.intersection(&SpanSet::from(episode)).hull();
            between.map_or_else(SpanSet::new, |between| marked.gaps(between))
        };
        let episodes = self.session.scored_episodes();
        let gaps = episodes.iter().flat_map(|episode| inside(episode.span).spans().to_vec());
        gaps.map(|gap| {
            let message =
                format!("{} has no code for {} s at {}", self.name(), gap.length().to_secs_text(), text(gap.start()));
            self.on_track(Severity::Warning, FindingKind::Gap, Some(gap), message)
        })
        .collect()
    }

    fn overlaps(&self) -> Vec<Finding> {
        let marks = &self.track.marks;
        let overlaps = marks.iter().enumerate().filter_map(|(index, mark)| {
            let span = mark.span().filter(|_| !self.channel.exclusive)?;
            let behind = marks[index + 1..].iter().take_while(|other| other.start() < span.end());
            let twice =
                behind.filter(|other| other.code == mark.code).find_map(|other| span.intersection(other.span()?))?;
            let message = format!("{} is marked twice at {}", self.name_of(mark), text(twice.start()));
            Some(Finding { span: Some(twice), ..self.on_mark(Severity::Warning, FindingKind::Overlap, mark, message) })
        });
        overlaps.collect()
    }

    /// States that an exclusive track could hold as one.
    fn touching(&self) -> Vec<Finding> {
        if !self.channel.exclusive || self.channel.kind != ChannelKind::State {
            return Vec::new();
        }
        let pairs = self.track.marks.windows(2).filter(|pair| {
            let (mark, next) = (&pair[0], &pair[1]);
            let is_same = mark.code == next.code && mark.note == next.note && mark.certainty == next.certainty;
            is_same && mark.when.end() == next.start()
        });
        pairs
            .map(|pair| {
                let message = format!(
                    "{} goes on at {} in another mark: one would do",
                    self.name_of(&pair[0]),
                    text(pair[1].start())
                );
                self.on_mark(Severity::Note, FindingKind::Touching, &pair[1], message)
            })
            .collect()
    }

    fn uncoded(&self) -> Vec<Finding> {
        let coded = self.track.coded_time(self.channel.exhaustive).union(&self.session.excluded_time());
        let episodes = self.session.scored_episodes();
        let missing = episodes.iter().filter_map(|episode| {
            let gaps = coded.gaps(episode.span);
            let first = gaps.hull()?;
            let all = gaps.length() == episode.span.length();
            let message = if all {
                format!("nothing of {} is coded in {}", self.name(), episode.name)
            } else {
                format!("{} s of {} are not coded in {}", gaps.length().to_secs_text(), self.name(), episode.name)
            };
            Some(self.on_track(Severity::Note, FindingKind::Uncoded, Some(first), message))
        });
        missing.collect()
    }

    fn unused(&self) -> Vec<Finding> {
        let is_unused = |key: &str| !self.track.marks.iter().any(|mark| mark.code == key);
        let codes = self.channel.codes.iter().filter(|code| code.missing.is_none() && !self.track.marks.is_empty());
        let unused = codes.filter(|code| is_unused(&code.key));
        unused
            .map(|code| {
                let message = format!("{} is never '{}'", self.name(), code.label);
                self.on_track(Severity::Note, FindingKind::UnusedCode, None, message)
            })
            .collect()
    }

    fn name(&self) -> String {
        format!("{} {}", self.channel.subject, self.channel.label.to_lowercase())
    }

    fn name_of(&self, mark: &Mark) -> String {
        let label = self.channel.code(&mark.code).map_or(mark.code.as_str(), |code| code.label.as_str());
        format!("{} '{label}'", self.name())
    }

    fn on_track(&self, severity: Severity, kind: FindingKind, span: Option<Span>, message: String) -> Finding {
        Finding { severity, kind, track: Some(self.track.key.clone()), mark: None, span, message }
    }

    fn on_mark(&self, severity: Severity, kind: FindingKind, mark: &Mark, message: String) -> Finding {
        let point = || Span::new(mark.start(), mark.start() + Length::MICROSECOND).ok();
        Finding { mark: Some(mark.id), ..self.on_track(severity, kind, mark.span().or_else(point), message) }
    }
}

fn text(time: Instant) -> String {
    time.to_short_text()
}
