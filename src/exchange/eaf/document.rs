//! What stands in an ELAN document, element by element, before anything is made of it.

use std::collections::{BTreeMap, HashMap};

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;
use span::Instant;

use crate::report::shown;
use crate::{ExchangeError, Position, Report, bounds};

/// Elements lie at most this deep in each other; the schema needs 5.
const DEEPEST: usize = 32;
/// Tiers beyond these are not read: each is compared with the others.
const MOST_TIERS: usize = 1_000;

/// The parts of an ELAN document that Attune has a place for.
#[derive(Default)]
pub(super) struct Document {
    pub(super) author: String,
    units: Units,
    pub(super) media: Vec<Media>,
    pub(super) properties: Vec<(String, String)>,
    slots: HashMap<String, Option<i64>>,
    pub(super) tiers: Vec<Tier>,
    pub(super) types: HashMap<String, Type>,
    pub(super) vocabularies: HashMap<String, Vec<Entry>>,
    /// Elements that there is no place for, with their number.
    pub(super) unread: BTreeMap<String, usize>,
}

#[derive(Clone, Copy, Default)]
enum Units {
    #[default]
    Milliseconds,
    NtscFrames,
    PalFrames,
}

#[derive(Default)]
pub(super) struct Media {
    pub(super) url: String,
    pub(super) relative: String,
    /// Annotation time 0 lies this many milliseconds into the file.
    pub(super) origin_millis: i64,
}

#[derive(Default)]
pub(super) struct Tier {
    pub(super) id: String,
    pub(super) type_ref: String,
    pub(super) participant: String,
    pub(super) annotator: String,
    pub(super) aligned: Vec<Aligned>,
    pub(super) references: Vec<Reference>,
}

/// An annotation with times of its own.
#[derive(Default)]
pub(super) struct Aligned {
    pub(super) id: String,
    pub(super) slots: (String, String),
    pub(super) value: String,
}

/// An annotation that has the time of another.
#[derive(Default)]
pub(super) struct Reference {
    pub(super) to: String,
    pub(super) value: String,
}

#[derive(Default)]
pub(super) struct Type {
    pub(super) constraint: String,
    pub(super) vocabulary: String,
}

/// An entry of a controlled vocabulary: the first of its languages.
#[derive(Default)]
pub(super) struct Entry {
    pub(super) value: String,
    pub(super) description: String,
}

impl Document {
    pub(super) fn parse(text: &str, report: &mut Report) -> Result<Self, ExchangeError> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        let mut builder = Builder::default();
        loop {
            let event =
                reader.read_event().map_err(|error| xml_error(text, reader.error_position(), error.to_string()))?;
            let at = reader.buffer_position();
            match event {
                Event::Start(_) if builder.path.len() == DEEPEST => {
                    let message = format!("more than {DEEPEST} elements lie in each other: this is no ELAN document");
                    return Err(xml_error(text, at, message));
                }
                Event::Start(element) => builder.start(&element, report)?,
                Event::End(_) => builder.end(),
                Event::Text(part) => builder.text.push_str(&part.xml10_content()),
                Event::CData(part) => builder.text.push_str(&part.xml10_content()),
                Event::GeneralRef(part) => builder.reference(&part, || line_of(text, at), report),
                Event::Eof if builder.path.is_empty() && builder.has_root => return Ok(builder.document),
                Event::Eof if !builder.has_root => return Err(ExchangeError::NotElan(String::new())),
                Event::Eof => {
                    let open = builder.path.last().cloned().unwrap_or_default();
                    return Err(xml_error(
                        text,
                        at,
                        format!("the file ends inside <{open}>: it has been cut off, use a whole copy"),
                    ));
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Empty(_) => {}
            }
        }
    }

    /// The time of a slot, if it is there and has one; an error in words if the file's own time is none.
    pub(super) fn time_of(&self, slot: &str) -> Option<Instant> {
        let value = (*self.slots.get(slot)?)?;
        match self.units {
            Units::Milliseconds => bounds::from_millis(value),
            Units::NtscFrames => frames(value, 1_001_000_000, 30_000),
            Units::PalFrames => frames(value, 1_000_000, 25),
        }
    }
}

