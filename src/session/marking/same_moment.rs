//! Media laid on one clock by moments that were seen in both.

use span::{Instant, Length};

use super::Refusal;
use crate::{Medium, MediumId, Rate, Session};

/// Farther apart than this, two moments tell how fast a clock runs; nearer, a frame more or less would be a large drift.
const LEAST_APART: Length = Length::SECOND.times(30);
/// A rate is written in parts of this: a whole hour is then exact to 4 µs.
const PARTS: i128 = 1_000_000_000;

/// One moment, seen in two media.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SameMoment {
    /// The medium that stays where it is.
    pub reference: MediumId,
    /// When the moment is there, on that medium's clock.
    pub in_reference: Instant,
    /// When it is in the medium that is placed, on its own clock.
    pub here: Instant,
}

/// Where a medium is to lie, and how well its moments fall together there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlacedByMoments {
    /// Session time of its zero.
    pub offset: Length,
    /// Session time per time of its own.
    pub rate: Rate,
    /// The largest distance of a moment from its counterpart that is left.
    pub residual: Length,
}

/// How far a moment lies from its counterpart as the media lie now; positive where the medium is late.
///
/// # Errors
/// If a medium is not there any more.
pub fn distance(session: &Session, id: MediumId, moment: &SameMoment) -> Result<Length, Refusal> {
    Ok(find(session, id)?.session_time(moment.here) - at(session, moment)?)
}

/// Lays a medium so that its moments fall together with their counterparts: with moments half a minute or more apart by the line through
/// them (least squares), which also says how fast its clock runs; else by their mean, at the rate that it has.
///
/// # Errors
/// If there is no moment, a medium is not there any more, or the moments run against each other.
pub fn place_by_moments(session: &Session, id: MediumId, moments: &[SameMoment]) -> Result<PlacedByMoments, Refusal> {
    let medium = find(session, id)?;
    let pairs = moments.iter().map(|moment| Ok((moment.here.micros(), at(session, moment)?.micros())));
    let pairs = pairs.collect::<Result<Vec<(i64, i64)>, Refusal>>()?;
    let n = pairs.len() as i128;
    let (Some(first), Some(last)) = (pairs.iter().min(), pairs.iter().max()) else {
        return Err(Refusal::new("no moment was seen in both"));
    };
    let rate = if last.0 - first.0 < LEAST_APART.micros() { medium.rate } else { slope(&pairs)? };
    let at_rate = Medium { rate, offset: Length::ZERO, ..medium.clone() };
    let offsets = pairs
        .iter()
        .map(|(here, there)| i128::from(*there - at_rate.session_time(Instant::from_micros(*here)).micros()));
    let offset = Length::from_micros(offsets.sum::<i128>().div_euclid(n) as i64);
    let placed = Medium { offset, ..at_rate };
    let left = pairs
        .iter()
        .map(|(here, there)| (placed.session_time(Instant::from_micros(*here)) - Instant::from_micros(*there)).abs());
    Ok(PlacedByMoments { offset, rate, residual: left.max().unwrap_or(Length::ZERO) })
}

/// How fast the medium's clock must run, by least squares.
fn slope(pairs: &[(i64, i64)]) -> Result<Rate, Refusal> {
    let n = pairs.len() as i128;
    let mean = |of: fn(&(i64, i64)) -> i64| pairs.iter().map(|pair| i128::from(of(pair))).sum::<i128>() / n;
    let (mean_here, mean_there) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let apart = |pair: &(i64, i64)| (i128::from(pair.0) - mean_here, i128::from(pair.1) - mean_there);
    let products: i128 = pairs.iter().map(apart).map(|(here, there)| here * there).sum();
    let squares: i128 = pairs.iter().map(apart).map(|(here, _)| here * here).sum();
    let parts = (products * PARTS + squares / 2).div_euclid(squares.max(1));
    let parts = u64::try_from(parts).ok().filter(|parts| (PARTS as u64 / 2..=PARTS as u64 * 2).contains(parts));
    let rate = parts.and_then(|parts| Rate::new(parts, PARTS as u64).ok());
    rate.ok_or_else(|| {
        Refusal::new("these moments cannot be the same: one clock would run more than twice as fast as the other")
    })
}

/// When the moment is on the session's clock, by its counterpart.
fn at(session: &Session, moment: &SameMoment) -> Result<Instant, Refusal> {
    Ok(find(session, moment.reference)?.session_time(moment.in_reference))
}

fn find(session: &Session, id: MediumId) -> Result<&Medium, Refusal> {
    session.medium(id).ok_or_else(|| Refusal::new("this video is not in the session any more"))
}
