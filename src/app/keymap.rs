//! Which key does what. Transport and edit keys do the same everywhere; only digits and the scheme's letters change with the armed track.

use egui::{Key, KeyboardShortcut, Modifiers};
use span::Length;

use crate::command::{Coding, Command, Editing, File, Transport, View};
use crate::dialog::Dialog;
use crate::keys::Stamp;

/// A key, what it is called in the list of keys, and what it asks for.
pub struct Binding {
    /// The key with what is held down.
    pub shortcut: KeyboardShortcut,
    /// What it does, in the list of keys.
    pub does: &'static str,
    /// What it asks for. Jumps are scaled, and stamps filled in, when the key comes.
    pub command: Command,
}

fn bind(modifiers: Modifiers, key: Key, does: &'static str, command: impl Into<Command>) -> Binding {
    Binding { shortcut: KeyboardShortcut::new(modifiers, key), does, command: command.into() }
}

/// All keys but those of the scheme. Of two that differ by a held Shift, the one with Shift comes first.
#[must_use]
pub fn bindings() -> Vec<Binding> {
    const NONE: Modifiers = Modifiers::NONE;
    const CTRL: Modifiers = Modifiers::COMMAND;
    const SHIFT: Modifiers = Modifiers::SHIFT;
    let ctrl_shift = CTRL.plus(SHIFT);
    vec![
        bind(NONE, Key::Space, "play or pause", Transport::PlayOrPause),
        bind(NONE, Key::K, "pause", Transport::Pause),
        bind(NONE, Key::L, "play; again: twice as fast", Transport::Faster),
        bind(NONE, Key::J, "play in reverse; again: twice as fast", Transport::Reverse),
        bind(NONE, Key::Period, "one frame forward", Transport::Step(1)),
        bind(NONE, Key::Comma, "one frame back", Transport::Step(-1)),
        bind(SHIFT, Key::ArrowRight, "ten frames forward", Transport::Step(10)),
        bind(SHIFT, Key::ArrowLeft, "ten frames back", Transport::Step(-10)),
        bind(CTRL, Key::ArrowRight, "to the next boundary on this track", Transport::NextBoundary),
        bind(CTRL, Key::ArrowLeft, "to the previous boundary on this track", Transport::PreviousBoundary),
        bind(NONE, Key::ArrowRight, "forward by the jump (1 s)", Transport::Jump(Length::SECOND)),
        bind(NONE, Key::ArrowLeft, "back by the jump (1 s)", Transport::Jump(-Length::SECOND)),
        bind(CTRL, Key::Home, "to the start", Transport::ToStart),
        bind(CTRL, Key::End, "to the end", Transport::ToEnd),
        bind(CTRL, Key::U, "to the next gap on this track", Transport::NextGap),
        bind(CTRL, Key::L, "loop the selection; again: stop", Transport::LoopSelection),
        bind(ctrl_shift, Key::M, "hear the next video or sound", Transport::HearNext),
        bind(CTRL, Key::M, "sound on or off", Transport::Mute),
        bind(CTRL, Key::G, "go to a time or frame", View::Show(Dialog::GoTo { text: String::new() })),
        bind(SHIFT, Key::Tab, "code the previous track", Coding::ArmPrevious),
        bind(NONE, Key::Tab, "code the next track", Coding::ArmNext),
        bind(NONE, Key::ArrowUp, "code the previous track", Coding::ArmPrevious),
        bind(NONE, Key::ArrowDown, "code the next track", Coding::ArmNext),
        bind(NONE, Key::Enter, "the state ends before this frame", Coding::End(Stamp::default())),
        bind(NONE, Key::Backspace, "delete the selection; without one: take the last mark back", Coding::TakeBack),
        bind(NONE, Key::Delete, "delete the selection", Editing::Delete),
        bind(CTRL, Key::T, "the track has been looked at up to here", Coding::CodedToHere),
        bind(NONE, Key::F4, "overwrite on or off", Coding::Overwrite),
        bind(CTRL, Key::K, "split the selected mark at the playhead", Editing::Split),
        bind(NONE, Key::I, "an episode begins here", Editing::EpisodeIn),
        bind(NONE, Key::O, "the episode ends here", Editing::EpisodeOut),
        bind(NONE, Key::Escape, "select nothing; stop looping; leave the full screen", View::Escape),
        bind(ctrl_shift, Key::Z, "redo", Editing::Redo),
        bind(CTRL, Key::Z, "undo", Editing::Undo),
        bind(CTRL, Key::Y, "redo", Editing::Redo),
        bind(CTRL, Key::N, "new session", File::New),
        bind(CTRL, Key::O, "open", File::Open),
        bind(ctrl_shift, Key::S, "save as", File::SaveAs),
        bind(CTRL, Key::S, "save", File::Save),
        bind(CTRL, Key::Q, "quit", File::Quit),
        bind(CTRL, Key::ArrowUp, "closer", View::Zoom(1.5)),
        bind(CTRL, Key::ArrowDown, "farther", View::Zoom(1.0 / 1.5)),
        bind(CTRL, Key::Num0, "all of the session", View::Fit),
        bind(NONE, Key::F11, "full screen on or off", View::FullScreen),
        bind(SHIFT, Key::F2, "all scores, or fewer", View::ToggleAllScores),
        bind(NONE, Key::F2, "scores on or off", View::ToggleScores),
        bind(NONE, Key::F1, "what the scores mean", View::Show(Dialog::Definitions)),
        bind(CTRL, Key::Slash, "this list", View::Show(Dialog::Keys)),
    ]
}

