//! Comparing with another coder: their session is read on a worker, and shown until it is put away.

use std::path::{Path, PathBuf};

use scoring::agreement::settings::AgreeSettings;
use session::compare::compare;
use session::file::{EXTENSION, OsDisk, read};
use session::{Session, SessionId};

use super::opening::import;
use crate::agreement_text::Compared;
use crate::app::App;
use crate::comparing::Comparing;
use crate::jobs::Done;

impl App {
    pub(super) fn compare_with(&mut self, path: PathBuf) {
        let Some(work) = &mut self.state.work else { return };
        work.document.finish();
        let (ours, file) = (work.session().clone(), work.file.path().display().to_string());
        self.say(format!("comparing with {}…", path.display()));
        self.jobs.run(move || {
            let id = ours.id.clone();
            let comparing = other(&path).map(|theirs| {
                let files = [file, path.display().to_string()];
                let compared = Compared::new(files, compare(&ours, &theirs), AgreeSettings::default());
                Box::new(Comparing::new(compared, theirs))
            });
            Done::Compared(id, comparing)
        });
    }

    pub(super) fn compared(&mut self, session: &SessionId, comparing: Comparing) {
        let Some(work) = self.state.work.as_mut().filter(|work| work.session().id == *session) else { return };
        let name = comparing.name().to_owned();
        if let Some((channel, _)) = comparing.compared.channels().next() {
            work.armed = channel.key.clone();
        }
        work.comparing = Some(comparing);
        self.say(format!("compared with {name}: nothing is coded until the comparison is closed"));
    }

    pub(super) fn close_comparison(&mut self) {
        let Some(work) = &mut self.state.work else { return };
        work.comparing = None;
        work.transport.looped = None;
        work.player.set_repeat(None);
        self.say("the comparison is closed");
    }
}

fn other(path: &Path) -> Result<Session, String> {
    if path.extension().is_some_and(|extension| extension == EXTENSION) {
        read(&OsDisk, path).map(|(document, _)| document.session().clone()).map_err(|error| error.to_string())
    } else {
        import(path).map(|(session, _)| *session)
    }
}
