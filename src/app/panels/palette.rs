//! The codes of the armed track with their keys.

use egui::{Align2, FontId, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use session::{ChannelKind, Code};

use super::widgets::key_cap;
use crate::command::{Coding, Commands};
use crate::theme::{Theme, size};
use crate::work::Work;

/// Height of the row.
pub const HEIGHT: f32 = 42.0;

/// Who and what is coded, and the keys for it.
pub fn palette_ui(work: &Work, ui: &mut Ui, commands: &mut Commands) {
    let theme = Theme::of(ui.ctx());
    let session = work.document.session();
    let Some(channel) = session.scheme.channel(&work.armed) else { return };
    let held = work.code_at_playhead();
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.add_space(6.0);
        let title = work.armed_title();
        let colour = theme.subject(&work.armed.subject);
        let title = ui.painter().layout_no_wrap(title, Theme::strong_font(), colour);
        let room = vec2((size::HEAD - 18.0).max(title.size().x), 24.0);
        ui.add_sized(room, egui::Label::new(title));
        for code in &channel.codes {
            let on = held.as_deref() == Some(code.key.as_str());
            if code_chip(code, on, ui).on_hover_text(hint(code)).clicked() {
                commands.push(Coding::Press { code: code.key.clone(), stamp: work.stamp.clone() });
            }
        }
        if channel.kind == ChannelKind::State {
            let end = ui
                .button("End")
                .on_hover_text("The state ends before this frame (E, where the scheme leaves it free; Enter)");
            if end.clicked() {
                commands.push(Coding::End(work.stamp.clone()));
            }
        }
        let help = "Tab next track · Backspace undo · , . frame · J K L shuttle";
        let galley = ui.painter().layout_no_wrap(help.to_owned(), Theme::small_font(), theme.faint);
        if ui.available_width() > galley.size().x + 12.0 {
            ui.add_space(8.0);
            ui.label(egui::RichText::new(help).font(Theme::small_font()).color(theme.faint));
        }
    });
}

fn hint(code: &Code) -> String {
    match (code.definition.is_empty(), code.missing) {
        (false, _) => format!("{}: {}", code.label, code.definition),
        (true, Some(_)) => format!("{}: missing to the scores", code.label),
        (true, None) => code.label.clone(),
    }
}

/// A code as a chip: its key, its colour, its name.
fn code_chip(code: &Code, on: bool, ui: &mut Ui) -> egui::Response {
    let theme = Theme::of(ui.ctx());
    let font = FontId::proportional(size::BODY);
    let text = ui.painter().layout_no_wrap(code.label.clone(), font, theme.text);
    let (response, painter) = ui.allocate_painter(vec2(46.0 + text.size().x, 26.0), Sense::click());
    let shortcut = code.shortcut.map(|key| key.to_uppercase().to_string()).unwrap_or_default();
    let name = format!("{} {shortcut}", code.label);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, &name));
    let rect = response.rect;
    let fill = if response.hovered() { theme.raised.lerp_to_gamma(theme.text, 0.10) } else { theme.raised };
    painter.rect_filled(rect, size::ROUND, fill);
    if on {
        painter.rect_stroke(rect, size::ROUND, egui::Stroke::new(1.5, theme.accent), egui::StrokeKind::Inside);
    }
    let middle = rect.center().y;
    key_cap(&painter, Rect::from_center_size(pos2(rect.left() + 14.0, middle), vec2(16.0, 17.0)), &shortcut, theme);
    let swatch = Rect::from_center_size(pos2(rect.left() + 31.0, middle), vec2(8.0, 8.0));
    painter.rect_filled(swatch, 1.5, theme.code_fill(&code.colour));
    painter.rect_stroke(swatch, 1.5, egui::Stroke::new(1.0, theme.faint), egui::StrokeKind::Outside); // greys too are seen on grey
    painter.text(pos2(rect.left() + 40.0, middle), Align2::LEFT_CENTER, &code.label, Theme::body_font(), theme.text);
    response
}
