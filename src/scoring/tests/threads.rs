//! With the feature `parallel` the numbers are the same on one core, two or four, to the last bit.
//!
//! That they are those without the feature, numbers from another program say, which hold with and without it:
//! `chance_is_that_of_the_seed` (gamma), `random_blocks_are_those_of_the_seed_and_begin_anywhere_on_the_circle` (limits) and
//! `drawn_shifts_are_those_of_the_seed` (baselines), each beside what it tests.
#![allow(clippy::unwrap_used, reason = "a test stops at once")]

use scoring::agreement::agree::agree;
use scoring::agreement::codings::{TwoCodings, TwoMarks};
use scoring::agreement::settings::AgreeSettings;
use scoring::chance::scores::score_baselines;
use scoring::{EpisodeWindow, MatchRelation, Recording, ScoreSettings, StateSeries, Subject, TrackSeries, score};
use span::{Length, Span, SpanSet};

const LETTERS: [&str; 4] = ["M", "O", "P", "N"];

fn coded(text: &str) -> StateSeries {
    let text = text.repeat(4);
    StateSeries::from_text(LETTERS, &text, Length::SECOND)
}

fn window() -> Span {
    Span::from_micros(0, 120_000_000).unwrap()
}

fn on_threads<R: Send>(n: usize, of: impl Fn() -> R + Send + Sync) -> R {
    rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap().install(of)
}

#[track_caller]
fn check<R: Send>(of: impl Fn() -> R + Send + Sync, text: impl Fn(&R) -> String) {
    let alone = text(&on_threads(1, &of));
    for n in [2, 4] {
        assert_eq!(text(&on_threads(n, &of)), alone, "{n} threads");
    }
}

#[test]
fn gamma_and_limits_are_the_same_on_any_number_of_threads() {
    let two = TwoCodings {
        codes: LETTERS.map(str::to_owned).to_vec(),
        exhaustive: true,
        windows: Vec::new(),
        looked_at: SpanSet::from(window()),
        marks: TwoMarks::States(
            coded("MMPPOOOMPPNNNMMPPPOOMMPPPNNOOO").into(),
            coded("MMMPPOOMPPPNNMMMPPOOMMMPPNNNOO").into(),
        ),
    };
    // {:?} of a number is that number and no other
    check(|| agree(&two, &AgreeSettings::default()), |agreement| format!("{:?}", agreement.statistics));
    let agreement = agree(&two, &AgreeSettings::default());
    assert!(agreement.get("gamma").unwrap().number().is_some());
    assert!(agreement.get("time_kappa").unwrap().limits.as_ref().unwrap().is_ok());
}

fn recording() -> Recording {
    let track = |subject, text| TrackSeries { subject, channel: "engagement".to_owned(), series: coded(text) };
    Recording {
        tracks: vec![
            track(Subject::Infant, "MMPPOOOMPPNNNMMP.POOMMPPPNNOOO"),
            track(Subject::Parent, "MPPPPMPPPPPMMMPPPPPPPMMPPPMMMM"),
        ],
        episodes: vec![EpisodeWindow { name: "play".to_owned(), kind: "play".to_owned(), span: window() }],
        relation: MatchRelation::equality(&LETTERS.map(str::to_owned)),
        ..Recording::default()
    }
}

#[test]
fn scores_are_the_same_in_the_same_order_on_any_number_of_threads() {
    let recording = recording();
    check(|| score(&recording, &ScoreSettings::default()), |scores| format!("{scores:?}"));
}

#[test]
fn baselines_are_the_same_on_any_number_of_threads() {
    let recording = recording();
    let settings = ScoreSettings { surrogates: 40, ..ScoreSettings::default() };
    let baselines = || score_baselines(&recording, &settings, &|_| true).unwrap();
    check(baselines, |baselines| {
        let numbers = |(id, baseline): &(String, _)| format!("{id} {baseline:?}");
        baselines.iter().flat_map(|episode| &episode.baselines).map(numbers).collect::<Vec<_>>().join("\n")
    });
}
