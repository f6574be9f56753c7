//! How far two coders agree on the scores of several dyads: the reliability of what goes into a paper.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use scoring::agreement::catalog::SCORE_AGREEMENT;
use scoring::agreement::of_scores::agree_scores;
use scoring::agreement::settings::AgreeSettings;
use scoring::agreement::statistic::Statistic;
use scoring::{EpisodeScores, ScoreMap, catalog};
use serde_json::json;
use session::compare::{Comparable, compare};

use super::{AgreeArgs, STATISTIC_COLUMNS, statistic_fields};
use crate::agreement_text::{agree_settings_json, by_id, comparable_json, number_text};
use crate::cli::Form;
use crate::cli::input::load;
use crate::cli::output::{Failure, Progress, tell, write_data};
use crate::cli::score::{read_settings, score_session};
use crate::cli::table::Table;
use crate::json_text::json_text;
use crate::score_text::{ScoredFile, shared_settings};

/// A dyad, as the first coder and as the second coded it.
struct Pair {
    files: [ScoredFile; 2],
    comparable: Comparable,
    /// The episodes that both have: the name, and which it is of each file.
    episodes: Vec<(String, [usize; 2])>,
}

/// How far the coders agree on one score.
struct ScoreAgreement {
    id: String,
    unit: &'static str,
    /// In how many rows the score of both coders is defined.
    n: usize,
    statistics: Vec<Statistic>,
}

/// Scores all files and compares the two of each pair, over all pairs and episodes.
pub(super) fn run(args: &AgreeArgs, paths: &[&PathBuf], settings: &AgreeSettings) -> Result<(), Failure> {
    let (of_pairs, odd) = paths.as_chunks::<2>();
    if !odd.is_empty() {
        return Err(Failure::Usage(format!(
            "--scores takes pairs of files, a dyad as the first coder and as the second coded it: {} is an odd number",
            paths.len()
        )));
    }
    let overrides = args.score_settings.as_deref().map(read_settings).transpose()?.unwrap_or_default();
    let schemes = args.scheme.load()?;
    let mut progress = Progress::new("scoring");
    let mut score = |path: &Path, n_done: usize| {
        let told = progress.of_part(n_done, paths.len());
        told(0.0);
        let scored = load(path, &schemes).and_then(|loaded| {
            loaded.tell_remarks(path);
            let (file, _) = score_session(path, loaded.session(), &overrides, &told)?;
            Ok((file, loaded))
        });
        scored.inspect_err(|why| tell(why)).ok()
    };
    let mut pairs = Vec::new(); // all files are looked at before one ends it
    for (n_done, [first, second]) in of_pairs.iter().enumerate() {
        let both = score(first, 2 * n_done).zip(score(second, 2 * n_done + 1));
        pairs.push(both.map(|((first, of_first), (second, of_second))| {
            Pair::new([first, second], compare(of_first.session(), of_second.session()).comparable)
        }));
    }
    drop(progress);
    let pairs = pairs.into_iter().collect::<Option<Vec<Pair>>>().ok_or(Failure::Told)?;
    for pair in &pairs {
        let files = pair.names().join(" and ");
        pair.comparable.problems.iter().for_each(|problem| tell(&format!("{files}: {problem}")));
    }
    if shared_settings(pairs.iter().flat_map(|pair| &pair.files)).is_none() {
        tell("not all files are scored by the same settings and rules");
    }
    let agreements = agreements(&pairs, settings);
    let text = match args.format {
        Form::Json => json_of(&pairs, &agreements, settings),
        Form::Csv => statistics(&agreements).to_csv(),
        Form::Table => for_people(&agreements).to_text(),
    };
    write_data(&args.out, text.as_bytes())?;
    if agreements.is_empty() {
        return Err(Failure::Because(
            "there is no episode that both coders of a pair have: nothing is compared".to_owned(),
        ));
    }
    Ok(())
}

impl Pair {
    /// Lays the episodes beside each other by their names; of several of one name, the first beside the first.
    fn new(files: [ScoredFile; 2], mut comparable: Comparable) -> Self {
        let [first, second] = [&files[0], &files[1]].map(|file| numbered_names(&file.scores.episodes));
        let mut episodes = Vec::new();
        for (idx, episode) in first.iter().enumerate() {
            match second.iter().position(|other| other == episode) {
                Some(of_second) => episodes.push((episode.0.clone(), [idx, of_second])),
                None => comparable.problems.push(only_in(&files[0], episode)),
            }
        }
        let missing = second.iter().filter(|episode| !first.contains(episode));
        comparable.problems.extend(missing.map(|episode| only_in(&files[1], episode)));
        comparable.range &= episodes.len() == first.len() && episodes.len() == second.len();
        Self { files, comparable, episodes }
    }

