//! The live panel: rupture and repair, co-regulation, answers, the attunement cycle. Parts, never one grade; no norms.

use egui::{Align2, Color32, Mesh, Pos2, Rect, RichText, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};
use scoring::{EpisodeScores, Score, ScoreMap, ScoreSettings};
use span::counted;

use super::widgets::{bar_ui, heading_ui, line_ui, small_ui};
use crate::command::{Commands, View};
use crate::keymap::keys_of;
use crate::preferences::TimeFormat;
use crate::theme::{Theme, size};
use crate::work::Work;

/// Everything above the list of mismatches.
pub fn scores_ui(work: &Work, ui: &mut Ui, commands: &mut Commands) {
    if let Some(problem) = work.live.problem() {
        ui.label(RichText::new(problem).color(Theme::of(ui.ctx()).alarm));
        return;
    }
    let Some((index, episode)) = work.live.shown(work.playhead) else {
        heading_ui("Scores", "", ui);
        small_ui("nothing to score yet: the first marks will show here", ui);
        return;
    };
    ui.spacing_mut().item_spacing.y = 3.0;
    heading_ui("Rupture and repair", &coded_text(episode, work.times), ui);
    episodes_ui(work, index, ui, commands);
    repair_ui(episode, work.live.settings(), ui);
    who_ui(&episode.scores, ui, commands);
    together_ui(&episode.scores, ui);
    line_ui(ui);
    coregulation_ui(work, episode, ui);
    answers_ui(&episode.scores, work.live.settings(), ui);
    cycle_ui(&episode.scores, ui);
    line_ui(ui);
}

/// "Reunion · 0:00–1:23 coded by both".
pub(super) fn coded_text(episode: &EpisodeScores, times: TimeFormat) -> String {
    match episode.coded {
        Some(coded) => {
            format!("{} · {}–{} coded", episode.name, times.whole(coded.start()), times.whole(coded.end()))
        }
        None => format!("{} · not coded by both", episode.name),
    }
}

/// Chips to choose an episode, where there are several.
pub(super) fn episodes_ui(work: &Work, shown: usize, ui: &mut Ui, commands: &mut Commands) {
    let episodes = work.live.episodes();
    if episodes.len() < 2 {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        for (n, episode) in episodes.iter().enumerate() {
            let chip = egui::Button::selectable(n == shown, RichText::new(&episode.name).size(size::SMALL));
            let hint = if work.live.is_chosen() && n == shown {
                "click to follow the playhead again"
            } else {
                "click to keep showing this episode"
            };
            if ui.add(chip).on_hover_text(hint).clicked() {
                commands.push(View::ScoredEpisode(n));
            }
        }
    });
}

/// A number with its unit, what it is, and what goes with it; its parts and definition when the pointer rests on it.
struct Figure<'a> {
    id: &'a str,
    id_beside: &'a str,
    number: Option<String>,
    unit: &'a str,
    name: &'a str,
    beside: String,
}

fn repair_ui(episode: &EpisodeScores, settings: &ScoreSettings, ui: &mut Ui) {
    let scores = &episode.scores;
    let number = |id: &str, decimals: usize| scores.number(id).map(|value| format!("{value:.decimals$}"));
    let count = |id: &str| number(id, 0).unwrap_or_else(|| "–".to_owned());
    let mismatches = scores.number("mismatch.count").map_or_else(|| "–".to_owned(), |n| counted(n as u32, "mismatch"));
    let longest = scores.get("mismatch.longest").and_then(|score| {
        let secs = score.number()?;
        Some(format!("{}{secs:.1} s longest", if score.is_at_least { "≥ " } else { "" }))
    });
    let figures = [
        Figure {
            id: "match.proportion",
            id_beside: "match.kappa",
            number: scores.number("match.proportion").map(|share| format!("{:.0}", share * 100.0)),
            unit: "%",
            name: "in match",
            beside: format!("κ match {}", scores.number("match.kappa").map_or_else(|| "–".to_owned(), short)),
        },
        Figure {
            id: "repair.rate",
            id_beside: "repair.count",
            number: number("repair.rate", 1),
            unit: "/min",
            name: "repairs",
            beside: format!("{} of {mismatches}", count("repair.count")),
        },
        Figure {
            id: "repair.latency.km_median",
            id_beside: "mismatch.longest",
            number: number("repair.latency.km_median", 1),
            unit: "s",
            name: "to repair",
            beside: longest.unwrap_or_default(),
        },
    ];
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 58.0), Sense::hover());
    let places = [(0.0, 0.31), (0.31, 0.72), (0.72, 1.0)];
    for (figure, (left, right)) in figures.iter().zip(places) {
        let part = Rect::from_x_y_ranges(
            egui::Rangef::new(rect.left() + rect.width() * left, rect.left() + rect.width() * right),
            rect.y_range(),
        );
        figure_ui(figure, scores, part, ui);
    }
    // Two lines are kept for it, so that nothing moves when it comes and goes.
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 2.0 * size::SMALL + 6.0), Sense::hover());
    let why = why_not_enough(episode, settings).unwrap_or_default();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &why));
    let theme = Theme::of(ui.ctx());
    let galley = ui.painter().layout(why.clone(), Theme::small_font(), theme.soft, rect.width());
    ui.painter_at(rect).galley(rect.min, galley, theme.soft);
}

