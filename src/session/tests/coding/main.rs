//! What a coder does, from the key to the history: on small timelines that a person can read.

mod checks;
mod clips;
mod compare;
mod documents;
mod holding;
mod items;
mod keys;
mod marks;
mod media;
mod moments;
mod scores;
mod sequences;
mod timeline;
