//! Durations as Go writes them: `1h30m`, `-1.5s`, `100ms`.

/// Nanoseconds of each unit.
const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Reads a duration, in nanoseconds.
///
/// # Errors
/// Why it is none.
pub(super) fn parse(text: &str) -> Result<i64, String> {
    let quoted = quoted(text);
    let invalid = || format!("time: invalid duration {quoted}");
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (amount, after) = amount(rest).ok_or_else(invalid)?;
        let unit = after.find(|next: char| next == '.' || next.is_ascii_digit());
        let (unit, after) = after.split_at(unit.unwrap_or(after.len()));
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {quoted}"));
        }
        let Some((_, scale)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            let unit = self::quoted(unit);
            return Err(format!("time: unknown unit {unit} in duration {quoted}"));
        };
        let part = amount.nanoseconds(*scale).ok_or_else(invalid)?;
        total = total.checked_add(part).filter(|total| *total <= 1 << 63).ok_or_else(invalid)?;
        rest = after;
    }
    match (negative, i64::try_from(total)) {
        (false, Ok(total)) => Ok(total),
        (true, Ok(total)) => Ok(-total),
        // The one number that has no positive counterpart.
        (true, Err(_)) => Ok(i64::MIN),
        (false, Err(_)) => Err(invalid()),
    }
}

/// A decimal number without sign.
struct Amount {
    whole: u64,
    fraction: u64,
    /// What the fraction is to be divided by.
    divisor: f64,
}

/// Reads a number; `None` where there is none or it is too large.
fn amount(text: &str) -> Option<(Amount, &str)> {
    let count = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let digits = count(text);
    let (integer, mut rest) = text.split_at(digits);
    let whole: u64 = if digits == 0 { 0 } else { integer.parse().ok()? };
    if whole > 1 << 63 {
        return None;
    }
    let (mut fraction, mut divisor, mut decimals) = (0_u64, 1.0, 0);
    if let Some(after) = rest.strip_prefix('.') {
        decimals = count(after);
        for digit in after[..decimals].bytes().map(|byte| u64::from(byte - b'0')) {
            // Digits beyond what fits make no difference.
            let Some(next) = fraction.checked_mul(10).and_then(|next| next.checked_add(digit))
            else {
                break;
            };
            fraction = next;
            divisor *= 10.0;
        }
        rest = &after[decimals..];
    }
    (digits + decimals > 0).then_some((Amount { whole, fraction, divisor }, rest))
}

impl Amount {
    fn nanoseconds(&self, scale: u64) -> Option<u64> {
        let whole = self.whole.checked_mul(scale).filter(|whole| *whole <= 1 << 63)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "as Go computes it; the fraction is less than one unit"
        )]
        let part = (self.fraction as f64 * (scale as f64 / self.divisor)) as u64;
        whole.checked_add(part).filter(|sum| *sum <= 1 << 63)
    }
}

/// The text in quotes; all but printable ASCII as bytes.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
            b' '..=b'~' | 0x7f => quoted.push(char::from(byte)),
            _ => quoted.push_str(&format!("\\x{byte:02x}")),
        }
    }
    quoted + "\""
}
