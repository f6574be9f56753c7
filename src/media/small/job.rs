//! Decodes a whole file once and makes the small picture of each frame.

use std::path::Path;

use super::pictures::{SmallPicture, SmallPictures};
use super::shrink::Shrinker;
use crate::{Decoder, DecoderOptions, MediaError};

/// After so many frames that cannot be made the work is given up: each has cost several ways through the frames before it.
const MOST_DAMAGED: usize = 30;

/// Makes the small pictures of a file: of its keys first, which come at once and stand for all in a strip of thumbnails, then of all frames from
/// `start` to the end and from the beginning to `start`.
///
/// `may_go_on` is asked before each frame; it waits as long as somebody else needs the machine.
///
/// # Errors
/// [`MediaError::Cancelled`] once `may_go_on` denies it; otherwise what is wrong with the file.
pub(crate) fn make(
    path: &Path,
    pictures: &SmallPictures,
    start: usize,
    may_go_on: &dyn Fn() -> bool,
) -> Result<(), MediaError> {
    let index = pictures.index();
    let options = DecoderOptions { cache_bytes: 0, threads: 1 };
    let mut decoder = Decoder::open_noting(path, index.clone(), options, pictures.damage().clone())?;
    let mut shrinker = Shrinker::default();
    let cannot = || MediaError::Decode { file: path.to_owned(), why: "no small picture can be made of it".into() };
    let mut n_damaged = 0;
    let order = || (start..index.len()).chain(0..start.min(index.len()));
    let keys = order().filter(|&frame| index.is_key(frame));
    for frame in keys.chain(order().filter(|&frame| !index.is_key(frame))) {
        if !may_go_on() {
            return Err(MediaError::Cancelled { file: path.to_owned() });
        }
        if pictures.wants(frame) {
            match decoder.undrawn(frame) {
                Ok((decoded, display_millis)) => {
                    let (jpeg, colours) = shrinker.jpeg(&decoded).ok_or_else(cannot)?;
                    pictures.insert(frame, SmallPicture { jpeg, colours, display_millis });
                }
                Err(MediaError::Damaged { .. }) if n_damaged < MOST_DAMAGED => n_damaged += 1, // this one has none
                Err(error) => return Err(error),
            }
        }
        pictures.pass();
    }
    Ok(())
}

/// From now on this thread leaves nearly all of the machine to others that want it, where the system can tell threads apart so.
pub(crate) fn yield_to_others() {
    #[cfg(target_os = "linux")]
    const NICENESS: i32 = 10; // a tenth is left to it: at 19, a program that is busy all day would keep it from ever being done
    #[cfg(target_os = "linux")]
    // SAFETY: plain numbers in and out; 0 is the calling thread. Where it is refused, the thread is as important as others.
    unsafe {
        libc::setpriority(libc::PRIO_PROCESS, 0, NICENESS);
    }
}
