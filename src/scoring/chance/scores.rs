//! A baseline for every score of the catalog.

use span::{Instant, Length, Span, SpanSet};

use crate::chance::circular::{ShiftRules, shifts};
use crate::chance::segments::{SegmentRules, orders};
use crate::chance::{Baseline, NoBaseline, Tail};
use crate::grid::unit_count;
use crate::{EpisodeWindow, Recording, ScoreSettings, Subject, TrackSeries, score};

/// How the parent's tracks are moved against the infant's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surrogates {
    /// All together in a circle, by whole units of `grid.step`.
    CircularShift {
        /// No shift is smaller; `lag.max` is a good choice.
        guard: Length,
    },
    /// All together, segment by segment in another order.
    SegmentShuffle {
        /// The length of a segment; 30 s is usual.
        segment: Length,
    },
}

/// Which surrogates, and how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScoreChance {
    /// How they are made.
    pub surrogates: Surrogates,
    /// How many, where not all shifts are tried: 199 while looking, 999 in a report.
    pub n: usize,
    /// Of the draws.
    pub seed: u64,
}

/// The baselines of one episode.
#[derive(Clone, Debug, PartialEq)]
pub struct EpisodeBaselines {
    /// What the coder calls it.
    pub name: String,
    /// As many as ids were asked for, in their order.
    pub baselines: Vec<Result<Baseline, NoBaseline>>,
}

/// The scores `ids` of every episode, beside those that chance gives.
///
/// *Definition*: within each episode all the parent's tracks, missing time included, are moved together as [`circular_shift`] or
/// [`segment_shuffle`] say, in units of `grid.step`, and everything is scored again. A shift moves time itself, so that exact scores have a
/// baseline too; a last unit that is short stays part of the circle. Differences between directions are compared in size, all others by
/// their upper tail.
///
/// *Shape*: one entry per episode, in the recording's order.
///
/// *Limitations*: scores of the infant alone do not change, and have no z.
///
/// *Reference*: see [`circular_shift`] and [`segment_shuffle`].
///
/// [`circular_shift`]: super::circular::circular_shift
/// [`segment_shuffle`]: super::segments::segment_shuffle
///
/// ```
/// use scoring::chance::scores::{ScoreChance, Surrogates, score_baselines};
/// # use scoring::{EpisodeWindow, MatchRelation, Recording, ScoreSettings, StateSeries, Subject, TrackSeries};
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
/// // `recording` is the example of the crate's documentation: 30 units, and so 29 shifts
/// let rules = ScoreChance { surrogates: Surrogates::CircularShift { guard: Length::SECOND }, n: 999, seed: 1 };
/// let play = &score_baselines(&recording, &ScoreSettings::default(), &["match.proportion"], rules)[0];
/// let baseline = play.baselines[0].expect("long enough");
/// assert_eq!(baseline.n, 29);
/// assert!((baseline.mean - 0.281_807_4).abs() < 1e-7);
/// assert!((baseline.z.unwrap() - 1.047_208_2).abs() < 1e-6 && (baseline.p - 0.3).abs() < 1e-12);
/// ```
#[must_use]
pub fn score_baselines(
    recording: &Recording,
    settings: &ScoreSettings,
    ids: &[&str],
    rules: ScoreChance,
) -> Vec<EpisodeBaselines> {
    let of_episode = |episode: &EpisodeWindow| {
        let baselines = match arrangements(episode.span, settings.grid_step, rules) {
            Ok(arrangements) => baselines(&only(recording, episode), settings, ids, &arrangements),
            Err(why) => vec![Err(why); ids.len()],
        };
        EpisodeBaselines { name: episode.name.clone(), baselines }
    };
    recording.episodes.iter().map(of_episode).collect()
}

/// Does chance go both ways? Then a surrogate is as extreme when it is as large in size.
fn tail(id: &str) -> Tail {
    if ["asymmetry", "net"].contains(&id.rsplit('.').next().unwrap_or(id)) { Tail::Both } else { Tail::Upper }
}

fn baselines(
    recording: &Recording,
    settings: &ScoreSettings,
    ids: &[&str],
    arrangements: &[Vec<Span>],
) -> Vec<Result<Baseline, NoBaseline>> {
    let numbers = |recording: &Recording| -> Vec<Option<f64>> {
        let scores = score(recording, settings);
        ids.iter().map(|id| scores.episodes[0].scores.number(id)).collect()
    };
    let observed = numbers(recording);
    if observed.iter().all(Option::is_none) {
        return vec![Err(NoBaseline::NoScore); ids.len()];
    }
    let surrogates: Vec<Vec<Option<f64>>> =
        arrangements.iter().map(|parts| numbers(&with_parent_rearranged(recording, parts))).collect();
    let baseline = |(idx, id): (usize, &&str)| {
        Baseline::new(observed[idx], surrogates.iter().map(|numbers| numbers[idx]), tail(id))
    };
    ids.iter().enumerate().map(baseline).collect()
}

/// One episode of a recording by itself, excluded time missing on every track so that it can move along.
fn only(recording: &Recording, episode: &EpisodeWindow) -> Recording {
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
fn arrangements(episode: Span, step: Length, rules: ScoreChance) -> Result<Vec<Vec<Span>>, NoBaseline> {
    let n_units = unit_count(episode, step) as usize;
    let units = |length: Length| (length.micros() / step.micros()) as usize;
    let at = |unit: usize| (episode.start() + step.times(unit as i64)).min(episode.end());
    let parts =
        |cuts: &[(Instant, Instant)]| cuts.iter().filter_map(|(from, until)| Span::new(*from, *until).ok()).collect();
    match rules.surrogates {
        Surrogates::CircularShift { guard } => {
            let shift_rules = ShiftRules { guard: units(guard), surrogates: rules.n, seed: rules.seed };
            let shifts = shifts(&[n_units], shift_rules)?;
            // the last units come to the start
            let cut = |shift: &Vec<usize>| episode.end() - (at(shift[0]) - episode.start());
            Ok(shifts
                .iter()
                .map(|shift| parts(&[(cut(shift), episode.end()), (episode.start(), cut(shift))]))
                .collect())
        }
        Surrogates::SegmentShuffle { segment } => {
            let segment = units(segment);
            let segment_rules = SegmentRules { segment, surrogates: rules.n, seed: rules.seed };
            let orders = orders(&[n_units], segment_rules)?;
            let spans = |order: Vec<Vec<usize>>| {
                let mut cuts: Vec<_> =
                    order[0].iter().map(|idx| (at(idx * segment), at((idx + 1) * segment))).collect();
                cuts.push((at(order[0].len() * segment), episode.end()));
                parts(&cuts)
            };
            Ok(orders.map(spans).collect())
        }
    }
}
