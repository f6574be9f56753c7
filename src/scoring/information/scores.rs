//! The scores of information of one episode.

use crate::catalog::INFORMATION;
use crate::information::mutual::MutualInformation;
use crate::information::transfer::{TransferEntropy, n_combinations, n_states};
use crate::{Score, ScoreMap, ScoreSettings};

pub(crate) fn push_scores(
    out: &mut ScoreMap,
    infant: &[Option<usize>],
    parent: &[Option<usize>],
    settings: &ScoreSettings,
) {
    let mutual = MutualInformation::new(infant, parent, 0);
    let to_parent = TransferEntropy::new(infant, parent, settings.te_history);
    let to_infant = TransferEntropy::new(parent, infant, settings.te_history);
    let n = mutual.map_or(0, |mutual| mutual.n);
    let no_pair = "no unit coded by both";
    let bits = Score::from_option(mutual.map(|mutual| mutual.bits), no_pair).with_n_if_present(n);
    let normalised = mutual.and_then(|mutual| mutual.normalised(settings.mi_norm));
    let why = if mutual.is_none() { no_pair } else { "a partner's state never changes" };
    let normalised = Score::from_option(normalised, why).with_n_if_present(n);
    let no_transfer = why_no_transfer(infant, parent, settings.te_history);
    let transfer = |transfer: Option<TransferEntropy>| {
        let n = transfer.map_or(0, |transfer| transfer.n);
        Score::from_option(transfer.map(|transfer| transfer.bits), no_transfer).with_n_if_present(n)
    };
    let net = to_parent.zip(to_infant).map(|(to_parent, to_infant)| to_parent.bits - to_infant.bits);
    for (id, score) in [
        ("information.mutual", bits),
        ("information.mutual.normalised", normalised),
        ("information.transfer.infant_to_parent", transfer(to_parent)),
        ("information.transfer.parent_to_infant", transfer(to_infant)),
        ("information.transfer.net", Score::from_option(net, no_transfer)),
    ] {
        out.push(INFORMATION, id, score);
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
