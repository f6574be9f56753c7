//! How the last seconds of both predict each of them.

use super::{FROM_ZERO, SHARE, ScoreInfo, score};

const BEEBE: &str =
    "Beebe et al. (2010), Attachment & Human Development 12, 3–141; the weights of the last seconds are our choice";
const LEAST_SQUARES: &str =
    "ordinary least squares; units are not independent, and standard errors and p take no account of it";
const LOGIT: &str = "Hosmer & Lemeshow (2000), Applied Logistic Regression; Beebe et al. (2010) for its use; units are not independent, and standard errors and p take no account of it";

/// A coefficient on the weighted mean of the last values, and what goes with it.
macro_rules! coefficient {
    ($id:literal, $name:literal, $definition:literal) => {
        [
            score($id, $name, "1", "any", $definition, BEEBE),
            score(
                concat!($id, ".beta"),
                concat!($name, ", standardised"),
                "1",
                "any",
                "That coefficient in standard deviations.",
                BEEBE,
            ),
            score(
                concat!($id, ".se"),
                concat!($name, ": standard error"),
                "1",
                FROM_ZERO,
                "Standard error of that coefficient.",
                LEAST_SQUARES,
            ),
            score(
                concat!($id, ".t"),
                concat!($name, ": t"),
                "1",
                "any",
                "That coefficient divided by its standard error.",
                LEAST_SQUARES,
            ),
            score(
                concat!($id, ".p"),
                concat!($name, ": p"),
                "1",
                SHARE,
                "Probability of a t as far from 0 if the coefficient were 0, two-sided.",
                LEAST_SQUARES,
            ),
        ]
    };
}

/// What belongs to the regression as a whole.
macro_rules! model {
    ($id:literal, $name:literal) => {
        [
            score(
                concat!($id, ".r2"),
                concat!($name, ": R²"),
                "1",
                SHARE,
                "Share of the variance of the value that both pasts explain.",
                LEAST_SQUARES,
            ),
            score(
                concat!($id, ".df"),
                concat!($name, ": degrees of freedom"),
                "1",
                FROM_ZERO,
                "Units with a complete recent past, less coefficients.",
                LEAST_SQUARES,
            ),
            score(
                concat!($id, ".constant"),
                concat!($name, ": constant"),
                "1",
                "any",
                "Value that is predicted where both pasts are 0.",
                LEAST_SQUARES,
            ),
            score(
                concat!($id, ".constant.se"),
                concat!($name, ": constant, standard error"),
                "1",
                FROM_ZERO,
                "Standard error of the constant.",
                LEAST_SQUARES,
            ),
            score(
                concat!($id, ".trend"),
                concat!($name, ": trend"),
                "1",
                "any",
                "Change of the value per unit of time, where contingency.trend asks for it.",
                LEAST_SQUARES,
            ),
            score(
                concat!($id, ".trend.se"),
                concat!($name, ": trend, standard error"),
                "1",
                FROM_ZERO,
                "Standard error of the trend.",
                LEAST_SQUARES,
            ),
            score(
                concat!($id, ".trend.p"),
                concat!($name, ": trend, p"),
                "1",
                SHARE,
                "Probability of a t as far from 0 if the trend were 0, two-sided.",
                LEAST_SQUARES,
            ),
        ]
    };
}

const INFANT_SELF: [ScoreInfo; 5] = coefficient!(
    "contingency.self.infant",
    "Infant's self-contingency",
    "Regression coefficient of the infant's value on the weighted mean of the infant's own last values."
);
const INFANT_INTERACTIVE: [ScoreInfo; 5] = coefficient!(
    "contingency.interactive.infant",
    "Infant's interactive contingency",
    "Regression coefficient of the infant's value on the weighted mean of the parent's last values."
);
const INFANT_MODEL: [ScoreInfo; 7] = model!("contingency.regression.infant", "Infant's contingency");
const PARENT_SELF: [ScoreInfo; 5] = coefficient!(
    "contingency.self.parent",
    "Parent's self-contingency",
    "Regression coefficient of the parent's value on the weighted mean of the parent's own last values."
);
const PARENT_INTERACTIVE: [ScoreInfo; 5] = coefficient!(
    "contingency.interactive.parent",
    "Parent's interactive contingency",
    "Regression coefficient of the parent's value on the weighted mean of the infant's last values."
);
const PARENT_MODEL: [ScoreInfo; 7] = model!("contingency.regression.parent", "Parent's contingency");

/// Self- and interactive contingency.
pub(crate) const PREDICTION: &[ScoreInfo] = &joined::<34>(&[
    &INFANT_SELF,
    &INFANT_INTERACTIVE,
    &INFANT_MODEL,
    &PARENT_SELF,
    &PARENT_INTERACTIVE,
    &PARENT_MODEL,
]);

