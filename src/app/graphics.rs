//! What draws the window: wgpu on a graphics card, glow where there is none. Software wgpu is three times slower than software glow.

use eframe::Renderer;
use eframe::wgpu;

/// What this machine can draw with.
#[derive(Clone, Debug)]
pub struct Graphics {
    /// Name and kind of each adapter that wgpu finds.
    pub adapters: Vec<wgpu::AdapterInfo>,
}

impl Graphics {
    /// Asks the machine.
    #[must_use]
    pub fn find() -> Self {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
        let adapters = pollster::block_on(instance.enumerate_adapters(wgpu::Backends::PRIMARY));
        Self { adapters: adapters.iter().map(wgpu::Adapter::get_info).collect() }
    }

    /// wgpu if there is a graphics card, else glow.
    #[must_use]
    pub fn renderer(&self) -> Renderer {
        let card = self.adapters.iter().any(|adapter| adapter.device_type != wgpu::DeviceType::Cpu);
        if card { Renderer::Wgpu } else { Renderer::Glow }
    }

    /// Why that one, in a sentence.
    #[must_use]
    pub fn reason(&self) -> String {
        match (self.renderer(), self.adapters.first()) {
            (Renderer::Wgpu, Some(adapter)) => format!("wgpu, on {}", adapter.name),
            (_, Some(adapter)) => format!("glow, because the only adapter is a software one ({})", adapter.name),
            (_, None) => "glow, because wgpu finds no adapter".to_owned(),
        }
    }
}

/// The renderer for this machine.
#[must_use]
pub fn best_renderer() -> Renderer {
    Graphics::find().renderer()
}
