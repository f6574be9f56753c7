//! Opening: journals that fit, that are torn, broken or of another file; locks; bad files.

use std::io;
use std::path::Path;
use std::sync::Arc;

use session::file::{self, Damage, Disk, FileError, Holder, Notice, Opened};
use session::{Change, Document, Edit, Entry, Item, Mark, MarkId, Session, Stamp, When};
use span::Span;

use crate::fixture::{at, beside, gaze, holder, made, open, path, work};
use crate::sim::{Fault, Left, Locks, SimDisk};

/// A disk on which two steps are in the file and three in the journal only; and the session after each step.
fn killed_after_five_steps() -> (SimDisk, Vec<Session>) {
    let (_, sim, mut document, file) = made(0);
    let mut states = vec![document.session().clone()];
    for n in 0..5 {
        if n == 2 {
            file.save(&mut document, at(50)).expect("it is saved");
        }
        work(&mut document, n);
        states.push(document.session().clone());
    }
    assert!(file.flush());
    (sim.after_loss(Left::Synced), states)
}

fn change_journal(disk: &SimDisk, change: impl FnOnce(&mut String)) {
    let mut journal = String::from_utf8(disk.get(&beside("journal")).expect("there is a journal")).expect("text");
    change(&mut journal);
    disk.put(&beside("journal"), journal.as_bytes());
}

/// Opening shows the file as it is, keeps the journal aside, and offers what can be had from it.
#[track_caller]
fn check_set_aside(disk: &SimDisk, states: &[Session], recovered_seq: Option<usize>) -> Opened {
    let journal = disk.get(&beside("journal"));
    let opened = open(disk);
    assert_eq!(opened.document.session(), &states[2]);
    let aside = opened.notices.iter().find_map(|notice| match notice {
        Notice::SetAside { journal, .. } => Some(journal.clone()),
        _ => None,
    });
    assert_eq!(disk.get(&aside.expect("it says so")), journal);
    assert_eq!(disk.get(&beside("journal")), None);
    let recovered = opened.recovered.as_ref().map(|recovered| recovered.document.session());
    assert_eq!(recovered, recovered_seq.map(|seq| &states[seq]));
    opened
}

#[test]
fn what_was_not_saved_comes_back_from_the_journal() {
    let (disk, states) = killed_after_five_steps();
    let opened = open(&disk);
    assert_eq!(opened.document.session(), &states[5]);
    assert_eq!(opened.notices, [Notice::Replayed(3)]);
    assert_eq!(opened.file.unsaved_entries(&opened.document), 3);
    assert!(opened.file.has_changes(&opened.document));
}

#[test]
fn a_torn_last_line_is_dropped_and_said_and_work_goes_on_behind_it() {
    let (disk, states) = killed_after_five_steps();
    change_journal(&disk, |journal| journal.truncate(journal.len() - 20));
    let mut opened = open(&disk);
    assert_eq!(opened.document.session(), &states[4]);
    assert_eq!(opened.notices, [Notice::Replayed(2), Notice::Torn]);
    work(&mut opened.document, 10);
    assert!(opened.file.flush());
    let again = open(&disk.after_loss(Left::Synced));
    assert_eq!(again.document.session(), opened.document.session());
    assert_eq!(again.notices, [Notice::Replayed(3)]);
}

#[test]
fn a_last_line_without_its_line_break_is_torn() {
    let (disk, states) = killed_after_five_steps();
    change_journal(&disk, |journal| journal.truncate(journal.len() - 1));
    assert_eq!(open(&disk).document.session(), &states[4]);
}

#[test]
fn a_line_that_cannot_be_read_before_the_last_replays_nothing_and_offers_a_copy() {
    let (disk, states) = killed_after_five_steps();
    change_journal(&disk, |journal| {
        let second_step = journal.match_indices('\n').nth(1).expect("a line").0 + 5;
        journal.replace_range(second_step..=second_step, "\u{0}");
    });
    check_set_aside(&disk, &states, Some(3));
}

#[test]
fn a_break_in_the_chain_replays_nothing_and_offers_a_copy() {
    let (disk, states) = killed_after_five_steps();
    change_journal(&disk, |journal| *journal = journal.replace("code 2", "code X")); // the next entry's `prev` tells
    let opened = open(&disk);
    assert_eq!(opened.document.session(), &states[2]);
    let recovered = opened.recovered.expect("a copy is offered");
    assert_eq!(recovered.document.history().last_seq(), 3);
}

