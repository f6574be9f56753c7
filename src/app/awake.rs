//! Keeps the screen awake while the video plays.

use std::process::{Child, Command, Stdio};

/// The screen stays awake while this lives, and no longer than the program, whatever ends it.
pub struct KeepAwake {
    inhibitor: Option<Child>,
}

impl KeepAwake {
    /// Asks the desktop's session manager, where there is one; plays on where there is none.
    #[must_use]
    pub fn new() -> Self {
        let command = if cfg!(target_os = "macos") {
            let mut caffeinate = Command::new("caffeinate");
            caffeinate.args(["-d", "-w", &std::process::id().to_string()]);
            Some(caffeinate)
        } else if cfg!(target_os = "linux") {
            let mut inhibit = Command::new("systemd-inhibit");
            inhibit.args(["--what=idle", "--who=Attune", "--why=a video is playing"]).args(UNTIL_WE_END);
            Some(inhibit)
        } else {
            None
        };
        Self { inhibitor: command.and_then(begin) }
    }
}

/// Reads from a pipe that nobody writes to: it ends with the program, even one that was killed.
const UNTIL_WE_END: [&str; 1] = ["cat"];

fn begin(mut command: Command) -> Option<Child> {
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()
}

impl Default for KeepAwake {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for KeepAwake {
    fn drop(&mut self) {
        if let Some(inhibitor) = &mut self.inhibitor {
            drop(inhibitor.stdin.take()); // what it runs ends
            let _ = inhibitor.kill(); // it may have ended by itself
            let _ = inhibitor.wait();
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_keeps_the_screen_awake_ends_when_its_pipe_is_closed() {
        let mut waiting = begin(Command::new(UNTIL_WE_END[0])).expect("cat is there");
        assert!(waiting.try_wait().expect("its state").is_none(), "it waits");
        drop(waiting.stdin.take());
        assert!(waiting.wait().expect("its end").success());
    }
}
