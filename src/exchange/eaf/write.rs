//! From a session to an ELAN document.

use std::borrow::Cow;

use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::writer::Writer;
use session::{Certainty, ChannelKind, Medium, Session, Track};
use span::{Instant, Length, Span, counted};

use super::{CERTAINTY_TYPE, EPISODE_TYPE, EXCLUDED_TYPE, NOTE_TYPE, PROPERTY, SHIFT, UNCERTAIN, millis};
use crate::{Position, Report, preamble};

/// ELAN asks for a date. A clock would make two files of one session differ.
const DATE: &str = "1970-01-01T00:00:00Z";
/// The latest time that an `xsd:unsignedInt` of milliseconds can hold: 49 days.
const LATEST: i64 = u32::MAX as i64;
const LANGUAGE: &str = "und";

/// The four ways in which ELAN relates a tier to another, in its own words.
const CONSTRAINTS: [(&str, &str); 4] = [
    (
        "Time_Subdivision",
        "Time subdivision of parent annotation's time interval, no time gaps allowed within this interval",
    ),
    (
        "Symbolic_Subdivision",
        "Symbolic subdivision of a parent annotation. Annotations refering to the same parent are ordered",
    ),
    ("Symbolic_Association", "1-1 association with a parent annotation"),
    ("Included_In", "Time alignable annotations within the parent annotation's time interval, gaps are allowed"),
];

/// Writes a session as an ELAN document. Same session, same bytes.
#[must_use]
pub fn write(session: &Session) -> (Vec<u8>, Report) {
    let mut report = Report::default();
    preamble::report_left_out(session, &mut report);
    let shift_millis = shift_of(session, &mut report);
    let tiers = tiers(session, Length::from_millis(shift_millis), &mut report);
    let slots = Slots::new(&tiers);

    let mut xml = Xml { writer: Writer::new_with_indent(Vec::new(), b' ', 4), n_illegal: 0 };
    xml.declaration();
    let root = [
        ("AUTHOR", session.coder.as_str()),
        ("DATE", DATE),
        ("FORMAT", "3.0"),
        ("VERSION", "3.0"),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
        ("xsi:noNamespaceSchemaLocation", "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"),
    ];
    xml.element("ANNOTATION_DOCUMENT", &root, |xml| {
        header(xml, session, shift_millis, tiers.iter().map(TierOut::n_annotations).sum(), &mut report);
        xml.element("TIME_ORDER", &[], |xml| {
            for (number, time) in (1..).zip(&slots.times) {
                xml.empty("TIME_SLOT", &[("TIME_SLOT_ID", &format!("ts{number}")), ("TIME_VALUE", &time.to_string())]);
            }
        });
        let mut next_id = 1;
        for (idx, tier) in tiers.iter().enumerate() {
            tier.write(xml, &session.coder, &slots.of_tier[idx], &mut next_id);
        }
        types(xml, session, &tiers);
        let language = [
            ("LANG_DEF", "http://cdb.iso.org/lg/CDB-00130975-001"),
            ("LANG_ID", LANGUAGE),
            ("LANG_LABEL", "undetermined (und)"),
        ];
        xml.empty("LANGUAGE", &language);
        for (stereotype, description) in CONSTRAINTS {
            xml.empty("CONSTRAINT", &[("DESCRIPTION", description), ("STEREOTYPE", stereotype)]);
        }
        vocabularies(xml, session);
    });
    if xml.n_illegal > 0 {
        report.lost(
            Position::Whole,
            format!("left out, since XML cannot hold it: {}", counted(xml.n_illegal, "character")),
        );
    }
    let mut bytes = xml.writer.into_inner();
    bytes.push(b'\n');
    (bytes, report)
}

/// By how many milliseconds all times are moved, so that none is negative.
fn shift_of(session: &Session, report: &mut Report) -> i64 {
    let marks = session.tracks.iter().filter_map(|track| track.marks.first()).map(session::Mark::start);
    let spans = session
        .episodes
        .iter()
        .map(|episode| episode.span)
        .chain(session.excluded.iter().map(|excluded| excluded.span));
    let first = marks.chain(spans.map(Span::start)).min().unwrap_or_default();
    let shift = -millis(first).min(0);
    if shift > 0 {
        report.noted(
            Position::Whole,
            format!("ELAN has no times before 0: all are moved by {shift} ms, and the media with them"),
        );
    }
    shift
}

