//! What the session is of: its name, its subjects, its videos and sounds and where they lie, and which of them each track is coded from.

use egui::{Grid, RichText, ScrollArea, TextEdit, Ui};
use session::marking::{Marks, n_marks_coded_from, set_up};
use session::{Medium, MediumId, Rate, Session};
use span::{Instant, Span, counted};

use super::assistant::role_ui;
use super::forms::{accept_ui, cell_ui, combo_ui, field_ui, named_field_ui};
use crate::command::{Commands, Editing, File};
use crate::dialog::{MediumForm, SetupForm};
use crate::icons;
use crate::rate_text::rate_text;
use crate::state::{Asked, State};
use crate::theme::Theme;
use crate::work::Work;

/// Of the window's height, what the dialog needs around what scrolls.
const AROUND: f32 = 190.0;
/// More than this nobody needs at once.
const MOST: f32 = 620.0;
/// Widths of the columns: file, what is written over it, where it begins, its rate.
const COLUMNS: [f32; 4] = [170.0, 150.0, 90.0, 80.0];
/// What the button needs that the first row lacks.
const PLACE_IT: f32 = 66.0;
/// From one column to the next.
const BETWEEN: f32 = 8.0;

pub(super) fn setup_ui(form: &mut SetupForm, state: &State, ui: &mut Ui, commands: &mut Commands) {
    let Some(work) = &state.work else { return };
    let session = work.session();
    let room = (ui.ctx().content_rect().height() - AROUND).clamp(200.0, MOST);
    let size = egui::vec2(ui.available_width(), room); // whatever is in it: nothing jumps
    let scrolled = ui.allocate_ui(size, |ui| {
        ui.set_min_height(room);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| fields_ui(form, work, ui, commands)).inner
    });
    let note_has_focus = scrolled.inner;
    let setup = form.setup(session);
    let refused = setup.as_ref().ok().and_then(|setup| set_up(session, setup, form.marks).err());
    let refused = refused.filter(|refusal| !refusal.is_nothing()).map(|refusal| refusal.to_string());
    let problem = setup.as_ref().err().cloned().or(refused);
    if accept_ui("Keep", problem.as_deref(), !note_has_focus, ui, commands)
        && let Ok(setup) = setup
    {
        commands.push(Editing::SetUp { setup: Box::new(setup), marks: form.marks });
    }
}

/// All that can be typed. Is somebody at the note, where Enter begins a line?
fn fields_ui(form: &mut SetupForm, work: &Work, ui: &mut Ui, commands: &mut Commands) -> bool {
    let session = work.session();
    ui.set_max_width(ui.available_width() - 12.0); // of the bar that scrolls
    field_ui("Name of the session (a pseudonym of the dyad, never a name)", &mut form.name, ui);
    ui.add_space(6.0);
    role_ui(&mut form.role, ui);
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        ui.label("Called");
        for (key, name) in &mut form.subject_names {
            named_field_ui(&format!("name of the {key}"), name, 130.0, ui);
        }
    });
    ui.add_space(6.0);
    let id = ui.label("Note to the whole session").id;
    let note = ui.add(TextEdit::multiline(&mut form.note).desired_rows(2).desired_width(f32::INFINITY)).labelled_by(id);
    ui.add_space(8.0);
    media_ui(form, work, ui, commands);
    warnings_ui(work, ui);
    if form.media.iter().filter(|form| !form.is_removed).count() > 1 {
        ui.add_space(8.0);
        coded_from_ui(form, session, ui);
    }
    note.has_focus()
}

fn media_ui(form: &mut SetupForm, work: &Work, ui: &mut Ui, commands: &mut Commands) {
    let (session, theme) = (work.session(), Theme::of(ui.ctx()));
    ui.label(RichText::new("Videos and sounds").font(Theme::heading_font()));
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = BETWEEN;
        for (heading, width) in ["File", "Written over it", "Begins at (s)", "Rate"].into_iter().zip(COLUMNS) {
            ui.allocate_ui(egui::vec2(width, 16.0), |ui| {
                ui.set_width(width);
                ui.label(RichText::new(heading).font(Theme::small_font()).color(theme.soft));
            });
        }
    });
    for n in 0..form.media.len() {
        if form.media[n].is_removed {
            removed_ui(&mut form.media[n], ui);
            continue;
        }
        medium_ui(form, n, ui, commands);
        remarks_ui(form, n, work, ui, commands);
    }
    if ui.button("Add a video or sound…").clicked() {
        commands.push(File::Ask(Asked::AnotherMedium));
    }
    ui.label(RichText::new(RATE).font(Theme::small_font()).color(theme.soft));
    let now = form.media.iter().filter(|form| !form.is_removed).filter_map(|form| form.typed().ok());
    let is_elsewhere = |now: &Medium, known: &Medium| (now.offset, now.rate) != (known.offset, known.rate);
    let moved = now.filter(|now| session.medium(now.id).is_some_and(|known| is_elsewhere(now, known)));
    let n_marks: usize = moved.map(|medium| n_marks_coded_from(session, medium.id)).sum();
    ui.add_enabled_ui(n_marks > 0, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.label("Where one moves on the clock:");
            let marks = if n_marks == 0 { "marks".to_owned() } else { counted(n_marks, "mark") }; // at 0 nothing has moved yet
            ui.radio_value(&mut form.marks, Marks::Move, format!("move the {marks} coded from it along"));
            ui.radio_value(&mut form.marks, Marks::Keep, "keep marks where they are");
        });
    });
}

