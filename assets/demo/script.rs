//! What happens in the demonstration, frame by frame: the script that the picture, the sound and the gold coding follow.
//!
//! The generator draws from it and the tests compare the decoded file with it, so each of them uses only a part.
#![allow(dead_code, reason = "the generator and the tests each use a part")]

use std::fmt::Write as _;

/// The picture's width in pixels: two pictures side by side, the infant on the left.
pub(crate) const WIDTH: usize = 640;
/// The picture's height in pixels.
pub(crate) const HEIGHT: usize = 360;
/// Frames a second. Every time in this file is a frame number.
pub(crate) const FPS: usize = 25;
/// How many frames the demonstration has: 90 seconds.
pub(crate) const FRAMES: usize = 2250;

/// Name, first frame and the frame after the last.
pub(crate) const EPISODES: [(&str, usize, usize); 3] =
    [("play", 0, STILL_FACE), ("still-face", STILL_FACE, REUNION), ("reunion", REUNION, FRAMES)];
const STILL_FACE: usize = 750;
const REUNION: usize = 1375;

/// Where somebody looks: at the partner's face, at the toy, or at neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gaze {
    Partner,
    Toy,
    Away,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Affect {
    Positive,
    Neutral,
    Negative,
}

/// What the infant's hands touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InfantTouch {
    Nothing,
    Own,
    Parent,
    Toy,
}

/// How the parent touches the infant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParentTouch {
    Nothing,
    Affectionate,
    Static,
    Playful,
}

/// Everything that is coded, in one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FrameState {
    pub(crate) infant: Partner<InfantTouch>,
    pub(crate) parent: Partner<ParentTouch>,
}

/// One of the two, in one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Partner<Touch> {
    pub(crate) gaze: Gaze,
    pub(crate) affect: Affect,
    pub(crate) touch: Touch,
}

/// One change of state. It is seen for the first time in the frame that the script gives for it.
#[derive(Clone, Copy, Debug)]
enum Turn {
    InfantLooks(Gaze),
    InfantFeels(Affect),
    InfantTouches(InfantTouch),
    ParentLooks(Gaze),
    ParentFeels(Affect),
    ParentTouches(ParentTouch),
}

/// How somebody sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    InfantCoo,
    InfantLaugh,
    InfantFuss,
    InfantCry,
    ParentTalk,
    ParentPlay,
    ParentSoothe,
}

impl Voice {
    pub(crate) fn is_infant(self) -> bool {
        matches!(self, Self::InfantCoo | Self::InfantLaugh | Self::InfantFuss | Self::InfantCry)
    }
}

use Affect::{Negative, Neutral, Positive};
use Turn::{InfantFeels, InfantLooks, InfantTouches, ParentFeels, ParentLooks, ParentTouches};

const START: FrameState = FrameState {
    infant: Partner { gaze: Gaze::Partner, affect: Neutral, touch: InfantTouch::Nothing },
    parent: Partner { gaze: Gaze::Partner, affect: Positive, touch: ParentTouch::Nothing },
};

