//! From an ELAN document to a session.

use std::collections::{BTreeMap, HashMap, HashSet};

use session::{
    Certainty, ChannelKind, Episode, EpisodeId, EpisodeKind, Excluded, ExcludedId, Extra, Medium, MediumId, Scheme,
    Session, TrackKey, When,
};
use span::{Instant, Length, Span, counted};

use super::document::{Aligned, Document, Media, Tier};
use super::{CERTAINTY_TYPE, EPISODE_TYPE, EXCLUDED_TYPE, NOTE_TYPE, POINT_MILLIS, PROPERTY, SHIFT, UNCERTAIN, made};
use crate::assemble::{Row, assemble};
use crate::csv::{read_first_line, session_id_of, text_of};
use crate::preamble::Preamble;
use crate::report::shown;
use crate::{ExchangeError, Position, Report, Schemes, bounds};

/// Reads an ELAN document.
///
/// Its scheme is the one given, the one that Attune's own lines in it name, or one made from its tiers and vocabularies.
///
/// # Errors
/// [`ExchangeError`] where the XML breaks off or is something else.
pub fn read(bytes: &[u8], schemes: Schemes) -> Result<(Session, Report), ExchangeError> {
    let mut report = Report::default();
    let text = text_of(bytes, &mut report);
    if text.trim().is_empty() {
        return Err(ExchangeError::Empty);
    }
    let document = Document::parse(&text, &mut report)?;
    let (mut preamble, shift) = read_properties(&document, &mut report)?;
    let is_ours = preamble.scheme.is_some();
    let annotations = Annotations::new(&document, is_ours, shift, &mut report);

    let known = scheme_of(&preamble, schemes, &mut report);
    let (scheme, rows) = match known {
        Some(scheme) => {
            let rows = rows_of_scheme(&document, &scheme, &annotations, is_ours, &mut report);
            (scheme, rows)
        }
        None => made::scheme_and_rows(&document, &annotations, is_ours, &mut report),
    };
    if is_ours {
        read_episodes(&document, &annotations, &mut preamble, &mut report);
        read_excluded(&document, &annotations, &mut preamble, &mut report);
    } else {
        preamble.coder = Some(coder_of(&document, &mut report));
    }
    if preamble.media.is_empty() {
        preamble.media =
            document.media.iter().zip(1..=100).filter_map(|(media, id)| medium(media, MediumId(id))).collect();
    }
    for (element, number) in &document.unread {
        report.lost(
            Position::Element(format!("element {element}")),
            format!("{number} of them: Attune has no place for these"),
        );
    }
    Ok((assemble(scheme, preamble, rows, session_id_of(bytes), &mut report), report))
}

/// Our own lines in the header, and by how much all times were moved.
fn read_properties(document: &Document, report: &mut Report) -> Result<(Preamble, Length), ExchangeError> {
    let mut preamble = Preamble::default();
    let mut shift = Length::ZERO;
    for (name, line) in document.properties.iter().filter(|(name, _)| name.starts_with(PROPERTY)) {
        let position = Position::Element(format!("property {}", shown(name)));
        if let Some(format) = line.strip_prefix("attune ") {
            preamble.scheme = read_first_line(format, "eaf")?;
        } else if let Some(millis) = line.strip_prefix(SHIFT) {
            shift = millis.trim().parse().ok().and_then(bounds::from_millis).map_or(shift, |time| time - Instant::ZERO);
        } else {
            preamble.read(line, position, report);
        }
    }
    Ok((preamble, shift))
}

fn scheme_of(preamble: &Preamble, schemes: Schemes, report: &mut Report) -> Option<Scheme> {
    if let Some(given) = schemes.given {
        return Some(given.clone());
    }
    let (name, version) = preamble.scheme.as_ref()?;
    let known = schemes.find(name, version);
    if known.is_none() {
        let message = format!(
            "the scheme {} {} is not built in: one is made from the tiers; give its file with --scheme FILE",
            shown(name),
            shown(version)
        );
        report.guessed(Position::Whole, message);
    }
    known.cloned()
}

/// The times of annotations, and what child tiers say about them.
pub(super) struct Annotations<'a> {
    spans: HashMap<&'a str, (Instant, Instant)>,
    remarks: HashMap<&'a str, Remark>,
}

#[derive(Default)]
struct Remark {
    note: String,
    certainty: Certainty,
}

