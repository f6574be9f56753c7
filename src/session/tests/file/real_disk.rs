//! The real disk: killed processes, a full disk, locks between processes, permissions.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use session::Document;
use session::file::{self, Disk, Existing, FileError, Holder, OsDisk, Standing};
use tempfile::TempDir;

use crate::fixture::{at, holder, session, work};
use crate::sim::Random;

fn os_disk() -> Arc<dyn Disk> {
    Arc::new(OsDisk)
}

fn make(folder: &Path) -> (PathBuf, Document, file::SessionFile) {
    let path = folder.join("d1.attune");
    let mut document = Document::new(session());
    let file = file::create(&os_disk(), &path, &mut document, Existing::Refuse, holder(0)).expect("it is made");
    (path, document, file)
}

/// This test, in another process, which finds `folder` in its environment.
fn child(test: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("the test's own program"));
    command
        .args(["--exact", &format!("real_disk::{test}"), "--nocapture"])
        .env(FOLDER, folder)
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    command
}

const FOLDER: &str = "ATTUNE_TEST_FOLDER";

/// Says something to the parent.
fn say(line: &str) {
    writeln!(std::io::stdout(), "\n{line}").expect("the parent listens");
}

/// The folder to work in, if this process is a child.
fn child_folder() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

#[test]
fn a_session_is_made_worked_on_saved_and_opened_again() {
    let folder = TempDir::new().expect("a folder");
    let (path, mut document, file) = make(folder.path());
    (0..8).for_each(|n| work(&mut document, n));
    file.save(&mut document, at(60)).expect("it is saved");
    (8..12).for_each(|n| work(&mut document, n));
    drop((document, file));

    let opened = file::open(&os_disk(), &path, holder(100)).expect("it opens");
    assert_eq!(opened.document.history().last_seq(), 12);
    assert_eq!(opened.document.history().prove(opened.document.session()), Ok(()));
    let names: Vec<_> =
        std::fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("a name").file_name()).collect();
    assert_eq!(names.len(), 2, "only the file and what lies beside it: {names:?}");
}

#[test]
fn dropping_a_file_writes_what_waits() {
    let folder = TempDir::new().expect("a folder");
    let (path, mut document, file) = make(folder.path());
    (0..200).for_each(|n| work(&mut document, n));
    drop(file); // at once: the writer has had no time
    let (read, _) = file::read(&OsDisk, &path).expect("it is a session");
    assert_eq!(read.session(), document.session());
}

#[test]
fn a_file_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().expect("a folder");
    let (path, mut document, file) = make(folder.path());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("they can be set");
    work(&mut document, 0);
    file.save(&mut document, at(60)).expect("it is saved");
    let mode = |path: &Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    let versions = file.earlier_versions().expect("there are some");
    assert_eq!(mode(&versions[0].path), 0o600);
    assert_eq!(mode(&folder.path().join(".attune/d1/journal")), 0o600);
}

#[test]
fn what_lies_beside_a_shared_file_is_shared_too() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().expect("a folder");
    let set = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("they can be set");
    };
    let mode =
        |name: &str| std::fs::metadata(folder.path().join(name)).expect("it is there").permissions().mode() & 0o777;
    set(folder.path(), 0o770);
    let (path, document, file) = make(folder.path());
    drop((document, file));
    set(&path, 0o660);
    std::fs::remove_dir_all(folder.path().join(".attune")).expect("it can be removed");
    let mut opened = file::open(&os_disk(), &path, holder(10)).expect("it opens");
    work(&mut opened.document, 0);
    assert!(opened.file.flush());
    assert_eq!([".attune", ".attune/d1"].map(mode), [0o770; 2]);
    assert_eq!(["lock", "holder", "journal"].map(|name| mode(&format!(".attune/d1/{name}"))), [0o660; 3]);
}

#[test]
fn a_file_behind_a_link_is_saved_where_it_is() {
    let folder = TempDir::new().expect("a folder");
    let (path, document, file) = make(folder.path());
    drop((document, file));
    let link = folder.path().join("link.attune");
    std::os::unix::fs::symlink(&path, &link).expect("a link");
    let mut opened = file::open(&os_disk(), &link, holder(10)).expect("it opens");
    work(&mut opened.document, 0);
    opened.file.save(&mut opened.document, at(60)).expect("it is saved");
    assert!(std::fs::symlink_metadata(&link).expect("it is there").is_symlink());
    assert_eq!(file::read(&OsDisk, &path).expect("a session").0.history().last_seq(), 1);
}

