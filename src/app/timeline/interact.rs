//! What the hand does on the timelines, as commands. One gesture is one step.

use egui::{CursorIcon, Id, Key, PointerButton, Pos2, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};
use session::marking::Edge;
use session::{ChannelKind, EpisodeKind, Mark, MarkId, TrackKey};
use span::{Instant, Length, Span};

use super::hit::{Target, snapped, target_at};
use super::layout::{ExtraRows, Row, RowKind, rows};
use super::paint;
use super::{Axis, Scene};
use crate::command::{Coding, Commands, Editing, Selection, Transport, View};
use crate::dialog::Dialog;
use crate::preferences::TimeFormat;
use crate::theme::{Theme, size};

/// What the hand holds while it drags; `from` is where the playhead stood when it began, for snapping.
#[derive(Clone, Debug)]
enum Gesture {
    Scrub,
    Edge { track: TrackKey, mark: MarkId, edge: Edge, from: Instant, to: Instant },
    Mark { track: TrackKey, mark: MarkId, grip: Length, from: Instant, to: Instant },
    EpisodeEdge { id: session::EpisodeId, edge: Edge, to: Instant },
    NewEpisode { from: Instant, to: Instant },
}

/// The timelines of a session, in all of `ui`.
pub fn timeline_ui(scene: &Scene<'_>, ui: &mut Ui, commands: &mut Commands) {
    let theme = Theme::of(ui.ctx());
    let (area, response) = ui.allocate_exact_size(ui.available_size(), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Group, true, "Timelines"));

    let rows = scrolled_rows(scene, area, ui);
    let painter = ui.painter_at(area);
    paint::paint(scene, &rows, theme, &painter);
    paint::paint_pinned(scene, &rows, theme, &painter);
    head_widgets(scene, &rows, area, ui, commands);

    let gesture_id = ui.scope_id().with("gesture");
    zoom_and_pan(scene, &rows, area, &response, ui, commands);
    hover(scene, &rows, &response, ui);
    clicks(scene, &rows, &response, commands);
    if !scene.read_only {
        context_menu(scene, &rows, &response, commands);
    }
    drags(scene, &rows, gesture_id, &response, ui, commands);
    if let Some(gesture) = ui.data(|data| data.get_temp::<Gesture>(gesture_id)) {
        paint_gesture(scene, &rows, &gesture, theme, ui);
    }
    let top = rows.iter().find(|row| row.kind == RowKind::Ruler).map_or(area.top(), |row| row.y.min);
    paint::paint_playhead(scene, top, area.bottom(), theme, &painter);
}

/// The rows, moved up by what the wheel scrolled; episodes and ruler stay.
fn scrolled_rows(scene: &Scene<'_>, area: Rect, ui: &mut Ui) -> Vec<Row> {
    let extra = ExtraRows {
        thumbnails: scene.thumbnails.is_some(),
        sound: scene.sound.is_some(),
        matches: scene.matches.is_some(),
    };
    let mut rows = rows(scene.session, extra, area.top() + 4.0);
    let overflow = rows.last().map_or(0.0, |row| (row.y.max + 6.0 - area.bottom()).max(0.0));
    let id = ui.scope_id().with("scroll");
    let mut scroll: f32 = ui.data(|data| data.get_temp(id)).unwrap_or(0.0);
    let input = ui.input(|input| (input.pointer.hover_pos(), input.smooth_scroll_delta.y, input.modifiers));
    if let (Some(pos), wheel, modifiers) = input
        && area.contains(pos)
        && modifiers.is_none()
    {
        scroll -= wheel;
    }
    scroll = scroll.clamp(0.0, overflow);
    ui.data_mut(|data| data.insert_temp(id, scroll));
    for row in rows.iter_mut().filter(|row| !row.kind.is_pinned()) {
        row.y.min -= scroll;
        row.y.max -= scroll;
    }
    rows
}

