//! The small forms.

use std::path::{Path, PathBuf};

use egui::text::{CCursor, CCursorRange};
use egui::{Align, ComboBox, Context, Id, Key, Layout, Modifiers, RichText, TextEdit, Ui};
use session::{EpisodeKind, MarkId, MediumId};
use span::{Instant, Length};

use crate::command::{CoderAnswer, Commands, Editing, File, Transport, View};
use crate::dialog::{EarlierSave, EpisodeForm, PreferencesForm, lengths_of, span_of, time_of};
use crate::icons;
use crate::panels::widgets::icon_button_ui;
use crate::preferences::{SmallPictures, ThemeChoice, TimeFormat};
use crate::state::{Asked, State};
use crate::theme::Theme;

/// What is wrong with the form, if anything, and its buttons; true when it was accepted, by button or Enter.
pub(super) fn accept_ui(verb: &str, problem: Option<&str>, enter: bool, ui: &mut Ui, commands: &mut Commands) -> bool {
    let theme = Theme::of(ui.ctx());
    let line = ui.text_style_height(&egui::TextStyle::Body);
    let room = egui::vec2(ui.available_width(), 2.0 * line + 2.0); // of its own: what stands below does not move
    ui.allocate_ui_with_layout(room, Layout::top_down(Align::Min), |ui| {
        ui.set_min_size(room);
        ui.label(RichText::new(problem.unwrap_or_default()).color(theme.soft));
    });
    let mut accepted = false;
    let row = egui::vec2(ui.available_width(), 26.0);
    ui.allocate_ui_with_layout(row, Layout::right_to_left(Align::Center), |ui| {
        let button = egui::Button::new(RichText::new(verb).color(theme.on_accent)).fill(theme.accent);
        accepted = ui.add_enabled(problem.is_none(), button).clicked();
        if ui.button("Cancel").clicked() {
            commands.push(View::CloseDialog);
        }
    });
    let enter = enter && !egui::Popup::is_any_open(ui.ctx());
    if enter && ui.input(|input| input.key_pressed(Key::Enter)) {
        accepted |= problem.is_none();
        if let Some(field) = ui.memory(egui::Memory::focused).filter(|_| problem.is_some()) {
            select_all(field, ui.ctx()); // typing replaces what was wrong
        }
    }
    if accepted {
        commands.push(View::CloseDialog);
    }
    accepted
}

/// A field with its name before it.
pub(super) fn field_ui(name: &str, text: &mut String, ui: &mut Ui) -> egui::Response {
    let id = ui.label(name).id;
    ui.add(line_edit(text).desired_width(f32::INFINITY)).labelled_by(id)
}

/// A field of one line. It keeps the keyboard at Enter: that is for the whole form.
fn line_edit(text: &mut String) -> TextEdit<'_> {
    TextEdit::singleline(text).return_key(None)
}

/// A choice with its name before it.
pub(super) fn choice_ui<R>(name: &str, shown: &str, width: f32, ui: &mut Ui, choices: impl FnOnce(&mut Ui) -> R) {
    ui.horizontal(|ui| {
        let id = ui.label(name).id;
        combo_ui(name, shown, width, ui, choices).labelled_by(id);
    });
}

/// A choice of this width; what is chosen is cut where it is longer.
pub(super) fn combo_ui<R>(
    salt: impl egui::AsIdSalt,
    shown: &str,
    width: f32,
    ui: &mut Ui,
    choices: impl FnOnce(&mut Ui) -> R,
) -> egui::Response {
    let layout = Layout::left_to_right(Align::Center);
    let choice = ComboBox::from_id_salt(salt).selected_text(shown).width(width).truncate();
    ui.allocate_ui_with_layout(egui::vec2(width, 20.0), layout, |ui| {
        ui.set_width(width);
        choice.show_ui(ui, choices).response
    })
    .inner
}

/// A text of this width, cut where it is longer.
pub(super) fn cell_ui(text: &str, width: f32, ui: &mut Ui) -> egui::Response {
    let layout = Layout::left_to_right(Align::Center);
    ui.allocate_ui_with_layout(egui::vec2(width, 20.0), layout, |ui| {
        ui.set_width(width);
        ui.add(egui::Label::new(text).truncate())
    })
    .inner
}