impl<'a> Annotations<'a> {
    fn new(document: &'a Document, is_ours: bool, shift: Length, report: &mut Report) -> Self {
        let mut spans = HashMap::new();
        for tier in &document.tiers {
            for (annotation, span) in tier.aligned.iter().zip(times(tier, document, report)) {
                if let Some((start, end)) = span {
                    spans.insert(annotation.id.as_str(), (start - shift, end - shift));
                }
            }
        }
        let mut annotations = Self { spans, remarks: HashMap::new() };
        let ids: HashSet<&str> =
            document.tiers.iter().flat_map(|tier| &tier.aligned).map(|annotation| annotation.id.as_str()).collect();
        for tier in document.tiers.iter().filter(|tier| !tier.references.is_empty()) {
            annotations.read_remarks(tier, document, &ids, is_ours, report);
        }
        annotations
    }

    /// What is associated with an annotation one to one is a note to it; any other reference has no place here.
    fn read_remarks(
        &mut self,
        tier: &'a Tier,
        document: &Document,
        ids: &HashSet<&str>,
        is_ours: bool,
        report: &mut Report,
    ) {
        let is_association =
            document.types.get(&tier.type_ref).is_some_and(|kind| kind.constraint == "Symbolic_Association");
        let (mut n_kept, mut n_lost) = (0, 0);
        for reference in &tier.references {
            if !is_association || !ids.contains(reference.to.as_str()) {
                n_lost += 1;
                continue;
            }
            n_kept += 1;
            let remark = self.remarks.entry(&reference.to).or_default();
            match tier.type_ref.as_str() {
                NOTE_TYPE if is_ours => remark.note.push_str(&reference.value),
                CERTAINTY_TYPE if is_ours && reference.value == UNCERTAIN => remark.certainty = Certainty::Uncertain,
                _ => {
                    let separator = if remark.note.is_empty() { "" } else { "\n" };
                    remark.note.extend([separator, &tier.id, ": ", &reference.value]);
                }
            }
        }
        let is_remark = is_ours && matches!(tier.type_ref.as_str(), NOTE_TYPE | CERTAINTY_TYPE);
        if n_kept > 0 && !is_remark {
            report.noted(
                position(tier),
                format!(
                    "kept as notes to those that they refer to, without a time of their own: {}",
                    counted(n_kept, "annotation")
                ),
            );
        }
        if n_lost > 0 {
            report.lost(
                position(tier),
                format!("without a time of their own, as parts or notes of others: {}", counted(n_lost, "annotation")),
            );
        }
    }

    /// The row of an annotation, as a state, or a moment where `kind` says so and it is no longer than one.
    pub(super) fn row(
        &self,
        annotation: &Aligned,
        track: &TrackKey,
        kind: ChannelKind,
        report: &mut Report,
    ) -> Option<Row> {
        let position = Position::Element(format!("annotation {}", annotation.id));
        let (start, end) = *self.spans.get(annotation.id.as_str())?;
        let when = match Span::new(start, end) {
            _ if kind == ChannelKind::Point && end - start <= Length::from_millis(POINT_MILLIS) && start <= end => {
                When::Point(start)
            }
            Ok(span) => When::State { span, open: false },
            Err(_) if start == end => {
                report.guessed(position.clone(), format!("it has no length: taken as one millisecond from {start} on"));
                When::State { span: Span::new(start, start + Length::from_millis(1)).ok()?, open: false }
            }
            Err(_) => {
                report.lost(position, format!("it ends at {end}, before it starts at {start}"));
                return None;
            }
        };
        let (note, certainty) = self
            .remarks
            .get(annotation.id.as_str())
            .map(|remark| (remark.note.clone(), remark.certainty))
            .unwrap_or_default();
        let code = match annotation.value.trim() {
            "" => "(empty)".to_owned(),
            value => value.to_owned(),
        };
        Some(Row { position, track: track.clone(), code, when, certainty, note })
    }

    /// Is every annotation of a tier as short as a moment, and is there one?
    pub(super) fn are_moments(&self, tier: &Tier) -> bool {
        let is_moment = |annotation: &Aligned| {
            let span = self.spans.get(annotation.id.as_str());
            span.is_none_or(|(start, end)| *end - *start <= Length::from_millis(POINT_MILLIS))
        };
        !tier.aligned.is_empty() && tier.aligned.iter().all(is_moment)
    }
}

