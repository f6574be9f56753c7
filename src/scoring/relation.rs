//! Which pairs of states count as a match.

use std::iter;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{StateType, StateTypes, Subject};

/// A pair of states: the infant's, then the parent's.
pub type StatePair = (String, String);

/// The pairs of states, (infant, parent), that count as a match. The default has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatchRelation {
    /// What people call it: `same state`.
    pub name: String,
    /// Pairs that match whenever they occur.
    pub pairs: Vec<StatePair>,
    /// Pairs that match only while the partners attend to the same thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared: Option<SharedPairs>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Pairs that match only while a channel says that the object is shared.
///
/// It is a flag beside the pair, not a state. Where no such channel was coded these pairs never match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SharedPairs {
    /// The pairs, (infant, parent).
    pub pairs: Vec<StatePair>,
    /// When they match.
    #[serde(rename = "while")]
    pub condition: SharedWhile,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// While this channel of this subject holds one of these codes, the object is shared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SharedWhile {
    /// Whose channel it is. Who turned to or from the shared object is this subject; with `dyad`, both.
    pub subject: Subject,
    /// The channel: `gaze`, or one of joint looking.
    pub channel: String,
    /// The codes that mean *shared*.
    pub codes: Vec<String>,
    /// Fields of later versions.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl MatchRelation {
    /// A relation that needs no shared object.
    #[must_use]
    pub fn new(name: impl Into<String>, pairs: Vec<StatePair>) -> Self {
        Self { name: name.into(), pairs, shared: None, extra: Map::new() }
    }

    /// The relation in which equal names match: for two partners coded with one list of states.
    #[must_use]
    pub fn equality(states: &[String]) -> Self {
        Self::new("equality", states.iter().map(|state| (state.clone(), state.clone())).collect())
    }

    /// The states named in a pair that are none of `infant`'s or `parent`'s: a relation for another scheme.
    ///
    /// ```
    /// use scoring::{MatchRelation, StateTypes, Subject};
    ///
    /// let relation: MatchRelation = serde_json::from_str(
    ///     r#"{"name": "same state", "pairs": [["POS", "POS"], ["MON", "MON"], ["NEG", "NEG"]],
    ///         "shared": {"pairs": [["OBJ", "MON"]],
    ///                    "while": {"subject": "parent", "channel": "gaze", "codes": ["infant_object"]}}}"#,
    /// )?;
    /// assert_eq!(relation.pairs.len(), 3);
    /// // an infant without MON cannot match as the relation says
    /// let (infant, parent) = (["NEG", "OBJ", "POS"].map(str::to_owned), ["NEG", "MON", "POS"].map(str::to_owned));
    /// assert_eq!(relation.unknown_states(&infant, &parent), [(Subject::Infant, "MON".to_owned())]);
    /// // crying together is no match to some
    /// assert_eq!(relation.without_shared_distress(&StateTypes::default()).pairs.len(), 2);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn unknown_states(&self, infant: &[String], parent: &[String]) -> Vec<(Subject, String)> {
        let shared = self.shared.iter().flat_map(|shared| &shared.pairs);
        let mut unknown = Vec::new();
        for (first, second) in self.pairs.iter().chain(shared) {
            for (subject, key, states) in [(Subject::Infant, first, infant), (Subject::Parent, second, parent)] {
                if !states.contains(key) && !unknown.contains(&(subject, key.clone())) {
                    unknown.push((subject, key.clone()));
                }
            }
        }
        unknown
    }

    /// The relation without pairs in which both are negative, be an object shared or not.
    #[must_use]
    pub fn without_shared_distress(&self, types: &StateTypes) -> Self {
        let negative = |key: &str| types.of(key) == Some(StateType::Neg);
        let mut relation = self.clone();
        for pairs in iter::once(&mut relation.pairs).chain(relation.shared.as_mut().map(|shared| &mut shared.pairs)) {
            pairs.retain(|(infant, parent)| !(negative(infant) && negative(parent)));
        }
        relation
    }
}

/// How a pair of states matches, with names replaced by indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Matching {
    Never,
    WhileShared,
    Always,
}

/// `infant states × parent states`, row by row.
pub(crate) struct MatchTable {
    n_parent: usize,
    cells: Vec<Matching>,
}

impl MatchTable {
    pub(crate) fn new(relation: &MatchRelation, infant: &[String], parent: &[String]) -> Self {
        let n_parent = parent.len();
        let mut cells = vec![Matching::Never; infant.len() * n_parent];
        let mut set = |pairs: &[StatePair], matching: Matching| {
            for (first, second) in pairs {
                let row = infant.iter().position(|state| state == first);
                let column = parent.iter().position(|state| state == second);
                if let (Some(row), Some(column)) = (row, column) {
                    cells[row * n_parent + column] = matching;
                }
            }
        };
        if let Some(shared) = &relation.shared {
            set(&shared.pairs, Matching::WhileShared);
        }
        set(&relation.pairs, Matching::Always); // a pair in both lists needs no shared object
        Self { n_parent, cells }
    }

    /// The pairs, (infant, parent), that match at times.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let matching = self.cells.iter().enumerate().filter(|(_, matching)| **matching != Matching::Never);
        matching.map(|(cell, _)| (cell / self.n_parent, cell % self.n_parent))
    }

    pub(crate) fn get(&self, infant: usize, parent: usize) -> Matching {
        self.cells[infant * self.n_parent + parent]
    }
}
