//! `attune check`: what is wrong in a session.

use std::path::{Path, PathBuf};

use clap::Args;
use media::FrameIndex;
use serde_json::{Value, json};
use session::check::{CheckOptions, Finding, Severity, check};
use session::file::{OsDisk, read_unchecked, resolve_medium};
use session::{Medium, MediumId, Session};
use span::{Instant, Span};

use super::input::{KnownSchemes, SchemeArgs, load};
use super::output::{Failure, Progress, tell, write_data};
use super::probe::read_index;
use super::table::Table;
use super::{Form, OutArgs};

/// What is wrong in a session: gaps, overlaps, marks outside the media or off their frames, codes not in the scheme, ...
#[derive(Debug, Args)]
#[command(after_help = "\
A note may be meant so, a warning hardly, an error cannot be. Exit status 1 if a file cannot be read or has an error.

Example:
  attune check *.attune --format csv > findings.csv")]
pub(super) struct CheckArgs {
    /// Sessions, coded-timeline CSVs or ELAN documents
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    scheme: SchemeArgs,
    /// States of fewer frames than this are short
    #[arg(long, value_name = "N", default_value_t = 3)]
    min_frames: u32,
    /// What it is printed as
    #[arg(long, value_enum, default_value = "table")]
    format: Form,
    #[command(flatten)]
    out: OutArgs,
}

/// A file that was looked through.
struct Checked {
    file: String,
    session: String,
    findings: Vec<Finding>,
}

pub(super) fn run(args: &CheckArgs) -> Result<(), Failure> {
    args.out.check(args.files.iter().chain(args.scheme.file()))?;
    let schemes = args.scheme.load()?;
    let (mut checked, mut failed) = (Vec::new(), Vec::new());
    let mut progress = Progress::new("checking");
    for (n_done, path) in args.files.iter().enumerate() {
        progress.at(n_done as f32 / args.files.len() as f32);
        match load_to_check(path, &schemes) {
            Ok(session) => {
                let findings = findings(&session, path, args.min_frames, &schemes);
                checked.push(Checked { file: path.display().to_string(), session: session.id.to_string(), findings });
            }
            Err(reason) => {
                tell(&reason);
                failed.push((path.display().to_string(), reason));
            }
        }
    }
    drop(progress);
    let text = match args.format {
        Form::Json => to_json(&checked, &failed),
        Form::Csv => to_table(&checked).to_csv(),
        Form::Table => for_people(&checked),
    };
    write_data(&args.out, text.as_bytes())?;
    let has_error = checked.iter().flat_map(|file| &file.findings).any(|finding| finding.severity == Severity::Error);
    if failed.is_empty() && !has_error { Ok(()) } else { Err(Failure::Told) }
}

/// A session that breaks rules cannot be opened, but it can be said which they are.
fn load_to_check(path: &Path, schemes: &KnownSchemes) -> Result<Session, String> {
    match load(path, schemes) {
        Ok(loaded) => {
            loaded.tell_remarks(path);
            Ok(loaded.session().clone())
        }
        Err(reason) => {
            let unchecked = read_unchecked(&OsDisk, path).ok();
            unchecked.filter(|session| session.check_rules().is_err()).ok_or(reason)
        }
    }
}

fn findings(session: &Session, file: &Path, min_frames: u32, schemes: &KnownSchemes) -> Vec<Finding> {
    let indexes: Vec<(&Medium, FrameIndex)> =
        session.media.iter().filter_map(|medium| Some((medium, index_of(medium, file)?))).collect();
    let frame_at = |id: MediumId, time: Instant| frame_at(&indexes, id, time);
    let named_scheme = schemes.named(&session.scheme.name, &session.scheme.version);
    check(session, CheckOptions { min_frames, frame_at: Some(&frame_at), named_scheme })
}

