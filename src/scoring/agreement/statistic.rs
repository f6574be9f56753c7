//! One statistic of two codings.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap as _, Serializer};

use super::bootstrap::Limits;
use super::catalog::{AGREEMENT, statistic_info};
use super::coefficient::Coefficient;
use super::table::NOTHING_COMPARED;
use crate::Why;
use crate::catalog::ScoreInfo;

/// One statistic with its parts, or the reason why there is none.
///
/// # Example
/// ```
/// use scoring::agreement::{of_scores::agree_scores, settings::AgreeSettings};
///
/// let statistics = agree_scores(&[[Some(12.0), Some(13.5)], [Some(30.0), Some(28.5)]], &AgreeSettings::default());
/// let difference = statistics.iter().find(|one| one.info.id == "bland_altman").expect("it is there");
/// assert_eq!((difference.number(), difference.part("mean_absolute")), (Some(0.0), Some(1.5)));
/// assert_eq!((difference.why(), difference.part("kappa")), (None, None)); // no such part
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Statistic {
    /// Its name in files, and what it means.
    pub info: &'static ScoreInfo,
    /// The number, or why there is none; never NaN or infinite.
    pub value: Result<f64, Why>,
    /// What it is made of, by name; `None` where that part is absent.
    pub parts: Vec<(Cow<'static, str>, Option<f64>)>,
    /// 95 % limits, or why there are none; `None` for statistics that can have no such limits.
    pub limits: Option<Result<Limits, Why>>,
}

impl Statistic {
    /// The number; `None` where it is absent.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        self.value.as_ref().ok().copied()
    }

    /// One of its parts; `None` where that is absent, or no part of it.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<f64> {
        self.parts.iter().find(|(part, _)| part == name).and_then(|(_, part)| *part)
    }

    /// Why there is no number.
    #[must_use]
    pub fn why(&self) -> Option<&str> {
        self.value.as_ref().err().map(AsRef::as_ref)
    }

    pub(super) fn new(id: &str, value: Result<f64, Why>, parts: impl Into<Vec<(&'static str, Option<f64>)>>) -> Self {
        let info = statistic_info(id).expect("every statistic is in the catalog");
        let value = value.and_then(|value| if value.is_finite() { Ok(value) } else { Err(Why::Borrowed("too large")) });
        Self { info, value, parts: Vec::new(), limits: None }.with_parts(parts.into())
    }

    pub(super) fn of_coefficient(id: &str, coefficient: Coefficient) -> Self {
        let Coefficient { value, po, pe, why } = coefficient;
        Self::new(id, value.ok_or_else(|| why.unwrap_or(NOTHING_COMPARED)), [("po", po), ("pe", pe)])
    }

    pub(super) fn with_parts(
        mut self,
        parts: impl IntoIterator<Item = (impl Into<Cow<'static, str>>, Option<f64>)>,
    ) -> Self {
        self.parts.extend(parts.into_iter().map(|(name, part)| (name.into(), part)));
        self
    }

    pub(super) fn with_limits(self, limits: Result<Limits, Why>) -> Self {
        Self { limits: Some(limits), ..self }
    }
}

/// Fills the list up to the whole catalog, in its order.
pub(super) fn absent_where_missing(statistics: &mut Vec<Statistic>, why: &Why) {
    for info in AGREEMENT {
        if !statistics.iter().any(|statistic| statistic.info.id == info.id) {
            statistics.push(Statistic::new(info.id, Err(why.clone()), []));
        }
    }
    in_order(statistics);
}

pub(super) fn in_order(statistics: &mut [Statistic]) {
    statistics.sort_by_key(|statistic| AGREEMENT.iter().position(|info| info.id == statistic.info.id));
}

/// As in `attune agree`: `{"value": 0.73, "po": 0.8, ...}`, and `"why"` beside a `null`.
impl Serialize for Statistic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("value", &self.number())?;
        if let Some(why) = self.why() {
            map.serialize_entry("why", why)?;
        }
        for (name, part) in &self.parts {
            map.serialize_entry(name, part)?;
        }
        match &self.limits {
            Some(Ok(limits)) => {
                map.serialize_entry("low", &limits.low)?;
                map.serialize_entry("high", &limits.high)?;
            }
            Some(Err(why)) if self.value.is_ok() => map.serialize_entry("no_limits", why)?,
            _ => {}
        }
        map.end()
    }
}
