//! What Attune asks of a file system: the one place that knows how they differ.
//!
//! A file's bytes are safe after [`DiskFile::sync`], its name after [`Disk::sync_folder`]; until then a power cut may
//! leave the old state, the new one, or a part of it.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A place for files. Tests have one that fails, tears, and forgets what was not synced.
pub trait Disk: fmt::Debug + Send + Sync {
    /// The path without links: a file is replaced where it is, not where a link to it is.
    fn resolve(&self, path: &Path) -> io::Result<PathBuf>;
    /// All bytes of a file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// An empty file. What had this name is gone, so no file of a coder is ever created twice. It may be read by those who may
    /// read `like`, where that exists.
    fn create(&self, path: &Path, like: Option<&Path>) -> io::Result<Box<dyn DiskFile>>;
    /// A file to go on with after its first `len` bytes; what is behind them is cut off.
    fn append(&self, path: &Path, len: u64) -> io::Result<Box<dyn DiskFile>>;
    /// May the file be written? Changes nothing.
    fn writable(&self, path: &Path) -> io::Result<()>;
    /// Gives a file another name in one step; what had that name is gone.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Makes the names in a folder safe.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// The names of the files and folders in a folder, sorted; none if there is no such folder.
    fn list(&self, folder: &Path) -> io::Result<Vec<String>>;
    /// Makes a folder and those above it, safely; each may be used by those who may use the one that it is in.
    fn create_folder(&self, folder: &Path) -> io::Result<()>;
    /// Tries to lock a file for this process. It is made if need be, for those who may write `like`.
    fn lock(&self, path: &Path, like: &Path) -> io::Result<Locking>;
}

/// A file being written.
pub trait DiskFile: fmt::Debug + Send {
    /// Writes all the bytes at the end.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Makes what has been written safe.
    fn sync(&mut self) -> io::Result<()>;
}

/// What became of locking a file.
#[derive(Debug)]
pub enum Locking {
    /// It is locked until the guard is dropped, or the process ends.
    Held(Box<dyn Guard>),
    /// Another process holds it.
    Taken,
    /// This file system has no locks.
    Unsupported,
}

/// Keeps a lock while it lives.
pub trait Guard: fmt::Debug + Send + Sync {}

/// The file system of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsDisk;

impl Disk for OsDisk {
    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        let is_link = fs::symlink_metadata(path).is_ok_and(|data| data.is_symlink());
        if is_link { fs::canonicalize(path) } else { std::path::absolute(path) } // canonical paths are ugly on Windows
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn create(&self, path: &Path, like: Option<&Path>) -> io::Result<Box<dyn DiskFile>> {
        let file = File::create(path)?;
        if let Some(like) = like {
            share(path, like)?;
        }
        Ok(Box::new(file))
    }

    fn append(&self, path: &Path, len: u64) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new().append(true).open(path)?;
        if file.metadata()?.len() < len {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file has become shorter"));
        }
        file.set_len(len)?;
        Ok(Box::new(file))
    }

    fn writable(&self, path: &Path) -> io::Result<()> {
        OpenOptions::new().append(true).open(path).map(drop)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        if cfg!(windows) {
            return Ok(()); // a folder cannot be opened there; NTFS orders renames itself
        }
        File::open(folder)?.sync_all().or_else(ignore_unsupported)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut names = Vec::new();
        for entry in entries {
            names.extend(entry?.file_name().into_string()); // other names are not ours
        }
        names.sort();
        Ok(names)
    }

    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        if folder.is_dir() {
            return Ok(());
        }
        let above = folder.parent().unwrap_or(Path::new("."));
        self.create_folder(above)?;
        fs::create_dir_all(folder)?; // somebody may have been faster
        share(folder, above)?;
        self.sync_folder(above)
    }

    fn lock(&self, path: &Path, like: &Path) -> io::Result<Locking> {
        let is_new = !path.exists();
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        if is_new {
            share(path, like)?;
        }
        Ok(match file.try_lock() {
            Ok(()) => Locking::Held(Box::new(file)),
            Err(TryLockError::WouldBlock) => Locking::Taken,
            Err(TryLockError::Error(_)) => Locking::Unsupported, // each system has its own number for this
        })
    }
}

impl DiskFile for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}

impl Guard for File {}

/// Lets those use `path` who may use `like`, where that exists: a laboratory's folder is shared by its coders.
fn share(path: &Path, like: &Path) -> io::Result<()> {
    match fs::metadata(like) {
        Ok(data) => fs::set_permissions(path, data.permissions()).or_else(ignore_unsupported),
        Err(_) => Ok(()),
    }
}

/// Some network and camera-card file systems have no such thing: the best that they can do has been done.
fn ignore_unsupported(error: io::Error) -> io::Result<()> {
    match error.kind() {
        io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput | io::ErrorKind::PermissionDenied => Ok(()),
        _ => Err(error),
    }
}
