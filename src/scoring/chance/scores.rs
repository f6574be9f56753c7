//! A baseline for every score of the catalog.

use std::sync::atomic::{AtomicUsize, Ordering};

use span::{Instant, Length, Span, SpanSet};

use crate::catalog::info;
use crate::chance::circular::{ShiftRules, shifts};
use crate::chance::segments::{SegmentRules, orders};
use crate::chance::{Baseline, NoBaseline, Tail};
use crate::grid::unit_count;
use crate::needs::eye_contact;
use crate::scores::{quick_scores, slow_scores};
use crate::settings::{MatchVariant, SurrogateKind, SurrogateShifts};
use crate::{EpisodeWindow, Recording, ScoreMap, ScoreSettings, Subject, TrackSeries, parallel};

/// The baselines of one episode.
#[derive(Clone, Debug, PartialEq)]
pub struct EpisodeBaselines {
    /// What the coder calls it.
    pub name: String,
    /// By the score's id, in the catalog's order or in that of `surrogate.of`.
    pub baselines: Vec<(String, Result<Baseline, NoBaseline>)>,
}

/// The scores of every episode beside those that chance gives.
///
/// *Definition*: within each episode all the parent's tracks, missing time included, are moved together as [`circular_shift`] or
/// [`segment_shuffle`] say, in units of `grid.step`, and everything is scored again: `surrogates` times, or for all shifts. A shift moves
/// time itself, so that exact scores have a baseline too, and by whole units, `y[(t − s) mod n]` with `n` the whole units of the episode.
/// Tracks of the dyad, such as a shared object, stay with the infant's: what is asked is whether the parent's behaviour has to do with the time of
/// both. Differences between directions are compared in size, all others by their upper tail. Where `surrogate.of` names none, every score is
/// compared that has a number and depends on both partners.
///
/// A last unit that is short stays last, outside the circle: 30.4 seconds have 29 shifts of a second and more, not 30. Inside it, its
/// remainder of a second would put all that follows between two units, so that none held what a unit held before; drawn out to a whole unit,
/// it would add time to what exact scores count. [`circular_shift`], which is given units, counts it as one like any other.
///
/// *Shape*: one entry per episode, in the recording's order; `None` once `goes_on`, which is told the share that is done, says `false`.
///
/// *Undefined cases*: [`NoBaseline`] says why.
///
/// *Reference*: see [`circular_shift`] and [`segment_shuffle`].
///
/// [`circular_shift`]: super::circular::circular_shift
/// [`segment_shuffle`]: super::segments::segment_shuffle
///
/// ```
/// use scoring::chance::scores::score_baselines;
/// use scoring::{ScoreSettings};
/// # use scoring::{EpisodeWindow, MatchRelation, Recording, StateSeries, Subject, TrackSeries};
/// # use span::{Length, Span, SpanSet};
/// # let letters = ["M", "O", "P", "N"];
/// # let coded = |subject, text| TrackSeries {
/// #     subject,
/// #     channel: "engagement".to_owned(),
/// #     series: StateSeries::from_text(letters, text, Length::SECOND),
/// # };
/// # let recording = Recording {
/// #     tracks: vec![
/// #         coded(Subject::Infant, "MMPPOOOMPPNNNMMP.POOMMPPPNNOOO"),
/// #         coded(Subject::Parent, "MPPPPMPPPPPMMMPPPPPPPMMPPPMMMM"),
/// #     ],
/// #     episodes: vec![EpisodeWindow {
/// #         name: "play".to_owned(),
/// #         kind: "play".to_owned(),
/// #         span: Span::from_micros(0, 30_000_000).expect("half a minute"),
/// #     }],
/// #     excluded: SpanSet::new(),
/// #     engagement: Vec::new(),
/// #     relation: MatchRelation::equality(&letters.map(str::to_owned)),
/// #     frame: None,
/// # };
///
/// // `recording` is the example of the crate's documentation: 30 units, and so 29 shifts of a second and more
/// let settings = ScoreSettings {
///     surrogates: 999,
///     surrogate_guard: Some(Length::SECOND),
///     surrogate_of: vec!["match.proportion".to_owned()],
///     ..ScoreSettings::default()
/// };
/// let play = &score_baselines(&recording, &settings, &|_| true).expect("nobody stops it")[0];
/// let baseline = play.baselines[0].1.expect("long enough");
/// assert_eq!(baseline.n, 29);
/// assert!((baseline.mean - 0.281_807_4).abs() < 1e-7);
/// assert!((baseline.z.unwrap() - 1.047_208_2).abs() < 1e-6 && (baseline.p - 0.3).abs() < 1e-12);
/// ```
#[must_use]
pub fn score_baselines(
    recording: &Recording,
    settings: &ScoreSettings,
    goes_on: &(dyn Fn(f64) -> bool + Sync),
) -> Option<Vec<EpisodeBaselines>> {
    let alone = ScoreSettings { surrogates: 0, boot_replicates: 0, ..settings.clone() };
    let n_episodes = recording.episodes.len() as f64;
    let of_episode = |(n_done, episode): (usize, &EpisodeWindow)| {
        let goes_on_here = |share: f64| goes_on((n_done as f64 + share) / n_episodes);
        let baselines = baselines(&only(recording, episode), settings, &alone, &goes_on_here)?;
        Some(EpisodeBaselines { name: episode.name.clone(), baselines })
    };
    recording.episodes.iter().enumerate().map(of_episode).collect()
}

