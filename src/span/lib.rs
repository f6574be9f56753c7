//! Time as Attune counts it: integer microseconds on the session's clock.
//!
//! - [`Instant`] is a moment, [`Length`] an amount of time; neither is the other.
//! - [`Span`] is a half-open stretch `[start, end)` that is never empty.
//! - [`SpanSet`] is any amount of time: sorted, disjoint, non-touching spans.
//!
//! ```text
//! span        [=====)          contains its start, not its end
//! touching    [==)[==)         share a boundary, no instant; in a set they become one
//! ```
//!
//! Nothing here rounds: times are compared as integers, so "which frame is this mark on" has one answer. Text is
//! read and written in one file, `text.rs`.

mod counted;
mod instant;
#[allow(clippy::module_inception, reason = "the crate's central noun")]
mod span;
mod span_set;
mod text;

pub use counted::counted;
pub use instant::{Instant, Length};
pub use span::{EmptySpan, Span};
pub use span_set::SpanSet;
pub use text::ParseTimeError;
