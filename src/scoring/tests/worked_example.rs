//! The example of SCIENCE.md section 7, which a person can check by counting, as scores; `worked_units.rs` and `sequences.rs` have its
//! other numbers, `worked_coders.rs` those of its two coders. And the example of 3.14.
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "a test stops at once; json! makes values")]

mod common;

use common::*;
use scoring::contingency::weighted::{PastForm, Trend, regression};
use scoring::coregulation::Pattern;
use scoring::synchrony::autoregression::{Autoregression, order_candidates};
use scoring::synchrony::prewhitened::Leader;
use scoring::{After, Before, EpisodeScores, Initiator, MatchRelation, StateSeries, Subject};
use serde_json::json;
use span::Length;

#[test]
fn match_and_its_types_are_counted() {
    let scores = first(&worked_example(), &worked_settings(json!({})));
    assert_eq!(scores.codable, Length::SECOND.times(29));
    check_score(&scores, "match.proportion", 0.379_310_344_8);
    assert_eq!(scores.scores.get("match.proportion").unwrap().numerator, Some(11.0));
    check_score(&scores, "mismatch.proportion", 18.0 / 29.0);
    check_score(&scores, "match.proportion.mon", 3.0 / 29.0);
    check_score(&scores, "match.proportion.pos", 8.0 / 29.0);
    check_score(&scores, "match.proportion.neg", 0.0);
    check_score(&scores, "match.proportion.obj", 0.0);
    check_score(&scores, "match.kappa", 0.132_890_365_4);
}

#[test]
fn a_looser_relation_matches_more() {
    // relation + (M, P): the setting `match` replaces the relation
    let loose = json!({"match": [["M", "M"], ["O", "O"], ["P", "P"], ["N", "N"], ["M", "P"]]});
    check_score(&first(&worked_example(), &worked_settings(loose)), "match.proportion", 0.517_241_4);
}

#[test]
fn mismatch_episodes_are_those_of_the_table() {
    use Initiator::{Infant, Parent};
    let scores = first(&worked_example(), &worked_settings(json!({})));
    let got: Vec<_> = scores
        .mismatch_episodes
        .iter()
        .map(|e| (e.span.start().as_secs(), e.length().as_secs(), e.next, e.rupture_by, e.repair_by))
        .collect();
    let want = [
        (1.0, 1.0, After::Match, Some(Parent), Some(Infant)),
        (4.0, 4.0, After::Match, Some(Infant), Some(Infant)),
        (10.0, 3.0, After::Match, Some(Infant), Some(Infant)),
        (14.0, 1.0, After::Match, Some(Parent), Some(Infant)),
        (18.0, 3.0, After::Match, Some(Infant), Some(Parent)),
        (22.0, 1.0, After::Match, Some(Infant), Some(Parent)),
        (25.0, 5.0, After::End, Some(Infant), None),
    ];
    assert_eq!(got, want);
    assert!(scores.mismatch_episodes.iter().all(|episode| episode.prev == Before::Match));
}

#[test]
fn ruptures_repairs_and_latencies_are_those_of_the_table() {
    for repair_of in ["episodes", "ruptures"] {
        let scores = first(&worked_example(), &worked_settings(json!({"repair.of": repair_of})));
        check_score(&scores, "rupture.count", 7.0);
        check_score(&scores, "repair.count", 6.0);
        check_score(&scores, "repair.rate", 12.413_793_1);
        check_score(&scores, "repair.rate.of_mismatch", 20.0);
        check_score(&scores, "mismatch.duration.mean", 2.571_428_6);
        check_score(&scores, "repair.latency.mean", 2.166_666_7);
        check_score(&scores, "repair.latency.median", 2.0);
        check_score(&scores, "repair.latency.q25", 1.0);
        check_score(&scores, "repair.latency.q75", 3.0);
        check_score(&scores, "mismatch.longest", 5.0);
        assert!(scores.scores.get("mismatch.longest").unwrap().is_at_least, "the longest one is cut off");
        check_score(&scores, "repair.within.2s.naive", 0.428_571_4);
        check_score(&scores, "repair.within.3s.naive", 0.714_285_7);
        check_score(&scores, "mismatch.unrepaired", 1.0 / 7.0);
        check_score(&scores, "repair.by.infant", 4.0 / 6.0);
        check_score(&scores, "repair.by.parent", 2.0 / 6.0);
        check_score(&scores, "rupture.by.parent", 2.0 / 7.0);
    }
}

