//! Marks, episodes and media, changed by hand.

use std::time::Instant as Moment;

use media::Placement;
use session::marking::{
    Fill, Neighbour, Refusal, add_track, change_code, delete_episode, delete_excluded, delete_marks,
    episodes_from_lengths, exclude, insert_episode, move_edge, move_point, move_state, remove_track, set_certainty,
    set_field, set_hold, set_note, set_track_medium, set_up, split_mark,
};
use session::{Change, Edit, Episode, EpisodeId, EpisodeKind, Field, Item, MediumId, Session};
use span::{Instant, Length, Span};

use super::signature;
use crate::app::App;
use crate::command::{Editing, Selection, View};
use crate::dialog::Dialog;

impl App {
    pub(super) fn edit(&mut self, editing: Editing, now: Moment) {
        if !matches!(editing, Editing::Select(_)) {
            self.end_runs(now);
        }
        match editing {
            Editing::Undo => self.walk_history(false, now),
            Editing::Redo => self.walk_history(true, now),
            Editing::Select(selection) => self.select(selection),
            Editing::Delete => self.delete(),
            Editing::MoveEdge { mark, edge, to, alone } => {
                let neighbour = if alone { Neighbour::Stays } else { Neighbour::Follows };
                self.apply(|session, _| move_edge(session, mark, edge, to, neighbour));
            }
            Editing::MoveMark { mark, to } => {
                self.apply(|session, _| {
                    let (_, moved) =
                        session.mark(mark).ok_or_else(|| Refusal::new("the mark is not there any more"))?;
                    match moved.span() {
                        Some(span) => move_state(session, mark, span.shifted(to - span.start())),
                        None => move_point(session, mark, to),
                    }
                });
            }
            Editing::Split => self.split(),
            Editing::ChangeCode { mark, code } => {
                self.apply(|session, _| change_code(session, &[mark], &code));
            }
            Editing::Note { mark, text } => {
                self.apply(|session, _| set_note(session, mark, text.trim()));
            }
            Editing::Certainty { mark, certainty } => {
                self.apply(|session, _| set_certainty(session, &[mark], certainty));
            }
            Editing::EpisodeIn => self.episode_in(),
            Editing::EpisodeOut => self.episode_out(),
            Editing::AddEpisode { span, name, kind } => {
                self.apply(|session, ids| insert_episode(session, &name, kind, span, ids));
            }
            Editing::EpisodesFromLengths { start, lengths } => self.episodes_from(start, lengths),
            Editing::ChangeEpisode { id, name, kind, span } => {
                self.apply(|session, _| changed_episode(session, id, name, kind, span));
            }
            Editing::Exclude { span, reason } => {
                self.apply(|_, ids| exclude(span, &reason, ids));
            }
            Editing::Include(id) => {
                self.apply(|session, _| delete_excluded(session, id));
            }
            Editing::SetUp { setup, marks } => {
                let media_before = self.state.work.as_ref().map(|work| media_of(work.session()));
                self.apply(|session, _| set_up(session, &setup, marks));
                if self.state.work.as_ref().map(|work| media_of(work.session())) != media_before {
                    self.reopen_videos();
                }
                if let Some(path) = self.state.work.as_ref().map(|work| work.file.path().to_owned()) {
                    self.remember(&path); // it may be called otherwise now
                }
                self.place_videos(now);
            }
            Editing::Hold { track, hold } => {
                self.apply(|session, _| set_hold(session, &track, hold));
            }
            Editing::SameMoment(medium) => self.same_moment(medium, now),
            Editing::AddMedium(path) => self.add_medium(path),
            Editing::CodeFrom { track, medium } => {
                self.apply(|session, _| set_track_medium(session, &track, Some(medium)));
            }
            Editing::ToggleTrack(key) => {
                self.apply(|session, _| {
                    if session.track(&key).is_some() { remove_track(session, &key) } else { add_track(session, &key) }
                });
                self.arm_some_track();
            }
            Editing::ScoreSetting { name, value } => {
                self.apply(|session, _| {
                    let mut settings = session.score_settings.clone();
                    settings.insert(name.to_owned(), value.into());
                    set_field(session, Field::ScoreSettings(settings))
                });
            }
        }
    }

    fn walk_history(&mut self, again: bool, now: Moment) {
        let Some(work) = &mut self.state.work else { return };
        if let Some(why_not) = work.why_not() {
            return self.say(why_not);
        }
        let media_before = media_of(work.session());
        let signature = signature(work);
        let walked = if again { work.document.redo(signature) } else { work.document.undo(signature) };
        let (verb, nothing) = if again { ("again: ", "nothing to do again") } else { ("undone: ", "nothing to undo") };
        match walked {
            Ok(Some(label)) => self.say(format!("{verb}{label}")),
            Ok(None) => self.say(nothing),
            Err(error) => self.alarm(error.to_string()),
        }
        if self.state.work.as_ref().is_some_and(|work| media_of(work.session()) != media_before) {
            self.reopen_videos();
        }
        self.place_videos(now);
        self.arm_some_track();
    }

