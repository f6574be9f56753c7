//! The icons of `assets/icons/Phosphor.ttf` by name; written by `assets/fonts/subset.py`.
#![allow(missing_docs, reason = "a name in Phosphor's catalogue says what the picture shows")]

pub const CARET_LEFT: &str = "\u{e138}";
pub const CARET_RIGHT: &str = "\u{e13a}";
pub const FILE_PLUS: &str = "\u{e236}";
pub const FILM_STRIP: &str = "\u{e792}";
pub const FOLDER_OPEN: &str = "\u{e256}";
pub const PAUSE: &str = "\u{e39e}";
pub const PLAY: &str = "\u{e3d0}";
pub const REPEAT: &str = "\u{e3f6}";
pub const SKIP_BACK: &str = "\u{e5a4}";
pub const SKIP_FORWARD: &str = "\u{e5a6}";
pub const SPEAKER_HIGH: &str = "\u{e44a}";
pub const SPEAKER_SLASH: &str = "\u{e45a}";
pub const X: &str = "\u{e4f6}";
