//! ELAN annotation documents (`.eaf`, format 3.0; 2.7 and 2.8 are read too).
//!
//! | here | there |
//! |---|---|
//! | track `infant.gaze` | a tier of that name, with PARTICIPANT `infant` and ANNOTATOR the coder; overlapping marks go to further tiers of the same type |
//! | code | an entry of the controlled vocabulary of the tier's type |
//! | moment | an annotation of one millisecond: ELAN has no moments |
//! | note, *uncertain* | a child tier that is associated symbolically |
//! | episode, excluded time | tiers `episodes` and `excluded` |
//! | all else | properties `attune.1`, `attune.2`, ... of the header, the lines of `preamble.rs` |
//!
//! ELAN counts whole milliseconds: what is finer is rounded to nearest and reported. An ELAN document without our lines gets a
//! scheme made from its tiers and vocabularies, unless one is given.

mod document;
mod made;
mod read;
mod write;

pub use read::read;
pub use write::write;

/// Type of the tier of episodes.
const EPISODE_TYPE: &str = "episode";
/// Type of the tier of excluded time.
const EXCLUDED_TYPE: &str = "excluded";
/// Type of the tiers that hold notes to marks.
const NOTE_TYPE: &str = "note";
/// Type of the tiers that say *uncertain*.
const CERTAINTY_TYPE: &str = "certainty";
/// The value on such a tier.
const UNCERTAIN: &str = "uncertain";
/// What the names of our properties begin with.
const PROPERTY: &str = "attune.";
/// The line that says by how many milliseconds all times were moved, because ELAN has no negative ones.
const SHIFT: &str = "shift_ms";
/// An annotation of at most so many milliseconds is a moment.
const POINT_MILLIS: i64 = 2;

/// Whole milliseconds, rounded to nearest.
fn millis(time: span::Instant) -> i64 {
    (time.micros() + 500).div_euclid(1_000)
}
