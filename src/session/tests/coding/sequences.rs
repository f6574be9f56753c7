//! Whatever a coder does, in whatever order.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use session::marking::{
    Edge, Fill, Marks, Neighbour, Refusal, change_code, code_to_here, delete_marks, end_state, hold, move_edge,
    overwrite, place_medium, press_code, split_mark,
};
use session::{Document, LogLine, MarkId, Medium, Rate, Session};

use crate::timeline::{FRAME, at, frames, key, press, session, stamp, without_what_stays};

/// One thing that a coder does; frames and marks are taken modulo what there is.
#[derive(Clone, Debug)]
enum Act {
    Seek(i64),
    Play(i64),
    Key(usize),
    End,
    Hold(usize, i64),
    Overwrite(usize, i64),
    Abandon(usize),
    Offset(i64),
    Coded,
    Found(i64),
    DragEdge(usize, bool, i64, bool),
    Split(usize, i64),
    Recode(usize, usize),
    Delete(usize, bool),
    Undo,
    Redo,
    Back,
    Flush,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (0..90_i64).prop_map(Act::Seek),
        4 => (1..12_i64).prop_map(Act::Play),
        6 => (0..3_usize).prop_map(Act::Key),
        2 => Just(Act::End),
        1 => (0..3_usize, 0..6_i64).prop_map(|(code, frames)| Act::Hold(code, frames)),
        1 => (0..3_usize, 1..10_i64).prop_map(|(code, frames)| Act::Overwrite(code, frames)),
        1 => (0..3_usize).prop_map(Act::Abandon),
        1 => (0..20_usize, any::<bool>(), 0..90_i64, any::<bool>()).prop_map(|(mark, start, to, follow)| Act::DragEdge(mark, start, to, follow)),
        1 => (0..20_usize, 0..90_i64).prop_map(|(mark, at)| Act::Split(mark, at)),
        1 => (0..20_usize, 0..3_usize).prop_map(|(mark, code)| Act::Recode(mark, code)),
        1 => (0..20_usize, any::<bool>()).prop_map(|(mark, fill)| Act::Delete(mark, fill)),
        1 => (-20..20_i64).prop_map(Act::Offset),
        1 => Just(Act::Coded),
        1 => (90..110_i64).prop_map(Act::Found),
        3 => Just(Act::Undo),
        2 => Just(Act::Redo),
        1 => Just(Act::Back),
        1 => Just(Act::Flush),
    ]
}

/// A coder at one track, and the frame on screen.
struct Coder {
    document: Document,
    channel: &'static str,
    frame: i64,
    n: i64,
}

impl Coder {
    fn new(channel: &'static str) -> Self {
        let mut session = session();
        let episode = |id, name: &str, first, last| {
            session::Episode::new(session::EpisodeId(id), name, session::EpisodeKind::Other, frames(first, last))
        };
        session.episodes = vec![episode(2, "play", 5, 40), episode(3, "reunion", 60, 95)];
        Self { document: Document::new(session), channel, frame: 0, n: 0 }
    }

    fn does(&mut self, act: &Act) {
        self.n += 1;
        let code = |index: &usize| ["a", "b", "c"][*index];
        match act {
            Act::Seek(frame) => self.frame = *frame,
            Act::Play(frames) => (0..*frames).for_each(|_| self.next_frame()),
            Act::Key(index) => {
                let press = press(self.channel, code(index), self.frame);
                self.apply(press_code(self.document.session(), &press, self.document.ids()));
            }
            Act::End => self.apply(end_state(self.document.session(), &key(self.channel), at(self.frame))),
            Act::Hold(index, length) => {
                let press = press(self.channel, code(index), self.frame);
                for step in 0..=*length {
                    let shown = frames(self.frame, self.frame + 1);
                    let _refused = self.document.revise::<Refusal>(stamp(self.n), |session, ids| {
                        hold(session, &press, shown, step == *length, ids)
                    });
                    if step < *length {
                        self.next_frame();
                    }
                }
                self.document.finish();
            }
            Act::Overwrite(index, length) => {
                let press = press(self.channel, code(index), self.frame);
                for _ in 0..*length {
                    let to = at(self.frame + 1);
                    let _refused = self
                        .document
                        .revise::<Refusal>(stamp(self.n), |session, ids| overwrite(session, &press, to, ids));
                    self.document.flush_growth();
                    self.next_frame();
                }
                self.document.finish();
            }
            Act::Abandon(index) => {
                let (press, to) = (press(self.channel, code(index), self.frame), at(self.frame + 3));
                let _refused =
                    self.document.revise::<Refusal>(stamp(self.n), |session, ids| overwrite(session, &press, to, ids));
                self.document.flush_growth();
                self.document.abandon();
            }
            Act::Offset(frames) => {
                let id = self.document.session().media[0].id;
                let offset = FRAME.times(*frames);
                self.apply(place_medium(self.document.session(), id, offset, Rate::default(), Marks::Move));
            }
            Act::Coded => self.apply(code_to_here(self.document.session(), &key(self.channel), at(self.frame))),
            Act::Found(frames) => {
                let found = Medium { end: Some(at(*frames)), ..self.document.session().media[0].clone() };
                self.document.note_found(found, stamp(self.n)).expect("only its end is new");
            }
            Act::DragEdge(mark, start, to, follow) => {
                let edge = if *start { Edge::Start } else { Edge::End };
                let neighbour = if *follow { Neighbour::Follows } else { Neighbour::Stays };
                self.on_mark(*mark, |session, id| move_edge(session, id, edge, at(*to), neighbour));
            }
            Act::Split(mark, frame) => {
                let ids = self.document.ids();
                self.on_mark(*mark, |session, id| split_mark(session, id, at(*frame), ids));
            }
            Act::Recode(mark, index) => self.on_mark(*mark, |session, id| change_code(session, &[id], code(index))),
            Act::Delete(mark, fill) => {
                let fill = if *fill { Fill::Previous } else { Fill::Gap };
                self.on_mark(*mark, |session, id| delete_marks(session, &[id], fill));
            }
            Act::Undo => drop(self.document.undo(stamp(self.n)).expect("what was done can be undone")),
            Act::Redo => drop(self.document.redo(stamp(self.n)).expect("what was undone can be redone")),
            Act::Back => {
                if let Some((_, at)) =
                    self.document.take_last_coding_act(stamp(self.n)).expect("what was done can be undone")
                {
                    self.frame = at.micros() / 40_000;
                }
            }
            Act::Flush => self.document.flush_growth(),
        }
    }

