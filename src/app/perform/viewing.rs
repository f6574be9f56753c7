//! What is shown, and how large.

use std::time::Instant as Moment;

use egui::{ColorImage, TextureOptions, ViewportCommand, ViewportId};
use session::{MediumId, Role};

use super::playing::toned;
use crate::app::App;
use crate::command::{Editing, Transport, View};
use crate::dialog::Dialog;
use crate::look::{Look, Tone};
use crate::panels::video::{places, untold};
use crate::theme::size;
use crate::thumbnails::Place;
use crate::timeline::Axis;
use crate::work::Work;

impl App {
    pub(super) fn view(&mut self, view: View, _now: Moment) {
        match view {
            View::Zoom(factor) => self.zoom(factor),
            View::Fit => {
                if let Some(work) = &mut self.state.work {
                    work.axis = None;
                }
            }
            View::Axis(axis) => {
                if let Some(work) = &mut self.state.work {
                    work.axis = Some(axis);
                }
            }
            View::ToggleScores => {
                if let Some(work) = &mut self.state.work {
                    work.shows_scores = !work.shows_scores;
                    self.remember_scores();
                }
            }
            View::ToggleAllScores => {
                if let Some(work) = &mut self.state.work {
                    let all = !(work.shows_scores && work.live.shows_all());
                    work.shows_scores = true;
                    work.live.show_all(all);
                    self.remember_scores();
                }
            }
            View::Show(dialog) => {
                self.commands.push(Transport::Pause); // nothing moves on behind it
                self.dialog = Some(dialog);
            }
            View::CloseDialog => match self.dialog.take() {
                Some(Dialog::OtherCoder { .. }) => self.leave_theirs(),
                Some(Dialog::Setup(_)) => self.stop_listening(),
                Some(Dialog::Path { .. }) => self.dialog = self.running.behind.take(),
                _ => {}
            },
            View::Preferences(preferences) => {
                let searches = preferences.video_folders != self.state.preferences.video_folders;
                let small_pictures = self.state.preferences.small_pictures;
                self.state.preferences = *preferences;
                if small_pictures != self.state.preferences.small_pictures {
                    self.reopen_videos();
                    self.forget_small_pictures(); // after those are closed who could write some
                }
                if let Some(work) = &mut self.state.work {
                    (work.jump, work.times) = (self.state.preferences.jump, self.state.preferences.time_format);
                }
                self.apply_preferences();
                self.save_preferences();
                if searches {
                    self.look_after_media();
                }
            }
            View::ComparedChannel(shown) => {
                if let Some(comparing) = self.state.work.as_mut().and_then(|work| work.comparing.as_mut()) {
                    (comparing.shown, comparing.place) = (shown, None);
                }
            }
            View::ComparedPlace(place) => {
                if let Some(comparing) = self.state.work.as_mut().and_then(|work| work.comparing.as_mut()) {
                    comparing.place = Some(place);
                }
            }
            View::CloseComparison => self.close_comparison(),
            View::Told(medium) => {
                let Some(work) = &self.state.work else { return };
                if let Some(file) = work.session().medium(medium).map(|medium| work.file_key(medium)) {
                    self.state.preferences.set_told(file);
                    self.save_preferences();
                }
            }
            View::Look(medium, look) => self.look(medium, look),
            View::Layout(layout) => {
                self.state.preferences.layout = layout;
                self.save_preferences();
            }
            View::RememberMoment(medium) => self.remember_moment(medium),
            View::Escape => self.escape(),
            View::FullScreen => {
                let (window, full) = self.front_window();
                self.context.send_viewport_cmd_to(window, ViewportCommand::Fullscreen(!full));
            }
            View::Apart(medium) => {
                if let Some(work) = &mut self.state.work
                    && !work.apart.remove(&medium)
                {
                    work.apart.insert(medium);
                }
            }
            View::ToggleThumbnails => {
                let preferences = &mut self.state.preferences;
                preferences.shows_thumbnails = !preferences.shows_thumbnails;
                self.save_preferences();
            }
            View::Thumbnails(frames) => self.show_thumbnails(&frames),
            View::TimelinesShare(share) => self.state.preferences.timelines_share = Some(share),
            View::ScoredEpisode(episode) => {
                if let Some(work) = &mut self.state.work {
                    work.live.choose(episode);
                }
            }
            View::Say(text) => self.say(text),
        }
    }

