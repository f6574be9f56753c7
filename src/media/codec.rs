//! A decoder and its packets: nothing dropped, nothing left behind at the end.

use std::collections::VecDeque;

use ffmpeg_next::codec::decoder::Opened;
use ffmpeg_next::ffi;
use ffmpeg_next::frame::Video;
use ffmpeg_next::{Error as AvError, Frame, Packet};

use crate::MediaError;
use crate::damage::{is_flawed, is_for_itself};
use crate::file::{MediaFile, Stream};
use crate::index::Stamps;

/// An open decoder of one stream.
pub(crate) struct Codec {
    opened: Opened,
    waiting: VecDeque<Packet>, // read, and not yet taken by the decoder
    place: u32,                // of the next packet that is read, among the stream's
    draining: bool,
    hurry: Option<OnTheWay>,
    in_work: VecDeque<i64>, // the newest packets that were taken: of one of these is what the decoder reports
    at_once: usize,         // packets that are decoded at the same time
    faults: Vec<Fault>,     // since it was last asked
}

/// A packet that was not decoded whole; with several threads, where the decoder only says that it failed, or one just before.
#[derive(Clone, Copy)]
pub(crate) struct Fault {
    /// The packet's name.
    pub(crate) id: i64,
    /// It is certain that no other is predicted from it.
    pub(crate) alone: bool,
}

/// Is the packet of this name only on the way to the one that is wanted?
pub(crate) type OnTheWay = Box<dyn Fn(i64) -> bool + Send>;

/// What a decoder has next.
pub(crate) enum Output {
    Frame(Video),
    End,
}

impl Codec {
    /// Opens the decoder of a stream; 0 threads means as many as the machine has, up to four.
    pub(crate) fn open(file: &MediaFile, stream: Stream, threads: usize) -> Result<Self, MediaError> {
        let mut context = file.codec(stream)?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        context.set_threading(ffmpeg_next::threading::Config {
            count: if threads == 0 { cores.min(4) } else { threads },
            ..ffmpeg_next::threading::Config::kind(ffmpeg_next::threading::Type::Frame)
        });
        let no_decoder = || MediaError::NoDecoder { file: file.path().to_owned(), codec: file.codec_name(stream) };
        // SAFETY: the context is valid; the codec, if found, is static.
        let opened = unsafe {
            let codec = ffi::avcodec_find_decoder((*context.as_ptr()).codec_id);
            if codec.is_null() {
                return Err(no_decoder());
            }
            (*context.as_mut_ptr()).codec = codec;
            context.decoder().open()
        };
        let opened = opened.map_err(|error| match error {
            AvError::DecoderNotFound => no_decoder(),
            error => MediaError::Decode { file: file.path().to_owned(), why: error.to_string() },
        })?;
        // SAFETY: the context is open.
        let at_once = unsafe {
            let context = &*opened.as_ptr();
            if context.active_thread_type & ffi::FF_THREAD_FRAME != 0 {
                context.thread_count.max(1) as usize
            } else {
                1
            }
        };
        Ok(Self {
            opened,
            waiting: VecDeque::new(),
            place: 0,
            draining: false,
            hurry: None,
            in_work: VecDeque::new(),
            at_once,
            faults: Vec::new(),
        })
    }

    /// Forgets everything decoded; `read` are the packets to go on with that have been read already, the first of them at `place`.
    pub(crate) fn restart(&mut self, place: u32, read: Vec<Packet>, stamps: Stamps) {
        self.opened.flush();
        self.place = place;
        self.waiting = read.into_iter().map(|packet| self.named(packet, stamps)).collect();
        self.draining = false;
        self.in_work.clear();
        self.faults.clear();
    }

    /// From now on, packets that are only on the way need not become frames where no other is predicted from them.
    pub(crate) fn hurry(&mut self, on_the_way: Option<OnTheWay>) {
        self.hurry = on_the_way;
    }

