//! The demonstration says what it shows: film, script and gold coding agree frame by frame.

#[path = "../assets/demo/script.rs"]
mod script;

use media::{Decoder, DecoderOptions};
use script::{FRAMES, TRACKS, classify, gold_csv, state_at};
use session::TrackKey;

#[test]
fn every_frame_shows_what_the_script_says_so_marks_fall_where_the_picture_changes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let video = folder.path().join("demo.mp4");
    std::fs::write(&video, attune::demo::VIDEO).expect("a file");
    let mut decoder = Decoder::open(&video, DecoderOptions::default()).expect("the film opens");
    assert_eq!(decoder.index().len(), FRAMES);

    let mut wrong = Vec::new();
    for frame in 0..FRAMES {
        let picture = decoder.frame(frame).expect("the frame is decoded");
        let [width, height] = picture.size;
        let seen = classify(picture.rgba(), width, height);
        if seen != state_at(frame) {
            wrong.push(format!("frame {frame} shows {:?}, not {:?}", seen.codes(), state_at(frame).codes()));
        }
    }
    assert!(wrong.is_empty(), "{} frames differ: {}", wrong.len(), wrong.join("; "));
}

#[test]
fn the_gold_coding_is_the_one_that_the_script_writes() {
    let written = gold_csv("demo.mp4 - offset 0 rate 1/1 end 90 frame 0.04");
    assert_eq!(std::str::from_utf8(attune::demo::GOLD).expect("text"), written);
}

#[test]
fn the_session_made_from_the_gold_coding_has_the_codes_of_the_script_in_every_frame() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let video = folder.path().join("demo.mp4");
    std::fs::write(&video, attune::demo::VIDEO).expect("a file");
    let decoder = Decoder::open(&video, DecoderOptions::default()).expect("the film opens");
    let session = attune::demo::gold_session(&folder.path().join("demo.attune"), &video).expect("the coding is read");

    for (n, (subject, channel)) in TRACKS.into_iter().enumerate() {
        let track = session.track(&TrackKey::new(subject, channel)).expect("the track is there");
        for frame in 0..FRAMES {
            let time = decoder.index().time_of(frame);
            let code = track.state_at(time).map(|mark| mark.code.as_str());
            assert_eq!(code, Some(state_at(frame).codes()[n]), "{subject} {channel} in frame {frame}");
        }
    }
}
