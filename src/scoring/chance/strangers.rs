//! Every score of dyads beside that of infants and parents who never met.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};
use span::{Instant, Length, Span};

use crate::chance::pseudo_dyads::beside_strangers;
use crate::chance::scores::{is_inseparable, is_of_both, only, tail};
use crate::chance::{Baseline, NoBaseline};
use crate::{Recording, ScoreMap, ScoreSettings, Subject, parallel, score};

/// What chance gives for the dyads that have an episode of one kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PseudoDyads {
    /// `play`, `reunion`, ...
    pub kind: String,
    /// How many dyads there are.
    pub n_dyads: usize,
    /// By the score's id, in the catalog's order or in that of `surrogate.of`; the number is the mean over dyads.
    #[serde(rename = "scores", serialize_with = "by_id")]
    pub baselines: Vec<(String, Result<Baseline, NoBaseline>)>,
}

/// The scores of several dyads, as means over them, beside the means over pairs that never met.
///
/// *Definition*: as [`pseudo_dyads`](super::pseudo_dyads::pseudo_dyads), for each kind of episode: the first episode of that kind in each
/// recording is a dyad. A pair that never met is the infant's recording with the parent's tracks of the other one, its episode laid on the
/// infant's from the start, both cut to the shorter; excluded time goes with the tracks. Tracks of the dyad, such as a shared object, stay with
/// the infant. Everything is scored again. Differences between directions are compared in size, all others by their upper tail.
///
/// *Shape*: one entry per kind, in the order in which they appear; `None` once `goes_on`, which is told the share that is done, says
/// `false`. Where `surrogate.of` names none, every score is compared that depends on both partners and has a number in a dyad.
///
/// *Undefined cases*: [`NoBaseline`] says why.
///
/// *Limitations*: for `n` dyads everything is scored `n²` times.
///
/// ```
/// use scoring::chance::strangers::pseudo_dyad_baselines;
/// use scoring::ScoreSettings;
/// # use scoring::{EpisodeWindow, MatchRelation, Recording, StateSeries, Subject, TrackSeries};
/// # use span::{Length, Span, SpanSet};
/// # let recording = |infant, parent| {
/// #     let coded = |subject, text| TrackSeries {
/// #         subject,
/// #         channel: "engagement".to_owned(),
/// #         series: StateSeries::from_text(["M", "P"], text, Length::SECOND),
/// #     };
/// #     Recording {
/// #         tracks: vec![coded(Subject::Infant, infant), coded(Subject::Parent, parent)],
/// #         episodes: vec![EpisodeWindow {
/// #             name: "play".to_owned(),
/// #             kind: "play".to_owned(),
/// #             span: Span::from_micros(0, infant.len() as i64 * 1_000_000).expect("some seconds"),
/// #         }],
/// #         excluded: SpanSet::new(),
/// #         engagement: Vec::new(),
/// #         relation: MatchRelation::equality(&["M", "P"].map(str::to_owned)),
/// #         frame: None,
/// #     }
/// # };
///
/// // infant above, parent below, a second each:
/// //   MMPP   MPMPMP   PPMM
/// //   MMPP   MPMPMP   PPMM
/// let dyads = [recording("MMPP", "MMPP"), recording("MPMPMP", "MPMPMP"), recording("PPMM", "PPMM")];
/// let settings = ScoreSettings {
///     surrogates: 999,
///     surrogate_of: vec!["match.proportion".to_owned()],
///     ..ScoreSettings::default()
/// };
/// let play = &pseudo_dyad_baselines(&dyads, &settings, &|_| true).expect("nobody stops it")[0];
/// let baseline = play.baselines[0].1.expect("three dyads");
/// // all real dyads match all the time; of strangers in 4 s, 1-2, 2-1, 2-3, 3-2 match half, 1-3 and 3-1 never: both pairings have 1/3
/// assert_eq!((baseline.observed, baseline.n, baseline.p), (1.0, 2, 1.0 / 3.0));
/// assert!((baseline.mean - 1.0 / 3.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn pseudo_dyad_baselines(
    recordings: &[Recording],
    settings: &ScoreSettings,
    goes_on: &(dyn Fn(f64) -> bool + Sync),
) -> Option<Vec<PseudoDyads>> {
    let mut kinds: Vec<&str> = Vec::new();
    for episode in recordings.iter().flat_map(|recording| &recording.episodes) {
        if !kinds.contains(&episode.kind.as_str()) {
            kinds.push(&episode.kind);
        }
    }
    let of_kind = |(n_done, kind): (usize, &&str)| {
        let goes_on_here = |share: f64| goes_on((n_done as f64 + share) / kinds.len() as f64);
        let dyads: Vec<Recording> = recordings.iter().filter_map(|recording| first_of(recording, kind)).collect();
        let baselines = baselines(&dyads, settings, &goes_on_here)?;
        Some(PseudoDyads { kind: (*kind).to_owned(), n_dyads: dyads.len(), baselines })
    };
    kinds.iter().enumerate().map(of_kind).collect()
}

