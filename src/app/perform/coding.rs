//! Keys that code.

use std::time::{Duration, Instant as Moment};

use session::marking::{Motion as PressMotion, Press, code_to_here, end_state, hold, overwrite, press_code};
use session::{ChannelKind, TrackKey};
use span::{Length, Span};

use super::{Waiting, signature};
use crate::app::App;
use crate::command::Coding;
use crate::keys::{Motion, ShownFrame, Stamp};
use crate::work::Work;

/// So long a key waits for the exact picture.
const PATIENCE: Duration = Duration::from_millis(500);

impl App {
    pub(super) fn code(&mut self, coding: Coding, now: Moment) {
        match coding {
            Coding::KeyDown { character, stamp } => match self.code_of(character) {
                Some(code) => self.press(code, stamp, now),
                None => self.no_such_code(character),
            },
            Coding::KeyUp { character, stamp } => {
                if let Some(code) = self.code_of(character) {
                    self.release(&code, &stamp);
                }
            }
            Coding::Press { code, stamp } => self.press(code, stamp, now),
            Coding::End(stamp) => self.end_here(stamp, now),
            Coding::TakeBack => self.take_back(now),
            Coding::Arm(track) => self.arm(track),
            Coding::ArmNext => self.arm_beside(1),
            Coding::ArmPrevious => self.arm_beside(-1),
            Coding::Overwrite => {
                self.end_runs(now);
                if let Some(work) = &mut self.state.work {
                    work.overwrite = !work.overwrite;
                    let on = work.overwrite;
                    self.say(if on {
                        "overwrite: while playing, a new state replaces what the playhead passes"
                    } else {
                        "overwrite off"
                    });
                }
            }
            Coding::CodedToHere => {
                let Some(work) = &self.state.work else { return };
                let (track, time) = (work.armed.clone(), work.playhead);
                self.apply(|session, _| code_to_here(session, &track, time));
            }
        }
    }

    /// The code that a key stands for on the armed track.
    fn code_of(&self, character: char) -> Option<String> {
        let work = self.state.work.as_ref()?;
        let channel = work.session().scheme.channel(&work.armed)?;
        channel.code_of_shortcut(character).map(|code| code.key.clone())
    }

    fn press(&mut self, code: String, stamp: Stamp, now: Moment) {
        let Some(work) = &self.state.work else { return };
        if work.is_other(work.medium_index(&work.armed)) {
            return self.alarm(
                "this is not the file that was coded: find that one first, or say that it is the same recording",
            );
        }
        let Some(frame) = shown(work, &stamp) else {
            self.say(format!("there is no picture of this track's video at {}", work.times.exact(work.playhead)));
            return;
        };
        let playing = stamp.motion != Motion::Still;
        let is_exact = frame.exact && work.player.is_settled();
        if !playing && !is_exact {
            self.wait_for_picture(Coding::Press { code, stamp }, now);
            return;
        }
        self.end_runs(now);
        let Some(work) = &self.state.work else { return };
        let press = press_of(work, code, frame, stamp.motion, self.state.preferences.reaction);
        let channel = work.session().scheme.channel(&work.armed);
        let is_state = channel.is_some_and(|channel| channel.kind == ChannelKind::State);
        if is_state && channel.is_some_and(|channel| channel.hold) {
            self.begin_hold(press, frame);
        } else if is_state && work.overwrite && matches!(stamp.motion, Motion::Forward(_)) {
            self.begin_overwrite(press, frame);
        } else {
            self.apply(|session, ids| press_code(session, &press, ids));
            self.catch_up(frame, stamp.motion);
        }
    }

    fn no_such_code(&mut self, character: char) {
        if let Some(title) = self.state.work.as_ref().map(Work::armed_title) {
            self.say(format!("{title} has no code on {}", character.to_uppercase()));
        }
    }

    /// The frames that were shown between the key and now have been seen too.
    fn catch_up(&mut self, frame: ShownFrame, motion: Motion) {
        let Some(work) = &mut self.state.work else { return };
        let shown_to = work.shown_span().map_or(frame.end, Span::end);
        if let (Motion::Forward(_), Ok(seen)) = (motion, Span::new(frame.start, shown_to.max(frame.end))) {
            let armed = work.armed.clone();
            work.document.extend_open(&armed, seen);
        }
    }

    fn begin_hold(&mut self, press: Press, frame: ShownFrame) {
        let Some(span) = Span::new(frame.start, frame.end).ok() else { return };
        if self.revise(|session, ids| hold(session, &press, span, false, ids)) {
            self.running.held = Some(press);
        }
    }

    fn begin_overwrite(&mut self, press: Press, frame: ShownFrame) {
        if self.revise(|session, ids| overwrite(session, &press, frame.end, ids)) {
            self.running.overwriting = Some(press);
        }
    }

    fn release(&mut self, code: &str, stamp: &Stamp) {
        let Some(press) = self.running.held.take_if(|press| press.code == code) else { return };
        let Some(work) = &self.state.work else { return };
        let frame = shown(work, stamp).or_else(|| shown(work, &work.stamp));
        if let Some(span) = frame.and_then(|frame| Span::new(frame.start, frame.end).ok()) {
            self.revise(|session, ids| hold(session, &press, span, true, ids));
        }
        if let Some(work) = &mut self.state.work {
            work.document.finish();
        }
    }

