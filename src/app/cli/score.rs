//! `attune score`: the scores of each file, per episode. The bytes are those of the window's export.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use scoring::chance::strangers::{PseudoDyads, pseudo_dyad_baselines};
use scoring::settings::SurrogateKind;
use scoring::{Recording, ScoreSettings, catalog, quick_scores, slow_scores};
use serde::Serialize;
use serde_json::{Map, Value};
use session::{Session, recording, score_settings};

use super::input::{KnownSchemes, SchemeArgs, load};
use super::output::{Failure, Progress, tell, write_data};
use super::table::Table;
use super::{Form, OutArgs};
use crate::score_text::{FailedFile, ScoredFile, scores_csv, scores_json};

/// The scores of each file, per episode
#[derive(Debug, Args)]
#[command(after_help = "\
A score that is undefined is absent, with the reason. Settings come from the session and its scheme; --settings replaces any.

Examples:
  attune score dyad01.attune
  attune score *.attune --format csv --out scores.csv
  attune score --print-settings > settings.json
  attune score dyad01.csv --settings settings.json --format json
  attune score --list")]
pub(super) struct ScoreArgs {
    /// Sessions, coded-timeline CSVs or ELAN documents
    #[arg(required_unless_present_any = ["list", "print_settings"], value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Replace settings by those in this JSON file
    #[arg(long, value_name = "S.json")]
    settings: Option<PathBuf>,
    /// Print the settings as a file to edit, and end
    #[arg(long, conflicts_with_all = ["list", "files"])]
    print_settings: bool,
    /// Print every score: name, unit, range, definition, what it needs, source; and end
    #[arg(long, conflicts_with = "files")]
    list: bool,
    #[command(flatten)]
    scheme: SchemeArgs,
    /// What it is printed as
    #[arg(long, value_enum, default_value = "table")]
    format: Form,
    #[command(flatten)]
    out: OutArgs,
}

