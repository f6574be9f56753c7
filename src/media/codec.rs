//! A decoder and its packets: nothing dropped, nothing left behind at the end.

use std::collections::VecDeque;

use ffmpeg_next::codec::decoder::Opened;
use ffmpeg_next::ffi;
use ffmpeg_next::frame::Video;
use ffmpeg_next::{Error as AvError, Frame, Packet};

use crate::MediaError;
use crate::file::{MediaFile, Stream};
use crate::index::Stamps;

/// An open decoder of one stream.
pub(crate) struct Codec {
    opened: Opened,
    waiting: VecDeque<Packet>, // read, and not yet taken by the decoder
    place: u32,                // of the next packet that is read, among the stream's
    draining: bool,
    hurry: Option<OnTheWay>,
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
        Ok(Self { opened, waiting: VecDeque::new(), place: 0, draining: false, hurry: None })
    }

    /// Forgets everything decoded; `read` are the packets to go on with that have been read already, the first of them at `place`.
    pub(crate) fn restart(&mut self, place: u32, read: Vec<Packet>, stamps: Stamps) {
        self.opened.flush();
        self.place = place;
        self.waiting = read.into_iter().map(|packet| self.named(packet, stamps)).collect();
        self.draining = false;
    }

    /// From now on, packets that are only on the way need not become frames where no other is predicted from them.
    pub(crate) fn hurry(&mut self, on_the_way: Option<OnTheWay>) {
        self.hurry = on_the_way;
    }

    /// The next frame in display order, reading as many packets as it takes.
    ///
    /// Its `pts` is the name that `stamps` gives its packet. At the end of the file the decoder is drained: the last
    /// frames are in it.
    pub(crate) fn next_frame(&mut self, file: &mut MediaFile, stamps: Stamps) -> Result<Output, MediaError> {
        let mut frame = Video::empty();
        Ok(if self.fill(&mut frame, file, stamps)? { Output::Frame(frame) } else { Output::End })
    }

    /// Puts the next decoded frame, of picture or sound, into an empty one; false at the end.
    pub(crate) fn fill(&mut self, frame: &mut Frame, file: &mut MediaFile, stamps: Stamps) -> Result<bool, MediaError> {
        loop {
            match self.opened.receive_frame(frame) {
                Ok(()) => return Ok(true),
                Err(AvError::Eof) => return Ok(false),
                Err(AvError::Other { errno }) if errno == ffmpeg_next::error::EAGAIN => self.feed(file, stamps)?,
                Err(_) if self.draining => return Ok(false),
                Err(_) => self.feed(file, stamps)?, // a damaged frame: the ones after it may be whole
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
        if let Err(AvError::Other { errno }) = self.opened.send_packet(&packet)
            && errno == ffmpeg_next::error::EAGAIN
        {
            self.waiting.push_front(packet);
        }
        Ok(()) // a packet that is refused as damaged is leapt over
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
