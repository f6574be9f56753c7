//! Edits are applied whole or not at all.

use session::{
    Change, Document, Edit, EditError, Episode, EpisodeId, EpisodeKind, Excluded, ExcludedId, Extra, Field, Item, Mark,
    MarkId, Medium, MediumId, Session, TrackKey, When,
};

use crate::timeline::{frames, key, session, stamp, with};

fn mark(id: u64, code: &str, first: i64, last: i64) -> Mark {
    Mark::new(MarkId(id), code, When::State { span: frames(first, last), open: false })
}

fn on(channel: &str, mark: Mark) -> Item {
    Item::Mark { track: key(channel), mark }
}

/// The changes are refused with this message, and nothing has changed.
#[track_caller]
fn check_refused(session: &Session, changes: Vec<Change>, message: &str) {
    let mut document = Document::new(session.clone());
    let edit = Edit { label: "test".to_owned(), changes };
    let error = document.apply(edit, stamp(0)).expect_err("the edit does not fit");
    assert_eq!(error.to_string(), message);
    assert_eq!(document.session(), session);
    assert!(document.history().entries().is_empty());
}

/// The changes are made, and their inverse gives the session back.
#[track_caller]
fn check_made(session: &Session, changes: Vec<Change>) -> Session {
    let mut document = Document::new(session.clone());
    document.apply(Edit { label: "test".to_owned(), changes }, stamp(0)).expect("the edit fits");
    let made = document.session().clone();
    assert_ne!(made, *session);
    document.history().prove(&made).expect("the history leads to the session");
    document.undo(stamp(1)).expect("it can be undone");
    assert_eq!(document.session(), session);
    document.redo(stamp(2)).expect("it can be made again");
    assert_eq!(*document.session(), made);
    made
}

#[test]
fn edit_whose_second_change_fails_is_not_made_at_all() {
    let changes =
        vec![Change::Insert(on("state", mark(50, "a", 0, 2))), Change::Remove(on("state", mark(99, "a", 0, 2)))];
    check_refused(&with("state", "...aa"), changes, "mark m99 is not in the session");
}

#[test]
fn removing_needs_the_mark_exactly_as_it_is() {
    let mut other = mark(11, "a", 3, 5);
    other.note = "another".to_owned();
    let changes = vec![Change::Remove(on("state", other))];
    check_refused(&with("state", "...aa"), changes, "mark m11 has changed since the edit was made");
}

#[test]
fn overlapping_states_on_an_exclusive_track_are_refused() {
    let session = with("state", "...aa");
    check_refused(
        &session,
        vec![Change::Insert(on("state", mark(50, "b", 4, 7)))],
        "marks m11 and m50 of infant.state overlap",
    );
    check_made(&session, vec![Change::Insert(on("state", mark(50, "b", 5, 7)))]);
    check_made(&with("many", "...aa"), vec![Change::Insert(on("many", mark(50, "b", 4, 7)))]);
}

#[test]
fn second_open_state_is_refused() {
    let open = mark(50, "b", 6, 7).with_span(frames(6, 7), true);
    check_refused(
        &with("state", "...aa>"),
        vec![Change::Insert(on("state", open))],
        "two states of infant.state are open",
    );
}

#[test]
fn mark_of_another_channel_is_refused() {
    let point = Mark { when: When::Point(frames(1, 2).start()), ..mark(50, "a", 1, 2) };
    check_refused(
        &session(),
        vec![Change::Insert(on("state", mark(50, "z", 1, 2)))],
        "mark m50 has code 'z', which is not a code of infant.state",
    );
    check_refused(
        &session(),
        vec![Change::Insert(on("state", point.clone()))],
        "mark m50 is a point on infant.state, which takes states",
    );
    check_refused(
        &session(),
        vec![Change::Insert(on("point", mark(50, "a", 1, 2)))],
        "mark m50 is a state on infant.point, which takes points",
    );
    check_made(&session(), vec![Change::Insert(on("point", point))]);
}

#[test]
fn id_that_is_used_on_another_track_is_refused() {
    check_refused(
        &with("state", "aa"),
        vec![Change::Insert(on("many", mark(11, "a", 0, 2)))],
        "mark m11 is in the session already",
    );
}

#[test]
fn mark_can_be_replaced_by_itself_on_another_track_and_by_no_other() {
    let session = with("state", "aa");
    let from = on("state", mark(11, "a", 0, 2));
    check_made(&session, vec![Change::Replace { from: from.clone(), to: on("loose", mark(11, "b", 1, 2)) }]);
    let to = on("state", mark(12, "a", 0, 2));
    check_refused(
        &session,
        vec![Change::Replace { from, to }],
        "an edit replaces mark m11 by m12, which is another thing",
    );
}

#[test]
fn marks_stay_sorted_whatever_the_order_of_the_changes() {
    let changes = [(50, 8, 9), (51, 0, 1), (52, 4, 6)]
        .map(|(id, first, last)| Change::Insert(on("state", mark(id, "a", first, last))));
    let made = check_made(&session(), changes.into());
    let starts: Vec<i64> = made.tracks[0].marks.iter().map(|mark| mark.start().micros() / 40_000).collect();
    assert_eq!(starts, [0, 4, 8]);
}

