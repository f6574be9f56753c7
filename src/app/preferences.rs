//! What a person prefers, on this machine: kept in the user's configuration folder, apart from every session.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use session::{MediumId, SessionId};
use span::{Instant, Length};

use crate::look::Look;

/// What a person prefers, on this machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// Dark, light, or as the desktop is.
    pub theme: ThemeChoice,
    /// Size of everything, 1 as made.
    pub scale: f32,
    /// How the window writes moments of the session.
    pub time_format: TimeFormat,
    /// The pseudonym that new sessions get.
    pub coder: String,
    /// Subtracted from keys while playing forward; 0 until measured.
    #[serde(rename = "reaction_us")]
    pub reaction: Length,
    /// How far the jump keys go.
    #[serde(rename = "jump_us")]
    pub jump: Length,
    /// 0 to 1.
    pub volume: f32,
    /// Is the sound off?
    pub muted: bool,
    /// Where new sessions go, where one was chosen.
    pub sessions_folder: Option<PathBuf>,
    /// Where videos are searched for that are not where a session says, each with all that is below it.
    pub video_folders: Vec<PathBuf>,
    /// The files of which it has been read what is special about them, newest first: not told again.
    pub told: Vec<String>,
    /// Opened before, newest first.
    pub recent: Vec<PathBuf>,
    /// What the sessions among them are called: the file of a draft says little.
    pub recent_names: BTreeMap<PathBuf, String>,
    /// Does a session open with its scores in view? Never one of a second coder.
    pub shows_scores: bool,
    /// The share of the room over the palette that the timelines were dragged to; as high as their rows where nobody did.
    pub timelines_share: Option<f32>,
    /// How several videos stand.
    pub layout: VideoLayout,
    /// Whether a small picture is made of each frame of the open videos.
    pub small_pictures: SmallPictures,
    /// Do they stand along the timelines?
    pub shows_thumbnails: bool,
    /// How videos are looked at that are not looked at as recorded, newest first.
    pub looks: Vec<(PathBuf, Look)>,
    /// What is heard in each session where somebody chose that, newest first.
    pub heard: Vec<(SessionId, MediumId)>,
    /// Size of the window when it was last closed, in points before scaling.
    pub window_size: Option<(f32, f32)>,
}

/// Dark, light, or as the desktop is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThemeChoice {
    /// Dark.
    #[default]
    Dark,
    /// Light.
    Light,
    /// As the desktop is.
    System,
}

/// How several videos stand in the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VideoLayout {
    /// Beside each other, of one height.
    #[default]
    SideBySide,
    /// Below each other, of one width.
    Stacked,
    /// The one that is coded large, the others small at its right.
    OneLarge,
}

/// Whether a small picture is made of each frame of the open videos, to be there at once where the frame itself is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmallPictures {
    /// No.
    Off,
    /// For as long as the videos are open: nothing of a person lies on the disk.
    #[default]
    InMemory,
    /// On disk too, in files that only this person can read, until this is chosen no more.
    OnDisk,
}

/// How the window writes moments of the session; always cut, never rounded up, so that a frame's text never names the one after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeFormat {
    /// 00:01:23.467
    #[default]
    Clock,
    /// 83.467
    Seconds,
}

impl TimeFormat {
    /// To the millisecond: `00:01:23.467`, `83.467 s`.
    #[must_use]
    pub fn exact(self, time: Instant) -> String {
        match self {
            Self::Clock => time.to_clock_text(),
            Self::Seconds => format!("{} s", time.to_cut_secs_text(3)),
        }
    }

    /// To the tenth of a second, for lists: `1:23.4`, `83.4 s`.
    #[must_use]
    pub fn short(self, time: Instant) -> String {
        match self {
            Self::Clock => time.to_short_text(),
            Self::Seconds => format!("{} s", time.to_cut_secs_text(1)),
        }
    }

    /// In whole seconds, for headings and rulers: `1:23`, `83 s`.
    #[must_use]
    pub fn whole(self, time: Instant) -> String {
        match self {
            Self::Clock => time.to_ruler_text(),
            Self::Seconds => format!("{} s", time.to_cut_secs_text(0)),
        }
    }
}

/// How many files File > Recent keeps.
const RECENT: usize = 12;
/// How many videos are remembered that are looked at in a way of their own.
const LOOKS: usize = 200;
/// How many sessions are remembered in which somebody chose what is heard.
const HEARD: usize = 200;
/// How many files are remembered of which it has been read what is special about them.
const TOLD: usize = 2_000;

impl Default for Preferences {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::default(),
            scale: 1.0,
            time_format: TimeFormat::default(),
            coder: String::new(),
            reaction: Length::ZERO,
            jump: Length::SECOND,
            volume: 0.8,
            muted: false,
            sessions_folder: None,
            video_folders: Vec::new(),
            told: Vec::new(),
            recent: Vec::new(),
            recent_names: BTreeMap::new(),
            shows_scores: true,
            timelines_share: None,
            layout: VideoLayout::default(),
            small_pictures: SmallPictures::default(),
            shows_thumbnails: false,
            looks: Vec::new(),
            heard: Vec::new(),
            window_size: None,
        }
    }
}

