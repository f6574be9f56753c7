//! How somebody looks at a video: which part of it, and how bright. It is remembered on this machine; no frame, time or mark depends on it.

use egui::{Pos2, Rect, Vec2, pos2};
use serde::{Deserialize, Serialize};

/// Which part of a video's picture is seen, and how bright.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Look {
    zoom: f32,        // 1 is the whole picture
    centre: [f32; 2], // of the part that is seen, in shares of the picture; so that it never reaches beyond the picture
    /// How bright, and how far apart light and dark.
    pub tone: Tone,
}

/// How bright a picture is shown, and how far apart light and dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tone {
    /// -1 to 1, 0 as recorded. It lifts or lowers what lies between: black stays black and white white, so that nothing in a dark face is lost.
    pub brightness: f32,
    /// -1 to 1, 0 as recorded: from half to twice the distance from the middle.
    pub contrast: f32,
}

impl Default for Look {
    fn default() -> Self {
        Self { zoom: 1.0, centre: [0.5, 0.5], tone: Tone::default() }
    }
}

impl Look {
    const CLOSEST: f32 = 16.0;

    /// 1 is the whole picture, 2 half its width and height.
    #[must_use]
    pub const fn zoom(self) -> f32 {
        self.zoom
    }

    /// Is all of the picture seen?
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.zoom == 1.0
    }

    /// The part of the picture that is seen, in shares of its width and height.
    #[must_use]
    pub fn part(self) -> Rect {
        Rect::from_center_size(self.centre.into(), Vec2::splat(1.0 / self.zoom))
    }

    /// Closer by a factor, with the point under the hand kept where it is; `at` is in shares of the part that is seen.
    #[must_use]
    pub fn closer(self, factor: f32, at: Pos2) -> Self {
        let point = self.part().lerp_inside(at.to_vec2());
        let zoom = (self.zoom * factor).clamp(1.0, Self::CLOSEST);
        Self { zoom, ..self }.centred(point + (pos2(0.5, 0.5) - at) / zoom)
    }

    /// The picture moved by shares of the part that is seen.
    #[must_use]
    pub fn moved(self, by: Vec2) -> Self {
        self.centred(Pos2::from(self.centre) - by / self.zoom)
    }

    /// The same within its bounds, whatever a file of preferences says.
    #[must_use]
    pub fn bounded(self) -> Self {
        Self { zoom: self.zoom.clamp(1.0, Self::CLOSEST), ..self }.centred(self.centre.into())
    }

    /// All of the picture again, as bright as before.
    #[must_use]
    pub fn whole(self) -> Self {
        Self::default().toned(self.tone)
    }

    /// The same part in another tone.
    #[must_use]
    pub fn toned(self, tone: Tone) -> Self {
        Self { tone, ..self }
    }

    fn centred(self, centre: Pos2) -> Self {
        let half = 0.5 / self.zoom;
        Self { centre: [centre.x, centre.y].map(|share| share.clamp(half, 1.0 - half)), ..self }
    }
}

impl Tone {
    /// What each part of 0 to 1 is raised to, and by how much its distance from the middle grows then.
    #[must_use]
    pub fn curve(self) -> (f32, f32) {
        ((-self.brightness).exp2(), self.contrast.exp2())
    }

    /// What each part of red, green and blue becomes.
    #[must_use]
    pub fn table(self) -> [u8; 256] {
        let (exponent, spread) = self.curve();
        std::array::from_fn(|part| {
            let bright = (part as f32 / 255.0).powf(exponent);
            (((bright - 0.5) * spread + 0.5) * 255.0).round() as u8 // a cast of floats ends at 0 and 255
        })
    }
}

#[cfg(test)]
mod tests {
    use egui::vec2;

    use super::*;

    #[track_caller]
    fn check(look: Look, min: Pos2, max: Pos2) {
        let part = look.part();
        assert!((part.min - min).length() + (part.max - max).length() < 1e-5, "{part:?}");
    }

    #[test]
    fn the_point_under_the_hand_stays_while_zooming() {
        check(Look::default(), pos2(0.0, 0.0), pos2(1.0, 1.0));
        let twice = Look::default().closer(2.0, pos2(0.25, 0.75));
        check(twice, pos2(0.125, 0.375), pos2(0.625, 0.875));
        check(twice.closer(2.0, pos2(0.0, 0.0)), pos2(0.125, 0.375), pos2(0.375, 0.625));
        check(twice.closer(0.5, pos2(0.25, 0.75)), pos2(0.0, 0.0), pos2(1.0, 1.0));
    }

    #[test]
    fn what_is_seen_never_reaches_beyond_the_picture() {
        let twice = Look::default().closer(2.0, pos2(0.5, 0.5));
        check(twice.moved(vec2(0.5, 0.0)), pos2(0.0, 0.25), pos2(0.5, 0.75));
        check(twice.moved(vec2(9.0, -9.0)), pos2(0.0, 0.5), pos2(0.5, 1.0));
        assert!(
            Look::default().moved(vec2(0.3, 0.3)).is_whole() && Look::default().closer(0.1, pos2(0.2, 0.2)).is_whole()
        );
        assert_eq!(Look::default().closer(1e9, pos2(0.5, 0.5)).zoom(), Look::CLOSEST);
    }

    #[test]
    fn what_a_file_says_is_brought_within_bounds() {
        let look: Look = serde_json::from_str(r#"{"zoom": 0.0, "centre": [7.0, -7.0]}"#).expect("a look");
        assert_eq!(look.bounded(), Look::default());
        let look: Look = serde_json::from_str(r#"{"zoom": 2.0, "centre": [7.0, -7.0]}"#).expect("a look");
        check(look.bounded(), pos2(0.5, 0.0), pos2(1.0, 0.5));
    }

    #[test]
    fn the_whole_picture_keeps_its_tone() {
        let tone = Tone { brightness: 0.5, contrast: 0.0 };
        let look = Look::default().toned(tone).closer(3.0, pos2(0.1, 0.9));
        assert_eq!(look.whole(), Look::default().toned(tone));
    }

    #[test]
    fn as_recorded_changes_nothing() {
        assert!(Tone::default().table().iter().enumerate().all(|(part, becomes)| part == usize::from(*becomes)));
    }

    #[test]
    fn brightness_keeps_black_and_white_and_loses_no_step_between() {
        let table = Tone { brightness: 1.0, contrast: 0.0 }.table();
        assert_eq!((table[0], table[64], table[255]), (0, 128, 255)); // the square root of a quarter is a half
        assert!(table.is_sorted() && table[..64].windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn contrast_turns_about_the_middle() {
        let table = Tone { brightness: 0.0, contrast: 1.0 }.table();
        assert_eq!((table[0], table[63], table[96], table[160], table[255]), (0, 0, 65, 193, 255));
    }
}
