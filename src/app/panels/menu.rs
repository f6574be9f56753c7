//! The menu bar: everything the program can do, with its key; the session's name; and whether all is on disk.

use egui::text::{LayoutJob, TextWrapping};
use egui::{Align, Button, Layout, Rangef, Response, RichText, Sense, Ui, vec2};
use session::TrackKey;

use crate::command::{Coding, Command, Commands, Editing, Export, File, Transport, View};
use crate::dialog::Dialog;
use crate::keymap::keys_of;
use crate::panels::video::places;
use crate::preferences::{SmallPictures, VideoLayout};
use crate::state::{Asked, State};
use crate::theme::{Theme, size};
use crate::work::{Disk, Work};

/// Height of the bar.
pub const HEIGHT: f32 = 30.0;

/// The menu bar.
pub fn menu_ui(state: &State, ui: &mut Ui, commands: &mut Commands) {
    let bar = ui.max_rect();
    egui::MenuBar::new().ui(ui, |ui| {
        ui.set_min_height(HEIGHT);
        ui.add_space(4.0);
        ui.menu_button("File", |ui| file_menu(state, ui, commands));
        ui.menu_button("Edit", |ui| edit_menu(state.work.as_ref(), ui, commands));
        ui.menu_button("Play", |ui| play_menu(state.work.as_ref(), ui, commands));
        ui.menu_button("Code", |ui| code_menu(state.work.as_ref(), ui, commands));
        ui.menu_button("View", |ui| view_menu(state, ui, commands));
        ui.menu_button("Help", |ui| help_menu(ui, commands));
        let Some(work) = &state.work else { return };
        let menus_end = ui.cursor().left();
        let right = ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(8.0);
            let theme = Theme::of(ui.ctx());
            let armed = format!("{} pass", work.armed_title());
            ui.label(RichText::new(armed).font(Theme::strong_font()).color(theme.subject(&work.armed.subject)));
            ui.add_space(8.0);
            disk_ui(work, ui, commands);
            ui.add_space(8.0);
            coder_ui(work, ui);
            ui.min_rect().left()
        });
        let is_draft = work.file.path().starts_with(state.folders.drafts());
        let title = if is_draft { format!("{} · draft", work.title()) } else { work.title() };
        title_ui(title, bar, Rangef::new(menus_end + 12.0, right.inner - 12.0), ui);
    });
}

/// In the middle of the bar, or of the room that its other parts leave; cut where that is too small.
fn title_ui(title: String, bar: egui::Rect, room: Rangef, ui: &Ui) {
    let theme = Theme::of(ui.ctx());
    let mut job = LayoutJob::simple_singleline(title, Theme::body_font(), theme.soft);
    job.wrap = TextWrapping::truncate_at_width(room.span().max(0.0));
    let galley = ui.painter().layout_job(job);
    let half = galley.size() / 2.0;
    let middle = bar.center().x.min(room.max - half.x).max(room.min + half.x);
    ui.painter().galley(egui::pos2(middle - half.x, bar.center().y - half.y), galley, theme.soft);
}

fn item(text: &str, command: impl Into<Command>, enabled: bool, ui: &mut Ui, commands: &mut Commands) -> Response {
    let command = command.into();
    let keys = keys_of(&command).unwrap_or_default();
    let response = ui.add_enabled(enabled, Button::new(text).shortcut_text(keys).min_size(vec2(210.0, 0.0)));
    if response.clicked() {
        commands.push(command);
        ui.close();
    }
    response
}

