//! Text from numbers.

use std::cmp::Ordering;
use std::fmt::{self, Write};

use dashu_int::{IBig, Sign, UBig};

use super::digits::Digits;
use super::{INTEGER_PRECISION, Number, Repr};

impl fmt::Display for Number {
    /// As Terraform prints numbers: without exponent, with as few digits as tell the number from
    /// others of its precision; `+Inf` and `-Inf`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Int(value, precision) if *precision >= INTEGER_PRECISION => {
                write!(formatter, "{value}")
            }
            Repr::Infinity { negative } => formatter.write_str(infinity(*negative)),
            _ => {
                let (sign, digits) = self.shortest();
                let decimals = digits.digits.len() as i64 - digits.point;
                formatter.write_str(sign)?;
                fixed(formatter, &digits, usize::try_from(decimals).unwrap_or(0))
            }
        }
    }
}

/// Other forms, as `format` needs them.
impl Number {
    /// With exactly so many digits after the point, as `%.2f` does.
    #[must_use]
    pub fn to_fixed(&self, decimals: usize) -> String {
        self.render(|digits, text| {
            if let Ok(count) = usize::try_from(digits.point.saturating_add(decimals as i64)) {
                digits.round(count);
            }
            fixed(text, digits, decimals)
        })
    }

    /// With exponent and exactly so many digits after the point, as `%.2e` does: `1.50e+03`.
    #[must_use]
    pub fn to_scientific(&self, decimals: usize) -> String {
        self.render(|digits, text| {
            digits.round(decimals + 1);
            scientific(text, digits, decimals)
        })
    }

    /// With so many significant digits at most, and with exponent when that is shorter, as `%.10g`
    /// does.
    #[must_use]
    pub fn to_general(&self, significant: usize) -> String {
        self.render(|digits, text| {
            let significant = significant.max(1);
            digits.round(significant);
            let length = digits.digits.len();
            let most = if significant > length && length as i64 >= digits.point {
                length
            } else {
                significant
            };
            general(text, digits, most)
        })
    }

    /// With as few digits as tell the number from others, and with exponent where the number is
    /// below 0.0001 or not below a million, as `%g` does.
    #[must_use]
    pub fn to_general_shortest(&self) -> String {
        if let Repr::Infinity { negative } = self.0 {
            return infinity(negative).into();
        }
        let (sign, digits) = self.shortest();
        let mut text = sign.to_owned();
        // Writing to a string cannot fail.
        let _ = general(&mut text, &digits, 6);
        text
    }

    /// A whole number in a base from 2 to 36, in lower case; nothing for other numbers.
    #[must_use]
    pub fn to_radix(&self, radix: u8) -> Option<String> {
        let (mantissa, exponent) = self.parts()?;
        let power = usize::try_from(exponent).ok()?;
        Some((mantissa << power).in_radix(radix).to_string())
    }

    /// The order of the texts they print as, taken as numbers.
    pub(super) fn cmp_printed(&self, other: &Self) -> Ordering {
        let ((sign, left), (other_sign, right)) = (self.shortest(), other.shortest());
        let by_sign = other_sign.len().cmp(&sign.len());
        let magnitude = left.point.cmp(&right.point).then_with(|| left.digits.cmp(&right.digits));
        by_sign.then(if sign.is_empty() { magnitude } else { magnitude.reverse() })
    }

    fn magnitude(&self) -> (&'static str, UBig, i64) {
        let negative_zero = matches!(self.0, Repr::NegativeZero(_));
        let (mantissa, exponent) = self.parts().unwrap_or((IBig::ZERO, 0));
        let (sign, magnitude) = mantissa.into_parts();
        let sign = if negative_zero || sign == Sign::Negative { "-" } else { "" };
        (sign, magnitude, exponent)
    }

    fn shortest(&self) -> (&'static str, Digits) {
        let (sign, magnitude, exponent) = self.magnitude();
        (sign, Digits::shortest(&magnitude, exponent, self.precision()))
    }

    /// The text that `print` makes of all its digits.
    fn render(&self, print: impl FnOnce(&mut Digits, &mut String) -> fmt::Result) -> String {
        if let Repr::Infinity { negative } = self.0 {
            return infinity(negative).into();
        }
        let (sign, magnitude, exponent) = self.magnitude();
        let mut text = sign.to_owned();
        // Writing to a string cannot fail.
        let _ = print(&mut Digits::exact(&magnitude, exponent), &mut text);
        text
    }
}

fn infinity(negative: bool) -> &'static str {
    if negative { "-Inf" } else { "+Inf" }
}

/// Digits without exponent.
fn fixed(text: &mut dyn Write, digits: &Digits, decimals: usize) -> fmt::Result {
    if digits.point <= 0 {
        text.write_char('0')?;
    }
    for index in 0..digits.point.max(0) as usize {
        text.write_char(digits.at(index).into())?;
    }
    if decimals > 0 {
        text.write_char('.')?;
    }
    for index in 0..decimals as i64 {
        let digit = usize::try_from(digits.point + index).map_or(b'0', |index| digits.at(index));
        text.write_char(digit.into())?;
    }
    Ok(())
}

/// Digits with exponent.
fn scientific(text: &mut dyn Write, digits: &Digits, decimals: usize) -> fmt::Result {
    text.write_char(digits.at(0).into())?;
    if decimals > 0 {
        text.write_char('.')?;
    }
    for index in 1..=decimals {
        text.write_char(digits.at(index).into())?;
    }
    let exponent = if digits.digits.is_empty() { 0 } else { digits.point - 1 };
    write!(text, "e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// Digits with exponent where there would be too many zeros otherwise.
fn general(text: &mut dyn Write, digits: &Digits, most: usize) -> fmt::Result {
    let length = digits.digits.len();
    let exponent = digits.point - 1;
    if exponent < -4 || exponent >= most as i64 {
        scientific(text, digits, length.saturating_sub(1))
    } else {
        fixed(text, digits, usize::try_from(length as i64 - digits.point).unwrap_or(0))
    }
}
