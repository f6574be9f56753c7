//! The dialogs: a form is filled in by hand, and becomes a command when it is accepted.

mod assistant;
mod forms;
mod help;
mod setup;

use egui::{Button, Context, Frame, Id, Key, Modal, Rect, RichText, Role, Ui, WidgetInfo, pos2, vec2};

use crate::command::{Commands, View};
use crate::dialog::Dialog;
use crate::icons;
use crate::state::State;
use crate::theme::Theme;

/// The open dialog, in the middle of the window: nothing behind it can be reached until it is closed. Escape closes it.
pub fn dialog_ui(dialog: &mut Dialog, state: &State, ctx: &Context, commands: &mut Commands) {
    let (title, width) = match dialog {
        Dialog::New(_) => ("New session", 640.0),
        Dialog::GoTo { .. } => ("Go to", 440.0),
        Dialog::Note { .. } => ("Note", 420.0),
        Dialog::Episode(form) if form.id.is_none() => ("New episode", 360.0),
        Dialog::Episode(_) => ("Episode", 360.0),
        Dialog::Lengths { .. } => ("Episodes from lengths", 380.0),
        Dialog::Exclude { .. } => ("Exclude a stretch", 360.0),
        Dialog::Setup(_) => ("Session, subjects, videos and sounds", 800.0),
        Dialog::Path { title, .. } => (*title, 520.0),
        Dialog::OtherFile { .. } => ("Another file", 480.0),
        Dialog::Damaged { .. } => ("Damaged session", 520.0),
        Dialog::Crashed { .. } => ("Recovery", 480.0),
        Dialog::Preferences(_) => ("Preferences", 440.0),
        Dialog::Keys => ("Keys", 640.0),
        Dialog::About => ("About Attune", 480.0),
        Dialog::Definitions => ("What the scores mean", 760.0),
        Dialog::Remarks(_) => ("To know", 640.0),
        Dialog::Earlier(_) => ("Earlier versions", 440.0),
        Dialog::OtherCoder { .. } => ("Another coder's session", 440.0),
        Dialog::Recovered { .. } => ("Recovered work", 460.0),
    };
    let frame = Frame::window(&ctx.style_of(ctx.theme())).inner_margin(18);
    let modal = Modal::new(Id::unique(("dialog", title))).frame(frame).backdrop_color(Theme::of(ctx).veil);
    let shown = modal.show(ctx, |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing.y = 6.0;
        let title = ui.label(RichText::new(title).font(Theme::title_font())).rect;
        ui.add_space(4.0);
        contents_ui(dialog, state, ui, commands);
        cross_ui(title, ui, commands);
    });
    if shown.is_top_modal && !shown.any_popup_open && ctx.input(|input| input.key_pressed(Key::Escape)) {
        commands.push(View::CloseDialog);
    }
}

/// The cross that closes the dialog, in its corner: drawn last, when it is known how wide the contents are.
fn cross_ui(title: Rect, ui: &mut Ui, commands: &mut Commands) {
    let corner = pos2(ui.min_rect().right(), title.top());
    let place = Rect::from_min_max(corner - vec2(title.height(), 0.0), pos2(corner.x, title.bottom()));
    let cross = ui.put(place, Button::new(icons::X).frame(false));
    cross.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Close"));
    if cross.clicked() {
        commands.push(View::CloseDialog);
    }
}

fn contents_ui(dialog: &mut Dialog, state: &State, ui: &mut Ui, commands: &mut Commands) {
    match dialog {
        Dialog::New(form) => assistant::assistant_ui(form, state, ui, commands),
        Dialog::GoTo { text } => forms::go_to_ui(text, state, ui, commands),
        Dialog::Note { mark, text } => forms::note_ui(*mark, text, ui, commands),
        Dialog::Episode(form) => forms::episode_ui(form, state, ui, commands),
        Dialog::Lengths { start, text } => forms::lengths_ui(*start, text, state, ui, commands),
        Dialog::Exclude { start, end, reason } => forms::exclude_ui(start, end, reason, ui, commands),
        Dialog::Setup(form) => setup::setup_ui(form, state, ui, commands),
        Dialog::Path { asked, text, .. } => forms::path_ui(asked, text, ui, commands),
        Dialog::OtherFile { id, path } => forms::other_file_ui(*id, path, ui, commands),
        Dialog::Damaged { path, message } => forms::damaged_ui(path, message, ui, commands),
        Dialog::Crashed { report, session } => forms::crashed_ui(report, session.as_ref(), ui, commands),
        Dialog::Preferences(form) => forms::preferences_ui(form, ui, commands),
        Dialog::Keys => help::keys_ui(ui),
        Dialog::About => help::about_ui(ui),
        Dialog::Definitions => help::definitions_ui(ui),
        Dialog::Remarks(remarks) => help::remarks_ui(remarks, ui, commands),
        Dialog::Earlier(saves) => forms::earlier_ui(saves, ui, commands),
        Dialog::OtherCoder { coder } => forms::other_coder_ui(coder, state, ui, commands),
        Dialog::Recovered { message } => forms::recovered_ui(message, ui, commands),
    }
}
