//! Saving: the old file is kept, another program's is not overwritten, a full disk loses nothing.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use session::file::{self, Existing, FileError, Notice, Standing};

use crate::fixture::{at, beside, holder, made, open, path, session, work};
use crate::sim::{Fault, Left};

#[test]
fn saving_keeps_what_was_there_before() {
    let (disk, sim, mut document, file) = made(2);
    let old = sim.get(&path()).expect("the file");
    work(&mut document, 2);
    file.save(&mut document, at(60)).expect("it is saved");
    assert_ne!(sim.get(&path()).expect("the file"), old);
    let versions = file.earlier_versions().expect("there are some");
    assert_eq!(versions.iter().map(|version| version.time).collect::<Vec<_>>(), [at(60), at(0)]);
    assert_eq!(sim.get(&versions[1].path).expect("the old one"), old);
    let (oldest, _) = file::read(disk.as_ref(), &versions[1].path).expect("it is a session");
    assert_eq!(oldest.history().last_seq(), 2);
}

#[test]
fn a_file_from_elsewhere_is_kept_at_the_first_save() {
    let (_, sim, ..) = made(2);
    let elsewhere = sim.get(&path()).expect("the file");
    let alone = crate::sim::SimDisk::default();
    alone.put(&path(), &elsewhere);
    let mut opened = open(&alone);
    work(&mut opened.document, 3);
    opened.file.save(&mut opened.document, at(2000)).expect("it is saved");
    let versions = opened.file.earlier_versions().expect("there are some");
    assert_eq!(versions.len(), 2);
    assert_eq!(alone.get(&versions[1].path), Some(elsewhere));
}

#[test]
fn the_last_ten_saves_are_kept() {
    let (_, _, mut document, file) = made(0);
    for n in 0..15 {
        work(&mut document, n);
        let saved = file.save(&mut document, at(60 * (n as i64 + 1))).expect("it is saved");
        assert_eq!(saved.notices, []);
    }
    let versions = file.earlier_versions().expect("there are some");
    let times: Vec<_> = versions.iter().map(|version| version.time).collect();
    assert_eq!(times, (6..=15).rev().map(|n| at(60 * n)).collect::<Vec<_>>());
}

#[test]
fn the_last_save_of_each_day_is_kept_for_30_days() {
    const DAY: i64 = 24 * 3600;
    let (_, _, mut document, file) = made(0);
    for n in 0..80 {
        work(&mut document, n);
        file.save(&mut document, at(n as i64 * DAY / 2)).expect("it is saved"); // twice a day, at 9:00 and 21:00
    }
    let versions = file.earlier_versions().expect("there are some");
    let newest = 79 * DAY / 2;
    let ages: Vec<_> =
        versions.iter().map(|version| (at(newest).as_second() - version.time.as_second()) / (DAY / 2)).collect();
    let expected: Vec<i64> = (0..10).chain((10..=60).step_by(2)).collect(); // the last ten, then each evening
    assert_eq!(ages, expected);
}

#[test]
fn saving_what_has_not_changed_makes_no_new_version() {
    let (_, sim, mut document, file) = made(2);
    let before = sim.get(&path());
    file.save(&mut document, at(60)).expect("it is saved");
    assert_eq!(sim.get(&path()), before);
    assert_eq!(file.earlier_versions().expect("there are some").len(), 1);
}

#[test]
fn a_file_that_another_program_changed_is_not_overwritten_and_a_copy_can_be_saved() {
    let (disk, sim, mut document, file) = made(2);
    work(&mut document, 2);
    assert!(file.flush());
    let theirs = [sim.get(&path()).expect("the file"), b" ".to_vec()].concat();
    sim.put(&path(), &theirs);
    let error = file.save(&mut document, at(60)).expect_err("it must be refused");
    assert!(matches!(error, FileError::ChangedOnDisk(_)), "{error}");
    assert_eq!(sim.get(&path()), Some(theirs));

    let copy = Path::new("/study/d1 copy.attune");
    let file = file::create(&disk, copy, &mut document, Existing::Refuse, holder(61)).expect("the copy is made");
    work(&mut document, 3);
    assert!(file.flush());
    assert!(sim.get(Path::new("/study/.attune/d1 copy/journal")).is_some());
}

#[test]
fn a_file_that_was_removed_is_written_again() {
    let (disk, sim, mut document, file) = made(2);
    file::Disk::remove(&sim, &path()).expect("it is there");
    work(&mut document, 2);
    file.save(&mut document, at(60)).expect("it is saved");
    assert_eq!(file::read(disk.as_ref(), &path()).expect("it is there").0.session(), document.session());
}

