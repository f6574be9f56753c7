//! The planes by wgpu.

use std::sync::{Arc, Mutex, PoisonError};

use eframe::egui_wgpu::{Callback, CallbackResources, CallbackTrait, ScreenDescriptor};
use eframe::wgpu::{
    AddressMode, BindGroup, BindGroupDescriptor, BindGroupEntry, BindingResource, Buffer, BufferDescriptor,
    BufferUsages, CommandBuffer, CommandEncoder, Device, Extent3d, FilterMode, FragmentState, MultisampleState,
    PipelineCompilationOptions, PrimitiveState, PrimitiveTopology, Queue, RenderPass, RenderPipeline,
    RenderPipelineDescriptor, Sampler, SamplerDescriptor, ShaderModuleDescriptor, ShaderSource, TexelCopyBufferLayout,
    Texture, TextureDescriptor, TextureDimension, TextureFormat, TextureUsages, TextureViewDescriptor, VertexState,
};
use egui::{PaintCallback, PaintCallbackInfo, Rect};
use media::{Picture, Plane};

use super::Facts;

/// What is the same for all videos.
pub struct Program {
    pipeline: RenderPipeline,
    sampler: Sampler,
}

impl Program {
    pub(super) fn new(device: &Device, target: TextureFormat) -> Self {
        let module = device.create_shader_module(ShaderModuleDescriptor {
            label: Some("planes"),
            source: ShaderSource::Wgsl(include_str!("planes.wgsl").into()),
        });
        let pipeline = device.create_render_pipeline(&RenderPipelineDescriptor {
            label: Some("planes"),
            layout: None,
            vertex: VertexState {
                module: &module,
                entry_point: Some("corner"),
                compilation_options: PipelineCompilationOptions::default(),
                buffers: &[],
            },
            primitive: PrimitiveState { topology: PrimitiveTopology::TriangleStrip, ..PrimitiveState::default() },
            depth_stencil: None,
            multisample: MultisampleState::default(),
            fragment: Some(FragmentState {
                module: &module,
                entry_point: Some(if target.is_srgb() { "linear" } else { "plain" }),
                compilation_options: PipelineCompilationOptions::default(),
                targets: &[Some(target.into())],
            }),
            multiview_mask: None,
            cache: None,
        });
        let sampler = device.create_sampler(&SamplerDescriptor {
            address_mode_u: AddressMode::ClampToEdge,
            address_mode_v: AddressMode::ClampToEdge,
            mag_filter: FilterMode::Linear,
            min_filter: FilterMode::Linear,
            ..SamplerDescriptor::default()
        });
        Self { pipeline, sampler }
    }
}

/// A video's planes on the card.
pub(super) struct Textures {
    program: Arc<Program>,
    uploaded: Mutex<Option<Uploaded>>,
}

struct Uploaded {
    picture: Arc<Picture>,
    planes: [Texture; 3],
    facts: Buffer,
    group: BindGroup,
}

impl Textures {
    pub(super) const fn new(program: Arc<Program>) -> Self {
        Self { program, uploaded: Mutex::new(None) }
    }
}

struct Drawing {
    textures: Arc<Textures>,
    picture: Arc<Picture>,
    facts: Facts,
}

pub(super) fn callback(cell: Rect, textures: Arc<Textures>, picture: Arc<Picture>, facts: Facts) -> PaintCallback {
    Callback::new_paint_callback(cell, Drawing { textures, picture, facts })
}

impl CallbackTrait for Drawing {
    fn prepare(
        &self,
        device: &Device,
        queue: &Queue,
        _screen: &ScreenDescriptor,
        _encoder: &mut CommandEncoder,
        _resources: &mut CallbackResources,
    ) -> Vec<CommandBuffer> {
        let Some(planes) = self.picture.planes() else { return Vec::new() };
        let planes = [0, 1, 2].map(|plane| planes.plane(plane));
        let mut uploaded = self.textures.uploaded.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |uploaded: &Uploaded| {
            planes.iter().zip(&uploaded.planes).all(|(plane, texture)| texture.size() == size(*plane))
        };
        let is_new = uploaded.as_ref().is_none_or(|uploaded| !Arc::ptr_eq(&uploaded.picture, &self.picture));
        if !uploaded.as_ref().is_some_and(fits) {
            *uploaded = Some(self.textures.program.room_for(device, planes, Arc::clone(&self.picture)));
        }
        let Some(uploaded) = &mut *uploaded else { return Vec::new() };
        if is_new {
            for (plane, texture) in planes.iter().zip(&uploaded.planes) {
                let layout =
                    TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(plane.stride as u32), rows_per_image: None };
                queue.write_texture(texture.as_image_copy(), plane.bytes, layout, size(*plane));
            }
            uploaded.picture = Arc::clone(&self.picture);
        }
        queue.write_buffer(&uploaded.facts, 0, bytemuck::cast_slice(&self.facts));
        Vec::new()
    }

    fn paint(&self, _info: PaintCallbackInfo, pass: &mut RenderPass<'static>, _resources: &CallbackResources) {
        let uploaded = self.textures.uploaded.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(uploaded) = &*uploaded else { return };
        pass.set_pipeline(&self.textures.program.pipeline);
        pass.set_bind_group(0, &uploaded.group, &[]);
        pass.draw(0..4, 0..1);
    }
}

const fn size(plane: Plane<'_>) -> Extent3d {
    Extent3d { width: plane.size[0] as u32, height: plane.size[1] as u32, depth_or_array_layers: 1 }
}

impl Program {
    fn room_for(&self, device: &Device, planes: [Plane<'_>; 3], picture: Arc<Picture>) -> Uploaded {
        let planes = planes.map(|plane| {
            device.create_texture(&TextureDescriptor {
                label: Some("plane"),
                size: size(plane),
                mip_level_count: 1,
                sample_count: 1,
                dimension: TextureDimension::D2,
                format: TextureFormat::R8Unorm,
                usage: TextureUsages::TEXTURE_BINDING | TextureUsages::COPY_DST,
                view_formats: &[],
            })
        });
        let facts = device.create_buffer(&BufferDescriptor {
            label: Some("facts"),
            size: size_of::<Facts>() as u64,
            usage: BufferUsages::UNIFORM | BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let views = planes.each_ref().map(|plane| plane.create_view(&TextureViewDescriptor::default()));
        let [luma, u, v] = views.each_ref().map(BindingResource::TextureView);
        let resources = [facts.as_entire_binding(), luma, u, v, BindingResource::Sampler(&self.sampler)];
        let entries: Vec<BindGroupEntry<'_>> =
            (0..).zip(resources).map(|(binding, resource)| BindGroupEntry { binding, resource }).collect();
        let group = device.create_bind_group(&BindGroupDescriptor {
            label: Some("planes"),
            layout: &self.pipeline.get_bind_group_layout(0),
            entries: &entries,
        });
        Uploaded { picture, planes, facts, group }
    }
}
