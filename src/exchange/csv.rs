//! The coded-timeline CSV: the plainest way in and out, one row per mark.
//!
//! ```text
//! # attune csv 1, scheme NAME VERSION
//! # coded infant gaze 0 120
//! session,coder,episode,subject,channel,code,onset_s,offset_s,duration_s,onset_frame,offset_frame,certainty,note
//! d01,c1,play,infant,gaze,partner,0,2.5,2.5,0,75,certain,
//! ```
//!
//! Columns are found by name, in any order; `subject`, `channel`, `code`, `onset_s` and `offset_s` are needed. An empty
//! `offset_s` is a moment. Comment lines at the top carry what rows cannot: the scheme, the time looked at, episodes,
//! excluded time, media (see `preamble.rs`). Without them the range of a track is from its first onset to its last offset,
//! and the report says so. Frame numbers are a check for people and are not read: times are what counts.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use scoring::{MatchRelation, StateType};
use session::{
    Certainty, ChannelKind, Episode, EpisodeId, EpisodeKind, Mark, MediumId, Missing, Scheme, Session, SessionId,
    Track, TrackKey, When,
};
use span::{Instant, Length, Span, counted};

use crate::assemble::{Row, assemble};
use crate::preamble::{self, Preamble};
use crate::report::shown;
use crate::schemes::MadeScheme;
use crate::words::words;
use crate::{ExchangeError, Position, Report, Schemes, Severity, bounds};

/// The number of a medium's frame at a moment on that medium's own clock; at the end of its last frame, how many frames there are.
pub type FrameNumber<'a> = &'a dyn Fn(MediumId, Instant) -> Option<u64>;

/// How a CSV is written.
#[derive(Clone, Copy, Default)]
pub struct CsvOptions<'a> {
    /// Leave out the comment lines, for programs that cannot skip them.
    pub plain: bool,
    /// Numbers for the columns `onset_frame` and `offset_frame`; empty without it.
    pub frame_number: Option<FrameNumber<'a>>,
}

const COLUMNS: [&str; 13] = [
    "session",
    "coder",
    "episode",
    "subject",
    "channel",
    "code",
    "onset_s",
    "offset_s",
    "duration_s",
    "onset_frame",
    "offset_frame",
    "certainty",
    "note",
];

/// The name of the scheme made for a file whose only channel is `engagement`.
const ENGAGEMENT_SCHEME: &str = "engagement";

/// Writes a session as a coded-timeline CSV. Same session, same bytes.
#[must_use]
pub fn write(session: &Session, options: &CsvOptions) -> (Vec<u8>, Report) {
    let mut report = Report::default();
    report_lost_by_rows(session, options.plain, &mut report);
    let mut text = Vec::new();
    if !options.plain {
        for line in std::iter::once(preamble::first_line("csv", session)).chain(preamble::lines(session)) {
            text.extend_from_slice(format!("# {line}\n").as_bytes());
        }
    }
    let mut writer = csv::Writer::from_writer(text);
    let in_memory = "writing to memory does not fail, and all rows have one length";
    writer.write_record(COLUMNS).expect(in_memory);
    for track in &session.tracks {
        for mark in &track.marks {
            writer.write_record(record(session, track, mark, options.frame_number)).expect(in_memory);
        }
    }
    (writer.into_inner().expect(in_memory), report)
}

fn record(session: &Session, track: &Track, mark: &Mark, frame_number: Option<FrameNumber>) -> [String; COLUMNS.len()] {
    // An end belongs to the clip that ends there, and not to the one that follows it.
    let frame = |shown: Instant, time: Instant| {
        let medium = session.medium_at(track, shown)?;
        frame_number?(medium.id, medium.medium_time(time)).map(|number| number.to_string())
    };
    let episode = session.episode_at(mark.start()).map(|episode| episode.name.clone());
    let span = mark.span();
    [
        session.name.clone(),
        session.coder.clone(),
        episode.unwrap_or_default(),
        track.key.subject.clone(),
        track.key.channel.clone(),
        mark.code.clone(),
        mark.start().to_secs_text(),
        span.map(|span| span.end().to_secs_text()).unwrap_or_default(),
        span.map(|span| span.length().to_secs_text()).unwrap_or_default(),
        frame(mark.start(), mark.start()).unwrap_or_default(),
        span.and_then(|span| frame(span.end() - Length::MICROSECOND, span.end())).unwrap_or_default(),
        certainty_text(mark.certainty).to_owned(),
        mark.note.clone(),
    ]
}

