//! The coded-timeline CSV, written and read.

mod common;

use common::{at, millis, number, point, scheme, session, set_marks, state};
use exchange::csv::{self, CsvOptions};
use exchange::{ExchangeError, Position, Report, Schemes, Severity};
use session::{Certainty, How, MediumId, Session, SessionId, When};
use span::Instant;

fn read(text: &str) -> Result<(Session, Report), ExchangeError> {
    let scheme = scheme();
    let read = csv::read(text.as_bytes(), Schemes { given: None, known: std::slice::from_ref(&scheme) });
    if let Ok((session, _)) = &read {
        session.check_rules().expect("what is read keeps the rules of a session");
    }
    read
}

fn text_of(session: &Session, options: &CsvOptions) -> String {
    String::from_utf8(csv::write(session, options).0).expect("CSV is UTF-8")
}

/// `(code, start ms, end ms)` of a track; a moment ends where it starts.
#[track_caller]
fn check_marks(session: &Session, track: &str, expected: &[(&str, i64, i64)]) {
    let track = session.track(&track.parse().expect("a track")).expect("the track is there");
    let marks: Vec<(&str, i64, i64)> = track
        .marks
        .iter()
        .map(|mark| (mark.code.as_str(), mark.when.start().micros() / 1_000, mark.when.end().micros() / 1_000))
        .collect();
    assert_eq!(marks, expected);
}

/// The items of a report as text.
fn items(report: &Report, severity: Severity) -> Vec<String> {
    report.of(severity).map(ToString::to_string).collect()
}

#[test]
fn the_file_reads_as_the_promise_says() {
    let mut session = Session::new(SessionId::from_bits(1), "d01", "c1", scheme());
    session.tracks.truncate(1);
    session.episodes =
        vec![session::Episode::new(session::EpisodeId(1), "play", session::EpisodeKind::Play, millis(0, 120_000))];
    set_marks(&mut session, "infant.gaze", vec![state("partner", millis(0, 2_500))]);
    let expected = "\
# attune csv 1, scheme test 1
# session d01 00000000000000000000000000000001
# coder c1
# episode play 0 120
# track infant gaze
session,coder,episode,subject,channel,code,onset_s,offset_s,duration_s,onset_frame,offset_frame,certainty,note
d01,c1,play,infant,gaze,partner,0,2.5,2.5,,,certain,
";
    assert_eq!(text_of(&session, &CsvOptions::default()), expected);
}

#[test]
fn everything_that_the_file_carries_comes_back() {
    let original = session();
    let (bytes, report) = csv::write(&original, &CsvOptions::default());
    assert_eq!(items(&report, Severity::Noted).len(), report.items.len(), "only a note, about the scheme: {report:?}");
    let (mut back, report) = csv::read(&bytes, Schemes { given: None, known: &[scheme()] }).expect("our own file");
    assert!(report.is_empty(), "{report:?}");
    number(&mut back);
    let mut expected = original;
    number(&mut expected);
    assert_eq!(back, expected);
}

#[test]
fn the_same_session_gives_the_same_bytes() {
    assert_eq!(csv::write(&session(), &CsvOptions::default()).0, csv::write(&session(), &CsvOptions::default()).0);
}

#[test]
fn frames_are_counted_on_the_medium_of_the_track() {
    let mut session = session();
    set_marks(&mut session, "parent.gaze", vec![state("partner", millis(760, 1_761))]);
    let frame = |medium: MediumId, time: Instant| (medium == MediumId(2)).then(|| (time.micros() / 40_000) as u64);
    let text = text_of(&session, &CsvOptions { plain: true, frame_number: Some(&frame) });
    // medium 2 starts 0.240001 s early and runs 1001:1000: (0.760 + 0.240001) / 1.001 = 0.999002 s, frame 24
    assert!(text.contains("parent,gaze,partner,0.76,1.761,1.001,24,49,certain,"), "{text}");
    assert!(text.contains("infant,affect,positive,1,3,2,,,certain,"), "{text}");
}

#[test]
fn what_rows_cannot_carry_is_reported() {
    let mut session = session();
    session.extra.insert("later".to_owned(), 1.into());
    let mut open = state("away", millis(9_000, 9_040));
    open.when = When::State { span: millis(9_000, 9_040), open: true };
    open.how = Some(How::Stepped);
    set_marks(&mut session, "infant.gaze", vec![open]);
    let (_, report) = csv::write(&session, &CsvOptions { plain: true, ..CsvOptions::default() });
    assert_eq!(items(&report, Severity::Noted).len(), 2, "{report:?}");
    assert_eq!(items(&report, Severity::Lost).len(), 3, "{report:?}");
}

