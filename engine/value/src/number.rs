//! Numbers: of any size, 512 bits of precision.
//!
//! They follow cty, which uses Go's `big.Float`: a binary mantissa of a bounded number of bits,
//! rounded half to even. Every number has a precision: 512 bits when it was read from text, 64
//! when it was made from an integer, 53 when it was made from an `f64`; a result has the larger
//! precision of its operands. It shows only where a result has to be rounded and where digits are
//! printed (`1/3`, `pow(2, 0.5)`).

mod arithmetic;
mod digits;
mod float;
mod parse;
mod print;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use dashu_int::IBig;

use self::float::Float;

/// Bits of precision of a number that was read from text.
const TEXT_PRECISION: u16 = 512;
/// Bits of precision of a number that was made from an integer.
const INTEGER_PRECISION: u16 = 64;
/// Bits of precision of a number that was made from an `f64`.
const DOUBLE_PRECISION: u16 = 53;
/// Greatest magnitude of a number as a power of two, and least as a negative power of two. Printing
/// a number takes that many digits (times 0.3), so this bounds time and memory. (`big.Float` goes
/// to 2³¹.)
const MAGNITUDE_LIMIT: i64 = 1 << 17;
/// Longest text that is read as a number, in bytes.
const TEXT_LIMIT: usize = 1 << 16;

/// A number, or positive or negative infinity. Never "not a number".
#[derive(Clone)]
pub struct Number(Repr);

/// An integer in the range of `i64` is always `Int`, whatever its precision.
#[derive(Clone)]
enum Repr {
    /// A whole number and its precision.
    Int(i64, u16),
    /// Zero that prints as `-0`: the result of `0 * -1`. Equal to zero.
    NegativeZero(u16),
    /// Any other finite number.
    Float(Arc<Float>),
    /// Infinity.
    Infinity { negative: bool },
}

/// Why there is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// The text is not a number.
    #[error("a number is required")]
    Syntax,
    /// Its magnitude or its text exceeds what is supported.
    #[error("the number is too large or too small")]
    Range,
    /// An `f64` that is not a number.
    #[error("not a number")]
    NotANumber,
    /// ∞ + -∞.
    #[error("can't compute sum of opposing infinities")]
    Sum,
    /// ∞ - ∞.
    #[error("can't subtract infinity from itself")]
    Difference,
    /// 0 · ∞.
    #[error("can't multiply zero by infinity")]
    Product,
    /// 0 / 0 or ∞ / ∞.
    #[error("can't divide zero by zero or infinity by infinity")]
    Quotient,
    /// ∞ % x or x % ∞.
    #[error("can't use modulo with zero and infinity")]
    Remainder,
}

impl Number {
    /// Zero.
    pub const ZERO: Number = Number(Repr::Int(0, TEXT_PRECISION));
    /// Positive infinity, `1/0`.
    pub const INFINITY: Number = Number(Repr::Infinity { negative: false });
    /// Negative infinity, `-1/0`.
    pub const NEG_INFINITY: Number = Number(Repr::Infinity { negative: true });

    /// The exact value of an `f64`, which prints with as few digits as tell it from other `f64`s.
    /// It does not equal the decimal number it prints as: 0.1 as an `f64` is not `0.1`. To get
    /// that, parse its text.
    ///
    /// # Errors
    /// When it is not a number.
    pub fn from_f64(value: f64) -> Result<Self, NumberError> {
        float::from_f64(value)
    }

    /// The number as an integer, when it is a whole number in that range.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self.0 {
            Repr::Int(value, _) => Some(value),
            Repr::NegativeZero(_) => Some(0),
            _ => None,
        }
    }

    /// The nearest `f64`; infinity where it is out of range.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        match &self.0 {
            #[expect(clippy::cast_precision_loss, reason = "the nearest is wanted")]
            Repr::Int(value, _) => *value as f64,
            Repr::NegativeZero(_) => -0.0,
            Repr::Float(float) => float.to_f64(),
            Repr::Infinity { negative: false } => f64::INFINITY,
            Repr::Infinity { negative: true } => f64::NEG_INFINITY,
        }
    }

    /// Whether it is a whole number; infinity is none.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Int(..) | Repr::NegativeZero(_) => true,
            Repr::Float(float) => float.exponent >= 0,
            Repr::Infinity { .. } => false,
        }
    }

    /// Whether it is positive or negative infinity.
    #[must_use]
    pub fn is_infinite(&self) -> bool {
        matches!(self.0, Repr::Infinity { .. })
    }

    /// Whether it is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.as_i64() == Some(0)
    }

    /// Whether it is less than zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        *self < Self::ZERO
    }

    /// Mantissa and exponent of a finite number.
    fn parts(&self) -> Option<(IBig, i64)> {
        match &self.0 {
            Repr::Int(value, _) => Some((IBig::from(*value), 0)),
            Repr::NegativeZero(_) => Some((IBig::ZERO, 0)),
            Repr::Float(float) => Some((float.mantissa.clone(), float.exponent)),
            Repr::Infinity { .. } => None,
        }
    }

    /// Its bits of precision.
    fn precision(&self) -> u16 {
        match &self.0 {
            Repr::Int(_, precision) | Repr::NegativeZero(precision) => *precision,
            Repr::Float(float) => float.precision,
            Repr::Infinity { .. } => 0,
        }
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(Repr::Int(value, INTEGER_PRECISION))
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        match i64::try_from(value) {
            Ok(value) => Self::from(value),
            Err(_) => float::from_u64(value),
        }
    }
}

impl From<usize> for Number {
    fn from(value: usize) -> Self {
        // No platform has a `usize` wider than 64 bits.
        Self::from(value as u64)
    }
}

impl Ord for Number {
    /// By value. Two numbers that print alike are equal even when their values differ beyond the
    /// lesser precision: the `f64` 0.1 equals `0.1`, as it does in cty.
    fn cmp(&self, other: &Self) -> Ordering {
        let rank = |number: &Self| match number.0 {
            Repr::Infinity { negative: true } => -1,
            Repr::Infinity { negative: false } => 1,
            _ => 0,
        };
        match (&self.0, &other.0) {
            (Repr::Int(left, _), Repr::Int(right, _)) => left.cmp(right),
            (Repr::Float(left), Repr::Float(right)) if left.precision != right.precision => {
                self.cmp_printed(other)
            }
            _ => match (self.parts(), other.parts()) {
                (Some(left), Some(right)) => float::compare(&left, &right),
                _ => rank(self).cmp(&rank(other)),
            },
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            Repr::Int(value, _) => value.hash(state),
            Repr::NegativeZero(_) => 0_i64.hash(state),
            // What prints alike is equal.
            Repr::Float(_) => self.to_string().hash(state),
            Repr::Infinity { negative } => negative.hash(state),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Number({self})")
    }
}

#[cfg(test)]
mod tests;
