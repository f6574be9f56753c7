//! The scores of self- and interactive contingency of one episode.

use crate::catalog::{LAGS, LOOKING_PREDICTION, PREDICTION};
use crate::contingency::logistic::logistic;
use crate::contingency::weighted::{Coefficient, NoRegression, PastForm, Regression, Trend, regression};
use crate::settings::ContingencyForm;
use crate::{Score, ScoreMap, ScoreSettings, Why};

/// A statistic of a coefficient by its name in ids.
type Statistic = (&'static str, fn(&Coefficient) -> Option<f64>);

const NO_T: &str = "nothing is left to explain";

pub(crate) fn push_scores(
    out: &mut ScoreMap,
    infant: &[Option<f64>],
    parent: &[Option<f64>],
    settings: &ScoreSettings,
) {
    let form = match settings.contingency_form {
        ContingencyForm::Weighted => weighted(settings),
        ContingencyForm::Lags => PastForm::Lags(settings.contingency_order),
    };
    let mut lags = ScoreMap::default();
    for (who, own, partner) in [("infant", infant, parent), ("parent", parent, infant)] {
        let fit = regression(own, partner, &form, settings.contingency_trend);
        for (what, of) in PASTS {
            push_weighted(out, &format!("contingency.{what}.{who}"), fit.as_ref(), of, settings);
            if settings.contingency_form == ContingencyForm::Lags {
                push_lags(&mut lags, &format!("contingency.lags.{what}.{who}"), fit.as_ref(), of, settings);
            }
        }
        push_model(out, &format!("contingency.regression.{who}"), fit.as_ref(), settings);
    }
    out.extend(lags);
}

/// The coefficients of one past of a regression.
type OfPast = fn(&Regression) -> &[Coefficient];

const PASTS: [(&str, OfPast); 2] = [("self", |fit| &fit.own), ("interactive", |fit| &fit.partner)];

const WEIGHTED: [Statistic; 5] = [
    ("", |coefficient| Some(coefficient.b)),
    (".beta", |coefficient| coefficient.beta),
    (".se", |coefficient| Some(coefficient.std_err)),
    (".t", |coefficient| coefficient.t),
    (".p", |coefficient| coefficient.p),
];

const SEPARATE: [Statistic; 5] = [
    ("b", |coefficient| Some(coefficient.b)),
    ("beta", |coefficient| coefficient.beta),
    ("se", |coefficient| Some(coefficient.std_err)),
    ("t", |coefficient| coefficient.t),
    ("p", |coefficient| coefficient.p),
];

fn weighted(settings: &ScoreSettings) -> PastForm {
    PastForm::Weighted(settings.contingency_weights.clone())
}

fn push_weighted(
    out: &mut ScoreMap,
    id: &str,
    fit: Result<&Regression, &NoRegression>,
    of: OfPast,
    settings: &ScoreSettings,
) {
    for (suffix, value) in WEIGHTED {
        let score = match fit {
            _ if settings.contingency_form == ContingencyForm::Lags => {
                Score::absent("the setting contingency.form asks for lag by lag")
            }
            Ok(fit) => Score::from_option(value(&of(fit)[0]), NO_T).with_n_if_present(fit.n),
            Err(why) => Score::absent(why.to_string()),
        };
        out.push(PREDICTION, &format!("{id}{suffix}"), score);
    }
}

fn push_lags(
    out: &mut ScoreMap,
    id: &str,
    fit: Result<&Regression, &NoRegression>,
    of: OfPast,
    settings: &ScoreSettings,
) {
    for (statistic, value) in SEPARATE {
        let template_id = format!("{id}.{statistic}.LAG");
        let template = LAGS.iter().find(|info| info.id == template_id).expect("the catalog lists every statistic");
        for lag in 1..=settings.contingency_order {
            let score = match fit {
                Ok(fit) => Score::from_option(value(&of(fit)[lag - 1]), NO_T).with_n_if_present(fit.n),
                Err(why) => Score::absent(why.to_string()),
            };
            out.push_named(template, format!("{id}.{statistic}.{lag}"), score);
        }
    }
}

/// A statistic of the whole regression by its name in ids, and why it is absent.
type OfModel = (&'static str, fn(&Regression) -> Option<f64>, &'static str);

fn push_model(out: &mut ScoreMap, id: &str, fit: Result<&Regression, &NoRegression>, settings: &ScoreSettings) {
    let why_no_trend = if settings.contingency_trend == Trend::None { "contingency.trend asks for none" } else { NO_T };
    let statistics: [OfModel; 7] = [
        ("r2", |fit| Some(fit.r2), NO_T),
        ("df", |fit| Some(fit.df as f64), NO_T),
        ("constant", |fit| Some(fit.constant.b), NO_T),
        ("constant.se", |fit| Some(fit.constant.std_err), NO_T),
        ("trend", |fit| Some(fit.trend?.b), why_no_trend),
        ("trend.se", |fit| Some(fit.trend?.std_err), why_no_trend),
        ("trend.p", |fit| fit.trend?.p, why_no_trend),
    ];
    for (statistic, value, why_absent) in statistics {
        let score = match fit {
            Ok(fit) => Score::from_option(value(fit), why_absent).with_n_if_present(fit.n),
            Err(why) => Score::absent(why.to_string()),
        };
        out.push(PREDICTION, &format!("{id}.{statistic}"), score);
    }
}

/// Who looks at the other, unit by unit; or why that is not known.
pub(crate) type Looking = Result<[Vec<Option<bool>>; 2], Why>;

/// Adds the scores of looking at the partner, infant and parent.
pub(crate) fn push_looking(out: &mut ScoreMap, looking: &Looking, settings: &ScoreSettings) {
    let [infant, parent] = match looking {
        Ok(looking) => looking,
        Err(why) => return out.push_absent(LOOKING_PREDICTION, why),
    };
    let numbers = |units: &[Option<bool>]| -> Vec<Option<f64>> {
        units.iter().map(|looks| looks.map(|looks| f64::from(u8::from(looks)))).collect()
    };
    for (who, own, partner) in [("infant", infant, parent), ("parent", parent, infant)] {
        let fit = logistic(own, &numbers(partner), &weighted(settings), settings.contingency_trend);
        for what in ["self", "interactive"] {
            let statistics: [Statistic; 4] = [
                ("", |coefficient| Some(coefficient.b)),
                (".se", |coefficient| Some(coefficient.std_err)),
                (".z", |coefficient| coefficient.t),
                (".p", |coefficient| coefficient.p),
            ];
            for (suffix, value) in statistics {
                let score = match &fit {
                    Ok(fit) => {
                        let coefficient = if what == "self" { &fit.own[0] } else { &fit.partner[0] };
                        Score::from_option(value(coefficient), NO_T).with_n_if_present(fit.n)
                    }
                    Err(why) => Score::absent(why.to_string()),
                };
                out.push(LOOKING_PREDICTION, &format!("contingency.looking.{what}.{who}{suffix}"), score);
            }
        }
    }
}
