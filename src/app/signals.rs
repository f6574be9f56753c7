//! Signals that would end the program where it knows better what to do.

/// A file that grows beyond what this user may write ends a write with an error, as a full disk does, and not the program.
#[cfg(unix)]
pub fn survive_full_disks() {
    // SAFETY: ignoring a signal runs no code of ours when it comes, and this is done before there are other threads.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

/// Nothing: there is no such signal here.
#[cfg(not(unix))]
pub const fn survive_full_disks() {}
