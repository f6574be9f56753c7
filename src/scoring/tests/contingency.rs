//! Who responds to whom, what follows what and by how much, in the example of SCIENCE.md section 7. Numbers from outside the crate are those
//! of a script of plain Python (exact fractions, no package).
#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "a test stops at once; json! makes values")]

mod common;

use common::*;
use scoring::{
    EpisodeScores, Gaps, MatchRelation, Piece, Recording, StateMark, StateSeries, Subject, TrackSeries, slow_scores,
};
use serde_json::{Value, json};
use span::SpanSet;

fn example(more: Value) -> EpisodeScores {
    first(&worked_example(), &worked_settings(more))
}

fn note(scores: &EpisodeScores, id: &str) -> Option<String> {
    scores.scores.get(id).unwrap().note.as_ref().map(ToString::to_string)
}

/// Both in half a minute of engagement, affect and touch.
fn with_channels() -> Recording {
    let window = span(0.0, 30.0);
    let mut recording = worked_example();
    // the codes of touch may overlap: a track each
    let touch = |code: &str, start, end| {
        let marks = [StateMark { start: at(start), end: at(end), state: Some(0) }];
        let series = StateSeries::from_marks([code], &marks, window, &SpanSet::new(), Gaps::None);
        TrackSeries { subject: Subject::Parent, channel: "touch".to_owned(), series }
    };
    recording.tracks.extend([
        track(Subject::Infant, "affect", &AFFECT, &[("neutral", 0.0, 9.0), ("negative", 9.0, 30.0)], window),
        touch("static", 10.5, 14.0),
        touch("stroke", 11.5, 12.0),
    ]);
    recording
}

#[test]
fn other_behaviours_than_being_positive_are_given_and_respond() {
    let settings = |given: Value| {
        worked_settings(json!({"contingency.given": given,
            "contingency.response": {"parent": {"channel": "touch", "codes": ["static", "stroke"]}}}))
    };
    let affect = json!({"infant": {"channel": "affect", "codes": ["negative"]}});
    let scores = first(&with_channels(), &settings(affect));
    // by hand: the infant turns negative at 9, the parent touches at 10.5: unit 10 of 10 to 12. Codable are units 1 to 29.
    let tables = scores.contingency.as_ref().unwrap();
    let table = tables.infant_to_parent;
    assert_eq!((table.a, table.b, table.c, table.d), (1, 2, 0, 26));
    check_score(&scores, "contingency.responsiveness.infant_to_parent.proportion", 1.0);
    check_score(&scores, "contingency.responsiveness.infant_to_parent.onsets", 1.0);
    check_score(&scores, "contingency.responsiveness.infant_to_parent.latency.km_median", 1.5);
    // the parent is given what they were, being positive: the infant responds as ever
    assert_eq!(tables.parent_to_infant, example(json!({})).contingency.unwrap().parent_to_infant);

    let states = json!({"infant": {"channel": "engagement", "codes": ["N", "O"]}});
    let scores = first(&with_channels(), &settings(states)); // onsets at 4, 10, 18 and 25; N to O at 27 is none
    check_score(&scores, "contingency.responsiveness.infant_to_parent.onsets", 4.0);
    check_score(&scores, "contingency.responsiveness.infant_to_parent.proportion", 0.25);
}

#[test]
fn a_behaviour_that_is_not_coded_says_so() {
    let touch = json!({"contingency.given": {"infant": {"channel": "touch", "codes": ["static"]}}});
    let scores = first(&with_channels(), &worked_settings(touch));
    check_absent(&scores, "contingency.infant_to_parent.lift", "no touch channel for the infant");
    check_absent(&scores, "contingency.responsiveness.parent_to_infant.onsets", "no touch channel for the infant");
    assert!(scores.scores.number("contingency.lag.infant_to_parent.P.P").is_some());
}

