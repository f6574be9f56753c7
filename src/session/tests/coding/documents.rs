//! History, undo over growth, and the proof.

use session::marking::{
    Fill, Refusal, add_medium, code_to_here, delete_marks, end_state, place_medium, press_code, set_coded, set_field,
};
use session::{
    Document, EditError, EntryKind, Field, Growth, History, HistoryError, Identity, LogLine, MarkId, Medium, MediumId,
    Rate, Session, marking::Marks,
};
use span::{Length, SpanSet};

use crate::timeline::{FRAME, at, document, frames, key, press, session, stamp, text, text_of, with};

/// Presses, plays and looks: `5a` is the key of a at frame 5, `play 5..9` shows frames 5 to 8, `undo`, `redo`, `5 end`.
#[track_caller]
fn script(document: &mut Document, script: &str) {
    for act in script.split(", ") {
        match act.split_once(' ') {
            Some(("play", range)) => {
                let (first, last) = range.split_once("..").expect("a range");
                let (first, last): (i64, i64) = (first.parse().expect("a frame"), last.parse().expect("a frame"));
                (first..last).for_each(|frame| document.extend_open(&key("state"), frames(frame - 1, frame + 1)));
            }
            Some((frame, "end")) => {
                let edit = end_state(document.session(), &key("state"), at(frame.parse().expect("a frame")))
                    .expect("no refusal");
                document.apply(edit, stamp(0)).expect("it fits");
            }
            Some(_) => panic!("{act} is no act"),
            None if act == "undo" => {
                drop(document.undo(stamp(0)).expect("it can be undone").expect("there is something"));
            }
            None if act == "redo" => {
                drop(document.redo(stamp(0)).expect("it can be made again").expect("there is something"));
            }
            None => {
                let (frame, code) = act.split_at(act.len() - 1);
                let press = press("state", code, frame.parse().expect("a frame"));
                let edit = press_code(document.session(), &press, document.ids()).expect("no refusal");
                document.apply(edit, stamp(0)).expect("it fits");
            }
        }
    }
    document.history().prove(document.session()).expect("the history leads to the session");
}

#[track_caller]
fn check(acts: &str, expected: &str) {
    let mut document = Document::new(session());
    script(&mut document, acts);
    assert_eq!(text(document.session(), "state"), expected);
}

#[test]
fn open_state_grows_with_the_frames_seen() {
    check("2a, play 3..6", "..aaaa>");
}

#[test]
fn open_state_does_not_grow_over_what_was_skipped() {
    check("2a, play 3..4, play 8..9", "..aa>");
}

#[test]
fn open_state_ends_where_the_next_begins() {
    let mut document = document("state", ".....bb");
    script(&mut document, "2a, play 3..9");
    assert_eq!(text(document.session(), "state"), "..aaabb");
}

#[test]
fn open_state_ends_with_the_video() {
    check("97a, play 98..104", &format!("{}aaa", ".".repeat(97)));
}

#[test]
fn next_key_closes_the_open_state_there() {
    check("2a, play 3..6, 5b", "..aaab>");
    check("2a, play 3..6, 5b, play 6..8", "..aaabbb>");
}

#[test]
fn undo_takes_the_grown_state_with_it() {
    check("2a, play 3..6, undo", "");
    check("2a, play 3..6, undo, redo", "..aaaa>");
}

#[test]
fn undo_of_a_key_gives_the_state_before_the_end_that_it_would_have_grown_to() {
    check("2a, play 3..6, 5b, play 6..9, undo", "..aaaaaaa>");
    check("2a, play 3..6, 5b, play 6..9, undo, redo", "..aaabbbb>");
    check("2a, play 3..6, 5b, play 6..9, undo, play 9..11, redo", "..aaabbbbbb>");
    check("2a, play 3..6, 5b, play 6..9, undo, undo", "");
    check("2a, play 3..6, 5 end, undo, play 6..7", "..aaaaa>");
}

