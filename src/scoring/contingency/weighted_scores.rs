//! The scores of self- and interactive contingency of one episode.

use crate::catalog::PREDICTION;
use crate::contingency::weighted::{Coefficient, PastForm, regression};
use crate::{Score, ScoreMap, ScoreSettings};

pub(crate) fn push_scores(
    out: &mut ScoreMap,
    infant: &[Option<f64>],
    parent: &[Option<f64>],
    settings: &ScoreSettings,
) {
    let form = PastForm::Weighted(settings.contingency_weights.clone());
    for (who, own, partner) in [("infant", infant, parent), ("parent", parent, infant)] {
        let fit = regression(own, partner, &form, settings.contingency_trend);
        let mut push = |what: &str, of: fn(&crate::contingency::weighted::Regression) -> Coefficient| {
            let score = |value: fn(Coefficient) -> Option<f64>| match &fit {
                Ok(fit) => Score::from_option(value(of(fit)), "the outcome never changes").with_n_if_present(fit.n),
                Err(why) => Score::absent(why.to_string()),
            };
            out.push(PREDICTION, &format!("contingency.{what}.{who}"), score(|coefficient| Some(coefficient.b)));
            out.push(PREDICTION, &format!("contingency.{what}.{who}.beta"), score(|coefficient| coefficient.beta));
        };
        push("self", |fit| fit.own[0]);
        push("interactive", |fit| fit.partner[0]);
    }
}
