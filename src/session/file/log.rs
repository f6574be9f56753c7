//! The log writer: one thread per document that brings what was done into the journal, within a quarter of a second.

use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use crossbeam_channel::{Receiver, Sender, bounded, never, select, unbounded};
use jiff::Timestamp;

use super::journal::Base;
use super::journal_file::JournalFile;
use super::lock::{HEARTBEAT, Lock};
use super::report::taken_by;
use crate::LogLine;

/// A sync costs a moving disk and a laptop's battery much; four a second are enough to lose nothing older than a second.
const PACE: Duration = Duration::from_millis(250);
/// What was done in one moment comes line after line, and is written in one go.
const ONE_MOMENT: Duration = Duration::from_millis(20);
/// After a failure.
const PACE_OF_TRIES: Duration = Duration::from_secs(1);
/// From here on the window's dot says that something is being written.
const BEHIND: Duration = Duration::from_secs(1);
/// From here on the remedy is another place.
const LONG_BEHIND: Duration = Duration::from_secs(10);

/// How far the journal is.
#[derive(Clone, Debug, Default)]
pub struct LogState {
    /// The number of the last entry that no power cut takes away.
    pub durable_seq: u64,
    /// Since when something waits to be written.
    pub behind_since: Option<Instant>,
    /// What the last try failed of, with the remedy; it is being tried again.
    pub problem: Option<String>,
}

/// What the window's dot says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// All is on disk.
    OnDisk,
    /// More than a second behind.
    Writing,
    /// Not on disk, and why; work goes on in memory.
    Problem {
        /// What is wrong, and the remedy.
        sentence: String,
        /// For so long that another place should be offered.
        save_elsewhere: bool,
    },
}

impl LogState {
    /// What the window's dot says at `now`.
    #[must_use]
    pub fn standing(&self, now: Instant) -> Standing {
        let behind = self.behind_since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
        match &self.problem {
            Some(problem) => Standing::Problem { sentence: problem.clone(), save_elsewhere: behind >= LONG_BEHIND },
            None if behind > BEHIND => Standing::Writing,
            None => Standing::OnDisk,
        }
    }
}

/// The handle of the log writer. Dropping it writes what waits, and ends it.
#[derive(Debug)]
pub(super) struct LogWriter {
    lines: Sender<LogLine>,
    orders: Option<Sender<Order>>,
    state: Arc<ArcSwap<LogState>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
enum Order {
    /// Write what waits, at once.
    Flush(Sender<bool>),
    /// The file is about to become this one.
    Announce(Base, Sender<bool>),
    /// The file has become this one: begin a new journal.
    Begin(Base, Sender<bool>),
}

impl LogWriter {
    /// # Errors
    /// Where the system has no thread left.
    pub(super) fn start(journal: JournalFile, lock: Lock) -> io::Result<Self> {
        let (lines, lines_in) = unbounded();
        let (orders, orders_in) = unbounded();
        let state = Arc::new(ArcSwap::from_pointee(journal.state()));
        let (last_try, last_beat) = (None, Instant::now());
        let writer = Writer { journal, lock, state: Arc::clone(&state), last_try, last_beat, taken: None };
        let thread = std::thread::Builder::new().name("log writer".to_owned());
        let thread = thread.spawn(move || writer.run(&lines_in, &orders_in))?;
        Ok(Self { lines, orders: Some(orders), state, thread: Some(thread) })
    }

    /// Where a document sends what is done to it.
    pub(super) fn lines(&self) -> Sender<LogLine> {
        self.lines.clone()
    }

    pub(super) fn state(&self) -> Arc<LogState> {
        let state = self.state.load_full();
        if self.thread.as_ref().is_some_and(JoinHandle::is_finished) {
            let problem =
                Some("the journal is no longer written: save now, and report what happened before".to_owned());
            return Arc::new(LogState { problem, ..LogState::clone(&state) });
        }
        state
    }

    /// Writes what was sent before, and waits for it. Is it on disk now?
    pub(super) fn flush(&self) -> bool {
        self.order(Order::Flush)
    }

    /// Notes in the journal that the file is about to become this one, and waits for it.
    pub(super) fn announce(&self, base: &Base) -> bool {
        self.order(|reply| Order::Announce(base.clone(), reply))
    }

