//! Settings by name: some replaced, or refused.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A setting was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// There is no setting of this name.
    #[error("there is no setting '{key}': the settings are {}", known.join(", "))]
    UnknownKey {
        /// The name given.
        key: String,
        /// The names that there are, sorted.
        known: Vec<String>,
    },
    /// A setting has no such value.
    #[error("setting '{key}' cannot be {value}: {why}")]
    BadValue {
        /// The setting.
        key: String,
        /// The value given, as JSON.
        value: String,
        /// What is wrong, and what is known.
        why: String,
    },
}

/// Settings with some replaced by name.
pub(crate) fn overridden<S: Clone + Serialize + DeserializeOwned>(
    settings: &S,
    overrides: &Map<String, Value>,
) -> Result<S, SettingsError> {
    let mut map = to_map(settings);
    let mut settings = settings.clone();
    for (key, value) in overrides {
        let Some(place) = map.get_mut(key) else {
            return Err(SettingsError::UnknownKey { key: key.clone(), known: map.keys().cloned().collect() });
        };
        *place = value.clone();
        settings = serde_json::from_value(Value::Object(map.clone())).map_err(|error| SettingsError::BadValue {
            key: key.clone(),
            value: value.to_string(),
            why: error.to_string(),
        })?;
    }
    Ok(settings)
}

/// Every setting by its name, sorted.
pub(crate) fn to_map(settings: &impl Serialize) -> Map<String, Value> {
    let value = serde_json::to_value(settings).expect("settings are plain data with names for keys");
    let Value::Object(map) = value else { unreachable!("a structure is written as an object") };
    map.into_iter().collect::<BTreeMap<_, _>>().into_iter().collect()
}
