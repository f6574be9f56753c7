//! Exports: written whole or not at all, on a worker, and what was lost is said.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use exchange::csv::CsvOptions;
use exchange::matrix::Rows;
use exchange::{Report, csv, eaf, matrix};
use media::FrameIndex;
use session::file::moved;
use session::marking::n_marks_coded_from;
use session::{MediumId, Session};
use span::Instant;

use super::signature;
use crate::app::App;
use crate::command::Export;
use crate::jobs::Done;
use crate::score_text::{ScoredFile, scores_csv, scores_json};

impl App {
    pub(super) fn export_to(&mut self, export: Export, path: PathBuf) {
        let Some(work) = &mut self.state.work else { return };
        work.document.finish();
        let scored = matches!(export, Export::ScoresCsv | Export::ScoresJson | Export::StateMatrix);
        let session = if scored {
            work.session().clone()
        } else {
            // its media are named from where the export goes
            match moved(&work.document, work.file.path(), &path, &signature(work)) {
                Ok(document) => document.session().clone(),
                Err(error) => return self.alarm(error.to_string()),
            }
        };
        let file = work.file.path().display().to_string();
        let indexes: Vec<Option<Arc<FrameIndex>>> = (0..work.player.videos())
            .map(|n| work.player.index(n).filter(|index| index.is_complete()).cloned())
            .collect();
        self.say(format!("exporting {}…", path.display()));
        self.jobs.run(move || {
            let made = make(export, &session, &file, &indexes).and_then(|(bytes, remarks)| {
                write_whole(&path, &bytes).map_err(|error| {
                    format!("{} cannot be written ({error}): choose a folder of your own that has room", path.display())
                })?;
                Ok(remarks)
            });
            Done::Exported(path, made)
        });
    }

    pub(super) fn exported(&mut self, path: &Path, remarks: Vec<String>) {
        self.say_with_remarks(format!("exported {}", path.display()), remarks);
    }
}

fn make(
    export: Export,
    session: &Session,
    file: &str,
    indexes: &[Option<Arc<FrameIndex>>],
) -> Result<(Vec<u8>, Vec<String>), String> {
    let remarks = |report: Report| report.items.iter().map(ToString::to_string).collect();
    match export {
        Export::TimelinesCsv => {
            let number = |id, time| frame_number(session, indexes, id, time);
            let (bytes, report) = csv::write(session, &CsvOptions { plain: false, frame_number: Some(&number) });
            Ok((bytes, without_frames(session, indexes).into_iter().chain(remarks(report)).collect()))
        }
        Export::Eaf => {
            let (bytes, report) = eaf::write(session);
            Ok((bytes, remarks(report)))
        }
        Export::StateMatrix => {
            let times = frame_times(session, indexes)
                .ok_or("the frames of the video are not known yet: try again in a moment")?;
            let (bytes, report) = matrix::write(session, Rows::Frames(&times));
            Ok((bytes, remarks(report)))
        }
        Export::ScoresCsv => Ok((scores_csv(&[scored(session, file)?]).into_bytes(), Vec::new())),
        Export::ScoresJson => Ok((scores_json(&[scored(session, file)?], &[], None).into_bytes(), Vec::new())),
    }
}

fn scored(session: &Session, file: &str) -> Result<ScoredFile, String> {
    let overrides = serde_json::Map::new();
    let settings = session::score_settings(session, &overrides).map_err(|error| error.to_string())?;
    let scores = session::score(session, &overrides).map_err(|error| error.to_string())?;
    Ok(ScoredFile { file: file.to_owned(), session: session.id.to_string(), settings, scores })
}

/// The number of the frame that begins at a medium's time; one more than the last at its end.
fn frame_number(session: &Session, indexes: &[Option<Arc<FrameIndex>>], id: MediumId, time: Instant) -> Option<u64> {
    let place = session.media.iter().position(|medium| medium.id == id)?;
    let index = indexes.get(place)?.as_ref()?;
    let number = if time >= index.end() { index.len() } else { index.frame_at(time) };
    Some(number as u64)
}

/// What there is to know of marks whose video has no frames that are known.
fn without_frames(session: &Session, indexes: &[Option<Arc<FrameIndex>>]) -> Vec<String> {
    let media = session.media.iter().enumerate().filter(|(n, _)| !matches!(indexes.get(*n), Some(Some(_))));
    let coded = media.filter(|(_, medium)| n_marks_coded_from(session, medium.id) > 0);
    coded
        .map(|(_, medium)| {
            format!("the frames of {} are not known yet: its marks have no frame numbers here", medium.path)
        })
        .collect()
}

/// Session times of the first video's frames, and of the clips that follow it; of sound only where there is no video.
fn frame_times(session: &Session, indexes: &[Option<Arc<FrameIndex>>]) -> Option<Vec<Instant>> {
    let first = session.media.iter().position(|medium| medium.kind.is_video()).unwrap_or(0);
    let clips = session.clips().into_iter().find(|clips| clips.contains(&first))?;
    let mut times = Vec::new();
    for clip in clips {
        let (medium, index) = (session.media.get(clip)?, indexes.get(clip)?.as_ref()?);
        times.extend(index.times().map(|time| medium.session_time(time)));
    }
    Some(times)
}

/// Writes beside the file first, so that an export is never cut.
fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let draft = path.with_file_name(format!(".{}.unfinished", path.file_name().unwrap_or_default().to_string_lossy()));
    let written = std::fs::File::create(&draft).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&draft, path)
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&draft); // the error that matters is the first one
    }
    written
}

#[cfg(test)]
mod tests {
    use session::{Mark, MarkId, Medium, Scheme, SessionId, When};

    use super::*;

    #[test]
    fn marks_of_a_video_whose_frames_are_unknown_are_said_to_have_no_numbers() {
        let scheme = Scheme::built_in().into_iter().next().expect("a scheme");
        let mut session = Session::new(SessionId::random(), "dyad", "KL", scheme);
        session.media = vec![Medium::new(MediumId(1), "a.mp4"), Medium::new(MediumId(2), "b.mp4")];
        assert_eq!(without_frames(&session, &[None, None]), Vec::<String>::new(), "there are no marks");
        session.tracks[0].marks.push(Mark::new(MarkId(3), "away", When::Point(Instant::ZERO)));
        let said = without_frames(&session, &[None, None]);
        assert!(said.len() == 1 && said[0].contains("a.mp4 are not known yet"), "{said:?}");
    }
}
