//! The pictures, as large as there is room, each with its label.

use egui::containers::menu::{MenuConfig, SubMenuButton};
use egui::{
    Align2, Context, CursorIcon, Image, PopupCloseBehavior, Rect, Response, Role, Sense, Slider, Ui, Vec2,
    ViewportBuilder, ViewportCommand, ViewportId, WidgetInfo, pos2, vec2,
};

use session::MediumId;
use span::{Instant, Length, Span};

use super::widgets::icon_button_ui;
use crate::command::{Commands, Editing, File, Transport, View};
use crate::dialog::Dialog;
use crate::icons;
use crate::look::{Look, Tone};
use crate::preferences::{Preferences, VideoLayout};
use crate::theme::{CAPTION, CAPTION_ALARM, CAPTION_BACK, Theme};
use crate::work::{Shown, Work};

/// Space between pictures.
const GAP: f32 = 8.0;

/// All videos, as somebody wants them to stand.
pub fn video_ui(work: &Work, preferences: &Preferences, ui: &mut Ui, commands: &mut Commands) {
    let theme = Theme::of(ui.ctx());
    let area = ui.available_rect_before_wrap();
    ui.painter().rect_filled(area, 0.0, theme.stage);
    let here: Vec<usize> = places(work).filter(|(id, _)| !work.apart.contains(id)).map(|(_, n)| n).collect();
    let aspects: Vec<f32> = here.iter().map(|n| work.videos[*n].aspect()).collect();
    let large = here.iter().position(|n| *n == work.medium_index(&work.armed)).unwrap_or(0);
    let room = told_ui(work, preferences, &here, area, ui, commands);
    let cells = cells(preferences.layout, large, room.shrink(GAP), &aspects);
    for (n, cell) in here.iter().zip(cells) {
        one_video_ui(work, preferences, *n, cell, ui, commands);
    }
    if here.is_empty() && !work.apart.is_empty() {
        elsewhere_ui(work, area, ui, commands);
    } else if work.is_sound_alone() {
        sound_alone_ui(work, area, ui);
    }
    ui.allocate_rect(area, Sense::hover());
}

/// The videos that have windows of their own, in these.
pub fn windows_ui(work: &Work, preferences: &Preferences, ctx: &Context, commands: &mut Commands) {
    const HEIGHT: f32 = 540.0;
    for (id, n) in places(work).filter(|(id, _)| work.apart.contains(id)) {
        let (Some(video), Some(medium)) = (work.videos.get(n), work.session().media.get(n)) else { continue };
        let window = ViewportBuilder::default()
            .with_title(format!("{} – Attune", medium.name()))
            .with_app_id("attune")
            .with_inner_size([HEIGHT * video.aspect(), HEIGHT])
            .with_min_inner_size([240.0, 160.0]);
        ctx.show_viewport_immediate(ViewportId::from_hash_of(("video", id)), window, |ui, _| {
            let area = ui.available_rect_before_wrap();
            ui.painter().rect_filled(area, 0.0, Theme::of(ui.ctx()).stage);
            let room = told_ui(work, preferences, &[n], area, ui, commands);
            for cell in row(room, &[video.aspect()]) {
                one_video_ui(work, preferences, n, cell, ui, commands);
            }
            ui.allocate_rect(area, Sense::hover());
            if ui.input(|input| input.viewport().close_requested()) {
                commands.push(View::Apart(id));
            }
        });
    }
}

/// Where there is a picture: the medium that stands for the place, and the video that is there now. Clips that follow each other share one;
/// sound alone needs none.
pub fn places(work: &Work) -> impl Iterator<Item = (MediumId, usize)> {
    let (media, playhead) = (&work.session().media, work.playhead);
    let has_begun = move |n: &&usize| media[**n].session_time(Instant::ZERO) <= playhead;
    let of_clips = move |clips: Vec<usize>| {
        let shown = clips.iter().rev().find(has_begun).or(clips.first());
        Some((media[*clips.first()?].id, *shown?))
    };
    let all = work.session().clips().into_iter().filter_map(of_clips);
    all.filter(|(_, n)| *n < work.videos.len() && media[*n].kind.is_video())
}