fn file_menu(state: &State, ui: &mut Ui, commands: &mut Commands) {
    let open = state.work.is_some();
    item("New session…", File::New, true, ui, commands);
    item("Open…", File::Open, true, ui, commands);
    ui.menu_button("Open recent", |ui| {
        if state.preferences.recent.is_empty() {
            ui.label("nothing yet");
        }
        for path in &state.preferences.recent {
            let name = state.preferences.name_of_recent(path, &state.folders.drafts());
            let folder = path.parent().unwrap_or(path).display().to_string();
            if ui.add(Button::new(name).shortcut_text(folder)).on_hover_text(path.display().to_string()).clicked() {
                commands.push(File::OpenPath(path.clone()));
                ui.close();
            }
        }
    });
    item("Demonstration", File::OpenDemo, true, ui, commands);
    ui.separator();
    let can_edit = state.work.as_ref().is_some_and(Work::can_edit);
    item("Add a video or sound…", File::Ask(Asked::AnotherMedium), can_edit, ui, commands);
    item("Save", File::Save, open, ui, commands);
    item("Save as…", File::SaveAs, open, ui, commands);
    let earlier = state.work.as_ref().map(|work| Dialog::Earlier(work.earlier_saves()));
    item("Earlier versions…", View::Show(earlier.unwrap_or(Dialog::Earlier(Vec::new()))), open, ui, commands);
    ui.menu_button("Export", |ui| {
        for (text, export) in [
            ("Timelines (CSV)…", Export::TimelinesCsv),
            ("Scores (CSV)…", Export::ScoresCsv),
            ("Scores (JSON)…", Export::ScoresJson),
            ("State matrix (CSV)…", Export::StateMatrix),
            ("ELAN (.eaf)…", Export::Eaf),
        ] {
            item(text, File::Export(export), open, ui, commands);
        }
    });
    item("Compare with another coder…", File::Ask(Asked::Compare), open, ui, commands);
    ui.separator();
    item("Preferences…", View::Show(Dialog::preferences(&state.preferences)), true, ui, commands);
    item("Quit", File::Quit, true, ui, commands);
}

fn edit_menu(work: Option<&Work>, ui: &mut Ui, commands: &mut Commands) {
    let can_edit = work.is_some_and(Work::can_edit);
    let label = |verb: &str, what: Option<&str>| what.map_or_else(|| verb.to_owned(), |what| format!("{verb} {what}"));
    let undo = work.and_then(|work| work.document.undo_label());
    let redo = work.and_then(|work| work.document.redo_label());
    item(&label("Undo", undo), Editing::Undo, undo.is_some() && can_edit, ui, commands);
    item(&label("Redo", redo), Editing::Redo, redo.is_some() && can_edit, ui, commands);
    ui.separator();
    let selected = work.and_then(Work::selected_mark);
    item("Split at the playhead", Editing::Split, selected.is_some() && can_edit, ui, commands);
    item("Delete", Editing::Delete, work.is_some_and(|work| work.selection.is_some()) && can_edit, ui, commands);
    if let Some(mark) = selected {
        item("Note…", View::Show(Dialog::note(mark)), can_edit, ui, commands);
    }
    ui.separator();
    item("Episode begins here", Editing::EpisodeIn, can_edit, ui, commands);
    item("Episode ends here", Editing::EpisodeOut, can_edit, ui, commands);
    if let Some(work) = work {
        item("Episodes from lengths…", View::Show(Dialog::lengths(work.playhead)), can_edit, ui, commands);
        item("Exclude a stretch…", View::Show(Dialog::exclude(work.playhead, work.whole())), can_edit, ui, commands);
        ui.separator();
        item(
            "Session, subjects, videos and sounds…",
            View::Show(Dialog::setup(work.session())),
            can_edit,
            ui,
            commands,
        );
    }
}

