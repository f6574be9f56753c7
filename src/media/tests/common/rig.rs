//! A player whose clock is the test's own.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant as Now};

use media::{PlacedVideo, Placement, Player, PlayerOptions, Presented, VideoState};

use super::{PATIENCE, number_in, wait_until};

/// A player, the time it is told, and its calls for attention.
pub(crate) struct Rig {
    pub(crate) player: Player,
    pub(crate) now: Now,
    pub(crate) woken: Receiver<()>,
    /// Which frame a picture is, by what is drawn in it.
    pub(crate) frame_in: fn(&Presented) -> usize,
}

impl Rig {
    pub(crate) fn open(videos: &[(&Path, Placement)]) -> Self {
        Self::open_with(videos, PlayerOptions::default())
    }

    pub(crate) fn open_with(videos: &[(&Path, Placement)], options: PlayerOptions) -> Self {
        let (wake, woken) = channel();
        let wake = move || {
            let _ = wake.send(());
        };
        let place = |&(path, placement): &(&Path, Placement)| PlacedVideo { path: path.to_owned(), placement };
        let options = PlayerOptions { cache_bytes: Some(16 * 160 * 120 * 3 / 2), ..options };
        let player = Player::open(videos.iter().map(place).collect(), &options, &(Arc::new(wake) as _));
        Self { player, now: Now::now(), woken, frame_in: |presented| number_in(&presented.picture) }
    }

    /// One video, wholly indexed, showing its first frame.
    pub(crate) fn ready(path: &Path) -> Self {
        let mut rig = Self::open(&[(path, Placement::default())]);
        rig.until("the video is ready", |player| *player.state(0) == VideoState::Ready && player.is_settled());
        rig
    }

    /// Advances whenever the player calls, without letting time pass, until `reached`.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, reached: impl Fn(&Player) -> bool) {
        self.player.advance(self.now);
        wait_until(what, || {
            let is_so = reached(&self.player);
            if !is_so {
                self.woken.recv_timeout(PATIENCE).expect("the player calls when something is new");
                self.player.advance(self.now);
            }
            is_so
        });
    }

    #[track_caller]
    pub(crate) fn settle(&mut self) {
        self.until("the exact picture", Player::is_settled);
    }

    pub(crate) fn pass(&mut self, millis: u64) {
        self.now += Duration::from_millis(millis);
    }

    /// What is presented is `frame`, exactly, and its picture says so.
    #[track_caller]
    pub(crate) fn check(&mut self, video: usize, frame: usize) {
        self.settle();
        let presented = self.player.presented(video).expect("a picture");
        assert_eq!((presented.frame, presented.exact), (frame, true));
        assert_eq!((self.frame_in)(presented), frame, "the picture of frame {frame}");
        assert!(!self.player.is_damaged(video), "frame {frame}");
        assert_eq!(presented.time, self.player.index(video).expect("an index").time_of(frame));
    }
}
