//! Two coders' work compared: how far they agree on each channel, in which codes they differ, and where.

use egui::text::{LayoutJob, TextWrapping};
use egui::{Align2, Color32, FontId, Painter, Rect, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};
use scoring::agreement::agree::Agreement;
use scoring::agreement::disagreements::{Disagreement, DisagreementKind};
use scoring::agreement::statistic::Statistic;
use scoring::agreement::table::Confusion;
use session::compare::ComparedChannel;
use span::{Length, Span};

use super::widgets::{heading_ui, line_ui, small_ui};
use crate::agreement_text::{limits_text, number_text, parts_text};
use crate::command::{Coding, Commands, Editing, Transport, View};
use crate::comparing::Comparing;
use crate::theme::{Theme, size};
use crate::work::Work;

/// Room around a difference when it is played round and round: what leads to it must be seen.
const AROUND: Length = Length::SECOND;
const ROW: f32 = 19.0;
/// Left edges of the columns of differences.
const COLUMNS: [f32; 4] = [0.0, 62.0, 122.0, 242.0];
/// The list of differences is what one came for: so much of it is always in view.
const ROWS_IN_VIEW: usize = 8;

/// The panel at the right while two codings are compared.
pub fn comparison_ui(work: &Work, comparing: &Comparing, ui: &mut Ui, commands: &mut Commands) {
    ui.spacing_mut().item_spacing.y = 3.0;
    heading_ui(&format!("Agreement with {}", comparing.name()), "nothing is coded meanwhile", ui);
    if ui.button("Close the comparison").clicked() {
        commands.push(View::CloseComparison);
    }
    problems_ui(&comparing.compared.comparison.comparable.problems, ui);
    channels_ui(work, comparing, ui, commands);
    line_ui(ui);
    let Some((channel, agreement)) = comparing.compared.channels().nth(comparing.shown) else {
        small_ui("there is no channel that both coded", ui);
        return;
    };
    heading_ui(&title(work, channel), &format!("{:.1} s compared", agreement.n), ui);
    let n = agreement.disagreements.len();
    let around_list = 3.0 * ROW; // its heading, and the line above
    let for_list = around_list + ROWS_IN_VIEW.min(n.max(1)) as f32 * ROW;
    let for_numbers = (ui.available_height() - for_list).max(2.0 * ROW);
    let numbers = ScrollArea::vertical().id_salt("numbers").max_height(for_numbers).auto_shrink([false, true]);
    numbers.show(ui, |ui| {
        statistics_ui(agreement, ui);
        if let Some(table) = &agreement.table {
            ui.add_space(6.0);
            table_ui(work, comparing, channel, agreement, table, ui);
        }
    });
    line_ui(ui);
    heading_ui(&format!("{n} {}", if n == 1 { "difference" } else { "differences" }), "click to watch", ui);
    places_ui(work, comparing, channel, agreement, ui, commands);
}

/// What stands against comparing the two: in one line, until somebody wants to read it.
fn problems_ui(problems: &[String], ui: &mut Ui) {
    const ROOM: f32 = 96.0;
    let theme = Theme::of(ui.ctx());
    let text = match problems {
        [] => return,
        [_] => "1 thing differs between the two".to_owned(),
        _ => format!("{} things differ between the two", problems.len()),
    };
    let heading = RichText::new(text).font(Theme::small_font()).color(theme.alarm);
    egui::CollapsingHeader::new(heading).id_salt("problems").show_unindented(ui, |ui| {
        ScrollArea::vertical().id_salt("problems").max_height(ROOM).show(ui, |ui| {
            for problem in problems {
                small_ui(problem, ui);
            }
        });
    });
}

/// "Infant · Gaze", with the code where each is compared for itself.
fn title(work: &Work, compared: &ComparedChannel) -> String {
    let session = work.session();
    let channel = session.scheme.channel(&compared.key);
    let label = channel.map_or(compared.key.channel.as_str(), |channel| channel.label.as_str());
    let title = format!("{} · {label}", session.subject_name(&compared.key.subject));
    let code = compared.code.as_ref().map(|code| code_name(work, compared, code));
    code.map_or_else(|| title.clone(), |code| format!("{title}: {code}"))
}