/// Sorted by frame.
const SCRIPT: &[(usize, Turn)] = &[
    // Play. The infant answers the parent's smile, and they play.
    (38, InfantFeels(Positive)),
    (60, ParentTouches(ParentTouch::Playful)),
    // Too much: the infant turns away, the parent gives room.
    (112, InfantLooks(Gaze::Away)),
    (130, InfantFeels(Neutral)),
    (137, ParentTouches(ParentTouch::Nothing)),
    (150, ParentFeels(Neutral)),
    // A toy, and soon they look at it together.
    (171, InfantLooks(Gaze::Toy)),
    (180, InfantTouches(InfantTouch::Toy)),
    (190, ParentLooks(Gaze::Toy)),
    (236, ParentLooks(Gaze::Partner)),
    (257, InfantTouches(InfantTouch::Nothing)),
    (268, InfantLooks(Gaze::Partner)),
    (301, ParentFeels(Positive)),
    (322, InfantFeels(Positive)),
    (330, ParentTouches(ParentTouch::Affectionate)),
    (343, InfantTouches(InfantTouch::Parent)),
    (395, InfantTouches(InfantTouch::Nothing)),
    (402, InfantFeels(Neutral)),
    (418, ParentTouches(ParentTouch::Nothing)),
    (431, ParentFeels(Neutral)),
    // A first fuss. The parent sees it at once, holds, and it settles.
    (470, InfantLooks(Gaze::Away)),
    (489, InfantFeels(Negative)),
    (505, ParentTouches(ParentTouch::Static)),
    (548, InfantFeels(Neutral)),
    (556, InfantLooks(Gaze::Partner)),
    (592, ParentFeels(Positive)),
    (600, ParentTouches(ParentTouch::Playful)),
    (618, InfantFeels(Positive)),
    (664, ParentTouches(ParentTouch::Nothing)),
    (679, InfantLooks(Gaze::Toy)),
    (690, InfantTouches(InfantTouch::Toy)),
    (701, ParentLooks(Gaze::Toy)),
    (726, ParentLooks(Gaze::Partner)),
    (733, InfantLooks(Gaze::Partner)),
    (739, InfantTouches(InfantTouch::Nothing)),
    // Still face. The parent looks, and does nothing else; the infant asks with two smiles, then consoles itself.
    (750, ParentFeels(Neutral)),
    (793, InfantFeels(Neutral)),
    (820, InfantFeels(Positive)),
    (851, InfantFeels(Neutral)),
    (872, InfantLooks(Gaze::Away)),
    (905, InfantTouches(InfantTouch::Own)),
    (946, InfantLooks(Gaze::Partner)),
    (975, InfantFeels(Positive)),
    (1003, InfantFeels(Neutral)),
    (1004, InfantTouches(InfantTouch::Nothing)),
    (1010, InfantLooks(Gaze::Toy)),
    (1022, InfantTouches(InfantTouch::Toy)),
    (1080, InfantFeels(Negative)),
    (1085, InfantTouches(InfantTouch::Nothing)),
    (1098, InfantLooks(Gaze::Partner)),
    (1130, InfantTouches(InfantTouch::Own)),
    (1144, InfantLooks(Gaze::Away)),
    (1150, InfantFeels(Neutral)),
    (1226, InfantFeels(Negative)),
    (1240, InfantLooks(Gaze::Partner)),
    (1301, InfantLooks(Gaze::Away)),
    (1320, InfantTouches(InfantTouch::Nothing)),
    // Reunion. The parent soothes; it takes a while.
    (1383, ParentTouches(ParentTouch::Affectionate)),
    (1466, InfantFeels(Neutral)),
    (1490, InfantLooks(Gaze::Partner)),
    (1515, ParentFeels(Positive)),
    (1560, InfantFeels(Negative)),
    (1571, ParentFeels(Neutral)),
    (1578, ParentTouches(ParentTouch::Static)),
    (1630, InfantLooks(Gaze::Away)),
    (1640, InfantFeels(Neutral)),
    (1668, InfantLooks(Gaze::Partner)),
    (1690, ParentTouches(ParentTouch::Nothing)),
    // The parent is called away for a moment, is missed, sees it, and comes back.
    (1702, ParentLooks(Gaze::Away)),
    (1731, InfantFeels(Negative)),
    (1752, ParentLooks(Gaze::Partner)),
    (1757, ParentFeels(Negative)),
    (1768, ParentTouches(ParentTouch::Affectionate)),
    (1781, ParentFeels(Neutral)),
    (1800, InfantFeels(Neutral)),
    (1832, ParentFeels(Positive)),
    (1858, InfantFeels(Positive)),
    (1884, ParentTouches(ParentTouch::Nothing)),
    (1900, ParentTouches(ParentTouch::Playful)),
    (1957, InfantLooks(Gaze::Away)),
    (1969, ParentTouches(ParentTouch::Nothing)),
    (1980, InfantFeels(Neutral)),
    (2004, ParentFeels(Neutral)),
    (2021, InfantLooks(Gaze::Toy)),
    (2030, InfantTouches(InfantTouch::Toy)),
    (2049, ParentLooks(Gaze::Toy)),
    (2106, InfantTouches(InfantTouch::Nothing)),
    (2112, InfantLooks(Gaze::Partner)),
    (2112, ParentLooks(Gaze::Partner)),
    (2134, InfantFeels(Positive)),
    (2150, ParentFeels(Positive)),
    (2158, ParentTouches(ParentTouch::Affectionate)),
    (2166, InfantTouches(InfantTouch::Parent)),
];

