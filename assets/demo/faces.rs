//! The two faces, drawn from the script. A coded feature is drawn in full from the very frame in which its state begins.

use std::f32::consts::{FRAC_PI_2, PI, TAU};

use crate::canvas::{Canvas, Ink};
use crate::script::{
    Affect, Face, FrameState, Gaze, HEIGHT, INFANT, InfantTouch, MOUTH_CURVE, PARENT, ParentTouch, Point, WIDTH, hands,
    state_at,
};
use crate::voices::loudness;

const INFANT_ROOM: Ink = Ink::new(0x26_30_3a);
const PARENT_ROOM: Ink = Ink::new(0x2f_2f_29);
const SEAM: Ink = Ink::new(0x0f_10_12);

const INFANT_SKIN: Ink = Ink::new(0xf0_cf_ae);
const INFANT_HAIR: Ink = Ink::new(0xb9_8a_5e);
const INFANT_CLOTHES: Ink = Ink::new(0xd9_a9_4e);
const PARENT_SKIN: Ink = Ink::new(0xe0_b4_91);
const PARENT_HAIR: Ink = Ink::new(0x4a_34_26);
const PARENT_CLOTHES: Ink = Ink::new(0x4d_7d_b0);

const BLUSH: Ink = Ink::new(0xe8_7d_6c);
const FLUSH: Ink = Ink::new(0xe0_7f_66);
const EYE: Ink = Ink::new(0xff_ff_ff);
const PUPIL: Ink = Ink::new(0x2b_2b_2e);
const LIPS: Ink = Ink::new(0xa5_47_3f);
const MOUTH: Ink = Ink::new(0x6e_26_26);
const TOY: Ink = Ink::new(0x4a_a5_8a);
const TOY_BEADS: Ink = Ink::new(0x7c_c4_ff);

/// How somebody looks in one frame, apart from the hands.
struct Look {
    gaze: Gaze,
    affect: Affect,
    /// From 0, silent, to 1: how far the mouth is open.
    voice: f32,
    /// From 0, open, to 1: how far the lids have come down over the eyes. They never reach the pupils' middle.
    lids: f32,
    sway: Point,
}

/// The two rooms without anybody, which are the same in every frame.
pub(crate) fn rooms() -> Canvas {
    let mut canvas = Canvas::new(WIDTH, HEIGHT);
    canvas.keep_within(0, WIDTH / 2);
    canvas.fill(INFANT_ROOM);
    canvas.glow(INFANT.centre, 190.0, Ink::new(0x3a_48_56).faint(0.55));
    toy(&mut canvas);
    canvas.keep_within(WIDTH / 2, WIDTH);
    canvas.fill(PARENT_ROOM);
    canvas.glow(PARENT.centre, 190.0, Ink::new(0x46_46_3c).faint(0.55));
    canvas
}

/// Draws a frame onto the canvas, over whatever is there.
pub(crate) fn draw(canvas: &mut Canvas, rooms: &Canvas, frame: usize) {
    let state = state_at(frame);
    let half = WIDTH / 2;
    canvas.copy(rooms);
    canvas.keep_within(0, half);
    infant(canvas, state, frame);
    canvas.keep_within(half, WIDTH);
    parent(canvas, state, frame);
    canvas.keep_within(half - 2, half + 2);
    canvas.fill(SEAM);
}

fn infant(canvas: &mut Canvas, state: FrameState, frame: usize) {
    let look = Look {
        gaze: state.infant.gaze,
        affect: state.infant.affect,
        voice: loudness(frame, true),
        lids: lids(frame, 83, 17),
        sway: (1.3 * wave(frame, 97.0), 1.1 * wave(frame, 61.0)),
    };
    infant_hair(canvas, look.sway);
    tuft(canvas, look.sway);
    body(canvas, (160.0, 242.0), (92.0, 118.0), 22.0, INFANT_CLOTHES, skin(INFANT_SKIN, look.affect));
    face(canvas, &INFANT, &look, INFANT_SKIN);
    let (resting, reaching) = infant_arms(state.infant.touch);
    for arm in resting {
        infant_arm(canvas, &arm);
    }
    parent_hands(canvas, state.parent.touch, frame);
    for arm in reaching {
        infant_arm(canvas, &arm);
    }
}

