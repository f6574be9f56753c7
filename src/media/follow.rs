//! Videos that follow each other on the session's clock: clips, as a camera leaves them that begins a new file every few minutes.

use span::Instant;

use crate::player::Video;

/// Which videos follow each other, in the order of time; a video in none of them is alone.
#[derive(Debug, Default)]
pub(crate) struct Clips(pub(crate) Vec<Vec<usize>>);

impl Clips {
    /// The video in whose time `here` lies, among this one and its clips; this one where that is none of them.
    pub(crate) fn at(&self, videos: &[Video], video: usize, here: Instant) -> usize {
        let holds = |n: &&usize| videos[**n].extent().is_some_and(|extent| extent.contains(here));
        self.of(video).iter().find(holds).copied().unwrap_or(video)
    }

    /// The clip and its frame that lie `n` frames from one's `frame`; the first or the last of all where there are no more.
    pub(crate) fn stepped(&self, videos: &[Video], mut video: usize, frame: usize, n: i64) -> Option<(usize, usize)> {
        let length = |video: usize| Some(videos[video].index.as_ref()?.len() as i64);
        let mut to = frame as i64 + n;
        while to < 0
            && let Some(earlier) = self.beside(video, -1).filter(|earlier| videos[*earlier].is_counted())
        {
            video = earlier;
            to += length(video)?;
        }
        while to >= length(video)?
            && let Some(later) = self.beside(video, 1).filter(|_| videos[video].is_counted())
        {
            to -= length(video)?;
            video = later;
        }
        Some((video, to.clamp(0, length(video)? - 1) as usize))
    }

    fn of(&self, video: usize) -> &[usize] {
        self.0.iter().find(|clips| clips.contains(&video)).map_or(&[], Vec::as_slice)
    }

    fn beside(&self, video: usize, by: isize) -> Option<usize> {
        let clips = self.of(video);
        let place = clips.iter().position(|clip| *clip == video)?;
        clips.get(place.checked_add_signed(by)?).copied()
    }
}
