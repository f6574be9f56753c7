//! Agreement of two coders or more on one channel of states.

use span::{Length, Span, SpanSet};

use super::alpha::{Coincidences, Metric, alpha, value_alpha};
use super::codings::separate_windows;
use super::fleiss::{Fleiss, code_counts};
use super::gamma::{Unit, UnitWindow};
use super::of_events::gamma_statistics;
use super::of_time::{NO_ORDER, NO_VALUES};
use super::settings::AgreeSettings;
use super::statistic::Statistic;
use super::time_unit::GapPolicy;
use crate::series::NONE;
use crate::{Piece, StateSeries, grid};

/// One channel of states as several coders coded it.
#[derive(Clone, Debug, PartialEq)]
pub struct ManyCodings {
    /// The codes that are not missing, in the scheme's order.
    pub codes: Vec<String>,
    /// Has every moment a code? As in [`TwoCodings`](super::codings::TwoCodings).
    pub exhaustive: bool,
    /// The episodes; as in [`TwoCodings`](super::codings::TwoCodings).
    pub windows: Vec<Span>,
    /// The time that is compared: at least what all looked at.
    pub looked_at: SpanSet,
    /// What each of them marked; missing where that coder did not look.
    pub coders: Vec<StateSeries>,
}

/// How far several coders agree on one channel.
///
/// *Definition*: [alpha](alpha()) of units that two or more coded, [Fleiss'](Fleiss) and Randolph's kappa of units that all coded,
/// and [gamma](super::gamma::gamma_of_windows) of their runs that lie, in part at least, where all looked. Units are `step_s` long, or `segment.unit_s` where that is `null`; the grid begins anew in
/// each window.
///
/// *Shape*: statistics in the order of [`MANY_AGREEMENT`](super::catalog::MANY_AGREEMENT). Parts of Fleiss' kappa are that of each code
/// against all others, `code.KEY`, and under `se.iid` the [standard error](Fleiss::std_err_h0) `se0` without agreement. *Undefined cases*: each says why.
///
/// # Panics
/// If a state is no code of the channel.
///
/// # Example
/// ```
/// use scoring::StateSeries;
/// use scoring::agreement::many::{ManyCodings, agree_many};
/// use scoring::agreement::settings::AgreeSettings;
/// use span::{Length, Span, SpanSet};
///
/// let coded = |text| StateSeries::from_text(["a", "b"], text, Length::SECOND);
/// let many = ManyCodings {
///     codes: ["a", "b"].map(str::to_owned).to_vec(),
///     exhaustive: true,
///     windows: Vec::new(),
///     looked_at: SpanSet::from(Span::from_micros(0, 4_000_000).expect("four seconds")),
///     coders: vec![coded("aabb"), coded("aabb"), coded("aaab")],
/// };
/// let statistics = agree_many(&many, &AgreeSettings::default());
/// let fleiss = statistics.iter().find(|one| one.info.id == "fleiss").expect("it is there");
/// // one unit of four is split 1 to 2: Po = (3 + 1/3) / 4; seven of twelve codes are a: Pe = (49 + 25) / 144
/// let (po, pe) = (10.0 / 12.0, 74.0 / 144.0);
/// assert!((fleiss.number().expect("defined") - (po - pe) / (1.0 - pe)).abs() < 1e-12);
/// // of two codes each is against all others what the other is
/// let [a, b] = ["code.a", "code.b"].map(|part| fleiss.part(part).expect("both were used"));
/// assert!((a - b).abs() < 1e-12);
/// ```
#[must_use]
pub fn agree_many(many: &ManyCodings, settings: &AgreeSettings) -> Vec<Statistic> {
    let windows = separate_windows(&many.windows, &many.looked_at);
    let has_gap =
        settings.gap_policy(many.exhaustive) == GapPolicy::Category && !many.codes.iter().any(|code| code == NONE);
    let step = settings.step.unwrap_or(settings.segment_unit);
    let n_codes = many.codes.len();
    let inside = |series: &StateSeries, window: Span| series.within(window).without(&many.looked_at.gaps(window));
    let labels = |series: &StateSeries| -> Vec<Option<usize>> {
        let places = many.places(series);
        let gap = |state: usize| (has_gap && series.state_key(state) == NONE).then_some(n_codes);
        let label = |state: Option<usize>| state.and_then(|state| places[state].or_else(|| gap(state)));
        let units =
            windows.iter().flat_map(|window| grid::units(&inside(series, *window), *window, step, settings.grid_rule));
        units.map(label).collect()
    };
    let ratings: Vec<Vec<Option<usize>>> = many.coders.iter().map(labels).collect();
    let n_categories = n_codes + usize::from(has_gap);
    let coincidences = Coincidences::from_ratings(n_categories, &ratings);
    let coded: Vec<Vec<Option<usize>>> = ratings
        .iter()
        .map(|labels| labels.iter().map(|label| label.filter(|label| *label < n_codes)).collect())
        .collect();
    let coded = Coincidences::from_ratings(n_codes, &coded);
    let ordinal = if settings.ordinal { alpha(&coded, Metric::Ordinal) } else { Err(NO_ORDER) };
    let has_values = settings.ordinal || !settings.code_values.is_empty();
    let interval = if has_values { value_alpha(&coded, &settings.values_of(&many.codes)) } else { Err(NO_VALUES) };
    let n_pairable = [("n", Some(coincidences.n())), ("unit_s", Some(step.as_secs()))];
    let mut statistics = vec![
        Statistic::new("many_alpha", alpha(&coincidences, Metric::Nominal), n_pairable),
        Statistic::new("many_alpha_ordinal", ordinal, []),
        Statistic::new("many_alpha_interval", interval, []),
    ];
    match Fleiss::new(&code_counts(n_categories, &ratings)) {
        Ok(fleiss) => {
            let n = [("n", Some(fleiss.n_units as f64)), ("unit_s", Some(step.as_secs()))];
            let names = many.codes.iter().map(String::as_str).chain([NONE]); // of time without a mark too, where that counts
            let by_code = names.zip(&fleiss.per_code).map(|(code, kappa)| (format!("code.{code}"), *kappa));
            let std_err = (settings.se_iid && settings.step.is_some()).then(|| ("se0", fleiss.std_err_h0().ok()));
            statistics.push(
                Statistic::of_coefficient("fleiss", fleiss.kappa.clone())
                    .with_parts(n)
                    .with_parts(by_code)
                    .with_parts(std_err),
            );
            statistics.push(Statistic::of_coefficient("randolph", fleiss.randolph).with_parts(n));
        }
        Err(why) => statistics.extend(["fleiss", "randolph"].map(|id| Statistic::new(id, Err(why.clone()), []))),
    }
    statistics.extend(of_gamma(many, &windows, settings));
    statistics
}