fn parent(canvas: &mut Canvas, state: FrameState, frame: usize) {
    let look = Look {
        gaze: state.parent.gaze,
        affect: state.parent.affect,
        voice: loudness(frame, false),
        lids: lids(frame, 101, 60),
        sway: (1.2 * wave(frame, 113.0), 1.2 * wave(frame, 71.0)),
    };
    let (x, y) = moved(PARENT.centre, look.sway);
    canvas.oval((x, y + 16.0), (103.0, 118.0), PARENT_HAIR);
    canvas.disc((x, y - 12.0), 98.0, PARENT_HAIR);
    body(canvas, (480.0, 256.0), (118.0, 106.0), 26.0, PARENT_CLOTHES, skin(PARENT_SKIN, look.affect));
    parent_arms(canvas, state.parent.touch);
    face(canvas, &PARENT, &look, PARENT_SKIN);
    fringe(canvas, look.sway);
}

/// A slow movement between -1 and 1.
fn wave(frame: usize, period: f32) -> f32 {
    (TAU * frame as f32 / period).sin()
}

/// The lids come down for four frames of every `period`.
fn lids(frame: usize, period: usize, phase: usize) -> f32 {
    match (frame + phase) % period {
        0 | 3 => 0.6,
        1 | 2 => 1.0,
        _ => 0.0,
    }
}

fn moved(point: Point, by: Point) -> Point {
    (point.0 + by.0, point.1 + by.1)
}

fn skin(base: Ink, affect: Affect) -> Ink {
    match affect {
        Affect::Positive => base.mixed(Ink::new(0xff_d9_b0), 0.25),
        Affect::Neutral => base,
        Affect::Negative => base.mixed(FLUSH, 0.32),
    }
}

/// A body below a neck: `top` is where the clothes begin.
fn body(canvas: &mut Canvas, top: Point, radii: Point, neck: f32, clothes: Ink, skin: Ink) {
    canvas.oval((top.0, top.1 + radii.1), radii, clothes);
    canvas.stroke(&[(top.0, top.1 - 36.0), top], neck, skin.mixed(MOUTH, 0.16));
    let collar = arc(top, neck + 2.0, 0.15, PI - 0.15);
    canvas.stroke(&collar, 4.5, clothes.mixed(Ink::new(0xff_ff_ff), 0.28));
}

fn face(canvas: &mut Canvas, face: &Face, look: &Look, base: Ink) {
    let skin = skin(base, look.affect);
    let centre = moved(face.centre, look.sway);
    for side in [-1.0, 1.0] {
        canvas.disc((centre.0 + side * (face.radius - 1.0), centre.1 + 6.0), 14.0, skin.mixed(MOUTH, 0.10));
    }
    canvas.disc(centre, face.radius, skin);
    cheeks(canvas, face, look);
    for (eye, side) in face.eyes.into_iter().zip([-1.0, 1.0]) {
        let eye = moved(eye, look.sway);
        draw_eye(canvas, face, look, eye, skin);
        brow(canvas, face, look.affect, eye, side);
    }
    let nose = moved((face.centre.0, face.eyes[0].1 + 26.0), look.sway);
    canvas.stroke(&arc((nose.0, nose.1 - 4.0), 6.0, 0.5, PI - 0.5), 1.6, skin.mixed(MOUTH, 0.35));
    mouth(canvas, face, look);
}

fn cheeks(canvas: &mut Canvas, face: &Face, look: &Look) {
    let (radius, opacity) = match look.affect {
        Affect::Positive => (27.0, 0.62),
        Affect::Neutral => (22.0, 0.22),
        Affect::Negative => (32.0, 0.55),
    };
    for eye in face.eyes {
        let side = (eye.0 - face.centre.0).signum();
        canvas.glow(moved((eye.0 + side * 14.0, eye.1 + 34.0), look.sway), radius, BLUSH.faint(opacity));
    }
}