const RATE: &str = "Rate: how many seconds of the session pass in one second of the file. It is 1 where its clock is right, and 1.00002 \
                    where it is 20 ms slow after 1000 s.";
const BY_SOUND: &str = "Compares its sound with that of the first one: both must have heard the same.";

fn medium_ui(form: &mut SetupForm, n: usize, ui: &mut Ui, commands: &mut Commands) {
    let before = clip_above(form, n).and_then(|above| Some((above.id, above.span().map(Span::end)?)));
    let MediumForm { medium, offset, rate, is_removed } = &mut form.media[n];
    let name = medium.file_name().to_owned();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = BETWEEN;
        let icon = if medium.kind.is_video() { icons::FILM_STRIP } else { icons::SPEAKER_HIGH };
        cell_ui(&format!("{icon}  {name}"), COLUMNS[0], ui).on_hover_text(&medium.path);
        named_field_ui(&format!("label of {name}"), &mut medium.label, COLUMNS[1], ui);
        named_field_ui(&format!("offset of {name}"), offset, COLUMNS[2], ui);
        named_field_ui(&format!("rate of {name}"), rate, COLUMNS[3], ui);
        if n == 0 {
            ui.add_space(PLACE_IT + BETWEEN); // it gives the clock
        } else {
            ui.menu_button("Place it…", |ui| {
                if ui.button("Find by its sound").on_hover_text(BY_SOUND).clicked() {
                    commands.push(File::SyncBySound(medium.id));
                    ui.close();
                }
                let follows = ui.add_enabled(before.is_some(), egui::Button::new("Where the one above ends"));
                if let Some((above, end)) = before
                    && follows.on_hover_text("The next clip of one recording.").clicked()
                {
                    *offset = end.to_secs_text();
                    medium.follows = Some(above);
                    ui.close();
                }
            });
        }
        if ui.button("Find the file…").clicked() {
            commands.push(File::Relink(medium.id));
        }
        let remove = ui.button("Remove");
        if remove.on_hover_text("It goes out of the session; its file stays.").clicked() {
            *is_removed = true;
        }
    });
}

fn removed_ui(form: &mut MediumForm, ui: &mut Ui) {
    ui.horizontal(|ui| {
        let text = format!("{} goes out of the session. Its file stays.", form.medium.name());
        ui.label(RichText::new(text).color(Theme::of(ui.ctx()).soft));
        if ui.small_button("Keep it").clicked() {
            form.is_removed = false;
        }
    });
}

/// The one of its kind above it that a medium can go on with, as it is typed.
fn clip_above(form: &SetupForm, n: usize) -> Option<Medium> {
    let above = form.media[..n].iter().rev().filter(|above| !above.is_removed);
    above.filter_map(|above| above.typed().ok()).find(|above| above.kind == form.media[n].medium.kind)
}

