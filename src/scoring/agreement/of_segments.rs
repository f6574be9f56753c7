//! What is said about where two coders put boundaries, and for how long one is in error against the other.

use span::{Length, Span};

use super::codings::StateWindow;
use super::gamma::Unit;
use super::segmentation::{
    BoundaryEdits, ErrorTimes, WindowErrors, boundary_edits, detection_error, diarisation_error, identification_error,
    window_errors_of,
};
use super::settings::AgreeSettings;
use super::statistic::Statistic;
use super::time_unit::Categories;
use crate::{StateSeries, Why};

const NO_BOUNDARY: Why = Why::Borrowed("neither coder has a boundary");
const NO_WINDOW: Why = Why::Borrowed("no stretch that both coded is longer than the window");
const NO_REFERENCE: Why = Why::Borrowed("the first coder used no code");

/// The first coder is the reference.
pub(super) fn of_segments(
    windows: &[StateWindow],
    categories: &Categories,
    settings: &AgreeSettings,
) -> Vec<Statistic> {
    let sequences: Vec<_> = windows.iter().flat_map(|window| sequences(window, categories, settings)).collect();
    let edits = sequences
        .iter()
        .filter_map(|(first, second)| boundary_edits(first, second, settings.segment_n_t as usize))
        .reduce(BoundaryEdits::pooled);
    let mut statistics = of_boundaries(edits, settings);
    let of_second: Vec<_> = sequences.into_iter().map(|(first, second)| (second, first)).collect();
    statistics.extend(of_windows(window_errors_of(&of_second), settings));

    let (mut reference, mut hypothesis) = (Vec::new(), Vec::new());
    for window in windows {
        let unseen = window.common().gaps(window.span);
        let units = |series: &StateSeries, category: &dyn Fn(usize) -> Option<usize>| {
            let code = |state| category(state).filter(|category| categories.gap() != Some(*category));
            let seen = series.without(&unseen);
            let unit =
                |(span, state): (Span, usize)| Some(Unit { start: span.start(), end: span.end(), code: code(state)? });
            seen.pieces().iter().map(|piece| (piece.span, piece.state)).filter_map(unit).collect::<Vec<_>>()
        };
        reference.extend(units(&window.first, &|state| categories.of_first(state)));
        hypothesis.extend(units(&window.second, &|state| categories.of_second(state)));
    }
    let errors = [
        ("detection_error", detection_error as fn(&[Unit], &[Unit], Length) -> ErrorTimes),
        ("identification_error", identification_error),
        ("diarisation_error", diarisation_error),
    ];
    let collar = settings.segment_collar;
    statistics.extend(errors.map(|(id, error)| of_times(id, error(&hypothesis, &reference, collar))));
    statistics
}

/// The lengths of both coders' segments, in units, for each stretch of units in which both have a category.
fn sequences(window: &StateWindow, categories: &Categories, settings: &AgreeSettings) -> Vec<(Vec<usize>, Vec<usize>)> {
    let labels = window.labels(settings.segment_unit, settings.grid_rule, categories);
    let both: Vec<Option<(usize, usize)>> =
        labels.first.iter().zip(&labels.second).map(|(a, b)| (*a).zip(*b)).collect();
    let stretches = both.split(Option::is_none).filter(|stretch| !stretch.is_empty());
    let masses = |stretch: &[Option<(usize, usize)>], of: fn((usize, usize)) -> usize| {
        stretch.chunk_by(|one, next| one.map(of) == next.map(of)).map(<[_]>::len).collect()
    };
    stretches.map(|stretch| (masses(stretch, |(a, _)| a), masses(stretch, |(_, b)| b))).collect()
}

fn of_boundaries(edits: Option<BoundaryEdits>, settings: &AgreeSettings) -> Vec<Statistic> {
    let count = |of: fn(&BoundaryEdits) -> usize| edits.as_ref().map(|edits| of(edits) as f64);
    let similarity = |of: fn(&BoundaryEdits) -> Option<f64>| edits.as_ref().and_then(of).ok_or(NO_BOUNDARY);
    let parts = [
        ("matches", count(|edits| edits.matches)),
        ("transpositions", count(|edits| edits.transpositions)),
        ("additions", count(|edits| edits.additions)),
        ("unit_s", Some(settings.segment_unit.as_secs())),
    ];
    let places = [("places", count(|edits| edits.places)), ("unit_s", Some(settings.segment_unit.as_secs()))];
    vec![
        Statistic::new("boundary_similarity", similarity(BoundaryEdits::boundary_similarity), parts),
        Statistic::new("segmentation_similarity", similarity(BoundaryEdits::segmentation_similarity), places),
    ]
}

fn of_windows(errors: Option<WindowErrors>, settings: &AgreeSettings) -> [Statistic; 2] {
    let share = |of: fn(&WindowErrors) -> f64| errors.as_ref().map(of).ok_or(NO_WINDOW);
    let count = |of: fn(&WindowErrors) -> usize| errors.as_ref().map(|errors| of(errors) as f64);
    let parts = [
        ("n", count(|errors| errors.n)),
        ("window", count(|errors| errors.window)),
        ("unit_s", Some(settings.segment_unit.as_secs())),
    ];
    [
        Statistic::new("window_diff", share(WindowErrors::window_diff), parts),
        Statistic::new("pk", share(WindowErrors::pk), parts),
    ]
}

fn of_times(id: &str, times: ErrorTimes) -> Statistic {
    let secs = |length: Length| Some(length.as_secs());
    let parts = [
        ("missed_s", secs(times.missed)),
        ("false_alarm_s", secs(times.false_alarm)),
        ("confusion_s", secs(times.confusion)),
        ("correct_s", secs(times.correct)),
        ("total_s", secs(times.total)),
    ];
    Statistic::new(id, times.rate().ok_or(NO_REFERENCE), parts)
}
