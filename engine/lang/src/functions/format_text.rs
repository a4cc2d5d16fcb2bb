//! The verbs of `format`: `%s`, `%05d`, `%[2]v` and so on, as cty has them from Go.

use platoform_diagnostic::{clusters, count_clusters};
use platoform_value::{Number, Type, Value, convert};

use super::Problem;
use super::json::to_json;

/// The widest field, and the most digits.
const WIDTH_LIMIT: usize = 10_000;

/// One verb with its flags.
#[derive(Default)]
struct Verb<'a> {
    /// Its text.
    raw: &'a str,
    /// Where it starts.
    offset: usize,
    mode: char,
    zero: bool,
    sharp: bool,
    plus: bool,
    minus: bool,
    space: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

/// The text of a format with its verbs replaced by arguments.
pub(super) fn format(template: &str, arguments: &[Value]) -> Result<String, Problem> {
    let mut text = String::new();
    let mut rest = template;
    let mut next = 0;
    let mut used = 0;
    while let Some(position) = rest.find('%') {
        text.push_str(&rest[..position]);
        rest = &rest[position..];
        if let Some(after) = rest.strip_prefix("%%") {
            text.push('%');
            rest = after;
            continue;
        }
        let (verb, index) = verb(rest, template.len() - rest.len())?;
        let index = index.unwrap_or(next);
        next = index + 1;
        used = used.max(next);
        let argument = arguments.get(index).ok_or_else(|| {
            Problem::from(format!(
                "not enough arguments for {:?} at {}: need index {next} but have {} total",
                verb.raw,
                verb.offset,
                arguments.len()
            ))
        })?;
        text.push_str(&verb.apply(argument)?);
        rest = &rest[verb.raw.len()..];
    }
    text.push_str(rest);
    match (arguments.len(), used) {
        (given, 0) if given > 0 => {
            Err(Problem::at(1, "too many arguments; no verbs in format string"))
        }
        (given, used) if given > used => {
            let message = format!("too many arguments; only {used} used by format string");
            Err(Problem::at(used + 1, message))
        }
        _ => Ok(text),
    }
}

/// Reads a verb at the start of `text`, and the position of the argument if it names one.
fn verb(text: &str, offset: usize) -> Result<(Verb<'_>, Option<usize>), Problem> {
    let mut verb = Verb { offset, ..Verb::default() };
    let mut at = 1;
    loop {
        match text.as_bytes().get(at) {
            Some(b'0') => verb.zero = true,
            Some(b'#') => verb.sharp = true,
            Some(b'+') => verb.plus = true,
            Some(b'-') => verb.minus = true,
            Some(b' ') => verb.space = true,
            _ => break,
        }
        at += 1;
    }
    let digits = |at: &mut usize| -> Result<Option<usize>, Problem> {
        let count = text[*at..].bytes().take_while(u8::is_ascii_digit).count();
        let number = &text[*at..*at + count];
        *at += count;
        if number.is_empty() {
            return Ok(None);
        }
        let value = number.parse().ok().filter(|value| *value <= WIDTH_LIMIT);
        value.map(Some).ok_or_else(|| format!("{number} is too large a number in a verb").into())
    };
    verb.width = digits(&mut at)?;
    if text[at..].starts_with('.') {
        at += 1;
        verb.precision = Some(digits(&mut at)?.unwrap_or(0));
    }
    let mut index = None;
    if text[at..].starts_with('[') {
        at += 1;
        // They count from one.
        let number = if text[at..].starts_with('0') { None } else { digits(&mut at)? };
        if !text[at..].starts_with(']') || number.is_none() {
            return Err(unrecognised(text, at, offset));
        }
        index = number.map(|number| number - 1);
        at += 1;
    }
    match text[at..].chars().next() {
        Some(mode) if mode.is_ascii_alphabetic() => {
            verb.mode = mode;
            verb.raw = &text[..=at];
            Ok((verb, index))
        }
        _ => Err(unrecognised(text, at, offset)),
    }
}

fn unrecognised(text: &str, at: usize, offset: usize) -> Problem {
    match text[at..].chars().next() {
        Some(character) => {
            let place = offset + at;
            format!("unrecognized format character {character:?} at offset {place}").into()
        }
        None => format!("invalid format string starting at offset {}", offset + at).into(),
    }
}