/// Does chance go both ways? Then a surrogate is as extreme when it is as large in size.
pub(super) fn tail(id: &str) -> Tail {
    if ["asymmetry", "net"].contains(&id.rsplit('.').next().unwrap_or(id)) { Tail::Both } else { Tail::Upper }
}

/// Does a score depend on both partners? Those of one do not change when the other's time is moved; and a probability under chance has
/// none itself.
pub(super) fn is_of_both(id: &str) -> bool {
    let needs = info(id).map_or(&[][..], |info| info.needs());
    let needs_both =
        [Subject::Infant, Subject::Parent].iter().all(|who| needs.iter().any(|need| need.starts_with(who.as_str())));
    needs_both && id.rsplit('.').next() != Some("p")
}

/// Is a score had from a track that tells of both partners at once, so that neither can be moved?
pub(super) fn is_inseparable(recording: &Recording, settings: &ScoreSettings, id: &str) -> bool {
    let is_of_states = info(id).is_some_and(|info| info.needs().contains(&"infant engagement"));
    let is_of_gaze = id == "looking.mutual" || settings.match_relation == MatchVariant::Gaze && is_of_states;
    is_of_gaze && eye_contact(recording, settings).is_some()
}

type Named = Vec<(String, Result<Baseline, NoBaseline>)>;

fn baselines(
    recording: &Recording,
    settings: &ScoreSettings,
    alone: &ScoreSettings,
    goes_on: &(dyn Fn(f64) -> bool + Sync),
) -> Option<Named> {
    let mut observed = quick_scores(recording, alone).episodes.swap_remove(0).scores;
    let is_quick = |id: &String| observed.get(id).is_some();
    let is_all_quick = !settings.surrogate_of.is_empty() && settings.surrogate_of.iter().all(is_quick);
    let scores = |recording: &Recording| -> Option<ScoreMap> {
        let mut scores = quick_scores(recording, alone).episodes.swap_remove(0).scores;
        if !is_all_quick {
            scores.extend(slow_scores(recording, alone, &|_| true)?.episodes.swap_remove(0).scores);
        }
        Some(scores)
    };
    observed = scores(recording)?;
    let with_number = observed.iter().filter(|(id, score)| score.number().is_some() && is_of_both(id));
    let ids: Vec<String> = match &settings.surrogate_of {
        ids if ids.is_empty() => with_number.map(|(id, _)| id.to_owned()).collect(),
        ids => ids.clone(),
    };
    let arrangements = match arrangements(recording.episodes[0].span, settings) {
        Ok(arrangements) if ids.iter().any(|id| observed.number(id).is_some()) => arrangements,
        Ok(_) => return Some(ids.into_iter().map(|id| (id, Err(NoBaseline::NoScore))).collect()),
        Err(why) => return Some(ids.into_iter().map(|id| (id, Err(why))).collect()),
    };
    let n_done = AtomicUsize::new(0);
    let surrogate = |parts: &Vec<Span>| {
        let share = n_done.fetch_add(1, Ordering::Relaxed) as f64 / arrangements.len() as f64;
        let scores = goes_on(share).then(|| scores(&with_parent_rearranged(recording, parts)))??;
        Some(ids.iter().map(|id| scores.number(id)).collect::<Vec<_>>())
    };
    let surrogates = parallel::map(&arrangements, surrogate)?;
    let baseline = |(idx, id): (usize, &String)| {
        let numbers = surrogates.iter().map(|numbers| numbers[idx]);
        let is_inseparable = is_inseparable(recording, settings, id);
        let of = || Baseline::new(observed.number(id), numbers, tail(id));
        (id.clone(), if is_inseparable { Err(NoBaseline::Inseparable) } else { of() })
    };
    Some(ids.iter().enumerate().map(baseline).collect())
}

/// One episode of a recording by itself, excluded time missing on every track so that it can move along.
pub(super) fn only(recording: &Recording, episode: &EpisodeWindow) -> Recording {
    let tracks = recording.tracks.iter().map(|track| TrackSeries {
        series: track.series.within(episode.span).without(&recording.excluded),
        ..track.clone()
    });
    Recording {
        tracks: tracks.collect(),
        episodes: vec![episode.clone()],
        excluded: SpanSet::new(),
        engagement: recording.engagement.clone(),
        relation: recording.relation.clone(),
        frame: recording.frame,
    }
}

