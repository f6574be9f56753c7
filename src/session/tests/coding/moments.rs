//! Media laid on one clock by moments that were seen in both.

use session::marking::{SameMoment, distance, place_by_moments};
use session::{Medium, MediumId, Rate, Session};
use span::{Instant, Length};

use crate::timeline::session;

const FRONT: MediumId = MediumId(1);
const SIDE: MediumId = MediumId(2);

/// Two media; the side camera begins at the session's zero.
fn two_cameras() -> Session {
    let mut session = session();
    session.media.push(Medium::new(SIDE, "side.mp4"));
    session
}

fn secs(secs: f64) -> Instant {
    Instant::from_micros((secs * 1e6).round() as i64)
}

fn seen(front: f64, side: f64) -> SameMoment {
    SameMoment { reference: FRONT, in_reference: secs(front), here: secs(side) }
}

#[test]
fn one_moment_says_where_and_leaves_the_rate() {
    let mut session = two_cameras();
    session.media[0].offset = Length::SECOND;
    session.media[1].rate = Rate::new(2, 1).expect("positive");
    let moment = seen(10.0, 3.0); // at 11 s; at 6 s as it lies
    assert_eq!(distance(&session, SIDE, &moment), Ok(Length::SECOND.times(-5)));
    let placed = place_by_moments(&session, SIDE, &[moment]).expect("they are there");
    assert_eq!((placed.offset, placed.rate), (Length::SECOND.times(5), session.media[1].rate));
    assert_eq!(placed.residual, Length::ZERO);
}

#[test]
fn two_moments_far_apart_say_how_fast_a_clock_runs() {
    let session = two_cameras();
    let placed = place_by_moments(&session, SIDE, &[seen(12.0, 10.0), seen(612.06, 610.0)]).expect("they are there");
    let rate = placed.rate.numerator() as f64 / placed.rate.denominator() as f64;
    assert!((rate - 1.000_1).abs() < 1e-9, "60 ms in 600 s");
    assert!(placed.residual <= Length::MICROSECOND);
    let lying = Medium { offset: placed.offset, rate: placed.rate, ..session.media[1].clone() };
    assert!((lying.session_time(secs(610.0)) - secs(612.06)).abs() <= Length::MICROSECOND);
}

#[test]
fn moments_near_each_other_are_averaged() {
    let placed =
        place_by_moments(&two_cameras(), SIDE, &[seen(12.0, 10.0), seen(22.04, 20.0)]).expect("they are there");
    assert_eq!((placed.offset, placed.rate), (Length::from_millis(2_020), Rate::default()));
    assert_eq!(placed.residual, Length::from_millis(20));
}

#[test]
fn three_moments_leave_what_no_line_passes_through() {
    let moments = [seen(0.0, 0.0), seen(100.0, 100.0), seen(200.06, 200.0)];
    let placed = place_by_moments(&two_cameras(), SIDE, &moments).expect("they are there");
    let rate = placed.rate.numerator() as f64 / placed.rate.denominator() as f64;
    assert!((rate - 1.000_3).abs() < 1e-9, "least squares: 30 ms for 100 s");
    assert_eq!(placed.residual, Length::from_millis(20));
}

#[test]
fn moments_that_run_against_each_other_are_refused() {
    let session = two_cameras();
    assert!(place_by_moments(&session, SIDE, &[seen(100.0, 0.0), seen(0.0, 100.0)]).is_err());
    assert!(place_by_moments(&session, SIDE, &[]).is_err());
    assert!(place_by_moments(&session, MediumId(9), &[seen(1.0, 1.0)]).is_err());
}
