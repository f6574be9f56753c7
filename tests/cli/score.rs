//! `attune score`.

use std::fs;

use serde_json::Value;

use crate::desk::Desk;

/// The scores in a JSON, without the names of files.
fn episodes(json: &Value, file: usize) -> Value {
    json["sessions"][file]["episodes"].clone()
}

#[test]
fn scores_of_the_csv_are_scores_of_the_session() {
    let desk = Desk::new();
    desk.session();
    desk.say("convert demo.attune again.csv").succeeds();
    desk.say("convert demo.attune demo.eaf").succeeds();
    let scores = desk.say("score demo.attune again.csv demo.csv demo.eaf --format json").succeeds().json();
    assert_eq!(scores["schema"], "attune.scores/1");
    assert!(scores["settings"]["hash"].is_string(), "all files share their settings");
    assert!(episodes(&scores, 0)[0]["mismatch_episodes"].as_array().is_some_and(|list| !list.is_empty()));
    for file in 1..4 {
        assert_eq!(episodes(&scores, file), episodes(&scores, 0), "file {file}");
    }
    assert_eq!(scores["sessions"][1]["session"], scores["sessions"][0]["session"]);
}

#[test]
fn the_same_files_give_the_same_bytes() {
    let desk = Desk::new();
    desk.session();
    for words in [
        "score demo.attune --format json",
        "score demo.attune --format csv",
        "score demo.attune",
        "check demo.attune --format json",
        "probe demo.mp4 --format json",
        "log demo.attune",
    ] {
        assert_eq!(desk.say(words).succeeds().out, desk.say(words).succeeds().out, "{words}");
    }
    for output in ["csv", "eaf", "attune"] {
        desk.say(&format!("convert demo.csv 1.{output}")).succeeds();
        desk.say(&format!("convert demo.csv 2.{output}")).succeeds();
        assert_eq!(desk.read(&format!("1.{output}")), desk.read(&format!("2.{output}")), "{output}");
    }
}

#[test]
fn the_list_and_the_settings_are_printed() {
    let desk = Desk::new();
    let list = desk.say("score --list --format json").succeeds().json();
    let ids: Vec<&str> = list.as_array().expect("a list").iter().filter_map(|info| info["id"].as_str()).collect();
    for id in ["match.proportion", "repair.latency.km_median", "sync.r.lag0"] {
        assert!(ids.contains(&id), "{ids:?}");
    }
    let looking = list.as_array().into_iter().flatten().find(|info| info["id"] == "looking.mutual").expect("a score");
    assert_eq!(looking["needs"], serde_json::json!(["infant gaze", "parent gaze"]));
    assert!(desk.say("score --list").succeeds().out.contains("    needs infant gaze, parent gaze\n"));
    let table = desk.say("score --list --format csv").succeeds().out;
    assert!(table.starts_with("id,name,unit,range,definition,source,needs\n"), "{table}");
    let settings = desk.say("score --print-settings").succeeds().out;
    desk.write("settings.json", &settings);
    let plain = desk.say("score demo.csv --format json").succeeds().json();
    desk.write("other.json", "{\"repair.of\": \"ruptures\", \"lag.max\": 3}");
    let other = desk.say("score demo.csv --settings other.json --format json").succeeds().json();
    assert_ne!(other["settings"]["hash"], plain["settings"]["hash"]);
    assert_eq!((&other["settings"]["repair.of"], &other["settings"]["lag.max"]), (&"ruptures".into(), &3.0.into()));
    let printed: Value = serde_json::from_str(&settings).expect("settings are JSON");
    assert_eq!(printed["repair.of"], "episodes");
    // the printed settings fit every file, also one that has none of their codes
    desk.write(
        "e.csv",
        "subject,channel,code,onset_s,offset_s\ninfant,engagement,POS,0,8\nparent,engagement,POS,0,2\n",
    );
    let with = desk.say("score e.csv --settings settings.json --format json").succeeds().json();
    assert_eq!(with, desk.say("score e.csv --format json").succeeds().json());
}

