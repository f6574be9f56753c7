//! A panic writes a report on this machine; the next start offers to go on where it stopped. Nothing is sent anywhere.

use std::path::{Path, PathBuf};

use crate::app::App;
use crate::dialog::Dialog;
use crate::folders::Folders;

const REPORT: &str = "last-crash.txt";

/// From now on a panic leaves a report in the user's state folder.
pub fn watch(folders: &Folders) {
    let path = folders.state.join(REPORT);
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let trace = std::backtrace::Backtrace::force_capture();
        let text = format!("Attune {} stopped.\n\n{info}\n\n{trace}\n", env!("CARGO_PKG_VERSION"));
        let _ = write(&path, &text); // nothing else can be done while the program stops
        before(info);
    }));
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text)
}

/// The report of the last crash, taken so that it is told once.
fn take_report(folders: &Folders) -> Option<PathBuf> {
    let path = folders.state.join(REPORT);
    let told = folders.state.join("told-crash.txt");
    std::fs::rename(&path, &told).ok().map(|()| told)
}

impl App {
    /// After a crash: says where the report is, and offers to open again what was open.
    pub(crate) fn offer_recovery(&mut self) {
        if let Some(report) = take_report(&self.state.folders) {
            let session = self.state.preferences.recent.first().filter(|path| path.exists()).cloned();
            self.dialog = Some(Dialog::Crashed { report, session });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_told_once() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let folders = Folders::below(folder.path().to_owned());
        assert_eq!(take_report(&folders), None);
        write(&folders.state.join(REPORT), "text").expect("the folder can be made");
        let told = take_report(&folders).expect("there is a report");
        assert_eq!(std::fs::read_to_string(told).expect("it is kept"), "text");
        assert_eq!(take_report(&folders), None);
    }
}