    fn next_frame(&mut self) {
        let seen = frames(self.frame, self.frame + 2);
        self.frame += 1;
        self.document.extend_open(&key(self.channel), seen);
        self.document.extend_coded(&key(self.channel), seen);
    }

    fn on_mark(&mut self, index: usize, make: impl FnOnce(&Session, MarkId) -> Result<session::Edit, Refusal>) {
        let marks = &self.document.session().track(&key(self.channel)).expect("the track is there").marks;
        if let Some(mark) = marks.get(index % marks.len().max(1)) {
            let made = make(self.document.session(), mark.id);
            self.apply(made);
        }
    }

    /// A refusal is an answer; an edit must fit.
    fn apply(&mut self, made: Result<session::Edit, Refusal>) {
        if let Ok(edit) = made {
            self.document.apply(edit, stamp(self.n)).expect("an edit of marking fits the session that it was made for");
        }
    }
}

/// How many steps there were.
fn undo_all(document: &mut Document) -> usize {
    std::iter::from_fn(|| document.undo(stamp(0)).expect("what was done can be undone")).count()
}

/// Wherever the log is cut, what it holds is a document.
fn check_cut(first: &Session, lines: &[String]) {
    let mut cut = Document::new(first.clone());
    for line in lines {
        cut.replay(serde_json::from_str(line).expect("a line that was written")).expect("lines in order");
    }
    cut.finish();
    check_rules(&cut);
}

/// Sorted, disjoint, at most one open, within the rules; and proved by the history.
fn check_rules(document: &Document) {
    document.session().check_rules().expect("every rule is kept");
    document.history().prove(document.session()).expect("the history is whole and leads to the session");
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), failure_persistence: None, cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn every_sequence_keeps_the_rules_and_can_be_undone_and_made_again(
        channel in prop_oneof![Just("state"), Just("loose"), Just("many"), Just("point")],
        acts in prop::collection::vec(act(), 1..40),
    ) {
        let mut coder = Coder::new(channel);
        for act in &acts {
            coder.does(act);
            coder.document.session().check_rules().expect("every rule is kept after each act");
        }
        let mut document = coder.document;
        check_rules(&document);
        let reached = document.session().clone();
        let steps = undo_all(&mut document);
        prop_assert_eq!(without_what_stays(document.session()), without_what_stays(document.history().first()));
        check_rules(&document);
        for _ in 0..steps {
            document.redo(stamp(0)).expect("what was undone can be made again");
        }
        prop_assert_eq!(document.session(), &reached);
        check_rules(&document);
    }

    #[test]
    fn log_of_every_sequence_gives_the_document_again(acts in prop::collection::vec(act(), 1..30), last in 0..200_usize) {
        let mut coder = Coder::new("state");
        let (lines, log) = crossbeam_channel::unbounded();
        coder.document.attach_log(lines);
        for act in &acts {
            coder.does(act);
        }
        coder.document.flush_growth();
        let lines: Vec<LogLine> = log.try_iter().collect();
        let text: Vec<String> = lines.iter().map(|line| serde_json::to_string(line).expect("lines are JSON")).collect();
        let mut again = Document::new(coder.document.history().first().clone());
        for (n, line) in text.iter().enumerate() {
            again.replay(serde_json::from_str(line).expect("a line that was written")).expect("lines in order");
            if n == last % text.len() {
                check_cut(coder.document.history().first(), &text[..=n]);
            }
        }
        prop_assert_eq!(again.session(), coder.document.session());
        prop_assert_eq!(again.history(), coder.document.history());
    }
}