fn draw_eye(canvas: &mut Canvas, face: &Face, look: &Look, eye: Point, skin: Ink) {
    let radius = face.eye_radius;
    let pupil = moved(eye, face.pupils[look.gaze as usize]);
    canvas.disc(eye, radius, EYE);
    canvas.lens((pupil, face.pupil_radius), (eye, radius - 0.8), PUPIL);
    canvas.disc((pupil.0 + 2.3, pupil.1 - 2.6), 1.9, EYE.faint(0.9));
    if look.lids > 0.0 {
        // A lid is a disc of skin whose lower edge comes down over the eye.
        let lid = (eye.0, eye.1 - radius * (2.0 - 0.5 * look.lids) - 6.0);
        canvas.lens((eye, radius + 1.0), (lid, radius + 6.0), skin.mixed(MOUTH, 0.12));
    }
}

fn brow(canvas: &mut Canvas, face: &Face, affect: Affect, eye: Point, side: f32) {
    let (inner, outer) = match affect {
        Affect::Positive => (-7.0, -5.0),
        Affect::Neutral => (-4.0, -4.0),
        Affect::Negative => (-9.0, -1.0),
    };
    let y = eye.1 - face.eye_radius - 4.0;
    let points = [
        (eye.0 - side * 12.0, y + inner),
        (eye.0, y + f32::midpoint(inner, outer) - 2.5),
        (eye.0 + side * 12.0, y + outer),
    ];
    let (ink, radius) = if face.centre.0 < WIDTH as f32 / 2.0 { (INFANT_HAIR, 2.0) } else { (PARENT_HAIR, 2.4) };
    canvas.stroke(&points, radius, ink);
}

fn mouth(canvas: &mut Canvas, face: &Face, look: &Look) {
    let (x, y) = moved(face.mouth, look.sway);
    let width = face.mouth_half;
    // Corners up by the curve and middle down by as much, flat, or the other way round.
    let curve = match look.affect {
        Affect::Positive => MOUTH_CURVE,
        Affect::Neutral => 0.0,
        Affect::Negative => -MOUTH_CURVE,
    };
    let shape = move |at: f32| 1.0 - ((at - x) / width).powi(2);
    let line = move |at: f32| y + curve * (2.0 * shape(at) - 1.0);
    let open = look.voice * if look.affect == Affect::Negative { 17.0 } else { 13.0 };
    let lower = move |at: f32| line(at) + open * shape(at).max(0.0).powf(1.5);
    if open > 0.5 {
        canvas.between((x - width, x + width), (y - 30.0, y + 50.0), line, lower, MOUTH);
        let tongue = move |at: f32| lower(at) - 0.42 * open * shape(at).max(0.0).powi(3);
        canvas.between((x - width, x + width), (y - 30.0, y + 50.0), tongue, lower, Ink::new(0xc9_6a_62));
        canvas.stroke(&along(x, width, lower), 2.4, LIPS);
    }
    canvas.stroke(&along(x, width, line), 2.6, LIPS);
}

fn along(x: f32, half: f32, curve: impl Fn(f32) -> f32) -> Vec<Point> {
    (-10..=10).map(|step| x + half * step as f32 / 10.0).map(|at| (at, curve(at))).collect()
}

/// Points on a circle from one angle to another; angles grow clockwise from the right.
fn arc(centre: Point, radius: f32, from: f32, to: f32) -> Vec<Point> {
    let angle = |step: i32| from + (to - from) * step as f32 / 24.0;
    (0..=24).map(|step| (centre.0 + radius * angle(step).cos(), centre.1 + radius * angle(step).sin())).collect()
}

fn infant_hair(canvas: &mut Canvas, sway: Point) {
    canvas.disc(moved((INFANT.centre.0, INFANT.centre.1 - 9.0), sway), INFANT.radius + 7.0, INFANT_HAIR);
}

