//! The program is stopped at every operation of the disk, what was not synced is dropped in part or whole, and the file is
//! opened again: nothing durable is lost, and nothing is invented.

use std::io;
use std::sync::Arc;

use session::file::{self, Disk, Existing, FileError, SessionFile};
use session::{Document, Session};

use crate::fixture::{at, beside, close_state, holder, open, open_state, path, play, session, work};
use crate::sim::{Fault, Left, SimDisk};

/// What the coder had, and what was promised to be safe.
#[derive(Default)]
struct Story {
    states: Vec<Session>, // after each step; states[0] is the session as it was made
    durable_seq: u64,
    is_made: bool,
}

impl Story {
    /// Makes the file, works, saves twice, works on, and closes. Stops at nothing: what fails, fails.
    fn live(disk: &SimDisk) -> Self {
        let disk: Arc<dyn Disk> = Arc::new(disk.clone());
        let mut document = Document::new(session());
        let mut story = Self { states: vec![document.session().clone()], ..Self::default() };
        let Ok(file) = file::create(&disk, &path(), &mut document, Existing::Refuse, holder(0)) else { return story };
        story.is_made = true;
        for n in 0..4 {
            story.step(&file, &mut document, n);
        }
        story.save(&file, &mut document, 100);
        for n in 4..7 {
            story.step(&file, &mut document, n);
        }
        // A save on another thread: its snapshot is older than what the journal holds when it ends.
        let saving = file.saving(&mut document, at(200)).expect("it is open for editing");
        story.step(&file, &mut document, 7);
        let seq = document.history().last_seq() - 1;
        if saving.run().is_ok() {
            story.durable_seq = story.durable_seq.max(seq);
        }
        for n in 8..11 {
            work(&mut document, n); // three at once
            story.states.push(document.session().clone());
        }
        for n in 11..13 {
            story.step(&file, &mut document, n);
        }
        if file.flush() {
            story.durable_seq = document.history().last_seq(); // the last step had only one try
        }
        story
    }

    fn step(&mut self, file: &SessionFile, document: &mut Document, n: u64) {
        work(document, n);
        self.states.push(document.session().clone());
        if file.flush() {
            self.durable_seq = document.history().last_seq();
        }
        assert!(file.log_state().durable_seq >= self.durable_seq);
    }

    fn save(&mut self, file: &SessionFile, document: &mut Document, seconds: i64) {
        if file.save(document, at(seconds)).is_ok() {
            self.durable_seq = document.history().last_seq();
        }
    }

    /// The disk is found as it is left: what was durable is there, and what is there was done.
    #[track_caller]
    fn check(&self, disk: &SimDisk, where_stopped: &str) {
        let shared: Arc<dyn Disk> = Arc::new(disk.clone());
        let opened = match file::open(&shared, &path(), holder(1000)) {
            Ok(opened) => opened,
            Err(FileError::NotThere(_)) if !self.is_made => return,
            Err(error) => panic!("{where_stopped}: {error}"),
        };
        let document = &opened.document;
        let seq = document.history().last_seq();
        assert!(opened.recovered.is_none(), "{where_stopped}: {:?}", opened.notices);
        assert!(seq >= self.durable_seq, "{where_stopped}: {seq} of {} durable steps", self.durable_seq);
        assert_eq!(document.session(), &self.states[seq as usize], "{where_stopped}");
        assert_eq!(document.history().prove(document.session()), Ok(()), "{where_stopped}");
        check_work_goes_on(opened, disk, where_stopped);
    }
}

/// What was found can be worked on: another step, another end without saving, another opening.
#[track_caller]
fn check_work_goes_on(mut opened: file::Opened, disk: &SimDisk, where_stopped: &str) {
    work(&mut opened.document, 20);
    assert!(opened.file.flush(), "{where_stopped}");
    let again = open(&disk.after_loss(Left::Synced));
    assert_eq!(again.document.session(), opened.document.session(), "{where_stopped}");
    assert_eq!(again.document.history(), opened.document.history(), "{where_stopped}");
}

/// What is left on the disk, in each of the ways in which it can be.
fn ways_of_loss() -> Vec<Left> {
    [Left::Synced, Left::Everything].into_iter().chain((1..=6).map(Left::Some)).collect()
}

fn operations_of_a_story() -> u64 {
    let disk = SimDisk::default();
    Story::live(&disk);
    disk.operations()
}

#[test]
fn stopped_at_any_operation_nothing_durable_is_lost_and_nothing_is_invented() {
    let operations = operations_of_a_story();
    assert!(operations > 90, "the story must be one of many operations, not {operations}");
    for stop in 0..=operations {
        let disk = SimDisk::default();
        disk.set_fault(Fault::At(stop..u64::MAX, io::ErrorKind::Other));
        let story = Story::live(&disk);
        for left in ways_of_loss() {
            story.check(&disk.after_loss(left), &format!("stopped at operation {stop} of {operations}, {left:?}"));
        }
    }
}

#[test]
fn after_any_single_failure_work_goes_on_and_is_durable_in_the_end() {
    let operations = operations_of_a_story();
    for failing in 0..operations {
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::NotFound, io::ErrorKind::Other] {
            let disk = SimDisk::default();
            disk.set_fault(Fault::At(failing..failing + 1, kind));
            let story = Story::live(&disk);
            if !story.is_made {
                continue; // and said so
            }
            let name = format!("operation {failing} failed with {kind:?}");
            assert_eq!(story.durable_seq, story.states.len() as u64 - 1, "{name}");
            for left in ways_of_loss() {
                story.check(&disk.after_loss(left), &name);
            }
        }
    }
}

