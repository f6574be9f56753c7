//! `attune agree`: how far coders agree, per channel or on the scores. The numbers are those of the window.

mod channels;
mod scores;

use std::path::PathBuf;

use clap::Args;
use scoring::agreement::catalog;
use scoring::agreement::settings::AgreeSettings;
use scoring::agreement::statistic::Statistic;
use scoring::catalog::ScoreInfo;
use serde_json::{Map, Value};

use super::input::SchemeArgs;
use super::output::{Failure, write_data};
use super::table::Table;
use super::{Form, OutArgs};

/// Agreement of coders, per channel, every statistic with its parts, and the list of disagreements
#[derive(Debug, Args)]
#[command(after_help = "\
The first file is the reference: of more than two, it is compared with each other one (in the JSON the second of them stands where it does
alone, the further ones under \"others\"), and all are compared at once: Krippendorff's alpha, Fleiss' and Randolph's kappa and gamma of each
channel of states (in the JSON under \"many\"). What stands against comparing them is said on standard error, and in the JSON; time that only
one of a pair looked at is left out; of all coders, alpha takes what two or more looked at, the others what all did. --format csv lists the
statistics; the disagreements are in the JSON and in the table.

With --scores the files are pairs: dyads, each as two coders coded it. Both are scored as attune score does; an episode of the one stands beside
that of the same name of the other, and is a row. Of each score: all six intraclass correlations, Lin's concordance, and Bland and Altman's
mean difference, the first coder's less the second's. A score that is undefined in a row of either leaves that row out of its statistics.

Examples:
  attune agree dyad01-KL.attune dyad01-CD.attune
  attune agree dyad01-KL.attune dyad01-CD.attune dyad01-EF.attune
  attune agree A.attune B.attune --tolerance 0.5 --format json > agreement.json
  attune agree --scores dyad01-KL.attune dyad01-CD.attune dyad02-KL.attune dyad02-CD.attune
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
    /// Compare scores instead of channels: the files are pairs, each a dyad as the first coder and as the second coded it
    #[arg(long)]
    scores: bool,
    /// With --scores: replace settings of the scores by those in this JSON file, as `attune score --settings`
    #[arg(long, value_name = "S.json", requires = "scores")]
    score_settings: Option<PathBuf>,
    /// Compare on a grid of so many seconds, instead of time itself
    #[arg(long, value_name = "SECONDS", conflicts_with = "scores")]
    step: Option<f64>,
    /// How early or late a coder may be, in time and for the onsets of events
    #[arg(long, value_name = "SECONDS", conflicts_with = "scores")]
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

pub(super) fn run(args: &AgreeArgs) -> Result<(), Failure> {
    let paths: Vec<&PathBuf> = args.first.iter().chain(&args.second).chain(&args.further).collect();
    let inputs = args.settings.iter().chain(&args.score_settings).chain(args.scheme.file());
    args.out.check(paths.iter().copied().chain(inputs))?;
    let settings = settings(args)?;
    if args.list {
        return write_data(&args.out, list(args.format).as_bytes());
    }
    if args.print_settings {
        let json = serde_json::to_string_pretty(&Value::Object(settings.to_map())).expect("settings are plain data");
        return write_data(&args.out, format!("{json}\n").as_bytes());
    }
    if args.scores { scores::run(args, &paths, &settings) } else { channels::run(args, &paths, &settings) }
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

/// The columns of [`statistic_fields`].
const STATISTIC_COLUMNS: [&str; 6] = ["statistic", "value", "low", "high", "why", "parts"];

/// A statistic's name and numbers, as fields of a CSV; limits that are parts stand where limits do.
fn statistic_fields(statistic: &Statistic) -> [String; 6] {
    const LIMITS: [&str; 2] = ["low", "high"];
    let limits = statistic.limits.as_ref().and_then(|limits| limits.as_ref().ok());
    let number = |number: Option<f64>| number.map_or_else(String::new, |number| number.to_string());
    let parts = statistic.parts.iter().filter(|(name, _)| !LIMITS.contains(&name.as_ref()));
    let parts = parts.filter_map(|(name, part)| Some(format!("{name}={}", (*part)?)));
    let [low, high] = LIMITS.map(|limit| statistic.part(limit));
    [
        statistic.info.id.to_owned(),
        number(statistic.number()),
        number(limits.map(|limits| limits.low).or(low)),
        number(limits.map(|limits| limits.high).or(high)),
        statistic.why().unwrap_or_default().to_owned(),
        parts.collect::<Vec<_>>().join(" "),
    ]
}