fn tuft(canvas: &mut Canvas, sway: Point) {
    let (x, y) = moved((INFANT.centre.0, INFANT.centre.1 - INFANT.radius), sway);
    canvas.stroke(&rounded(&[(x - 6.0, y - 10.0), (x + 2.0, y - 36.0), (x + 17.0, y - 26.0)]), 3.2, INFANT_HAIR);
    canvas.stroke(&rounded(&[(x + 4.0, y - 10.0), (x - 2.0, y - 26.0), (x - 14.0, y - 23.0)]), 2.6, INFANT_HAIR);
}

fn fringe(canvas: &mut Canvas, sway: Point) {
    let (x, y) = moved(PARENT.centre, sway);
    canvas.lens(((x, y), PARENT.radius + 1.0), ((x + 46.0, y - 116.0), 78.0), PARENT_HAIR);
    canvas.lens(((x, y), PARENT.radius + 1.0), ((x - 70.0, y - 100.0), 62.0), PARENT_HAIR);
}

fn toy(canvas: &mut Canvas) {
    canvas.stroke(&[(47.0, 322.0), (30.0, 352.0)], 5.0, TOY.mixed(Ink::new(0x00_00_00), 0.25));
    canvas.stroke(&arc((54.0, 304.0), 19.0, 0.0, TAU), 6.0, TOY);
    for bead in [0.6, 2.4, 4.4] {
        let angle: f32 = bead;
        canvas.disc((54.0 + 19.0 * angle.cos(), 304.0 + 19.0 * angle.sin()), 4.2, TOY_BEADS);
    }
}

/// The infant's arms that lie at its sides, and those that do something; each is shoulder, elbow and palm.
fn infant_arms(touch: InfantTouch) -> (Vec<[Point; 3]>, Vec<[Point; 3]>) {
    let left_rests = [(92.0, 302.0), (78.0, 330.0), (84.0, 352.0)];
    let right_rests = [(228.0, 302.0), (242.0, 330.0), (236.0, 352.0)];
    match touch {
        InfantTouch::Nothing => (vec![left_rests, right_rests], vec![]),
        InfantTouch::Own => (vec![right_rests], vec![[(92.0, 300.0), (66.0, 262.0), hands::INFANT_OWN]]),
        InfantTouch::Toy => (vec![right_rests], vec![[(96.0, 300.0), (90.0, 318.0), hands::INFANT_TOY]]),
        InfantTouch::Parent => (vec![left_rests], vec![[(228.0, 300.0), (256.0, 290.0), hands::INFANT_PARENT]]),
    }
}

fn infant_arm(canvas: &mut Canvas, arm: &[Point; 3]) {
    let fingers = Fingers { size: 11.0, spread: 0.34, wiggle: 0.0 };
    sleeve(canvas, arm, 13.0, INFANT_CLOTHES);
    hand(canvas, arm[2], direction(arm[1], arm[2]), &fingers, INFANT_SKIN);
}

fn parent_hands(canvas: &mut Canvas, touch: ParentTouch, frame: usize) {
    match touch {
        ParentTouch::Nothing => {}
        ParentTouch::Affectionate => {
            let stroking = 2.5 * wave(frame, 46.0);
            let palm = moved(hands::AFFECTIONATE, (0.0, stroking));
            sleeve(canvas, &[(336.0, 250.0), (300.0, 226.0), moved(palm, (15.0, 13.0))], 15.0, PARENT_CLOTHES);
            hand(canvas, palm, PI * 1.12, &Fingers { size: 17.0, spread: 0.17, wiggle: 0.0 }, PARENT_SKIN);
        }
        ParentTouch::Static => {
            let palm = hands::STATIC;
            sleeve(canvas, &[(336.0, 352.0), (280.0, 334.0), moved(palm, (17.0, 9.0))], 16.0, PARENT_CLOTHES);
            hand(canvas, palm, PI * 1.1, &Fingers { size: 17.0, spread: 0.10, wiggle: 0.0 }, PARENT_SKIN);
        }
        ParentTouch::Playful => {
            for (palm, side) in hands::PLAYFUL.into_iter().zip([-1.0, 1.0]) {
                let wiggle = 0.16 * (TAU * (frame as f32 + 4.0 * side) / 9.0).sin();
                sleeve(canvas, &[(palm.0 + side * 16.0, 384.0), moved(palm, (side * 5.0, 22.0))], 15.0, PARENT_CLOTHES);
                hand(canvas, palm, -FRAC_PI_2 - side * 0.2, &Fingers { size: 16.0, spread: 0.40, wiggle }, PARENT_SKIN);
            }
        }
    }
}