#[test]
fn making_a_file_does_not_overwrite_one_unless_asked_and_then_keeps_it() {
    let (disk, sim, mut document, file) = made(2);
    drop(file);
    let old = sim.get(&path());
    let mut other = session::Document::new(session());
    let error = file::create(&disk, &path(), &mut other, Existing::Refuse, holder(5)).expect_err("it must be refused");
    assert!(matches!(error, FileError::IsThere(_)), "{error}");
    assert_eq!(sim.get(&path()), old);
    work(&mut document, 2);
    let file = file::create(&disk, &path(), &mut document, Existing::Replace, holder(5)).expect("it is made");
    assert!(file.earlier_versions().expect("some").iter().any(|version| sim.get(&version.path) == old));
}

#[test]
fn save_as_over_a_file_with_a_journal_keeps_that_journal_out_of_the_new_one() {
    let (disk, sim, mut document, file) = made(0);
    work(&mut document, 0);
    assert!(file.flush());
    drop(file);
    let mut other = session::Document::new(session());
    drop(file::create(&disk, &path(), &mut other, Existing::Replace, holder(5)).expect("it is made"));
    let opened = open(&sim.after_loss(Left::Synced));
    assert_eq!(opened.document.session(), other.session());
    assert_eq!(opened.notices, []);
}

#[test]
fn a_full_disk_refuses_no_step_says_the_remedy_and_catches_up_when_there_is_room() {
    let (_, sim, mut document, file) = made(1);
    sim.set_fault(Fault::At(0..u64::MAX, io::ErrorKind::StorageFull));
    for n in 1..4 {
        work(&mut document, n);
    }
    assert!(!file.flush());
    let state = file.log_state();
    assert_eq!(state.durable_seq, 1);
    let since = state.behind_since.expect("it is behind");
    let full = "the disk is full: /study/d1.attune was not written; free some room, or save elsewhere";
    let standing = |seconds| state.standing(since + Duration::from_secs(seconds));
    assert_eq!(standing(0), Standing::Problem { sentence: full.to_owned(), save_elsewhere: false });
    assert_eq!(standing(10), Standing::Problem { sentence: full.to_owned(), save_elsewhere: true });
    let error = file.save(&mut document, at(60)).expect_err("there is no room");
    assert!(matches!(error, FileError::Disk { .. } | FileError::DiskFull(_)), "{error}");

    sim.set_fault(Fault::Never);
    assert!(file.flush());
    let state = file.log_state();
    assert_eq!((state.durable_seq, state.standing(Instant::now())), (4, Standing::OnDisk));
    assert_eq!(open(&sim.after_loss(Left::Synced)).document.session(), document.session());
}

#[test]
fn a_drive_that_was_pulled_out_is_named_and_gets_the_whole_journal_when_it_is_back() {
    let (_, sim, mut document, file) = made(1);
    work(&mut document, 1);
    assert!(file.flush());
    sim.set_fault(Fault::At(0..u64::MAX, io::ErrorKind::NotFound));
    work(&mut document, 2);
    assert!(!file.flush());
    let problem = file.log_state().problem.clone().expect("there is one");
    assert_eq!(problem, "the folder of /study/d1.attune has gone: connect its drive again, or save elsewhere");
    sim.set_fault(Fault::Never);
    file::Disk::remove(&sim, &beside("journal")).expect("it was there"); // the drive had not got it all
    assert!(file.flush());
    assert_eq!(open(&sim.after_loss(Left::Synced)).document.session(), document.session());
}

#[test]
fn more_than_a_second_behind_is_writing() {
    let now = Instant::now();
    let state = file::LogState { behind_since: Some(now), ..file::LogState::default() };
    assert_eq!(state.standing(now + Duration::from_millis(900)), Standing::OnDisk);
    assert_eq!(state.standing(now + Duration::from_millis(1100)), Standing::Writing);
}

#[test]
fn a_disk_that_writes_wrong_bytes_is_found_out_and_the_old_file_stays() {
    let (_, sim, mut document, file) = made(1);
    let old = sim.get(&path());
    work(&mut document, 1);
    assert!(file.flush());
    sim.set_rot(true);
    let error = file.save(&mut document, at(60)).expect_err("it reads back differently");
    assert!(matches!(error, FileError::ReadBack(_)), "{error}");
    assert_eq!(sim.get(&path()), old);
}

#[test]
fn a_save_that_cannot_keep_the_earlier_version_says_so_and_is_a_save() {
    let (_, sim, mut document, file) = made(1);
    work(&mut document, 1);
    assert!(file.flush());
    sim.set_unwritable(beside("saves"));
    let saved = file.save(&mut document, at(60)).expect("it is saved");
    assert!(matches!(saved.notices[..], [Notice::NotKept(_)]), "{:?}", saved.notices);
    assert_eq!(open(&sim.after_loss(Left::Synced)).document.session(), document.session());
}
