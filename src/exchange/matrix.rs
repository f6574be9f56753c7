//! The state matrix: one row per time step or frame, one column per track, for programs that want a grid.
//!
//! ```text
//! time_s,episode,excluded,infant.gaze,infant.smile,match
//! 0,play,,partner,none,1
//! 0.5,play,,partner,smile,0
//! 1,play,camera knocked over,,,
//! ```
//!
//! **Rule `at-instant`.** A row is the instant at its `time_s`. A column of states holds the code whose mark `[start, end)`
//! contains that instant; several at once are joined by `+`, in the order in which they began. A column of moments holds the
//! codes that happened from that instant up to the next row. `none` is silence in time that was looked at. An empty field is
//! missing: not looked at, not coded on an exhaustive track, excluded, or under a code that the scheme calls missing. `match` is 1
//! where the partners' states of engagement match, 0 where they do not, as the scores with the session's settings have it.

use scoring::MatchRun;
use session::{Channel, ChannelKind, Mark, Session, Track};
use span::{Instant, Length, SpanSet, counted};

use crate::{Position, Report};

/// Which instants are rows.
#[derive(Clone, Copy, Debug)]
pub enum Rows<'a> {
    /// Every so much time, from the start of the session's extent up to its end. At least a millisecond.
    Every(Length),
    /// The frames of a video: the session times of their starts, sorted. A column `frame` counts them from 0.
    Frames(&'a [Instant]),
}

/// What stands for silence in time that was looked at.
const NONE: &str = "none";
/// Longer tables are cut, and it is said: nine hours of 60 frames a second.
const MOST_ROWS: usize = 2_000_000;

/// Writes the matrix as CSV. Same session, same bytes.
#[must_use]
pub fn write(session: &Session, rows: Rows) -> (Vec<u8>, Report) {
    let mut report = Report::default();
    let times = times(session, rows, &mut report);
    let is_framed = matches!(rows, Rows::Frames(_));
    let excluded = session.excluded_time();
    let mut columns: Vec<Column> = session.tracks.iter().map(|track| Column::new(session, track)).collect();

    let runs = match_runs(session, &mut report);

    let mut writer = csv::Writer::from_writer(Vec::new());
    let in_memory = "writing to memory does not fail, and all rows have one length";
    let mut record: Vec<String> = is_framed.then(|| "frame".to_owned()).into_iter().collect();
    record.extend(["time_s", "episode", "excluded"].map(str::to_owned));
    record.extend(session.tracks.iter().map(|track| track.key.to_string()));
    record.push("match".to_owned());
    writer.write_record(&record).expect(in_memory);
    for (idx, time) in times.iter().enumerate() {
        let until = times.get(idx + 1).copied().unwrap_or(Instant::MAX);
        record.clear();
        record.extend(is_framed.then(|| idx.to_string()));
        record.push(time.to_secs_text());
        record.push(session.episode_at(*time).map(|episode| episode.name.clone()).unwrap_or_default());
        record.push(reason_at(session, *time));
        let is_excluded = excluded.contains(*time);
        record.extend(columns.iter_mut().map(|column| column.cell(*time, until, is_excluded)));
        record.push(matched(&runs, *time).to_owned());
        writer.write_record(&record).expect(in_memory);
    }
    for column in &columns {
        column.report(&mut report);
    }
    (writer.into_inner().expect(in_memory), report)
}

fn times(session: &Session, rows: Rows, report: &mut Report) -> Vec<Instant> {
    let mut times: Vec<Instant> = match rows {
        Rows::Frames(times) => times.iter().copied().take(MOST_ROWS + 1).collect(),
        Rows::Every(step) => {
            let step = step.max(Length::from_millis(1));
            let extent = session.extent();
            let row = |n: i64| {
                extent
                    .map(|extent| extent.start() + step.times(n))
                    .filter(|time| extent.is_some_and(|extent| extent.contains(*time)))
            };
            (0..=MOST_ROWS as i64).map_while(row).collect()
        }
    };
    if times.len() > MOST_ROWS {
        times.truncate(MOST_ROWS);
        report.lost(Position::Whole, format!("the table is cut after {MOST_ROWS} rows: take longer steps"));
    }
    times
}

