//! The program: takes input, carries commands out, lets the video advance, and draws.
//!
//! The order within one redraw is what makes picture, marks and scores agree: keys are taken out of the input (`raw_input_hook`); all waiting
//! commands are carried out, then the video advances, then the scores follow (`logic`); then everything is drawn (`ui`), which only asks for commands.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant as Moment;

use eframe::Renderer;
use egui::{CentralPanel, Context, Frame, Panel, Ui};
use media::{SmallCache, SoundOutput};

use crate::canvas::Card;
use crate::command::{Command, Commands, File, View};
use crate::dialog::Dialog;
use crate::folders::Folders;
use crate::input::Input;
use crate::jobs::Jobs;
use crate::keys::KeyLog;
use crate::panels::{
    all_scores, comparison, dialogs, menu, mismatches, palette, scores, status, transport, video, welcome,
};
use crate::perform::Running;
use crate::preferences::{Preferences, ThemeChoice};
use crate::services::{DialogService, NativeDialogs};
use crate::state::{State, Status};
use crate::theme::{self, Theme, size};
use crate::timeline::{self, Axis, ExtraRows, Scene};
use crate::trace::Trace;
use crate::work::Work;

/// What the program starts with.
#[derive(Clone, Debug, Default)]
pub struct Startup {
    /// Sessions or videos to open.
    pub paths: Vec<PathBuf>,
    /// The demonstration session.
    pub demo: bool,
    /// What draws the window, where somebody chose it.
    pub renderer: Option<Renderer>,
}

/// Width of the score panel.
const SCORES_WIDTH: f32 = 318.0;
/// The least that the video and the timelines keep of the height.
const MIN_TIMELINES: f32 = 120.0;

/// The program.
pub struct App {
    /// All that is shown.
    pub state: State,
    /// The open dialog, with what is typed into it.
    pub dialog: Option<Dialog>,
    pub(crate) commands: Commands,
    pub(crate) input: Input,
    pub(crate) jobs: Jobs,
    pub(crate) dialogs: Box<dyn DialogService>,
    pub(crate) running: Running,
    pub(crate) wake: media::Wake,
    pub(crate) context: Context,
    clock: Box<dyn Fn() -> Moment>,
    pub(crate) sound: SoundOutput,
    pub(crate) card: Option<Card>,
    pub(crate) small_cache: SmallCache,
    trace: Trace,
}

impl App {
    /// The program in a window of its own, or in a test's.
    #[must_use]
    pub fn new(context: &Context, folders: Folders, keys: KeyLog, startup: Startup) -> Self {
        theme::install(context);
        let preferences = Preferences::load(&folders.preferences());
        let small_cache = SmallCache::new(folders.small_pictures());
        let waker = context.clone();
        let wake: media::Wake = Arc::new(move || waker.request_repaint());
        let status = Status::said("Open a video or a session, or look at the demonstration");
        let mut app = Self {
            state: State { work: None, preferences, folders, status },
            dialog: None,
            commands: Commands::default(),
            input: Input::new(keys),
            jobs: Jobs::new(Arc::clone(&wake)),
            dialogs: Box::new(NativeDialogs),
            running: Running::default(),
            wake,
            context: context.clone(),
            clock: Box::new(Moment::now),
            sound: SoundOutput::default(),
            card: None,
            small_cache,
            trace: Trace::default(),
        };
        app.apply_preferences();
        app.forget_small_pictures();
        app.offer_recovery();
        if startup.demo {
            app.commands.push(File::OpenDemo);
        }
        app.open_together(startup.paths);
        app
    }

    /// Answers file dialogs in the desktop's place: for tests.
    pub fn set_dialogs(&mut self, dialogs: Box<dyn DialogService>) {
        self.dialogs = dialogs;
    }

    /// Asks for something, as a panel does: it is carried out before the next drawing.
    pub fn ask(&mut self, command: impl Into<Command>) {
        self.commands.push(command);
    }

    /// Tells the time in the machine's place: for tests.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> Moment + 'static) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// Where the sound goes, in the loudspeaker's place: for tests.
    #[must_use]
    pub fn with_sound(mut self, sound: SoundOutput) -> Self {
        self.sound = sound;
        self
    }

