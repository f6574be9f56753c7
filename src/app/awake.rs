//! Keeps the screen awake while the video plays.

use std::process::{Child, Command, Stdio};

/// The screen stays awake while this lives.
pub struct KeepAwake {
    inhibitor: Option<Child>,
}

impl KeepAwake {
    /// Asks the desktop's session manager, where there is one; plays on where there is none.
    #[must_use]
    pub fn new() -> Self {
        let quiet = |command: &mut Command| {
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()
        };
        let inhibitor = if cfg!(target_os = "macos") {
            quiet(Command::new("caffeinate").arg("-d"))
        } else if cfg!(target_os = "linux") {
            let inhibit = ["--what=idle", "--who=Attune", "--why=a video is playing", "sleep", "infinity"];
            quiet(Command::new("systemd-inhibit").args(inhibit))
        } else {
            None
        };
        Self { inhibitor }
    }
}

impl Default for KeepAwake {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for KeepAwake {
    fn drop(&mut self) {
        if let Some(inhibitor) = &mut self.inhibitor {
            let _ = inhibitor.kill(); // it may have ended by itself
            let _ = inhibitor.wait();
        }
    }
}