/// A field of this width, in a row that says what it is; `name` is for those who cannot see the row.
pub(super) fn named_field_ui(name: &str, text: &mut String, width: f32, ui: &mut Ui) {
    let field = ui.add_sized([width, 20.0], line_edit(text));
    field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, name));
}

/// The first field of a dialog has the keyboard when the dialog opens; what stands in it is selected, so that typing replaces it.
pub(super) fn focus_once(response: &egui::Response, ui: &Ui) {
    let id = ui.scope_id().with("focused once");
    let before = ui.data(|data| data.get_temp::<u64>(id));
    let now = ui.ctx().cumulative_pass_nr();
    if before.is_none_or(|pass| pass + 2 < now) {
        response.request_focus();
        select_all(response.id, ui.ctx());
    }
    ui.data_mut(|data| data.insert_temp(id, now));
}

/// Selects all that stands in a field.
fn select_all(field: Id, ctx: &Context) {
    let mut state = TextEdit::load_state(ctx, field).unwrap_or_default();
    let all = CCursorRange::two(CCursor::new(0), CCursor::new(usize::MAX));
    state.cursor.set_char_range(Some(all));
    state.store(ctx, field);
}

pub(super) fn go_to_ui(text: &mut String, state: &State, ui: &mut Ui, commands: &mut Commands) {
    let response = field_ui("Seconds, minutes:seconds, or #frame", text, ui);
    focus_once(&response, ui);
    let target = go_to_target(text, state);
    let problem = target.as_ref().err().filter(|_| !text.is_empty());
    if accept_ui("Go", problem.map(String::as_str), true, ui, commands)
        && let Ok(time) = target
    {
        commands.push(Transport::Seek(time));
    }
}

fn go_to_target(text: &str, state: &State) -> Result<Instant, String> {
    if let Some(number) = text.trim().strip_prefix('#') {
        let work = state.work.as_ref().ok_or("no session is open")?;
        let number: usize = number.trim().parse().map_err(|_| format!("'{number}' is not the number of a frame"))?;
        return work.time_of_frame(number).ok_or_else(|| format!("the video has no frame {number}"));
    }
    let time = time_of(text).map_err(|error| format!("{error}; a frame is written #2504"))?;
    match &state.work {
        Some(work) if !work.whole().contains(time) => {
            Err(format!("the session lasts until {}", work.times.exact(work.whole().end())))
        }
        Some(work) => Ok(work.frame_shown_as(time)),
        None => Ok(time),
    }
}

/// Of a field of several lines, where Enter alone begins a line.
fn is_finished(ui: &Ui) -> bool {
    ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::Enter))
}

pub(super) fn note_ui(mark: MarkId, text: &mut String, ui: &mut Ui, commands: &mut Commands) {
    let id = ui.label("What should the next reader of this mark know? Ctrl+Enter keeps it.").id;
    let finished = is_finished(ui);
    let response = ui.add(TextEdit::multiline(text).desired_rows(4).desired_width(f32::INFINITY)).labelled_by(id);
    focus_once(&response, ui);
    if finished {
        commands.push(View::CloseDialog);
    }
    if accept_ui("Keep", None, false, ui, commands) || finished {
        commands.push(Editing::Note { mark, text: text.clone() });
    }
}

const KINDS: [(EpisodeKind, &str); 5] = [
    (EpisodeKind::Play, "play"),
    (EpisodeKind::StillFace, "still-face: the parent does not respond"),
    (EpisodeKind::Reunion, "reunion"),
    (EpisodeKind::Transition, "transition"),
    (EpisodeKind::Other, "other"),
];

