//! Numbers from text.

use dashu_int::{IBig, Sign, UBig};

use super::arithmetic::divided;
use super::{MAGNITUDE_LIMIT, Number, NumberError, Repr, TEXT_LIMIT, TEXT_PRECISION, float};

/// The parts of a number's text.
struct Text<'a> {
    whole: &'a str,
    fraction: &'a str,
    /// Power of ten, from `e`.
    decimal: i64,
    /// Power of two, from `p`.
    binary: i64,
}

impl Number {
    /// Reads a decimal number as cty does: `12`, `-1.5`, `.5`, `5.`, `+1e-3`, also `1p3` (1·2³) and
    /// `Inf`. Correctly rounded to 512 bits.
    ///
    /// # Errors
    /// When the text is no number, or the number is out of range.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        if text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            let value = text.parse().map_err(|_| NumberError::Syntax)?;
            return Ok(Self(Repr::Int(value, TEXT_PRECISION)));
        }
        if text.len() > TEXT_LIMIT {
            return Err(NumberError::Range);
        }
        let (negative, body) = match text.strip_prefix('-') {
            Some(body) => (true, body),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        if body == "Inf" || body == "inf" {
            return Ok(if negative { Self::NEG_INFINITY } else { Self::INFINITY });
        }
        let number = split(body).ok_or(NumberError::Syntax)?.value()?;
        Ok(if negative { number.neg() } else { number })
    }

    /// Reads a whole number in a base from 2 to 36, with an optional sign, in digits and letters of
    /// either case; more than 512 bits are rounded.
    ///
    /// # Errors
    /// When the text is no such number, or the number is out of range.
    pub fn parse_radix(text: &str, radix: u32) -> Result<Self, NumberError> {
        if text.len() > TEXT_LIMIT {
            return Err(NumberError::Range);
        }
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
            return Err(NumberError::Syntax);
        }
        let value = IBig::from_str_radix(text, radix).map_err(|_| NumberError::Syntax)?;
        float::rounded(value, 0, false, TEXT_PRECISION)
    }
}

/// Cuts the text of a number without its sign into its parts.
fn split(body: &str) -> Option<Text<'_>> {
    let (mantissa, decimal, binary) = match body.find(['e', 'E', 'p', 'P']) {
        None => (body, 0, 0),
        Some(position) => {
            let power = power(&body[position + 1..])?;
            if body[position..].starts_with(['e', 'E']) {
                (&body[..position], power, 0)
            } else {
                (&body[..position], 0, power)
            }
        }
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let well_formed = digits(whole) && digits(fraction) && whole.len() + fraction.len() > 0;
    well_formed.then_some(Text { whole, fraction, decimal, binary })
}

/// The number after `e`; beyond the range of `i64` it saturates.
fn power(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value = digits.parse().unwrap_or(i64::MAX);
    Some(if text.starts_with('-') { -value } else { value })
}

impl Text<'_> {
    /// The value, without sign.
    fn value(&self) -> Result<Number, NumberError> {
        let digits = format!("{}{}", self.whole, self.fraction);
        let digits = digits.trim_start_matches('0');
        if digits.is_empty() {
            return Ok(Number::ZERO);
        }
        // A decimal digit is more than three bits. Refuse before anything large is computed.
        let decimal = self.decimal.saturating_sub(self.fraction.len() as i64);
        let size = decimal.saturating_add(digits.len() as i64);
        if size.saturating_abs() > MAGNITUDE_LIMIT / 3
            || self.binary.saturating_abs() > MAGNITUDE_LIMIT
        {
            return Err(NumberError::Range);
        }
        let mantissa = UBig::from_str_radix(digits, 10).map_err(|_| NumberError::Syntax)?;
        let mantissa = IBig::from_parts(Sign::Positive, mantissa);
        let ten = |power: i64| IBig::from(10).pow(power.unsigned_abs() as usize);
        if decimal >= 0 {
            float::rounded(mantissa * ten(decimal), self.binary, false, TEXT_PRECISION)
        } else {
            divided((mantissa, self.binary), (ten(decimal), 0), TEXT_PRECISION)
        }
    }
}