#[test]
fn undo_of_a_deletion_ends_what_has_grown_over_it_where_it_begins() {
    let mut document = document("state", ".........bb");
    script(&mut document, "3a");
    let deleted = delete_marks(document.session(), &[MarkId(11)], Fill::Gap).expect("no refusal");
    document.apply(deleted, stamp(0)).expect("it fits");
    script(&mut document, "play 4..14");
    assert_eq!(text(document.session(), "state"), "...aaaaaaaaaaa>");
    script(&mut document, "undo");
    assert_eq!(text(document.session(), "state"), "...aaaaaabb");
    script(&mut document, "redo");
    assert_eq!(text(document.session(), "state"), "...aaaaaaaaaaa>");
    script(&mut document, "undo, undo");
    assert_eq!(text(document.session(), "state"), ".........bb");
}

#[test]
fn new_step_forgets_what_was_undone() {
    let mut document = Document::new(session());
    script(&mut document, "2a, play 3..6, 5b, undo, 4c");
    assert_eq!(document.redo_label(), None);
    assert_eq!(document.undo_label(), Some("code infant state c"));
    let kinds: Vec<EntryKind> = document.history().entries().iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [EntryKind::Edit, EntryKind::Edit, EntryKind::Undo(2), EntryKind::Edit]);
}

#[test]
fn undo_of_coded_time_keeps_what_has_grown_since() {
    let mut document = Document::new(session());
    let edit = code_to_here(document.session(), &key("many"), at(10)).expect("no refusal");
    document.apply(edit, stamp(0)).expect("it fits");
    document.extend_coded(&key("many"), frames(9, 15));
    document.undo(stamp(1)).expect("it can be undone");
    let coded = |document: &Document| document.session().track(&key("many")).expect("the track is there").coded.clone();
    assert_eq!(coded(&document), SpanSet::from(frames(10, 15)));
    document.redo(stamp(2)).expect("it can be made again");
    assert_eq!(coded(&document), SpanSet::from(frames(0, 15)));
    document.history().prove(document.session()).expect("the history leads to the session");
}

#[test]
fn backspace_takes_the_last_coding_act_back_and_says_where_it_was() {
    let mut document = Document::new(session());
    script(&mut document, "2a, play 3..6, 5b, play 6..9");
    assert_eq!(
        document.take_last_coding_act(stamp(0)).expect("it can be undone"),
        Some(("code infant state b".to_owned(), at(5)))
    );
    assert_eq!(
        document.take_last_coding_act(stamp(0)).expect("it can be undone"),
        Some(("code infant state a".to_owned(), at(2)))
    );
    assert_eq!(document.take_last_coding_act(stamp(0)).expect("nothing is left"), None);
    script(&mut document, "2a, play 3..9, 5 end");
    assert_eq!(document.take_last_coding_act(stamp(0)).expect("it can be undone").map(|(_, at)| at), Some(at(5)));
}

#[test]
fn backspace_leaves_a_step_that_is_no_coding() {
    let mut document = Document::new(session());
    let renamed = set_field(document.session(), Field::Name("dyad-02".to_owned())).expect("no refusal");
    document.apply(renamed, stamp(0)).expect("it fits");
    assert_eq!(document.take_last_coding_act(stamp(0)).expect("nothing is done"), None);
    assert_eq!(document.session().name, "dyad-02");
}

#[test]
fn ids_are_never_used_again() {
    let mut document = Document::new(session());
    script(&mut document, "2a, undo, 2b");
    let ids: Vec<u64> = document.session().tracks[0].marks.iter().map(|mark| mark.id.0).collect();
    assert_eq!(ids, [3]); // 1 is the medium, 2 was undone
    let again = Document::from_parts(document.session().clone(), document.history().clone());
    assert_eq!(again.ids(), document.ids());
}

#[test]
fn revision_follows_steps_and_growth_follows_growth() {
    let mut document = Document::new(session());
    let seen = |document: &Document| (document.revision(), document.growth());
    let before = seen(&document);
    script(&mut document, "2a");
    let coded = seen(&document);
    script(&mut document, "play 3..5");
    let grown = seen(&document);
    assert!(before.0 < coded.0 && before.1 == coded.1);
    assert!(coded.0 == grown.0 && coded.1 < grown.1);
}