/// A tier as it is written.
struct TierOut {
    id: String,
    kind: String,
    participant: String,
    annotations: Vec<AnnotationOut>,
}

struct AnnotationOut {
    start: i64, // milliseconds, earlier than `end`
    end: i64,
    value: String,
    /// Index in the vocabulary.
    entry: Option<usize>,
    note: String,
    uncertain: bool,
}

fn tiers(session: &Session, shift: Length, report: &mut Report) -> Vec<TierOut> {
    let mut tiers = Vec::new();
    for track in &session.tracks {
        tiers.extend(tiers_of_track(session, track, shift, report));
    }
    let mut rounding = Rounding::default();
    let mut spans = |id: &str, kind: &str, items: Vec<(Span, &str)>| {
        let annotation = |(span, value): (Span, &str)| {
            let (start, end) = rounding.span(span, shift)?;
            Some(AnnotationOut {
                start,
                end,
                value: value.to_owned(),
                entry: None,
                note: String::new(),
                uncertain: false,
            })
        };
        let annotations: Vec<AnnotationOut> = items.into_iter().filter_map(annotation).collect();
        for (name, annotations) in named_lanes(id, annotations) {
            if !annotations.is_empty() {
                tiers.push(TierOut { id: name, kind: kind.to_owned(), participant: String::new(), annotations });
            }
        }
    };
    spans(
        "episodes",
        EPISODE_TYPE,
        session.episodes.iter().map(|episode| (episode.span, episode.name.as_str())).collect(),
    );
    spans(
        "excluded",
        EXCLUDED_TYPE,
        session.excluded.iter().map(|excluded| (excluded.span, excluded.reason.as_str())).collect(),
    );
    rounding.report(&Position::Whole, "border", " of episodes and excluded time", report);
    tiers
}

fn tiers_of_track(session: &Session, track: &Track, shift: Length, report: &mut Report) -> Vec<TierOut> {
    let channel = session.scheme.channel(&track.key);
    let mut rounding = Rounding::default();
    let (mut n_points, mut n_how, mut n_late) = (0, 0, 0);
    let mut annotations = Vec::with_capacity(track.marks.len());
    for mark in &track.marks {
        n_points += usize::from(mark.span().is_none());
        n_how += usize::from(mark.how.is_some());
        if mark.is_open() {
            report.noted(Position::Mark(mark.id), "its end had not been given: it is written as it stands");
        }
        let times = match mark.span() {
            Some(span) => rounding.span(span, shift),
            None => rounding.time(mark.start(), shift).map(|start| (start, start + 1)),
        };
        let Some((start, end)) = times else {
            n_late += 1;
            continue;
        };
        let entry = channel.and_then(|channel| channel.codes.iter().position(|code| code.key == mark.code));
        let uncertain = mark.certainty == Certainty::Uncertain;
        annotations.push(AnnotationOut {
            start,
            end,
            value: mark.code.clone(),
            entry,
            note: mark.note.clone(),
            uncertain,
        });
    }
    let position = Position::Track(track.key.clone());
    rounding.report(&position, "time", "", report);
    if n_points > 0 {
        report.noted(
            position.clone(),
            format!("written as annotations of one millisecond: {}", counted(n_points, "moment")),
        );
    }
    if n_how > 0 {
        let were = if n_how == 1 { "was" } else { "were" };
        report.lost(
            position.clone(),
            format!(
                "how {} {were} made (stepped or playing, speed, reaction time) is not carried over",
                counted(n_how, "mark")
            ),
        );
    }
    if n_late > 0 {
        report
            .lost(position.clone(), format!("later than the 49 days that ELAN can count: {}", counted(n_late, "mark")));
    }
    let lanes = named_lanes(&track.key.to_string(), annotations);
    if lanes.len() > 1 {
        report.noted(
            position,
            format!("its marks overlap, which a tier of ELAN cannot hold: written as {} tiers", lanes.len()),
        );
    }
    let tier = |(id, annotations)| TierOut {
        id,
        kind: track.key.to_string(),
        participant: track.key.subject.clone(),
        annotations,
    };
    lanes.into_iter().map(tier).collect()
}