#[test]
fn what_the_scheme_gave_stands_beside_the_settings() {
    let desk = Desk::new();
    desk.write(
        "e.csv",
        "subject,channel,code,onset_s,offset_s\ninfant,engagement,HAPPY,0,8\nparent,engagement,CALM,0,2\n",
    );
    let alone = desk.say("score demo.csv --format json").succeeds().json();
    assert_eq!(alone["resolved"]["relation"]["pairs"][0], serde_json::json!(["POS", "POS"]), "{}", alone["resolved"]);
    assert_eq!(alone["resolved"]["infant"]["values"]["NEG"], -1.0);
    assert!(alone["sessions"][0]["resolved"].is_null());
    let both = desk.say("score demo.csv e.csv --format json").succeeds().json();
    assert!(both["settings"].is_null() && both["resolved"].is_null(), "the files differ in their states");
    assert_eq!(both["sessions"][0]["resolved"], alone["resolved"]);
    assert_eq!(both["sessions"][1]["resolved"]["infant"]["values"], serde_json::json!({"HAPPY": null}));
    assert_ne!(both["sessions"][0]["settings"]["hash"], both["sessions"][1]["settings"]["hash"]);
    let rows = desk.say("score demo.csv --format csv").succeeds().out;
    let hash = alone["settings"]["hash"].as_str().expect("a hash");
    assert!(rows.lines().nth(1).is_some_and(|row| row.contains(hash)), "the same hash in both forms");
}

#[test]
fn what_chance_gives_and_what_was_cut_off_are_in_every_form() {
    let desk = Desk::new();
    // a mismatch of 20 s that the end cuts off
    desk.write("e.csv", "subject,channel,code,onset_s,offset_s\ninfant,engagement,POS,0,40\nparent,engagement,POS,0,8\nparent,engagement,MON,8,10\nparent,engagement,POS,10,20\nparent,engagement,MON,20,40\n");
    desk.write(
        "s.json",
        "{\"surrogates\": 19, \"surrogate.of\": [\"match.proportion\"], \"boot.replicates\": 99, \"boot.block_s\": 2}",
    );
    let json = desk.say("score e.csv --settings s.json --format json").succeeds().json();
    let csv = desk.say("score e.csv --settings s.json --format csv").succeeds().out;
    let header: Vec<&str> = csv.lines().next().expect("a header").split(',').collect();
    let field = |id: &str, column: &str| {
        let row = csv.lines().find(|row| row.contains(&format!(",{id},"))).expect("a row");
        let place = header.iter().position(|name| *name == column).expect("a column");
        row.split(',').nth(place).expect("a field").to_owned()
    };
    let (id, chance) = ("match.proportion", &episodes(&json, 0)[0]["scores"]["match.proportion"]["chance"]);
    for (column, key) in [("n", "n"), ("mean", "mean"), ("sd", "sd"), ("p", "p")] {
        let number: f64 = field(id, &format!("chance_{column}")).parse().expect("a number");
        assert_eq!(Some(number), chance[key].as_f64(), "{column}");
    }
    assert_eq!(header[13..15], ["why", "at_least"], "the columns of before come first");
    assert!(!field(id, "limits_low").is_empty() && field("match.kappa", "limits_low").is_empty());
    assert_eq!((field("mismatch.longest", "at_least"), field(id, "at_least")), ("1".to_owned(), String::new()));
    let table = desk.say("score e.csv --settings s.json").succeeds().out;
    let line = |id: &str| table.lines().find(|line| line.starts_with(&format!("{id} "))).expect("a line").to_owned();
    assert!(line("mismatch.longest").contains("at least 20.000"), "{table}");
    assert!(line(id).contains("by chance 0.") && line(id).contains("95 % 0."), "{table}");
    assert!(!line("match.kappa").contains("chance"), "{table}");
}

#[test]
fn unknown_settings_and_codes_are_refused_by_name() {
    let desk = Desk::new();
    let refused = |text: &str, status, words: &[&str]| {
        desk.write("s.json", text);
        desk.say("score demo.csv --settings s.json --format json").fails(status, words);
    };
    refused("{\"lag.maximum\": 3}", 2, &["s.json", "no setting 'lag.maximum'"]);
    refused("{\"lag.max\": \"long\"}", 2, &["setting 'lag.max'", "long"]);
    refused("[]", 2, &["s.json"]);
    refused("{\"match\": [[\"POS\", \"HAPPY\"]]}", 1, &["demo.csv", "setting 'match' names 'HAPPY'"]);
    refused("{\"cycle.distress\": [\"crying\"]}", 1, &["setting 'cycle.distress' names 'crying'"]);
    refused("{\"grid.region\": [[\"POS\", \"HAPPY\"]]}", 1, &["setting 'grid.region' names 'HAPPY'"]);
    refused(
        "{\"contingency.given\": {\"infant\": {\"channel\": \"affect\", \"codes\": [\"crying\"]}}}",
        1,
        &["setting 'contingency.given' names 'crying'"],
    );
}