/// The track heads as widgets of their own, so that the keyboard and a screen reader find them.
fn head_widgets(scene: &Scene<'_>, rows: &[Row], area: Rect, ui: &mut Ui, commands: &mut Commands) {
    for row in rows {
        let RowKind::Track(key) = &row.kind else { continue };
        let Some(channel) = scene.session.scheme.channel(key) else { continue };
        let rect = Rect::from_min_max(pos2(area.left(), row.y.min), pos2(area.left() + size::HEAD - 6.0, row.y.max));
        let response = ui.interact(rect.intersect(area), ui.scope_id().with(("head", key)), Sense::click());
        let armed = key == scene.armed;
        let name = format!("{} {}", scene.session.subject_name(&key.subject), channel.label);
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, armed, &name));
        if response.clicked() {
            commands.push(Coding::Arm(key.clone()));
        }
        let medium = scene.session.track(key).and_then(|track| scene.session.medium_of(track));
        let from =
            medium.map(|medium| if medium.label.is_empty() { medium.path.clone() } else { medium.label.clone() });
        let hint = from.map_or_else(String::new, |from| format!("\ncoded from {from}"));
        if !scene.read_only {
            response.context_menu(|ui| head_menu(scene, key, ui, commands));
        }
        response.on_hover_text(format!("{name}: click to code this track (Tab: the next one){hint}"));
    }
}

fn zoom_and_pan(scene: &Scene<'_>, rows: &[Row], area: Rect, response: &Response, ui: &Ui, commands: &mut Commands) {
    let (pos, zoom, scroll, modifiers) =
        ui.input(|input| (input.pointer.hover_pos(), input.zoom_delta(), input.smooth_scroll_delta, input.modifiers));
    let Some(pos) = pos.filter(|pos| area.contains(*pos) && response.contains_pointer()) else { return };
    let overflows = rows.last().is_some_and(|row| row.y.max > area.bottom());
    let sideways = if modifiers.shift || !overflows { scroll.x + scroll.y } else { scroll.x };
    let mut axis = scene.axis;
    if zoom != 1.0 {
        axis = axis.zoomed(pos.x.max(axis.left), f64::from(zoom));
    }
    if sideways != 0.0 && !modifiers.command {
        axis = axis.panned(-sideways);
    }
    if axis != scene.axis {
        commands.push(View::Axis(axis.within(scene.whole)));
    }
}

fn hover(scene: &Scene<'_>, rows: &[Row], response: &Response, ui: &Ui) {
    let Some(target) = response.hover_pos().and_then(|pos| target_at(scene, rows, pos)) else { return };
    let icon = match &target {
        Target::Mark { edge: Some(_), .. } | Target::Episode { edge: Some(_), .. } if !scene.read_only => {
            CursorIcon::ResizeHorizontal
        }
        Target::Mark { .. } | Target::Head(_) | Target::Episode { .. } => CursorIcon::PointingHand,
        Target::EpisodeStrip(_) if !scene.read_only => CursorIcon::Crosshair,
        _ => CursorIcon::Default,
    };
    ui.ctx().set_cursor_icon(icon);
    if let Target::Mark { id, .. } = target
        && !response.dragged()
        && let Some((track, mark)) = scene.session.mark(id)
        && let Some(channel) = scene.session.scheme.channel(&track.key)
    {
        response.clone().on_hover_text_at_pointer(mark_text(scene.times, channel, mark));
    }
}

/// A mark in words: "partner's face   00:01:22.000 – 00:01:23.400 (1.4 s)".
fn mark_text(times: TimeFormat, channel: &session::Channel, mark: &Mark) -> String {
    let label = channel.code(&mark.code).map_or(mark.code.as_str(), |code| code.label.as_str());
    let start = times.exact(mark.start());
    let mut text = match mark.span() {
        Some(span) => {
            format!("{label}   {start} – {} ({} s)", times.exact(span.end()), span.length().to_millis_text())
        }
        None => format!("{label}   {start}"),
    };
    if mark.is_open() {
        text.push_str("\nopen: grows with the frames seen");
    }
    if mark.certainty == session::Certainty::Uncertain {
        text.push_str("\nuncertain");
    }
    if !mark.note.is_empty() {
        text.push('\n');
        text.push_str(&mark.note);
    }
    text
}