/// Who is heard when: first frame, number of frames, how.
pub(crate) const UTTERANCES: &[(usize, usize, Voice)] = &[
    (6, 26, Voice::ParentTalk),
    (42, 20, Voice::InfantCoo),
    (64, 22, Voice::ParentPlay),
    (84, 24, Voice::InfantLaugh),
    (92, 22, Voice::ParentPlay),
    (154, 24, Voice::ParentSoothe),
    (196, 26, Voice::ParentTalk),
    (216, 16, Voice::InfantCoo),
    (274, 20, Voice::InfantCoo),
    (303, 26, Voice::ParentTalk),
    (326, 18, Voice::InfantCoo),
    (352, 24, Voice::ParentPlay),
    (374, 18, Voice::InfantCoo),
    (440, 24, Voice::ParentTalk),
    (489, 20, Voice::InfantFuss),
    (508, 30, Voice::ParentSoothe),
    (520, 18, Voice::InfantFuss),
    (562, 18, Voice::InfantCoo),
    (594, 24, Voice::ParentPlay),
    (620, 26, Voice::InfantLaugh),
    (634, 22, Voice::ParentPlay),
    (704, 26, Voice::ParentTalk),
    (822, 18, Voice::InfantCoo),
    (976, 18, Voice::InfantCoo),
    (1082, 20, Voice::InfantFuss),
    (1112, 20, Voice::InfantFuss),
    (1228, 22, Voice::InfantFuss),
    (1262, 30, Voice::InfantCry),
    (1304, 34, Voice::InfantCry),
    (1350, 24, Voice::InfantFuss),
    (1379, 34, Voice::ParentSoothe),
    (1396, 28, Voice::InfantCry),
    (1426, 34, Voice::ParentSoothe),
    (1440, 18, Voice::InfantFuss),
    (1474, 28, Voice::ParentTalk),
    (1518, 26, Voice::ParentTalk),
    (1562, 22, Voice::InfantFuss),
    (1582, 34, Voice::ParentSoothe),
    (1604, 18, Voice::InfantFuss),
    (1650, 26, Voice::ParentSoothe),
    (1733, 26, Voice::InfantFuss),
    (1766, 34, Voice::ParentSoothe),
    (1834, 26, Voice::ParentTalk),
    (1860, 20, Voice::InfantCoo),
    (1904, 22, Voice::ParentPlay),
    (1922, 28, Voice::InfantLaugh),
    (1936, 20, Voice::ParentPlay),
    (2052, 28, Voice::ParentTalk),
    (2084, 18, Voice::InfantCoo),
    (2136, 20, Voice::InfantCoo),
    (2152, 30, Voice::ParentTalk),
    (2190, 24, Voice::InfantCoo),
    (2212, 30, Voice::ParentSoothe),
];

/// The state shown in a frame.
pub(crate) fn state_at(frame: usize) -> FrameState {
    SCRIPT.iter().take_while(|(from, _)| *from <= frame).fold(START, |state, (_, turn)| state.after(*turn))
}

impl FrameState {
    fn after(mut self, turn: Turn) -> Self {
        match turn {
            InfantLooks(gaze) => self.infant.gaze = gaze,
            InfantFeels(affect) => self.infant.affect = affect,
            InfantTouches(touch) => self.infant.touch = touch,
            ParentLooks(gaze) => self.parent.gaze = gaze,
            ParentFeels(affect) => self.parent.affect = affect,
            ParentTouches(touch) => self.parent.touch = touch,
        }
        self
    }

    /// The codes of the scheme `infant-parent`, in the order of [`TRACKS`].
    pub(crate) fn codes(self) -> [&'static str; 6] {
        let infant_gaze = match self.infant.gaze {
            Gaze::Partner => "partner",
            Gaze::Toy => "object",
            Gaze::Away => "away",
        };
        let infant_touch = match self.infant.touch {
            InfantTouch::Nothing => "none",
            InfantTouch::Own => "self",
            InfantTouch::Parent => "parent",
            InfantTouch::Toy => "object",
        };
        let parent_gaze = match self.parent.gaze {
            Gaze::Partner => "infant_face",
            Gaze::Toy => "infant_object",
            Gaze::Away => "other",
        };
        let parent_touch = match self.parent.touch {
            ParentTouch::Nothing => "none",
            ParentTouch::Affectionate => "affectionate",
            ParentTouch::Static => "static",
            ParentTouch::Playful => "playful",
        };
        let [infant_affect, parent_affect] = [self.infant.affect, self.parent.affect].map(|affect| match affect {
            Positive => "positive",
            Neutral => "neutral",
            Negative => "negative",
        });
        [infant_gaze, infant_affect, infant_touch, parent_gaze, parent_affect, parent_touch]
    }
}

/// Subject and channel of every coded track.
pub(crate) const TRACKS: [(&str, &str); 6] = [
    ("infant", "gaze"),
    ("infant", "affect"),
    ("infant", "touch"),
    ("parent", "gaze"),
    ("parent", "affect"),
    ("parent", "touch"),
];