impl Preferences {
    /// Reads them; what cannot be read is as made.
    #[must_use]
    pub fn load(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Writes them, whole or not at all.
    ///
    /// # Errors
    /// If the folder cannot be made or written.
    pub fn save(&self, file: &Path) -> anyhow::Result<()> {
        let folder = file.parent().context("preferences have a folder")?;
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let draft = file.with_extension("new");
        std::fs::write(&draft, serde_json::to_vec_pretty(self)?)
            .and_then(|()| std::fs::rename(&draft, file))
            .with_context(|| format!("cannot write {}", file.display()))
    }

    /// Puts a session's file at the top of File > Recent.
    pub fn remember(&mut self, path: &Path, name: &str) {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned()); // it is opened from other folders too
        self.recent.retain(|known| *known != path);
        self.recent_names.insert(path.clone(), name.to_owned());
        self.recent.insert(0, path);
        self.recent.truncate(RECENT);
        self.recent_names.retain(|path, _| self.recent.contains(path));
    }

    /// How this video is looked at.
    #[must_use]
    pub fn look_of(&self, video: &Path) -> Look {
        self.looks.iter().find(|(known, _)| known == video).map_or_else(Look::default, |(_, look)| look.bounded())
    }

    /// Are there thumbnails along the timelines?
    #[must_use]
    pub fn has_thumbnails(&self) -> bool {
        self.shows_thumbnails && self.small_pictures != SmallPictures::Off
    }

    /// From now on this video is looked at so.
    pub fn set_look(&mut self, video: PathBuf, look: Look) {
        self.looks.retain(|(known, _)| *known != video);
        if look != Look::default() {
            self.looks.insert(0, (video, look));
            self.looks.truncate(LOOKS);
        }
    }

    /// What somebody chose to hear in a session.
    #[must_use]
    pub fn heard_in(&self, session: &SessionId) -> Option<MediumId> {
        self.heard.iter().find(|(known, _)| known == session).map(|(_, medium)| *medium)
    }

    /// From now on this is heard in the session.
    pub fn set_heard(&mut self, session: SessionId, medium: MediumId) {
        self.heard.retain(|(known, _)| *known != session);
        self.heard.insert(0, (session, medium));
        self.heard.truncate(HEARD);
    }

    /// What is special about this file has been read, whatever it is called then.
    pub fn set_told(&mut self, file: String) {
        self.told.retain(|known| *known != file);
        self.told.insert(0, file);
        self.told.truncate(TOLD);
    }

    /// What File > Recent calls a file: by its own name, a draft in `drafts` by the session's.
    #[must_use]
    pub fn name_of_recent(&self, path: &Path, drafts: &Path) -> String {
        let named = self.recent_names.get(path).filter(|_| path.starts_with(drafts));
        let file = || path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        named.cloned().unwrap_or_else(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_video_is_looked_at_in_its_own_way_and_as_recorded_is_not_written() {
        let mut preferences = Preferences::default();
        let close = Look::default().closer(2.0, egui::pos2(0.5, 0.5));
        preferences.set_look("/a.mp4".into(), close);
        assert_eq!(preferences.look_of(Path::new("/a.mp4")), close);
        assert_eq!(preferences.look_of(Path::new("/b.mp4")), Look::default());
        preferences.set_look("/a.mp4".into(), close.whole());
        assert!(preferences.looks.is_empty());
    }

    #[test]
    fn preferences_come_back_as_they_were() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("deep/preferences.json");
        let mut preferences = Preferences { coder: "KL".into(), scale: 1.25, ..Preferences::default() };
        preferences.remember(Path::new("/a.attune"), "dyad-01");
        preferences.remember(Path::new("/b.attune"), "dyad-02");
        preferences.remember(Path::new("/a.attune"), "dyad-01");
        preferences.set_look("/a.mp4".into(), Look::default().closer(2.0, egui::pos2(0.3, 0.6)));
        preferences.layout = VideoLayout::OneLarge;
        preferences.save(&file).expect("the folder can be made");
        assert_eq!(Preferences::load(&file), preferences);
        assert_eq!(preferences.recent, [PathBuf::from("/a.attune"), PathBuf::from("/b.attune")]);
    }

    #[test]
    fn one_moment_is_cut_alike_in_both_formats() {
        let frame = Instant::from_micros(77_541_667);
        assert_eq!(TimeFormat::Clock.exact(frame), "00:01:17.541");
        assert_eq!(TimeFormat::Seconds.exact(frame), "77.541 s");
        assert_eq!(TimeFormat::Seconds.short(frame), "77.5 s");
        assert_eq!(TimeFormat::Seconds.whole(frame), "77 s");
    }

    #[test]
    fn a_draft_is_listed_by_the_name_of_its_session() {
        let mut preferences = Preferences::default();
        let (drafts, draft) = (Path::new("/data/drafts"), Path::new("/data/drafts/20261124T123102-170.attune"));
        preferences.remember(draft, "dyad-017");
        preferences.remember(Path::new("/study/017-KL.attune"), "dyad-017");
        assert_eq!(preferences.name_of_recent(draft, drafts), "dyad-017");
        assert_eq!(preferences.name_of_recent(Path::new("/study/017-KL.attune"), drafts), "017-KL");
    }

    #[test]
    fn a_damaged_file_gives_the_preferences_as_made() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("preferences.json");
        std::fs::write(&file, "{\"scale\": ").expect("the folder can be written");
        assert_eq!(Preferences::load(&file), Preferences::default());
    }
}