impl Verb<'_> {
    fn apply(&self, value: &Value) -> Result<String, Problem> {
        if value.is_null() && self.mode != 'v' {
            return Err(self.unsupported("null value cannot be formatted"));
        }
        match self.mode {
            'v' => match (value.as_str(), value.as_number()) {
                (Some(text), _) if !self.sharp => Ok(self.padded(text.to_owned())),
                (_, Some(number)) if !self.sharp => Ok(self.padded(number.to_general_shortest())),
                _ => {
                    let json =
                        to_json(value).map_err(|problem| self.unsupported(&problem.message))?;
                    Ok(self.padded(json))
                }
            },
            't' => {
                let value = self.converted(value, &Type::Bool)?;
                Ok(value.as_bool().unwrap_or_default().to_string())
            }
            's' | 'q' => {
                let value = self.converted(value, &Type::String)?;
                let text = self.cut(value.as_str().unwrap_or_default());
                if self.mode == 's' {
                    return Ok(self.padded(text.to_owned()));
                }
                Ok(self.padded(to_json(&Value::string(text))?))
            }
            'b' | 'd' | 'o' | 'x' | 'X' | 'e' | 'E' | 'f' | 'g' | 'G' => {
                let value = self.converted(value, &Type::Number)?;
                let number = value.as_number().unwrap_or(const { &Number::ZERO });
                let text = match self.mode {
                    'b' | 'd' | 'o' | 'x' | 'X' => self.integer(number)?,
                    _ => self.real(number),
                };
                Ok(self.number_padded(text, number.is_infinite()))
            }
            mode => Err(format!(
                "unsupported format verb {mode:?} in {:?} at offset {}",
                self.raw, self.offset
            )
            .into()),
        }
    }

    fn unsupported(&self, why: &str) -> Problem {
        format!("unsupported value for {:?} at {}: {why}", self.raw, self.offset).into()
    }

    fn converted(&self, value: &Value, kind: &Type) -> Result<Value, Problem> {
        convert(value, kind).map_err(|error| self.unsupported(&error.to_string()))
    }

    /// Text cut to the precision, in characters as people count them.
    fn cut<'a>(&self, text: &'a str) -> &'a str {
        match self.precision {
            Some(wanted) if wanted > 0 => {
                let length = clusters(text).take(wanted).map(str::len).sum::<usize>();
                &text[..length]
            }
            _ => text,
        }
    }

    fn padded(&self, text: String) -> String {
        let missing = self.width.unwrap_or(0).saturating_sub(count_clusters(&text));
        let pad = if self.zero { "0" } else { " " }.repeat(missing);
        if self.minus { text + &pad } else { pad + &text }
    }

    /// Whole numbers: sign and digits.
    fn integer(&self, number: &Number) -> Result<String, Problem> {
        let (radix, prefix) = match self.mode {
            'b' => (2, "0b"),
            'o' => (8, "0"),
            'x' => (16, "0x"),
            'X' => (16, "0X"),
            _ => (10, ""),
        };
        let whole = number.is_integer().then(|| number.to_radix(radix)).flatten();
        let digits = whole.ok_or_else(|| self.unsupported("an integer is required"))?;
        let (sign, digits) = match digits.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", &*digits),
        };
        let digits = if self.mode == 'X' { digits.to_uppercase() } else { digits.to_owned() };
        let zeros = self.precision.unwrap_or(0).saturating_sub(digits.len());
        let prefix = if self.sharp { prefix } else { "" };
        Ok(format!("{sign}{prefix}{}{digits}", "0".repeat(zeros)))
    }

    fn real(&self, number: &Number) -> String {
        let text = match (self.mode, self.precision) {
            ('e' | 'E', precision) => number.to_scientific(precision.unwrap_or(6)),
            ('f', precision) => number.to_fixed(precision.unwrap_or(6)),
            (_, Some(precision)) => number.to_general(precision),
            (_, None) => number.to_general_shortest(),
        };
        if matches!(self.mode, 'E' | 'G') && !number.is_infinite() {
            return text.to_uppercase();
        }
        text
    }

    /// Adds the sign that is asked for, and fills the width; zeros go after the sign.
    fn number_padded(&self, text: String, infinite: bool) -> String {
        let text = match text.as_bytes().first() {
            Some(b'+') if self.space && !self.plus => text.replacen('+', " ", 1),
            Some(b'-' | b'+') => text,
            _ if self.plus => format!("+{text}"),
            _ if self.space => format!(" {text}"),
            _ => text,
        };
        let missing = self.width.unwrap_or(0).saturating_sub(text.len());
        if self.minus {
            return text + &" ".repeat(missing);
        }
        if self.zero && !infinite && self.precision_allows_zeros() {
            let signed = usize::from(text.starts_with(['-', '+', ' ']));
            return format!("{}{}{}", &text[..signed], "0".repeat(missing), &text[signed..]);
        }
        " ".repeat(missing) + &text
    }

    /// A precision turns zero padding of whole numbers off.
    fn precision_allows_zeros(&self) -> bool {
        self.precision.is_none() || matches!(self.mode, 'e' | 'E' | 'f' | 'g' | 'G')
    }
}
