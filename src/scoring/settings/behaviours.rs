//! Which behaviour of each partner is meant.

use serde::{Deserialize, Serialize};

use crate::Subject;

/// Codes of one channel, or states of engagement where the channel is that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodesOf {
    /// The channel's key.
    pub channel: String,
    /// The codes; being in any of them counts.
    pub codes: Vec<String>,
}

/// Which behaviour of each partner is meant; `None` is positive engagement.
///
/// ```
/// use scoring::{Subject, settings::Behaviours};
///
/// let given: Behaviours = serde_json::from_str(r#"{"infant": {"channel": "vocal", "codes": ["babble", "laugh"]}}"#)?;
/// assert_eq!(given.of(Subject::Infant).map(|of| of.channel.as_str()), Some("vocal"));
/// assert_eq!(given.of(Subject::Parent), None); // positive engagement
/// assert_eq!(given.codes().collect::<Vec<_>>(), ["babble", "laugh"]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Behaviours {
    /// The infant's.
    pub infant: Option<CodesOf>,
    /// The parent's.
    pub parent: Option<CodesOf>,
}

impl Behaviours {
    /// That of one partner.
    #[must_use]
    pub const fn of(&self, subject: Subject) -> Option<&CodesOf> {
        match subject {
            Subject::Infant => self.infant.as_ref(),
            Subject::Parent => self.parent.as_ref(),
            Subject::Dyad => None,
        }
    }

    /// Every code that is named.
    pub fn codes(&self) -> impl Iterator<Item = &String> {
        self.infant.iter().chain(&self.parent).flat_map(|of| &of.codes)
    }
}