/// The annotations in as few tiers as hold them without overlap: at least one, named `id`, `id 2`, `id 3`, ...
fn named_lanes(id: &str, annotations: Vec<AnnotationOut>) -> Vec<(String, Vec<AnnotationOut>)> {
    let mut lanes: Vec<Vec<AnnotationOut>> = vec![Vec::new()];
    for annotation in annotations {
        let free = lanes.iter().position(|lane| lane.last().is_none_or(|last| last.end <= annotation.start));
        match free {
            Some(lane) => lanes[lane].push(annotation),
            None => lanes.push(vec![annotation]),
        }
    }
    let name = |number: usize| if number == 1 { id.to_owned() } else { format!("{id} {number}") };
    (1..).map(name).zip(lanes).collect()
}

/// To whole milliseconds, counting what was not whole.
#[derive(Default)]
struct Rounding {
    n_rounded: usize,
}

impl Rounding {
    fn time(&mut self, time: Instant, shift: Length) -> Option<i64> {
        let moved = time.saturating_add(shift);
        self.n_rounded += usize::from(moved.micros() % 1_000 != 0);
        Some(millis(moved)).filter(|millis| (0..LATEST).contains(millis))
    }

    fn span(&mut self, span: Span, shift: Length) -> Option<(i64, i64)> {
        let (start, end) = (self.time(span.start(), shift)?, self.time(span.end(), shift)?);
        Some((start, end.max(start + 1)))
    }

    fn report(&self, position: &Position, noun: &str, of_what: &str, report: &mut Report) {
        if self.n_rounded > 0 {
            report.rounded(
                position.clone(),
                format!("to whole milliseconds: {}{of_what}", counted(self.n_rounded, noun)),
            );
        }
    }
}

/// The time slots of all tiers, sorted as ELAN wants them.
struct Slots {
    times: Vec<i64>,
    /// For each tier the slots of each annotation, counted from 1.
    of_tier: Vec<Vec<(usize, usize)>>,
}

impl Slots {
    fn new(tiers: &[TierOut]) -> Self {
        let mut ends: Vec<(i64, usize, usize, bool)> = Vec::new();
        for (idx, tier) in tiers.iter().enumerate() {
            for (at, annotation) in tier.annotations.iter().enumerate() {
                ends.push((annotation.start, idx, at, false));
                ends.push((annotation.end, idx, at, true));
            }
        }
        ends.sort_unstable();
        let mut of_tier: Vec<Vec<(usize, usize)>> =
            tiers.iter().map(|tier| vec![(0, 0); tier.annotations.len()]).collect();
        for (number, (_, tier, at, is_end)) in (1..).zip(&ends) {
            let slots = &mut of_tier[*tier][*at];
            if *is_end { slots.1 = number } else { slots.0 = number }
        }
        Self { times: ends.into_iter().map(|(time, ..)| time).collect(), of_tier }
    }
}

impl TierOut {
    fn n_annotations(&self) -> usize {
        let remarks =
            |annotation: &AnnotationOut| usize::from(!annotation.note.is_empty()) + usize::from(annotation.uncertain);
        self.annotations.iter().map(|annotation| 1 + remarks(annotation)).sum()
    }

    /// The tier, and its child tiers where there are notes or doubts.
    fn write(&self, xml: &mut Xml, coder: &str, slots: &[(usize, usize)], next_id: &mut usize) {
        let first_id = *next_id;
        let attributes = |kind: &str, id: &str, parent: Option<&str>| {
            let mut attributes = vec![("ANNOTATOR", coder.to_owned()), ("LINGUISTIC_TYPE_REF", kind.to_owned())];
            attributes.extend(parent.map(|parent| ("PARENT_REF", parent.to_owned())));
            attributes.push(("PARTICIPANT", self.participant.clone()));
            attributes.push(("TIER_ID", id.to_owned()));
            attributes.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>()
        };
        xml.element("TIER", &borrowed(&attributes(&self.kind, &self.id, None)), |xml| {
            for (annotation, (start, end)) in self.annotations.iter().zip(slots) {
                let mut attributes = vec![("ANNOTATION_ID", format!("a{next_id}"))];
                attributes.extend(annotation.entry.map(|entry| ("CVE_REF", entry_id(entry))));
                attributes.push(("TIME_SLOT_REF1", format!("ts{start}")));
                attributes.push(("TIME_SLOT_REF2", format!("ts{end}")));
                *next_id += 1;
                xml.annotation("ALIGNABLE_ANNOTATION", &attributes, &annotation.value);
            }
        });
        let numbered = || (first_id..).zip(&self.annotations);
        let notes = numbered().filter(|(_, annotation)| !annotation.note.is_empty());
        let notes: Vec<(usize, &str)> = notes.map(|(id, annotation)| (id, annotation.note.as_str())).collect();
        let doubts = numbered().filter(|(_, annotation)| annotation.uncertain);
        let doubts: Vec<(usize, &str)> = doubts.map(|(id, _)| (id, UNCERTAIN)).collect();
        for (kind, remarks) in [(NOTE_TYPE, notes), (CERTAINTY_TYPE, doubts)] {
            if remarks.is_empty() {
                continue;
            }
            xml.element("TIER", &borrowed(&attributes(kind, &format!("{} {kind}", self.id), Some(&self.id))), |xml| {
                for (of, value) in &remarks {
                    let attributes = [("ANNOTATION_ID", format!("a{next_id}")), ("ANNOTATION_REF", format!("a{of}"))];
                    *next_id += 1;
                    xml.annotation("REF_ANNOTATION", &attributes, value);
                }
            });
        }
    }
}

