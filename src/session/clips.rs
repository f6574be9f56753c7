//! Clips: media that follow each other as one timeline, as a camera leaves them that begins a new file every few minutes.

use span::{Instant, Span};

use crate::{Medium, Session, Track};

impl Session {
    /// Which media follow each other, by their places among the media: each begins at the very moment at which the one before it ends.
    /// A medium that neither follows nor is followed is alone.
    #[must_use]
    pub fn clips(&self) -> Vec<Vec<usize>> {
        let starts: Vec<Instant> = self.media.iter().map(|medium| medium.session_time(Instant::ZERO)).collect();
        let mut followed_by = vec![None; starts.len()];
        let mut follows = vec![false; starts.len()];
        for (n, medium) in self.media.iter().enumerate() {
            let Some(end) = medium.span().map(Span::end) else { continue };
            if let Some(next) = (0..starts.len()).find(|next| starts[*next] == end && !follows[*next]) {
                (followed_by[n], follows[next]) = (Some(next), true);
            }
        }
        let firsts = (0..starts.len()).filter(|n| !follows[*n]);
        firsts.map(|first| std::iter::successors(Some(first), |n| followed_by[*n]).collect()).collect()
    }

    /// The media that a track is coded from, one after the other: its medium, with the clips before and after it.
    #[must_use]
    pub fn clips_of(&self, track: &Track) -> Vec<&Medium> {
        let Some(medium) = self.medium_of(track) else { return Vec::new() };
        let chains = self.clips();
        let its = chains.iter().find(|chain| chain.iter().any(|n| self.media[*n].id == medium.id));
        its.map_or_else(|| vec![medium], |chain| chain.iter().map(|n| &self.media[*n]).collect())
    }

    /// The medium whose frames a track's marks stand on at `time`: of clips that follow each other the one that has begun last, before all of them the first.
    #[must_use]
    pub fn medium_at(&self, track: &Track, time: Instant) -> Option<&Medium> {
        if self.media.len() < 2 {
            return self.medium_of(track);
        }
        let clips = self.clips_of(track);
        let n_begun = clips.partition_point(|clip| clip.session_time(Instant::ZERO) <= time);
        clips.get(n_begun.saturating_sub(1)).copied()
    }

    /// The time that a track's media cover; `None` while the end of the last of them is not known.
    #[must_use]
    pub fn recorded(&self, track: &Track) -> Option<Span> {
        self.clips_of(track).into_iter().map(Medium::span).reduce(|all, clip| Some(all?.hull(clip?)))?
    }
}
