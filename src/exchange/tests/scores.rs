//! Scores of a session and of its CSV are the same numbers.

use exchange::csv::{self, CsvOptions};
use exchange::{Schemes, eaf};
use session::{Medium, MediumId, Scheme, Session, score};
use span::{Instant, Length};

/// The coding of the demonstration session, with a medium and settings of its own.
fn coded() -> Session {
    let known = Scheme::built_in();
    let text = include_bytes!("../../../assets/demo/demo.csv");
    let (mut session, report) =
        csv::read(text, Schemes { given: None, known: &known }).expect("the demonstration's coding");
    assert!(!report.has_losses(), "{report:?}");
    let frame = Some(Length::from_millis(40));
    session.media =
        vec![Medium { frame, end: Some(Instant::from_micros(90_000_000)), ..Medium::new(MediumId(1), "demo.mp4") }];
    session.score_settings.insert("repair.of".to_owned(), serde_json::json!("ruptures"));
    session
}

#[test]
fn a_session_and_its_csv_have_the_same_scores() {
    let session = coded();
    let known = Scheme::built_in();
    let (back, _) = csv::read(&csv::write(&session, &CsvOptions::default()).0, Schemes { given: None, known: &known })
        .expect("our own file");
    let none = serde_json::Map::new();
    let scores = score(&session, &none).expect("settings of a session");
    assert!(scores.episodes.iter().any(|episode| !episode.mismatch_episodes.is_empty()));
    assert_eq!(score(&back, &none).expect("settings of a session"), scores);
}

#[test]
fn a_session_in_whole_milliseconds_and_its_elan_document_have_the_same_scores() {
    let session = coded();
    let known = Scheme::built_in();
    let (bytes, report) = eaf::write(&session);
    assert_eq!(report.of(exchange::Severity::Rounded).count(), 0, "{report:?}");
    let (back, _) = eaf::read(&bytes, Schemes { given: None, known: &known }).expect("our own file");
    let none = serde_json::Map::new();
    assert_eq!(
        score(&back, &none).expect("settings of a session"),
        score(&session, &none).expect("settings of a session")
    );
}

#[test]
fn states_of_engagement_are_scored_as_they_stand() {
    // SCIENCE 1.6's example with the derived states written as codes: 17 s codable, 6 s of match under plain equality
    let rows = "subject,channel,code,onset_s,offset_s\n\
        infant,engagement,MON,0,4\ninfant,engagement,OBJ,4,9\ninfant,engagement,POS,9,12\ninfant,engagement,USC,12,14\ninfant,engagement,NEG,14,20\n\
        parent,engagement,MON,0,6\nparent,engagement,POS,6,10\nparent,engagement,USC,10,11\nparent,engagement,POS,11,20\n";
    let (session, _) = csv::read(rows.as_bytes(), Schemes::default()).expect("a table");
    let scores = score(&session, &serde_json::Map::new()).expect("default settings");
    let matched = scores.episodes[0].scores.get("match.proportion").expect("the score");
    assert_eq!((matched.numerator, matched.denominator), (Some(6.0), Some(17.0)));
}
