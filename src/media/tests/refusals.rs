//! What is no video is refused with a sentence that names the file and the remedy.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on, fails")]

mod common;

use std::path::Path;

use common::Folder;
use media::{MediaError, probe};

/// `path` is refused; the sentence names the file and holds `words`.
#[track_caller]
fn check(path: &Path, words: &str) -> MediaError {
    let error = probe(path).unwrap_err();
    let sentence = error.to_string();
    assert!(sentence.contains(&path.display().to_string()), "{sentence}");
    assert!(sentence.contains(words), "{sentence}");
    error
}

const SMALL: &str = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p";

#[test]
fn a_file_that_is_not_there() {
    let Some(folder) = Folder::new() else { return };
    check(&folder.path("gone.mp4"), "there is no such file");
}

#[test]
fn a_folder() {
    let Some(folder) = Folder::new() else { return };
    check(&folder.path("."), "it is a folder");
}

#[test]
fn an_empty_file() {
    let Some(folder) = Folder::new() else { return };
    assert!(matches!(check(&folder.file("a.mp4", b""), "empty"), MediaError::Empty { .. }));
}

#[test]
fn a_text_with_the_name_of_a_video() {
    let Some(folder) = Folder::new() else { return };
    let path = folder.file("a.mp4", "Dear diary, today the infant smiled. ".repeat(99).as_bytes());
    assert!(matches!(check(&path, "is not a video"), MediaError::NotVideo { .. }));
}

#[test]
fn a_still_picture_with_the_name_of_a_video() {
    let Some(folder) = Folder::new() else { return };
    let video = folder.video("a.mkv", 2, SMALL);
    let still = folder.remade(&video, "", "-frames:v 1 -update 1", "a.png");
    let path = folder.file("b.mp4", &std::fs::read(still).unwrap());
    check(&path, "is not a video");
}

#[test]
fn a_picture_on_a_record_sleeve_is_no_video() {
    let Some(folder) = Folder::new() else { return };
    let sleeve = folder.remade(&folder.video("v.mkv", 1, SMALL), "", "-frames:v 1 -update 1", "a.png");
    let sound = folder.remade(Path::new("sine=440:duration=1"), "-f lavfi", "", "a.mp3");
    let before = format!("-i {}", sleeve.display());
    let path = folder.remade(&sound, &before, "-map 1 -map 0 -c copy -disposition:v attached_pic", "b.mp3");
    assert_eq!(probe(&path).unwrap().video, None);
}

#[test]
fn a_recording_without_its_table_of_contents() {
    let Some(folder) = Folder::new() else { return };
    let whole = std::fs::read(folder.video("whole.mp4", 50, SMALL)).unwrap();
    let path = folder.file("cut.mp4", &whole[..whole.len() / 2]);
    assert!(matches!(check(&path, "table of contents"), MediaError::Unfinished { .. }));
}

#[test]
fn playlists_that_name_other_files_are_not_followed() {
    let Some(folder) = Folder::new() else { return };
    let video = folder.video("secret.ts", 10, SMALL);
    let video = video.display();
    let lists = [
        ("a.m3u8", format!("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{video}\n#EXT-X-ENDLIST\n")),
        ("b.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n".into()),
        ("c.ffconcat", format!("ffconcat version 1.0\nfile {video}\n")),
        (
            "d.mpd",
            format!(
                "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"><BaseURL>{video}</BaseURL></MPD>"
            ),
        ),
        ("e.sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n".into()),
    ];
    for (name, text) in lists {
        check(&folder.file(name, text.as_bytes()), "is not a video");
    }
}

#[test]
fn names_that_look_like_addresses_or_patterns_are_plain_names() {
    let Some(folder) = Folder::new() else { return };
    let video = folder.video("a.mp4", 5, SMALL);
    for name in ["http:x.mp4", "concat:a.mp4", "frame%03d.mp4", "späte Aufnahme №1 😀.mp4"] {
        std::fs::copy(&video, folder.path(name)).unwrap();
        assert_eq!(probe(&folder.path(name)).unwrap().frames, 5, "{name}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text_is_opened_all_the_same() {
    use std::os::unix::ffi::OsStrExt;
    let Some(folder) = Folder::new() else { return };
    let name = folder.path("x").with_file_name(std::ffi::OsStr::from_bytes(b"caf\xe9.mp4"));
    std::fs::copy(folder.video("a.mp4", 5, SMALL), &name).unwrap();
    assert_eq!(probe(&name).unwrap().frames, 5);
}

#[test]
fn a_time_that_no_recording_reaches_is_not_believed() {
    let Some(folder) = Folder::new() else { return };
    let whole = folder.video("a.mp4", 24, &format!("{SMALL} -g 12 -movflags +frag_keyframe+empty_moov"));
    let mut bytes = std::fs::read(whole).unwrap();
    let times = bytes.windows(4).enumerate().filter(|(_, name)| name == b"tfdt").map(|(place, _)| place);
    for place in times.collect::<Vec<_>>() {
        assert_eq!(bytes[place + 4], 1, "a time of eight bytes follows");
        bytes[place + 8..place + 12].copy_from_slice(&[0x7f; 4]);
    }
    let probe = probe(&folder.file("b.mp4", &bytes)).unwrap();
    assert_eq!((probe.frames, probe.last_frame_s), (24, 0.92));
}

#[test]
fn sound_that_says_it_ends_in_twelve_years_is_not_believed() {
    let Some(folder) = Folder::new() else { return };
    let sound = Path::new("sine=440:duration=3");
    let movflags = "-movflags +frag_keyframe+empty_moov -frag_duration 1000000";
    let mut bytes = std::fs::read(folder.remade(sound, "-f lavfi", movflags, "a.m4a")).unwrap();
    let last = bytes.windows(4).rposition(|name| name == b"tfdt").unwrap();
    assert_eq!(bytes[last + 4], 1, "a time of eight bytes follows");
    bytes[last + 8..last + 12].copy_from_slice(&[0, 0, 0x10, 0]);
    let probe = probe(&folder.file("b.m4a", &bytes)).unwrap();
    assert!((1.5..3.1).contains(&probe.duration_s) && probe.frames < 80, "{} s", probe.duration_s);
}

#[test]
fn a_codec_that_is_unknown_here_is_told_apart_from_damage() {
    let Some(folder) = Folder::new() else { return };
    let sound = "-f lavfi -i sine=440:duration=1 -c:a aac";
    for (name, known, entry) in [("a.mp4", b"avc1", b"qZx9"), ("a.mov", b"avc1", b"qZx9")] {
        let mut bytes = std::fs::read(folder.video(name, 5, &format!("{sound} {SMALL}"))).unwrap();
        let place = bytes.windows(4).rposition(|name| name == known).unwrap();
        bytes[place..place + 4].copy_from_slice(entry);
        let path = folder.file(&format!("unknown_{name}"), &bytes);
        let error = check(&path, "no decoder for it: install the full FFmpeg libraries");
        assert!(matches!(error, MediaError::NoDecoder { .. }) && error.to_string().contains("qZx9"), "{error}");
    }
    let avi = folder.video("a.avi", 5, "-c:v mpeg4 -vtag FMP4");
    let bytes = std::fs::read(avi).unwrap();
    let other =
        bytes.chunks(4).flat_map(|part| if part == b"FMP4" { *b"qZx9" } else { part.try_into().unwrap_or([0; 4]) });
    let error = check(&folder.file("unknown.avi", &other.collect::<Vec<_>>()), "no decoder for it");
    assert!(matches!(error, MediaError::NoDecoder { .. }) && error.to_string().contains("qZx9"), "{error}");
}
