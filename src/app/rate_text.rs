//! A medium's rate as people read and write it: `1`, `1.00002`, `1001/1000`.

use session::Rate;

/// Decimals beyond these no clock is known to.
const DECIMALS: u32 = 9;

/// As a decimal where it is one, else as a ratio.
#[must_use]
pub fn rate_text(rate: Rate) -> String {
    let (numerator, denominator) = (u128::from(rate.numerator()), u128::from(rate.denominator()));
    let decimals = (0..=DECIMALS).find(|decimals| (numerator * 10_u128.pow(*decimals)).is_multiple_of(denominator));
    match decimals {
        Some(0) => (numerator / denominator).to_string(),
        Some(decimals) => {
            let scale = 10_u128.pow(decimals);
            let parts = numerator * scale / denominator;
            format!("{}.{:0width$}", parts / scale, parts % scale, width = decimals as usize)
        }
        None => format!("{numerator}/{denominator}"),
    }
}

/// Reads a rate between half and twice as fast.
///
/// # Errors
/// A sentence for the person.
pub fn rate_of(text: &str) -> Result<Rate, String> {
    let text = text.trim();
    let ratio = match text.split_once('/') {
        Some((numerator, denominator)) => numerator.trim().parse().ok().zip(denominator.trim().parse().ok()),
        None => decimal(text),
    };
    let rate = ratio.and_then(|(numerator, denominator)| Rate::new(numerator, denominator).ok());
    let rate = rate.ok_or_else(|| format!("'{text}' is not a rate: write 1, 1.00002 or 1001/1000"))?;
    let (numerator, denominator) = (u128::from(rate.numerator()), u128::from(rate.denominator()));
    if numerator > 2 * denominator || denominator > 2 * numerator {
        return Err(format!("a rate of {text}: no clock runs more than twice as fast as another"));
    }
    Ok(rate)
}

/// A number with decimals, as a ratio.
fn decimal(text: &str) -> Option<(u64, u64)> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let decimals = u32::try_from(part.len()).ok().filter(|decimals| *decimals <= DECIMALS)?;
    let digits = format!("{whole}{part}");
    let is_number = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then_some(())?;
    Some((digits.parse().ok()?, 10_u64.pow(decimals)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, ratio: (u64, u64), written: &str) {
        let rate = rate_of(text).expect("a rate");
        assert_eq!((rate.numerator(), rate.denominator()), ratio);
        assert_eq!(rate_text(rate), written);
    }

    #[test]
    fn a_rate_is_read_and_written_as_a_decimal_or_a_ratio() {
        check("1", (1, 1), "1");
        check(" 1.00002", (100_002, 100_000), "1.00002");
        check(".5", (5, 10), "0.5");
        check("1001/1000", (1_001, 1_000), "1.001");
        check("30000 / 30030", (30_000, 30_030), "30000/30030");
    }

    #[test]
    fn what_is_no_rate_is_refused_with_a_sentence() {
        for text in ["", "one", "-1", "1/0", "1.0000000001", "1e3"] {
            assert!(rate_of(text).is_err_and(|why| why.contains("is not a rate")), "{text}");
        }
        assert!(rate_of("25").is_err_and(|why| why.contains("twice as fast")));
    }
}
