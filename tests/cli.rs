//! The command line from outside: each verb of the built program, on good and on bad input.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use session::file::{Disk, Existing, Holder, OsDisk, create};
use session::{
    Change, Document, Edit, EpisodeId, EpisodeKind, Item, Mark, MarkId, Scheme, Session, SessionId, Stamp, When,
};
use span::Span;
use tempfile::TempDir;

/// A folder of its own for each test, with the demonstration's video and coding in it.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo");
        for name in ["demo.mp4", "demo.csv"] {
            fs::copy(assets.join(name), desk.path(name)).expect("the demonstration is in the repository");
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        fs::write(self.path(name), text).expect("the folder can be written");
        self.path(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The program, with the desk as its working folder and a home of its own.
    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_attune"));
        command.current_dir(self.folder.path()).env("HOME", self.folder.path()).env_remove("XDG_CONFIG_HOME");
        for name in ["DISPLAY", "WAYLAND_DISPLAY", "XDG_DATA_HOME", "XDG_STATE_HOME"] {
            command.env_remove(name);
        }
        command
    }

    fn run<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> Run {
        Run::of(self.command().args(words).output().expect("the program starts"))
    }

    /// The words as a person types them, parted by blanks.
    fn say(&self, words: &str) -> Run {
        self.run(words.split(' '))
    }

    /// `demo.attune`, made from the demonstration's coding.
    fn session(&self) {
        self.say("convert demo.csv demo.attune").succeeds();
    }
}

/// What the program answered.
struct Run {
    status: i32,
    out: String,
    err: String,
}