#[test]
fn answers_have_a_window_of_their_own() {
    // by hand: the parent's onsets of P at 1, 6 and 14 are answered after 1, 2 and 1 s
    let wide = example(json!({}));
    let narrow = example(json!({"responsiveness.window_s": 1}));
    check_score(&wide, "contingency.responsiveness.parent_to_infant.proportion", 1.0);
    check_score(&narrow, "contingency.responsiveness.parent_to_infant.proportion", 2.0 / 3.0);
    let rate = |scores: &EpisodeScores| scores.scores.number("contingency.parent_to_infant.transitional_probability");
    assert_eq!(rate(&wide), rate(&narrow));
}

#[test]
fn the_table_of_what_follows_what_is_counted_cell_by_cell() {
    let scores = example(json!({}));
    let of_cell = [
        ("count", 9.0),
        ("transitional_probability", 1.0),
        ("expected", 9.0 * 18.0 / 28.0),
        ("yules_q", 1.0),
        ("odds_ratio", 21.0),
        ("phi", 0.512_989_2),
    ];
    for (statistic, want) in of_cell {
        check_score(&scores, &format!("contingency.lag_table.infant_to_parent.{statistic}.P.P"), want);
    }
    for (cell, count) in [("M.M", 2.0), ("M.P", 5.0), ("O.M", 3.0), ("O.P", 4.0), ("N.M", 5.0), ("N.P", 0.0)] {
        check_score(&scores, &format!("contingency.lag_table.infant_to_parent.count.{cell}"), count);
    }
    check_score(&scores, "contingency.lag_table.infant_to_parent.chi2", 14.311_111_1);
    check_score(&scores, "contingency.lag_table.infant_to_parent.df", 3.0);
    check_score(&scores, "contingency.lag_table.infant_to_parent.p", 0.002_510_856_2);
    assert_eq!(scores.scores.get("contingency.lag_table.infant_to_parent.chi2").unwrap().n, Some(28));
}

#[test]
fn what_a_reader_must_know_of_a_number_stands_beside_it() {
    let scores = example(json!({}));
    let table = "contingency.lag_table.infant_to_parent";
    assert_eq!(note(&scores, &format!("{table}.odds_ratio.P.P")).as_deref(), Some("one half added to every cell"));
    assert_eq!(note(&scores, &format!("{table}.odds_ratio.M.M")), None);
    assert_eq!(note(&scores, &format!("{table}.chi2")).as_deref(), Some("7 expected cells are below 5"));
    let lag = "contingency.lag.infant_to_parent";
    assert_eq!(note(&scores, &format!("{lag}.M.M")).as_deref(), Some("an expected cell is below 5"), "2.5");
    assert_eq!(note(&scores, &format!("{lag}.P.P")), None, "5.8");
    assert_eq!(note(&scores, "contingency.infant_to_parent.odds_ratio"), None, "1 9 3 14");
    assert_eq!(note(&scores, "contingency.infant_to_parent.z").as_deref(), Some("an expected cell is below 5"));
    let always = example(json!({"haldane": "always"}));
    let id = "contingency.infant_to_parent.log_odds_ratio.se";
    assert_eq!(note(&always, id).as_deref(), Some("one half added to every cell"));
    let json = serde_json::to_value(&always.scores).unwrap();
    assert_eq!(json[id]["note"], "one half added to every cell");
    let never = example(json!({"haldane": "never"}));
    assert_eq!(note(&never, &format!("{table}.odds_ratio.P.P")), None, "there is no number");
}

