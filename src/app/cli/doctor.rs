//! `attune doctor`: what this machine has.

use std::path::Path;

use clap::Args;

use super::OutArgs;
use super::output::{Failure, write_data};
use crate::folders::Folders;
use crate::graphics::Graphics;

/// What this machine has: media libraries and decoders, graphics, sound, file dialogs, fonts, folders
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  attune doctor")]
pub(super) struct DoctorArgs {
    #[command(flatten)]
    out: OutArgs,
}

pub(super) fn run(args: &DoctorArgs) -> Result<(), Failure> {
    let mut lines = vec![
        ("attune", env!("CARGO_PKG_VERSION").to_owned()),
        ("system", format!("{}, {}", std::env::consts::OS, std::env::consts::ARCH)),
    ];
    lines.extend(media_lines());
    lines.extend(graphics_lines());
    lines.push(("display", display()));
    lines.push(("dialogs", dialogs()));
    lines.push(("fonts", "Inter and Phosphor, built in".to_owned()));
    let folders = Folders::of_user();
    for (name, folder) in [("settings", &folders.config), ("data", &folders.data), ("reports", &folders.state)] {
        lines.push((name, format!("{} ({})", folder.display(), writable(folder))));
    }
    let text = lines.iter().map(|(name, value)| format!("{name:<10} {value}\n")).collect::<Vec<_>>().concat();
    write_data(&args.out, text.as_bytes())
}

fn media_lines() -> Vec<(&'static str, String)> {
    let equipment = media::equipment();
    let names = |is_there: bool| {
        let names = equipment.decoders.iter().filter(|(_, there)| *there == is_there).map(|(name, _)| *name);
        names.collect::<Vec<_>>().join(", ")
    };
    let sound = equipment.sound.map_or_else(
        || "no device: videos play in silence".to_owned(),
        |(rate, channels)| format!("{rate} Hz, {channels} channels"),
    );
    let mut lines = vec![("ffmpeg", equipment.ffmpeg.clone()), ("decoders", names(true))];
    if !names(false).is_empty() {
        lines.push(("missing", format!("{}: install the full FFmpeg libraries for these", names(false))));
    }
    lines.push(("sound", sound));
    lines
}

fn graphics_lines() -> Vec<(&'static str, String)> {
    let graphics = Graphics::find();
    let mut lines: Vec<(&str, String)> = graphics
        .adapters
        .iter()
        .map(|adapter| ("adapter", format!("{} ({:?}, {:?})", adapter.name, adapter.device_type, adapter.backend)))
        .collect();
    lines.push(("draws with", graphics.reason()));
    lines
}

fn display() -> String {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match (is_set("WAYLAND_DISPLAY"), is_set("DISPLAY")) {
        _ if !cfg!(target_os = "linux") => "the desktop's".to_owned(),
        (true, _) => "Wayland".to_owned(),
        (false, true) => "X11".to_owned(),
        (false, false) => "none: the window cannot open, the verbs work".to_owned(),
    }
}

/// On Linux the desktop's dialogs are asked for over the session bus.
fn dialogs() -> String {
    let has_bus = std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some();
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let has_zenity = std::env::split_paths(&paths).any(|folder| folder.join("zenity").is_file());
    if !cfg!(target_os = "linux") {
        "the desktop's".to_owned()
    } else if has_bus {
        "the desktop's, through its portal".to_owned()
    } else if has_zenity {
        "zenity's: there is no session bus".to_owned()
    } else {
        "none: there is neither a session bus nor zenity; paths are written by hand".to_owned()
    }
}

/// Can files be made there? The nearest folder that is there answers for those that are not.
fn writable(folder: &Path) -> &'static str {
    let there = folder.ancestors().find(|folder| folder.is_dir());
    let is_writable = there.is_some_and(can_make_file);
    if is_writable { "can be written" } else { "CANNOT be written: drafts and preferences are lost" }
}

fn can_make_file(folder: &Path) -> bool {
    let probe = folder.join(format!(".attune-doctor-{}", std::process::id()));
    let is_made = std::fs::File::create(&probe).is_ok();
    let _ = std::fs::remove_file(&probe); // it may not be there
    is_made
}
