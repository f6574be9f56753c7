//! ELAN documents, written and read. The expected times of `data/pympi.eaf` are what pympi-ling 1.71 wrote and read back.

mod common;

use common::{at, millis, number, point, scheme, session, set_marks, state};
use exchange::{ExchangeError, Report, Schemes, Severity, eaf};
use serde_json::Value;
use session::{ChannelKind, Session, SessionId};
use span::{Instant, Length};

fn read(text: &str) -> Result<(Session, Report), ExchangeError> {
    let read = eaf::read(text.as_bytes(), Schemes::default());
    if let Ok((session, _)) = &read {
        session.check_rules().expect("what is read keeps the rules of a session");
    }
    read
}

/// A document with these attributes of the header, slots and tiers.
fn document(header: &str, slots: &[(&str, &str)], tiers: &str) -> String {
    let slot = |(id, value): &(&str, &str)| {
        let value = if value.is_empty() { String::new() } else { format!(" TIME_VALUE=\"{value}\"") };
        format!("<TIME_SLOT TIME_SLOT_ID=\"{id}\"{value}/>")
    };
    let slots = slots.iter().map(slot).collect::<Vec<_>>().concat();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ANNOTATION_DOCUMENT AUTHOR=\"a\" DATE=\"2026-01-01T00:00:00Z\" FORMAT=\"3.0\" VERSION=\"3.0\">{header}<TIME_ORDER>{slots}</TIME_ORDER>{tiers}<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID=\"lt\" TIME_ALIGNABLE=\"true\"/></ANNOTATION_DOCUMENT>"
    )
}

fn annotation(id: &str, slot1: &str, slot2: &str, value: &str) -> String {
    format!(
        "<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID=\"{id}\" TIME_SLOT_REF1=\"{slot1}\" TIME_SLOT_REF2=\"{slot2}\"><ANNOTATION_VALUE>{value}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
    )
}

fn tier(attributes: &str, annotations: &[String]) -> String {
    format!("<TIER LINGUISTIC_TYPE_REF=\"lt\" {attributes}>{}</TIER>", annotations.concat())
}

fn marks(session: &Session, track: &str) -> Vec<(String, i64, i64)> {
    let track = session.track(&track.parse().expect("a track")).expect("the track is there");
    track.marks.iter().map(|mark| (mark.code.clone(), mark.when.start().micros(), mark.when.end().micros())).collect()
}

#[test]
fn everything_that_the_file_carries_comes_back() {
    let original = session();
    let (bytes, report) = eaf::write(&original);
    assert_eq!(report.of(Severity::Rounded).count(), 0, "{report:?}");
    let (mut back, report) = eaf::read(&bytes, Schemes { given: None, known: &[scheme()] }).expect("our own file");
    assert!(report.is_empty(), "{report:?}");
    back.check_rules().expect("a session");
    number(&mut back);
    let mut expected = original;
    number(&mut expected);
    assert_eq!(back, expected);
}

#[test]
fn the_same_session_gives_the_same_bytes() {
    assert_eq!(eaf::write(&session()), eaf::write(&session()));
}

#[test]
fn elements_stand_in_the_order_of_the_schema() {
    let text = String::from_utf8(eaf::write(&session()).0).expect("XML in UTF-8");
    let order =
        ["<HEADER", "<TIME_ORDER", "<TIER", "<LINGUISTIC_TYPE", "<LANGUAGE", "<CONSTRAINT", "<CONTROLLED_VOCABULARY"];
    let first: Vec<usize> =
        order.iter().map(|element| text.find(&format!("\n    {element}")).expect("it is there")).collect();
    let last: Vec<usize> =
        order.iter().map(|element| text.rfind(&format!("\n    {element}")).expect("it is there")).collect();
    assert!(last.iter().zip(&first[1..]).all(|(last, next)| last < next), "{text}");
    let header = ["<MEDIA_DESCRIPTOR", "<PROPERTY"].map(|element| text.find(element).expect("it is there"));
    assert!(header[0] < header[1]);
}

