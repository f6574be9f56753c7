//! The saves that are kept beside a session: the last ten, and the last of each day for 30 days.

use std::io;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::disk::Disk;

/// A save of the session as it was at some time: an entry of File > Earlier versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptSave {
    /// When it was saved, to the millisecond.
    pub time: Timestamp,
    /// The first digits of the BLAKE3 of its bytes.
    pub hash: String,
    /// The file; a session that can be opened.
    pub path: PathBuf,
}

const KEPT_LAST: usize = 10;
const KEPT_DAYS: i64 = 30;
const HASH_DIGITS: usize = 16;
const TIME_FORMAT: &str = "%Y%m%dT%H%M%S%.3fZ";

/// The kept saves in a folder, the latest first.
///
/// # Errors
/// Where the folder is there but cannot be read.
pub(super) fn list(disk: &dyn Disk, folder: &Path) -> io::Result<Vec<KeptSave>> {
    let names = disk.list(folder)?;
    let mut saves: Vec<KeptSave> = names.iter().filter_map(|name| parse(folder, name)).collect();
    saves.sort_by(|a, b| b.time.cmp(&a.time).then_with(|| a.hash.cmp(&b.hash)));
    Ok(saves)
}

/// Keeps these bytes as a save made at `time`, unless they are kept already.
///
/// They may be read by those who may read `like`, the session's file.
pub(super) fn keep(disk: &dyn Disk, folder: &Path, bytes: &[u8], like: &Path, time: Timestamp) -> io::Result<()> {
    let hash = digits(blake3::hash(bytes));
    if list(disk, folder)?.iter().any(|save| save.hash == hash) {
        return Ok(());
    }
    disk.create_folder(folder)?;
    let path = folder.join(name(time, &hash));
    let unfinished = folder.join("unfinished");
    let mut file = disk.create(&unfinished, Some(like))?;
    file.write(bytes)?;
    file.sync()?;
    drop(file);
    disk.rename(&unfinished, &path)?;
    disk.sync_folder(folder)
}

/// Removes the saves that are no longer kept.
pub(super) fn prune(disk: &dyn Disk, folder: &Path, now: Timestamp) -> io::Result<()> {
    let saves = list(disk, folder)?;
    let times: Vec<Timestamp> = saves.iter().map(|save| save.time).collect();
    for (save, kept) in saves.iter().zip(kept(&times, now)) {
        if !kept {
            disk.remove(&save.path)?;
        }
    }
    Ok(())
}

/// Which saves are kept.
///
/// *Definition*: the last ten, and the last of each day of the past 30 days. A day is one of UTC, so that two
/// laptops keep the same.
///
/// *Shape*: `times` from late to early; one answer for each.
fn kept(times: &[Timestamp], now: Timestamp) -> Vec<bool> {
    let day = |time: Timestamp| -> Date { time.to_zoned(TimeZone::UTC).date() };
    let oldest =
        now.saturating_sub(SignedDuration::from_hours(24 * KEPT_DAYS)).expect("a length in hours is no calendar");
    let mut last_day = None;
    let mut answers = Vec::with_capacity(times.len());
    for (place, &time) in times.iter().enumerate() {
        let is_last_of_day = last_day != Some(day(time));
        last_day = Some(day(time));
        answers.push(place < KEPT_LAST || (is_last_of_day && time >= oldest));
    }
    answers
}

pub(super) fn digits(hash: blake3::Hash) -> String {
    hash.to_hex()[..HASH_DIGITS].to_owned()
}

fn name(time: Timestamp, hash: &str) -> String {
    format!("{}-{hash}.attune", time.strftime(TIME_FORMAT))
}

fn parse(folder: &Path, name: &str) -> Option<KeptSave> {
    let (time, hash) = name.strip_suffix(".attune")?.split_once('-')?;
    let date = jiff::civil::DateTime::strptime(TIME_FORMAT, time).ok()?;
    let time = date.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(KeptSave { time, hash: hash.to_owned(), path: folder.join(name) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    /// Times from late to early, now; which are kept, as ones and zeros.
    #[track_caller]
    fn check(times: &[Timestamp], now: Timestamp, expected: &str) {
        let got: String = kept(times, now).into_iter().map(|kept| if kept { '1' } else { '0' }).collect();
        assert_eq!(got, expected);
    }

    fn minutes_before(now: Timestamp, minutes: &[i64]) -> Vec<Timestamp> {
        minutes.iter().map(|&minutes| now - SignedDuration::from_mins(minutes)).collect()
    }

    #[test]
    fn the_last_ten_are_kept() {
        let now = at("2026-11-24T12:00:00Z");
        check(&minutes_before(now, &(0..13).collect::<Vec<_>>()), now, "1111111111000");
    }

    #[test]
    fn the_last_ten_are_kept_however_old() {
        let now = at("2026-11-24T12:00:00Z");
        check(&[at("2020-01-01T00:00:00Z"), at("2019-01-01T00:00:00Z")], now, "11");
    }

    #[test]
    fn the_last_of_each_day_is_kept_for_30_days() {
        let now = at("2026-11-24T12:00:00Z");
        let day = 24 * 60;
        let mut minutes: Vec<i64> = (0..10).collect();
        minutes.extend([day, day + 1, 2 * day, 30 * day, 30 * day + 1, 31 * day]);
        check(&minutes_before(now, &minutes), now, "1111111111101100");
    }

    #[test]
    fn a_name_says_when_and_what() {
        let (time, folder) = (at("2026-11-24T03:15:22.045Z"), Path::new("saves"));
        let hash = digits(blake3::hash(b"session"));
        let save = parse(folder, &name(time, &hash)).expect("a name of a save");
        assert_eq!(save.time, time);
        assert_eq!(save.hash, hash);
        assert_eq!(parse(folder, "notes.txt"), None);
    }
}