/// What the scheme calls a code of the channel.
fn code_name<'a>(work: &'a Work, compared: &ComparedChannel, code: &'a str) -> &'a str {
    let channel = work.session().scheme.channel(&compared.key);
    channel.and_then(|channel| channel.code(code)).map_or(code, |code| &code.label)
}

/// A chip for each channel, with its kappa.
fn channels_ui(work: &Work, comparing: &Comparing, ui: &mut Ui, commands: &mut Commands) {
    ui.horizontal_wrapped(|ui| {
        for (n, (channel, agreement)) in comparing.compared.channels().enumerate() {
            let kappa = agreement.get("time_kappa").map_or_else(|| "–".to_owned(), signed_text);
            let text = RichText::new(format!("{} {kappa}", title(work, channel))).size(size::SMALL);
            if ui.add(egui::Button::selectable(n == comparing.shown, text)).clicked() {
                commands.push(View::ComparedChannel(n));
                commands.push(Coding::Arm(channel.key.clone()));
            }
        }
    });
}

/// Every statistic with its limits, or why it is absent; what it means when the pointer rests on it.
fn statistics_ui(agreement: &Agreement, ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    let present = |statistic: &&Statistic| statistic.number().is_some();
    let (present, absent): (Vec<&Statistic>, Vec<&Statistic>) = agreement.statistics.iter().partition(present);
    for statistic in present.into_iter().chain(absent) {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 15.0), Sense::hover());
        let number = signed_text(statistic);
        let beside =
            statistic.why().map(str::to_owned).or_else(|| limits_text(statistic).map(|text| with_minus(&text)));
        let beside = beside.unwrap_or_default();
        response.widget_info(|| {
            WidgetInfo::labeled(Role::Label, true, format!("{} {number} {beside}", statistic.info.name))
        });
        let at = |share: f32| pos2(rect.left() + rect.width() * share, rect.center().y);
        let painter = ui.painter_at(rect);
        let name = painter.text(at(0.0), Align2::LEFT_CENTER, statistic.info.name, Theme::small_font(), theme.soft);
        if statistic.why().is_some() {
            let room = rect.with_min_x(name.right() + 8.0);
            truncated(&beside, Theme::small_font(), theme.faint, room, Align2::RIGHT_CENTER, &painter);
        } else {
            painter.text(at(0.66), Align2::RIGHT_CENTER, &number, Theme::body_font(), theme.text);
            painter.text(at(1.0), Align2::RIGHT_CENTER, &beside, Theme::small_font(), theme.faint);
        }
        response.on_hover_text(meaning(statistic));
    }
}

fn signed_text(statistic: &Statistic) -> String {
    with_minus(&number_text(statistic))
}

/// With the sign that the score panel writes.
fn with_minus(number: &str) -> String {
    number.replace('-', "−")
}

fn meaning(statistic: &Statistic) -> String {
    format!("{}\n{}\n{}", statistic.info.definition, with_minus(&parts_text(statistic)), statistic.info.source)
}

/// Seconds that the one called so and the other so: rows are the coder whose session is open.
fn table_ui(
    work: &Work,
    comparing: &Comparing,
    channel: &ComparedChannel,
    agreement: &Agreement,
    table: &Confusion,
    ui: &mut Ui,
) {
    let theme = Theme::of(ui.ctx());
    let ours = Some(work.session().coder.as_str()).filter(|coder| !coder.is_empty()).unwrap_or("this coder");
    small_ui(format!("seconds; rows: {ours}, columns: {}", comparing.name()), ui);
    let categories: Vec<&str> = agreement.categories.iter().map(|code| code_name(work, channel, code)).collect();
    let n = categories.len();
    let head = 84.0;
    let width = ((ui.available_width() - head) / n.max(1) as f32).min(64.0);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW * (n + 1) as f32), Sense::hover());
    let cell = |row: usize, column: usize| {
        let corner = pos2(rect.left() + head + width * column as f32, rect.top() + ROW * (row + 1) as f32);
        Rect::from_min_size(corner, vec2(width, ROW)).shrink(1.0)
    };
    let painter = ui.painter_at(rect);
    for (k, category) in categories.iter().enumerate() {
        let left = Rect::from_min_size(pos2(rect.left(), cell(k, 0).top()), vec2(head - 4.0, ROW));
        let above = cell(k, k).with_min_y(rect.top()).with_max_y(rect.top() + ROW);
        for room in [left, above] {
            truncated(category, Theme::small_font(), theme.soft, room, Align2::LEFT_CENTER, &painter);
        }
    }
    let mut words = Vec::new();
    for (row, secs) in table.rows().enumerate() {
        let total: f64 = secs.iter().sum();
        for (column, secs) in secs.iter().enumerate() {
            let place = cell(row, column);
            let share = if total > 0.0 { (secs / total) as f32 } else { 0.0 };
            let fill = if row == column { theme.good } else { theme.mismatch };
            painter.rect_filled(place, 2.0, theme.lane);
            painter.rect_filled(place, 2.0, fill.gamma_multiply(share.sqrt() * 0.75));
            let text = if *secs == 0.0 { String::new() } else { format!("{secs:.1}") };
            painter.text(place.center(), Align2::CENTER_CENTER, &text, Theme::small_font(), theme.text);
            if *secs > 0.0 {
                let (first, second) = (categories[row], categories[column]);
                words.push(format!("{first} and {second}: {secs:.1} s"));
            }
        }
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("table: {}", words.join(", "))));
}

