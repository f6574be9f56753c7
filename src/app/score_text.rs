//! Scores as text: what `attune score` prints and what the window exports are these bytes, from this place.

use scoring::chance::strangers::PseudoDyads;
use scoring::{EpisodeScores, ScoreSettings, Scores};
use serde_json::{Map, Value, json};

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
/// Settings that all files share stand once at the top; where they differ, each session carries its own. What pairs that never met give stands
/// under `pseudo_dyads` where it was asked for.
#[must_use]
pub fn scores_json(scored: &[ScoredFile], failed: &[FailedFile], pseudo_dyads: Option<&[PseudoDyads]>) -> String {
    let hashes: Vec<String> = scored.iter().map(|file| file.settings.hash()).collect();
    let shared = hashes.windows(2).all(|pair| pair[0] == pair[1]);
    let top = scored.first().filter(|_| shared).map_or(Value::Null, |file| settings_json(&file.settings));
    let sessions = scored.iter().map(|file| session_json(file, !shared)).collect::<Vec<_>>();
    let failed = failed.iter().map(|failed| json!({"file": failed.file, "why": failed.why})).collect::<Vec<_>>();
    let mut whole = json!({"schema": "attune.scores/1", "settings": top, "sessions": sessions, "failed": failed});
    if let Some(pseudo_dyads) = pseudo_dyads {
        whole["pseudo_dyads"] = json!(pseudo_dyads);
    }
    let mut text = serde_json::to_string_pretty(&whole).expect("scores are finite numbers and text");
    text.push('\n');
    text
}

fn settings_json(settings: &ScoreSettings) -> Value {
    let mut map = Map::new();
    map.insert("hash".to_owned(), Value::String(settings.hash()));
    map.extend(settings.to_map());
    Value::Object(map)
}

fn session_json(file: &ScoredFile, with_settings: bool) -> Value {
    let mut map = Map::new();
    map.insert("file".to_owned(), Value::String(file.file.clone()));
    map.insert("session".to_owned(), Value::String(file.session.clone()));
    if with_settings {
        map.insert("settings".to_owned(), settings_json(&file.settings));
    }
    let episodes = serde_json::to_value(&file.scores.episodes).expect("scores are finite numbers and text");
    map.insert("episodes".to_owned(), episodes);
    Value::Object(map)
}

/// A row per file, episode and score: `file,session,settings,episode,start_s,end_s,codable_s,score,value,numerator,denominator,n,unit,why,note`.
#[must_use]
pub fn scores_csv(scored: &[ScoredFile]) -> String {
    let mut text = String::from(
        "file,session,settings,episode,start_s,end_s,codable_s,score,value,numerator,denominator,n,unit,why,note\n",
    );
    for file in scored {
        let hash = file.settings.hash();
        for episode in &file.scores.episodes {
            let before = episode_fields(file, &hash, episode);
            for (id, score) in episode.scores.iter() {
                let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
                let n = score.n.map(|n| n.to_string()).unwrap_or_default();
                let fields = [
                    id.to_owned(),
                    number(score.number()),
                    number(score.numerator),
                    number(score.denominator),
                    n,
                    score.unit.to_owned(),
                    score.why().unwrap_or_default().to_owned(),
                    score.note.as_deref().unwrap_or_default().to_owned(),
                ];
                let row: Vec<String> = before.iter().chain(&fields).map(|field| quoted(field)).collect();
                text.push_str(&row.join(","));
                text.push('\n');
            }
        }
    }
    text
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
