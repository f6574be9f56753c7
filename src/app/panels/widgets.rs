//! Small drawn things that several panels share.

use egui::{Align2, Color32, Rect, Response, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::theme::{Theme, size};

/// A quiet button with an icon and a name for those who cannot see it.
pub fn icon_button_ui(icon: &str, name: &str, ui: &mut Ui) -> Response {
    let response = ui.add(egui::Button::new(RichText::new(icon).size(15.0)).min_size(vec2(28.0, 26.0)));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    response.on_hover_text(name)
}

/// A button that stays down while `on`.
pub fn toggle_ui(on: bool, text: &str, name: &str, ui: &mut Ui) -> Response {
    let theme = Theme::of(ui.ctx());
    let (fill, colour) = if on { (theme.accent, theme.on_accent) } else { (theme.raised, theme.text) };
    let button = egui::Button::new(RichText::new(text).color(colour)).fill(fill).min_size(vec2(27.0, 24.0));
    let response = ui.add(button);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, name));
    response.on_hover_text(name)
}

/// The key that does it, drawn as a key.
pub fn key_cap(painter: &egui::Painter, rect: Rect, key: &str, theme: &Theme) {
    painter.rect(rect, 3.0, theme.lane, egui::Stroke::new(1.0, theme.faint), egui::StrokeKind::Inside);
    painter.text(rect.center(), Align2::CENTER_CENTER, key, Theme::strong_font(), theme.text);
}

/// A share of a whole as a bar with its name on it, and two columns of figures beside it.
pub fn bar_ui(share: f32, fill: Color32, left: &str, right: [&str; 2], ui: &mut Ui) -> Response {
    const COLUMN: f32 = 54.0;
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 14.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{left} {}  {}", right[0], right[1])));
    let painter = ui.painter_at(rect);
    let bar = rect.with_max_x(rect.right() - 2.0 * COLUMN);
    painter.rect_filled(bar, 2.0, theme.lane);
    let width = bar.width() * share.clamp(0.0, 1.0);
    let filled = Rect::from_min_size(rect.min, vec2(width, rect.height()));
    painter.rect_filled(filled, 2.0, fill);
    let (inside, outside) = (painter.with_clip_rect(filled), painter.with_clip_rect(bar.with_min_x(filled.right())));
    for (clip, colour) in [(inside, Theme::text_on(fill)), (outside, theme.text)] {
        clip.text(rect.left_center() + vec2(5.0, 0.0), Align2::LEFT_CENTER, left, Theme::small_font(), colour);
    }
    for (text, end) in right.into_iter().zip([rect.right() - COLUMN, rect.right() - 5.0]) {
        painter.text(pos2(end, rect.center().y), Align2::RIGHT_CENTER, text, Theme::small_font(), theme.text);
    }
    response
}

/// A heading at the left and a remark at the right.
pub fn heading_ui(heading: &str, remark: &str, ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    ui.horizontal(|ui| {
        ui.label(RichText::new(heading).font(Theme::heading_font()));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.label(RichText::new(remark).font(Theme::small_font()).color(theme.soft));
        });
    });
}

/// Small print.
pub fn small_ui(text: impl Into<String>, ui: &mut Ui) -> Response {
    let theme = Theme::of(ui.ctx());
    ui.label(RichText::new(text).size(size::SMALL).color(theme.soft))
}

/// A line between parts of a panel.
pub fn line_ui(ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    let rect = ui.available_rect_before_wrap();
    let outer = ui.clip_rect();
    ui.add_space(5.0);
    ui.painter().hline(outer.x_range(), rect.top() + 5.0, egui::Stroke::new(1.0, theme.line));
    ui.add_space(7.0);
}

/// A dot of a subject's colour.
pub fn dot(painter: &egui::Painter, x: f32, y: f32, colour: Color32) {
    painter.circle_filled(pos2(x, y), 3.5, colour);
}