/// In the parent's own picture, the arms that reach over into the infant's.
fn parent_arms(canvas: &mut Canvas, touch: ParentTouch) {
    let arm = match touch {
        ParentTouch::Nothing => return,
        ParentTouch::Affectionate => [(400.0, 326.0), (356.0, 292.0), (306.0, 240.0)],
        ParentTouch::Static => [(400.0, 336.0), (360.0, 346.0), (306.0, 344.0)],
        ParentTouch::Playful => [(404.0, 336.0), (370.0, 372.0), (340.0, 396.0)],
    };
    sleeve(canvas, &arm, 17.0, PARENT_CLOTHES);
}

fn sleeve(canvas: &mut Canvas, arm: &[Point], radius: f32, clothes: Ink) {
    let bent = rounded(arm);
    canvas.stroke(&bent, radius + 1.4, clothes.mixed(Ink::new(0x00_00_00), 0.30));
    canvas.stroke(&bent, radius, clothes.mixed(Ink::new(0xff_ff_ff), 0.06));
}

/// Three points become a smooth bend, two stay a line.
fn rounded(points: &[Point]) -> Vec<Point> {
    let [start, middle, end] = points else { return points.to_vec() };
    let bend = |step: i32| {
        let (to, from) = (step as f32 / 10.0, 1.0 - step as f32 / 10.0);
        let mix = |a: f32, b: f32, c: f32| from * from * a + 2.0 * from * to * b + to * to * c;
        (mix(start.0, middle.0, end.0), mix(start.1, middle.1, end.1))
    };
    (0..=10).map(bend).collect()
}

fn direction(from: Point, to: Point) -> f32 {
    (to.1 - from.1).atan2(to.0 - from.0)
}

struct Fingers {
    /// The palm's radius; everything else follows from it.
    size: f32,
    /// The angle between two fingers.
    spread: f32,
    /// How far the whole fan is turned, for tickling.
    wiggle: f32,
}

fn hand(canvas: &mut Canvas, palm: Point, towards: f32, fingers: &Fingers, skin: Ink) {
    let size = fingers.size;
    let finger = |place: f32, reach: f32| {
        let angle = towards + fingers.wiggle + place * fingers.spread;
        let root = towards + place * 0.36;
        let start = moved(palm, (0.62 * size * root.cos(), 0.62 * size * root.sin()));
        let end = moved(start, (reach * size * angle.cos(), reach * size * angle.sin()));
        [start, end]
    };
    let thumb_side = if towards.cos() < 0.0 { 1.0 } else { -1.0 };
    let thumb = towards + thumb_side * 1.25;
    let thumb = [palm, moved(palm, (1.28 * size * thumb.cos(), 1.28 * size * thumb.sin()))];
    let lines = [finger(-1.5, 0.95), finger(-0.5, 1.15), finger(0.5, 1.15), finger(1.5, 0.95), thumb];
    // The outline first, then everything filled, so that only the outer edge of the whole hand is seen between them.
    for (grow, ink) in [(1.3, skin.mixed(MOUTH, 0.42)), (0.0, skin)] {
        for line in lines {
            canvas.stroke(&line, 0.27 * size + grow, ink);
        }
        canvas.disc(palm, size * 0.86 + grow, ink);
    }
}
