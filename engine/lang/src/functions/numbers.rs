//! Numbers.

use platoform_value::{Number, Type, Value, quoted};

use super::{Arguments, Function, Parameter, Problem, Returns, real};

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
    let result = real::power(arguments.number(0).as_f64(), arguments.number(1).as_f64());
    finite(result, "the result of raising a negative number to a fractional power is not a number")
}

fn log(arguments: &Arguments<'_>) -> Outcome {
    let number = real::logarithm(arguments.number(0).as_f64());
    let result = number / real::logarithm(arguments.number(1).as_f64());
    finite(result, "the logarithm of a negative number is not a number")
}

fn finite(result: f64, refusal: &'static str) -> Outcome {
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
