//! The agreement of two coders as text: what `attune agree` prints, and what the window shows of it.

use scoring::agreement::agree::Agreement;
use scoring::agreement::settings::AgreeSettings;
use scoring::agreement::statistic::Statistic;
use serde_json::{Map, Value, json};
use session::compare::{ComparedChannel, Comparison};

/// Two files, compared.
pub struct Compared {
    /// The files, the first coder's first.
    pub files: [String; 2],
    /// What they were compared with.
    pub settings: AgreeSettings,
    /// The two codings.
    pub comparison: Comparison,
    /// One for each channel of the comparison.
    pub agreements: Vec<Agreement>,
    /// What BORIS would print for the two files.
    pub as_boris: Vec<Statistic>,
}

impl Compared {
    /// Computes every statistic of a comparison.
    #[must_use]
    pub fn new(files: [String; 2], comparison: Comparison, settings: AgreeSettings) -> Self {
        let agreements = comparison.agreements(&settings);
        let as_boris = comparison.as_boris(&settings);
        Self { files, settings, comparison, agreements, as_boris }
    }

    /// Each channel with its agreement.
    pub fn channels(&self) -> impl Iterator<Item = (&ComparedChannel, &Agreement)> {
        self.comparison.channels.iter().zip(&self.agreements)
    }
}

/// The JSON of `attune agree`.
#[must_use]
pub fn agreement_json(compared: &Compared) -> String {
    let mut settings = Map::from_iter([("hash".to_owned(), Value::String(compared.settings.hash()))]);
    settings.extend(compared.settings.to_map());
    let comparable = &compared.comparison.comparable;
    let channel = |(channel, agreement): (&ComparedChannel, &Agreement)| {
        let mut entry = named(channel);
        if let Ok(Value::Object(fields)) = serde_json::to_value(agreement) {
            entry.extend(fields);
        }
        Value::Object(entry)
    };
    let disagreements = compared.channels().flat_map(|(channel, agreement)| {
        agreement.disagreements.iter().map(|disagreement| {
            let mut entry = named(channel);
            if let Ok(Value::Object(fields)) = serde_json::to_value(disagreement) {
                entry.extend(fields);
            }
            Value::Object(entry)
        })
    });
    let all = json!({
        "schema": "attune.agreement/1",
        "settings": settings,
        "files": compared.files,
        "comparable": {"media": comparable.media, "scheme": comparable.scheme, "range": comparable.range,
                       "problems": comparable.problems},
        "channels": compared.channels().map(channel).collect::<Vec<_>>(),
        "as_boris": by_id(&compared.as_boris),
        "disagreements": disagreements.collect::<Vec<_>>(),
    });
    format!("{}\n", serde_json::to_string_pretty(&all).expect("agreement is finite numbers and text"))
}

/// Statistics by their names.
fn by_id(statistics: &[Statistic]) -> Map<String, Value> {
    let entry = |statistic: &Statistic| {
        let value = serde_json::to_value(statistic).expect("a statistic is finite numbers and text");
        (statistic.info.id.to_owned(), value)
    };
    statistics.iter().map(entry).collect()
}

/// Subject and channel, and the code where each is compared for itself.
fn named(channel: &ComparedChannel) -> Map<String, Value> {
    let mut entry = Map::new();
    entry.insert("subject".to_owned(), channel.key.subject.clone().into());
    entry.insert("channel".to_owned(), channel.key.channel.clone().into());
    if let Some(code) = &channel.code {
        entry.insert("code".to_owned(), code.clone().into());
    }
    entry
}

/// "infant gaze", or "infant touch rough".
#[must_use]
pub fn channel_name(channel: &ComparedChannel) -> String {
    let code = channel.code.as_ref().map_or_else(String::new, |code| format!(" {code}"));
    format!("{} {}{code}", channel.key.subject, channel.key.channel)
}

/// A number with three decimals, or a dash.
#[must_use]
pub fn number_text(statistic: &Statistic) -> String {
    statistic.number().map_or_else(|| "–".to_owned(), |number| format!("{number:.3}"))
}

/// What a statistic is made of: its limits and its parts, or why there is none.
#[must_use]
pub fn parts_text(statistic: &Statistic) -> String {
    if let Some(why) = statistic.why() {
        return why.to_owned();
    }
    let limits = statistic.limits.as_ref().and_then(|limits| limits.as_ref().ok());
    let limits = limits.map(|limits| format!("{:.3} to {:.3}", limits.low, limits.high));
    let parts = statistic.parts.iter().filter_map(|(name, part)| Some(format!("{name} {:.3}", (*part)?)));
    limits.into_iter().chain(parts).collect::<Vec<_>>().join(", ")
}
