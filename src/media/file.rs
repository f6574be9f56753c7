//! A media file opened safely: local, no playlists, one stream read at a time.

use std::ffi::{CStr, CString};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::Once;

use ffmpeg_next::codec;
use ffmpeg_next::ffi::{
    self, AVDiscard, AVFieldOrder, AVMediaType, AVRational, av_dict_free, av_dict_set, avformat_find_stream_info,
    avformat_open_input, avformat_seek_file,
};
use ffmpeg_next::format::context::Input;
use ffmpeg_next::{Error as AvError, Packet};

use span::Instant;

use crate::MediaError;
use crate::rational::{micros_from_ticks, ticks_from_micros};

/// The container formats that are opened. What is missing here, is missing on purpose: everything that names other
/// files or addresses (playlists, scripts, patterns of pictures), and still pictures.
const FORMATS: &CStr = c"mov,matroska,avi,mpegts,mpeg,mpegvideo,h264,hevc,m4v,asf,flv,ogg,mxf,dv,gxf,nut,ivf,obu,rm,\
wav,w64,mp3,aac,flac,aiff,ac3,eac3,amr,caf,au";

/// The most memory that FFmpeg takes in one piece: a picture of 8K needs half of it, a damaged table of contents asks for more.
const MAX_BLOCK_BYTES: usize = 512 << 20;

/// Errors in a row after which a damaged file is given up; each one skips at least a sample.
const MAX_ERRORS_IN_A_ROW: usize = 100_000;

/// A file and the one stream of it that is read.
pub(crate) struct MediaFile {
    path: PathBuf,
    input: Input,
    selected: Option<usize>,
}

/// What the container says about a stream.
#[derive(Clone, Copy)]
pub(crate) struct Stream {
    pub(crate) index: usize,
    pub(crate) time_base: AVRational,
}

