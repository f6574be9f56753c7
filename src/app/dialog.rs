//! The dialogs and what is typed into them. A form is the person's draft: it changes nothing until it is accepted.

use std::path::PathBuf;

use session::marking::{Marks, Setup};
use session::{
    Episode, EpisodeId, EpisodeKind, Field, Mark, MarkId, Medium, MediumId, Role, Scheme, Session, TrackKey,
};
use span::{Instant, Length, Span};

use crate::command::NewSession;
use crate::preferences::Preferences;
use crate::rate_text::{rate_of, rate_text};
use crate::state::Asked;

/// The dialog that is open.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    /// The assistant for a new session.
    New(Box<NewSession>),
    /// Go to a time or a frame.
    GoTo {
        /// What was typed.
        text: String,
    },
    /// A mark's note.
    Note {
        /// The mark.
        mark: MarkId,
        /// What was typed.
        text: String,
    },
    /// An episode's name, kind and times.
    Episode(EpisodeForm),
    /// Episodes that follow each other.
    Lengths {
        /// Where the first begins.
        start: Instant,
        /// A line each: name and length.
        text: String,
    },
    /// A stretch that is left out.
    Exclude {
        /// What was typed as its start.
        start: String,
        /// What was typed as its end.
        end: String,
        /// Why.
        reason: String,
    },
    /// What the session is of: names, media and where they lie, which of them each track is coded from.
    Setup(Box<SetupForm>),
    /// Theme, scale, time format, reaction time, folders.
    Preferences(Box<PreferencesForm>),
    /// Help > Keys.
    Keys,
    /// Versions and licences.
    About,
    /// What each score means.
    Definitions,
    /// All that there is to say of an export, an import or the videos.
    Remarks(Vec<String>),
    /// Earlier saves of this session.
    Earlier(Vec<EarlierSave>),
    /// The session belongs to another coder.
    OtherCoder {
        /// Whom.
        coder: String,
    },
    /// A path, where the desktop has no file dialogs.
    Path {
        /// What it is for.
        title: &'static str,
        /// Who asked.
        asked: Asked,
        /// What was typed.
        text: String,
    },
    /// The file that was found for a medium is not the one that was coded.
    OtherFile {
        /// The medium.
        id: MediumId,
        /// The file.
        path: PathBuf,
    },
    /// A session's file is damaged.
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// The program stopped unexpectedly last time.
    Crashed {
        /// Where the report is.
        report: PathBuf,
        /// What was open then, where that is known and still there.
        session: Option<PathBuf>,
    },
    /// The journal did not fit the file; what could be saved can be opened as a copy.
    Recovered {
        /// What is known of it.
        message: String,
    },
}

/// An earlier save, as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierSave {
    /// When it was made, and how large it is.
    pub label: String,
    /// Where it is.
    pub path: PathBuf,
}

/// An episode's name, kind and times.
#[derive(Clone, Debug, PartialEq)]
pub struct EpisodeForm {
    /// The episode; `None` makes a new one.
    pub id: Option<EpisodeId>,
    /// Its name.
    pub name: String,
    /// What the partners were asked to do.
    pub kind: EpisodeKind,
    /// What was typed as its start.
    pub start: String,
    /// What was typed as its end.
    pub end: String,
}

impl EpisodeForm {
    /// The stretch that was typed, or what is wrong with it.
    ///
    /// # Errors
    /// A sentence for the person.
    pub fn span(&self) -> Result<Span, String> {
        span_of(&self.start, &self.end)
    }
}

/// What the session is of, as it is typed.
#[derive(Clone, Debug, PartialEq)]
pub struct SetupForm {
    /// What people call it.
    pub name: String,
    /// What its coding is for.
    pub role: Role,
    /// A note to the whole of it.
    pub note: String,
    /// What this study calls the subjects, by their keys.
    pub subject_names: Vec<(String, String)>,
    /// The media, with what was typed of each.
    pub media: Vec<MediumForm>,
    /// The medium that each track is coded from.
    pub coded_from: Vec<(TrackKey, MediumId)>,
    /// What becomes of the marks coded from a medium that moves.
    pub marks: Marks,
    /// The medium whose sound is being compared, and how much of that is done, in percent.
    pub listening: Option<(MediumId, u32)>,
    /// What came of the last comparison.
    pub heard: Option<(MediumId, String)>,
}

