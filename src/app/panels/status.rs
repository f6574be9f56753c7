//! The last line: what just happened at the left, what is still to do at the right.

use egui::{Align, Layout, RichText, Ui};

use crate::state::State;
use crate::theme::Theme;

/// Height of the line.
pub const HEIGHT: f32 = 24.0;

/// The status line.
pub fn status_ui(state: &State, ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    ui.horizontal_centered(|ui| {
        ui.add_space(6.0);
        let colour = if state.status.is_alarm { theme.alarm } else { theme.soft };
        let room = ui.available_width() * 0.62;
        ui.allocate_ui(egui::vec2(room, HEIGHT), |ui| {
            ui.horizontal_centered(|ui| {
                ui.add(egui::Label::new(RichText::new(&state.status.text).color(colour)).truncate())
            });
        });
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(8.0);
            if let Some(work) = &state.work {
                ui.add(egui::Label::new(RichText::new(work.to_do()).color(theme.faint)).truncate());
            }
        });
    });
}