/// The first picture that is shown of which it has not been read yet what is special about its file.
pub fn untold<'a>(
    work: &'a Work,
    preferences: &Preferences,
    shown: &[usize],
) -> Option<(&'a session::Medium, &'a [String])> {
    shown.iter().find_map(|n| {
        let (video, medium) = (work.videos.get(*n)?, work.session().media.get(*n)?);
        let is_new = !video.warnings.is_empty() && !preferences.told.contains(&work.file_key(medium));
        (is_new && video.shown.is_some() && video.problem.is_none()).then_some((medium, video.warnings.as_slice()))
    })
}

/// What stands in the pictures' place where there is sound alone.
fn sound_alone_ui(work: &Work, area: Rect, ui: &mut Ui) {
    let medium = work.session().media.get(work.medium_index(&work.armed));
    let step = medium.and_then(|medium| medium.frame).map_or_else(String::new, |step| {
        format!(": the playhead, and every mark, goes in steps of {} s", step.to_secs_text())
    });
    sentence_ui(&format!("There is sound alone{step}"), area, ui, |_| {});
}

/// Where the pictures are that are not here.
fn elsewhere_ui(work: &Work, area: Rect, ui: &mut Ui, commands: &mut Commands) {
    let one = work.apart.len() == 1;
    let (text, back) = if one {
        ("The video is in a window of its own", "Bring it back")
    } else {
        ("The videos are in windows of their own", "Bring them back")
    };
    sentence_ui(text, area, ui, |ui| {
        if ui.button(back).clicked() {
            work.apart.iter().for_each(|medium| commands.push(View::Apart(*medium)));
        }
    });
}