#[test]
fn after_any_stretch_of_failures_work_goes_on_and_is_durable_in_the_end() {
    let operations = operations_of_a_story();
    for begin in (0..operations).step_by(3) {
        for length in [2, 5, 20] {
            let disk = SimDisk::default();
            disk.set_fault(Fault::At(begin..begin + length, io::ErrorKind::StorageFull));
            let story = Story::live(&disk);
            if story.is_made {
                let name = format!("operations {begin} to {} failed", begin + length);
                story.check(&disk.after_loss(Left::Synced), &name);
                story.check(&disk.after_loss(Left::Some(begin)), &name);
            }
        }
    }
}

#[test]
fn the_file_is_never_empty() {
    let operations = operations_of_a_story();
    for stop in 0..=operations {
        let disk = SimDisk::default();
        disk.set_fault(Fault::At(stop..u64::MAX, io::ErrorKind::Other));
        Story::live(&disk);
        for left in ways_of_loss() {
            if let Some(bytes) = disk.after_loss(left).get(&path()) {
                assert!(bytes.ends_with(b"}\n"), "stopped at operation {stop}, {left:?}: {} bytes", bytes.len());
            }
        }
    }
}

/// An open state grows while the file is saved, is closed, and another one grows. The end of the last state, and the entries, as far as they are durable.
fn live_and_grow(disk: &SimDisk) -> (Option<Document>, (u64, i64)) {
    let shared: Arc<dyn Disk> = Arc::new(disk.clone());
    let mut document = Document::new(session());
    let mut durable = (0, 0);
    let Ok(file) = file::create(&shared, &path(), &mut document, Existing::Refuse, holder(0)) else {
        return (None, durable);
    };
    let end =
        |document: &Document| document.session().tracks[0].marks.last().map_or(0, |mark| mark.when.end().micros());
    let note = |document: &mut Document, durable: &mut (u64, i64)| {
        document.flush_growth();
        if file.flush() {
            *durable = (document.history().last_seq(), end(document));
        }
    };
    for begin in [1, 11] {
        open_state(&mut document, begin as u64);
        for second in begin..begin + 4 {
            play(&mut document, second * 1_000_000 + 40_000, (second + 1) * 1_000_000 + 40_000);
            note(&mut document, &mut durable);
            if second == begin + 2 && file.save(&mut document, at(60 + second)).is_ok() {
                durable = (document.history().last_seq(), end(&document));
            }
        }
        if begin == 1 {
            close_state(&mut document, 8); // this entry holds what has grown
        }
    }
    (Some(document), durable)
}

#[test]
fn stopped_at_any_operation_no_durable_growth_is_lost_and_none_is_invented() {
    let disk = SimDisk::default();
    let (whole, _) = live_and_grow(&disk);
    let (whole, operations) = (whole.expect("nothing fails"), disk.operations());
    for stop in 0..=operations {
        let disk = SimDisk::default();
        disk.set_fault(Fault::At(stop..u64::MAX, io::ErrorKind::Other));
        let (document, (durable_seq, durable_end)) = live_and_grow(&disk);
        if document.is_none() {
            continue; // seen in the other story
        }
        for left in ways_of_loss() {
            let name = format!("stopped at operation {stop} of {operations}, {left:?}");
            let opened = open(&disk.after_loss(left)).document;
            let (seq, track) = (opened.history().last_seq(), &opened.session().tracks[0]);
            let end = track.marks.last().map_or(0, |mark| mark.when.end().micros());
            assert!((seq, end) >= (durable_seq, durable_end), "{name}: {seq}, {end} of {durable_seq}, {durable_end}");
            assert_eq!(opened.history().entries(), &whole.history().entries()[..seq as usize], "{name}");
            assert_eq!(opened.history().prove(opened.session()), Ok(()), "{name}");
            let limit = if seq <= 1 { 5_040_000 } else { 15_040_000 };
            assert!(end <= limit, "{name}: {end}");
        }
    }
}

#[test]
fn an_open_state_is_open_again_and_at_most_as_much_shorter_as_was_not_handed_to_the_log() {
    let disk = SimDisk::default();
    let shared: Arc<dyn Disk> = Arc::new(disk.clone());
    let mut document = Document::new(session());
    let file = file::create(&shared, &path(), &mut document, Existing::Refuse, holder(0)).expect("it is made");
    open_state(&mut document, 1);
    play(&mut document, 1_040_000, 3_000_000);
    document.flush_growth();
    play(&mut document, 3_000_000, 3_800_000);
    assert!(file.flush());

    let opened = open(&disk.after_loss(Left::Synced));
    let track = &opened.document.session().tracks[0];
    let state = track.open_state().expect("it is open");
    assert_eq!(state.when.end().micros(), 3_000_000);
}

#[test]
fn a_save_in_the_middle_of_an_open_state_keeps_its_growth_before_and_after() {
    let disk = SimDisk::default();
    let shared: Arc<dyn Disk> = Arc::new(disk.clone());
    let mut document = Document::new(session());
    let file = file::create(&shared, &path(), &mut document, Existing::Refuse, holder(0)).expect("it is made");
    open_state(&mut document, 1);
    play(&mut document, 1_040_000, 2_000_000);
    file.save(&mut document, at(100)).expect("it is saved");
    assert!(!file.has_changes(&document));
    play(&mut document, 2_000_000, 3_000_000);
    assert!(file.has_changes(&document));
    document.flush_growth();
    assert!(file.flush());
    let journal = disk.get(&beside("journal")).expect("there is a journal");
    assert_eq!(journal.split_inclusive(|&byte| byte == b'\n').count(), 2, "the first line and the growth");

    let opened = open(&disk.after_loss(Left::Synced));
    assert_eq!(opened.document.session(), document.session());
    assert_eq!(opened.document.history(), document.history());
}
