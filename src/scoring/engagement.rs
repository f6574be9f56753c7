//! States of engagement, derived from what was coded: affect and gaze become monitoring, positive, negative, ...

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use span::Instant;

use crate::{Piece, StateSeries, Subject};

/// The word in a rule that stands for every code that is not missing.
pub const ANY_CODE: &str = "*";

/// How one person's state of engagement follows from the codes of several channels.
///
/// *Definition*: per instant, the first rule that fits gives the state; where none fits, the state is missing. So there is a
/// state, or *missing*, for every combination of codes. A rule fits when every channel that it names holds one of the codes
/// listed; a channel that it does not name may hold anything, and may be missing. That makes the derivation three-valued:
/// "negative affect is NEG" fits before gaze is coded, "neutral affect and any gaze" does not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EngagementRules {
    /// Whose state it is.
    pub subject: Subject,
    /// The states, in the order in which tables and grids show them.
    pub states: Vec<EngagementState>,
    /// The rules, in the order in which they are tried.
    pub rules: Vec<EngagementRule>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// One state of engagement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EngagementState {
    /// The name in files and relations.
    pub key: String,
    /// The name for people.
    pub label: String,
    /// The place on a scale from negative to positive, for correlations; without one, time in this state is left out of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// If these channels hold these codes, this is the state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EngagementRule {
    /// For each channel that matters, the codes that fit; `["*"]` is every code that is not missing.
    pub when: BTreeMap<String, Vec<String>>,
    /// The key of a state.
    pub state: String,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// What is wrong with a set of rules.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RulesError {
    /// A rule gives a state that is not declared.
    #[error("a rule gives the state '{state}', which is not among the states: declare it")]
    UnknownState {
        /// The state that the rule gives.
        state: String,
    },
    /// A state is declared twice.
    #[error("the state '{state}' is declared twice: remove one")]
    StateTwice {
        /// The state's key.
        state: String,
    },
}

impl EngagementRules {
    /// Checks that every rule gives a declared state and no state is declared twice.
    pub fn check(&self) -> Result<(), RulesError> {
        for (idx, state) in self.states.iter().enumerate() {
            if self.states[..idx].iter().any(|earlier| earlier.key == state.key) {
                return Err(RulesError::StateTwice { state: state.key.clone() });
            }
        }
        match self.rules.iter().find(|rule| self.state_index(&rule.state).is_none()) {
            Some(rule) => Err(RulesError::UnknownState { state: rule.state.clone() }),
            None => Ok(()),
        }
    }

    /// The channels that some rule asks for, sorted.
    pub fn channels(&self) -> Vec<&str> {
        let mut channels: Vec<&str> = self.rules.iter().flat_map(|rule| rule.when.keys().map(String::as_str)).collect();
        channels.sort_unstable();
        channels.dedup();
        channels
    }

    /// The index of a state's key.
    #[must_use]
    pub fn state_index(&self, key: &str) -> Option<usize> {
        self.states.iter().position(|state| state.key == key)
    }

