//! Real files of other programs, where `ATTUNE_SAMPLES` names a folder of them; skipped aloud elsewhere.

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use exchange::csv::{self, CsvOptions};
use exchange::{Schemes, Severity, eaf, read_any};

/// The folder of samples, if there is one.
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn samples(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("ATTUNE_SAMPLES").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped {test}: ATTUNE_SAMPLES is not set");
    }
    folder
}

fn eaf_files(samples: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(samples.join("elan")).expect("a folder of ELAN documents");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "eaf"))
        .collect();
    files.sort();
    files
}

#[test]
fn real_elan_documents_are_read_and_come_back_from_our_own_formats() {
    let Some(samples) = samples("real_elan_documents_are_read_and_come_back_from_our_own_formats") else {
        return;
    };
    for path in eaf_files(&samples) {
        let bytes = std::fs::read(&path).expect("the file can be read");
        let (session, report) =
            read_any(&path, &bytes, Schemes::default()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        session.check_rules().expect("a session");
        let text = String::from_utf8_lossy(&bytes);
        let n_aligned = text.matches("<ALIGNABLE_ANNOTATION").count();
        assert_eq!(
            session.n_marks(),
            n_aligned,
            "{}: {:?}",
            path.display(),
            report.of(Severity::Lost).take(5).collect::<Vec<_>>()
        );

        let schemes = Schemes { given: Some(&session.scheme), known: &[] };
        let (through_csv, _) =
            csv::read(&csv::write(&session, &CsvOptions::default()).0, schemes).expect("our own file");
        assert_eq!(through_csv.tracks, session.tracks, "{}", path.display());
        let (through_eaf, _) = eaf::read(&eaf::write(&session).0, schemes).expect("our own file");
        let marks = |session: &session::Session| {
            session
                .tracks
                .iter()
                .flat_map(|track| &track.marks)
                .map(|mark| (mark.code.clone(), mark.start()))
                .collect::<Vec<_>>()
        };
        assert_eq!(marks(&through_eaf).len(), n_aligned, "{}", path.display());
    }
}

#[test]
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn what_we_write_keeps_the_schema_of_elan() {
    let Some(samples) = samples("what_we_write_keeps_the_schema_of_elan") else {
        return;
    };
    if Command::new("xmllint").arg("--version").output().is_err() {
        eprintln!("skipped what_we_write_keeps_the_schema_of_elan: xmllint is not installed");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("session.eaf");
    std::fs::write(&path, eaf::write(&common::session()).0).expect("the file can be written");
    let schema = samples.join("elan/EAFv3.0.xsd");
    let output = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema"])
        .arg(schema)
        .arg(&path)
        .output()
        .expect("xmllint runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
