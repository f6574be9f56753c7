//! The program without a window, on a clock of its own, with a folder of its own and somebody who answers its file dialogs.
#![allow(unreachable_pub, reason = "shared by several test programs")]
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant as Moment};

use attune::app::{App, Startup};
use attune::folders::Folders;
use attune::keys::KeyLog;
use attune::services::{Answer, Ask, DialogService};
use attune::work::Work;
use eframe::App as _;
use egui::{Event, Key, Modifiers, RawInput};
use egui_kittest::Harness;
use media::SoundOutput;
use session::{Mark, TrackKey};
use tempfile::TempDir;

/// Waiting for a decoder or a disk longer than this means that it will not come.
const PATIENCE: Duration = Duration::from_secs(30);
/// From one redraw to the next while playing.
pub const REDRAW: Duration = Duration::from_millis(20);

/// The program, and what is around it.
pub struct Desk {
    pub harness: Harness<'static, App>,
    pub folder: Rc<TempDir>,
    now: Rc<Cell<Moment>>,
}

/// Answers every file dialog with the same file.
struct Answers(Vec<PathBuf>);

impl DialogService for Answers {
    fn ask(&self, _ask: Ask, wake: Box<dyn Fn() + Send>) -> Receiver<Answer> {
        let (answer, receiver) = channel();
        answer.send(Answer::Paths(self.0.clone())).expect("the receiver is here");
        wake();
        receiver
    }
}

impl Desk {
    /// Starts the program in a folder that may have been used before.
    pub fn start(folder: Rc<TempDir>, startup: Startup) -> Self {
        Self::start_sized(folder, startup, [1366.0, 768.0])
    }

    pub fn start_sized(folder: Rc<TempDir>, startup: Startup, size: [f32; 2]) -> Self {
        Self::start_with(folder, startup, size, SoundOutput::Silent)
    }

    pub fn start_with(folder: Rc<TempDir>, startup: Startup, size: [f32; 2], sound: SoundOutput) -> Self {
        let now = Rc::new(Cell::new(Moment::now()));
        let (clock, root) = (Rc::clone(&now), folder.path().join("home"));
        let harness = Harness::builder().with_size(size).with_step_dt(0.02).build_eframe(move |creation| {
            let app = App::new(&creation.egui_ctx, Folders::below(root), KeyLog::default(), startup);
            app.with_clock(move || clock.get()).with_sound(sound)
        });
        Self { harness, folder, now }
    }

    pub fn demo() -> Self {
        let folder = Rc::new(tempfile::tempdir().expect("a temporary folder"));
        let mut desk = Self::start(folder, Startup { demo: true, ..Startup::default() });
        desk.until_settled();
        desk
    }

    /// The next file dialog is answered so.
    pub fn answer(&mut self, path: &Path) {
        let answers = Box::new(Answers(vec![path.to_owned()]));
        self.harness.state_mut().set_dialogs(answers);
    }

    pub fn work(&self) -> &Work {
        self.harness.state().state.work.as_ref().expect("a session is open")
    }

    pub fn status(&self) -> &str {
        &self.harness.state().state.status.text
    }

    pub fn marks(&self, subject: &str, channel: &str) -> Vec<Mark> {
        let key = TrackKey::new(subject, channel);
        self.work().session().track(&key).expect("the track is there").marks.clone()
    }

    /// Code and times in seconds of each mark of a track.
    pub fn coded(&self, subject: &str, channel: &str) -> Vec<(String, f64, f64)> {
        let marks = self.marks(subject, channel);
        marks.iter().map(|mark| (mark.code.clone(), mark.start().as_secs(), mark.when.end().as_secs())).collect()
    }

    /// One redraw, without time passing.
    pub fn redraw(&mut self) {
        self.harness.step();
    }