fn one_video_ui(work: &Work, preferences: &Preferences, n: usize, cell: Rect, ui: &mut Ui, commands: &mut Commands) {
    let theme = Theme::of(ui.ctx());
    let Some(video) = work.videos.get(n) else { return };
    let response = ui.interact(cell, ui.scope_id().with(("video", n)), Sense::click_and_drag());
    let medium = work.document.session().media.get(n);
    let look = medium.map_or_else(Look::default, |medium| preferences.look_of(&work.medium_path(medium)));
    let label = medium.map_or(String::new(), |medium| {
        let name = medium.name();
        let name = if work.videos.len() > 1 { &format!("{} · {name}", n + 1) } else { name };
        if medium.offset.is_zero() { name.to_owned() } else { format!("{name}  {:+.3} s", medium.offset.as_secs()) }
    });
    let span = medium.and_then(session::Medium::span);
    let is_seen = span.is_none_or(|span| span.contains(work.playhead));
    let between = medium.and_then(|medium| time_between(work, medium));
    let label = match span {
        _ if between.is_some() => label,
        Some(span) if work.playhead >= span.end() => format!("{label}   is over"),
        Some(span) if work.playhead < span.start() => format!("{label}   has not begun"),
        _ => label,
    };
    let heard =
        work.heard_of_several().is_some_and(|heard| medium.is_some_and(|medium| is_clip_of(work, medium, heard.id)));

    response.widget_info(|| {
        WidgetInfo::labeled(Role::Image, true, format!("Video {label}{}", if heard { "   is heard" } else { "" }))
    });
    let label = if heard { format!("{}  {label}", icons::SPEAKER_HIGH) } else { label };
    match (&video.shown, &video.problem) {
        (_, Some(problem)) => problem_ui(problem, medium, cell, ui, commands),
        (Some(shown), None) => {
            match shown {
                _ if !is_seen => drop(ui.painter().rect_filled(cell, 3.0, theme.lane)), // it shows another moment
                Shown::Texture(texture) => {
                    Image::from_texture((texture.id(), cell.size()))
                        .uv(look.part())
                        .corner_radius(3.0)
                        .paint_at(ui, cell);
                }
                Shown::Canvas(canvas) => drop(ui.painter().add(canvas.drawn(cell, look))),
            }
            if let Some(between) = between {
                let text = format!("no picture here: {} s between clips", between.to_tenths_text());
                ui.painter().text(cell.center(), Align2::CENTER_CENTER, text, Theme::body_font(), theme.soft);
            }
            let painter = ui.painter_at(cell);
            let (label, colour) = if work.is_other(n) {
                (format!("{label}   is not the file that was coded"), CAPTION_ALARM)
            } else if video.is_awaited {
                (format!("{label}   waits for its file"), CAPTION)
            } else if video.is_damaged {
                (format!("{label}   is not whole"), CAPTION_ALARM)
            } else {
                (label, CAPTION)
            };
            let galley = painter.layout(label, Theme::body_font(), colour, cell.width() - 24.0);
            let back = Rect::from_min_size(cell.min + vec2(6.0, 6.0), galley.size() + vec2(12.0, 6.0));
            painter.rect_filled(back, 3.0, CAPTION_BACK);
            painter.galley(back.min + vec2(6.0, 3.0), galley, colour);
            if !video.warnings.is_empty() {
                let name = ui.interact(back, ui.scope_id().with(("warnings", n)), Sense::hover());
                name.on_hover_text(video.warnings.join("\n"));
            }
        }
        (None, None) if video.is_awaited => {
            let file = medium.map_or("the file", session::Medium::file_name);
            problem_ui(&format!("waiting for {file}…"), medium, cell, ui, commands);
        }
        (None, None) => {
            let text = medium.map_or_else(String::new, |medium| format!("opening {}…", medium.file_name()));
            ui.painter().rect_filled(cell, 3.0, theme.lane);
            ui.painter().text(cell.center(), Align2::CENTER_CENTER, text, Theme::body_font(), theme.faint);
        }
    }
    if response.clicked() && video.problem.is_none() {
        commands.push(Transport::PlayOrPause);
    }
    let Some(medium) = medium else { return };
    let moved = if video.shown.is_some() { by_hand(look, cell, &response, ui) } else { look };
    if moved != look {
        commands.push(View::Look(medium.id, moved));
    }
    if !look.is_whole() && whole_button_ui(look, cell, ui).clicked() {
        commands.push(View::Look(medium.id, look.whole()));
    }
    if look.tone != Tone::default() && tone_button_ui(look, cell, ui).clicked() {
        commands.push(View::Look(medium.id, look.toned(Tone::default())));
    }
    response.context_menu(|ui| {
        if ui.add_enabled(!look.is_whole(), egui::Button::new("The whole picture")).clicked() {
            commands.push(View::Look(medium.id, look.whole()));
        }
        let stays_open = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        SubMenuButton::new("Brightness and contrast").config(stays_open).ui(ui, |ui| {
            let tone = tone_ui(look.tone, ui);
            if tone != look.tone {
                commands.push(View::Look(medium.id, look.toned(tone)));
            }
        });
        if let Some(heard) = work.heard_of_several().map(|heard| heard.id)
            && let Some(own) = work.audible().into_iter().find(|own| is_clip_of(work, medium, own.id))
        {
            ui.separator();
            if ui.radio(own.id == heard, "Hear this one").clicked() {
                commands.push(Transport::Hear(own.id));
                ui.close();
            }
        }
        if work.session().media.len() > 1 {
            ui.separator();
            moments_ui(work, n, medium, ui, commands);
        }
        ui.separator();
        let place = places(work).find(|(_, shown)| *shown == n).map_or(medium.id, |(id, _)| id);
        let apart = work.apart.contains(&place);
        if ui.button(if apart { "Back into the window" } else { "In a window of its own" }).clicked() {
            commands.push(View::Apart(place));
        }
        if apart {
            let full = ui.input(|input| input.viewport().fullscreen.unwrap_or(false));
            if ui.button(if full { "Leave the full screen" } else { "Full screen" }).clicked() {
                ui.ctx().send_viewport_cmd(ViewportCommand::Fullscreen(!full));
            }
        }
        ui.separator();
        if ui.button("Name, offset and rate…").clicked() {
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

/// Media are laid on one clock by a moment that is seen in both.
fn moments_ui(work: &Work, n: usize, medium: &session::Medium, ui: &mut Ui, commands: &mut Commands) {
    let is_shown = work.stamp.frames.get(n).copied().flatten().is_some_and(|frame| frame.exact);
    let remember = ui.add_enabled(is_shown, egui::Button::new("Remember this moment"));
    if remember.on_hover_text("To find it in another video, which is then laid on the clock by it.").clicked() {
        commands.push(View::RememberMoment(medium.id));
    }
    let Some((id, time)) = work.remembered.filter(|(id, _)| *id != medium.id) else { return };
    let Some(reference) = work.session().medium(id) else { return };
    let at = work.times.short(reference.session_time(time));
    let same = format!("The same moment as {at} in {}", reference.name());
    if ui.add_enabled(is_shown && work.can_edit(), egui::Button::new(same)).clicked() {
        commands.push(Editing::SameMoment(medium.id));
    }
}

/// What is special about a file, in a strip of its own below the pictures until somebody has read it; it comes once. Gives the room that is left.
fn told_ui(
    work: &Work,
    preferences: &Preferences,
    shown: &[usize],
    area: Rect,
    ui: &mut Ui,
    commands: &mut Commands,
) -> Rect {
    const HEIGHT: f32 = 32.0;
    let Some((medium, warnings)) = untold(work, preferences, shown) else { return area };
    let (rest, strip) = area.split_top_bottom_at_y(area.bottom() - HEIGHT);
    let of = if shown.len() > 1 { format!("{}: ", medium.name()) } else { String::new() };
    let text = egui::RichText::new(format!("Good to know: {of}{}", warnings[0])).color(CAPTION);
    ui.painter_at(strip).rect_filled(strip, 0.0, CAPTION_BACK);
    let layout = egui::Layout::right_to_left(egui::Align::Center);
    let mut row = ui.new_child(egui::UiBuilder::new().max_rect(strip.shrink2(vec2(10.0, 2.0))).layout(layout));
    if icon_button_ui(icons::X, "Do not say this again (Esc)", &mut row).clicked() {
        commands.push(View::Told(medium.id));
    }
    let needed = row.painter().layout_no_wrap(text.text().to_owned(), Theme::body_font(), CAPTION).size().x;
    let read = match warnings {
        [_] if needed < row.available_width() => None,
        [_] => Some("Read".to_owned()),
        all => Some(format!("Read all {}", all.len())),
    };
    if read.is_some_and(|read| row.button(read).clicked()) {
        commands.push(View::Told(medium.id));
        commands.push(View::Show(Dialog::Remarks(warnings.to_vec())));
    }
    row.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
        ui.add(egui::Label::new(text).truncate());
    });
    rest
}

/// Is it this medium, or a clip of the same timeline?
fn is_clip_of(work: &Work, medium: &session::Medium, id: MediumId) -> bool {
    work.session().clips_with(id).iter().any(|clip| clip.id == medium.id)
}

/// How long nothing was recorded between this clip and the next, where the playhead stands there.
fn time_between(work: &Work, medium: &session::Medium) -> Option<Length> {
    let clips = work.session().clips_with(medium.id);
    let next = clips.iter().skip_while(|clip| clip.id != medium.id).nth(1)?;
    let between = Span::new(medium.span()?.end(), next.session_time(Instant::ZERO)).ok()?;
    between.contains(work.playhead).then(|| between.length())
}

/// What the hand makes of it: Ctrl and the wheel, or two fingers, go closer about the pointer; what is close is dragged.
fn by_hand(look: Look, cell: Rect, response: &Response, ui: &Ui) -> Look {
    let mut moved = look;
    if let Some(pointer) = response.hover_pos() {
        let factor = ui.input(egui::InputState::zoom_delta);
        let at = (pointer - cell.min) / cell.size();
        moved = moved.closer(factor, at.to_pos2());
    }
    if !moved.is_whole() && response.dragged() {
        moved = moved.moved(response.drag_delta() / cell.size());
        ui.set_cursor_icon(CursorIcon::Grabbing);
    }
    moved
}

/// How close it is, in the picture's corner; a click shows the whole again.
fn whole_button_ui(look: Look, cell: Rect, ui: &mut Ui) -> Response {
    let text = egui::RichText::new(format!("{:.1} ×", look.zoom())).color(CAPTION);
    let button = egui::Button::new(text).fill(CAPTION_BACK).corner_radius(3.0);
    let place = Rect::from_min_size(cell.right_top() + vec2(-66.0, 6.0), vec2(60.0, 22.0));
    let response = ui.put(place, button);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "The whole picture"));
    response.on_hover_text("Show the whole picture")
}