pub(super) fn position(tier: &Tier) -> Position {
    Position::Element(format!("tier {}", shown(&tier.id)))
}

/// The times of a tier's annotations; those of slots without a time lie evenly between their neighbours, as ELAN shows them.
fn times(tier: &Tier, document: &Document, report: &mut Report) -> Vec<Option<(Instant, Instant)>> {
    let between = between(tier, document);
    let time = |slot: &str| document.time_of(slot).or_else(|| between.get(slot).copied());
    let (mut n_spread, mut n_lost) = (0, 0);
    let times = tier.aligned.iter().map(|annotation| {
        let (start, end) = (&annotation.slots.0, &annotation.slots.1);
        let span = time(start).zip(time(end));
        n_lost += usize::from(span.is_none());
        n_spread +=
            usize::from(span.is_some() && (document.time_of(start).is_none() || document.time_of(end).is_none()));
        span
    });
    let times = times.collect();
    if n_spread > 0 {
        report.guessed(
            position(tier),
            format!(
                "{} whose start or end has no time, spread evenly between the neighbours",
                counted(n_spread, "annotation")
            ),
        );
    }
    if n_lost > 0 {
        report.lost(
            position(tier),
            format!("{} without a time, and without neighbours that have one", counted(n_lost, "annotation")),
        );
    }
    times
}

/// ```text
/// t=100  ?    ?   t=400        a chain of annotations that share slots
///   [--a1|--a2|--a3)           becomes 100 200 300 400
/// ```
fn between<'a>(tier: &'a Tier, document: &Document) -> HashMap<&'a str, Instant> {
    let mut from: HashMap<&str, &Aligned> = HashMap::new();
    for annotation in tier.aligned.iter().filter(|annotation| document.time_of(&annotation.slots.0).is_none()) {
        from.insert(&annotation.slots.0, annotation);
    }
    let mut between = HashMap::new();
    for first in &tier.aligned {
        let Some(start) = document.time_of(&first.slots.0) else {
            continue;
        };
        let mut slots: Vec<&str> = Vec::new();
        let mut slot = first.slots.1.as_str();
        while document.time_of(slot).is_none() {
            slots.push(slot);
            let Some(next) = from.remove(slot) else {
                break; // the chain ends without a time; each annotation is taken once, so it ends
            };
            slot = &next.slots.1;
        }
        let Some(end) = document.time_of(slot) else {
            continue;
        };
        let n_parts = slots.len() as i128 + 1;
        for (part, slot) in (1..).zip(slots) {
            let since = i128::from((end - start).micros()) * part / n_parts;
            between.insert(slot, start + Length::from_micros(since as i64));
        }
    }
    between
}

fn rows_of_scheme(
    document: &Document,
    scheme: &Scheme,
    annotations: &Annotations,
    is_ours: bool,
    report: &mut Report,
) -> Vec<Row> {
    let mut rows = Vec::new();
    for tier in &document.tiers {
        if is_ours && matches!(tier.type_ref.as_str(), EPISODE_TYPE | EXCLUDED_TYPE) {
            continue;
        }
        let Some(channel) = track_in(scheme, tier).and_then(|track| scheme.channel(&track)) else {
            if !tier.aligned.is_empty() {
                let message = format!(
                    "no channel of the scheme {} {} is like it: {} left out",
                    scheme.name,
                    scheme.version,
                    counted(tier.aligned.len(), "annotation")
                );
                report.lost(position(tier), message);
            }
            continue;
        };
        let track = channel.track();
        rows.extend(
            tier.aligned.iter().filter_map(|annotation| annotations.row(annotation, &track, channel.kind, report)),
        );
    }
    rows
}

/// The track that a tier's type or its own name says, or its participant with either.
fn track_in(scheme: &Scheme, tier: &Tier) -> Option<TrackKey> {
    let named = [&tier.type_ref, &tier.id].into_iter().filter_map(|name| name.parse().ok());
    let of_participant = [&tier.type_ref, &tier.id].into_iter().map(|name| TrackKey::new(&tier.participant, name));
    named.chain(of_participant).find(|track| scheme.channel(track).is_some())
}

