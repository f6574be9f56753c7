//! The command line from outside: each verb of the built program, on good and on bad input.

mod agree;
mod care;
mod convert;
mod desk;
mod media;
mod safety;
mod score;
mod words;