/// Brightness or contrast is not as recorded, quietly in the picture's corner; a click shows it as recorded again.
fn tone_button_ui(look: Look, cell: Rect, ui: &mut Ui) -> Response {
    let word = match (look.tone.brightness != 0.0, look.tone.contrast != 0.0) {
        (true, false) => "brightness changed",
        (false, true) => "contrast changed",
        _ => "brightness and contrast changed",
    };
    let text = egui::RichText::new(word).font(Theme::small_font()).color(CAPTION);
    let button = egui::Button::new(text).fill(CAPTION_BACK).corner_radius(3.0);
    let width = ui.painter().layout_no_wrap(word.to_owned(), Theme::small_font(), CAPTION).size().x + 14.0;
    let place = Rect::from_min_size(cell.right_bottom() + vec2(-width - 6.0, -28.0), vec2(width, 22.0));
    ui.put(place, button).on_hover_text("Show it as recorded")
}

fn tone_ui(tone: Tone, ui: &mut Ui) -> Tone {
    let Tone { mut brightness, mut contrast } = tone;
    for (value, name) in [(&mut brightness, "brightness"), (&mut contrast, "contrast")] {
        ui.add(Slider::new(value, -1.0..=1.0).show_value(false).text(name));
    }
    let tone = Tone { brightness, contrast };
    let is_recorded = tone == Tone::default();
    let reset = ui.add_enabled(!is_recorded, egui::Button::new("As recorded"));
    if reset.clicked() { Tone::default() } else { tone }
}