fn of_gamma(many: &ManyCodings, windows: &[Span], settings: &AgreeSettings) -> [Statistic; 2] {
    let of_all = many.coders.iter().map(StateSeries::codable).reduce(|all, coder| all.intersection(&coder));
    let looked_at = of_all.unwrap_or_default().intersection(&many.looked_at);
    let units = |series: &StateSeries, window: Span| -> Vec<Unit> {
        let places = many.places(series);
        let seen = series.within(window);
        let pieces = seen.pieces().iter().filter(|piece| looked_at.coverage(piece.span) > Length::ZERO);
        let unit =
            |piece: &Piece| Some(Unit { start: piece.span.start(), end: piece.span.end(), code: places[piece.state]? });
        pieces.filter_map(unit).collect()
    };
    let in_windows: Vec<UnitWindow> = windows
        .iter()
        .map(|window| UnitWindow {
            range: *window,
            coders: many.coders.iter().map(|series| units(series, *window)).collect(),
        })
        .collect();
    gamma_statistics(["many_gamma", "many_gamma_cat"], &in_windows, many.codes.len(), settings)
}

impl ManyCodings {
    /// The code of each state of a series; none of a gap.
    fn places(&self, series: &StateSeries) -> Vec<Option<usize>> {
        let place = |state: &String| {
            let place = self.codes.iter().position(|code| code == state);
            assert!(place.is_some() || state == NONE, "the state {state} is no code of the channel");
            place
        };
        series.states().iter().map(place).collect()
    }
}