#[test]
fn survival_has_the_rows_and_limits_of_the_table() {
    let scores = first(&worked_example(), &worked_settings(json!({})));
    let survival = scores.survival.as_ref().unwrap();
    let want = [
        (1, 7, 3, 0.571_428_6, 0.187_043_9, 0.171_866_0, 0.837_082_8),
        (3, 4, 2, 0.285_714_3, 0.170_746_9, 0.041_131_7, 0.611_506_8),
        (4, 2, 1, 0.142_857_1, 0.132_260_0, 0.007_123_9, 0.464_941_4),
        (5, 1, 0, 0.142_857_1, 0.132_260_0, 0.007_123_9, 0.464_941_4),
    ];
    assert_eq!(survival.rows().len(), want.len());
    for (row, (time, at_risk, events, share, std_err, low, high)) in survival.rows().iter().zip(want) {
        assert_eq!((row.time, row.at_risk, row.events), (Length::SECOND.times(time), at_risk, events));
        check_close(Some(row.survival), share, 1e-7, "survival");
        check_close(row.std_err, std_err, 1e-7, "Greenwood");
        check_close(row.low, low, 1e-7, "lower limit");
        check_close(row.high, high, 1e-7, "upper limit");
    }
    check_score(&scores, "repair.latency.km_median", 3.0);
    check_score(&scores, "repair.latency.km_mean", 2.714_285_7);
    check_score(&scores, "repair.within.3s", 1.0 - 0.285_714_3);
    check_score(&scores, "repair.latency.km_median.low", 1.0);
    check_score(&scores, "repair.latency.km_median.high", 4.0);
}

#[test]
fn lagged_correlation_is_that_of_the_table() {
    let scores = first(&worked_example(), &worked_settings(json!({})));
    let profile = scores.lag_profile.as_ref().unwrap();
    let want = [
        (-3, -0.272_490, 26),
        (-2, -0.297_318, 27),
        (-1, 0.046_127, 28),
        (0, 0.367_058, 29),
        (1, 0.691_898, 28),
        (2, 0.270_082, 27),
        (3, -0.050_855, 26),
    ];
    assert_eq!(profile.points.len(), want.len());
    for (point, (lag, r, n)) in profile.points.iter().zip(want) {
        assert_eq!((point.lag, point.n), (lag, n));
        check_close(point.r, r, 1e-6, "r");
    }
    check_close(scores.scores.number("sync.r.lag0"), 0.367_058, 1e-6, "lag 0");
    check_close(scores.scores.number("sync.r.peak"), 0.691_898, 1e-6, "peak");
    check_score(&scores, "sync.r.peak_lag", 1.0);
}

/// The values of section 7: N −1, O and M 0, P 1.
fn values(text: &str) -> Vec<Option<f64>> {
    let value = |letter| match letter {
        'N' => Some(-1.0),
        'O' | 'M' => Some(0.0),
        'P' => Some(1.0),
        _ => None,
    };
    text.chars().map(value).collect()
}

#[test]
fn the_orders_of_a_model_of_the_past_are_those_of_the_example() {
    let want = [
        (6.0, -33.677_909),
        (5.0, -36.235_948),
        (4.748_137_1, -35.528_087),
        (4.442_541_0, -35.191_233),
        (4.429_556_9, -33.264_407),
        (4.390_254_6, -31.487_215),
    ];
    let candidates = order_candidates(&values(PARENT), 5);
    assert_eq!(candidates.len(), want.len());
    for (candidate, (rss, aic)) in candidates.iter().zip(want) {
        check_close(Some(candidate.rss), rss, 1e-7, "RSS");
        check_close(Some(candidate.aic), aic, 1e-7, "AIC");
    }
    let model = Autoregression::select(&values(PARENT), 5).unwrap();
    assert_eq!((model.order(), model.n_rows), (1, 29));
    check_close(Some(model.constant), 0.4, 1e-7, "c");
    check_close(Some(model.phi[0]), 0.389_473_7, 1e-7, "phi");
}

