//! Ours to theirs to ours keeps every mark, for random sessions; and no bytes make a reader panic.

mod common;

use common::{number, point, scheme, set_marks, state};
use exchange::csv::{self, CsvOptions};
use exchange::matrix::{self, Rows};
use exchange::{Schemes, eaf};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use session::{
    Certainty, Episode, EpisodeId, EpisodeKind, Excluded, ExcludedId, Extra, Mark, Medium, MediumId, Rate, Session,
    SessionId,
};
use span::{Instant, Length, Span};

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() }
}

/// Disjoint spans in units of `unit_us`, from lengths of gaps and marks.
fn spans(lengths: &[(i64, i64)], start: i64, unit_us: i64) -> Vec<Span> {
    let mut at = start;
    let span = |(gap, length): &(i64, i64)| {
        let start = at + gap;
        at = start + length;
        Span::from_micros(start * unit_us, at * unit_us).expect("lengths are positive")
    };
    lengths.iter().map(span).collect()
}

/// Any text, or only what XML can hold.
fn text(for_xml: bool) -> BoxedStrategy<String> {
    if for_xml { "[ -~äß漢\n]{0,12}".boxed() } else { any::<String>().boxed() }
}

fn marks(codes: &'static [&'static str], spans: Vec<Span>, details: Vec<(usize, bool, String)>) -> Vec<Mark> {
    let mark = |(span, (code, doubt, note)): (Span, (usize, bool, String))| {
        let certainty = if doubt { Certainty::Uncertain } else { Certainty::Certain };
        Mark { certainty, note, ..state(codes[code % codes.len()], span) }
    };
    spans.into_iter().zip(details).map(mark).collect()
}

prop_compose! {
    fn sessions(unit_us: i64, for_xml: bool)(
        texts in vec(text(for_xml), 6),
        start in -2_000..2_000_i64,
        gaze in vec((0..50_i64, 1..50_i64), 0..12),
        touch in vec((-60_000..60_000_i64, 1..9_000_i64), 0..12),
        smiles in vec(-60_000..60_000_i64, 0..8),
        details in vec((0..4_usize, any::<bool>(), text(for_xml)), 12),
        coded in vec((1..90_i64, 1..90_i64), 0..4),
        episodes in vec((0..900_i64, 1..900_i64), 0..4),
        excluded in vec((-900..900_i64, 1..900_i64), 0..3),
        offset_us in -10_000_000..10_000_000_i64,
        rate in (1..3_000_u64, 1_000..2_000_u64),
    ) -> Session {
        let mut session = Session::new(SessionId::from_bits(9), texts[0].clone(), texts[1].clone(), scheme());
        session.note.clone_from(&texts[2]);
        let rate = Rate::new(rate.0.max(rate.1 / 50), rate.1).expect("positive");
        session.media = vec![Medium { offset: Length::from_micros(offset_us), rate, label: texts[3].clone(), ..Medium::new(MediumId(3), format!("a{}", texts[4])) }];
        common::track_mut(&mut session, "parent.gaze").medium = Some(MediumId(3));
        set_marks(&mut session, "infant.gaze", marks(&["partner", "object", "away", "unscorable"], spans(&gaze, start, unit_us), details.clone()));
        let touches = touch.iter().map(|(from, length)| Span::from_micros(from * unit_us, (from + length) * unit_us).expect("lengths are positive")).collect();
        set_marks(&mut session, "parent.touch", marks(&["stroke", "hold", "tickle"], touches, details));
        set_marks(&mut session, "infant.smile", smiles.iter().map(|time| point("peak", Instant::from_micros(time * unit_us))).collect());
        common::track_mut(&mut session, "infant.affect").coded = spans(&coded, start, unit_us).into();
        session.episodes = spans(&episodes, start, unit_us).into_iter().zip(0..).map(|(span, n)| Episode::new(EpisodeId(0), format!("{}{n}", texts[5]), if n == 1 { EpisodeKind::StillFace } else { EpisodeKind::Other }, span)).collect();
        session.excluded = excluded.iter().map(|(from, length)| Excluded { id: ExcludedId(0), span: Span::from_micros(from * unit_us, (from + length) * unit_us).expect("lengths are positive"), reason: texts[2].clone(), extra: Extra::new() }).collect();
        number(&mut session);
        session
    }
}

