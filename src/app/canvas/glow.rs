//! The planes by OpenGL.

use std::sync::{Arc, Mutex, PoisonError};

use eframe::egui_glow::{CallbackFn, ShaderVersion};
use eframe::glow::{self, HasContext as _};
use egui::{PaintCallback, Rect};
use media::{Picture, Plane};

use super::Facts;

/// What is the same for all videos.
pub struct Program {
    gl: Arc<glow::Context>,
    linked: glow::Program,
    facts: Option<glow::UniformLocation>,
    corners: glow::VertexArray, // of nothing: the shader knows where they are, but OpenGL wants one
}

// Each of these calls is unsafe because it needs a context that is current: all are made on the thread that draws the window, which has just one, from
// its creation, its drawing and its end.

impl Program {
    /// `None` where this OpenGL is too old.
    pub(super) fn new(gl: &Arc<glow::Context>) -> Option<Self> {
        let version = ShaderVersion::get(gl);
        if !version.is_new_shader_interface() {
            return None;
        }
        let precision = if version.is_embedded() { "precision highp float;\n" } else { "" };
        let head = format!("{}{precision}", version.version_declaration());
        let sources =
            [(glow::VERTEX_SHADER, include_str!("corner.glsl")), (glow::FRAGMENT_SHADER, include_str!("planes.glsl"))];
        // SAFETY: as said above.
        unsafe {
            let program = gl.create_program().ok()?;
            for (kind, source) in sources {
                let shader = gl.create_shader(kind).ok()?;
                gl.shader_source(shader, &format!("{head}{source}"));
                gl.compile_shader(shader);
                gl.attach_shader(program, shader);
                gl.delete_shader(shader); // it goes with the program
            }
            gl.link_program(program);
            let corners = gl.create_vertex_array().ok().filter(|_| gl.get_program_link_status(program));
            let Some(corners) = corners else {
                gl.delete_program(program);
                return None;
            };
            gl.use_program(Some(program));
            for (unit, name) in (0..).zip(["luma_plane", "u_plane", "v_plane"]) {
                gl.uniform_1_i32(gl.get_uniform_location(program, name).as_ref(), unit);
            }
            gl.use_program(None);
            let facts = gl.get_uniform_location(program, "facts");
            Some(Self { gl: Arc::clone(gl), linked: program, facts, corners })
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // SAFETY: as said above.
        unsafe {
            self.gl.delete_program(self.linked);
            self.gl.delete_vertex_array(self.corners);
        }
    }
}

/// A video's planes on the card.
pub(super) struct Textures {
    program: Arc<Program>,
    uploaded: Mutex<Option<Uploaded>>,
}

struct Uploaded {
    picture: Arc<Picture>,
    planes: [glow::Texture; 3],
}

impl Drop for Textures {
    fn drop(&mut self) {
        let uploaded = self.uploaded.get_mut().unwrap_or_else(PoisonError::into_inner);
        for plane in uploaded.iter().flat_map(|uploaded| uploaded.planes) {
            // SAFETY: as said above.
            unsafe { self.program.gl.delete_texture(plane) };
        }
    }
}

pub(super) fn callback(cell: Rect, textures: Arc<Textures>, picture: Arc<Picture>, facts: Facts) -> PaintCallback {
    let draw = CallbackFn::new(move |_, _| textures.draw(&picture, &facts));
    PaintCallback { rect: cell, callback: Arc::new(draw) }
}

impl Textures {
    pub(super) const fn new(program: Arc<Program>) -> Self {
        Self { program, uploaded: Mutex::new(None) }
    }

    fn draw(&self, picture: &Arc<Picture>, facts: &Facts) {
        let Program { gl, linked, facts: place, corners } = &*self.program;
        let mut uploaded = self.uploaded.lock().unwrap_or_else(PoisonError::into_inner);
        if uploaded.as_ref().is_none_or(|uploaded| !Arc::ptr_eq(&uploaded.picture, picture)) {
            let planes = match uploaded.take() {
                Some(uploaded) => Some(uploaded.planes),
                None => new_textures(gl),
            };
            *uploaded = planes.map(|planes| Uploaded { picture: Arc::clone(picture), planes });
            if let (Some(uploaded), Some(planes)) = (&*uploaded, picture.planes()) {
                for (plane, texture) in uploaded.planes.iter().enumerate() {
                    upload(gl, *texture, planes.plane(plane));
                }
            }
        }
        let Some(uploaded) = &*uploaded else { return };
        // SAFETY: as said above; egui sets its own state again afterwards.
        unsafe {
            for (unit, plane) in (glow::TEXTURE0..).zip(uploaded.planes) {
                gl.active_texture(unit);
                gl.bind_texture(glow::TEXTURE_2D, Some(plane));
            }
            gl.use_program(Some(*linked));
            gl.uniform_4_f32_slice(place.as_ref(), facts.as_flattened());
            gl.bind_vertex_array(Some(*corners));
            gl.draw_arrays(glow::TRIANGLE_STRIP, 0, 4);
            gl.active_texture(glow::TEXTURE0);
        }
    }
}

fn new_textures(gl: &glow::Context) -> Option<[glow::Texture; 3]> {
    // SAFETY: as said above.
    unsafe {
        let planes = [gl.create_texture().ok()?, gl.create_texture().ok()?, gl.create_texture().ok()?];
        for plane in planes {
            gl.bind_texture(glow::TEXTURE_2D, Some(plane));
            for (name, value) in [
                (glow::TEXTURE_MAG_FILTER, glow::LINEAR),
                (glow::TEXTURE_MIN_FILTER, glow::LINEAR),
                (glow::TEXTURE_WRAP_S, glow::CLAMP_TO_EDGE),
                (glow::TEXTURE_WRAP_T, glow::CLAMP_TO_EDGE),
            ] {
                gl.tex_parameter_i32(glow::TEXTURE_2D, name, value as i32);
            }
        }
        Some(planes)
    }
}

fn upload(gl: &glow::Context, texture: glow::Texture, plane: Plane<'_>) {
    let [width, height] = plane.size.map(|length| length as i32);
    // SAFETY: as said above; the bytes hold this many rows, so far apart.
    unsafe {
        gl.bind_texture(glow::TEXTURE_2D, Some(texture));
        gl.pixel_store_i32(glow::UNPACK_ALIGNMENT, 1);
        gl.pixel_store_i32(glow::UNPACK_ROW_LENGTH, plane.stride as i32);
        gl.tex_image_2d(
            glow::TEXTURE_2D,
            0,
            glow::R8 as i32,
            width,
            height,
            0,
            glow::RED,
            glow::UNSIGNED_BYTE,
            glow::PixelUnpackData::Slice(Some(plane.bytes)),
        );
        gl.pixel_store_i32(glow::UNPACK_ROW_LENGTH, 0);
        gl.pixel_store_i32(glow::UNPACK_ALIGNMENT, 4);
    }
}