impl Run {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        let status = output.status.code().expect("the program was not killed");
        Self { status, out: text(output.stdout), err: text(output.stderr) }
    }

    #[track_caller]
    fn succeeds(self) -> Self {
        assert_eq!(self.status, 0, "{}", self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    /// Ends with this status and a message that has all of these words.
    #[track_caller]
    fn fails(self, status: i32, words: &[&str]) -> Self {
        assert_eq!(self.status, status, "{}", self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        for word in words {
            assert!(self.err.contains(word), "{word:?} is not in: {}", self.err);
        }
        self
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

const VERBS: [&str; 12] =
    ["demo", "probe", "frame", "score", "agree", "convert", "check", "log", "recover", "doctor", "completions", "man"];

#[test]
fn help_of_every_verb_is_complete_and_has_an_example() {
    let desk = Desk::new();
    let all = desk.say("--help").succeeds().out;
    for verb in VERBS {
        assert!(all.contains(&format!("\n  {verb} ")), "{verb} is not in: {all}");
        let help = desk.run([verb, "--help"]).succeeds().out;
        assert!(help.contains("Example"), "{help}");
        assert!(help.contains(&format!("attune {verb}")), "{help}");
    }
    assert!(desk.say("--version").succeeds().out.starts_with("attune "));
}

#[test]
fn every_shell_can_complete_every_verb() {
    let desk = Desk::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = desk.run(["completions", shell]).succeeds().out;
        for verb in VERBS {
            assert!(script.contains(verb), "{verb} is not in the script for {shell}");
        }
        assert!(script.contains("min-frames"), "the options of a verb are not in the script for {shell}");
    }
    desk.say("completions bash --out attune.bash").succeeds();
    assert_eq!(desk.read("attune.bash"), desk.say("completions bash").succeeds().out);
    desk.say("completions bash --out attune.bash").fails(1, &["attune.bash is there already", "--force"]);
    desk.say("completions tcsh").fails(2, &["tcsh", "zsh"]);
}

#[test]
fn the_manual_has_a_page_for_the_program_and_for_each_verb() {
    let desk = Desk::new();
    let page = desk.say("man").succeeds().out;
    assert!(page.contains(".TH attune 1"), "{page}");
    for verb in VERBS {
        assert!(page.contains(&format!("attune\\-{verb}(1)")), "{verb} is not in: {page}");
    }
    fs::create_dir(desk.path("man1")).expect("the folder can be made");
    desk.say("man --out-dir man1").succeeds();
    assert_eq!(desk.read("man1/attune.1"), page);
    for verb in VERBS {
        let page = desk.read(&format!("man1/attune-{verb}.1"));
        for part in [format!(".TH attune-{verb} 1"), format!("\\fBattune {verb}\\fR"), format!("attune {verb}")] {
            assert!(page.contains(&part), "{part:?} is not in: {page}");
        }
    }
    assert_eq!(fs::read_dir(desk.path("man1")).expect("the folder is there").count(), VERBS.len() + 1);
    desk.say("man --out-dir man1").fails(1, &["attune.1 is there already", "--force"]);
    desk.say("man --out-dir man1 --force").succeeds();
    desk.say("man --out-dir nowhere").fails(1, &["nowhere", "make it first"]);
    desk.say("man --out-dir man1 --out page.1").fails(2, &["--out-dir"]);
}

#[test]
fn the_typesetter_has_nothing_to_say_about_the_manual() {
    let desk = Desk::new();
    desk.say("man --out-dir .").succeeds();
    for page in VERBS.map(|verb| format!("attune-{verb}.1")).into_iter().chain(["attune.1".to_owned()]) {
        let set = Command::new("groff").args(["-man", "-Tutf8", "-ww", "-z"]).arg(desk.path(&page)).output();
        let Ok(set) = set else {
            println!("skipped: groff is not installed");
            return;
        };
        assert_eq!((set.status.success(), String::from_utf8_lossy(&set.stderr).as_ref()), (true, ""), "{page}");
    }
}

#[test]
fn wrong_words_end_with_status_2_and_write_nothing() {
    let desk = Desk::new();
    for words in [
        "score",
        "probe",
        "frame demo.mp4 --out a.png",
        "convert demo.csv",
        "score demo.csv --format xml",
        "check --no-such-flag",
    ] {
        let run = desk.say(words).fails(2, &[]);
        assert_eq!(run.out, "", "{words}");
    }
    desk.say("convert demo.csv out.xyz").fails(2, &["out.xyz", "--to"]);
    desk.say("convert demo.csv demo.csv --force").fails(2, &["demo.csv is the file that is read"]);
    desk.say("score demo.csv --scheme nowhere.json").fails(2, &["nowhere.json"]);
}

#[test]
fn no_verb_changes_its_input() {
    let desk = Desk::new();
    desk.session();
    let inputs = ["demo.mp4", "demo.csv", "demo.attune"];
    let bytes = || inputs.map(|name| fs::read(desk.path(name)).expect("the input is there"));
    let before = bytes();
    for words in [
        "probe demo.mp4",
        "frame demo.mp4 --frame 3 --out f.png",
        "score demo.csv demo.attune",
        "convert demo.attune a.eaf",
        "check demo.csv demo.attune",
        "log demo.attune",
        "log demo.attune --verify",
        "recover demo.attune --out r.attune",
    ] {
        desk.say(words).succeeds();
    }
    assert!(bytes() == before, "an input has changed");
}

#[test]
fn not_even_force_writes_over_what_is_read() {
    let desk = Desk::new();
    desk.session();
    desk.write("s.json", "{\"lag.max\": 3}");
    for (words, output) in [
        ("probe demo.mp4 --out demo.mp4", "demo.mp4"),
        ("score demo.attune demo.csv --out ./demo.csv", "demo.csv"),
        ("score demo.csv --settings s.json --out s.json", "s.json"),
        ("check demo.csv --scheme demo.attune --out demo.attune", "demo.attune"),
        ("log demo.attune --out demo.attune", "demo.attune"),
        ("convert demo.attune demo.mp4 --to csv", "demo.mp4"),
        ("recover demo.attune --out demo.attune", "demo.attune"),
    ] {
        let before = fs::read(desk.path(output)).expect("the input is there");
        desk.say(&format!("{words} --force")).fails(2, &[&format!("{output} is the file that is read")]);
        assert!(fs::read(desk.path(output)).expect("the input is there") == before, "{words}");
    }
}

#[test]
fn a_mistyped_verb_opens_no_window() {
    let desk = Desk::new();
    desk.say("scroe demo.csv").fails(2, &["'scroe' is neither a verb nor a file", "attune --help"]);
}

#[test]
fn probe_says_what_the_video_is() {
    let desk = Desk::new();
    let probe = desk.say("probe demo.mp4 --format json").succeeds().json();
    assert_eq!(probe["schema"], "attune.probe/1");
    assert_eq!(
        (&probe["frames"], &probe["duration_s"], &probe["last_frame_s"]),
        (&2250.into(), &90.0.into(), &89.96.into())
    );
    assert_eq!(probe["rate"], serde_json::json!({"kind": "constant", "fps": "25/1"}));
    assert_eq!((&probe["video"]["codec"], &probe["audio"]["codec"]), (&"vp9".into(), &"opus".into()));
    assert!(probe.get("frames_s").is_none());
    let frames = desk.say("probe demo.mp4 --format json --frames").succeeds().json();
    assert_eq!(frames["frames_s"].as_array().map(Vec::len), Some(2250));
    let csv = desk.say("probe demo.mp4 --format csv --frames").succeeds().out;
    assert_eq!(csv.lines().take(3).collect::<Vec<_>>(), ["frame,time_s", "0,0", "1,0.04"]);
    assert!(desk.say("probe demo.mp4").succeeds().out.contains("constant 25/1"));
}

#[test]
fn frame_shows_the_very_frame_of_the_file() {
    let desk = Desk::new();
    let mut decoder = media::Decoder::open(&desk.path("demo.mp4"), media::DecoderOptions::default())
        .expect("the demonstration plays");
    for number in [0, 1, 112, 1_301, 2_249] {
        let name = format!("{number}.png");
        desk.say(&format!("frame demo.mp4 --frame {number} --out {name}")).succeeds();
        let png = image::open(desk.path(&name)).expect("a PNG").into_rgba8();
        let picture = decoder.frame(number).expect("the frame is there");
        assert_eq!([png.width() as usize, png.height() as usize], picture.size);
        assert!(png.as_raw().as_slice() == picture.rgba(), "frame {number} looks different");
    }
    desk.say("frame demo.mp4 --time 4.51 --out time.png").succeeds();
    assert!(
        fs::read(desk.path("time.png")).expect("a PNG") == fs::read(desk.path("112.png")).expect("a PNG"),
        "4.48 <= 4.51 < 4.52"
    );
    desk.say("frame demo.mp4 --frame 2250 --out no.png").fails(1, &["demo.mp4 has 2250 frames", "no frame 2250"]);
    desk.say("frame demo.mp4 --frame 0 --out 0.png").fails(1, &["0.png is there already", "--force"]);
    desk.say("frame demo.mp4 --frame 0 --out 0.png --force").succeeds();
    desk.say("frame demo.mp4 --time 90 --out no.png").fails(1, &["from 0 to 90 s", "no frame at 90 s"]);
    desk.say("frame demo.mp4 --time -1 --out no.png").fails(1, &["no frame at -1 s"]);
    desk.say("frame demo.mp4 --frame 0 --out no.jpg").fails(2, &["no.jpg", ".png"]);
    assert!(!desk.path("no.png").exists() && !desk.path("no.jpg").exists());
}

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
fn data_go_where_they_are_sent_and_nothing_is_written_over() {
    let desk = Desk::new();
    let printed = desk.say("score demo.csv --format csv").succeeds().out;
    assert!(desk.say("score demo.csv --format csv --out s.csv").succeeds().out.is_empty());
    assert_eq!(desk.read("s.csv"), printed);
    desk.say("score demo.csv --format csv --out s.csv").fails(1, &["s.csv is there already", "--force"]);
    desk.say("score demo.csv --out s.csv --force").succeeds();
    assert_ne!(desk.read("s.csv"), printed);
    desk.say("convert demo.csv demo.eaf").succeeds();
    desk.say("convert demo.csv demo.eaf").fails(1, &["demo.eaf is there already"]);
    desk.say("convert demo.csv demo.eaf --force").succeeds();
    desk.session();
    desk.say("convert demo.csv demo.attune").fails(1, &["demo.attune is there already"]);
    desk.say("convert demo.csv demo.attune --force").succeeds();
    desk.say("score demo.csv --out nowhere/s.csv").fails(1, &["nowhere/s.csv cannot be written"]);
}

/// The rows of a CSV without its comment lines and without frame numbers.
fn rows(text: &str) -> Vec<String> {
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| {
        row.split(',')
            .enumerate()
            .filter(|(column, _)| !(9..=11).contains(column))
            .map(|(_, field)| field)
            .collect::<Vec<_>>()
            .join(",")
    })
    .collect()
}

#[test]
fn a_session_goes_through_every_format_and_comes_back() {
    let desk = Desk::new();
    for words in ["demo.csv a.attune", "a.attune b.eaf", "b.eaf c.attune", "c.attune d.csv"] {
        desk.say(&format!("convert {words}")).succeeds();
    }
    assert_eq!(rows(&desk.read("d.csv")), rows(&desk.read("demo.csv")));
    desk.say("convert a.attune e.csv --frames").succeeds();
    let frames = |text: &str| {
        text.lines()
            .filter(|line| !line.starts_with('#'))
            .map(|row| row.split(',').skip(9).take(2).map(str::to_owned).collect())
            .collect::<Vec<Vec<String>>>()
    };
    assert_eq!(frames(&desk.read("e.csv")), frames(&desk.read("demo.csv")));
    desk.say("convert a.attune plain.csv --plain").succeeds();
    assert!(desk.read("plain.csv").starts_with("session,coder,"));
}

#[test]
fn the_matrix_has_a_row_per_step_or_per_frame() {
    let desk = Desk::new();
    let lines = |name: &str| desk.read(name).lines().map(str::to_owned).collect::<Vec<_>>();
    desk.say("convert demo.csv grid.csv --to matrix --step 0.5").succeeds();
    assert_eq!(lines("grid.csv").len(), 181);
    assert!(lines("grid.csv")[0].starts_with("time_s,episode,excluded,infant."));
    desk.say("convert demo.csv frames.csv --to matrix --frames").succeeds();
    assert_eq!(lines("frames.csv").len(), 2_251);
    assert!(lines("frames.csv")[2].starts_with("1,0.04,play,"), "{}", lines("frames.csv")[2]);
    desk.say("convert demo.csv no.csv --to matrix --step 0").fails(2, &["--step"]);
}

#[test]
fn a_conversion_says_what_it_could_not_carry_over() {
    let desk = Desk::new();
    desk.write(
        "odd.csv",
        "# coded 0 9\nsubject,channel,code,onset_s,offset_s\ninfant,gaze,partner,0,1.0005\ninfant,nose,up,1,2\n",
    );
    desk.say("convert odd.csv odd.eaf")
        .fails(0, &["odd.csv: lost, line 4", "infant.nose", "odd.eaf: rounded, track infant.gaze"]);
}

#[test]
fn a_scheme_is_given_by_its_own_file_or_by_a_session() {
    let desk = Desk::new();
    desk.write(
        "own.csv",
        "# attune csv 1, scheme ours 7\n# coded 0 9\nsubject,channel,code,onset_s,offset_s\ninfant,gaze,partner,0,1\n",
    );
    desk.say("score own.csv").fails(1, &["own.csv: the scheme 'ours' '7' is not built in", "--scheme FILE"]);
    let mut scheme = Scheme::built_in().remove(0);
    (scheme.name, scheme.version) = ("ours".to_owned(), "7".to_owned());
    desk.write("ours.json", &serde_json::to_string(&scheme).expect("a scheme is plain data"));
    desk.say("convert own.csv own.attune --scheme ours.json").succeeds();
    desk.say("convert own.attune again.csv").fails(0, &["only the name of the scheme ours 7 is in it"]);
    desk.say("score again.csv --scheme own.attune").succeeds();
}

#[test]
fn media_are_named_from_the_folder_of_the_output() {
    let desk = Desk::new();
    fs::create_dir(desk.path("out")).expect("the folder can be made");
    desk.say("convert demo.csv out/demo.attune").succeeds();
    desk.say("convert out/demo.attune out/e.csv --frames").succeeds();
    assert!(desk.read("out/e.csv").contains("# medium 1 ../demo.mp4 "), "{}", desk.read("out/e.csv"));
}

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
fn doctor_says_what_the_machine_has() {
    let desk = Desk::new();
    let Run { out, err, .. } = desk.say("doctor").succeeds();
    for word in ["ffmpeg", "decoders", "vp9", "sound", "draws with", "dialogs", "fonts"] {
        assert!(out.contains(word), "{out}");
    }
    assert!(!err.contains("ALSA"), "a machine without a sound card is no reason for noise: {err}");
}

#[test]
fn without_a_display_the_window_says_so() {
    let desk = Desk::new();
    let run = desk.say("demo").fails(1, &["no display to open a window on", "attune --help"]);
    assert!(!run.err.contains(".rs:"), "a person has no use for a line of source: {}", run.err);
}

#[test]
fn what_is_no_video_is_refused_with_the_remedy() {
    let desk = Desk::new();
    desk.write("text.mp4", "this is no video");
    desk.write("empty.mp4", "");
    let bytes = fs::read(desk.path("demo.mp4")).expect("the demonstration is there");
    fs::write(desk.path("cut.mp4"), &bytes[..1_000]).expect("the folder can be written");
    desk.say("probe text.mp4").fails(1, &["text.mp4 is not a video"]);
    desk.say("probe empty.mp4").fails(1, &["empty.mp4 is empty"]);
    desk.say("probe cut.mp4").fails(1, &["cut.mp4"]);
    desk.say("probe gone.mp4").fails(1, &["gone.mp4"]);
    desk.say("frame text.mp4 --frame 0 --out a.png").fails(1, &["text.mp4 is not a video"]);
    assert!(!desk.path("a.png").exists());
}

#[test]
fn a_truncated_video_is_read_as_far_as_it_goes_or_refused() {
    let desk = Desk::new();
    let bytes = fs::read(desk.path("demo.mp4")).expect("the demonstration is there");
    fs::write(desk.path("half.mp4"), &bytes[..bytes.len() / 2]).expect("the folder can be written");
    let run = desk.say("probe half.mp4 --format json");
    if run.status == 0 {
        let probe = run.json();
        let n_frames = probe["frames"].as_u64().expect("a number");
        assert!((1..2_250).contains(&n_frames), "{probe}");
        assert!(probe["warnings"].as_array().is_some_and(|warnings| !warnings.is_empty()), "{probe}");
    } else {
        run.fails(1, &["half.mp4", "cut off"]);
    }
}

#[test]
fn sessions_that_cannot_be_read_say_why() {
    let desk = Desk::new();
    desk.session();
    let text = desk.read("demo.attune");
    desk.write("newer.attune", &text.replacen("attune.session/1", "attune.session/99", 1));
    desk.write("cut.attune", &text[..text.len() * 2 / 3]);
    desk.write("empty.attune", "");
    desk.write("other.attune", "{\"a\": 1}");
    desk.say("score newer.attune").fails(1, &["newer.attune is in the format attune.session/99", "install"]);
    desk.say("score cut.attune").fails(1, &["cut.attune ends too early", "recover"]);
    desk.say("score empty.attune").fails(1, &["empty.attune is empty"]);
    desk.say("score other.attune").fails(1, &["other.attune is not an Attune session"]);
    desk.say("score gone.attune").fails(1, &["gone.attune is not there"]);
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

#[cfg(unix)]
#[test]
fn a_full_disk_is_named_and_leaves_nothing_half_written() {
    let desk = Desk::new();
    let say = |words: &str| {
        // A limit on the size of files stands for a full disk.
        let script = format!("ulimit -f 8; exec \"$0\" {words}");
        let mut command = Command::new("bash");
        command.current_dir(desk.folder.path()).env("HOME", desk.folder.path());
        Run::of(command.args(["-c", &script, env!("CARGO_BIN_EXE_attune")]).output().expect("bash starts"))
    };
    say("score demo.csv --format csv --out s.csv").fails(1, &["s.csv cannot be written", "the disk is full"]);
    say("convert demo.csv d.attune").fails(1, &["d.attune", "the disk is full"]);
    let left: Vec<_> = fs::read_dir(desk.folder.path())
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains("unfinished") || name == "s.csv" || name == "d.attune")
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn a_folder_that_must_not_be_written_is_named_with_the_remedy() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;

    let desk = Desk::new();
    let locked = desk.path("locked");
    fs::create_dir(&locked).expect("the folder can be made");
    let set_mode =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("our own folder");
    set_mode(&locked, 0o555);
    set_mode(desk.folder.path(), 0o755);
    // Root may write anywhere: the program is started as nobody, from a place that nobody can reach.
    let is_root = fs::metadata(&locked).expect("the folder is there").uid() == 0;
    let program = desk.path("attune");
    let own = env!("CARGO_BIN_EXE_attune");
    fs::hard_link(own, &program).or_else(|_| fs::copy(own, &program).map(drop)).expect("the program can be copied");
    let say = |words: &str| {
        let mut command = Command::new(&program);
        command.current_dir(desk.folder.path()).env("HOME", "/nonexistent").args(words.split(' '));
        if is_root {
            command.uid(65_534).gid(65_534);
        }
        Run::of(command.output().expect("the program starts"))
    };
    say("score demo.csv --out locked/s.csv")
        .fails(1, &["locked/s.csv cannot be written", "choose a folder that you may write to"]);
    say("convert demo.csv locked/d.eaf").fails(1, &["locked/d.eaf cannot be written"]);
    say("convert demo.csv locked/d.attune").fails(1, &["locked/d.attune", "may not be written by this user"]);
    say("score demo.csv").succeeds();
    set_mode(&locked, 0o755);
}

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

    let csv = desk.say("agree a.csv b.csv c.csv --format csv").succeeds().out;
    assert!(csv.starts_with("first,second,subject,channel,code,"), "{csv}");
    assert!(
        csv.contains("\na.csv,c.csv,infant,gaze,,4,time_kappa,") && csv.contains("\n,,infant,gaze,,4,fleiss,"),
        "{csv}"
    );
    let table = desk.say("agree a.csv b.csv c.csv").succeeds().out;
    for part in
        ["a.csv and b.csv\n", "a.csv and c.csv\n", "all 3 coders\n", "infant gaze, 4.000 s that all looked at\n"]
    {
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

#[test]
fn a_word_that_is_no_verb_is_refused_with_help_as_without() {
    let desk = Desk::new();
    for words in ["report", "report --help", "study --help", "study -h"] {
        desk.say(words).fails(2, &["is neither a verb nor a file"]);
    }
    assert!(desk.say("help").succeeds().out.contains("attune demo"));
    desk.say("help frame").succeeds();
    desk.say("--help").succeeds();
}

#[test]
fn a_refusal_names_its_cause_in_plain_words_and_the_remedy_once() {
    let desk = Desk::new();
    desk.write("list.json", "[1]");
    desk.say("score demo.csv --settings list.json").fails(2, &["an object in {}", "attune score --print-settings"]);
    desk.write("abc.csv", "subject,channel,code,onset_s,offset_s\ninfant,gaze,away,abc,2\n");
    desk.say("score abc.csv").fails(1, &["line 2: the onset_s 'abc' is no time"]);
    desk.session();
    let text = desk.read("demo.attune").replacen("\"span_us\":[", "\"span_us\":[4.5,", 1);
    desk.write("float.attune", &text);
    desk.say("score float.attune")
        .fails(1, &["4.5 stands where a whole number belongs", "'attune recover ", "float.attune'"]);
    desk.write("empty.attune", "");
    let run = desk.say("recover empty.attune");
    assert!(run.status == 1 && !run.err.contains("'attune recover"), "{}", run.err);
    let later = desk.read("demo.attune").replacen("attune.session/1", "attune.session/2", 1);
    desk.write("later.attune", &later.replacen("Attune 0.1.0", "Attune 2.3.0", 1));
    desk.say("recover later.attune").fails(1, &["install Attune 2.3.0 or later"]);
}
