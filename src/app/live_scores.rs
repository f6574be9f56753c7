//! The scores of the session as it is now: asked for anew when it changes, and never otherwise.
//!
//! Those that the panel shows are there in the redraw of the edit itself. The slow ones are computed on a thread of their own while somebody
//! looks at them; an edit stops that and begins it anew, and until it is done what is shown is older than the marks, and says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::{Duration, Instant as Moment};

use scoring::{EpisodeScores, Recording, Score, ScoreSettings, Scores, SlowEpisodeScores, SlowScores};
use serde_json::{Map, Value};
use session::{Document, Session};
use span::Instant;

/// Growth of an open state is followed this often: digits that run cannot be read.
const GROWTH_PACE: Duration = Duration::from_millis(250);

/// A state of the session: its revision, and how far open states have grown.
type State = (u64, u64);

/// The scores, and which state of the session they are of.
pub struct LiveScores {
    scores: Option<(Recording, Scores)>,
    settings: ScoreSettings,
    overrides: Option<[Map<String, Value>; 2]>, // the scheme's and the session's, of which the settings were made
    problem: Option<String>,
    of: Option<State>,
    at: Option<Moment>,
    chosen: Option<usize>, // the episode that a person chose to see
    shows_all: bool,
    slow: Option<(State, SlowScores)>,
    running: Option<Running>,
    wake: media::Wake,
}

/// The slow scores, being computed.
struct Running {
    of: State,
    stop: Arc<AtomicBool>,
    share: Arc<AtomicU32>, // that is done, in ten thousandths
    result: Receiver<SlowScores>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// How the slow scores stand to the marks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Age {
    /// They are of the marks as they are.
    Current,
    /// They are being computed: which share is done. What is shown meanwhile, if anything, is older than the marks.
    Computing(f32),
}

impl LiveScores {
    /// Nothing yet; `wake` is called when slow scores are there, or have come further.
    #[must_use]
    pub fn new(wake: media::Wake) -> Self {
        Self {
            scores: None,
            settings: ScoreSettings::default(),
            overrides: None,
            problem: None,
            of: None,
            at: None,
            chosen: None,
            shows_all: false,
            slow: None,
            running: None,
            wake,
        }
    }

    /// Follows the document: a new revision at once, growth four times a second. Says when to look again, if growth waits.
    pub fn follow(&mut self, document: &Document, now: Moment) -> Option<Moment> {
        let state = (document.revision(), document.growth());
        let due = self.follow_quick(document, state, now);
        if self.shows_all {
            self.follow_slow();
        }
        due
    }

    fn follow_quick(&mut self, document: &Document, state: State, now: Moment) -> Option<Moment> {
        if self.of == Some(state) {
            return None;
        }
        let only_growth = self.of.is_some_and(|(known, _)| known == state.0);
        if only_growth
            && let Some(due) = self.at.map(|at| at + GROWTH_PACE)
            && due > now
        {
            return Some(due);
        }
        self.compute(document.session());
        (self.of, self.at) = (Some(state), Some(now));
        None
    }

    fn compute(&mut self, session: &Session) {
        let overrides = [&session.scheme.score_settings, &session.score_settings];
        if self.overrides.as_ref().is_none_or(|known| known.each_ref() != overrides) {
            self.overrides = Some(overrides.map(Clone::clone));
            match session::score_settings(session, &Map::new()) {
                Ok(settings) => (self.settings, self.problem) = (settings, None),
                Err(error) => self.problem = Some(error.to_string()),
            }
        }
        let known = self.scores.take();
        if self.problem.is_none() {
            let recording = session::recording(session);
            let scores = match known {
                Some((before, known)) => scoring::quick_scores_after(&before, known, &recording, &self.settings),
                None => scoring::quick_scores(&recording, &self.settings),
            };
            self.scores = Some((recording, scores));
        }
    }

