//! Every score of an episode, family by family, with what chance gives beside it.

use egui::{Align2, Rect, RichText, Role, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, pos2, vec2};
use scoring::catalog::{Family, ScoreInfo, families};
use scoring::{Score, ScoreMap};

use super::scores::{coded_text, episodes_ui, parts_text, too_few};
use super::widgets::{heading_ui, small_ui};
use crate::command::{Commands, Editing, View};
use crate::live_scores::{Age, LiveScores};
use crate::theme::{Theme, size};
use crate::work::Work;

const ROW: f32 = 18.0;
/// How many surrogates somebody may want: none, while looking, for a report.
const SURROGATES: [(u32, &str); 3] = [(0, "no"), (199, "199"), (999, "999")];

/// How often blocks of time are drawn for limits.
const REPLICATES: u32 = 999;

/// A line of the list.
enum Line {
    Family(&'static Family),
    /// Why a whole family is absent.
    Why(String),
    Score {
        id: String,
        info: &'static ScoreInfo,
        score: Box<Score>,
        is_older: bool,
    },
    /// What chance gives, or how far time varies.
    Beside {
        text: String,
        is_older: bool,
    },
}

/// The panel at the right while all scores are shown.
pub fn all_scores_ui(work: &Work, ui: &mut Ui, commands: &mut Commands) {
    ui.spacing_mut().item_spacing.y = 4.0;
    let Some((episode, shown)) = work.live.shown(work.playhead) else {
        heading_ui("All scores", "", ui);
        small_ui("nothing to score yet: the first marks will show here", ui);
        return;
    };
    heading_ui("All scores", &coded_text(shown, work.times), ui);
    episodes_ui(work, episode, ui, commands);
    let looked_for = search_ui(ui, commands);
    beside_ui(work, ui, commands);
    age_ui(&work.live, ui);
    let lines = lines(&work.live, episode, &looked_for);
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().id_salt("all scores").auto_shrink([false, false]).show_rows(
        ui,
        ROW,
        lines.len(),
        |ui, rows| {
            for line in &lines[rows] {
                line_of_ui(line, ui);
            }
        },
    );
}

/// A field to find scores with, and the way back. Gives what is looked for, in small letters.
fn search_ui(ui: &mut Ui, commands: &mut Commands) -> String {
    let id = egui::Id::unique("looked for among all scores");
    let mut text: String = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    ui.horizontal(|ui| {
        let field =
            TextEdit::singleline(&mut text).hint_text("find a score").desired_width(ui.available_width() - 70.0);
        ui.add(field).widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "find a score"));
        if ui.button("Fewer").on_hover_text("the scores that say the most").clicked() {
            commands.push(View::ToggleAllScores);
        }
    });
    ui.data_mut(|data| data.insert_temp(id, text.clone()));
    text.to_lowercase()
}

/// What stands beside each score? These are settings of the session, as is every choice that is seen in a number's file.
fn beside_ui(work: &Work, ui: &mut Ui, commands: &mut Commands) {
    let settings = work.live.settings();
    ui.horizontal(|ui| {
        small_ui("Beside chance", ui).on_hover_text(
            "Each score again, with the parent's tracks moved against the infant's. \
             199 times while looking, 999 in a report; in short episodes, all shifts.",
        );
        for (surrogates, text) in SURROGATES {
            let is_on = settings.surrogates == surrogates as usize;
            if chip_ui(text, &format!("beside chance: {text}"), is_on, work, ui) && !is_on {
                commands.push(Editing::ScoreSetting { name: "surrogates", value: surrogates });
            }
        }
        ui.add_space(8.0);
        let is_on = settings.boot_replicates > 0;
        if chip_ui("limits", "95 % limits of shares of time", is_on, work, ui) {
            let value = if is_on { 0 } else { REPLICATES };
            commands.push(Editing::ScoreSetting { name: "boot.replicates", value });
        }
    });
}

fn chip_ui(text: &str, name: &str, is_on: bool, work: &Work, ui: &mut Ui) -> bool {
    let chip = egui::Button::selectable(is_on, RichText::new(text).size(size::SMALL));
    let shown = ui.add_enabled(work.can_edit(), chip);
    shown.widget_info(|| WidgetInfo::selected(Role::Button, true, is_on, name));
    shown.on_hover_text(name).clicked()
}

fn age_ui(live: &LiveScores, ui: &mut Ui) {
    let text = match live.age() {
        Age::Current => "up to date".to_owned(),
        Age::Computing(share) => format!("grey ones are older than the marks · computing {:.0} %", share * 100.0),
    };
    small_ui(text, ui);
}

