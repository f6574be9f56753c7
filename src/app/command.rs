//! Everything a person can do, as data: keys, buttons and menus send the same commands, and drawing code sends nothing else.

use std::path::{Path, PathBuf};

use media::Speed;
use session::marking::{Edge, Marks, Setup};
use session::{Certainty, EpisodeId, EpisodeKind, ExcludedId, MarkId, MediumId, MediumKind, Role, TrackKey};
use span::{Instant, Length, Span};

use crate::keys::Stamp;
use crate::look::Look;
use crate::preferences::{Preferences, VideoLayout};
use crate::thumbnails::Place;

use crate::state::Asked;

/// One thing that a person asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Play, pause, seek, step.
    Transport(Transport),
    /// A mark by key or button.
    Coding(Coding),
    /// A change of what is marked.
    Editing(Editing),
    /// Files, windows and the program itself.
    File(File),
    /// What is shown, and how large.
    View(View),
}

/// Play, pause, seek, step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Transport {
    /// Space.
    PlayOrPause,
    /// K.
    Pause,
    /// L: play, or play faster.
    Faster,
    /// J: play in reverse, or slower.
    Reverse,
    /// A button of the speed row.
    Speed(Speed),
    /// To this moment, exactly.
    Seek(Instant),
    /// The hand is dragging: an approximate picture will do until it rests.
    Scrub(Instant),
    /// The hand let go.
    ScrubEnd,
    /// By frames of the armed track's medium.
    Step(i64),
    /// By a fixed time.
    Jump(Length),
    /// To the first or the last frame.
    ToStart,
    /// As above.
    ToEnd,
    /// To the nearest boundary on the armed track, before or after.
    PreviousBoundary,
    /// As above.
    NextBoundary,
    /// To the next time that the armed track leaves uncoded.
    NextGap,
    /// Round the selected mark or episode; again: no longer.
    LoopSelection,
    /// Round this stretch.
    Loop(Option<Span>),
    /// Plays from here: on and on, or round this stretch.
    Watch {
        /// Where it begins.
        from: Instant,
        /// What it goes round.
        round: Option<Span>,
    },
    /// 0 to 1.
    Volume(f32),
    /// Sound on or off.
    Mute,
    /// This one is heard, and no other.
    Hear(MediumId),
    /// The next one that has sound is heard.
    HearNext,
}

/// A mark by key or button.
#[derive(Clone, Debug, PartialEq)]
pub enum Coding {
    /// A key of the scheme went down. Which code it is, is said by the track that is armed when its turn comes.
    KeyDown {
        /// The key's character.
        character: char,
        /// What was on screen.
        stamp: Stamp,
    },
    /// A key of the scheme came up.
    KeyUp {
        /// The key's character.
        character: char,
        /// What was on screen.
        stamp: Stamp,
    },
    /// A code of the armed track, at the frames that were on screen.
    Press {
        /// The code's key in the scheme.
        code: String,
        /// What was on screen.
        stamp: Stamp,
    },
    /// The open state ends here.
    End(Stamp),
    /// The last coding act is taken back, and the video goes there.
    TakeBack,
    /// Keys code this track.
    Arm(TrackKey),
    /// Tab.
    ArmNext,
    /// Shift+Tab.
    ArmPrevious,
    /// The new state replaces what the playhead passes.
    Overwrite,
    /// The armed track has been looked at up to here.
    CodedToHere,
}

