//! The assistant for a new session: videos, scheme, who codes, who is coded, and where the file goes.

use egui::{RichText, ScrollArea, Ui};
use session::{Role, Scheme};
use span::Instant;

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
    ui.label(RichText::new("Videos and sounds").font(Theme::heading_font()));
    media_ui(&mut form.media, ui);
    ui.horizontal(|ui| {
        if ui.button("Add a video or sound…").clicked() {
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

/// The files, each with where it begins; with many of them, these scroll.
fn media_ui(media: &mut Vec<NewMedium>, ui: &mut Ui) {
    const MOST: f32 = 150.0;
    let mut removed = None;
    ScrollArea::vertical().max_height(MOST).auto_shrink([false, true]).show(ui, |ui| {
        for n in 0..media.len() {
            let can_follow = n > 0 && media[n - 1].kind == media[n].kind;
            if medium_ui(&mut media[n], can_follow, ui) {
                removed = Some(n);
            }
        }
    });
    if let Some(n) = removed {
        media.remove(n);
    }
    for n in 0..media.len() {
        media[n].follows &= n > 0 && media[n - 1].kind == media[n].kind;
    }
}

/// One file. Is it to go?
fn medium_ui(medium: &mut NewMedium, can_follow: bool, ui: &mut Ui) -> bool {
    let name = medium.name();
    let is_removed = ui.horizontal(|ui| {
        let icon = if medium.kind.is_video() { icons::FILM_STRIP } else { icons::SPEAKER_HIGH };
        cell_ui(&format!("{icon}  {name}"), 220.0, ui).on_hover_text(medium.path.display().to_string());
        let (text, typed) =
            if medium.follows { ("after its end by", &mut medium.between) } else { ("begins at", &mut medium.offset) };
        cell_ui(text, 92.0, ui);
        named_field_ui(&format!("offset of {name}"), typed, 70.0, ui);
        ui.label("s");
        if can_follow {
            let follows = ui.checkbox(&mut medium.follows, "follows the one above");
            follows.on_hover_text("The next clip of one recording: it begins where the one above ends, or later.");
        }
        ui.small_button("Remove").clicked()
    });
    if !medium.problem.is_empty() {
        ui.label(RichText::new(&medium.problem).color(Theme::of(ui.ctx()).alarm));
    }
    is_removed.inner
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
    let has_video = form.media.iter().any(|medium| medium.kind.is_video());
    let choices = form.media.iter().enumerate().filter(|(_, medium)| medium.kind.is_video() || !has_video);
    let choices: Vec<(usize, String)> = choices.map(|(n, medium)| (n, medium.name())).collect();
    let Some((first, _)) = choices.first().filter(|_| choices.len() > 1) else { return };
    ui.horizontal_wrapped(|ui| {
        for subject in scheme.people() {
            let place = form.coded_from.iter().position(|(key, _)| *key == subject.key).unwrap_or_else(|| {
                form.coded_from.push((subject.key.clone(), *first));
                form.coded_from.len() - 1
            });
            let chosen = &mut form.coded_from[place].1;
            let shown = choices.iter().find(|(n, _)| n == chosen).unwrap_or(&choices[0]);
            *chosen = shown.0;
            choice_ui(&format!("{} coded from", subject.label), &shown.1, 140.0, ui, |ui| {
                for (n, name) in &choices {
                    ui.selectable_value(chosen, *n, name);
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

/// Is what was typed as its place a time? Between clips it is not below zero.
fn wrong_time(medium: &NewMedium) -> Result<(), String> {
    if !medium.follows {
        return time_of(&medium.offset).map(drop);
    }
    match time_of(&medium.between)? {
        between if between < Instant::ZERO => {
            Err(format!("{} follows the one above: it begins after it", medium.name()))
        }
        _ => Ok(()),
    }
}

fn problem(form: &NewSession) -> Option<String> {
    if form.media.is_empty() {
        Some("a session begins with a video or a sound: add one".to_owned())
    } else if form.media.iter().any(|medium| !medium.problem.is_empty()) {
        Some("a file cannot be coded: remove it".to_owned())
    } else if let Some(error) = form.media.iter().find_map(|medium| wrong_time(medium).err()) {
        Some(error)
    } else if form.name.trim().is_empty() {
        Some("a session has a name".to_owned())
    } else if form.coder.trim().is_empty() {
        Some("write who codes: every mark says so".to_owned())
    } else {
        None
    }
}
