//! After a change: only the episodes in which something changed are scored anew.

use span::Span;

use crate::scores::{EpisodeScores, Scores, quick_scores};
use crate::settings::ScoreSettings;
use crate::{EpisodeWindow, Recording, TrackSeries};

/// The quick scores of `recording`, of which those of `before` are known: episodes in which nothing changed keep theirs.
///
/// *Definition*: what [`quick_scores`] gives, to the bit, if `known` is what it gave for `before`. What an episode's scores depend on is what
/// was coded inside it, and the tracks, rules, relation and settings that there are; where one of these changed, everything is scored anew.
///
/// # Example
/// Play and reunion, two seconds each; in the reunion the parent's second becomes `P`.
/// ```
/// use scoring::{EpisodeWindow, MatchRelation, Recording, ScoreSettings, StateSeries, Subject, TrackSeries};
/// use scoring::{quick_scores, quick_scores_after};
/// use span::{Length, Span, SpanSet};
///
/// let with = |parent| {
///     let coded = |subject, text| TrackSeries {
///         subject,
///         channel: "engagement".to_owned(),
///         series: StateSeries::from_text(["M", "P"], text, Length::SECOND),
///     };
///     let episode = |name: &str, start, end| EpisodeWindow {
///         name: name.to_owned(),
///         kind: name.to_owned(),
///         span: Span::from_micros(start, end).expect("time in order"),
///     };
///     Recording {
///         tracks: vec![coded(Subject::Infant, "MMPP"), coded(Subject::Parent, parent)],
///         episodes: vec![episode("play", 0, 2_000_000), episode("reunion", 2_000_000, 4_000_000)],
///         excluded: SpanSet::new(),
///         engagement: Vec::new(),
///         relation: MatchRelation::equality(&["M", "P"].map(str::to_owned)),
///         frame: None,
///     }
/// };
/// let settings = ScoreSettings::default();
/// let (before, after) = (with("MPPM"), with("MPPP"));
/// let known = quick_scores(&before, &settings);
/// let scores = quick_scores_after(&before, known, &after, &settings);
/// let matched: Vec<_> = scores.episodes.iter().map(|one| one.scores.number("match.proportion")).collect();
/// assert_eq!(matched, [Some(0.5), Some(1.0)]);
/// assert_eq!(scores, quick_scores(&after, &settings));
/// ```
#[must_use]
pub fn quick_scores_after(
    before: &Recording,
    mut known: Scores,
    recording: &Recording,
    settings: &ScoreSettings,
) -> Scores {
    if known.settings_hash != settings.hash() || !is_alike(before, recording) {
        return quick_scores(recording, settings);
    }
    let mut old: Vec<Option<EpisodeScores>> = known.episodes.drain(..).map(Some).collect();
    let mut kept = |episode: &EpisodeWindow| {
        let place = before.episodes.iter().position(|other| other == episode)?;
        if has_changed(before, recording, episode.span) { None } else { old.get_mut(place)?.take() }
    };
    let episodes: Vec<Option<EpisodeScores>> = recording.episodes.iter().map(&mut kept).collect();
    let changed = recording.episodes.iter().zip(&episodes).filter(|(_, kept)| kept.is_none());
    let changed: Vec<EpisodeWindow> = changed.map(|(episode, _)| episode.clone()).collect();
    let mut anew = quick_scores(&part(recording, changed), settings).episodes.into_iter();
    known.episodes = episodes.into_iter().filter_map(|kept| kept.or_else(|| anew.next())).collect();
    known
}

/// Have the two the same tracks, rules and relation, whatever was coded?
fn is_alike(a: &Recording, b: &Recording) -> bool {
    let kind = |track: &TrackSeries| (track.subject, track.channel.clone(), track.series.states().to_vec());
    a.tracks.iter().map(kind).eq(b.tracks.iter().map(kind))
        && (&a.engagement, &a.relation, a.frame) == (&b.engagement, &b.relation, b.frame)
}

/// Was anything else coded or excluded in this time?
fn has_changed(a: &Recording, b: &Recording, time: Span) -> bool {
    let mut tracks = a.tracks.iter().zip(&b.tracks);
    let excluded = |recording: &Recording| recording.excluded.intersection(&time.into());
    tracks.any(|(a, b)| a.series.within(time) != b.series.within(time)) || excluded(a) != excluded(b)
}

/// The same with these episodes only, and what was coded around them.
fn part(recording: &Recording, episodes: Vec<EpisodeWindow>) -> Recording {
    let around = episodes.iter().map(|episode| episode.span).reduce(Span::hull);
    let cut = |track: &TrackSeries| TrackSeries {
        series: around.map_or_else(|| track.series.clone(), |around| track.series.within(around)),
        ..track.clone()
    };
    Recording { tracks: recording.tracks.iter().map(cut).collect(), episodes, ..recording.clone() }
}
