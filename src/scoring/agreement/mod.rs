//! How far two or more coders agree, one coefficient a question.
//!
//! The first coder is A, in the rows of every table; the second is B, in its columns. A table holds units of a grid or, for the
//! exact comparison, lengths of time: no coefficient depends on which.

pub mod accuracy;
pub mod alpha;
pub mod bland_altman;
pub mod coefficient;
pub mod concordance;
pub mod fleiss;
pub mod gwet;
pub mod icc;
pub mod iid;
pub mod kappa;
pub mod scott;
pub mod table;
pub mod uniform;
pub mod weighted;
