//! How far two or more coders agree: one coefficient a question.
//!
//! # From two codings to one table
//!
//! ```text
//! A  ██ positive ██░░ neutral ░░░░░██           in units, or to the tick      B: neg neu pos
//! B  ████ positive ████░░░ neutral ██    ──▶    of the time that both    A: neg   .   .   .   ──▶  one coefficient
//!                                               coders could code           neu   .   .   .        and its parts
//!                                                                           pos   .   .   .
//! ```
//!
//! The first coder is A, in the rows of every table, the second is B, in its columns. A [`Confusion`](table::Confusion) holds units of a
//! grid or lengths of time; no coefficient but alpha, which corrects for the number of units, depends on which. All codes that the scheme
//! declares have their row and column, used or not, in the scheme's order.
//!
//! # Which coefficient answers which question
//!
//! | question | coefficient |
//! |---|---|
//! | On how much of the time do they say the same? | [`Confusion::po`](table::Confusion::po): but two coders who both say *neutral* nearly always agree without looking |
//! | How much more than their use of the codes would give by chance? | [`kappa`](kappa::kappa), the one that papers report; [`scott_pi`](scott::scott_pi) where the coders are exchangeable |
//! | How much of the difference is a coder's being a little early or late? | [`tolerance_kappa`](tolerance::tolerance_kappa), [`exact_tolerance_kappa`](tolerance::exact_tolerance_kappa) |
//! | Do they see the same events, whatever their length? | [`event_agreement`](alignment::event_agreement), with what each coder missed |
//! | Is a low kappa the coders' or the rare code's? | [`ac1`](gwet::ac1), [`brennan_prediger`](uniform::brennan_prediger), [`pabak`](uniform::pabak); [`Kappa::max`](kappa::Kappa::max) for margins that differ |
//! | Is this kappa good? | [`table_accuracy`](accuracy::table_accuracy): how accurate observers must be to have it; there is no threshold for all tables |
//! | Are near misses better than far ones? | [`weighted_kappa`](weighted::weighted_kappa), [`ac2`](gwet::ac2), [`alpha`](alpha::alpha) with an ordinal or interval metric |
//! | More than two coders, some of whom left units out? | [`alpha`](alpha::alpha) |
//! | As many coders for each unit, not the same ones? | [`Fleiss`](fleiss::Fleiss) |
//! | Do units lie in the same places and have the same codes? | [`gamma`](gamma::gamma), any number of coders; [`segmentation`] for boundaries alone |
//! | Between which limits may a coefficient of time lie? | [`bootstrap`](bootstrap::bootstrap) |
//! | What did BORIS print? | [`boris_kappa`](boris::boris_kappa), [`boris_intervals`](boris::boris_intervals), [`boris_identity`](boris::boris_identity) |
//! | Do a session's *scores* come out the same? | [`Icc`](icc::Icc), [`Concordance`](concordance::Concordance); [`BlandAltman`](bland_altman::BlandAltman) for how far apart, in the score's own unit |
//!
//! [`agree`](agree::agree) computes all that concerns two codings of one channel, with the list of where they differ,
//! [`agree_many`](many::agree_many) what can be said of more coders, [`agree_scores`](of_scores::agree_scores) what concerns the scores of
//! several sessions, and [`agree_as_boris`](of_boris::agree_as_boris) what BORIS would print. [`catalog::all`] names every statistic.
//!
//! Good agreement on codes does not make agreement on scores: a repair count rests on a few changes of state. Look at both.
//!
//! # Conventions
//!
//! A unit that is missing for either coder is dropped from the table. What is undefined is absent and says why: two coders who both used
//! one and the same code only have no kappa, neither 1 nor 0. Perfect agreement is exactly 1. Standard errors that take units for
//! independent are in [`iid`], apart from all others, since seconds are not.

pub mod accuracy;
pub mod agree;
pub mod alignment;
pub mod alpha;
mod assignment;
pub mod bland_altman;
pub mod bootstrap;
pub mod boris;
pub mod by_code;
pub mod catalog;
pub mod codings;
pub mod coefficient;
pub mod concordance;
pub mod disagreements;
pub mod fleiss;
pub mod gamma;
pub mod gwet;
pub mod icc;
pub mod iid;
pub mod kappa;
pub mod many;
pub mod of_boris;
mod of_events;
pub mod of_scores;
mod of_segments;
mod of_time;
pub mod quantile;
pub mod scott;
pub mod segmentation;
pub mod settings;
pub mod statistic;
pub mod table;
mod tally;
pub mod time_unit;
pub mod tolerance;
pub mod uniform;
pub mod weighted;
