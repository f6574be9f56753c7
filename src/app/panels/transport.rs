//! The row under the video: where we are, how fast it goes, and how loud.

use egui::{Align, Layout, RichText, Ui, vec2};

use super::widgets::{icon_button_ui, small_ui, toggle_ui};
use crate::command::{Commands, Transport, View};
use crate::dialog::Dialog;
use crate::icons;
use crate::speed;
use crate::theme::Theme;
use crate::work::{Sight, Work};

/// Height of the row.
pub const HEIGHT: f32 = 42.0;

/// How much the row can show: in a small or enlarged window what the keyboard does as well is left out.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Room {
    /// Stepping by frames, playing, speeds, sound on or off.
    Narrow,
    /// Stepping by boundaries too.
    Tight,
    /// All of it.
    Ample,
}

impl Room {
    fn of(width: f32) -> Self {
        match width {
            ..720.0 => Self::Narrow,
            ..880.0 => Self::Tight,
            _ => Self::Ample,
        }
    }
}

/// The transport row.
pub fn transport_ui(work: &Work, ui: &mut Ui, commands: &mut Commands) {
    let width = ui.available_width();
    let room = Room::of(width);
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.add_space(8.0);
        clock_ui(work, ui, commands);
        if room == Room::Ample {
            let steps_width = 240.0;
            ui.add_space(((width - steps_width) / 2.0 - ui.min_rect().width() - 60.0).max(6.0));
        }
        steps_ui(work, room, ui, commands);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(8.0);
            sound_ui(work, room, ui, commands);
            loop_ui(work, ui, commands);
            speeds_ui(work, ui, commands);
        });
    });
}

fn clock_ui(work: &Work, ui: &mut Ui, commands: &mut Commands) {
    let theme = Theme::of(ui.ctx());
    let time = RichText::new(work.times.exact(work.playhead));
    let clock = egui::Label::new(time.size(17.0).family(crate::theme::strong())).sense(egui::Sense::click());
    let response = ui.add_sized(vec2(118.0, 26.0), clock).on_hover_text("Go to a time or frame (Ctrl+G)");
    if response.clicked() {
        commands.push(View::Show(Dialog::GoTo { text: String::new() }));
    }
    let Some((frame, n_frames, sight)) = work.lead_frame() else {
        small_ui(if work.is_opening() { "opening…" } else { "no picture" }, ui);
        return;
    };
    let of = n_frames.map_or_else(|| "…".to_owned(), grouped);
    let noun = if matches!(sight, Sight::Step(_)) { "step" } else { "frame" };
    let count = format!("{noun} {} of {of}", grouped(frame));
    // As wide as the last frame needs it: what stands behind does not move
    let widest = format!("{noun} {of} of {of}");
    steady_ui(RichText::new(count).color(theme.soft), &[&widest], ui);
    let (word, colour, hint) = match sight {
        Sight::Exact => (WORDS[0].to_owned(), theme.good, "the picture is this very frame"),
        Sight::Coarse => (WORDS[1].to_owned(), theme.good, "the picture is this very frame, small until it is decoded"),
        Sight::Damaged => (WORDS[2].to_owned(), theme.infant, "the time is right; the picture was not decoded whole"),
        Sight::Approximate => {
            (WORDS[3].to_owned(), theme.infant, "the picture is of a frame nearby: no mark is made on it")
        }
        Sight::Step(step) => (
            format!("{} s each", step.to_secs_text()),
            theme.soft,
            "there is sound alone: the playhead goes in even steps",
        ),
    };
    steady_ui(RichText::new(word).color(colour), &WORDS, ui).on_hover_text(hint);
}

/// What a picture can be to the frame that was asked for.
const WORDS: [&str; 4] = ["exact", "exact, coarse", "exact, damaged", "approximate"];

