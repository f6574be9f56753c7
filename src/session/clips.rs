//! Clips: media that follow each other as one timeline, as a camera leaves them that begins a new file every few minutes.
//!
//! ```text
//! first [======)          |       a little over each other or apart, as rounding leaves them
//! second        [=====)   |       time between, in which nothing was recorded
//! third                      [====)
//! ```

use span::{Instant, Length, Span, SpanSet};

use crate::{Medium, MediumId, Session, Track};

/// Offsets are typed to the millisecond, and ends are measured to the microsecond.
pub(crate) const TOUCH: Length = Length::from_millis(1);

impl Session {
    /// Which media follow each other, by their places among the media, in the order of time: each goes on with the one before it, as
    /// somebody has said, or begins where that ends. A medium that neither follows nor is followed is alone.
    #[must_use]
    pub fn clips(&self) -> Vec<Vec<usize>> {
        let places = 0..self.media.len();
        let mut followed_by = vec![None; places.len()];
        let mut follows = vec![false; places.len()];
        let stated = places.clone().filter_map(|next| {
            let stated = self.media[next].follows?;
            Some((self.media.iter().position(|medium| medium.id == stated)?, next))
        });
        let touching = places.clone().flat_map(|n| places.clone().map(move |next| (n, next)));
        let touching = touching.filter(|(n, next)| touch(&self.media[*n], &self.media[*next]));
        for (n, next) in stated.chain(touching) {
            let is_later = begins(&self.media[n]) < begins(&self.media[next]); // so that there is no ring
            if is_later && followed_by[n].is_none() && !follows[next] {
                (followed_by[n], follows[next]) = (Some(next), true);
            }
        }
        let firsts = places.filter(|n| !follows[*n]);
        firsts.map(|first| std::iter::successors(Some(first), |n| followed_by[*n]).collect()).collect()
    }

    /// A medium with the clips before and behind it, in the order of time.
    #[must_use]
    pub fn clips_with(&self, id: MediumId) -> Vec<&Medium> {
        let chains = self.clips();
        let its = chains.iter().find(|chain| chain.iter().any(|n| self.media[*n].id == id));
        its.into_iter().flatten().map(|n| &self.media[*n]).collect()
    }

    /// The clip that a medium goes on with.
    #[must_use]
    pub fn clip_before(&self, id: MediumId) -> Option<&Medium> {
        let clips = self.clips_with(id);
        let place = clips.iter().position(|clip| clip.id == id)?;
        clips.get(place.checked_sub(1)?).copied()
    }

    /// The media that a track is coded from, one after the other: its medium, with the clips before and after it.
    #[must_use]
    pub fn clips_of(&self, track: &Track) -> Vec<&Medium> {
        self.medium_of(track).map_or_else(Vec::new, |medium| self.clips_with(medium.id))
    }

    /// The medium whose frames a track's marks stand on at `time`: of clips that follow each other the one that has begun last, before all of them the first.
    #[must_use]
    pub fn medium_at(&self, track: &Track, time: Instant) -> Option<&Medium> {
        if self.media.len() < 2 {
            return self.medium_of(track);
        }
        let clips = self.clips_of(track);
        let n_begun = clips.partition_point(|clip| begins(clip) <= time);
        clips.get(n_begun.saturating_sub(1)).copied()
    }

    /// The time that a track's media cover, without what lies between clips; `None` while the end of one of them is not known.
    #[must_use]
    pub fn recorded(&self, track: &Track) -> Option<SpanSet> {
        let clips = self.clips_of(track);
        let spans = clips.iter().enumerate().map(|(n, clip)| {
            let span = clip.span()?;
            let next = clips.get(n + 1).filter(|next| touch(clip, next)).map_or(span.end(), |next| begins(next));
            Span::new(span.start(), span.end().max(next)).ok()
        });
        let recorded: SpanSet = spans.collect::<Option<_>>()?;
        (!recorded.is_empty()).then_some(recorded)
    }

    /// What a track leaves uncoded within a stretch: time between its clips, in which nothing was recorded, cannot be coded.
    #[must_use]
    pub fn uncoded(&self, track: &Track, exhaustive: bool, within: Span) -> SpanSet {
        let recorded = self.recorded(track).unwrap_or_default();
        let between = recorded.hull().map_or_else(SpanSet::new, |all| recorded.gaps(all));
        track.coded_time(exhaustive).gaps(within).difference(&between)
    }
}

/// Does one begin where the other ends, and hold the same?
fn touch(clip: &Medium, next: &Medium) -> bool {
    let end = clip.span().map(Span::end);
    clip.kind == next.kind && end.is_some_and(|end| (begins(next) - end).abs() <= TOUCH)
}

fn begins(medium: &Medium) -> Instant {
    medium.session_time(Instant::ZERO)
}