    /// How many frames the decoder may hold: those that it predicts from and brings in order, and one in each thread.
    pub(crate) fn held(&self) -> usize {
        // SAFETY: the context is open.
        let context = unsafe { &*self.opened.as_ptr() };
        (context.refs.max(0) + context.has_b_frames.max(0)) as usize + self.at_once
    }

    /// The packets that could not be decoded whole, since this was last asked.
    pub(crate) fn take_faults(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.faults)
    }

    /// The next frame in display order, reading as many packets as it takes.
    ///
    /// Its `pts` is the name that `stamps` gives its packet. At the end of the file the decoder is drained: the last
    /// frames are in it.
    pub(crate) fn next_frame(&mut self, file: &mut MediaFile, stamps: Stamps) -> Result<Output, MediaError> {
        let mut frame = Video::empty();
        if !self.fill(&mut frame, file, stamps)? {
            return Ok(Output::End);
        }
        if is_flawed(&frame) {
            // SAFETY: the context is open.
            let alone = is_for_itself(&frame, unsafe { (*self.opened.as_ptr()).codec_id });
            self.faults.extend(frame.pts().map(|id| Fault { id, alone }));
        }
        Ok(Output::Frame(frame))
    }

    /// Puts the next decoded frame, of picture or sound, into an empty one; false at the end.
    pub(crate) fn fill(&mut self, frame: &mut Frame, file: &mut MediaFile, stamps: Stamps) -> Result<bool, MediaError> {
        loop {
            match self.opened.receive_frame(frame) {
                Ok(()) => return Ok(true),
                Err(AvError::Eof) => return Ok(false),
                Err(AvError::Other { errno }) if errno == ffmpeg_next::error::EAGAIN => self.feed(file, stamps)?,
                Err(_) => {
                    self.fault();
                    if self.draining {
                        return Ok(false);
                    }
                    self.feed(file, stamps)?; // a damaged frame: the ones after it may be whole
                }
            }
        }
    }

    /// Hands one packet to the decoder. One that it is too full to take is kept and offered again.
    fn feed(&mut self, file: &mut MediaFile, stamps: Stamps) -> Result<(), MediaError> {
        if self.draining {
            return Ok(());
        }
        let packet = match self.waiting.pop_front() {
            Some(packet) => Some(packet),
            None => file.read()?.map(|packet| self.named(packet, stamps)),
        };
        let Some(packet) = packet else {
            self.draining = true;
            // An error here is repeated by the next `receive_frame`
            let _ = self.opened.send_eof();
            return Ok(());
        };
        let is_on_the_way = self.hurry.as_ref().zip(packet.pts()).is_some_and(|(is_on_the_way, id)| is_on_the_way(id));
        // SAFETY: the context is open and held exclusively; the decoder reads this with each packet.
        unsafe {
            (*self.opened.as_mut_ptr()).skip_frame =
                if is_on_the_way { ffi::AVDiscard::AVDISCARD_NONREF } else { ffi::AVDiscard::AVDISCARD_DEFAULT };
        }
        let sent = self.opened.send_packet(&packet);
        if let Err(AvError::Other { errno: ffmpeg_next::error::EAGAIN }) = sent {
            self.waiting.push_front(packet);
            return Ok(());
        }
        self.in_work.extend(packet.pts());
        if packet.is_corrupt() {
            self.faults.extend(packet.pts().map(|id| Fault { id, alone: false }));
        }
        if self.in_work.len() > self.at_once {
            self.in_work.pop_front();
        }
        if sent.is_err() {
            self.fault(); // it is leapt over
        }
        Ok(())
    }

    /// The decoder could not make anything of a packet: with several threads, of the one that was longest in work.
    fn fault(&mut self) {
        self.faults.extend(self.in_work.front().map(|&id| Fault { id, alone: false }));
    }

    /// Gives a packet the name under which its frame will come out.
    fn named(&mut self, mut packet: Packet, stamps: Stamps) -> Packet {
        if stamps != Stamps::Presentation {
            let id = stamps.id(&packet, self.place);
            packet.set_pts(Some(id));
        }
        self.place += 1;
        packet
    }
}
