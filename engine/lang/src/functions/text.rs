//! Text.

use platoform_diagnostic::{clusters, count_clusters};
use platoform_value::{Data, Type, Value};

use super::{Arguments, Function, Kind, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

const STR: Parameter = Parameter::text("str");

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("lower", &[STR], Returns::TEXT, |arguments| {
        Ok(arguments.text(0).chars().map(lower).collect::<String>().into())
    }),
    Function::new("upper", &[STR], Returns::TEXT, |arguments| {
        Ok(arguments.text(0).chars().map(upper).collect::<String>().into())
    }),
    Function::new("title", &[STR], Returns::TEXT, title),
    Function::new("trimspace", &[STR], Returns::TEXT, |arguments| {
        Ok(arguments.text(0).trim().into())
    }),
    Function::new("chomp", &[STR], Returns::TEXT, |arguments| {
        Ok(arguments.text(0).trim_end_matches(['\r', '\n']).into())
    }),
    Function::new("trim", &[STR, Parameter::text("cutset")], Returns::TEXT, |arguments| {
        let cutset = arguments.text(1);
        Ok(arguments.text(0).trim_matches(|character| cutset.contains(character)).into())
    }),
    Function::new("trimprefix", &[STR, Parameter::text("prefix")], Returns::TEXT, |arguments| {
        let text = arguments.text(0);
        Ok(text.strip_prefix(arguments.text(1)).unwrap_or(text).into())
    }),
    Function::new("trimsuffix", &[STR, Parameter::text("suffix")], Returns::TEXT, |arguments| {
        let text = arguments.text(0);
        Ok(text.strip_suffix(arguments.text(1)).unwrap_or(text).into())
    }),
    Function::new("strrev", &[STR], Returns::TEXT, |arguments| {
        let characters: Vec<&str> = clusters(arguments.text(0)).collect();
        Ok(characters.into_iter().rev().collect::<String>().into())
    }),
    Function::new(
        "startswith",
        &[STR.unknown(), Parameter::text("prefix")],
        Returns::BOOL,
        startswith,
    ),
    Function::new("endswith", &[STR, Parameter::text("suffix")], Returns::BOOL, |arguments| {
        Ok(arguments.text(0).ends_with(arguments.text(1)).into())
    }),
    Function::new("strcontains", &[STR, Parameter::text("substr")], Returns::BOOL, |arguments| {
        Ok(arguments.text(0).contains(arguments.text(1)).into())
    })
    .nullable(),
    Function::new(
        "substr",
        &[STR, Parameter::number("offset"), Parameter::number("length")],
        Returns::TEXT,
        substr,
    ),
    Function::new("indent", &[Parameter::number("spaces"), STR], Returns::TEXT, indent),
    Function::new("split", &[Parameter::text("separator"), STR], Returns::TEXTS, split),
    Function::new("join", &[Parameter::text("separator")], Returns::TEXT, join)
        .variadic(Parameter::of("lists", Kind::Texts)),
];

/// Case is mapped character by character, as Go does: `ß` has no upper case of one character.
fn upper(character: char) -> char {
    simple(character, character.to_uppercase())
}

/// The form at the beginning of a word; a few letters have one besides their upper case.
fn titled(character: char) -> char {
    match character {
        'Ǆ'..='ǆ' => 'ǅ',
        'Ǉ'..='ǉ' => 'ǈ',
        'Ǌ'..='ǌ' => 'ǋ',
        'Ǳ'..='ǳ' => 'ǲ',
        character => upper(character),
    }
}

fn lower(character: char) -> char {
    // Its full mapping has two characters, its simple one has one.
    if character == 'İ' { 'i' } else { simple(character, character.to_lowercase()) }
}

fn simple(character: char, mut mapped: impl ExactSizeIterator<Item = char>) -> char {
    match (mapped.next(), mapped.len()) {
        (Some(single), 0) => single,
        _ => character,
    }
}

/// Capitalises every word.
fn title(arguments: &Arguments<'_>) -> Outcome {
    let mut inside = false;
    let capitalised = arguments.text(0).chars().map(|character| {
        let first = !inside;
        inside = !separates_words(character);
        if first && inside { titled(character) } else { character }
    });
    Ok(capitalised.collect::<String>().into())
}

fn separates_words(character: char) -> bool {
    if character.is_ascii() {
        return !(character.is_ascii_alphanumeric() || character == '_');
    }
    !character.is_alphanumeric() && character.is_whitespace()
}

fn startswith(arguments: &Arguments<'_>) -> Outcome {
    let wanted = arguments.text(1);
    let Data::Unknown(unknown) = arguments.value(0).data() else {
        return Ok(arguments.text(0).starts_with(wanted).into());
    };
    match &unknown.prefix {
        _ if wanted.is_empty() => Ok(true.into()),
        Some(prefix) if prefix.starts_with(wanted) => Ok(true.into()),
        Some(prefix) if !wanted.starts_with(&**prefix) => Ok(false.into()),
        _ => Ok(Value::unknown(Type::Bool)),
    }
}

/// Counts characters as people do, in grapheme clusters. From the reference: an offset from the
/// end with length zero gives the whole rest.
fn substr(arguments: &Arguments<'_>) -> Outcome {
    let (mut offset, mut length) = (arguments.integer(1)?, arguments.integer(2)?);
    let text = arguments.text(0);
    if offset < 0 {
        let total = i64::try_from(count_clusters(text)).unwrap_or(i64::MAX);
        offset = offset.saturating_add(total).max(0);
        length = if length == 0 { -1 } else { length };
    }
    let skip = usize::try_from(offset).unwrap_or(usize::MAX);
    let take = usize::try_from(length).unwrap_or(usize::MAX);
    Ok(clusters(text).skip(skip).take(take).collect::<String>().into())
}

/// The most spaces that `indent` puts on a line.
const DEEPEST_INDENT: i64 = 10_000;

fn indent(arguments: &Arguments<'_>) -> Outcome {
    let spaces = arguments.integer(0)?;
    let spaces = usize::try_from(spaces.min(DEEPEST_INDENT))
        .map_err(|_| Problem::at(0, "the number of spaces must not be negative"))?;
    Ok(arguments.text(1).replace('\n', &format!("\n{}", " ".repeat(spaces))).into())
}

fn split(arguments: &Arguments<'_>) -> Outcome {
    let (separator, text) = (arguments.text(0), arguments.text(1));
    let parts: Vec<Value> = if separator.is_empty() {
        text.chars().map(|character| Value::string(character.to_string())).collect()
    } else {
        text.split(separator).map(Value::string).collect()
    };
    Ok(Value::list(Type::String, parts))
}

fn join(arguments: &Arguments<'_>) -> Outcome {
    let lists = &arguments.values[1..];
    if lists.is_empty() {
        return Err("at least one list is required".into());
    }
    if !lists.iter().all(Value::is_wholly_known) {
        return Ok(Value::unknown(Type::String));
    }
    let mut parts = Vec::new();
    for (list, value) in lists.iter().enumerate() {
        for (index, item) in value.as_items().unwrap_or_default().iter().enumerate() {
            let Some(part) = item.as_str() else {
                let place =
                    if lists.len() > 1 { format!(" of list {}", list + 1) } else { String::new() };
                let message =
                    format!("element {index}{place} is null; cannot concatenate null values");
                return Err(Problem::at(list + 1, message));
            };
            parts.push(part);
        }
    }
    Ok(parts.join(arguments.text(0)).into())
}
