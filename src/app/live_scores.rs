//! The scores of the session as it is now: asked for anew when it changes, and never otherwise.

use std::time::{Duration, Instant as Moment};

use scoring::{EpisodeScores, ScoreSettings, Scores};
use session::{Document, Session};
use span::Instant;

/// Growth of an open state is followed this often: digits that run cannot be read.
const GROWTH_PACE: Duration = Duration::from_millis(250);

/// The scores, and which state of the session they are of.
#[derive(Debug, Default)]
pub struct LiveScores {
    scores: Option<Scores>,
    settings: ScoreSettings,
    problem: Option<String>,
    of: Option<(u64, u64)>, // revision and growth
    at: Option<Moment>,
    chosen: Option<usize>, // the episode that a person chose to see
}

impl LiveScores {
    /// Follows the document: a new revision at once, growth four times a second. Says when to look again, if growth waits.
    pub fn follow(&mut self, document: &Document, now: Moment) -> Option<Moment> {
        let (revision, growth) = (document.revision(), document.growth());
        if self.of == Some((revision, growth)) {
            return None;
        }
        let only_growth = self.of.is_some_and(|(known, _)| known == revision);
        if only_growth
            && let Some(due) = self.at.map(|at| at + GROWTH_PACE)
            && due > now
        {
            return Some(due);
        }
        self.compute(document.session());
        (self.of, self.at) = (Some((revision, growth)), Some(now));
        None
    }

    fn compute(&mut self, session: &Session) {
        let overrides = serde_json::Map::new();
        if let Ok(settings) = session::score_settings(session, &overrides) {
            self.settings = settings;
        }
        match session::score(session, &overrides) {
            Ok(scores) => (self.scores, self.problem) = (Some(scores), None),
            Err(error) => (self.scores, self.problem) = (None, Some(error.to_string())),
        }
    }

    /// Why there are no scores, where the settings are wrong.
    #[must_use]
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// Every choice that the scores were computed with.
    #[must_use]
    pub const fn settings(&self) -> &ScoreSettings {
        &self.settings
    }

    /// All episodes.
    #[must_use]
    pub fn episodes(&self) -> &[EpisodeScores] {
        self.scores.as_ref().map_or(&[], |scores| &scores.episodes)
    }

    /// The episode that the panel shows: the one that was chosen, else the one at `playhead`, else the last one before it.
    #[must_use]
    pub fn shown(&self, playhead: Instant) -> Option<(usize, &EpisodeScores)> {
        let episodes = self.episodes();
        let at = || episodes.iter().position(|episode| episode.span.contains(playhead));
        let before = || episodes.iter().rposition(|episode| episode.span.start() <= playhead);
        let index = self.chosen.filter(|chosen| *chosen < episodes.len()).or_else(at).or_else(before).unwrap_or(0);
        episodes.get(index).map(|episode| (index, episode))
    }

    /// Shows this episode wherever the playhead is; the same one again: follows the playhead.
    pub fn choose(&mut self, episode: usize) {
        self.chosen = (self.chosen != Some(episode)).then_some(episode);
    }

    /// Did a person choose the episode?
    #[must_use]
    pub const fn is_chosen(&self) -> bool {
        self.chosen.is_some()
    }
}
