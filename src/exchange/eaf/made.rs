//! The scheme of an ELAN document that brings none: tiers become channels, vocabularies become codes.

use std::collections::HashSet;

use session::{ChannelKind, Scheme, TrackKey};
use span::Instant;

use super::document::{Document, Tier};
use super::read::{Annotations, position};
use super::{CERTAINTY_TYPE, EPISODE_TYPE, EXCLUDED_TYPE, NOTE_TYPE};
use crate::Report;
use crate::assemble::Row;
use crate::schemes::MadeScheme;

/// A tier without a vocabulary that has more different texts than this holds free text, not codes.
const MANY_CODES: usize = 40;
/// The one code of a tier of free text.
const FREE_TEXT: &str = "text";

pub(super) fn scheme_and_rows(
    document: &Document,
    annotations: &Annotations,
    is_ours: bool,
    report: &mut Report,
) -> (Scheme, Vec<Row>) {
    let mut scheme = MadeScheme::new(
        "elan",
        "From ELAN",
        "Made from the tiers and the controlled vocabularies of an ELAN document.",
    );
    let mut rows = Vec::new();
    let mut taken = HashSet::new();
    for tier in &document.tiers {
        if is_ours && matches!(tier.type_ref.as_str(), EPISODE_TYPE | EXCLUDED_TYPE | NOTE_TYPE | CERTAINTY_TYPE) {
            continue;
        }
        let entries = document.types.get(&tier.type_ref).and_then(|kind| document.vocabularies.get(&kind.vocabulary));
        let vocabulary: Vec<(String, String)> = entries
            .into_iter()
            .flatten()
            .filter(|entry| !entry.value.trim().is_empty())
            .map(|entry| (entry.value.trim().to_owned(), label_of(&entry.value, &entry.description)))
            .collect();
        if tier.aligned.is_empty() && vocabulary.is_empty() {
            if tier.references.is_empty() {
                report.noted(position(tier), "it is empty: left out");
            }
            continue;
        }
        let track = free_track(tier, &mut taken);
        let kind = if annotations.are_moments(tier) { ChannelKind::Point } else { ChannelKind::State };
        let mut of_tier: Vec<Row> =
            tier.aligned.iter().filter_map(|annotation| annotations.row(annotation, &track, kind, report)).collect();
        let codes = codes(tier, vocabulary, &mut of_tier, report);
        let channel = scheme.channel(&track, kind, codes.into_iter());
        if kind == ChannelKind::Point {
            report.guessed(position(tier), "all of its annotations are as short as a moment: read as moments");
        } else if overlap(&of_tier) {
            channel.exclusive = false;
            report.noted(position(tier), "some of its annotations overlap: several codes may be on at once");
        }
        rows.append(&mut of_tier);
    }
    (scheme.finish(), rows)
}

/// The vocabulary, then what was used besides; or one code for all of a tier of free text, whose texts become notes.
fn codes(
    tier: &Tier,
    vocabulary: Vec<(String, String)>,
    rows: &mut [Row],
    report: &mut Report,
) -> Vec<(String, String)> {
    let is_vocabulary = !vocabulary.is_empty();
    let mut known = HashSet::new();
    let mut codes: Vec<(String, String)> =
        vocabulary.into_iter().filter(|(key, _)| known.insert(key.clone())).collect();
    codes.extend(
        rows.iter().filter(|row| known.insert(row.code.clone())).map(|row| (row.code.clone(), row.code.clone())),
    );
    if is_vocabulary || codes.len() <= MANY_CODES {
        return codes;
    }
    report.guessed(
        position(tier),
        format!("it has {} different texts and no vocabulary: read as one code, the texts as notes", codes.len()),
    );
    for row in rows {
        let text = std::mem::replace(&mut row.code, FREE_TEXT.to_owned());
        row.note = if row.note.is_empty() { text } else { format!("{text}\n{}", row.note) };
    }
    vec![(FREE_TEXT.to_owned(), "Text".to_owned())]
}

fn label_of(value: &str, description: &str) -> String {
    if description.trim().is_empty() { value.trim().to_owned() } else { description.trim().to_owned() }
}

fn overlap(rows: &[Row]) -> bool {
    let mut spans: Vec<(Instant, Instant)> = rows.iter().map(|row| (row.when.start(), row.when.end())).collect();
    spans.sort_unstable();
    spans.windows(2).any(|pair| pair[1].0 < pair[0].1)
}

/// Whose tier it is, and what of them, under a name that no other tier has.
fn free_track(tier: &Tier, taken: &mut HashSet<TrackKey>) -> TrackKey {
    let (subject, channel) = subject_and_channel(tier);
    let subject = subject.replace('.', "_");
    let names = std::iter::once(channel.clone()).chain((2..).map(|number| format!("{channel}_{number}")));
    let mut tracks = names.map(|name| TrackKey::new(subject.clone(), name));
    let track = tracks.find(|track| !taken.contains(track)).expect("there are more numbers than tiers");
    taken.insert(track.clone());
    track
}

/// The participant and the tier's name; without a participant what `infant.gaze` and `gaze@infant` say.
fn subject_and_channel(tier: &Tier) -> (String, String) {
    let id = if tier.id.trim().is_empty() { "tier" } else { tier.id.trim() };
    let participant = tier.participant.trim();
    let parted = match (id.split_once('.'), id.rsplit_once('@')) {
        (Some((subject, channel)), _) | (None, Some((channel, subject)))
            if !subject.is_empty() && !channel.is_empty() =>
        {
            Some((subject, channel))
        }
        _ => None,
    };
    let (subject, channel) = match parted {
        Some((subject, channel)) if participant.is_empty() || participant == subject => (subject, channel),
        _ if !participant.is_empty() => (participant, id),
        _ if id.parse::<scoring::Subject>().is_ok() => (id, "code"),
        _ => ("all", id),
    };
    (subject.to_owned(), channel.to_owned())
}