fn clicks(scene: &Scene<'_>, rows: &[Row], response: &Response, commands: &mut Commands) {
    let Some(target) = response.interact_pointer_pos().and_then(|pos| target_at(scene, rows, pos)) else { return };
    if response.double_clicked() {
        match target {
            Target::Mark { id, .. } => {
                if let Some((_, mark)) = scene.session.mark(id) {
                    commands.push(Transport::Seek(mark.start()));
                }
            }
            Target::Episode { id, .. } => commands.push(View::Show(Dialog::episode(scene.session, id))),
            _ => {}
        }
    } else if response.clicked() {
        match target {
            Target::Head(track) => commands.push(Coding::Arm(track)),
            Target::Mark { id, .. } => commands.push(Editing::Select(Some(Selection::Mark(id)))),
            Target::Episode { id, .. } => commands.push(Editing::Select(Some(Selection::Episode(id)))),
            Target::Time(at) | Target::Dense(at) | Target::EpisodeStrip(at) => {
                commands.push(Editing::Select(None));
                commands.push(Transport::Seek(at));
            }
        }
    }
}

fn context_menu(scene: &Scene<'_>, rows: &[Row], response: &Response, commands: &mut Commands) {
    let id = response.id.with("menu target");
    if response.secondary_clicked() {
        let target = response.interact_pointer_pos().and_then(|pos| target_at(scene, rows, pos));
        if let Some(Target::Mark { id: mark, .. }) = &target {
            commands.push(Editing::Select(Some(Selection::Mark(*mark))));
        }
        response.ctx.data_mut(|data| data.insert_temp(id, target));
    }
    response.context_menu(|ui| match ui.data(|data| data.get_temp::<Option<Target>>(id)).flatten() {
        Some(Target::Mark { id, at, .. }) => mark_menu(scene, id, at, ui, commands),
        Some(Target::Episode { id, .. }) => episode_menu(scene, id, ui, commands),
        Some(Target::Time(at) | Target::Dense(at) | Target::EpisodeStrip(at)) => {
            if ui.button("Go here").clicked() {
                commands.push(Transport::Seek(at));
            }
            if ui.button("Exclude a stretch…").clicked() {
                commands.push(View::Show(Dialog::exclude(at, scene.whole)));
            }
            if ui.button("Episodes from lengths…").clicked() {
                commands.push(View::Show(Dialog::lengths(at)));
            }
            for excluded in scene.session.excluded.iter().filter(|excluded| excluded.span.contains(at)) {
                if ui.button(format!("Count again: {}", excluded.reason)).clicked() {
                    commands.push(Editing::Include(excluded.id));
                }
            }
        }
        Some(Target::Head(_)) | None => ui.close(), // a head has a menu of its own
    });
}

fn mark_menu(scene: &Scene<'_>, id: MarkId, at: Instant, ui: &mut Ui, commands: &mut Commands) {
    let Some((track, mark)) = scene.session.mark(id) else { return ui.close() };
    let Some(channel) = scene.session.scheme.channel(&track.key) else { return };
    ui.menu_button("Change to", |ui| {
        for code in channel.codes.iter().filter(|code| code.key != mark.code) {
            if ui.button(&code.label).clicked() {
                commands.push(Editing::ChangeCode { mark: id, code: code.key.clone() });
            }
        }
    });
    if mark.span().is_some() {
        if ui.button("Split at the playhead").clicked() {
            commands.push(Editing::Split);
        }
        if ui.button("Loop").clicked() {
            commands.push(Transport::Loop(mark.span()));
        }
    }
    if ui.button("Note…").clicked() {
        commands.push(View::Show(Dialog::note(mark)));
    }
    let (text, certainty) = match mark.certainty {
        session::Certainty::Certain => ("Mark as uncertain", session::Certainty::Uncertain),
        session::Certainty::Uncertain => ("Mark as certain", session::Certainty::Certain),
    };
    if ui.button(text).clicked() {
        commands.push(Editing::Certainty { mark: id, certainty });
    }
    if ui.button("Go here").clicked() {
        commands.push(Transport::Seek(at));
    }
    ui.separator();
    if ui.button("Delete").clicked() {
        commands.push(Editing::Select(Some(Selection::Mark(id))));
        commands.push(Editing::Delete);
    }
}