/// Episodes as the tier has them. One that is as it was written keeps its exact times and its kind.
fn read_episodes(document: &Document, annotations: &Annotations, preamble: &mut Preamble, report: &mut Report) {
    let written = std::mem::take(&mut preamble.episodes).into_iter();
    let mut written: BTreeMap<_, _> =
        written.map(|episode| ((in_millis(episode.span), episode.name.clone()), episode)).collect();
    for (name, span, position) in spans_of_type(EPISODE_TYPE, document, annotations) {
        let episode = written.remove(&(in_millis(span), name.clone())).unwrap_or_else(|| {
            report.noted(
                position,
                format!("the episode {} is new or was changed: its kind is that of its name", shown(&name)),
            );
            let kind = EpisodeKind::of_name(&name);
            Episode::new(EpisodeId(0), name, kind, span)
        });
        preamble.episodes.push(episode);
    }
    for (_, name) in written.into_keys() {
        report.noted(
            Position::Whole,
            format!("the episode {} was changed or taken out since it was written", shown(&name)),
        );
    }
}

fn read_excluded(document: &Document, annotations: &Annotations, preamble: &mut Preamble, report: &mut Report) {
    let written = std::mem::take(&mut preamble.excluded).into_iter();
    let mut written: BTreeMap<_, _> =
        written.map(|excluded| ((in_millis(excluded.span), excluded.reason.clone()), excluded)).collect();
    for (reason, span, _) in spans_of_type(EXCLUDED_TYPE, document, annotations) {
        let same = written.remove(&(in_millis(span), reason.clone()));
        preamble.excluded.push(same.unwrap_or_else(|| Excluded {
            id: ExcludedId(0),
            span,
            reason,
            extra: Extra::new(),
        }));
    }
    for excluded in written.into_values() {
        let message =
            format!("the excluded time from {} was changed or taken out since it was written", excluded.span.start());
        report.noted(Position::Whole, message);
    }
}

fn spans_of_type<'a>(
    kind: &'a str,
    document: &'a Document,
    annotations: &'a Annotations,
) -> impl Iterator<Item = (String, Span, Position)> + 'a {
    let tiers = document.tiers.iter().filter(move |tier| tier.type_ref == kind);
    tiers.flat_map(|tier| &tier.aligned).filter_map(|annotation| {
        let (start, end) = *annotations.spans.get(annotation.id.as_str())?;
        let position = Position::Element(format!("annotation {}", annotation.id));
        Some((annotation.value.clone(), Span::new(start, end).ok()?, position))
    })
}

fn in_millis(span: Span) -> (i64, i64) {
    (super::millis(span.start()), super::millis(span.end()))
}

/// The annotator where all tiers have the same, else the author.
fn coder_of(document: &Document, report: &mut Report) -> String {
    let mut annotators: Vec<&str> =
        document.tiers.iter().map(|tier| tier.annotator.trim()).filter(|name| !name.is_empty()).collect();
    annotators.sort_unstable();
    annotators.dedup();
    if annotators.len() > 1 {
        let names = annotators.iter().take(10).copied().collect::<Vec<_>>().join(", ");
        report.guessed(
            Position::Whole,
            format!("the tiers are by several annotators ({names}): all are read into one session"),
        );
    }
    match (annotators.as_slice(), document.author.trim()) {
        ([one], _) => (*one).to_owned(),
        (_, "") => "unknown".to_owned(),
        (_, author) => author.to_owned(),
    }
}

/// A file beside the document where that is said, else where it was.
fn medium(media: &Media, id: MediumId) -> Option<Medium> {
    let path = if media.relative.is_empty() { &media.url } else { &media.relative };
    let path = path.strip_prefix("file://").unwrap_or(path);
    let path = path.strip_prefix("./").unwrap_or(path);
    let path = unescaped(path);
    let has_drive = path.starts_with('/') && path.as_bytes().get(2) == Some(&b':');
    let path = if has_drive { path[1..].to_owned() } else { path };
    let offset =
        bounds::from_millis(media.origin_millis.checked_neg()?).map_or(Length::ZERO, |time| time - Instant::ZERO);
    (!path.is_empty()).then(|| Medium { offset, ..Medium::new(id, path) })
}

/// `%20` becomes a blank.
fn unescaped(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape =
            bytes.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        match escape {
            Some(byte) if bytes[at] == b'%' => {
                out.push(byte);
                at += 3;
            }
            _ => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