/// What a key asks for, with just these keys held down.
#[must_use]
pub fn command_of(key: Key, modifiers: Modifiers) -> Option<Command> {
    let held = Modifiers { mac_cmd: false, ..modifiers };
    let exact = |binding: &Binding| {
        let wanted = binding.shortcut.modifiers;
        binding.shortcut.logical_key == key
            && held.shift == wanted.shift
            && held.alt == wanted.alt
            && held.command == wanted.command
    };
    bindings().into_iter().find(exact).map(|binding| binding.command)
}

/// The key of a command, as menus write it.
#[must_use]
pub fn keys_of(command: &Command) -> Option<String> {
    let same = |binding: &Binding| match (&binding.command, command) {
        (Command::Coding(Coding::End(_)), Command::Coding(Coding::End(_))) => true,
        (Command::Transport(Transport::Jump(a)), Command::Transport(Transport::Jump(b))) => {
            (*a < Length::ZERO) == (*b < Length::ZERO)
        }
        (a, b) => a == b,
    };
    bindings().into_iter().find(same).map(|binding| shortcut_text(&binding.shortcut))
}

/// A key as people write it: `Ctrl+Shift+Z`.
#[must_use]
pub fn shortcut_text(shortcut: &KeyboardShortcut) -> String {
    let mut text = String::new();
    let modifiers = shortcut.modifiers;
    for (held, name) in [(modifiers.command, "Ctrl+"), (modifiers.alt, "Alt+"), (modifiers.shift, "Shift+")] {
        if held {
            text.push_str(name);
        }
    }
    let key = match shortcut.logical_key {
        Key::Period => ".",
        Key::Comma => ",",
        Key::Slash => "/",
        Key::ArrowLeft => "←",
        Key::ArrowRight => "→",
        Key::ArrowUp => "↑",
        Key::ArrowDown => "↓",
        Key::Num0 => "0",
        other => other.name(),
    };
    text + key
}

/// The character that a key gives to the scheme: one letter, digit or other sign; `None` for keys that have names only.
#[must_use]
pub fn character_of(key: Key) -> Option<char> {
    let name = key.symbol_or_name();
    let mut characters = name.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) => Some(character.to_ascii_lowercase()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_have_one_key() {
        let bindings = bindings();
        for (n, binding) in bindings.iter().enumerate() {
            let twin = bindings[..n].iter().find(|other| other.shortcut == binding.shortcut);
            assert!(twin.is_none(), "{} is bound twice", shortcut_text(&binding.shortcut));
        }
    }

    #[test]
    fn a_held_shift_makes_another_key() {
        let ctrl = Modifiers { ctrl: true, command: true, ..Modifiers::NONE };
        assert_eq!(command_of(Key::Z, ctrl), Some(Editing::Undo.into()));
        assert_eq!(command_of(Key::Z, Modifiers { shift: true, ..ctrl }), Some(Editing::Redo.into()));
        assert_eq!(command_of(Key::Z, Modifiers::NONE), None);
    }

    #[test]
    fn menus_show_the_keys() {
        assert_eq!(keys_of(&Editing::Redo.into()).as_deref(), Some("Ctrl+Shift+Z"));
        assert_eq!(keys_of(&Transport::Step(-1).into()).as_deref(), Some(","));
        assert_eq!(keys_of(&File::OpenDemo.into()), None);
    }

    #[test]
    fn letters_and_digits_are_the_schemes() {
        assert_eq!(character_of(Key::Num1), Some('1'));
        assert_eq!(character_of(Key::W), Some('w'));
        assert_eq!(character_of(Key::Space), None);
    }
}
