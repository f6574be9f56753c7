//! The speeds of the transport row.

use media::Speed;

/// From 1/8 to twice real time, as buttons.
pub const ROW: [i32; 5] = [125, 250, 500, 1_000, 2_000];

/// The speeds of the row, slowest first.
pub fn row() -> impl DoubleEndedIterator<Item = Speed> {
    ROW.into_iter().filter_map(Speed::from_permille)
}

/// What the button says.
#[must_use]
pub fn label(speed: Speed) -> String {
    match speed.permille().abs() {
        125 => "⅛×".to_owned(),
        250 => "¼×".to_owned(),
        500 => "½×".to_owned(),
        permille => format!("{}×", f64::from(permille) / 1_000.0),
    }
}

/// The same pace, forward.
#[must_use]
pub fn forward(speed: Speed) -> Speed {
    if speed.is_backward() { speed.reversed() } else { speed }
}

/// Twice as fast the same way, up to the end of the row.
#[must_use]
pub fn doubled(speed: Speed) -> Speed {
    let fastest = ROW[ROW.len() - 1];
    Speed::from_permille((speed.permille() * 2).clamp(-fastest, fastest)).unwrap_or(speed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubling_walks_through_the_row_and_stops_at_its_end() {
        let walked: Vec<_> = std::iter::successors(row().next(), |speed| Some(doubled(*speed))).take(6).collect();
        assert_eq!(walked[..5], row().collect::<Vec<_>>());
        assert_eq!(walked[5], walked[4]);
    }

    #[test]
    fn reverse_is_the_same_pace_the_other_way() {
        assert_eq!(doubled(Speed::REVERSE).permille(), -2_000);
        assert_eq!(forward(Speed::REVERSE), Speed::NORMAL);
        assert_eq!(row().map(label).collect::<Vec<_>>(), ["⅛×", "¼×", "½×", "1×", "2×"]);
    }
}
