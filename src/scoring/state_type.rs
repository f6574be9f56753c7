//! What a state of engagement is an instance of, whatever a scheme calls it.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The six kinds of engagement that scores by type, co-regulation patterns and the rule about shared distress ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum StateType {
    /// Negative affect, wherever the eyes are.
    Neg,
    /// Engaged with an object or the surroundings.
    Obj,
    /// Attending to something other than the infant: parents only.
    Off,
    /// Neutral affect, where gaze was not asked for.
    Neu,
    /// Watching the partner with neutral affect.
    Mon,
    /// Positive affect toward the partner.
    Pos,
}

impl StateType {
    /// All of them, from negative to positive.
    pub const ALL: [Self; 6] = [Self::Neg, Self::Obj, Self::Off, Self::Neu, Self::Mon, Self::Pos];

    /// The type that a state's own name says: the six names themselves and the phases of the ICEP-R.
    ///
    /// ```
    /// use scoring::StateType;
    ///
    /// assert_eq!(StateType::of_key("Ipro"), Some(StateType::Neg)); // protest, in the ICEP-R
    /// assert_eq!(StateType::of_key("joy"), None);
    /// assert_eq!(StateType::ALL.map(StateType::value), [-1.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
    /// assert_eq!(StateType::Mon.to_string(), "MON");
    /// ```
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        match key {
            "NEG" | "Ineg" | "Ipro" | "Iwit" | "Cneg" | "Cwit" | "Cint" | "Chos" => Some(Self::Neg),
            "OBJ" | "Inon" => Some(Self::Obj),
            "OFF" | "Cnon" => Some(Self::Off),
            "NEU" => Some(Self::Neu),
            "MON" | "Ineu" | "Cneu" | "Cpvc" => Some(Self::Mon),
            "POS" | "Ipos" | "Cpos" => Some(Self::Pos),
            _ => None,
        }
    }

    /// The word in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Neg => "NEG",
            Self::Obj => "OBJ",
            Self::Off => "OFF",
            Self::Neu => "NEU",
            Self::Mon => "MON",
            Self::Pos => "POS",
        }
    }

    /// The value on a scale from negative to positive where a scheme gives none: −1, 0 or 1.
    #[must_use]
    pub const fn value(self) -> f64 {
        match self {
            Self::Neg => -1.0,
            Self::Pos => 1.0,
            Self::Obj | Self::Off | Self::Neu | Self::Mon => 0.0,
        }
    }
}

impl fmt::Display for StateType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The types of states whose names do not say it; empty by default.
///
/// # Example
/// ```
/// use scoring::{StateType, StateTypes};
///
/// let types = StateTypes([("joy".to_owned(), StateType::Pos)].into());
/// let states = ["joy", "NEG", "sleepy"].map(str::to_owned);
/// assert_eq!(types.of_states(&states), [Some(StateType::Pos), Some(StateType::Neg), None]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StateTypes(pub BTreeMap<String, StateType>);

impl StateTypes {
    /// The type of a state: as said here, else as its name says; `None` where neither does.
    #[must_use]
    pub fn of(&self, key: &str) -> Option<StateType> {
        self.0.get(key).copied().or_else(|| StateType::of_key(key))
    }

    /// The types of all states of a series, in their order.
    #[must_use]
    pub fn of_states(&self, states: &[String]) -> Vec<Option<StateType>> {
        states.iter().map(|state| self.of(state)).collect()
    }
}
