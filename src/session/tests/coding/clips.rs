//! Clips that follow each other: one timeline, on several files.

use session::marking::{Marks, code_to_here, n_marks_coded_from, place_medium};
use session::{Document, Medium, MediumId, Rate, Session};

use crate::timeline::{FRAME, at, frames, key, session, stamp, text, with};

/// A medium of so many frames that begins at a frame of the session.
fn medium(id: u64, begins: i64, n_frames: i64) -> Medium {
    let offset = FRAME.times(begins);
    Medium { offset, end: Some(at(n_frames)), frame: Some(FRAME), ..Medium::new(MediumId(id), format!("{id}.mp4")) }
}

fn clips_of(media: &[Medium]) -> Vec<Vec<usize>> {
    Session { media: media.to_vec(), ..session() }.clips()
}

#[test]
fn a_medium_that_begins_where_another_ends_follows_it() {
    assert_eq!(clips_of(&[medium(1, 0, 4)]), [vec![0]]);
    assert_eq!(clips_of(&[medium(1, 0, 4), medium(2, 4, 4), medium(3, 8, 4)]), [vec![0, 1, 2]]);
    assert_eq!(clips_of(&[medium(1, 4, 4), medium(2, 0, 4)]), [vec![1, 0]], "in the order of time");
    assert_eq!(clips_of(&[medium(1, 0, 4), medium(2, 5, 4), medium(3, 3, 4)]), [vec![0], vec![1], vec![2]]);
    let unknown = Medium { end: None, ..medium(1, 0, 4) };
    assert_eq!(clips_of(&[unknown, medium(2, 4, 4)]), [vec![0], vec![1]], "its end is not known yet");
}

#[test]
fn two_cameras_that_begin_new_files_at_once_stay_apart() {
    let media = [medium(1, 0, 4), medium(2, 0, 4), medium(3, 4, 4), medium(4, 4, 4)];
    assert_eq!(clips_of(&media), [vec![0, 2], vec![1, 3]]);
}

#[test]
fn a_track_is_coded_from_the_clip_that_has_begun_last() {
    let session = Session { media: vec![medium(1, 0, 4), medium(2, 4, 4)], ..session() };
    let track = session.track(&key("state")).expect("the track");
    let place = |frame| session.medium_at(track, at(frame)).map(|medium| medium.id.0);
    assert_eq!([-1, 0, 3, 4, 7, 9].map(place), [1, 1, 1, 2, 2, 2].map(Some));
    assert_eq!(session.recorded(track), Some(frames(0, 8)));
}

/// Two clips of four frames, with these marks.
fn on_two_clips(text: &str) -> Session {
    let mut session = with("state", text);
    session.media = vec![medium(1, 0, 4), medium(2, 4, 4)];
    session
}

#[test]
fn an_open_state_grows_from_one_clip_into_the_next_and_no_farther_than_the_last() {
    let mut document = Document::new(on_two_clips("..a>"));
    for frame in 3..12 {
        document.extend_open(&key("state"), frames(frame - 1, frame + 1));
    }
    assert_eq!(text(document.session(), "state"), "..aaaaaa", "where the recording ends, the state does");
}

#[test]
fn coded_to_here_reaches_back_over_the_clips() {
    let session = on_two_clips("");
    let edit = code_to_here(&session, &key("loose"), at(6)).expect("no refusal");
    let mut document = Document::new(session);
    document.apply(edit, stamp(0)).expect("it fits");
    let track = document.session().track(&key("loose")).expect("the track");
    assert_eq!(track.coded.spans(), [frames(0, 6)]);
}

#[test]
fn a_clip_that_moves_takes_along_what_is_coded_from_it_alone() {
    let session = on_two_clips("aa..bb");
    assert_eq!([1, 2].map(|id| n_marks_coded_from(&session, MediumId(id))), [1, 1]);
    let edit = place_medium(&session, MediumId(2), FRAME.times(6), Rate::default(), Marks::Move).expect("no refusal");
    let mut document = Document::new(session);
    document.apply(edit, stamp(0)).expect("it fits");
    assert_eq!(text(document.session(), "state"), "aa....bb");
}
