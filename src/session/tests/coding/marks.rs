//! What the mouse and the menus do to marks.

use session::marking::{
    Edge, Fill, Neighbour, Refusal, change_code, delete_marks, draw_state, move_edge, move_point, move_state,
    set_certainty, set_note, split_mark,
};
use session::{Certainty, Document, Edit, MarkId, Session, TrackKey};

use crate::timeline::{at, frames, ids, key, press, stamp, text, with};

/// What a session is after an edit; undoing it gives the session back.
#[track_caller]
fn after(session: &Session, made: impl FnOnce(&Session) -> Result<Edit, Refusal>) -> Result<Session, String> {
    let edit = made(session).map_err(|refusal| refusal.to_string())?;
    let mut document = Document::new(session.clone());
    document.apply(edit, stamp(0)).expect("an edit of marking fits the session that it was made for");
    let made = document.session().clone();
    document.undo(stamp(1)).expect("it can be undone");
    assert_eq!(document.session(), session);
    Ok(made)
}

#[track_caller]
fn check(before: &str, made: impl FnOnce(&Session) -> Result<Edit, Refusal>, expected: Result<&str, &str>) {
    let made = after(&with("state", before), made).map(|session| text(&session, "state"));
    assert_eq!(made.as_deref().map_err(String::as_str), expected);
}

/// Drags an edge of the `n`th mark to a frame.
#[track_caller]
fn check_drag(before: &str, n: u64, edge: Edge, to: i64, neighbour: Neighbour, expected: Result<&str, &str>) {
    check(before, |session| move_edge(session, MarkId(11 + n), edge, at(to), neighbour), expected);
}

#[test]
fn dragging_a_shared_boundary_moves_both_states() {
    check_drag("aaabbb", 0, Edge::End, 2, Neighbour::Follows, Ok("aabbbb"));
    check_drag("aaabbb", 0, Edge::End, 5, Neighbour::Follows, Ok("aaaaab"));
    check_drag("aaabbb", 1, Edge::Start, 1, Neighbour::Follows, Ok("abbbbb"));
}

#[test]
fn dragging_an_edge_alone_opens_a_gap_or_stops_at_the_neighbour() {
    check_drag("aaabbb", 0, Edge::End, 2, Neighbour::Stays, Ok("aa.bbb"));
    check_drag("aaabbb", 0, Edge::End, 5, Neighbour::Stays, Err("nothing changes"));
    check_drag("aa..bb", 0, Edge::End, 5, Neighbour::Follows, Ok("aaaabb"));
    check_drag("aa..bb", 1, Edge::Start, 0, Neighbour::Follows, Ok("aabbbb"));
}

#[test]
fn state_keeps_a_length() {
    check_drag("..aa", 0, Edge::End, 2, Neighbour::Follows, Err("a state must end after it starts"));
    check_drag(
        "aaabbb",
        0,
        Edge::End,
        6,
        Neighbour::Follows,
        Err("its neighbour would vanish: delete that first, or drag with Shift"),
    );
}

#[test]
fn dragged_end_is_given() {
    check_drag("aaa>", 0, Edge::End, 5, Neighbour::Follows, Ok("aaaaa"));
    check_drag(".aa>", 0, Edge::Start, 0, Neighbour::Follows, Ok("aaa>"));
}

#[test]
fn moved_state_stops_at_its_neighbours() {
    let to = |first, last| move |session: &Session| move_state(session, MarkId(12), frames(first, last));
    check("aa..bb..cc", to(5, 7), Ok("aa...bb.cc"));
    check("aa..bb..cc", to(7, 9), Ok("aa....bbcc"));
    check("aa..bb..cc", to(0, 2), Ok("aabb....cc"));
    check("aabbcc", to(0, 3), Err("there is no room for another state of infant state here"));
}

#[test]
fn point_moves_to_a_moment() {
    let mut document = Document::new(with("point", ""));
    let edit = session::marking::press_code(document.session(), &press("point", "a", 3), ids()).expect("no refusal");
    document.apply(edit, stamp(0)).expect("it fits");
    let moved = after(document.session(), |session| move_point(session, MarkId(101), at(7))).expect("no refusal");
    assert_eq!(text(&moved, "point"), ".......a");
}

