//! Where the program keeps its own files.

use std::path::PathBuf;

use directories::ProjectDirs;

/// The program's own folders on this machine.
#[derive(Clone, Debug)]
pub struct Folders {
    /// Preferences.
    pub config: PathBuf,
    /// Drafts and the demonstration session.
    pub data: PathBuf,
    /// Reports of a crash.
    pub state: PathBuf,
    /// What can be made again.
    pub cache: PathBuf,
}

impl Folders {
    /// The folders of the person who is logged in; below the temporary folder where there is no home.
    #[must_use]
    pub fn of_user() -> Self {
        match ProjectDirs::from("", "", "attune") {
            Some(dirs) => Self {
                config: dirs.config_dir().to_owned(),
                data: dirs.data_dir().to_owned(),
                state: dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir()).to_owned(),
                cache: dirs.cache_dir().to_owned(),
            },
            None => Self::below(std::env::temp_dir().join("attune")),
        }
    }

    /// All folders below one: for tests, and where there is no home.
    #[must_use]
    pub fn below(root: PathBuf) -> Self {
        Self {
            config: root.join("config"),
            data: root.join("data"),
            state: root.join("state"),
            cache: root.join("cache"),
        }
    }

    /// The file of the preferences.
    #[must_use]
    pub fn preferences(&self) -> PathBuf {
        self.config.join("preferences.json")
    }

    /// The folder of sessions that have no place of their own yet.
    #[must_use]
    pub fn drafts(&self) -> PathBuf {
        self.data.join("drafts")
    }

    /// The folder of the videos' frame indexes.
    #[must_use]
    pub fn indexes(&self) -> PathBuf {
        self.cache.join("frames")
    }

    /// The folder of the curves of their sound.
    #[must_use]
    pub fn waveforms(&self) -> PathBuf {
        self.cache.join("waveforms")
    }

    /// The folder of the videos' small pictures, for coders who keep them.
    #[must_use]
    pub fn small_pictures(&self) -> PathBuf {
        self.cache.join("small")
    }

    /// The folder of the demonstration session.
    #[must_use]
    pub fn demo(&self) -> PathBuf {
        self.data.join("demo")
    }
}
