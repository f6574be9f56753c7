//! The program `attune`.