    /// Begins a journal that continues this file, and waits for it.
    pub(super) fn begin(&self, base: &Base) -> bool {
        self.order(|reply| Order::Begin(base.clone(), reply))
    }

    fn order(&self, order: impl FnOnce(Sender<bool>) -> Order) -> bool {
        let (reply, answer) = bounded(1);
        let sent = self.orders.as_ref().is_some_and(|orders| orders.send(order(reply)).is_ok());
        sent && answer.recv().unwrap_or(false)
    }
}

impl Drop for LogWriter {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join(); // a panic there has been reported there
        }
    }
}

/// The thread's side.
struct Writer {
    journal: JournalFile,
    lock: Lock,
    state: Arc<ArcSwap<LogState>>,
    last_try: Option<Instant>,
    last_beat: Instant,
    taken: Option<String>, // who has the lock now, and what to do: nothing is written any more
}

impl Writer {
    fn run(mut self, lines: &Receiver<LogLine>, orders: &Receiver<Order>) {
        let mut lines = lines.clone();
        loop {
            let pause = self.pause(Instant::now());
            select! {
                recv(lines) -> line => match line {
                    Ok(line) => self.journal.push(&line, Instant::now()),
                    Err(_) => lines = never(), // the document has gone; orders may still come
                },
                recv(orders) -> order => {
                    lines.try_iter().for_each(|line| self.journal.push(&line, Instant::now()));
                    let Ok(order) = order else {
                        self.write(); // the handle has gone: this is the end
                        return;
                    };
                    self.obey(order);
                }
                default(pause) => {}
            }
            if self.pause(Instant::now()).is_zero() {
                self.write();
            }
            if self.lock.needs_heartbeat() && self.last_beat.elapsed() >= HEARTBEAT && self.has_lock() {
                self.last_beat = Instant::now();
                let _ = self.lock.refresh(Timestamp::now()); // the next beat says it again
            }
        }
    }

    /// How long nothing needs to be done.
    fn pause(&self, now: Instant) -> Duration {
        let idle = if self.lock.needs_heartbeat() { HEARTBEAT } else { Duration::from_hours(1) };
        if self.journal.waits() {
            let pace = if self.journal.has_problem() { PACE_OF_TRIES } else { PACE };
            let due = due(self.journal.behind_since(), self.last_try, pace).unwrap_or(now);
            return idle.min(due.saturating_duration_since(now));
        }
        idle
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Flush(reply) => {
                let done = self.write();
                let _ = reply.send(done); // who does not wait for the answer does not need it
            }
            Order::Announce(base, reply) => {
                let done = self.write() && self.journal.announce(&base).is_ok();
                self.publish();
                let _ = reply.send(done);
            }
            Order::Begin(base, reply) => {
                self.journal.begin(base);
                let done = self.write();
                let _ = reply.send(done);
            }
        }
    }

    fn write(&mut self) -> bool {
        self.publish(); // a slow disk is seen while it is slow
        let done = self.has_lock() && self.journal.write().is_ok();
        self.last_try = Some(Instant::now());
        self.publish();
        done
    }

    fn publish(&self) {
        let mut state = self.journal.state();
        state.problem = self.taken.clone().or(state.problem);
        self.state.store(Arc::new(state));
    }

    fn has_lock(&mut self) -> bool {
        if let Some(taker) = self.lock.taker() {
            self.taken = Some(format!("{}; save a copy here", taken_by(Some(&taker))));
        }
        self.taken.is_none()
    }
}

/// When what has waited since then is written; none: at once.
fn due(waits_since: Option<Instant>, last_try: Option<Instant>, pace: Duration) -> Option<Instant> {
    waits_since.map(|since| since + ONE_MOMENT).max(last_try.map(|last| last + pace))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_in_one_moment_is_written_in_one_go_however_long_nothing_was_written() {
        let last = Instant::now();
        let now = last + Duration::from_mins(1);
        assert_eq!(due(Some(now), Some(last), PACE), Some(now + ONE_MOMENT));
    }

    #[test]
    fn from_one_write_to_the_next_a_disk_has_its_pace() {
        let now = Instant::now();
        assert_eq!(due(Some(now), Some(now), PACE), Some(now + PACE));
        assert_eq!(due(None, None, PACE), None, "a new journal has nothing to wait for");
    }
}
