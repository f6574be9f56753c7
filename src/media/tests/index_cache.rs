//! Indexes that are kept are those of the very file, or none.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on, fails")]

mod common;

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use common::{Folder, number_in, scattered};
use media::{Decoder, DecoderOptions, FrameIndex, IndexCache};

const PART: usize = 260; // repeated
const FRAMES: usize = 20 * PART;

/// A film that is worth it, its index, and an empty folder for indexes.
fn kept() -> Option<(Folder, PathBuf, FrameIndex, PathBuf)> {
    let folder = Folder::new()?;
    let part = folder.video("part.mkv", PART, "-c:v mpeg4 -g 60 -q:v 5");
    let film = folder.remade(&part, "-stream_loop 19", "-c copy", "film.mkv");
    let index = FrameIndex::read(&film).unwrap();
    let place = film.with_file_name("indexes");
    IndexCache::new(place.clone()).store(&film, &index).unwrap();
    Some((folder, film, index, place))
}

#[test]
fn an_index_that_was_kept_finds_every_frame_as_the_one_that_was_read() {
    let Some((_folder, film, index, place)) = kept() else { return };
    let found = IndexCache::new(place).load(&film).unwrap();
    assert!(found.is_complete() && found.len() == FRAMES);
    assert!(found.times().eq(index.times()));
    assert_eq!((found.end(), found.time_base()), (index.end(), index.time_base()));
    assert!((0..FRAMES).all(|frame| found.is_key(frame) == index.is_key(frame)));
    let mut decoder = Decoder::open_indexed(&film, std::sync::Arc::new(found), DecoderOptions::default()).unwrap();
    for frame in scattered(40, FRAMES) {
        assert_eq!(number_in(&decoder.frame(frame).unwrap()), frame % PART);
    }
}

#[test]
fn the_index_of_a_file_that_has_changed_is_not_used() {
    let Some((_folder, film, _, place)) = kept() else { return };
    let cache = IndexCache::new(place);
    assert!(cache.load(&film).is_some());
    let later = SystemTime::now() + Duration::from_secs(5);
    fs::File::options().append(true).open(&film).unwrap().set_modified(later).unwrap();
    assert!(cache.load(&film).is_none(), "the same bytes, written anew");
    let moved = film.with_file_name("moved.mkv");
    fs::rename(&film, &moved).unwrap();
    assert!(cache.load(&film).is_none(), "no file");
}

#[test]
fn a_damaged_index_is_thrown_away() {
    let Some((_folder, film, _, place)) = kept() else { return };
    let only = fs::read_dir(&place).unwrap().next().unwrap().unwrap().path();
    let whole = fs::read(&only).unwrap();
    for damaged in [&whole[..20], &whole[..whole.len() - 1], &[whole.clone(), vec![0]].concat()] {
        fs::write(&only, damaged).unwrap();
        assert!(IndexCache::new(place.clone()).load(&film).is_none());
    }
    assert!(!only.exists());
}

#[test]
fn the_index_of_a_short_file_is_not_worth_keeping() {
    let Some(folder) = Folder::new() else { return };
    let film = folder.video("short.mkv", 30, "-c:v mpeg4");
    let place = film.with_file_name("indexes");
    IndexCache::new(place.clone()).store(&film, &FrameIndex::read(&film).unwrap()).unwrap();
    assert!(!place.exists());
}
