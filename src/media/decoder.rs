//! The exact frame, by its number.

use std::path::Path;
use std::sync::Arc;

use ffmpeg_next::Packet;
use ffmpeg_next::frame::Video;
use span::Instant;

use crate::cache::{FrameCache, default_budget};
use crate::codec::{Codec, Fault, Output};
use crate::damage::{Damage, Flaw};
use crate::file::{MediaFile, Stream};
use crate::index::Stamps;
use crate::picture::{Converter, Picture};
use crate::rational::ticks_from_micros;
use crate::{FrameIndex, MediaError};

/// How a decoder works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecoderOptions {
    /// Room for decoded frames, in bytes; the newest frame is kept whatever this says.
    pub cache_bytes: usize,
    /// Threads; 0 means as many as the machine has, up to four.
    pub threads: usize,
}

impl Default for DecoderOptions {
    fn default() -> Self {
        Self { cache_bytes: default_budget(1), threads: 0 }
    }
}

/// Gives any frame of a file by its number.
///
/// Each frame that the decoder makes is recognised by the time of its packet, which the index knows; neither the
/// demuxer's seeking nor any counting is trusted.
pub struct Decoder {
    file: MediaFile,
    stream: Stream,
    codec: Codec,
    index: Arc<FrameIndex>,
    converter: Converter,
    cache: Arc<FrameCache>,
    last: Option<usize>,     // the frame made last; none after a seek
    certain: usize,          // frames before this lack what they are predicted from
    asked: Option<usize>,    // the frame that was asked for last
    flaws: Vec<(u32, Flaw)>, // met on the way to the frame that is wanted
    damage: Arc<Damage>,
}

/// What becomes of the frames on the way to the one that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OnTheWay {
    /// They are kept, as far as there is room: soon they are wanted too.
    Kept,
    /// Those that no other is predicted from are not decoded.
    LeftOut,
}

/// Frames that a decoder may hold back before it gives the first one: going on is cheaper than throwing them away.
const HELD_BACK: usize = 16;

/// So many packets in a row are known again by their sizes, where they have no times of their own; near the end, fewer.
const RUN: usize = 24;
const SHORTEST_RUN: usize = 4;

/// How many frames before the one that stands are kept ready, where there is room: at thirty steps back a second, what lies before the key
/// before them is decoded meanwhile.
const LOOK_BACK: usize = 120;

impl Decoder {
    /// Opens a file and reads its index.
    pub fn open(path: &Path, options: DecoderOptions) -> Result<Self, MediaError> {
        Self::open_indexed(path, Arc::new(FrameIndex::read(path)?), options)
    }

    /// Opens a file whose index is at hand.
    pub fn open_indexed(path: &Path, index: Arc<FrameIndex>, options: DecoderOptions) -> Result<Self, MediaError> {
        Self::open_noting(path, index, options, Arc::default())
    }

    /// Opens a file whose index is at hand; what is damaged in it, is noted.
    pub(crate) fn open_noting(
        path: &Path,
        index: Arc<FrameIndex>,
        options: DecoderOptions,
        damage: Arc<Damage>,
    ) -> Result<Self, MediaError> {
        let mut file = MediaFile::open(path)?;
        let stream = file.picture()?;
        file.select(stream);
        let codec = Codec::open(&file, stream, options.threads)?;
        let converter = Converter::new(&file, stream);
        let cache = Arc::new(FrameCache::new(options.cache_bytes));
        Ok(Self {
            file,
            stream,
            codec,
            index,
            converter,
            cache,
            last: None,
            certain: 0,
            asked: None,
            flaws: Vec::new(),
            damage,
        })
    }

    /// The index by which frames are numbered.
    pub fn index(&self) -> &Arc<FrameIndex> {
        &self.index
    }