/// Below the settings' floors the numbers are there all the same, with this beside them.
fn why_not_enough(episode: &EpisodeScores, settings: &ScoreSettings) -> Option<String> {
    let score = episode.scores.get("match.proportion")?;
    if let Some(why) = score.why() {
        return Some(why.to_owned());
    }
    let n = episode.mismatch_episodes.len();
    let little = episode.codable < settings.floor_codable || n < settings.floor_mismatches as usize;
    little
        .then(|| format!("not enough yet: {} s codable, {}", episode.codable.to_tenths_text(), counted(n, "mismatch")))
}

/// "not enough yet: n = 12", below the settings' floor for a score.
pub(super) fn too_few(id: &str, score: &Score, settings: &ScoreSettings) -> Option<String> {
    let n = score.n.filter(|n| settings.floor_of(id).is_some_and(|floor| *n < floor))?;
    Some(format!("not enough yet: n = {n}"))
}

fn figure_ui(figure: &Figure<'_>, scores: &ScoreMap, rect: Rect, ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    let response = ui.interact(rect, ui.scope_id().with(figure.id), Sense::hover());
    let number = figure.number.as_deref().unwrap_or("–");
    let words = format!("{number} {} {}, {}", figure.unit, figure.name, figure.beside);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    let painter = ui.painter();
    let drawn = painter.text(rect.left_top(), Align2::LEFT_TOP, number, Theme::number_font(), theme.text);
    let unit = pos2(drawn.right() + 4.0, drawn.bottom() - 4.0);
    painter.text(unit, Align2::LEFT_BOTTOM, figure.unit, Theme::small_font(), theme.soft);
    let below = pos2(rect.left(), drawn.bottom() + 8.0);
    painter.text(below, Align2::LEFT_CENTER, figure.name, Theme::body_font(), theme.soft);
    painter.text(below + vec2(0.0, 16.0), Align2::LEFT_CENTER, &figure.beside, Theme::small_font(), theme.soft);
    response.on_hover_text(meanings(scores, &[figure.id, figure.id_beside]));
}

/// What several numbers are made of, and what they mean.
fn meanings(scores: &ScoreMap, ids: &[&str]) -> String {
    let texts = ids.iter().filter_map(|id| Some(parts_text(id, scores.get(id)?)));
    texts.collect::<Vec<_>>().join("\n\n")
}

