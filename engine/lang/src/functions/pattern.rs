//! Regular expressions, in RE2's syntax.

mod character;
mod class;
mod group;
mod replacement;
mod syntax;

use platoform_value::{Type, Value};
use regex::{Captures, Regex, RegexBuilder};

use self::replacement::expand;
use self::syntax::{Invalid, Translated, translate};
use super::{Arguments, Function, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

/// The most memory a compiled pattern may take, in bytes.
const SIZE_LIMIT: usize = 8 << 20;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "regex",
        &[Parameter::text("pattern"), Parameter::text("string")],
        Returns::Rule(match_type),
        first_match,
    ),
    Function::new(
        "regexall",
        &[Parameter::text("pattern"), Parameter::text("string")],
        Returns::Rule(|values| Ok(Type::list(match_type(values)?))),
        all_matches,
    ),
    Function::new(
        "replace",
        &[Parameter::text("str"), Parameter::text("substr"), Parameter::text("replace")],
        Returns::TEXT,
        replace,
    ),
];

/// A pattern that is compiled, and the names of its groups.
struct Pattern {
    regex: Regex,
    names: Vec<Option<String>>,
}

impl Pattern {
    fn compile(pattern: &str) -> Result<Self, Invalid> {
        let Translated { pattern: translated, names } = translate(pattern)?;
        let built = RegexBuilder::new(&translated).size_limit(SIZE_LIMIT).build();
        let regex = built.map_err(|error| {
            let text = error.to_string();
            let reasons =
                [("unclosed group", "missing closing )"), ("unopened group", "unexpected )")];
            let known = reasons.iter().find(|(theirs, _)| text.contains(theirs));
            // The last line of a syntax error says what is wrong; the lines above draw where.
            let last = text.lines().last().unwrap_or_default();
            let last = last.strip_prefix("error: ").unwrap_or(last);
            Invalid::new(*known.map_or(&last, |(_, reason)| reason), pattern)
        })?;
        Ok(Self { regex, names })
    }

    /// The pattern of a call whose type was found, which takes a pattern that is right.
    fn of(arguments: &Arguments<'_>) -> Result<Self, Problem> {
        Self::compile(arguments.text(0)).map_err(|invalid| invalid.reason.into())
    }

    /// A match as text without groups, a tuple for groups, an object for named groups.
    fn value(&self, captures: &Captures<'_>) -> Value {
        let group = |index| match captures.get(index) {
            Some(group) => group.as_str().into(),
            None => Value::null(Type::String),
        };
        if self.names.is_empty() {
            return group(0);
        }
        let groups = (1..captures.len()).map(group);
        if self.names.iter().flatten().next().is_none() {
            return Value::tuple(groups.collect());
        }
        let names = self.names.iter().map(|name| name.as_deref().unwrap_or_default());
        Value::object_of(names.zip(groups))
    }
}

/// The type of one match: text without groups, a tuple for groups, an object for named groups.
fn match_type(values: &[Value]) -> Result<Type, Problem> {
    let Some(pattern) = values[0].as_str() else { return Ok(Type::Dynamic) };
    let refused = |reason: String| Problem::at(0, format!("invalid regexp pattern: {reason}"));
    let Pattern { names, .. } = Pattern::compile(pattern)
        .map_err(|invalid| refused(format!("{} in {}", invalid.reason, invalid.part)))?;
    let named = names.iter().flatten().count();
    if named == 0 {
        return Ok(match names.len() {
            0 => Type::String,
            count => Type::tuple(vec![Type::String; count]),
        });
    }
    if named < names.len() {
        return Err(refused("cannot mix both named and unnamed capture groups".into()));
    }
    Ok(Type::object(names.into_iter().flatten().map(|name| (name, Type::String))))
}

fn first_match(arguments: &Arguments<'_>) -> Outcome {
    let pattern = Pattern::of(arguments)?;
    match pattern.regex.captures(arguments.text(1)) {
        Some(captures) => Ok(pattern.value(&captures)),
        None => Err("pattern did not match any part of the given string".into()),
    }
}

fn all_matches(arguments: &Arguments<'_>) -> Outcome {
    let pattern = Pattern::of(arguments)?;
    let matches = pattern.regex.captures_iter(arguments.text(1));
    let items = matches.map(|captures| pattern.value(&captures)).collect();
    Ok(Value::list(arguments.element(), items))
}

/// Replaces text, or a pattern when it is written between slashes.
fn replace(arguments: &Arguments<'_>) -> Outcome {
    let (text, wanted, replacement) = (arguments.text(0), arguments.text(1), arguments.text(2));
    let pattern = wanted.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    let Some(pattern) = pattern else {
        return Ok(text.replace(wanted, replacement).into());
    };
    let Pattern { regex, names } = Pattern::compile(pattern)
        .map_err(|Invalid { reason, part }| format!("error parsing regexp: {reason}: `{part}`"))?;
    let replaced = regex.replace_all(text, |captures: &Captures<'_>| {
        let mut text = String::new();
        expand(replacement, captures, &names, &mut text);
        text
    });
    Ok(replaced.into_owned().into())
}
