//! What is only read: keys, definitions, versions and licences, remarks.

use egui::{Grid, RichText, ScrollArea, Ui};

use crate::command::{Commands, View};
use crate::keymap::{bindings, shortcut_text};
use crate::theme::Theme;

/// Every library, its version and its licence, a line each: written by `assets/licences.py`.
const LICENCES: &str = include_str!("../../../../assets/licences.txt");

pub(super) fn keys_ui(ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    ui.label(
        RichText::new("Digits and the scheme's letters code the armed track; everything else is the same everywhere.")
            .color(theme.soft),
    );
    ui.add_space(6.0);
    ScrollArea::vertical().max_height(440.0).show(ui, |ui| {
        Grid::new("keys").num_columns(4).spacing([18.0, 4.0]).show(ui, |ui| {
            for pair in bindings().chunks(2) {
                for binding in pair {
                    ui.label(RichText::new(shortcut_text(&binding.shortcut)).font(Theme::strong_font()));
                    ui.label(binding.does);
                }
                ui.end_row();
            }
        });
        ui.add_space(6.0);
        for (hand, does) in [
            ("drag an edge", "moves it, with the neighbour that touches it; with Shift: alone"),
            ("drag a mark", "moves it; Escape gives it back"),
            ("drag the strip over the ruler", "makes an episode; so does Shift and a drag on the ruler"),
            ("drag along the ruler or the thumbnails", "shows each frame at once, small until the hand rests"),
            ("Ctrl and the wheel on a picture", "closer to a face; then drag the picture"),
            ("right-click on a picture", "brightness, a window of its own, the same moment in two videos"),
            ("Ctrl and the wheel on the timelines", "closer and farther; the wheel with Shift: along the time"),
        ] {
            ui.label(format!("{hand}: {does}"));
        }
    });
}

pub(super) fn definitions_ui(ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    ui.label(
        RichText::new("No norms: more is not always better. Every number stands with its parts.").color(theme.soft),
    );
    ui.add_space(6.0);
    ScrollArea::vertical().max_height(480.0).show(ui, |ui| {
        for family in scoring::catalog::families() {
            ui.label(RichText::new(family.title).font(Theme::heading_font()));
            for info in family.scores {
                ui.label(RichText::new(info.name).font(Theme::strong_font()));
                ui.label(format!("{} Unit {}, range {}.", info.definition, info.unit, info.range));
                let source = format!("{} · {}", info.id, info.source);
                ui.label(RichText::new(source).font(Theme::small_font()).color(theme.soft));
                ui.add_space(6.0);
            }
        }
    });
}

pub(super) fn about_ui(ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    ui.label(RichText::new(format!("Attune {}", env!("CARGO_PKG_VERSION"))).font(Theme::heading_font()));
    ui.label("Coding of infant and parent interaction, frame by frame. MIT or Apache-2.0, as you like.");
    ui.add_space(6.0);
    ui.label(format!("Video and sound: FFmpeg {}", media::ffmpeg_version()));
    ui.label("Fonts: Inter (SIL Open Font License 1.1); icons: Phosphor (MIT).");
    ui.add_space(6.0);
    ui.label(format!("Built with {} libraries:", LICENCES.lines().count()));
    let height = ui.text_style_height(&egui::TextStyle::Body);
    let lines: Vec<&str> = LICENCES.lines().collect();
    ScrollArea::vertical().max_height(220.0).auto_shrink([false, true]).show_rows(
        ui,
        height,
        lines.len(),
        |ui, rows| {
            for line in &lines[rows] {
                ui.label(RichText::new(*line).font(Theme::small_font()).color(theme.soft));
            }
        },
    );
    ui.add_space(6.0);
    ui.label(RichText::new("Nothing is ever sent anywhere. Videos stay where they are.").color(theme.soft));
}

pub(super) fn remarks_ui(remarks: &[String], ui: &mut Ui, commands: &mut Commands) {
    ScrollArea::vertical().max_height(400.0).auto_shrink([false, true]).show(ui, |ui| {
        for remark in remarks {
            ui.label(remark);
        }
    });
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        if ui.button("Copy all").clicked() {
            ui.ctx().copy_text(remarks.join("\n"));
        }
        if ui.button("Done").clicked() {
            commands.push(View::CloseDialog);
        }
    });
}
