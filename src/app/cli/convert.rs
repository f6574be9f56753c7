//! `attune convert`: to and from every format that Attune knows.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use exchange::csv::CsvOptions;
use exchange::matrix::Rows;
use exchange::{Report, csv, eaf, matrix};
use jiff::Timestamp;
use media::FrameIndex;
use session::file::{Disk, Existing, Holder, OsDisk, create, resolve_medium};
use session::{MediumId, Session};
use span::{Instant, Length};

use super::input::{Loaded, SchemeArgs, is_own, load};
use super::output::{Failure, check_output, tell, write_file};
use super::probe::read_index;

/// Bring a session into another format, with a report of what could not be carried over
#[derive(Debug, Args)]
#[command(after_help = "\
Formats: session (.attune), csv (coded timelines), eaf (ELAN), matrix (one row per step or frame; written only). The ending of
OUT says which; --to says otherwise. What is lost, rounded or guessed is told on standard error, each with its place.

Examples:
  attune convert dyad01.attune dyad01.csv
  attune convert coded-in-elan.eaf dyad01.attune --scheme our-scheme.json
  attune convert dyad01.attune grid.csv --to matrix --step 0.5")]
pub(super) struct ConvertArgs {
    /// The file to read: .attune, .csv or .eaf
    input: PathBuf,
    /// The file to write
    output: PathBuf,
    /// The format to write, where the ending of OUT does not say it
    #[arg(long, value_enum)]
    to: Option<To>,
    #[command(flatten)]
    scheme: SchemeArgs,
    /// csv: leave out the comment lines, which some programs cannot skip
    #[arg(long)]
    plain: bool,
    /// matrix: one row per frame; csv: refuse where a video is missing, whose frame numbers are otherwise left empty
    #[arg(long)]
    frames: bool,
    /// matrix: seconds from row to row
    #[arg(long, value_name = "S", default_value = "1", conflicts_with = "frames")]
    step: Length,
    /// Write over a file that is there already
    #[arg(long)]
    force: bool,
}

/// A format that can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum To {
    /// Attune's own session
    Session,
    /// The coded-timeline CSV
    Csv,
    /// An ELAN document
    Eaf,
    /// The state matrix
    Matrix,
}

pub(super) fn run(args: &ConvertArgs) -> Result<(), Failure> {
    let to = args.to.or_else(|| format_of(&args.output)).ok_or_else(|| {
        Failure::Usage(format!(
            "{} does not say its format: end it in .attune, .csv or .eaf, or add --to",
            args.output.display()
        ))
    })?;
    if args.step < Length::from_millis(1) {
        return Err(Failure::Usage("a step is at least a millisecond: --step 0.001".to_owned()));
    }
    check_output(&args.output, args.force, [&args.input].into_iter().chain(args.scheme.file()))?;
    let schemes = args.scheme.load()?;
    let mut loaded = load(&args.input, &schemes).map_err(Failure::Because)?;
    let media: Vec<PathBuf> =
        loaded.session().media.iter().map(|medium| resolve_medium(&args.input, &medium.path)).collect();
    check_output(&args.output, args.force, &media)?;
    let indexes = match to {
        _ if args.frames => read_indexes(loaded.session(), &args.input)?,
        To::Csv => found_indexes(&mut loaded, &args.input),
        _ => Vec::new(),
    };
    loaded.move_to(&args.input, &args.output);
    loaded.tell_remarks(&args.input);

    let (bytes, report) = match to {
        To::Session => return write_session(loaded, &args.output, args.force),
        To::Csv => {
            let session = loaded.session();
            let number = |id, time| frame_number(&indexes, id, time);
            csv::write(session, &CsvOptions { plain: args.plain, frame_number: Some(&number) })
        }
        To::Eaf => eaf::write(loaded.session()),
        To::Matrix if args.frames => {
            let times = frame_times(loaded.session(), &indexes)?;
            matrix::write(loaded.session(), Rows::Frames(&times))
        }
        To::Matrix => matrix::write(loaded.session(), Rows::Every(args.step)),
    };
    write_file(&args.output, &bytes, args.force)?;
    tell_report(&args.output, &report);
    Ok(())
}

fn format_of(output: &Path) -> Option<To> {
    if is_own(output) {
        return Some(To::Session);
    }
    exchange::Format::of_path(output).map(|format| match format {
        exchange::Format::Csv => To::Csv,
        exchange::Format::Eaf => To::Eaf,
        exchange::Format::Matrix => To::Matrix,
    })
}

/// Writes Attune's own file; an earlier one of that name is kept among its earlier versions.
fn write_session(loaded: Loaded, output: &Path, force: bool) -> Result<(), Failure> {
    let disk: Arc<dyn Disk> = Arc::new(OsDisk);
    let existing = if force { Existing::Replace } else { Existing::Refuse };
    let mut document = loaded.document;
    let made = create(&disk, output, &mut document, existing, Holder::here("", Timestamp::now()));
    made.map(drop).map_err(|error| Failure::Because(error.to_string()))
}

fn tell_report(output: &Path, report: &Report) {
    for item in &report.items {
        tell(&format!("{}: {item}", output.display()));
    }
}

/// The index of each medium of a session in `file`.
fn read_indexes(session: &Session, file: &Path) -> Result<Vec<(MediumId, FrameIndex)>, Failure> {
    if session.media.is_empty() {
        return Err(Failure::Because(format!("{} names no video: leave --frames out", file.display())));
    }
    let index = |medium: &session::Medium| {
        let index = read_index(&resolve_medium(file, &medium.path));
        index.map(|index| (medium.id, index)).map_err(Failure::Because)
    };
    session.media.iter().map(index).collect()
}

/// The index of each medium that is there; of the others the frame numbers are left out, which is said.
fn found_indexes(loaded: &mut Loaded, file: &Path) -> Vec<(MediumId, FrameIndex)> {
    let mut found = Vec::new();
    for medium in loaded.session().media.clone() {
        match read_index(&resolve_medium(file, &medium.path)) {
            Ok(index) => found.push((medium.id, index)),
            Err(why) => loaded.remarks.push(format!("frame numbers are left out: {why}")),
        }
    }
    found
}

/// The number of the frame that begins at a medium's time; one more than the last at its end.
fn frame_number(indexes: &[(MediumId, FrameIndex)], id: MediumId, time: Instant) -> Option<u64> {
    let (_, index) = indexes.iter().find(|(medium, _)| *medium == id)?;
    Some(if time >= index.end() { index.len() as u64 } else { index.frame_at(time) as u64 })
}

/// Session times of the first video's frames; of sound only where there is no video.
fn frame_times(session: &Session, indexes: &[(MediumId, FrameIndex)]) -> Result<Vec<Instant>, Failure> {
    let first = session.media.iter().find(|medium| medium.kind.is_video()).or(session.media.first());
    let index = |id| indexes.iter().find(|(medium, _)| *medium == id).map(|(_, index)| index);
    let (medium, index) = first
        .and_then(|medium| Some((medium, index(medium.id)?)))
        .ok_or_else(|| Failure::Because("there is no video whose frames could be rows".to_owned()))?;
    Ok(index.times().map(|time| medium.session_time(time)).collect())
}
