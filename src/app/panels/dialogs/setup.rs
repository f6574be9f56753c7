//! What the session is of: its name, its subjects, its videos and where they lie, and which of them each track is coded from.

use egui::{Button, ComboBox, Grid, RichText, TextEdit, Ui};
use session::marking::{Marks, n_marks_coded_from};
use session::{Medium, Rate, Session};
use span::{Instant, Span, counted};

use super::assistant::role_ui;
use super::forms::{accept_ui, cell_ui, field_ui, named_field_ui};
use crate::command::{Commands, Editing, File};
use crate::dialog::SetupForm;
use crate::state::State;
use crate::theme::Theme;
use crate::work::Work;

pub(super) fn setup_ui(form: &mut SetupForm, state: &State, ui: &mut Ui, commands: &mut Commands) {
    let Some(work) = &state.work else { return };
    let session = work.session();
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
    media_ui(form, session, ui, commands);
    warnings_ui(work, ui);
    if session.media.len() > 1 {
        ui.add_space(8.0);
        coded_from_ui(form, session, ui);
    }
    let setup = form.setup(session);
    let problem = setup.as_ref().err().cloned();
    if accept_ui("Keep", problem.as_deref(), !note.has_focus(), ui, commands)
        && let Ok(setup) = setup
    {
        commands.push(Editing::SetUp { setup: Box::new(setup), marks: form.marks });
    }
}

fn media_ui(form: &mut SetupForm, session: &Session, ui: &mut Ui, commands: &mut Commands) {
    ui.label(RichText::new("Videos").font(Theme::heading_font()));
    Grid::new("videos of the session").num_columns(5).spacing([10.0, 6.0]).show(ui, |ui| {
        for heading in ["File", "Written over it", "First frame at (s)", "", ""] {
            ui.label(RichText::new(heading).font(Theme::small_font()).color(Theme::of(ui.ctx()).soft));
        }
        ui.end_row();
        let mut end_before: Option<Instant> = None;
        for (n, (medium, offset)) in form.media.iter_mut().enumerate() {
            let name = medium.file_name().to_owned();
            cell_ui(&name, 180.0, ui).on_hover_text(&medium.path);
            named_field_ui(&format!("label of {name}"), &mut medium.label, 150.0, ui);
            named_field_ui(&format!("offset of {name}"), offset, 90.0, ui);
            if ui.button("Find the file…").clicked() {
                commands.push(File::Relink(medium.id));
            }
            if let Some((_, percent)) = form.listening.filter(|(id, _)| *id == medium.id) {
                ui.horizontal(|ui| {
                    ui.label(format!("listening to both, {percent} %"));
                    if ui.small_button("Stop").clicked() {
                        commands.push(File::StopSync);
                    }
                });
            } else if n > 0 {
                ui.menu_button("Place it…", |ui| {
                    if ui.button("Find by its sound").on_hover_text(BY_SOUND).clicked() {
                        commands.push(File::SyncBySound(medium.id));
                        ui.close();
                    }
                    let follows = ui.add_enabled(end_before.is_some(), Button::new("Where the one above ends"));
                    if let Some(end) = end_before
                        && follows.on_hover_text("The next clip of one recording.").clicked()
                    {
                        *offset = end.to_secs_text();
                        ui.close();
                    }
                });
            }
            let offset = crate::dialog::time_of(offset).map(|offset| offset - Instant::ZERO);
            end_before = offset.ok().and_then(|offset| Medium { offset, ..medium.clone() }.span()).map(Span::end);
            ui.end_row();
        }
    });
    clocks_ui(form, ui);
    let moved = session.media.iter().zip(&form.media).filter(|(medium, (placed, offset))| {
        let offset = crate::dialog::time_of(offset).map(|offset| offset - Instant::ZERO);
        offset.is_ok_and(|offset| offset != medium.offset || placed.rate != medium.rate)
    });
    let n_marks: usize = moved.map(|(medium, _)| n_marks_coded_from(session, medium.id)).sum();
    ui.add_enabled_ui(n_marks > 0, |ui| {
        ui.horizontal(|ui| {
            ui.label("Where a video moves on the clock:");
            let marks = if n_marks == 0 { "marks".to_owned() } else { counted(n_marks, "mark") }; // at 0 nothing has moved yet
            ui.radio_value(&mut form.marks, Marks::Move, format!("move the {marks} coded from it along"));
            ui.radio_value(&mut form.marks, Marks::Keep, "keep marks where they are");
        });
    });
}

const BY_SOUND: &str = "Compares its sound with that of the first video: both must have heard the same.";

/// What was found by sound, and which clocks run slow or fast.
fn clocks_ui(form: &mut SetupForm, ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    for (medium, _) in &mut form.media {
        let heard = form.heard.as_ref().filter(|(id, _)| *id == medium.id);
        let rate = medium.rate.numerator() as f64 / medium.rate.denominator() as f64;
        let drifts = medium.rate != Rate::default();
        if heard.is_none() && !drifts {
            continue;
        }
        ui.horizontal(|ui| {
            let small = |text: String| RichText::new(text).font(Theme::small_font()).color(theme.soft);
            let heard = heard.map(|(_, heard)| heard.clone());
            let drift =
                drifts.then(|| format!("its clock is corrected by {:+.1} parts per million", (rate - 1.0) * 1e6));
            let said: Vec<String> = heard.into_iter().chain(drift).collect();
            ui.label(small(format!("{}: {}", medium.file_name(), said.join("; "))));
            if drifts && ui.small_button("Leave its clock as it is").clicked() {
                medium.rate = Rate::default();
            }
        });
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
    let names: Vec<_> = form.media.iter().map(|(medium, _)| (medium.id, medium.name().to_owned())).collect();
    Grid::new("media of the tracks").num_columns(4).spacing([10.0, 6.0]).show(ui, |ui| {
        for pair in form.coded_from.chunks_mut(2) {
            for (key, medium) in pair {
                let channel =
                    session.scheme.channel(key).map_or(key.channel.as_str(), |channel| channel.label.as_str());
                let track = format!("{} · {channel}", session.subject_name(&key.subject));
                let label = ui.label(&track).id;
                let shown = names.iter().find(|(id, _)| id == medium).map_or("", |(_, name)| name.as_str());
                let choices = ComboBox::from_id_salt(("coded from", &track)).selected_text(shown).width(170.0);
                choices
                    .show_ui(ui, |ui| {
                        for (id, name) in &names {
                            ui.selectable_value(medium, *id, name);
                        }
                    })
                    .response
                    .labelled_by(label);
            }
            ui.end_row();
        }
    });
}
