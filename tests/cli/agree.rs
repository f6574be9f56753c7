//! `attune agree`.

use crate::desk::{Desk, rows};

#[test]
fn two_coders_are_compared_channel_by_channel_with_the_places_where_they_differ() {
    let desk = Desk::new();
    desk.session();
    // The second coder saw the infant look away 40 ms later, and once something else.
    let mut theirs = desk.read("demo.csv");
    let gaze: Vec<String> = rows(&theirs).into_iter().filter(|row| row.contains(",infant,gaze,")).collect();
    assert!(gaze.len() > 3);
    let edge = |row: &str, column: usize| row.split(',').nth(column).expect("a time").to_owned();
    let lines: Vec<String> = theirs.lines().map(str::to_owned).collect();
    let first = lines.iter().position(|line| line.contains(",infant,gaze,")).expect("a mark");
    let (off, later) = (edge(&lines[first], 7), edge(&lines[first], 7).parse::<f64>().expect("seconds") + 0.04);
    let mut moved: Vec<String> = lines.clone();
    for n in [first, first + 1] {
        let mut columns: Vec<String> = lines[n].split(',').map(str::to_owned).collect();
        for column in [6, 7] {
            if columns[column] == off {
                columns[column] = later.to_string();
            }
        }
        (columns[8], columns[9], columns[10]) = (String::new(), String::new(), String::new());
        moved[n] = columns.join(",");
    }
    theirs = moved.join("\n");
    desk.write("theirs.csv", &theirs);

    let run = desk.say("agree demo.attune theirs.csv --format json").succeeds();
    let all = run.json();
    assert_eq!(all["schema"], "attune.agreement/1");
    assert_eq!(all["files"], serde_json::json!(["demo.attune", "theirs.csv"]));
    assert_eq!(all["comparable"]["range"], true);
    let channels = all["channels"].as_array().expect("channels");
    let of = |subject: &str, channel: &str| {
        channels.iter().find(|entry| entry["subject"] == subject && entry["channel"] == channel).expect("it is there")
    };
    assert_eq!(of("parent", "gaze")["statistics"]["time_kappa"]["value"], 1.0);
    let n = of("infant", "gaze")["n"].as_f64().expect("seconds");
    let po = of("infant", "gaze")["statistics"]["time_kappa"]["po"].as_f64().expect("a share");
    assert!((po - (n - 0.04) / n).abs() < 1e-9, "one frame of {n} s differs: {po}");
    let places = all["disagreements"].as_array().expect("places");
    assert_eq!(places.len(), 1, "{places:?}");
    assert_eq!((&places[0]["subject"], &places[0]["kind"]), (&"infant".into(), &"boundary".into()));
    assert_eq!(places[0]["start_s"].as_f64(), off.parse().ok());

    assert_eq!(run.out, desk.say("agree demo.attune theirs.csv --format json").out, "the same bytes");
    let table = desk.say("agree demo.attune theirs.csv").succeeds().out;
    assert!(table.contains("infant gaze") && table.contains("time_kappa") && table.contains("boundary"), "{table}");
    let csv = desk.say("agree demo.attune theirs.csv --format csv").succeeds().out;
    assert!(csv.starts_with("subject,channel,code,compared_s,statistic,value,low,high,why,parts"));
    let grid = desk.say("agree demo.attune theirs.csv --step 1 --format json").succeeds().json();
    assert_ne!(grid["settings"]["hash"], all["settings"]["hash"]);
    assert_eq!(all["as_boris"]["kappa_boris"]["value"].as_f64().map(|kappa| kappa <= 1.0), Some(true));
    let list = desk.say("agree --list --format json").succeeds().json();
    let ids: Vec<_> = list.as_array().expect("a list").iter().filter_map(|info| info["id"].as_str()).collect();
    assert!(["time_kappa", "kappa_boris", "icc2", "fleiss"].iter().all(|id| ids.contains(id)), "{ids:?}");
    desk.say("agree demo.attune").fails(2, &["<B>"]);
    desk.say("agree demo.attune nowhere.csv").fails(1, &["nowhere.csv"]);
    desk.say("agree demo.attune theirs.csv --tolerance minus").fails(2, &["tolerance"]);
}