#[test]
fn several_files_are_scored_beside_infants_and_parents_who_never_met() {
    let desk = Desk::new();
    let header = "subject,channel,code,onset_s,offset_s\n";
    for (file, infant, parent) in [("a.csv", "MON", "POS"), ("b.csv", "POS", "POS"), ("c.csv", "MON", "MON")] {
        let marks =
            format!("infant,engagement,{infant},0,8\nparent,engagement,{parent},0,4\nparent,engagement,MON,4,8\n");
        desk.write(file, &format!("{header}{marks}"));
    }
    desk.write(
        "s.json",
        "{\"surrogates\": 99, \"surrogate.kind\": \"pseudo_dyads\", \"surrogate.of\": [\"match.proportion\"]}",
    );
    let scores = desk.say("score a.csv b.csv c.csv --settings s.json --format json").succeeds().json();
    let kinds = scores["pseudo_dyads"].as_array().expect("a list");
    assert_eq!((kinds.len(), &kinds[0]["n_dyads"]), (1, &3.into()));
    // infants M, P, M; parents P then M, P then M, M: real pairs match .5, .5, 1
    // strangers a–b .5, b–c 0, c–a .5 and a–c 1, b–a .5, c–b .5: means 1/3 and 2/3
    let baseline = &kinds[0]["scores"]["match.proportion"];
    assert_eq!((&baseline["observed"], &baseline["n"]), (&(2.0 / 3.0).into(), &2.into()));
    assert_eq!(baseline["mean"], 0.5);
    assert_eq!(scores["sessions"][0]["episodes"][0]["scores"]["match.proportion"].get("chance"), None);
    let table = desk.say("score a.csv b.csv c.csv --settings s.json").succeeds().out;
    assert!(table.contains("pseudo-dyads, ") && table.contains(", 3 dyads"), "{table}");
    let plain = desk.say("score a.csv b.csv --format json").succeeds().json();
    assert_eq!(plain.get("pseudo_dyads"), None);
}

#[test]
fn a_bad_file_is_reported_and_the_others_go_on() {
    let desk = Desk::new();
    desk.write("bad.csv", "nothing,of,use\n1,2,3\n");
    let run = desk
        .say("score bad.csv demo.csv gone.attune --format json")
        .fails(1, &["bad.csv", "the header has no column", "gone.attune is not there"]);
    desk.say("score .").fails(1, &[". is a folder"]);
    let scores = run.json();
    assert_eq!(scores["sessions"].as_array().map(Vec::len), Some(1));
    let failed: Vec<&str> =
        scores["failed"].as_array().expect("a list").iter().filter_map(|failed| failed["file"].as_str()).collect();
    assert_eq!(failed, ["bad.csv", "gone.attune"]);
    assert!(desk.say("check bad.csv demo.csv").fails(1, &["bad.csv"]).out.contains("demo.csv"));
}

#[test]
fn a_table_of_engagement_is_scored_on_its_codes() {
    let desk = Desk::new();
    // SCIENCE 7 in small: match 0-2, mismatch 2-5, match 5-8
    desk.write("e.csv", "subject,channel,code,onset_s,offset_s\ninfant,engagement,POS,0,8\nparent,engagement,POS,0,2\nparent,engagement,MON,2,5\nparent,engagement,POS,5,8\n");
    let scores = desk.say("score e.csv --format json").succeeds().json();
    let of = |id: &str| episodes(&scores, 0)[0]["scores"][id]["value"].clone();
    assert_eq!(
        (of("match.proportion"), of("repair.count"), of("repair.latency.mean")),
        (0.625.into(), 1.0.into(), 3.0.into())
    );
    let mismatch = &episodes(&scores, 0)[0]["mismatch_episodes"][0];
    assert_eq!(
        (&mismatch["start_s"], &mismatch["end_s"], &mismatch["repair_by"]),
        (&2.0.into(), &5.0.into(), &"parent".into())
    );
}

#[test]
fn a_session_whose_video_is_gone_is_scored_and_converted() {
    let desk = Desk::new();
    desk.session();
    fs::remove_file(desk.path("demo.mp4")).expect("the video was there");
    desk.say("score demo.attune").succeeds();
    desk.say("convert demo.attune d.csv").succeeds();
    desk.say("check demo.attune").fails(0, &["demo.mp4 is not there"]);
    desk.say("convert demo.attune f.csv --frames").fails(1, &["demo.mp4"]);
}
