//! Numbers.

use platoform_value::{Number, Type, Value, quoted};

use super::{Arguments, Function, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("abs", &[Parameter::number("num")], Returns::NUMBER, |arguments| {
        Ok(arguments.number(0).abs().into())
    }),
    Function::new("ceil", &[Parameter::number("num")], Returns::NUMBER, |arguments| {
        Ok(arguments.number(0).ceil().into())
    }),
    Function::new("floor", &[Parameter::number("num")], Returns::NUMBER, |arguments| {
        Ok(arguments.number(0).floor().into())
    }),
    Function::new("max", &[], Returns::NUMBER, max).variadic(Parameter::number("numbers")),
    Function::new("min", &[], Returns::NUMBER, min).variadic(Parameter::number("numbers")),
    Function::new("signum", &[Parameter::number("num")], Returns::NUMBER, signum),
    Function::new(
        "pow",
        &[Parameter::number("num"), Parameter::number("power")],
        Returns::NUMBER,
        pow,
    ),
    Function::new(
        "log",
        &[Parameter::number("num"), Parameter::number("base")],
        Returns::NUMBER,
        log,
    ),
    Function::new(
        "parseint",
        &[Parameter::any("number"), Parameter::number("base")],
        Returns::Rule(parseint_type),
        parseint,
    ),
];

fn max(arguments: &Arguments<'_>) -> Outcome {
    let numbers = arguments.values.iter().filter_map(Value::as_number);
    extreme(numbers.max())
}

fn min(arguments: &Arguments<'_>) -> Outcome {
    let numbers = arguments.values.iter().filter_map(Value::as_number);
    extreme(numbers.min())
}

fn extreme(number: Option<&Number>) -> Outcome {
    number.cloned().map(Value::from).ok_or_else(|| "must pass at least one number".into())
}

fn signum(arguments: &Arguments<'_>) -> Outcome {
    Ok(arguments.integer(0)?.signum().into())
}

/// As in Terraform these two go through 64-bit floats.
fn pow(arguments: &Arguments<'_>) -> Outcome {
    let result = power(arguments.number(0).as_f64(), arguments.number(1).as_f64());
    real(result, "the result of raising a negative number to a fractional power is not a number")
}

/// The natural logarithm, with the last digit that Go gives it: the series of FreeBSD's `e_log.c`.
fn logarithm(number: f64) -> f64 {
    if !number.is_normal() || number < 0.0 {
        return number.ln();
    }
    let (mut fraction, mut scale) = split(number);
    if fraction < std::f64::consts::FRAC_1_SQRT_2 {
        fraction *= 2.0;
        scale -= 1;
    }
    #[expect(clippy::cast_precision_loss, reason = "it is small")]
    let scale = scale as f64;
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
    scale * 6.931_471_803_691_238e-1
        - ((half - (ratio * (half + odd + even) + scale * 1.908_214_929_270_587_7e-10)) - rest)
}

/// Raises to a power by repeated squaring, as Go does, so that powers round alike.
fn power(base: f64, exponent: f64) -> f64 {
    let (mut whole, mut rest) = (exponent.abs().trunc(), exponent.abs().fract());
    let ordinary = base.is_normal() && (base > 0.0 || rest == 0.0) && whole < 1e9;
    if !ordinary || exponent == 0.5 || exponent == -0.5 {
        return base.powf(exponent);
    }
    let (mut factor, mut scale) = split(base);
    let (mut result, mut shift) = (1.0, 0_i64);
    if rest > 0.5 {
        rest -= 1.0;
        whole += 1.0;
    }
    if rest != 0.0 {
        result = (rest * logarithm(base)).exp();
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole and small")]
    let mut rest = whole as i64;
    while rest != 0 {
        if scale.abs() > 1 << 12 {
            shift += scale;
            break;
        }
        if rest & 1 == 1 {
            result *= factor;
            shift += scale;
        }
        factor *= factor;
        scale <<= 1;
        if factor.abs() < 0.5 {
            factor += factor;
            scale -= 1;
        }
        rest >>= 1;
    }
    if exponent < 0.0 { scaled(1.0 / result, -shift) } else { scaled(result, shift) }
}

/// A normal number as a fraction from a half to one and a power of two.
fn split(number: f64) -> (f64, i64) {
    let bits = number.to_bits();
    let exponent = (bits >> 52 & 0x7ff).cast_signed() - 1022;
    (f64::from_bits(bits & !(0x7ff << 52) | 1022 << 52), exponent)
}

/// The number times a power of two.
fn scaled(mut number: f64, mut exponent: i64) -> f64 {
    while exponent > 1023 && number.is_finite() {
        number *= f64::from_bits(2046 << 52);
        exponent -= 1023;
    }
    while exponent < -1022 && number != 0.0 {
        number *= f64::from_bits(1 << 52);
        exponent += 1022;
    }
    let exponent = exponent.clamp(-1022, 1023) + 1023;
    number * f64::from_bits(exponent.cast_unsigned() << 52)
}

fn log(arguments: &Arguments<'_>) -> Outcome {
    let result = logarithm(arguments.number(0).as_f64()) / logarithm(arguments.number(1).as_f64());
    real(result, "the logarithm of a negative number is not a number")
}

fn real(result: f64, refusal: &'static str) -> Outcome {
    Number::from_f64(result).map(Value::from).map_err(|_| refusal.into())
}

fn parseint_type(values: &[Value]) -> Result<Type, Problem> {
    match values[0].kind() {
        Type::String => Ok(Type::Number),
        kind => {
            let kind = kind.friendly_name();
            Err(Problem::at(0, format!("first argument must be a string, not {kind}")))
        }
    }
}

fn parseint(arguments: &Arguments<'_>) -> Outcome {
    let text = arguments.text(0);
    let base = arguments.integer(1).map_err(|problem| Problem::at(1, problem.message))?;
    let Some(base) = u32::try_from(base).ok().filter(|base| (2..=62).contains(base)) else {
        return Err(Problem::at(1, "base must be a whole number between 2 and 62 inclusive"));
    };
    let parsed = if base <= 36 { Number::parse_radix(text, base).ok() } else { large(text, base) };
    parsed.map(Value::from).ok_or_else(|| {
        Problem::at(0, format!("cannot parse {text} as a base {base} integer", text = quoted(text)))
    })
}

/// Beyond base 36 lower and upper case letters are different digits, lower case first.
fn large(text: &str, base: u32) -> Option<Number> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() {
        return None;
    }
    let mut number = Number::ZERO;
    let factor = Number::from(u64::from(base));
    for digit in digits.bytes() {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'z' => digit - b'a' + 10,
            b'A'..=b'Z' => digit - b'A' + 36,
            _ => return None,
        };
        if u32::from(value) >= base {
            return None;
        }
        number = number.mul(&factor).ok()?.add(&Number::from(u64::from(value))).ok()?;
    }
    Some(if negative { number.neg() } else { number })
}
