//! Video on the graphics card: a picture's planes go there as they were decoded, and become red, green and blue where they are drawn.
//!
//! Pictures that have no such planes, and all pictures where the card cannot do it, are drawn as egui's own textures from red, green and blue that
//! the processor made; to the eye the two are the same.

mod glow;
mod wgpu;

use std::sync::Arc;

use egui::{PaintCallback, Rect};
use media::Picture;

use crate::look::Look;

/// What draws the planes.
#[derive(Clone)]
pub enum Card {
    /// By OpenGL.
    Glow(Arc<glow::Program>),
    /// By Vulkan, Metal or DirectX.
    Wgpu(Arc<wgpu::Program>),
}

impl Card {
    /// The one that draws the window; `None` where it cannot draw planes.
    #[must_use]
    pub fn of(creation: &eframe::CreationContext<'_>) -> Option<Self> {
        if let Some(state) = &creation.wgpu_render_state {
            return Some(Self::Wgpu(Arc::new(wgpu::Program::new(&state.device, state.target_format))));
        }
        let program = glow::Program::new(creation.gl.as_ref()?)?;
        Some(Self::Glow(Arc::new(program)))
    }
}

/// One video as it is drawn.
pub struct Canvas {
    kind: Kind,
    picture: Arc<Picture>,
}

enum Kind {
    Glow(Arc<glow::Textures>),
    Wgpu(Arc<wgpu::Textures>),
}

impl Canvas {
    /// A place for pictures, with the first of them.
    ///
    /// All have [`Picture::planes`].
    #[must_use]
    pub fn new(card: &Card, picture: Arc<Picture>) -> Self {
        let kind = match card {
            Card::Glow(program) => Kind::Glow(Arc::new(glow::Textures::new(Arc::clone(program)))),
            Card::Wgpu(program) => Kind::Wgpu(Arc::new(wgpu::Textures::new(Arc::clone(program)))),
        };
        Self { kind, picture }
    }

    /// Another picture is drawn from now on.
    pub fn show(&mut self, picture: Arc<Picture>) {
        self.picture = picture;
    }

    /// Draws the part that is looked at, in its tone.
    #[must_use]
    pub fn drawn(&self, cell: Rect, look: Look) -> PaintCallback {
        let (picture, facts) = (Arc::clone(&self.picture), facts(&self.picture, look));
        match &self.kind {
            Kind::Glow(textures) => glow::callback(cell, Arc::clone(textures), picture, facts),
            Kind::Wgpu(textures) => wgpu::callback(cell, Arc::clone(textures), picture, facts),
        }
    }
}

/// What the shaders are told, four numbers each: where the stored picture begins; how far it goes across and down the cell; factor and addend for
/// the place of chroma; black, grey and luma's factor; the factors of chroma; exponent and spread of the tone.
type Facts = [[f32; 4]; 6];

fn facts(picture: &Picture, look: Look) -> Facts {
    let Some(planes) = picture.planes() else { return Facts::default() };
    let part = look.part();
    let stored = |at: egui::Pos2| picture.stored_point([at.x, at.y]);
    let [x, y] = stored(part.min);
    let ([right_x, right_y], [down_x, down_y]) = (stored(part.right_top()), stored(part.left_bottom()));
    let [[factor_x, factor_y], [add_x, add_y]] = planes.chroma_place();
    let factors = planes.factors();
    let single = |value: f64| value as f32;
    let (exponent, spread) = look.tone.curve();
    [
        [x, y, 0.0, 0.0],
        [right_x - x, right_y - y, down_x - x, down_y - y],
        [factor_x, factor_y, add_x, add_y],
        [single(factors.black), single(factors.grey), single(factors.luma), 0.0],
        [factors.red_v, factors.green_u, factors.green_v, factors.blue_u].map(single),
        [exponent, spread, 0.0, 0.0],
    ]
}
