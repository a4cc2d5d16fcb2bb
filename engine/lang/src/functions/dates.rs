//! Dates and times.

use platoform_value::{Type, Value, quoted};
use time::OffsetDateTime;

use super::timestamp::Strictness::{Lenient, Strict};
use super::timestamp::{self, offset};
use super::{Arguments, Function, Parameter, Problem, Returns, duration};

type Outcome = Result<Value, Problem>;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "formatdate",
        &[Parameter::text("format"), Parameter::text("time")],
        Returns::TEXT,
        formatdate,
    ),
    Function::new(
        "timeadd",
        &[Parameter::text("timestamp"), Parameter::text("duration")],
        Returns::TEXT,
        timeadd,
    )
    .nullable(),
    Function::new(
        "timecmp",
        &[Parameter::text("timestamp_a"), Parameter::text("timestamp_b")],
        Returns::NUMBER,
        timecmp,
    ),
    Function::new("timestamp", &[], Returns::TEXT, |arguments| {
        let present = arguments.context.volatile.map(|volatile| volatile.timestamp().into());
        Ok(present.unwrap_or_else(|| Value::unknown(Type::String)))
    }),
    Function::new(PLAN_TIMESTAMP, &[], Returns::TEXT, |arguments| {
        let moment = arguments.context.timestamp.filter(|moment| !moment.is_empty());
        Ok(moment.map_or_else(|| Value::unknown(Type::String), Value::from))
    }),
];

/// The function that is there only where there is a plan.
pub(crate) const PLAN_TIMESTAMP: &str = "plantimestamp";

fn timeadd(arguments: &Arguments<'_>) -> Outcome {
    let moment = timestamp::parse(arguments.text(0), Strict)?;
    let nanoseconds = duration::parse(arguments.text(1))?;
    Ok(timestamp::print(timestamp::later(moment, nanoseconds)?).into())
}

fn timecmp(arguments: &Arguments<'_>) -> Outcome {
    let moment = |index| {
        timestamp::parse(arguments.text(index), Lenient).map_err(|why| Problem::at(index, why))
    };
    let (first, second) = (moment(0)?, moment(1)?);
    Ok(Value::from(first.cmp(&second) as i64))
}

fn formatdate(arguments: &Arguments<'_>) -> Outcome {
    let moment = timestamp::parse(arguments.text(1), Strict).map_err(|why| Problem::at(1, why))?;
    let mut text = String::new();
    let mut rest = arguments.text(0);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' => {
                let (literal, length) = quotation(rest).map_err(|why| Problem::at(0, why))?;
                text.push_str(&literal);
                length
            }
            letter if letter.is_ascii_alphabetic() => {
                let count = rest.chars().take_while(|next| *next == letter).count();
                let verb = &rest[..count];
                text.push_str(&formatted(verb, letter, moment).map_err(|why| Problem::at(0, why))?);
                count
            }
            _ => {
                let special = |next: char| next == '\'' || next.is_ascii_alphabetic();
                let length = rest.find(special).unwrap_or(rest.len());
                text.push_str(&rest[..length]);
                length
            }
        };
        rest = &rest[length..];
    }
    Ok(text.into())
}

/// The literal text in quotes at the start, with its length in the format. `''` is a quote, inside
/// of quotes and outside.
fn quotation(text: &str) -> Result<(String, usize), &'static str> {
    if text.starts_with("''") {
        return Ok(("'".into(), 2));
    }
    let mut literal = String::new();
    let mut rest = &text[1..];
    loop {
        let quote = rest.find('\'').ok_or("unterminated literal '")?;
        literal.push_str(&rest[..quote]);
        rest = &rest[quote + 1..];
        let Some(after) = rest.strip_prefix('\'') else {
            return Ok((literal, text.len() - rest.len()));
        };
        literal.push('\'');
        rest = after;
    }
}

/// What a verb stands for.
fn formatted(verb: &str, letter: char, moment: OffsetDateTime) -> Result<String, String> {
    let refused =
        |why: &str| Err(format!("invalid date format verb {verb}{why}", verb = quoted(verb)));
    let number = |number: u8, why: &str| match verb.len() {
        1 => Ok(number.to_string()),
        2 => Ok(format!("{number:02}")),
        _ => refused(why),
    };
    let half = if moment.hour() < 12 { "AM" } else { "PM" };
    match (letter, verb.len()) {
        ('Y', 2) => Ok(format!("{:02}", moment.year() % 100)),
        ('Y', 4) => Ok(format!("{:04}", moment.year())),
        ('Y', _) => refused(": year must either be \"YY\" or \"YYYY\""),
        ('M', 3) => Ok(moment.month().to_string()[..3].to_owned()),
        ('M', 4) => Ok(moment.month().to_string()),
        ('M', _) => {
            number(moment.month().into(), ": month must be \"M\", \"MM\", \"MMM\", or \"MMMM\"")
        }
        ('D', _) => number(moment.day(), ": day of month must either be \"D\" or \"DD\""),
        ('E', 3) => Ok(moment.weekday().to_string()[..3].to_owned()),
        ('E', 4) => Ok(moment.weekday().to_string()),
        ('E', _) => refused(": day of week must either be \"EEE\" or \"EEEE\""),
        ('h', _) => number(moment.hour(), ": 24-hour must either be \"h\" or \"hh\""),
        ('H', _) => {
            let hour = (moment.hour() + 11) % 12 + 1;
            number(hour, ": 12-hour must either be \"H\" or \"HH\"")
        }
        ('A', 2) => Ok(half.to_owned()),
        ('a', 2) => Ok(half.to_lowercase()),
        ('A' | 'a', _) => refused(&format!(": must be \"{letter}{letter}\"")),
        ('m', _) => number(moment.minute(), ": minute must either be \"m\" or \"mm\""),
        ('s', _) => number(moment.second(), ": second must either be \"s\" or \"ss\""),
        ('Z', 1) => Ok(offset(moment, ":", Some("Z"))),
        ('Z', 3) => Ok(offset(moment, "", Some("UTC"))),
        ('Z', 4) => Ok(offset(moment, "", None)),
        ('Z', 5) => Ok(offset(moment, ":", None)),
        ('Z', _) => refused(": timezone must be Z, ZZZZ, or ZZZZZ"),
        _ => refused(""),
    }
}