#[test]
fn episodes_are_sorted_and_disjoint() {
    let episode = |id, name: &str, first, last| {
        Item::Episode(Episode::new(EpisodeId(id), name, EpisodeKind::Play, frames(first, last)))
    };
    let changes = vec![Change::Insert(episode(50, "reunion", 40, 60)), Change::Insert(episode(51, "play", 0, 40))];
    let made = check_made(&session(), changes);
    assert_eq!(made.episodes.iter().map(|episode| episode.name.as_str()).collect::<Vec<_>>(), ["play", "reunion"]);
    check_refused(&made, vec![Change::Insert(episode(52, "still", 59, 70))], "episodes 'reunion' and 'still' overlap");
}

#[test]
fn excluded_time_may_overlap_and_is_sorted() {
    let excluded = |id, first, last| {
        Item::Excluded(Excluded {
            id: ExcludedId(id),
            span: frames(first, last),
            reason: "fell".to_owned(),
            extra: Extra::new(),
        })
    };
    let made = check_made(&session(), vec![Change::Insert(excluded(50, 20, 30)), Change::Insert(excluded(51, 10, 25))]);
    assert_eq!(made.excluded[0].id, ExcludedId(51));
    assert_eq!(made.excluded_time().length(), frames(10, 30).length());
}

#[test]
fn media_keep_their_order() {
    let medium = |id, index| Item::Medium { index, medium: Medium::new(MediumId(id), "b.mp4") };
    let made = check_made(&session(), vec![Change::Insert(medium(50, 0))]);
    assert_eq!(made.media[0].id, MediumId(50));
    check_refused(&session(), vec![Change::Insert(medium(50, 2))], "the place before medium v50 is not in the session");
    check_refused(&session(), vec![Change::Insert(medium(1, 1))], "medium v1 is in the session already");
}

#[test]
fn medium_that_a_track_is_coded_from_cannot_go() {
    let coded_from = |medium| Item::TrackMedium { track: key("state"), medium };
    let made =
        check_made(&session(), vec![Change::Replace { from: coded_from(None), to: coded_from(Some(MediumId(1))) }]);
    let gone = Change::Remove(Item::Medium { index: 0, medium: made.media[0].clone() });
    check_refused(&made, vec![gone], "track infant.state is coded from medium v1, which is not in the session");
}

#[test]
fn tracks_come_in_the_order_of_the_scheme_and_go_only_empty() {
    let made = check_made(&session(), vec![Change::Insert(Item::Track(key("extra")))]);
    assert_eq!(made.tracks.last().map(|track| &track.key), Some(&key("extra")));
    let elsewhere = TrackKey::new("infant", "elsewhere");
    check_refused(&session(), vec![Change::Insert(Item::Track(elsewhere))], "there is no track infant.elsewhere");
    check_refused(
        &with("state", "a"),
        vec![Change::Remove(Item::Track(key("state")))],
        "track infant.state is not empty: delete what is on it first",
    );
    check_made(&session(), vec![Change::Remove(Item::Track(key("loose")))]);
}

#[test]
fn scheme_that_lacks_a_used_code_is_refused() {
    let session = with("state", "aab");
    let mut scheme = session.scheme.clone();
    scheme.channels[0].codes.retain(|code| code.key != "c");
    let replace = |to: &session::Scheme| Change::Replace {
        from: Item::Scheme(session.scheme.clone().into()),
        to: Item::Scheme(to.clone().into()),
    };
    check_made(&session, vec![replace(&scheme)]);
    scheme.channels[0].codes.retain(|code| code.key != "b");
    check_refused(&session, vec![replace(&scheme)], "mark m12 has code 'b', which is not a code of infant.state");
}

#[test]
fn fields_are_replaced_and_nothing_else() {
    let name = |name: &str| Item::Field(Field::Name(name.to_owned()));
    let subject = |name: Option<&str>| {
        Item::Field(Field::SubjectName { subject: "infant".to_owned(), name: name.map(str::to_owned) })
    };
    check_made(&session(), vec![Change::Replace { from: name("dyad-01"), to: name("dyad-02") }]);
    check_made(&session(), vec![Change::Replace { from: subject(None), to: subject(Some("Mia")) }]);
    check_refused(&session(), vec![Change::Insert(name("dyad-02"))], "the session's name can only be replaced");
    check_refused(
        &session(),
        vec![Change::Replace { from: name("dyad-03"), to: name("dyad-02") }],
        "the session's name has changed since the edit was made",
    );
    let coder = Item::Field(Field::Coder("KL".to_owned()));
    check_refused(
        &session(),
        vec![Change::Replace { from: name("dyad-01"), to: coder }],
        "an edit replaces the session's name by the coder, which is another thing",
    );
}

#[test]
fn empty_edit_is_refused() {
    check_refused(&session(), Vec::new(), &EditError::Empty.to_string());
}