    /// Draws pictures from their planes, where there is a card that can.
    #[must_use]
    pub fn with_card(mut self, card: Option<Card>) -> Self {
        self.card = card;
        self
    }

    /// Writes what the player hands over to a trace: for the benchmark.
    #[must_use]
    pub fn with_trace(mut self, trace: Trace) -> Self {
        self.trace = trace;
        self
    }

    /// Theme and size, as the preferences say.
    pub(crate) fn apply_preferences(&self) {
        let preferences = &self.state.preferences;
        self.context.set_theme(match preferences.theme {
            ThemeChoice::Dark => egui::ThemePreference::Dark,
            ThemeChoice::Light => egui::ThemePreference::Light,
            ThemeChoice::System => egui::ThemePreference::System,
        });
        self.context.set_zoom_factor(preferences.scale);
    }

    /// Everything that is waiting, then the video, then the scores.
    fn step(&mut self, now: Moment) {
        self.take_answers(now);
        for _ in 0..8 {
            // What one command asks for is done before the picture moves; a ring of commands would be a mistake, and ends here.
            if self.commands.is_empty() {
                break;
            }
            for command in self.commands.take() {
                self.perform(command, now);
            }
        }
        self.advance(now);
    }

    fn windows(&mut self, ui: &mut Ui) {
        let theme = Theme::of(ui.ctx());
        let bar = Frame::new().fill(theme.window);
        Panel::top("menu")
            .exact_size(menu::HEIGHT)
            .frame(bar)
            .show(ui, |ui| menu::menu_ui(&self.state, ui, &mut self.commands));
        Panel::bottom("status").exact_size(status::HEIGHT).frame(bar).show(ui, |ui| {
            status::status_ui(&self.state, ui, &mut self.commands);
        });
        match &self.state.work {
            Some(work) => {
                work_ui(work, &self.state.preferences, ui, &mut self.commands);
                video::windows_ui(work, &self.state.preferences, ui.ctx(), &mut self.commands);
            }
            None => {
                CentralPanel::default()
                    .frame(bar)
                    .show(ui, |ui| welcome::welcome_ui(&self.state, ui, &mut self.commands));
            }
        }
        if let Some(dialog) = &mut self.dialog {
            dialogs::dialog_ui(dialog, &self.state, ui.ctx(), &mut self.commands);
        }
    }

    fn take_drops(&mut self, ctx: &Context) {
        let dropped: Vec<PathBuf> =
            ctx.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect());
        self.open_together(dropped);
    }
}

impl eframe::App for App {
    fn raw_input_hook(&mut self, ctx: &Context, raw: &mut egui::RawInput) {
        self.input.give_later(raw);
        let is_popup_open = egui::Popup::is_any_open(ctx);
        let keyboard_is_taken = self.dialog.is_some() || ctx.text_edit_focused() || is_popup_open;
        if keyboard_is_taken {
            self.input.forget();
            if self.dialog.is_some() && !is_popup_open {
                self.input.take_after_escape(raw, self.state.preferences.jump, &mut self.commands);
            }
        } else {
            self.input.take(raw, self.state.preferences.jump, &mut self.commands);
        }
    }

    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.take_drops(ctx);
        self.step((self.clock)());
        if let Some(player) = self.state.work.as_ref().map(|work| &work.player).filter(|player| player.is_playing()) {
            self.trace.pictures(player.shown_frames(), player.late_frames());
        }
        self.ask_to_quit(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.windows(ui);
        if !self.commands.is_empty() {
            ui.ctx().request_repaint(); // they are carried out before the next drawing
        }
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.close();
    }
}

