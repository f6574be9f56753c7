//! Tables of which state follows which, cell by cell.

use super::contingency::BAKEMAN_QUERA;
use super::{FROM_ZERO, SHARE, ScoreInfo, score};

const HABERMAN: &str = "Haberman (1973), Biometrics 29, 205–220; Bakeman & Quera (2011), Sequential Analysis and Observational Methods for the Behavioral Sciences, chapter 9";

/// The scores of every cell and of the whole of the table `$id`; `$what` says of which pairs.
macro_rules! table {
    ($id:literal, $name:literal, $what:literal $(, $more:expr)*) => {
        &[
            score(
                concat!($id, ".count.GIVEN.TARGET"),
                concat!($name, ": how often"),
                "1",
                FROM_ZERO,
                concat!("Number of pairs in which the state TARGET follows the state GIVEN: ", $what, "."),
                BAKEMAN_QUERA,
            ),
            score(
                concat!($id, ".transitional_probability.GIVEN.TARGET"),
                concat!($name, ": transitional probability"),
                "1",
                SHARE,
                "Share of the pairs that begin with the state GIVEN in which the state TARGET follows.",
                BAKEMAN_QUERA,
            ),
            score(
                concat!($id, ".expected.GIVEN.TARGET"),
                concat!($name, ": expected"),
                "1",
                FROM_ZERO,
                "Number of such pairs if what is given and what follows had nothing to do with each other; where no state follows itself, by iterative proportional fitting.",
                BAKEMAN_QUERA,
            ),
            $($more,)*
            score(
                concat!($id, ".yules_q.GIVEN.TARGET"),
                concat!($name, ": Yule's Q"),
                "1",
                "−1 to 1",
                "(ad − bc) / (ad + bc) of this cell against all others.",
                BAKEMAN_QUERA,
            ),
            score(
                concat!($id, ".odds_ratio.GIVEN.TARGET"),
                concat!($name, ": odds ratio"),
                "1",
                FROM_ZERO,
                "Odds of the state TARGET after the state GIVEN, divided by the odds after all others; one half added to the cells as the setting haldane says.",
                BAKEMAN_QUERA,
            ),
            score(
                concat!($id, ".phi.GIVEN.TARGET"),
                concat!($name, ": phi"),
                "1",
                "−1 to 1",
                "(ad − bc) / √((a+b)(c+d)(a+c)(b+d)) of this cell against all others.",
                BAKEMAN_QUERA,
            ),
            score(
                concat!($id, ".chi2"),
                concat!($name, ": chi-square"),
                "1",
                FROM_ZERO,
                "Sum of (f − e)² / e over the cells of the table in which something is expected.",
                BAKEMAN_QUERA,
            ),
            score(
                concat!($id, ".df"),
                concat!($name, ": degrees of freedom"),
                "1",
                FROM_ZERO,
                "(R − 1)(C − 1), with R rows and C columns that are not empty.",
                BAKEMAN_QUERA,
            ),
            score(
                concat!($id, ".p"),
                concat!($name, ": p of chi-square"),
                "1",
                SHARE,
                "Probability of a chi-square as large if what is given and what follows had nothing to do with each other and pairs were independent, which seconds are not.",
                BAKEMAN_QUERA,
            ),
        ]
    };
}

const fn residual(id: &'static str, name: &'static str) -> ScoreInfo {
    score(
        id,
        name,
        "1",
        "any",
        "How many standard deviations more often than expected the state TARGET follows the state GIVEN; where no state follows itself, as the setting structural_z says.",
        HABERMAN,
    )
}

/// Which of the parent's states follows which of the infant's, beyond the residuals.
pub(crate) const PARENT_TABLE: &[ScoreInfo] = table!(
    "contingency.lag_table.infant_to_parent",
    "Parent after infant at a lag",
    "the parent's sequential.lag_s after the infant's, unit by unit of the grid"
);

/// Which of the infant's states follows which of the parent's, beyond the residuals.
pub(crate) const INFANT_TABLE: &[ScoreInfo] = table!(
    "contingency.lag_table.parent_to_infant",
    "Infant after parent at a lag",
    "the infant's sequential.lag_s after the parent's, unit by unit of the grid"
);

/// Which of the infant's own states follows which.
pub(crate) const INFANT_SEQUENCE: &[ScoreInfo] = table!(
    "contingency.sequence.infant",
    "Infant's sequence",
    "both the infant's own, event by event or unit by unit as the setting sequential.form says",
    residual("contingency.sequence.infant.z.GIVEN.TARGET", "Infant's sequence: adjusted residual")
);

/// Which of the parent's own states follows which.
pub(crate) const PARENT_SEQUENCE: &[ScoreInfo] = table!(
    "contingency.sequence.parent",
    "Parent's sequence",
    "both the parent's own, event by event or unit by unit as the setting sequential.form says",
    residual("contingency.sequence.parent.z.GIVEN.TARGET", "Parent's sequence: adjusted residual")
);
