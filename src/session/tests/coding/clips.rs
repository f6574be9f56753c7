//! Clips that follow each other: one timeline, on several files.

use session::marking::{Marks, Setup, code_to_here, n_marks_coded_from, place_medium, remove_medium, set_up};
use session::{Document, Edit, Medium, MediumId, MediumKind, Rate, Session};
use span::{Instant, Length};

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
fn clips_a_little_over_each_other_or_apart_follow_each_other_and_so_do_those_that_are_said_to() {
    let later = |medium: Medium, micros| Medium { offset: medium.offset + Length::from_micros(micros), ..medium };
    for micros in [-900, -1, 1, 900] {
        assert_eq!(clips_of(&[medium(1, 0, 4), later(medium(2, 4, 4), micros)]), [vec![0, 1]], "{micros} us");
    }
    let stated = |id: u64, begins| Medium { follows: Some(MediumId(id - 1)), ..medium(id, begins, 4) };
    assert_eq!(clips_of(&[medium(1, 0, 4), stated(2, 90), stated(3, 100)]), [vec![0, 1, 2]]);
    assert_eq!(clips_of(&[medium(1, 9, 4), stated(2, 0)]), [vec![0], vec![1]], "none goes on with what is later");
    let sound = Medium { kind: MediumKind::Sound, ..medium(2, 4, 4) };
    assert_eq!(clips_of(&[medium(1, 0, 4), sound]), [vec![0], vec![1]]);
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
    assert_eq!(session.recorded(track), Some(frames(0, 8).into()));
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

#[track_caller]
fn after(session: &Session, edit: Edit) -> Session {
    let mut document = Document::new(session.clone());
    document.apply(edit, stamp(0)).expect("it fits");
    let made = document.session().clone();
    document.undo(stamp(1)).expect("it can be undone");
    assert_eq!(document.session(), session);
    made
}

/// Two clips of four frames with two frames between, and these marks.
fn apart(text: &str) -> Session {
    let session = on_two_clips(text);
    let edit = place_medium(&session, MediumId(2), FRAME.times(6), Rate::default(), Marks::Keep).expect("no refusal");
    after(&session, edit)
}

#[test]
fn a_clip_that_moves_away_is_still_one_timeline_with_the_one_before_it() {
    let session = apart("aa....bb");
    let track = session.track(&key("state")).expect("the track");
    assert_eq!(session.clips_of(track).len(), 2);
    assert_eq!(session.recorded(track).expect("ends are known").spans(), [frames(0, 4), frames(6, 10)]);
    assert_eq!([1, 2].map(|id| n_marks_coded_from(&session, MediumId(id))), [1, 1]);
}

#[test]
fn an_open_state_ends_where_nothing_was_recorded() {
    let mut document = Document::new(apart("..a>"));
    for frame in [3, 4, 5, 6, 7] {
        document.extend_open(&key("state"), frames(frame - 1, frame + 1));
    }
    assert_eq!(text(document.session(), "state"), "..aa", "between the clips nobody watched");
    let edit = code_to_here(document.session(), &key("loose"), at(8)).expect("no refusal");
    let session = after(&document.session().clone(), edit);
    let track = session.track(&key("loose")).expect("the track");
    assert_eq!(track.coded.spans(), [frames(0, 4), frames(6, 8)]);
    assert_eq!(session.uncoded(track, false, frames(0, 10)), frames(8, 10).into());
}

#[test]
fn the_clips_behind_one_that_moves_keep_their_distance_and_a_mark_across_the_border_holds_on_to_both() {
    let session = on_two_clips("a.bbbbcc");
    let moved = |id, n| place_medium(&session, MediumId(id), FRAME.times(n), Rate::default(), Marks::Move);
    let both = after(&session, moved(1, 3).expect("no refusal"));
    assert_eq!(both.media.iter().map(|medium| medium.offset).collect::<Vec<_>>(), [3, 7].map(|n| FRAME.times(n)));
    assert_eq!(text(&both, "state"), "...a.bbbbcc");
    let second = after(&session, moved(2, 6).expect("no refusal"));
    assert_eq!(text(&second, "state"), "a.bbbbbbcc");
    let slower = Rate::new(2, 1).expect("positive");
    let slower = place_medium(&session, MediumId(1), Length::ZERO, slower, Marks::Move).expect("no refusal");
    assert_eq!(text(&after(&session, slower), "state"), "aa..bbbbbbcc", "the second begins where the first ends now");
}

#[test]
fn a_clip_that_would_begin_before_the_one_before_it_ends_is_refused_by_name() {
    let mut session = apart("aa....bb");
    "Front, second part".clone_into(&mut session.media[1].label);
    let refused = place_medium(&session, MediumId(2), FRAME.times(3), Rate::default(), Marks::Move);
    assert_eq!(
        refused.expect_err("it is refused").to_string(),
        "Front, second part goes on with 1.mp4, and would begin 0.04 s before that ends: it begins at 0.16 s or later"
    );
}

#[test]
fn in_one_setup_a_clip_of_which_nothing_is_said_moves_with_the_one_before_it() {
    let session = apart("aa....bb");
    let mut setup = Setup::of(&session);
    assert!(set_up(&session, &setup, Marks::Move).expect_err("as it is").is_nothing());
    setup.media[0].offset = FRAME.times(1);
    let moved = after(&session, set_up(&session, &setup, Marks::Move).expect("no refusal"));
    assert_eq!((moved.media[1].offset, text(&moved, "state").as_str()), (FRAME.times(7), ".aa....bb"));
    setup.media[1].offset = FRAME.times(20);
    let moved = after(&session, set_up(&session, &setup, Marks::Keep).expect("no refusal"));
    assert_eq!(moved.media[1].offset, FRAME.times(20), "what is said counts");
    setup.media[1].follows = None;
    let refused = set_up(&session, &setup, Marks::Move).expect_err("its mark would be on another video's frames");
    assert!(refused.to_string().starts_with("2.mp4 has 1 mark coded from it as a clip"), "{refused}");
    let session = apart("aa");
    let alone = after(&session, set_up(&session, &setup, Marks::Move).expect("no refusal"));
    assert_eq!((alone.clips(), alone.media[1].follows), (vec![vec![0], vec![1]], None));
}

#[test]
fn a_clip_that_is_removed_takes_its_coded_time_along_and_the_others_stay_one_timeline() {
    let mut session = on_two_clips("......aa");
    session.media.push(medium(3, 8, 4));
    let edit = code_to_here(&session, &key("loose"), at(10)).expect("no refusal");
    let session = after(&session, edit);
    assert!(remove_medium(&session, MediumId(2)).is_err(), "a mark is coded from it");
    let mut setup = Setup::of(&session);
    setup.removed = vec![MediumId(1)];
    let rest = after(&session, set_up(&session, &setup, Marks::Move).expect("no refusal"));
    let track = rest.track(&key("loose")).expect("the track");
    assert_eq!((rest.clips(), track.coded.spans()), (vec![vec![0, 1]], &[frames(4, 10)][..]));
    assert_eq!(rest.medium_at(track, Instant::ZERO).map(|medium| medium.id), Some(MediumId(2)));
    let session = Session { media: session.media.clone(), ..on_two_clips("aa......bb") };
    let rest = after(&session, remove_medium(&session, MediumId(2)).expect("no refusal"));
    assert_eq!(rest.clips(), [vec![0, 1]], "over the time between");
}

#[test]
fn tracks_are_coded_from_the_first_video_and_from_sound_only_where_there_is_none() {
    let sound = Medium { kind: MediumKind::Sound, ..medium(1, 0, 4) };
    let session = Session { media: vec![sound, medium(2, 0, 4)], ..session() };
    let track = session.track(&key("state")).expect("the track");
    assert_eq!(session.medium_of(track).map(|medium| medium.id), Some(MediumId(2)));
    let alone = Session { media: session.media[..1].to_vec(), ..session.clone() };
    assert_eq!(alone.medium_of(track).map(|medium| medium.id), Some(MediumId(1)));
}
