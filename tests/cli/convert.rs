//! `attune convert`.

use std::fs;

use session::Scheme;

use crate::desk::{Desk, rows};

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
