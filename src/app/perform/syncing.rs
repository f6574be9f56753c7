//! Where a video lies on the session's clock, found by its sound.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use media::{MediaError, Recording, SoundSync};
use session::{Medium, MediumId, Rate, SessionId};
use span::{Instant, counted};

use crate::app::App;
use crate::dialog::{Dialog, time_of};
use crate::jobs::Done;

impl App {
    /// Compares a video's sound with the first one's, for the dialog that asks.
    pub(super) fn sync_by_sound(&mut self, id: MediumId) {
        let Some(work) = &self.state.work else { return };
        let recording = |id: MediumId| {
            let place = work.session().media.iter().position(|medium| medium.id == id)?;
            let zero = work.player.index(place)?.container_start();
            Some(Recording { path: work.medium_path(&work.session().media[place]), zero })
        };
        let first = work.session().media.first().map(|medium| medium.id);
        let (Some(first), Some(second)) = (first.and_then(recording), recording(id)) else {
            return self.say("the frames of the videos are not known yet: try again in a moment");
        };
        let session = work.session().id.clone();
        let stopped = Arc::new(AtomicBool::new(false));
        self.stop_listening();
        self.running.listening = Some(Arc::clone(&stopped));
        if let Some(Dialog::Setup(form)) = &mut self.dialog {
            (form.listening, form.heard) = (Some(id), None);
        }
        self.jobs.run(move || {
            let found = SoundSync::find(&first, &second, &stopped, &mut |_| {});
            Done::Synced(session, id, found)
        });
    }

    /// Nobody waits for the comparison any more.
    pub(super) fn stop_listening(&mut self) {
        if let Some(stopped) = self.running.listening.take() {
            stopped.store(true, Ordering::Relaxed);
        }
    }

    /// The dialog takes over what was found; it becomes part of the session when it is kept.
    pub(super) fn synced(&mut self, session: &SessionId, id: MediumId, found: Result<SoundSync, MediaError>) {
        if self.state.work.as_ref().is_none_or(|work| work.session().id != *session) {
            return;
        }
        let Some(Dialog::Setup(form)) = &mut self.dialog else { return };
        if form.listening != Some(id) {
            return;
        }
        form.listening = None;
        match found {
            Ok(sync) => {
                let Some((first, typed)) = form.media.first() else { return };
                let typed = time_of(typed).map_or(first.offset, |time| time - Instant::ZERO);
                let first = Medium { offset: typed, ..first.clone() };
                let Some((medium, offset)) = form.media.iter_mut().find(|(medium, _)| medium.id == id) else { return };
                *offset = (first.session_time(Instant::ZERO + sync.offset) - Instant::ZERO).to_secs_text();
                medium.rate = together(&first, sync.rate);
                let millis = sync.residual.as_secs() * 1e3;
                let places = counted(sync.windows as u64, "place");
                form.heard = Some((id, format!("found by its sound: {places} agree within {millis:.1} ms")));
            }
            Err(MediaError::Cancelled { .. }) => {}
            Err(error) => form.heard = Some((id, error.to_string())),
        }
    }
}

/// Session seconds per second of a video that has this rate on the first one's clock.
fn together(first: &Medium, rate: (u64, u64)) -> Rate {
    let own = first.rate;
    let both = rate.0.checked_mul(own.numerator()).zip(rate.1.checked_mul(own.denominator()));
    both.and_then(|(numerator, denominator)| Rate::new(numerator, denominator).ok()).unwrap_or(own)
}