    fn names(&self) -> [&str; 2] {
        [&self.files[0], &self.files[1]].map(|file| file.file.as_str())
    }

    /// An episode as each of the two scored it.
    fn rows(&self) -> impl Iterator<Item = [&ScoreMap; 2]> {
        let of = |side: usize, idx: usize| &self.files[side].scores.episodes[idx].scores;
        self.episodes.iter().map(move |(_, [first, second])| [of(0, *first), of(1, *second)])
    }
}

/// The name of each episode, and how many before it have the same.
fn numbered_names(episodes: &[EpisodeScores]) -> Vec<(String, usize)> {
    let n_before = |idx: usize| episodes[..idx].iter().filter(|other| other.name == episodes[idx].name).count();
    episodes.iter().enumerate().map(|(idx, episode)| (episode.name.clone(), n_before(idx))).collect()
}

fn only_in(file: &ScoredFile, (name, n_before): &(String, usize)) -> String {
    let nth = if *n_before == 0 { String::new() } else { format!(" number {}", n_before + 1) };
    format!("the episode {name}{nth} is in {} only and is left out", file.file)
}

/// One for each score that any row has, in the order of the catalog.
fn agreements(pairs: &[Pair], settings: &AgreeSettings) -> Vec<ScoreAgreement> {
    let rows: Vec<[&ScoreMap; 2]> = pairs.iter().flat_map(Pair::rows).collect();
    let mut found = BTreeSet::new();
    let mut scores = Vec::new();
    for (id, score) in rows.iter().flatten().flat_map(|scores| scores.iter()) {
        if found.insert(id) {
            scores.push((id, score.unit));
        }
    }
    scores.sort_by_cached_key(|(id, _)| catalog::all().position(|info| info.describes(id)));
    let of_score = |(id, unit): (&str, &'static str)| {
        let ratings: Vec<[Option<f64>; 2]> = rows.iter().map(|row| row.map(|scores| scores.number(id))).collect();
        let n = ratings.iter().filter(|row| row.iter().all(Option::is_some)).count();
        ScoreAgreement { id: id.to_owned(), unit, n, statistics: agree_scores(&ratings, settings) }
    };
    scores.into_iter().map(of_score).collect()
}

fn json_of(pairs: &[Pair], agreements: &[ScoreAgreement], settings: &AgreeSettings) -> String {
    let pair = |pair: &Pair| {
        let episodes: Vec<&String> = pair.episodes.iter().map(|(name, _)| name).collect();
        json!({"files": pair.names(), "comparable": comparable_json(&pair.comparable), "episodes": episodes})
    };
    let score =
        |of: &ScoreAgreement| json!({"score": of.id, "unit": of.unit, "n": of.n, "statistics": by_id(&of.statistics)});
    let (score_settings, resolved) = shared_settings(pairs.iter().flat_map(|pair| &pair.files)).unwrap_or_default();
    json_text(&json!({
        "schema": "attune.agreement/1",
        "settings": agree_settings_json(settings),
        "score_settings": score_settings,
        "resolved": resolved,
        "pairs": pairs.iter().map(pair).collect::<Vec<_>>(),
        "scores": agreements.iter().map(score).collect::<Vec<_>>(),
    }))
}

/// A row for each statistic of each score.
fn statistics(agreements: &[ScoreAgreement]) -> Table {
    let mut table = Table::new(&[&["score", "unit", "n"], STATISTIC_COLUMNS.as_slice()].concat());
    for of in agreements {
        for statistic in &of.statistics {
            let before = [of.id.clone(), of.unit.to_owned(), of.n.to_string()];
            table.push(before.into_iter().chain(statistic_fields(statistic)).collect());
        }
    }
    table
}

/// A row for each score; numbers with three decimals, which is for reading and not for computing.
fn for_people(agreements: &[ScoreAgreement]) -> Table {
    let ids = SCORE_AGREEMENT.iter().map(|info| info.id);
    let columns: Vec<&str> = ["score", "unit", "n"].into_iter().chain(ids).chain(["why"]).collect();
    let mut table = Table::new(&columns);
    for of in agreements {
        let unit = if of.unit == "1" { "" } else { of.unit };
        let before = [of.id.clone(), unit.to_owned(), of.n.to_string()];
        let why = of.statistics.iter().find_map(Statistic::why).unwrap_or_default().to_owned();
        table.push(before.into_iter().chain(of.statistics.iter().map(number_text)).chain([why]).collect());
    }
    table
}
