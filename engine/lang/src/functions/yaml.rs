//! YAML.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use libyaml_safer::{Event, EventData, Mark, Parser, ScalarStyle};
use platoform_value::{Type, Value, convert, quoted};

use super::yaml_input::Input;
use super::yaml_problem::{placed, syntax};
use super::yaml_scalar::{CORE, resolve};
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
    let input = Input::new(text);
    let mut parser = Parser::new();
    parser.set_input(input.text.as_bytes());
    let mut builder = Builder::default();
    let mut documents = 0;
    loop {
        let event = parser.parse().map_err(|error| syntax(&error, &input))?;
        let mark = event.start_mark;
        match &event.data {
            EventData::StreamEnd => {
                let result = builder.result;
                return result.ok_or_else(|| placed(mark, "missing start of document"));
            }
            EventData::DocumentStart { .. } => documents += 1,
            _ => {}
        }
        if documents > 1 {
            return Err(placed(mark, "unexpected extra content after value"));
        }
        builder.accept(restored(event, &input))?;
    }
}

/// An event as the text itself gives it.
fn restored(mut event: Event, input: &Input) -> Event {
    let end = event.end_mark;
    if let EventData::Scalar { value, style, .. } = &mut event.data {
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        // The line break that its last line ends with is not in the text.
        if block && input.is_past_end(end.index) && value.ends_with('\n') {
            value.pop();
        }
        *value = input.original(value).into_owned();
    }
    event
}

/// A collection that is not complete yet.
enum Open {
    Sequence(Vec<Value>),
    /// The pairs so far, and the key whose value comes next.
    Mapping(Vec<(Arc<str>, Value)>, Option<Key>),
}

enum Key {
    Name(Arc<str>),
    /// `<<`
    Merge,
}

#[derive(Default)]
struct Builder {
    /// Collections from the outermost to the innermost, with their anchors, sizes so far and
    /// places.
    open: Vec<(Open, Option<String>, usize, Mark)>,
    /// Values by anchor, with how many values each consists of.
    anchors: HashMap<String, (Value, usize)>,
    /// Anchors of collections that are not complete yet.
    pending: HashSet<String>,
    result: Option<Value>,
}

impl Builder {
    fn accept(&mut self, event: Event) -> Result<(), String> {
        let mark = event.start_mark;
        match event.data {
            EventData::Scalar { anchor, tag, value, style, .. } => {
                let plain = style == ScalarStyle::Plain;
                if plain && tag.is_none() && value == "<<" && self.awaits_key() {
                    self.set_key(Key::Merge);
                    return Ok(());
                }
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                let value = if block && tag.is_none() && value.is_empty() {
                    // From the reference: a block without text is nothing.
                    Value::null(Type::String)
                } else {
                    let key = self.awaits_key();
                    let place = |error: String| if key { error } else { placed(mark, &error) };
                    resolve(&value, plain, tag.as_deref()).map_err(place)?
                };
                self.add(value, anchor, 1, mark)
            }
            EventData::Alias { anchor } => self.alias(&anchor, mark),
            EventData::SequenceStart { anchor, tag, .. } => {
                self.start(Open::Sequence(Vec::new()), anchor, mark)?;
                expect(tag.as_deref(), "seq", "sequence").map_err(|error| placed(mark, &error))
            }
            EventData::MappingStart { anchor, tag, .. } => {
                self.start(Open::Mapping(Vec::new(), None), anchor, mark)?;
                expect(tag.as_deref(), "map", "mapping").map_err(|error| placed(mark, &error))
            }
            EventData::SequenceEnd | EventData::MappingEnd => {
                let Some((open, anchor, size, mark)) = self.open.pop() else { return Ok(()) };
                let value = match open {
                    Open::Sequence(items) => Value::tuple(items),
                    Open::Mapping(pairs, _) => Value::object(pairs.into_iter().collect()),
                };
                self.add(value, anchor, size, mark)
            }
            _ => Ok(()),
        }
    }

