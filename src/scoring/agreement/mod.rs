//! How far two or more coders agree, one coefficient a question.
//!
//! The first coder is A, in the rows of every table; the second is B, in its columns. A table holds units of a grid or, for the
//! exact comparison, lengths of time: no coefficient depends on which.

pub mod kappa;
pub mod table;
