//! `attune check`, `log` and `recover`.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use session::file::{Disk, Existing, Holder, OsDisk, create};
use session::{
    Change, Document, Edit, EpisodeId, EpisodeKind, Item, Mark, MarkId, Scheme, Session, SessionId, Stamp, When,
};
use span::Span;

use crate::desk::Desk;

#[test]
fn check_finds_what_is_wrong() {
    let desk = Desk::new();
    desk.write("c.csv", "# episode play 0 90\n# medium 1 demo.mp4 - offset 0 rate 1/1 end 90 frame 0.04\nsubject,channel,code,onset_s,offset_s\ninfant,gaze,partner,0,1\ninfant,gaze,away,2,2.05\n");
    let checked = desk.say("check c.csv --format json").succeeds().json();
    assert_eq!(checked["schema"], "attune.check/1");
    let kinds: Vec<&str> = checked["files"][0]["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|finding| finding["kind"].as_str())
        .collect();
    for kind in ["gap", "short", "off_frame", "uncoded"] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    let kinds = desk.say("check demo.csv --format json").succeeds().json();
    let severe = kinds["files"][0]["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|finding| finding["severity"] == "warning")
        .count();
    assert_eq!(severe, 0, "the demonstration stands on its frames: {kinds}");
    assert!(desk.say("check c.csv --format csv").succeeds().out.starts_with("file,session,severity,kind,track,"));
}

/// A session with three steps in its history.
fn session_with_history(path: &Path) {
    let scheme = Scheme::built_in().remove(0);
    let mut session = Session::new(SessionId::from_bits(5), "d05", "c1", scheme);
    session.episodes = vec![session::Episode::new(
        EpisodeId(1),
        "play",
        EpisodeKind::Play,
        Span::from_micros(0, 60_000_000).expect("a span"),
    )];
    let mut document = Document::new(session);
    let holder = Holder::here("c1", Timestamp::UNIX_EPOCH);
    let disk: Arc<dyn Disk> = Arc::new(OsDisk);
    let file = create(&disk, path, &mut document, Existing::Refuse, holder).expect("the folder can be written");
    for n in 0..3_i64 {
        let span = Span::from_micros(n * 2_000_000, n * 2_000_000 + 1_000_000).expect("a span");
        let mark = Mark::new(MarkId(10 + n as u64), "partner", When::State { span, open: false });
        let change = Change::Insert(Item::Mark { track: "infant.gaze".parse().expect("a track"), mark });
        let stamp = Stamp { time: Timestamp::from_second(1_000 + n).expect("a time"), who: "c1".to_owned() };
        document.apply(Edit::one(format!("step {n}"), change), stamp).expect("the mark fits");
    }
    file.save(&mut document, Timestamp::from_second(2_000).expect("a time")).expect("the folder can be written");
}

#[test]
fn the_log_says_who_did_what_and_proves_that_it_is_whole() {
    let desk = Desk::new();
    session_with_history(&desk.path("h.attune"));
    let log = desk.say("log h.attune --format json").succeeds().json();
    assert_eq!(log["schema"], "attune.log/1");
    let labels: Vec<&str> =
        log["entries"].as_array().expect("a list").iter().filter_map(|entry| entry["label"].as_str()).collect();
    assert_eq!(labels, ["step 0", "step 1", "step 2"]);
    assert!(desk.say("log h.attune").succeeds().out.contains("1970-01-01T00:16:41Z  c1"));
    let proof = desk.say("log h.attune --verify --format json").succeeds().json();
    assert_eq!(
        (&proof["proof"]["whole"], &proof["proof"]["entries"], &proof["proof"]["head"]),
        (&true.into(), &3.into(), &log["head"])
    );
    let altered = desk.read("h.attune").replacen("step 1", "step X", 1);
    desk.write("altered.attune", &altered);
    desk.say("log altered.attune --verify").fails(1, &["altered.attune: the log is not whole"]);
    desk.say("log demo.csv").fails(1, &["demo.csv has no log"]);
    desk.say("log demo.csv --verify").fails(1, &["demo.csv has no log"]);
}

#[test]
fn a_session_is_recovered_from_its_journal_and_its_saves() {
    let desk = Desk::new();
    session_with_history(&desk.path("h.attune"));
    let whole = desk.read("h.attune");
    desk.write("h.attune", &whole[..whole.len() / 2]);
    desk.say("score h.attune").fails(1, &["h.attune ends too early", "attune recover"]);
    desk.say("recover h.attune").fails(0, &["h-recovered.attune is written: 3 marks"]);
    let log = desk.say("log h-recovered.attune --format json").succeeds().json();
    assert_eq!(log["entries"].as_array().map(Vec::len), Some(3));
    desk.say("recover h.attune").fails(1, &["h-recovered.attune is there already", "--force"]);
    desk.say("recover h.attune --force").succeeds();
    desk.say("recover demo.csv").fails(1, &["demo.csv is no session", ".attune"]);
    desk.say("recover nowhere.attune").fails(1, &["nowhere.attune", "recovered"]);
}

#[test]
fn check_names_every_broken_rule_of_a_session_and_every_code_that_the_named_scheme_lacks() {
    let desk = Desk::new();
    desk.session();
    let text = desk.read("demo.attune");
    let (state, history) = text.split_at(text.find("\"history\"").expect("the history"));
    let state = state.replacen("\"code\":\"partner\"", "\"code\":\"banana\"", 1);
    let state = state.replacen("\"code\":\"away\"", "\"code\":\"cherry\"", 1);
    desk.write("bad.attune", &format!("{state}{history}"));
    let run = desk.say("check bad.attune");
    assert_eq!(run.status, 1);
    assert!(run.out.contains("has code 'banana'") && run.out.contains("has code 'cherry'"), "{}", run.out);

    let rows = "# attune csv 1, scheme infant-parent 1\nsubject,channel,code,onset_s,offset_s\n";
    desk.write("bad.csv", &format!("{rows}infant,gaze,banana,0,1\ninfant,gaze,away,1,2\ninfant,gaze,away,2,3\n"));
    let run = desk.say("check bad.csv");
    assert_eq!(run.status, 1);
    assert!(run.out.contains("'banana' at 0:00.0 is no code of the scheme infant-parent 1"), "{}", run.out);
    assert!(run.out.contains("goes on at 0:02.0 in another mark"), "{}", run.out);
}
