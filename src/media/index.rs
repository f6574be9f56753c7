//! When each frame of a file is shown, known by reading its packets, without decoding.
//!
//! ```text
//! packets as stored     I0  P3  B1  B2 | I6  B4  B5        decode order, some hidden by an edit list
//! frames as shown       I0  B1  B2  P3   B4  B5  I6        rank by presentation time = frame number
//! ```

pub(crate) mod steps;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ffmpeg_next::Packet;
use ffmpeg_next::ffi::{self, AVRational};
use ffmpeg_next::packet::Ref;
use serde::{Deserialize, Serialize};
use span::{Instant, Length};

use crate::MediaError;
use crate::codec::{Codec, Fault, Output};
use crate::damage::{Damage, Flaw};
use crate::file::{MediaFile, Stream};
use crate::rational::micros_from_ticks;

/// The presentation time of every displayed frame of one file.
///
/// *Units and range*: whole microseconds on the medium's clock, whose 0 is the first displayed frame. Each time is
/// rounded once, to nearest, from the stream's own clock; times are never moved to a grid.
///
/// *Shape*: never empty; frames are numbered from 0 in the order in which they are shown, and times never decrease.
#[derive(Clone, Debug)]
pub struct FrameIndex {
    frames: Vec<Frame>,
    packets: Vec<Landmark>, // sorted by (id, decode); empty where there is sound alone
    keys: Vec<Key>,         // sorted by decode; empty only where there are no packets
    end: Instant,
    time_base: AVRational,
    stamps: Stamps,
    complete: bool,
    findings: Findings,
}

/// What was met while reading, for the warnings of `probe`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Findings {
    /// Packets that the container marks as not to be shown (an edit list).
    pub(crate) hidden: usize,
    /// Frames that begin at the very time of another.
    pub(crate) same_time: usize,
    /// The file ends before its table of contents does, or in the middle of a packet.
    pub(crate) truncated: bool,
    /// Frames that are listed, and that no decoder can make: they are not counted.
    pub(crate) lost: usize,
    /// Frames that were met, not decoded whole: where the container reports damage, and where all were decoded.
    pub(crate) flawed: usize,
    /// The packets do not say when they are shown; the order was found by decoding.
    pub(crate) by_decoding: bool,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Frame {
    time: Instant,
    ticks: i64, // the stream's own presentation time
    decode: u32,
    key: bool,
}

/// A packet, by which a place in the file is recognised after a seek.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Landmark {
    id: i64,
    decode: u32,
    size: u32,          // in bytes
    frame: Option<u32>, // none where it is never shown
}

/// A place where decoding can begin.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Key {
    /// The first frame, in display order, that is certain after decoding from here.
    pub(crate) frame: usize,
    /// Its place among the stream's packets.
    pub(crate) decode: u32,
    /// What to ask the demuxer for.
    pub(crate) pts: Option<i64>,
    /// What to ask the demuxer for, where it wants decoding times.
    pub(crate) dts: Option<i64>,
}

/// What names a packet, and the frame made from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Stamps {
    /// Its presentation time: nearly every file.
    Presentation,
    /// Its place among the stream's packets, where not all say when they are shown: H.264 in AVI, program streams, raw streams.
    Place,
}

impl Stamps {
    /// The name of the packet at `place`.
    pub(crate) fn id(self, packet: &Packet, place: u32) -> i64 {
        let pts = packet.pts().or(packet.dts()).filter(|_| self == Self::Presentation);
        pts.unwrap_or_else(|| i64::from(place))
    }
}

/// How far reading a file has come.
#[derive(Clone, Debug)]
pub struct Growth {
    /// Share of the file's bytes that has been read, in 0..=1.
    pub fraction: f32,
    /// What is certain so far, where that has grown: the numbers and times in it are final.
    pub index: Option<Arc<FrameIndex>>,
}

impl FrameIndex {
    /// Reads all packets of a file.
    pub fn read(path: &Path) -> Result<Self, MediaError> {
        Self::read_growing(path, &AtomicBool::new(false), &mut |_| {})
    }