/// The frames of a medium, where its file is there; without them it is not looked whether marks stand on frames.
fn index_of(medium: &Medium, file: &Path) -> Option<FrameIndex> {
    let path = resolve_medium(file, &medium.path);
    if !path.exists() {
        tell(&format!(
            "{}: {} is not there, so it is not checked whether marks stand on its frames",
            file.display(),
            path.display()
        ));
        return None;
    }
    read_index(&path).inspect_err(|reason| tell(&format!("{}: {reason}", file.display()))).ok()
}

/// The frame on screen at a moment of the session; none where the medium shows none, or its frames are not known.
fn frame_at(indexes: &[(&Medium, FrameIndex)], id: MediumId, time: Instant) -> Option<Span> {
    let (medium, index) = indexes.iter().find(|(medium, _)| medium.id == id)?;
    let at = medium.medium_time(time);
    if at < index.time_of(0) || at >= index.end() {
        return None;
    }
    // The session's time is rounded: the frame that begins at it may begin half a microsecond later on the medium's clock.
    let number = index.frame_near(at);
    let number = if medium.session_time(index.time_of(number)) == time { number } else { index.frame_at(at) };
    let start = index.time_of(number);
    Span::new(medium.session_time(start), medium.session_time(start + index.length_of(number))).ok()
}

/// `OffFrame` becomes `off_frame`: the word in files.
fn snake(name: &str) -> String {
    let mut word = String::new();
    for (idx, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && idx > 0 {
            word.push('_');
        }
        word.extend(letter.to_lowercase());
    }
    word
}

fn severity_word(finding: &Finding) -> String {
    snake(&format!("{:?}", finding.severity))
}

fn kind_word(finding: &Finding) -> String {
    snake(&format!("{:?}", finding.kind))
}

fn to_json(checked: &[Checked], failed: &[(String, String)]) -> String {
    let finding = |finding: &Finding| {
        json!({
            "severity": severity_word(finding),
            "kind": kind_word(finding),
            "track": finding.track.as_ref().map(ToString::to_string),
            "mark": finding.mark.map(|mark| mark.to_string()),
            "start_s": finding.span.map(|span| span.start().as_secs()),
            "end_s": finding.span.map(|span| span.end().as_secs()),
            "message": finding.message,
        })
    };
    let file = |file: &Checked| {
        let findings: Vec<Value> = file.findings.iter().map(finding).collect();
        json!({"file": file.file, "session": file.session, "findings": findings})
    };
    let failed: Vec<Value> = failed.iter().map(|(file, why)| json!({"file": file, "why": why})).collect();
    let files: Vec<Value> = checked.iter().map(file).collect();
    let all = json!({"schema": "attune.check/1", "files": files, "failed": failed});
    format!("{}\n", serde_json::to_string_pretty(&all).expect("findings are finite numbers and text"))
}

fn to_table(checked: &[Checked]) -> Table {
    let mut table =
        Table::new(&["file", "session", "severity", "kind", "track", "mark", "start_s", "end_s", "message"]);
    for file in checked {
        for finding in &file.findings {
            table.push(vec![
                file.file.clone(),
                file.session.clone(),
                severity_word(finding),
                kind_word(finding),
                finding.track.as_ref().map(ToString::to_string).unwrap_or_default(),
                finding.mark.map(|mark| mark.to_string()).unwrap_or_default(),
                finding.span.map(|span| span.start().to_secs_text()).unwrap_or_default(),
                finding.span.map(|span| span.end().to_secs_text()).unwrap_or_default(),
                finding.message.clone(),
            ]);
        }
    }
    table
}

fn for_people(checked: &[Checked]) -> String {
    let of_file = |file: &Checked| {
        let lines =
            file.findings.iter().map(|finding| format!("  {:<8} {}\n", severity_word(finding), finding.message));
        let lines = lines.collect::<Vec<_>>().concat();
        format!("{}\n{}", file.file, if lines.is_empty() { "  nothing looks wrong\n".to_owned() } else { lines })
    };
    checked.iter().map(of_file).collect::<Vec<_>>().concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_files_are_in_snake_case() {
        assert_eq!(snake("EpisodeOutsideMedia"), "episode_outside_media");
        assert_eq!(snake("Gap"), "gap");
    }
}
