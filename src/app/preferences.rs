//! What a person prefers, on this machine: kept in the user's configuration folder, apart from every session.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use span::Length;

/// What a person prefers, on this machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// Dark, light, or as the desktop is.
    pub theme: ThemeChoice,
    /// Size of everything, 1 as made.
    pub scale: f32,
    /// How the large clock writes times.
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
    /// Opened before, newest first.
    pub recent: Vec<PathBuf>,
    /// The share of the room over the palette that the timelines were dragged to; as high as their rows where nobody did.
    pub timelines_share: Option<f32>,
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

/// How the large clock writes times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeFormat {
    /// 00:01:23.467
    #[default]
    Clock,
    /// 83.467
    Seconds,
}

/// How many files File > Recent keeps.
const RECENT: usize = 12;

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
            recent: Vec::new(),
            timelines_share: None,
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

    /// Puts a file at the top of File > Recent.
    pub fn remember(&mut self, path: &Path) {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned()); // it is opened from other folders too
        self.recent.retain(|known| *known != path);
        self.recent.insert(0, path);
        self.recent.truncate(RECENT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_come_back_as_they_were() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("deep/preferences.json");
        let mut preferences = Preferences { coder: "KL".into(), scale: 1.25, ..Preferences::default() };
        preferences.remember(Path::new("/a.attune"));
        preferences.remember(Path::new("/b.attune"));
        preferences.remember(Path::new("/a.attune"));
        preferences.save(&file).expect("the folder can be made");
        assert_eq!(Preferences::load(&file), preferences);
        assert_eq!(preferences.recent, [PathBuf::from("/a.attune"), PathBuf::from("/b.attune")]);
    }

    #[test]
    fn a_damaged_file_gives_the_preferences_as_made() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("preferences.json");
        std::fs::write(&file, "{\"scale\": ").expect("the folder can be written");
        assert_eq!(Preferences::load(&file), Preferences::default());
    }
}