/// What a number is made of, and what it means.
pub(super) fn parts_text(id: &str, score: &Score) -> String {
    let meaning = scoring::catalog::info(id)
        .map_or_else(|| id.to_owned(), |info| format!("{}\n{}", info.name_of(id), info.definition));
    let ratio = score.numerator.zip(score.denominator);
    let lines = [
        Some(meaning),
        ratio.map(|(numerator, denominator)| format!("{numerator:.2} / {denominator:.2}")),
        score.n.map(|n| format!("n = {n}")),
        score.note.as_deref().map(ToOwned::to_owned),
        score.why().map(ToOwned::to_owned),
        score.chance.and_then(Result::ok).map(|chance| {
            format!("by chance: {} surrogates, {} with no number", chance.n + chance.n_absent, chance.n_absent)
        }),
    ];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// "+2", "−1", "0": who comes first is in the sign.
fn lag_text(lag: f64) -> String {
    if lag.round() == 0.0 { "0".to_owned() } else { format!("{lag:+.0}").replace('-', "−") }
}

/// ".13", "−.27", "1.00": a coefficient without its leading zero.
fn short(value: f64) -> String {
    let text = format!("{:.2}", value.abs());
    let digits = text.strip_prefix('0').unwrap_or(&text);
    if value < 0.0 { format!("−{digits}") } else { digits.to_owned() }
}

fn who_ui(scores: &ScoreMap, ui: &mut Ui, commands: &mut Commands) {
    let theme = Theme::of(ui.ctx());
    ui.horizontal(|ui| {
        small_ui("Who repaired", ui);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let text = RichText::new("All scores").size(size::SMALL).color(theme.soft);
            let button = ui.add(egui::Button::new(text).frame(false));
            if button.on_hover_text(keys_of(&View::ToggleAllScores.into()).unwrap_or_default()).clicked() {
                commands.push(View::ToggleAllScores);
            }
        });
    });
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 14.0), Sense::hover());
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 2.0, theme.lane);
    let parts = [("infant", theme.infant), ("parent", theme.parent), ("joint", theme.faint)].map(|(by, colour)| {
        let score = scores.get(&format!("repair.by.{by}"));
        let n = score.and_then(|score| score.numerator.or(score.number())).unwrap_or(0.0);
        (by, colour, n)
    });
    let total: f64 = parts.iter().map(|(_, _, n)| n).sum();
    let words = parts.iter().map(|(by, _, n)| format!("{by} {n:.0}")).collect::<Vec<_>>().join(", ");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("who repaired: {words}")));
    response.on_hover_text(meanings(scores, &["repair.by.infant", "repair.by.parent", "repair.by.joint"]));
    if total == 0.0 {
        painter.text(
            rect.left_center() + vec2(5.0, 0.0),
            Align2::LEFT_CENTER,
            "no repair yet",
            Theme::small_font(),
            theme.faint,
        );
        return;
    }
    let mut left = rect.left();
    for (by, colour, n) in parts {
        let width = rect.width() * (n / total) as f32;
        let part = Rect::from_min_size(pos2(left, rect.top()), vec2((width - 1.0).max(0.0), rect.height()));
        painter.rect_filled(part, 2.0, colour);
        let clipped = painter.with_clip_rect(part);
        clipped.text(
            part.left_center() + vec2(5.0, 0.0),
            Align2::LEFT_CENTER,
            format!("{by} {n:.0}"),
            Theme::small_font(),
            Theme::text_on(colour),
        );
        left += width;
    }
}

/// What needs less than engagement does: seen while the other tracks are still to be coded.
fn together_ui(scores: &ScoreMap, ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.set_height(14.0);
        for (id, text) in [("looking.mutual", "looking at each other"), ("valence.same", "same valence")] {
            let share = scores.number(id).map_or_else(|| "–".to_owned(), |share| format!("{:.0} %", share * 100.0));
            small_ui(format!("{text} {share}"), ui).on_hover_text(meanings(scores, &[id]));
            ui.add_space(12.0);
        }
    });
}

fn coregulation_ui(work: &Work, episode: &EpisodeScores, ui: &mut Ui) {
    let window = work.live.settings().strip_window.to_secs_text();
    heading_ui("Co-regulation", &format!("moving together, r in a {window}-s window"), ui);
    strip_ui(work, episode, &window, ui);
    lags_ui(episode, work.live.settings(), ui);
}

