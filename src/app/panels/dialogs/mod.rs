//! The dialogs: a form is filled in by hand, and becomes a command when it is accepted.

mod assistant;
mod forms;
mod help;
mod setup;

use egui::{Align2, Context, Key, Ui, vec2};

use crate::command::{Commands, View};
use crate::dialog::Dialog;
use crate::state::State;

/// The open dialog, in the middle of the window. Escape closes it.
pub fn dialog_ui(dialog: &mut Dialog, state: &State, ctx: &Context, commands: &mut Commands) {
    let (title, width) = match dialog {
        Dialog::New(_) => ("New session", 560.0),
        Dialog::GoTo { .. } => ("Go to", 320.0),
        Dialog::Note { .. } => ("Note", 420.0),
        Dialog::Episode(form) if form.id.is_none() => ("New episode", 360.0),
        Dialog::Episode(_) => ("Episode", 360.0),
        Dialog::Lengths { .. } => ("Episodes from lengths", 380.0),
        Dialog::Exclude { .. } => ("Exclude a stretch", 360.0),
        Dialog::Setup(_) => ("Session, subjects and videos", 620.0),
        Dialog::Crashed { .. } => ("Recovery", 480.0),
        Dialog::Preferences(_) => ("Preferences", 440.0),
        Dialog::Keys => ("Keys", 640.0),
        Dialog::About => ("About Attune", 480.0),
        Dialog::Definitions => ("What the scores mean", 760.0),
        Dialog::Earlier(_) => ("Earlier versions", 440.0),
        Dialog::OtherCoder { .. } => ("Another coder's session", 440.0),
        Dialog::Recovered { .. } => ("Recovered work", 460.0),
    };
    let mut open = true;
    egui::Window::new(title)
        .id(egui::Id::unique(("dialog", title)))
        .open(&mut open)
        .collapsible(false)
        .resizable(false)
        .frame(egui::Frame::window(&ctx.style_of(ctx.theme())).inner_margin(16))
        .anchor(Align2::CENTER_CENTER, vec2(0.0, -20.0))
        .default_width(width)
        .show(ctx, |ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing.y = 6.0;
            contents_ui(dialog, state, ui, commands);
        });
    if !open || ctx.input(|input| input.key_pressed(Key::Escape)) {
        commands.push(View::CloseDialog);
    }
}

fn contents_ui(dialog: &mut Dialog, state: &State, ui: &mut Ui, commands: &mut Commands) {
    match dialog {
        Dialog::New(form) => assistant::assistant_ui(form, ui, commands),
        Dialog::GoTo { text } => forms::go_to_ui(text, state, ui, commands),
        Dialog::Note { mark, text } => forms::note_ui(*mark, text, ui, commands),
        Dialog::Episode(form) => forms::episode_ui(form, ui, commands),
        Dialog::Lengths { start, text } => forms::lengths_ui(*start, text, ui, commands),
        Dialog::Exclude { start, end, reason } => forms::exclude_ui(start, end, reason, ui, commands),
        Dialog::Setup(form) => setup::setup_ui(form, state, ui, commands),
        Dialog::Crashed { report, session } => forms::crashed_ui(report, session.as_ref(), ui, commands),
        Dialog::Preferences(form) => forms::preferences_ui(form, ui, commands),
        Dialog::Keys => help::keys_ui(ui),
        Dialog::About => help::about_ui(ui),
        Dialog::Definitions => help::definitions_ui(ui),
        Dialog::Earlier(saves) => forms::earlier_ui(saves, ui, commands),
        Dialog::OtherCoder { coder } => forms::other_coder_ui(coder, state, ui, commands),
        Dialog::Recovered { message } => forms::recovered_ui(message, ui, commands),
    }
}
