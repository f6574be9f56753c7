//! Who changed at the boundary between two runs.

use span::{Length, Span};

use crate::dyad::Change;
use crate::repair::episodes::Initiator;

/// Who changed where `left` touches `right`.
///
/// *Definition*: a partner takes part with a change no further than `tolerance` from the boundary, inside the two runs. The
/// far ends of the runs are boundaries of their own and lie outside. Both take part: joint. Who was first inside the tolerance
/// is not asked: coders cannot tell.
pub(crate) fn initiator(changes: &[Change], left: Span, right: Span, tolerance: Length) -> Option<Initiator> {
    let boundary = right.start();
    let from = boundary - tolerance;
    let first = changes.partition_point(|change| change.at < from || change.at <= left.start());
    let near =
        changes[first..].iter().take_while(|change| change.at - boundary <= tolerance && change.at < right.end());
    let (infant, parent) = near.fold((false, false), |(i, p), change| (i || change.infant, p || change.parent));
    match (infant, parent) {
        (true, true) => Some(Initiator::Joint),
        (true, false) => Some(Initiator::Infant),
        (false, true) => Some(Initiator::Parent),
        (false, false) => None,
    }
}