#[test]
fn a_journal_of_a_version_that_was_replaced_offers_a_copy_of_that_version() {
    let (disk, states) = killed_after_five_steps();
    let text = String::from_utf8(disk.get(&path()).expect("the file")).expect("text");
    let first_version = {
        let (_, sim, ..) = made(0);
        sim.get(&path()).expect("the file")
    };
    assert_ne!(text.as_bytes(), first_version);
    disk.put(&path(), &first_version); // somebody brings an older file back
    let opened = open(&disk);
    assert_eq!(opened.document.session(), &states[0]);
    assert!(matches!(opened.notices[..], [Notice::SetAside { .. }]), "{:?}", opened.notices);
    let recovered = opened.recovered.expect("a copy is offered");
    assert_eq!(recovered.document.session(), &states[5]);
}

#[test]
fn a_journal_of_a_file_that_was_changed_by_hand_offers_the_steps_that_fit() {
    let (disk, _) = killed_after_five_steps();
    for kept in disk.names().into_iter().filter(|path| path.starts_with(beside("saves"))) {
        disk.put(&kept, b"");
    }
    let text = String::from_utf8(disk.get(&path()).expect("the file")).expect("text");
    disk.put(
        &path(),
        text.replacen("\"note\"", "", 0).replacen("\"name\": \"d1\"", "\"name\": \"by hand\"", 1).as_bytes(),
    );
    let opened = open(&disk);
    assert_eq!(opened.document.session().name, "by hand");
    assert_eq!(opened.document.session().n_marks(), 2);
    let recovered = opened.recovered.expect("a copy is offered");
    assert_eq!(recovered.document.session().name, "by hand");
    assert_eq!(recovered.document.history().last_seq(), 5);
}

#[test]
fn a_journal_of_another_session_is_set_aside() {
    let (disk, states) = killed_after_five_steps();
    change_journal(&disk, |journal| {
        *journal = journal.replace("0123456789abcdef0123456789abcdef", "00000000000000000000000000000000");
    });
    check_set_aside(&disk, &states, None);
}

#[test]
fn a_journal_whose_steps_are_all_in_the_file_is_of_no_account() {
    let (_, sim, mut document, file) = made(2);
    work(&mut document, 2);
    assert!(file.flush());
    let old_journal = sim.get(&beside("journal")).expect("a journal");
    file.save(&mut document, at(50)).expect("it is saved");
    sim.put(&beside("journal"), &old_journal);
    drop(file);
    let opened = open(&sim);
    assert_eq!(opened.document.session(), document.session());
    assert_eq!(opened.notices, []);
    assert!(opened.recovered.is_none());
}

#[test]
fn reading_sees_the_journal_and_changes_nothing() {
    let (disk, states) = killed_after_five_steps();
    change_journal(&disk, |journal| journal.push_str("torn"));
    let before: Vec<_> = disk.names().into_iter().map(|name| (disk.get(&name), name)).collect();
    let (document, notices) = file::read(&disk, &path()).expect("it can be read");
    assert_eq!(document.session(), &states[5]);
    assert_eq!(notices, [Notice::Replayed(3), Notice::Torn]);
    let after: Vec<_> = disk.names().into_iter().map(|name| (disk.get(&name), name)).collect();
    assert_eq!(before, after);
}

#[test]
fn a_session_that_somebody_has_open_is_opened_for_reading_only_and_says_who_has_it() {
    let (_, sim, mut document, _file) = made(3);
    sim.set_locks(Locks::Taken);
    let mut opened = open(&sim);
    assert_eq!(opened.document.session(), document.session());
    let why = opened.file.read_only().expect("reading only").to_owned();
    assert!(why.starts_with("C1 has it open on laptop since 2026-11-24 "), "{why}");
    let error = opened.file.save(&mut opened.document, at(10)).expect_err("it must not be saved");
    assert!(matches!(error, FileError::ReadOnly { .. }), "{error}");
    work(&mut document, 3);
}

