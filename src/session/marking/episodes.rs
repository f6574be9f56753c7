//! Episodes and excluded time.

use span::{Instant, Length, Span};

use super::{Edge, Edit, Neighbour, Refusal, edit, replace};
use crate::{Change, Episode, EpisodeId, EpisodeKind, Excluded, ExcludedId, Extra, Ids, Item, Session};

/// A new episode, where none is.
pub fn insert_episode(
    session: &Session,
    name: &str,
    kind: EpisodeKind,
    span: Span,
    mut ids: Ids,
) -> Result<Edit, Refusal> {
    no_other_there(session, span)?;
    let episode = Episode::new(EpisodeId(ids.take()), name, kind, span);
    edit(format!("insert episode {name}"), vec![Change::Insert(Item::Episode(episode))])
}

/// Episodes of these lengths one after another from `start`, in place of all that there are.
pub fn episodes_from_lengths(
    session: &Session,
    start: Instant,
    list: &[(String, EpisodeKind, Length)],
    mut ids: Ids,
) -> Result<Edit, Refusal> {
    let mut changes: Vec<Change> = session.episodes.iter().cloned().map(Item::Episode).map(Change::Remove).collect();
    let mut from = start;
    for (name, kind, length) in list {
        let span = Span::new(from, from.saturating_add(*length));
        let span = span.map_err(|_| Refusal::new(format!("episode {name} needs a length above zero")))?;
        changes.push(Change::Insert(Item::Episode(Episode::new(EpisodeId(ids.take()), name, *kind, span))));
        from = span.end();
    }
    edit("set the episodes", changes)
}

/// Moves one edge of an episode. It stops at the episode beside it; one that it touches follows or stays.
pub fn move_episode_edge(
    session: &Session,
    id: EpisodeId,
    edge: Edge,
    to: Instant,
    neighbour: Neighbour,
) -> Result<Edit, Refusal> {
    let episode = find(session, id)?;
    let index = session.episodes.iter().position(|other| other.id == id).unwrap_or_default();
    let beside = match edge {
        Edge::Start => index.checked_sub(1),
        Edge::End => Some(index + 1),
    };
    let beside = beside.and_then(|index| session.episodes.get(index));
    let touches = |other: &&Episode| match edge {
        Edge::Start => other.span.end() == episode.span.start(),
        Edge::End => other.span.start() == episode.span.end(),
    };
    let follower = beside.filter(touches).filter(|_| neighbour == Neighbour::Follows);
    let to = match (edge, beside, follower) {
        (_, None, _) | (_, _, Some(_)) => to,
        (Edge::Start, Some(other), None) => to.max(other.span.end()),
        (Edge::End, Some(other), None) => to.min(other.span.start()),
    };
    let moved = |span: Span, edge: Edge| {
        let moved = match edge {
            Edge::Start => Span::new(to, span.end()),
            Edge::End => Span::new(span.start(), to),
        };
        moved.map_err(|_| Refusal::new("an episode must end after it starts"))
    };
    let mut changes = change(episode, Episode { span: moved(episode.span, edge)?, ..episode.clone() });
    if let Some(other) = follower {
        let facing = match edge {
            Edge::Start => Edge::End,
            Edge::End => Edge::Start,
        };
        changes.extend(change(other, Episode { span: moved(other.span, facing)?, ..other.clone() }));
    }
    edit(format!("move an edge of episode {}", episode.name), changes)
}

/// Gives an episode another name or kind.
pub fn rename_episode(session: &Session, id: EpisodeId, name: &str, kind: EpisodeKind) -> Result<Edit, Refusal> {
    let episode = find(session, id)?;
    edit(
        format!("rename episode {}", episode.name),
        change(episode, Episode { name: name.to_owned(), kind, ..episode.clone() }),
    )
}

/// Deletes an episode; the marks in it stay.
pub fn delete_episode(session: &Session, id: EpisodeId) -> Result<Edit, Refusal> {
    let episode = find(session, id)?;
    edit(format!("delete episode {}", episode.name), vec![Change::Remove(Item::Episode(episode.clone()))])
}

/// Excludes a stretch of time on all tracks, with the reason.
pub fn exclude(span: Span, reason: &str, mut ids: Ids) -> Result<Edit, Refusal> {
    let excluded = Excluded { id: ExcludedId(ids.take()), span, reason: reason.to_owned(), extra: Extra::new() };
    edit("exclude a stretch of time", vec![Change::Insert(Item::Excluded(excluded))])
}

/// Gives an excluded stretch another time or reason.
pub fn set_excluded(session: &Session, id: ExcludedId, span: Span, reason: &str) -> Result<Edit, Refusal> {
    let excluded = find_excluded(session, id)?;
    let to = Excluded { span, reason: reason.to_owned(), ..excluded.clone() };
    edit("change an excluded stretch", replace(Item::Excluded(excluded.clone()), Item::Excluded(to)))
}

/// Counts an excluded stretch again.
pub fn delete_excluded(session: &Session, id: ExcludedId) -> Result<Edit, Refusal> {
    let excluded = find_excluded(session, id)?;
    edit("include an excluded stretch", vec![Change::Remove(Item::Excluded(excluded.clone()))])
}

fn find(session: &Session, id: EpisodeId) -> Result<&Episode, Refusal> {
    session
        .episodes
        .iter()
        .find(|episode| episode.id == id)
        .ok_or_else(|| Refusal::new(format!("episode {id} is not there any more")))
}

fn find_excluded(session: &Session, id: ExcludedId) -> Result<&Excluded, Refusal> {
    let found = session.excluded.iter().find(|excluded| excluded.id == id);
    found.ok_or_else(|| Refusal::new(format!("excluded stretch {id} is not there any more")))
}

fn no_other_there(session: &Session, span: Span) -> Result<(), Refusal> {
    match session.episodes.iter().find(|other| other.span.intersects(span)) {
        Some(other) => Err(Refusal::new(format!("episode {} is there already: episodes do not overlap", other.name))),
        None => Ok(()),
    }
}

fn change(from: &Episode, to: Episode) -> Vec<Change> {
    replace(Item::Episode(from.clone()), Item::Episode(to))
}
