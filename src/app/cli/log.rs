//! `attune log`: who did what when, and the proof that nothing of it is missing.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};
use session::file::{OsDisk, Proof, read, verify};
use session::{Entry, EntryKind};
use span::counted;

use super::input::{KnownSchemes, SchemeArgs, is_foreign, load};
use super::output::{Failure, write_data};
use super::table::Table;
use super::{Form, OutArgs};

/// Who did what when; --verify proves that the log is whole
#[derive(Debug, Args)]
#[command(after_help = "\
--verify checks that each entry continues the one before it and that all of them together give the session in the file, and
prints the hash of the last entry. It shows accidents and careless changes. Someone who writes the whole history anew is caught
only by a head hash that was noted elsewhere: packages, exports and reports carry it.

Examples:
  attune log dyad01.attune
  attune log dyad01.attune --verify")]
pub(super) struct LogArgs {
    /// The session
    file: PathBuf,
    /// Prove that the history in the file is whole and gives the session in it; exit status 1 if not
    #[arg(long)]
    verify: bool,
    /// What it is printed as
    #[arg(long, value_enum, default_value = "table")]
    format: Form,
    #[command(flatten)]
    out: OutArgs,
}

pub(super) fn run(args: &LogArgs) -> Result<(), Failure> {
    args.out.check([&args.file])?;
    if args.verify {
        return run_verify(args);
    }
    let loaded = load(&args.file, &no_schemes()?).map_err(Failure::Because)?;
    if !loaded.is_own {
        return Err(no_log(&args.file));
    }
    loaded.tell_remarks(&args.file);
    let history = loaded.document.history();
    let text = match args.format {
        Form::Json => to_json(&args.file, loaded.session().id.as_str(), history.entries(), history.head_hash()),
        Form::Csv => to_table(history.entries()).to_csv(),
        Form::Table => format!("{}head {}\n", to_table(history.entries()).to_text(), history.head_hash()),
    };
    write_data(&args.out, text.as_bytes())
}

fn no_schemes() -> Result<KnownSchemes, Failure> {
    SchemeArgs::default().load()
}

fn run_verify(args: &LogArgs) -> Result<(), Failure> {
    if is_foreign(&args.file) {
        return Err(no_log(&args.file));
    }
    let mut proof = verify(&OsDisk, &args.file).map_err(|error| Failure::Because(error.to_string()))?;
    let in_file = proof.entries;
    if proof.broken.is_none() {
        // What was done since the last save stands in the journal, and chains onto the file.
        let (document, _) = read(&OsDisk, &args.file).map_err(|error| Failure::Because(error.to_string()))?;
        let history = document.history();
        let broken = history.prove(document.session()).err();
        proof = Proof { entries: history.last_seq(), head: history.head_hash().to_owned(), broken };
    }
    write_data(&args.out, proof_text(args, &proof, proof.entries - in_file).as_bytes())?;
    match proof.broken {
        None => Ok(()),
        Some(broken) => Err(Failure::Because(format!("{}: the log is not whole: {broken}", args.file.display()))),
    }
}

fn no_log(file: &Path) -> Failure {
    Failure::Because(format!("{} has no log: only Attune's own sessions keep one", file.display()))
}

fn proof_text(args: &LogArgs, proof: &Proof, in_journal: u64) -> String {
    let broken = proof.broken.as_ref().map(ToString::to_string);
    match args.format {
        Form::Json => {
            let file = args.file.display().to_string();
            let proof = json!({"whole": broken.is_none(), "why": broken, "entries": proof.entries, "in_journal": in_journal,
                               "head": proof.head});
            pretty(&json!({"schema": "attune.log/1", "file": file, "proof": proof}))
        }
        Form::Csv => {
            let mut table = Table::new(&["file", "whole", "entries", "in_journal", "head", "why"]);
            let file = args.file.display().to_string();
            table.push(vec![
                file,
                broken.is_none().to_string(),
                proof.entries.to_string(),
                in_journal.to_string(),
                proof.head.clone(),
                broken.unwrap_or_default(),
            ]);
            table.to_csv()
        }
        Form::Table => {
            let verdict = if broken.is_none() { "whole" } else { "NOT whole" };
            let unsaved = match in_journal {
                0 => String::new(),
                n => format!(", {n} of them in the journal, not saved yet"),
            };
            format!("{verdict}: {}{unsaved}\nhead {}\n", counted(proof.entries, "entry"), proof.head)
        }
    }
}

/// What an entry is to those before it: `edit`, `undo 12`, `redo 12`, `found`.
fn kind_text(kind: EntryKind) -> String {
    match kind {
        EntryKind::Edit => "edit".to_owned(),
        EntryKind::Undo(of) => format!("undo {of}"),
        EntryKind::Redo(of) => format!("redo {of}"),
        EntryKind::Found => "found".to_owned(),
    }
}

fn to_table(entries: &[Entry]) -> Table {
    let mut table = Table::new(&["seq", "time", "who", "kind", "label"]);
    for entry in entries {
        table.push(vec![
            entry.seq.to_string(),
            entry.time.to_string(),
            entry.who.clone(),
            kind_text(entry.kind),
            entry.label.clone(),
        ]);
    }
    table
}

fn to_json(file: &Path, session: &str, entries: &[Entry], head: &str) -> String {
    let entries: Vec<Value> = entries
        .iter()
        .map(|entry| {
            let time = entry.time.to_string();
            json!({"seq": entry.seq, "time": time, "who": entry.who, "kind": kind_text(entry.kind), "label": entry.label, "changes": entry.edit.len()})
        })
        .collect();
    pretty(
        &json!({"schema": "attune.log/1", "file": file.display().to_string(), "session": session, "head": head, "entries": entries}),
    )
}

fn pretty(json: &Value) -> String {
    format!("{}\n", serde_json::to_string_pretty(json).expect("a log is finite numbers and text"))
}
