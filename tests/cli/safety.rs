//! What is read is never written, and a refusal names its cause and the remedy.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::desk::{Desk, Run};

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