    /// Reads all packets of a file; `grown` is told how far it has come.
    ///
    /// # Errors
    /// [`MediaError::Cancelled`] once `cancel` is raised; otherwise what is wrong with the file.
    pub fn read_growing(path: &Path, cancel: &AtomicBool, grown: &mut dyn FnMut(Growth)) -> Result<Self, MediaError> {
        let mut file = MediaFile::open(path)?;
        if let (Err(MediaError::NoPicture { .. }), Some(sound)) = (file.picture(), file.sound()) {
            return steps::read(file, sound, cancel, grown);
        }
        let stream = file.picture()?;
        let first = first_shown(path)?; // before the long read: a file that cannot be decoded is said at once
        file.select(stream);

        let mut scan = Scan::new(&file, stream, first);
        let total = file.bytes().filter(|&bytes| bytes > 0);
        let mut publish_at = 512;
        while let Some(packet) = file.read()? {
            if cancel.load(Ordering::Relaxed) {
                return Err(MediaError::Cancelled { file: path.to_owned() });
            }
            let position = packet.position();
            scan.add(&packet);
            if scan.packets.len() == publish_at {
                publish_at *= 2; // so that all snapshots together cost no more than the last
                let fraction = total.map_or(0.0, |total| (position as f64 / total as f64).clamp(0.0, 1.0) as f32);
                grown(Growth { fraction, index: scan.settled().map(Arc::new) });
            }
        }
        scan.finish(&file, cancel)
    }

    /// How many frames are shown.
    #[allow(clippy::len_without_is_empty, reason = "an index is never empty")]
    pub fn len(&self) -> usize {
        self.frames.len()
    }

