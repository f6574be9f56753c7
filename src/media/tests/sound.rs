//! Sound belongs to the picture: on one clock, at every speed, wherever it begins.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on, fails")]

mod common;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant as Now};

use common::{Folder, PATIENCE, number_in, wait_until};
use media::{
    FrameIndex, PlacedVideo, Placement, Player, PlayerOptions, PulledSound, SoundOutput, Speed, VideoState, Waveform,
    WaveformCache,
};
use span::{Instant, Length, Span};

/// A beep of 100 ms at every whole second, from 1 s on, that begins with frame 25, 50, ...
const BEEPS: &str = "-f lavfi -i aevalsrc='if(gte(t,1)*lt(mod(t,1),0.1),0.7*sin(2*PI*1000*t),0)':s=44100:d=4";
const H264: &str = "-c:v libx264 -preset veryfast -pix_fmt yuv420p -g 25 -bf 2 -shortest";

const RATE: usize = PulledSound::RATE as usize;

/// When the sound begins to be loud, on the medium's clock, for the beeps near `at`; to a waveform's pair.
#[track_caller]
fn check_beep(path: &Path, expected: Instant) {
    let index = FrameIndex::read(path).unwrap();
    let zero = index.container_start();
    let waveform = Waveform::read(path, zero, &AtomicBool::new(false), &mut |_| {}).unwrap().unwrap();
    let around = Span::new(expected - Length::from_millis(300), expected + Length::from_millis(50)).unwrap();
    let loud = waveform.columns(around, 350).iter().position(|column| column.is_some_and(|column| column.high > 0.2));
    let begins = around.start() + Length::from_millis(loud.expect("a beep") as i64);
    // Lossy codecs smear a beginning over a few milliseconds
    assert!((begins - expected).abs() <= Length::from_millis(12), "{begins}, not {expected}");
}

fn millis(millis: i64) -> Instant {
    Instant::ZERO + Length::from_millis(millis)
}

#[test]
fn the_sound_of_every_container_is_on_the_pictures_clock() {
    let Some(folder) = Folder::new() else { return };
    for (name, codec) in [
        ("a.mp4", "-c:a aac"),
        ("a.mkv", "-c:a aac"),
        ("a.ts", "-c:a aac"),
        ("a.mov", "-c:a pcm_s16le"),
        ("a.avi", "-c:a pcm_s16le"), // MP3 in AVI is stored 25 ms late by its encoder
        ("b.mkv", "-c:a libopus"),
        ("c.mkv", "-c:a flac -ac 6"),
    ] {
        let path = folder.video(name, 100, &format!("{BEEPS} {H264} {codec}"));
        [1_000, 2_000, 3_000].map(millis).into_iter().for_each(|time| check_beep(&path, time));
    }
}

#[test]
fn a_cut_moves_sound_and_picture_together() {
    let Some(folder) = Folder::new() else { return };
    let whole = folder.video("whole.mp4", 100, &format!("{BEEPS} {H264} -c:a aac"));
    let path = folder.remade(&whole, "-ss 1.24", "-c copy", "cut.mp4");
    check_beep(&path, millis(760));
    check_beep(&path, millis(1_760));
}

#[test]
fn sound_that_begins_after_the_picture_stays_there() {
    let Some(folder) = Folder::new() else { return };
    for name in ["a.mp4", "a.mkv", "a.ts"] {
        let late = BEEPS.replace("-f lavfi", "-itsoffset 0.5 -f lavfi");
        let path = folder.video(name, 100, &format!("{late} {H264} -c:a aac"));
        check_beep(&path, millis(1_500));
        check_beep(&path, millis(2_500));
    }
}

/// A player whose sound is pulled and whose clock is the test's.
struct Rig {
    player: Player,
    sound: PulledSound,
    now: Now,
    heard: Vec<f32>,
}

impl Rig {
    fn ready(path: &Path) -> Self {
        Self::of(&[(path, Placement::default())])
    }