/// The moment of a frame, rounded once to the nearest microsecond: `number × micros / per`.
fn frames(number: i64, micros: i128, per: i128) -> Option<Instant> {
    let rounded = (i128::from(number) * micros * 2 + per).div_euclid(per * 2);
    let time = Instant::from_micros(i64::try_from(rounded).ok()?);
    bounds::is_time(time).then_some(time)
}

fn xml_error(text: &str, at: u64, message: String) -> ExchangeError {
    ExchangeError::Xml { line: line_of(text, at), message }
}

fn line_of(text: &str, at: u64) -> u64 {
    let before = &text.as_bytes()[..text.len().min(at as usize)];
    before.split(|byte| *byte == b'\n').count() as u64
}

/// Takes in the document, one event after the other.
#[derive(Default)]
struct Builder {
    document: Document,
    path: Vec<String>,
    has_root: bool,
    text: String,
    name: String,
    entries: Vec<Entry>,
    vocabulary: String,
    /// The entry's first language has been read.
    has_value: bool,
    n_tiers: usize,
}

impl Builder {
    fn start(&mut self, element: &BytesStart, report: &mut Report) -> Result<(), ExchangeError> {
        let name = element.name().as_ref().to_owned();
        if self.path.is_empty() {
            if name != "ANNOTATION_DOCUMENT" {
                return Err(ExchangeError::NotElan(name.chars().take(60).collect()));
            }
            self.has_root = true;
        }
        self.text.clear();
        let attributes = Attributes::of(element);
        match name.as_str() {
            "ANNOTATION_DOCUMENT" => self.document.author = attributes.get("AUTHOR"),
            "HEADER" => self.document.units = units(&attributes.get("TIME_UNITS"), report),
            "MEDIA_DESCRIPTOR" => self.document.media.push(Media {
                url: attributes.get("MEDIA_URL"),
                relative: attributes.get("RELATIVE_MEDIA_URL"),
                origin_millis: attributes.get("TIME_ORIGIN").trim().parse().unwrap_or(0),
            }),
            "PROPERTY" => self.name = attributes.get("NAME"),
            "TIME_SLOT" => self.slot(&attributes, report),
            "TIER" => self.tier(&attributes, report),
            "ALIGNABLE_ANNOTATION" | "REF_ANNOTATION" => self.annotation(&name, &attributes),
            "LINGUISTIC_TYPE" => {
                let kind = Type {
                    constraint: attributes.get("CONSTRAINTS"),
                    vocabulary: attributes.get("CONTROLLED_VOCABULARY_REF"),
                };
                self.document.types.insert(attributes.get("LINGUISTIC_TYPE_ID"), kind);
            }
            "CONTROLLED_VOCABULARY" => self.vocabulary = attributes.get("CV_ID"),
            "CV_ENTRY_ML" => {
                self.entries.push(Entry::default());
                self.has_value = false;
            }
            "CV_ENTRY" | "CVE_VALUE" => {
                if name == "CV_ENTRY" {
                    self.entries.push(Entry::default());
                    self.has_value = false;
                }
                if let Some(entry) = self.entries.last_mut().filter(|_| !self.has_value) {
                    entry.description = attributes.get("DESCRIPTION");
                }
            }
            "LINKED_FILE_DESCRIPTOR" | "LEXICON_REF" | "REF_LINK_SET" | "EXTERNAL_REF" | "LICENSE" => {
                *self.document.unread.entry(name.clone()).or_default() += 1;
            }
            _ => {}
        }
        self.path.push(name);
        Ok(())
    }

    fn slot(&mut self, attributes: &Attributes, report: &mut Report) {
        let id = attributes.get("TIME_SLOT_ID");
        let value = attributes.get("TIME_VALUE");
        let time = value.trim().parse::<i64>().ok();
        if time.is_none() && !value.is_empty() {
            report
                .lost(Position::Element(format!("time slot {}", shown(&id))), format!("{} is no time", shown(&value)));
        }
        self.document.slots.insert(id, time);
    }

