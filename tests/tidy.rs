//! What must stay absent: the rules of the house that no type can hold, read off the source.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The top level, apart from dot files and what git ignores.
const LAYOUT: [&str; 13] = [
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "assets",
    "clippy.toml",
    "deny.toml",
    "packaging",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "src",
    "tests",
];

const ROOMS: [&str; 6] = ["app", "exchange", "media", "scoring", "session", "span"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every Rust file below a folder: its path from the root, and its text.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    gather(&root().join(folder), &mut found);
    assert!(!found.is_empty(), "{folder} has no source: the check would check nothing");
    found.sort();
    found
}

fn gather(folder: &Path, found: &mut Vec<(String, String)>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        if path.is_dir() {
            gather(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/");
            found.push((name, fs::read_to_string(&path).expect("text")));
        }
    }
}

/// The files of a room that are part of the program: not its tests and benchmarks.
fn room(name: &str) -> Vec<(String, String)> {
    let is_shipped = |path: &str| !path.contains("/tests/") && !path.contains("/benches/");
    sources(&format!("src/{name}")).into_iter().filter(|(path, _)| is_shipped(path)).collect()
}

fn all_rooms() -> Vec<(String, String)> {
    ROOMS.into_iter().flat_map(room).collect()
}

/// Nothing of `files` but comments holds one of `words`; a word is found where no letter, digit or `_` goes on before it.
#[track_caller]
fn check_absent(files: impl IntoIterator<Item = (String, String)>, words: &[&str], rule: &str) {
    let mut found = Vec::new();
    for (path, text) in files {
        for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for word in words.iter().filter(|word| holds(line, word)) {
                found.push(format!("{path}:{}: {word}", n + 1));
            }
        }
    }
    assert!(found.is_empty(), "{rule}, but:\n{}", found.join("\n"));
}

fn holds(line: &str, word: &str) -> bool {
    let begins_name = word.starts_with(|first: char| first.is_alphanumeric());
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !(begins_name && before.is_some_and(|before| before.is_alphanumeric() || before == '_'))
    })
}

/// The names under `[dependencies]` of a room.
fn dependencies(room: &str) -> BTreeSet<String> {
    let manifest = text(&format!("src/{room}/Cargo.toml"));
    let section = manifest.split_once("\n[dependencies]\n").expect("a section").1;
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    let name = |line: &str| line.split(['.', ' ', '=']).next().unwrap_or_default().to_owned();
    lines.filter(|line| !line.trim().is_empty()).map(name).collect()
}

/// The names and versions in the lock file.
fn locked() -> Vec<(String, String)> {
    let lock = text("Cargo.lock");
    let value = |package: &str, key: &str| {
        let line = package.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
        line.trim_matches('"').to_owned()
    };
    lock.split("[[package]]").skip(1).map(|package| (value(package, "name = "), value(package, "version = "))).collect()
}

#[test]
fn the_scoring_core_and_the_times_touch_no_world() {
    let world = [
        "std::fs",
        "std::net",
        "std::env",
        "std::time",
        "std::thread",
        "std::process",
        "std::io",
        "SystemTime",
        "Instant::now",
        "env!(",
        "option_env!(",
        "static mut",
        "thread_local!",
        "print!(",
        "println!(",
        "eprint!(",
        "eprintln!(",
        "dbg!(",
    ];
    for name in ["scoring", "span"] {
        check_absent(room(name), &world, "scoring and span read no file, clock or environment, and never print");
    }
}

#[test]
fn each_room_uses_only_the_rooms_before_it() {
    let allowed: [(&str, &[&str]); 5] = [
        ("span", &[]),
        ("scoring", &["span"]),
        ("session", &["scoring", "span"]),
        ("exchange", &["scoring", "session", "span"]),
        ("media", &["span"]),
    ];
    for (name, rooms) in allowed {
        let own: BTreeSet<String> = dependencies(name);
        let used: Vec<&str> = ROOMS.into_iter().filter(|room| own.contains(*room)).collect();
        assert_eq!(used, rooms, "the rooms that {name} uses");
        assert!(!own.contains("attunement") && !own.contains("attune"), "{name} knows no window");
    }
}

#[test]
fn only_the_program_knows_a_window() {
    let windows = ["egui", "eframe", "winit", "epaint", "wgpu", "rfd"];
    for name in ["span", "scoring", "session", "exchange", "media"] {
        let own = dependencies(name);
        assert!(windows.iter().all(|window| !own.contains(*window)), "{name} depends on a window");
        check_absent(room(name), &windows, "only src/app names egui and what is below it");
    }
}