    fn of(videos: &[(&Path, Placement)]) -> Self {
        let sound = PulledSound::default();
        let (wake, woken) = channel();
        let wake = Arc::new(move || {
            let _ = wake.send(());
        });
        let options = PlayerOptions { sound: SoundOutput::Pulled(sound.clone()), ..PlayerOptions::default() };
        let placed = |&(path, placement): &(&Path, Placement)| PlacedVideo { path: path.to_owned(), placement };
        let mut player = Player::open(videos.iter().map(placed).collect(), &options, &(wake as _));
        let now = Now::now();
        wait_until("the video and its sound are ready", || {
            let is_ready = |video| *player.state(video) == VideoState::Ready && player.has_sound(video);
            let is_so = (0..player.videos()).all(is_ready) && player.is_settled();
            if !is_so {
                woken.recv_timeout(PATIENCE).expect("the player calls when something is new");
                player.advance(now);
            }
            is_so
        });
        Self { player, sound, now, heard: Vec::new() }
    }

    /// Ten milliseconds pass; the sound of that time is pulled as soon as it is read, at `pace` times the natural rate.
    fn tick(&mut self, pace: usize) {
        let moments = RATE / 100 * pace;
        wait_until("the sound is read", || !self.player.is_playing() || self.sound.ready() >= moments);
        self.pull(moments);
    }

    /// The same where a sound may be over before its picture: what is there a tenth of a second later is pulled, with silence behind it.
    fn tick_over_an_end(&mut self) {
        let (moments, since) = (RATE / 100, Now::now());
        while self.sound.ready() < moments && since.elapsed() < Duration::from_millis(100) {
            std::thread::yield_now();
        }
        self.pull(moments);
    }

    fn pull(&mut self, moments: usize) {
        self.heard.extend(self.sound.pull(moments, self.now).iter().step_by(2));
        self.now += Duration::from_millis(10);
        self.player.advance(self.now);
    }

    /// Waits for the exact picture, without time passing.
    #[track_caller]
    fn settle(&mut self) {
        wait_until("the exact picture", || {
            let is_so = self.player.is_settled();
            if !is_so {
                self.player.advance(self.now);
            }
            is_so
        });
    }

    /// Moments at which beeps begin, counted in what was heard.
    fn beeps(&self) -> Vec<usize> {
        let quiet = RATE / 50;
        let mut beeps = Vec::new();
        let mut last_loud = None;
        for (moment, sample) in self.heard.iter().enumerate().filter(|(_, sample)| sample.abs() > 0.15) {
            assert!(sample.abs() <= 1.0);
            if last_loud.is_none_or(|last| moment - last > quiet) {
                beeps.push(moment);
            }
            last_loud = Some(moment);
        }
        beeps
    }
}

/// Played at a speed, each beep is heard within a frame of its picture being shown.
#[track_caller]
fn check_sync(path: &Path, permille: i32, from: Instant) {
    let mut rig = Rig::ready(path);
    rig.player.seek(from, rig.now);
    rig.player.advance(rig.now);
    let speed = Speed::from_permille(permille).unwrap();
    rig.player.play(speed, rig.now);
    let mut flashes = Vec::new(); // ticks at which a beep's picture is shown
    let mut last = 0;
    for tick in 1..=(2_500 * 100 / permille as usize) {
        rig.tick(1);
        rig.settle();
        let presented = rig.player.presented(0).unwrap();
        assert_eq!(number_in(&presented.picture), presented.frame);
        if presented.frame != last && presented.frame.is_multiple_of(25) {
            flashes.push(tick);
        }
        last = presented.frame;
    }
    let beeps = rig.beeps();
    assert!(beeps.len() >= 2 && beeps.len() + 1 >= flashes.len(), "{beeps:?} {flashes:?} at {permille}");
    let frame_secs = 0.04 * 1000.0 / f64::from(permille);
    for (beep, flash) in beeps.iter().zip(&flashes) {
        let error = *beep as f64 / RATE as f64 - *flash as f64 / 100.0;
        assert!(error.abs() < frame_secs, "{error} s between beep and flash at {permille} of 1000");
    }
}

