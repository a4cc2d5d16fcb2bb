//! What a YAML scalar means, by the rules that Terraform's decoder has: those of YAML 1.1 for
//! plain words, with numbers as in HCL.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use platoform_value::{Number, Type, Value, quoted};

/// How the tags of the YAML specification begin.
pub(super) const CORE: &str = "tag:yaml.org,2002:";

/// The value of a scalar with its tag in full, if it has one. `plain` scalars have no quotes.
pub(super) fn resolve(text: &str, plain: bool, tag: Option<&str>) -> Result<Value, String> {
    let core = tag.map(|tag| tag.strip_prefix(CORE).ok_or(tag));
    let unsupported = |tag: &str| Err(format!("unsupported tag {tag}", tag = quoted(tag)));
    let named = match core {
        Some(Err(tag)) => return unsupported(tag),
        Some(Ok(name)) => Some(name),
        None => None,
    };
    let unreadable =
        |name: &str| format!("cannot parse {text} as {CORE}{name}", text = quoted(text));
    match named {
        None if plain => implicit(text),
        None | Some("str") => Ok(text.into()),
        Some("binary") => match STANDARD.decode(text.replace(['\n', ' '], "")) {
            Ok(_) => Ok(text.into()),
            Err(_) => Err(format!("{}: not valid base64", unreadable("binary"))),
        },
        // Quotes make it text whatever the tag says.
        Some("int" | "float" | "bool" | "null") if !plain => Ok(text.into()),
        Some("null") => Ok(Value::null(Type::Dynamic)),
        Some("bool") => boolean(text).map(Value::from).ok_or_else(|| unreadable("bool")),
        Some("timestamp") => {
            timestamp(text).map(Value::from).ok_or_else(|| unreadable("timestamp"))
        }
        Some(name @ ("int" | "float")) => {
            let plain = text.replace('_', "");
            let number = number(&plain).or_else(|| binary(&plain));
            number.map(Value::from).ok_or_else(|| unreadable(name))
        }
        Some(name) => unsupported(&format!("{CORE}{name}")),
    }
}

/// The value of a plain scalar without a tag.
fn implicit(text: &str) -> Result<Value, String> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::null(Type::Dynamic)),
        ".nan" | ".NaN" | ".NAN" => return Err("floating point NaN is not supported".into()),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => {
            return Ok(Number::INFINITY.into());
        }
        "-.inf" | "-.Inf" | "-.INF" => return Ok(Number::NEG_INFINITY.into()),
        _ => {}
    }
    if let Some(truth) = boolean(text) {
        return Ok(truth.into());
    }
    let numeric = text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first))
        && text.contains(|digit: char| digit.is_ascii_digit());
    if numeric {
        if let Some(timestamp) = timestamp(text) {
            return Ok(timestamp.into());
        }
        if let Some(number) = number(text) {
            return Ok(number.into());
        }
    }
    Ok(text.into())
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Some(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Some(false)
        }
        _ => None,
    }
}

fn number(text: &str) -> Option<Number> {
    if let Some(digits) = text.strip_prefix("0x") {
        return Number::parse_radix(digits, 16).ok();
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return Number::parse_radix(digits, 8).ok();
    }
    Number::parse(text).ok()
}

/// A whole number in base 2, which is read only where a tag says that it is a number.
fn binary(text: &str) -> Option<Number> {
    let (digits, negative) = match text.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let number = Number::parse_radix(digits.strip_prefix("0b")?, 2).ok()?;
    Some(if negative { number.neg() } else { number })
}

/// A date with or without a time, in RFC 3339 form.
fn timestamp(text: &str) -> Option<String> {
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(position) => (&text[..position], Some(&text[position..])),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let mut part = |length: std::ops::RangeInclusive<usize>| {
        let digits = parts.next()?;
        let valid =
            length.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if valid { digits.parse::<u32>().ok() } else { None }
    };
    let (year, month, day) = (part(4..=4)?, part(1..=2)?, part(1..=2)?);
    if parts.next().is_some()
        || !(1..=12).contains(&month)
        || !(1..=days(year, month)).contains(&day)
    {
        return None;
    }
    let Some(time) = time else { return Some(format!("{year:04}-{month:02}-{day:02}T00:00:00Z")) };
    let zoned = !time.starts_with(' ');
    let time = &time[1..];
    let (clock, zone) = match time.find(['Z', '+', '-']) {
        Some(position) if zoned => (&time[..position], &time[position..]),
        None if !zoned => (time, "Z"),
        _ => return None,
    };
    let mut fields = clock.split(':');
    let hour: u32 = fields.next()?.parse().ok()?;
    let minute: u32 = fields.next()?.parse().ok()?;
    let second = fields.next()?.split('.').next()?;
    let second: u32 = second.parse().ok()?;
    let offset = zone == "Z" || zone.len() == 6 && zone.as_bytes()[3] == b':';
    if fields.next().is_some() || hour > 23 || minute > 59 || second > 59 || !offset {
        return None;
    }
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}"))
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