    fn alias(&mut self, anchor: &str, mark: Mark) -> Result<(), String> {
        if self.awaits_key() {
            return Err(placed(mark, "only strings are allowed as mapping keys"));
        }
        let name = quoted(anchor);
        if self.pending.contains(anchor) {
            let error = format!("cannot refer to anchor {name} from inside its own definition");
            return Err(placed(mark, &error));
        }
        let known = self.anchors.get(anchor).cloned();
        let (value, size) =
            known.ok_or_else(|| placed(mark, &format!("reference to undefined anchor {name}")))?;
        self.add(value, None, size, mark)
    }

    fn start(&mut self, open: Open, anchor: Option<String>, mark: Mark) -> Result<(), String> {
        if self.awaits_key() {
            return Err(placed(mark, "only strings are allowed as mapping keys"));
        }
        if self.open.len() >= DEPTH_LIMIT {
            return Err(placed(mark, "the document nests too deep"));
        }
        self.pending.extend(anchor.clone());
        self.open.push((open, anchor, 1, mark));
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
    fn add(
        &mut self,
        value: Value,
        anchor: Option<String>,
        size: usize,
        mark: Mark,
    ) -> Result<(), String> {
        if let Some(anchor) = anchor {
            self.pending.remove(&anchor);
            self.anchors.insert(anchor, (value.clone(), size));
        }
        if self.awaits_key() {
            self.set_key(Key::Name(name_of(&value, mark)?));
            return Ok(());
        }
        let Some((open, _, total, _)) = self.open.last_mut() else {
            self.result = Some(value);
            return Ok(());
        };
        *total = total.saturating_add(size);
        if *total > SIZE_LIMIT {
            return Err(placed(mark, "the document stands for too many values"));
        }
        match open {
            Open::Sequence(items) => items.push(value),
            Open::Mapping(pairs, key) => match key.take() {
                Some(Key::Name(name)) => pairs.push((name, value)),
                // As if its pairs stood here: a key that comes later counts more.
                Some(Key::Merge) => {
                    let entries = value.as_entries().ok_or_else(|| {
                        let kind = value.kind().friendly_name();
                        placed(mark, &format!("cannot merge {kind} into mapping"))
                    })?;
                    pairs.extend(entries.iter().map(|(name, value)| (name.clone(), value.clone())));
                }
                None => {}
            },
        }
        Ok(())
    }
}

fn expect(tag: Option<&str>, name: &str, noun: &str) -> Result<(), String> {
    match tag {
        Some(tag) if tag.strip_prefix(CORE) != Some(name) => {
            Err(format!("can't interpret {noun} as {tag}"))
        }
        _ => Ok(()),
    }
}

fn name_of(value: &Value, mark: Mark) -> Result<Arc<str>, String> {
    if value.is_null() {
        return Err(placed(mark, "mapping key cannot be null"));
    }
    let text = convert(value, &Type::String).ok();
    let text = text.as_ref().and_then(Value::as_str);
    text.map(Into::into).ok_or_else(|| placed(mark, "only strings are allowed as mapping keys"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What documents are made of that are not as they should be.
    const PIECES: &[&str] = &[
        "a",
        ": ",
        "- ",
        "? ",
        "\n",
        "\n  ",
        " ",
        "\t",
        "\r\n",
        "[",
        "]",
        "{",
        "}",
        ",",
        "&x ",
        "*x",
        "!t",
        "!!str ",
        "!<u>",
        "!%41",
        "!%C3",
        "|",
        ">-",
        "|2",
        "'",
        "\"",
        "\\",
        "\\x4",
        "\\ud800",
        "#c",
        "---",
        "...",
        "%TAG ! x",
        "%YAML 1.1",
        "<<",
        "~",
        "1",
        "é",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
    ];

    #[test]
    fn no_document_ends_the_process() {
        let mut random = 1_u64;
        let mut next = |limit: usize| {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) as usize % limit
        };
        let mut read = 0;
        for _ in 0..20_000 {
            let pieces = (0..1 + next(9)).map(|_| PIECES[next(PIECES.len())]);
            let text: String = pieces.collect();
            read += usize::from(decode(&text).is_ok());
        }
        assert!(read > 0);
    }
}