fn report_lost_by_rows(session: &Session, plain: bool, report: &mut Report) {
    preamble::report_left_out(session, report);
    for track in &session.tracks {
        for mark in track.marks.iter().filter(|mark| mark.is_open()) {
            report.noted(Position::Mark(mark.id), "its end had not been given: it is written as it stands");
        }
        let n_how = track.marks.iter().filter(|mark| mark.how.is_some()).count();
        if n_how > 0 {
            let were = if n_how == 1 { "was" } else { "were" };
            let marks = counted(n_how, "mark");
            let message =
                format!("how {marks} {were} made (stepped or playing, speed, reaction time) is not carried over");
            report.lost(Position::Track(track.key.clone()), message);
        }
    }
    if plain {
        let message = "without comment lines: the scheme's name, the time looked at, episodes, excluded time, media and settings are not carried over";
        report.lost(Position::Whole, message);
    }
}

/// Reads a coded-timeline CSV.
///
/// # Errors
/// [`ExchangeError`] where no row can be read: an empty file, no header, a later version, a scheme that is neither given nor known.
pub fn read(bytes: &[u8], schemes: Schemes) -> Result<(Session, Report), ExchangeError> {
    let mut report = Report::default();
    let text = text_of(bytes, &mut report);
    if text.trim().is_empty() {
        return Err(ExchangeError::Empty);
    }
    let mut preamble = Preamble::default();
    let (table, n_lines_before) = read_comments(&text, &mut preamble, &mut report)?;
    let table = read_table(table, n_lines_before, &mut preamble, &mut report)?;
    if preamble.episodes.is_empty() {
        guess_episodes(&table.episodes, &mut preamble, &mut report);
    }
    let scheme = scheme_of(&preamble, &table.rows, schemes, &mut report)?;
    let session = assemble(scheme, preamble, table.rows, session_id_of(bytes), &mut report);
    report.items.sort_by_key(|item| match item.position {
        Position::Line(line) => line,
        _ => u64::MAX, // what concerns the whole comes last
    });
    Ok((session, report))
}

/// The id of a session that has none: the same for the same bytes.
pub(crate) fn session_id_of(bytes: &[u8]) -> SessionId {
    let hash = blake3::hash(bytes);
    let mut first = [0; 16];
    first.copy_from_slice(&hash.as_bytes()[..16]);
    SessionId::from_bits(u128::from_be_bytes(first))
}

/// The text of a file: UTF-8, or UTF-16 with its mark; what is neither is replaced and reported.
pub(crate) fn text_of<'a>(bytes: &'a [u8], report: &mut Report) -> Cow<'a, str> {
    let utf16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes)),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        all => String::from_utf8_lossy(all),
    };
    if text.contains('\u{fffd}') && std::str::from_utf8(bytes).is_err() {
        report.lost(Position::Whole, "some bytes are no text in UTF-8: each is replaced by �; save the file as UTF-8");
    }
    text
}

/// Takes the comment lines off the top; gives the rest and how many lines were before it.
fn read_comments<'a>(
    text: &'a str,
    preamble: &mut Preamble,
    report: &mut Report,
) -> Result<(&'a str, u64), ExchangeError> {
    let (mut rest, mut n_lines) = (text, 0);
    while rest.starts_with('#') || rest.starts_with(['\n', '\r']) {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        (rest, n_lines) = (after, n_lines + 1);
        let line = line.trim_start_matches('#').trim();
        if let Some(format) = line.strip_prefix("attune ") {
            preamble.scheme = read_first_line(format, "csv")?;
        } else {
            preamble.read(line, Position::Line(n_lines), report);
        }
    }
    Ok((rest, n_lines))
}

