//! Paints the timelines: so simply that it needs no test beyond a look.

use egui::text::{LayoutJob, TextWrapping};
use egui::{Align2, Color32, CornerRadius, Mesh, Painter, Pos2, Rangef, Rect, Shape, Stroke, StrokeKind, pos2, vec2};
use media::Extremes;
use scoring::MatchRun;
use session::{Certainty, Channel, Mark, Track};
use span::{Instant, Span, SpanSet};

use super::Scene;
use super::layout::{Block, Row, RowKind, blocks, slivers};
use crate::command::Selection;
use crate::theme::{Theme, UNTINTED, size};
use crate::thumbnails::Strip;

/// Room above and below a mark in its lane.
const LANE_MARGIN: f32 = 2.0;
/// Narrower marks carry no text.
const MIN_TEXT_POINTS: f32 = 26.0;
/// Nor do lower ones.
const MIN_TEXT_HEIGHT: f32 = 10.0;
/// From a moment's line to its text in the ruler: the playhead's handle has room between.
const BESIDE_HANDLE: f32 = 8.0;
/// From one stroke of the hatch to the next.
const HATCH_STEP: f32 = 7.0;

/// Everything but the playhead.
pub(super) fn paint(scene: &Scene<'_>, rows: &[Row], theme: &Theme, painter: &Painter) {
    for row in rows.iter().filter(|row| !row.kind.is_pinned()) {
        paint_row(scene, row, theme, painter);
    }
}

/// The rows that stay at the top, over what scrolls beneath them.
pub(super) fn paint_pinned(scene: &Scene<'_>, rows: &[Row], theme: &Theme, painter: &Painter) {
    for row in rows.iter().filter(|row| row.kind.is_pinned()) {
        let ground = Rect::from_x_y_ranges(painter.clip_rect().x_range(), row.y);
        painter.rect_filled(ground, 0.0, theme.panel);
        paint_row(scene, row, theme, painter);
    }
}

/// The line at the present moment, with its handle in the ruler.
pub(super) fn paint_playhead(scene: &Scene<'_>, top: f32, bottom: f32, theme: &Theme, painter: &Painter) {
    let x = painter.round_to_pixel_center(scene.axis.x_from_time(scene.playhead));
    if x < scene.axis.left - 1.0 || x > scene.axis.left + scene.axis.width + 1.0 {
        return;
    }
    painter.vline(x, Rangef::new(top, bottom), Stroke::new(1.5, theme.playhead));
    let handle = vec![pos2(x - 6.0, top), pos2(x + 6.0, top), pos2(x, top + 8.0)];
    painter.add(Shape::convex_polygon(handle, theme.playhead, Stroke::NONE));
}

fn paint_row(scene: &Scene<'_>, row: &Row, theme: &Theme, painter: &Painter) {
    let lane = Rect::from_x_y_ranges(Rangef::new(scene.axis.left, scene.axis.left + scene.axis.width), row.y);
    let head_x = painter.clip_rect().left();
    match &row.kind {
        RowKind::Episodes => paint_episodes(scene, lane, theme, painter),
        RowKind::Ruler => paint_ruler(scene, lane, theme, painter),
        RowKind::Thumbnails => {
            head_text(painter, pos2(head_x + 10.0, lane.center().y), "Thumbnails", theme.soft, false);
            if let Some(strip) = &scene.thumbnails {
                let right = pos2(lane.left() - 12.0, lane.center().y);
                painter.text(right, Align2::RIGHT_CENTER, &strip.remark, Theme::small_font(), theme.faint);
                paint_thumbnails(strip, lane.shrink2(vec2(0.0, 1.0)), theme, painter);
            }
        }
        RowKind::Sound => {
            let head = Rect::from_x_y_ranges(Rangef::new(head_x, lane.left() - 12.0), row.y);
            head_text(painter, pos2(head_x + 10.0, lane.center().y), "Sound", theme.soft, false);
            if let Some(heard) = &scene.heard {
                paint_remark(heard, head.with_min_x(head_x + 56.0), theme, painter);
            }
            paint_sound(scene, lane.shrink2(vec2(0.0, LANE_MARGIN)), theme, painter);
        }
        RowKind::Subject(key) => {
            let colour = theme.subject(key);
            painter.circle_filled(pos2(head_x + 15.0, lane.center().y), 4.0, colour);
            head_text(painter, pos2(head_x + 24.0, lane.center().y), scene.session.subject_name(key), colour, true);
        }
        RowKind::Track(key) => {
            let (Some(track), Some(channel)) = (scene.session.track(key), scene.session.scheme.channel(key)) else {
                return;
            };
            let armed = key == scene.armed;
            paint_head(
                scene,
                channel,
                armed,
                Rect::from_x_y_ranges(Rangef::new(head_x, lane.left() - 6.0), row.y),
                theme,
                painter,
            );
            paint_track(scene, track, channel, lane.shrink2(vec2(0.0, LANE_MARGIN)), theme, painter);
            for excluded in &scene.session.excluded {
                if let Some(rect) = span_rect(scene, excluded.span, lane) {
                    painter.rect_filled(rect, 0.0, theme.lane.gamma_multiply(0.7));
                    hatch(painter, rect, theme.alarm.gamma_multiply(0.6));
                }
            }
        }
        RowKind::Together => {
            painter.circle_filled(pos2(head_x + 15.0, lane.center().y), 4.0, theme.dyad);
            head_text(painter, pos2(head_x + 24.0, lane.center().y), "Together", theme.dyad, true);
        }
        RowKind::Match => {
            head_text(painter, pos2(head_x + 22.0, lane.center().y), "Match", theme.soft, false);
            let runs = scene.matches.as_deref().unwrap_or_default();
            paint_matches(scene, runs, lane.shrink2(vec2(0.0, LANE_MARGIN)), theme, painter);
        }
    }
}