#[test]
fn self_and_interactive_contingency_are_those_of_the_table() {
    let form = PastForm::Weighted(vec![3.0, 2.0, 1.0]);
    for (own, partner, n, b, beta) in [
        (INFANT, PARENT, 23, [0.416_386_5, -0.807_269_4], [0.305_816_0, -0.389_879_9]),
        (PARENT, INFANT, 24, [-0.349_732_9, 0.678_727_9], [-0.242_091_6, 0.718_501_6]),
    ] {
        let fit = regression(&values(own), &values(partner), &form, Trend::None).unwrap();
        assert_eq!(fit.n, n);
        for (idx, coefficient) in [fit.own[0], fit.partner[0]].iter().enumerate() {
            check_close(Some(coefficient.b), b[idx], 1e-7, "b");
            check_close(coefficient.beta, beta[idx], 1e-7, "beta");
        }
    }
}

#[test]
fn the_strip_has_the_values_of_its_example() {
    let scores = first(&worked_example(), &worked_settings(json!({"strip.step_s": 1, "strip.window_s": 10})));
    let at = |secs: usize| {
        let point = scores.strip[secs];
        assert_eq!(point.time.as_secs(), secs as f64);
        point.r
    };
    for (secs, r) in [(5, 0.408_248_3), (10, 0.466_569_5), (15, 0.533_001_8), (20, 0.059_761_4), (25, 0.174_963_6)] {
        check_close(at(secs), r, 1e-7, "strip");
    }
    assert_eq!((at(0), at(30)), (None, None), "five pairs are too few");
    assert_eq!(scores.strip.len(), 31);
}

#[test]
fn patterns_of_co_regulation_are_those_of_the_example() {
    let scores = first(&worked_example(), &worked_settings(json!({})));
    check_score(&scores, "coreg.shared", 0.448_275_9);
    check_score(&scores, "coreg.watching", 0.103_448_3);
    check_score(&scores, "coreg.parent_only", 0.275_862_1);
    check_score(&scores, "coreg.negative", 0.172_413_8);
    check_score(&scores, "coreg.apart", 0.0);
    check_score(&scores, "coreg.infant_only", 0.0);
    check_absent(&scores, "coreg.apart.bout_mean", "this pattern does not occur");
    let patterns = scores.patterns.unwrap();
    assert_eq!(patterns.duration(Pattern::Shared), Length::SECOND.times(13));
    // counted by hand: shared 1-4 7-10 14-16 17-18 20-21 22-25, the missing second cuts 14-18 in two
    assert_eq!(patterns.count(Pattern::Shared), 6);
    assert_eq!(patterns.changes()[Pattern::Watching as usize], [3, 0, 0, 0, 0, 0]);
    assert_eq!(patterns.changes().iter().flatten().sum::<usize>(), patterns.bouts.len() - 2);
    // the parent is positive in 12 of the 13 shared seconds, and monitors in the one at 14
    let by_parent = patterns.durations_by(&letters(PARENT));
    assert_eq!(by_parent[Pattern::Shared as usize], [1, 0, 12, 0].map(|secs| Length::SECOND.times(secs)));
}

#[test]
fn responses_are_counted_in_both_directions() {
    // By hand. Infant turns positive at 2, 8, 15, 22 (not at 17: after missing time). Units after within 3 s: 3-5, 9-11, 16-18,
    // 23-25. Usable units: 1-15, 18-29 (16 is missing, 17 follows it). Parent turns positive at 1, 6, 14, 23.
    let scores = first(&worked_example(), &worked_settings(json!({})));
    let tables = scores.contingency.as_ref().unwrap();
    let given = tables.infant_to_parent;
    assert_eq!((given.a, given.b, given.c, given.d), (1, 9, 3, 14));
    // Parent's windows: 2-4, 7-9, 15-17, 24-26. Infant's onsets 2, 8, 15, 22.
    let given = tables.parent_to_infant;
    assert_eq!((given.a, given.b, given.c, given.d), (3, 7, 1, 16));
    check_score(&scores, "contingency.infant_to_parent.transitional_probability", 0.1);
    check_score(&scores, "contingency.infant_to_parent.base_rate", 4.0 / 27.0);
    check_score(&scores, "contingency.parent_to_infant.yules_q", (3.0 * 16.0 - 7.0) / (3.0 * 16.0 + 7.0));
    check_score(&scores, "contingency.parent_to_infant.odds_ratio", 48.0 / 7.0);
    check_score(&scores, "contingency.parent_to_infant.risk_difference", 0.3 - 1.0 / 17.0);
}

