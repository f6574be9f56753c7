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
fn sound_without_a_picture() {
    let Some(folder) = Folder::new() else { return };
    for name in ["a.wav", "a.m4a", "a.ogg"] {
        let path = folder.remade(Path::new("sine=440:duration=1"), "-f lavfi", "", name);
        assert!(matches!(check(&path, "only sound"), MediaError::NoPicture { .. }));
    }
}

#[test]
fn a_picture_on_a_record_sleeve_is_no_video() {
    let Some(folder) = Folder::new() else { return };
    let sleeve = folder.remade(&folder.video("v.mkv", 1, SMALL), "", "-frames:v 1 -update 1", "a.png");
    let sound = folder.remade(Path::new("sine=440:duration=1"), "-f lavfi", "", "a.mp3");
    let before = format!("-i {}", sleeve.display());
    let path = folder.remade(&sound, &before, "-map 1 -map 0 -c copy -disposition:v attached_pic", "b.mp3");
    check(&path, "only sound");
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
fn random_bytes_of_every_kind_of_file_never_panic() {
    let Some(folder) = Folder::new() else { return };
    for name in ["a.mp4", "a.mkv", "a.avi", "a.ts"] {
        let whole = std::fs::read(folder.video(name, 12, SMALL)).unwrap();
        let mut places = common::scattered(40 * 8, whole.len());
        for damage in 0..40 {
            let mut bytes = whole.clone();
            for place in places.by_ref().take(8) {
                bytes[place] = bytes[place].wrapping_mul(31).wrapping_add(damage);
            }
            let path = folder.file(&format!("{damage}_{name}"), &bytes);
            if let Ok(mut decoder) = media::Decoder::open(&path, media::DecoderOptions::default()) {
                for frame in 0..decoder.index().len() {
                    let _ = decoder.frame(frame); // a picture or a reason, never a panic
                }
            }
        }
    }
}
