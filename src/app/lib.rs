//! The program: its window, its commands and its command line.
//!
//! `state` is all that is shown; `panels` and `timeline` draw it and push `command`s; `perform` carries them out; `keys` knows which picture was on
//! the screen when a key went down. Only here is egui known.

pub mod agreement_text;
pub mod app;
pub mod awake;
pub mod canvas;
pub mod cli;
pub mod command;
pub mod comparing;
pub mod crash;
pub mod demo;
pub mod dialog;
pub mod examine;
pub mod folders;
pub mod graphics;
pub mod icons;
pub mod input;
pub mod jobs;
pub mod json_text;
pub mod keymap;
pub mod keys;
pub mod live_scores;
pub mod look;
pub mod panels;
mod perform;
pub mod preferences;
pub mod rate_text;
pub mod score_text;
pub mod services;
pub mod signals;
pub mod speed;
pub mod state;
pub mod theme;
pub mod thumbnails;
pub mod timeline;
pub mod trace;
pub mod window;
pub mod work;