/// r in a window that moves along: the partners moving together.
fn strip_ui(work: &Work, episode: &EpisodeScores, window: &str, ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 52.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "r in a moving window"));
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 2.0, theme.lane);
    painter.hline(rect.x_range(), rect.center().y, Stroke::new(1.0, theme.line));
    let secs = episode.span.length().as_secs().max(1e-6);
    let x = |time: span::Instant| rect.left() + ((time - episode.span.start()).as_secs() / secs) as f32 * rect.width();
    let y = |r: f64| rect.center().y - r as f32 * (rect.height() / 2.0 - 3.0);
    let mut line: Vec<Pos2> = Vec::new();
    for point in &episode.strip {
        match point.r {
            Some(r) => line.push(pos2(x(point.time), y(r))),
            None => flush_line(&mut line, theme.accent, &painter),
        }
    }
    flush_line(&mut line, theme.accent, &painter);
    if episode.span.contains(work.playhead) {
        painter.vline(x(work.playhead), rect.y_range(), Stroke::new(1.0, theme.soft));
    }
    response.on_hover_text(format!(
        "Pearson's r of the two partners' states within {window} s around each moment, from −1 below to 1 above.\n\
         For looking at: it enters no score, and no test."
    ));
}

fn flush_line(line: &mut Vec<Pos2>, colour: Color32, painter: &egui::Painter) {
    if line.len() > 1 {
        painter.add(Shape::line(std::mem::take(line), Stroke::new(1.5, colour)));
    }
    line.clear();
}

/// r at every lag: who leads.
fn lags_ui(episode: &EpisodeScores, settings: &ScoreSettings, ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 58.0), Sense::hover());
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 2.0, theme.lane);
    let scores = &episode.scores;
    let peak = scores.number("sync.r.peak").zip(scores.number("sync.r.peak_lag"));
    let text = match peak {
        Some((r, lag)) => {
            let few = scores.get("sync.r.peak").and_then(|score| too_few("sync.r.peak", score, settings));
            let few = few.map_or_else(String::new, |few| format!(" · {few}"));
            format!("peak {} at {} s{few}", short(r), lag_text(lag))
        }
        None if scores.number("match.proportion").is_none() => "–".to_owned(), // the reason stands above
        None => scores.get("sync.r.peak").and_then(Score::why).unwrap_or("no peak").to_owned(),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("correlation by lag: {text}")));
    response.on_hover_text(meanings(scores, &["sync.r.peak", "sync.r.peak_lag", "sync.r.lag0"]));
    if let Some(profile) = &episode.lag_profile {
        let slot = rect.width() / profile.points.len().max(1) as f32;
        let middle = rect.center().y + 2.0;
        let mut mesh = Mesh::default();
        for (n, point) in profile.points.iter().enumerate() {
            let Some(r) = point.r else { continue };
            let is_peak = peak.is_some_and(|(_, lag)| (point.lag as f64 * profile.step.as_secs() - lag).abs() < 1e-9);
            let left = rect.left() + slot * n as f32;
            let bar = Rect::from_two_pos(pos2(left + 1.0, middle), pos2(left + slot - 1.0, middle - r as f32 * 18.0));
            mesh.add_colored_rect(bar, if is_peak { theme.accent } else { theme.sound });
        }
        painter.add(mesh);
        painter.vline(rect.center().x, rect.y_range(), Stroke::new(1.0, theme.line));
    }
    painter.text(rect.right_top() + vec2(-5.0, 3.0), Align2::RIGHT_TOP, text, Theme::small_font(), theme.text);
    painter.text(
        rect.left_bottom() + vec2(5.0, -2.0),
        Align2::LEFT_BOTTOM,
        "parent leads",
        Theme::small_font(),
        theme.faint,
    );
    painter.text(
        rect.right_bottom() + vec2(-5.0, -2.0),
        Align2::RIGHT_BOTTOM,
        "infant leads",
        Theme::small_font(),
        theme.faint,
    );
}

fn answers_ui(scores: &ScoreMap, settings: &ScoreSettings, ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    let window = settings.contingency_window.to_secs_text();
    small_ui(format!("Responds within {window} s of the other"), ui);
    for (id, text, colour) in [
        ("contingency.infant_to_parent", "parent answers infant", theme.parent),
        ("contingency.parent_to_infant", "infant answers parent", theme.infant),
    ] {
        let share = scores.number(&format!("{id}.transitional_probability"));
        let q = scores.number(&format!("{id}.yules_q")).map_or_else(|| "–".to_owned(), short);
        let percent = share.map_or_else(|| "–".to_owned(), |share| format!("{:.0} %", share * 100.0));
        let q = if share.is_some() { format!("Q {q}") } else { String::new() };
        let bar = bar_ui(share.unwrap_or(0.0) as f32, colour, text, [&percent, &q], ui);
        bar.on_hover_text(meanings(scores, &[&format!("{id}.transitional_probability"), &format!("{id}.yules_q")]));
    }
}