fn head_text(painter: &Painter, left: Pos2, text: &str, colour: Color32, strong: bool) {
    let font = if strong { Theme::strong_font() } else { Theme::body_font() };
    painter.text(left, Align2::LEFT_CENTER, text, font, colour);
}

/// Small print at the right of a head, cut where it is longer.
fn paint_remark(text: &str, room: Rect, theme: &Theme, painter: &Painter) {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), Theme::small_font(), theme.faint);
    job.wrap = TextWrapping::truncate_at_width(room.width());
    let galley = painter.layout_job(job);
    painter.galley(pos2(room.right() - galley.size().x, room.center().y - galley.size().y / 2.0), galley, theme.faint);
}

fn paint_head(scene: &Scene<'_>, channel: &Channel, armed: bool, head: Rect, theme: &Theme, painter: &Painter) {
    let clipped = painter.with_clip_rect(head.intersect(painter.clip_rect()));
    if armed {
        let colour = theme.subject(&channel.subject);
        clipped.rect_filled(head.shrink2(vec2(0.0, 0.5)), size::ROUND, theme.raised);
        clipped.rect_filled(Rect::from_min_size(head.min, vec2(3.0, head.height())), 0.0, colour);
    }
    let right = head.right_center() - vec2(6.0, 0.0);
    let (badge, colour) = if armed && scene.overwrite {
        ("overwrite".to_owned(), theme.alarm)
    } else {
        (badge(scene, channel), theme.faint)
    };
    let badge = clipped.text(right, Align2::RIGHT_CENTER, badge, Theme::small_font(), colour);
    let room = head.with_max_x(badge.left() - 6.0);
    let (colour, label) = (if armed { theme.text } else { theme.soft }, &channel.label);
    head_text(&clipped.with_clip_rect(room), pos2(head.left() + 22.0, head.center().y), label, colour, armed);
}

