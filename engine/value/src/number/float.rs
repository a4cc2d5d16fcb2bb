//! The finite numbers that are no 64-bit integers, and rounding.

use std::cmp::Ordering;
use std::sync::Arc;

use dashu_base::{BitTest, Sign, Signed};
use dashu_int::{IBig, UBig};

use super::{DOUBLE_PRECISION, INTEGER_PRECISION, MAGNITUDE_LIMIT, Number, NumberError, Repr};

/// `mantissa · 2^exponent`. The mantissa is odd, so that a value has one form.
#[derive(Debug)]
pub(super) struct Float {
    pub mantissa: IBig,
    pub exponent: i64,
    pub precision: u16,
}

impl Float {
    /// The nearest `f64`.
    pub fn to_f64(&self) -> f64 {
        // The shortest text that tells this number from others of its precision is much more exact
        // than an `f64`, and the standard library rounds text correctly.
        Number::from_float(self).to_string().parse().unwrap_or(f64::NAN)
    }
}

impl Number {
    fn from_float(float: &Float) -> Self {
        let Float { mantissa, exponent, precision } = float;
        let float =
            Float { mantissa: mantissa.clone(), exponent: *exponent, precision: *precision };
        Self(Repr::Float(Arc::new(float)))
    }
}

/// The number `mantissa · 2^exponent` rounded half to even to so many bits. `sticky` says that the
/// true value is a bit farther from zero than that (by less than one unit of the mantissa); the
/// mantissa must then have more bits than the precision.
pub(super) fn rounded(
    mantissa: IBig,
    mut exponent: i64,
    sticky: bool,
    precision: u16,
) -> Result<Number, NumberError> {
    let (sign, mut magnitude) = mantissa.into_parts();
    let keep = usize::from(precision);
    debug_assert!(!sticky || magnitude.bit_len() > keep);
    if magnitude.bit_len() > keep {
        let drop = magnitude.bit_len() - keep;
        let half = magnitude.bit(drop - 1);
        let above_half = sticky || magnitude.trailing_zeros().is_some_and(|zeros| zeros < drop - 1);
        magnitude >>= drop;
        exponent += drop as i64;
        if half && (above_half || magnitude.bit(0)) {
            magnitude += UBig::ONE;
        }
    }
    let Some(zeros) = magnitude.trailing_zeros() else {
        return Ok(Number(Repr::Int(0, precision)));
    };
    magnitude >>= zeros;
    exponent += zeros as i64;
    let size = magnitude.bit_len() as i64 + exponent;
    if size.abs() > MAGNITUDE_LIMIT {
        return Err(NumberError::Range);
    }
    let mantissa = IBig::from_parts(sign, magnitude);
    if exponent >= 0
        && size <= 64
        && let Ok(value) = i64::try_from(&mantissa << exponent as usize)
    {
        return Ok(Number(Repr::Int(value, precision)));
    }
    Ok(Number(Repr::Float(Arc::new(Float { mantissa, exponent, precision }))))
}

/// The exact value of an `f64`.
pub(super) fn from_f64(value: f64) -> Result<Number, NumberError> {
    if value.is_nan() {
        return Err(NumberError::NotANumber);
    }
    if value.is_infinite() {
        return Ok(if value > 0.0 { Number::INFINITY } else { Number::NEG_INFINITY });
    }
    if value == 0.0 && value.is_sign_negative() {
        return Ok(Number(Repr::NegativeZero(DOUBLE_PRECISION)));
    }
    let bits = value.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let biased = (bits >> 52 & 0x7ff) as i64;
    let (mantissa, exponent) =
        if biased == 0 { (fraction, -1074) } else { (fraction | 1 << 52, biased - 1075) };
    let mantissa = IBig::from(mantissa);
    let mantissa = if value < 0.0 { -mantissa } else { mantissa };
    rounded(mantissa, exponent, false, DOUBLE_PRECISION)
}

/// A whole number that is too large for `i64`.
pub(super) fn from_u64(value: u64) -> Number {
    let zeros = value.trailing_zeros();
    let mantissa = IBig::from(value >> zeros);
    let float = Float { mantissa, exponent: i64::from(zeros), precision: INTEGER_PRECISION };
    Number(Repr::Float(Arc::new(float)))
}

/// Compares `mantissa · 2^exponent` of both.
pub(super) fn compare(left: &(IBig, i64), right: &(IBig, i64)) -> Ordering {
    let class = |mantissa: &IBig| match (mantissa.is_zero(), mantissa.sign()) {
        (true, _) => 0,
        (false, Sign::Positive) => 1,
        (false, Sign::Negative) => -1,
    };
    let order = class(&left.0).cmp(&class(&right.0));
    if order.is_ne() || left.0.is_zero() {
        return order;
    }
    let size = |(mantissa, exponent): &(IBig, i64)| {
        let (_, magnitude) = mantissa.clone().into_parts();
        magnitude.bit_len() as i64 + exponent
    };
    let by_size = size(left).cmp(&size(right));
    if by_size.is_ne() {
        return if left.0.is_negative() { by_size.reverse() } else { by_size };
    }
    let (left, right, _) = aligned(left, right);
    left.cmp(&right)
}

/// Both mantissas for the lesser of both exponents, which comes third.
pub(super) fn aligned(left: &(IBig, i64), right: &(IBig, i64)) -> (IBig, IBig, i64) {
    let exponent = left.1.min(right.1);
    let shifted = |(mantissa, own): &(IBig, i64)| mantissa << (own - exponent) as usize;
    (shifted(left), shifted(right), exponent)
}
