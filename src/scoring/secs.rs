//! Times as seconds in files.
#![allow(clippy::trivially_copy_pass_by_ref, clippy::ref_option, reason = "serde gives references")]

use serde::{Deserialize as _, Deserializer, Serializer, de};
use span::{Instant, Length};

/// Longer than any recording, and far from the end of the clock.
const LONGEST: Length = Length::SECOND.times(1_000_000);

/// The length of this many seconds, from 0 up.
pub(crate) fn length<E: de::Error>(secs: f64) -> Result<Length, E> {
    let length = Length::from_secs(secs).filter(|length| *length >= Length::ZERO && *length <= LONGEST);
    length.ok_or_else(|| E::custom("expected seconds, from 0 to 1000000"))
}

pub(crate) fn serialize<S: Serializer>(length: &Length, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(length.as_secs())
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Length, D::Error> {
    length(f64::deserialize(deserializer)?)
}

/// A moment.
pub(crate) fn serialize_instant<S: Serializer>(time: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs())
}

/// Seconds, or `null`.
pub(crate) mod optional {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};
    use span::Length;

    pub(crate) fn serialize<S: Serializer>(length: &Option<Length>, serializer: S) -> Result<S::Ok, S::Error> {
        length.map(Length::as_secs).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Length>, D::Error> {
        Option::<f64>::deserialize(deserializer)?.map(super::length).transpose()
    }
}

/// Lengths long enough to divide time by.
pub(crate) mod step {
    use serde::{Deserializer, de::Error as _};
    use span::Length;

    pub(crate) use super::serialize;

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Length, D::Error> {
        let length = super::deserialize(deserializer)?;
        if length < Length::from_millis(1) {
            return Err(D::Error::custom("expected seconds, at least 0.001"));
        }
        Ok(length)
    }
}

/// Such a length, or `null`.
pub(crate) mod optional_step {
    use serde::{Deserialize, Deserializer};
    use span::Length;

    pub(crate) use super::optional::serialize;

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Length>, D::Error> {
        #[derive(Deserialize)]
        struct Step(#[serde(with = "super::step")] Length);
        Ok(Option::<Step>::deserialize(deserializer)?.map(|step| step.0))
    }
}