    /// Is a part of the recording missing or damaged, as far as was met while reading?
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        self.findings.truncated || self.findings.lost > 0 || self.findings.flawed > 0
    }

    /// Has the whole file been read?
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// The frame on screen at `time`: the last one that has begun; the first one before that.
    pub fn frame_at(&self, time: Instant) -> usize {
        self.frames.partition_point(|frame| frame.time <= time).saturating_sub(1)
    }

    /// When a frame begins; for a number beyond the last, when the last one does.
    pub fn time_of(&self, frame: usize) -> Instant {
        self.frames[frame.min(self.frames.len() - 1)].time
    }

    /// The frame whose beginning is nearest to `time`; of two as near, the earlier.
    pub fn frame_near(&self, time: Instant) -> usize {
        let before = self.frame_at(time);
        let after = (before + 1).min(self.len() - 1);
        if (self.time_of(after) - time).abs() < (time - self.time_of(before)).abs() { after } else { before }
    }

    /// How long a frame is shown: until the next begins, the last one for as long as its packet says.
    pub fn length_of(&self, frame: usize) -> Length {
        let next = self.frames.get(frame + 1).map_or(self.end, |next| next.time);
        next - self.time_of(frame)
    }

    /// When the last frame ends.
    pub fn end(&self) -> Instant {
        self.end
    }

    /// The stream's own presentation time of a frame, in its own ticks: no shift, no rounding.
    pub fn ticks_of(&self, frame: usize) -> i64 {
        self.frames[frame.min(self.frames.len() - 1)].ticks
    }

    /// The stream's clock: seconds per tick, as numerator and denominator.
    pub fn time_base(&self) -> (i64, i64) {
        (i64::from(self.time_base.num), i64::from(self.time_base.den))
    }

    /// The file's own time of the first displayed frame, from which every other time is counted.
    pub fn container_start(&self) -> Instant {
        Instant::from_micros(micros_from_ticks(self.frames[0].ticks, self.time_base))
    }

    /// Can decoding begin at this frame?
    pub fn is_key(&self, frame: usize) -> bool {
        self.frames.get(frame).is_some_and(|frame| frame.key)
    }

    /// The beginnings of all frames, in order.
    pub fn times(&self) -> impl ExactSizeIterator<Item = Instant> + '_ {
        self.frames.iter().map(|frame| frame.time)
    }

    pub(crate) fn findings(&self) -> Findings {
        self.findings
    }

    pub(crate) fn stamps(&self) -> Stamps {
        self.stamps
    }

    /// The last key from which `frame` is certain, as a place in `key`; `None` where only the file's beginning will do.
    pub(crate) fn key_for(&self, frame: usize) -> Option<usize> {
        let decode = self.frames[frame].decode;
        let before = self.keys.partition_point(|key| key.decode <= decode);
        self.keys[..before].iter().rposition(|key| key.frame <= frame)
    }

    pub(crate) fn key(&self, place: usize) -> Key {
        self.keys[place]
    }

    /// The first frame that is certain when decoding begins at packet `decode`.
    pub(crate) fn certain_from(&self, decode: u32) -> usize {
        let place = self.keys.partition_point(|key| key.decode < decode);
        self.keys.get(place).map_or(usize::MAX, |key| key.frame)
    }

    /// Where a packet of this name stands among the stream's packets.
    pub(crate) fn decode_of(&self, id: i64) -> Option<u32> {
        let place = self.packets.partition_point(|packet| packet.id < id);
        self.packets.get(place).filter(|packet| packet.id == id).map(|packet| packet.decode)
    }

    /// Where the packet of a frame stands among the stream's packets.
    pub(crate) fn decode_of_frame(&self, frame: usize) -> u32 {
        self.frames[frame].decode
    }

    /// Is a frame, or one that it may be predicted from, flawed, as far as is known?
    pub(crate) fn is_damaged_at(&self, frame: usize, damage: &Damage) -> bool {
        let Some(own) = self.frames.get(frame).map(|frame| frame.decode) else { return false };
        let (from, first) = self.key_for(frame).map_or((0, 0), |key| (self.keys[key].decode, self.keys[key].frame));
        damage.reaches(frame, from..=own, first)
    }

    /// Of the frames that come after this one on the screen and were decoded before it, the last: by then all that it is predicted from has been seen.
    pub(crate) fn last_reference(&self, frame: usize) -> Option<usize> {
        const REORDERED: usize = 16; // no codec holds back more
        let own = self.frames[frame].decode;
        let after = frame + 1..self.len().min(frame + 1 + REORDERED);
        after.rev().find(|&after| self.frames[after].decode < own)
    }

    /// Where a packet stands that was read after a seek; `None` where no packet of its name and size is known: it is part of one.
    pub(crate) fn landing(&self, packet: &Packet) -> Option<u32> {
        let id = self.stamps.id(packet, u32::MAX);
        let place = self.packets.partition_point(|packet| packet.id < id);
        let mut same = self.packets[place..].iter().take_while(|packet| packet.id == id);
        same.find(|known| known.size as usize == packet.size()).map(|known| known.decode)
    }

    /// Where packets of these sizes follow one another; `None` where that is nowhere, or at several places.
    ///
    /// Where packets have no times of their own, a demuxer gives them other ones after a seek.
    pub(crate) fn place_of_run(&self, sizes: &[u32]) -> Option<u32> {
        debug_assert!(self.stamps == Stamps::Place, "then packets are sorted by place");
        let is_run = |packets: &&[Landmark]| packets.iter().map(|packet| packet.size).eq(sizes.iter().copied());
        let mut runs = self.packets.windows(sizes.len().max(1)).filter(is_run);
        let found = runs.next()?.first()?;
        runs.next().is_none().then_some(found.decode)
    }

    /// The frame made from a packet of this name; where several bear it, the one after `last`.
    pub(crate) fn frame_of(&self, id: i64, last: Option<usize>) -> Option<usize> {
        let place = self.packets.partition_point(|packet| packet.id < id);
        let same = self.packets[place..].iter().take_while(|packet| packet.id == id);
        let frames = || same.clone().filter_map(|packet| packet.frame).map(|frame| frame as usize);
        frames().find(|&frame| last.is_some_and(|last| frame == last + 1)).or_else(|| frames().next())
    }

    /// A whole index, to be kept.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let time_base = (self.time_base.num, self.time_base.den);
        let parts = (&self.frames, &self.packets, &self.keys, self.end, time_base, self.stamps, self.findings);
        postcard::to_allocvec(&parts).expect("an index is plain data")
    }

    /// The index that was kept; `None` where these bytes are no index.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (frames, packets, keys, end, (num, den), stamps, findings) = postcard::from_bytes(bytes).ok()?;
        let (frames, packets, keys): (Vec<Frame>, Vec<Landmark>, Vec<Key>) = (frames, packets, keys);
        (!frames.is_empty() && packets.is_empty() == keys.is_empty()).then_some(Self {
            frames,
            packets,
            keys,
            end,
            time_base: AVRational { num, den },
            stamps,
            complete: true,
            findings,
        })
    }

    /// Where a packet stands that was not decoded whole, and what that means.
    pub(crate) fn flaw(&self, Fault { id, alone }: Fault) -> Option<(u32, Flaw)> {
        let frame = self.frame_of(id, None).map(|frame| frame as u32);
        Some((self.decode_of(id)?, Flaw { frame, alone }))
    }

    /// The same index, with the frames counted that are known to be damaged.
    fn knowing(mut self, damage: &Damage) -> Self {
        self.findings.flawed = (0..self.len()).filter(|&frame| self.is_damaged_at(frame, damage)).count();
        self
    }

    /// The same index as if the file ended earlier.
    fn cut_to(mut self, frames: usize) -> Self {
        if let Some(first) = self.frames.get(frames) {
            self.end = first.time;
        }
        self.frames.truncate(frames);
        for packet in &mut self.packets {
            packet.frame = packet.frame.filter(|&frame| (frame as usize) < frames);
        }
        self
    }
}