#[test]
fn three_coders_are_compared_with_the_first_and_all_at_once() {
    let desk = Desk::new();
    let header = "# coded 0 4\nsubject,channel,code,onset_s,offset_s\n";
    for (file, edge) in [("a.csv", 2), ("b.csv", 2), ("c.csv", 3)] {
        desk.write(file, &format!("{header}infant,gaze,partner,0,{edge}\ninfant,gaze,away,{edge},4\n"));
    }
    let all = desk.say("agree a.csv b.csv c.csv --step 1 --format json").succeeds().json();
    assert_eq!((&all["schema"], &all["files"]), (&"attune.agreement/1".into(), &serde_json::json!(["a.csv", "b.csv"])));
    let pair = |files: &str| desk.say(&format!("agree {files} --step 1 --format json")).succeeds().json();
    let (first, second) = (pair("a.csv b.csv"), pair("a.csv c.csv"));
    assert!(first.get("many").is_none() && first.get("others").is_none(), "of two there is nothing more to say");
    assert_eq!(all["others"].as_array().map(Vec::len), Some(1));
    for key in ["files", "comparable", "channels", "as_boris", "disagreements"] {
        assert_eq!((&all[key], &all["others"][0][key]), (&first[key], &second[key]), "{key}");
    }
    assert_eq!(all["many"]["files"], serde_json::json!(["a.csv", "b.csv", "c.csv"]));
    let channel = &all["many"]["channels"][0];
    assert_eq!((&channel["channel"], &channel["looked_at_s"]), (&"gaze".into(), &4.0.into()));
    // partner, partner, away, away by two, and the third second partner by one: Po = (3 + 1/3) / 4, Pe = (49 + 25) / 144
    let (po, pe) = (10.0 / 12.0, 74.0 / 144.0);
    let fleiss = channel["statistics"]["fleiss"]["value"].as_f64().expect("a number");
    assert!((fleiss - (po - pe) / (1.0 - pe)).abs() < 1e-12, "{fleiss}");
    for statistic in ["many_alpha", "randolph", "many_gamma"] {
        assert!(channel["statistics"][statistic]["value"].is_f64(), "{channel}");
    }

    // each code against all others: one unit of four is split, 1 · 2 of 4 · 3 · 2 pairs, less 7/12 · 5/12 by chance
    for code in ["code.partner", "code.away"] {
        let kappa = channel["statistics"]["fleiss"][code].as_f64().expect("a number");
        assert!((kappa - (1.0 - 2.0 / 24.0 / (35.0 / 144.0))).abs() < 1e-12, "{kappa}");
    }
    assert!(channel["statistics"]["fleiss"].get("se0").is_none(), "seconds are not independent");
    desk.write("iid.json", r#"{"se.iid": true}"#);
    let iid = desk.say("agree a.csv b.csv c.csv --step 1 --settings iid.json --format json").succeeds().json();
    // two codes: Σ pq (q − p) = 0, so √(2 / (4 · 3 · 2))
    let se0 = iid["many"]["channels"][0]["statistics"]["fleiss"]["se0"].as_f64().expect("a number");
    assert!((se0 - (1.0_f64 / 12.0).sqrt()).abs() < 1e-12, "{se0}");

    let csv = desk.say("agree a.csv b.csv c.csv --format csv").succeeds().out;
    assert!(csv.starts_with("first,second,subject,channel,code,"), "{csv}");
    assert!(
        csv.contains("\na.csv,c.csv,infant,gaze,,4,time_kappa,") && csv.contains("\n,,infant,gaze,,4,fleiss,"),
        "{csv}"
    );
    let table = desk.say("agree a.csv b.csv c.csv").succeeds().out;
    for part in ["a.csv and b.csv\n", "a.csv and c.csv\n", "all 3 coders\n", "infant gaze, 4.000 s looked at\n"] {
        assert!(table.contains(part), "{part:?} is not in: {table}");
    }

    desk.write("d.csv", &format!("{header}infant,gaze,partner,0,3\n").replace("# coded 0 4", "# coded 0 3"));
    let said =
        "infant gaze was coded 0:00.0–0:04.0 by the first coder, 0:00.0–0:04.0 by the second coder and 0:00.0–0:03.0";
    let run = desk.say("agree a.csv b.csv d.csv --format json").fails(0, &[said]);
    assert_eq!(run.json()["many"]["comparable"]["range"], false);
    desk.say("agree a.csv b.csv nowhere.csv").fails(1, &["nowhere.csv"]);
    desk.say("agree a.csv b.csv c.csv --out c.csv --force").fails(2, &["c.csv is the file that is read"]);
}

#[test]
fn codings_that_have_no_channel_in_common_are_refused_and_rare_codes_are_no_obstacle() {
    let desk = Desk::new();
    let header = "# coded 0 4\nsubject,channel,code,onset_s,offset_s\n";
    desk.write("a.csv", &format!("{header}infant,engagement,M,0,2\ninfant,engagement,P,2,4\n"));
    desk.write("b.csv", &format!("{header}infant,engagement,M,0,4\n"));
    desk.write("c.csv", &format!("{header}parent,gaze,infant,0,4\n"));
    let why = "of the codes of infant engagement only the scheme of the first coder has P";
    let run = desk.say("agree a.csv b.csv --format json").fails(0, &[why]);
    assert_eq!(run.json()["channels"][0]["n"], 4.0);
    desk.say("agree a.csv c.csv").fails(1, &["nothing is compared"]);
}

/// 100 seconds; the infant is M, the parent M for some seconds and P from then on, so that these are the per cent that match.
fn dyad(desk: &Desk, file: &str, episodes: &str, matching_secs: f64) {
    let marks = format!(
        "infant,engagement,M,0,100\nparent,engagement,M,0,{matching_secs}\nparent,engagement,P,{matching_secs},100\n"
    );
    desk.write(file, &format!("# coded 0 100\n{episodes}subject,channel,code,onset_s,offset_s\n{marks}"));
}

#[test]
fn coders_are_compared_on_the_scores_of_several_dyads() {
    let desk = Desk::new();
    // the six sessions of SCIENCE 7, whose correlations are R's psych's; a proportion is a hundredth of the per cent
    let ratings = [[12.0, 13.5], [30.2, 28.9], [5.1, 7.4], [22.0, 22.0], [41.3, 38.8], [17.7, 19.9]];
    let mut files = Vec::new();
    for (dyad_idx, row) in ratings.into_iter().enumerate() {
        for (coder, secs) in ["KL", "CD"].into_iter().zip(row) {
            files.push(format!("{dyad_idx}-{coder}.csv"));
            dyad(&desk, files.last().expect("one"), "# episode play 0 100\n", secs);
        }
    }
    let files = files.join(" ");
    let run = desk.say(&format!("agree --scores {files} --format json")).succeeds();
    let all = run.json();
    assert_eq!(all["schema"], "attune.agreement/1");
    let first = serde_json::json!({
        "files": ["0-KL.csv", "0-CD.csv"],
        "comparable": {"media": true, "scheme": true, "range": true, "problems": []},
        "episodes": ["play"],
    });
    assert_eq!((all["pairs"].as_array().map(Vec::len), &all["pairs"][0]), (Some(6), &first));
    let scores = all["scores"].as_array().expect("scores");
    let of = |id: &str| scores.iter().find(|score| score["score"] == id).expect("it is there");
    let proportion = of("match.proportion");
    assert_eq!((&proportion["n"], &proportion["unit"]), (&6.into(), &"1".into()));
    let number = |statistic: &str| proportion["statistics"][statistic]["value"].as_f64().expect("a number");
    for (id, expected) in [("icc1", 0.988_398_3), ("icc2", 0.988_388_0), ("icc3", 0.986_642_4)] {
        assert!((number(id) - expected).abs() < 1e-7, "{id} {}", number(id));
    }
    assert!((number("bland_altman") + 0.022 / 6.0).abs() < 1e-12, "by hand");
    assert_eq!(of("looking.mutual")["n"], 0);
    assert!(of("looking.mutual")["statistics"]["icc2"]["why"].is_string());
    let listed = desk.say("score --list --format json").succeeds().json();
    let place = |id: &str| listed.as_array().and_then(|list| list.iter().position(|info| info["id"] == id));
    let places: Vec<usize> = scores.iter().filter_map(|score| place(score["score"].as_str()?)).collect();
    assert!(places.len() > 100 && places.is_sorted(), "in the order of the catalog");
    assert!(scores.iter().any(|score| score["score"] == "time.parent.engagement.P"), "named ones too");

    let csv = desk.say(&format!("agree --scores {files} --format csv")).succeeds().out;
    assert!(csv.starts_with("score,unit,n,statistic,value,low,high,why,parts\n"), "{csv}");
    let row = csv.lines().find(|row| row.starts_with("match.proportion,1,6,icc2,")).expect("a row");
    let low = proportion["statistics"]["icc2"]["low"].as_f64().map(|low| low.to_string());
    assert_eq!(row.split(',').nth(5).map(str::to_owned), low);
    let table = desk.say(&format!("agree --scores {files}")).succeeds().out;
    let row = table.lines().find(|row| row.starts_with("match.proportion ")).expect("a row");
    let fields: Vec<&str> = row.split_whitespace().collect();
    assert_eq!((fields[1], &fields[2..5], fields[9]), ("6", ["0.988", "0.988", "0.987"].as_slice(), "-0.004"));

    desk.write("s.json", r#"{"responsiveness.window_s": 7}"#);
    let seven = desk.say(&format!("agree --scores {files} --score-settings s.json --format json")).succeeds().json();
    assert_ne!(seven["score_settings"]["hash"], all["score_settings"]["hash"]);
    assert_eq!(seven["settings"]["hash"], all["settings"]["hash"]);
}

#[test]
fn scores_are_compared_in_pairs_of_files_and_of_episodes() {
    let desk = Desk::new();
    dyad(&desk, "a.csv", "# episode play 0 50\n# episode play 50 80\n# episode reunion 80 100\n", 60.0);
    dyad(&desk, "b.csv", "# episode play 0 50\n# episode reunion 80 100\n", 70.0);
    let said = [
        "a.csv and b.csv: the episode play number 2 is in a.csv only and is left out",
        "a.csv and b.csv: the episodes are not the same",
    ];
    let run = desk.say("agree --scores a.csv b.csv --format json").fails(0, &said);
    assert_eq!(run.json()["pairs"][0]["episodes"], serde_json::json!(["play", "reunion"]));
    assert_eq!(run.json()["pairs"][0]["comparable"]["range"], false);

    desk.say("agree --scores a.csv b.csv a.csv").fails(2, &["pairs of files", "3 is an odd number"]);
    desk.say("agree --scores a.csv").fails(2, &["<B>"]);
    desk.say("agree --scores a.csv nowhere.csv b.csv neither.csv").fails(1, &["nowhere.csv", "neither.csv"]);
    desk.say("agree --scores a.csv b.csv --step 1").fails(2, &["--step"]);
    desk.say("agree a.csv b.csv --score-settings s.json").fails(2, &["--scores"]);
    desk.write("s.json", r#"{"repair.v_s": [7]}"#);
    desk.say("agree --scores a.csv b.csv --score-settings s.json").fails(2, &["s.json", "repair.v_s"]);
    dyad(&desk, "c.csv", "# episode still_face 0 100\n", 60.0);
    desk.say("agree --scores a.csv c.csv").fails(1, &["nothing is compared"]);
}