fn play_menu(work: Option<&Work>, ui: &mut Ui, commands: &mut Commands) {
    let open = work.is_some();
    let jump = work.map_or(span::Length::SECOND, |work| work.jump);
    item("Play or pause", Transport::PlayOrPause, open, ui, commands);
    item("Faster", Transport::Faster, open, ui, commands);
    item("Reverse", Transport::Reverse, open, ui, commands);
    ui.separator();
    item("One frame forward", Transport::Step(1), open, ui, commands);
    item("One frame back", Transport::Step(-1), open, ui, commands);
    item(&format!("Back {jump}"), Transport::Jump(-jump), open, ui, commands);
    item(&format!("Forward {jump}"), Transport::Jump(jump), open, ui, commands);
    item("Next boundary", Transport::NextBoundary, open, ui, commands);
    item("Previous boundary", Transport::PreviousBoundary, open, ui, commands);
    item("Next gap", Transport::NextGap, open, ui, commands);
    item("To the start", Transport::ToStart, open, ui, commands);
    item("To the end", Transport::ToEnd, open, ui, commands);
    item("Go to…", View::Show(Dialog::GoTo { text: String::new() }), open, ui, commands);
    ui.separator();
    item("Loop the selection", Transport::LoopSelection, open, ui, commands);
    item("Sound on or off", Transport::Mute, open, ui, commands);
    if let Some(work) = work {
        hear_ui(work, ui, commands);
    }
}

/// Which of several videos and sounds is heard.
fn hear_ui(work: &Work, ui: &mut Ui, commands: &mut Commands) {
    let Some(heard) = work.heard_of_several().map(|medium| medium.id) else { return };
    ui.separator();
    for medium in work.audible() {
        if ui.radio(medium.id == heard, format!("Hear {}", medium.name())).clicked() {
            commands.push(Transport::Hear(medium.id));
            ui.close();
        }
    }
    item("Hear the next", Transport::HearNext, true, ui, commands);
}

fn code_menu(work: Option<&Work>, ui: &mut Ui, commands: &mut Commands) {
    let can_edit = work.is_some_and(Work::can_edit);
    item("Next track", Coding::ArmNext, work.is_some(), ui, commands);
    item("Previous track", Coding::ArmPrevious, work.is_some(), ui, commands);
    item("Take back the last mark", Coding::TakeBack, can_edit, ui, commands);
    if let Some(work) = work {
        item("End the state here", Coding::End(work.stamp.clone()), can_edit, ui, commands);
        item("Coded to here", Coding::CodedToHere, can_edit, ui, commands);
        let overwrite = if work.overwrite { "Overwrite: on" } else { "Overwrite: off" };
        item(overwrite, Coding::Overwrite, can_edit, ui, commands);
        let session = work.document.session();
        let optional: Vec<_> = session.scheme.channels.iter().filter(|channel| channel.optional).collect();
        if !optional.is_empty() {
            ui.separator();
        }
        for channel in optional {
            let key: TrackKey = channel.track();
            let on = session.track(&key).is_some();
            let text = format!(
                "{}{} {}",
                if on { "Remove " } else { "Add " },
                session.subject_name(&key.subject),
                channel.label
            );
            item(&text, Editing::ToggleTrack(key), can_edit, ui, commands);
        }
    }
}