    /// Redraws until something is so.
    #[track_caller]
    pub fn until(&mut self, what: &str, is_so: impl Fn(&App) -> bool) {
        let since = Moment::now();
        loop {
            self.harness.step();
            if is_so(self.harness.state()) {
                return;
            }
            assert!(since.elapsed() < PATIENCE, "waited in vain: {what}; status: {}", self.status());
            std::thread::yield_now();
        }
    }

    /// Until every video shows the very frame that was asked for, in full.
    #[track_caller]
    pub fn until_settled(&mut self) {
        self.until("the exact picture", |app| {
            app.state
                .work
                .as_ref()
                .is_some_and(|work| work.player.is_sharp() && work.stamp.frames.iter().any(Option::is_some)) // others may not have begun
        });
        self.redraw();
    }

    /// Lets the video play for so long, redrawing as a window would; each picture has the time that it needs to be decoded.
    #[track_caller]
    pub fn play_for(&mut self, length: Duration) {
        let end = self.now.get() + length;
        while self.now.get() < end {
            self.now.set(self.now.get() + REDRAW);
            self.until("the next picture", |app| {
                app.state.work.as_ref().is_some_and(|work| !work.is_playing() || work.player.is_settled())
            });
        }
    }

    /// Time passes, and the window is drawn again.
    pub fn pass(&mut self, length: Duration) {
        self.now.set(self.now.get() + length);
        self.redraw();
        self.redraw();
    }

    /// A key goes down and up.
    pub fn key(&mut self, key: Key) {
        self.key_with(Modifiers::NONE, key);
    }

    pub fn key_with(&mut self, modifiers: Modifiers, key: Key) {
        self.key_down(modifiers, key);
        self.key_up(modifiers, key);
        self.redraw();
        self.redraw();
    }

    pub fn ctrl(key: Key) -> (Modifiers, Key) {
        (Modifiers { ctrl: true, command: true, ..Modifiers::NONE }, key)
    }

    pub fn key_down(&mut self, modifiers: Modifiers, key: Key) {
        let mut events = vec![Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }];
        if modifiers.is_none() && key.symbol_or_name().chars().count() == 1 {
            events.push(Event::Text(key.symbol_or_name().to_lowercase()));
        }
        self.input(events);
    }

    pub fn key_up(&mut self, modifiers: Modifiers, key: Key) {
        self.input(vec![Event::Key { key, physical_key: None, pressed: false, repeat: false, modifiers }]);
    }

    /// Events on the way that eframe would send them: through the program's hook first.
    pub fn input(&mut self, events: Vec<Event>) {
        let mut raw = RawInput { events, ..RawInput::default() };
        let context = self.harness.ctx.clone();
        self.harness.state_mut().raw_input_hook(&context, &mut raw);
        for event in raw.events {
            self.harness.event(event);
        }
    }

    /// Puts the playhead on a frame, as Go to does.
    pub fn go_to_frame(&mut self, frame: usize) {
        let time = self.work().time_of_frame(frame).expect("the video has this frame");
        self.harness.state_mut().ask(attune::command::Transport::Seek(time));
        self.until_settled();
    }
}

/// A recorder's file: two seconds of a quiet tone.
pub fn write_sound(path: &Path) {
    const RATE: u32 = 8_000;
    let samples = (0..2 * RATE).flat_map(|n| (if n % 16 < 8 { 4_000_i16 } else { -4_000 }).to_le_bytes());
    let samples: Vec<u8> = samples.collect();
    let n_bytes = samples.len() as u32;
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + n_bytes).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend([RATE, 2 * RATE].into_iter().flat_map(u32::to_le_bytes));
    bytes.extend(b"\x02\0\x10\0data");
    bytes.extend(n_bytes.to_le_bytes());
    bytes.extend(samples);
    std::fs::write(path, bytes).expect("the folder can be written");
}

/// The built-in video as a file.
pub fn demo_video(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("dyad-017.mp4");
    std::fs::write(&path, attune::demo::VIDEO).expect("the folder can be written");
    path
}