fn episode_menu(scene: &Scene<'_>, id: session::EpisodeId, ui: &mut Ui, commands: &mut Commands) {
    let Some(episode) = scene.session.episodes.iter().find(|episode| episode.id == id) else { return ui.close() };
    if ui.button("Name and times…").clicked() {
        commands.push(View::Show(Dialog::episode(scene.session, id)));
    }
    if ui.button("Loop").clicked() {
        commands.push(Transport::Loop(Some(episode.span)));
    }
    ui.separator();
    if ui.button("Delete").clicked() {
        commands.push(Editing::Select(Some(Selection::Episode(id))));
        commands.push(Editing::Delete);
    }
}

fn head_menu(scene: &Scene<'_>, key: &TrackKey, ui: &mut Ui, commands: &mut Commands) {
    let videos: Vec<_> = scene.session.media.iter().filter(|medium| medium.kind.is_video()).collect();
    for medium in videos.iter().filter(|_| videos.len() > 1) {
        if ui.button(format!("Code from {}", medium.name())).clicked() {
            commands.push(Editing::CodeFrom { track: key.clone(), medium: medium.id });
        }
    }
    if ui.button("Coded to here").clicked() {
        commands.push(Coding::Arm(key.clone()));
        commands.push(Coding::CodedToHere);
    }
    if let Some(channel) = scene.session.scheme.channel(key).filter(|channel| channel.kind == ChannelKind::State) {
        let (text, hold) = if channel.hold {
            ("Code by single presses", false)
        } else {
            ("Code by holding the key: down is the code, up is its end", true)
        };
        if ui.button(text).clicked() {
            commands.push(Editing::Hold { track: key.clone(), hold });
        }
    }
}

fn drags(scene: &Scene<'_>, rows: &[Row], id: Id, response: &Response, ui: &Ui, commands: &mut Commands) {
    if response.drag_started_by(PointerButton::Primary) {
        let origin = ui.input(|input| input.pointer.press_origin());
        if let Some(gesture) = origin.and_then(|origin| begin(scene, rows, origin, ui)) {
            ui.data_mut(|data| data.insert_temp(id, gesture));
        }
    }
    let Some(gesture) = ui.data(|data| data.get_temp::<Gesture>(id)) else { return };
    if ui.input(|input| input.key_pressed(Key::Escape)) {
        ui.data_mut(|data| data.remove::<Gesture>(id));
        commands.push(Transport::ScrubEnd);
        return;
    }
    let alone = ui.input(|input| input.modifiers.shift);
    if response.dragged_by(PointerButton::Primary)
        && let Some(pos) = response.interact_pointer_pos()
    {
        let moved = follow(scene, gesture, pos);
        let shown = match &moved {
            Gesture::Scrub => scene.axis.time_from_x(pos.x),
            Gesture::Edge { to, .. }
            | Gesture::Mark { to, .. }
            | Gesture::EpisodeEdge { to, .. }
            | Gesture::NewEpisode { to, .. } => *to,
        };
        if ui.input(|input| input.pointer.delta() != egui::Vec2::ZERO) {
            commands.push(Transport::Scrub(shown));
        }
        ui.data_mut(|data| data.insert_temp(id, moved));
    } else if response.drag_stopped_by(PointerButton::Primary) {
        ui.data_mut(|data| data.remove::<Gesture>(id));
        commands.push(Transport::ScrubEnd);
        finish(scene, gesture, alone, commands);
    }
}

