//! Taking a step back, or making it again, in a session that has gone on growing since.

use std::collections::HashMap;

use span::{Instant, Span, SpanSet};

use crate::{Change, Item, Mark, MarkId, Medium, MediumId, Session, TrackKey};

/// The same changes for a session in which open states and coded time have grown since, and more is known of the media.
///
/// ```text
/// then   X [====)Y [==>           the edit cut X and began Y, which was open
/// now    X [====)Y [=======>      Y has grown
/// undo   X [================>     takes all of Y; X gets the end that it would have grown to
/// ```
pub(crate) fn rebased(changes: &[Change], session: &Session) -> Vec<Change> {
    let mut rebase = Rebase::new(changes, session);
    let mut rebased: Vec<Change> = changes.iter().flat_map(|change| rebase.change(change)).collect();
    rebased.extend(cut_back(&rebased, session));
    rebased
}

/// What has grown over states that come back ends where they begin, as if it had met them.
///
/// ```text
/// then   X [==>      N [==)       the edit deleted N
/// now    X [=================>    X has grown over its place
/// undo   X [=========)N [==)
/// ```
fn cut_back(changes: &[Change], session: &Session) -> Vec<Change> {
    let is_changed = |id: MarkId| {
        changes.iter().flat_map(Change::items).any(|item| matches!(item, Item::Mark { mark, .. } if mark.id == id))
    };
    let mut cuts: Vec<(&TrackKey, &Mark, Mark)> = Vec::new();
    for (key, comes) in exclusive_states_that_come(changes, session) {
        let Some((track, span)) = session.track(key).zip(comes.span()) else { continue };
        for over in track.marks_within(span).filter(|mark| mark.start() < span.start() && !is_changed(mark.id)) {
            let Ok(before) = Span::new(over.start(), span.start()) else { continue };
            match cuts.iter_mut().find(|(_, cut, _)| cut.id == over.id) {
                Some((.., cut)) if cut.when.end() <= before.end() => {}
                Some((.., cut)) => *cut = over.with_span(before, false),
                None => cuts.push((&track.key, over, over.with_span(before, false))),
            }
        }
    }
    let item = |track: &TrackKey, mark: Mark| Item::Mark { track: track.clone(), mark };
    let cuts = cuts.into_iter();
    cuts.map(|(key, over, cut)| Change::Replace { from: item(key, over.clone()), to: item(key, cut) }).collect()
}

fn exclusive_states_that_come<'a>(
    changes: &'a [Change],
    session: &'a Session,
) -> impl Iterator<Item = (&'a TrackKey, &'a Mark)> {
    changes.iter().filter_map(|change| match change {
        Change::Insert(Item::Mark { track, mark }) | Change::Replace { to: Item::Mark { track, mark }, .. } => {
            let channel = session.scheme.channel(track)?;
            (channel.exclusive && mark.span().is_some()).then_some((track, mark))
        }
        _ => None,
    })
}

/// `medium` with what was found out between `then` and `now`.
fn learned(medium: &Medium, then: &Medium, now: &Medium) -> Medium {
    let mut learned = medium.clone();
    if now.path != then.path {
        learned.path.clone_from(&now.path);
    }
    if now.identity != then.identity {
        learned.identity.clone_from(&now.identity);
    }
    if now.end != then.end {
        learned.end = now.end;
    }
    if now.frame != then.frame {
        learned.frame = now.frame;
    }
    learned
}

struct Rebase<'a> {
    session: &'a Session,
    marks: HashMap<MarkId, Mark>,      // as they are after the changes so far
    media: HashMap<MediumId, Medium>,  // likewise
    coded: HashMap<TrackKey, SpanSet>, // likewise
    ends: HashMap<(TrackKey, Instant), (Instant, bool)>, // where open states that ended there end now, and whether they are open
    begins: Vec<(TrackKey, Instant)>,                    // where the states of exclusive tracks begin that come
}

impl<'a> Rebase<'a> {
    fn new(changes: &[Change], session: &'a Session) -> Self {
        let begins =
            exclusive_states_that_come(changes, session).map(|(key, mark)| (key.clone(), mark.start())).collect();
        let (marks, media, coded, ends) = (HashMap::new(), HashMap::new(), HashMap::new(), HashMap::new());
        let mut rebase = Self { session, marks, media, coded, ends, begins };
        for change in changes {
            let (Change::Remove(Item::Mark { track, mark }) | Change::Replace { from: Item::Mark { track, mark }, .. }) =
                change
            else {
                continue;
            };
            if let Some(now) = rebase.present(track, mark).filter(|now| *now != *mark) {
                rebase.ends.insert((track.clone(), mark.when.end()), (now.when.end(), now.is_open()));
            }
        }
        rebase
    }