#[test]
fn events_that_cannot_repeat_are_fitted_without_a_diagonal() {
    // SCIENCE.md 3.5: 6 times O follows M, 4 times P follows M, ..., each pair by itself
    let pairs = [("MO", 6), ("MP", 4), ("OM", 3), ("OP", 7), ("PM", 8), ("PO", 2)];
    let text: String = pairs.iter().map(|(pair, n)| format!("{pair}.").repeat(*n)).collect();
    let text: &'static str = text.leak();
    let relation = MatchRelation::equality(&STATES.map(str::to_owned));
    let recording = coded(letters(text), letters(text), relation, span(0.0, text.len() as f64));
    let scores = first(&recording, &worked_settings(json!({})));
    let expected = [("M.O", 4.0), ("M.P", 6.0), ("O.M", 5.0), ("O.P", 5.0), ("P.M", 6.0), ("P.O", 4.0)];
    for ((cell, expected), (_, count)) in expected.into_iter().zip(pairs) {
        check_score(&scores, &format!("contingency.sequence.infant.count.{cell}"), f64::from(count as u32));
        check_close(
            scores.scores.number(&format!("contingency.sequence.infant.expected.{cell}")),
            expected,
            1e-9,
            cell,
        );
        let z = scores.scores.number(&format!("contingency.sequence.parent.z.{cell}")).unwrap();
        let sign = (f64::from(count as u32) - expected).signum();
        check_close(Some(z), sign * 2.221_110_8, 1e-7, cell);
    }
    check_absent(&scores, "contingency.sequence.infant.z.M.M", "no state follows itself");
    check_absent(&scores, "contingency.sequence.infant.chi2", "with cells that are zero by design there is none");
    let without = first(&recording, &worked_settings(json!({"structural_z": "none"})));
    check_absent(&without, "contingency.sequence.infant.z.M.O", "structural_z leaves it out");
    check_score(&without, "contingency.sequence.infant.count.M.O", 6.0);
    let later = first(&recording, &worked_settings(json!({"sequential.lag_events": 2})));
    check_score(&later, "contingency.sequence.infant.count.M.O", 0.0);
}

#[test]
fn units_of_one_partner_follow_one_another_too() {
    // by hand, the infant's row of letters: M is followed by M at 0, 13, 20; by P at 1, 7, 14, 21
    let scores = example(json!({"sequential.form": "time"}));
    check_score(&scores, "contingency.sequence.infant.count.M.M", 3.0);
    check_score(&scores, "contingency.sequence.infant.count.M.P", 4.0);
    check_score(&scores, "contingency.sequence.infant.transitional_probability.M.P", 4.0 / 7.0);
    let events = example(json!({}));
    check_score(&events, "contingency.sequence.infant.count.M.P", 4.0);
    check_score(&events, "contingency.sequence.infant.transitional_probability.M.P", 1.0);
}

#[test]
fn a_regression_says_all_of_itself() {
    let scores = example(json!({}));
    for (id, want) in [
        ("contingency.self.infant.se", 0.341_407_917_0),
        ("contingency.self.infant.t", 1.219_615_963_1),
        ("contingency.self.infant.p", 0.236_798_559_5),
        ("contingency.interactive.infant.se", 0.519_188_108_2),
        ("contingency.interactive.infant.p", 0.135_659_807_9),
        ("contingency.regression.infant.r2", 0.115_634_013_6),
        ("contingency.regression.infant.df", 20.0),
        ("contingency.regression.infant.constant", 0.562_512_198_8),
        ("contingency.regression.infant.constant.se", 0.348_972_409_4),
    ] {
        check_score(&scores, id, want);
    }
    check_absent(&scores, "contingency.regression.infant.trend", "contingency.trend asks for none");
    let trend = example(json!({"contingency.trend": "linear"}));
    check_score(&trend, "contingency.regression.infant.df", 19.0);
    assert!(trend.scores.number("contingency.regression.infant.trend.p").is_some());
}

#[test]
fn separate_lags_are_scored_lag_by_lag() {
    let scores = example(json!({"contingency.form": "lags", "contingency.order": 2}));
    for (id, want) in [
        ("contingency.lags.self.infant.b.1", 0.495_867_768_6),
        ("contingency.lags.self.infant.se.1", 0.206_201_038_4),
        ("contingency.lags.self.infant.p.1", 0.025_986_068_1),
        ("contingency.lags.self.infant.b.2", -0.475_206_611_6),
        ("contingency.lags.interactive.infant.b.1", 0.387_396_694_2),
        ("contingency.lags.interactive.infant.t.2", -1.189_239_346_9),
        ("contingency.regression.infant.r2", 0.358_098_388_9),
        ("contingency.regression.infant.df", 20.0),
    ] {
        check_score(&scores, id, want);
    }
    check_absent(&scores, "contingency.self.infant.beta", "the setting contingency.form asks for lag by lag");
    assert!(example(json!({})).scores.get("contingency.lags.self.infant.b.1").is_none());
}