#[test]
fn columns_stand_in_any_order() {
    let (session, _) = read("code,offset_s,onset_s,channel,subject\npartner,2,1,gaze,infant\n").expect("a table");
    check_marks(&session, "infant.gaze", &[("partner", 1_000, 2_000)]);
}

#[test]
fn an_empty_offset_is_a_moment() {
    let (session, report) =
        read("subject,channel,code,onset_s,offset_s\ninfant,smile,peak,1.5,\ninfant,gaze,away,3,\n").expect("a table");
    check_marks(&session, "infant.smile", &[("peak", 1_500, 1_500)]);
    check_marks(&session, "infant.gaze", &[]);
    assert_eq!(
        items(&report, Severity::Lost),
        ["lost, line 3: the channel infant.gaze holds states, and this one has no end"]
    );
}

#[test]
fn without_comment_lines_a_range_is_from_the_first_onset_to_the_last_offset() {
    let rows = "subject,channel,code,onset_s,offset_s\ninfant,affect,positive,1,2\ninfant,affect,neutral,5,7.5\n";
    let (session, report) = read(rows).expect("a table");
    let track = session.track(&"infant.affect".parse().expect("a track")).expect("the track is there");
    assert_eq!(track.coded.spans(), [millis(1_000, 7_500)]);
    let guessed = items(&report, Severity::Guessed);
    assert!(
        guessed.iter().any(|item| item.starts_with("guessed, track infant.affect") && item.ends_with("1 to 7.5 s")),
        "{guessed:?}"
    );
}

#[test]
fn coded_lines_say_what_was_looked_at_on_one_track_or_on_all() {
    let rows = "# attune csv 1, scheme test 1\n# coded infant affect 0.0 120.0\n# coded 0 60\nsubject,channel,code,onset_s,offset_s\ninfant,affect,positive,1,2\n";
    let (session, report) = read(rows).expect("a table");
    let coded = |track: &str| {
        session.track(&track.parse().expect("a track")).expect("the track is there").coded.spans().to_vec()
    };
    assert_eq!(coded("infant.affect"), [millis(0, 120_000)]);
    assert_eq!(coded("parent.touch"), [millis(0, 60_000)]);
    assert!(report.is_empty(), "{report:?}");
}

#[test]
fn a_line_about_an_episode_needs_no_quotes() {
    let rows = "# episode still face 0.0 120.0\n# excluded 12.0 15.5 the phone rang\nsubject,channel,code,onset_s,offset_s\ninfant,gaze,away,1,2\n";
    let (session, _) = read(rows).expect("a table");
    assert_eq!((session.episodes[0].name.as_str(), session.episodes[0].span), ("still face", millis(0, 120_000)));
    assert_eq!(
        (session.excluded[0].reason.as_str(), session.excluded[0].span),
        ("the phone rang", millis(12_000, 15_500))
    );
}

#[test]
fn the_later_onset_wins_from_there_on() {
    let header = "# coded 0 20\nsubject,channel,code,onset_s,offset_s\n";
    let rows = "infant,gaze,partner,0,10\ninfant,gaze,away,4,6\ninfant,gaze,object,5,9\ninfant,gaze,partner,5,7\n";
    let (session, report) = read(&format!("{header}{rows}")).expect("a table");
    check_marks(&session, "infant.gaze", &[("partner", 0, 4_000), ("away", 4_000, 5_000), ("partner", 5_000, 7_000)]);
    let lost = items(&report, Severity::Lost);
    assert_eq!(lost.len(), 3, "{lost:?}");
    assert_eq!(
        lost[0],
        "lost, line 4: 'away' begins at 4 s while 'partner' of line 3 lasts to 10 s: the earlier now ends there"
    );
    assert!(lost[2].starts_with("lost, line 6: 'partner' begins at 5 s while 'object' of line 5 lasts"), "{lost:?}");
}

#[test]
fn marks_of_a_track_that_is_not_exclusive_may_overlap() {
    let rows = "# coded 0 20\nsubject,channel,code,onset_s,offset_s\ninfant,touch,hold,0,10\ninfant,touch,stroke,4,6\n";
    let (session, report) = read(rows).expect("a table");
    check_marks(&session, "infant.touch", &[("hold", 0, 10_000), ("stroke", 4_000, 6_000)]);
    assert!(!report.has_losses(), "{report:?}");
}

