#[test]
fn scratch() {
    for path in std::env::var("FILES").unwrap().split(' ') {
        let path = std::path::Path::new(path);
        match media::probe(path) {
            Ok(p) => println!("{p:?}"),
            Err(e) => {
                println!("{e}");
                continue;
            }
        }
        let mut d = media::Decoder::open(path, Default::default()).unwrap();
        let n = d.index().len();
        let t = std::time::Instant::now();
        let mut h = vec![];
        for i in 0..n {
            h.push(blake3::hash(d.frame(i).unwrap().rgba()));
        }
        println!("linear {n} in {:?}", t.elapsed());
        let mut d = media::Decoder::open(path, media::DecoderOptions { cache_bytes: 20 << 20, threads: 0 }).unwrap();
        let t = std::time::Instant::now();
        for k in 0..60 {
            let i = (k * 7919 + 13) % n;
            assert_eq!(blake3::hash(d.frame(i).unwrap().rgba()), h[i], "{i}");
        }
        println!("random 60 in {:?}", t.elapsed());
        let t = std::time::Instant::now();
        for i in (n.saturating_sub(60)..n).rev() {
            assert_eq!(blake3::hash(d.frame(i).unwrap().rgba()), h[i], "{i}");
        }
        println!("back 60 in {:?}", t.elapsed());
    }
}
