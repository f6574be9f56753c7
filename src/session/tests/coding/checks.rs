//! What looks wrong in a session.

use session::check::{CheckOptions, Finding, FindingKind, check};
use session::{Episode, EpisodeId, EpisodeKind, Excluded, ExcludedId, Extra, Session};
use span::Span;

use crate::timeline::{FRAME, at, frames, with};

/// The findings of one kind, as sentences.
fn found(session: &Session, kind: FindingKind) -> Vec<String> {
    found_with(session, kind, CheckOptions::default())
}

fn found_with(session: &Session, kind: FindingKind, options: CheckOptions<'_>) -> Vec<String> {
    check(session, options).into_iter().filter(|finding| finding.kind == kind).map(|finding| finding.message).collect()
}

#[test]
fn gap_between_codes_of_an_exhaustive_track_is_found() {
    assert_eq!(
        found(&with("state", "..aaaa..bbbb"), FindingKind::Gap),
        ["infant state has no code for 0.08 s at 0:00.2"]
    );
    assert_eq!(found(&with("loose", "..aaaa..bbbb"), FindingKind::Gap), [""; 0]);
}

#[test]
fn gap_that_is_excluded_or_between_episodes_is_none() {
    let mut excluded = with("state", "aaaa..bbbb");
    excluded.excluded.push(Excluded {
        id: ExcludedId(50),
        span: frames(4, 6),
        reason: "fell".to_owned(),
        extra: Extra::new(),
    });
    assert_eq!(found(&excluded, FindingKind::Gap), [""; 0]);
    let mut episodes = with("state", "aaaa..bbbb");
    let episode = |id, first, last| Episode::new(EpisodeId(id), "play", EpisodeKind::Play, frames(first, last));
    episodes.episodes = vec![episode(50, 0, 4), episode(51, 6, 10)];
    assert_eq!(found(&episodes, FindingKind::Gap), [""; 0]);
}

#[test]
fn state_of_few_frames_is_short_unless_it_is_open() {
    assert_eq!(found(&with("state", "aabbb"), FindingKind::Short), ["infant state 'a' at 0:00.0 lasts 2 frames"]);
    assert_eq!(found(&with("state", "bbba>"), FindingKind::Short), [""; 0]);
    let options = CheckOptions { min_frames: 1, ..CheckOptions::default() };
    assert_eq!(found_with(&with("state", "abbb"), FindingKind::Short, options), [""; 0]);
}

#[test]
fn open_state_is_noted() {
    assert_eq!(found(&with("state", "aaa>"), FindingKind::Open), ["infant state 'a' from 0:00.0 has not been ended"]);
}

#[test]
fn what_lies_outside_the_video_is_found() {
    let beyond = with("state", &format!("{}aaaaa", ".".repeat(97)));
    assert_eq!(
        found(&beyond, FindingKind::OutsideMedium),
        ["infant state 'a' at 0:03.8 is where the video shows nothing"]
    );
    let mut session = with("state", "");
    session.episodes.push(Episode::new(EpisodeId(50), "play", EpisodeKind::Play, frames(50, 101)));
    assert_eq!(
        found(&session, FindingKind::EpisodeOutsideMedia),
        ["episode play goes beyond the media, which show 0:00.0 to 0:04.0"]
    );
}

#[test]
fn mark_between_frames_is_found_where_the_frames_are_known() {
    let mut session = with("state", "aaaa");
    let off = Span::new(at(0), at(3) + span::Length::MICROSECOND).expect("it has a length");
    session.tracks[0].marks[0] = session.tracks[0].marks[0].with_span(off, false);
    let frame_at = |_, time: span::Instant| {
        let frame = time.micros().div_euclid(FRAME.micros());
        Some(frames(frame, frame + 1))
    };
    let options = CheckOptions { frame_at: Some(&frame_at), ..CheckOptions::default() };
    assert_eq!(
        found_with(&session, FindingKind::OffFrame, options),
        ["infant state 'a' at 0:00.0 does not stand on a frame"]
    );
    assert_eq!(found_with(&with("state", "aaaa"), FindingKind::OffFrame, options), [""; 0]);
    assert_eq!(found(&session, FindingKind::OffFrame), [""; 0]);
}

#[test]
fn two_states_of_one_code_at_once_are_found() {
    let mut session = with("many", "aaaa");
    let mut twice = session.tracks[2].marks[0].clone();
    twice.id = session::MarkId(50);
    session.tracks[2].marks.push(twice.with_span(frames(2, 6), false));
    assert_eq!(found(&session, FindingKind::Overlap), ["infant many 'a' is marked twice at 0:00.0"]);
}

#[test]
fn uncoded_time_and_unused_codes_are_noted() {
    let session = with("state", "aaaaabbbbb");
    let uncoded = found(&session, FindingKind::Uncoded);
    assert_eq!(
        uncoded[..2],
        ["3.6 s of infant state are not coded in session", "nothing of infant loose is coded in session"]
    );
    assert_eq!(found(&session, FindingKind::UnusedCode), ["infant state is never 'c'"]);
}

#[test]
fn medium_without_identity_is_noted() {
    assert_eq!(
        found(&with("state", ""), FindingKind::NoIdentity),
        ["nobody knows which file a.mp4 is: it would not be found if it moved"]
    );
}

#[test]
fn broken_rule_is_an_error() {
    let mut session = with("state", "aabb");
    session.tracks[0].marks.swap(0, 1);
    let errors: Vec<Finding> = check(&session, CheckOptions::default())
        .into_iter()
        .filter(|finding| finding.severity == session::check::Severity::Error)
        .collect();
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].message, "the marks of infant.state are not sorted at m11");
}