/// The packets read so far.
struct Scan {
    packets: Vec<Seen>, // in decode order
    first: Option<i64>, // the stamp of the first frame that a decoder shows; none where it bears none
    time_base: AVRational,
    frame_ticks: i64, // how long a frame is likely to last, for the last one
    vp8: bool,
    damaged: Vec<u32>, // packets that the demuxer calls corrupt
    findings: Findings,
}

#[derive(Clone, Copy)]
struct Seen {
    pts: Option<i64>,
    dts: Option<i64>,
    duration: i64,
    size: u32,
    key: bool,
    shown: bool,
}

impl Scan {
    fn new(file: &MediaFile, stream: Stream, first: Option<i64>) -> Self {
        // SAFETY: the stream is of this file.
        let (rate, codec) = unsafe {
            let raw = &*file.raw(stream.index);
            let rate = if raw.avg_frame_rate.num > 0 { raw.avg_frame_rate } else { raw.r_frame_rate };
            (rate, (*raw.codecpar).codec_id)
        };
        let rate = if rate.num > 0 && rate.den > 0 { rate } else { AVRational { num: 25, den: 1 } };
        let frame_micros = crate::rational::scale(1_000_000, i64::from(rate.den), i64::from(rate.num));
        Self {
            packets: Vec::new(),
            first,
            time_base: stream.time_base,
            frame_ticks: crate::rational::ticks_from_micros(frame_micros, stream.time_base).max(1),
            vp8: codec == ffi::AVCodecID::AV_CODEC_ID_VP8,
            damaged: Vec::new(),
            findings: Findings::default(),
        }
    }

    fn add(&mut self, packet: &Packet) {
        // SAFETY: the packet is valid.
        let flags = unsafe { (*packet.as_ptr()).flags };
        let discarded = flags & ffi::AV_PKT_FLAG_DISCARD != 0;
        let invisible = self.vp8 && packet.data().and_then(<[u8]>::first).is_some_and(|&head| head & 0x10 == 0);
        self.findings.hidden += usize::from(discarded);
        if packet.is_corrupt() {
            self.damaged.push(self.packets.len() as u32);
        }
        self.packets.push(Seen {
            pts: packet.pts(),
            dts: packet.dts(),
            duration: packet.duration(),
            size: packet.size() as u32,
            key: packet.is_key(),
            shown: !discarded && !invisible,
        });
    }

    /// The part whose frame numbers no later packet can change: everything before the last but one key.
    fn settled(&self) -> Option<FrameIndex> {
        if self.stamps() != Stamps::Presentation {
            return None;
        }
        let mut keys = self.packets.iter().rev().filter(|packet| packet.key);
        let bound = keys.nth(1)?.pts?;
        let index = self.ranked(Stamps::Presentation, |_| true)?;
        let frames = index.frames.partition_point(|frame| frame.ticks < bound);
        (frames > 0).then(|| {
            let mut index = index.cut_to(frames);
            index.complete = false;
            index.findings = self.findings;
            index
        })
    }