/// The families and their scores, those that are looked for.
fn lines(live: &LiveScores, episode: usize, looked_for: &str) -> Vec<Line> {
    let slow_is_older = live.age() != Age::Current;
    let quick = live.episodes().get(episode).map(|episode| &episode.scores);
    let slow = live.slow(episode).map(|episode| &episode.scores);
    let all = || quick.into_iter().flat_map(ScoreMap::iter).map(|score| (score, false));
    let all = || all().chain(slow.into_iter().flat_map(ScoreMap::iter).map(|score| (score, slow_is_older)));
    let mut lines = Vec::new();
    for family in families() {
        let is_wanted = |info: &ScoreInfo, id: &str| {
            [family.title, info.name, id].iter().any(|text| text.to_lowercase().contains(looked_for))
        };
        let of_family = |id: &str| family.scores.iter().find(|info| info.describes(id));
        let scores: Vec<_> = all()
            .filter_map(|((id, score), is_older)| Some((of_family(id)?, id, score, is_older)))
            .filter(|(info, id, ..)| is_wanted(info, id))
            .collect();
        let Some((_, _, first, _)) = scores.first() else { continue };
        lines.push(Line::Family(family));
        if let Some(why) = first.why().filter(|why| scores.iter().all(|(_, _, score, _)| score.why() == Some(why))) {
            lines.push(Line::Why(why.to_owned()));
            continue;
        }
        for (info, id, _, is_older) in scores {
            let Some(score) = live.score(episode, id) else { continue };
            let beside = [too_few(id, &score, live.settings()), limits_text(&score), chance_text(&score)];
            lines.push(Line::Score { id: id.to_owned(), info, score: Box::new(score), is_older });
            lines.extend(beside.into_iter().flatten().map(|text| Line::Beside { text, is_older: slow_is_older }));
        }
    }
    lines
}

/// "by chance 0.28 ± 0.05   z 1.05   p .300".
fn chance_text(score: &Score) -> Option<String> {
    Some(match score.chance.as_ref()? {
        Ok(baseline) => {
            let spread = baseline.sd.map_or_else(String::new, |sd| format!(" ± {}", number(sd)));
            let z = baseline.z.map_or_else(|| "–".to_owned(), |z| format!("{z:.2}").replace('-', "−"));
            format!("by chance {}{spread}   z {z}   p {:.3}", number(baseline.mean), baseline.p)
        }
        Err(why) => format!("by chance: {why}"),
    })
}

/// "in blocks of this time 0.41 to 0.63".
fn limits_text(score: &Score) -> Option<String> {
    Some(match score.limits.as_ref()? {
        Ok(limits) => format!("in blocks of this time {} to {}", number(limits.low), number(limits.high)),
        Err(why) => format!("no limits: {why}"),
    })
}

/// Three figures behind the point where the number is small.
fn number(value: f64) -> String {
    let decimals = if value == value.trunc() && value.abs() < 1e9 { 0 } else { 3 };
    format!("{value:.decimals$}").replace('-', "−")
}

fn line_of_ui(line: &Line, ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let painter = ui.painter_at(rect);
    let colour = |is_older: bool| if is_older { theme.faint } else { theme.text };
    match line {
        Line::Family(family) => {
            response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, family.title));
            let at = rect.left_bottom() - vec2(0.0, 2.0);
            painter.text(at, Align2::LEFT_BOTTOM, family.title, Theme::strong_font(), theme.text);
        }
        Line::Why(why) => {
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, why));
            painter.text(indented(rect), Align2::LEFT_CENTER, why, Theme::small_font(), theme.soft);
        }
        Line::Beside { text, is_older } => {
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
            let colour = if *is_older { theme.faint } else { theme.soft };
            painter.text(indented(rect), Align2::LEFT_CENTER, text, Theme::small_font(), colour);
        }
        Line::Score { id, info, score, is_older } => {
            let name = info.name_of(id);
            let unit = if info.unit == "1" { String::new() } else { format!(" {}", info.unit) };
            let at_least = if score.is_at_least { "≥ " } else { "" };
            let value =
                score.number().map_or_else(|| "–".to_owned(), |value| format!("{at_least}{}{unit}", number(value)));
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name} {value}")));
            let right = pos2(rect.right() - 10.0, rect.center().y); // beside the scroll bar
            let drawn = painter.text(right, Align2::RIGHT_CENTER, value, Theme::body_font(), colour(*is_older));
            let room =
                Rect::from_min_max(indented(rect) - vec2(0.0, ROW / 2.0), pos2(drawn.left() - 8.0, rect.bottom()));
            let names = painter.with_clip_rect(room);
            names.text(indented(rect), Align2::LEFT_CENTER, name, Theme::body_font(), colour(*is_older));
            response.on_hover_text(parts_text(id, score));
        }
    }
}

fn indented(rect: Rect) -> egui::Pos2 {
    rect.left_center() + vec2(8.0, 0.0)
}