fn begin(scene: &Scene<'_>, rows: &[Row], origin: Pos2, ui: &Ui) -> Option<Gesture> {
    let target = target_at(scene, rows, origin)?;
    let on_ruler = rows.iter().any(|row| row.kind == RowKind::Ruler && row.y.contains(origin.y));
    if on_ruler && ui.input(|input| input.modifiers.shift) && !scene.read_only {
        let from = (scene.snap)(scene.armed, scene.axis.time_from_x(origin.x));
        return Some(Gesture::NewEpisode { from, to: from });
    }
    match target {
        Target::Head(_) => None,
        Target::Mark { track, id, edge: Some(edge), .. } if !scene.read_only => {
            let span = scene.session.track(&track)?.mark(id)?.span()?;
            let to = if edge == Edge::Start { span.start() } else { span.end() };
            Some(Gesture::Edge { track, mark: id, edge, from: scene.playhead, to })
        }
        Target::Mark { track, id, edge: None, at } if !scene.read_only => {
            let start = scene.session.track(&track)?.mark(id)?.start();
            Some(Gesture::Mark { track, mark: id, grip: at - start, from: scene.playhead, to: start })
        }
        Target::Episode { id, edge: Some(edge) } if !scene.read_only => {
            let episode = scene.session.episodes.iter().find(|episode| episode.id == id)?;
            let to = if edge == Edge::Start { episode.span.start() } else { episode.span.end() };
            Some(Gesture::EpisodeEdge { id, edge, to })
        }
        Target::EpisodeStrip(at) if !scene.read_only => {
            let from = snap_among_episodes(scene, None, at);
            Some(Gesture::NewEpisode { from, to: from })
        }
        _ => Some(Gesture::Scrub),
    }
}

/// The gesture with the hand at `pos`: snapped to the playhead, to neighbours and to frames.
fn follow(scene: &Scene<'_>, gesture: Gesture, pos: Pos2) -> Gesture {
    let at = scene.axis.time_from_x(pos.x);
    match gesture {
        Gesture::Scrub => Gesture::Scrub,
        Gesture::Edge { track, mark, edge, from, .. } => {
            let to = snap_on_track(scene, &track, mark, at, from);
            Gesture::Edge { track, mark, edge, from, to }
        }
        Gesture::Mark { track, mark, grip, from, .. } => {
            let to = snap_on_track(scene, &track, mark, at - grip, from);
            Gesture::Mark { track, mark, grip, from, to }
        }
        Gesture::EpisodeEdge { id, edge, .. } => {
            Gesture::EpisodeEdge { id, edge, to: snap_among_episodes(scene, Some(id), at) }
        }
        Gesture::NewEpisode { from, .. } => Gesture::NewEpisode { from, to: snap_among_episodes(scene, None, at) },
    }
}

fn snap_on_track(scene: &Scene<'_>, track: &TrackKey, moving: MarkId, at: Instant, playhead: Instant) -> Instant {
    let near = scene.axis.length_of(40.0);
    let around = Span::new(at - near, at + near).ok();
    let marks =
        scene.session.track(track).into_iter().zip(around).flat_map(|(track, around)| track.marks_within(around));
    let boundaries = marks.filter(|mark| mark.id != moving).flat_map(|mark| [mark.start(), mark.when.end()]);
    let candidates: Vec<Instant> = boundaries.chain([playhead]).collect();
    snapped(scene.axis, at, candidates).unwrap_or_else(|| (scene.snap)(track, at))
}

/// To the edges of the other episodes and the playhead, else to frames.
fn snap_among_episodes(scene: &Scene<'_>, moving: Option<session::EpisodeId>, at: Instant) -> Instant {
    let others = scene.session.episodes.iter().filter(|episode| Some(episode.id) != moving);
    let edges = others.flat_map(|episode| [episode.span.start(), episode.span.end()]);
    snapped(scene.axis, at, edges.chain([scene.playhead])).unwrap_or_else(|| (scene.snap)(scene.armed, at))
}

