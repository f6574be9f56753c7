//! What holds for all times: a set of spans behaves as the set of its microseconds.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use span::{Instant, Span, SpanSet};

/// Times are drawn from 0..30 µs, so that a set can be written out instant by instant.
fn spans() -> impl Strategy<Value = Vec<Span>> {
    vec((0_i64..30, 1_i64..8), 0..8).prop_map(|pairs| {
        pairs.into_iter().filter_map(|(start, length)| Span::from_micros(start, start + length)).collect()
    })
}

fn instants(set: &SpanSet) -> BTreeSet<i64> {
    set.spans().iter().flat_map(|span| span.start().micros()..span.end().micros()).collect()
}

fn is_normal(set: &SpanSet) -> bool {
    set.spans().windows(2).all(|pair| pair[0].end() < pair[1].start())
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn set_operations_are_those_of_the_instants(a in spans(), b in spans()) {
        let (a, b): (SpanSet, SpanSet) = (a.into_iter().collect(), b.into_iter().collect());
        let (ia, ib) = (instants(&a), instants(&b));
        for (set, expected) in [
            (a.union(&b), &ia | &ib),
            (a.intersection(&b), &ia & &ib),
            (a.difference(&b), &ia - &ib),
        ] {
            prop_assert!(is_normal(&set));
            prop_assert_eq!(instants(&set), expected);
        }
    }

    #[test]
    fn inserting_one_by_one_equals_collecting(spans in spans()) {
        let mut set = SpanSet::new();
        for span in &spans {
            set.insert(*span);
        }
        prop_assert!(is_normal(&set));
        prop_assert_eq!(set, spans.into_iter().collect::<SpanSet>());
    }

    #[test]
    fn gaps_and_coverage_fill_the_whole(spans in spans(), start in 0_i64..30, length in 1_i64..20) {
        let set: SpanSet = spans.into_iter().collect();
        let whole = Span::from_micros(start, start + length).expect("length is positive");
        prop_assert_eq!(set.coverage(whole) + set.gaps(whole).length(), whole.length());
    }

    #[test]
    fn contains_agrees_with_the_instants(spans in spans(), time in 0_i64..40) {
        let set: SpanSet = spans.into_iter().collect();
        prop_assert_eq!(set.contains(Instant::from_micros(time)), instants(&set).contains(&time));
    }

    #[test]
    fn text_and_json_give_the_same_time_back(micros in any::<i32>()) {
        let time = Instant::from_micros(i64::from(micros) * 997);
        prop_assert_eq!(time.to_secs_text().parse::<Instant>(), Ok(time));
        let json = serde_json::to_string(&time).expect("an integer");
        prop_assert_eq!(serde_json::from_str::<Instant>(&json).expect("an integer"), time);
    }

    #[test]
    fn splitting_a_span_loses_nothing(start in -50_i64..50, length in 2_i64..50, at in 1_i64..50) {
        let span = Span::from_micros(start, start + length).expect("length is positive");
        match span.split_at(Instant::from_micros(start + at)) {
            Some((left, right)) => {
                prop_assert_eq!(left.end(), right.start());
                prop_assert_eq!(left.hull(right), span);
            }
            None => prop_assert!(at >= length),
        }
    }
}

#[test]
fn an_empty_or_backward_span_does_not_exist() {
    assert_eq!(Span::from_micros(3, 3), None);
    assert_eq!(Span::from_micros(4, 3), None);
    assert!(serde_json::from_str::<Span>("[4, 3]").is_err());
}
