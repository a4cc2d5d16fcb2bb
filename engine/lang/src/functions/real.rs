//! Powers and logarithms of 64-bit numbers.
//!
//! Terraform computes them with Go's library, whose last digit often differs from the standard
//! library's. The series and the order of the operations are those of Go on x86-64: FreeBSD's
//! `e_log.c` for the logarithm, SLEEF's for the exponential, repeated squaring for powers.

use std::f64::consts::{FRAC_1_SQRT_2, LOG2_E};

/// The natural logarithm.
pub(super) fn logarithm(number: f64) -> f64 {
    if number <= 0.0 || !number.is_finite() {
        return number.ln();
    }
    let (mut fraction, mut scale) = split(number);
    if fraction < FRAC_1_SQRT_2 {
        fraction *= 2.0;
        scale -= 1;
    }
    let scale = f64::from(scale);
    let rest = fraction - 1.0;
    let ratio = rest / (2.0 + rest);
    let square = ratio * ratio;
    let fourth = square * square;
    let odd = square
        * (6.666_666_666_666_735e-1
            + fourth
                * (2.857_142_874_366_239e-1
                    + fourth * (1.818_357_216_161_805e-1 + fourth * 1.479_819_860_511_658_6e-1)));
    let even = fourth
        * (3.999_999_999_940_942e-1
            + fourth * (2.222_219_843_214_978_4e-1 + fourth * 1.531_383_769_920_937_3e-1));
    let half = 0.5 * rest * rest;
    let small = ratio * (half + (odd + even)) + scale * 1.908_214_929_270_587_7e-10;
    scale * 6.931_471_803_691_238e-1 - ((half - small) - rest)
}

/// Raises to a power.
pub(super) fn power(base: f64, exponent: f64) -> f64 {
    let (mut whole, mut rest) = (exponent.abs().trunc(), exponent.abs().fract());
    // What is out of the ordinary is defined by the standard, IEEE 754.
    if base == 0.0 || !base.is_finite() || base < 0.0 && rest != 0.0 || whole >= 2_f64.powi(63) {
        return base.powf(exponent);
    }
    if exponent == 0.5 {
        return base.sqrt();
    }
    if exponent == -0.5 {
        return 1.0 / base.sqrt();
    }
    let mut result = 1.0;
    if rest > 0.5 {
        rest -= 1.0;
        whole += 1.0;
    }
    if rest != 0.0 {
        result = exponential(rest * logarithm(base));
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and below 2⁶³")]
    let mut times = whole as i64;
    let (mut factor, mut scale) = normalized(base);
    let mut shift = 0_i32;
    while times != 0 {
        // Farther than any number goes.
        if scale.abs() > 1 << 12 {
            shift += scale;
            break;
        }
        if times & 1 == 1 {
            result *= factor;
            shift += scale;
        }
        factor *= factor;
        scale <<= 1;
        if factor < 0.5 {
            factor += factor;
            scale -= 1;
        }
        times >>= 1;
    }
    if exponent < 0.0 { scaled(1.0 / result, -shift) } else { scaled(result, shift) }
}

/// The exponential of a number between -700 and 700.
fn exponential(number: f64) -> f64 {
    debug_assert!(number.abs() < 700.0);
    let scale = (LOG2_E * number).round_ties_even();
    let rest = (-scale).mul_add(6.931_471_805_596_63e-1, number);
    let rest = (-scale).mul_add(2.823_529_056_303_157_7e-13, rest) * 0.0625;
    let series = [
        1.984_126_984_126_984e-4,
        1.388_888_888_888_889e-3,
        8.333_333_333_333_333e-3,
        4.166_666_666_666_666_4e-2,
        1.666_666_666_666_666_6e-1,
        0.5,
        1.0,
    ];
    let sum =
        series.iter().fold(2.480_158_730_158_73e-5, |sum: f64, term| sum.mul_add(rest, *term));
    // The rest was divided by sixteen: square four times, less one to keep the digits.
    let mut less_one = rest * sum;
    for _ in 0..3 {
        less_one *= less_one + 2.0;
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
    let scale = scale as i32;
    scaled((less_one + 2.0).mul_add(less_one, 1.0), scale)
}

/// The bits of a number as a fraction from a half to one and a power of two. Those of a subnormal
/// number give another one.
fn split(number: f64) -> (f64, i32) {
    let bits = number.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i32 - 1022;
    (f64::from_bits(bits & !(0x7ff << 52) | 1022 << 52), exponent)
}

/// A finite number as a fraction from a half to one and a power of two.
fn normalized(number: f64) -> (f64, i32) {
    if number.is_normal() {
        return split(number);
    }
    let (fraction, exponent) = split(number * f64::from_bits((1023 + 52) << 52));
    (fraction, exponent - 52)
}

/// A number of ordinary size times a power of two, rounded once.
fn scaled(number: f64, exponent: i32) -> f64 {
    let exponent = exponent.clamp(-2040, 2040);
    let power = |exponent: i32| f64::from_bits(u64::from((exponent + 1023).unsigned_abs()) << 52);
    let half = exponent / 2;
    number * power(half) * power(exponent - half)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `terraform console` answers to `pow` and `log`.
    #[test]
    #[expect(clippy::float_cmp, reason = "every digit counts")]
    fn the_last_digit_is_that_of_go() {
        assert_eq!(power(2.0, 0.1), 1.0717734625362931);
        assert_eq!(power(9.99, 1.5), 31.575354297299658);
        assert_eq!(power(0.7, -3.7), 3.7422883872996255);
        assert_eq!(power(7.0, 0.75), 4.303517070658851);
        assert_eq!(power(1.0000001, 100.0), 1.0000100000495054);
        assert_eq!(power(2.0, -1074.0), 5e-324);
        assert_eq!(power(3.0, -679.0), 0.0);
        assert_eq!(power(f64::NEG_INFINITY, 0.5), f64::INFINITY);
        assert_eq!(logarithm(7.0) / logarithm(3.0), 1.7712437491614224);
        assert_eq!(logarithm(0.7) / logarithm(9.99), -0.15496929596945316);
    }
}
