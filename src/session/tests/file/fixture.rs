//! A session to work on, and the work.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use session::file::{self, Disk, Existing, Holder, Opened, SessionFile};
use session::{Change, Document, Edit, Item, Mark, MarkId, Session, Stamp, Track, TrackKey, When};
use span::{Instant, Span};

use crate::sim::SimDisk;

/// Where the file is.
pub(crate) fn path() -> PathBuf {
    PathBuf::from("/study/d1.attune")
}

/// What lies beside it.
pub(crate) fn beside(name: &str) -> PathBuf {
    Path::new("/study/.attune/d1").join(name)
}

/// So many seconds after the story begins.
pub(crate) fn at(seconds: i64) -> Timestamp {
    let begin: Timestamp = "2026-11-24T09:00:00Z".parse().expect("a time");
    begin + SignedDuration::from_secs(seconds)
}

/// C1 at a laptop.
pub(crate) fn holder(seconds: i64) -> Holder {
    Holder { host: "laptop".to_owned(), ..Holder::here("C1", at(seconds)) }
}

/// The infant's gaze, and nothing coded yet.
pub(crate) fn session() -> Session {
    let code = |key: &str| json!({"key": key, "label": key, "shortcut": null, "colour": "#808080"});
    let session = json!({
        "id": "0123456789abcdef0123456789abcdef", "name": "d1", "coder": "C1",
        "media": [{"id": "v1", "path": "d1.mp4", "end_us": 60_000_000, "frame_us": 40_000}],
        "episodes": [{"id": "e2", "name": "play", "kind": "play", "span_us": [0, 60_000_000]}],
        "scheme": {
            "name": "small", "version": "1", "label": "Small",
            "subjects": [{"key": "infant", "label": "Infant"}],
            "channels": [{
                "subject": "infant", "key": "gaze", "label": "Gaze", "kind": "state", "exclusive": true,
                "codes": [code("partner"), code("away")],
            }],
        },
    });
    let mut session: Session = serde_json::from_value(session).expect("a session");
    session.tracks.push(Track::new(gaze()));
    session
}

pub(crate) fn gaze() -> TrackKey {
    TrackKey::new("infant", "gaze")
}

/// The n-th thing that the coder does: one second of gaze, or, each fifth time, taking back what was done before.
pub(crate) fn work(document: &mut Document, n: u64) {
    let stamp = Stamp { time: at(n as i64), who: "C1".to_owned() };
    if n % 5 == 4 {
        document.undo(stamp).expect("it can be taken back");
        return;
    }
    let start = n as i64 * 1_000_000;
    let span = Span::from_micros(start, start + 1_000_000).expect("a second");
    let code = if n.is_multiple_of(2) { "partner" } else { "away" };
    let mark = Mark::new(MarkId(100 + n), code, When::State { span, open: false });
    let insert = Change::Insert(Item::Mark { track: gaze(), mark });
    document.apply(Edit::one(format!("code {n}"), insert), stamp).expect("it fits");
}

/// An open state, begun by step `n`.
pub(crate) fn open_state(document: &mut Document, n: u64) {
    let stamp = Stamp { time: at(n as i64), who: "C1".to_owned() };
    let start = n as i64 * 1_000_000;
    let span = Span::from_micros(start, start + 40_000).expect("a frame");
    let mark = Mark::new(MarkId(100 + n), "partner", When::State { span, open: true });
    let insert = Change::Insert(Item::Mark { track: gaze(), mark });
    document.apply(Edit::one("begin", insert), stamp).expect("it fits");
}

/// Gives the open state its end where it is, at `seconds`.
pub(crate) fn close_state(document: &mut Document, seconds: i64) {
    let open = document.session().tracks[0].open_state().expect("one is open").clone();
    let closed = open.with_span(open.span().expect("a state"), false);
    let item = |mark| Item::Mark { track: gaze(), mark };
    let edit = Edit::one("end", Change::Replace { from: item(open), to: item(closed) });
    document.apply(edit, Stamp { time: at(seconds), who: "C1".to_owned() }).expect("it fits");
}

/// The video plays from one moment to another.
pub(crate) fn play(document: &mut Document, from_us: i64, to_us: i64) {
    for start in (from_us..to_us).step_by(40_000) {
        let seen = Span::new(Instant::from_micros(start), Instant::from_micros(start + 40_000)).expect("a frame");
        document.extend_open(&gaze(), seen);
    }
}

/// A disk with the file of a session on it, as it was made.
pub(crate) fn made(n_steps: u64) -> (Arc<dyn Disk>, SimDisk, Document, SessionFile) {
    let sim = SimDisk::default();
    let disk: Arc<dyn Disk> = Arc::new(sim.clone());
    let mut document = Document::new(session());
    (0..n_steps).for_each(|n| work(&mut document, n));
    let file = file::create(&disk, &path(), &mut document, Existing::Refuse, holder(0)).expect("it is made");
    (disk, sim, document, file)
}

/// Opens the file on a disk.
pub(crate) fn open(disk: &SimDisk) -> Opened {
    let disk: Arc<dyn Disk> = Arc::new(disk.clone());
    file::open(&disk, &path(), holder(1000)).expect("it opens")
}
