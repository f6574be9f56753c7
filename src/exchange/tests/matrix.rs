//! The state matrix. Expected cells were counted by hand.

mod common;

use common::{at, millis, point, session, set_marks, state};
use exchange::matrix::{self, Rows};
use exchange::{Report, Severity};
use session::Session;
use span::Length;

/// The cells of a column, in the order of the rows.
fn column(session: &Session, rows: Rows, name: &str) -> (Vec<String>, Report) {
    let (bytes, report) = matrix::write(session, rows);
    let text = String::from_utf8(bytes).expect("CSV is UTF-8");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let at = reader.headers().expect("a header").iter().position(|column| column == name).expect("the column is there");
    (reader.records().map(|record| record.expect("a row")[at].to_owned()).collect(), report)
}

fn short_session() -> Session {
    let mut session = session();
    session.media.clear();
    session.episodes.clear();
    session.excluded[0].span = millis(4_000, 5_000);
    for track in ["infant.gaze", "infant.affect", "parent.touch", "infant.smile"] {
        set_marks(&mut session, track, Vec::new());
    }
    let coded = |session: &mut Session, track: &str| common::track_mut(session, track).coded = millis(0, 6_000).into();
    coded(&mut session, "infant.affect");
    coded(&mut session, "parent.touch");
    coded(&mut session, "infant.smile");
    session
}

#[test]
fn a_row_is_the_instant_at_its_time() {
    let mut session = short_session();
    set_marks(
        &mut session,
        "infant.affect",
        vec![state("positive", millis(1_000, 2_000)), state("neutral", millis(2_000, 4_500))],
    );
    let (cells, report) = column(&session, Rows::Every(Length::SECOND), "infant.affect");
    assert_eq!(cells, ["none", "positive", "neutral", "neutral", "", "none"]); // row 4 is excluded
    assert!(report.is_empty(), "{report:?}");
    assert_eq!(column(&session, Rows::Every(Length::SECOND), "excluded").0, ["", "", "", "", "camera \"fell\"", ""]);
    assert_eq!(column(&session, Rows::Every(Length::SECOND), "time_s").0, ["0", "1", "2", "3", "4", "5"]);
}

#[test]
fn silence_on_an_exhaustive_track_is_missing() {
    let mut session = short_session();
    set_marks(
        &mut session,
        "infant.gaze",
        vec![state("partner", millis(0, 1_000)), state("unscorable", millis(2_000, 3_000))],
    );
    let (cells, report) = column(&session, Rows::Every(Length::SECOND), "infant.gaze");
    assert_eq!(cells, ["partner", "", "", "", "", ""]);
    assert_eq!(report.of(Severity::Noted).count(), 1, "{report:?}");
}

#[test]
fn several_at_once_are_joined() {
    let mut session = short_session();
    set_marks(
        &mut session,
        "parent.touch",
        vec![state("stroke", millis(0, 3_000)), state("hold", millis(1_000, 2_000))],
    );
    assert_eq!(
        column(&session, Rows::Every(Length::SECOND), "parent.touch").0,
        ["stroke", "stroke+hold", "stroke", "none", "", "none"]
    );
}

#[test]
fn a_moment_is_in_the_row_before_the_next() {
    let mut session = short_session();
    set_marks(
        &mut session,
        "infant.smile",
        vec![point("onset", at(1_000)), point("peak", at(1_999)), point("onset", at(2_000))],
    );
    assert_eq!(
        column(&session, Rows::Every(Length::SECOND), "infant.smile").0,
        ["none", "onset+peak", "onset", "none", "", "none"]
    );
}

#[test]
fn a_state_that_no_row_shows_is_reported() {
    let mut session = short_session();
    set_marks(&mut session, "infant.affect", vec![state("positive", millis(1_100, 1_900))]);
    let (cells, report) = column(&session, Rows::Every(Length::SECOND), "infant.affect");
    assert_eq!(cells, ["none", "none", "none", "none", "", "none"]);
    let lost: Vec<String> = report.of(Severity::Lost).map(ToString::to_string).collect();
    assert_eq!(lost, ["lost, track infant.affect: over before the next row: 1 state; take shorter steps"]);
}

#[test]
fn frames_are_rows_with_their_numbers() {
    let mut session = short_session();
    set_marks(&mut session, "infant.affect", vec![state("positive", millis(40, 81))]);
    let frames = [at(0), at(40), at(81)];
    let (bytes, _) = matrix::write(&session, Rows::Frames(&frames));
    let text = String::from_utf8(bytes).expect("CSV is UTF-8");
    let rows: Vec<&str> = text.lines().map(|line| &line[..line.len().min(12)]).collect();
    assert_eq!(rows, ["frame,time_s", "0,0,,,,none,", "1,0.04,,,,po", "2,0.081,,,,n"]);
}

#[test]
fn whether_the_partners_match_is_a_column() {
    let rows = "subject,channel,code,onset_s,offset_s\n\
        infant,engagement,POS,0,4\nparent,engagement,POS,0,2\nparent,engagement,MON,2,3\n";
    let (session, _) = exchange::csv::read(rows.as_bytes(), exchange::Schemes::default()).expect("a table");
    assert_eq!(column(&session, Rows::Every(Length::SECOND), "match").0, ["1", "1", "0", ""]);
}

#[test]
fn a_table_without_end_is_cut_and_it_is_said() {
    let mut session = short_session();
    set_marks(&mut session, "infant.affect", vec![state("positive", millis(0, 10_000_000))]);
    session.tracks.retain(|track| track.key.to_string() == "infant.affect");
    let (_, report) = matrix::write(&session, Rows::Every(Length::ZERO));
    assert!(report.of(Severity::Lost).any(|item| item.message.starts_with("the table is cut")), "{report:?}");
}