fn with_parent_rearranged(recording: &Recording, parts: &[Span]) -> Recording {
    let mut rearranged = recording.clone();
    for track in rearranged.tracks.iter_mut().filter(|track| track.subject == Subject::Parent) {
        track.series = track.series.rearranged(recording.episodes[0].span.start(), parts);
    }
    rearranged
}

/// The parts of the episode in the order of each surrogate.
fn arrangements(episode: Span, settings: &ScoreSettings) -> Result<Vec<Vec<Span>>, NoBaseline> {
    let (step, seed) = (settings.grid_step, settings.seed);
    let n_units = unit_count(episode, step) as usize;
    let units = |length: Length| (length.micros() / step.micros()) as usize;
    let at = |unit: usize| (episode.start() + step.times(unit as i64)).min(episode.end());
    let parts =
        |cuts: &[(Instant, Instant)]| cuts.iter().filter_map(|(from, until)| Span::new(*from, *until).ok()).collect();
    match settings.surrogate_kind {
        SurrogateKind::CircularShift => {
            let guard = units(settings.surrogate_guard.unwrap_or(settings.lag_max));
            let is_exhaustive = settings.surrogate_shifts == SurrogateShifts::All;
            let rules = ShiftRules { guard, is_exhaustive, surrogates: settings.surrogates, seed };
            let n_whole = units(episode.length());
            let shifts = shifts(&[n_whole], rules)?;
            // the last whole units come to the start
            let circle = |shift: &Vec<usize>| {
                let (cut, end) = (at(n_whole - shift[0]), at(n_whole));
                parts(&[(cut, end), (episode.start(), cut), (end, episode.end())])
            };
            Ok(shifts.iter().map(circle).collect())
        }
        SurrogateKind::SegmentShuffle => {
            let segment = units(settings.surrogate_segment);
            let orders = orders(&[n_units], SegmentRules { segment, surrogates: settings.surrogates, seed })?;
            let spans = |order: Vec<Vec<usize>>| {
                let mut cuts: Vec<_> =
                    order[0].iter().map(|idx| (at(idx * segment), at((idx + 1) * segment))).collect();
                cuts.push((at(order[0].len() * segment), episode.end()));
                parts(&cuts)
            };
            Ok(orders.map(spans).collect())
        }
        SurrogateKind::PseudoDyads => Err(NoBaseline::TooFewDyads),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::units;
    use crate::settings::GridRule;
    use crate::{MatchRelation, StateSeries};

    #[test]
    fn differences_between_directions_are_extreme_either_way() {
        let ids = ["information.transfer.net", "sync.r.asymmetry", "sync.r.peak", "match.proportion"];
        assert_eq!(ids.map(tail), [Tail::Both, Tail::Both, Tail::Upper, Tail::Upper]);
    }

    #[test]
    fn a_shift_gives_the_units_of_the_other_end_whatever_remains_of_the_last_unit() {
        // 7.5 units of two seconds: a short unit at the end stays there
        let series = StateSeries::from_text(["A", "B"], "AABABBA.BAABABB", Length::SECOND);
        let span = Span::new(Instant::ZERO, Instant::ZERO + Length::SECOND.times(15)).unwrap();
        let parent = TrackSeries { subject: Subject::Parent, channel: "affect".to_owned(), series };
        let recording = Recording {
            tracks: vec![parent],
            episodes: vec![EpisodeWindow { name: String::new(), kind: String::new(), span }],
            excluded: SpanSet::new(),
            engagement: Vec::new(),
            relation: MatchRelation::new("none", Vec::new()),
            frame: None,
        };
        let step = Length::SECOND.times(2);
        let settings =
            ScoreSettings { grid_step: step, surrogate_guard: Some(Length::ZERO), ..ScoreSettings::default() };
        for rule in [GridRule::Instant, GridRule::Midpoint, GridRule::Majority] {
            let of = |recording: &Recording| units(&recording.tracks[0].series, span, step, rule);
            let whole = of(&recording);
            let arrangements = arrangements(span, &settings).unwrap();
            assert_eq!(arrangements.len(), 6, "shifts by 1 to 6 of 7 whole units");
            for (shift, parts) in (1..).zip(&arrangements) {
                let shifted = of(&with_parent_rearranged(&recording, parts));
                let want: Vec<_> = (0..7).map(|t| whole[(t + 7 - shift) % 7]).chain([whole[7]]).collect();
                assert_eq!(shifted, want, "{rule:?} by {shift}");
            }
        }
    }
}