fn work_ui(work: &Work, preferences: &Preferences, ui: &mut Ui, commands: &mut Commands) {
    let theme = Theme::of(ui.ctx());
    if work.shows_scores || work.comparing.is_some() {
        let frame = Frame::new().fill(theme.window).inner_margin(egui::Margin::symmetric(15, 10));
        Panel::right("scores").exact_size(SCORES_WIDTH).frame(frame).resizable(false).show(ui, |ui| {
            if let Some(comparing) = &work.comparing {
                return comparison::comparison_ui(work, comparing, ui, commands);
            }
            if work.live.shows_all() {
                return all_scores::all_scores_ui(work, ui, commands);
            }
            scores::scores_ui(work, ui, commands);
            if let Some((_, shown)) = work.live.shown(work.playhead) {
                mismatches::mismatches_ui(work, shown, ui, commands);
            }
        });
    }
    let quiet = Frame::new().fill(theme.panel);
    Panel::bottom("palette")
        .exact_size(palette::HEIGHT)
        .frame(quiet)
        .show(ui, |ui| palette::palette_ui(work, ui, commands));
    timelines_ui(work, preferences, ui, commands);
    let dark = Frame::new().fill(theme.window);
    Panel::bottom("transport").exact_size(transport::HEIGHT).frame(dark).show(ui, |ui| {
        transport::transport_ui(work, ui, commands);
    });
    CentralPanel::default().frame(Frame::new().fill(theme.stage)).show(ui, |ui| {
        video::video_ui(work, preferences, ui, commands);
    });
}

/// The timelines below the video: as high as their rows, as far as the video stays the largest thing, or as somebody dragged them.
fn timelines_ui(work: &Work, preferences: &Preferences, ui: &mut Ui, commands: &mut Commands) {
    const MOST: f32 = 0.45; // of the height, unless somebody wants more
    let theme = Theme::of(ui.ctx());
    let height = ui.available_height();
    let extra = ExtraRows {
        thumbnails: preferences.has_thumbnails(),
        sound: work.may_have_curve(),
        matches: work.shows_scores,
    };
    let needed = timeline::rows_height(work.session(), extra).min(height * MOST);
    let wanted = preferences.timelines_share.map_or(needed, |share| share * height);
    let range = MIN_TIMELINES..=(height - transport::HEIGHT - MIN_TIMELINES).max(MIN_TIMELINES);
    // A panel remembers its size in points: one name for each size of the room gives each its own. It keeps its name while it is dragged.
    let id = egui::Id::unique(("timelines", height as i32, needed as i32, preferences.timelines_share.is_some()));
    let panel = Panel::bottom(id).frame(Frame::new().fill(theme.panel)).resizable(true).default_size(wanted);
    let shown = panel.size_range(range).show(ui, |ui| lanes_ui(work, preferences, ui, commands));
    let now = shown.response.rect.height();
    if (now - wanted).abs() > 1.0 && ui.input(|input| input.pointer.any_released()) {
        commands.push(View::TimelinesShare(now / height));
    }
}

fn lanes_ui(work: &Work, preferences: &Preferences, ui: &mut Ui, commands: &mut Commands) {
    let area = ui.available_rect_before_wrap();
    let (left, width) = (area.left() + size::HEAD, (area.width() - size::HEAD - 10.0).max(50.0));
    let whole = work.whole();
    let axis = work.axis.map_or_else(|| Axis::fit(whole, left, width), |axis| axis.placed(left, width).within(whole));
    if work.axis.is_some_and(|known| known != axis) {
        commands.push(View::Axis(axis)); // the window has another size
    }
    let runs = || work.live.episodes().iter().flat_map(|episode| &episode.match_runs).copied().collect();
    let thumbnails = preferences.has_thumbnails().then(|| work.strip(axis));
    if let Some(strip) = thumbnails.as_ref().filter(|strip| strip.is_stale) {
        commands.push(View::Thumbnails(strip.places().collect()));
    }
    let scene = Scene {
        session: work.session(),
        armed: &work.armed,
        selection: work.selection,
        playhead: work.playhead,
        axis,
        whole,
        thumbnails,
        sound: work.may_have_curve().then(|| work.sound_columns(axis)),
        heard: work.heard_of_several().map(|medium| medium.name().to_owned()),
        matches: work.shows_scores.then(runs),
        looped: work.transport.looped,
        snap: &|track, time| work.nearest_frame(track, time),
        overwrite: work.overwrite,
        read_only: !work.can_edit(),
        times: work.times,
        theirs: work.comparing.as_ref().map(|comparing| &comparing.theirs),
    };
    timeline::timeline_ui(&scene, ui, commands);
}
