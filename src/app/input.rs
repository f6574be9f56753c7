//! The keyboard, taken out of egui's input before egui sees it, as commands.

use std::collections::BTreeMap;

use egui::{Event, Key, Modifiers, RawInput};
use span::Length;

use crate::command::{Coding, Command, Commands, Transport, View};
use crate::keymap::{character_of, command_of};
use crate::keys::KeyLog;

/// The keyboard as it is held.
pub struct Input {
    /// What was on the screen when a key went down.
    pub keys: KeyLog,
    held: BTreeMap<Key, Option<char>>, // keys that are down, with the character of those that are the scheme's
    later: Vec<Event>,                 // what was typed behind a key that opens a dialog, until that is there
}

impl Input {
    /// No key is down.
    #[must_use]
    pub const fn new(keys: KeyLog) -> Self {
        Self { keys, held: BTreeMap::new(), later: Vec::new() }
    }

    /// Something else has the keyboard: keys that are down come up elsewhere, and what was on the screen under them is nobody's business.
    pub fn forget(&mut self) {
        self.held.clear();
        self.keys.forget();
    }

    /// Takes the program's keys and those that can be the scheme's out of the input, with the text that each would type.
    pub fn take(&mut self, raw: &mut RawInput, jump: Length, commands: &mut Commands) {
        let mut events = std::mem::take(&mut raw.events).into_iter().peekable();
        while let Some(event) = events.next() {
            let stays = match &event {
                Event::Key { key, pressed: true, modifiers, .. } => !self.down(*key, *modifiers, jump, commands),
                Event::Key { key, pressed: false, .. } => !self.up(*key, commands),
                Event::Text(_) => false, // nobody is typing
                Event::WindowFocused(false) => {
                    self.all_up(commands);
                    true
                }
                _ => true,
            };
            if stays {
                raw.events.push(event);
            } else if commands.opens_dialog() {
                events.next_if(|event| matches!(event, Event::Text(_))); // of the key itself
                self.later.extend(events.by_ref());
            }
        }
        self.keys.forget(); // each key is in the input of the redraw after it, and in no other
    }

    /// What was typed behind a key that opened a dialog comes now that it is there.
    pub fn give_later(&mut self, raw: &mut RawInput) {
        raw.events.splice(0..0, self.later.drain(..));
    }

    /// Takes the keys that came after the Escape that closes a dialog: whoever pressed them was done with it. The Escape stays, for the dialog.
    pub fn take_after_escape(&mut self, raw: &mut RawInput, jump: Length, commands: &mut Commands) {
        let is_escape = |event: &Event| matches!(event, Event::Key { key: Key::Escape, pressed: true, .. });
        let Some(place) = raw.events.iter().position(is_escape) else { return };
        let mut after = RawInput { events: raw.events.split_off(place + 1), ..RawInput::default() };
        self.take(&mut after, jump, commands);
        raw.events.append(&mut after.events);
    }

    /// A key went down. Was it ours?
    fn down(&mut self, key: Key, modifiers: Modifiers, jump: Length, commands: &mut Commands) -> bool {
        let repeats = self.held.contains_key(&key);
        if let Some(command) = command_of(key, modifiers) {
            self.held.insert(key, None);
            if !repeats || may_repeat(&command) {
                commands.push(self.completed(command, key, jump));
            }
            return true;
        }
        let Some(character) = character_of(key).filter(|_| !modifiers.command && !modifiers.alt) else { return false };
        if !repeats {
            let stamp = self.keys.stamp_of(&character.to_string(), true);
            commands.push(Coding::KeyDown { character, stamp });
            self.held.insert(key, Some(character));
        }
        true
    }

    /// A key came up. Was it ours?
    fn up(&mut self, key: Key, commands: &mut Commands) -> bool {
        let Some(held) = self.held.remove(&key) else { return false };
        if let Some(character) = held {
            let stamp = self.keys.stamp_of(&character.to_string(), false);
            commands.push(Coding::KeyUp { character, stamp });
        }
        true
    }

    /// The window lost the keyboard: no key will be seen to come up.
    fn all_up(&mut self, commands: &mut Commands) {
        for character in std::mem::take(&mut self.held).into_values().flatten() {
            commands.push(Coding::KeyUp { character, stamp: self.keys.drawing() });
        }
    }

    /// What only the moment of the key can say.
    fn completed(&self, command: Command, key: Key, jump: Length) -> Command {
        match command {
            Command::Coding(Coding::End(_)) => Coding::End(self.keys.stamp_of(&key.name().to_lowercase(), true)).into(),
            Command::Transport(Transport::Jump(by)) => {
                Transport::Jump(if by < Length::ZERO { -jump } else { jump }).into()
            }
            other => other,
        }
    }
}

