//! How the scores of an episode are written in files.

use serde::ser::{Serialize, SerializeStruct as _, Serializer};
use serde_json::{Value, json};
use span::Length;

use crate::contingency::sequential::LagTable;
use crate::coregulation::{Pattern, Patterns};
use crate::information::coherence::CoherencePoint;
use crate::information::mutual::MutualPoint;
use crate::recurrence::profile::ProfilePoint;
use crate::state_space::{GridRows, StateSpaceGrid};

use super::{Contingency, EpisodeScores};

/// The entry of an episode in `attune score`; every key is there, `null` or empty where there is nothing.
impl Serialize for EpisodeScores {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_struct("EpisodeScores", 17)?;
        record.serialize_field("episode", &self.name)?;
        record.serialize_field("start_s", &self.span.start().as_secs())?;
        record.serialize_field("end_s", &self.span.end().as_secs())?;
        record.serialize_field("codable_s", &self.codable.as_secs())?;
        record.serialize_field("scores", &self.scores)?;
        record.serialize_field("mismatch_episodes", &self.mismatch_episodes)?;
        record.serialize_field("repair_chains", &self.repair_chains)?;
        record.serialize_field("survival", &self.survival)?;
        record.serialize_field("pattern_changes", &self.patterns.as_ref().map(pattern_changes))?;
        record.serialize_field("grid", &self.grid.as_ref().map(|grid| self.grid_record(grid)))?;
        record.serialize_field("lag_profile", &self.lag_profile)?;
        record.serialize_field("contingency", &self.contingency.as_ref().map(|tables| self.tables(tables)))?;
        record.serialize_field("cycles", &self.cycles)?;
        record.serialize_field("prewhitened", &self.prewhitened)?;
        let mutual = self.mutual_profile.as_ref().map(|profile| mutual_profile(profile, self.step));
        record.serialize_field("mutual_profile", &mutual)?;
        let recurrence = self.recurrence_profile.as_ref().map(|profile| recurrence_profile(profile, self.step));
        record.serialize_field("recurrence_profile", &recurrence)?;
        record.serialize_field("coherence", &self.coherence.as_ref().map(|points| coherence(points)))?;
        record.end()
    }
}

impl EpisodeScores {
    fn grid_record(&self, grid: &StateSpaceGrid) -> Value {
        let (infant, parent) = &self.states;
        let seconds: Vec<Vec<f64>> = grid
            .durations(GridRows::Infant)
            .into_iter()
            .map(|row| row.into_iter().map(Length::as_secs).collect())
            .collect();
        let visits = grid.visit_counts(GridRows::Infant);
        json!({"infant": infant, "parent": parent, "seconds": seconds, "visits": visits})
    }

    fn tables(&self, tables: &Contingency) -> Value {
        let (infant, parent) = &self.states;
        json!({
            "infant_to_parent": tables.infant_to_parent,
            "parent_to_infant": tables.parent_to_infant,
            "parent_follows": lag_table(&tables.parent_follows, infant, parent),
            "infant_follows": lag_table(&tables.infant_follows, parent, infant),
        })
    }
}

fn pattern_changes(patterns: &Patterns) -> Value {
    json!({"patterns": Pattern::ALL, "counts": patterns.changes()})
}

fn lag_table(table: &LagTable, given: &[String], target: &[String]) -> Value {
    let (_, n_columns) = table.shape();
    let counts: Vec<&[u64]> = table.counts().chunks(n_columns.max(1)).collect();
    json!({"given": given, "target": target, "counts": counts})
}

fn recurrence_profile(profile: &[ProfilePoint], step: Length) -> Value {
    let shares: Vec<Option<f64>> = profile.iter().map(|point| point.share).collect();
    let n: Vec<usize> = profile.iter().map(|point| point.n).collect();
    json!({"lag_s": lags(profile.iter().map(|point| point.lag), step), "share": shares, "n": n})
}

fn mutual_profile(profile: &[MutualPoint], step: Length) -> Value {
    let bits: Vec<Option<f64>> = profile.iter().map(|point| point.bits).collect();
    let n: Vec<usize> = profile.iter().map(|point| point.n).collect();
    json!({"lag_s": lags(profile.iter().map(|point| point.lag), step), "bits": bits, "n": n})
}

fn coherence(points: &[CoherencePoint]) -> Value {
    let column = |of: fn(&CoherencePoint) -> Option<f64>| points.iter().map(of).collect::<Vec<Option<f64>>>();
    json!({
        "frequency_hz": column(|point| Some(point.frequency)),
        "coherence": column(|point| point.coherence),
        "phase_rad": column(|point| point.phase),
    })
}

fn lags(lags: impl Iterator<Item = i64>, step: Length) -> Vec<f64> {
    lags.map(|lag| step.times(lag).as_secs()).collect()
}
