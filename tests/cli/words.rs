//! Verbs, help, completions and the manual; words that the program does not know.

use std::fs;
use std::process::Command;

use crate::desk::{Desk, Run};

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
fn a_mistyped_verb_opens_no_window() {
    let desk = Desk::new();
    desk.say("scroe demo.csv").fails(2, &["'scroe' is neither a verb nor a file", "attune --help"]);
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
fn a_word_that_is_no_verb_is_refused_with_help_as_without() {
    let desk = Desk::new();
    for words in ["report", "report --help", "study --help", "study -h"] {
        desk.say(words).fails(2, &["is neither a verb nor a file"]);
    }
    assert!(desk.say("help").succeeds().out.contains("attune demo"));
    desk.say("help frame").succeeds();
    desk.say("--help").succeeds();
}
