//! Patterns of co-regulation, derived from the pair of states. Attune's own measure, not the Relational Coding System.

use serde::Serialize;
use span::Length;

use crate::catalog::{COREGULATION, ScoreInfo};
use crate::dyad::{Cell, DyadicStates};
use crate::{Dyad, Score, ScoreMap, StateSeries, StateType, StateTypes, Why};

/// What the two are doing at an instant; exactly one holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pattern {
    /// Both positive, one positive and the other watching, or with a shared object.
    Shared,
    /// Both watching.
    Watching,
    /// The infant is with an object of its own, the parent attends to the infant.
    ParentOnly,
    /// The infant attends to the parent, who attends to something else.
    InfantOnly,
    /// Each attends to something else.
    Apart,
    /// A partner is negative.
    Negative,
}

/// One maximal stretch of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatternBout {
    /// When.
    pub span: span::Span,
    /// What.
    pub pattern: Pattern,
}

/// The patterns of one window.
///
/// # Example
/// The half minute of the crate's text: both social in 13 of 29 seconds.
/// ```
/// use scoring::coregulation::{Pattern, Patterns};
/// use scoring::{Dyad, MatchRelation, StateSeries, StateType, StateTypes};
/// use span::Length;
///
/// let coded = |text| StateSeries::from_text(["M", "O", "P", "N"], text, Length::SECOND);
/// let relation = MatchRelation::equality(&["M", "O", "P", "N"].map(str::to_owned));
/// let dyad = Dyad::new(coded("MMPPOOOMPPNNNMMP.POOMMPPPNNOOO"), coded("MPPPPMPPPPPMMMPPPPPPPMMPPPMMMM"), relation);
/// let types = [("M", StateType::Mon), ("O", StateType::Obj), ("P", StateType::Pos), ("N", StateType::Neg)];
/// let types = StateTypes(types.map(|(state, of)| (state.to_owned(), of)).into());
/// let patterns = Patterns::new(&dyad, &dyad.states(Length::ZERO), &types)?;
/// let secs = [Pattern::Shared, Pattern::Watching, Pattern::ParentOnly, Pattern::Negative]
///     .map(|pattern| patterns.duration(pattern).as_secs());
/// assert_eq!(secs, [13.0, 3.0, 8.0, 5.0]);
/// assert_eq!(patterns.count(Pattern::Shared), 6); // 1–4 7–10 14–16 17–18 20–21 22–25
/// // from both watching twice into what is shared, and once (21–22) back from it
/// assert_eq!((patterns.changes()[1][0], patterns.changes()[0][1]), (3, 1));
///
/// // of the shared seconds, how many lie in the first quarter minute?
/// let half = StateSeries::from_text(["a", "b"], "aaaaaaaaaaaaaaabbbbbbbbbbbbbbb", Length::SECOND);
/// assert_eq!(patterns.durations_by(&half)[0], [7, 6].map(|secs| Length::SECOND.times(secs)));
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patterns {
    /// Sorted, disjoint, maximal.
    pub bouts: Vec<PatternBout>,
}

impl Pattern {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 6] =
        [Self::Shared, Self::Watching, Self::ParentOnly, Self::InfantOnly, Self::Apart, Self::Negative];

    /// The word in ids and files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Watching => "watching",
            Self::ParentOnly => "parent_only",
            Self::InfantOnly => "infant_only",
            Self::Apart => "apart",
            Self::Negative => "negative",
        }
    }

    /// The pattern of a pair; `None` for a type that tells nothing about gaze.
    ///
    /// `is_object_shared`: do the two attend to the same object?
    ///
    /// ```
    /// use scoring::{StateType, coregulation::Pattern};
    ///
    /// let pattern = |infant, parent| Pattern::of(infant, parent, false);
    /// assert_eq!(pattern(StateType::Mon, StateType::Pos), Some(Pattern::Shared));
    /// assert_eq!(pattern(StateType::Obj, StateType::Mon), Some(Pattern::ParentOnly));
    /// assert_eq!(Pattern::of(StateType::Obj, StateType::Mon, true), Some(Pattern::Shared));
    /// assert_eq!(pattern(StateType::Neu, StateType::Mon), None);
    /// ```
    #[must_use]
    pub fn of(infant: StateType, parent: StateType, is_object_shared: bool) -> Option<Self> {
        use StateType::{Mon, Neg, Neu, Obj, Off, Pos};
        Some(match (infant, parent) {
            (Neg, _) | (_, Neg) => Self::Negative,
            (Neu, _) | (_, Neu) => return None,
            (Pos, Pos | Mon) | (Mon, Pos) => Self::Shared,
            (Mon, Mon) => Self::Watching,
            (Pos | Mon, Off | Obj) => Self::InfantOnly,
            (Obj | Off, Mon | Pos | Obj) if is_object_shared => Self::Shared,
            (Obj | Off, Mon | Pos) => Self::ParentOnly,
            (Obj | Off, Off | Obj) => Self::Apart,
        })
    }
}

