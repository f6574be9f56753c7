//! What the settings come to for one recording: the relation, the states and their values, the rules.

use serde::ser::{Serialize, SerializeStruct as _, Serializer};
use serde_json::Map;

use crate::needs::{States, relation};
use crate::{EngagementRule, MatchRelation, Recording, ScoreSettings, SharedPairs, SharedWhile, Subject};

/// What the scores went by where the settings leave it to the recording's scheme.
///
/// *Definition*: settings with `match = null` and `match.relation = scheme` name no pair of states, and values come from the scheme
/// unless `state.values` gives them. Here they are as they were used, so that a number can be reproduced without the scheme. Labels and
/// fields of later versions, which change no number, are left out.
///
/// *Example*: [`Scores::hash`](crate::Scores::hash) differs where this does.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Resolved {
    /// The pairs of states that match.
    pub relation: MatchRelation,
    /// When the partners attend to the same thing: what patterns of co-regulation go by, whichever relation is used.
    pub shared_while: Option<SharedWhile>,
    /// The infant's states.
    pub infant: PartnerStates,
    /// The parent's states.
    pub parent: PartnerStates,
}

/// The states that one partner can have.
#[derive(Clone, Debug, PartialEq)]
pub struct PartnerStates {
    /// Each state with its value in correlations, in the order of tables and grids; without a value, time in it is left out of them.
    pub values: Vec<(String, Option<f64>)>,
    /// The rules by which the states follow from what was coded; `None` where they were coded themselves, or follow from affect or
    /// gaze alone as the settings say.
    pub rules: Option<Vec<EngagementRule>>,
}

impl Resolved {
    pub(crate) fn new(recording: &Recording, settings: &ScoreSettings) -> Self {
        let mut relation = relation(recording, settings);
        relation.extra = Map::new();
        if let Some(shared) = &mut relation.shared {
            *shared =
                SharedPairs { condition: plain(&shared.condition), extra: Map::new(), pairs: shared.pairs.clone() };
        }
        Self {
            relation,
            shared_while: recording.relation.shared.as_ref().map(|shared| plain(&shared.condition)),
            infant: PartnerStates::new(recording, settings, Subject::Infant),
            parent: PartnerStates::new(recording, settings, Subject::Parent),
        }
    }
}

impl PartnerStates {
    fn new(recording: &Recording, settings: &ScoreSettings, subject: Subject) -> Self {
        let states = States::of(settings);
        let keys = states.keys(recording, subject);
        let values = states.values(recording, settings, subject, &keys);
        let plain = |rule: &EngagementRule| EngagementRule { extra: Map::new(), ..rule.clone() };
        let rules = states.rules(recording, subject).map(|rules| rules.rules.iter().map(plain).collect());
        Self { values: keys.into_iter().zip(values).collect(), rules }
    }
}

fn plain(condition: &SharedWhile) -> SharedWhile {
    SharedWhile { extra: Map::new(), ..condition.clone() }
}

/// The values by state; `null` for none.
impl Serialize for PartnerStates {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let values: Map<_, _> = self.values.iter().map(|(state, value)| (state.clone(), (*value).into())).collect();
        let mut record = serializer.serialize_struct("PartnerStates", 2)?;
        record.serialize_field("values", &values)?;
        record.serialize_field("rules", &self.rules)?;
        record.end()
    }
}
