//! What lies under the pointer: a pure function from places to things.

use egui::Pos2;
use session::{EpisodeId, MarkId, TrackKey};
use span::Instant;

use super::layout::{Block, Row, RowKind, blocks};
use super::{Axis, Scene};
use session::marking::Edge;

/// Within this distance of an edge the hand takes the edge.
const EDGE_POINTS: f32 = 5.0;

/// What lies under the pointer.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// The name of a track, at the left.
    Head(TrackKey),
    /// The times, the small pictures, the sound, or a lane where nothing is marked.
    Time(Instant),
    /// The strip of episodes, where there is none.
    EpisodeStrip(Instant),
    /// An episode, or one of its edges.
    Episode {
        /// Which.
        id: EpisodeId,
        /// The edge, if it is near one.
        edge: Option<Edge>,
    },
    /// A mark, or one of its edges.
    Mark {
        /// The track that it is on.
        track: TrackKey,
        /// Which.
        id: MarkId,
        /// The edge, if it is near one.
        edge: Option<Edge>,
        /// The moment under the pointer.
        at: Instant,
    },
    /// Marks too narrow to tell apart.
    Dense(Instant),
}

/// What lies at `pos`; `None` beside everything.
#[must_use]
pub fn target_at(scene: &Scene<'_>, rows: &[Row], pos: Pos2) -> Option<Target> {
    let axis = scene.axis;
    let row = rows.iter().find(|row| row.y.contains(pos.y))?;
    if pos.x < axis.left {
        return match &row.kind {
            RowKind::Track(key) => Some(Target::Head(key.clone())),
            _ => None,
        };
    }
    let at = axis.time_from_x(pos.x);
    Some(match &row.kind {
        RowKind::Episodes => episode_at(scene, pos.x).unwrap_or(Target::EpisodeStrip(at)),
        RowKind::Track(key) => mark_at(scene, key, pos.x).unwrap_or(Target::Time(at)),
        _ => Target::Time(at),
    })
}

fn episode_at(scene: &Scene<'_>, x: f32) -> Option<Target> {
    let axis = scene.axis;
    scene.session.episodes.iter().find_map(|episode| {
        let (start, end) = (axis.x_from_time(episode.span.start()), axis.x_from_time(episode.span.end()));
        // Only inside it: beside it a new one can be drawn that adjoins it.
        let inside = x >= start && x <= end;
        inside.then(|| Target::Episode { id: episode.id, edge: edge_near(x, start, end) })
    })
}

fn mark_at(scene: &Scene<'_>, key: &TrackKey, x: f32) -> Option<Target> {
    let track = scene.session.track(key)?;
    let blocks = blocks(track, scene.axis);
    let at = scene.axis.time_from_x(x);
    let distance = |block: &Block| match block {
        Block::Mark { x: range, .. } | Block::Dense { x: range, .. } => (range.start - x).max(x - range.end).max(0.0),
        Block::Point { x: point, .. } => (point - x).abs(),
    };
    let nearest = blocks.iter().filter(|block| distance(block) <= EDGE_POINTS).min_by(|a, b| {
        let points_first = |block: &Block| !matches!(block, Block::Point { .. });
        distance(a).total_cmp(&distance(b)).then(points_first(a).cmp(&points_first(b)))
    })?;
    let target = |index: usize, edge| Target::Mark { track: key.clone(), id: track.marks[index].id, edge, at };
    Some(match nearest {
        Block::Mark { index, .. } => {
            let span = track.marks[*index].span()?;
            let (start, end) = (scene.axis.x_from_time(span.start()), scene.axis.x_from_time(span.end()));
            target(*index, edge_near(x, start, end))
        }
        Block::Point { index, .. } => target(*index, None),
        Block::Dense { indices, .. } if indices.len() == 1 => target(indices.start, None),
        Block::Dense { .. } => Target::Dense(at),
    })
}

/// The edge that the hand takes at `x`. A narrow thing keeps a third of its width for being taken as a whole.
fn edge_near(x: f32, start: f32, end: f32) -> Option<Edge> {
    let reach = EDGE_POINTS.min((end - start) / 3.0);
    if (x - start).abs() <= reach || x < start {
        Some(Edge::Start)
    } else if (end - x).abs() <= reach || x > end {
        Some(Edge::End)
    } else {
        None
    }
}

/// The nearest of `candidates` within reach of `time`, for snapping to neighbours and to the playhead.
#[must_use]
pub(super) fn snapped(axis: Axis, time: Instant, candidates: impl IntoIterator<Item = Instant>) -> Option<Instant> {
    const REACH_POINTS: f32 = 6.0;
    let reach = axis.length_of(REACH_POINTS);
    let near = candidates.into_iter().filter(|candidate| (*candidate - time).abs() <= reach);
    near.min_by_key(|candidate| (*candidate - time).abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hand_takes_an_edge_near_it_and_the_whole_in_the_middle() {
        assert_eq!(edge_near(101.0, 100.0, 200.0), Some(Edge::Start));
        assert_eq!(edge_near(197.0, 100.0, 200.0), Some(Edge::End));
        assert_eq!(edge_near(150.0, 100.0, 200.0), None);
        assert_eq!(edge_near(97.0, 100.0, 200.0), Some(Edge::Start), "a little beside it too");
    }

    #[test]
    fn a_narrow_mark_can_still_be_taken_as_a_whole() {
        assert_eq!(edge_near(104.5, 100.0, 109.0), None);
        assert_eq!(edge_near(102.0, 100.0, 109.0), Some(Edge::Start));
    }

    #[test]
    fn an_edge_snaps_to_the_nearest_boundary_within_reach() {
        let axis = Axis { start_secs: 0.0, points_per_sec: 10.0, left: 0.0, width: 100.0 };
        let millis = |millis: i64| Instant::from_micros(millis * 1_000);
        assert_eq!(snapped(axis, millis(1_000), [millis(1_500), millis(1_200)]), Some(millis(1_200)));
        assert_eq!(snapped(axis, millis(1_000), [millis(2_000)]), None);
    }
}
