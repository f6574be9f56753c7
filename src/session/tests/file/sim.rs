//! A disk in memory that fails when it is told to, tears what it was writing, and forgets what was not synced.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use session::file::{Disk, DiskFile, Guard, Locking};

/// The disk; clones are the same disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct SimDisk(Arc<Mutex<State>>);

/// What is left after the power has gone.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Left {
    /// What was synced.
    Synced,
    /// Everything: not the power has gone, but the process.
    Everything,
    /// What was synced, and for each file and for the names some of what was not.
    Some(u64),
}

/// Which operations fail.
#[derive(Clone, Debug, Default)]
pub(crate) enum Fault {
    /// None.
    #[default]
    Never,
    /// These, counted from 0; a write is done in half.
    At(Range<u64>, io::ErrorKind),
}

#[derive(Debug, Default)]
struct State {
    contents: Vec<Content>,
    names: BTreeMap<PathBuf, usize>,
    safe_names: BTreeMap<PathBuf, usize>,
    unsynced: Vec<Naming>, // in the order in which they were made
    operations: u64,
    fault: Fault,
    locks: Locks,
    rots: bool,
    unwritable: Option<PathBuf>,
}

#[derive(Clone, Debug, Default)]
struct Content {
    now: Vec<u8>,
    safe: Vec<u8>,
}

#[derive(Clone, Debug)]
enum Naming {
    New(PathBuf, usize),
    Renamed(PathBuf, PathBuf),
    Removed(PathBuf),
}

/// What this file system can do about locks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Locks {
    /// All are free.
    #[default]
    Free,
    /// Somebody else has them.
    Taken,
    /// There are none.
    None,
}

impl SimDisk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no test panics while it holds the disk")
    }

    /// From now on these operations fail; they are counted from now.
    pub(crate) fn set_fault(&self, fault: Fault) {
        let mut state = self.state();
        state.operations = 0;
        state.fault = fault;
    }

    /// How many operations were asked for since the last fault was set.
    pub(crate) fn operations(&self) -> u64 {
        self.state().operations
    }

    pub(crate) fn set_locks(&self, locks: Locks) {
        self.state().locks = locks;
    }

    /// From now on what is written is not what was to be written.
    pub(crate) fn set_rot(&self, rots: bool) {
        self.state().rots = rots;
    }

    /// From now on no file can be made in this folder.
    pub(crate) fn set_unwritable(&self, folder: PathBuf) {
        self.state().unwritable = Some(folder);
    }

    /// The disk as it is found after the power, or only the process, has gone. Nothing fails on it.
    pub(crate) fn after_loss(&self, left: Left) -> Self {
        let state = self.state();
        let mut random = match left {
            Left::Some(seed) => Random(seed),
            _ => Random(0),
        };
        let contents = state.contents.iter().map(|content| content.after_loss(left, &mut random)).collect();
        let names = match left {
            Left::Synced => state.safe_names.clone(),
            Left::Everything => state.names.clone(),
            Left::Some(_) => {
                let mut names = state.safe_names.clone();
                let done = random.below(state.unsynced.len() + 1);
                state.unsynced[..done].iter().for_each(|naming| naming.apply_to(&mut names));
                names
            }
        };
        Self(Arc::new(Mutex::new(State { contents, safe_names: names.clone(), names, ..State::default() })))
    }

    /// Puts bytes there, synced, whatever the fault.
    pub(crate) fn put(&self, path: &Path, bytes: &[u8]) {
        let mut state = self.state();
        state.contents.push(Content { now: bytes.to_vec(), safe: bytes.to_vec() });
        let number = state.contents.len() - 1;
        state.names.insert(path.to_owned(), number);
        state.safe_names.insert(path.to_owned(), number);
    }

    /// What is there now, whatever the fault.
    pub(crate) fn get(&self, path: &Path) -> Option<Vec<u8>> {
        let state = self.state();
        state.names.get(path).map(|&number| state.contents[number].now.clone())
    }

    /// All names now.
    pub(crate) fn names(&self) -> Vec<PathBuf> {
        self.state().names.keys().cloned().collect()
    }
}

impl State {
    /// Counts an operation, and says whether it is one that fails.
    fn step(&mut self) -> io::Result<()> {
        let at = self.operations;
        self.operations += 1;
        match &self.fault {
            Fault::At(range, kind) if range.contains(&at) => Err(io::Error::new(*kind, "the test's disk fails")),
            _ => Ok(()),
        }
    }

