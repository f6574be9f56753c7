//! How far the proportions of time of one episode vary over blocks of it.

use span::{Length, Span};

use crate::agreement::bootstrap::{BootRules, Limits, NoLimits, Timeline, bootstrap};
use crate::coregulation::{Pattern, Patterns};
use crate::dyad::Cell;
use crate::settings::{RepairMode, ScoreSettings};
use crate::state_space::{dispersion, largest_share};
use crate::{Dyad, DyadicStates, StateType, StateTypes};

use super::scene::{Scene, Scorer};

/// Limits by the ids of their scores.
pub(super) type Named = Vec<(String, Result<Limits, NoLimits>)>;

/// The types of matching states that have a proportion.
const TYPES: [StateType; 5] = [StateType::Pos, StateType::Mon, StateType::Obj, StateType::Neu, StateType::Neg];

impl Scorer<'_> {
    /// The limits of all proportions of time of one episode; none where the settings ask for none.
    pub(super) fn limits(&self, scene: &Scene) -> Named {
        let settings = self.settings;
        if settings.boot_replicates == 0 {
            return Vec::new();
        }
        let (window, types) = (scene.episode.span, &settings.state_types);
        let mut limits = match settings.repair_mode {
            RepairMode::Exact => {
                let timeline = match_timeline(&scene.dyad, &scene.states, window, types, Length::MICROSECOND);
                of_match(timeline, &rules(settings, Length::MICROSECOND))
            }
            RepairMode::Grid if scene.why_too_long(settings).is_some() => Vec::new(),
            RepairMode::Grid => {
                let step = settings.grid_step;
                let gridded = scene.dyad.on_grid(window, step, settings.grid_rule, types);
                let states = gridded.dyad.states(settings.min_mismatch);
                let timeline = match_timeline(&gridded.dyad, &states, gridded.window, &gridded.types, step);
                of_match(timeline, &rules(settings, step))
            }
        };
        let rules = rules(settings, Length::MICROSECOND);
        if let Ok(patterns) = Patterns::new(&scene.dyad, &scene.states, types) {
            limits.extend(of_patterns(&patterns, window, &rules));
        }
        limits.extend(of_grid(&scene.dyad, &scene.states, window, &rules));
        limits
    }
}

/// Blocks in units of `tick`.
fn rules(settings: &ScoreSettings, tick: Length) -> BootRules {
    BootRules {
        block: settings.boot_block.micros() / tick.micros(),
        replicates: settings.boot_replicates,
        seed: settings.seed,
        ..BootRules::default()
    }
}

/// The cells of an episode in units of `tick`, each under the index that `place` gives it.
fn timeline<'a>(
    n_places: usize,
    cells: impl IntoIterator<Item = &'a Cell>,
    window: Span,
    tick: Length,
    place: impl Fn(&Cell) -> usize,
) -> Timeline {
    let ticks = |length: Length| length.micros() / tick.micros();
    let stretch =
        |cell: &Cell| (ticks(cell.span.start() - window.start()), ticks(cell.span.end() - window.start()), place(cell));
    Timeline::new(n_places, ticks(window.length()), cells.into_iter().map(stretch))
}

/// Out of match; in match by the type of the infant's state; in match and of no such type.
fn match_timeline(dyad: &Dyad, states: &DyadicStates, window: Span, types: &StateTypes, tick: Length) -> Timeline {
    let of_infant = types.of_states(dyad.infant.states());
    let type_of = |cell: &Cell| TYPES.iter().position(|of| of_infant[cell.infant] == Some(*of)).unwrap_or(TYPES.len());
    timeline(TYPES.len() + 2, &states.cells, window, tick, |cell| if cell.matched { 1 + type_of(cell) } else { 0 })
}

fn of_match(timeline: Timeline, rules: &BootRules) -> Named {
    let ids = [
        "mismatch.proportion",
        "match.proportion.pos",
        "match.proportion.mon",
        "match.proportion.obj",
        "match.proportion.neu",
        "match.proportion.neg",
        "match.proportion",
    ];
    let limits = bootstrap(&[vec![timeline]], rules, |cells| {
        let mut parts: [Option<f64>; 7] = std::array::from_fn(|idx| share(cells[idx], cells));
        parts[6] = share(cells[1..].iter().sum(), cells);
        parts
    });
    named(ids.map(str::to_owned), limits)
}

fn of_patterns(patterns: &Patterns, window: Span, rules: &BootRules) -> Named {
    let stretches = patterns.bouts.iter().map(|bout| {
        let (start, end) = (bout.span.start() - window.start(), bout.span.end() - window.start());
        (start.micros(), end.micros(), bout.pattern as usize)
    });
    let timeline = Timeline::new(Pattern::ALL.len(), window.length().micros(), stretches);
    let limits = bootstrap(&[vec![timeline]], rules, |cells| std::array::from_fn(|idx| share(cells[idx], cells)));
    named(Pattern::ALL.map(|pattern| format!("coreg.{}", pattern.as_str())), limits)
}

fn of_grid(dyad: &Dyad, states: &DyadicStates, window: Span, rules: &BootRules) -> Named {
    let n_parent = dyad.parent.states().len();
    let n_cells = dyad.infant.states().len() * n_parent;
    let place = |cell: &Cell| cell.infant * n_parent + cell.parent;
    let timeline = timeline(n_cells, &states.cells, window, Length::MICROSECOND, place);
    let limits = bootstrap(&[vec![timeline]], rules, |cells| [dispersion(cells), largest_share(cells)]);
    named(["grid.dispersion", "grid.attractor.share"].map(str::to_owned), limits)
}

fn share(part: f64, cells: &[f64]) -> Option<f64> {
    let total: f64 = cells.iter().sum();
    (total > 0.0).then(|| part / total)
}

fn named<const N: usize>(ids: [String; N], limits: [Result<Limits, NoLimits>; N]) -> Named {
    ids.into_iter().zip(limits).collect()
}
