//! Which scheme a file is coded with: the one given, the one it names, or one that fits.

use session::{Channel, ChannelKind, Code, Scheme, Subject, TrackKey};

/// The schemes that a reader may take.
#[derive(Clone, Copy, Debug, Default)]
pub struct Schemes<'a> {
    /// Given by the person (`--scheme FILE`): taken whatever the file says.
    pub given: Option<&'a Scheme>,
    /// Known by name and version: the built-in ones.
    pub known: &'a [Scheme],
}

impl<'a> Schemes<'a> {
    /// The known scheme of this name and version.
    #[must_use]
    pub fn find(self, name: &str, version: &str) -> Option<&'a Scheme> {
        self.known.iter().find(|scheme| scheme.name == name && scheme.version == version)
    }

    /// The known scheme that has most of these codes, then of these tracks; of equals the first. `None` where none has any.
    pub(crate) fn fitting<'b>(
        self,
        uses: &(impl Iterator<Item = (&'b TrackKey, &'b str)> + Clone),
    ) -> Option<&'a Scheme> {
        let n_fitting = |scheme: &Scheme| {
            let channels = uses.clone().filter_map(|(track, code)| Some((scheme.channel(track)?, code)));
            let n_codes = channels.clone().filter(|(channel, code)| channel.code(code).is_some()).count();
            (n_codes, channels.count())
        };
        let fits = self.known.iter().rev().map(|scheme| (n_fitting(scheme), scheme));
        fits.max_by_key(|(n_fitting, _)| *n_fitting)
            .filter(|((_, n_tracks), _)| *n_tracks > 0)
            .map(|(_, scheme)| scheme)
    }
}

/// The scheme of a file that brings none: made from the subjects, channels and codes found in it.
pub(crate) struct MadeScheme {
    scheme: Scheme,
}

impl MadeScheme {
    pub(crate) fn new(name: &str, label: &str, description: &str) -> Self {
        let scheme = Scheme {
            name: name.to_owned(),
            version: "1".to_owned(),
            label: label.to_owned(),
            description: description.to_owned(),
            subjects: Vec::new(),
            channels: Vec::new(),
            engagement: Vec::new(),
            relation: None,
            score_settings: serde_json::Map::new(),
            extra: session::Extra::new(),
        };
        Self { scheme }
    }

    /// A channel with these codes, each a key and what people call it; the subject comes along where it is new.
    pub(crate) fn channel(
        &mut self,
        track: &TrackKey,
        kind: ChannelKind,
        codes: impl Iterator<Item = (String, String)>,
    ) -> &mut Channel {
        if self.scheme.subject(&track.subject).is_none() {
            let key = track.subject.clone();
            self.scheme.subjects.push(Subject { label: capitalised(&key), key, extra: session::Extra::new() });
        }
        let codes = codes.enumerate().map(|(idx, (key, label))| code(idx, key, label)).collect();
        self.scheme.channels.push(Channel {
            subject: track.subject.clone(),
            key: track.channel.clone(),
            label: capitalised(&track.channel),
            kind,
            exclusive: kind == ChannelKind::State,
            exhaustive: false,
            hold: false,
            optional: false,
            codes,
            extra: session::Extra::new(),
        });
        self.scheme.channels.last_mut().expect("a channel was just added")
    }

    pub(crate) fn finish(self) -> Scheme {
        self.scheme
    }
}

/// Keys that a made scheme gives away; the window's own keys (J K L I O) are not among them.
const SHORTCUTS: &str = "1234567890qwertyuasdfghpzxcvbnm";

/// Colours that people who see no red or no green tell apart (Okabe and Ito 2008).
const COLOURS: [&str; 8] = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#7f7f7f"];

/// A code of a made scheme; `idx` chooses its shortcut and its colour.
pub(crate) fn code(idx: usize, key: String, label: String) -> Code {
    Code {
        key,
        label,
        shortcut: SHORTCUTS.chars().nth(idx),
        colour: COLOURS[idx % COLOURS.len()].to_owned(),
        value: None,
        missing: None,
        definition: String::new(),
        extra: session::Extra::new(),
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
