//! A picture in memory and the few smooth shapes that the demonstration is drawn with.

use crate::script::Point;

/// A colour and how much of it covers what is below, from 0 to 1.
#[derive(Clone, Copy)]
pub(crate) struct Ink {
    rgb: [f32; 3],
    opacity: f32,
}

impl Ink {
    /// Opaque, from `0xrrggbb`.
    pub(crate) const fn new(rgb: u32) -> Self {
        let rgb = [(rgb >> 16 & 255) as f32, (rgb >> 8 & 255) as f32, (rgb & 255) as f32];
        Self { rgb, opacity: 1.0 }
    }

    pub(crate) const fn faint(self, opacity: f32) -> Self {
        Self { rgb: self.rgb, opacity }
    }

    /// `share` of the other colour and the rest of this one.
    pub(crate) fn mixed(self, other: Self, share: f32) -> Self {
        let mix = |channel: usize| self.rgb[channel] + share * (other.rgb[channel] - self.rgb[channel]);
        Self { rgb: [mix(0), mix(1), mix(2)], opacity: self.opacity }
    }
}

pub(crate) struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
    /// Columns outside are left as they are.
    columns: (usize, usize),
}

impl Canvas {
    pub(crate) fn new(width: usize, height: usize) -> Self {
        Self { width, height, pixels: vec![255; 4 * width * height], columns: (0, width) }
    }

    /// Makes this picture the same as another of its size.
    pub(crate) fn copy(&mut self, other: &Self) {
        self.pixels.copy_from_slice(&other.pixels);
    }

    /// RGBA, row by row.
    pub(crate) fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// From now on only these columns are drawn on.
    pub(crate) fn keep_within(&mut self, from: usize, to: usize) {
        self.columns = (from, to);
    }

    pub(crate) fn fill(&mut self, ink: Ink) {
        let corner = (self.width as f32, self.height as f32);
        self.paint((0.0, 0.0), corner, ink, |_| 1.0);
    }

    pub(crate) fn disc(&mut self, centre: Point, radius: f32, ink: Ink) {
        self.oval(centre, (radius, radius), ink);
    }

    pub(crate) fn oval(&mut self, centre: Point, radii: Point, ink: Ink) {
        let well_inside = (1.0 - 1.5 / radii.0.min(radii.1)).max(0.01).powi(2);
        self.paint_around(centre, (radii.0 + 1.0, radii.1 + 1.0), ink, |(x, y)| {
            let (u, v) = ((x - centre.0) / radii.0, (y - centre.1) / radii.1);
            let square = u * u + v * v;
            if square < well_inside {
                return 1.0;
            }
            let steepness = ((u / radii.0).powi(2) + (v / radii.1).powi(2)).sqrt();
            cover(square.sqrt() * (square.sqrt() - 1.0) / steepness)
        });
    }

    /// A disc that fades from its middle to its edge.
    pub(crate) fn glow(&mut self, centre: Point, radius: f32, ink: Ink) {
        self.paint_around(centre, (radius, radius), ink, |(x, y)| {
            let share = (1.0 - length(x - centre.0, y - centre.1) / radius).clamp(0.0, 1.0);
            share * share * (3.0 - 2.0 * share)
        });
    }

    /// The part of one disc that another covers.
    pub(crate) fn lens(&mut self, (centre, radius): (Point, f32), (other, other_radius): (Point, f32), ink: Ink) {
        self.paint_around(centre, (radius + 1.0, radius + 1.0), ink, |(x, y)| {
            let inside = length(x - centre.0, y - centre.1) - radius;
            cover(inside.max(length(x - other.0, y - other.1) - other_radius))
        });
    }

    /// A line through the points with round ends; `radius` is half its width.
    pub(crate) fn stroke(&mut self, points: &[Point], radius: f32, ink: Ink) {
        let (mut low, mut high) = (points[0], points[0]);
        for point in points {
            low = (low.0.min(point.0), low.1.min(point.1));
            high = (high.0.max(point.0), high.1.max(point.1));
        }
        let reach = radius + 1.0;
        self.paint((low.0 - reach, low.1 - reach), (high.0 + reach, high.1 + reach), ink, |place| {
            let nearest = points.windows(2).map(|ends| distance_to_line(place, ends[0], ends[1]));
            cover(nearest.fold(f32::INFINITY, f32::min) - radius)
        });
    }

    /// What lies between two curves over the same stretch of x.
    pub(crate) fn between(
        &mut self,
        x: Point,
        y: Point,
        upper: impl Fn(f32) -> f32,
        lower: impl Fn(f32) -> f32,
        ink: Ink,
    ) {
        self.paint((x.0, y.0), (x.1, y.1), ink, |(x, y)| cover(upper(x) - y).min(cover(y - lower(x))));
    }

    fn paint_around(&mut self, middle: Point, half: Point, ink: Ink, coverage: impl Fn(Point) -> f32) {
        self.paint((middle.0 - half.0, middle.1 - half.1), (middle.0 + half.0, middle.1 + half.1), ink, coverage);
    }

    /// Blends the ink into every pixel of a box by the share that the shape covers of it.
    fn paint(&mut self, low: Point, high: Point, ink: Ink, coverage: impl Fn(Point) -> f32) {
        let opaque = ink.rgb.map(|channel| channel.round() as u8);
        let columns =
            (low.0.max(0.0) as usize).max(self.columns.0)..(high.0.max(0.0).ceil() as usize).min(self.columns.1);
        for row in low.1.max(0.0) as usize..(high.1.max(0.0).ceil() as usize).min(self.height) {
            for column in columns.clone() {
                let share = ink.opacity * coverage((column as f32 + 0.5, row as f32 + 0.5));
                if share <= 0.0 {
                    continue;
                }
                let start = 4 * (row * self.width + column);
                let pixel = &mut self.pixels[start..start + 3];
                if share >= 1.0 {
                    pixel.copy_from_slice(&opaque);
                    continue;
                }
                for (channel, colour) in pixel.iter_mut().zip(ink.rgb) {
                    let below = f32::from(*channel);
                    *channel = (below + share * (colour - below)).round() as u8;
                }
            }
        }
    }
}

/// How much of a pixel a shape covers whose edge is `distance` away, negative inside.
fn cover(distance: f32) -> f32 {
    (0.5 - distance).clamp(0.0, 1.0)
}

fn distance_to_line((x, y): Point, start: Point, end: Point) -> f32 {
    let (along, from) = ((end.0 - start.0, end.1 - start.1), (x - start.0, y - start.1));
    let square = along.0 * along.0 + along.1 * along.1;
    let share = if square == 0.0 { 0.0 } else { ((from.0 * along.0 + from.1 * along.1) / square).clamp(0.0, 1.0) };
    length(from.0 - share * along.0, from.1 - share * along.1)
}

/// Quicker than `hypot`, whose care with huge and tiny numbers no picture needs.
fn length(x: f32, y: f32) -> f32 {
    (x * x + y * y).sqrt()
}
