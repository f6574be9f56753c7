//! The mismatch episodes: when each began, how long it lasted, who broke the match and who repaired it.

use egui::{Align2, Color32, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use scoring::{After, Before, EpisodeScores, Initiator, MismatchEpisode};
use span::Length;

use super::widgets::{bar_ui, dot, heading_ui};
use crate::command::{Commands, Transport};
use crate::theme::{Theme, size};
use crate::work::Work;

/// Left edges of the columns.
const COLUMNS: [f32; 4] = [0.0, 58.0, 118.0, 216.0];
const ROW: f32 = 19.0;

/// The list under the scores; a click goes there.
pub fn mismatches_ui(work: &Work, scores: &EpisodeScores, ui: &mut Ui, commands: &mut Commands) {
    if scores.mismatch_episodes.is_empty() {
        return armed_ui(work, scores, ui);
    }
    heading_ui("Mismatches", "click to watch", ui);
    let theme = Theme::of(ui.ctx());
    header(theme, ui);
    egui::ScrollArea::vertical().auto_shrink([false, true]).show_rows(
        ui,
        ROW,
        scores.mismatch_episodes.len(),
        |ui, rows| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for episode in &scores.mismatch_episodes[rows] {
                row_ui(work, episode, theme, ui, commands);
            }
        },
    );
}

/// While there is no mismatch to list: how the armed track's time is shared among its codes.
fn armed_ui(work: &Work, scores: &EpisodeScores, ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    heading_ui("Time per code", &work.armed_title(), ui);
    let Some(channel) = work.session().scheme.channel(&work.armed) else { return };
    for code in channel.codes.iter().filter(|code| code.missing.is_none()) {
        let id = format!("time.{}.{}.{}", work.armed.subject, work.armed.channel, code.key);
        let Some(score) = scores.scores.get(&id) else { continue };
        let share = score.number();
        let secs = score.numerator.map_or_else(String::new, |secs| format!("{secs:.1} s"));
        let percent = share.map_or_else(|| "–".to_owned(), |share| format!("{:.0} %", share * 100.0));
        bar_ui(share.unwrap_or(0.0) as f32, theme.subject(&work.armed.subject), &code.label, [&secs, &percent], ui);
    }
}

fn header(theme: &Theme, ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 15.0), Sense::hover());
    for (x, text) in COLUMNS.iter().zip(["at", "lasted", "broken by", "repaired by"]) {
        ui.painter().text(
            pos2(rect.left() + x, rect.center().y),
            Align2::LEFT_CENTER,
            text,
            Theme::small_font(),
            theme.faint,
        );
    }
}

fn row_ui(work: &Work, episode: &MismatchEpisode, theme: &Theme, ui: &mut Ui, commands: &mut Commands) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let start = episode.span.start();
    let lasted = format!("{}{} s", if episode.censored { "≥ " } else { "" }, episode.span.length().to_tenths_text());
    let broken = broken_by(episode);
    let repaired = repaired_by(episode);
    let name = format!(
        "mismatch at {}, lasted {lasted}, broken by {}, repaired by {}",
        work.times.short(start),
        broken.0,
        repaired.0
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let painter = ui.painter_at(rect);
    if episode.span.contains(work.playhead) || response.hovered() {
        painter.rect_filled(
            Rect::from_min_max(rect.min - vec2(6.0, 0.0), rect.max).intersect(ui.clip_rect()),
            size::ROUND,
            theme.raised,
        );
    }
    let text = |x: f32, text: &str, colour: Color32| {
        painter.text(pos2(rect.left() + x, rect.center().y), Align2::LEFT_CENTER, text, Theme::body_font(), colour);
    };
    text(COLUMNS[0], &work.times.short(start), theme.text);
    text(COLUMNS[1], &lasted, theme.text);
    for (x, (word, colour)) in COLUMNS[2..].iter().zip([broken, repaired]) {
        if let Some(colour) = colour.of(theme) {
            dot(&painter, rect.left() + x + 4.0, rect.center().y, colour);
        }
        text(x + 12.0, word, theme.text);
    }
    if response.on_hover_text(pairs(episode)).clicked() {
        commands.push(Transport::Watch { from: start - Length::SECOND, round: None }); // what led to it is seen first
    }
}

/// Before, during and after, in pairs of states: "MON-MON → MON-POS → POS-POS".
fn pairs(episode: &MismatchEpisode) -> String {
    let side = |pair: &Option<std::sync::Arc<str>>| pair.as_deref().unwrap_or("–").to_owned();
    format!("{} → {} → {}", side(&episode.before), episode.during.join(", "), side(&episode.after))
}

/// Whose dot stands before a word.
#[derive(Clone, Copy)]
enum Dot {
    Infant,
    Parent,
    Joint,
    Open,
    None,
}

impl Dot {
    const fn of(self, theme: &Theme) -> Option<Color32> {
        match self {
            Self::Infant => Some(theme.infant),
            Self::Parent => Some(theme.parent),
            Self::Joint => Some(theme.dyad),
            Self::Open => Some(theme.mismatch),
            Self::None => None,
        }
    }
}

const fn initiator(by: Initiator) -> (&'static str, Dot) {
    match by {
        Initiator::Infant => ("infant", Dot::Infant),
        Initiator::Parent => ("parent", Dot::Parent),
        Initiator::Joint => ("joint", Dot::Joint),
    }
}

fn broken_by(episode: &MismatchEpisode) -> (&'static str, Dot) {
    match (episode.rupture_by, episode.prev) {
        (Some(by), _) => initiator(by),
        (None, Before::Missing) => ("after a gap", Dot::None),
        (None, _) => ("began before", Dot::None),
    }
}

fn repaired_by(episode: &MismatchEpisode) -> (&'static str, Dot) {
    match (episode.repair_by, episode.next) {
        (Some(by), _) => initiator(by),
        (None, After::Missing) => ("a gap", Dot::None),
        (None, _) => ("open", Dot::Open),
    }
}