/// The coefficients of the separate lags of one past.
macro_rules! lags {
    ($id:literal, $name:literal, $definition:literal) => {
        [
            score(concat!($id, ".b.LAG"), $name, "1", "any", $definition, LEAST_SQUARES),
            score(
                concat!($id, ".beta.LAG"),
                concat!($name, ", standardised"),
                "1",
                "any",
                "That coefficient in standard deviations.",
                LEAST_SQUARES,
            ),
            score(
                concat!($id, ".se.LAG"),
                concat!($name, ": standard error"),
                "1",
                FROM_ZERO,
                "Standard error of that coefficient.",
                LEAST_SQUARES,
            ),
            score(
                concat!($id, ".t.LAG"),
                concat!($name, ": t"),
                "1",
                "any",
                "That coefficient divided by its standard error.",
                LEAST_SQUARES,
            ),
            score(
                concat!($id, ".p.LAG"),
                concat!($name, ": p"),
                "1",
                SHARE,
                "Probability of a t as far from 0 if the coefficient were 0, two-sided.",
                LEAST_SQUARES,
            ),
        ]
    };
}

const INFANT_OWN_LAGS: [ScoreInfo; 5] = lags!(
    "contingency.lags.self.infant",
    "Infant's self-contingency at a lag",
    "Regression coefficient of the infant's value on the infant's own value LAG units before, beside all other lags; with contingency.form = lags."
);
const INFANT_PARTNER_LAGS: [ScoreInfo; 5] = lags!(
    "contingency.lags.interactive.infant",
    "Infant's interactive contingency at a lag",
    "Regression coefficient of the infant's value on the parent's value LAG units before, beside all other lags; with contingency.form = lags."
);
const PARENT_OWN_LAGS: [ScoreInfo; 5] = lags!(
    "contingency.lags.self.parent",
    "Parent's self-contingency at a lag",
    "Regression coefficient of the parent's value on the parent's own value LAG units before, beside all other lags; with contingency.form = lags."
);
const PARENT_PARTNER_LAGS: [ScoreInfo; 5] = lags!(
    "contingency.lags.interactive.parent",
    "Parent's interactive contingency at a lag",
    "Regression coefficient of the parent's value on the infant's value LAG units before, beside all other lags; with contingency.form = lags."
);

/// The coefficients of the separate lags.
pub(crate) const LAGS: &[ScoreInfo] =
    &joined::<20>(&[&INFANT_OWN_LAGS, &INFANT_PARTNER_LAGS, &PARENT_OWN_LAGS, &PARENT_PARTNER_LAGS]);

/// A coefficient of the logistic regression of looking.
macro_rules! odds {
    ($id:literal, $name:literal, $definition:literal) => {
        [
            score($id, $name, "1", "any", $definition, LOGIT),
            score(
                concat!($id, ".se"),
                concat!($name, ": standard error"),
                "1",
                FROM_ZERO,
                "Standard error of that coefficient.",
                LOGIT,
            ),
            score(
                concat!($id, ".z"),
                concat!($name, ": z"),
                "1",
                "any",
                "That coefficient divided by its standard error (Wald).",
                LOGIT,
            ),
            score(
                concat!($id, ".p"),
                concat!($name, ": p"),
                "1",
                SHARE,
                "Probability of a z as far from 0 if the coefficient were 0, two-sided.",
                LOGIT,
            ),
        ]
    };
}

const INFANT_LOOKS_ON: [ScoreInfo; 4] = odds!(
    "contingency.looking.self.infant",
    "Infant goes on looking",
    "Logarithm of the odds ratio of the infant's looking at the parent per unit of the weighted mean of the infant's own last looking."
);
const INFANT_LOOKS_BACK: [ScoreInfo; 4] = odds!(
    "contingency.looking.interactive.infant",
    "Infant looks back",
    "Logarithm of the odds ratio of the infant's looking at the parent per unit of the weighted mean of the parent's last looking."
);
const PARENT_LOOKS_ON: [ScoreInfo; 4] = odds!(
    "contingency.looking.self.parent",
    "Parent goes on looking",
    "Logarithm of the odds ratio of the parent's looking at the infant per unit of the weighted mean of the parent's own last looking."
);
const PARENT_LOOKS_BACK: [ScoreInfo; 4] = odds!(
    "contingency.looking.interactive.parent",
    "Parent looks back",
    "Logarithm of the odds ratio of the parent's looking at the infant per unit of the weighted mean of the infant's last looking."
);

/// Self- and interactive contingency of looking, which is there or not.
pub(crate) const LOOKING_PREDICTION: &[ScoreInfo] =
    &joined::<16>(&[&INFANT_LOOKS_ON, &INFANT_LOOKS_BACK, &PARENT_LOOKS_ON, &PARENT_LOOKS_BACK]);

/// Several lists as one of `N` entries.
const fn joined<const N: usize>(parts: &[&[ScoreInfo]]) -> [ScoreInfo; N] {
    let mut all = [parts[0][0]; N];
    let (mut n, mut part) = (0, 0);
    while part < parts.len() {
        let mut idx = 0;
        while idx < parts[part].len() {
            all[n] = parts[part][idx];
            (n, idx) = (n + 1, idx + 1);
        }
        part += 1;
    }
    assert!(n == N, "as many as there are");
    all
}