/// What there is to say of a medium: which one it goes on with, what was found by its sound, and what is wrong with its clock.
fn remarks_ui(form: &mut SetupForm, n: usize, work: &Work, ui: &mut Ui, commands: &mut Commands) {
    let theme = Theme::of(ui.ctx());
    let small = |text: String| RichText::new(text).font(Theme::small_font()).color(theme.soft);
    let id = form.media[n].medium.id;
    let above = clip_above(form, n);
    let rate = form.media[n].typed().map_or_else(|_| Rate::default(), |medium| medium.rate);
    let is_said = |of: Option<MediumId>| of == Some(id);
    let is_of_sync = is_said(form.listening.map(|(of, _)| of)) || is_said(form.heard.as_ref().map(|(of, _)| *of));
    let is_heard = is_said(work.heard_of_several().map(|heard| heard.id));
    if form.media[n].medium.kind.is_video() && !is_heard && above.is_none() && rate == Rate::default() && !is_of_sync {
        return; // there is nothing to say
    }
    ui.horizontal_wrapped(|ui| {
        if !form.media[n].medium.kind.is_video() {
            ui.label(small("sound alone".to_owned()));
        }
        if is_heard {
            ui.label(small("heard".to_owned()));
        }
        if let Some(above) = above {
            follows_ui(&mut form.media[n], &above, work.session(), ui);
        }
        if let Some((_, percent)) = form.listening.filter(|(listening, _)| *listening == id) {
            ui.label(small(format!("listening to both, {percent} %")));
            if ui.small_button("Stop").clicked() {
                commands.push(File::StopSync);
            }
        }
        if let Some((_, heard)) = form.heard.as_ref().filter(|(heard, _)| *heard == id) {
            ui.label(small(heard.clone()));
        }
        if rate != Rate::default() {
            let parts = (rate.numerator() as f64 / rate.denominator() as f64 - 1.0) * 1e6;
            ui.label(small(format!("its clock is corrected by {parts:+.1} parts per million")));
            if ui.small_button("Leave its clock as it is").clicked() {
                form.media[n].rate = rate_text(Rate::default());
            }
        }
    });
}

/// Whether it goes on with the one above, and after how long.
fn follows_ui(form: &mut MediumForm, above: &Medium, session: &Session, ui: &mut Ui) {
    let stated = session.medium(form.medium.id).and_then(|medium| medium.follows);
    let is_seen = stated.is_none() && session.clip_before(form.medium.id).is_some_and(|clip| clip.id == above.id);
    let begins = form.typed().map(|medium| medium.session_time(Instant::ZERO));
    let after = begins.ok().zip(above.span()).map(|(begins, span)| begins - span.end());
    let text = match after.filter(|after| form.medium.follows.is_some() && after.micros() > 0) {
        Some(after) => format!("goes on with {}, {} s after its end", above.name(), after.to_secs_text()),
        None => format!("goes on with {}", above.name()),
    };
    let mut follows = form.medium.follows == Some(above.id);
    let is_touching = is_seen && after.is_some_and(span::Length::is_zero);
    let choice = ui.add_enabled(!is_touching, egui::Checkbox::new(&mut follows, text));
    if choice.on_hover_text("The next clip of one recording: both are one timeline.").changed() {
        form.medium.follows = follows.then_some(above.id);
        if let Some(span) = above.span().filter(|_| follows && after.is_some_and(|after| after.micros() < 0)) {
            form.offset = span.end().to_secs_text();
        }
    }
}

/// What there is to beware of in each video.
fn warnings_ui(work: &Work, ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    for (video, medium) in work.videos.iter().zip(&work.session().media) {
        let colour = if video.is_damaged { theme.alarm } else { theme.soft };
        for warning in &video.warnings {
            let text = format!("{}: {warning}", medium.name());
            ui.label(RichText::new(text).font(Theme::small_font()).color(colour));
        }
    }
}

fn coded_from_ui(form: &mut SetupForm, session: &Session, ui: &mut Ui) {
    ui.label(RichText::new("Coded from").font(Theme::heading_font()));
    ui.label("Marks stand on the frames of this video. It is written at the track.");
    let stay = || form.media.iter().filter(|form| !form.is_removed).map(|form| &form.medium);
    let has_video = stay().any(|medium| medium.kind.is_video());
    let choices = stay().filter(|medium| medium.kind.is_video() || !has_video);
    let names: Vec<_> = choices.map(|medium| (medium.id, medium.name().to_owned())).collect();
    Grid::new("media of the tracks").num_columns(4).spacing([10.0, 6.0]).show(ui, |ui| {
        for pair in form.coded_from.chunks_mut(2) {
            for (key, medium) in pair {
                let channel =
                    session.scheme.channel(key).map_or(key.channel.as_str(), |channel| channel.label.as_str());
                let track = format!("{} · {channel}", session.subject_name(&key.subject));
                let label = cell_ui(&track, 170.0, ui).id;
                let shown = names.iter().find(|(id, _)| id == medium).map_or("", |(_, name)| name.as_str());
                let chosen = combo_ui(("coded from", &track), shown, 170.0, ui, |ui| {
                    for (id, name) in &names {
                        ui.selectable_value(medium, *id, name);
                    }
                });
                chosen.labelled_by(label);
            }
            ui.end_row();
        }
    });
}
