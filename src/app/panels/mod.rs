//! The parts of the window. A panel reads the state and pushes commands; it changes nothing itself.

pub mod all_scores;
pub mod comparison;
pub mod dialogs;
pub mod menu;
pub mod mismatches;
pub mod palette;
pub mod scores;
pub mod status;
pub mod transport;
pub mod video;
pub mod welcome;
pub mod widgets;