#[test]
fn relations_by_type_are_those_of_the_literature() {
    let share = |relation: &str| {
        let scores = first(&worked_example(), &worked_settings(json!({"match.relation": relation})));
        scores.scores.number("match.proportion").unwrap() * 29.0
    };
    check_close(Some(share("scheme")), 11.0, 1e-9, "equality");
    check_close(Some(share("same_state")), 11.0, 1e-9, "no object is shared");
    check_close(Some(share("positive")), 8.0, 1e-9, "both positive");
    check_close(Some(share("loose")), 15.0, 1e-9, "with M-P"); // SCIENCE.md 7: .5172414 of 29 s
    let bridging = |relation: &str| first(&bridging_example(), &settings(json!({"match.relation": relation})));
    check_score(&bridging("same_state"), "match.proportion", 6.0 / 17.0);
    check_score(&bridging("valence"), "match.proportion", 10.0 / 18.0);
    check_score(&bridging("gaze"), "match.proportion", 9.0 / 14.0);
    check_score(&bridging("gaze"), "looking.mutual", 9.0 / 14.0);
    let blind = first(&worked_example(), &worked_settings(json!({"match.relation": "gaze"})));
    check_absent(&blind, "match.proportion", "no gaze channel for the infant");
}

#[test]
fn shared_distress_matches_but_is_no_repair() {
    let recording = |infant: &str, parent: &str| {
        let relation = MatchRelation::equality(&STATES.map(str::to_owned));
        coded(letters(infant), letters(parent), relation, span(0.0, infant.len() as f64))
    };
    let into_distress = recording("PPNNNN", "PPPPNN");
    let scores = first(&into_distress, &worked_settings(json!({})));
    check_score(&scores, "match.proportion", 4.0 / 6.0);
    check_score(&scores, "match.proportion.neg", 2.0 / 6.0);
    check_score(&scores, "repair.count", 0.0);
    check_score(&scores, "mismatch.into_neg.count", 1.0);
    check_score(&scores, "mismatch.censored.count", 0.0);
    check_score(&scores, "rupture.negative_onset.count", 1.0);
    check_absent(&scores, "repair.latency.km_median", "fewer than half repaired");
    let out_of_distress = recording("NNPP", "NNNP");
    check_score(&first(&out_of_distress, &worked_settings(json!({}))), "rupture.count", 0.0);
    check_score(&first(&out_of_distress, &worked_settings(json!({"neg_neg": "match"}))), "rupture.count", 1.0);
    let scores = first(&into_distress, &worked_settings(json!({"neg_neg": "match"})));
    check_score(&scores, "repair.count", 1.0);
    let scores = first(&into_distress, &worked_settings(json!({"neg_neg": "mismatch"})));
    check_score(&scores, "match.proportion", 2.0 / 6.0);
}

#[test]
fn shared_distress_is_a_mismatch_with_a_shared_object_too() {
    let mut recording = bridging_example();
    recording.relation = serde_json::from_value(json!({"name": "shared distress", "pairs": [["POS", "POS"]],
        "shared": {"pairs": [["NEG", "NEG"], ["OBJ", "MON"]],
                   "while": {"subject": "parent", "channel": "gaze", "codes": ["infant_face"]}}}))
    .unwrap();
    let window = span(0.0, 20.0);
    recording.tracks[2] = track(Subject::Parent, "affect", &AFFECT, &[("negative", 0.0, 20.0)], window);
    // both negative from 14 to 20, of 17 codable seconds and one more: the parent's negative affect needs no gaze
    let proportion =
        |neg_neg: &str| first(&recording, &settings(json!({"neg_neg": neg_neg}))).scores.number("match.proportion");
    assert_eq!((proportion("match"), proportion("mismatch")), (Some(6.0 / 18.0), Some(0.0)));
}

#[test]
fn a_short_mismatch_between_matches_can_be_merged() {
    let scores = first(&worked_example(), &worked_settings(json!({"min_mismatch": 1.5})));
    check_score(&scores, "mismatch.count", 4.0); // those of 1 s at 1, 14 and 22 are gone
    check_score(&scores, "match.proportion", 14.0 / 29.0);
    let scores = first(&worked_example(), &worked_settings(json!({"min_mismatch": 1})));
    check_score(&scores, "mismatch.count", 7.0);
}