    fn finish(mut self, file: &MediaFile, cancel: &AtomicBool) -> Result<FrameIndex, MediaError> {
        let stream = file.picture()?;
        let last = self.packets.len().saturating_sub(1) as u32;
        self.findings.truncated = self.damaged.last() == Some(&last)
            || file.ends_within_packet()
            || file.listed_packets(stream).is_some_and(|listed| self.packets.len() < listed);
        if self.findings.truncated {
            self.damaged.push(last);
        }
        let stamps = self.stamps();
        let none = || MediaError::NoFrames { file: file.path().to_owned() };
        if stamps != Stamps::Presentation || file.is_interlaced(stream) {
            let (shown, faults) = shown_by_decoding(file.path(), stamps, cancel)?;
            self.findings.by_decoding = true;
            let index = self.ordered(stamps, &shown).ok_or_else(none)?;
            let damage = Damage::default();
            damage.note(faults.into_iter().filter_map(|fault| index.flaw(fault)));
            return Ok(index.knowing(&damage));
        }
        let index = self.ranked(stamps, |_| true).ok_or_else(none)?;
        if self.damaged.is_empty() {
            return Ok(index);
        }
        let damage = Arc::default();
        let lost = lost_frames(file.path(), index, &self.damaged, &damage)?;
        self.findings.lost = lost.len();
        let index = self.ranked(stamps, |ticks| !lost.contains(&ticks)).ok_or_else(none)?;
        Ok(index.knowing(&damage))
    }

    fn stamps(&self) -> Stamps {
        let shown = || self.packets.iter().filter(|packet| packet.shown);
        if shown().all(|packet| packet.pts.is_some()) && self.first.is_some() {
            Stamps::Presentation
        } else {
            Stamps::Place
        }
    }

    /// Frames ranked by presentation time.
    fn ranked(&self, stamps: Stamps, is_made: impl Fn(i64) -> bool) -> Option<FrameIndex> {
        let first = self.first?;
        let shown = |packet: &Seen| packet.shown && packet.pts.is_some_and(|pts| pts >= first && is_made(pts));
        let mut order = (0..self.packets.len()).filter(|&place| shown(&self.packets[place])).collect::<Vec<_>>();
        order.sort_by_key(|&place| (self.packets[place].pts, place));
        let ticks = order.iter().map(|&place| self.packets[place].pts.unwrap_or(first)).collect::<Vec<_>>();
        self.index(stamps, &order, &ticks)
    }

    /// Frames in the order in which a decoder gave them; `shown` are their packets' names.
    fn ordered(&self, stamps: Stamps, shown: &[i64]) -> Option<FrameIndex> {
        if stamps == Stamps::Presentation {
            let mut made = shown.to_vec();
            made.sort_unstable();
            return self.ranked(stamps, |pts| made.binary_search(&pts).is_ok());
        }
        let is_place = |place: &usize| *place < self.packets.len();
        let order = shown.iter().filter_map(|&id| usize::try_from(id).ok()).filter(is_place).collect::<Vec<_>>();
        let decoded_at = order.iter().map(|&place| self.packets[place].dts).collect::<Option<Vec<_>>>();
        let ticks = decoded_at.map_or_else(
            || (0..order.len() as i64).map(|number| number * self.frame_ticks).collect(), // an even grid of the stated rate
            |mut ticks| {
                ticks.sort_unstable(); // the k-th shown frame takes the k-th time
                ticks
            },
        );
        self.index(stamps, &order, &ticks)
    }