impl Patterns {
    /// The patterns of a dyad.
    ///
    /// *Definition*: an object is shared while the dyad says so; where both partners' states are of type OBJ, while they match.
    ///
    /// *Errors*: the pair that has no pattern, as `OBJ-NEU`.
    pub fn new(dyad: &Dyad, states: &DyadicStates, types: &StateTypes) -> Result<Self, String> {
        let (infant, parent) = (types.of_states(dyad.infant.states()), types.of_states(dyad.parent.states()));
        let pattern = |cell: &Cell| {
            let both_objects =
                infant[cell.infant] == Some(StateType::Obj) && parent[cell.parent] == Some(StateType::Obj);
            let is_shared = if both_objects { cell.matched } else { cell.shared };
            Pattern::of(infant[cell.infant]?, parent[cell.parent]?, is_shared)
        };
        let mut bouts: Vec<PatternBout> = Vec::new();
        for cell in &states.cells {
            let pattern = pattern(cell).ok_or_else(|| {
                format!("{}-{}", dyad.infant.state_key(cell.infant), dyad.parent.state_key(cell.parent))
            })?;
            match bouts.last_mut() {
                Some(last) if last.pattern == pattern && last.span.end() == cell.span.start() => {
                    last.span = last.span.hull(cell.span);
                }
                _ => bouts.push(PatternBout { span: cell.span, pattern }),
            }
        }
        Ok(Self { bouts })
    }

    /// How long a pattern holds.
    #[must_use]
    pub fn duration(&self, pattern: Pattern) -> Length {
        self.of(pattern).map(|bout| bout.span.length()).sum()
    }

    /// How many stretches of a pattern there are, those cut off included.
    #[must_use]
    pub fn count(&self, pattern: Pattern) -> usize {
        self.of(pattern).count()
    }

    /// How often each pattern (row) changed into each (column), in the order of [`Pattern::ALL`]; changes across missing time are
    /// none.
    #[must_use]
    pub fn changes(&self) -> [[usize; 6]; 6] {
        let mut changes = [[0; 6]; 6];
        for pair in self.bouts.windows(2).filter(|pair| pair[0].span.end() == pair[1].span.start()) {
            changes[pair[0].pattern as usize][pair[1].pattern as usize] += 1;
        }
        changes
    }

    /// How long each pattern (in the order of [`Pattern::ALL`]) holds in each state of another series, such as affect: what a pattern means
    /// turns with its affect. *Shape*: six lists with one length per state; time missing in the series is in none.
    ///
    /// *Reference*: Lobo, F. M., & Lunkenheimer, E. (2020). Understanding the parent-child coregulation patterns shaping child
    /// self-regulation. Developmental Psychology, 56, 1121–1134, <https://doi.org/10.1037/dev0000926>.
    #[must_use]
    pub fn durations_by(&self, series: &StateSeries) -> [Vec<Length>; 6] {
        let mut durations = [(); 6].map(|()| vec![Length::ZERO; series.states().len()]);
        for bout in &self.bouts {
            for piece in series.within(bout.span).pieces() {
                durations[bout.pattern as usize][piece.state] += piece.span.length();
            }
        }
        durations
    }

    fn of(&self, pattern: Pattern) -> impl Iterator<Item = &PatternBout> {
        self.bouts.iter().filter(move |bout| bout.pattern == pattern)
    }
}

/// Adds every score of the group.
pub(crate) fn push_scores(out: &mut ScoreMap, patterns: &Result<Patterns, String>, codable: Length) {
    let patterns = match patterns {
        Ok(patterns) if !codable.is_zero() => patterns,
        Ok(_) => return out.push_absent(COREGULATION, &Why::Borrowed("no time coded by both")),
        Err(pair) => return out.push_absent(COREGULATION, &format!("the pair {pair} belongs to no pattern").into()),
    };
    for pattern in Pattern::ALL {
        let id = format!("coreg.{}", pattern.as_str());
        let (duration, n_bouts) = (patterns.duration(pattern), patterns.count(pattern));
        out.push(COREGULATION, &id, Score::ratio(duration.as_secs(), codable.as_secs(), "no time coded by both"));
        out.push(COREGULATION, &format!("{id}.bouts"), Score::count(n_bouts));
        let mean = Score::ratio(duration.as_secs(), n_bouts as f64, "this pattern does not occur");
        out.push(COREGULATION, &format!("{id}.bout_mean"), mean);
    }
}

/// Adds the share of each pattern's time under each code of affect; `template` is its entry in the catalog, whose last two parts are
/// replaced.
pub(crate) fn push_by_affect(
    out: &mut ScoreMap,
    template: &'static ScoreInfo,
    patterns: &Patterns,
    affect: &StateSeries,
) {
    let prefix = template.id.trim_end_matches(".PATTERN.CODE");
    let durations = patterns.durations_by(affect);
    for pattern in Pattern::ALL {
        let of_pattern = &durations[pattern as usize];
        let total: Length = of_pattern.iter().copied().sum();
        for (code, duration) in affect.states().iter().zip(of_pattern) {
            let why = "this pattern does not occur while affect is coded";
            let score = Score::ratio(duration.as_secs(), total.as_secs(), why);
            out.push_named(template, format!("{prefix}.{}.{code}", pattern.as_str()), score);
        }
    }
}