    /// Goes on with a longer index of the same file; numbers already given stay as they are.
    pub fn set_index(&mut self, index: Arc<FrameIndex>) {
        if index.stamps() != self.index.stamps() {
            self.cache.clear();
            self.last = None;
            self.certain = usize::MAX; // nothing decoded so far has a name in the new index: begin anew
        }
        self.index = index;
    }

    /// The picture of a frame.
    ///
    /// # Errors
    /// [`MediaError::NoSuchFrame`] beyond the last one, [`MediaError::Damaged`] where the decoder cannot make it.
    pub fn frame(&mut self, number: usize) -> Result<Picture, MediaError> {
        self.frame_unless(number, &|| false)
    }

    /// The picture of a frame, unless `superseded` says so meanwhile; it is asked after each decoded frame.
    ///
    /// # Errors
    /// [`MediaError::Cancelled`] then; what was decoded so far is kept. Otherwise as [`Self::frame`].
    pub fn frame_unless(&mut self, number: usize, superseded: &dyn Fn() -> bool) -> Result<Picture, MediaError> {
        let is_step_back =
            self.asked.replace(number).is_some_and(|asked| (1..=2).contains(&(asked.saturating_sub(number))));
        let on_the_way = if is_step_back { OnTheWay::Kept } else { OnTheWay::LeftOut };
        let frame = self.decoded(number, number, on_the_way, superseded)?;
        self.converter.picture(self.file.path(), frame, number, self.index.time_of(number))
    }

    /// Was this frame, or one that it may be predicted from, not decoded whole? Decodes as much as it takes to know.
    ///
    /// *Limitations*: what the decoder notices. Where the damage hits by chance what could have been meant, nobody can tell.
    ///
    /// # Errors
    /// As [`Self::frame`].
    pub fn is_damaged(&mut self, number: usize) -> Result<bool, MediaError> {
        self.decoded(number, number, OnTheWay::Kept, &|| false)?;
        self.see_references(number, &|| false);
        Ok(self.index.is_damaged_at(number, &self.damage))
    }

    /// Looks at what a frame is predicted from and comes after it on the screen: what is flawed in those is noted. A frame that cannot be had
    /// is noted too.
    fn see_references(&mut self, number: usize, superseded: &dyn Fn() -> bool) {
        if let Some(last) = self.index.last_reference(number).filter(|&last| !self.is_cached(last)) {
            let _ = self.decoded(last, number, OnTheWay::Kept, superseded);
        }
    }

    /// Looks round a frame that stands, unless `superseded` says so meanwhile: is it damaged, and are the few before it at hand?
    pub(crate) fn look_round(&mut self, number: usize, superseded: &dyn Fn() -> bool) {
        self.see_references(number, superseded);
        if let Some(before) = self.missing_before(number) {
            let _ = self.decoded(before, number, OnTheWay::Kept, superseded); // a failure is met again, and told, when it is asked for
        }
    }

    /// A frame as it was decoded, and width and height of its picture in thousandths of a square pixel.
    ///
    /// # Errors
    /// As [`Self::frame`].
    pub(crate) fn undrawn(&mut self, number: usize) -> Result<(Arc<Video>, [u64; 2]), MediaError> {
        let frame = self.decoded(number, number, OnTheWay::LeftOut, &|| false)?;
        let display_millis = self.converter.display_millis(&frame);
        Ok((frame, display_millis))
    }

    /// The frames that are at hand, to be asked by others.
    pub(crate) fn cache(&self) -> &Arc<FrameCache> {
        &self.cache
    }

    /// A frame near this one that is had at once: the key before it; `None` where the frame itself is at hand.
    pub fn stand_in_for(&self, number: usize) -> Option<usize> {
        if number >= self.index.len() || self.is_cached(number) || self.last.is_some_and(|last| last + 1 == number) {
            return None;
        }
        let key = self.index.key(self.index.key_for(number)?).frame;
        (key != number).then_some(key)
    }