fn problem_ui(problem: &str, medium: Option<&session::Medium>, cell: Rect, ui: &mut Ui, commands: &mut Commands) {
    ui.painter().rect_filled(cell, 3.0, Theme::of(ui.ctx()).lane);
    sentence_ui(problem, cell, ui, |ui| {
        if let Some(medium) = medium
            && ui.button("Find the file…").clicked()
        {
            commands.push(File::Relink(medium.id));
        }
    });
}

/// What there is to say in a picture's place, and what can be done below it.
fn sentence_ui(text: &str, cell: Rect, ui: &mut Ui, remedy_ui: impl FnOnce(&mut Ui)) {
    let inner = Rect::from_center_size(cell.center(), vec2((cell.width() - 40.0).max(80.0), 110.0));
    let mut child =
        ui.new_child(egui::UiBuilder::new().max_rect(inner).layout(egui::Layout::top_down(egui::Align::Center)));
    child.add(egui::Label::new(egui::RichText::new(text).color(Theme::of(ui.ctx()).soft)).wrap());
    child.add_space(6.0);
    remedy_ui(&mut child);
}

/// Where pictures of these aspects stand: as large as the area allows, in its middle.
fn cells(layout: VideoLayout, large: usize, area: Rect, aspects: &[f32]) -> Vec<Rect> {
    match layout {
        _ if aspects.is_empty() => Vec::new(),
        VideoLayout::OneLarge if aspects.len() > 1 => one_large(large, area, aspects),
        VideoLayout::Stacked => column(area, aspects),
        _ => row(area, aspects),
    }
}

/// Beside each other, of one height.
fn row(area: Rect, aspects: &[f32]) -> Vec<Rect> {
    let gaps = GAP * (aspects.len() - 1) as f32;
    let sum: f32 = aspects.iter().sum();
    let height = ((area.width() - gaps) / sum).min(area.height()).max(1.0);
    let mut min = area.center() - vec2(height * sum + gaps, height) / 2.0;
    let place = |aspect: &f32| {
        let cell = Rect::from_min_size(min, vec2(height * aspect, height));
        min.x = cell.right() + GAP;
        cell
    };
    aspects.iter().map(place).collect()
}