fn view_menu(state: &State, ui: &mut Ui, commands: &mut Commands) {
    let open = state.work.is_some();
    item("Closer", View::Zoom(1.5), open, ui, commands);
    item("Farther", View::Zoom(1.0 / 1.5), open, ui, commands);
    item("All of the session", View::Fit, open, ui, commands);
    let full = ui.input(|input| input.viewport().fullscreen.unwrap_or(false));
    item(if full { "Leave the full screen" } else { "Full screen" }, View::FullScreen, true, ui, commands);
    let shown = state.work.as_ref().is_some_and(|work| work.shows_scores);
    item(if shown { "Hide the scores" } else { "Show the scores" }, View::ToggleScores, open, ui, commands);
    let all = state.work.as_ref().is_some_and(|work| work.live.shows_all());
    item(if all { "Fewer scores" } else { "All scores" }, View::ToggleAllScores, open, ui, commands);
    let shown = state.preferences.has_thumbnails();
    let are_made = state.preferences.small_pictures != SmallPictures::Off;
    let text = if shown { "Hide the thumbnails" } else { "Show thumbnails" };
    let thumbnails = item(text, View::ToggleThumbnails, open && are_made, ui, commands);
    thumbnails.on_disabled_hover_text(if are_made {
        "no session is open"
    } else {
        "small pictures are off in Preferences: without them there are no thumbnails"
    });
    ui.separator();
    let layout = state.preferences.layout;
    let several = state.work.as_ref().is_some_and(|work| work.videos.len() > 1);
    for (text, choice) in [
        ("Videos side by side", VideoLayout::SideBySide),
        ("Videos below each other", VideoLayout::Stacked),
        ("The coded video large", VideoLayout::OneLarge),
    ] {
        if ui.add_enabled(several, egui::RadioButton::new(layout == choice, text)).clicked() {
            commands.push(View::Layout(choice));
            ui.close();
        }
    }
    if let Some(work) = &state.work
        && let Some((place, _)) = places(work).find(|(_, shown)| *shown == work.medium_index(&work.armed))
    {
        let apart = work.apart.contains(&place);
        let text =
            if apart { "The coded video back into the window" } else { "The coded video in a window of its own" };
        item(text, View::Apart(place), true, ui, commands);
    }
    ui.separator();
    for (text, theme) in [
        ("Dark", crate::preferences::ThemeChoice::Dark),
        ("Light", crate::preferences::ThemeChoice::Light),
        ("As the desktop", crate::preferences::ThemeChoice::System),
    ] {
        let mut preferences = state.preferences.clone();
        let on = preferences.theme == theme;
        preferences.theme = theme;
        if ui.radio(on, text).clicked() {
            commands.push(View::Preferences(Box::new(preferences)));
            ui.close();
        }
    }
}

fn help_menu(ui: &mut Ui, commands: &mut Commands) {
    item("Keys", View::Show(Dialog::Keys), true, ui, commands);
    item("What the scores mean", View::Show(Dialog::Definitions), true, ui, commands);
    item("About Attune", View::Show(Dialog::About), true, ui, commands);
}

/// "on disk", "writing", or what is wrong and the remedy.
fn disk_ui(work: &Work, ui: &mut Ui, commands: &mut Commands) {
    let theme = Theme::of(ui.ctx());
    let disk = work.disk();
    let (colour, text) = match &disk {
        Disk::OnDisk => (theme.good, "on disk".to_owned()),
        Disk::Writing => (theme.infant, "writing".to_owned()),
        Disk::ReadOnly(_) => (theme.soft, "read only".to_owned()),
        Disk::Problem(problem) => (theme.alarm, problem.clone()),
    };
    let mut job = LayoutJob::simple_singleline(text.clone(), Theme::body_font(), theme.text);
    job.wrap = TextWrapping::truncate_at_width(230.0);
    let galley = ui.painter().layout_job(job);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 14.0, 20.0), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &text));
    ui.painter().circle_filled(rect.left_center() + vec2(4.0, 0.0), 3.5, colour);
    ui.painter().galley(rect.left_center() + vec2(12.0, -galley.size().y / 2.0), galley, theme.text);
    match disk {
        Disk::ReadOnly(why) => drop(response.on_hover_text(why)),
        Disk::Problem(problem) if response.on_hover_text(&problem).clicked() => commands.push(File::SaveAs),
        _ => {}
    }
}

fn coder_ui(work: &Work, ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    let session = work.document.session();
    let role = match session.role {
        session::Role::Primary => "primary",
        session::Role::Second => "second",
        session::Role::Consensus => "consensus",
        session::Role::Gold => "gold",
        session::Role::Training => "training",
    };
    let coder = if session.coder.is_empty() { "no coder yet" } else { &session.coder };
    let galley = ui.painter().layout_no_wrap(format!("coder: {coder} · {role}"), Theme::small_font(), theme.soft);
    let (rect, _) = ui.allocate_exact_size(galley.size() + vec2(16.0, 6.0), Sense::hover());
    ui.painter().rect_filled(rect, size::ROUND * 2.0, theme.raised);
    ui.painter().galley(rect.min + vec2(8.0, 3.0), galley, theme.soft);
}