/// The scheme in `csv 1, scheme NAME VERSION`.
pub(crate) fn read_first_line(line: &str, format: &str) -> Result<Option<(String, String)>, ExchangeError> {
    let (head, scheme) = line.split_once(',').unwrap_or((line, ""));
    let texts = |part: &str| words(part).into_iter().map(|word| word.text).collect::<Vec<_>>();
    if texts(head) != [format, "1"] {
        return Err(ExchangeError::Newer(format!("attune {}", head.chars().take(40).collect::<String>())));
    }
    Ok(match texts(scheme).as_slice() {
        [kind, name, version] if kind == "scheme" => Some((name.clone(), version.clone())),
        _ => None,
    })
}

/// Where each column stands.
struct Header {
    columns: [Option<usize>; COLUMNS.len()],
    n_fields: usize,
}

impl Header {
    fn new(record: &csv::StringRecord, line: u64, report: &mut Report) -> Result<Self, ExchangeError> {
        let mut columns = [None; COLUMNS.len()];
        for (at, name) in record.iter().enumerate() {
            let known = COLUMNS.iter().position(|column| column.eq_ignore_ascii_case(name.trim()));
            match known {
                Some(column) if columns[column].is_none() => columns[column] = Some(at),
                Some(_) => report
                    .lost(Position::Line(line), format!("the column {} is there twice: the first counts", shown(name))),
                None => report.lost(Position::Line(line), format!("the column {} is not read", shown(name))),
            }
        }
        let header = Self { columns, n_fields: record.len() };
        let needed = ["subject", "channel", "code", "onset_s", "offset_s"];
        let missing: Vec<&str> = needed.into_iter().filter(|name| header.place(name).is_none()).collect();
        if missing.is_empty() { Ok(header) } else { Err(ExchangeError::MissingColumns(missing.join(", "))) }
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.columns[COLUMNS.iter().position(|column| *column == name)?]
    }

    /// The field of a column as it stands; empty where there is none.
    fn field<'a>(&self, record: &'a csv::StringRecord, name: &str) -> &'a str {
        self.place(name).and_then(|at| record.get(at)).unwrap_or_default()
    }
}

/// The rows of a table, and the episodes that they name.
#[derive(Default)]
struct Table {
    rows: Vec<Row>,
    /// Names of episodes in the order of the rows, with the time of each row.
    episodes: Vec<(String, Instant, Instant)>,
}

fn read_table(
    text: &str,
    n_lines_before: u64,
    preamble: &mut Preamble,
    report: &mut Report,
) -> Result<Table, ExchangeError> {
    let delimiter = delimiter_of(text);
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).has_headers(false).delimiter(delimiter).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut next = |record: &mut csv::StringRecord| reader.read_record(record).unwrap_or(false); // all errors left are of encoding
    if !next(&mut record) {
        return Err(ExchangeError::MissingColumns(COLUMNS.join(", ")));
    }
    let header = Header::new(&record, n_lines_before + 1, report)?;
    let mut table = Table::default();
    let mut whose = Whose::default();
    while next(&mut record) {
        let line = n_lines_before + record.position().map_or(0, csv::Position::line);
        if !whose.is_of_first(header.field(&record, "session").trim(), header.field(&record, "coder").trim(), line) {
            continue;
        }
        match read_row(&header, &record, line, delimiter, report) {
            Ok(row) => {
                let episode = header.field(&record, "episode").trim();
                if !episode.is_empty() {
                    table.episodes.push((episode.to_owned(), row.when.start(), row.when.end()));
                }
                table.rows.push(row);
            }
            Err(reason) => report.lost(Position::Line(line), reason),
        }
    }
    whose.finish(preamble, report);
    if text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1 {
        report.lost(
            Position::Whole,
            "a quote is opened and never closed: the rows after it may have become part of a note",
        );
    }
    Ok(table)
}

/// Comma, semicolon or tab: whatever the header has most of.
fn delimiter_of(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |delimiter: u8| header.bytes().filter(|byte| *byte == delimiter).count();
    [b';', b'\t'].into_iter().find(|other| count(*other) > count(b',')).unwrap_or(b',')
}

/// Whose rows these are: the first row's that says it; those of others are left out.
#[derive(Default)]
struct Whose {
    session: Option<String>,
    coder: Option<String>,
    /// Session and coder, with the first line and the number of rows.
    others: BTreeMap<(String, String), (u64, usize)>,
}

