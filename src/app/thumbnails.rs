//! Small pictures along the time: which moments they are of, and which of them the graphics hold.

use std::collections::BTreeMap;
use std::time::{Duration, Instant as Moment};

use egui::{Rangef, TextureHandle, TextureId};
use media::SmallPictures;
use span::{Instant, Length};

use crate::preferences::Preferences;
use crate::timeline::Axis;
use crate::work::{Video, Work};

/// Height of a thumbnail.
pub const HEIGHT: f32 = 40.0;

/// While small pictures are being made, the strip is looked at so often.
const REFRESH: Duration = Duration::from_secs(1);

/// The thumbnails that the graphics hold: those that were last seen, and no others.
#[derive(Default)]
pub struct Thumbnails {
    held: BTreeMap<Place, Option<TextureHandle>>, // none where it could not be made
}

/// Which frame of which of the player's videos.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The video.
    pub video: usize,
    /// Its frame.
    pub frame: usize,
}

impl Thumbnails {
    /// Lets go of all.
    pub fn clear(&mut self) {
        self.held.clear();
    }

    /// From now on these are held, made where they are not there yet.
    pub fn keep(&mut self, places: &[Place], make: impl Fn(Place) -> Option<TextureHandle>) {
        let before = std::mem::take(&mut self.held);
        for &place in places {
            let of_before = || before.get(&place).cloned().unwrap_or_else(|| make(place));
            self.held.entry(place).or_insert_with(of_before);
        }
    }

    /// How many are held.
    #[must_use]
    pub fn held(&self) -> usize {
        self.held.values().flatten().count()
    }
}

/// The thumbnails along an axis, as they are drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Strip {
    /// From left to right.
    pub thumbnails: Vec<Thumbnail>,
    /// How many of the small pictures are made; nothing once all are.
    pub remark: String,
    /// The graphics hold others than these.
    pub is_stale: bool,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Thumbnail {
    /// Left and right; left is the moment that it is of, and right is never beyond the end of its clip.
    pub x: Rangef,
    /// How much of its width is shown, from the left.
    pub share: f32,
    /// What is shown: the nearest frame whose small picture is made.
    pub place: Place,
    /// What the graphics hold of it.
    pub texture: Option<TextureId>,
}

impl Strip {
    /// What is shown in it.
    pub fn places(&self) -> impl Iterator<Item = Place> {
        self.thumbnails.iter().map(|thumbnail| thumbnail.place)
    }
}

impl Work {
    /// The thumbnails of what the armed track is coded from.
    #[must_use]
    pub fn strip(&self, axis: Axis) -> Strip {
        let here = self.medium_index(&self.armed);
        let width = HEIGHT * self.videos.get(here).map_or(1.0, Video::aspect);
        let (step, moments) = moments(axis, width);
        let mut is_stale = false;
        let thumbnail = |moment: Instant| {
            let place = self.small_picture_at(moment, step)?;
            let left = axis.x_from_time(moment);
            let held = self.thumbnails.held.get(&place);
            is_stale |= held.is_none();
            let texture = held.and_then(Option::as_ref).map(TextureHandle::id);
            let right = axis.x_from_time(self.end_of(place.video)?).min(left + width);
            Some(Thumbnail { x: Rangef::new(left, right), share: (right - left) / width, place, texture })
        };
        let thumbnails = moments.into_iter().filter_map(thumbnail).collect();
        let remark = self.player.small_pictures(here).map_or_else(String::new, |pictures| remark(pictures));
        Strip { thumbnails, remark, is_stale }
    }

    /// When a video ends on the session's clock.
    fn end_of(&self, video: usize) -> Option<Instant> {
        Some(self.player.placement(video).session_from_medium(self.player.index(video)?.end()))
    }

    /// The small picture nearest to a moment of what the armed track is coded from, where it is less than `step` away or of the very frame.
    fn small_picture_at(&self, moment: Instant, step: Length) -> Option<Place> {
        let video = self.medium_index_at(&self.armed, moment);
        let pictures = self.player.small_pictures(video)?;
        let index = self.player.index(video)?;
        let time = self.player.placement(video).medium_from_session(moment);
        if time < index.time_of(0) || time >= index.end() {
            return None;
        }
        let wanted = index.frame_at(time);
        let frame = pictures.nearest(wanted)?;
        let is_near = frame == wanted || (index.time_of(frame) - time).abs() < step;
        is_near.then_some(Place { video, frame })
    }

    /// When the strip may have more to show, while small pictures are being made.
    #[must_use]
    pub fn thumbnails_due(&self, preferences: &Preferences, now: Moment) -> Option<Moment> {
        let all = (0..self.player.videos()).filter_map(|video| self.player.small_pictures(video));
        let grows = preferences.has_thumbnails() && all.into_iter().any(|pictures| pictures.share() < 1.0);
        grows.then(|| now + REFRESH)
    }
}

fn remark(pictures: &SmallPictures) -> String {
    let (share, every) = (pictures.share(), pictures.every());
    if share < 1.0 {
        format!("{} %", (share * 100.0) as u32)
    } else if every > 1 {
        format!("1 in {every}")
    } else {
        String::new()
    }
}

/// Even moments in view, from one to the next at least the width of a picture and at most a quarter more.
///
/// They are whole multiples of their distance: moving along the time brings new ones in, and leaves the others as they are.
fn moments(axis: Axis, width: f32) -> (Length, Vec<Instant>) {
    let least = axis.length_of(width).micros().max(1) as u64;
    let octave = least.ilog2().saturating_sub(2); // three binary digits of the distance are left
    let step = least.next_multiple_of(1 << octave) as i64;
    let visible = axis.visible();
    let (first, last) = (visible.start().micros().div_euclid(step), visible.end().micros().div_euclid(step));
    let step = Length::from_micros(step);
    (step, (first..=last).map(|n| Instant::ZERO + step.times(n)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lanes are a thousand points wide.
    fn axis(start_secs: f64, points_per_sec: f64) -> Axis {
        Axis { start_secs, points_per_sec, left: 100.0, width: 1_000.0 }
    }

    #[test]
    fn pictures_stand_beside_each_other_at_every_zoom() {
        for n in 0..200 {
            let axis = axis(0.0, 0.05 * 1.06_f64.powi(n));
            let (step, moments) = moments(axis, 71.0);
            let distance = step.as_secs() * axis.points_per_sec;
            assert!((70.9..=71.0 * 1.26).contains(&distance), "{distance} points at {}", axis.points_per_sec);
            assert!((11..=16).contains(&moments.len()), "{}", moments.len());
        }
    }

    #[test]
    fn moving_along_the_time_keeps_the_moments() {
        let (step, before) = moments(axis(0.0, 10.0), 71.0);
        let (same, after) = moments(axis(30.0, 10.0), 71.0);
        assert_eq!(step, same);
        assert!(before.iter().filter(|moment| after.contains(moment)).count() >= before.len() / 2);
    }
}