fn reason_at(session: &Session, time: Instant) -> String {
    let excluded = session.excluded.iter().find(|excluded| excluded.span.contains(time));
    excluded
        .map(|excluded| if excluded.reason.is_empty() { "excluded".to_owned() } else { excluded.reason.clone() })
        .unwrap_or_default()
}

/// Stretches in and out of match of all episodes, sorted.
fn match_runs(session: &Session, report: &mut Report) -> Vec<MatchRun> {
    match session::score(session, &serde_json::Map::new()) {
        Ok(scores) => scores.episodes.into_iter().flat_map(|episode| episode.match_runs).collect(),
        Err(error) => {
            report.lost(Position::Whole, format!("the column match is empty: {error}"));
            Vec::new()
        }
    }
}

/// `1`, `0`, or nothing where the state of either partner is missing.
fn matched(runs: &[MatchRun], time: Instant) -> &'static str {
    let after = runs.partition_point(|run| run.span.end() <= time);
    match runs.get(after).filter(|run| run.span.contains(time)) {
        Some(run) if run.matched => "1",
        Some(_) => "0",
        None => "",
    }
}

/// A track while its rows are written, from first to last.
struct Column<'a> {
    track: &'a Track,
    channel: Option<&'a Channel>,
    looked_at: SpanSet,
    /// The marks that have begun: those that last, each with whether a row has shown it.
    begun: Vec<(&'a Mark, bool)>,
    next: usize,
    n_unseen: usize,
    n_missing: usize,
}

impl<'a> Column<'a> {
    fn new(session: &'a Session, track: &'a Track) -> Self {
        let channel = session.scheme.channel(&track.key);
        let is_exhaustive = channel.is_some_and(|channel| channel.exhaustive);
        Self {
            track,
            channel,
            looked_at: track.coded_time(is_exhaustive),
            begun: Vec::new(),
            next: 0,
            n_unseen: 0,
            n_missing: 0,
        }
    }

    fn cell(&mut self, time: Instant, until: Instant, is_excluded: bool) -> String {
        let is_moments = self.channel.is_some_and(|channel| channel.kind == ChannelKind::Point);
        let codes = if is_moments { self.moments(time, until) } else { self.states(time) };
        let is_missing = |code: &&str| {
            self.channel.and_then(|channel| channel.code(code)).is_some_and(|code| code.missing.is_some())
        };
        if codes.iter().any(is_missing) {
            self.n_missing += 1;
            return String::new();
        }
        match codes.as_slice() {
            _ if is_excluded => String::new(),
            [] if self.looked_at.contains(time) => NONE.to_owned(),
            codes => codes.join("+"),
        }
    }

    fn states(&mut self, time: Instant) -> Vec<&'a str> {
        while let Some(mark) = self.track.marks.get(self.next).filter(|mark| mark.start() <= time) {
            self.begun.push((mark, false));
            self.next += 1;
        }
        let n_unseen = &mut self.n_unseen;
        self.begun.retain(|(mark, seen)| {
            let lasts = mark.when.end() > time;
            *n_unseen += usize::from(!lasts && !seen);
            lasts
        });
        self.begun
            .iter_mut()
            .map(|(mark, seen)| {
                *seen = true;
                mark.code.as_str()
            })
            .collect()
    }

    fn moments(&mut self, time: Instant, until: Instant) -> Vec<&'a str> {
        let marks = &self.track.marks;
        let first = marks.partition_point(|mark| mark.start() < time);
        let last = marks.partition_point(|mark| mark.start() < until);
        marks[first..last.max(first)].iter().map(|mark| mark.code.as_str()).collect()
    }

    fn report(&self, report: &mut Report) {
        let position = || Position::Track(self.track.key.clone());
        if self.n_unseen > 0 {
            report.lost(
                position(),
                format!("over before the next row: {}; take shorter steps", counted(self.n_unseen, "state")),
            );
        }
        if self.n_missing > 0 {
            report.noted(
                position(),
                format!("{} fields under codes that the scheme calls missing are empty", self.n_missing),
            );
        }
    }
}