impl Whose {
    fn is_of_first(&mut self, session: &str, coder: &str, line: u64) -> bool {
        let same = |first: &mut Option<String>, said: &str| {
            said.is_empty() || first.get_or_insert_with(|| said.to_owned()) == said
        };
        let is_of_first = same(&mut self.session, session) && same(&mut self.coder, coder);
        if !is_of_first {
            self.others.entry((session.to_owned(), coder.to_owned())).or_insert((line, 0)).1 += 1;
        }
        is_of_first
    }

    fn finish(self, preamble: &mut Preamble, report: &mut Report) {
        if let Some(name) = self.session {
            preamble.session.get_or_insert((name, None));
        }
        if let Some(coder) = self.coder {
            preamble.coder.get_or_insert(coder);
        }
        for ((session, coder), (line, n_rows)) in self.others {
            let rows = counted(n_rows, "row");
            let whose = format!("of the session {} by the coder {}", shown(&session), shown(&coder));
            let message = format!("not read: {rows} {whose}; one file is one session of one coder");
            report.lost(Position::Line(line), message);
        }
    }
}

fn read_row(
    header: &Header,
    record: &csv::StringRecord,
    line: u64,
    delimiter: u8,
    report: &mut Report,
) -> Result<Row, String> {
    let field = |name: &str| header.field(record, name).trim();
    let time = |name: &str| {
        let text = field(name);
        let text = if delimiter == b';' { text.replace(',', ".") } else { text.to_owned() };
        bounds::time(&text)
            .ok_or_else(|| format!("the {name} {} is no time: write seconds such as 83.467", shown(&text)))
    };
    let (subject, channel, code) = (field("subject"), field("channel"), field("code"));
    for (name, value) in [("subject", subject), ("channel", channel), ("code", code)] {
        if value.is_empty() {
            return Err(format!("there is no {name}"));
        }
    }
    if subject.contains('.') {
        return Err(format!("the subject {} has a period, which parts subject and channel", shown(subject)));
    }
    let start = time("onset_s")?;
    let when = if field("offset_s").is_empty() {
        When::Point(start)
    } else {
        let end = time("offset_s")?;
        let span =
            Span::new(start, end).map_err(|_| format!("the offset at {end} is not after the onset at {start}"))?;
        When::State { span, open: false }
    };
    let position = Position::Line(line);
    if record.len() > header.n_fields {
        report.lost(position.clone(), format!("the row has {} fields, more than the header", record.len()));
    }
    let certainty = certainty_of(field("certainty"), &position, report);
    let note = header.field(record, "note").to_owned();
    Ok(Row { position, track: TrackKey::new(subject, channel), code: code.to_owned(), when, certainty, note })
}

fn certainty_of(word: &str, position: &Position, report: &mut Report) -> Certainty {
    match word {
        "" | "certain" => Certainty::Certain,
        "uncertain" => Certainty::Uncertain,
        other => {
            report.lost(
                position.clone(),
                format!("the certainty {} is neither certain nor uncertain: taken as uncertain", shown(other)),
            );
            Certainty::Uncertain
        }
    }
}

fn certainty_text(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "certain",
        Certainty::Uncertain => "uncertain",
    }
}

/// Without lines about them, episodes are from the first onset to the last offset of the rows that name them.
fn guess_episodes(rows: &[(String, Instant, Instant)], preamble: &mut Preamble, report: &mut Report) {
    let mut hulls: HashMap<&str, (Instant, Instant)> = HashMap::new();
    for (name, start, end) in rows {
        let (first, last) = hulls.entry(name).or_insert((*start, *end));
        (*first, *last) = ((*first).min(*start), (*last).max(*end));
    }
    let mut episodes: Vec<(&str, Instant, Instant)> =
        hulls.into_iter().map(|(name, (start, end))| (name, start, end)).collect();
    episodes.sort_by_key(|(name, start, _)| (*start, *name));
    let onsets: Vec<Instant> = episodes.iter().skip(1).map(|(_, start, _)| *start).collect();
    for (idx, (name, start, end)) in episodes.into_iter().enumerate() {
        let end = onsets.get(idx).map_or(end, |next| end.min(*next)); // a state may last into the next episode
        let Ok(span) = Span::new(start, end) else {
            report.lost(Position::Whole, format!("the episode {} has no length", shown(name)));
            continue;
        };
        let (from, to) = (start.to_secs_text(), end.to_secs_text());
        report.guessed(
            Position::Whole,
            format!("the episode {} is taken as {from} to {to} s, from its rows", shown(name)),
        );
        preamble.episodes.push(Episode::new(EpisodeId(0), name, EpisodeKind::of_name(name), span));
    }
}