    /// The window that has the keyboard, and whether it fills its screen: a video's own one, else the program's.
    fn front_window(&self) -> (ViewportId, bool) {
        self.context.input(|input| {
            let is_front = |window: &&ViewportId| input.raw.viewports[*window].focused == Some(true);
            let front = input.raw.viewports.keys().find(is_front).copied().unwrap_or(ViewportId::ROOT);
            (front, input.raw.viewports.get(&front).and_then(|window| window.fullscreen).unwrap_or(false))
        })
    }

    /// Escape ends one thing at a time: the selection, the loop, the word about a file, the full screen.
    fn escape(&mut self) {
        let work = self.state.work.as_ref();
        let has_hold = |work: &Work| work.selection.is_some() || work.transport.looped.is_some();
        let told = || {
            let work = work?;
            let shown: Vec<usize> = places(work).map(|(_, n)| n).collect();
            untold(work, &self.state.preferences, &shown).map(|(medium, _)| medium.id)
        };
        if work.is_some_and(has_hold) {
            self.commands.push(Editing::Select(None));
        } else if let Some(medium) = told() {
            self.commands.push(View::Told(medium));
        } else if let (front, true) = self.front_window() {
            self.context.send_viewport_cmd_to(front, ViewportCommand::Fullscreen(false));
        }
    }

    /// Written when the window closes: a hand that drags changes it at every redraw.
    fn look(&mut self, medium: MediumId, look: Look) {
        let Some(work) = &mut self.state.work else { return };
        let Some(place) = work.session().media.iter().position(|known| known.id == medium) else { return };
        let clips = work.session().clips().into_iter().find(|clips| clips.contains(&place)).unwrap_or_default();
        for clip in clips {
            // clips that follow each other are looked at alike
            let path = work.medium_path(&work.session().media[clip]);
            if let Some(video) = work.videos.get_mut(clip)
                && self.state.preferences.look_of(&path).tone != look.tone
            {
                video.uploaded = None;
                work.thumbnails.clear();
            }
            self.state.preferences.set_look(path, look);
        }
        self.upload();
    }

    /// The small pictures of these frames go to the graphics, and all others leave them.
    fn show_thumbnails(&mut self, places: &[Place]) {
        let Some(work) = &mut self.state.work else { return };
        let media = &work.document.session().media;
        let tones: Vec<Tone> =
            media.iter().map(|medium| self.state.preferences.look_of(&work.medium_path(medium)).tone).collect();
        let (player, context) = (&work.player, &self.context);
        work.thumbnails.keep(places, |place| {
            let picture = player.small_pictures(place.video)?.get(place.frame)?;
            let tone = tones.get(place.video).copied().unwrap_or_default();
            let image = ColorImage::new(picture.size, toned(picture.rgba(), tone));
            Some(context.load_texture("thumbnail", image, TextureOptions::LINEAR))
        });
    }

    /// About the playhead where it is in view, else about the middle.
    fn zoom(&mut self, factor: f64) {
        let width = self.context.content_rect().width() - size::HEAD;
        let Some(work) = &mut self.state.work else { return };
        let whole = work.whole();
        let axis = work.axis.unwrap_or_else(|| Axis::fit(whole, size::HEAD, width));
        let x = axis.x_from_time(work.playhead);
        let x = if (axis.left..=axis.left + axis.width).contains(&x) { x } else { axis.left + axis.width / 2.0 };
        work.axis = Some(axis.zoomed(x, factor).within(whole));
    }

    /// Scores shown or hidden are so the next time too. What a second coder looked at says nothing of that: there they stay hidden at first.
    fn remember_scores(&mut self) {
        let Some(work) = self.state.work.as_ref().filter(|work| work.session().role != Role::Second) else { return };
        self.state.preferences.shows_scores = work.shows_scores;
        self.save_preferences();
    }

    /// Keeps what the person prefers; says so where it cannot.
    pub(super) fn save_preferences(&mut self) {
        if let Err(error) = self.state.preferences.save(&self.state.folders.preferences()) {
            self.alarm(format!("the preferences are not kept: {error:#}"));
        }
    }
}
