//! YAML.

use std::collections::HashMap;

use platoform_value::{Type, Value, convert};
use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::yaml_problem::syntax;
use super::yaml_scalar::resolve;
use super::yaml_write::write;
use super::{Arguments, Function, Parameter, Problem, Returns};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("yamldecode", &[Parameter::text("src")], Returns::Result, yamldecode).nullable(),
    Function::new(
        "yamlencode",
        &[Parameter::any("value").null().unknown().untyped()],
        Returns::TEXT,
        yamlencode,
    )
    .nullable(),
];

fn yamlencode(arguments: &Arguments<'_>) -> Result<Value, Problem> {
    let value = arguments.value(0);
    if !value.is_wholly_known() {
        return Ok(Value::unknown(Type::String));
    }
    Ok(write(value).into())
}

/// How deep a document may nest.
const DEPTH_LIMIT: usize = 200;
/// How many values a document may stand for, everything that aliases repeat included.
const SIZE_LIMIT: usize = 1 << 20;

fn yamldecode(arguments: &Arguments<'_>) -> Result<Value, Problem> {
    decode(arguments.text(0)).map_err(Problem::from)
}

/// The value that a YAML document stands for.
///
/// # Errors
/// What is wrong with it, in words.
pub fn decode(text: &str) -> Result<Value, String> {
    let mut builder = Builder::default();
    let mut documents = 0;
    let length = text.chars().count();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| syntax(text, &error))?;
        if let Event::DocumentStart(_) = event {
            documents += 1;
        }
        if documents > 1 {
            return Err(at(&span, "unexpected extra content after value"));
        }
        let last = span.end.index() >= length && !text.ends_with(['\n', '\r']);
        builder.accept(if last { without_break(event) } else { event }, &span)?;
    }
    builder.result.ok_or_else(|| "on line 1, column 1: missing start of document".into())
}

/// A block as its lines are, where the last of them ends with the text: ours adds a line break.
fn without_break(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Scalar(text, style @ (ScalarStyle::Literal | ScalarStyle::Folded), anchor, tag) => {
            let text = text.strip_suffix('\n').unwrap_or(&text).to_owned();
            Event::Scalar(text.into(), style, anchor, tag)
        }
        event => event,
    }
}

fn at(span: &Span, message: &str) -> String {
    super::yaml_problem::placed(span.start.line(), span.start.col(), message)
}

/// A collection that is not complete yet.
enum Open {
    Sequence(Vec<Value>),
    /// The pairs so far, and the key whose value comes next.
    Mapping(Vec<(std::sync::Arc<str>, Value)>, Option<Key>),
}

enum Key {
    Name(std::sync::Arc<str>),
    /// `<<`
    Merge,
}

#[derive(Default)]
struct Builder {
    /// Collections from the outermost to the innermost, with their anchors and sizes so far.
    open: Vec<(Open, usize, usize)>,
    /// Values by anchor, with how many values each consists of.
    anchors: HashMap<usize, (Value, usize)>,
    result: Option<Value>,
}

impl Builder {
    fn accept(&mut self, event: Event<'_>, span: &Span) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain;
                if plain && tag.is_none() && text == "<<" && self.awaits_key() {
                    self.set_key(Key::Merge);
                    return Ok(());
                }
                let tag = tag.map(|tag| full_name(&tag));
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                let value = if block && tag.is_none() && text.is_empty() {
                    // From the reference: a block without text is nothing.
                    Value::null(Type::String)
                } else {
                    resolve(&text, plain, tag.as_deref())?
                };
                self.add(value, anchor, 1, span)
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some((value, size)) => self.add(value.clone(), 0, *size, span),
                None => Err("cannot refer to an anchor from inside its own definition".into()),
            },
            Event::SequenceStart(anchor, tag) => {
                expect(tag.as_deref(), "seq", "sequence")?;
                self.start(Open::Sequence(Vec::new()), anchor, span)
            }
            Event::MappingStart(anchor, tag) => {
                expect(tag.as_deref(), "map", "mapping")?;
                self.start(Open::Mapping(Vec::new(), None), anchor, span)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some((open, anchor, size)) = self.open.pop() else { return Ok(()) };
                let value = match open {
                    Open::Sequence(items) => Value::tuple(items),
                    Open::Mapping(pairs, _) => Value::object(pairs.into_iter().collect()),
                };
                self.add(value, anchor, size, span)
            }
            _ => Ok(()),
        }
    }

    fn start(&mut self, open: Open, anchor: usize, span: &Span) -> Result<(), String> {
        if self.awaits_key() {
            return Err(at(span, "only strings are allowed as mapping keys"));
        }
        if self.open.len() >= DEPTH_LIMIT {
            return Err(at(span, "the document nests too deep"));
        }
        self.open.push((open, anchor, 1));
        Ok(())
    }

    fn awaits_key(&self) -> bool {
        matches!(self.open.last(), Some((Open::Mapping(_, None), ..)))
    }

    fn set_key(&mut self, next: Key) {
        if let Some((Open::Mapping(_, key), ..)) = self.open.last_mut() {
            *key = Some(next);
        }
    }

    /// Puts a complete value where it belongs.
    fn add(&mut self, value: Value, anchor: usize, size: usize, span: &Span) -> Result<(), String> {
        if anchor > 0 {
            self.anchors.insert(anchor, (value.clone(), size));
        }
        if self.awaits_key() {
            self.set_key(Key::Name(name_of(&value, span)?));
            return Ok(());
        }
        let Some((open, _, total)) = self.open.last_mut() else {
            self.result = Some(value);
            return Ok(());
        };
        *total = total.saturating_add(size);
        if *total > SIZE_LIMIT {
            return Err(at(span, "the document stands for too many values"));
        }
        match open {
            Open::Sequence(items) => items.push(value),
            Open::Mapping(pairs, key) => match key.take() {
                Some(Key::Name(name)) => pairs.push((name, value)),
                // As if its pairs stood here: a key that comes later counts more.
                Some(Key::Merge) => {
                    let entries = value.as_entries().ok_or_else(|| {
                        let kind = value.kind().friendly_name();
                        at(span, &format!("cannot merge {kind} into mapping"))
                    })?;
                    pairs.extend(entries.iter().map(|(name, value)| (name.clone(), value.clone())));
                }
                None => {}
            },
        }
        Ok(())
    }
}

fn full_name(tag: &Tag) -> String {
    format!("{}{}", tag.handle, tag.suffix)
}

fn expect(tag: Option<&Tag>, name: &str, noun: &str) -> Result<(), String> {
    match tag.map(full_name) {
        Some(tag) if tag != format!("tag:yaml.org,2002:{name}") => {
            Err(format!("can't interpret {noun} as {tag}"))
        }
        _ => Ok(()),
    }
}

fn name_of(value: &Value, span: &Span) -> Result<std::sync::Arc<str>, String> {
    if value.is_null() {
        return Err(at(span, "mapping key cannot be null"));
    }
    let text = convert(value, &Type::String).ok();
    let text = text.as_ref().and_then(Value::as_str);
    text.map(Into::into).ok_or_else(|| at(span, "only strings are allowed as mapping keys"))
}