    /// The nearest of the few frames before this one that is not at hand.
    fn missing_before(&self, number: usize) -> Option<usize> {
        let look_back = (self.cache.capacity() / 3).min(LOOK_BACK);
        (number.saturating_sub(look_back)..number).rev().find(|&before| !self.is_cached(before))
    }

    /// Is this frame in the cache?
    pub fn is_cached(&self, number: usize) -> bool {
        self.cache.has(number)
    }

    fn decoded(
        &mut self,
        number: usize,
        near: usize,
        on_the_way: OnTheWay,
        superseded: &dyn Fn() -> bool,
    ) -> Result<Arc<Video>, MediaError> {
        if number >= self.index.len() {
            let file = self.file.path().to_owned();
            return Err(MediaError::NoSuchFrame { file, frame: number, frames: self.index.len() });
        }
        if let Some(frame) = self.cache.get(number) {
            return Ok(frame);
        }
        self.codec.hurry(None);
        if self.is_on_the_way(number)
            && let Some(frame) = self.go_on_to(number, near, superseded)?
        {
            return Ok(frame);
        }
        // From the key before it; where that fails (a key that is none), from the one before, then from the start
        let key = self.index.key_for(number);
        for (key, may_hurry) in [(key, true), (key.and_then(|key| key.checked_sub(1)), false), (None, false)] {
            self.seek(key)?;
            if may_hurry && on_the_way == OnTheWay::LeftOut {
                let (index, target) = (Arc::clone(&self.index), self.index.decode_of_frame(number));
                self.codec.hurry(Some(Box::new(move |id| index.decode_of(id).is_some_and(|place| place < target))));
            }
            let found = self.go_on_to(number, near, superseded);
            self.codec.hurry(None);
            if let Some(frame) = found? {
                return Ok(frame);
            }
            if key.is_none() && !may_hurry {
                break;
            }
        }
        self.flaws.push((self.index.decode_of_frame(number), Flaw { frame: Some(number as u32), alone: false }));
        self.note_flaws();
        Err(MediaError::Damaged { file: self.file.path().to_owned(), frame: number })
    }

    /// Is decoding on from here at least as short as seeking?
    fn is_on_the_way(&self, number: usize) -> bool {
        let Some(last) = self.last else { return false };
        let key = self.index.key_for(number).map_or(0, |place| self.index.key(place).frame);
        last < number && number >= self.certain && key <= last + HELD_BACK
    }

    /// Decodes until `number` comes; `None` where it is passed over, or the file ends first.
    fn go_on_to(
        &mut self,
        number: usize,
        near: usize,
        superseded: &dyn Fn() -> bool,
    ) -> Result<Option<Arc<Video>>, MediaError> {
        loop {
            if superseded() {
                self.note_flaws();
                return Err(MediaError::Cancelled { file: self.file.path().to_owned() });
            }
            let output = self.codec.next_frame(&mut self.file, self.index.stamps())?;
            for fault in self.codec.take_faults() {
                self.meet(fault);
            }
            let Output::Frame(frame) = output else {
                self.last = None;
                return Ok(None);
            };
            let Some(made) = frame.pts().and_then(|id| self.index.frame_of(id, self.last)) else {
                continue; // hidden by an edit list, or beyond the part that is indexed
            };
            self.last = Some(made);
            if made < self.certain {
                continue;
            }
            let frame = Arc::new(frame);
            self.cache.leave_room_for(self.codec.held());
            self.cache.insert(made, Arc::clone(&frame), near);
            if made == number {
                self.note_flaws();
                return Ok(Some(frame));
            }
            if made > number {
                return Ok(None);
            }
        }
    }

    /// A packet gave no whole picture. Of those that lack what they are predicted from, only because decoding began here, nothing is to be said.
    fn meet(&mut self, fault: Fault) {
        let Some((place, flaw)) = self.index.flaw(fault) else { return };
        let is_whole_elsewhere = match flaw.frame {
            Some(frame) => (frame as usize) < self.certain,
            None => self.index.stamps() == Stamps::Presentation && fault.id < self.index.ticks_of(self.certain),
        };
        if !is_whole_elsewhere {
            self.flaws.push((place, flaw));
        }
    }