    /// Makes or changes the step under way; says why not where it cannot.
    fn revise(
        &mut self,
        make: impl FnOnce(&session::Session, session::Ids) -> Result<session::Edit, session::marking::Refusal>,
    ) -> bool {
        let Some(work) = &mut self.state.work else { return false };
        if let Some(why_not) = work.why_not() {
            self.say(why_not);
            return false;
        }
        let signature = signature(work);
        match work.document.revise(signature, make) {
            Ok(()) => {
                let label = work.document.undo_label().unwrap_or_default().to_owned();
                self.say(label);
                true
            }
            Err(refusal) => {
                self.say(refusal.to_string());
                false
            }
        }
    }

    fn end_here(&mut self, stamp: Stamp, now: Moment) {
        let Some(work) = &self.state.work else { return };
        let stamp = if stamp.frames.is_empty() { work.stamp.clone() } else { stamp };
        let Some(frame) = shown(work, &stamp) else { return };
        if stamp.motion == Motion::Still && !(frame.exact && work.player.is_settled()) {
            self.wait_for_picture(Coding::End(stamp), now);
            return;
        }
        self.end_runs(now);
        let Some(work) = &self.state.work else { return };
        let track = work.armed.clone();
        self.apply(|session, _| end_state(session, &track, frame.start));
    }

    fn wait_for_picture(&mut self, coding: Coding, since: Moment) {
        let Some(work) = &self.state.work else { return };
        self.running.waiting.push(Waiting { since, at: work.player.asked(), coding });
    }

    /// Keys that waited for the exact picture get it, or are refused.
    pub(super) fn settle_waiting(&mut self, now: Moment) {
        if self.running.waiting.is_empty() {
            return;
        }
        let Some(work) = &self.state.work else { return self.running.waiting.clear() };
        let (here, plays) = (work.player.asked(), work.is_playing());
        let waiting = self.running.waiting.len();
        self.running.waiting.retain(|waiting| waiting.at == here && !plays);
        if self.running.waiting.len() < waiting {
            self.alarm("the video went on before the exact picture was there: go back, and press the key again");
        }
        let Some(work) = &self.state.work else { return };
        if work.player.is_settled() {
            let stamp = work.stamp.clone();
            for Waiting { coding, .. } in std::mem::take(&mut self.running.waiting) {
                let coding = match coding {
                    Coding::Press { code, .. } => Coding::Press { code, stamp: stamp.clone() },
                    Coding::End(_) => Coding::End(stamp.clone()),
                    other => other,
                };
                self.code(coding, now);
            }
            return;
        }
        let waiting = self.running.waiting.len();
        self.running.waiting.retain(|waiting| now.saturating_duration_since(waiting.since) < PATIENCE);
        if self.running.waiting.len() < waiting {
            self.alarm("the exact picture is not there yet: wait for it, and press the key again");
        }
        self.context.request_repaint_after(Duration::from_millis(50));
    }

    /// Backspace: deletes what is selected; without a selection, takes the last coding act back and goes there.
    fn take_back(&mut self, now: Moment) {
        let Some(work) = &mut self.state.work else { return };
        if work.selection.is_some() {
            return self.edit(crate::command::Editing::Delete, now);
        }
        if let Some(why_not) = work.why_not() {
            return self.say(why_not);
        }
        self.running.held = None;
        self.running.overwriting = None;
        let signature = signature(work);
        match work.document.take_last_coding_act(signature) {
            Ok(Some((label, at))) => {
                work.seek(at, now);
                self.say(format!("taken back: {label}"));
            }
            Ok(None) => self.say("the last step was not a mark: undo it with Ctrl+Z"),
            Err(error) => self.alarm(error.to_string()),
        }
    }

    fn arm(&mut self, track: TrackKey) {
        let Some(work) = &mut self.state.work else { return };
        if work.session().track(&track).is_none() || work.armed == track {
            return;
        }
        self.running.held = None;
        self.running.overwriting = None;
        let Some(work) = &mut self.state.work else { return };
        work.document.finish();
        work.armed = track;
        let medium = work.medium_index(&work.armed);
        work.player.set_lead(medium, Moment::now());
        let title = work.armed_title();
        self.say(format!("coding {title}"));
    }

    fn arm_beside(&mut self, by: isize) {
        let Some(work) = &self.state.work else { return };
        let order = work.tracks_in_view();
        let Some(place) = order.iter().position(|key| *key == work.armed) else { return };
        let next = (place as isize + by).rem_euclid(order.len() as isize) as usize;
        let next = order[next].clone();
        self.arm(next);
    }
}

/// The frame of the armed track in a stamp.
fn shown(work: &Work, stamp: &Stamp) -> Option<ShownFrame> {
    work.frame_in(stamp, &work.armed)
}

fn press_of(work: &Work, code: String, frame: ShownFrame, motion: Motion, reaction: Length) -> Press {
    let span = Span::new(frame.start, frame.end).expect("a shown frame ends after it starts");
    let motion = match motion {
        Motion::Still => PressMotion::Still,
        Motion::Forward(percent) => PressMotion::Playing { speed_percent: percent },
        Motion::Reverse(percent) => PressMotion::Playing { speed_percent: -percent },
    };
    let track = work.armed.clone();
    Press::new(track.clone(), code, span, motion, reaction, |time| work.frame_start(&track, time))
}