    /// The state that follows from one code per channel; a channel that is left out is missing.
    ///
    /// *Undefined cases*: `None` where no rule fits, or the one that fits gives an undeclared state.
    #[must_use]
    pub fn state_of<'a>(&self, code_of: impl Fn(&str) -> Option<&'a str>) -> Option<usize> {
        let fits = |rule: &&EngagementRule| {
            rule.when.iter().all(|(channel, codes)| code_of(channel).is_some_and(|code| accepts(codes, code)))
        };
        self.state_index(&self.rules.iter().find(fits)?.state)
    }

    /// The derived series: the boundaries are those of all channels, and touching stretches of one state are one.
    ///
    /// `series_of` gives each channel's series; a channel without one is missing throughout.
    ///
    /// # Example
    /// Ten seconds; gaze is not coded in the last two, which only negative affect can do without.
    /// ```
    /// use scoring::{EngagementRules, StateSeries};
    /// use serde_json::json;
    /// use span::Length;
    ///
    /// let state = |key| json!({"key": key, "label": key});
    /// let rules: EngagementRules = serde_json::from_value(json!({"subject": "infant",
    ///     "states": [state("NEG"), state("OBJ"), state("MON")],
    ///     "rules": [
    ///         {"when": {"affect": ["n"]}, "state": "NEG"},
    ///         {"when": {"affect": ["o"], "gaze": ["p"]}, "state": "MON"},
    ///         {"when": {"affect": ["o"], "gaze": ["*"]}, "state": "OBJ"}]}))?;
    /// let affect = StateSeries::from_text(["n", "o"], "oooooonnno", Length::SECOND); // negative, neutral
    /// let gaze = StateSeries::from_text(["p", "a"], "ppppaaaa..", Length::SECOND); // partner, away
    /// let derived = rules.derive(|channel| Some(if channel == "affect" { &affect } else { &gaze }));
    /// let pieces: Vec<_> =
    ///     derived.pieces().iter().map(|piece| (derived.state_key(piece.state), piece.span.length().as_secs())).collect();
    /// assert_eq!(pieces, [("MON", 4.0), ("OBJ", 2.0), ("NEG", 3.0)]); // the last second is missing
    ///
    /// assert_eq!((rules.channels(), rules.state_index("MON")), (vec!["affect", "gaze"], Some(2)));
    /// // neutral and looking at an object; neutral with gaze missing
    /// assert_eq!(rules.state_of(|channel| Some(if channel == "affect" { "o" } else { "x" })), Some(1));
    /// assert_eq!(rules.state_of(|channel| (channel == "affect").then_some("o")), None);
    /// assert_eq!(rules.check(), Ok(()));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn derive<'a>(&self, series_of: impl Fn(&str) -> Option<&'a StateSeries>) -> StateSeries {
        let channels: Vec<(&str, &StateSeries)> =
            self.channels().into_iter().filter_map(|channel| Some((channel, series_of(channel)?))).collect();
        let table = RuleTable::new(self, &channels);
        let mut cursors: Vec<Cursor> = channels.iter().map(|(_, series)| Cursor::new(series.pieces())).collect();
        let mut cuts: Vec<Instant> = channels
            .iter()
            .flat_map(|(_, series)| series.pieces().iter().flat_map(|piece| [piece.span.start(), piece.span.end()]))
            .collect();
        cuts.sort(); // a few sorted runs: quicker than the unstable sort
        cuts.dedup();

        let pieces = cuts.windows(2).filter_map(|cut| {
            for cursor in &mut cursors {
                cursor.advance(cut[0]);
            }
            let state = table.state(&cursors)?;
            Some(Piece { span: span::Span::new(cut[0], cut[1]).ok()?, state })
        });
        StateSeries::from_sorted(self.states.iter().map(|state| state.key.clone()).collect(), pieces)
    }
}

fn accepts(codes: &[String], code: &str) -> bool {
    codes.iter().any(|accepted| accepted == ANY_CODE || accepted == code)
}

/// The rules with names replaced by indices: derivation is done at every edit.
struct RuleTable {
    rules: Vec<CompiledRule>,
}

struct CompiledRule {
    needs: Vec<Need>,
    state: Option<usize>,
}

/// The channel with this index must hold one of the codes marked.
struct Need {
    channel: Option<usize>, // `None`: a channel that nobody coded, so the rule never fits
    accepted: Vec<bool>,
}

impl RuleTable {
    fn new(rules: &EngagementRules, channels: &[(&str, &StateSeries)]) -> Self {
        let need = |(channel, codes): (&String, &Vec<String>)| {
            let idx = channels.iter().position(|(name, _)| name == channel);
            let accepted = idx
                .map_or(Vec::new(), |idx| channels[idx].1.states().iter().map(|state| accepts(codes, state)).collect());
            Need { channel: idx, accepted }
        };
        let compile = |rule: &EngagementRule| CompiledRule {
            needs: rule.when.iter().map(need).collect(),
            state: rules.state_index(&rule.state),
        };
        Self { rules: rules.rules.iter().map(compile).collect() }
    }

    fn state(&self, cursors: &[Cursor]) -> Option<usize> {
        let holds = |need: &Need| {
            need.channel.and_then(|channel| cursors[channel].state).is_some_and(|state| need.accepted[state])
        };
        self.rules.iter().find(|rule| rule.needs.iter().all(holds))?.state
    }
}

