//! The rule of the key, on timelines.

use session::marking::{Motion, Press, end_state, press_code};
use session::{Certainty, Document, How, Session};
use span::Length;

use crate::timeline::{at, document, frames, ids, key, press, session, stamp, text, text_of, with};

/// The timeline after the key of `code` at `frame`, or the refusal.
fn after(session: Session, channel: &str, code: &str, frame: i64) -> Result<Session, String> {
    let edit = press_code(&session, &press(channel, code, frame), ids()).map_err(|refusal| refusal.to_string())?;
    let mut document = Document::new(session);
    document.apply(edit, stamp(0)).expect("an edit of marking fits the session that it was made for");
    Ok(document.session().clone())
}

#[track_caller]
fn check(before: &str, code: &str, frame: i64, expected: &str) {
    let session = after(with("state", before), "state", code, frame).expect("no refusal");
    assert_eq!(text(&session, "state"), expected);
}

#[track_caller]
fn check_end(channel: &str, before: &str, frame: i64, expected: &str) {
    let session = with(channel, before);
    let edit = end_state(&session, &key(channel), at(frame)).expect("no refusal");
    let mut document = Document::new(session);
    document.apply(edit, stamp(0)).expect("it fits");
    assert_eq!(text(document.session(), channel), expected);
}

#[test]
fn key_inside_another_code_gives_it_the_rest() {
    check("aaaaaa", "b", 2, "aabbbb");
    check("aaaaaa..cc", "b", 5, "aaaaab..cc");
}

#[test]
fn key_inside_an_open_state_inherits_its_openness() {
    check("aaaa>", "b", 2, "aabb>");
    check("aaaa>", "b", 3, "aaab>");
}

#[test]
fn key_where_a_state_begins_changes_its_code() {
    check("aaaa", "b", 0, "bbbb");
    check("aaaa>", "b", 0, "bbbb>");
}

#[test]
fn key_in_a_gap_opens_a_state_of_one_frame() {
    check("", "a", 3, "...a>");
    check("aa...bb", "c", 3, "aa.c>.bb");
    check("aa.bb", "c", 2, "aacbb"); // there is room for no more
}

#[test]
fn key_in_a_gap_closes_the_open_state_where_it_ended() {
    check("aa>", "b", 5, "aa...b>");
    check("...aa>", "b", 0, "b>..aa");
}

#[test]
fn key_elsewhere_leaves_the_open_state_open() {
    check("aaaa.bb>", "c", 2, "aacc.bb>");
}

#[test]
fn key_of_the_code_that_is_there_changes_nothing_and_says_so() {
    let refusal = after(with("state", "aaaa"), "state", "a", 2).expect_err("nothing to do");
    assert_eq!(refusal, "infant state is 'a' here already");
}

#[test]
fn touching_states_of_one_code_become_one() {
    check("aabbcc", "a", 2, "aaaacc");
    check("aabbaa", "a", 2, "aaaaaa");
    check("aabb>", "a", 2, "aaaa>");
    check("aaabbb", "b", 1, "abbbbb");
    check("aa", "a", 2, "aaa>");
    check("aa.aa", "a", 2, "aaaaa");
}

#[test]
fn touching_states_of_different_notes_or_certainty_stay_two() {
    let mut session = with("state", "aabb");
    session.tracks[0].marks[0].note = "looks up first".to_owned();
    assert_eq!(text(&after(session.clone(), "state", "a", 2).expect("no refusal"), "state"), "aa|aa");
    session.tracks[0].marks[0].note.clear();
    session.tracks[0].marks[0].certainty = Certainty::Uncertain;
    assert_eq!(text(&after(session, "state", "a", 2).expect("no refusal"), "state"), "aa|aa");
}

#[test]
fn state_begun_before_the_end_of_the_video_or_of_its_episode_ends_there() {
    let mut session = session();
    session.episodes.push(session::Episode::new(
        session::EpisodeId(2),
        "play",
        session::EpisodeKind::Play,
        frames(0, 4),
    ));
    let coded = after(session.clone(), "state", "a", 3).expect("no refusal");
    assert_eq!(text(&coded, "state"), "...a");
    let coded = after(session, "state", "a", 99).expect("no refusal");
    assert_eq!(text(&coded, "state"), format!("{}a", ".".repeat(99)));
}

#[test]
fn end_key_ends_the_state_before_the_frame_and_leaves_a_gap() {
    check_end("state", "aaaa>", 3, "aaa");
    check_end("state", "aaaabb", 1, "a...bb");
    check_end("state", "aabb", 2, "aa");
    check_end("state", "aa>", 7, "aa");
}

#[test]
fn end_key_without_a_state_is_refused() {
    let refusal =
        end_state(&with("state", "aa..bb>"), &key("state"), at(3)).expect_err("a gap, and nothing open before it");
    assert_eq!(refusal.to_string(), "infant state has no state to end here");
}

#[test]
fn key_of_a_track_that_is_not_exclusive_toggles_its_own_code() {
    let on = after(with("many", ""), "many", "a", 2).expect("no refusal");
    assert_eq!(text(&on, "many"), "..a>");
    let mut document = document("many", "aaaa>");
    let both = press_code(document.session(), &press("many", "b", 2), document.ids()).expect("no refusal");
    document.apply(both, stamp(0)).expect("it fits");
    let off = press_code(document.session(), &press("many", "a", 3), document.ids()).expect("no refusal");
    document.apply(off, stamp(1)).expect("it fits");
    assert_eq!(text_of(document.session(), "many", "a"), "aaa");
    assert_eq!(text_of(document.session(), "many", "b"), "..b>");
}

#[test]
fn toggling_again_where_a_state_ended_lets_it_go_on() {
    let session = after(with("many", "aa"), "many", "a", 2).expect("no refusal");
    assert_eq!(text(&session, "many"), "aaa>");
}

#[test]
fn key_of_a_point_track_drops_one_point_of_each_code() {
    let mut document = document("point", "");
    for (code, expected) in [("a", true), ("b", true), ("a", false)] {
        let dropped = press_code(document.session(), &press("point", code, 2), document.ids());
        assert_eq!(dropped.is_ok(), expected);
        if let Ok(edit) = dropped {
            document.apply(edit, stamp(0)).expect("it fits");
        }
    }
    assert_eq!(text_of(document.session(), "point", "a"), "..a");
    assert_eq!(text_of(document.session(), "point", "b"), "..b");
}

#[test]
fn reaction_time_is_subtracted_only_while_playing_forward() {
    let snap = |time: span::Instant| at(time.micros().div_euclid(40_000));
    let reaction = Length::from_millis(200);
    let made = |motion| Press::new(key("state"), "a", frames(20, 21), motion, reaction, snap);
    assert_eq!(made(Motion::Still).seen, frames(20, 21));
    assert_eq!(made(Motion::Playing { speed_percent: 100 }).seen, frames(15, 21));
    assert_eq!(made(Motion::Playing { speed_percent: 50 }).seen, frames(17, 21)); // 100 ms is two frames and a half
    assert_eq!(made(Motion::Playing { speed_percent: -100 }).seen, frames(20, 21));
    let How::Playing { stamp_us, reaction_us, .. } = made(Motion::Playing { speed_percent: 50 }).how else {
        panic!("it played");
    };
    assert_eq!((stamp_us, reaction_us), (at(20), reaction));
}