pub(super) fn episode_ui(form: &mut EpisodeForm, state: &State, ui: &mut Ui, commands: &mut Commands) {
    let response = field_ui("Name", &mut form.name, ui);
    focus_once(&response, ui);
    let shown = KINDS.iter().find(|(kind, _)| *kind == form.kind).map_or("other", |(_, text)| text);
    choice_ui("Kind", shown, 250.0, ui, |ui| {
        for (kind, text) in KINDS {
            ui.selectable_value(&mut form.kind, kind, text);
        }
    });
    field_ui("Begins", &mut form.start, ui);
    field_ui("Ends", &mut form.end, ui);
    let span = form.span();
    let nameless = form.name.trim().is_empty().then(|| "an episode has a name".to_owned());
    let episodes = state.work.iter().flat_map(|work| &work.session().episodes);
    let overlaps = |other: &&session::Episode| {
        Some(other.id) != form.id && span.as_ref().is_ok_and(|span| span.intersection(other.span).is_some())
    };
    let overlapping = || episodes.clone().find(overlaps).map(|other| format!("it would overlap with {}", other.name));
    let problem = span.as_ref().err().cloned().or(nameless).or_else(overlapping);
    if accept_ui("Keep", problem.as_deref(), true, ui, commands)
        && let Ok(span) = span
    {
        let (name, kind) = (form.name.trim().to_owned(), form.kind);
        match form.id {
            Some(id) => commands.push(Editing::ChangeEpisode { id, name, kind, span }),
            None => commands.push(Editing::AddEpisode { span, name, kind }),
        }
    }
}

pub(super) fn lengths_ui(start: Instant, text: &mut String, state: &State, ui: &mut Ui, commands: &mut Commands) {
    let times = state.preferences.time_format;
    let text_above =
        format!("A name and a length on each line; Ctrl+Enter makes them. The first begins at {}.", times.exact(start));
    let id = ui.label(text_above).id;
    let finished = is_finished(ui);
    let response = ui.add(TextEdit::multiline(text).desired_rows(5).desired_width(f32::INFINITY)).labelled_by(id);
    focus_once(&response, ui);
    let there: Vec<&str> =
        state.work.iter().flat_map(|work| &work.session().episodes).map(|episode| episode.name.as_str()).collect();
    if !there.is_empty() {
        let theme = Theme::of(ui.ctx());
        ui.label(
            RichText::new(format!("They replace the episodes that are there: {}.", there.join(", ")))
                .color(theme.alarm),
        );
    }
    let lengths = lengths_of(text);
    let whole = state.work.as_ref().map(crate::work::Work::whole);
    let end = lengths.iter().flatten().fold(start, |end, (_, length)| end + *length);
    let beyond = whole.filter(|whole| end > whole.end()).map(|whole| {
        format!("they would last until {}, and the videos last until {}", times.exact(end), times.exact(whole.end()))
    });
    let problem = lengths.as_ref().err().cloned().or(beyond);
    let accepted = accept_ui("Make them", problem.as_deref(), false, ui, commands);
    if (accepted || finished && problem.is_none())
        && let Ok(lengths) = lengths
    {
        if finished {
            commands.push(View::CloseDialog);
        }
        commands.push(Editing::EpisodesFromLengths { start, lengths });
    }
}

pub(super) fn exclude_ui(
    start: &mut String,
    end: &mut String,
    reason: &mut String,
    ui: &mut Ui,
    commands: &mut Commands,
) {
    field_ui("From", start, ui);
    field_ui("To", end, ui);
    let response = field_ui("Because", reason, ui);
    focus_once(&response, ui);
    let span = span_of(start, end);
    let without = reason.trim().is_empty().then(|| "write why: the reason goes into every export".to_owned());
    let problem = span.as_ref().err().cloned().or(without);
    if accept_ui("Exclude", problem.as_deref(), true, ui, commands)
        && let Ok(span) = span
    {
        commands.push(Editing::Exclude { span, reason: reason.trim().to_owned() });
    }
}