#[test]
fn nothing_is_scored_against_an_instructed_face() {
    let mut recording = worked_example();
    recording.episodes[0].kind = "still_face".to_owned();
    let scores = first(&recording, &worked_settings(json!({})));
    check_absent(&scores, "match.proportion", "parent instructed not to respond");
    check_absent(&scores, "cycle.answered.proportion", "parent instructed not to respond");
    check_absent(&scores, "sync.r.lag0", "parent instructed not to respond");
    check_score(&scores, "cycle.cue.count", 2.0);
    check_score(&scores, "time.infant.engagement.N", 5.0 / 29.0);
    assert!(scores.mismatch_episodes.is_empty());
}

#[test]
fn nothing_crosses_an_episodes_border() {
    let mut recording = worked_example();
    recording.episodes = [("a", 0.0, 12.0), ("b", 12.0, 30.0)]
        .map(|(name, start, end)| scoring::EpisodeWindow {
            name: name.to_owned(),
            kind: String::new(),
            span: span(start, end),
        })
        .into();
    let scores = scoring::score(&recording, &worked_settings(json!({})));
    let [a, b] = &scores.episodes[..] else { panic!("two episodes") };
    check_score(a, "mismatch.count", 3.0);
    assert_eq!(a.mismatch_episodes[2].next, After::End);
    assert_eq!(b.mismatch_episodes[0].prev, Before::Start);
    check_score(b, "rupture.count", 4.0);
}

#[test]
fn states_that_nobody_can_have_are_found_by_name() {
    let recording = worked_example();
    assert_eq!(recording.unknown_states(&worked_settings(json!({}))), []);
    let wrong = worked_settings(json!({"match": [["M", "M"], ["HAPPY", "P"]]}));
    assert_eq!(recording.unknown_states(&wrong), [(Subject::Infant, "HAPPY".to_owned())]);
    assert_eq!(bridging_example().unknown_states(&settings(json!({}))), []);
}

#[test]
fn codes_can_be_called_missing() {
    let scores = first(&worked_example(), &worked_settings(json!({"missing": ["N"]})));
    assert_eq!(scores.codable, Length::SECOND.times(24));
    check_score(&scores, "match.proportion", 11.0 / 24.0);
}

#[test]
fn rupture_variants_are_counted_apart() {
    // by hand: the infant is negative in the mismatches at 10 and at 25, at their onsets
    let count = |variant: &str, more: f64| {
        let settings = worked_settings(json!({"rupture.variant": variant, "min_mismatch": more}));
        first(&worked_example(), &settings).scores.number("rupture.count")
    };
    assert_eq!((count("A", 0.0), count("B", 0.0), count("B0", 0.0)), (Some(7.0), Some(2.0), Some(2.0)));
    // of three mismatches the second is negative from its onset on, the first and the last only later
    let relation = MatchRelation::equality(&STATES.map(str::to_owned));
    let later = coded(letters("MOONMNMON"), letters("MMMMMMMMM"), relation, span(0.0, 9.0));
    let ruptures = |variant: &str| {
        first(&later, &worked_settings(json!({"rupture.variant": variant}))).scores.number("rupture.count")
    };
    assert_eq!(["A", "B", "B0"].map(ruptures), [Some(3.0), Some(3.0), Some(1.0)]);
    // of the mismatches of 1, 4, 3, 1, 3, 1 and 5 seconds four last three seconds or more
    assert_eq!((count("A", 3.0), count("C", 3.0)), (Some(4.0), Some(4.0)));
    // shorter ones between two matches are merged under every variant; C leaves out those before missing time as well
    assert_eq!((count("A", 4.5), count("C", 4.5)), (Some(1.0), Some(1.0)));
}

#[test]
fn who_ruptured_is_asked_of_the_ruptures_that_are_counted() {
    let by = |variant: &str, who: &str| {
        let scores = first(&worked_example(), &worked_settings(json!({"rupture.variant": variant})));
        let score = scores.scores.get(&format!("rupture.by.{who}")).unwrap().clone();
        (score.numerator, score.denominator)
    };
    // by hand: the infant leaves the match in five of seven, and in both in which it becomes negative
    assert_eq!((by("A", "infant"), by("A", "parent")), ((Some(5.0), Some(7.0)), (Some(2.0), Some(7.0))));
    assert_eq!((by("B", "infant"), by("B", "parent")), ((Some(2.0), Some(2.0)), (Some(0.0), Some(2.0))));
}