/// Holding the key down goes on doing it. Keys that code never repeat.
const fn may_repeat(command: &Command) -> bool {
    matches!(command, Command::Transport(Transport::Step(_) | Transport::Jump(_)) | Command::View(View::Zoom(_)))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant as Moment};

    use super::*;
    use crate::keys::Stamp;

    fn key(key: Key, pressed: bool) -> Event {
        Event::Key { key, physical_key: None, pressed, repeat: false, modifiers: Modifiers::NONE }
    }

    /// What becomes of these events, and how many are left to egui.
    fn take(input: &mut Input, events: Vec<Event>) -> (Vec<Command>, usize) {
        let (mut raw, mut commands) = (RawInput { events, ..RawInput::default() }, Commands::default());
        input.take(&mut raw, Length::SECOND, &mut commands);
        (commands.take(), raw.events.len())
    }

    fn downs(commands: &[Command]) -> Vec<char> {
        let down = |command: &Command| match command {
            Command::Coding(Coding::KeyDown { character, .. }) => Some(*character),
            _ => None,
        };
        commands.iter().filter_map(down).collect()
    }

    #[test]
    fn a_key_held_down_codes_once() {
        let mut input = Input::new(KeyLog::default());
        let repeated = vec![key(Key::Num1, true), Event::Text("1".into()), key(Key::Num1, true), key(Key::Num1, true)];
        let (commands, left) = take(&mut input, repeated);
        assert_eq!((downs(&commands), left), (vec!['1'], 0));
        let (commands, _) = take(&mut input, vec![key(Key::Num1, false), key(Key::Num1, true)]);
        assert_eq!(downs(&commands), ['1']);
        assert!(matches!(commands[0], Command::Coding(Coding::KeyUp { .. })));
    }

    #[test]
    fn keys_of_one_redraw_keep_their_order() {
        let mut input = Input::new(KeyLog::default());
        let (commands, _) = take(&mut input, vec![key(Key::Num1, true), key(Key::Tab, true), key(Key::Num2, true)]);
        assert_eq!(downs(&commands), ['1', '2']);
        assert_eq!(commands[1], Coding::ArmNext.into());
    }

    #[test]
    fn a_key_right_behind_the_escape_that_closes_a_dialog_codes() {
        let mut input = Input::new(KeyLog::default());
        let events = vec![key(Key::Num3, true), key(Key::Escape, true), key(Key::Escape, false), key(Key::Num1, true)];
        let (mut raw, mut commands) = (RawInput { events, ..RawInput::default() }, Commands::default());
        input.take_after_escape(&mut raw, Length::SECOND, &mut commands);
        assert_eq!(downs(&commands.take()), ['1'], "what came before is the dialog's");
        assert_eq!(raw.events.len(), 3, "with the Escape itself");
    }

    #[test]
    fn what_is_typed_behind_a_key_that_opens_a_dialog_is_the_dialogs() {
        let mut input = Input::new(KeyLog::default());
        let ctrl_g =
            Event::Key { key: Key::G, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::COMMAND };
        let typed = vec![key(Key::Num3, true), Event::Text("3".into()), key(Key::Enter, true)];
        let (commands, left) = take(&mut input, [vec![key(Key::Num1, true), ctrl_g], typed.clone()].concat());
        assert_eq!((downs(&commands), left), (vec!['1'], 0), "what came before codes");
        let mut raw = RawInput { events: vec![key(Key::Num4, true)], ..RawInput::default() };
        input.give_later(&mut raw);
        assert_eq!(raw.events, [typed, vec![key(Key::Num4, true)]].concat());
    }

    #[test]
    fn losing_the_keyboard_lets_every_key_go() {
        let mut input = Input::new(KeyLog::default());
        let (commands, left) = take(&mut input, vec![key(Key::Num2, true), Event::WindowFocused(false)]);
        assert!(matches!(commands[1], Command::Coding(Coding::KeyUp { character: '2', .. })));
        assert_eq!(left, 1, "egui must know it too");
    }

    #[test]
    fn a_key_that_was_typed_elsewhere_leaves_no_stamp_behind() {
        let log = KeyLog::default();
        let mut input = Input::new(log.clone());
        let (shown, now) = (|n| Stamp { frames: vec![None; n], ..Stamp::default() }, Moment::now());
        log.draws(shown(1));
        log.redraw_returned(now);
        log.key("3", true, now + Duration::from_secs(1)); // into a dialog
        input.forget();
        log.draws(shown(2));
        log.redraw_returned(now + Duration::from_secs(2));
        log.key("3", true, now + Duration::from_secs(3));
        let (commands, _) = take(&mut input, vec![key(Key::Num3, true)]);
        assert_eq!(commands, [Coding::KeyDown { character: '3', stamp: shown(2) }.into()]);
        // nor does one that came with Ctrl
        log.key("3", true, now + Duration::from_secs(4));
        let ctrl = Event::Key {
            key: Key::Num3,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers: Modifiers::COMMAND,
        };
        take(&mut input, vec![ctrl, key(Key::Num3, false)]);
        log.draws(shown(3));
        log.redraw_returned(now + Duration::from_secs(5));
        log.key("3", true, now + Duration::from_secs(6));
        let (commands, _) = take(&mut input, vec![key(Key::Num3, true)]);
        assert_eq!(commands, [Coding::KeyDown { character: '3', stamp: shown(3) }.into()]);
    }

    #[test]
    fn keys_without_a_meaning_are_left_to_egui() {
        let mut input = Input::new(KeyLog::default());
        let (commands, left) = take(&mut input, vec![key(Key::F9, true), key(Key::F9, false)]);
        assert_eq!((commands.len(), left), (0, 2));
    }
}