fn header(xml: &mut Xml, session: &Session, shift_millis: i64, n_annotations: usize, report: &mut Report) {
    let zero = Instant::ZERO.saturating_add(Length::from_millis(-shift_millis));
    xml.element("HEADER", &[("MEDIA_FILE", ""), ("TIME_UNITS", "milliseconds")], |xml| {
        for medium in &session.media {
            if medium.rate != session::Rate::default() {
                let message = "ELAN plays it at its own speed: its rate is kept in Attune's own lines only";
                report.lost(Position::Element(format!("medium {}", medium.path)), message);
            }
            let url = url_of(medium);
            let origin = millis(medium.medium_time(zero)).to_string();
            let mut attributes = vec![("MEDIA_URL", url.as_str()), ("MIME_TYPE", mime_type(&medium.path))];
            attributes.extend(url.starts_with("./").then_some(("RELATIVE_MEDIA_URL", url.as_str())));
            attributes.extend((origin != "0").then_some(("TIME_ORIGIN", origin.as_str())));
            xml.empty("MEDIA_DESCRIPTOR", &attributes);
        }
        xml.property("URN", &format!("urn:nl-mpi-tools-elan-eaf:{}", uuid_of(session)));
        let shift = (shift_millis != 0).then(|| format!("{SHIFT} {shift_millis}"));
        let lines = std::iter::once(preamble::first_line("eaf", session)).chain(shift).chain(preamble::lines(session));
        for (number, line) in (1..).zip(lines) {
            xml.property(&format!("{PROPERTY}{number}"), &line);
        }
        xml.property("lastUsedAnnotationId", &n_annotations.to_string());
    });
}

fn uuid_of(session: &Session) -> String {
    let digits = session.id.as_str();
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// A relative path stays relative, with `./` before it; an absolute one becomes a `file:` URL.
fn url_of(medium: &Medium) -> String {
    let mut path = String::new();
    for byte in medium.path.replace('\\', "/").bytes() {
        let is_plain = byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@".contains(&byte);
        match char::from(byte) {
            plain if is_plain => path.push(plain),
            _ => path.extend(['%', hex_digit(byte >> 4), hex_digit(byte & 0xf)]),
        }
    }
    let has_drive = path.as_bytes().get(1) == Some(&b':');
    match path {
        path if path.starts_with('/') => format!("file://{path}"),
        path if has_drive => format!("file:///{path}"),
        path if path.starts_with("./") || path.starts_with("../") => path,
        path => format!("./{path}"),
    }
}

fn hex_digit(value: u8) -> char {
    char::from_digit(value.into(), 16).map_or('0', |digit| digit.to_ascii_uppercase())
}

fn mime_type(path: &str) -> &'static str {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("mp4" | "m4v") => "video/mp4",
        Some("mov") => "video/quicktime",
        Some("mpg" | "mpeg") => "video/mpeg",
        Some("webm") => "video/webm",
        Some("mkv") => "video/x-matroska",
        Some("avi") => "video/x-msvideo",
        Some("wav") => "audio/x-wav",
        Some("mp3") => "audio/mpeg",
        _ => "unknown",
    }
}