fn finish(scene: &Scene<'_>, gesture: Gesture, alone: bool, commands: &mut Commands) {
    match gesture {
        Gesture::Scrub => {}
        Gesture::Edge { mark, edge, to, .. } => {
            commands.push(Editing::Select(Some(Selection::Mark(mark))));
            commands.push(Editing::MoveEdge { mark, edge, to, alone });
        }
        Gesture::Mark { mark, to, .. } => {
            commands.push(Editing::Select(Some(Selection::Mark(mark))));
            commands.push(Editing::MoveMark { mark, to });
        }
        Gesture::EpisodeEdge { id, edge, to } => {
            let Some(episode) = scene.session.episodes.iter().find(|episode| episode.id == id) else { return };
            let (start, end) = match edge {
                Edge::Start => (to, episode.span.end()),
                Edge::End => (episode.span.start(), to),
            };
            match Span::new(start, end) {
                Ok(span) => {
                    commands.push(Editing::ChangeEpisode { id, name: episode.name.clone(), kind: episode.kind, span });
                }
                Err(_) => commands.push(View::Say("an episode ends after it begins".to_owned())),
            }
        }
        Gesture::NewEpisode { from, to } => {
            if let Ok(span) = Span::new(from.min(to), from.max(to)) {
                commands.push(View::Show(Dialog::new_episode(scene.session, span, EpisodeKind::Other)));
            }
        }
    }
}

/// What the gesture would do, over what is there.
fn paint_gesture(scene: &Scene<'_>, rows: &[Row], gesture: &Gesture, theme: &Theme, ui: &Ui) {
    let row_of = |key: &TrackKey| rows.iter().find(|row| row.kind == RowKind::Track(key.clone()));
    let painter = ui.painter();
    let line = |axis: Axis, to: Instant, row: &Row| {
        let x = painter.round_to_pixel_center(axis.x_from_time(to));
        painter.vline(x, row.y, Stroke::new(2.0, theme.accent));
        let galley = painter.layout_no_wrap(scene.times.exact(to), Theme::small_font(), theme.accent);
        let text = egui::Align2::LEFT_CENTER.anchor_size(pos2(x + 6.0, row.y.min - 7.0), galley.size());
        painter.rect_filled(text.expand2(vec2(3.0, 1.0)), 2.0, theme.window); // over the marks of the row above
        painter.galley(text.min, galley, theme.accent);
    };
    match gesture {
        Gesture::Scrub => {}
        Gesture::Edge { track, to, .. } => {
            if let Some(row) = row_of(track) {
                line(scene.axis, *to, row);
            }
        }
        Gesture::Mark { track, mark, to, .. } => {
            let moved = scene.session.track(track).and_then(|track| track.mark(*mark)).and_then(Mark::span);
            if let (Some(row), Some(span)) = (row_of(track), moved) {
                let lane = Rect::from_x_y_ranges(
                    egui::Rangef::new(scene.axis.left, scene.axis.left + scene.axis.width),
                    row.y,
                );
                if let Some(rect) =
                    paint::span_rect(scene, span.shifted(*to - span.start()), lane.shrink2(vec2(0.0, 2.0)))
                {
                    painter.rect_stroke(rect, size::ROUND, Stroke::new(2.0, theme.accent), egui::StrokeKind::Inside);
                }
                line(scene.axis, *to, row);
            }
        }
        Gesture::EpisodeEdge { to, .. } => {
            if let Some(row) = rows.first() {
                line(scene.axis, *to, row);
            }
        }
        Gesture::NewEpisode { from, to } => {
            let lane = rows.first().map(|row| {
                Rect::from_x_y_ranges(egui::Rangef::new(scene.axis.left, scene.axis.left + scene.axis.width), row.y)
            });
            let span = Span::new(*from.min(to), *from.max(to)).ok();
            if let (Some(lane), Some(span)) = (lane, span)
                && let Some(rect) = paint::span_rect(scene, span, lane)
            {
                painter.rect_filled(rect, 2.0, theme.accent.gamma_multiply(0.4));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use session::{Scheme, When};

    use super::*;

    #[test]
    fn a_mark_in_words_has_no_microseconds() {
        let span = Span::from_micros(17_541_667, 18_750_001).expect("positive");
        let mark = Mark::new(MarkId(1), "x", When::State { span, open: false });
        let scheme = &Scheme::built_in()[0];
        let channel = scheme.channel(&TrackKey::new("infant", "gaze")).expect("every scheme has it");
        let text = mark_text(TimeFormat::Clock, channel, &mark);
        assert_eq!(text, "x   00:00:17.541 – 00:00:18.750 (1.208 s)");
        assert_eq!(mark_text(TimeFormat::Seconds, channel, &mark), "x   17.541 s – 18.750 s (1.208 s)");
    }
}