/// The gold coding as a coded-timeline CSV. `medium` is the comment line's text about the video file.
pub(crate) fn gold_csv(medium: &str) -> String {
    let mut csv = format!("# attune csv 1, scheme infant-parent 1\n# medium 1 {medium}\n");
    for (name, start, end) in EPISODES {
        let _ = writeln!(csv, "# episode {name} {} {}", secs(start), secs(end));
    }
    for (subject, channel) in TRACKS {
        let _ = writeln!(csv, "# coded {subject} {channel} {} {}", secs(0), secs(FRAMES));
    }
    csv += "session,coder,episode,subject,channel,code,onset_s,offset_s,duration_s,onset_frame,offset_frame,certainty,note\n";
    for (track, (subject, channel)) in TRACKS.iter().enumerate() {
        for (code, start, end) in runs(track) {
            let episode = EPISODES.iter().rfind(|(_, first, _)| *first <= start).map_or("", |(name, ..)| name);
            let times = [start, end, end - start].map(secs).join(",");
            let _ = writeln!(csv, "demo,gold,{episode},{subject},{channel},{code},{times},{start},{end},,");
        }
    }
    csv
}

/// The marks of a track: code, first frame, the frame after the last.
fn runs(track: usize) -> Vec<(&'static str, usize, usize)> {
    let mut runs: Vec<(&'static str, usize, usize)> = Vec::new();
    for frame in 0..FRAMES {
        let code = state_at(frame).codes()[track];
        match runs.last_mut() {
            Some((last, _, end)) if *last == code => *end = frame + 1,
            _ => runs.push((code, frame, frame + 1)),
        }
    }
    runs
}

/// The time of a frame's start in seconds, exact and without needless zeros.
fn secs(frame: usize) -> String {
    let hundredths = frame * 100 / FPS;
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A place in the picture: x to the right, y down, in pixels.
pub(crate) type Point = (f32, f32);

/// Where the parts of a face are when the head is at rest. It sways by less than two pixels.
pub(crate) struct Face {
    pub(crate) centre: Point,
    pub(crate) radius: f32,
    /// The eye on the left of the picture and the one on the right.
    pub(crate) eyes: [Point; 2],
    pub(crate) eye_radius: f32,
    pub(crate) pupil_radius: f32,
    /// The middle of a neutral mouth, and half its width.
    pub(crate) mouth: Point,
    pub(crate) mouth_half: f32,
    /// How far a pupil is from the middle of its eye when the gaze is on the partner, on the toy, and away.
    pub(crate) pupils: [Point; 3],
}

/// How far the corners of a mouth are above or below its middle line.
pub(crate) const MOUTH_CURVE: f32 = 10.0;

pub(crate) const INFANT: Face = Face {
    centre: (160.0, 150.0),
    radius: 84.0,
    eyes: [(129.0, 142.0), (191.0, 142.0)],
    eye_radius: 14.5,
    pupil_radius: 8.0,
    mouth: (160.0, 193.0),
    mouth_half: 29.0,
    pupils: [(5.8, 0.3), (-3.0, 5.0), (-4.4, -3.8)],
};

pub(crate) const PARENT: Face = Face {
    centre: (480.0, 150.0),
    radius: 86.0,
    eyes: [(449.0, 140.0), (511.0, 140.0)],
    eye_radius: 13.0,
    pupil_radius: 7.2,
    mouth: (480.0, 194.0),
    mouth_half: 33.0,
    pupils: [(-5.2, 0.3), (-2.8, 4.7), (4.2, -3.6)],
};

/// Where hands are: each place is covered by the hand that is named, and by no other hand.
pub(crate) mod hands {
    use super::Point;

    pub(crate) const INFANT_OWN: Point = (80.0, 208.0);
    pub(crate) const INFANT_PARENT: Point = (288.0, 258.0);
    pub(crate) const INFANT_TOY: Point = (66.0, 306.0);
    pub(crate) const AFFECTIONATE: Point = (255.0, 186.0);
    pub(crate) const STATIC: Point = (214.0, 300.0);
    pub(crate) const PLAYFUL: [Point; 2] = [(126.0, 334.0), (194.0, 334.0)];
}

/// Reads the state off a decoded picture (RGBA, row by row), knowing where to look but not which frame it is.
///
/// The pupils' and the mouth corners' positions are measured; a hand is there when its place has the colour of skin.
/// Any size of picture with the right proportions will do.
pub(crate) fn classify(rgba: &[u8], width: usize, height: usize) -> FrameState {
    let picture = Picture { rgba, width, scale: (width as f32 / WIDTH as f32, height as f32 / HEIGHT as f32) };
    FrameState {
        infant: Partner {
            gaze: gaze(&picture, &INFANT),
            affect: affect(&picture, &INFANT),
            touch: infant_touch(&picture),
        },
        parent: Partner {
            gaze: gaze(&picture, &PARENT),
            affect: affect(&picture, &PARENT),
            touch: parent_touch(&picture),
        },
    }
}

struct Picture<'a> {
    rgba: &'a [u8],
    width: usize,
    scale: Point,
}

impl Picture<'_> {
    fn at(&self, (x, y): Point) -> [f32; 3] {
        let column = (x * self.scale.0) as usize;
        let row = (y * self.scale.1) as usize;
        let start = 4 * (row * self.width + column);
        [0, 1, 2].map(|channel| f32::from(self.rgba[start + channel]))
    }

    fn brightness(&self, place: Point) -> f32 {
        let [red, green, blue] = self.at(place);
        0.3 * red + 0.59 * green + 0.11 * blue
    }

    /// Where the darkness within a box lies, by weight; the box's middle if there is none.
    fn dark_centre(&self, middle: Point, half: Point, darker_than: f32) -> Point {
        let (mut weight, mut sum) = (0.0, (0.0, 0.0));
        for dy in -(half.1 as i32)..=half.1 as i32 {
            for dx in -(half.0 as i32)..=half.0 as i32 {
                let place = (middle.0 + dx as f32, middle.1 + dy as f32);
                let dark = (darker_than - self.brightness(place)).max(0.0);
                weight += dark;
                sum = (sum.0 + dark * place.0, sum.1 + dark * place.1);
            }
        }
        if weight > 0.0 { (sum.0 / weight, sum.1 / weight) } else { middle }
    }

    /// Whether skin covers a place: everything that a hand can cover is blue, green, yellow or dark.
    fn is_skin(&self, (x, y): Point) -> bool {
        let places = [(x, y), (x - 2.0, y), (x + 2.0, y), (x, y - 2.0), (x, y + 2.0)];
        let skin = places.into_iter().filter(|place| {
            let [red, green, blue] = self.at(*place);
            red > 195.0 && red - green > 18.0 && green - blue > 12.0 && blue > 110.0
        });
        skin.count() >= 3
    }
}