#[test]
fn a_beep_is_heard_with_its_flash_at_every_speed() {
    let Some(folder) = Folder::new() else { return };
    let path = folder.video("a.mp4", 100, &format!("{BEEPS} {H264} -c:a aac"));
    for permille in [250, 500, 750, 1000, 1500, 2000] {
        check_sync(&path, permille, millis(600));
    }
}

#[test]
fn each_clip_is_heard_in_its_time() {
    let Some(folder) = Folder::new() else { return };
    let [first, second] =
        ["a.mkv", "b.mkv"].map(|name| folder.video(name, 50, &format!("{BEEPS} {H264} -c:a libopus")));
    let behind = Placement { offset: Length::from_millis(2_000), ..Placement::default() };
    let mut rig = Rig::of(&[(&first, Placement::default()), (&second, behind)]);
    rig.player.set_clips(vec![vec![0, 1]]);
    rig.player.play(Speed::NORMAL, rig.now);
    for _ in 0..350 {
        rig.tick_over_an_end();
    }
    let beeps = rig.beeps();
    assert_eq!(beeps.len(), 2, "{beeps:?}");
    for (beep, secs) in beeps.iter().zip([1, 3]) {
        assert!(beep.abs_diff(RATE * secs) < RATE * 40 / 1000, "{beeps:?}, not {secs} s");
    }
}

#[test]
fn a_seek_while_playing_takes_the_sound_along() {
    let Some(folder) = Folder::new() else { return };
    let path = folder.video("a.mkv", 100, &format!("{BEEPS} {H264} -c:a libopus"));
    let mut rig = Rig::ready(&path);
    rig.player.play(Speed::NORMAL, rig.now);
    for _ in 0..30 {
        rig.tick(1);
    }
    rig.player.seek(millis(2_500), rig.now);
    for _ in 0..90 {
        rig.tick(1);
    }
    let expected = RATE * 30 / 100 + RATE / 2; // half a second after the seek
    let beeps = rig.beeps();
    assert_eq!(beeps.len(), 1, "{beeps:?}");
    assert!(beeps[0].abs_diff(expected) < RATE * 40 / 1000, "{beeps:?}, not {expected}");
}

#[test]
fn nothing_is_heard_when_paused_muted_backward_or_very_slow() {
    let Some(folder) = Folder::new() else { return };
    let path = folder.video("a.mp4", 100, &format!("{BEEPS} {H264} -c:a aac"));
    let mut rig = Rig::ready(&path);
    rig.player.seek(millis(1_000), rig.now);
    rig.player.set_muted(true);
    rig.player.play(Speed::NORMAL, rig.now);
    for _ in 0..20 {
        rig.tick(1);
    }
    rig.player.pause(rig.now);
    rig.player.set_muted(false);
    assert_eq!(rig.sound.pull(RATE / 10, rig.now).iter().find(|&&sample| sample != 0.0), None);
    for permille in [-1000, 125] {
        rig.player.seek(millis(1_090), rig.now);
        rig.player.play(Speed::from_permille(permille).unwrap(), rig.now);
        rig.player.advance(rig.now);
        assert_eq!(rig.sound.pull(RATE / 10, rig.now).iter().find(|&&sample| sample != 0.0), None);
    }
    assert_eq!(rig.beeps(), [0; 0]);
}