pub(super) fn run(args: &ScoreArgs) -> Result<(), Failure> {
    args.out.check(args.files.iter().chain(&args.settings).chain(args.scheme.file()))?;
    let overrides = args.settings.as_deref().map(read_settings).transpose()?.unwrap_or_default();
    if args.list {
        return write_data(&args.out, list(args.format).as_bytes());
    }
    if args.print_settings {
        let settings = ScoreSettings::from_overrides(&overrides).map_err(|error| Failure::Usage(error.to_string()))?;
        let json = serde_json::to_string_pretty(&Value::Object(settings.to_map())).expect("settings are plain data");
        return write_data(&args.out, format!("{json}\n").as_bytes());
    }
    let schemes = args.scheme.load()?;
    let (mut scored, mut recordings, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    let mut progress = Progress::new("scoring");
    for (n_done, path) in args.files.iter().enumerate() {
        let told = progress.of_part(n_done, args.files.len());
        told(0.0);
        match score_file(path, &schemes, &overrides, &told) {
            Ok((file, recording)) => {
                scored.push(file);
                recordings.push(recording);
            }
            Err(why) => {
                tell(&why);
                failed.push(FailedFile { file: path.display().to_string(), why });
            }
        }
    }
    let pseudo_dyads = pseudo_dyads(&scored, &recordings, &mut progress);
    drop(progress);
    let text = match args.format {
        Form::Json => scores_json(&scored, &failed, pseudo_dyads.as_deref()),
        Form::Csv => scores_csv(&scored),
        Form::Table => for_people(&scored) + &strangers_for_people(&pseudo_dyads.unwrap_or_default()),
    };
    write_data(&args.out, text.as_bytes())?;
    if failed.is_empty() { Ok(()) } else { Err(Failure::Told) }
}

/// The settings of scores in a file, each name and value of which exists.
pub(super) fn read_settings(path: &Path) -> Result<Map<String, Value>, Failure> {
    let wrong = |reason: &dyn std::fmt::Display| Failure::Usage(format!("the settings {}: {reason}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(&format!("{error} (check its name)")))?;
    let settings: Value =
        serde_json::from_str(&text).map_err(|error| wrong(&format!("it is no JSON there ({error})")))?;
    let Value::Object(settings) = settings else {
        return Err(wrong(&"they must be an object in {}, as attune score --print-settings prints it"));
    };
    ScoreSettings::from_overrides(&settings).map_err(|error| wrong(&error))?;
    Ok(settings)
}

/// What pairs that never met give, where the settings ask for it: all files have to be scored by the same ones.
fn pseudo_dyads(scored: &[ScoredFile], recordings: &[Recording], progress: &mut Progress) -> Option<Vec<PseudoDyads>> {
    let is_asked =
        |file: &ScoredFile| file.settings.surrogate_kind == SurrogateKind::PseudoDyads && file.settings.surrogates > 0;
    let first = scored.iter().find(|file| is_asked(file))?;
    if scored.iter().any(|file| file.settings != first.settings) {
        tell("no pseudo-dyads: the settings of these files differ (give one file of --settings for all)");
        return None;
    }
    let told = progress.of_part(0, 1);
    pseudo_dyad_baselines(recordings, &first.settings, &|share| {
        told(share);
        true
    })
}

/// Scores one file; `told` as in [`score_session`].
fn score_file(
    path: &Path,
    schemes: &KnownSchemes,
    overrides: &Map<String, Value>,
    told: &(dyn Fn(f64) + Sync),
) -> Result<(ScoredFile, Recording), String> {
    let loaded = load(path, schemes)?;
    loaded.tell_remarks(path);
    score_session(path, loaded.session(), overrides, told)
}

/// Scores the session in a file; `told` hears the share that is done, perhaps from several threads.
pub(super) fn score_session(
    path: &Path,
    session: &Session,
    overrides: &Map<String, Value>,
    told: &(dyn Fn(f64) + Sync),
) -> Result<(ScoredFile, Recording), String> {
    let named = |reason: &dyn std::fmt::Display| format!("{}: {reason}", path.display());
    let settings = score_settings(session, overrides).map_err(|error| named(&error))?;
    refuse_unknown_codes(session, &settings, overrides).map_err(|error| named(&error))?;
    let recording = recording(session);
    let mut scores = quick_scores(&recording, &settings);
    let slow = slow_scores(&recording, &settings, &|share| {
        told(share);
        true
    });
    scores.add(slow.expect("nobody stops it"));
    let (file, id) = (path.display().to_string(), session.id.to_string());
    Ok((ScoredFile { file, session: id, settings, scores }, recording))
}

/// The words in a setting that are codes or states.
type Words = fn(&ScoreSettings) -> Vec<String>;

/// The settings whose words are codes, and how they are had.
const OF_CODES: [(&str, Words); 7] = [
    ("valence", |settings| settings.valence.keys().cloned().collect()),
    ("cycle.distress", |settings| settings.cycle_distress.clone()),
    ("cycle.sensing", |settings| settings.cycle_sensing.clone()),
    ("cycle.answer", |settings| settings.cycle_answer.values().flatten().cloned().collect()),
    ("looking.infant", |settings| settings.looking_infant.clone()),
    ("looking.parent", |settings| settings.looking_parent.clone()),
    ("looking.dyad", |settings| settings.looking_dyad.clone()),
];

/// The settings whose words are states of engagement.
const OF_STATES: [(&str, Words); 3] = [
    ("grid.region", |settings| settings.grid_region.iter().flat_map(|(i, p)| [i, p]).cloned().collect()),
    ("state.types", |settings| settings.state_types.0.keys().cloned().collect()),
    ("state.values", |settings| settings.state_values.keys().cloned().collect()),
];

/// A setting that a person gave and that names a code or state which the session cannot have is a slip, and is refused by
/// name. The words of the defaults are none: whoever edits what `--print-settings` printed has them all.
fn refuse_unknown_codes(
    session: &Session,
    settings: &ScoreSettings,
    overrides: &Map<String, Value>,
) -> Result<(), String> {
    let is_given = |name: &str| overrides.get(name).is_some_and(|value| !value.is_null());
    if let Some((_, state)) = recording(session).unknown_states(settings).first().filter(|_| is_given("match")) {
        return Err(format!("setting 'match' names '{state}', which is no state of that partner"));
    }
    let defaults = ScoreSettings::default();
    let (codes, states) = (codes_of(session), states_of(session));
    let both = codes.union(&states).cloned().collect();
    let of_both: [(&str, Words); 3] = [
        ("missing", |settings| settings.missing.clone()),
        ("contingency.given", |settings| settings.contingency_given.codes().cloned().collect()),
        ("contingency.response", |settings| settings.contingency_response.codes().cloned().collect()),
    ];
    let of_codes = OF_CODES.into_iter().map(|(name, words)| (name, words, &codes));
    let of_states = OF_STATES.into_iter().map(|(name, words)| (name, words, &states));
    let of_both = of_both.into_iter().map(|(name, words)| (name, words, &both));
    for (name, words, known) in of_codes.chain(of_states).chain(of_both) {
        let usual = words(&defaults);
        let mut unknown = words(settings).into_iter().filter(|word| !known.contains(word) && !usual.contains(word));
        if let Some(word) = unknown.next().filter(|_| is_given(name)) {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            return Err(format!("setting '{name}' names '{word}', which is none of {}", known.join(", ")));
        }
    }
    Ok(())
}

fn codes_of(session: &Session) -> BTreeSet<String> {
    session.scheme.channels.iter().flat_map(|channel| &channel.codes).map(|code| code.key.clone()).collect()
}

/// The states of engagement: those of the scheme's rules, of a track of engagement, and those of affect or gaze alone.
fn states_of(session: &Session) -> BTreeSet<String> {
    let recording = recording(session);
    let derived = recording.engagement.iter().flat_map(|rules| &rules.states).map(|state| state.key.clone());
    let coded = session.scheme.channels.iter().filter(|channel| channel.key == scoring::ENGAGEMENT);
    let coded = coded.flat_map(|channel| &channel.codes).map(|code| code.key.clone());
    derived.chain(coded).chain(["POS", "NEU", "NEG", "LOOK", "AWAY"].map(str::to_owned)).collect()
}

/// An entry of the catalog as JSON.
#[derive(Serialize)]
struct Listed {
    #[serde(flatten)]
    info: &'static catalog::ScoreInfo,
    needs: &'static [&'static str],
}

fn list(format: Form) -> String {
    match format {
        Form::Json => {
            let all: Vec<Listed> = catalog::all().map(|info| Listed { info, needs: info.needs() }).collect();
            format!("{}\n", serde_json::to_string_pretty(&all).expect("the catalog is text"))
        }
        Form::Csv => {
            let mut table = Table::new(&["id", "name", "unit", "range", "definition", "source", "needs"]);
            for info in catalog::all() {
                let needs = info.needs().join(", ");
                let row = [info.id, info.name, info.unit, info.range, info.definition, info.source, &needs];
                table.push(row.map(str::to_owned).to_vec());
            }
            table.to_csv()
        }
        Form::Table => {
            let entry = |info: &catalog::ScoreInfo| {
                let unit = if info.unit == "1" { "no unit" } else { info.unit };
                let needs = info.needs().join(", ");
                format!(
                    "{}  ({unit}, {})\n    {}: {}\n    needs {needs}\n    {}\n",
                    info.id, info.range, info.name, info.definition, info.source
                )
            };
            catalog::all().map(entry).collect::<Vec<_>>().concat()
        }
    }
}

/// One heading per episode, one line per score; numbers with three decimals, which is for reading and not for computing.
fn for_people(scored: &[ScoredFile]) -> String {
    let mut text = String::new();
    for file in scored {
        for episode in &file.scores.episodes {
            let span = episode.span;
            let heading = [
                file.file.clone(),
                episode.name.clone(),
                format!("{} to {} s", span.start().to_secs_text(), span.end().to_secs_text()),
                format!("{} s codable", episode.codable.to_secs_text()),
            ];
            let mut table = Table::new(&["score", "value", "unit", "parts"]);
            for (id, score) in episode.scores.iter() {
                let at_least = if score.is_at_least { "at least " } else { "" };
                let value = score
                    .number()
                    .map_or_else(|| "-".to_owned(), |number| format!("{at_least}{}", short(number, score)));
                let unit = if score.unit == "1" { "" } else { score.unit };
                let parts = [Some(parts(score)).filter(|parts| !parts.is_empty()), chance(score), limits(score)];
                let parts = parts.into_iter().flatten().collect::<Vec<_>>().join("; ");
                table.push(vec![id.to_owned(), value, unit.to_owned(), parts]);
            }
            text.extend([heading.join(", "), "\n".to_owned(), table.to_text(), "\n".to_owned()]);
        }
    }
    text
}

/// One heading per kind of episode, one line per score: its mean over dyads, and what pairs that never met give.
fn strangers_for_people(kinds: &[PseudoDyads]) -> String {
    let mut text = String::new();
    for of_kind in kinds {
        let mut table = Table::new(&["score", "dyads", "strangers", "sd", "z", "p"]);
        for (id, baseline) in &of_kind.baselines {
            let number = |number: Option<f64>| number.map_or_else(|| "-".to_owned(), |number| format!("{number:.3}"));
            let numbers = match baseline {
                Ok(of) => [Some(of.observed), Some(of.mean), of.sd, of.z, Some(of.p)].map(number),
                Err(why) => ["-".to_owned(), why.to_string(), String::new(), String::new(), String::new()],
            };
            table.push([vec![id.clone()], numbers.to_vec()].concat());
        }
        let heading = format!("pseudo-dyads, {}, {} dyads", of_kind.kind, of_kind.n_dyads);
        text.extend([heading, "\n".to_owned(), table.to_text(), "\n".to_owned()]);
    }
    text
}

/// Three decimals, none for a count.
fn short(number: f64, score: &scoring::Score) -> String {
    let is_count = score.unit == "1" && score.denominator.is_none() && number.fract() == 0.0;
    if is_count { format!("{number}") } else { format!("{number:.3}") }
}

/// What a number is made of, or why there is none.
fn parts(score: &scoring::Score) -> String {
    if let Some(why) = score.why() {
        return why.to_owned();
    }
    let ratio = score.numerator.zip(score.denominator).map(|(above, below)| format!("{above:.3} / {below:.3}"));
    let n = score.n.map(|n| format!("n = {n}"));
    let note = score.note.as_deref().map(str::to_owned);
    [ratio, n, note].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// What chance gives, where that was asked for.
fn chance(score: &scoring::Score) -> Option<String> {
    Some(match score.chance? {
        Ok(chance) => {
            let z = chance.z.map(|z| format!(", z = {z:.2}")).unwrap_or_default();
            format!("by chance {:.3}{z}, p = {:.3} of {}", chance.mean, chance.p, chance.n)
        }
        Err(why) => format!("no chance: {why}"),
    })
}

/// How far the number varies over blocks of time, where that was asked for.
fn limits(score: &scoring::Score) -> Option<String> {
    Some(match score.limits? {
        Ok(limits) => format!("95 % {:.3} to {:.3}", limits.low, limits.high),
        Err(why) => format!("no limits: {why}"),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::cli::input::SchemeArgs;

    #[test]
    fn how_far_the_surrogates_of_one_file_are_is_told() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("e.csv");
        let marks = "infant,engagement,POS,0,40\nparent,engagement,POS,0,8\nparent,engagement,MON,8,40\n";
        std::fs::write(&path, format!("subject,channel,code,onset_s,offset_s\n{marks}")).expect("it can be written");
        let settings = serde_json::json!({"surrogates": 19, "surrogate.of": ["match.proportion"]});
        let shares = Mutex::new(Vec::new());
        let told = |share| shares.lock().expect("no other test has it").push(share);
        let schemes = SchemeArgs::default().load().unwrap_or_else(|_| panic!("none is asked for"));
        score_file(&path, &schemes, settings.as_object().expect("an object"), &told).expect("a good file");
        let mut shares = shares.into_inner().expect("no other test has it");
        shares.sort_by(f64::total_cmp);
        shares.dedup();
        // each surrogate is a step of its own, and so is each slow score
        assert!(shares.len() > 19, "{shares:?}");
        let steps = shares.windows(2).map(|pair| pair[1] - pair[0]);
        let even = 1.0 / shares.len() as f64;
        assert!(shares[0] == 0.0 && steps.into_iter().all(|step| (step - even).abs() < 1e-9), "{shares:?}");
    }
}
