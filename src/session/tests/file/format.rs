//! The text of a session's file: what a person reads in a diff, what later versions add, what is left of a cut one.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use session::file::{self, Damage, Disk, Existing, FileError};

use crate::fixture::{at, beside, holder, made, open, path, work};
use crate::sim::SimDisk;

fn text(disk: &SimDisk) -> String {
    String::from_utf8(disk.get(&path()).expect("the file")).expect("text")
}

#[test]
fn each_mark_and_each_step_has_a_line_of_its_own() {
    let (_, sim, mut document, file) = made(2);
    let before = text(&sim);
    work(&mut document, 2);
    file.save(&mut document, at(60)).expect("it is saved");
    let after = text(&sim);
    let added: Vec<&str> =
        after.lines().filter(|line| !before.contains(line.trim_end_matches(','))).map(str::trim).collect();
    assert_eq!(added.len(), 2, "{added:?}");
    assert_eq!(added[0], r#"{"id":"m102","code":"partner","span_us":[2000000,3000000]}"#);
    assert!(
        added[1].starts_with(r#"{"seq":3,"time":"2026-11-24T09:00:02Z","who":"C1","label":"code 2","#),
        "{}",
        added[1]
    );
}

#[test]
fn the_same_session_gives_the_same_bytes() {
    let (_, first, ..) = made(7);
    let (_, second, ..) = made(7);
    assert_eq!(text(&first), text(&second));
    let mut opened = open(&first);
    let before = text(&first);
    opened.file.save(&mut opened.document, at(2000)).expect("it is saved");
    assert_eq!(text(&first), before);
}

/// Adds a field to every object; what rules ask `when` is a table, and no object with fields.
fn add_fields(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(add_fields),
        Value::Object(fields) => {
            fields.iter_mut().filter(|(key, _)| *key != "when").for_each(|(_, value)| add_fields(value));
            let added = json!({"x": [1, 2.5, -1e-7, null], "é": "\u{1F9F8}"});
            fields.insert("added_later".to_owned(), added);
        }
        _ => {}
    }
}

#[test]
fn fields_of_later_versions_survive_on_every_object() {
    let (_, sim, ..) = made(0);
    let mut value: Value = serde_json::from_str(&text(&sim)).expect("JSON");
    let session = &mut value["session"];
    session["media"][0]["identity"] = json!({"bytes": 5, "ends": "ab"});
    session["excluded"] = json!([{"id": "x3", "span_us": [0, 5], "reason": "the door"}]);
    session["scheme"]["engagement"] = json!([{
        "subject": "infant", "states": [{"key": "SOC", "label": "social"}],
        "rules": [{"when": {"gaze": ["partner"]}, "state": "SOC"}],
    }]);
    session["scheme"]["match"] = json!({"name": "same", "pairs": [["SOC", "SOC"]]});
    add_fields(session);
    value["history"]["first"] = value["session"].clone();
    value["added_later"] = json!("to the file");
    let later = SimDisk::default();
    later.put(&path(), value.to_string().as_bytes());

    let mut opened = open(&later);
    work(&mut opened.document, 0);
    opened.file.save(&mut opened.document, at(2000)).expect("it is saved");
    let mut saved: Value = serde_json::from_str(&text(&later)).expect("JSON");
    let marks = saved["session"]["tracks"][0]["marks"].as_array_mut().expect("the marks");
    assert_eq!(marks.len(), 1);
    marks.clear();
    saved["history"]["entries"].as_array_mut().expect("the entries").clear();
    value["written_by"] = saved["written_by"].clone();
    assert_eq!(saved, value);
}

#[test]
fn fields_of_later_versions_survive_on_marks_and_entries_and_the_chain_stays_whole() {
    let (_, sim, ..) = made(3);
    let marked = text(&sim).replace(r#","span_us":[2000000,3000000]}"#, r#","span_us":[2000000,3000000],"mood":"☀"}"#);
    let last = marked.rfind("\n    ]\n  }\n}").expect("the end of the entries");
    let later = SimDisk::default();
    later.put(&path(), format!("{},\"seen\":{{\"by\":[7.3]}}{}", &marked[..last - 1], &marked[last - 1..]).as_bytes());

    let mut opened = open(&later);
    let head = opened.document.history().head_hash().to_owned();
    opened.file.save(&mut opened.document, at(2000)).expect("it is saved");
    assert!(text(&later).contains(r#""seen":{"by":[7.3]}"#));
    assert_eq!(text(&later).matches(r#""mood":"☀""#).count(), 3, "in the state, the edit and its inverse");
    let again = open(&later);
    assert_eq!(again.document.history().head_hash(), head);
    assert_eq!(again.document.history().prove(again.document.session()), Ok(()));
}

#[test]
fn a_file_without_history_begins_one_and_says_so() {
    let (disk, sim, document, file) = made(3);
    drop(file);
    let blind = Path::new("/study/blind.attune");
    file::write_without_history(disk.as_ref(), blind, document.session(), Existing::Refuse).expect("it is written");
    let error = file::write_without_history(disk.as_ref(), blind, document.session(), Existing::Refuse)
        .expect_err("it is there");
    assert!(matches!(error, FileError::IsThere(_)), "{error}");
    let blind_text = String::from_utf8(sim.get(blind).expect("the file")).expect("text");
    assert!(!blind_text.contains("history") && !blind_text.contains("\"seq\""));
    let (read, notices) = file::read(disk.as_ref(), blind).expect("it is a session");
    assert_eq!(read.session(), document.session());
    assert_eq!(read.history().last_seq(), 0);
    assert_eq!(notices, [file::Notice::NoHistory]);
}

#[test]
fn a_byte_order_mark_of_an_editor_is_passed_over() {
    let (_, sim, document, file) = made(2);
    drop(file);
    sim.put(&path(), format!("\u{feff}{}", text(&sim)).as_bytes());
    assert_eq!(open(&sim).document.session(), document.session());
}

#[test]
fn a_file_cut_at_any_byte_gives_an_error_that_names_the_place_and_never_a_session() {
    let (_, sim, ..) = made(2);
    let whole = text(&sim).into_bytes();
    let cut = SimDisk::default();
    let disk: Arc<dyn Disk> = Arc::new(cut.clone());
    for len in 0..whole.len() - 1 {
        cut.put(&path(), &whole[..len]);
        let error = file::open(&disk, &path(), holder(0)).expect_err("it is cut");
        let FileError::Damaged { damage, .. } = error else { panic!("cut at {len}: {error}") };
        match damage {
            Damage::Empty => assert_eq!(len, 0),
            Damage::CutShort { line, column } => {
                let before = &whole[..len];
                let last_line = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |place| place + 1);
                assert_eq!(line, before.split(|&byte| byte == b'\n').count(), "cut at {len}");
                assert_eq!(column, len - last_line, "cut at {len}");
            }
            other => panic!("cut at {len}: {other}"),
        }
    }
    assert_eq!(cut.names(), [path()], "nothing was made beside it");
}

#[test]
fn a_journal_cut_at_any_byte_gives_the_steps_before_the_cut() {
    let (_, sim, mut document, file) = made(1);
    (1..5).for_each(|n| work(&mut document, n));
    assert!(file.flush());
    drop(file);
    let whole = sim.get(&beside("journal")).expect("the journal");
    for len in 0..=whole.len() {
        sim.put(&beside("journal"), &whole[..len]);
        let (read, _) = file::read(&sim, &path()).expect("it is a session");
        let lines = whole[..len].split(|&byte| byte == b'\n').count() as u64 - 1;
        assert_eq!(read.history().last_seq(), 1 + lines.saturating_sub(1), "cut at {len}");
        assert_eq!(read.history().prove(read.session()), Ok(()), "cut at {len}");
    }
}

#[test]
fn any_byte_of_a_journal_changed_neither_panics_nor_invents_a_step() {
    let (_, sim, mut document, file) = made(1);
    (1..4).for_each(|n| work(&mut document, n));
    assert!(file.flush());
    drop(file);
    let whole = sim.get(&beside("journal")).expect("the journal");
    for place in (0..whole.len()).step_by(3) {
        let mut changed = whole.clone();
        changed[place] ^= 0x11;
        sim.put(&beside("journal"), &changed);
        let (read, _) = file::read(&sim, &path()).expect("it is a session");
        for entry in read.history().entries().iter().take(3) {
            assert_eq!(Some(entry), document.history().entry(entry.seq), "byte {place}"); // only the last step has no step behind it that tells
        }
    }
}

#[test]
fn an_error_in_a_mark_names_its_line() {
    let (_, sim, ..) = made(2);
    let broken = text(&sim).replacen("[1000000,2000000]", "[2000000,1000000]", 1);
    let line = broken.lines().position(|line| line.contains("[2000000,1000000]")).expect("the line") + 1;
    sim.put(&path(), broken.as_bytes());
    let disk: Arc<dyn Disk> = Arc::new(sim);
    let error = file::open(&disk, &path(), holder(0)).expect_err("it must be refused").to_string();
    assert!(error.contains(&format!("at line {line}, column ")), "{error}");
    assert!(error.contains("a span must end after it starts"), "{error}");
}

#[test]
fn the_schema_in_the_assets_is_that_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/session.schema.json");
    if std::env::var_os("ATTUNE_WRITE_SCHEMA").is_some() {
        std::fs::write(&path, file::schema()).expect("it can be written");
    }
    let written = std::fs::read_to_string(&path).expect("it is there");
    assert!(written == file::schema(), "run this test with ATTUNE_WRITE_SCHEMA=1, and look at the difference");
}

#[test]
fn the_schema_knows_every_field_that_a_file_has() {
    let (_, sim, ..) = made(3);
    let schema: Value = serde_json::from_str(&file::schema()).expect("JSON");
    let value: Value = serde_json::from_str(&text(&sim)).expect("JSON");
    let properties =
        |part: &Value| part["properties"].as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    let fields = |part: &Value| part.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    let known = properties(&schema);
    assert!(fields(&value).iter().all(|field| known.contains(field)));
    for (name, part) in [("Session", &value["session"]), ("Mark", &value["session"]["tracks"][0]["marks"][0])] {
        let known = properties(&schema["$defs"][name]);
        assert!(fields(part).iter().all(|field| known.contains(field)), "{name}: {known:?}");
    }
}