#[test]
fn the_clock_follows_a_device_that_runs_a_little_fast() {
    let Some(folder) = Folder::new() else { return };
    let path = folder.video("a.mp4", 100, &format!("{BEEPS} {H264} -c:a aac"));
    let mut rig = Rig::ready(&path);
    rig.player.play(Speed::NORMAL, rig.now);
    // 1 % fast: 300 times 10 ms of the system are 3.03 s of the device
    for _ in 0..300 {
        wait_until("the sound is read", || rig.sound.ready() >= 485);
        rig.sound.pull(485, rig.now);
        rig.now += Duration::from_millis(10);
        rig.player.advance(rig.now);
    }
    rig.settle();
    let heard = 300.0 * 485.0 / RATE as f64;
    let shown = rig.player.position().as_secs();
    assert!((shown - heard).abs() < 0.045, "{shown} s shown, {heard} s heard");
}

#[test]
fn a_device_that_takes_sound_without_pace_does_not_drive_the_clock() {
    let Some(folder) = Folder::new() else { return };
    let path = folder.video("a.mp4", 100, &format!("{BEEPS} {H264} -c:a aac"));
    let mut rig = Rig::ready(&path);
    rig.player.play(Speed::NORMAL, rig.now);
    let mut taken = 0;
    for tick in 1..=200_i64 {
        let since = std::time::Instant::now();
        while rig.sound.ready() < RATE / 4 && since.elapsed() < Duration::from_millis(50) {
            std::thread::yield_now(); // behind the end of the sound no more comes
        }
        taken += rig.sound.ready().min(RATE / 2);
        rig.sound.pull(RATE / 2, rig.now); // all there is: at least 25 times as fast
        rig.now += Duration::from_millis(10);
        rig.player.advance(rig.now);
        let shown = rig.player.index(0).unwrap().frame_at(millis(tick * 10));
        rig.settle();
        assert!(rig.player.presented(0).unwrap().frame.abs_diff(shown) <= 1, "tick {tick}");
        assert!(tick != 50 || taken > RATE, "half a second passes while the device takes more than one");
    }
}

#[test]
fn without_a_device_time_passes_in_silence() {
    let Some(folder) = Folder::new() else { return };
    let path = folder.video("a.mp4", 100, &format!("{BEEPS} {H264} -c:a aac"));
    let mut rig = Rig::ready(&path);
    rig.player.play(Speed::NORMAL, rig.now);
    for _ in 0..100 {
        rig.now += Duration::from_millis(10);
        rig.player.advance(rig.now); // nobody pulls
    }
    rig.settle();
    assert_eq!(rig.player.position(), millis(1_000));
}

impl Rig {
    /// Time passes, and nobody pulls: so many pictures come, each when it is due.
    #[track_caller]
    fn pass_in_silence(&mut self, ticks: usize) {
        self.settle(); // the ticks before may have been sooner than its pictures
        let begun = self.player.position();
        for tick in 1..=ticks {
            self.now += Duration::from_millis(10);
            self.player.advance(self.now);
            self.settle();
            let due = begun + Length::from_millis(tick as i64 * 10);
            let off = (self.player.position() - due).abs();
            assert!(off <= Length::from_millis(80), "{off:?} off after {tick} ticks");
        }
    }

    /// The device that is there now plays what belongs to the picture.
    #[track_caller]
    fn check_heard(&mut self, rate: usize) {
        self.settle();
        let (since, begun) = (self.now, self.player.position());
        let mut loud = None;
        for tick in 0..60 {
            wait_until("the sound is read", || self.sound.ready() >= rate / 100);
            let heard = self.sound.pull(rate / 100, self.now);
            loud = loud.or(heard.iter().any(|sample| sample.abs() > 0.15).then_some(tick));
            self.now = since + Duration::from_millis(10 * (tick + 1));
            self.player.advance(self.now);
        }
        let beep = begun + Length::from_millis(loud.expect("a beep") as i64 * 10);
        let off = beep - Instant::from_micros(beep.micros() / 1_000_000 * 1_000_000); // beeps begin with the seconds
        assert!(off < Length::from_millis(120), "heard at {beep}");
    }
}

/// Beeps for ten seconds, with their flashes.
fn long_film(folder: &Folder) -> std::path::PathBuf {
    folder.video("long.mp4", 250, &format!("{} {H264} -c:a aac", BEEPS.replace("d=4", "d=10")))
}