fn gaze(picture: &Picture, face: &Face) -> Gaze {
    let half = (face.eye_radius - 2.0, face.eye_radius - 2.0);
    let offsets = face.eyes.map(|eye| {
        let pupil = picture.dark_centre(eye, half, 110.0);
        (pupil.0 - eye.0, pupil.1 - eye.1)
    });
    let [left, right] = offsets;
    let seen = (f32::midpoint(left.0, right.0), f32::midpoint(left.1, right.1));
    let distance = |to: Point| (seen.0 - to.0).hypot(seen.1 - to.1);
    let by_distance = [Gaze::Partner, Gaze::Toy, Gaze::Away].into_iter().zip(face.pupils.map(distance));
    by_distance.min_by(|a, b| a.1.total_cmp(&b.1)).map_or(Gaze::Away, |(gaze, _)| gaze)
}

fn affect(picture: &Picture, face: &Face) -> Affect {
    let corner = |side: f32| {
        let middle = (face.mouth.0 + side * (face.mouth_half - 1.0), face.mouth.1);
        picture.dark_centre(middle, (4.0, MOUTH_CURVE + 6.0), 140.0).1 - face.mouth.1
    };
    let height = f32::midpoint(corner(-1.0), corner(1.0));
    match height {
        ..-4.0 => Positive,
        4.0.. => Negative,
        _ => Neutral,
    }
}

fn infant_touch(picture: &Picture) -> InfantTouch {
    let places = [
        (hands::INFANT_OWN, InfantTouch::Own),
        (hands::INFANT_PARENT, InfantTouch::Parent),
        (hands::INFANT_TOY, InfantTouch::Toy),
    ];
    places.into_iter().find(|(place, _)| picture.is_skin(*place)).map_or(InfantTouch::Nothing, |(_, touch)| touch)
}

fn parent_touch(picture: &Picture) -> ParentTouch {
    if picture.is_skin(hands::AFFECTIONATE) {
        ParentTouch::Affectionate
    } else if picture.is_skin(hands::STATIC) {
        ParentTouch::Static
    } else if hands::PLAYFUL.iter().all(|hand| picture.is_skin(*hand)) {
        ParentTouch::Playful
    } else {
        ParentTouch::Nothing
    }
}
