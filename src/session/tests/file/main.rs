//! The file of a session, from outside: on a disk in memory that fails, and on the real one.

mod fixture;
mod sim;

mod crash;
mod format;
mod opening;
#[cfg(unix)]
mod real_disk;
mod saving;