/// A change of what is marked.
#[derive(Clone, Debug, PartialEq)]
pub enum Editing {
    /// Ctrl+Z.
    Undo,
    /// Ctrl+Shift+Z.
    Redo,
    /// What a click selects.
    Select(Option<Selection>),
    /// Delete.
    Delete,
    /// An edge of a mark was dragged to this moment.
    MoveEdge {
        /// The mark.
        mark: MarkId,
        /// Which of its edges.
        edge: Edge,
        /// Where to.
        to: Instant,
        /// Without the neighbour that it touches.
        alone: bool,
    },
    /// A mark was dragged, so that it begins at this moment.
    MoveMark {
        /// The mark.
        mark: MarkId,
        /// Where to.
        to: Instant,
    },
    /// The selected mark becomes two at the playhead.
    Split,
    /// The mark gets another code.
    ChangeCode {
        /// The mark.
        mark: MarkId,
        /// The code's key in the scheme.
        code: String,
    },
    /// The mark gets a note.
    Note {
        /// The mark.
        mark: MarkId,
        /// What it says.
        text: String,
    },
    /// The mark becomes certain or uncertain.
    Certainty {
        /// The mark.
        mark: MarkId,
        /// What it becomes.
        certainty: Certainty,
    },
    /// I: an episode begins here.
    EpisodeIn,
    /// O: the episode ends here.
    EpisodeOut,
    /// An episode over this stretch.
    AddEpisode {
        /// When.
        span: Span,
        /// What it is called.
        name: String,
        /// What the partners were asked to do.
        kind: EpisodeKind,
    },
    /// Episodes that follow each other.
    EpisodesFromLengths {
        /// When the first begins.
        start: Instant,
        /// Name and length of each.
        lengths: Vec<(String, Length)>,
    },
    /// Another name, kind or place for an episode.
    ChangeEpisode {
        /// Which.
        id: EpisodeId,
        /// What it is called.
        name: String,
        /// What the partners were asked to do.
        kind: EpisodeKind,
        /// When.
        span: Span,
    },
    /// This stretch is left out of everything, for this reason.
    Exclude {
        /// When.
        span: Span,
        /// Why.
        reason: String,
    },
    /// The stretch counts again.
    Include(ExcludedId),
    /// What the session is of, said anew: names, media and where they lie, which of them each track is coded from.
    SetUp {
        /// What is said.
        setup: Box<Setup>,
        /// What becomes of the marks coded from a medium that moves.
        marks: Marks,
    },
    /// The track is coded by holding keys, or by single presses.
    Hold {
        /// The track.
        track: TrackKey,
        /// Holding?
        hold: bool,
    },
    /// Another video or sound.
    AddMedium(PathBuf),
    /// What is shown of this video is the moment that was remembered in another: it is laid on the clock so.
    SameMoment(MediumId),
    /// The track is coded from this medium.
    CodeFrom {
        /// The track.
        track: TrackKey,
        /// The medium.
        medium: MediumId,
    },
    /// An optional channel gets a track, or loses it.
    ToggleTrack(TrackKey),
    /// A setting of the scores that is a number.
    ScoreSetting {
        /// Its name.
        name: &'static str,
        /// What it becomes.
        value: u32,
    },
}

/// What can be selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// A mark.
    Mark(MarkId),
    /// An episode.
    Episode(EpisodeId),
}

/// Files, windows and the program itself.
#[derive(Clone, Debug, PartialEq)]
pub enum File {
    /// The assistant for a new session.
    New,
    /// What the assistant was told.
    Create(Box<NewSession>),
    /// Asks for a session or video.
    Open,
    /// Opens this file: a session, a video, or something that can be imported.
    OpenPath(PathBuf),
    /// The demonstration session.
    OpenDemo,
    /// Ctrl+S.
    Save,
    /// Asks for a place, and goes on there.
    SaveAs,
    /// Goes on at this place.
    SaveAsPath(PathBuf),
    /// Asks for a place for what is exported.
    Export(Export),
    /// Exports there.
    ExportTo(Export, PathBuf),
    /// An earlier save, opened as a copy.
    OpenEarlier(PathBuf),
    /// Somebody else's session was opened.
    AnswerCoder(CoderAnswer),
    /// What could be saved of a file that does not fit its journal.
    OpenRecovered,
    /// A file dialog.
    Ask(Asked),
    /// The path that was written where there are no file dialogs.
    Written(Asked, PathBuf),
    /// Compares the session with another coder's.
    CompareWith(PathBuf),
    /// What is left of a damaged session, as a copy.
    Recover(PathBuf),
    /// Where a medium is now.
    Relink(MediumId),
    /// As above; another file than the one that was coded only after a question.
    RelinkTo(MediumId, PathBuf),
    /// This file, though it is another than the one that was coded.
    RelinkAllTheSame(MediumId, PathBuf),
    /// The file that stands where the coded one stood is the same recording.
    AcceptFile(MediumId),
    /// Where a medium lies on the first one's clock is found by its sound, for the dialog that asks.
    SyncBySound(MediumId),
    /// That is not waited for any more.
    StopSync,
    /// Closes the window.
    Quit,
}

/// What the assistant for a new session was told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewSession {
    /// The session's name: a pseudonym of the dyad.
    pub name: String,
    /// Videos and sounds; the first gives the clock.
    pub media: Vec<NewMedium>,
    /// The place among the media of the one that each subject's tracks are coded from; the first where nothing is said.
    pub coded_from: Vec<(String, usize)>,
    /// The scheme's name.
    pub scheme: String,
    /// The coder's pseudonym.
    pub coder: String,
    /// Primary or second coder, ...
    pub role: Role,
    /// What this study calls the subjects, by their keys.
    pub subject_names: Vec<(String, String)>,
    /// Where the session's file goes; a draft where that is not said.
    pub path: Option<PathBuf>,
    /// Why it could not be made the last time.
    pub problem: String,
}

