//! How far coders agree on each channel, and where they differ.

use std::path::PathBuf;

use scoring::agreement::agree::Agreement;
use scoring::agreement::settings::AgreeSettings;
use scoring::agreement::statistic::Statistic;
use serde_json::Value;
use session::compare::{compare, compare_many};
use session::{Session, TrackKey};

use super::{AgreeArgs, STATISTIC_COLUMNS, statistic_fields};
use crate::agreement_text::{Compared, ComparedMany, agreement_json, channel_name, number_text, parts_text};
use crate::cli::Form;
use crate::cli::input::load;
use crate::cli::output::{Failure, Progress, tell, write_data};
use crate::cli::table::Table;

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

/// Compares all files with the first, and with each other.
pub(super) fn run(args: &AgreeArgs, paths: &[&PathBuf], settings: &AgreeSettings) -> Result<(), Failure> {
    let schemes = args.scheme.load()?;
    let load = |path: &&PathBuf| {
        let loaded = load(path, &schemes).inspect_err(|why| tell(why));
        loaded.inspect(|loaded| loaded.tell_remarks(path)).map_err(|_| Failure::Told)
    };
    let loaded: Vec<_> = paths.iter().map(load).collect(); // all are looked at before one ends it
    let loaded = loaded.into_iter().collect::<Result<Vec<_>, Failure>>()?;
    let files = paths.iter().zip(&loaded).map(|(path, loaded)| (path.display().to_string(), loaded.session()));
    let mut progress = Progress::new("comparing");
    let answer = Answer::new(&files.collect::<Vec<_>>(), settings, &mut progress);
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

/// A row for each statistic of each channel, and for what BORIS would print of all; where there are more than two files, which two it is of.
fn statistics(answer: &Answer) -> Table {
    let columns = [&["subject", "channel", "code", "compared_s"], STATISTIC_COLUMNS.as_slice()].concat();
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
            table.push([of_all.clone(), row(&of, statistic)].concat());
        }
    }
    table
}

fn rows(compared: &Compared) -> Vec<Vec<String>> {
    let of_channels = compared.channels().flat_map(|(channel, agreement)| {
        let of = of_channel(&channel.key, channel.code.as_deref(), agreement.n);
        agreement.statistics.iter().map(move |statistic| row(&of, statistic))
    });
    of_channels.chain(compared.as_boris.iter().map(|statistic| row(&Default::default(), statistic))).collect()
}

fn of_channel(key: &TrackKey, code: Option<&str>, compared_secs: f64) -> [String; 4] {
    [key.subject.clone(), key.channel.clone(), code.unwrap_or_default().to_owned(), compared_secs.to_string()]
}

/// What a statistic is of, and its numbers.
fn row(of: &[String; 4], statistic: &Statistic) -> Vec<String> {
    of.iter().cloned().chain(statistic_fields(statistic)).collect()
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
