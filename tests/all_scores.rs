//! All scores in the panel: the same numbers as on the command line, old ones called old until the new ones are there.

mod common;

use attune::app::App;
use attune::command::{Editing, View};
use attune::live_scores::Age;
use common::Desk;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use scoring::Scores;
use serde_json::Map;
use span::Length;

fn age(app: &App) -> Option<Age> {
    app.state.work.as_ref().map(|work| work.live.age())
}

fn is_current(app: &App) -> bool {
    age(app) == Some(Age::Current)
}

/// What the command line would say of the session as it is.
fn scores(desk: &Desk) -> Scores {
    session::score(desk.work().session(), &Map::new()).expect("the settings are sound")
}

#[track_caller]
fn check_that_all_are_shown(desk: &Desk) {
    let live = &desk.work().live;
    for (idx, episode) in scores(desk).episodes.iter().enumerate() {
        assert!(episode.scores.len() > 100);
        for (id, score) in episode.scores.iter() {
            assert_eq!(live.score(idx, id).as_ref(), Some(score), "{} {id}", episode.name);
        }
    }
}

#[test]
fn all_scores_are_those_of_the_command_line_and_an_edit_makes_the_slow_ones_older_until_they_are_there_again() {
    let mut desk = Desk::demo();
    desk.key_with(Modifiers::SHIFT, Key::F2);
    desk.until("the slow scores", is_current);
    check_that_all_are_shown(&desk);
    assert!(desk.harness.query_by_label_contains("Match proportion").is_some());

    let before = scores(&desk);
    desk.go_to_frame(100);
    desk.key(Key::Num2);
    desk.redraw();
    assert_ne!(scores(&desk).episodes[0].scores, before.episodes[0].scores, "the mark changes the scores");
    desk.until("the slow scores of the new marks", is_current);
    check_that_all_are_shown(&desk);
}

#[test]
fn what_chance_gives_and_limits_stand_beside_scores_once_they_are_asked_for_and_undo_takes_them_away() {
    let mut desk = Desk::demo();
    desk.harness.state_mut().ask(View::ToggleAllScores);
    desk.harness.state_mut().ask(Editing::ScoreSetting { name: "surrogates", value: 199 });
    desk.harness.state_mut().ask(Editing::ScoreSetting { name: "boot.replicates", value: 99 });
    desk.redraw();
    assert_eq!(desk.work().live.settings().surrogates, 199);
    desk.until("what chance gives", is_current);
    check_that_all_are_shown(&desk);
    let proportion = desk.work().live.score(0, "match.proportion").expect("a score");
    let chance = proportion.chance.expect("chance was asked for").expect("half a minute is long enough");
    assert!(chance.mean < chance.observed && chance.n == 21, "{chance:?}");
    assert!(desk.harness.query_by_label_contains("by chance 0.30").is_some());
    assert!(desk.harness.query_by_label_contains("in blocks of this time").is_none(), "30 s are less than five blocks");
    let limits = desk.work().live.score(2, "match.proportion").expect("a score").limits;
    let of_reunion = limits.expect("limits were asked for");
    assert_eq!(of_reunion.is_ok(), scores(&desk).episodes[2].span.length() >= Length::SECOND.times(50));

    let (modifiers, key) = Desk::ctrl(Key::Z);
    desk.key_with(modifiers, key);
    desk.key_with(modifiers, key);
    desk.until("no chance", is_current);
    assert_eq!(desk.work().live.score(0, "match.proportion").expect("a score").chance, None);
}
