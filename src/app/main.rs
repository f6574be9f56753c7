//! Starts Attune.

fn main() {}
