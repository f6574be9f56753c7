//! Media, episodes and tracks.

use session::marking::{
    Edge, Marks, Neighbour, Setup, add_medium, add_track, code_to_here, delete_episode, episodes_from_lengths, exclude,
    for_another_coder, insert_episode, move_coded_edge, move_episode_edge, n_marks_coded_from, place_medium,
    remove_medium, remove_track, rename_episode, set_coded, set_hold, set_track_medium, set_up,
};
use session::{Document, Edit, EpisodeKind, Field, Medium, MediumId, Rate, Role, Session, SessionId, marking::Refusal};
use span::{Length, SpanSet};

use crate::timeline::{FRAME, at, frames, ids, key, session, stamp, text, with};

#[track_caller]
fn after(session: &Session, made: Result<Edit, Refusal>) -> Session {
    let mut document = Document::new(session.clone());
    document
        .apply(made.expect("no refusal"), stamp(0))
        .expect("an edit of marking fits the session that it was made for");
    let made = document.session().clone();
    document.undo(stamp(1)).expect("it can be undone");
    assert_eq!(document.session(), session);
    made
}

#[track_caller]
fn check_refused(made: Result<Edit, Refusal>, message: &str) {
    assert_eq!(made.expect_err("it is refused").to_string(), message);
}

fn spans(session: &Session) -> Vec<(i64, i64)> {
    let frame = |time: span::Instant| time.micros() / FRAME.micros();
    session.episodes.iter().map(|episode| (frame(episode.span.start()), frame(episode.span.end()))).collect()
}

#[test]
fn marks_move_with_their_medium_or_stay() {
    let session = with("state", "..aabb>");
    assert_eq!(n_marks_coded_from(&session, MediumId(1)), 2);
    let moved = after(&session, place_medium(&session, MediumId(1), FRAME.times(3), Rate::default(), Marks::Move));
    assert_eq!(text(&moved, "state"), ".....aabb>");
    let kept = after(&session, place_medium(&session, MediumId(1), FRAME.times(3), Rate::default(), Marks::Keep));
    assert_eq!(text(&kept, "state"), "..aabb>");
    assert_eq!(kept.media[0].offset, FRAME.times(3));
}

#[test]
fn marks_stretch_with_the_rate_of_their_medium() {
    let session = with("state", "..aab");
    let doubled = after(
        &session,
        place_medium(&session, MediumId(1), Length::ZERO, Rate::new(2, 1).expect("positive"), Marks::Move),
    );
    assert_eq!(text(&doubled, "state"), "....aaaabb");
}

#[test]
fn medium_with_marks_cannot_be_removed() {
    let session = with("state", "aa");
    check_refused(
        remove_medium(&session, MediumId(1)),
        "a.mp4 has 1 mark coded from it: delete what is coded or choose another video for its tracks",
    );
    let two = after(&session, add_medium(&session, Medium::new(MediumId(50), "b.mp4")));
    let other = after(&two, set_track_medium(&two, &key("loose"), Some(MediumId(50))));
    let removed = after(&other, remove_medium(&other, MediumId(50)));
    assert_eq!(removed, session);
}

#[test]
fn a_session_is_set_up_in_one_step() {
    let session = with("state", "..aabb>");
    let two = after(&session, add_medium(&session, Medium::new(MediumId(50), "b.mp4")));
    let mut setup = Setup::of(&two);
    setup.fields.push(Field::Name("dyad 12".to_owned()));
    setup.media[1].offset = FRAME.times(2);
    "Parent's camera".clone_into(&mut setup.media[1].label);
    setup
        .coded_from
        .iter_mut()
        .filter(|(track, _)| *track == key("state"))
        .for_each(|(_, medium)| *medium = MediumId(50));
    let made = after(&two, set_up(&two, &setup, Marks::Move));
    assert_eq!(made.name, "dyad 12");
    assert_eq!((made.media[1].label.as_str(), made.media[1].offset), ("Parent's camera", FRAME.times(2)));
    assert_eq!(text(&made, "state"), "....aabb>", "the marks are coded from the second video, and move with it");
    let kept = after(&two, set_up(&two, &setup, Marks::Keep));
    assert_eq!(text(&kept, "state"), "..aabb>");
    check_refused(set_up(&made, &Setup::of(&made), Marks::Move), "nothing changes");
}

#[test]
fn holding_is_a_property_of_the_channel_that_can_be_changed() {
    let session = with("state", "aa");
    let held = after(&session, set_hold(&session, &key("state"), true));
    assert!(held.scheme.channel(&key("state")).expect("it is there").hold);
    check_refused(set_hold(&session, &key("state"), false), "nothing changes");
}