pub(super) fn preferences_ui(form: &mut PreferencesForm, ui: &mut Ui, commands: &mut Commands) {
    let preferences = &mut form.preferences;
    ui.horizontal(|ui| {
        ui.label("Theme");
        for (choice, text) in
            [(ThemeChoice::Dark, "dark"), (ThemeChoice::Light, "light"), (ThemeChoice::System, "as the desktop")]
        {
            ui.radio_value(&mut preferences.theme, choice, text);
        }
    });
    ui.horizontal(|ui| {
        let id = ui.label("Size of everything").id;
        ui.add(egui::Slider::new(&mut preferences.scale, 0.75..=2.0).step_by(0.05)).labelled_by(id);
    });
    ui.horizontal(|ui| {
        ui.label("Times as");
        ui.radio_value(&mut preferences.time_format, TimeFormat::Clock, "00:01:23.467");
        ui.radio_value(&mut preferences.time_format, TimeFormat::Seconds, "83.467 s");
    });
    ui.label("A small picture of each frame, there at once while you drag or step");
    ui.horizontal(|ui| {
        for (choice, text, hint) in [
            (SmallPictures::Off, "none", "a frame that is not decoded takes its time"),
            (
                SmallPictures::InMemory,
                "in memory",
                "gone when the session is closed: nothing of a person lies on the disk",
            ),
            (SmallPictures::OnDisk, "kept on disk", "in files that only you can read; another choice deletes them"),
        ] {
            ui.radio_value(&mut preferences.small_pictures, choice, text).on_hover_text(hint);
        }
    });
    field_ui("Your coder's pseudonym, for new sessions", &mut preferences.coder, ui);
    field_ui(
        "Your reaction time in milliseconds, subtracted from keys while playing (0: not measured)",
        &mut form.reaction_ms,
        ui,
    );
    field_ui("The arrow keys jump by (seconds)", &mut form.jump_s, ui);
    let folder = preferences.sessions_folder.as_ref().map_or_else(
        || "where the assistant is told, first beside the video".to_owned(),
        |folder| folder.display().to_string(),
    );
    ui.horizontal(|ui| {
        ui.label(format!("New sessions go: {folder}"));
        if ui.button("Choose…").clicked() {
            commands.push(File::Ask(Asked::SessionsFolder));
        }
        if preferences.sessions_folder.is_some() && ui.button("Ask each time").clicked() {
            preferences.sessions_folder = None;
        }
    });
    video_folders_ui(&mut preferences.video_folders, ui, commands);
    let reaction = form.reaction_ms.trim().parse::<i64>().ok().filter(|millis| (0..=2_000).contains(millis));
    let jump = form.jump_s.parse::<Length>().ok().filter(|jump| *jump > Length::ZERO);
    let problem = match (reaction, jump) {
        (None, _) => Some("a reaction time is a whole number from 0 to 2000"),
        (_, None) => Some("a jump has some length: 1 or 0.5"),
        _ => None,
    };
    if accept_ui("Keep", problem, true, ui, commands)
        && let (Some(reaction), Some(jump)) = (reaction, jump)
    {
        let preferences =
            crate::preferences::Preferences { reaction: Length::from_millis(reaction), jump, ..preferences.clone() };
        commands.push(View::Preferences(Box::new(preferences)));
    }
}

/// The folders in which videos are searched for, each with a way to leave it out.
fn video_folders_ui(folders: &mut Vec<PathBuf>, ui: &mut Ui, commands: &mut Commands) {
    ui.horizontal(|ui| {
        ui.label("Videos that have moved are also searched for in");
        if ui.button("Add a folder…").clicked() {
            commands.push(File::Ask(Asked::VideoFolder));
        }
    });
    folders.retain(|folder| {
        let row = ui.horizontal(|ui| {
            ui.add_space(12.0);
            let leaves_out = icon_button_ui(icons::X, &format!("Do not search in {}", folder.display()), ui).clicked();
            ui.label(folder.display().to_string());
            !leaves_out
        });
        row.inner
    });
}

pub(super) fn earlier_ui(saves: &[EarlierSave], ui: &mut Ui, commands: &mut Commands) {
    if saves.is_empty() {
        ui.label("None yet: each save keeps the one before it.");
    }
    egui::ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
        for save in saves {
            ui.horizontal(|ui| {
                ui.label(&save.label);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if ui.button("Open as a copy").clicked() {
                        commands.push(File::OpenEarlier(save.path.clone()));
                        commands.push(View::CloseDialog);
                    }
                });
            });
        }
    });
}

