//! The keyboard, taken out of egui's input before egui sees it, as commands.

use std::collections::BTreeMap;

use egui::{Event, Key, Modifiers, RawInput};
use session::Channel;
use span::Length;

use crate::command::{Coding, Command, Commands, Transport, View};
use crate::keymap::{character_of, command_of};
use crate::keys::KeyLog;

/// The keyboard as it is held.
pub struct Input {
    /// What was on the screen when a key went down.
    pub keys: KeyLog,
    held: BTreeMap<Key, Option<String>>, // keys that are down, with the code that each codes
}

impl Input {
    /// No key is down.
    #[must_use]
    pub const fn new(keys: KeyLog) -> Self {
        Self { keys, held: BTreeMap::new() }
    }

    /// Something else has the keyboard: keys that are down come up elsewhere.
    pub fn forget(&mut self) {
        self.held.clear();
    }

    /// Takes the keys that the program or the armed channel has a meaning for out of the input, with the text that each would type.
    pub fn take(
        &mut self,
        raw: &mut RawInput,
        channel: Option<&Channel>,
        jump: Option<Length>,
        commands: &mut Commands,
    ) {
        raw.events.retain(|event| match event {
            Event::Key { key, pressed: true, modifiers, .. } => !self.down(*key, *modifiers, channel, jump, commands),
            Event::Key { key, pressed: false, .. } => !self.up(*key, commands),
            Event::Text(_) => false, // nobody is typing
            Event::WindowFocused(false) => {
                self.all_up(commands);
                true
            }
            _ => true,
        });
    }

    /// A key went down. Was it ours?
    fn down(
        &mut self,
        key: Key,
        modifiers: Modifiers,
        channel: Option<&Channel>,
        jump: Option<Length>,
        commands: &mut Commands,
    ) -> bool {
        let repeats = self.held.contains_key(&key);
        if let Some(command) = command_of(key, modifiers) {
            self.held.insert(key, None);
            if !repeats || may_repeat(&command) {
                commands.push(self.completed(command, key, jump));
            }
            return true;
        }
        if modifiers.command || modifiers.alt {
            return false;
        }
        let character = character_of(key);
        let code = channel.zip(character).and_then(|(channel, character)| channel.code_of_shortcut(character));
        let (Some(code), Some(character)) = (code, character) else { return false };
        if !repeats {
            let stamp = self.keys.stamp_of(&character.to_string(), true);
            commands.push(Coding::Press { code: code.key.clone(), stamp });
            self.held.insert(key, Some(code.key.clone()));
        }
        true
    }

    /// A key came up. Was it ours?
    fn up(&mut self, key: Key, commands: &mut Commands) -> bool {
        let Some(code) = self.held.remove(&key) else { return false };
        if let (Some(code), Some(character)) = (code, character_of(key)) {
            let stamp = self.keys.stamp_of(&character.to_string(), false);
            commands.push(Coding::Release { code, stamp });
        }
        true
    }

    /// The window lost the keyboard: no key will be seen to come up.
    fn all_up(&mut self, commands: &mut Commands) {
        for code in std::mem::take(&mut self.held).into_values().flatten() {
            commands.push(Coding::Release { code, stamp: self.keys.drawing() });
        }
    }

    /// What only the moment of the key can say.
    fn completed(&self, command: Command, key: Key, jump: Option<Length>) -> Command {
        match command {
            Command::Coding(Coding::End(_)) => Coding::End(self.keys.stamp_of(&key.name().to_lowercase(), true)).into(),
            Command::Transport(Transport::Jump(by)) => {
                let jump = jump.unwrap_or(Length::SECOND);
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
    use session::Scheme;

    use super::*;

    fn key(key: Key, pressed: bool) -> Event {
        Event::Key { key, physical_key: None, pressed, repeat: false, modifiers: Modifiers::NONE }
    }

    /// What the infant's gaze channel makes of these events, and what it leaves to egui.
    fn take(input: &mut Input, events: Vec<Event>) -> (Vec<Command>, usize) {
        let scheme = Scheme::built_in().remove(0);
        let channel =
            scheme.channels.iter().find(|channel| channel.key == "gaze").expect("the default scheme codes gaze");
        let (mut raw, mut commands) = (RawInput { events, ..RawInput::default() }, Commands::default());
        input.take(&mut raw, Some(channel), None, &mut commands);
        (commands.take(), raw.events.len())
    }

    fn coded(commands: &[Command]) -> usize {
        commands.iter().filter(|command| matches!(command, Command::Coding(Coding::Press { .. }))).count()
    }

    #[test]
    fn a_key_held_down_codes_once() {
        let mut input = Input::new(KeyLog::default());
        let repeated = vec![key(Key::Num1, true), Event::Text("1".into()), key(Key::Num1, true), key(Key::Num1, true)];
        let (commands, left) = take(&mut input, repeated);
        assert_eq!((coded(&commands), left), (1, 0));
        let (commands, _) = take(&mut input, vec![key(Key::Num1, false), key(Key::Num1, true)]);
        assert_eq!(coded(&commands), 1);
        assert!(matches!(commands[0], Command::Coding(Coding::Release { .. })));
    }

    #[test]
    fn losing_the_keyboard_lets_every_key_go() {
        let mut input = Input::new(KeyLog::default());
        let (commands, left) = take(&mut input, vec![key(Key::Num2, true), Event::WindowFocused(false)]);
        assert!(matches!(commands[1], Command::Coding(Coding::Release { .. })));
        assert_eq!(left, 1, "egui must know it too");
    }

    #[test]
    fn keys_without_a_meaning_are_left_to_egui() {
        let mut input = Input::new(KeyLog::default());
        let (commands, left) = take(&mut input, vec![key(Key::F9, true), key(Key::F9, false)]);
        assert_eq!((commands.len(), left), (0, 2));
    }
}
