//! The agreement of coders as text: what `attune agree` prints, and what the window shows of it.

use scoring::agreement::agree::Agreement;
use scoring::agreement::settings::AgreeSettings;
use scoring::agreement::statistic::Statistic;
use serde_json::{Map, Value, json};
use session::TrackKey;
use session::compare::{Comparable, ComparedChannel, Comparison, ManyChannel, ManyComparison};

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

/// More than two files, compared all at once.
pub struct ComparedMany {
    /// The codings.
    pub comparison: ManyComparison,
    /// Every statistic, for each channel of the comparison.
    pub agreements: Vec<Vec<Statistic>>,
}

impl ComparedMany {
    /// Computes every statistic of a comparison.
    #[must_use]
    pub fn new(comparison: ManyComparison, settings: &AgreeSettings) -> Self {
        let agreements = comparison.agreements(settings);
        Self { comparison, agreements }
    }

    /// Each channel with its statistics.
    pub fn channels(&self) -> impl Iterator<Item = (&ManyChannel, &[Statistic])> {
        self.comparison.channels.iter().zip(self.agreements.iter().map(Vec::as_slice))
    }
}

/// The JSON of `attune agree`: of the first file against the second; where there are more, against each other one under `others`, and all
/// of them under `many`.
#[must_use]
pub fn agreement_json(first: &Compared, others: &[Compared], many: Option<&ComparedMany>) -> String {
    let mut all = Map::new();
    all.insert("schema".to_owned(), "attune.agreement/1".into());
    all.insert("settings".to_owned(), agree_settings_json(&first.settings));
    all.extend(pair_json(first));
    if let Some(many) = many {
        let files: Vec<&String> = first.files.iter().chain(others.iter().map(|other| &other.files[1])).collect();
        all.insert("others".to_owned(), others.iter().map(pair_json).collect());
        all.insert("many".to_owned(), many_json(&files, many));
    }
    format!("{}\n", serde_json::to_string_pretty(&all).expect("agreement is finite numbers and text"))
}

/// The settings after their hash.
pub(crate) fn agree_settings_json(settings: &AgreeSettings) -> Value {
    let mut all = Map::from_iter([("hash".to_owned(), Value::String(settings.hash()))]);
    all.extend(settings.to_map());
    all.into()
}

fn many_json(files: &[&String], many: &ComparedMany) -> Value {
    let channel = |(channel, statistics): (&ManyChannel, &[Statistic])| {
        let mut entry = named(&channel.key, channel.code.as_deref());
        entry.insert("looked_at_s".to_owned(), channel.many.looked_at.length().as_secs().into());
        entry.insert("statistics".to_owned(), by_id(statistics).into());
        Value::Object(entry)
    };
    let channels: Vec<Value> = many.channels().map(channel).collect();
    json!({"files": files, "comparable": comparable_json(&many.comparison.comparable), "channels": channels})
}

/// Whether sessions can be compared, and what differs.
pub(crate) fn comparable_json(comparable: &Comparable) -> Value {
    json!({"media": comparable.media, "scheme": comparable.scheme, "range": comparable.range, "problems": comparable.problems})
}

/// What is said of one pair.
fn pair_json(compared: &Compared) -> Map<String, Value> {
    let channel = |(channel, agreement): (&ComparedChannel, &Agreement)| {
        let mut entry = named(&channel.key, channel.code.as_deref());
        if let Ok(Value::Object(fields)) = serde_json::to_value(agreement) {
            entry.extend(fields);
        }
        Value::Object(entry)
    };
    let disagreements = compared.channels().flat_map(|(channel, agreement)| {
        agreement.disagreements.iter().map(|disagreement| {
            let mut entry = named(&channel.key, channel.code.as_deref());
            if let Ok(Value::Object(fields)) = serde_json::to_value(disagreement) {
                entry.extend(fields);
            }
            Value::Object(entry)
        })
    });
    Map::from_iter([
        ("files".to_owned(), json!(compared.files)),
        ("comparable".to_owned(), comparable_json(&compared.comparison.comparable)),
        ("channels".to_owned(), compared.channels().map(channel).collect()),
        ("as_boris".to_owned(), by_id(&compared.as_boris).into()),
        ("disagreements".to_owned(), disagreements.collect()),
    ])
}

/// Statistics by their names.
pub(crate) fn by_id(statistics: &[Statistic]) -> Map<String, Value> {
    let entry = |statistic: &Statistic| {
        let value = serde_json::to_value(statistic).expect("a statistic is finite numbers and text");
        (statistic.info.id.to_owned(), value)
    };
    statistics.iter().map(entry).collect()
}

/// Subject and channel, and the code where each is compared for itself.
fn named(key: &TrackKey, code: Option<&str>) -> Map<String, Value> {
    let mut entry = Map::new();
    entry.insert("subject".to_owned(), key.subject.clone().into());
    entry.insert("channel".to_owned(), key.channel.clone().into());
    if let Some(code) = code {
        entry.insert("code".to_owned(), code.into());
    }
    entry
}

/// "infant gaze", or "infant touch rough".
#[must_use]
pub fn channel_name(key: &TrackKey, code: Option<&str>) -> String {
    let code = code.map_or_else(String::new, |code| format!(" {code}"));
    format!("{} {}{code}", key.subject, key.channel)
}

/// A number with three decimals, or a dash.
#[must_use]
pub fn number_text(statistic: &Statistic) -> String {
    statistic.number().map_or_else(|| "–".to_owned(), |number| format!("{number:.3}"))
}

/// "0.784 to 0.934", where there are limits.
#[must_use]
pub fn limits_text(statistic: &Statistic) -> Option<String> {
    let limits = statistic.limits.as_ref()?.as_ref().ok()?;
    Some(format!("{:.3} to {:.3}", limits.low, limits.high))
}

/// What a statistic is made of: its limits and its parts, or why there is none.
#[must_use]
pub fn parts_text(statistic: &Statistic) -> String {
    if let Some(why) = statistic.why() {
        return why.to_owned();
    }
    let limits = limits_text(statistic);
    let parts = statistic.parts.iter().filter_map(|(name, part)| Some(format!("{name} {:.3}", (*part)?)));
    limits.into_iter().chain(parts).collect::<Vec<_>>().join(", ")
}