fn cycle_ui(scores: &ScoreMap, ui: &mut Ui) {
    let count = |id: &str| scores.number(id).map_or_else(|| "–".to_owned(), |n| format!("{n:.0}"));
    let of = |id: &str| {
        scores.get(id).and_then(|score| score.numerator).map_or_else(|| "–".to_owned(), |n| format!("{n:.0}"))
    };
    let after = |id: &str| scores.number(id).map_or_else(String::new, |secs| format!("{secs:.1} s"));
    small_ui("Attunement cycle (Attune's own measure)", ui).on_hover_text(
        "Distress of the infant is a cue; the parent senses it by looking, answers it, and it settles. A measure of Attune's own: no norms.",
    );
    let steps = [
        (
            count("cycle.cue.count"),
            if scores.number("cycle.cue.count") == Some(1.0) { "cue" } else { "cues" },
            String::new(),
            ["cycle.cue.count", "cycle.cue.truncated"],
        ),
        (
            of("cycle.sensed.proportion"),
            "sensed",
            after("cycle.sensed.latency.median"),
            ["cycle.sensed.proportion", "cycle.sensed.latency.median"],
        ),
        (
            of("cycle.answered.proportion"),
            "answered",
            after("cycle.answered.latency.km_median"),
            ["cycle.answered.proportion", "cycle.answered.latency.km_median"],
        ),
        (
            of("cycle.settled.proportion"),
            "settled",
            after("cycle.settled.latency.km_median"),
            ["cycle.settled.proportion", "cycle.settled.latency.km_median"],
        ),
    ];
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
    let words = steps.iter().map(|(n, what, after, _)| format!("{n} {what} {after}")).collect::<Vec<_>>().join(", ");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("attunement cycle: {words}")));
    let painter = ui.painter_at(rect);
    let gap = 5.0;
    let width = (rect.width() - 3.0 * gap) / 4.0;
    for (n, (number, what, after, ids)) in steps.iter().enumerate() {
        let card =
            Rect::from_min_size(pos2(rect.left() + n as f32 * (width + gap), rect.top()), vec2(width, rect.height()));
        painter.rect_filled(card, size::ROUND, theme.raised);
        let resting = ui.interact(card, ui.scope_id().with(("cycle", n)), Sense::hover());
        resting.on_hover_text(meanings(scores, ids));
        let clipped = painter.with_clip_rect(card);
        let (above, below) = (card.left_top() + vec2(6.0, 10.0), card.left_bottom() + vec2(6.0, -10.0));
        clipped.text(above, Align2::LEFT_CENTER, *what, Theme::small_font(), theme.soft);
        let drawn = clipped.text(below, Align2::LEFT_CENTER, number, Theme::heading_font(), theme.text);
        clipped.text(pos2(drawn.right() + 6.0, below.y), Align2::LEFT_CENTER, after, Theme::small_font(), theme.soft);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correlation_of_few_pairs_is_not_enough_yet() {
        let settings = ScoreSettings { floor_lag_pairs: 20, ..ScoreSettings::default() };
        let of = |id: &str, n: usize| too_few(id, &Score::plain(0.5).with_n(n), &settings);
        assert_eq!(of("sync.r.peak", 19).as_deref(), Some("not enough yet: n = 19"));
        assert_eq!(of("sync.r.peak", 20), None);
        assert_eq!(of("match.proportion", 1), None);
    }

    #[test]
    fn coefficients_have_no_leading_zero() {
        assert_eq!(short(0.132), ".13");
        assert_eq!(short(-0.27), "−.27");
        assert_eq!((lag_text(2.0), lag_text(-1.0), lag_text(-0.2)), ("+2".into(), "−1".into(), "0".into()));
        assert_eq!(short(1.0), "1.00");
    }
}
