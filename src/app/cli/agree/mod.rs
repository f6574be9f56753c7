//! `attune agree`: how far coders agree, per channel. The numbers are those of the window.

use std::path::PathBuf;

use clap::Args;
use scoring::agreement::agree::Agreement;
use scoring::agreement::catalog;
use scoring::agreement::settings::AgreeSettings;
use scoring::agreement::statistic::Statistic;
use scoring::catalog::ScoreInfo;
use serde_json::{Map, Value};
use session::compare::{compare, compare_many};
use session::{Session, TrackKey};

use super::input::{SchemeArgs, load};
use super::output::{Failure, Progress, tell, write_data};
use super::table::Table;
use super::{Form, OutArgs};
use crate::agreement_text::{Compared, ComparedMany, agreement_json, channel_name, number_text, parts_text};

/// Agreement of coders, per channel, every statistic with its parts, and the list of disagreements
#[derive(Debug, Args)]
#[command(after_help = "\
The first file is the reference: of more than two, it is compared with each other one (in the JSON the second of them stands where it does
alone, the further ones under \"others\"), and all are compared at once: Krippendorff's alpha, Fleiss' and Randolph's kappa and gamma of each
channel of states (in the JSON under \"many\"). What stands against comparing them is said on standard error, and in the JSON; time that only
one of a pair looked at is left out; of all coders, alpha takes what two or more looked at, the others what all did. --format csv lists the
statistics; the disagreements are in the JSON and in the table.

Examples:
  attune agree dyad01-KL.attune dyad01-CD.attune
  attune agree dyad01-KL.attune dyad01-CD.attune dyad01-EF.attune
  attune agree A.attune B.attune --tolerance 0.5 --format json > agreement.json
  attune agree --print-settings > settings.json
  attune agree --list")]
pub(super) struct AgreeArgs {
    /// The first coder's session
    #[arg(required_unless_present_any = ["list", "print_settings"], value_name = "A")]
    first: Option<PathBuf>,
    /// The second coder's session
    #[arg(required_unless_present_any = ["list", "print_settings"], value_name = "B")]
    second: Option<PathBuf>,
    /// Those of further coders
    #[arg(value_name = "C")]
    further: Vec<PathBuf>,
    /// Compare on a grid of so many seconds, instead of time itself
    #[arg(long, value_name = "SECONDS")]
    step: Option<f64>,
    /// How early or late a coder may be, in time and for the onsets of events
    #[arg(long, value_name = "SECONDS")]
    tolerance: Option<f64>,
    /// Replace settings by those in this JSON file
    #[arg(long, value_name = "S.json")]
    settings: Option<PathBuf>,
    /// Print the settings as a file to edit, and end
    #[arg(long, conflicts_with_all = ["list", "first", "second", "further"])]
    print_settings: bool,
    /// Print every statistic: name, unit, range, definition, source; and end
    #[arg(long, conflicts_with_all = ["first", "second", "further"])]
    list: bool,
    #[command(flatten)]
    scheme: SchemeArgs,
    /// What it is printed as
    #[arg(long, value_enum, default_value = "table")]
    format: Form,
    #[command(flatten)]
    out: OutArgs,
}

/// What was asked for: pairs, and all at once where there are more than two.
struct Answer {
    /// The first file against the second.
    first: Compared,
    /// The first file against each further one.
    others: Vec<Compared>,
    /// All of more than two.
    many: Option<ComparedMany>,
}

impl Answer {
    fn new(files: &[(String, &Session)], settings: &AgreeSettings, progress: &mut Progress) -> Self {
        let (reference, rest) = files.split_first().expect("there are two files at least");
        let mut pairs = Vec::new();
        for (n_done, other) in rest.iter().enumerate() {
            progress.at(n_done as f32 / files.len() as f32);
            let of_pair = [reference, other].map(|(file, _)| file.clone());
            pairs.push(Compared::new(of_pair, compare(reference.1, other.1), settings.clone()));
        }
        progress.at(rest.len() as f32 / files.len() as f32);
        let sessions: Vec<&Session> = files.iter().map(|(_, session)| *session).collect();
        let many = (sessions.len() > 2).then(|| ComparedMany::new(compare_many(&sessions), settings));
        let others = pairs.split_off(1);
        Self { first: pairs.swap_remove(0), others, many }
    }

    fn pairs(&self) -> impl Iterator<Item = &Compared> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// What stands against comparing them.
    fn problems(&self) -> &[String] {
        let of_many = self.many.as_ref().map(|many| &many.comparison.comparable);
        &of_many.unwrap_or(&self.first.comparison.comparable).problems
    }
}

pub(super) fn run(args: &AgreeArgs) -> Result<(), Failure> {
    let paths: Vec<&PathBuf> = args.first.iter().chain(&args.second).chain(&args.further).collect();
    args.out.check(paths.iter().copied().chain(&args.settings).chain(args.scheme.file()))?;
    let settings = settings(args)?;
    if args.list {
        return write_data(&args.out, list(args.format).as_bytes());
    }
    if args.print_settings {
        let json = serde_json::to_string_pretty(&Value::Object(settings.to_map())).expect("settings are plain data");
        return write_data(&args.out, format!("{json}\n").as_bytes());
    }
    let schemes = args.scheme.load()?;
    let load = |path: &&PathBuf| {
        let loaded = load(path, &schemes).inspect_err(|why| tell(why));
        loaded.inspect(|loaded| loaded.tell_remarks(path)).map_err(|_| Failure::Told)
    };
    let loaded: Vec<_> = paths.iter().map(load).collect(); // all are looked at before one ends it
    let loaded = loaded.into_iter().collect::<Result<Vec<_>, Failure>>()?;
    let files = paths.iter().zip(&loaded).map(|(path, loaded)| (path.display().to_string(), loaded.session()));
    let mut progress = Progress::new("comparing");
    let answer = Answer::new(&files.collect::<Vec<_>>(), &settings, &mut progress);
    drop(progress);
    for problem in answer.problems() {
        tell(problem);
    }
    let text = match args.format {
        Form::Json => agreement_json(&answer.first, &answer.others, answer.many.as_ref()),
        Form::Csv => statistics(&answer).to_csv(),
        Form::Table => for_people(&answer),
    };
    write_data(&args.out, text.as_bytes())?;
    if answer.pairs().all(|pair| pair.agreements.is_empty()) {
        return Err(Failure::Because(
            "there is no channel that both coded by the same rules: nothing is compared".to_owned(),
        ));
    }
    Ok(())
}

fn settings(args: &AgreeArgs) -> Result<AgreeSettings, Failure> {
    let mut given: Map<String, Value> = match &args.settings {
        None => Map::new(),
        Some(path) => {
            let wrong = |reason: &dyn std::fmt::Display| format!("the settings {}: {reason}", path.display());
            let text = std::fs::read_to_string(path)
                .map_err(|error| Failure::Usage(wrong(&format!("{error} (check its name)"))))?;
            serde_json::from_str(&text).map_err(|error| Failure::Usage(wrong(&error)))?
        }
    };
    for (name, value) in [("step_s", args.step), ("tolerance_s", args.tolerance), ("align.tolerance_s", args.tolerance)]
    {
        if let Some(value) = value {
            given.insert(name.to_owned(), value.into());
        }
    }
    AgreeSettings::from_overrides(&given).map_err(|error| Failure::Usage(error.to_string()))
}

fn list(format: Form) -> String {
    match format {
        Form::Json => {
            let all: Vec<_> = catalog::all().collect();
            format!("{}\n", serde_json::to_string_pretty(&all).expect("the catalog is text"))
        }
        Form::Csv => {
            let mut table = Table::new(&["id", "name", "unit", "range", "definition", "source"]);
            for info in catalog::all() {
                let row = [info.id, info.name, info.unit, info.range, info.definition, info.source];
                table.push(row.map(str::to_owned).to_vec());
            }
            table.to_csv()
        }
        Form::Table => {
            let entry = |info: &ScoreInfo| {
                let unit = if info.unit == "1" { "no unit" } else { info.unit };
                format!("{}  ({unit}, {})\n    {}\n    {}\n", info.id, info.range, info.definition, info.source)
            };
            catalog::all().map(entry).collect::<Vec<_>>().concat()
        }
    }
}

/// A row for each statistic of each channel, and for what BORIS would print of all; where there are more than two files, which two it is of.
fn statistics(answer: &Answer) -> Table {
    let columns = ["subject", "channel", "code", "compared_s", "statistic", "value", "low", "high", "why", "parts"];
    let Some(many) = &answer.many else {
        let mut table = Table::new(&columns);
        for row in rows(&answer.first) {
            table.push(row);
        }
        return table;
    };
    let mut table = Table::new(&[&["first", "second"], columns.as_slice()].concat());
    for pair in answer.pairs() {
        for row in rows(pair) {
            table.push([pair.files.to_vec(), row].concat());
        }
    }
    let of_all = vec![String::new(); 2];
    for (channel, statistics) in many.channels() {
        let looked_at = channel.many.looked_at.length().as_secs();
        let of = of_channel(&channel.key, channel.code.as_deref(), looked_at);
        for statistic in statistics {
            table.push([of_all.clone(), row(of.clone(), statistic)].concat());
        }
    }
    table
}

fn rows(compared: &Compared) -> Vec<Vec<String>> {
    let of_channels = compared.channels().flat_map(|(channel, agreement)| {
        let of = of_channel(&channel.key, channel.code.as_deref(), agreement.n);
        agreement.statistics.iter().map(move |statistic| row(of.clone(), statistic))
    });
    of_channels.chain(compared.as_boris.iter().map(|statistic| row(Default::default(), statistic))).collect()
}

fn of_channel(key: &TrackKey, code: Option<&str>, compared_secs: f64) -> [String; 4] {
    [key.subject.clone(), key.channel.clone(), code.unwrap_or_default().to_owned(), compared_secs.to_string()]
}

/// What a statistic is of, and its numbers.
fn row(of: [String; 4], statistic: &Statistic) -> Vec<String> {
    let limits = statistic.limits.as_ref().and_then(|limits| limits.as_ref().ok());
    let number = |number: Option<f64>| number.map_or_else(String::new, |number| number.to_string());
    let parts = statistic.parts.iter().filter_map(|(name, part)| Some(format!("{name}={}", (*part)?)));
    let numbers = [
        statistic.info.id.to_owned(),
        number(statistic.number()),
        number(limits.map(|limits| limits.low)),
        number(limits.map(|limits| limits.high)),
        statistic.why().unwrap_or_default().to_owned(),
        parts.collect::<Vec<_>>().join(" "),
    ];
    of.into_iter().chain(numbers).collect()
}

/// Each pair, and all at once; numbers with three decimals, which is for reading and not for computing.
fn for_people(answer: &Answer) -> String {
    let Some(many) = &answer.many else { return pair_for_people(&answer.first) };
    let mut text = String::new();
    for pair in answer.pairs() {
        text.extend([pair.files.join(" and "), "\n\n".to_owned(), pair_for_people(pair), "\n".to_owned()]);
    }
    text.extend(["all ".to_owned(), (answer.others.len() + 2).to_string(), " coders\n\n".to_owned()]);
    for (channel, statistics) in many.channels() {
        let secs = channel.many.looked_at.length().as_secs();
        text.extend([
            format!("{}, {secs:.3} s looked at\n", channel_name(&channel.key, channel.code.as_deref())),
            numbers(statistics).to_text(),
            "\n".to_owned(),
        ]);
    }
    if many.agreements.is_empty() {
        text.push_str("no channel of states that all coded\n");
    }
    text
}

/// Per channel: the table of seconds, the statistics, the disagreements.
fn pair_for_people(compared: &Compared) -> String {
    let mut text = String::new();
    for (channel, agreement) in compared.channels() {
        text.extend([
            channel_name(&channel.key, channel.code.as_deref()),
            format!(", {:.3} s compared\n", agreement.n),
        ]);
        if let Some(table) = &agreement.table {
            let mut head = vec!["first \\ second"];
            head.extend(agreement.categories.iter().map(String::as_str));
            let mut seconds = Table::new(&head);
            for (category, row) in agreement.categories.iter().zip(table.rows()) {
                let cells = row.iter().map(|secs| format!("{secs:.3}"));
                seconds.push(std::iter::once(category.clone()).chain(cells).collect());
            }
            text += &seconds.to_text();
        }
        if !agreement.by_code.is_empty() {
            text += &codes(agreement).to_text();
        }
        text += &numbers(&agreement.statistics).to_text();
        let mut places = Table::new(&["from", "to", "first", "second", "kind"]);
        for place in &agreement.disagreements {
            let kind = serde_json::to_value(place.kind).ok();
            let side = |code: &Option<String>| code.clone().unwrap_or_else(|| "-".to_owned());
            places.push(vec![
                place.start.to_secs_text(),
                place.end.to_secs_text(),
                side(&place.a),
                side(&place.b),
                kind.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned(),
            ]);
        }
        if !agreement.disagreements.is_empty() {
            text += &places.to_text();
        }
        text.push('\n');
    }
    if !compared.agreements.is_empty() {
        text += "as BORIS, all subjects and channels\n";
        text += &numbers(&compared.as_boris).to_text();
    }
    if compared.agreements.is_empty() {
        text.push_str("nothing that both coded\n");
    }
    text
}

fn numbers(statistics: &[Statistic]) -> Table {
    let mut table = Table::new(&["statistic", "value", "limits and parts"]);
    for statistic in statistics {
        table.push(vec![statistic.info.id.to_owned(), number_text(statistic), parts_text(statistic)]);
    }
    table
}

/// Kappa of each code beside how common the code is.
fn codes(agreement: &Agreement) -> Table {
    let mut table = Table::new(&["code", "kappa", "prevalence", "overlap over extent"]);
    for code in &agreement.by_code {
        let number = |number: Option<f64>| number.map_or_else(|| "–".to_owned(), |number| format!("{number:.3}"));
        let numbers = [number(code.kappa.value), number(code.prevalence()), number(code.overlap_extent)];
        table.push(std::iter::once(code.code.clone()).chain(numbers).collect());
    }
    table
}