fn same(mut back: Session, mut original: Session) -> Result<(), TestCaseError> {
    back.check_rules().map_err(|error| TestCaseError::fail(error.to_string()))?;
    number(&mut back);
    number(&mut original);
    prop_assert_eq!(back, original);
    Ok(())
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn csv_keeps_every_session(original in sessions(1, false)) {
        let (bytes, report) = csv::write(&original, &CsvOptions::default());
        prop_assert_eq!(report.of(exchange::Severity::Noted).count(), report.items.len(), "{:?}", report);
        let (back, report) = csv::read(&bytes, Schemes { given: None, known: &[scheme()] }).expect("our own file");
        prop_assert!(report.is_empty(), "{:?}", report);
        same(back, original)?;
    }

    #[test]
    fn elan_keeps_every_session_in_whole_milliseconds(original in sessions(1_000, true)) {
        let (bytes, report) = eaf::write(&original);
        prop_assert_eq!(report.of(exchange::Severity::Rounded).count(), 0, "{:?}", report);
        let (back, report) = eaf::read(&bytes, Schemes { given: None, known: &[scheme()] }).expect("our own file");
        prop_assert!(report.is_empty(), "{:?}", report);
        same(back, original)?;
    }

    #[test]
    fn a_matrix_can_be_made_of_every_session(session in sessions(1, false)) {
        let (bytes, _) = matrix::write(&session, Rows::Every(Length::from_millis(100)));
        prop_assert!(bytes.starts_with(b"time_s,episode,excluded,infant.gaze"));
    }

    #[test]
    fn random_text_makes_no_reader_panic(text in "[#a-z0-9_,;.\"\n\t -]{0,200}") {
        let scheme = scheme();
        let schemes = Schemes { given: Some(&scheme), known: &[] };
        for whole in [text.clone(), format!("# {text}"), format!("subject,channel,code,onset_s,offset_s\n{text}")] {
            if let Ok((session, _)) = csv::read(whole.as_bytes(), schemes) {
                session.check_rules().map_err(|error| TestCaseError::fail(error.to_string()))?;
            }
        }
    }
}

/// A small generator of our own, so that the same bytes are made everywhere: xorshift64.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// Bytes changed, cut, doubled and put in at random places.
fn damaged(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(8) {
        let at = random.below(bytes.len());
        match random.below(5) {
            0 => bytes[at] = random.below(256) as u8,
            1 => bytes.truncate(at.max(1)),
            2 => {
                let end = (at + random.below(40)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            3 => {
                let end = (at + random.below(40)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ => {
                let odd: [&[u8]; 8] =
                    [b"-1", b"1e308", b"NaN", b"99999999999999999999", b"9223372036854", b"\"", b"<", b"&#0;"];
                let to = random.below(bytes.len());
                bytes.splice(to..to, odd[random.below(odd.len())].iter().copied());
            }
        }
        if bytes.is_empty() {
            bytes.push(b'x');
        }
    }
    bytes
}

#[test]
fn damaged_files_make_no_reader_panic_and_no_session_that_breaks_its_rules() {
    let session = common::session();
    let files = [
        (csv::write(&session, &CsvOptions::default()).0, true),
        (eaf::write(&session).0, false),
        (include_bytes!("data/hand.eaf").to_vec(), false),
        (include_bytes!("data/pympi.eaf").to_vec(), false),
    ];
    let scheme = scheme();
    let mut random = Random(1);
    let mut n_read = 0;
    for round in 0..4_000 {
        let (bytes, is_csv) = &files[round % files.len()];
        let bytes = damaged(bytes, &mut random);
        for schemes in [Schemes { given: Some(&scheme), known: &[] }, Schemes::default()] {
            let read = if *is_csv { csv::read(&bytes, schemes) } else { eaf::read(&bytes, schemes) };
            if let Ok((session, _)) = read {
                n_read += 1;
                session.check_rules().expect("what is read keeps the rules of a session");
                drop(csv::write(&session, &CsvOptions::default()));
                drop(eaf::write(&session));
                assert!(session.extent().is_none_or(|extent| extent.length() > Length::ZERO));
            }
        }
    }
    assert!(n_read > 1_000, "most damage leaves something to read: {n_read}");
}

fn repeated(times: u32, text: impl Fn(u32) -> String) -> String {
    (0..times).map(text).collect::<Vec<_>>().concat()
}

#[test]
fn large_hostile_files_are_answered_within_seconds() {
    let started = std::time::Instant::now();
    let many = repeated(200_000, |n| format!("{n},engagement,c{n},{n},{}\n", n + 5));
    let rows = format!("subject,channel,code,onset_s,offset_s\n{many}");
    drop(csv::read(rows.as_bytes(), Schemes { given: Some(&scheme()), known: &[] }));
    let tiers = repeated(50_000, |n| format!("<TIER TIER_ID=\"t\" LINGUISTIC_TYPE_REF=\"l\" PARTICIPANT=\"p{n}\"/>"));
    drop(eaf::read(format!("<ANNOTATION_DOCUMENT>{tiers}</ANNOTATION_DOCUMENT>").as_bytes(), Schemes::default()));
    let attributes = repeated(200_000, |n| format!(" a{n}=\"1\""));
    drop(eaf::read(format!("<ANNOTATION_DOCUMENT{attributes}/>").as_bytes(), Schemes::default()));
    let entities = "&amp;".repeat(500_000);
    drop(eaf::read(
        format!("<ANNOTATION_DOCUMENT><HEADER><PROPERTY>{entities}</PROPERTY></HEADER></ANNOTATION_DOCUMENT>")
            .as_bytes(),
        Schemes::default(),
    ));
    let comments = repeated(200_000, |n| format!("# episode e{n} {n} {}\n# medium {n} f - offset 0\n", n + 2));
    drop(csv::read(
        format!("{comments}subject,channel,code,onset_s,offset_s\n").as_bytes(),
        Schemes { given: Some(&scheme()), known: &[] },
    ));
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed()); // quadratic work takes minutes
}
