//! The pictures, as large as there is room, each with its label.

use egui::{Align2, Image, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::command::{Commands, File, Transport, View};
use crate::dialog::Dialog;
use crate::theme::{CAPTION, CAPTION_ALARM, CAPTION_BACK, Theme};
use crate::work::{Video, Work};

/// All videos side by side.
pub fn video_ui(work: &Work, ui: &mut Ui, commands: &mut Commands) {
    let theme = Theme::of(ui.ctx());
    let area = ui.available_rect_before_wrap();
    ui.painter().rect_filled(area, 0.0, theme.stage);
    let cells = cells(area.shrink(8.0), &work.videos.iter().map(Video::aspect).collect::<Vec<_>>());
    for (n, (video, cell)) in work.videos.iter().zip(cells).enumerate() {
        one_video_ui(work, n, video, cell, ui, commands);
    }
    ui.allocate_rect(area, Sense::hover());
}

fn one_video_ui(work: &Work, n: usize, video: &Video, cell: Rect, ui: &mut Ui, commands: &mut Commands) {
    let theme = Theme::of(ui.ctx());
    let response = ui.interact(cell, ui.scope_id().with(("video", n)), Sense::click());
    let medium = work.document.session().media.get(n);
    let label = medium.map_or(String::new(), |medium| {
        let name =
            if medium.label.is_empty() { medium.path.rsplit('/').next().unwrap_or_default() } else { &medium.label };
        let name = if work.videos.len() > 1 { &format!("{} · {name}", n + 1) } else { name };
        if medium.offset.is_zero() { name.to_owned() } else { format!("{name}  {:+.3} s", medium.offset.as_secs()) }
    });
    let label = match medium.and_then(session::Medium::span) {
        Some(span) if work.playhead >= span.end() => format!("{label}   is over"),
        Some(span) if work.playhead < span.start() => format!("{label}   has not begun"),
        _ => label,
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("Video {label}")));
    match (&video.texture, &video.problem) {
        (_, Some(problem)) => problem_ui(problem, medium, cell, ui, commands),
        (Some(texture), None) => {
            ui.put(
                cell,
                Image::from_texture((texture.id(), cell.size())).fit_to_exact_size(cell.size()).corner_radius(3.0),
            );
            let painter = ui.painter_at(cell);
            let (label, colour) = if work.is_other(n) {
                (format!("{label}   is not the file that was coded"), CAPTION_ALARM)
            } else if video.is_damaged {
                (format!("{label}   is not whole"), CAPTION_ALARM)
            } else {
                (label, CAPTION)
            };
            let galley = painter.layout_no_wrap(label, Theme::body_font(), colour);
            let back = Rect::from_min_size(cell.min + vec2(6.0, 6.0), galley.size() + vec2(12.0, 6.0));
            painter.rect_filled(back, 3.0, CAPTION_BACK);
            painter.galley(back.min + vec2(6.0, 3.0), galley, colour);
            if !video.warnings.is_empty() {
                let name = ui.interact(back, ui.scope_id().with(("warnings", n)), Sense::hover());
                name.on_hover_text(video.warnings.join("\n"));
            }
        }
        (None, None) => {
            ui.painter().rect_filled(cell, 3.0, theme.lane);
            ui.painter().text(cell.center(), Align2::CENTER_CENTER, "opening…", Theme::body_font(), theme.faint);
        }
    }
    if response.clicked() && video.problem.is_none() {
        commands.push(Transport::PlayOrPause);
    }
    response.context_menu(|ui| {
        let Some(medium) = medium else { return };
        if ui.button("Name and offset…").clicked() {
            commands.push(View::Show(Dialog::setup(work.session())));
        }
        if ui.button("Find the file…").clicked() {
            commands.push(File::Relink(medium.id));
        }
        if work.is_other(n) && ui.button("It is the same recording").clicked() {
            commands.push(File::AcceptFile(medium.id));
        }
    });
}

fn problem_ui(problem: &str, medium: Option<&session::Medium>, cell: Rect, ui: &mut Ui, commands: &mut Commands) {
    let theme = Theme::of(ui.ctx());
    ui.painter().rect_filled(cell, 3.0, theme.lane);
    let inner = Rect::from_center_size(cell.center(), vec2((cell.width() - 40.0).max(80.0), 110.0));
    let mut child =
        ui.new_child(egui::UiBuilder::new().max_rect(inner).layout(egui::Layout::top_down(egui::Align::Center)));
    child.add(egui::Label::new(egui::RichText::new(problem).color(theme.soft)).wrap());
    child.add_space(6.0);
    if let Some(medium) = medium
        && child.button("Find the file…").clicked()
    {
        commands.push(File::Relink(medium.id));
    }
}

/// Where pictures of these aspects stand: beside each other, of one height, as large as the area allows, in its middle.
fn cells(area: Rect, aspects: &[f32]) -> Vec<Rect> {
    const GAP: f32 = 8.0;
    if aspects.is_empty() {
        return Vec::new();
    }
    let gaps = GAP * (aspects.len() - 1) as f32;
    let sum: f32 = aspects.iter().sum();
    let height = ((area.width() - gaps) / sum).min(area.height()).max(1.0);
    let width = height * sum + gaps;
    let mut left = area.center().x - width / 2.0;
    let top = area.center().y - height / 2.0;
    let place = |aspect: &f32| {
        let cell = Rect::from_min_size(pos2(left, top), vec2(height * aspect, height));
        left = cell.right() + GAP;
        cell
    };
    aspects.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Rect = Rect { min: pos2(0.0, 0.0), max: pos2(208.0, 100.0) };

    #[test]
    fn one_video_fills_the_height_in_the_middle() {
        assert_eq!(cells(AREA, &[1.0]), [Rect::from_min_max(pos2(54.0, 0.0), pos2(154.0, 100.0))]);
    }

    #[test]
    fn two_videos_stand_beside_each_other_with_one_height() {
        let expected = [
            Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 100.0)),
            Rect::from_min_max(pos2(108.0, 0.0), pos2(208.0, 100.0)),
        ];
        assert_eq!(cells(AREA, &[1.0, 1.0]), expected);
        let wide = cells(AREA, &[2.0, 2.0]);
        assert_eq!(wide[0].height(), 50.0);
        assert_eq!(wide[1].right(), 208.0);
    }

    #[test]
    fn no_video_needs_no_place() {
        assert!(cells(AREA, &[]).is_empty());
    }
}