#[test]
fn every_row_that_cannot_be_read_is_named_by_its_line() {
    let header = "# coded 0 20\nsubject,channel,code,onset_s,offset_s\n";
    let rows = "infant,gaze,away,x,2\ninfant,gaze,away,3,2\ninfant,gaze,away,NaN,1e308\n,gaze,away,0,1\ninfant,nose,away,0,1\ninfant,gaze\n";
    let (session, report) = read(&format!("{header}{rows}infant,gaze,away,0,1\n")).expect("a table");
    check_marks(&session, "infant.gaze", &[("away", 0, 1_000)]);
    let lines: Vec<&Position> = report.of(Severity::Lost).map(|item| &item.position).collect();
    let expected: Vec<Position> = [3, 4, 5, 6, 7, 8].into_iter().map(Position::Line).collect();
    assert_eq!(lines, expected.iter().collect::<Vec<_>>(), "{report:?}");
}

#[test]
fn a_code_that_the_channel_lacks_is_added_and_named() {
    let (session, report) =
        read("# coded 0 20\nsubject,channel,code,onset_s,offset_s\ninfant,gaze,ceiling,0,1\n").expect("a table");
    check_marks(&session, "infant.gaze", &[("ceiling", 0, 1_000)]);
    let guessed = items(&report, Severity::Guessed);
    assert!(
        guessed.iter().any(|item| item.contains("'ceiling' is not a code of the channel infant.gaze")),
        "{guessed:?}"
    );
}

#[test]
fn a_table_of_engagement_needs_no_scheme() {
    let rows = "subject,channel,code,onset_s,offset_s\ninfant,engagement,POS,0,4\ninfant,engagement,NEG,4,9\nparent,engagement,MON,0,9\n";
    let (session, report) = csv::read(rows.as_bytes(), Schemes::default()).expect("a table");
    session.check_rules().expect("a session");
    check_marks(&session, "infant.engagement", &[("POS", 0, 4_000), ("NEG", 4_000, 9_000)]);
    assert!(report.is_empty(), "{report:?}");
    let relation = session.scheme.relation.as_ref().expect("equal states match");
    assert_eq!(relation.pairs.iter().map(|(infant, _)| infant.as_str()).collect::<Vec<_>>(), ["NEG", "MON", "POS"]);
    let (bytes, _) = csv::write(&session, &CsvOptions::default());
    let (mut again, _) = csv::read(&bytes, Schemes::default()).expect("our own file");
    let mut expected = session;
    number(&mut again);
    number(&mut expected);
    assert_eq!(again, expected);
}

#[test]
fn a_scheme_that_nobody_knows_must_be_given() {
    let rows = "# attune csv 1, scheme \"my own\" 3\nsubject,channel,code,onset_s,offset_s\ninfant,gaze,away,0,1\n";
    let error = read(rows).expect_err("unknown");
    assert_eq!(error.to_string(), "the scheme 'my own' '3' is not built in: give its file with --scheme FILE");
    let (session, report) = csv::read(rows.as_bytes(), Schemes { given: Some(&scheme()), known: &[] }).expect("given");
    check_marks(&session, "infant.gaze", &[("away", 0, 1_000)]);
    assert_eq!(items(&report, Severity::Noted).len(), 1);
    let unnamed = "subject,channel,code,onset_s,offset_s\ninfant,nose,away,0,1\n";
    assert!(matches!(read(unnamed), Err(ExchangeError::NoScheme(channels)) if channels == "infant.nose"));
}