#[test]
fn growth_goes_to_the_log_when_it_is_flushed_and_once() {
    let mut document = Document::new(session());
    let (lines, log) = crossbeam_channel::unbounded();
    document.attach_log(lines);
    script(&mut document, "2a, play 3..6");
    assert!(matches!(log.try_iter().collect::<Vec<_>>()[..], [LogLine::Entry(_)]));
    document.flush_growth();
    document.flush_growth();
    let growth = Growth::Mark { track: key("state"), id: MarkId(2), end: at(6), closed: false };
    assert_eq!(log.try_iter().collect::<Vec<_>>(), [LogLine::Growth(growth)]);
}

#[test]
fn entry_names_the_one_before_it_and_the_first_the_session() {
    let mut document = Document::new(session());
    script(&mut document, "2a, 4b");
    let entries = document.history().entries();
    assert_eq!(entries[0].prev, blake3::hash(document.session().id.as_str().as_bytes()).to_hex().to_string());
    assert_eq!(
        entries[1].prev,
        blake3::hash(serde_json::to_string(&entries[0]).expect("it is JSON").as_bytes()).to_hex().to_string()
    );
    assert_eq!(document.history().head_hash(), entries[1].hash());
}

#[test]
fn history_survives_a_round_trip() {
    let mut document = Document::new(session());
    script(&mut document, "2a, play 3..6, 5b, undo, play 6..9");
    let text = serde_json::to_string(document.history()).expect("it is JSON");
    let history: History = serde_json::from_str(&text).expect("it was written");
    assert_eq!(history, *document.history());
    let mut again = Document::from_parts(document.session().clone(), history);
    assert_eq!(again.redo_label(), Some("code infant state b"));
    script(&mut again, "redo");
    assert_eq!(text_of(again.session(), "state", "b"), ".....bbbb>");
}

/// The history with one change in its JSON is found out.
#[track_caller]
fn check_found_out(from: &str, to: &str, expected: &HistoryError) {
    let mut document = Document::new(session());
    script(&mut document, "2a, play 3..6, 5b");
    let text = serde_json::to_string(document.history()).expect("it is JSON");
    assert!(text.contains(from), "{text}");
    let history: History = serde_json::from_str(&text.replacen(from, to, 1)).expect("it is a history still");
    assert_eq!(&history.prove(document.session()).expect_err("it was changed"), expected);
}