#[test]
fn looking_is_predicted_by_looking() {
    // one unit back, the parent's looking balanced in every cell: the coefficient is the logarithm of the table's odds ratio, 6·4/(2·2)
    let (infant, parent) = ("100100001111111", "101010100101010");
    let window = span(0.0, 15.0);
    let gaze = |subject, text: &str, codes: [&str; 2]| {
        let marks: Vec<_> = text.chars().zip(0..).map(|(c, t)| (codes[usize::from(c == '0')], f64::from(t))).collect();
        let marks: Vec<_> = marks.iter().map(|(code, t)| (*code, *t, t + 1.0)).collect();
        track(subject, "gaze", &codes, &marks, window)
    };
    let mut recording = worked_example();
    recording.episodes[0].span = window;
    recording.tracks.extend([
        gaze(Subject::Infant, infant, ["partner", "away"]),
        gaze(Subject::Parent, parent, ["infant_face", "away"]),
    ]);
    let scores = first(&recording, &worked_settings(json!({"contingency.weights": [1]})));
    check_score(&scores, "contingency.looking.self.infant", 6.0_f64.ln());
    check_close(scores.scores.number("contingency.looking.interactive.infant"), 0.0, 1e-9, "balanced");
    let se = (1.0_f64 / 6.0 + 0.5 + 0.5 + 0.25).sqrt();
    check_score(&scores, "contingency.looking.self.infant.se", se);
    check_score(&scores, "contingency.looking.self.infant.z", 6.0_f64.ln() / se);
    assert_eq!(scores.scores.get("contingency.looking.self.infant").unwrap().n, Some(14));
    check_absent(&example(json!({})), "contingency.looking.self.infant", "no gaze channel for the infant");
}

#[test]
fn patterns_are_told_apart_by_affect() {
    // by hand: of the 13 shared seconds 1-4 and 7-9 are before the infant turns negative at 9
    let scores = first(&with_channels(), &worked_settings(json!({})));
    check_score(&scores, "coreg.by_affect.infant.shared.neutral", 5.0 / 13.0);
    check_score(&scores, "coreg.by_affect.infant.shared.negative", 8.0 / 13.0);
    check_score(&scores, "coreg.by_affect.infant.shared.positive", 0.0);
    let why = "this pattern does not occur while affect is coded";
    check_absent(&scores, "coreg.by_affect.infant.apart.neutral", why);
    assert!(scores.scores.get("coreg.by_affect.parent.shared.neutral").is_none());
}

#[test]
fn missing_time_between_two_ends_drops_the_pair_where_that_is_asked_for() {
    // the second at 16 is missing for the infant: of the 30 − L pairs at lag L, L + 1 have it at an end or between
    let n = |how: &str| -> Vec<usize> {
        let scores = example(json!({"lag.inside_missing": how}));
        scores.lag_profile.unwrap().points.iter().map(|point| point.n).collect()
    };
    assert_eq!(n("ignore"), [26, 27, 28, 29, 28, 27, 26]);
    assert_eq!(n("break"), [23, 25, 27, 29, 27, 25, 23]);
    let total = |how: &str| example(json!({"lag.inside_missing": how})).contingency.unwrap().parent_follows.total();
    assert_eq!((total("ignore"), total("break")), (28, 27));
}