    fn change(&mut self, change: &Change) -> Vec<Change> {
        match change {
            Change::Insert(item) => vec![Change::Insert(self.comes(item))],
            Change::Remove(Item::Track(key)) => {
                let empty = self.empty_coded(key);
                empty.into_iter().chain([change.clone()]).collect()
            }
            Change::Remove(item) => vec![Change::Remove(self.goes(item))],
            Change::Replace { from: Item::Coded { track, spans: from }, to: Item::Coded { spans: to, .. } } => {
                let now = self.coded_now(track);
                let kept = to.union(&now.difference(from));
                vec![self.set_coded(track, now, kept)]
            }
            Change::Replace {
                from: Item::Medium { index, medium: from },
                to: Item::Medium { index: place, medium: to },
            } => {
                let now = self.medium_now(from);
                let to = learned(to, from, &now);
                self.media.insert(to.id, to.clone());
                let from = Item::Medium { index: *index, medium: now };
                vec![Change::Replace { from, to: Item::Medium { index: *place, medium: to } }]
            }
            Change::Replace { from, to } => vec![Change::Replace { from: self.goes(from), to: self.comes(to) }],
        }
    }

    /// The item as it is now, where it has grown or more is known of it.
    fn goes(&self, item: &Item) -> Item {
        match item {
            Item::Mark { track, mark } => {
                let now = self.present(track, mark).unwrap_or_else(|| mark.clone());
                Item::Mark { track: track.clone(), mark: now }
            }
            Item::Medium { index, medium } => Item::Medium { index: *index, medium: self.medium_now(medium) },
            _ => item.clone(),
        }
    }

    /// The item as it would be, had it grown in the meantime.
    fn comes(&mut self, item: &Item) -> Item {
        let Item::Mark { track, mark } = item else { return item.clone() };
        let grown = mark.span().filter(|_| mark.is_open()).and_then(|span| {
            let (end, open) = *self.ends.get(&(track.clone(), span.end()))?;
            let later = self.begins.iter().filter(|(key, start)| key == track && span.start() < *start);
            let next = later.map(|(_, start)| *start).min().filter(|next| *next < end);
            let grown = Span::new(span.start(), next.unwrap_or(end)).ok()?;
            Some(mark.with_span(grown, open && next.is_none()))
        });
        let mark = grown.unwrap_or_else(|| mark.clone());
        self.marks.insert(mark.id, mark.clone());
        Item::Mark { track: track.clone(), mark }
    }

    /// The medium as it is after the changes so far, if it is `medium` of which more is known.
    fn medium_now(&self, medium: &Medium) -> Medium {
        let now = self.media.get(&medium.id).or_else(|| self.session.medium(medium.id));
        let is_it = |now: &&Medium| with_found(now, medium) == *medium;
        now.filter(is_it).unwrap_or(medium).clone()
    }

    /// The mark of this id as it is after the changes so far, if it is `mark` grown.
    fn present(&self, track: &TrackKey, mark: &Mark) -> Option<Mark> {
        let now = self.marks.get(&mark.id).or_else(|| self.session.track(track)?.mark(mark.id))?;
        let (Some(then), Some(span)) = (mark.span(), now.span()) else { return None };
        let longer = Span::new(then.start(), then.end().max(span.end()))
            .expect("it ends no earlier than a span of the same start");
        let is_it_grown = mark.is_open() && mark.with_span(longer, now.is_open()) == *now;
        is_it_grown.then(|| now.clone())
    }

    fn coded_now(&self, track: &TrackKey) -> SpanSet {
        let here = || self.session.track(track).map(|track| track.coded.clone()).unwrap_or_default();
        self.coded.get(track).cloned().unwrap_or_else(here)
    }

    fn empty_coded(&mut self, track: &TrackKey) -> Option<Change> {
        let now = self.coded_now(track);
        (!now.is_empty()).then(|| self.set_coded(track, now, SpanSet::new()))
    }

    fn set_coded(&mut self, track: &TrackKey, from: SpanSet, to: SpanSet) -> Change {
        self.coded.insert(track.clone(), to.clone());
        let item = |spans| Item::Coded { track: track.clone(), spans };
        Change::Replace { from: item(from), to: item(to) }
    }
}

/// The medium with what `found` says of its file: where it is, what it holds, its identity, its end, the length of its frames.
pub(crate) fn with_found(medium: &Medium, found: &Medium) -> Medium {
    let Medium { path, kind, identity, end, frame, .. } = found.clone();
    Medium { path, kind, identity, end, frame, ..medium.clone() }
}