#[test]
fn time_slots_are_sorted() {
    let text = String::from_utf8(eaf::write(&session()).0).expect("XML in UTF-8");
    let times: Vec<i64> = text
        .split("TIME_VALUE=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().and_then(|time| time.parse().ok()).expect("a time"))
        .collect();
    assert!(times.is_sorted() && times.len() > 10, "{times:?}");
}

#[test]
fn finer_times_than_milliseconds_are_rounded_and_reported() {
    let mut session = session();
    let ntsc = |frame: i64| Instant::from_micros((frame * 100_100 + 1) / 3);
    set_marks(
        &mut session,
        "infant.gaze",
        vec![
            state("partner", span::Span::new(ntsc(1), ntsc(2)).expect("a span")),
            state("away", span::Span::new(ntsc(2), ntsc(3)).expect("a span")),
        ],
    );
    let (bytes, report) = eaf::write(&session);
    let rounded: Vec<String> = report.of(Severity::Rounded).map(ToString::to_string).collect();
    assert_eq!(rounded, ["rounded, track infant.gaze: to whole milliseconds: 4 times"]);
    let (back, _) = eaf::read(&bytes, Schemes { given: Some(&scheme()), known: &[] }).expect("our own file");
    assert_eq!(
        marks(&back, "infant.gaze"),
        [("partner".to_owned(), 33_000, 67_000), ("away".to_owned(), 67_000, 100_000)]
    );
}

#[test]
fn negative_times_are_moved_there_and_back() {
    let mut session = session();
    set_marks(&mut session, "infant.gaze", vec![state("partner", millis(-1_500, 2_000))]);
    let (bytes, report) = eaf::write(&session);
    assert!(report.of(Severity::Noted).any(|item| item.message.contains("moved by 1500 ms")), "{report:?}");
    let text = String::from_utf8(bytes.clone()).expect("XML in UTF-8");
    assert!(text.contains("TIME_ORIGIN=\"-1500\"") && !text.contains("TIME_VALUE=\"-"), "{text}");
    let (back, _) = eaf::read(&bytes, Schemes { given: Some(&scheme()), known: &[] }).expect("our own file");
    assert_eq!(marks(&back, "infant.gaze"), [("partner".to_owned(), -1_500_000, 2_000_000)]);
    assert_eq!(back.media, session.media);
    assert_eq!(back.episodes[0].span, session.episodes[0].span);
}

#[test]
fn characters_that_xml_cannot_hold_are_left_out_and_reported() {
    let mut session = session();
    session.coder = "a\u{1}b\tc".to_owned();
    let (bytes, report) = eaf::write(&session);
    assert!(report.has_losses());
    let (back, _) = eaf::read(&bytes, Schemes { given: Some(&scheme()), known: &[] }).expect("our own file");
    assert_eq!(back.coder, "ab\tc");
}

#[test]
fn our_own_file_without_its_scheme_gets_one_from_its_tiers() {
    let (bytes, _) = eaf::write(&session());
    let (back, report) = eaf::read(&bytes, Schemes::default()).expect("our own file");
    back.check_rules().expect("a session");
    assert!(report.of(Severity::Guessed).any(|item| item.message.starts_with("the scheme 'test' '1' is not built in")));
    let gaze = back.scheme.channel(&"infant.gaze".parse().expect("a track")).expect("the channel is there");
    assert_eq!(
        gaze.codes.iter().map(|code| code.key.as_str()).collect::<Vec<_>>(),
        ["partner", "object", "away", "unscorable"]
    );
    assert_eq!(
        back.scheme.channel(&"infant.smile".parse().expect("a track")).expect("the channel is there").kind,
        ChannelKind::Point
    );
    assert_eq!(back.episodes.len(), 2);
}

#[test]
fn an_episode_changed_in_elan_is_taken_as_it_is_there() {
    let (bytes, _) = eaf::write(&session());
    let text = String::from_utf8(bytes)
        .expect("XML in UTF-8")
        .replace("<ANNOTATION_VALUE>play</ANNOTATION_VALUE>", "<ANNOTATION_VALUE>free play</ANNOTATION_VALUE>");
    let (back, report) = eaf::read(text.as_bytes(), Schemes { given: None, known: &[scheme()] }).expect("our own file");
    assert_eq!(back.episodes[0].name, "free play");
    assert_eq!(report.of(Severity::Noted).count(), 2, "{report:?}");
}

#[test]
fn a_document_of_pympi_reads_as_pympi_reads_it() {
    let expected: Value = serde_json::from_str(include_str!("data/expected.json")).expect("JSON");
    let tiers = expected["cases"][0]["expected_tiers"].as_object().expect("tiers");
    let (session, report) = read(include_str!("data/pympi.eaf")).expect("an ELAN document");
    for (tier, track) in [
        ("parent", "parent.code"),
        ("infant", "infant.code"),
        ("tier with spaces & <xml>", "all.tier with spaces & <xml>"),
    ] {
        let expected: Vec<(String, i64, i64)> = tiers[tier]
            .as_array()
            .expect("annotations")
            .iter()
            .map(|annotation| {
                let time = |name: &str| annotation[name].as_i64().expect("milliseconds") * 1_000;
                let code = annotation["code"].as_str().expect("a code");
                (if code.is_empty() { "(empty)".to_owned() } else { code.to_owned() }, time("start"), time("end"))
            })
            .collect();
        assert_eq!(marks(&session, track), expected, "{tier}");
    }
    assert!(
        report.of(Severity::Noted).any(|item| item.to_string() == "noted, tier 'empty': it is empty: left out"),
        "{report:?}"
    );
}

#[test]
fn slots_without_a_time_lie_evenly_between_their_neighbours() {
    let (session, report) = read(include_str!("data/hand.eaf")).expect("an ELAN document");
    let marks = marks(&session, "all.T");
    assert_eq!(
        marks,
        [
            ("unaligned end".to_owned(), 100_000, 500_000),
            ("unaligned start".to_owned(), 500_000, 900_000),
            ("zero".to_owned(), 900_000, 901_000),
        ]
    );
    assert!(
        report
            .of(Severity::Guessed)
            .any(|item| item.message.starts_with("2 annotations whose start or end has no time")),
        "{report:?}"
    );
    assert!(
        report
            .of(Severity::Guessed)
            .any(|item| item.to_string().starts_with("guessed, annotation a3: it has no length")),
        "{report:?}"
    );
}

#[test]
fn a_chain_that_goes_round_in_a_circle_ends() {
    let tiers = tier(
        "TIER_ID=\"t\"",
        &[annotation("a1", "s1", "s2", "x"), annotation("a2", "s2", "s1", "x"), annotation("a3", "s0", "s1", "x")],
    );
    let (_, report) =
        read(&document("<HEADER/>", &[("s0", "0"), ("s1", ""), ("s2", "")], &tiers)).expect("an ELAN document");
    assert!(
        report.of(Severity::Lost).any(|item| item.message.starts_with("3 annotations without a time")),
        "{report:?}"
    );
}

#[test]
fn frames_of_ntsc_and_pal_become_exact_times() {
    let tiers = tier("TIER_ID=\"infant.gaze\"", &[annotation("a1", "s1", "s2", "x")]);
    for (units, end_us) in [("NTSC-frames", 1_001_000), ("PAL-frames", 1_200_000), ("milliseconds", 30_000)] {
        let (session, _) =
            read(&document(&format!("<HEADER TIME_UNITS=\"{units}\"/>"), &[("s1", "0"), ("s2", "30")], &tiers))
                .expect("an ELAN document");
        assert_eq!(marks(&session, "infant.gaze"), [("x".to_owned(), 0, end_us)], "{units}");
    }
}

#[test]
fn an_origin_says_where_in_the_file_time_begins() {
    let media = "<HEADER><MEDIA_DESCRIPTOR MEDIA_URL=\"file:///C:/my%20clips/a.mp4\" MIME_TYPE=\"video/mp4\" TIME_ORIGIN=\"2500\"/><MEDIA_DESCRIPTOR MEDIA_URL=\"file:///x/b.mp4\" RELATIVE_MEDIA_URL=\"./b%C3%A4.mp4\" MIME_TYPE=\"video/mp4\"/></HEADER>";
    let tiers = tier("TIER_ID=\"infant.gaze\"", &[annotation("a1", "s1", "s2", "x")]);
    let (session, _) = read(&document(media, &[("s1", "0"), ("s2", "30")], &tiers)).expect("an ELAN document");
    assert_eq!(
        (session.media[0].path.as_str(), session.media[0].offset),
        ("C:/my clips/a.mp4", Length::from_millis(-2_500))
    );
    assert_eq!(session.media[0].medium_time(Instant::ZERO), at(2_500));
    assert_eq!((session.media[1].path.as_str(), session.media[1].offset), ("bä.mp4", Length::ZERO));
}

#[test]
fn both_kinds_of_vocabulary_become_codes() {
    let old = "<CONTROLLED_VOCABULARY CV_ID=\"v\" DESCRIPTION=\"\"><CV_ENTRY DESCRIPTION=\"looks\">partner</CV_ENTRY><CV_ENTRY>away</CV_ENTRY></CONTROLLED_VOCABULARY>";
    let new = "<CONTROLLED_VOCABULARY CV_ID=\"v\"><DESCRIPTION LANG_REF=\"eng\">d</DESCRIPTION><CV_ENTRY_ML CVE_ID=\"c0\"><CVE_VALUE DESCRIPTION=\"looks\" LANG_REF=\"eng\">partner</CVE_VALUE><CVE_VALUE LANG_REF=\"nld\">kijkt</CVE_VALUE></CV_ENTRY_ML><CV_ENTRY_ML CVE_ID=\"c1\"><CVE_VALUE LANG_REF=\"eng\">away</CVE_VALUE></CV_ENTRY_ML></CONTROLLED_VOCABULARY>";
    let tiers =
        tier("TIER_ID=\"gaze\" PARTICIPANT=\"infant\" ANNOTATOR=\"c7\"", &[annotation("a1", "s1", "s2", "partner")]);
    for vocabulary in [old, new] {
        let text = document("<HEADER/>", &[("s1", "0"), ("s2", "30")], &tiers).replace(
            "LINGUISTIC_TYPE_ID=\"lt\" TIME_ALIGNABLE=\"true\"/>",
            &format!("LINGUISTIC_TYPE_ID=\"lt\" CONTROLLED_VOCABULARY_REF=\"v\" TIME_ALIGNABLE=\"true\"/>{vocabulary}"),
        );
        let (session, _) = read(&text).expect("an ELAN document");
        let channel = session.scheme.channel(&"infant.gaze".parse().expect("a track")).expect("the channel is there");
        let codes: Vec<(&str, &str)> =
            channel.codes.iter().map(|code| (code.key.as_str(), code.label.as_str())).collect();
        assert_eq!(codes, [("partner", "looks"), ("away", "away")]);
        assert_eq!(session.coder, "c7");
    }
}

#[test]
fn what_refers_to_annotations_becomes_a_note_or_is_reported() {
    let reference = "<TIER LINGUISTIC_TYPE_REF=\"assoc\" PARENT_REF=\"t\" TIER_ID=\"intensity\"><ANNOTATION><REF_ANNOTATION ANNOTATION_ID=\"r1\" ANNOTATION_REF=\"a1\"><ANNOTATION_VALUE>3 &amp; more</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER>\
        <TIER LINGUISTIC_TYPE_REF=\"sub\" PARENT_REF=\"t\" TIER_ID=\"parts\"><ANNOTATION><REF_ANNOTATION ANNOTATION_ID=\"r2\" ANNOTATION_REF=\"a1\"><ANNOTATION_VALUE>p</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER>\
        <LINGUISTIC_TYPE LINGUISTIC_TYPE_ID=\"assoc\" CONSTRAINTS=\"Symbolic_Association\"/><LINGUISTIC_TYPE LINGUISTIC_TYPE_ID=\"sub\" CONSTRAINTS=\"Symbolic_Subdivision\"/>";
    let tiers = tier("TIER_ID=\"infant.gaze\"", &[annotation("a1", "s1", "s2", "x")]);
    let (session, report) = read(&document("<HEADER/>", &[("s1", "0"), ("s2", "30")], &format!("{tiers}{reference}")))
        .expect("an ELAN document");
    assert_eq!(session.tracks[0].marks[0].note, "intensity: 3 & more");
    let lost: Vec<String> = report.of(Severity::Lost).map(ToString::to_string).collect();
    assert_eq!(lost, ["lost, tier 'parts': without a time of their own, as parts or notes of others: 1 annotation"]);
}

#[test]
fn free_text_becomes_notes() {
    let annotations: Vec<String> = (0..50)
        .map(|n| annotation(&format!("a{n}"), &format!("s{n}"), &format!("s{}", n + 1), &format!("sentence {n}")))
        .collect();
    let times: Vec<(String, String)> = (0..=50).map(|n| (format!("s{n}"), (n * 100).to_string())).collect();
    let slots: Vec<(&str, &str)> = times.iter().map(|(id, time)| (id.as_str(), time.as_str())).collect();
    let (session, _) = read(&document("<HEADER/>", &slots, &tier("TIER_ID=\"words@parent\"", &annotations)))
        .expect("an ELAN document");
    let track = session.track(&"parent.words".parse().expect("a track")).expect("the track is there");
    assert_eq!(
        (track.marks.len(), track.marks[7].code.as_str(), track.marks[7].note.as_str()),
        (50, "text", "sentence 7")
    );
}

#[test]
fn with_a_scheme_given_tiers_find_their_tracks_and_others_are_named() {
    let tiers = [
        tier("TIER_ID=\"gaze\" PARTICIPANT=\"infant\"", &[annotation("a1", "s1", "s2", "away")]),
        tier("TIER_ID=\"parent.smile\"", &[annotation("a2", "s1", "s3", "peak")]),
        tier("TIER_ID=\"nose\"", &[annotation("a3", "s1", "s2", "x")]),
    ];
    let text = document("<HEADER/>", &[("s1", "0"), ("s2", "30"), ("s3", "2")], &tiers.concat());
    let (session, report) =
        eaf::read(text.as_bytes(), Schemes { given: Some(&scheme()), known: &[] }).expect("an ELAN document");
    assert_eq!(marks(&session, "infant.gaze"), [("away".to_owned(), 0, 30_000)]);
    assert_eq!(marks(&session, "parent.smile"), [("peak".to_owned(), 0, 0)]);
    let lost: Vec<String> = report.of(Severity::Lost).map(ToString::to_string).collect();
    assert_eq!(lost, ["lost, tier 'nose': no channel of the scheme test 1 is like it: 1 annotation left out"]);
}

#[test]
fn what_is_no_whole_elan_document_is_refused_with_the_place() {
    let whole = include_str!("data/pympi.eaf");
    let cut = &whole[..whole.len() / 2];
    let error = read(cut).expect_err("cut off").to_string();
    let n_lines = cut.lines().count();
    assert!(error.starts_with(&format!("line {n_lines}: ")), "{error}");
    assert!(matches!(read("  "), Err(ExchangeError::Empty)));
    assert!(matches!(read("<html><body/></html>"), Err(ExchangeError::NotElan(name)) if name == "html"));
    assert!(matches!(read("no XML at all"), Err(ExchangeError::NotElan(_))));
    let deep = format!("<ANNOTATION_DOCUMENT>{}", "<a>".repeat(1_000_000));
    assert!(read(&deep).expect_err("deep").to_string().contains("lie in each other"));
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><ANNOTATION_DOCUMENT><HEADER><PROPERTY NAME=\"p\">&b;</PROPERTY></HEADER></ANNOTATION_DOCUMENT>";
    let (_, report) = read(bomb).expect("an empty document");
    assert!(report.of(Severity::Lost).any(|item| item.message == "the entity 'b' is not known"), "{report:?}");
}

#[test]
fn a_later_version_of_our_own_lines_is_refused() {
    let text =
        String::from_utf8(eaf::write(&session()).0).expect("XML in UTF-8").replace("attune eaf 1,", "attune eaf 2,");
    assert!(matches!(read(&text), Err(ExchangeError::Newer(_))));
}

#[test]
fn an_empty_session_is_a_document_too() {
    let session = Session::new(SessionId::from_bits(1), "d01", "c1", scheme());
    let (bytes, report) = eaf::write(&session);
    assert!(!report.has_losses());
    let (back, _) = eaf::read(&bytes, Schemes { given: None, known: &[scheme()] }).expect("our own file");
    assert_eq!(back, session);
}

#[test]
fn moments_are_annotations_of_a_millisecond() {
    let mut session = session();
    set_marks(&mut session, "infant.smile", vec![point("onset", at(5)), point("peak", at(5))]);
    let (bytes, report) = eaf::write(&session);
    assert!(
        report
            .of(Severity::Noted)
            .any(|item| item.message.starts_with("written as annotations of one millisecond: 2 moments")),
        "{report:?}"
    );
    let (back, _) = eaf::read(&bytes, Schemes { given: Some(&scheme()), known: &[] }).expect("our own file");
    assert_eq!(marks(&back, "infant.smile"), [("onset".to_owned(), 5_000, 5_000), ("peak".to_owned(), 5_000, 5_000)]);
}
