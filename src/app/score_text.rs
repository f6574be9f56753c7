//! Scores as text: what `attune score` prints and what the window exports are these bytes, from this place.

use scoring::chance::strangers::PseudoDyads;
use scoring::{EpisodeScores, Score, ScoreSettings, Scores};
use serde_json::{Map, Value, json};

use crate::json_text::json_text;

/// The scores of one file.
pub struct ScoredFile {
    /// The file as it was named.
    pub file: String,
    /// The session's id.
    pub session: String,
    /// The settings that the scores were computed with.
    pub settings: ScoreSettings,
    /// The scores.
    pub scores: Scores,
}

/// A file that could not be scored.
pub struct FailedFile {
    /// The file as it was named.
    pub file: String,
    /// Why, in a sentence.
    pub why: String,
}

/// The `attune.scores/1` JSON of any number of files.
///
/// `settings`, and beside them `resolved`, what they left to the scheme: the relation, the values of the states, the rules. What all files
/// share stands once at the top; where anything of it differs, each session carries its own. Their `hash` is that of both. What pairs that
/// never met give stands under `pseudo_dyads` where it was asked for.
#[must_use]
pub fn scores_json(scored: &[ScoredFile], failed: &[FailedFile], pseudo_dyads: Option<&[PseudoDyads]>) -> String {
    let shared = shared_settings(scored);
    let sessions = scored.iter().map(|file| session_json(file, shared.is_none())).collect::<Vec<_>>();
    let (settings, resolved) = shared.unwrap_or_default();
    let failed = failed.iter().map(|failed| json!({"file": failed.file, "why": failed.why})).collect::<Vec<_>>();
    let mut whole = json!({
        "schema": "attune.scores/1", "settings": settings, "resolved": resolved, "sessions": sessions, "failed": failed
    });
    if let Some(pseudo_dyads) = pseudo_dyads {
        whole["pseudo_dyads"] = json!(pseudo_dyads);
    }
    json_text(&whole)
}

/// The settings of files that are all scored by the same ones, and what those left to the scheme; `None` where anything of it differs.
pub(crate) fn shared_settings<'a>(scored: impl IntoIterator<Item = &'a ScoredFile>) -> Option<(Value, Value)> {
    let mut files = scored.into_iter();
    let first = files.next()?;
    let hash = first.scores.hash();
    files.all(|file| file.scores.hash() == hash).then(|| (settings_json(first), resolved_json(first)))
}

fn settings_json(file: &ScoredFile) -> Value {
    let mut map = Map::new();
    map.insert("hash".to_owned(), Value::String(file.scores.hash()));
    map.extend(file.settings.to_map());
    Value::Object(map)
}

fn resolved_json(file: &ScoredFile) -> Value {
    serde_json::to_value(&file.scores.resolved).expect("relations and rules are text and finite numbers")
}

fn session_json(file: &ScoredFile, with_settings: bool) -> Value {
    let mut map = Map::new();
    map.insert("file".to_owned(), Value::String(file.file.clone()));
    map.insert("session".to_owned(), Value::String(file.session.clone()));
    if with_settings {
        map.insert("settings".to_owned(), settings_json(file));
        map.insert("resolved".to_owned(), resolved_json(file));
    }
    let episodes = serde_json::to_value(&file.scores.episodes).expect("scores are finite numbers and text");
    map.insert("episodes".to_owned(), episodes);
    Value::Object(map)
}

/// The columns of [`scores_csv`].
const COLUMNS: &str = "file,session,settings,episode,start_s,end_s,codable_s,score,value,numerator,denominator,n,unit,why,at_least,\
                       chance_n,chance_mean,chance_sd,chance_z,chance_p,chance_why,limits_low,limits_high,limits_why,note";

/// A row per file, episode and score.
///
/// *Shape*: the columns are `file,session,settings,episode,start_s,end_s,codable_s,score,value,numerator,denominator,n,unit,why`; then
/// `at_least`, which is 1 where the true value may be larger; `chance_n,chance_mean,chance_sd,chance_z,chance_p,chance_why`, what chance
/// gives or why that cannot be said, and `limits_low,limits_high,limits_why` likewise, empty where the settings ask for neither;
/// `note`, what else a reader should know of the number.
/// `settings` is the hash of everything that the scores went by.
#[must_use]
pub fn scores_csv(scored: &[ScoredFile]) -> String {
    let mut text = format!("{COLUMNS}\n");
    for file in scored {
        let hash = file.scores.hash();
        for episode in &file.scores.episodes {
            let before = episode_fields(file, &hash, episode);
            for (id, score) in episode.scores.iter() {
                let fields = score_fields(id, score).into_iter().chain(more_fields(score));
                let row: Vec<String> = before.iter().cloned().chain(fields).map(|field| quoted(&field)).collect();
                text.push_str(&row.join(","));
                text.push('\n');
            }
        }
    }
    text
}

fn score_fields(id: &str, score: &Score) -> [String; 7] {
    [
        id.to_owned(),
        shown(score.number()),
        shown(score.numerator),
        shown(score.denominator),
        shown(score.n),
        score.unit.to_owned(),
        score.why().unwrap_or_default().to_owned(),
    ]
}

/// What is known of a score beside its parts.
fn more_fields(score: &Score) -> [String; 11] {
    let chance = score.chance.and_then(Result::ok);
    let limits = score.limits.and_then(Result::ok);
    [
        shown(score.is_at_least.then_some(1)),
        shown(chance.map(|chance| chance.n)),
        shown(chance.map(|chance| chance.mean)),
        shown(chance.and_then(|chance| chance.sd)),
        shown(chance.and_then(|chance| chance.z)),
        shown(chance.map(|chance| chance.p)),
        shown(score.chance.and_then(Result::err)),
        shown(limits.map(|limits| limits.low)),
        shown(limits.map(|limits| limits.high)),
        shown(score.limits.and_then(Result::err)),
        shown(score.note.as_deref()),
    ]
}

/// A field, empty where there is nothing.
fn shown(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn episode_fields(file: &ScoredFile, hash: &str, episode: &EpisodeScores) -> Vec<String> {
    vec![
        file.file.clone(),
        file.session.clone(),
        hash.to_owned(),
        episode.name.clone(),
        episode.span.start().to_secs_text(),
        episode.span.end().to_secs_text(),
        episode.codable.to_secs_text(),
    ]
}

/// A field of a CSV row, in quotes where it needs them.
pub(crate) fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_with_a_comma_or_a_quote_is_quoted() {
        assert_eq!(quoted("play"), "play");
        assert_eq!(quoted("play, again"), "\"play, again\"");
        assert_eq!(quoted("\"play\""), "\"\"\"play\"\"\"");
    }
}
