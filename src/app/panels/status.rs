//! The last line: what just happened at the left, what is still to do at the right.

use egui::{Align, Label, Layout, RichText, Ui};

use crate::command::{Commands, View};
use crate::dialog::Dialog;
use crate::state::State;
use crate::theme::Theme;
use crate::work::Work;

/// Height of the line.
pub const HEIGHT: f32 = 24.0;

/// The status line. A warning has all of it.
pub fn status_ui(state: &State, ui: &mut Ui, commands: &mut Commands) {
    let theme = Theme::of(ui.ctx());
    let status = &state.status;
    let to_do = state.work.as_ref().filter(|_| !status.is_alarm).map(Work::to_do);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.add_space(8.0);
        if let Some(to_do) = to_do {
            ui.label(RichText::new(to_do).color(theme.faint));
            ui.add_space(12.0);
        }
        if status.remarks.len() > 1 && ui.button(format!("Read all {}", status.remarks.len())).clicked() {
            commands.push(View::Show(Dialog::Remarks(status.remarks.clone())));
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add_space(6.0);
            let colour = if status.is_alarm { theme.alarm } else { theme.soft };
            ui.add(Label::new(RichText::new(&status.text).color(colour)).truncate());
        });
    });
}