#[test]
fn a_device_pulled_out_while_playing_stops_nothing_and_the_sound_comes_back_at_its_place() {
    let Some(folder) = Folder::new() else { return };
    let mut rig = Rig::ready(&long_film(&folder));
    rig.player.seek(millis(500), rig.now);
    rig.player.play(Speed::NORMAL, rig.now);
    for _ in 0..100 {
        rig.tick(1);
    }
    rig.sound.unplug();
    wait_until("it is noticed", || rig.player.lacks_sound_device());
    rig.pass_in_silence(240);
    assert!(rig.player.is_playing());
    rig.sound.plug_in(44_100);
    wait_until("the sound is back", || {
        rig.player.advance(rig.now);
        rig.sound.ready() > 0
    });
    assert!(!rig.player.lacks_sound_device());
    rig.check_heard(44_100);
}

#[test]
fn a_device_that_comes_while_playing_is_heard() {
    let Some(folder) = Folder::new() else { return };
    let mut rig = Rig::ready(&long_film(&folder));
    rig.sound.unplug();
    rig.player.seek(millis(800), rig.now);
    rig.player.play(Speed::NORMAL, rig.now);
    wait_until("the silence is noticed", || rig.player.lacks_sound_device());
    rig.pass_in_silence(400);
    rig.sound.plug_in(48_000);
    wait_until("the sound comes", || {
        rig.player.advance(rig.now);
        rig.sound.ready() > 0
    });
    rig.pass_in_silence(1);
    assert!(rig.player.is_playing() && !rig.player.lacks_sound_device());
    rig.check_heard(48_000);
}

#[test]
fn another_device_takes_over_where_the_first_one_was() {
    let Some(folder) = Folder::new() else { return };
    let mut rig = Rig::ready(&long_film(&folder));
    rig.player.seek(millis(500), rig.now);
    rig.player.play(Speed::NORMAL, rig.now);
    for _ in 0..20 {
        rig.tick(1);
    }
    rig.sound.plug_in(32_000);
    wait_until("the other device has sound", || {
        rig.player.advance(rig.now);
        rig.sound.ready() > 0
    });
    rig.check_heard(32_000);
}

#[test]
fn a_curve_that_was_kept_is_drawn_as_the_one_that_was_read_and_goes_when_the_file_changes() {
    let Some(folder) = Folder::new() else { return };
    let path = folder.video("a.mov", 100, &format!("{BEEPS} {H264} -c:a pcm_s16le"));
    let (zero, place) = (FrameIndex::read(&path).unwrap().container_start(), path.with_file_name("waveforms"));
    let cache = WaveformCache::new(place.clone());
    let read = || {
        let mut n_told = 0; // nothing is told of what is not read
        let waveform = cache.read(&path, zero, &AtomicBool::new(false), &mut |_| n_told += 1).unwrap().unwrap();
        (waveform, n_told > 0)
    };
    let ((first, was_read), (second, was_read_again)) = (read(), read());
    assert!(was_read && !was_read_again);
    for millis in [40, 1_000, 4_000] {
        let span = Span::new(Instant::ZERO, Instant::ZERO + Length::from_millis(millis)).unwrap();
        assert_eq!(first.columns(span, 300), second.columns(span, 300));
    }
    let kept = std::fs::read_dir(&place).unwrap().next().unwrap().unwrap().path();
    let damaged = std::fs::read(&kept).unwrap().len() as u64 - 1;
    std::fs::File::options().write(true).open(&kept).unwrap().set_len(damaged).unwrap();
    assert!(read().1, "a damaged one is read anew");
    let later = std::time::SystemTime::now() + Duration::from_secs(5);
    std::fs::File::options().append(true).open(&path).unwrap().set_modified(later).unwrap();
    assert!(read().1, "so is that of a file that has changed");
}