/// Below each other, of one width: a row that lies on its side.
fn column(area: Rect, aspects: &[f32]) -> Vec<Rect> {
    let turned = |rect: Rect| Rect::from_min_max(pos2(rect.min.y, rect.min.x), pos2(rect.max.y, rect.max.x));
    let aspects: Vec<f32> = aspects.iter().map(|aspect| 1.0 / aspect).collect();
    row(turned(area), &aspects).into_iter().map(turned).collect()
}

/// One as large as it can be beside a column of the others, which has a quarter of the width.
fn one_large(large: usize, area: Rect, aspects: &[f32]) -> Vec<Rect> {
    let mut others = aspects.to_vec();
    let aspect = others.remove(large.min(aspects.len() - 1));
    let column_width = |cells: &[Rect]| cells.first().map_or(0.0, Rect::width);
    let quarter = Rect::from_min_size(area.min, vec2(area.width() / 4.0, area.height()));
    let mut cells = column(quarter, &others);
    let room = area.width() - column_width(&cells) - GAP;
    let size = if room / aspect < area.height() {
        vec2(room, room / aspect)
    } else {
        vec2(area.height() * aspect, area.height())
    };
    let left = area.center().x - (size.x + GAP + column_width(&cells)) / 2.0;
    let to_the_right = Vec2::X * (left + size.x + GAP - cells.first().map_or(0.0, Rect::left));
    for cell in &mut cells {
        *cell = cell.translate(to_the_right);
    }
    cells.insert(large.min(cells.len()), Rect::from_min_size(pos2(left, area.center().y - size.y / 2.0), size));
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Rect = Rect { min: pos2(0.0, 0.0), max: pos2(208.0, 100.0) };

    #[test]
    fn one_video_fills_the_height_in_the_middle() {
        assert_eq!(
            cells(VideoLayout::SideBySide, 0, AREA, &[1.0]),
            [Rect::from_min_max(pos2(54.0, 0.0), pos2(154.0, 100.0))]
        );
    }

    #[test]
    fn two_videos_stand_beside_each_other_with_one_height() {
        let expected = [
            Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 100.0)),
            Rect::from_min_max(pos2(108.0, 0.0), pos2(208.0, 100.0)),
        ];
        assert_eq!(cells(VideoLayout::SideBySide, 0, AREA, &[1.0, 1.0]), expected);
        let wide = cells(VideoLayout::SideBySide, 0, AREA, &[2.0, 2.0]);
        assert_eq!(wide[0].height(), 50.0);
        assert_eq!(wide[1].right(), 208.0);
    }

    #[test]
    fn no_video_needs_no_place() {
        assert!(cells(VideoLayout::SideBySide, 0, AREA, &[]).is_empty());
    }

    #[test]
    fn two_videos_stand_below_each_other_with_one_width() {
        let expected = [
            Rect::from_min_max(pos2(58.0, 0.0), pos2(150.0, 46.0)),
            Rect::from_min_max(pos2(58.0, 54.0), pos2(150.0, 100.0)),
        ];
        assert_eq!(cells(VideoLayout::Stacked, 0, AREA, &[2.0, 2.0]), expected);
    }

    #[test]
    fn the_large_one_leaves_the_others_a_column_at_its_right_and_all_stand_in_the_middle() {
        let [small, large] = cells(VideoLayout::OneLarge, 1, AREA, &[1.0, 1.0])[..] else { panic!("two videos") };
        assert_eq!(large, Rect::from_min_max(pos2(24.0, 0.0), pos2(124.0, 100.0)));
        assert_eq!(small, Rect::from_min_max(pos2(132.0, 24.0), pos2(184.0, 76.0)));
        let three = cells(VideoLayout::OneLarge, 0, AREA, &[2.0, 1.0, 1.0]);
        assert!(three.iter().all(|cell| AREA.contains_rect(*cell)) && three[0].width() > 2.0 * three[1].width());
    }

    #[test]
    fn alone_a_video_is_as_large_in_every_layout() {
        let layouts = [VideoLayout::SideBySide, VideoLayout::Stacked, VideoLayout::OneLarge];
        let alone = layouts.map(|layout| cells(layout, 0, AREA, &[1.5]));
        assert!(alone.iter().all(|cells| *cells == alone[0]));
    }
}