/// Works without saving until it is killed, and says after each step how far the journal is.
fn work_until_killed(folder: &Path) -> ! {
    let path = folder.join("d1.attune");
    let mut opened = file::open(&os_disk(), &path, Holder::here("C1", at(0))).expect("it opens");
    for n in opened.document.history().last_seq().. {
        work(&mut opened.document, n);
        let done = Instant::now();
        if n % 40 == 39 {
            opened.file.save(&mut opened.document, at(n as i64)).expect("it is saved");
        }
        say(&format!("step {} durable {}", n + 1, opened.file.log_state().durable_seq));
        while done.elapsed() < Duration::from_millis(3) {
            std::hint::spin_loop();
        }
    }
    unreachable!("there are more steps than a test can wait for")
}

/// Kills a child at a random moment, and returns the last step that it did more than a second before, and the last that it knew to be durable.
fn kill_at_random(child: &mut Child, after: Duration) -> (u64, u64) {
    use std::io::{BufRead, BufReader};
    let begun = Instant::now();
    let lines = BufReader::new(child.stdout.take().expect("it speaks")).lines().map_while(Result::ok);
    let (mut steps, mut durable) = (Vec::new(), 0);
    for line in lines {
        if let ["step", step, "durable", now] = line.split(' ').collect::<Vec<_>>()[..] {
            steps.push((Instant::now(), step.parse::<u64>().expect("a number")));
            durable = now.parse().expect("a number");
        }
        if begun.elapsed() >= after && !steps.is_empty() {
            break;
        }
    }
    child.kill().expect("it can be killed"); // SIGKILL
    let killed = Instant::now();
    child.wait().expect("it has ended");
    let old = steps.iter().rev().find(|(when, _)| killed.duration_since(*when) > Duration::from_secs(1));
    (old.map_or(0, |&(_, step)| step), durable)
}

/// `ATTUNE_KILLS` sets how often; 20 if it is not set.
#[test]
fn killed_at_random_moments_nothing_older_than_a_second_is_lost() {
    let name = "killed_at_random_moments_nothing_older_than_a_second_is_lost";
    if let Some(folder) = child_folder() {
        work_until_killed(&folder);
    }
    let kills: u64 = std::env::var("ATTUNE_KILLS").map_or(20, |kills| kills.parse().expect("a number"));
    let folder = TempDir::new().expect("a folder");
    let (path, document, file) = make(folder.path());
    drop((document, file));
    let mut random = Random(1);
    let mut old_steps = 0;
    for kill in 0..kills {
        let before = file::read(&OsDisk, &path).expect("it is a session").0.history().last_seq();
        let mut process = child(name, folder.path()).stdout(Stdio::piped()).spawn().expect("it starts");
        let long = kill % 10 == 0; // long enough for a step to be older than a second
        let after = Duration::from_millis(if long { 1100 } else { 1 } + random.below(400) as u64);
        let (old, durable) = kill_at_random(&mut process, after);
        old_steps += u64::from(old > 0);

        let (read, notices) = file::read(&OsDisk, &path).expect("it is a session");
        let found = read.history().last_seq();
        assert!(
            found >= old.max(durable).max(before),
            "kill {kill}: {found} of {old} old and {durable} durable steps; {notices:?}"
        );
        assert_eq!(read.history().prove(read.session()), Ok(()), "kill {kill}");
        let mut again = Document::new(session());
        (0..found).for_each(|n| work(&mut again, n));
        assert_eq!(read.session(), again.session(), "kill {kill}: what is there is what was done");
        if found > 600 {
            std::fs::remove_dir_all(folder.path().join(".attune")).expect("it can be removed");
            std::fs::remove_file(&path).expect("it can be removed");
            drop(make(folder.path()));
        }
    }
    assert!(old_steps > 0, "some kills must come a second after a step");
}