fn types(xml: &mut Xml, session: &Session, tiers: &[TierOut]) {
    let kind = |xml: &mut Xml, id: &str, extra: &[(&str, &str)], aligned: &str| {
        let mut attributes = extra.to_vec();
        attributes.extend([("GRAPHIC_REFERENCES", "false"), ("LINGUISTIC_TYPE_ID", id), ("TIME_ALIGNABLE", aligned)]);
        xml.empty("LINGUISTIC_TYPE", &attributes);
    };
    for track in &session.tracks {
        let id = track.key.to_string();
        kind(xml, &id, &[("CONTROLLED_VOCABULARY_REF", &id)], "true");
    }
    for id in [EPISODE_TYPE, EXCLUDED_TYPE] {
        if tiers.iter().any(|tier| tier.kind == id) {
            kind(xml, id, &[], "true");
        }
    }
    let annotations = || tiers.iter().flat_map(|tier| &tier.annotations);
    let has_notes = annotations().any(|annotation| !annotation.note.is_empty());
    let has_doubts = annotations().any(|annotation| annotation.uncertain);
    for (id, _) in [(NOTE_TYPE, has_notes), (CERTAINTY_TYPE, has_doubts)].into_iter().filter(|(_, is_used)| *is_used) {
        kind(xml, id, &[("CONSTRAINTS", "Symbolic_Association")], "false");
    }
}

fn vocabularies(xml: &mut Xml, session: &Session) {
    for track in &session.tracks {
        let channel = session.scheme.channel(&track.key);
        let label = channel.map_or("", |channel| channel.label.as_str());
        let moments = if channel.is_some_and(|channel| channel.kind == ChannelKind::Point) { ": moments" } else { "" };
        xml.element("CONTROLLED_VOCABULARY", &[("CV_ID", &track.key.to_string())], |xml| {
            xml.text("DESCRIPTION", &[("LANG_REF", LANGUAGE)], &format!("{label}{moments}"));
            for (number, code) in channel.into_iter().flat_map(|channel| &channel.codes).enumerate() {
                let description = if code.definition.is_empty() {
                    code.label.clone()
                } else {
                    format!("{}: {}", code.label, code.definition)
                };
                xml.element("CV_ENTRY_ML", &[("CVE_ID", &entry_id(number))], |xml| {
                    xml.text("CVE_VALUE", &[("DESCRIPTION", &description), ("LANG_REF", LANGUAGE)], &code.key);
                });
            }
        });
    }
}

fn entry_id(number: usize) -> String {
    format!("cveid_{number}")
}

fn borrowed<'a>(attributes: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    attributes.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// Writes elements, leaving out the characters that XML cannot hold.
struct Xml {
    writer: Writer<Vec<u8>>,
    n_illegal: usize,
}

const IN_MEMORY: &str = "writing to memory does not fail";

impl Xml {
    fn declaration(&mut self) {
        self.writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None))).expect(IN_MEMORY);
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) -> quick_xml::events::BytesStart<'static> {
        let mut element = quick_xml::events::BytesStart::new(name.to_owned());
        for (key, value) in attributes {
            element.push_attribute((*key, self.legal(value).as_ref()));
        }
        element
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let element = self.start(name, attributes);
        self.writer.write_event(Event::Empty(element)).expect(IN_MEMORY);
    }

    fn element(&mut self, name: &str, attributes: &[(&str, &str)], content: impl FnOnce(&mut Self)) {
        let element = self.start(name, attributes);
        let end = element.to_end().into_owned();
        self.writer.write_event(Event::Start(element)).expect(IN_MEMORY);
        content(self);
        self.writer.write_event(Event::End(end)).expect(IN_MEMORY);
    }

    fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        let text = self.legal(text).into_owned();
        self.element(name, attributes, |xml| {
            xml.writer.write_event(Event::Text(BytesText::new(&text))).expect(IN_MEMORY);
        });
    }

    fn property(&mut self, name: &str, value: &str) {
        self.text("PROPERTY", &[("NAME", name)], value);
    }

    fn annotation(&mut self, kind: &str, attributes: &[(&str, String)], value: &str) {
        self.element("ANNOTATION", &[], |xml| {
            xml.element(kind, &borrowed(attributes), |xml| xml.text("ANNOTATION_VALUE", &[], value));
        });
    }

    /// The text without what XML 1.0 cannot hold.
    fn legal<'a>(&mut self, text: &'a str) -> Cow<'a, str> {
        let is_illegal = |c: char| {
            (c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
        };
        let n_illegal = text.chars().filter(|c| is_illegal(*c)).count();
        self.n_illegal += n_illegal;
        // DEL is legal, if discouraged; it is left out with the other controls
        if n_illegal == 0 {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(text.chars().filter(|c| !is_illegal(*c)).collect())
        }
    }
}