/// A text in as much room as the widest of these needs.
fn steady_ui(text: RichText, widest: &[&str], ui: &mut Ui) -> egui::Response {
    let theme = Theme::of(ui.ctx());
    let width = |text: &str| ui.painter().layout_no_wrap(text.to_owned(), Theme::body_font(), theme.soft).size().x;
    let width = widest.iter().map(|text| width(text)).chain([width(text.text())]).fold(0.0, f32::max);
    let layout = Layout::left_to_right(Align::Center);
    ui.allocate_ui_with_layout(vec2(width, 20.0), layout, |ui| {
        ui.set_min_width(width);
        ui.label(text)
    })
    .inner
}

/// 2504 as "2 504".
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

fn steps_ui(work: &Work, room: Room, ui: &mut Ui, commands: &mut Commands) {
    if room > Room::Narrow && icon_button_ui(icons::SKIP_BACK, "Previous boundary on this track (Ctrl+←)", ui).clicked()
    {
        commands.push(Transport::PreviousBoundary);
    }
    if icon_button_ui(icons::CARET_LEFT, "One frame back (,)", ui).clicked() {
        commands.push(Transport::Step(-1));
    }
    let (icon, word) = if work.is_playing() { (icons::PAUSE, "Pause") } else { (icons::PLAY, "Play") };
    let (text, width) = if room == Room::Ample { (format!("{icon}  {word}"), 74.0) } else { (icon.to_owned(), 34.0) };
    let button = ui.add(egui::Button::new(RichText::new(text).size(13.0)).min_size(vec2(width, 26.0)));
    button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, word));
    if button.on_hover_text("Play or pause (Space)").clicked() {
        commands.push(Transport::PlayOrPause);
    }
    if icon_button_ui(icons::CARET_RIGHT, "One frame forward (.)", ui).clicked() {
        commands.push(Transport::Step(1));
    }
    if room > Room::Narrow && icon_button_ui(icons::SKIP_FORWARD, "Next boundary on this track (Ctrl+→)", ui).clicked()
    {
        commands.push(Transport::NextBoundary);
    }
}

// Laid out from the right to the left: what stands last comes first.

fn sound_ui(work: &Work, room: Room, ui: &mut Ui, commands: &mut Commands) {
    let muted = work.transport.muted;
    let mut volume = if muted { 0.0 } else { work.transport.volume };
    if room == Room::Ample {
        ui.spacing_mut().slider_width = 46.0;
        let slider = ui.add(egui::Slider::new(&mut volume, 0.0..=1.0).show_value(false).trailing_fill(true));
        slider.widget_info(|| egui::WidgetInfo::slider(true, f64::from(volume), "Volume"));
        if slider.changed() {
            commands.push(Transport::Volume(volume));
        }
    }
    let (icon, name) = if muted {
        (icons::SPEAKER_SLASH, "Sound on (M with Ctrl)")
    } else {
        (icons::SPEAKER_HIGH, "Sound off (M with Ctrl)")
    };
    if icon_button_ui(icon, name, ui).clicked() {
        commands.push(Transport::Mute);
    }
}

fn loop_ui(work: &Work, ui: &mut Ui, commands: &mut Commands) {
    let looped = work.transport.looped.is_some();
    let name = if looped { "Stop looping (Ctrl+L)" } else { "Loop the selected mark or episode (Ctrl+L)" };
    if toggle_ui(looped, icons::REPEAT, name, ui).clicked() {
        commands.push(Transport::LoopSelection);
    }
    ui.add_space(6.0);
}

fn speeds_ui(work: &Work, ui: &mut Ui, commands: &mut Commands) {
    ui.spacing_mut().item_spacing.x = 2.0;
    for speed in speed::row().rev() {
        let on = speed::forward(work.transport.speed) == speed;
        if toggle_ui(on, &speed::label(speed), &format!("Speed {}", speed::label(speed)), ui).clicked() {
            commands.push(Transport::Speed(speed));
        }
    }
    if ui.available_width() > 60.0 {
        ui.add_space(4.0);
        small_ui("Speed", ui);
    }
    ui.spacing_mut().item_spacing.x = 6.0;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(2504), "2\u{2009}504");
        assert_eq!(grouped(1_018_000), "1\u{2009}018\u{2009}000");
    }
}