pub(super) fn other_coder_ui(coder: &str, state: &State, ui: &mut Ui, commands: &mut Commands) {
    let me = if state.preferences.coder.is_empty() { "somebody else" } else { &state.preferences.coder };
    ui.label(format!("This session was coded by {coder}. You are {me}."));
    ui.add_space(8.0);
    for (text, hint, answer) in [
        ("Read it", "look, and change nothing", CoderAnswer::Read),
        ("Code on as its coder", "the marks go on under that name", CoderAnswer::ContinueAsThem),
        ("Begin my own", "the same videos, scheme and episodes, without marks", CoderAnswer::DuplicateWithoutMarks),
    ] {
        ui.horizontal(|ui| {
            if ui.add(egui::Button::new(text).min_size(egui::vec2(160.0, 26.0))).clicked() {
                commands.push(File::AnswerCoder(answer));
            }
            ui.label(RichText::new(hint).color(Theme::of(ui.ctx()).soft));
        });
    }
}

pub(super) fn path_ui(asked: &Asked, text: &mut String, ui: &mut Ui, commands: &mut Commands) {
    ui.label("This desktop shows no file dialogs: they come with xdg-desktop-portal, or with zenity.");
    let response = field_ui("Write the whole path", text, ui);
    focus_once(&response, ui);
    let problem = (text.trim().is_empty() || text.ends_with('/')).then_some("the path ends with a name");
    let problem = problem.filter(|_| !matches!(asked, Asked::SessionsFolder | Asked::VideoFolder));
    let verb = match asked {
        Asked::Open => "Open",
        Asked::Media | Asked::AnotherMedium => "Add",
        Asked::Compare => "Compare",
        Asked::SaveAs => "Save",
        Asked::Export(_) => "Export",
        Asked::NewSessionPlace(_) | Asked::SessionsFolder | Asked::VideoFolder | Asked::Relink(_) => "Use it",
    };
    if accept_ui(verb, problem, true, ui, commands) {
        commands.push(File::Written(asked.clone(), PathBuf::from(text.trim())));
    }
}

pub(super) fn other_file_ui(id: MediumId, path: &Path, ui: &mut Ui, commands: &mut Commands) {
    ui.label(format!("{} is not the file that was coded: its length or its contents differ.", path.display()));
    ui.add_space(6.0);
    ui.label("If it is the same recording (converted, cut or copied anew), its frames may lie elsewhere: the marks stay at their times.");
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        let theme = Theme::of(ui.ctx());
        let safe = RichText::new("Find another file…").color(theme.on_accent);
        if ui.add(egui::Button::new(safe).fill(theme.accent)).clicked() {
            commands.push(View::CloseDialog);
            commands.push(File::Relink(id));
        }
        if ui.button("Use it all the same").clicked() {
            commands.push(View::CloseDialog);
            commands.push(File::RelinkAllTheSame(id, path.to_owned()));
        }
        if ui.button("Cancel").clicked() {
            commands.push(View::CloseDialog);
        }
    });
}

pub(super) fn damaged_ui(path: &Path, message: &str, ui: &mut Ui, commands: &mut Commands) {
    ui.label(message);
    ui.add_space(6.0);
    ui.label("Attune can make a session of its journal, of its earlier versions, or of what is left of it: a copy beside it. The file itself stays as it is.");
    if accept_ui("Recover what is left", None, true, ui, commands) {
        commands.push(File::Recover(path.to_owned()));
    }
}

pub(super) fn crashed_ui(report: &Path, session: Option<&PathBuf>, ui: &mut Ui, commands: &mut Commands) {
    ui.label("Attune stopped unexpectedly last time. What was marked until then is in the session's journal.");
    ui.add_space(6.0);
    ui.label(
        RichText::new(format!("What happened is written in {}", report.display())).color(Theme::of(ui.ctx()).soft),
    );
    match session {
        Some(path) => {
            ui.add_space(6.0);
            ui.label(format!("Open then: {}", path.display()));
            if accept_ui("Recover the session", None, true, ui, commands) {
                commands.push(File::OpenPath(path.clone()));
            }
        }
        None => {
            if accept_ui("Go on", None, true, ui, commands) {
                commands.push(View::CloseDialog);
            }
        }
    }
}

pub(super) fn recovered_ui(message: &str, ui: &mut Ui, commands: &mut Commands) {
    ui.label(message);
    if accept_ui("Open as a recovered copy", None, false, ui, commands) {
        commands.push(File::OpenRecovered);
    }
}