    /// Takes what the thread has done, and sets it to work on what it has not. An edit stops it; growth waits until it is done, or it would
    /// never be.
    fn follow_slow(&mut self) {
        let Some(now) = self.of else { return };
        if let Some(running) = &self.running {
            match running.result.try_recv() {
                Ok(scores) => (self.slow, self.running) = (Some((running.of, scores)), None),
                Err(TryRecvError::Empty) if running.of.0 == now.0 => return,
                Err(_) => self.running = None,
            }
        }
        let is_current = self.slow.as_ref().is_some_and(|(of, _)| *of == now);
        if let Some((recording, _)) = self.scores.as_ref().filter(|_| !is_current) {
            self.running = Some(run(now, recording.clone(), self.settings.clone(), self.wake.clone()));
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
        self.scores.as_ref().map_or(&[], |(_, scores)| &scores.episodes)
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

    /// Are all scores shown, and not only those that say the most?
    #[must_use]
    pub const fn shows_all(&self) -> bool {
        self.shows_all
    }

    /// Shows all scores, or those that say the most. What nobody sees is not computed.
    pub fn show_all(&mut self, all: bool) {
        self.shows_all = all;
        if !all {
            self.running = None;
        }
    }

    /// How the slow scores stand to the marks.
    #[must_use]
    pub fn age(&self) -> Age {
        let done = |running: &Running| running.share.load(Ordering::Relaxed) as f32 / 1e4;
        let is_current = self.slow.as_ref().is_some_and(|(of, _)| Some(*of) == self.of);
        if is_current { Age::Current } else { Age::Computing(self.running.as_ref().map_or(0.0, done)) }
    }

    /// The slow scores of an episode, which may be older than the marks; `None` while there are none.
    #[must_use]
    pub fn slow(&self, episode: usize) -> Option<&SlowEpisodeScores> {
        let (_, slow) = self.slow.as_ref()?;
        slow.episodes.get(episode).filter(|_| slow.episodes.len() == self.episodes().len())
    }

    /// A score of an episode, whichever kind it is, with what chance gives beside it.
    #[must_use]
    pub fn score(&self, episode: usize, id: &str) -> Option<Score> {
        let slow = self.slow(episode);
        let quick = self.episodes().get(episode)?.scores.get(id);
        let mut score = quick.or_else(|| slow?.scores.get(id))?.clone();
        if let Some(slow) = slow.filter(|_| score.value.is_ok()) {
            score.chance = slow.chance.iter().find(|(known, _)| known == id).map(|(_, chance)| *chance);
            score.limits = slow.limits.iter().find(|(known, _)| known == id).map(|(_, limits)| *limits);
        }
        Some(score)
    }
}

/// Computes the slow scores on a thread of its own.
fn run(of: State, recording: Recording, settings: ScoreSettings, wake: media::Wake) -> Running {
    let (stop, share) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
    let (sender, result) = channel();
    let running = Running { of, stop: stop.clone(), share: share.clone(), result };
    std::thread::spawn(move || {
        let goes_on = |done: f64| {
            let per_cent = |share: u32| share / 100;
            let done = (done * 1e4) as u32;
            if per_cent(share.fetch_max(done, Ordering::Relaxed)) < per_cent(done) {
                wake();
            }
            !stop.load(Ordering::Relaxed)
        };
        if let Some(scores) = scoring::slow_scores(&recording, &settings, &goes_on) {
            let _ = sender.send(scores); // the session may have been closed meanwhile
        }
        drop(sender);
        wake();
    });
    running
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::Sender;

    use session::marking::change_code;
    use session::{Mark, MarkId, Scheme, SessionId, Stamp, TrackKey, When};
    use span::Span;

    use super::*;

    /// A minute in which both partners turn from negative to positive.
    fn document() -> Document {
        let mut session = Session::new(SessionId::from_bits(1), "dyad", "KL", Scheme::built_in().remove(0));
        let keys = ["infant", "parent"].map(|subject| TrackKey::new(subject, "affect"));
        for (key, id) in keys.iter().zip([1, 3]) {
            let track = session.tracks.iter_mut().find(|track| track.key == *key).expect("a track");
            for (n, code) in ["negative", "positive"].into_iter().enumerate() {
                let span = Span::from_micros(n as i64 * 30_000_000, (n as i64 + 1) * 30_000_000).expect("in order");
                track.marks.push(Mark::new(MarkId(id + n as u64), code, When::State { span, open: false }));
            }
        }
        Document::new(session)
    }

    fn change_first_mark(document: &mut Document, code: &str) {
        let edit = change_code(document.session(), &[MarkId(1)], code).expect("a code of the track");
        document.apply(edit, Stamp { time: jiff::Timestamp::UNIX_EPOCH, who: "KL".to_owned() }).expect("it fits");
    }

    fn live() -> (LiveScores, Receiver<()>) {
        let (sender, woken): (Sender<()>, _) = channel();
        let sender = std::sync::Mutex::new(sender);
        let wake = move || drop(sender.lock().map(|sender| sender.send(())));
        (LiveScores::new(Arc::new(wake)), woken)
    }

    /// Follows as often as it is woken, until the slow scores are there.
    fn follow_until_current(live: &mut LiveScores, woken: &Receiver<()>, document: &Document) {
        while live.age() != Age::Current {
            woken.recv_timeout(Duration::from_secs(30)).expect("the thread wakes the window");
            live.follow(document, Moment::now());
        }
    }

    #[test]
    fn after_an_edit_quick_scores_are_new_at_once_and_slow_ones_old_until_they_arrive() {
        let (mut document, (mut live, woken)) = (document(), live());
        live.show_all(true);
        live.follow(&document, Moment::now());
        assert!(matches!(live.age(), Age::Computing(_)) && live.slow(0).is_none());
        follow_until_current(&mut live, &woken, &document);
        let before = (live.episodes()[0].clone(), live.slow(0).cloned().expect("they have arrived"));

        change_first_mark(&mut document, "neutral");
        live.follow(&document, Moment::now());
        assert_ne!(live.episodes()[0], before.0, "quick ones are new");
        assert!(matches!(live.age(), Age::Computing(_)));
        assert_eq!(live.slow(0), Some(&before.1), "slow ones are old");
        follow_until_current(&mut live, &woken, &document);
        let overrides = Map::new();
        let all = session::score(document.session(), &overrides).expect("the settings are sound");
        for (id, score) in all.episodes[0].scores.iter() {
            assert_eq!(live.score(0, id).as_ref(), Some(score), "{id}");
        }
    }

    #[test]
    fn an_edit_stops_what_is_being_computed() {
        let (mut document, (mut live, woken)) = (document(), live());
        live.show_all(true);
        live.follow(&document, Moment::now());
        let stop = live.running.as_ref().expect("it was asked for").stop.clone();
        change_first_mark(&mut document, "neutral");
        live.follow(&document, Moment::now());
        let is_taken = live.running.as_ref().is_none_or(|running| !Arc::ptr_eq(&running.stop, &stop));
        assert!(is_taken && (stop.load(Ordering::Relaxed)), "the first run is stopped, another one is under way");
        follow_until_current(&mut live, &woken, &document);
        assert_eq!(live.slow.as_ref().map(|(of, _)| of.0), Some(document.revision()));
    }

    #[test]
    fn what_nobody_sees_is_not_computed() {
        let (document, (mut live, _woken)) = (document(), live());
        live.follow(&document, Moment::now());
        assert!(live.running.is_none());
        live.show_all(true);
        live.follow(&document, Moment::now());
        assert!(live.running.is_some());
        live.show_all(false);
        assert!(live.running.is_none());
    }
}