/// A medium of the session, as it is typed.
#[derive(Clone, Debug, PartialEq)]
pub struct MediumForm {
    /// The medium, with the clip that it goes on with.
    pub medium: Medium,
    /// What was typed as the session time of its beginning, in seconds.
    pub offset: String,
    /// What was typed as its rate.
    pub rate: String,
    /// It goes out of the session.
    pub is_removed: bool,
}

impl From<Medium> for MediumForm {
    fn from(medium: Medium) -> Self {
        let (offset, rate) = (medium.offset.to_secs_text(), rate_text(medium.rate));
        Self { medium, offset, rate, is_removed: false }
    }
}

impl MediumForm {
    /// The medium as it was typed.
    ///
    /// # Errors
    /// A sentence for the person.
    pub fn typed(&self) -> Result<Medium, String> {
        let (offset, rate) = (time_of(&self.offset)? - Instant::ZERO, rate_of(&self.rate)?);
        Ok(Medium { label: self.medium.label.trim().to_owned(), offset, rate, ..self.medium.clone() })
    }
}

impl SetupForm {
    fn of(session: &Session) -> Self {
        let named = |subject: &session::Subject| (subject.key.clone(), session.subject_name(&subject.key).to_owned());
        let setup = Setup::of(session);
        Self {
            name: session.name.clone(),
            role: session.role,
            note: session.note.clone(),
            subject_names: session.scheme.people().map(named).collect(),
            media: setup.media.into_iter().map(MediumForm::from).collect(),
            coded_from: setup.coded_from,
            marks: Marks::Move,
            listening: None,
            heard: None,
        }
    }

    /// What is said with it.
    ///
    /// # Errors
    /// A sentence for the person.
    pub fn setup(&self, session: &Session) -> Result<Setup, String> {
        if self.name.trim().is_empty() {
            return Err("a session has a name".to_owned());
        }
        let mut fields = vec![
            Field::Name(self.name.trim().to_owned()),
            Field::Role(self.role),
            Field::Note(self.note.trim().to_owned()),
        ];
        for (key, name) in &self.subject_names {
            let label = session.scheme.subject(key).map_or("", |subject| subject.label.as_str());
            let name = Some(name.trim()).filter(|name| !name.is_empty() && *name != label).map(ToOwned::to_owned);
            fields.push(Field::SubjectName { subject: key.clone(), name });
        }
        let (removed, stay): (Vec<_>, Vec<_>) = self.media.iter().partition(|form| form.is_removed);
        let media = stay.into_iter().map(MediumForm::typed).collect::<Result<_, String>>()?;
        let removed: Vec<MediumId> = removed.into_iter().map(|form| form.medium.id).collect();
        let coded_from = self.coded_from.iter().filter(|(_, medium)| !removed.contains(medium)).cloned().collect();
        Ok(Setup { fields, media, removed, coded_from })
    }
}

/// No recording is longer, and no sum of typed times leaves the clock.
const LONGEST: Length = Length::SECOND.times(1_000 * 3_600);

/// Reads a time, or an offset, within a thousand hours.
///
/// # Errors
/// A sentence for the person.
pub fn time_of(text: &str) -> Result<Instant, String> {
    let time = text.parse::<Instant>().map_err(|error| error.to_string())?;
    if (time - Instant::ZERO).abs() <= LONGEST {
        Ok(time)
    } else {
        Err(format!("'{text}' is more than a thousand hours"))
    }
}

/// Reads a stretch as two times.
///
/// # Errors
/// A sentence for the person.
pub fn span_of(start: &str, end: &str) -> Result<Span, String> {
    Span::new(time_of(start)?, time_of(end)?).map_err(|error| error.to_string())
}

/// Reads a line each of a name and a length: `play 2:00`.
///
/// # Errors
/// A sentence for the person, naming the line.
pub fn lengths_of(text: &str) -> Result<Vec<(String, Length)>, String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let lengths = lines.map(|line| {
        let (name, length) =
            line.rsplit_once(char::is_whitespace).ok_or(format!("'{line}' needs a name and a length: play 2:00"))?;
        let length = time_of(length)? - Instant::ZERO;
        if length <= Length::ZERO {
            return Err(format!("'{line}': an episode has some length"));
        }
        Ok((name.trim().to_owned(), length))
    });
    let lengths: Vec<_> = lengths.collect::<Result<_, _>>()?;
    if lengths.is_empty() { Err("write a name and a length on each line: play 2:00".to_owned()) } else { Ok(lengths) }
}