#[test]
fn chains_of_repair_are_counted() {
    // by hand, from the two rows of letters: the pair before each of the six repaired mismatches and the pair after
    let scores = first(&worked_example(), &worked_settings(json!({})));
    let chains: Vec<_> = scores.repair_chains.iter().map(|c| (c.before.as_ref(), c.after.as_ref(), c.count)).collect();
    assert_eq!(chains, [("M-M", "P-P", 3), ("P-P", "M-M", 2), ("P-P", "P-P", 1)]);
}

#[test]
fn codes_that_overlap_come_as_tracks_of_their_own() {
    let window = span(0.0, 10.0);
    let code = |code: &str, start, end| {
        let marks = [scoring::StateMark { start: at(start), end: at(end), state: Some(0) }];
        let series = StateSeries::from_marks([code], &marks, window, &span::SpanSet::new(), scoring::Gaps::None);
        scoring::TrackSeries { subject: Subject::Dyad, channel: "gaze".to_owned(), series }
    };
    let mut recording = coded(letters("OOOOOOOOOO"), letters("MMMMMMMMMM"), same_state(), window);
    recording.tracks.extend([code("dec", 0.0, 6.0), code("jal", 4.0, 9.0)]);
    recording.relation = serde_json::from_value(json!({"name": "shared only", "pairs": [],
        "shared": {"pairs": [["O", "M"]], "while": {"subject": "dyad", "channel": "gaze", "codes": ["jal"]}}}))
    .unwrap();
    let scores = first(&recording, &worked_settings(json!({})));
    check_score(&scores, "time.dyad.gaze.dec", 0.6);
    check_score(&scores, "time.dyad.gaze.jal", 0.5);
    assert!(scores.scores.get("time.dyad.gaze.none").is_none());
    check_score(&scores, "match.proportion", 0.5);
    let by: Vec<_> = scores.mismatch_episodes.iter().map(|episode| (episode.rupture_by, episode.repair_by)).collect();
    assert_eq!(by, [(None, Some(Initiator::Joint)), (Some(Initiator::Joint), None)], "what both look at, both turn to");
}

#[test]
fn an_episode_of_years_says_that_it_is_too_long_for_a_grid() {
    let mut recording = worked_example();
    recording.episodes[0].span = span(0.0, 1e9);
    let scores = first(&recording, &worked_settings(json!({})));
    check_absent(&scores, "sync.r.lag0", "too long for a grid of 0.25 s");
    check_score(&scores, "match.proportion", 11.0 / 29.0);
}

#[test]
fn the_pair_that_adjoins_the_mismatch_decides_whether_it_is_a_rupture() {
    let relation = MatchRelation::equality(&STATES.map(str::to_owned));
    let recording = coded(letters("NPPO"), letters("NPPP"), relation, span(0.0, 4.0));
    let scores = first(&recording, &worked_settings(json!({})));
    check_score(&scores, "rupture.count", 1.0); // the match began in shared distress, but did not end in it
    assert_eq!(scores.mismatch_episodes[0].before.as_deref(), Some("P-P"));
}

#[test]
fn two_coded_with_objects_share_one_where_that_is_a_match() {
    let coreg = |pairs: &[&str]| {
        let pairs = pairs.iter().map(|state| ((*state).to_owned(), (*state).to_owned())).collect();
        let recording = coded(letters("OOMM"), letters("OOMM"), MatchRelation::new("some", pairs), span(0.0, 4.0));
        let scores = first(&recording, &worked_settings(json!({})));
        (scores.scores.number("coreg.shared"), scores.scores.number("coreg.apart"))
    };
    assert_eq!(coreg(&["M", "O"]), (Some(0.5), Some(0.0)));
    assert_eq!(coreg(&["M"]), (Some(0.0), Some(0.5)));
}