#[test]
fn episodes_come_from_a_list_of_lengths() {
    let list = [
        ("play", EpisodeKind::Play, 30),
        ("still face", EpisodeKind::StillFace, 20),
        ("reunion", EpisodeKind::Reunion, 40),
    ];
    let list = list.map(|(name, kind, length)| (name.to_owned(), kind, FRAME.times(length)));
    let session = after(&session(), episodes_from_lengths(&session(), at(5), &list, ids()));
    assert_eq!(spans(&session), [(5, 35), (35, 55), (55, 95)]);
    let again = after(&session, episodes_from_lengths(&session, at(0), &list[..1], ids_behind(&session)));
    assert_eq!(spans(&again), [(0, 30)]);
    check_refused(
        episodes_from_lengths(&session, at(0), &[("play".to_owned(), EpisodeKind::Play, Length::ZERO)], ids()),
        "episode play needs a length above zero",
    );
}

fn ids_behind(session: &Session) -> session::Ids {
    Document::new(session.clone()).ids()
}

#[test]
fn episodes_do_not_overlap_and_share_moved_boundaries() {
    let one = after(&session(), insert_episode(&session(), "play", EpisodeKind::Play, frames(0, 30), ids()));
    check_refused(
        insert_episode(&one, "reunion", EpisodeKind::Reunion, frames(29, 50), ids()),
        "episode play is there already: episodes do not overlap",
    );
    let two = after(&one, insert_episode(&one, "reunion", EpisodeKind::Reunion, frames(30, 60), ids_behind(&one)));
    let play = two.episodes[0].id;
    assert_eq!(
        spans(&after(&two, move_episode_edge(&two, play, Edge::End, at(40), Neighbour::Follows))),
        [(0, 40), (40, 60)]
    );
    assert_eq!(
        spans(&after(&two, move_episode_edge(&two, play, Edge::End, at(20), Neighbour::Stays))),
        [(0, 20), (30, 60)]
    );
    check_refused(
        move_episode_edge(&two, play, Edge::End, at(60), Neighbour::Follows),
        "an episode must end after it starts",
    );
    let renamed = after(&two, rename_episode(&two, play, "free play", EpisodeKind::Other));
    assert_eq!(renamed.episodes[0].name, "free play");
    assert_eq!(after(&two, delete_episode(&two, play)).episodes.len(), 1);
}

#[test]
fn excluded_time_has_a_reason() {
    let session = after(&session(), exclude(frames(3, 9), "the camera fell", ids()));
    assert_eq!(session.excluded[0].reason, "the camera fell");
}

#[test]
fn coded_to_here_begins_where_coded_time_ended_or_the_episode_starts() {
    let coded = |session: &Session| session.track(&key("many")).expect("the track is there").coded.clone();
    let one = after(&session(), code_to_here(&session(), &key("many"), at(10)));
    assert_eq!(coded(&one), SpanSet::from(frames(0, 10)));
    let more = after(&one, code_to_here(&one, &key("many"), at(25)));
    assert_eq!(coded(&more), SpanSet::from(frames(0, 25)));
    check_refused(code_to_here(&more, &key("many"), at(20)), "infant many is coded up to here already");
    let episode = after(&session(), insert_episode(&session(), "play", EpisodeKind::Play, frames(8, 30), ids()));
    assert_eq!(coded(&after(&episode, code_to_here(&episode, &key("many"), at(12)))), SpanSet::from(frames(8, 12)));
    check_refused(
        code_to_here(&one, &key("state"), at(20)),
        "every moment of infant state has a code: what has no mark is not coded",
    );
}

#[test]
fn edges_of_coded_time_are_dragged() {
    let one = after(&session(), set_coded(&session(), &key("many"), SpanSet::from(frames(5, 10))));
    let coded = |session: &Session| session.track(&key("many")).expect("the track is there").coded.clone();
    assert_eq!(
        coded(&after(&one, move_coded_edge(&one, &key("many"), at(7), Edge::Start, at(2)))),
        SpanSet::from(frames(2, 10))
    );
    assert_eq!(
        coded(&after(&one, move_coded_edge(&one, &key("many"), at(7), Edge::End, at(8)))),
        SpanSet::from(frames(5, 8))
    );
    check_refused(move_coded_edge(&one, &key("many"), at(20), Edge::End, at(30)), "there is no coded time here");
}

#[test]
fn optional_track_comes_and_goes() {
    let more = after(&session(), add_track(&session(), &key("extra")));
    check_refused(add_track(&more, &key("extra")), "track infant extra is there already");
    assert_eq!(after(&more, remove_track(&more, &key("extra"))), session());
    let coded = after(&session(), set_coded(&session(), &key("many"), SpanSet::from(frames(5, 10))));
    assert!(after(&coded, remove_track(&coded, &key("many"))).track(&key("many")).is_none());
    check_refused(remove_track(&with("state", "a.b"), &key("state")), "infant state has 2 marks: delete them first");
}

#[test]
fn another_coder_gets_everything_but_the_coding() {
    let mut session = with("state", "aabb");
    session.note = "the infant was tired".to_owned();
    let copy = for_another_coder(&session, SessionId::from_bits(8), "MN", Role::Second);
    assert_eq!((copy.coder.as_str(), copy.role, copy.n_marks(), copy.note.as_str()), ("MN", Role::Second, 0, ""));
    assert_eq!((&copy.media, &copy.scheme, copy.tracks.len()), (&session.media, &session.scheme, session.tracks.len()));
}
