//! Decimal digits of a number.

use dashu_base::BitTest;
use dashu_int::UBig;

/// Digits (as ASCII, without zeros at the end) after "0." and the power of ten they are
/// multiplied with. Zero has no digits.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Digits {
    pub digits: Vec<u8>,
    pub point: i64,
}

impl Digits {
    /// All digits of `mantissa · 2^exponent`.
    pub fn exact(mantissa: &UBig, exponent: i64) -> Self {
        let Some(zeros) = mantissa.trailing_zeros() else {
            return Self { digits: Vec::new(), point: 0 };
        };
        // A fraction's mantissa is made odd first: m·2^-e = m·5^e·10^-e.
        let zeros = if exponent < 0 { zeros.min(exponent.unsigned_abs() as usize) } else { 0 };
        let exponent = exponent + zeros as i64;
        let mantissa = mantissa >> zeros;
        let power = exponent.unsigned_abs() as usize;
        let (whole, shift) = if exponent >= 0 {
            (mantissa << power, 0)
        } else {
            (mantissa * UBig::from(5_u8).pow(power), exponent)
        };
        let digits = whole.to_string().into_bytes();
        let point = digits.len() as i64 + shift;
        let mut digits = Self { digits, point };
        digits.trim();
        digits
    }

    /// The fewest digits that tell `mantissa · 2^exponent` from every other number of this
    /// precision, in the manner of Go's `big.Float.Text(_, -1)`, whose choice among equally short
    /// forms they share.
    pub fn shortest(mantissa: &UBig, exponent: i64, precision: u16) -> Self {
        let mut all = Self::exact(mantissa, exponent);
        if all.digits.is_empty() {
            return all;
        }
        // Scale so that the last bit is half a unit of the precision; one more and one less are
        // then the bounds within which a text is read as this number.
        let bits = usize::from(precision) + 1;
        let (scaled, exponent) = match mantissa.bit_len() {
            have if have <= bits => (mantissa << (bits - have), exponent - (bits - have) as i64),
            // A number has no more bits than its precision: what goes are zeros.
            have => (mantissa >> (have - bits), exponent + (have - bits) as i64),
        };
        let lower = Self::exact(&(&scaled - UBig::ONE), exponent);
        let upper = Self::exact(&(&scaled + UBig::ONE), exponent);
        // The bounds themselves round to the even neighbour.
        let inclusive = !scaled.bit(1);
        for (index, &digit) in all.digits.iter().enumerate() {
            let (low, high) = (lower.at(index), upper.at(index));
            let down = low != digit || inclusive && index + 1 == lower.digits.len();
            let up =
                digit != high && (inclusive || digit + 1 < high || index + 1 < upper.digits.len());
            match (down, up) {
                (true, true) => all.round(index + 1),
                (true, false) => all.round_down(index + 1),
                (false, true) => all.round_up(index + 1),
                (false, false) => continue,
            }
            return all;
        }
        all
    }

    /// The digit at an index, zero beyond the last.
    pub fn at(&self, index: usize) -> u8 {
        self.digits.get(index).copied().unwrap_or(b'0')
    }

    /// Rounds to so many digits, half to even.
    pub fn round(&mut self, count: usize) {
        let Some(&next) = self.digits.get(count) else { return };
        let tie = next == b'5' && count + 1 == self.digits.len();
        let odd = count > 0 && self.digits[count - 1] % 2 == 1;
        if if tie { odd } else { next >= b'5' } {
            self.round_up(count);
        } else {
            self.round_down(count);
        }
    }

    fn round_down(&mut self, count: usize) {
        self.digits.truncate(count);
        self.trim();
    }

    fn round_up(&mut self, count: usize) {
        self.digits.truncate(count);
        while self.digits.last() == Some(&b'9') {
            self.digits.pop();
        }
        if let Some(last) = self.digits.last_mut() {
            *last += 1;
        } else {
            self.digits.push(b'1');
            self.point += 1;
        }
    }

    fn trim(&mut self) {
        while self.digits.last() == Some(&b'0') {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            self.point = 0;
        }
    }
}
