//! Videos that follow each other on the session's clock: clips, as a camera leaves them that begins a new file every few minutes.

use span::Instant;

use crate::player::Video;

/// The video in whose time `here` lies, among this one and those that it follows or that follow it; this one where that is none of them.
pub(crate) fn clip_at(videos: &[Video], video: usize, here: Instant) -> usize {
    let holds = |n: &usize| videos[*n].extent().is_some_and(|extent| extent.contains(here));
    let later = std::iter::successors(Some(video), |n| after(videos, *n));
    let earlier = std::iter::successors(before(videos, video), |n| before(videos, *n));
    later.chain(earlier).take(2 * videos.len()).find(holds).unwrap_or(video)
}

/// The clip and its frame that lie `n` frames from one's `frame`; the first or the last of all where there are no more.
pub(crate) fn stepped(videos: &[Video], mut video: usize, frame: usize, n: i64) -> Option<(usize, usize)> {
    let length = |video: usize| Some(videos[video].index.as_ref()?.len() as i64);
    let mut to = frame as i64 + n;
    while to < 0
        && let Some(earlier) = before(videos, video)
    {
        video = earlier;
        to += length(video)?;
    }
    while to >= length(video)?
        && let Some(later) = after(videos, video)
    {
        to -= length(video)?;
        video = later;
    }
    Some((video, to.clamp(0, length(video)? - 1) as usize))
}

/// The video that begins at the very moment at which this one ends.
fn after(videos: &[Video], video: usize) -> Option<usize> {
    let end = videos[video].extent().filter(|_| videos[video].is_counted())?.end();
    (0..videos.len()).find(|n| videos[*n].extent().is_some_and(|extent| extent.start() == end))
}

/// The video that ends at the very moment at which this one begins.
fn before(videos: &[Video], video: usize) -> Option<usize> {
    let start = videos[video].extent()?.start();
    let ends = |n: &usize| videos[*n].is_counted() && videos[*n].extent().is_some_and(|extent| extent.end() == start);
    (0..videos.len()).find(ends)
}