/// How the track is coded, where that is not the usual: by holding keys; and from which video, where there are several.
fn badge(scene: &Scene<'_>, channel: &Channel) -> String {
    let session = scene.session;
    let video = session.track(&channel.track()).and_then(|track| session.medium_of(track)).and_then(|medium| {
        let place = session.media.iter().position(|other| other.id == medium.id)?;
        let is_video = |clips: &&Vec<usize>| session.media[clips[0]].kind.is_video();
        (session.clips().iter().filter(is_video).count() > 1).then(|| format!("video {}", place + 1))
    });
    let parts = [channel.hold.then(|| "hold".to_owned()), video];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn paint_episodes(scene: &Scene<'_>, lane: Rect, theme: &Theme, painter: &Painter) {
    let inner = lane.shrink2(vec2(0.0, 1.0));
    painter.rect_filled(inner, 0.0, theme.lane);
    for episode in &scene.session.episodes {
        let Some(rect) = span_rect(scene, episode.span, inner) else { continue };
        let selected = scene.selection == Some(Selection::Episode(episode.id));
        painter.rect_filled(rect, 2.0, theme.raised);
        if selected {
            painter.rect_stroke(rect, 2.0, Stroke::new(1.5, theme.accent), StrokeKind::Inside);
        }
        block_text(painter, rect, &episode.name, theme.soft);
    }
    for excluded in &scene.session.excluded {
        let Some(rect) = span_rect(scene, excluded.span, inner) else { continue };
        hatch(painter, rect, theme.alarm.gamma_multiply(0.6));
    }
    if let Some(rect) = scene.looped.and_then(|span| span_rect(scene, span, inner)) {
        painter.rect_filled(
            Rect::from_min_size(rect.left_bottom() - vec2(0.0, 2.0), vec2(rect.width(), 2.0)),
            0.0,
            theme.accent,
        );
    }
}

fn paint_ruler(scene: &Scene<'_>, lane: Rect, theme: &Theme, painter: &Painter) {
    const PARTS: i64 = 5; // small strokes between labels
    let ticks = scene.axis.ticks();
    let part = span::Length::from_micros(ticks.step.micros() / PARTS);
    for label in &ticks.times {
        for n in 0..PARTS {
            let x = painter.round_to_pixel_center(scene.axis.x_from_time(*label + part.times(n)));
            if !lane.x_range().contains(x) {
                continue;
            }
            let height = if n == 0 { 8.0 } else { 4.0 };
            painter.vline(x, Rangef::new(lane.bottom() - height, lane.bottom()), Stroke::new(1.0, theme.faint));
        }
        let x = scene.axis.x_from_time(*label);
        if lane.x_range().contains(x) && x + 30.0 < lane.right() {
            let whole = ticks.step.micros() % 1_000_000 == 0;
            let text = if whole { scene.times.whole(*label) } else { scene.times.exact(*label) };
            painter.text(
                pos2(x + BESIDE_HANDLE, lane.top() + 6.0),
                Align2::LEFT_CENTER,
                text,
                Theme::small_font(),
                theme.soft,
            );
        }
    }
}

fn paint_thumbnails(strip: &Strip, lane: Rect, theme: &Theme, painter: &Painter) {
    painter.rect_filled(lane, 0.0, theme.lane);
    let clipped = painter.with_clip_rect(lane.intersect(painter.clip_rect()));
    for thumbnail in &strip.thumbnails {
        if let Some(texture) = thumbnail.texture {
            let part = Rect::from_min_max(pos2(0.0, 0.0), pos2(thumbnail.share, 1.0));
            clipped.image(texture, Rect::from_x_y_ranges(thumbnail.x, lane.y_range()), part, UNTINTED);
        }
    }
}

fn paint_sound(scene: &Scene<'_>, lane: Rect, theme: &Theme, painter: &Painter) {
    painter.rect_filled(lane, 0.0, theme.lane);
    let Some(columns) = &scene.sound else { return };
    let (middle, half) = (lane.center().y, lane.height() / 2.0 - 1.0);
    let mut mesh = Mesh::default();
    mesh.reserve_vertices(columns.len() * 4);
    mesh.reserve_triangles(columns.len() * 2);
    for (n, Extremes { low, high }) in columns.iter().enumerate().filter_map(|(n, column)| Some((n, (*column)?))) {
        let x = lane.left() + n as f32;
        let (top, bottom) = (middle - high.clamp(-1.0, 1.0) * half, middle - low.clamp(-1.0, 1.0) * half);
        if bottom - top > 0.25 {
            mesh.add_colored_rect(Rect::from_min_max(pos2(x, top), pos2(x + 1.0, bottom.max(top + 0.5))), theme.sound);
        }
    }
    painter.add(mesh);
}

/// The marks of a track; under them, in the same lane, those of the other coder while two are compared.
fn paint_track(scene: &Scene<'_>, track: &Track, channel: &Channel, lane: Rect, theme: &Theme, painter: &Painter) {
    const OURS: f32 = 0.6; // of the height
    let theirs = scene.theirs.and_then(|theirs| theirs.track(&track.key));
    let Some(theirs) = theirs else { return paint_marks(scene, track, channel, lane, theme, painter) };
    let middle = lane.top() + lane.height() * OURS;
    paint_marks(scene, track, channel, lane.with_max_y(middle - 0.5), theme, painter);
    paint_marks(scene, theirs, channel, lane.with_min_y(middle + 0.5), theme, painter);
}

fn paint_marks(scene: &Scene<'_>, track: &Track, channel: &Channel, lane: Rect, theme: &Theme, painter: &Painter) {
    let clipped = painter.with_clip_rect(lane.expand2(vec2(1.0, 1.0)).intersect(painter.clip_rect()));
    clipped.rect_filled(lane, 0.0, theme.lane);
    for gap in uncoded(scene, track, channel).spans() {
        if let Some(rect) = span_rect(scene, *gap, lane) {
            hatch(&clipped, rect, theme.hatch);
        }
    }
    for block in blocks(track, scene.axis) {
        match block {
            Block::Mark { index, x } => {
                let rect = Rect::from_x_y_ranges(Rangef::new(x.start, x.end), lane.y_range());
                paint_mark(scene, &track.marks[index], channel, rect, theme, &clipped);
            }
            Block::Dense { indices, .. } => {
                paint_dense(scene, &track.marks[indices], channel, lane, theme, &clipped);
            }
            Block::Point { index, x } => paint_point(scene, &track.marks[index], channel, x, lane, theme, &clipped),
        }
    }
}

/// Marks that are too narrow for a label, each in its own colour.
fn paint_dense(scene: &Scene<'_>, marks: &[Mark], channel: &Channel, lane: Rect, theme: &Theme, painter: &Painter) {
    let mut mesh = Mesh::default();
    for (mark, x) in slivers(marks, scene.axis, painter.pixels_per_point().recip()) {
        let colour = match channel.code(&mark.code) {
            None => theme.faint,
            Some(code) if code.missing.is_some() => Theme::hatched(theme.code_fill(&code.colour)),
            Some(code) => theme.code_fill(&code.colour),
        };
        mesh.add_colored_rect(Rect::from_x_y_ranges(Rangef::new(x.start, x.end), lane.y_range()), colour);
    }
    painter.add(mesh);
}

/// What nobody has looked at yet, within the view.
fn uncoded(scene: &Scene<'_>, track: &Track, channel: &Channel) -> SpanSet {
    let visible = scene.axis.visible();
    let within = visible.intersection(scene.whole).unwrap_or(visible);
    scene.session.uncoded(track, channel.exhaustive, within)
}

fn paint_mark(scene: &Scene<'_>, mark: &Mark, channel: &Channel, rect: Rect, theme: &Theme, painter: &Painter) {
    let code = channel.code(&mark.code);
    let fill = code.map_or(theme.faint, |code| theme.code_fill(&code.colour));
    let body = Rect::from_min_max(rect.min, pos2((rect.right() - 1.0).max(rect.left() + 1.0), rect.bottom()));
    let rounding = CornerRadius::same(size::ROUND.min(body.width() / 3.0) as u8);
    painter.rect_filled(body, rounding, fill);
    if code.is_some_and(|code| code.missing.is_some()) {
        hatch(painter, body, Theme::text_on(fill).gamma_multiply(0.35));
    }
    let text = Theme::text_on(fill);
    block_text(painter, body, code.map_or(mark.code.as_str(), |code| code.label.as_str()), text);
    if mark.certainty == Certainty::Uncertain && body.width() > 10.0 {
        painter.text(body.right_center() - vec2(4.0, 0.0), Align2::RIGHT_CENTER, "?", Theme::strong_font(), text);
    }
    if !mark.note.is_empty() {
        let corner = vec![body.right_top(), body.right_top() + vec2(0.0, 7.0), body.right_top() - vec2(7.0, 0.0)];
        painter.add(Shape::convex_polygon(corner, text.gamma_multiply(0.8), Stroke::NONE));
    }
    if mark.is_open() {
        painter.vline(body.right() - 1.0, body.y_range(), Stroke::new(2.0, theme.playhead));
    }
    if scene.selection == Some(Selection::Mark(mark.id)) {
        painter.rect_stroke(body, rounding, Stroke::new(2.0, theme.accent), StrokeKind::Inside);
        painter.rect_stroke(body.shrink(2.0), rounding, Stroke::new(1.0, theme.window), StrokeKind::Inside);
    }
}

fn paint_point(
    scene: &Scene<'_>,
    mark: &Mark,
    channel: &Channel,
    x: f32,
    lane: Rect,
    theme: &Theme,
    painter: &Painter,
) {
    let fill = channel.code(&mark.code).map_or(theme.faint, |code| theme.code_fill(&code.colour));
    let (middle, reach) = (pos2(x, lane.center().y), lane.height() / 2.0 - 3.0);
    painter.vline(x, lane.y_range(), Stroke::new(1.0, fill));
    let diamond =
        [vec2(0.0, -reach), vec2(reach, 0.0), vec2(0.0, reach), vec2(-reach, 0.0)].map(|corner| middle + corner);
    let selected = scene.selection == Some(Selection::Mark(mark.id));
    let stroke = if selected { Stroke::new(2.0, theme.accent) } else { Stroke::NONE };
    painter.add(Shape::convex_polygon(diamond.to_vec(), fill, stroke));
}

fn paint_matches(scene: &Scene<'_>, runs: &[MatchRun], lane: Rect, theme: &Theme, painter: &Painter) {
    let clipped = painter.with_clip_rect(lane.intersect(painter.clip_rect()));
    clipped.rect_filled(lane, 0.0, theme.lane);
    let known: SpanSet = runs.iter().map(|run| run.span).collect();
    let visible = scene.axis.visible();
    for gap in known.gaps(visible.intersection(scene.whole).unwrap_or(visible)).spans() {
        if let Some(rect) = span_rect(scene, *gap, lane) {
            hatch(&clipped, rect, theme.hatch);
        }
    }
    for run in runs.iter().filter(|run| run.span.intersects(visible)) {
        let Some(rect) = span_rect(scene, run.span, lane) else { continue };
        let fill = if run.matched { theme.good } else { theme.mismatch };
        let body = Rect::from_min_max(rect.min, pos2((rect.right() - 1.0).max(rect.left() + 1.0), rect.bottom()));
        clipped.rect_filled(body, size::ROUND.min(body.width() / 3.0), fill);
        if run.matched {
            block_text(&clipped, body, "match", Theme::text_on(fill));
        } else {
            hatch(&clipped, body, theme.mismatch_stripe);
            block_text(&clipped, body, &format!("{} s", run.span.length().to_tenths_text()), Theme::text_on(fill));
        }
    }
}

/// The visible part of a stretch in a lane; `None` where nothing of it is in view.
pub(super) fn span_rect(scene: &Scene<'_>, span: Span, lane: Rect) -> Option<Rect> {
    let x = |time: Instant| scene.axis.x_from_time(time).clamp(lane.left(), lane.right());
    let (left, right) = (x(span.start()), x(span.end()));
    (right > left).then(|| Rect::from_x_y_ranges(Rangef::new(left, right), lane.y_range()))
}

fn block_text(painter: &Painter, rect: Rect, text: &str, colour: Color32) {
    if rect.width() < MIN_TEXT_POINTS || rect.height() < MIN_TEXT_HEIGHT {
        return;
    }
    let room = rect.width() - 8.0;
    let whole = painter.layout_no_wrap(text.to_owned(), Theme::small_font(), colour);
    let galley = if whole.size().x <= room {
        whole
    } else {
        let mut job = LayoutJob::simple_singleline(text.to_owned(), Theme::small_font(), colour);
        job.wrap = TextWrapping::truncate_at_width(room);
        painter.layout_job(job)
    };
    painter.galley(rect.left_center() + vec2(5.0, -galley.size().y / 2.0), galley, colour);
}

/// Diagonal strokes over `rect`, in step with the screen, so that they do not crawl when it grows.
fn hatch(painter: &Painter, rect: Rect, colour: Color32) {
    let clipped = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
    let height = rect.height();
    let first = ((rect.left() - height) / HATCH_STEP).floor() as i32;
    let last = (rect.right() / HATCH_STEP).ceil() as i32;
    let mut mesh = Mesh::default();
    for n in first..=last {
        let x = n as f32 * HATCH_STEP;
        let corners = [
            pos2(x, rect.bottom()),
            pos2(x + 1.2, rect.bottom()),
            pos2(x + height + 1.2, rect.top()),
            pos2(x + height, rect.top()),
        ];
        let base = mesh.vertices.len() as u32;
        for corner in corners {
            mesh.colored_vertex(corner, colour);
        }
        mesh.add_triangle(base, base + 1, base + 2);
        mesh.add_triangle(base, base + 2, base + 3);
    }
    clipped.add(mesh);
}
