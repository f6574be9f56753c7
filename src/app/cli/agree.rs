//! `attune agree`: how far two coders agree, per channel. The numbers are those of the window.

use std::path::{Path, PathBuf};

use clap::Args;
use scoring::agreement::agree::Agreement;
use scoring::agreement::catalog;
use scoring::agreement::settings::AgreeSettings;
use scoring::agreement::statistic::Statistic;
use scoring::catalog::ScoreInfo;
use serde_json::{Map, Value};
use session::compare::compare;

use super::input::{SchemeArgs, load};
use super::output::{Failure, Progress, tell, write_data};
use super::table::Table;
use super::{Form, OutArgs};
use crate::agreement_text::{Compared, agreement_json, channel_name, number_text, parts_text};

/// Agreement of two coders, per channel, every statistic with its parts, and the list of disagreements
#[derive(Debug, Args)]
#[command(after_help = "\
The first file is the reference. What stands against comparing the two is said on standard error, and in the JSON; time that only one of
them looked at is left out. --format csv lists the statistics; the disagreements are in the JSON and in the table.

Examples:
  attune agree dyad01-KL.attune dyad01-CD.attune
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
    #[arg(long, conflicts_with_all = ["list", "first", "second"])]
    print_settings: bool,
    /// Print every statistic: name, unit, range, definition, source; and end
    #[arg(long, conflicts_with_all = ["first", "second"])]
    list: bool,
    #[command(flatten)]
    scheme: SchemeArgs,
    /// What it is printed as
    #[arg(long, value_enum, default_value = "table")]
    format: Form,
    #[command(flatten)]
    out: OutArgs,
}

pub(super) fn run(args: &AgreeArgs) -> Result<(), Failure> {
    args.out.check(args.first.iter().chain(&args.second).chain(&args.settings).chain(args.scheme.file()))?;
    let settings = settings(args)?;
    if args.list {
        return write_data(&args.out, list(args.format).as_bytes());
    }
    let (Some(first), Some(second)) = (&args.first, &args.second) else {
        let json = serde_json::to_string_pretty(&Value::Object(settings.to_map())).expect("settings are plain data");
        return write_data(&args.out, format!("{json}\n").as_bytes());
    };
    let schemes = args.scheme.load()?;
    let load = |path: &Path| {
        let loaded = load(path, &schemes).inspect_err(|why| tell(why));
        loaded.inspect(|loaded| loaded.tell_remarks(path)).map_err(|_| Failure::Told)
    };
    let (a, b) = (load(first), load(second)); // both are looked at before one ends it
    let (a, b) = (a?, b?);
    let mut progress = Progress::new("comparing");
    progress.at(0.0);
    let comparison = compare(a.session(), b.session());
    let compared = Compared::new([first, second].map(|path| path.display().to_string()), comparison, settings);
    drop(progress);
    for problem in &compared.comparison.comparable.problems {
        tell(problem);
    }
    let text = match args.format {
        Form::Json => agreement_json(&compared),
        Form::Csv => statistics(&compared).to_csv(),
        Form::Table => for_people(&compared),
    };
    write_data(&args.out, text.as_bytes())
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

/// A row for each statistic of each channel, and for what BORIS would print of all.
fn statistics(compared: &Compared) -> Table {
    let mut table =
        Table::new(&["subject", "channel", "code", "compared_s", "statistic", "value", "low", "high", "why", "parts"]);
    for (channel, agreement) in compared.channels() {
        let code = channel.code.clone().unwrap_or_default();
        let of = [channel.key.subject.clone(), channel.key.channel.clone(), code, agreement.n.to_string()];
        agreement.statistics.iter().for_each(|statistic| table.push(row(of.clone(), statistic)));
    }
    compared.as_boris.iter().for_each(|statistic| table.push(row(Default::default(), statistic)));
    table
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

/// Per channel: the table of seconds, the statistics, the disagreements; numbers with three decimals, which is for reading and not for computing.
fn for_people(compared: &Compared) -> String {
    let mut text = String::new();
    for (channel, agreement) in compared.channels() {
        text.extend([channel_name(channel), format!(", {:.3} s compared\n", agreement.n)]);
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