#[test]
fn without_locks_a_heartbeat_keeps_others_out_until_it_stops() {
    let (disk, sim, ..) = made(1);
    sim.set_locks(Locks::None);
    let theirs = Holder { process: 7, ..holder(0) };
    let first = file::open(&disk, &path(), theirs).expect("it opens");
    assert_eq!(first.file.read_only(), None);
    let holder_file = sim.get(&beside("holder")).expect("who has it");

    let at_once = file::open(&disk, &path(), holder(59)).expect("it opens");
    assert!(at_once.file.read_only().is_some());
    drop(first);
    sim.put(&beside("holder"), &holder_file); // as if the program had been killed
    let too_soon = file::open(&disk, &path(), holder(59)).expect("it opens");
    assert!(too_soon.file.read_only().is_some());
    let later = file::open(&disk, &path(), holder(61)).expect("it opens");
    assert_eq!(later.file.read_only(), None);
}

#[test]
fn a_laptop_that_slept_while_somebody_took_over_writes_no_longer_into_their_journal() {
    let (disk, sim, ..) = made(1);
    sim.set_locks(Locks::None);
    let mut ours = file::open(&disk, &path(), holder(0)).expect("it opens");
    let theirs = Holder { process: 7, coder: "C2".to_owned(), ..holder(100) };
    let mut theirs = file::open(&disk, &path(), theirs).expect("it opens");
    work(&mut theirs.document, 1);
    assert!(theirs.file.flush());
    work(&mut ours.document, 2);
    assert!(!ours.file.flush());
    let problem = ours.file.log_state().problem.clone().expect("there is one");
    assert!(problem.starts_with("C2 has it open on laptop") && problem.ends_with("save a copy here"), "{problem}");
    assert_eq!(open(&sim.after_loss(Left::Synced)).document.session(), theirs.document.session());
}

#[test]
fn a_renamed_file_finds_its_journal_under_the_old_name() {
    let (disk, states) = killed_after_five_steps();
    let new_path = Path::new("/study/dyad 1.attune");
    Disk::rename(&disk, &path(), new_path).expect("it is there");
    let shared: Arc<dyn Disk> = Arc::new(disk.clone());
    let mut opened = file::open(&shared, new_path, holder(0)).expect("it opens");
    assert_eq!(opened.document.session(), &states[5]);
    assert_eq!(opened.notices, [Notice::Replayed(3)]);
    work(&mut opened.document, 10);
    assert!(opened.file.flush());
    let after: Arc<dyn Disk> = Arc::new(disk.after_loss(Left::Everything));
    let again = file::open(&after, new_path, holder(0)).expect("it opens");
    assert_eq!(again.document.session(), opened.document.session());
}

#[test]
fn a_step_under_way_when_the_program_was_killed_is_a_step_when_it_opens_again() {
    let (_, sim, mut document, file) = made(0);
    for (n, end) in [(0, 2_000_000), (1, 3_000_000)] {
        let stamp = Stamp { time: at(n), who: "C1".to_owned() };
        let drag = |_: &Session, _| {
            let span = Span::from_micros(1_000_000, end).expect("a span");
            let mark = Mark::new(MarkId(100), "partner", When::State { span, open: false });
            Ok::<_, session::EditError>(Edit::one("drag", Change::Insert(Item::Mark { track: gaze(), mark })))
        };
        document.revise(stamp, drag).expect("it fits");
        document.flush_growth();
    }
    assert!(file.flush());
    let opened = open(&sim.after_loss(Left::Synced));
    assert_eq!(opened.document.session(), document.session());
    assert_eq!(opened.document.history().last_seq(), 1);
    assert!(opened.file.flush());
    let again = open(&sim.after_loss(Left::Synced));
    assert_eq!(again.document.session(), document.session());
}

#[test]
fn a_closed_session_is_held_by_nobody() {
    let (_, sim, _, file) = made(1);
    assert!(sim.get(&beside("holder")).is_some());
    drop(file);
    assert_eq!(sim.get(&beside("holder")), None);
}

