//! `attune probe` and `attune frame`.

use std::fs;

use crate::desk::Desk;

#[test]
fn probe_says_what_the_video_is() {
    let desk = Desk::new();
    let probe = desk.say("probe demo.mp4 --format json").succeeds().json();
    assert_eq!(probe["schema"], "attune.probe/1");
    assert_eq!(
        (&probe["frames"], &probe["duration_s"], &probe["last_frame_s"]),
        (&2250.into(), &90.0.into(), &89.96.into())
    );
    assert_eq!(probe["rate"], serde_json::json!({"kind": "constant", "fps": "25/1"}));
    assert_eq!((&probe["video"]["codec"], &probe["audio"]["codec"]), (&"vp9".into(), &"opus".into()));
    assert!(probe.get("frames_s").is_none());
    let frames = desk.say("probe demo.mp4 --format json --frames").succeeds().json();
    assert_eq!(frames["frames_s"].as_array().map(Vec::len), Some(2250));
    let csv = desk.say("probe demo.mp4 --format csv --frames").succeeds().out;
    assert_eq!(csv.lines().take(3).collect::<Vec<_>>(), ["frame,time_s", "0,0", "1,0.04"]);
    assert!(desk.say("probe demo.mp4").succeeds().out.contains("constant 25/1"));
}

#[test]
fn frame_shows_the_very_frame_of_the_file() {
    let desk = Desk::new();
    let mut decoder = media::Decoder::open(&desk.path("demo.mp4"), media::DecoderOptions::default())
        .expect("the demonstration plays");
    for number in [0, 1, 112, 1_301, 2_249] {
        let name = format!("{number}.png");
        desk.say(&format!("frame demo.mp4 --frame {number} --out {name}")).succeeds();
        let png = image::open(desk.path(&name)).expect("a PNG").into_rgba8();
        let picture = decoder.frame(number).expect("the frame is there");
        assert_eq!([png.width() as usize, png.height() as usize], picture.size);
        assert!(png.as_raw().as_slice() == picture.rgba(), "frame {number} looks different");
    }
    desk.say("frame demo.mp4 --time 4.51 --out time.png").succeeds();
    assert!(
        fs::read(desk.path("time.png")).expect("a PNG") == fs::read(desk.path("112.png")).expect("a PNG"),
        "4.48 <= 4.51 < 4.52"
    );
    desk.say("frame demo.mp4 --frame 2250 --out no.png").fails(1, &["demo.mp4 has 2250 frames", "no frame 2250"]);
    desk.say("frame demo.mp4 --frame 0 --out 0.png").fails(1, &["0.png is there already", "--force"]);
    desk.say("frame demo.mp4 --frame 0 --out 0.png --force").succeeds();
    desk.say("frame demo.mp4 --time 90 --out no.png").fails(1, &["from 0 to 90 s", "no frame at 90 s"]);
    desk.say("frame demo.mp4 --time -1 --out no.png").fails(1, &["no frame at -1 s"]);
    desk.say("frame demo.mp4 --frame 0 --out no.jpg").fails(2, &["no.jpg", ".png"]);
    assert!(!desk.path("no.png").exists() && !desk.path("no.jpg").exists());
}

#[test]
fn what_is_no_video_is_refused_with_the_remedy() {
    let desk = Desk::new();
    desk.write("text.mp4", "this is no video");
    desk.write("empty.mp4", "");
    let bytes = fs::read(desk.path("demo.mp4")).expect("the demonstration is there");
    fs::write(desk.path("cut.mp4"), &bytes[..1_000]).expect("the folder can be written");
    desk.say("probe text.mp4").fails(1, &["text.mp4 is not a video"]);
    desk.say("probe empty.mp4").fails(1, &["empty.mp4 is empty"]);
    desk.say("probe cut.mp4").fails(1, &["cut.mp4"]);
    desk.say("probe gone.mp4").fails(1, &["gone.mp4"]);
    desk.say("frame text.mp4 --frame 0 --out a.png").fails(1, &["text.mp4 is not a video"]);
    assert!(!desk.path("a.png").exists());
}

#[test]
fn a_truncated_video_is_read_as_far_as_it_goes_or_refused() {
    let desk = Desk::new();
    let bytes = fs::read(desk.path("demo.mp4")).expect("the demonstration is there");
    fs::write(desk.path("half.mp4"), &bytes[..bytes.len() / 2]).expect("the folder can be written");
    let run = desk.say("probe half.mp4 --format json");
    if run.status == 0 {
        let probe = run.json();
        let n_frames = probe["frames"].as_u64().expect("a number");
        assert!((1..2_250).contains(&n_frames), "{probe}");
        assert!(probe["warnings"].as_array().is_some_and(|warnings| !warnings.is_empty()), "{probe}");
    } else {
        run.fails(1, &["half.mp4", "cut off"]);
    }
}

#[test]
fn sound_alone_is_probed_and_has_no_frame_to_show() {
    let desk = Desk::new();
    let n_bytes = 8_000_u32; // half a second, 16 bits, 8 kHz
    let mut wav = b"RIFF".to_vec();
    wav.extend((36 + n_bytes).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend([8_000_u32, 16_000].into_iter().flat_map(u32::to_le_bytes));
    wav.extend(b"\x02\0\x10\0data");
    wav.extend(n_bytes.to_le_bytes());
    wav.resize(44 + n_bytes as usize, 0);
    fs::write(desk.path("recorder.wav"), wav).expect("it can be written");
    let probe = desk.say("probe recorder.wav --format json").succeeds().json();
    assert_eq!((&probe["duration_s"], &probe["video"]), (&0.5.into(), &serde_json::Value::Null));
    assert_eq!(probe["audio"]["rate_hz"], 8_000);
    desk.say("frame recorder.wav --frame 0 --out a.png").fails(1, &["recorder.wav has no picture, only sound"]);
}