    /// `order` are the packets of the shown frames, `ticks` the frames' times.
    fn index(&self, stamps: Stamps, order: &[usize], ticks: &[i64]) -> Option<FrameIndex> {
        let (&start, &last) = ticks.first().zip(ticks.last())?;
        let time = |ticks: i64| Instant::from_micros(micros_from_ticks(ticks - start, self.time_base));
        let frames = order.iter().zip(ticks).map(|(&place, &ticks)| Frame {
            time: time(ticks),
            ticks,
            decode: place as u32,
            key: self.packets[place].key,
        });
        let frames = frames.collect::<Vec<_>>();

        let mut rank = vec![None; self.packets.len()];
        for (number, &place) in order.iter().enumerate() {
            rank[place] = Some(number as u32);
        }
        let id = |place: usize, packet: &Seen| match stamps {
            Stamps::Presentation => packet.pts.or(packet.dts).unwrap_or(place as i64),
            Stamps::Place => place as i64,
        };
        let landmark = |(place, packet): (usize, &Seen)| Landmark {
            id: id(place, packet),
            decode: place as u32,
            size: packet.size,
            frame: rank[place],
        };
        let mut packets = self.packets.iter().enumerate().map(landmark).collect::<Vec<_>>();
        packets.sort_unstable_by_key(|packet| (packet.id, packet.decode));

        let key = |(place, packet): (usize, &Seen)| {
            let frame = rank[place].map_or_else(
                || packet.pts.map_or(0, |pts| frames.partition_point(|frame| frame.ticks < pts)),
                |number| number as usize,
            );
            Key { frame, decode: place as u32, pts: packet.pts, dts: packet.dts }
        };
        let keys = self.packets.iter().enumerate().filter(|(_, packet)| packet.key).map(key).collect();

        let stated = self.packets[*order.last()?].duration;
        let last_ticks = if stated > 0 { stated } else { self.frame_ticks };
        let mut findings = self.findings;
        findings.same_time = frames.windows(2).filter(|pair| pair[0].ticks == pair[1].ticks).count();
        Some(FrameIndex {
            frames,
            packets,
            keys,
            end: time(last + last_ticks),
            time_base: self.time_base,
            stamps,
            complete: true,
            findings,
        })
    }
}

/// The presentation stamp of the first frame that a decoder shows.
///
/// Packets before it (a recording cut out of a stream, leading pictures whose references are missing) give no picture.
fn first_shown(path: &Path) -> Result<Option<i64>, MediaError> {
    let mut file = MediaFile::open(path)?;
    let stream = file.picture()?;
    file.select(stream);
    let mut codec = Codec::open(&file, stream, 1)?;
    match codec.next_frame(&mut file, Stamps::Presentation)? {
        Output::Frame(frame) => Ok(frame.pts()),
        Output::End => Err(MediaError::NoFrames { file: path.to_owned() }),
    }
}

/// The names of the frames in the order in which a decoder gives them, and the packets that were not decoded whole.
fn shown_by_decoding(path: &Path, stamps: Stamps, cancel: &AtomicBool) -> Result<(Vec<i64>, Vec<Fault>), MediaError> {
    let mut file = MediaFile::open(path)?;
    let stream = file.picture()?;
    file.select(stream);
    let mut codec = Codec::open(&file, stream, 0)?;
    let mut shown = Vec::new();
    while let Output::Frame(frame) = codec.next_frame(&mut file, stamps)? {
        if cancel.load(Ordering::Relaxed) {
            return Err(MediaError::Cancelled { file: path.to_owned() });
        }
        shown.extend(frame.pts());
    }
    Ok((shown, codec.take_faults()))
}

/// Of the frames that could have suffered from these packets, the stamps of those that no decoder can make. What is damaged of the others, is noted.
fn lost_frames(path: &Path, index: FrameIndex, damaged: &[u32], damage: &Arc<Damage>) -> Result<Vec<i64>, MediaError> {
    let suspect = |frame: &usize| {
        let decode = index.frames[*frame].decode;
        let group = |decode: u32| index.keys.partition_point(|key| key.decode <= decode);
        damaged.iter().any(|&packet| group(packet).abs_diff(group(decode)) <= 1)
    };
    let suspects = (0..index.len()).filter(suspect).collect::<Vec<_>>();
    let index = Arc::new(index);
    let options = crate::DecoderOptions { threads: 1, ..crate::DecoderOptions::default() }; // alone, it tells every flaw
    let mut decoder = crate::Decoder::open_noting(path, Arc::clone(&index), options, Arc::clone(damage))?;
    let mut lost = Vec::new();
    for frame in suspects {
        match decoder.frame(frame) {
            Ok(_) => {}
            Err(MediaError::Damaged { .. }) => lost.push(index.ticks_of(frame)),
            Err(error) => return Err(error),
        }
    }
    Ok(lost)
}