    fn select(&mut self, selection: Option<Selection>) {
        let Some(work) = &mut self.state.work else { return };
        if selection.is_none() && work.selection.is_none() && work.transport.looped.is_some() {
            work.transport.looped = None;
            work.player.set_repeat(None);
        }
        work.selection = selection;
    }

    fn delete(&mut self) {
        let Some(selection) = self.state.work.as_ref().and_then(|work| work.selection) else {
            return self.say("nothing is selected");
        };
        let deleted = self.apply(|session, _| match selection {
            Selection::Mark(id) => delete_marks(session, &[id], Fill::Gap),
            Selection::Episode(id) => delete_episode(session, id),
        });
        if let (Some(_), Some(work)) = (deleted, &mut self.state.work) {
            work.selection = None;
        }
    }

    fn split(&mut self) {
        let Some(work) = &self.state.work else { return };
        let here = || work.armed_track().and_then(|track| track.state_at(work.playhead));
        let Some(id) = work.selected_mark().or_else(here).map(|mark| mark.id) else {
            return self.say("select a mark to split it at the playhead");
        };
        let at = work.playhead;
        self.apply(|session, ids| split_mark(session, id, at, ids));
    }

    fn episode_in(&mut self) {
        let Some(work) = &mut self.state.work else { return };
        work.episode_in = Some(work.playhead);
        let text = format!("an episode begins at {}: press O where it ends", work.times.exact(work.playhead));
        self.say(text);
    }

    fn episode_out(&mut self) {
        let Some(work) = &mut self.state.work else { return };
        // Like a state, an episode ends before the frame shown: the next one can begin on it. Only the last frame has none after it.
        let shown = work.shown_span().filter(|shown| shown.end() >= work.whole().end());
        let end = shown.map_or(work.playhead, Span::end);
        let start = work.episode_in.or_else(|| work.session().episodes.last().map(|episode| episode.span.end()));
        match Span::new(start.unwrap_or(work.whole().start()), end) {
            Ok(span) => {
                work.episode_in = None;
                let dialog = Dialog::new_episode(work.session(), span, EpisodeKind::Other);
                self.commands.push(View::Show(dialog));
            }
            Err(_) => self.say("an episode ends after it begins: press I first, where it begins"),
        }
    }

    fn episodes_from(&mut self, start: Instant, lengths: Vec<(String, Length)>) {
        let list: Vec<_> =
            lengths.into_iter().map(|(name, length)| (name.clone(), EpisodeKind::of_name(&name), length)).collect();
        self.apply(|session, ids| episodes_from_lengths(session, start, &list, ids));
    }

    /// The player shows every medium where the session has it.
    pub(super) fn place_videos(&mut self, now: Moment) {
        let Some(work) = &mut self.state.work else { return };
        let placements: Vec<Placement> = work.session().media.iter().map(placement).collect();
        for (n, placement) in placements.into_iter().enumerate().take(work.player.videos()) {
            if work.player.placement(n) != placement {
                work.player.set_placement(n, placement, now);
            }
        }
    }

    /// Keys always code some track that is there.
    pub(super) fn arm_some_track(&mut self) {
        let Some(work) = &mut self.state.work else { return };
        if work.armed_track().is_none()
            && let Some(first) = work.tracks_in_view().first()
        {
            work.armed = first.clone();
        }
    }
}

/// Which files the session is coded from.
fn media_of(session: &Session) -> Vec<(MediumId, String)> {
    session.media.iter().map(|medium| (medium.id, medium.path.clone())).collect()
}

/// Where a medium of the session lies.
pub(super) fn placement(medium: &session::Medium) -> Placement {
    Placement { offset: medium.offset, rate: (medium.rate.numerator(), medium.rate.denominator()) }
}

fn changed_episode(
    session: &Session,
    id: EpisodeId,
    name: String,
    kind: EpisodeKind,
    span: Span,
) -> Result<Edit, Refusal> {
    let found = session.episodes.iter().find(|episode| episode.id == id);
    let from = found.ok_or_else(|| Refusal::new("the episode is not there any more"))?.clone();
    let to = Episode { name, kind, span, ..from.clone() };
    if from == to {
        return Err(Refusal::new("nothing changes"));
    }
    let label = format!("change episode {}", from.name);
    Ok(Edit::one(label, Change::Replace { from: Item::Episode(from), to: Item::Episode(to) }))
}