/// What the preferences are to become.
#[derive(Clone, Debug, PartialEq)]
pub struct PreferencesForm {
    /// All of them.
    pub preferences: Preferences,
    /// What was typed as the reaction time, in milliseconds.
    pub reaction_ms: String,
    /// What was typed as the length of a jump, in seconds.
    pub jump_s: String,
}

impl Dialog {
    /// The assistant, with what is known already.
    #[must_use]
    pub fn new_session(preferences: &Preferences) -> Self {
        Self::New(Box::new(NewSession {
            scheme: Scheme::built_in().first().map(|scheme| scheme.name.clone()).unwrap_or_default(),
            coder: preferences.coder.clone(),
            ..NewSession::default()
        }))
    }

    /// The note of a mark.
    #[must_use]
    pub fn note(mark: &Mark) -> Self {
        Self::Note { mark: mark.id, text: mark.note.clone() }
    }

    /// An episode that is there.
    #[must_use]
    pub fn episode(session: &Session, id: EpisodeId) -> Self {
        let episode = session.episodes.iter().find(|episode| episode.id == id);
        Self::Episode(episode.map_or_else(
            || EpisodeForm {
                id: None,
                name: String::new(),
                kind: EpisodeKind::Other,
                start: String::new(),
                end: String::new(),
            },
            form_of,
        ))
    }

    /// A new episode over a stretch, with the next name that the still-face paradigm would give it.
    #[must_use]
    pub fn new_episode(session: &Session, span: Span, kind: EpisodeKind) -> Self {
        const NEXT: [(&str, EpisodeKind); 3] =
            [("play", EpisodeKind::Play), ("still-face", EpisodeKind::StillFace), ("reunion", EpisodeKind::Reunion)];
        let (name, kind) = match (kind, NEXT.get(session.episodes.len())) {
            (EpisodeKind::Other, Some((name, kind))) => ((*name).to_owned(), *kind),
            _ => (format!("episode {}", session.episodes.len() + 1), kind),
        };
        let (start, end) = (span.start().to_secs_text(), span.end().to_secs_text());
        Self::Episode(EpisodeForm { id: None, name, kind, start, end })
    }

    /// Episodes from a list of lengths, beginning at a moment.
    #[must_use]
    pub fn lengths(start: Instant) -> Self {
        Self::Lengths { start, text: "play 2:00\nstill-face 2:00\nreunion 2:00".to_owned() }
    }

    /// A stretch to be left out, beginning at a moment.
    #[must_use]
    pub fn exclude(at: Instant, whole: Span) -> Self {
        let (start, end) = (at.to_secs_text(), (at + Length::SECOND).min(whole.end()).to_secs_text());
        Self::Exclude { start, end, reason: String::new() }
    }

    /// What the session is of.
    #[must_use]
    pub fn setup(session: &Session) -> Self {
        Self::Setup(Box::new(SetupForm::of(session)))
    }

    /// The preferences as they are.
    #[must_use]
    pub fn preferences(preferences: &Preferences) -> Self {
        Self::Preferences(Box::new(PreferencesForm {
            reaction_ms: (preferences.reaction.micros() / 1_000).to_string(),
            jump_s: preferences.jump.to_secs_text(),
            preferences: preferences.clone(),
        }))
    }
}

fn form_of(episode: &Episode) -> EpisodeForm {
    EpisodeForm {
        id: Some(episode.id),
        name: episode.name.clone(),
        kind: episode.kind,
        start: episode.span.start().to_secs_text(),
        end: episode.span.end().to_secs_text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_line_by_line() {
        let expected =
            vec![("still face".to_owned(), Length::SECOND.times(90)), ("play".to_owned(), Length::SECOND.times(120))];
        assert_eq!(lengths_of("still face 1:30\n\n play  2:00 "), Ok(expected));
    }

    #[test]
    fn a_line_without_a_length_is_named() {
        assert!(lengths_of("play").is_err_and(|error| error.contains("'play'")));
        assert!(lengths_of("play 0").is_err_and(|error| error.contains("some length")));
        assert!(lengths_of("").is_err());
    }

    #[test]
    fn a_stretch_must_end_after_it_begins() {
        assert!(span_of("0", "9000000000000").is_err_and(|error| error.contains("thousand hours")));
        assert!(span_of("2", "1").is_err());
        assert_eq!(span_of("1", "0:02.5"), Ok(Span::from_micros(1_000_000, 2_500_000).expect("positive")));
    }
}