#[test]
fn only_the_theme_names_colours() {
    let colours = ["Color32::", "Rgba::", "Hsva::", "hex_color!"];
    let files: Vec<_> = room("app").into_iter().filter(|(path, _)| path != "src/app/theme.rs").collect();
    let hex: Vec<String> = files
        .iter()
        .flat_map(|(path, text)| quoted_colours(text).into_iter().map(move |colour| format!("{path}: {colour}")))
        .collect();
    assert!(hex.is_empty(), "only theme.rs names colours, but: {hex:?}");
    check_absent(files, &colours, "only theme.rs names colours");
}

/// Texts like `"#80a0ff"`.
fn quoted_colours(text: &str) -> Vec<String> {
    let digits = |rest: &str| rest.chars().take_while(char::is_ascii_hexdigit).count();
    text.match_indices("\"#")
        .filter(|(at, _)| matches!(digits(&text[at + 2..]), 3 | 6 | 8))
        .map(|(at, _)| text[at..].chars().take(9).collect())
        .collect()
}

#[test]
fn only_span_makes_text_of_microseconds() {
    // Seconds divided out by hand, and the padded fields of a clock in a format text.
    let by_hand = [
        "/ 1_000_000",
        "/ 1000000",
        "/ 1e6",
        "% 1_000_000",
        "div_euclid(1_000_000)",
        "* 1e-6",
        ":02}",
        ":03}",
        ":06}",
        ":04.1}",
        ":05.2}",
        ":06.3}",
    ];
    // Numbers that no person reads as a time: each line stands here for one of its own.
    let numeric = [
        "let whole = ticks.step.micros() % 1_000_000 == 0;", // does the ruler need decimals?
        "as_nanos() * u128::from(rate) / 1_000_000_000",     // samples of a sound
        "as_nanos() as i128 * i128::from(self.0) / 1_000_000;", // permille of a speed, and nanoseconds
        "late.abs() as f64 / 1e6",                           // a length in a warning: "0.042 s after"
    ];
    let files = all_rooms().into_iter().filter(|(path, _)| !path.starts_with("src/span/")).map(|(path, text)| {
        let text = numeric.iter().fold(text, |text, line| text.replace(line, ""));
        (path, text)
    });
    check_absent(files, &by_hand, "only span turns microseconds into text");
}

#[test]
fn only_the_document_changes_a_session() {
    let handles =
        ["pub fn apply_to", "pub fn insert_into", "pub fn remove_from", "pub fn replace_in", "-> &mut Session"];
    check_absent(room("session"), &handles, "session lets nobody but Document change a session");
    let around = [".apply_to(", "session_mut", "&mut Session", ".session() as *mut"];
    for name in ["exchange", "media", "app"] {
        check_absent(room(name), &around, "a session changes through Document alone");
    }
}

#[test]
fn drawing_asks_for_commands_and_does_nothing_itself() {
    let doing = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "File::open",
        ".join()",
        ".recv()",
        ".lock()",
        ".apply(",
        ".revise(",
        ".undo(",
        ".redo(",
        ".note_found(",
        ".extend_open(",
        ".extend_coded(",
        ".take_last_coding_act(",
        ".seek(",
        ".play(",
        ".pause(",
        "Document::",
        "SessionFile",
        "&mut App",
        "&mut State",
        "&mut Work",
        "&mut Document",
        "&mut Player",
    ];
    for folder in ["app/panels", "app/timeline"] {
        check_absent(
            room(folder),
            &doing,
            "drawing code pushes commands; it never edits, seeks, reads files or blocks",
        );
    }
}

#[test]
fn every_library_is_named_with_its_licence() {
    let named: BTreeSet<String> =
        text("assets/licences.txt").lines().filter_map(|line| Some(line.split_once(':')?.0.to_owned())).collect();
    let own = |name: &str| name.starts_with("attunement");
    let locked = locked().into_iter().filter(|(name, _)| !own(name)).map(|(name, version)| format!("{name} {version}"));
    assert_eq!(named, locked.collect(), "run assets/licences.py");
}

#[test]
fn there_is_one_egui() {
    for name in ["ecolor", "eframe", "egui", "epaint", "wgpu", "winit"] {
        let versions: Vec<String> = locked().into_iter().filter(|(found, _)| found == name).map(|(_, v)| v).collect();
        assert_eq!(versions.len(), 1, "{name} is locked as {versions:?}");
    }
}