    fn number(&self, path: &Path) -> io::Result<usize> {
        self.names.get(path).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn name(&mut self, naming: Naming) {
        naming.apply_to(&mut self.names);
        self.unsynced.push(naming);
    }
}

impl Naming {
    fn apply_to(&self, names: &mut BTreeMap<PathBuf, usize>) {
        match self {
            Self::New(path, number) => {
                names.insert(path.clone(), *number);
            }
            Self::Renamed(from, to) => {
                if let Some(number) = names.remove(from) {
                    names.insert(to.clone(), number);
                }
            }
            Self::Removed(path) => {
                names.remove(path);
            }
        }
    }

    fn folder(&self) -> Option<&Path> {
        match self {
            Self::New(path, _) | Self::Renamed(_, path) | Self::Removed(path) => path.parent(),
        }
    }
}

impl Content {
    fn after_loss(&self, left: Left, random: &mut Random) -> Self {
        let bytes = match left {
            Left::Synced => self.safe.clone(),
            Left::Everything => self.now.clone(),
            Left::Some(_) => match self.now.strip_prefix(&*self.safe) {
                Some(added) => [&self.safe, &added[..random.below(added.len() + 1)]].concat(),
                None if random.below(2) == 0 => self.safe.clone(),
                None => self.now[..random.below(self.now.len() + 1)].to_vec(),
            },
        };
        Self { now: bytes.clone(), safe: bytes }
    }
}

impl Disk for SimDisk {
    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(path.to_owned())
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut state = self.state();
        state.step()?;
        Ok(state.contents[state.number(path)?].now.clone())
    }

    fn create(&self, path: &Path, _like: Option<&Path>) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.state();
        state.step()?;
        if state.unwritable.as_deref() == path.parent() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let number = if let Ok(number) = state.number(path) {
            state.contents[number].now.clear(); // as open(2) with O_TRUNC does
            number
        } else {
            state.contents.push(Content::default());
            let number = state.contents.len() - 1;
            state.name(Naming::New(path.to_owned(), number));
            number
        };
        Ok(Box::new(SimFile { disk: self.clone(), number }))
    }

    fn append(&self, path: &Path, len: u64) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.state();
        state.step()?;
        let number = state.number(path)?;
        let content = &mut state.contents[number].now;
        if (content.len() as u64) < len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        content.truncate(len as usize);
        Ok(Box::new(SimFile { disk: self.clone(), number }))
    }

    fn writable(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.step()?;
        state.number(path).map(drop)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.step()?;
        state.number(from)?;
        state.name(Naming::Renamed(from.to_owned(), to.to_owned()));
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.step()?;
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            std::mem::take(&mut state.unsynced).into_iter().partition(|naming| naming.folder() == Some(folder));
        state.unsynced = elsewhere;
        for naming in here {
            naming.apply_to(&mut state.safe_names);
        }
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.step()?;
        state.number(path)?;
        state.name(Naming::Removed(path.to_owned()));
        Ok(())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let mut state = self.state();
        state.step()?;
        let inside = state.names.keys().filter_map(|path| path.strip_prefix(folder).ok()?.components().next());
        let mut names: Vec<String> = inside.filter_map(|name| Some(name.as_os_str().to_str()?.to_owned())).collect();
        names.dedup();
        Ok(names)
    }

    fn create_folder(&self, _folder: &Path) -> io::Result<()> {
        self.state().step()
    }

    fn lock(&self, _path: &Path, _like: &Path) -> io::Result<Locking> {
        let mut state = self.state();
        state.step()?;
        Ok(match state.locks {
            Locks::Free => Locking::Held(Box::new(Free)),
            Locks::Taken => Locking::Taken,
            Locks::None => Locking::Unsupported,
        })
    }
}

#[derive(Debug)]
struct Free;

impl Guard for Free {}

#[derive(Debug)]
struct SimFile {
    disk: SimDisk,
    number: usize,
}

impl DiskFile for SimFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.disk.state();
        let result = state.step();
        let written = if result.is_ok() { bytes } else { &bytes[..bytes.len() / 2] };
        let rots = state.rots;
        let content = &mut state.contents[self.number].now;
        content.extend_from_slice(written);
        if let Some(last) = content.last_mut().filter(|_| rots) {
            *last ^= 1;
        }
        result
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut state = self.disk.state();
        state.step()?;
        let content = &mut state.contents[self.number];
        content.safe.clone_from(&content.now);
        Ok(())
    }
}

/// A little random number generator, the same everywhere (`SplitMix64`).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) % end as u64) as usize
    }
}