    fn tier(&mut self, attributes: &Attributes, report: &mut Report) {
        let id = attributes.get("TIER_ID");
        self.n_tiers += 1;
        if self.n_tiers == MOST_TIERS + 1 {
            report.lost(
                Position::Element(format!("tier {}", shown(&id))),
                format!("this and further tiers are not read: more than {MOST_TIERS}"),
            );
        }
        self.document.tiers.push(Tier {
            id,
            type_ref: attributes.get("LINGUISTIC_TYPE_REF"),
            participant: attributes.get("PARTICIPANT"),
            annotator: attributes.get("ANNOTATOR"),
            ..Tier::default()
        });
    }

    fn annotation(&mut self, kind: &str, attributes: &Attributes) {
        let Some(tier) = self.document.tiers.last_mut() else {
            return;
        };
        if kind == "REF_ANNOTATION" {
            tier.references.push(Reference { to: attributes.get("ANNOTATION_REF"), value: String::new() });
        } else {
            let slots = (attributes.get("TIME_SLOT_REF1"), attributes.get("TIME_SLOT_REF2"));
            tier.aligned.push(Aligned { id: attributes.get("ANNOTATION_ID"), slots, value: String::new() });
        }
    }

    fn end(&mut self) {
        let Some(name) = self.path.pop() else {
            return;
        };
        let text = std::mem::take(&mut self.text);
        match name.as_str() {
            "PROPERTY" => self.document.properties.push((std::mem::take(&mut self.name), text)),
            "ANNOTATION_VALUE" => self.value(text),
            "CVE_VALUE" | "CV_ENTRY" => {
                if let Some(entry) = self.entries.last_mut().filter(|_| !self.has_value) {
                    entry.value = text;
                    self.has_value = true;
                }
            }
            "CONTROLLED_VOCABULARY" => {
                let entries = std::mem::take(&mut self.entries);
                self.document.vocabularies.insert(std::mem::take(&mut self.vocabulary), entries);
            }
            "TIER" if self.n_tiers > MOST_TIERS => {
                self.document.tiers.pop();
            }
            _ => {}
        }
    }

    fn value(&mut self, text: String) {
        let Some(tier) = self.document.tiers.last_mut() else {
            return;
        };
        match self.path.last().map(String::as_str) {
            Some("ALIGNABLE_ANNOTATION") => tier.aligned.last_mut().map(|annotation| annotation.value = text),
            Some("REF_ANNOTATION") => tier.references.last_mut().map(|annotation| annotation.value = text),
            _ => None,
        };
    }

    fn reference(&mut self, reference: &BytesRef, line: impl Fn() -> u64, report: &mut Report) {
        let character = reference.resolve_char_ref().ok().flatten();
        if let Some(character) = character {
            self.text.push(character);
        } else if let Some(text) = resolve_predefined_entity(reference) {
            self.text.push_str(text);
        } else {
            report.lost(Position::Line(line()), format!("the entity {} is not known", shown(reference)));
        }
    }
}

fn units(name: &str, report: &mut Report) -> Units {
    match name {
        "NTSC-frames" => Units::NtscFrames,
        "PAL-frames" => Units::PalFrames,
        "" | "milliseconds" => Units::Milliseconds,
        other => {
            report.guessed(
                Position::Element("header".to_owned()),
                format!("times in {} are taken as milliseconds", shown(other)),
            );
            Units::Milliseconds
        }
    }
}

/// The attributes of an element; those that cannot be read are as if they were not there.
struct Attributes(Vec<(String, String)>);

impl Attributes {
    fn of(element: &BytesStart) -> Self {
        let mut attributes = element.attributes();
        attributes.with_checks(false); // comparing each with each is quadratic
        let read = attributes.flatten().take(64).filter_map(|attribute| {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
            Some((attribute.key.as_ref().to_owned(), value.into_owned()))
        });
        Self(read.collect())
    }

    /// The value of an attribute; empty where it is not there.
    fn get(&self, name: &str) -> String {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }
}