impl MediaFile {
    /// Opens a local file.
    pub(crate) fn open(path: &Path) -> Result<Self, MediaError> {
        static SET_UP: Once = Once::new();
        SET_UP.call_once(|| {
            ffmpeg_next::log::set_level(ffmpeg_next::log::Level::Quiet);
            // SAFETY: it is a number that FFmpeg looks at before it takes memory.
            unsafe { ffi::av_max_alloc(MAX_BLOCK_BYTES) };
        });

        let file = || path.to_owned();
        let metadata =
            std::fs::metadata(path).map_err(|error| MediaError::Unreadable { file: file(), why: reason(&error) })?;
        if metadata.is_dir() {
            return Err(MediaError::Unreadable { file: file(), why: "it is a folder".into() });
        }
        if metadata.is_file() && metadata.len() == 0 {
            return Err(MediaError::Empty { file: file() });
        }
        // Opened by us first: the system's own words, where FFmpeg has only a number
        std::fs::File::open(path).map_err(|error| MediaError::Unreadable { file: file(), why: reason(&error) })?;

        let input = open_input(path).map_err(|error| match error {
            AvError::Other { errno } if errno != ffmpeg_next::error::EINVAL => {
                MediaError::Unreadable { file: file(), why: error.to_string() }
            }
            _ if looks_like_mp4(path) => MediaError::Unfinished { file: file() },
            _ => MediaError::NotVideo { file: file() },
        })?;
        Ok(Self { path: file(), input, selected: None })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// FFmpeg's name of the container format.
    pub(crate) fn format_name(&self) -> String {
        // SAFETY: an open input has a format, whose name is a static C string.
        unsafe { text((*(*self.input.as_ptr()).iformat).name) }
    }

    pub(crate) fn bytes(&self) -> Option<i64> {
        self.input.io_size()
    }

    /// The moving picture: the best video stream that is no cover art.
    ///
    /// # Errors
    /// [`MediaError::NoPicture`] where there is none.
    pub(crate) fn picture(&self) -> Result<Stream, MediaError> {
        let best = self.best(AVMediaType::AVMEDIA_TYPE_VIDEO, -1);
        let moving = |&index: &usize| {
            // SAFETY: `index` is of this input.
            let stream = unsafe { &*self.raw(index) };
            let kind = unsafe { (*stream.codecpar).codec_type };
            kind == AVMediaType::AVMEDIA_TYPE_VIDEO && stream.disposition & ffi::AV_DISPOSITION_ATTACHED_PIC == 0
        };
        let index = best.into_iter().chain(0..self.len()).find(moving);
        index.map(|index| self.stream(index)).ok_or_else(|| MediaError::NoPicture { file: self.path.clone() })
    }

    /// The sound that belongs to the picture, if there is any.
    pub(crate) fn sound(&self) -> Option<Stream> {
        let related = self.picture().map_or(-1, |stream| stream.index as i32);
        self.best(AVMediaType::AVMEDIA_TYPE_AUDIO, related).map(|index| self.stream(index))
    }

    /// How many streams of moving pictures there are.
    pub(crate) fn pictures(&self) -> usize {
        (0..self.len())
            // SAFETY: `index` is of this input.
            .filter(|&index| unsafe {
                let stream = self.raw(index);
                (*(*stream).codecpar).codec_type == AVMediaType::AVMEDIA_TYPE_VIDEO
                    && (*stream).disposition & ffi::AV_DISPOSITION_ATTACHED_PIC == 0
            })
            .count()
    }

    /// When the file ends by what its container says, in its own time; `None` where it does not say, or FFmpeg guessed it from the number of bytes.
    pub(crate) fn stated_end(&self) -> Option<Instant> {
        // SAFETY: the context is valid as long as the file is open.
        let context = unsafe { &*self.input.as_ptr() };
        let is_stated = context.duration > 0
            && context.duration_estimation_method != ffi::AVDurationEstimationMethod::AVFMT_DURATION_FROM_BITRATE;
        let start = if context.start_time == ffi::AV_NOPTS_VALUE { 0 } else { context.start_time };
        (is_stated && is_reached(start) && is_reached(context.duration))
            .then(|| Instant::from_micros(start + context.duration))
    }

    /// When the last packet of a stream ends, in the file's own time, by reading those from `from` on; `None` where none is found there.
    pub(crate) fn last_end(&mut self, stream: Stream, from: Instant) -> Option<Instant> {
        self.select(stream);
        self.seek(stream, ticks_from_micros(from.micros(), stream.time_base)).ok()?;
        let mut last = None;
        while let Some(packet) = self.read().ok()? {
            let end = packet.pts().or(packet.dts()).map(|begins| begins.saturating_add(packet.duration()));
            last = last.max(end);
        }
        last.map(|ticks| Instant::from_micros(micros_from_ticks(ticks, stream.time_base)))
    }

    /// Does the file end in the middle of a packet of its container? Known of transport streams, whose packets are all of one size.
    pub(crate) fn ends_within_packet(&self) -> bool {
        const SYNC: u8 = 0x47;
        if self.format_name() != "mpegts" {
            return false;
        }
        let mut head = [0; 205];
        let read = std::fs::File::open(&self.path).and_then(|mut file| file.read_exact(&mut head));
        // By itself; behind a time stamp, as camcorders write it; before a checksum
        let packet = [(0, 188), (4, 192), (0, 204)]
            .into_iter()
            .find(|&(at, size)| [at, at + size].map(|place| head.get(place)) == [Some(&SYNC); 2]);
        let bytes = self.bytes().and_then(|bytes| u64::try_from(bytes).ok());
        read.is_ok() && packet.zip(bytes).is_some_and(|((_, size), bytes)| !bytes.is_multiple_of(size as u64))
    }

    /// FFmpeg's own record of a stream; valid as long as `self`.
    pub(crate) fn raw(&self, index: usize) -> *const ffi::AVStream {
        assert!(index < self.len(), "a stream of this file");
        // SAFETY: `index` is below the number of streams.
        unsafe { *(*self.input.as_ptr()).streams.add(index) }
    }

    /// FFmpeg's name of a stream's codec; of one that it does not know, the four letters that the container has for it.
    pub(crate) fn codec_name(&self, stream: Stream) -> String {
        // SAFETY: the stream is of this input.
        let (id, tag) = unsafe {
            let parameters = &*(*self.raw(stream.index)).codecpar;
            (parameters.codec_id, parameters.codec_tag)
        };
        if id == ffi::AVCodecID::AV_CODEC_ID_NONE {
            let letters = tag.to_le_bytes();
            let is_text = letters.iter().all(|letter| (b' '..=b'~').contains(letter));
            return if is_text { String::from_utf8_lossy(&letters).into_owned() } else { "unknown".to_owned() };
        }
        // SAFETY: the name is a static C string for every id.
        unsafe { text(ffi::avcodec_get_name(id)) }
    }

    /// The nine numbers that turn stored into shown coordinates, where the stream has them.
    pub(crate) fn display_matrix(&self, stream: Stream) -> Option<[i32; 9]> {
        let stream = self.input.stream(stream.index)?;
        // The raw kind: the wrapper's enum panics on kinds newer than itself
        let matrix = stream
            .side_data()
            .find(|data| unsafe { (*data.as_ptr()).type_ == ffi::AVPacketSideDataType::AV_PKT_DATA_DISPLAYMATRIX })?;
        let mut numbers = [0; 9];
        for (number, bytes) in numbers.iter_mut().zip(matrix.data().chunks_exact(4)) {
            *number = i32::from_ne_bytes(bytes.try_into().ok()?);
        }
        Some(numbers)
    }

    /// Width to height of a stored pixel as the container states it; zeros where it does not.
    pub(crate) fn pixel_aspect(&self, stream: Stream) -> [u64; 2] {
        // SAFETY: the stream is of this input.
        let ratio = unsafe { (*self.raw(stream.index)).sample_aspect_ratio };
        [ratio.num.max(0) as u64, ratio.den.max(0) as u64]
    }

    /// How many packets the container's own table lists, where it has a full one (MP4, MOV).
    pub(crate) fn listed_packets(&self, stream: Stream) -> Option<usize> {
        // SAFETY: the stream is of this input.
        let entries = unsafe { ffi::avformat_index_get_entries_count(self.raw(stream.index)) };
        self.format_name().contains("mov").then(|| entries.max(0) as usize)
    }

    /// Does the stream say that its frames are made of two fields?
    pub(crate) fn is_interlaced(&self, stream: Stream) -> bool {
        // SAFETY: the stream is of this input.
        let order = unsafe { (*(*self.raw(stream.index)).codecpar).field_order };
        !matches!(order, AVFieldOrder::AV_FIELD_UNKNOWN | AVFieldOrder::AV_FIELD_PROGRESSIVE)
    }

    /// Only this stream is read from now on; the demuxer may leap over the others.
    pub(crate) fn select(&mut self, stream: Stream) {
        self.selected = Some(stream.index);
        for index in 0..self.len() {
            let discard = if index == stream.index { AVDiscard::AVDISCARD_DEFAULT } else { AVDiscard::AVDISCARD_ALL };
            // SAFETY: the stream is of this input, which we hold exclusively.
            unsafe { (*self.raw(index).cast_mut()).discard = discard };
        }
    }

    /// The next packet of the selected stream; `None` at the end.
    ///
    /// Damage is leapt over. Packets are never reused: `Packet::read` into a used one leaks.
    pub(crate) fn read(&mut self) -> Result<Option<Packet>, MediaError> {
        let mut errors = 0;
        loop {
            let mut packet = Packet::empty();
            match packet.read(&mut self.input) {
                Ok(()) if self.selected.is_none_or(|index| index == packet.stream()) && packet.size() > 0 => {
                    self.forget_absurd_times(&mut packet);
                    return Ok(Some(packet));
                }
                Ok(()) => errors = 0,
                Err(AvError::InvalidData) if errors < MAX_ERRORS_IN_A_ROW => errors += 1,
                Err(AvError::Eof | AvError::InvalidData) => return Ok(None),
                Err(AvError::Other { errno }) if errno == ffmpeg_next::error::EAGAIN => {}
                Err(error) => {
                    return Err(MediaError::Unreadable { file: self.path.clone(), why: error.to_string() });
                }
            }
        }
    }

    /// A time that no recording reaches is none: only a damaged header says such.
    fn forget_absurd_times(&self, packet: &mut Packet) {
        let time_base = self.stream(packet.stream()).time_base;
        let believed = |ticks: &i64| is_reached(micros_from_ticks(*ticks, time_base));
        packet.set_pts(packet.pts().filter(believed));
        packet.set_dts(packet.dts().filter(believed));
        packet.set_duration(Some(packet.duration()).filter(believed).unwrap_or(0));
    }

    /// When a stream begins by what its container says, in its own time.
    pub(crate) fn start_micros(&self, stream: Stream) -> Option<i64> {
        // SAFETY: the stream is of this file.
        let start = unsafe { (*self.raw(stream.index)).start_time };
        let start = (start != ffi::AV_NOPTS_VALUE).then(|| micros_from_ticks(start, stream.time_base));
        start.filter(|&start| is_reached(start))
    }

    /// Asks the demuxer for the last point at or before `ticks` of this stream; where it lands must be verified.
    pub(crate) fn seek(&mut self, stream: Stream, ticks: i64) -> Result<(), AvError> {
        // SAFETY: the context is open and held exclusively.
        let code =
            unsafe { avformat_seek_file(self.input.as_mut_ptr(), stream.index as i32, i64::MIN, ticks, ticks, 0) };
        if code < 0 { Err(AvError::from(code)) } else { Ok(()) }
    }

    /// Back to the very first packet.
    pub(crate) fn rewind(&mut self) -> Result<(), MediaError> {
        let selected = self.selected.map(|index| self.stream(index));
        *self = Self::open(&self.path)?;
        if let Some(stream) = selected {
            self.select(stream);
        }
        Ok(())
    }

    /// A codec context with the stream's parameters, not yet opened.
    pub(crate) fn codec(&self, stream: Stream) -> Result<codec::Context, MediaError> {
        let mut context = codec::Context::new();
        // SAFETY: both are valid; the parameters are copied.
        let code = unsafe {
            let raw = self.raw(stream.index);
            (*context.as_mut_ptr()).pkt_timebase = stream.time_base;
            ffi::avcodec_parameters_to_context(context.as_mut_ptr(), (*raw).codecpar)
        };
        if code < 0 {
            return Err(MediaError::Decode { file: self.path.clone(), why: AvError::from(code).to_string() });
        }
        Ok(context)
    }

    fn len(&self) -> usize {
        // SAFETY: the context is open.
        unsafe { (*self.input.as_ptr()).nb_streams as usize }
    }

    fn stream(&self, index: usize) -> Stream {
        // SAFETY: `raw` checks the index.
        Stream { index, time_base: unsafe { (*self.raw(index)).time_base } }
    }

    fn best(&self, kind: AVMediaType, related: i32) -> Option<usize> {
        // SAFETY: the context is open and not changed by this.
        let found =
            unsafe { ffi::av_find_best_stream(self.input.as_ptr().cast_mut(), kind, -1, related, ptr::null_mut(), 0) };
        usize::try_from(found).ok()
    }
}

fn open_input(path: &Path) -> Result<Input, AvError> {
    let mut context = ptr::null_mut();
    let mut options = ptr::null_mut();
    let address = address(path).ok_or(AvError::InvalidData)?;
    // SAFETY: all pointers are valid for the calls; on failure `avformat_open_input` frees the context itself.
    unsafe {
        av_dict_set(&raw mut options, c"protocol_whitelist".as_ptr(), c"file".as_ptr(), 0);
        av_dict_set(&raw mut options, c"format_whitelist".as_ptr(), FORMATS.as_ptr(), 0);
        let code = avformat_open_input(&raw mut context, address.as_ptr(), ptr::null_mut(), &raw mut options);
        av_dict_free(&raw mut options);
        if code < 0 {
            return Err(AvError::from(code));
        }
        let input = Input::wrap(context); // owns it from here on
        match avformat_find_stream_info(context, ptr::null_mut()) {
            code if code < 0 => Err(AvError::from(code)),
            _ => Ok(input),
        }
    }
}

/// `file:` and the path: a name with a colon in it is no protocol.
fn address(path: &Path) -> Option<CString> {
    let mut bytes = b"file:".to_vec();
    bytes.extend(path.as_os_str().as_encoded_bytes());
    CString::new(bytes).ok()
}

/// Is this a time, in microseconds, that a recording can have? Clocks of cameras count from some day in the last century.
fn is_reached(micros: i64) -> bool {
    const TWO_CENTURIES: i64 = 200 * 366 * 86_400 * 1_000_000;
    (-TWO_CENTURIES..=TWO_CENTURIES).contains(&micros)
}

fn looks_like_mp4(path: &Path) -> bool {
    let mut head = [0; 8];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && matches!(&head[4..], b"ftyp" | b"mdat" | b"wide" | b"free")
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".into(),
        std::io::ErrorKind::PermissionDenied => "permission denied".into(),
        _ => error.to_string(),
    }
}

/// # Safety
/// `name` is null or a C string.
unsafe fn text(name: *const std::ffi::c_char) -> String {
    if name.is_null() { String::new() } else { unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned() }
}