fn scheme_of(
    preamble: &Preamble,
    rows: &[Row],
    schemes: Schemes,
    report: &mut Report,
) -> Result<Scheme, ExchangeError> {
    let named = preamble.scheme.as_ref();
    if let Some(given) = schemes.given {
        if let Some((name, version)) = named.filter(|(name, version)| (name, version) != (&given.name, &given.version))
        {
            let message = format!(
                "the file says the scheme {} {}, read with {} {}",
                shown(name),
                shown(version),
                given.name,
                given.version
            );
            report.noted(Position::Whole, message);
        }
        return Ok(given.clone());
    }
    if let Some(known) = named.and_then(|(name, version)| schemes.find(name, version)) {
        return Ok(known.clone());
    }
    let only_engagement = !rows.is_empty() && rows.iter().all(|row| row.track.channel == scoring::ENGAGEMENT);
    let made = named.is_some_and(|(name, _)| name == ENGAGEMENT_SCHEME);
    match named {
        _ if only_engagement || made => Ok(engagement_scheme(rows)),
        Some((name, version)) => Err(ExchangeError::UnknownScheme(format!("{} {}", shown(name), shown(version)))),
        None if rows.is_empty() => {
            let first = report.of(Severity::Lost).find(|item| matches!(item.position, Position::Line(_)));
            let why =
                first.map_or_else(|| "there is none".to_owned(), |item| format!("{}: {}", item.position, item.message));
            Err(ExchangeError::NoRows(why))
        }
        None => {
            let scheme = schemes.fitting(&rows.iter().map(|row| (&row.track, row.code.as_str())));
            let scheme = scheme.ok_or_else(|| ExchangeError::NoScheme(tracks_of(rows)))?;
            report.guessed(
                Position::Whole,
                format!("the file names no scheme: read with {} {}", scheme.name, scheme.version),
            );
            Ok(scheme.clone())
        }
    }
}

fn tracks_of(rows: &[Row]) -> String {
    let tracks: BTreeSet<&TrackKey> = rows.iter().map(|row| &row.track).collect();
    tracks.into_iter().take(20).map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The scheme of a file that holds states of engagement only: its codes are its states.
fn engagement_scheme(rows: &[Row]) -> Scheme {
    let mut scheme = MadeScheme::new(
        ENGAGEMENT_SCHEME,
        "Engagement",
        "Made for a table of states of engagement: its codes are its states.",
    );
    let mut codes_of: BTreeMap<&TrackKey, BTreeSet<(usize, &str)>> = BTreeMap::new();
    for row in rows {
        codes_of.entry(&row.track).or_default().insert((place_of(&row.code), &row.code));
    }
    let states: BTreeSet<(usize, &str)> = codes_of.values().flatten().copied().collect();
    for (track, codes) in codes_of {
        let codes = codes.into_iter().map(|(_, code)| (code.to_owned(), code.to_owned()));
        let channel = scheme.channel(track, ChannelKind::State, codes);
        channel.exhaustive = true;
        for code in channel.codes.iter_mut().filter(|code| matches!(code.key.as_str(), "USC" | "Iusc" | "Cusc")) {
            code.missing = Some(Missing::Unscorable);
        }
    }
    let states: Vec<String> = states.into_iter().map(|(_, state)| state.to_owned()).collect();
    let mut scheme = scheme.finish();
    scheme.relation = Some(MatchRelation::equality(&states));
    scheme
}

/// From negative to positive; states whose names say nothing come last.
fn place_of(state: &str) -> usize {
    StateType::ALL.iter().position(|kind| StateType::of_key(state) == Some(*kind)).unwrap_or(StateType::ALL.len())
}