/// The state of one series at a time that only grows.
pub(crate) struct Cursor<'a> {
    pieces: &'a [Piece],
    pub(crate) state: Option<usize>,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(pieces: &'a [Piece]) -> Self {
        Self { pieces, state: None }
    }

    pub(crate) fn advance(&mut self, time: Instant) {
        while self.pieces.first().is_some_and(|piece| piece.span.end() <= time) {
            self.pieces = &self.pieces[1..];
        }
        self.state = self.pieces.first().filter(|piece| piece.span.contains(time)).map(|piece| piece.state);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rules() -> EngagementRules {
        serde_json::from_value(json!({
            "subject": "infant",
            "states": [{"key": "NEG", "label": "negative", "value": -1}, {"key": "POS", "label": "positive", "value": 1},
                       {"key": "OBJ", "label": "with an object", "value": 0}],
            "rules": [{"when": {"affect": ["negative"]}, "state": "NEG"},
                      {"when": {"affect": ["positive"], "gaze": ["partner"]}, "state": "POS"},
                      {"when": {"affect": ["positive", "neutral"], "gaze": ["*"]}, "state": "OBJ"}]
        }))
        .unwrap()
    }

    /// What follows from codes of affect and gaze, `.` being missing; per instant and as a series.
    #[track_caller]
    fn check(affect: &str, gaze: &str, want: Option<&str>) {
        let rules = rules();
        let code_of = |channel: &str| Some(if channel == "affect" { affect } else { gaze }).filter(|code| *code != ".");
        let state = rules.state_of(code_of);
        assert_eq!(state.map(|state| rules.states[state].key.as_str()), want, "{affect} {gaze}");

        let series = |code: &str, codes: [&str; 3]| {
            let piece = codes.iter().position(|known| *known == code);
            let span = span::Span::from_micros(0, 5).unwrap();
            StateSeries::from_pieces(codes, piece.map(|state| Piece { span, state })).unwrap()
        };
        let affect = series(affect, ["negative", "neutral", "positive"]);
        let gaze = series(gaze, ["partner", "object", "away"]);
        let derived = rules.derive(|channel| Some(if channel == "affect" { &affect } else { &gaze }));
        assert_eq!(derived.state_at(Instant::from_micros(2)), state);
    }

    #[test]
    fn the_first_rule_that_fits_gives_the_state() {
        check("positive", "partner", Some("POS"));
        check("positive", "away", Some("OBJ"));
        check("neutral", "object", Some("OBJ"));
    }

    #[test]
    fn a_channel_that_a_rule_does_not_name_may_be_missing_and_any_other_may_not() {
        check("negative", ".", Some("NEG"));
        check("negative", "partner", Some("NEG"));
        check("positive", ".", None);
        check(".", "partner", None);
        check(".", ".", None);
    }

    #[test]
    fn rules_are_written_as_they_are_read() {
        let written = serde_json::to_value(rules()).unwrap();
        assert_eq!(
            written["rules"][2],
            json!({"when": {"affect": ["positive", "neutral"], "gaze": ["*"]}, "state": "OBJ"})
        );
        assert_eq!(written["subject"], "infant");
        assert_eq!(serde_json::from_value::<EngagementRules>(written).unwrap(), rules());
    }

    #[test]
    fn fields_of_later_versions_survive() {
        let mut file = serde_json::to_value(rules()).unwrap();
        file["note"] = json!("new");
        file["rules"][0]["certainty"] = json!(0.5);
        file["states"][0]["colour"] = json!("red");
        let read: EngagementRules = serde_json::from_value(file.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), file);
    }

    #[test]
    fn rules_that_give_an_undeclared_state_are_refused_by_name() {
        let mut wrong = rules();
        wrong.rules[0].state = "SAD".to_owned();
        assert_eq!(wrong.check(), Err(RulesError::UnknownState { state: "SAD".to_owned() }));
        let mut twice = rules();
        twice.states[1].key = "NEG".to_owned();
        assert_eq!(twice.check(), Err(RulesError::StateTwice { state: "NEG".to_owned() }));
        assert_eq!(rules().check(), Ok(()));
    }

    #[test]
    fn touching_stretches_of_one_derived_state_are_one() {
        let piece = |start, end, state| Piece { span: span::Span::from_micros(start, end).unwrap(), state };
        let affect = StateSeries::from_pieces(["positive"], [piece(0, 5, 0)]).unwrap();
        let gazes = [piece(0, 2, 0), piece(2, 3, 1), piece(3, 4, 2), piece(4, 5, 1)];
        let gaze = StateSeries::from_pieces(["partner", "object", "away"], gazes).unwrap();
        let derived = rules().derive(|channel| Some(if channel == "affect" { &affect } else { &gaze }));
        assert_eq!(derived.pieces().len(), 2, "a turn from object to away changes no state");
    }
}
