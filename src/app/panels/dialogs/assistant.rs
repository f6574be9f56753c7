//! The assistant for a new session: videos, scheme, who codes, who is coded, and where the file goes.

use egui::{RichText, Ui};
use session::{Role, Scheme};

use super::forms::{accept_ui, cell_ui, choice_ui, field_ui, focus_once, named_field_ui};
use crate::command::{Commands, File, NewMedium, NewSession};
use crate::dialog::time_of;
use crate::icons;
use crate::state::{Asked, State};
use crate::theme::Theme;

const ROLES: [(Role, &str); 4] = [
    (Role::Primary, "primary coder"),
    (Role::Second, "second coder: the scores stay hidden"),
    (Role::Training, "in training"),
    (Role::Gold, "gold standard"),
];

pub(super) fn assistant_ui(form: &mut NewSession, state: &State, ui: &mut Ui, commands: &mut Commands) {
    let theme = Theme::of(ui.ctx());
    ui.label(RichText::new("Videos").font(Theme::heading_font()));
    let mut removed = None;
    for (n, medium) in form.media.iter_mut().enumerate() {
        ui.horizontal(|ui| {
            let name = medium.name();
            let text = format!("{}  {name}", icons::FILM_STRIP);
            cell_ui(&text, 260.0, ui).on_hover_text(medium.path.display().to_string());
            ui.label("first frame at");
            ui.add_enabled_ui(!medium.follows, |ui| {
                named_field_ui(&format!("offset of {name}"), &mut medium.offset, 70.0, ui);
            });
            ui.label("s");
            if n > 0 {
                let follows = ui.checkbox(&mut medium.follows, "follows the one above");
                follows.on_hover_text("It begins where the one above ends: the next clip of one recording.");
            }
            if ui.small_button("Remove").clicked() {
                removed = Some(n);
            }
        });
        if !medium.problem.is_empty() {
            ui.label(RichText::new(&medium.problem).color(theme.alarm));
        }
    }
    if let Some(n) = removed {
        form.media.remove(n);
        if let Some(first) = form.media.first_mut() {
            first.follows = false;
        }
    }
    ui.horizontal(|ui| {
        if ui.button("Add a video…").clicked() {
            commands.push(File::Ask(Asked::Media));
        }
        ui.label(RichText::new("the first one gives the clock").font(Theme::small_font()).color(theme.soft));
    });
    coded_from_ui(form, ui);
    ui.add_space(6.0);
    let name = field_ui("Name of the session (a pseudonym of the dyad, never a name)", &mut form.name, ui);
    ui.add_space(6.0);
    scheme_ui(form, ui);
    ui.add_space(6.0);
    let coder = field_ui("Coder (a pseudonym)", &mut form.coder, ui);
    focus_once(if form.name.is_empty() { &name } else { &coder }, ui);
    role_ui(&mut form.role, ui);
    ui.add_space(6.0);
    subjects_ui(form, ui);
    ui.add_space(6.0);
    place_ui(form, state, ui, commands);
    ui.label(RichText::new(&form.problem).color(theme.alarm));
    let problem = problem(form);
    if accept_ui("Begin", problem.as_deref(), true, ui, commands) {
        commands.push(File::Create(Box::new(form.clone())));
    }
}

/// What the coding is for.
pub(super) fn role_ui(role: &mut Role, ui: &mut Ui) {
    let shown = ROLES.iter().find(|(known, _)| known == role).map_or("consensus", |(_, text)| text);
    choice_ui("Role", shown, 280.0, ui, |ui| {
        for (known, text) in ROLES {
            ui.selectable_value(role, known, text);
        }
    });
}

/// Which video each subject is coded from: asked when there are two.
fn coded_from_ui(form: &mut NewSession, ui: &mut Ui) {
    let Some(scheme) = Scheme::named(&form.scheme).filter(|_| form.media.len() > 1) else { return };
    let names: Vec<String> = form.media.iter().map(NewMedium::name).collect();
    ui.horizontal_wrapped(|ui| {
        for subject in scheme.people() {
            let place = form.coded_from.iter().position(|(key, _)| *key == subject.key).unwrap_or_else(|| {
                form.coded_from.push((subject.key.clone(), 0));
                form.coded_from.len() - 1
            });
            let chosen = &mut form.coded_from[place].1;
            *chosen = (*chosen).min(names.len() - 1);
            choice_ui(&format!("{} coded from", subject.label), &names[*chosen], 140.0, ui, |ui| {
                for (n, name) in names.iter().enumerate() {
                    ui.selectable_value(chosen, n, name);
                }
            });
        }
    });
}

fn scheme_ui(form: &mut NewSession, ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    let schemes = Scheme::built_in();
    let chosen = schemes.iter().find(|scheme| scheme.name == form.scheme);
    let shown = chosen.map_or("", |scheme| scheme.label.as_str());
    choice_ui("Scheme", shown, 320.0, ui, |ui| {
        for scheme in &schemes {
            ui.selectable_value(&mut form.scheme, scheme.name.clone(), &scheme.label);
        }
    });
    if let Some(scheme) = chosen {
        ui.label(RichText::new(&scheme.description).font(Theme::small_font()).color(theme.soft));
    }
}

fn subjects_ui(form: &mut NewSession, ui: &mut Ui) {
    let Some(scheme) = Scheme::named(&form.scheme) else { return };
    ui.horizontal(|ui| {
        ui.label("Called");
        for subject in scheme.people() {
            let place = form.subject_names.iter().position(|(key, _)| *key == subject.key).unwrap_or_else(|| {
                form.subject_names.push((subject.key.clone(), subject.label.clone()));
                form.subject_names.len() - 1
            });
            let name = &mut form.subject_names[place].1;
            named_field_ui(&format!("name of the {}", subject.label), name, 120.0, ui);
        }
    });
}

fn place_ui(form: &NewSession, state: &State, ui: &mut Ui, commands: &mut Commands) {
    ui.horizontal(|ui| {
        let by_itself = || state.preferences.sessions_folder.as_ref().map(|folder| folder.join(form.file_name()));
        let place = form
            .path
            .clone()
            .or_else(by_itself)
            .map_or_else(|| "a draft, until it is saved elsewhere".to_owned(), |path| path.display().to_string());
        ui.label(format!("The session's file: {place}"));
        if ui.button("Choose…").clicked() {
            commands.push(File::Ask(Asked::NewSessionPlace(form.file_name())));
        }
    });
}

fn problem(form: &NewSession) -> Option<String> {
    if form.media.is_empty() {
        Some("a session begins with a video: add one".to_owned())
    } else if form.media.iter().any(|medium| !medium.problem.is_empty()) {
        Some("a file cannot be coded: remove it".to_owned())
    } else if let Some(Err(error)) = form.media.iter().map(|medium| time_of(&medium.offset)).find(Result::is_err) {
        Some(error)
    } else if form.name.trim().is_empty() {
        Some("a session has a name".to_owned())
    } else if form.coder.trim().is_empty() {
        Some("write who codes: every mark says so".to_owned())
    } else {
        None
    }
}
