//! What a person should know about how a session was opened, saved or recovered.

use std::fmt;
use std::path::PathBuf;

use jiff::tz::TimeZone;
use span::counted;

use super::Damage;
use super::lock::Holder;

/// One thing that a person should know. Nothing of it stands against working on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The program ended without saving: so many steps came from the journal.
    Replayed(u64),
    /// The journal's last line was not finished when the program or the power went.
    Torn,
    /// The journal does not belong to the file. Nothing of it is in the session.
    SetAside {
        /// Where it is now.
        journal: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The session is open for reading only.
    ReadOnly(String),
    /// The file was in an older format; it becomes one of this version at the next save, and the old one is kept.
    Migrated(u32),
    /// The history in the file is not whole.
    NotWhole(String),
    /// The file holds no history, or it has been dropped to save the rest.
    NoHistory,
    /// A file could not be used to recover the session from.
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// What the recovered session was made from.
    RecoveredFrom(PathBuf),
    /// The file that the session was recovered from is damaged: what cannot be read there is lost.
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        damage: Damage,
    },
    /// The first steps of the damaged file's history are those of the session.
    HistoryKept {
        /// So many.
        steps: u64,
        /// What others did to the session is one more step.
        with_rest: bool,
    },
    /// Nothing of the damaged file's history leads to the session.
    HistoryLost,
    /// The session in the damaged file cannot be read, or is none: it was made again from its history.
    MadeFromHistory {
        /// So many steps could be made.
        made: u64,
        /// So many there are.
        of: u64,
    },
    /// Steps of a journal that had to be made again one by one.
    MadeAgain {
        /// So many fit the session.
        made: u64,
        /// So many were in the journal.
        of: u64,
    },
    /// The session was saved, but the earlier version could not be kept.
    NotKept(String),
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Replayed(1) => write!(f, "1 step that was not saved yet was brought back from the journal"),
            Self::Replayed(steps) => {
                write!(f, "{steps} steps that were not saved yet were brought back from the journal")
            }
            Self::Torn => write!(f, "the last line of the journal was not finished and has been dropped"),
            Self::SetAside { journal, reason } => {
                write!(f, "the journal does not belong to this file ({reason}); it was kept as {}", journal.display())
            }
            Self::ReadOnly(why) => write!(f, "open for reading only: {why}"),
            Self::Migrated(major) => write!(
                f,
                "the file is in the older format {major}; the next save brings it to the present one and keeps the old"
            ),
            Self::NotWhole(why) => write!(f, "the history in the file is not whole: {why}"),
            Self::NoHistory => write!(f, "the file holds no history: it begins here"),
            Self::Unusable { path, reason } => write!(f, "{} could not be used: {reason}", path.display()),
            Self::RecoveredFrom(path) => write!(f, "recovered from {}", path.display()),
            Self::Damaged { path, damage } => {
                write!(f, "{} {damage}; what cannot be read there is lost", path.display())
            }
            Self::HistoryKept { steps, with_rest } => {
                let rest = if *with_rest { "; all that was done after it is one more step" } else { "" };
                match steps {
                    0 => write!(f, "the session as it was made is kept{rest}"),
                    _ => write!(f, "its history is kept up to step {steps}{rest}"),
                }
            }
            Self::HistoryLost => write!(f, "no step of its history could be kept: the history begins here"),
            Self::MadeFromHistory { made, of } if made == of => write!(
                f,
                "the session was made again from its whole history ({}); what was changed by other means is not in it",
                counted(*of, "step")
            ),
            Self::MadeFromHistory { made, of } => write!(
                f,
                "the session was made again from its history, from the first {made} of {}; the one after them does not \
                 fit, and what was changed by other means is not in it",
                counted(*of, "step")
            ),
            Self::MadeAgain { made, of } => {
                write!(f, "of {} in the journal, {made} fitted the session and were made again", counted(*of, "step"))
            }
            Self::NotKept(why) => write!(f, "the session is saved, but no earlier version of it was kept: {why}"),
        }
    }
}

/// Why a session is open for reading only, where somebody else has it: since when is said by the clock on this machine.
pub(super) fn taken_by(holder: Option<&Holder>) -> String {
    taken_by_in(TimeZone::system(), holder)
}

fn taken_by_in(zone: TimeZone, holder: Option<&Holder>) -> String {
    match holder {
        Some(holder) => format!(
            "{} has it open on {} since {} ({}); it can be edited when it is closed there, or in a copy",
            if holder.coder.is_empty() { "somebody" } else { &holder.coder },
            holder.host,
            holder.since.to_zoned(zone).strftime("%Y-%m-%d %H:%M %Z"),
            holder.program,
        ),
        None => "another program has it open; it can be edited when it is closed there, or in a copy".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::Offset;

    use super::*;

    #[test]
    fn a_lock_names_its_time_by_the_clock_on_the_wall() {
        let since: Timestamp = "2026-11-24T09:00:00Z".parse().expect("a time");
        let sentence = taken_by_in(TimeZone::fixed(Offset::constant(2)), Some(&Holder::here("KL", since)));
        assert!(sentence.contains("since 2026-11-24 11:00 +02"), "{sentence}");
    }
}