#[test]
fn files_of_spreadsheets_are_read() {
    let excel = "\u{feff}Subject;Channel;Code;Onset_s;Offset_s;Note\r\ninfant;gaze;away;0,5;1,25;\"a \"\"b\"\"\"\r\n";
    let (session, _) = read(excel).expect("a table");
    check_marks(&session, "infant.gaze", &[("away", 500, 1_250)]);
    assert_eq!(session.tracks[0].marks[0].note, "a \"b\"");
    let utf16: Vec<u8> = std::iter::once(0xfeff_u16)
        .chain("subject\tchannel\tcode\tonset_s\toffset_s\ninfant\tgaze\taway\t0\t1\n".encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let (session, _) = csv::read(&utf16, Schemes { given: Some(&scheme()), known: &[] }).expect("a table");
    check_marks(&session, "infant.gaze", &[("away", 0, 1_000)]);
}

#[test]
fn rows_of_other_coders_are_named_and_left_out() {
    let rows = "# coded 0 9\nsession,coder,subject,channel,code,onset_s,offset_s\nd1,a,infant,gaze,away,0,1\nd1,b,infant,gaze,away,2,3\nd1,b,infant,gaze,away,4,5\n";
    let (session, report) = read(rows).expect("a table");
    assert_eq!((session.name.as_str(), session.coder.as_str()), ("d1", "a"));
    check_marks(&session, "infant.gaze", &[("away", 0, 1_000)]);
    let lost = items(&report, Severity::Lost);
    assert_eq!(
        lost,
        ["lost, line 4: not read: 2 rows of the session 'd1' by the coder 'b'; one file is one session of one coder"]
    );
}

#[test]
fn episodes_of_the_rows_are_guessed_where_no_line_says_them() {
    let rows = "episode,subject,channel,code,onset_s,offset_s\nplay,infant,gaze,away,0,4\nplay,parent,gaze,away,1,11\nreunion,infant,gaze,away,10,20\n";
    let (session, _) = read(rows).expect("a table");
    let episodes: Vec<_> = session.episodes.iter().map(|episode| (episode.name.as_str(), episode.span)).collect();
    assert_eq!(episodes, [("play", millis(0, 10_000)), ("reunion", millis(10_000, 20_000))]);
}

#[test]
fn doubts_are_kept() {
    let rows = "# coded 0 9\nsubject,channel,code,onset_s,offset_s,certainty\ninfant,gaze,away,0,1,uncertain\ninfant,gaze,away,2,3,0.4\n";
    let (session, report) = read(rows).expect("a table");
    assert!(session.tracks[0].marks.iter().all(|mark| mark.certainty == Certainty::Uncertain));
    assert_eq!(items(&report, Severity::Lost).len(), 1);
}

#[test]
fn what_is_no_table_is_refused_with_the_reason() {
    assert!(matches!(read(""), Err(ExchangeError::Empty)));
    assert!(matches!(read("# attune csv 2, scheme test 1\n"), Err(ExchangeError::Newer(_))));
    let error = read("time,code\n1,a\n").expect_err("no columns");
    assert!(error.to_string().starts_with("the header has no column subject, channel, onset_s, offset_s"), "{error}");
}

#[test]
fn a_quote_that_is_never_closed_is_reported() {
    let rows =
        "# coded 0 9\nsubject,channel,code,onset_s,offset_s,note\ninfant,gaze,away,0,1,\"oh\ninfant,gaze,away,2,3,\n";
    let (session, report) = read(rows).expect("a table");
    check_marks(&session, "infant.gaze", &[("away", 0, 1_000)]);
    assert!(report.has_losses());
}

#[test]
fn moments_of_equal_time_are_both_kept() {
    let mut session = session();
    set_marks(&mut session, "infant.smile", vec![point("onset", at(5)), point("onset", at(5))]);
    let (bytes, _) = csv::write(&session, &CsvOptions::default());
    let (back, _) = csv::read(&bytes, Schemes { given: Some(&scheme()), known: &[] }).expect("our own file");
    check_marks(&back, "infant.smile", &[("onset", 5, 5), ("onset", 5, 5)]);
}

#[test]
fn quotes_in_a_comment_are_read_as_a_person_means_them() {
    let rows = "# excluded 2 3 \"he said \"\"no\"\" loudly\"\n# excluded 5 6 plain \"q\" end\n# coder the \"new\" one\n\
                subject,channel,code,onset_s,offset_s\ninfant,gaze,away,1,2\n";
    let (session, report) = read(rows).expect("it can be read");
    let reasons: Vec<&str> = session.excluded.iter().map(|excluded| excluded.reason.as_str()).collect();
    assert_eq!(reasons, ["he said \"no\" loudly", "plain \"q\" end"], "{report:?}");
    assert_eq!(session.coder, "the \"new\" one");
}

#[test]
fn a_built_in_scheme_is_not_said_to_be_needed_beside_the_file() {
    let mut built_in = Session::new(SessionId::from_bits(1), "d01", "c1", session::Scheme::built_in()[0].clone());
    let said = |session: &Session| {
        let (_, report) = csv::write(session, &CsvOptions::default());
        items(&report, Severity::Noted).into_iter().filter(|item| item.contains("scheme")).collect::<Vec<_>>()
    };
    assert_eq!(said(&built_in), Vec::<String>::new());
    built_in.scheme.channels[0].codes.pop();
    assert!(said(&built_in)[0].contains("not quite the built-in"), "{:?}", said(&built_in));
    assert!(said(&session())[0].contains("only the name of the scheme"), "{:?}", said(&session()));
}
