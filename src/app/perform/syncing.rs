//! Where a video lies on the session's clock, found by its sound or by moments that are seen in two of them.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant as Moment;

use media::{MediaError, Recording, SoundSync};
use session::marking::{Marks, PlacedByMoments, SameMoment, distance, place_by_moments, place_medium};
use session::{Medium, MediumId, Rate, SessionId};
use span::{Instant, Length, counted};

use crate::app::App;
use crate::dialog::Dialog;
use crate::jobs::Done;
use crate::rate_text::rate_text;
use crate::work::{SameMomentOf, Work};

impl App {
    /// Compares a video's sound with the first one's, for the dialog that asks.
    pub(super) fn sync_by_sound(&mut self, id: MediumId) {
        let Some(work) = &self.state.work else { return };
        let recording = |id: MediumId| {
            let place = work.session().media.iter().position(|medium| medium.id == id)?;
            let index = work.player.index(place)?;
            let path = work.medium_path(&work.session().media[place]);
            Some(Recording { path, zero: index.container_start(), end: index.end() })
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
            (form.listening, form.heard) = (Some((id, 0)), None);
        }
        self.jobs.run_telling(move |tell| {
            let mut told = 0;
            let found = SoundSync::find(&first, &second, &stopped, &mut |share| {
                let percent = (share * 100.0) as u32;
                if percent > told {
                    told = percent;
                    tell(Done::Listening(session.clone(), id, percent));
                }
            });
            Done::Synced(session, id, found)
        });
    }

    /// What is shown of a video will be found in another.
    pub(super) fn remember_moment(&mut self, id: MediumId) {
        let Some(work) = &mut self.state.work else { return };
        let Some((name, time)) = work.moment_of(id) else { return };
        work.remembered = Some((id, time));
        self.say(format!(
            "remembered in {name}: now right-click the picture of another video where it shows the same moment"
        ));
    }

    /// A video is laid on the clock by all moments that were found in it.
    pub(super) fn same_moment(&mut self, id: MediumId, now: Moment) {
        let Some(work) = &mut self.state.work else { return };
        let (Some((reference, in_reference)), Some((name, here))) = (work.remembered, work.moment_of(id)) else {
            return;
        };
        let moment = SameMoment { reference, in_reference, here };
        let Ok(apart) = distance(work.session(), id, &moment) else { return };
        let Some(medium) = work.session().medium(id).cloned() else { return };
        // What was undone or typed over since is not meant any more.
        work.same_moments.retain(|same| same.medium != id || same.offset == medium.offset && same.rate == medium.rate);
        let known = work.same_moments.iter().filter(|same| same.medium == id && same.moment.reference == reference);
        let moments: Vec<SameMoment> = known.map(|same| same.moment).chain([moment]).collect();
        let placed = match place_by_moments(work.session(), id, &moments) {
            Ok(placed) => placed,
            Err(refusal) => return self.say(refusal.to_string()),
        };
        let rate_before = work.session().medium(id).map(|medium| medium.rate);
        if self.apply(|session, _| place_medium(session, id, placed.offset, placed.rate, Marks::Move)).is_none() {
            return;
        }
        let Some(work) = &mut self.state.work else { return };
        let PlacedByMoments { offset, rate, .. } = placed;
        work.same_moments.push(SameMomentOf { medium: id, moment, offset, rate });
        for same in work.same_moments.iter_mut().filter(|same| same.medium == id) {
            (same.offset, same.rate) = (offset, rate);
        }
        self.place_videos(now);
        let millis = |length: Length| match length.as_secs().abs() {
            secs if secs < 1.0 => format!("{:.1} ms", secs * 1e3),
            secs => format!("{secs:.3} s"),
        };
        let mut said = format!("{name} has moved by {}", millis(apart));
        if rate_before != Some(placed.rate) {
            let drift = placed.rate.numerator() as f64 / placed.rate.denominator() as f64 - 1.0;
            said = format!(
                "here {name} was {} off: its clock is corrected by {:+.1} parts per million",
                millis(apart),
                drift * 1e6
            );
        }
        if moments.len() > 1 {
            if rate_before == Some(placed.rate) {
                said = format!("here {name} was {} off", millis(apart));
            }
            let _ =
                write!(said, "; {} fall together within {}", counted(moments.len(), "moment"), millis(placed.residual));
        }
        self.say(said);
    }

    /// Nobody waits for the comparison any more.
    pub(super) fn stop_listening(&mut self) {
        if let Some(stopped) = self.running.listening.take() {
            stopped.store(true, Ordering::Relaxed);
        }
        if let Some(Dialog::Setup(form)) = &mut self.dialog {
            form.listening = None;
        }
    }

    /// So much of the comparison is done.
    pub(super) fn listened(&mut self, session: &SessionId, id: MediumId, percent: u32) {
        let is_open = self.state.work.as_ref().is_some_and(|work| work.session().id == *session);
        if let Some(Dialog::Setup(form)) = self.dialog.as_mut().filter(|_| is_open)
            && form.listening.is_some_and(|(listening, _)| listening == id)
        {
            form.listening = Some((id, percent));
        }
    }

    /// The dialog takes over what was found; it becomes part of the session when it is kept.
    pub(super) fn synced(&mut self, session: &SessionId, id: MediumId, found: Result<SoundSync, MediaError>) {
        if self.state.work.as_ref().is_none_or(|work| work.session().id != *session) {
            return;
        }
        let Some(Dialog::Setup(form)) = &mut self.dialog else { return };
        if form.listening.is_none_or(|(listening, _)| listening != id) {
            return;
        }
        form.listening = None;
        match found {
            Ok(sync) => {
                let Some(first) = form.media.first() else { return };
                let first = first.typed().unwrap_or_else(|_| first.medium.clone());
                let Some(found) = form.media.iter_mut().find(|form| form.medium.id == id) else { return };
                found.offset = (first.session_time(Instant::ZERO + sync.offset) - Instant::ZERO).to_secs_text();
                found.rate = rate_text(together(&first, sync.rate));
                let millis = sync.residual.as_secs() * 1e3;
                let places = counted(sync.windows as u64, "place");
                form.heard =
                    Some((id, format!("found by its sound in {places}: half of them lie within {millis:.1} ms")));
            }
            Err(MediaError::Cancelled { .. }) => {}
            Err(error) => form.heard = Some((id, error.to_string())),
        }
    }
}

impl Work {
    /// What a medium is called, and when on its own clock the frame begins that is shown of it.
    fn moment_of(&self, id: MediumId) -> Option<(String, Instant)> {
        let place = self.session().media.iter().position(|medium| medium.id == id)?;
        self.stamp.frames.get(place).copied().flatten().filter(|frame| frame.exact)?;
        let medium = &self.session().media[place];
        Some((medium.name().to_owned(), self.player.presented(place)?.time))
    }
}

/// Session seconds per second of a video that has this rate on the first one's clock.
fn together(first: &Medium, rate: (u64, u64)) -> Rate {
    let own = first.rate;
    let both = rate.0.checked_mul(own.numerator()).zip(rate.1.checked_mul(own.denominator()));
    both.and_then(|(numerator, denominator)| Rate::new(numerator, denominator).ok()).unwrap_or(own)
}
