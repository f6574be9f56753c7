//! The catalog lists exactly the scores that there are.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "a test stops at once; json! makes values")]

mod common;

use common::*;
use scoring::{EpisodeScores, Recording, Score, ScoreSettings, Subject, catalog, score};
use serde_json::json;

fn produced(recording: &Recording, settings: &ScoreSettings) -> Vec<EpisodeScores> {
    score(recording, settings).episodes
}

/// Everything coded, so that the channels' scores exist too.
fn full() -> Recording {
    let window = span(0.0, 30.0);
    let mut recording = worked_example();
    recording.tracks.extend([
        track(Subject::Infant, "affect", &AFFECT, &[("neutral", 0.0, 9.0), ("negative", 9.0, 30.0)], window),
        track(Subject::Infant, "gaze", &INFANT_GAZE, &[("partner", 0.0, 30.0)], window),
        track(Subject::Parent, "affect", &AFFECT, &[("positive", 0.0, 30.0)], window),
        track(Subject::Parent, "gaze", &PARENT_GAZE, &[("infant_face", 0.0, 30.0)], window),
    ]);
    recording
}

/// Both ways in which the recent past can be told to a regression.
const FORMS: [&str; 2] = ["weighted", "lags"];

fn empty() -> Recording {
    Recording { tracks: Vec::new(), ..worked_example() }
}

#[test]
fn every_score_is_in_the_catalog_once_with_its_unit() {
    for recording in [full(), empty()] {
        for episode in produced(&recording, &worked_settings(json!({}))) {
            for (id, score) in episode.scores.iter() {
                let entries: Vec<_> = catalog::all().filter(|info| info.describes(id)).collect();
                let [info] = entries[..] else { panic!("{id} has {} entries", entries.len()) };
                assert_eq!(info.unit, score.unit, "{id}");
            }
        }
    }
}

#[test]
fn every_entry_of_the_catalog_is_produced() {
    let episodes = FORMS.map(|form| first(&full(), &worked_settings(json!({"contingency.form": form}))));
    for info in catalog::all() {
        let mut scores = episodes.iter().flat_map(|episode| episode.scores.iter());
        assert!(scores.any(|(id, _)| info.describes(id)), "{} is never produced", info.id);
    }
}

#[test]
fn scores_come_in_the_catalogs_order_each_once_whatever_is_coded() {
    let place = |id: &str| catalog::all().position(|info| info.describes(id)).unwrap();
    let fixed = |episode: &EpisodeScores| -> Vec<String> {
        let ids = episode.scores.iter().map(|(id, _)| id);
        ids.filter(|id| catalog::all().any(|info| info.id == *id)).map(str::to_owned).collect()
    };
    let (full, empty) =
        (produced(&full(), &worked_settings(json!({}))), produced(&empty(), &worked_settings(json!({}))));
    let ids = fixed(&full[0]);
    assert_eq!(ids, fixed(&empty[0]), "a score keeps its place when it is absent");
    assert!(ids.iter().map(|id| place(id)).is_sorted_by(|a, b| a < b), "{ids:?}");
}

/// The scores of one entry, from a recording with these tracks alone.
fn scores_from(tracks: &[&str], info: &catalog::ScoreInfo) -> Vec<Score> {
    let mut recording = full();
    recording.tracks.retain(|track| tracks.contains(&format!("{} {}", track.subject, track.channel).as_str()));
    assert_eq!(recording.tracks.len(), tracks.len(), "{tracks:?}");
    let form = if info.id.starts_with("contingency.lags.") { "lags" } else { "weighted" };
    let episode = first(&recording, &worked_settings(json!({"contingency.form": form})));
    episode.scores.iter().filter(|(id, _)| info.describes(id)).map(|(_, score)| score.clone()).collect()
}

#[test]
fn each_score_needs_all_that_it_says_and_nothing_else() {
    let track = |need: &&'static str| match *need {
        "parent answer channel" => "parent affect",
        "SUBJECT CHANNEL" => "infant gaze",
        track => track,
    };
    for info in catalog::all() {
        let tracks: Vec<&str> = info.needs().iter().map(track).collect();
        assert!(!tracks.is_empty(), "{}", info.id);
        let scores = scores_from(&tracks, info);
        assert!(!scores.is_empty(), "{} is not there with {tracks:?}", info.id);
        for why in scores.iter().filter_map(Score::why) {
            assert!(!why.contains("channel") && !why.starts_with("needs"), "{} with {tracks:?}: {why}", info.id);
        }
        for left_out in &tracks {
            let others: Vec<&str> = tracks.iter().copied().filter(|track| track != left_out).collect();
            let scores = scores_from(&others, info);
            assert!(scores.iter().all(|score| score.number().is_none()), "{} without {left_out}", info.id);
        }
    }
}

#[test]
fn every_entry_says_what_it_is() {
    for info in catalog::all() {
        assert!(info.definition.ends_with('.') && info.definition.len() > 20, "{}", info.id);
        assert!(!info.name.is_empty() && !info.range.is_empty() && !info.source.is_empty(), "{}", info.id);
        assert!(["1", "s", "/min", "nat", "bit", "Hz", "rad"].contains(&info.unit), "{}", info.id);
    }
    let unit = |id| catalog::info(id).map(|info| info.unit);
    assert_eq!((unit("information.mutual"), unit("information.mutual.normalised")), (Some("bit"), Some("1")));
    assert_eq!(catalog::info("time.infant.gaze.a.b").map(|info| info.id), Some("time.SUBJECT.CHANNEL.CODE"));
    assert_eq!(catalog::info("match.proportion.xyz"), None);
}
