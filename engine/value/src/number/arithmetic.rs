//! Arithmetic.

use dashu_base::{BitTest, DivRem, Signed};
use dashu_int::IBig;

use super::float::Float;
use super::{INTEGER_PRECISION, Number, NumberError, Repr, TEXT_PRECISION, float};

/// Arithmetic. Results are rounded half to even to the larger precision of the operands.
impl Number {
    /// The greatest whole number that is not greater.
    #[must_use]
    pub fn floor(&self) -> Self {
        self.whole(true)
    }

    /// The least whole number that is not less.
    #[must_use]
    pub fn ceil(&self) -> Self {
        self.whole(false)
    }

    /// Without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        match self.0 {
            Repr::NegativeZero(precision) => Self(Repr::Int(0, precision)),
            _ if self.is_negative() => self.neg(),
            _ => self.clone(),
        }
    }

    /// With the opposite sign.
    #[must_use]
    pub fn neg(&self) -> Self {
        match &self.0 {
            Repr::Int(0, precision) => Self(Repr::NegativeZero(*precision)),
            Repr::NegativeZero(precision) => Self(Repr::Int(0, *precision)),
            Repr::Int(value, precision) if *value != i64::MIN => {
                Self(Repr::Int(-value, *precision))
            }
            Repr::Infinity { negative } => Self(Repr::Infinity { negative: !negative }),
            _ => match self.parts() {
                // Negation changes neither the bits nor the magnitude: nothing to refuse.
                Some((mantissa, exponent)) => {
                    float::rounded(-mantissa, exponent, false, TEXT_PRECISION).map_or_else(
                        |_| self.clone(),
                        |number| number.with_precision(self.precision()),
                    )
                }
                None => self.clone(),
            },
        }
    }

    /// The sum.
    ///
    /// # Errors
    /// For opposite infinities, and where the result is out of range.
    pub fn add(&self, other: &Self) -> Result<Self, NumberError> {
        let precision = self.precision().max(other.precision());
        if let (Repr::Int(left, _), Repr::Int(right, _)) = (&self.0, &other.0)
            && precision >= INTEGER_PRECISION
            && let Some(sum) = left.checked_add(*right)
        {
            return Ok(Self(Repr::Int(sum, precision)));
        }
        match (&self.0, &other.0) {
            (Repr::NegativeZero(_), Repr::NegativeZero(_)) => {
                Ok(Self(Repr::NegativeZero(precision)))
            }
            (Repr::Infinity { negative: left }, Repr::Infinity { negative: right })
                if left != right =>
            {
                Err(NumberError::Sum)
            }
            _ => match (self.parts(), other.parts()) {
                (Some(left), Some(right)) => {
                    let (left, right, exponent) = float::aligned(&left, &right);
                    float::rounded(left + right, exponent, false, precision)
                }
                (None, _) => Ok(self.clone()),
                (_, None) => Ok(other.clone()),
            },
        }
    }

    /// The difference.
    ///
    /// # Errors
    /// For infinities of the same sign, and where the result is out of range.
    pub fn sub(&self, other: &Self) -> Result<Self, NumberError> {
        self.add(&other.neg()).map_err(|error| match error {
            NumberError::Sum => NumberError::Difference,
            error => error,
        })
    }

    /// The product.
    ///
    /// # Errors
    /// For zero and infinity, and where the result is out of range.
    pub fn mul(&self, other: &Self) -> Result<Self, NumberError> {
        let precision = self.precision().max(other.precision());
        if self.is_zero() || other.is_zero() {
            if self.is_infinite() || other.is_infinite() {
                return Err(NumberError::Product);
            }
            return Ok(self.zero_of(other, precision));
        }
        // The product is computed with full precision and keeps all of its bits.
        if let (Repr::Int(left, _), Repr::Int(right, _)) = (&self.0, &other.0)
            && let Some(product) = left.checked_mul(*right)
        {
            return Ok(Self(Repr::Int(product, precision.max(significant_bits(product)))));
        }
        match (self.parts(), other.parts()) {
            (Some(left), Some(right)) => {
                let (mantissa, exponent) = (left.0 * right.0, left.1 + right.1);
                let product = float::rounded(mantissa, exponent, false, TEXT_PRECISION)?;
                Ok(product.with_precision(precision))
            }
            _ => Ok(self.infinity_of(other)),
        }
    }

    /// The quotient; infinity when a number that is not zero is divided by zero.
    ///
    /// # Errors
    /// For zero by zero and infinity by infinity, and where the result is out of range.
    pub fn div(&self, other: &Self) -> Result<Self, NumberError> {
        let precision = self.precision().max(other.precision());
        if self.is_zero() && other.is_zero() || self.is_infinite() && other.is_infinite() {
            return Err(NumberError::Quotient);
        }
        if self.is_infinite() || other.is_zero() {
            return Ok(self.infinity_of(other));
        }
        if self.is_zero() || other.is_infinite() {
            return Ok(self.zero_of(other, precision));
        }
        if let (Repr::Int(left, _), Repr::Int(right, _)) = (&self.0, &other.0)
            && precision >= INTEGER_PRECISION
            && left.checked_rem(*right) == Some(0)
        {
            return Ok(Self(Repr::Int(left / right, precision)));
        }
        let (Some(left), Some(right)) = (self.parts(), other.parts()) else {
            return Err(NumberError::Quotient);
        };
        divided(left, right, precision)
    }

    /// What remains of this number when it is divided and the quotient cut to a whole number. As in
    /// Terraform it is the number itself when the divisor is zero.
    ///
    /// # Errors
    /// With infinity, and where a result in between is out of range.
    pub fn rem(&self, other: &Self) -> Result<Self, NumberError> {
        if other.is_zero() {
            return Ok(self.clone());
        }
        if self.is_infinite() || other.is_infinite() {
            return Err(NumberError::Remainder);
        }
        let precision = self.precision().max(other.precision());
        if let (Repr::Int(left, _), Repr::Int(right, _)) = (&self.0, &other.0)
            && precision >= INTEGER_PRECISION
        {
            return Ok(Self(Repr::Int(left.wrapping_rem(*right), precision)));
        }
        let quotient = self.div(other)?;
        let whole = if quotient.is_negative() { quotient.ceil() } else { quotient.floor() };
        self.sub(&other.mul(&whole)?)
    }

    /// The whole number below or above.
    fn whole(&self, below: bool) -> Self {
        let Repr::Float(float) = &self.0 else { return self.clone() };
        if float.exponent >= 0 {
            return self.clone();
        }
        let (sign, magnitude) = float.mantissa.clone().into_parts();
        let cut = IBig::from_parts(sign, magnitude >> float.exponent.unsigned_abs() as usize);
        // The mantissa is odd, so a fraction was cut off towards zero.
        let cut = match (below, float.mantissa.is_negative()) {
            (true, true) => cut - 1,
            (false, false) => cut + 1,
            _ => cut,
        };
        // A whole number between two of this precision is one of this precision.
        float::rounded(cut, 0, false, float.precision).unwrap_or_else(|_| self.clone())
    }

    /// The same value with another precision, or as many bits as it needs if those are more.
    fn with_precision(self, precision: u16) -> Self {
        Self(match self.0 {
            Repr::Int(value, _) => Repr::Int(value, precision.max(significant_bits(value))),
            Repr::Float(float) => {
                let bits = u16::try_from(float.mantissa.bit_len()).unwrap_or(TEXT_PRECISION);
                let (mantissa, exponent) = (float.mantissa.clone(), float.exponent);
                Repr::Float(Float { mantissa, exponent, precision: precision.max(bits) }.into())
            }
            other => other,
        })
    }

    /// Whether a minus sign precedes it, zero included.
    fn has_minus(&self) -> bool {
        matches!(self.0, Repr::NegativeZero(_)) || self.is_negative()
    }

    /// Zero with the sign that a product or quotient has.
    fn zero_of(&self, other: &Self, precision: u16) -> Self {
        let negative = self.has_minus() != other.has_minus();
        Self(if negative { Repr::NegativeZero(precision) } else { Repr::Int(0, precision) })
    }

    /// Infinity with the sign that a product or quotient has.
    fn infinity_of(&self, other: &Self) -> Self {
        Self(Repr::Infinity { negative: self.has_minus() != other.has_minus() })
    }
}

/// Bits from the first to the last that is set.
fn significant_bits(value: i64) -> u16 {
    let magnitude = value.unsigned_abs().max(1);
    let bits = 64 - magnitude.leading_zeros() - magnitude.trailing_zeros();
    bits as u16
}

/// The quotient of two finite numbers other than zero, rounded once.
pub(super) fn divided(
    left: (IBig, i64),
    right: (IBig, i64),
    precision: u16,
) -> Result<Number, NumberError> {
    let sign = left.0.sign() * right.0.sign();
    let (_, dividend) = left.0.into_parts();
    let (_, divisor) = right.0.into_parts();
    // So many bits more than the divisor give a quotient with two bits more than the precision.
    let wanted = divisor.bit_len() + usize::from(precision) + 2;
    let shift = wanted.saturating_sub(dividend.bit_len());
    let (quotient, rest) = (dividend << shift).div_rem(&divisor);
    let exponent = left.1 - right.1 - shift as i64;
    float::rounded(IBig::from_parts(sign, quotient), exponent, !rest.is_zero(), precision)
}