#[test]
fn split_state_is_two_and_the_note_stays_with_the_first() {
    check("aaaa", |session| split_mark(session, MarkId(11), at(1), ids()), Ok("a|aaa"));
    check("aaaa>", |session| split_mark(session, MarkId(11), at(1), ids()), Ok("a|aaa>"));
    check(
        "aaaa",
        |session| split_mark(session, MarkId(11), at(4), ids()),
        Err("a state is split inside it: move to a frame between its edges"),
    );
    let mut noted = with("state", "aaaa");
    noted.tracks[0].marks[0].note = "smiles".to_owned();
    let split = after(&noted, |session| split_mark(session, MarkId(11), at(1), ids())).expect("no refusal");
    assert_eq!(split.tracks[0].marks.iter().map(|mark| mark.note.as_str()).collect::<Vec<_>>(), ["smiles", ""]);
}

#[test]
fn changed_code_joins_what_says_the_same() {
    check("aabbcc", |session| change_code(session, &[MarkId(12)], "a"), Ok("aaaacc"));
    check("aabbaa", |session| change_code(session, &[MarkId(12)], "a"), Ok("aaaaaa"));
    check("aabbcc", |session| change_code(session, &[MarkId(11), MarkId(13)], "b"), Ok("bbbbbb"));
    check("aabb", |session| change_code(session, &[MarkId(12)], "z"), Err("infant state has no code 'z'"));
}

#[test]
fn deleted_states_leave_a_gap_or_give_their_time_to_the_one_before() {
    check("aabbcc", |session| delete_marks(session, &[MarkId(12)], Fill::Gap), Ok("aa..cc"));
    check("aabbcc", |session| delete_marks(session, &[MarkId(12)], Fill::Previous), Ok("aaaacc"));
    check("aabbaa", |session| delete_marks(session, &[MarkId(12)], Fill::Previous), Ok("aaaaaa"));
    check("aabbcc>", |session| delete_marks(session, &[MarkId(13), MarkId(12)], Fill::Previous), Ok("aaaaaa>"));
    check("..bbcc", |session| delete_marks(session, &[MarkId(11)], Fill::Previous), Ok("....cc"));
    check("aa", |session| delete_marks(session, &[], Fill::Gap), Err("nothing is selected"));
}

#[test]
fn drawn_state_takes_what_is_free() {
    let draw =
        |first, last| move |session: &Session| draw_state(session, &key("state"), "b", frames(first, last), ids());
    check("aa....cc", draw(3, 5), Ok("aa.bb.cc"));
    check("aa....cc", draw(0, 9), Ok("aabbbbcc"));
    check("aabb..cc", draw(4, 6), Ok("aabbbbcc"));
    check("aaaa", draw(1, 3), Err("there is no room for another state of infant state here"));
}

#[test]
fn notes_and_doubts_are_edits_like_others() {
    let session = with("state", "aabb");
    let noted = after(&session, |session| set_note(session, MarkId(11), "looks up")).expect("no refusal");
    assert_eq!(noted.tracks[0].marks[0].note, "looks up");
    let doubted = after(&session, |session| set_certainty(session, &[MarkId(11), MarkId(12)], Certainty::Uncertain))
        .expect("no refusal");
    assert!(doubted.tracks[0].marks.iter().all(|mark| mark.certainty == Certainty::Uncertain));
    assert_eq!(after(&session, |session| set_note(session, MarkId(11), "")), Err("nothing changes".to_owned()));
}

#[test]
fn what_is_not_there_is_refused() {
    check("aa", |session| set_note(session, MarkId(99), "x"), Err("mark m99 is not there any more"));
    let elsewhere = TrackKey::new("infant", "elsewhere");
    check(
        "aa",
        |session| draw_state(session, &elsewhere, "a", frames(0, 1), ids()),
        Err("there is no track infant.elsewhere"),
    );
}