#[test]
fn what_is_no_session_is_refused_and_nothing_is_made_beside_it() {
    let check = |bytes: &[u8], expected: &str| {
        let sim = SimDisk::default();
        sim.put(&path(), bytes);
        let disk: Arc<dyn Disk> = Arc::new(sim.clone());
        let error = file::open(&disk, &path(), holder(0)).expect_err("it must be refused").to_string();
        assert!(error.contains(expected), "{error}");
        assert!(error.starts_with("/study/d1.attune "), "{error}");
        assert_eq!(sim.names(), [path()]);
    };
    check(b"", "is empty; 'attune recover");
    check(b" \n", "is empty");
    check(&[0; 512], "is empty");
    check(b"not json", "cannot be read at line 1, column 2");
    check(b"[1, 2]", "is not an Attune session: it is JSON, but no object");
    check(b"{}", "is not an Attune session: it has no field \"schema\"");
    check(br#"{"schema": "other/1"}"#, "is not an Attune session: its schema is 'other/1'");
    check(br#"{"schema": "attune.session/0"}"#, "is not an Attune session");
    check(
        br#"{"schema": "attune.session/1"}"#,
        "that a session cannot hold: the field 'session' is missing; 'attune recover",
    );
    check(
        br#"{"schema": "attune.session/2", "written_by": "Attune 3.1.0", "session": 1}"#,
        "is in the format attune.session/2, and this is Attune 0.1.0, which knows attune.session/1: install Attune 3.1.0 or later",
    );
    check(br#"{"schema": "attune.session/2"}"#, "install a version of Attune that knows attune.session/2");
}

#[test]
fn a_file_that_is_not_there_is_said_to_be_not_there() {
    let disk: Arc<dyn Disk> = Arc::new(SimDisk::default());
    let error = file::open(&disk, &path(), holder(0)).expect_err("it is not there").to_string();
    assert_eq!(
        error,
        "/study/d1.attune is not there: it may have been moved or renamed, or its drive is not connected"
    );
}

#[test]
fn a_session_that_breaks_a_rule_says_which() {
    let (_, sim, ..) = made(2);
    let text = String::from_utf8(sim.get(&path()).expect("the file")).expect("text");
    sim.put(&path(), text.replacen("[1000000,2000000]", "[500000,2000000]", 1).as_bytes());
    let disk: Arc<dyn Disk> = Arc::new(sim);
    let error = file::open(&disk, &path(), holder(0)).expect_err("it must be refused").to_string();
    assert!(error.contains("marks m100 and m101 of infant.gaze overlap"), "{error}");
}

#[test]
fn a_history_that_was_changed_is_said_and_proved_to_be() {
    let (disk, sim, document, _) = made(4);
    let proof = file::verify(disk.as_ref(), &path()).expect("it can be read");
    assert_eq!(proof.broken, None);
    assert_eq!((proof.entries, proof.head.as_str()), (4, document.history().head_hash()));

    let text = String::from_utf8(sim.get(&path()).expect("the file")).expect("text");
    sim.put(&path(), text.replacen("\"label\":\"code 1\"", "\"label\":\"code 9\"", 1).as_bytes());
    let proof = file::verify(disk.as_ref(), &path()).expect("it can be read");
    assert_eq!(
        proof.broken.expect("it is not whole").to_string().split(':').next(),
        Some("entry 3 does not continue the entry before it")
    );
    let opened = open(&sim);
    assert!(matches!(opened.notices[..], [Notice::NotWhole(_)]), "{:?}", opened.notices);
}

#[test]
fn a_state_that_the_history_does_not_give_is_proved_to_be_another() {
    let (disk, sim, ..) = made(2);
    let text = String::from_utf8(sim.get(&path()).expect("the file")).expect("text");
    sim.put(&path(), text.replacen(r#""code":"away""#, r#""code":"partner""#, 1).as_bytes());
    let proof = file::verify(disk.as_ref(), &path()).expect("it can be read");
    assert_eq!(proof.broken, Some(session::HistoryError::OtherSession));
}

#[test]
fn a_folder_that_must_not_be_written_opens_for_reading_only_and_says_the_remedy() {
    let (_, sim, ..) = made(1);
    let disk = sim.after_loss(Left::Everything);
    disk.set_fault(Fault::At(2..u64::MAX, io::ErrorKind::PermissionDenied)); // the file and the journal can be read
    let shared: Arc<dyn Disk> = Arc::new(disk);
    let opened = file::open(&shared, &path(), holder(0)).expect("it opens");
    let why = opened.file.read_only().expect("reading only");
    assert_eq!(why, "this user may not write in /study; save the session in a folder of your own to work on it");
}

#[test]
fn a_journal_that_must_not_be_read_is_not_written_over() {
    let (disk, states) = killed_after_five_steps();
    let journal = disk.get(&beside("journal"));
    disk.set_fault(Fault::At(1..2, io::ErrorKind::PermissionDenied)); // the file is read first, then the journal
    let opened = open(&disk);
    assert_eq!(opened.document.session(), &states[2]);
    assert!(opened.file.read_only().is_some_and(|why| why.starts_with("its journal may not be read")));
    assert_eq!(disk.get(&beside("journal")), journal);
}

/// The best of what is left.
#[track_caller]
fn check_recovered(disk: &SimDisk, expected: &Session, from: Option<&Path>) -> Document {
    let recovered = file::recover(disk, &path()).expect("something can be recovered");
    assert_eq!(recovered.document.session(), expected);
    let source = recovered.notices.iter().find_map(|notice| match notice {
        Notice::RecoveredFrom(path) => Some(path.as_path()),
        _ => None,
    });
    if let Some(from) = from {
        assert_eq!(source, Some(from));
    }
    assert_eq!(recovered.document.history().prove(recovered.document.session()), Ok(()));
    recovered.document
}

#[test]
fn a_sound_file_recovers_with_its_journal() {
    let (disk, states) = killed_after_five_steps();
    check_recovered(&disk, &states[5], Some(&path()));
}

#[test]
fn an_empty_or_cut_file_recovers_whole_from_the_save_that_was_kept_and_the_journal() {
    let (disk, states) = killed_after_five_steps();
    let whole = disk.get(&path()).expect("the file");
    for len in [0, 1, whole.len() / 2, whole.len() - 2] {
        disk.put(&path(), &whole[..len]);
        let document = check_recovered(&disk, &states[5], None);
        assert_eq!(document.history().last_seq(), 5);
    }
}

#[test]
fn a_file_cut_in_the_middle_of_its_marks_recovers_those_before_the_cut() {
    let (_, sim, document, _) = made(4);
    let whole = sim.get(&path()).expect("the file");
    let text = String::from_utf8(whole).expect("text");
    let cut = text.find("\"m102\"").expect("the third mark") + 10;
    let alone = SimDisk::default();
    alone.put(&path(), &text.as_bytes()[..cut]);
    let recovered = file::recover(&alone, &path()).expect("a part of it");
    let (whole, part) = (&document.session().tracks[0].marks, &recovered.document.session().tracks[0].marks);
    assert_eq!(part[..], whole[..2]);
    let lost = [Notice::RecoveredFrom(path()), cut_short(&text.as_bytes()[..cut]), Notice::HistoryLost];
    assert_eq!(recovered.notices, lost);
}

/// What is said of a file of these bytes.
fn cut_short(bytes: &[u8]) -> Notice {
    let lines: Vec<&[u8]> = bytes.split(|&byte| byte == b'\n').collect();
    let column = lines.last().map_or(0, |line| line.len());
    Notice::Damaged { path: path(), damage: Damage::CutShort { line: lines.len(), column } }
}

#[test]
fn a_file_cut_anywhere_in_its_history_recovers_the_whole_state_and_every_step_before_the_cut() {
    let (_, sim, document, _) = made(9);
    let whole = sim.get(&path()).expect("the file");
    let text = String::from_utf8(whole.clone()).expect("text");
    let begin = text.find("\"entries\"").expect("the entries") + "\"entries\": [".len();
    for cut in (begin..whole.len() - 3).step_by(7) {
        let is_before = |entry: &&Entry| text[..cut].contains(&entry.to_json());
        let n_before = document.history().entries().iter().filter(is_before).count();
        let alone = SimDisk::default();
        alone.put(&path(), &whole[..cut]);
        let recovered = file::recover(&alone, &path()).expect("all of it but some steps");
        let (session, history) = (recovered.document.session(), recovered.document.history());
        assert_eq!(session, document.session(), "cut at {cut}");
        assert_eq!(history.entries()[..n_before], document.history().entries()[..n_before], "cut at {cut}");
        assert_eq!(history.prove(session), Ok(()), "cut at {cut}");
        let with_rest = history.last_seq() > n_before as u64;
        let kept = Notice::HistoryKept { steps: n_before as u64, with_rest };
        assert_eq!(recovered.notices, [Notice::RecoveredFrom(path()), cut_short(&whole[..cut]), kept], "cut at {cut}");
    }
}

#[test]
fn what_the_lost_steps_did_is_one_step_that_can_be_taken_back() {
    let (_, sim, document, _) = made(8);
    let text = String::from_utf8(sim.get(&path()).expect("the file")).expect("text");
    let cut = text.find("{\"seq\":6,").expect("the sixth step") + 20;
    let alone = SimDisk::default();
    alone.put(&path(), &text.as_bytes()[..cut]);
    let mut recovered = file::recover(&alone, &path()).expect("all of it but three steps").document;
    assert_eq!(recovered.history().last_seq(), 6);
    assert_eq!(recovered.undo_label(), Some("all that the lost steps did"));
    let stamp = Stamp { time: at(100), who: "C1".to_owned() };
    recovered.undo(stamp).expect("it can be taken back");
    let (_, _, five, _) = made(5);
    assert_eq!(recovered.session(), five.session());
    assert!(document.session().n_marks() > five.session().n_marks());
}

/// A file with one place changed by hand is made again from its history.
#[track_caller]
fn check_made_from_history(from: &str, to: &str) {
    let (_, sim, document, _) = made(4);
    let text = String::from_utf8(sim.get(&path()).expect("the file")).expect("text");
    let (state, history) = text.split_at(text.find("\"history\"").expect("the history"));
    assert!(state.contains(from), "{state}");
    let alone = SimDisk::default();
    alone.put(&path(), format!("{}{history}", state.replacen(from, to, 1)).as_bytes());
    let disk: Arc<dyn Disk> = Arc::new(alone.clone());
    let refused = file::open(&disk, &path(), holder(0)).expect_err("it is nonsense").to_string();
    assert!(refused.contains("'attune recover /study/d1.attune'"), "{refused}");
    let recovered = file::recover(&alone, &path()).expect("its history is whole");
    assert_eq!(recovered.document.session(), document.session());
    assert_eq!(recovered.document.history(), document.history());
    assert_eq!(recovered.notices.last(), Some(&Notice::MadeFromHistory { made: 4, of: 4 }), "{:?}", recovered.notices);
}

#[test]
fn a_session_edited_into_nonsense_is_made_again_from_its_history() {
    check_made_from_history("[1000000,2000000]", "[500000,2000000]"); // two marks overlap
    check_made_from_history("[2000000,3000000]", "[3000000,2000000]"); // ends before it begins; the last of the track
    check_made_from_history("[1000000,2000000]", "[1000000,4.5]");
    check_made_from_history(r#""code":"away""#, r#""code":"banana""#);
}

#[test]
fn a_session_of_a_later_version_is_not_recovered_into_an_earlier_one() {
    let (_, sim, ..) = made(3);
    let text = String::from_utf8(sim.get(&path()).expect("the file")).expect("text");
    let later = text.replacen("attune.session/1", "attune.session/2", 1).replacen("Attune 0.1.0", "Attune 2.3.0", 1);
    for len in [later.len(), later.len() - 100] {
        sim.put(&path(), &later.as_bytes()[..len]);
        let error = file::recover(&sim, &path()).expect_err("nothing may be lost of it").to_string();
        assert!(error.ends_with("install Attune 2.3.0 or later"), "{error}");
    }
}

#[test]
fn where_nothing_is_left_nothing_is_recovered_and_it_is_said_what_was_looked_at() {
    let disk = SimDisk::default();
    disk.put(&path(), b"");
    let error = file::recover(&disk, &path()).expect_err("nothing is left").to_string();
    assert!(
        error.starts_with("no session can be recovered for /study/d1.attune: /study/d1.attune could not be used"),
        "{error}"
    );
    assert!(!error.contains("attune recover"), "it must not point to itself: {error}");
    let error = file::recover(&SimDisk::default(), &path()).expect_err("nothing is left").to_string();
    assert!(error.ends_with("neither it nor an earlier version is there"), "{error}");
}