#[test]
fn nothing_that_speaks_to_the_network_is_built_in() {
    let talkers = [
        "curl",
        "curl-sys",
        "h2",
        "h3",
        "http",
        "hyper",
        "isahc",
        "minreq",
        "attohttpc",
        "ehttp",
        "native-tls",
        "openssl",
        "openssl-sys",
        "quinn",
        "reqwest",
        "ring",
        "rustls",
        "schannel",
        "security-framework",
        "surf",
        "tungstenite",
        "ureq",
        "webbrowser",
        "webpki",
    ];
    let found: Vec<String> =
        locked().into_iter().map(|(name, _)| name).filter(|name| talkers.contains(&name.as_str())).collect();
    assert!(found.is_empty(), "nothing is ever sent anywhere, but {found:?} are locked");
    check_absent(all_rooms(), &["std::net", "TcpStream", "UdpSocket", "open_url"], "nothing is ever sent anywhere");
}

#[test]
fn every_icon_of_the_font_is_shown_somewhere() {
    let table = text("src/app/icons.rs");
    let icons: Vec<&str> =
        table.lines().filter_map(|line| Some(line.strip_prefix("pub const ")?.split_once(':')?.0)).collect();
    assert!(!icons.is_empty(), "the table of the icons has another form");
    let app = room("app");
    let is_shown = |icon: &str| app.iter().any(|(_, text)| names(text, &format!("icons::{icon}")));
    let idle: Vec<_> = icons.into_iter().filter(|icon| !is_shown(icon)).collect();
    assert!(idle.is_empty(), "take them out of ICONS in assets/fonts/subset.py, or show them: {idle:?}");
}

/// Does a text hold a name, and not merely a longer one that begins with it?
fn names(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let after = text[at + name.len()..].chars().next();
        !after.is_some_and(|after| after.is_alphanumeric() || after == '_')
    })
}

#[test]
fn the_top_level_is_the_layout_of_the_house() {
    let ignored: Vec<String> = text(".gitignore").lines().map(|line| line.trim_matches('/').to_owned()).collect();
    let entries = fs::read_dir(root()).expect("the root").map(|entry| entry.expect("an entry").file_name());
    let found: BTreeSet<String> = entries
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.') && !ignored.contains(name))
        .collect();
    assert_eq!(found, LAYOUT.into_iter().map(str::to_owned).collect());

    let folders = fs::read_dir(root().join("src")).expect("src").map(|entry| entry.expect("an entry").file_name());
    let found: BTreeSet<String> = folders.map(|name| name.to_string_lossy().into_owned()).collect();
    assert_eq!(found, ROOMS.into_iter().map(str::to_owned).collect());
}

/// All Rust of the repository but this file, which names what it forbids.
fn all_sources() -> Vec<(String, String)> {
    let all = ["src", "tests", "assets"].into_iter().flat_map(sources);
    all.filter(|(path, _)| path != "tests/tidy.rs").collect()
}

#[test]
fn no_source_file_is_longer_than_a_thousand_lines() {
    let long: Vec<String> = all_sources()
        .into_iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > 1_000)
        .map(|(path, lines)| format!("{path}: {lines}"))
        .collect();
    assert!(long.is_empty(), "split by concept: {long:?}");
}

#[test]
fn no_test_is_switched_off_and_nothing_is_left_to_write() {
    let unfinished = ["#[ignore", "todo!(", "unimplemented!(", "#![ignore"];
    check_absent(all_sources(), &unfinished, "every test runs, and what is called done is done");
}

#[test]
fn nothing_names_a_folder_of_the_machine_it_was_written_on() {
    let mut files = all_sources();
    let plain = [
        "README.md",
        "Cargo.toml",
        "deny.toml",
        "packaging/run.sh",
        "packaging/test.sh",
        "packaging/linux/packages.sh",
    ];
    files.extend(plain.map(|path| (path.to_owned(), text(path))));
    let made_up = "/home/c1/"; // a test of session's paths
    for (path, text) in files {
        let text = text.replace(made_up, "");
        let own = root().to_string_lossy().into_owned();
        for folder in ["/home/", "/Users/", "/root/", "C:\\Users", own.as_str()] {
            assert!(!text.contains(folder), "{path} names {folder}");
        }
    }
}

#[test]
fn a_word_is_found_where_it_begins() {
    assert!(holds("    println!(\"x\")", "println!("));
    assert!(!holds("    eprintln!(\"x\")", "println!("), "another word");
    assert!(holds("span.seek(", ".seek("));
    assert_eq!(quoted_colours("code(\"#80a0ff\")"), ["\"#80a0ff\""]);
    assert!(quoted_colours("\"# coded\"").is_empty());
}