    /// What was met on the way was not met because decoding began at a key that is none.
    fn note_flaws(&mut self) {
        self.damage.note(self.flaws.drain(..));
    }

    /// Puts the file at a key, or at an earlier one, or at its beginning, and verifies where it is.
    fn seek(&mut self, key: Option<usize>) -> Result<(), MediaError> {
        self.last = None;
        self.flaws.clear();
        let Some(key) = key.map(|place| self.index.key(place)) else { return self.rewind() };
        let Some(target) = self.seek_ticks(key.pts, key.dts) else { return self.rewind() };

        let mut early = 0; // microseconds; some demuxers land late (MPEG-TS): then we ask for ever earlier
        for _ in 0..6 {
            let ticks = target.saturating_sub(ticks_from_micros(early, self.stream.time_base));
            early = if early == 0 { 1_000_000 } else { early * 2 };
            if self.file.seek(self.stream, ticks).is_err() {
                continue;
            }
            let Some((landed, packets)) = self.landed()?.filter(|(landed, _)| *landed <= key.decode) else { continue };
            self.codec.restart(landed, packets, self.index.stamps());
            self.certain = self.index.certain_from(landed);
            return Ok(());
        }
        self.rewind()
    }

    /// Where a seek has landed, and the packets that were read to find that out; `None` where that cannot be said.
    fn landed(&mut self) -> Result<Option<(u32, Vec<Packet>)>, MediaError> {
        if self.index.stamps() == Stamps::Presentation {
            let Some(packet) = self.file.read()? else { return Ok(None) };
            return Ok(self.index.landing(&packet).map(|landed| (landed, vec![packet])));
        }
        let mut packets = Vec::new();
        while packets.len() <= RUN
            && let Some(packet) = self.file.read()?
        {
            packets.push(packet);
        }
        if packets.len() <= SHORTEST_RUN {
            return Ok(None);
        }
        packets.remove(0); // it may be the rest of one that began before
        let sizes: Vec<u32> = packets.iter().map(|packet| packet.size() as u32).collect();
        Ok(self.index.place_of_run(&sizes).map(|landed| (landed, packets)))
    }

    /// What the demuxer wants to be asked for: measured, not documented. Verified after each seek anyway.
    fn seek_ticks(&self, pts: Option<i64>, dts: Option<i64>) -> Option<i64> {
        let format = self.file.format_name();
        let by_pts = format.contains("mov") || format.contains("matroska");
        if by_pts && self.index.stamps() == Stamps::Presentation { pts.or(dts) } else { dts.or(pts) }
    }

    fn rewind(&mut self) -> Result<(), MediaError> {
        self.file.rewind()?;
        self.codec.restart(0, Vec::new(), self.index.stamps());
        self.certain = 0;
        Ok(())
    }
}

/// Can a file be shown? Decodes its first frame, which takes no longer in a long file.
///
/// # Errors
/// What is wrong with it, as [`FrameIndex::read`] would say.
pub fn look_at(path: &Path) -> Result<(), MediaError> {
    first_picture(path).map(drop)
}

/// The first displayed frame of a file, without an index: something to look at while that is read.
pub(crate) fn first_picture(path: &Path) -> Result<Picture, MediaError> {
    let mut file = MediaFile::open(path)?;
    let stream = file.picture()?;
    file.select(stream);
    match Codec::open(&file, stream, 1)?.next_frame(&mut file, Stamps::Presentation)? {
        Output::Frame(frame) => Converter::new(&file, stream).picture(path, Arc::new(frame), 0, Instant::ZERO),
        Output::End => Err(MediaError::NoFrames { file: path.to_owned() }),
    }
}