#[test]
fn a_full_disk_is_said_nothing_saved_is_lost_and_a_smaller_save_elsewhere_works() {
    let name = "a_full_disk_is_said_nothing_saved_is_lost_and_a_smaller_save_elsewhere_works";
    if let Some(folder) = child_folder() {
        fill_the_disk(&folder);
        return;
    }
    let folder = TempDir::new().expect("a folder");
    let (path, mut document, file) = make(folder.path());
    (0..20).for_each(|n| work(&mut document, n));
    file.save(&mut document, at(60)).expect("it is saved");
    let size = std::fs::metadata(&path).expect("the file").len();
    drop((document, file));
    let inner = child(name, folder.path());
    let blocks = size / 1024 + 4; // the shell counts in KiB
    let script = format!("ulimit -f {blocks}; trap '' XFSZ; exec \"$@\"");
    let mut shell = Command::new("bash");
    shell.args(["-c", &script, "bash"]).arg(inner.get_program()).args(inner.get_args()).env(FOLDER, folder.path());
    let output = shell.output().expect("bash is there");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("was full"), "the child must have done its work: {said}");

    let (read, _) = file::read(&OsDisk, &path).expect("it is a session");
    assert!(read.history().last_seq() > 20, "what found room in the journal is there");
    assert_eq!(read.history().prove(read.session()), Ok(()));
}

/// In the child, no file can be larger than the session's is now, and a little.
fn fill_the_disk(folder: &Path) {
    let path = folder.join("d1.attune");
    let mut opened = file::open(&os_disk(), &path, holder(100)).expect("it opens");
    let before = std::fs::read(&path).expect("the file");
    let mut n = opened.document.history().last_seq();
    while opened.file.flush() {
        work(&mut opened.document, n);
        n += 1;
        assert!(n < 10_000, "the disk must be full at some time");
    }
    let state = opened.file.log_state();
    let standing = state.standing(Instant::now());
    let Standing::Problem { sentence, .. } = standing else { panic!("{standing:?}") };
    assert!(
        sentence.starts_with("the disk is full: ") && sentence.ends_with("free some room, or save elsewhere"),
        "{sentence}"
    );
    work(&mut opened.document, n); // no step is refused
    let error = opened.file.save(&mut opened.document, at(200)).expect_err("there is no room");
    assert!(matches!(error, FileError::DiskFull(_)), "{error}");
    assert_eq!(std::fs::read(&path).expect("the file"), before);
    assert!(!folder.join(".d1.attune.unfinished").exists());
    say("was full");
}

#[test]
fn two_processes_do_not_edit_one_session() {
    let name = "two_processes_do_not_edit_one_session";
    if let Some(folder) = child_folder() {
        let opened = file::open(&os_disk(), &folder.join("d1.attune"), holder(100)).expect("it opens");
        say(&format!("reading only: {:?}", opened.file.read_only()));
        return;
    }
    let folder = TempDir::new().expect("a folder");
    let (_, _, file) = make(folder.path());
    let output = child(name, folder.path()).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("reading only: Some(\"C1 has it open on laptop since 2026-11-24 "), "{said}");
    drop(file);
    let output = child(name, folder.path()).output().expect("it runs");
    assert!(String::from_utf8_lossy(&output.stdout).contains("reading only: None"));
}

#[test]
fn a_folder_without_write_access_opens_for_reading_only_and_takes_no_new_session() {
    let name = "a_folder_without_write_access_opens_for_reading_only_and_takes_no_new_session";
    if let Some(folder) = child_folder() {
        let opened = file::open(&os_disk(), &folder.join("d1.attune"), holder(100)).expect("it opens");
        say(&format!("reading only: {}", opened.file.read_only().expect("it must not be written")));
        let mut document = opened.document;
        let error = file::create(&os_disk(), &folder.join("d2.attune"), &mut document, Existing::Refuse, holder(100));
        say(&format!("making: {}", error.expect_err("it must not be written")));
        return;
    }
    let folder = TempDir::new_in("/tmp").expect("a folder"); // elsewhere nobody may not even come near it
    let (path, document, file) = make(folder.path());
    drop((document, file));
    let program = folder.path().join("program"); // where another user can run it
    std::fs::copy(std::env::current_exe().expect("this program"), &program).expect("it can be copied");
    let set = |path: &Path, mode| {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("they can be set");
    };
    set(&path, 0o644);
    set(&program, 0o755);
    set(folder.path(), 0o555);
    let mut command = child(name, folder.path());
    let args: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
    command = Command::new(&program);
    command.args(args).env(FOLDER, folder.path());
    let is_root = std::fs::write(folder.path().join("probe"), "").is_ok(); // root writes anywhere: become nobody
    if is_root {
        use std::os::unix::process::CommandExt;
        command.uid(65534).gid(65534);
    }
    let output = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    set(folder.path(), 0o755);
    let place = folder.path().display();
    assert!(said.contains("reading only: this user may not write in "), "{said}");
    assert!(
        said.contains(&format!(
            "making: {place}/d2.attune may not be written by this user: save the session in a folder of your own"
        )),
        "{said}"
    );
}