#[test]
fn scores_of_contingency_are_those_of_the_table() {
    let scores = first(&worked_example(), &worked_settings(json!({})));
    check_score(&scores, "contingency.self.infant", 0.416_386_5);
    check_score(&scores, "contingency.interactive.infant", -0.807_269_4);
    check_score(&scores, "contingency.self.infant.beta", 0.305_816_0);
    check_score(&scores, "contingency.interactive.infant.beta", -0.389_879_9);
    check_score(&scores, "contingency.self.parent", -0.349_732_9);
    check_score(&scores, "contingency.interactive.parent.beta", 0.718_501_6);
    assert_eq!(scores.scores.get("contingency.self.parent").unwrap().n, Some(24));
}

#[test]
fn who_leads_and_the_orders_of_the_models_are_scored() {
    // the parent's order is that of SCIENCE.md 3.2.1; the other numbers are those of the library's own functions
    let scores = first(&worked_example(), &worked_settings(json!({})));
    let whitened = scores.prewhitened.as_ref().unwrap();
    check_score(&scores, "sync.prewhitened.order.parent", 1.0);
    assert_eq!(scores.scores.get("sync.prewhitened.order.parent").unwrap().n, Some(29));
    check_score(&scores, "sync.prewhitened.order.infant", whitened.first.order() as f64);
    for (who, leader) in [("infant", Leader::First), ("parent", Leader::Second), ("mutual", Leader::Mutual)] {
        let leads = if whitened.leader() == Some(leader) { 1.0 } else { 0.0 };
        check_score(&scores, &format!("sync.prewhitened.leads.{who}"), leads);
    }
    // the parent does what the infant did two seconds ago: no order, so that the codes themselves are correlated
    let (infant, parent) = ("PMNNPMPPNMPNMMPNPPMNNMPMNPMMPN", "MMPMNNPMPPNMPNMMPNPPMNNMPMNPMM");
    let follows = coded(letters(infant), letters(parent), worked_example().relation, span(0.0, 30.0));
    let settings = worked_settings(json!({"prewhiten.order": 0}));
    let leads = |scores: &EpisodeScores| {
        ["infant", "parent", "mutual"].map(|who| scores.scores.number(&format!("sync.prewhitened.leads.{who}")))
    };
    let scores = first(&follows, &settings);
    check_score(&scores, "sync.prewhitened.peak_lag", 2.0);
    assert_eq!(leads(&scores), [Some(1.0), Some(0.0), Some(0.0)]);
    let mirror = coded(letters(parent), letters(infant), worked_example().relation, span(0.0, 30.0));
    assert_eq!(leads(&first(&mirror, &settings)), [Some(0.0), Some(1.0), Some(0.0)]);
}

#[test]
fn pre_whitened_correlation_is_scored_with_its_bound_and_windows_say_what_they_lack() {
    let scores = first(&worked_example(), &worked_settings(json!({"wcc.window": 10})));
    let prewhitened = scores.prewhitened.as_ref().unwrap();
    let peak = prewhitened.peak().unwrap();
    assert_eq!(scores.scores.number("sync.prewhitened.peak"), peak.r);
    assert_eq!(scores.scores.number("sync.prewhitened.peak_lag"), Some(peak.lag as f64));
    assert_eq!(scores.scores.number("sync.prewhitened.coefficient"), peak.r.map(f64::abs));
    check_score(&scores, "sync.prewhitened.bound", 1.96 / (prewhitened.n as f64).sqrt());
    // 30 units: windows end at 13, 14, ..., 30
    assert_eq!(scores.scores.get("sync.windowed.mean_abs_z").unwrap().n, Some(18));
    let scores = first(&worked_example(), &worked_settings(json!({"wcc.window": 28})));
    check_absent(&scores, "sync.windowed.mean_abs_z", "shorter than a window and the largest lag");
    let constant =
        coded(letters(INFANT), letters("PPPPPPPPPPPPPPPPPPPPPPPPPPPPPP"), worked_example().relation, span(0.0, 30.0));
    let scores = first(&constant, &worked_settings(json!({})));
    let why = "too few units in a row, too little change, or nothing that the parent's own past leaves to explain";
    check_absent(&scores, "sync.prewhitened.peak", why);
    check_absent(&scores, "contingency.self.infant", "a predictor never changes");
    check_absent(&scores, "contingency.self.parent", "the outcome never changes");
    check_absent(&scores, "information.mutual.normalised", "a partner's state never changes");
    check_score(&scores, "information.mutual", 0.0);
}