/// A video or sound of a new session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewMedium {
    /// Its file.
    pub path: PathBuf,
    /// What is written over the picture; the file's name where it is empty.
    pub label: String,
    /// What it holds, once that is known.
    pub kind: MediumKind,
    /// What was typed as the session time of its first frame, in seconds.
    pub offset: String,
    /// It goes on with the one before it, whatever was typed as its offset: the next clip of one recording.
    pub follows: bool,
    /// What was typed as the time between, in seconds.
    pub between: String,
    /// It has been looked at, and can be coded unless there is a problem.
    pub is_known: bool,
    /// Why it cannot be coded, where that is so.
    pub problem: String,
}

impl NewSession {
    /// What its file is called, where nobody chose a name.
    #[must_use]
    pub fn file_name(&self) -> PathBuf {
        let name = if self.coder.is_empty() { self.name.clone() } else { format!("{}-{}", self.name, self.coder) };
        PathBuf::from(format!("{}.{}", name.trim().replace(['/', '\\'], "-"), session::file::EXTENSION))
    }

    /// Where its file goes by itself: in the folder for sessions, where one was chosen and has no file of that name.
    #[must_use]
    pub fn place_in(&self, folder: Option<&Path>) -> Option<PathBuf> {
        Some(folder?.join(self.file_name())).filter(|place| !place.exists())
    }
}

impl From<PathBuf> for NewMedium {
    fn from(path: PathBuf) -> Self {
        Self { path, offset: "0".to_owned(), between: "0".to_owned(), ..Self::default() }
    }
}

impl NewMedium {
    /// The file's name.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// What can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// The coded-timeline CSV.
    TimelinesCsv,
    /// The scores, as `attune score --format csv` prints them.
    ScoresCsv,
    /// The scores, as `attune score --format json` prints them.
    ScoresJson,
    /// A row per frame, a column per track.
    StateMatrix,
    /// ELAN.
    Eaf,
}

/// What to do with a session that belongs to another coder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoderAnswer {
    /// Look, and change nothing.
    Read,
    /// Go on coding as the coder of the session.
    ContinueAsThem,
    /// A session of one's own: the same videos, scheme and episodes, without marks.
    DuplicateWithoutMarks,
}

/// What is shown, and how large.
#[derive(Clone, Debug, PartialEq)]
pub enum View {
    /// The time axis, about the playhead.
    Zoom(f64),
    /// All of the session.
    Fit,
    /// The axis as dragged or scrolled.
    Axis(crate::timeline::Axis),
    /// The score panel.
    ToggleScores,
    /// All scores in it, or those that say the most.
    ToggleAllScores,
    /// A dialog opens.
    Show(crate::dialog::Dialog),
    /// The dialog closes.
    CloseDialog,
    /// Other preferences.
    Preferences(Box<Preferences>),
    /// What is special about a video has been read.
    Told(MediumId),
    /// How a video is looked at.
    Look(MediumId, Look),
    /// How several videos stand.
    Layout(VideoLayout),
    /// The moment that is shown of a video is remembered, to be found in another.
    RememberMoment(MediumId),
    /// Ends what is under way: the selection, a loop, the word about a file, the full screen.
    Escape,
    /// The window that has the keyboard fills its screen; again: no longer.
    FullScreen,
    /// A video goes to a window of its own, for a second screen; again: back.
    Apart(MediumId),
    /// Small pictures along the timelines, or none.
    ToggleThumbnails,
    /// The frames whose small pictures stand along the timelines.
    Thumbnails(Vec<Place>),
    /// The share of the room that the timelines were dragged to.
    TimelinesShare(f32),
    /// The channel of a comparison that is shown.
    ComparedChannel(usize),
    /// The difference that is looked at.
    ComparedPlace(usize),
    /// The other coder's session is put away.
    CloseComparison,
    /// Which episode the score panel shows.
    ScoredEpisode(usize),
    /// A sentence for the status line.
    Say(String),
}

macro_rules! from_part {
    ($($part:ident),*) => {
        $(impl From<$part> for Command {
            fn from(part: $part) -> Self {
                Self::$part(part)
            }
        })*
    };
}

from_part!(Transport, Coding, Editing, File, View);

/// Where commands gather while the window is drawn. They are carried out before the next drawing.
#[derive(Debug, Default)]
pub struct Commands(Vec<Command>);

impl Commands {
    /// Asks for something.
    pub fn push(&mut self, command: impl Into<Command>) {
        self.0.push(command.into());
    }

    /// Is there nothing to do?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Is a dialog the last thing that was asked for?
    #[must_use]
    pub fn opens_dialog(&self) -> bool {
        matches!(self.0.last(), Some(Command::View(View::Show(_))))
    }

    /// All of them, in order; none are left.
    pub fn take(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.0)
    }
}