#[test]
fn windows_have_lags_of_their_own() {
    let n = |more: Value| {
        let mut settings = object(json!({"wcc.window": 10}));
        settings.extend(object(more));
        example(Value::Object(settings)).scores.get("sync.windowed.mean_abs_z").unwrap().n
    };
    // windows end at 10 + L, ..., 30
    assert_eq!(n(json!({})), Some(18));
    assert_eq!(n(json!({"wcc.max_lag": 5})), Some(16));
    assert_eq!(n(json!({"wcc.max_lag": 0})), Some(21));
    let mean = |more: Value| example(more).scores.number("sync.windowed.mean_abs_z");
    let every = mean(json!({"wcc.window": 10, "wcc.max_lag": 4}));
    assert_ne!(every, mean(json!({"wcc.window": 10, "wcc.max_lag": 4, "wcc.lag_increment": 2})));
    let why = "wcc.peak boker needs a wcc.max_lag of at least 8 units of the grid, and a multiple of wcc.lag_increment";
    let searched = example(json!({"wcc.window": 10, "wcc.peak": "boker"}));
    check_absent(&searched, "sync.windowed.peaks", why);
    check_absent(&searched, "sync.windowed.peak.mean", why);
    let wide = example(json!({"wcc.window": 10, "wcc.max_lag": 8, "wcc.peak": "boker"}));
    assert_eq!(wide.scores.get("sync.windowed.peaks").unwrap().n, Some(13), "windows end at 18, ..., 30");
}

#[test]
fn windows_follow_one_another_from_the_episodes_start() {
    let mut late = worked_example();
    for track in &mut late.tracks {
        track.series = track.series.shifted(span::Length::SECOND.times(2));
    }
    late.episodes[0].span = span(0.0, 32.0);
    let n = |recording: &Recording| {
        let scores = first(recording, &worked_settings(json!({"wcc.window": 10, "wcc.increment": 5})));
        scores.scores.get("sync.windowed.mean_abs_z").unwrap().n
    };
    // windows end at 13, 18, 23, 28; two seconds that are not coded move all
    assert_eq!((n(&worked_example()), n(&late)), (Some(4), Some(4)));
    let mean = |recording: &Recording| {
        let scores = first(recording, &worked_settings(json!({"wcc.window": 10, "wcc.increment": 5})));
        scores.scores.number("sync.windowed.mean_abs_z")
    };
    assert_ne!(mean(&worked_example()), mean(&late));
}

#[test]
fn a_region_of_the_grid_and_each_of_its_cells_are_scored() {
    let scores = example(json!({"grid.region": [["P", "P"]]}));
    // by hand: 2-4, 8-10, 15, 17, 23-25; left at 4, 10 and 18 and come back to after 4, 5 and 5 s; after 16 nobody knows
    check_score(&scores, "grid.region.share", 8.0 / 29.0);
    check_score(&scores, "grid.region.visits", 5.0);
    check_score(&scores, "grid.region.visits.mean", 1.6);
    check_score(&scores, "grid.region.return", 14.0 / 3.0);
    check_score(&scores, "grid.cell.duration.M.P", 4.0);
    check_score(&scores, "grid.cell.visits.O.P", 3.0);
    check_score(&scores, "grid.cell.duration.P.M", 1.0);
    let turned = example(json!({"grid.rows": "parent"}));
    check_score(&turned, "grid.cell.duration.P.M", 4.0);
    check_score(&turned, "grid.cell.visits.P.O", 3.0);
    check_absent(&turned, "grid.region.return", "the setting grid.region names no cell");
    assert_eq!(turned.scores.number("grid.dispersion"), scores.scores.number("grid.dispersion"));
}

#[test]
fn tables_of_more_states_than_can_be_read_are_told_as_such() {
    let names: Vec<String> = (0..60).map(|state| format!("s{state}")).collect();
    let window = span(0.0, 60.0);
    let pieces = (0..60).map(|state| Piece { span: span(state as f64, state as f64 + 1.0), state });
    let series = StateSeries::from_pieces(names.clone(), pieces).unwrap();
    let recording = coded(series.clone(), series, MatchRelation::equality(&names), window);
    let quick = first(&recording, &settings(json!({})));
    assert!(quick.scores.iter().all(|(id, _)| !id.starts_with("contingency.lag.")));
    check_score(&quick, "grid.range", 60.0);
    let slow = slow_scores(&recording, &settings(json!({})), &|_| true).unwrap().episodes.remove(0);
    let whole = slow.scores.get("contingency.lag_table.infant_to_parent.chi2").unwrap();
    assert_eq!(whole.why(), Some("a table of 60 states is too large to tell cell by cell"));
}