fn places_ui(
    work: &Work,
    comparing: &Comparing,
    channel: &ComparedChannel,
    agreement: &Agreement,
    ui: &mut Ui,
    commands: &mut Commands,
) {
    let places = &agreement.disagreements;
    if places.is_empty() {
        let is_nothing_compared = agreement.n == 0.0 && agreement.events.n == 0;
        small_ui(if is_nothing_compared { "none: nothing that both coded" } else { "none: both coded the same" }, ui);
    }
    let list = ScrollArea::vertical().id_salt("differences").auto_shrink([false, false]);
    list.show_rows(ui, ROW, places.len(), |ui, rows| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for n in rows {
            if place_ui(work, channel, &places[n], comparing.place == Some(n), ui) {
                let end = places[n].end.max(places[n].start + Length::from_micros(1));
                let around = Span::new(places[n].start - AROUND, end + AROUND).ok();
                let round = around.and_then(|around| around.intersection(work.whole()));
                commands.push(View::ComparedPlace(n));
                commands.push(Editing::Select(None));
                commands.push(Transport::Watch { from: round.map_or(places[n].start, Span::start), round });
            }
        }
    });
}

/// One place where they differ. Was it clicked?
fn place_ui(work: &Work, channel: &ComparedChannel, place: &Disagreement, is_chosen: bool, ui: &mut Ui) -> bool {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let side =
        |code: &Option<String>| code.as_ref().map_or("nothing", |code| code_name(work, channel, code)).to_owned();
    let kind = match place.kind {
        DisagreementKind::Boundary => "edge",
        DisagreementKind::Code => "code",
        DisagreementKind::Omission => "missed",
        DisagreementKind::Commission => "added",
    };
    let length = format!("{} s", (place.end - place.start).to_hundredths_text());
    let texts =
        [work.times.short(place.start), length, format!("{} · {}", side(&place.a), side(&place.b)), kind.to_owned()];
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, texts.join(" ")));
    let painter = ui.painter_at(rect);
    if is_chosen || response.hovered() {
        painter.rect_filled(rect, size::ROUND, theme.raised);
    }
    for (n, text) in texts.iter().enumerate() {
        let left = rect.left() + COLUMNS[n];
        let right = COLUMNS.get(n + 1).map_or(rect.right(), |next| rect.left() + next - 4.0);
        let column = rect.with_min_x(left).with_max_x(right.max(left));
        let colour = if n == 3 { theme.soft } else { theme.text };
        let font = if n == 2 { Theme::small_font() } else { Theme::body_font() };
        truncated(text, font, colour, column, Align2::LEFT_CENTER, &painter);
    }
    response.clicked()
}

/// A line of text in its room; what does not fit ends in an ellipsis.
fn truncated(text: &str, font: FontId, colour: Color32, room: Rect, align: Align2, painter: &Painter) {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, colour);
    job.wrap = TextWrapping::truncate_at_width(room.width());
    let galley = painter.layout_job(job);
    painter.galley(align.align_size_within_rect(galley.size(), room).min, galley, colour);
}
