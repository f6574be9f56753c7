//! Each code against all others together: how far two coders agree on it, and how common it is.

use serde::ser::{Serialize, SerializeMap as _, Serializer};

use super::kappa::{Kappa, kappa};
use super::table::Confusion;

/// How far two coders agree on the time of one code against all others together.
///
/// *Units and range*: shares are of the time that was compared, from 0 to 1. *Undefined cases*: the shares are absent where nothing was
/// compared, kappa also where neither coder used the code or both used no other, [`overlap_extent`](Self::overlap_extent) where neither
/// used it.
///
/// A rare code has a low kappa more easily than a common one: read it beside the shares.
///
/// # Example
/// Ten seconds; the second coder sees the infant look away a second earlier.
/// ```
/// use scoring::StateSeries;
/// use scoring::agreement::agree::agree;
/// use scoring::agreement::codings::{TwoCodings, TwoMarks};
/// use scoring::agreement::settings::AgreeSettings;
/// use span::{Length, Span, SpanSet};
///
/// let coded = |text| StateSeries::from_text(["p", "a"], text, Length::SECOND);
/// let two = TwoCodings {
///     codes: ["p", "a"].map(str::to_owned).to_vec(),
///     exhaustive: true,
///     windows: Vec::new(),
///     looked_at: SpanSet::from(Span::from_micros(0, 10_000_000).expect("ten seconds")),
///     marks: TwoMarks::States(coded("ppppppppaa").into(), coded("pppppppaaa").into()),
/// };
/// let agreement = agree(&two, &AgreeSettings::default());
/// let away = &agreement.by_code[1];
/// assert_eq!((away.code.as_str(), away.share_of_first, away.share_of_second), ("a", Some(0.2), Some(0.3)));
/// assert_eq!((away.prevalence(), away.overlap_extent), (Some(0.25), Some(2.0 / 3.0)));
/// // Po = .9, Pe = .8 · .7 + .2 · .3 = .62
/// assert!((away.kappa.value.expect("defined") - 0.28 / 0.38).abs() < 1e-12);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CodeAgreement {
    /// The code; or [`NONE`](crate::NONE) for time without one.
    pub code: String,
    /// Kappa of the two-by-two table of the code and all others.
    pub kappa: Kappa,
    /// The code's share of the first coder's time.
    pub share_of_first: Option<f64>,
    /// The code's share of the second coder's time.
    pub share_of_second: Option<f64>,
    /// The time in which both have it over the time in which either has.
    pub overlap_extent: Option<f64>,
}

impl CodeAgreement {
    /// One for each category of a table.
    pub(super) fn all(table: &Confusion, categories: &[String]) -> Vec<Self> {
        let total = table.total();
        let (rows, columns) = (table.row_margins(), table.column_margins());
        let share = |time: f64| (total > 0.0).then(|| time / total);
        let one = |(code, key): (usize, &String)| Self {
            code: key.clone(),
            kappa: kappa(&table.one_code(code)),
            share_of_first: share(rows[code]),
            share_of_second: share(columns[code]),
            overlap_extent: table.overlap_extent(code),
        };
        categories.iter().enumerate().map(one).collect()
    }

    /// The mean of both coders' shares.
    #[must_use]
    pub fn prevalence(&self) -> Option<f64> {
        Some(f64::midpoint(self.share_of_first?, self.share_of_second?))
    }
}

/// As in `attune agree`: `{"code": "away", "kappa": 0.7, "po": 0.9, ..., "prevalence": 0.2}`.
impl Serialize for CodeAgreement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", &self.code)?;
        map.serialize_entry("kappa", &self.kappa.value)?;
        if let Some(why) = &self.kappa.why {
            map.serialize_entry("why", why)?;
        }
        let parts = [
            ("po", self.kappa.po),
            ("pe", self.kappa.pe),
            ("max", self.kappa.max),
            ("prevalence", self.prevalence()),
            ("share_of_first", self.share_of_first),
            ("share_of_second", self.share_of_second),
            ("overlap_extent", self.overlap_extent),
        ];
        for (name, part) in parts {
            map.serialize_entry(name, &part)?;
        }
        map.end()
    }
}
