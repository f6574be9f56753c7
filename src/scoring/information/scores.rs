//! The scores of information of one episode.

use span::Length;

use crate::catalog::INFORMATION;
use crate::chance::{Baseline, NoBaseline};
use crate::information::mutual::{MutualInformation, MutualPoint, mutual_profile, peak};
use crate::information::transfer::{TransferEntropy, n_combinations, n_states};
use crate::{Score, ScoreMap, ScoreSettings};

const NO_PAIR: &str = "no unit coded by both";
/// Transfer entropy, and what is left of it without the mean of its surrogates.
const EFFECTIVE: [(&str, &str); 2] = [
    ("information.transfer.infant_to_parent", "information.transfer.infant_to_parent.effective"),
    ("information.transfer.parent_to_infant", "information.transfer.parent_to_infant.effective"),
];

/// Adds every score of the group, and returns mutual information at every lag.
pub(crate) fn push_scores(
    out: &mut ScoreMap,
    infant: &[Option<usize>],
    parent: &[Option<usize>],
    max_lag: usize,
    settings: &ScoreSettings,
) -> Vec<MutualPoint> {
    let mutual = MutualInformation::new(infant, parent, 0);
    let entropy = |of: fn(MutualInformation) -> f64| {
        Score::from_option(mutual.map(of), NO_PAIR).with_n_if_present(mutual.map_or(0, |mutual| mutual.n))
    };
    out.push(INFORMATION, "information.entropy.infant", entropy(|mutual| mutual.first_entropy));
    out.push(INFORMATION, "information.entropy.parent", entropy(|mutual| mutual.second_entropy));
    out.push(INFORMATION, "information.entropy.joint", entropy(|mutual| mutual.joint_entropy));
    let profile = mutual_profile(infant, parent, max_lag, settings.mi_miller_madow);
    push_mutual(out, mutual, &profile, settings);
    push_transfer(out, infant, parent, settings.te_history);
    profile
}

fn push_mutual(
    out: &mut ScoreMap,
    mutual: Option<MutualInformation>,
    profile: &[MutualPoint],
    settings: &ScoreSettings,
) {
    let at = |point: Option<MutualPoint>, why| {
        let n = point.map_or(0, |point| point.n);
        Score::from_option(point.and_then(|point| point.bits), why).with_n_if_present(n)
    };
    out.push(INFORMATION, "information.mutual", at(profile.iter().copied().find(|point| point.lag == 0), NO_PAIR));
    let normalised = mutual.and_then(|mutual| mutual.normalised(settings.mi_norm));
    let why = if mutual.is_none() { NO_PAIR } else { "a partner's state never changes" };
    let n = mutual.map_or(0, |mutual| mutual.n);
    let normalised = Score::from_option(normalised, why).with_n_if_present(n);
    out.push(INFORMATION, "information.mutual.normalised", normalised);
    let highest = peak(profile);
    let lag = highest.map(|point| settings.grid_step.times(point.lag)).map(Length::as_secs);
    out.push(INFORMATION, "information.mutual.peak", at(highest, NO_PAIR));
    out.push(INFORMATION, "information.mutual.peak_lag", Score::from_option(lag, NO_PAIR));
    let mean = |is_in: fn(i64) -> bool| {
        let bits: Vec<f64> = profile.iter().filter(|point| is_in(point.lag)).filter_map(|point| point.bits).collect();
        let why = if profile.len() == 1 { "lag.max is shorter than a unit" } else { NO_PAIR };
        let mean = Score::ratio(bits.iter().sum(), bits.len() as f64, why);
        Score { numerator: None, denominator: None, ..mean }
    };
    out.push(INFORMATION, "information.mutual.infant_leads", mean(|lag| lag > 0));
    out.push(INFORMATION, "information.mutual.parent_leads", mean(|lag| lag < 0));
}

fn push_transfer(out: &mut ScoreMap, infant: &[Option<usize>], parent: &[Option<usize>], history: usize) {
    let to_parent = TransferEntropy::new(infant, parent, history);
    let to_infant = TransferEntropy::new(parent, infant, history);
    let why = why_no_transfer(infant, parent, history);
    for (transfer, (id, _)) in [to_parent, to_infant].into_iter().zip(EFFECTIVE) {
        let n = transfer.map_or(0, |transfer| transfer.n);
        let bits = Score::from_option(transfer.map(|transfer| transfer.bits), why);
        out.push(INFORMATION, id, bits.with_n_if_present(n));
    }
    let net = to_parent.zip(to_infant).map(|(to_parent, to_infant)| to_parent.bits - to_infant.bits);
    out.push(INFORMATION, "information.transfer.net", Score::from_option(net, why));
    for (transfer, (_, effective)) in [to_parent, to_infant].into_iter().zip(EFFECTIVE) {
        let why = if transfer.is_some() { "no surrogates: the setting surrogates is 0" } else { why };
        out.push(INFORMATION, effective, Score::absent(why));
    }
}

/// Why there is no transfer entropy, where there is none.
fn why_no_transfer(infant: &[Option<usize>], parent: &[Option<usize>], history: usize) -> &'static str {
    let is_too_many = n_states(infant, parent).is_some_and(|n| n_combinations(n, history).is_none());
    match history {
        0 => "te.history is 0",
        _ if is_too_many => "te.history gives more combinations of states than can be counted",
        _ => "no units in a row coded by both",
    }
}

/// Effective transfer entropy, once it is known what chance gives: transfer entropy without the mean of its surrogates.
pub(crate) fn subtract_chance(out: &mut ScoreMap, chance: &[(String, Result<Baseline, NoBaseline>)]) {
    for (id, effective) in EFFECTIVE {
        if out.number(id).is_none() {
            continue; // its reason is there already
        }
        let score = match chance.iter().find(|(known, _)| known == id) {
            Some((_, Ok(baseline))) => Score::plain(baseline.observed - baseline.mean).with_n(baseline.n),
            Some((_, Err(why))) => Score::absent(why.to_string()),
            None => Score::absent("the setting surrogate.of leaves transfer entropy out"),
        };
        out.replace(effective, score);
    }
}
