//! The program's window: eframe inside an event loop of our own, which notes keys and redraws before eframe has them.

use std::time::Instant as Moment;

use anyhow::{Context as _, anyhow};
use eframe::{EframeWinitApplication, NativeOptions, Renderer, UserEvent};
use winit::application::ApplicationHandler;
use winit::event::{DeviceEvent, DeviceId, StartCause, WindowEvent};
use winit::event_loop::{ActiveEventLoop, ControlFlow, EventLoop};
use winit::keyboard::{Key, NamedKey};
use winit::window::WindowId;

use crate::app::{App, Startup};
use crate::canvas::Card;
use crate::folders::Folders;
use crate::graphics;
use crate::keys::KeyLog;
use crate::preferences::Preferences;
use crate::trace::Trace;

/// Opens the window and stays until it is closed.
///
/// # Errors
/// If there is no display, or nothing that can draw.
pub fn run(startup: Startup) -> anyhow::Result<()> {
    let keys = KeyLog::default();
    // What winit says of it is a line of its own source.
    let event_loop = EventLoop::<UserEvent>::with_user_event().build().map_err(|_| {
        anyhow!("no display to open a window on: start attune from a desktop, or use one of its verbs (attune --help)")
    })?;
    event_loop.set_control_flow(ControlFlow::Wait);

    let renderer = startup.renderer.unwrap_or_else(graphics::best_renderer);
    let options = native_options(renderer);
    let (app_keys, trace) = (keys.clone(), Trace::of_environment());
    let app_trace = trace.clone();
    let create = Box::new(move |creation: &eframe::CreationContext<'_>| {
        let app = App::new(&creation.egui_ctx, Folders::of_user(), app_keys, startup)
            .with_trace(app_trace)
            .with_card(Card::of(creation));
        let app: Box<dyn eframe::App> = Box::new(app);
        Ok(app)
    });
    let inner = eframe::create_native("attune", options, create, &event_loop);
    let mut noting = NotingKeys { inner, keys, trace, main: None };
    event_loop.run_app(&mut noting).context("the window could not be opened")
}

fn native_options(renderer: Renderer) -> NativeOptions {
    let preferences = Preferences::load(&Folders::of_user().preferences());
    let size = preferences.window_size.map_or(egui::vec2(1366.0, 768.0), |(width, height)| egui::vec2(width, height));
    let viewport = egui::ViewportBuilder::default()
        .with_title("Attune")
        .with_app_id("attune")
        .with_inner_size(size)
        .with_min_inner_size([960.0, 600.0])
        .with_drag_and_drop(true)
        .with_icon(icon());
    NativeOptions { viewport, renderer, ..NativeOptions::default() }
}

fn icon() -> egui::IconData {
    let picture = image::load_from_memory(include_bytes!("../../assets/icons/attune-256.png"));
    picture.map_or_else(
        |_| egui::IconData::default(),
        |picture| {
            let picture = picture.into_rgba8();
            egui::IconData { width: picture.width(), height: picture.height(), rgba: picture.into_raw() }
        },
    )
}

/// eframe's own handler, with a note of each key before it and of each redraw after it.
struct NotingKeys<'app> {
    inner: EframeWinitApplication<'app>,
    keys: KeyLog,
    trace: Trace,
    main: Option<WindowId>, // the first that there is
}

impl ApplicationHandler<UserEvent> for NotingKeys<'_> {
    fn window_event(&mut self, event_loop: &ActiveEventLoop, window: WindowId, event: WindowEvent) {
        if let WindowEvent::KeyboardInput { event, is_synthetic: false, .. } = &event
            && !event.repeat
            && let Some(name) = match &event.logical_key {
                Key::Character(character) => Some(character.as_str()),
                Key::Named(NamedKey::Enter) => Some("enter"), // ends a state
                _ => None,
            }
        {
            self.keys.key(name, event.state.is_pressed(), Moment::now());
        }
        let redraw = matches!(event, WindowEvent::RedrawRequested);
        let main = *self.main.get_or_insert(window);
        let is_keyboard = matches!(event, WindowEvent::KeyboardInput { .. } | WindowEvent::ModifiersChanged(_));
        let window = if is_keyboard { main } else { window }; // a video's own window has no keyboard of its own: keys do the same everywhere
        self.inner.window_event(event_loop, window, event);
        if redraw {
            self.keys.redraw_returned(Moment::now());
            self.trace.redraw();
        }
    }

    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        self.inner.resumed(event_loop);
    }

    fn suspended(&mut self, event_loop: &ActiveEventLoop) {
        self.inner.suspended(event_loop);
    }

    fn exiting(&mut self, event_loop: &ActiveEventLoop) {
        self.inner.exiting(event_loop);
    }

    fn new_events(&mut self, event_loop: &ActiveEventLoop, cause: StartCause) {
        self.inner.new_events(event_loop, cause);
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, event: UserEvent) {
        self.inner.user_event(event_loop, event);
    }

    fn device_event(&mut self, event_loop: &ActiveEventLoop, device: DeviceId, event: DeviceEvent) {
        self.inner.device_event(event_loop, device, event);
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        self.inner.about_to_wait(event_loop);
    }

    fn memory_warning(&mut self, event_loop: &ActiveEventLoop) {
        self.inner.memory_warning(event_loop);
    }
}