#[test]
fn every_change_of_a_history_is_found_out() {
    check_found_out(r#""who":"KL""#, r#""who":"MN""#, &HistoryError::Chain(2));
    check_found_out(r#""seq":2"#, r#""seq":3"#, &HistoryError::Order { expected: 2, found: 3 });
    check_found_out(
        r#""label":"code infant state b""#,
        r#""label":"code infant state b","kind":{"undo":2}"#,
        &HistoryError::Kind { seq: 2, of: 2 },
    );
    check_found_out(r#""code":"b""#, r#""code":"c""#, &HistoryError::Inverse(2));
}

#[test]
fn session_changed_beside_its_history_is_found_out() {
    let mut document = Document::new(session());
    script(&mut document, "2a");
    let mut session = document.session().clone();
    session.name = "another".to_owned();
    assert_eq!(document.history().prove(&session), Err(HistoryError::OtherSession));
}

#[test]
fn line_that_does_not_continue_the_history_is_refused() {
    let mut document = Document::new(session());
    script(&mut document, "2a, 4b");
    let second = document.history().entries()[1].clone();
    let mut other = Document::new(session());
    assert_eq!(other.replay(LogLine::Entry(second.clone())), Err(HistoryError::Order { expected: 1, found: 2 }));
    script(&mut other, "2c");
    assert_eq!(other.replay(LogLine::Entry(second)), Err(HistoryError::Chain(2)));
    assert_eq!(text(other.session(), "state"), "..c>");
}

#[test]
fn what_is_found_out_of_a_medium_stays_whatever_is_undone() {
    let mut document = Document::new(with("state", "aa"));
    let second = Medium::new(MediumId(document.ids().take()), "b.mp4");
    let added = add_medium(document.session(), second.clone()).expect("no refusal");
    document.apply(added, stamp(0)).expect("it fits");
    let moved =
        place_medium(document.session(), second.id, Length::SECOND, Rate::default(), Marks::Move).expect("no refusal");
    document.apply(moved, stamp(1)).expect("it fits");
    let identity = Identity { bytes: 9, ends: "00".to_owned(), whole: None, extra: session::Extra::new() };
    let found = Medium { identity: Some(identity.clone()), frame: Some(FRAME), ..document.session().media[1].clone() };
    document.note_found(found, stamp(2)).expect("it is of this medium");

    assert_eq!(document.undo_label(), Some("move b.mp4 on the clock"));
    document.undo(stamp(3)).expect("it can be undone");
    assert_eq!(document.session().media[1].offset, Length::ZERO);
    assert_eq!(document.session().media[1].identity, Some(identity.clone()));
    document.undo(stamp(4)).expect("it can be undone");
    assert_eq!(document.session().media.len(), 1);
    document.redo(stamp(5)).expect("it can be made again");
    document.redo(stamp(6)).expect("it can be made again");
    assert_eq!(
        (document.session().media[1].offset, document.session().media[1].identity.clone()),
        (Length::SECOND, Some(identity))
    );
    document.history().prove(document.session()).expect("the history leads to the session");
}

#[test]
fn more_than_what_can_be_found_out_is_no_finding() {
    let mut document = Document::new(session());
    let moved = Medium { offset: Length::SECOND, ..document.session().media[0].clone() };
    assert_eq!(
        document.note_found(moved, stamp(0)).map_err(|error| error.to_string()),
        Err("medium v1 has changed since the edit was made".to_owned())
    );
}

#[test]
fn log_hears_of_a_step_that_was_abandoned() {
    let mut document = document("state", "aaaa");
    let (lines, log) = crossbeam_channel::unbounded();
    document.attach_log(lines);
    let edit = press_code(document.session(), &press("state", "b", 1), document.ids()).expect("no refusal");
    document.revise::<EditError>(stamp(0), |_, _| Ok(edit)).expect("it fits");
    document.flush_growth();
    document.abandon();
    document.flush_growth();
    let mut again = Document::new(document.history().first().clone());
    log.try_iter().for_each(|line| again.replay(line).expect("lines in order"));
    again.finish();
    assert_eq!((again.session(), again.history()), (document.session(), document.history()));
}

#[test]
fn step_under_way_is_a_step_after_the_log_ends() {
    let mut document = document("state", "aaaa");
    let (lines, log) = crossbeam_channel::unbounded();
    document.attach_log(lines);
    let edit = press_code(document.session(), &press("state", "b", 1), document.ids()).expect("no refusal");
    document.revise::<EditError>(stamp(0), |_, _| Ok(edit)).expect("it fits");
    document.flush_growth();
    let mut again = Document::new(document.history().first().clone());
    log.try_iter().for_each(|line| again.replay(line).expect("lines in order"));
    again.finish();
    assert_eq!(text(again.session(), "state"), "abbb");
    again.history().prove(again.session()).expect("the history leads to the session");
}

#[test]
fn coded_time_that_is_being_dragged_does_not_grow() {
    let mut document = Document::new(session());
    let spans = |last| SpanSet::from(frames(0, last));
    let drag = |document: &mut Document, last| {
        let make = |session: &Session, _| set_coded(session, &key("many"), spans(last));
        document.revise::<Refusal>(stamp(0), make).expect("no refusal");
    };
    drag(&mut document, 5);
    document.extend_coded(&key("many"), frames(7, 9));
    drag(&mut document, 6);
    document.finish();
    assert_eq!(document.session().track(&key("many")).expect("the track is there").coded, spans(6));
    document.history().prove(document.session()).expect("the history leads to the session");
}
