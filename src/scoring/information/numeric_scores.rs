//! The scores of Granger causality and of coherence of one episode.

use span::Length;

use crate::catalog::{COHERENCE, GRANGER};
use crate::information::coherence::{CoherencePoint, coherence};
use crate::information::granger::{Granger, rows};
use crate::settings::PrewhitenOrder;
use crate::{Score, ScoreMap, ScoreSettings};

/// Values this close are equal when the largest is looked for.
const TIE: f64 = 1e-12;

/// Adds Granger's test in both directions.
pub(crate) fn push_granger(
    out: &mut ScoreMap,
    infant: &[Option<f64>],
    parent: &[Option<f64>],
    settings: &ScoreSettings,
) {
    for (direction, source, target) in [("infant_to_parent", infant, parent), ("parent_to_infant", parent, infant)] {
        let (test, largest) = match settings.granger_order {
            PrewhitenOrder::Aic => (Granger::select(source, target, settings.granger_p_max), settings.granger_p_max),
            PrewhitenOrder::Fixed(order) => (Granger::new(source, target, order), order),
        };
        let why = if largest == 0 {
            "granger.order and granger.p_max begin at 1"
        } else if rows(source, target, largest).len() <= 2 * largest + 1 {
            "too few units in a row"
        } else {
            "a partner's value never changes, the two pasts cannot be told apart, or nothing is left to explain"
        };
        let mut push = |what: &str, of: fn(Granger) -> f64| {
            let n = test.map_or(0, |test| test.n);
            let score = Score::from_option(test.map(of), why).with_n_if_present(n);
            out.push(GRANGER, &format!("granger.{direction}{what}"), score);
        };
        push("", |test| test.f);
        push(".p", |test| test.p);
        push(".chi2", |test| test.chi2);
        push(".chi2.p", |test| test.chi2_p);
        push(".lr", |test| test.lr);
        push(".order", |test| test.df_numerator as f64);
    }
}

/// Adds coherence over the longest stretch in which both have values, and returns it at every frequency.
pub(crate) fn push_coherence(
    out: &mut ScoreMap,
    infant: &[Option<f64>],
    parent: &[Option<f64>],
    settings: &ScoreSettings,
) -> Option<Vec<CoherencePoint>> {
    let (first, second) = longest_stretch(infant, parent);
    let segment = (settings.coherence_segment.micros() / settings.grid_step.micros()) as usize;
    let hop = segment - segment / 2;
    let why = if segment < 2 {
        "coherence.segment is shorter than two units"
    } else if first.len() < segment + hop {
        "no stretch coded by both that holds two segments of coherence.segment"
    } else {
        "a partner's value never changes"
    };
    let is_enough = segment >= 2 && first.len() >= segment + hop;
    let per_second = Length::SECOND.micros() as f64 / settings.grid_step.micros() as f64;
    let points = is_enough.then(|| coherence(&first, &second, per_second, segment)).flatten();
    let n_segments = if is_enough { (first.len() - segment) / hop + 1 } else { 0 };
    let above_0 = points.iter().flatten().filter(|point| point.frequency > 0.0);
    let known: Vec<(f64, CoherencePoint)> = above_0.filter_map(|point| Some((point.coherence?, *point))).collect();
    let highest = known.iter().map(|(value, _)| *value).reduce(f64::max);
    let peak = known.iter().find(|(value, _)| highest.is_some_and(|highest| highest - value <= TIE));
    let mean = highest.map(|_| known.iter().map(|(value, _)| value).sum::<f64>() / known.len() as f64);
    for (id, value) in [
        ("coherence.mean", mean),
        ("coherence.peak", highest),
        ("coherence.peak_frequency", peak.map(|(_, point)| point.frequency)),
        ("coherence.peak_phase", peak.and_then(|(_, point)| point.phase)),
    ] {
        out.push(COHERENCE, id, Score::from_option(value, why).with_n_if_present(n_segments));
    }
    points
}

/// The longest stretch in which both have values; of equally long ones the first.
fn longest_stretch(first: &[Option<f64>], second: &[Option<f64>]) -> (Vec<f64>, Vec<f64>) {
    let pairs: Vec<Option<(f64, f64)>> = first.iter().zip(second).map(|(x, y)| Some(((*x)?, (*y)?))).collect();
    let stretches = pairs.split(Option::is_none);
    let longest = stretches.rev().max_by_key(|stretch| stretch.len()).unwrap_or_default();
    longest.iter().flatten().copied().unzip()
}