/// A recording's first episode of a kind by itself, from time 0.
fn first_of(recording: &Recording, kind: &str) -> Option<Recording> {
    let episode = recording.episodes.iter().find(|episode| episode.kind == kind)?;
    let mut dyad = only(recording, episode);
    let by = Instant::ZERO - episode.span.start();
    for track in &mut dyad.tracks {
        track.series = track.series.shifted(by);
    }
    dyad.episodes[0].span = episode.span.shifted(by);
    Some(dyad)
}

type Named = Vec<(String, Result<Baseline, NoBaseline>)>;

fn baselines(dyads: &[Recording], settings: &ScoreSettings, goes_on: &(dyn Fn(f64) -> bool + Sync)) -> Option<Named> {
    let alone = ScoreSettings { surrogates: 0, boot_replicates: 0, ..settings.clone() };
    let n = dyads.len();
    let pairs: Vec<(usize, usize)> = (0..n * n).map(|pair| (pair / n, pair % n)).collect();
    let n_done = AtomicUsize::new(0);
    let scores_of = |&(infant, parent): &(usize, usize)| -> Option<ScoreMap> {
        let share = n_done.fetch_add(1, Ordering::Relaxed) as f64 / pairs.len() as f64;
        goes_on(share).then(|| score(&strangers(&dyads[infant], &dyads[parent]), &alone).episodes.swap_remove(0).scores)
    };
    let of_pairs: Vec<ScoreMap> = parallel::map(&pairs, scores_of)?;
    let real = || (0..n).map(|dyad| &of_pairs[dyad * n + dyad]);
    let mut ids = settings.surrogate_of.clone();
    if ids.is_empty() {
        let with_number =
            real().flat_map(ScoreMap::iter).filter(|(id, score)| score.number().is_some() && is_of_both(id));
        for (id, _) in with_number {
            if !ids.iter().any(|known| known == id) {
                ids.push(id.to_owned());
            }
        }
    }
    let baseline = |id: String| {
        if dyads.iter().any(|dyad| is_inseparable(dyad, settings, &id)) {
            return (id, Err(NoBaseline::Inseparable));
        }
        let of_pair: Vec<Option<f64>> = of_pairs.iter().map(|scores| scores.number(&id)).collect();
        let baseline = beside_strangers(&of_pair, n, settings.surrogates, settings.seed, tail(&id));
        (id, baseline)
    };
    Some(ids.into_iter().map(baseline).collect())
}

/// The infant of one dyad with the parent of another, both cut to the shorter episode; of one and the same, that dyad.
fn strangers(infant: &Recording, parent: &Recording) -> Recording {
    let length = |dyad: &Recording| dyad.episodes[0].span.length();
    let shorter: Length = length(infant).min(length(parent));
    let window = Span::new(Instant::ZERO, Instant::ZERO + shorter).unwrap_or(infant.episodes[0].span);
    let mut pair = infant.clone();
    pair.tracks.retain(|track| track.subject != Subject::Parent);
    pair.tracks.extend(parent.tracks.iter().filter(|track| track.subject == Subject::Parent).cloned());
    for track in &mut pair.tracks {
        track.series = track.series.within(window);
    }
    pair.episodes[0].span = window;
    pair
}

/// As `attune score`: each with its baseline, or `null` and the reason.
fn by_id<S: Serializer>(
    baselines: &[(String, Result<Baseline, NoBaseline>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    #[serde(untagged)]
    enum Entry<'a> {
        Baseline(&'a Baseline),
        Absent { value: (), why: String },
    }
    let mut map = serializer.serialize_map(Some(baselines.len()))?;
    for (id, baseline) in baselines {
        let entry = match baseline {
            Ok(baseline) => Entry::Baseline(baseline),
            Err(why) => Entry::Absent { value: (), why: why.to_string() },
        };
        map.serialize_entry(id, &entry)?;
    }
    map.end()
}

#[cfg(test)]
mod tests {
    use span::SpanSet;

    use super::*;
    use crate::{EpisodeWindow, MatchRelation, StateSeries, TrackSeries};

    #[test]
    fn the_longer_of_two_strangers_episodes_is_cut_to_the_shorter() {
        let dyad = |secs: usize| {
            let track = |subject| TrackSeries {
                subject,
                channel: "engagement".to_owned(),
                series: StateSeries::from_text(["M"], &"M".repeat(secs), Length::SECOND),
            };
            Recording {
                tracks: vec![track(Subject::Infant), track(Subject::Parent)],
                episodes: vec![EpisodeWindow {
                    name: String::new(),
                    kind: "play".to_owned(),
                    span: Span::new(Instant::ZERO, Instant::ZERO + Length::SECOND.times(secs as i64)).unwrap(),
                }],
                excluded: SpanSet::new(),
                engagement: Vec::new(),
                relation: MatchRelation::equality(&["M".to_owned()]),
                frame: None,
            }
        };
        // every pair of units recurs, whose denominator missing units would count in too
        let settings = ScoreSettings { surrogate_of: vec!["recurrence.rate".to_owned()], ..ScoreSettings::default() };
        let baselines = pseudo_dyad_baselines(&[dyad(2), dyad(4)], &settings, &|_| true).unwrap();
        let baseline = baselines[0].baselines[0].1.unwrap();
        assert_eq!((baseline.observed, baseline.n, baseline.mean), (1.0, 1, 1.0));
    }
}
