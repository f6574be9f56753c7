//! What the window shows while no session is open.

use egui::{RichText, Ui, vec2};

use crate::command::{Commands, File};
use crate::icons;
use crate::state::State;
use crate::theme::Theme;

/// New, open, the demonstration, and what was opened before.
pub fn welcome_ui(state: &State, ui: &mut Ui, commands: &mut Commands) {
    let theme = Theme::of(ui.ctx());
    let top = (ui.available_height() - 360.0).max(20.0) / 2.0;
    ui.vertical_centered(|ui| {
        ui.add_space(top);
        ui.label(RichText::new("Attune").size(34.0).family(crate::theme::strong()));
        ui.label(RichText::new("infant and parent, frame by frame").color(theme.soft));
        ui.add_space(22.0);
        for (icon, text, command) in [
            (icons::FILE_PLUS, "New session…", File::New),
            (icons::FOLDER_OPEN, "Open a session or a video…", File::Open),
            (icons::PLAY, "Look at the demonstration", File::OpenDemo),
        ] {
            let button =
                egui::Button::new(RichText::new(format!("{icon}   {text}")).size(13.0)).min_size(vec2(260.0, 32.0));
            if ui.add(button).clicked() {
                commands.push(command);
            }
        }
        ui.add_space(8.0);
        ui.label(RichText::new("or drop a file here").font(Theme::small_font()).color(theme.faint));
        if !state.preferences.recent.is_empty() {
            ui.add_space(22.0);
            ui.label(RichText::new("Opened before").font(Theme::small_font()).color(theme.soft));
        }
        for path in state.preferences.recent.iter().take(6) {
            let name = state.preferences.name_of_recent(path, &state.folders.drafts());
            let folder = path.parent().and_then(|folder| folder.file_name()).unwrap_or_default().to_string_lossy();
            let mut text = egui::text::LayoutJob::default();
            for (part, colour) in [(name, theme.accent), (format!("   {folder}"), theme.faint)] {
                text.append(
                    &part,
                    0.0,
                    egui::TextFormat { font_id: Theme::body_font(), color: colour, ..Default::default() },
                );
            }
            if ui.add(egui::Button::new(text).frame(false)).on_hover_text(path.display().to_string()).clicked() {
                commands.push(File::OpenPath(path.clone()));
            }
        }
    });
}
