//! Steps that last: a key held down, a run that overwrites.

use session::marking::{Refusal, hold, overwrite};
use session::{Document, EditError};

use crate::timeline::{document, frames, press, stamp, text, text_of};

/// Holds the key of b from one frame until another is shown, looking at every frame between.
#[track_caller]
fn check_hold(channel: &str, before: &str, down: i64, up: i64, expected: &str) {
    let mut document = document(channel, before);
    for shown in down..=up {
        document
            .revise::<Refusal>(stamp(shown), |session, ids| {
                hold(session, &press(channel, "b", down), frames(shown, shown + 1), shown == up, ids)
            })
            .expect("no refusal");
    }
    document.finish();
    assert_eq!(text(document.session(), channel), expected);
    check_is_one_step(document, channel, before);
}

#[track_caller]
fn check_overwrite(before: &str, from: i64, to: i64, expected: &str) {
    let mut document = document("state", before);
    for shown in from..to {
        document
            .revise::<Refusal>(stamp(shown), |session, ids| {
                overwrite(session, &press("state", "b", from), frames(shown, shown + 1).end(), ids)
            })
            .expect("no refusal");
    }
    document.finish();
    assert_eq!(text(document.session(), "state"), expected);
    check_is_one_step(document, "state", before);
}

#[track_caller]
fn check_is_one_step(mut document: Document, channel: &str, before: &str) {
    assert_eq!(document.history().entries().len(), 1);
    document.history().prove(document.session()).expect("the history leads to the session");
    document.undo(stamp(99)).expect("it can be undone");
    assert_eq!(text(document.session(), channel), before);
    assert_eq!(document.undo_label(), None);
}

#[test]
fn held_key_codes_until_it_goes_up() {
    check_hold("loose", "", 2, 5, "..bbb");
    check_hold("loose", "..aa", 0, 1, "b.aa");
}

#[test]
fn press_shorter_than_a_frame_is_one_frame() {
    check_hold("loose", "", 2, 2, "..b");
    check_hold("state", "aaaaa", 2, 2, "aabaa");
}

#[test]
fn exhaustive_track_goes_back_to_the_code_before() {
    check_hold("state", "aaaaaaaa", 2, 5, "aabbbaaa");
    check_hold("state", "aaa>", 2, 5, "aabbba>");
    check_hold("state", "aaa>", 2, 2, "aaba>");
}

#[test]
fn other_track_leaves_a_gap_up_to_the_end_of_the_code_before() {
    check_hold("loose", "aaaaaaaacc", 2, 5, "aabbb...cc");
    check_hold("loose", "aaa>", 2, 5, "aabbb");
}

#[test]
fn held_key_of_a_track_that_is_not_exclusive_leaves_the_other_codes_alone() {
    let mut document = document("many", "aaaaaa");
    document
        .revise::<Refusal>(stamp(0), |session, ids| hold(session, &press("many", "b", 1), frames(3, 4), true, ids))
        .expect("no refusal");
    assert_eq!(text_of(document.session(), "many", "a"), "aaaaaa");
    assert_eq!(text_of(document.session(), "many", "b"), ".bb");
}

#[test]
fn overwriting_replaces_what_the_playhead_passes() {
    check_overwrite("aaaaccccaa", 2, 6, "aabbbbccaa");
    check_overwrite("aa..cc", 1, 5, "abbbbc");
}

#[test]
fn overwriting_is_open_where_nothing_was_coded() {
    check_overwrite("aaaa", 2, 6, "aabbbb>");
    check_overwrite("aaaa>", 2, 6, "aabbbb>");
}

#[test]
fn overwriting_goes_on_with_a_state_of_its_own_code() {
    check_overwrite("bbbaaa", 1, 5, "bbbbba");
    check_overwrite("aaabbb", 1, 4, "abbbbb");
}

#[test]
fn overwriting_inside_one_state_leaves_its_rest() {
    check_overwrite("aaaaaaaa", 2, 4, "aabbaaaa");
}

#[test]
fn abandoned_step_was_never_there() {
    let mut document = document("state", "aaaa");
    document
        .revise::<Refusal>(stamp(0), |session, ids| {
            overwrite(session, &press("state", "b", 1), frames(1, 3).end(), ids)
        })
        .expect("no refusal");
    assert_eq!(text(document.session(), "state"), "abba");
    document.abandon();
    assert_eq!(text(document.session(), "state"), "aaaa");
    assert!(document.history().entries().is_empty());
}

#[test]
fn refused_revision_leaves_the_step_as_it_was() {
    let mut document = document("state", "aaaa");
    document
        .revise::<Refusal>(stamp(0), |session, ids| {
            overwrite(session, &press("state", "b", 1), frames(1, 3).end(), ids)
        })
        .expect("no refusal");
    document.revise::<Refusal>(stamp(1), |_, _| Err(EditError::Empty.into())).expect_err("it was refused");
    assert_eq!(text(document.session(), "state"), "abba");
}
