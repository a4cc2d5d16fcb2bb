//! Text: JSON and YAML by structure, everything else line by line.

use platoform_lang::functions::decode_yaml;
use platoform_value::Value;
use similar::{Algorithm, ChangeTag, TextDiff};

use super::node::{has_parts, whole};
use super::{Diff, Forced, Line, Shape, Sign, compare};

/// Texts with more bytes than this are not read as YAML.
const YAML_LIMIT: usize = 1 << 20;
/// Texts with more lines than this together are not compared line by line.
const LINES_LIMIT: usize = 20_000;

/// The array or object that a text holds as JSON.
pub fn json(text: &str) -> Option<Value> {
    if !matches!(text.trim_start().as_bytes().first(), Some(b'{' | b'[')) {
        return None;
    }
    let parsed = serde_json::from_str(text).ok()?;
    Value::from_json_implied(&parsed).ok()
}

/// The list or map that a text of several lines holds as YAML, where it says more than plain text
/// does.
fn yaml(text: &str) -> Option<Value> {
    if text.lines().count() < 2 || text.len() > YAML_LIMIT {
        return None;
    }
    decode_yaml(text).ok().filter(has_parts)
}

/// What happens to two texts that hold YAML; `None` where they hold the same and differ in layout,
/// order or comments, which only lines show.
fn documents(before: &str, after: &str) -> Option<Diff> {
    let (before, after) = (yaml(before)?, yaml(after)?);
    let inner = compare(&before, &after, &Forced::default());
    let alike = matches!(inner.shape, Shape::List { .. } | Shape::Entries { .. });
    (inner.sign != Sign::Same && alike)
        .then(|| Diff::new(Sign::Change, Shape::Yaml(Box::new(inner))))
}

/// What happens to a text.
pub fn texts(before: &str, after: &str) -> Diff {
    match (json(before), json(after)) {
        (Some(before), Some(after)) => {
            let inner = compare(&before, &after, &Forced::default());
            let note = (inner.sign == Sign::Same).then_some("whitespace changes");
            Diff { note, ..Diff::new(Sign::Change, Shape::Json(Box::new(inner))) }
        }
        (None, None) if before.contains('\n') || after.contains('\n') => documents(before, after)
            .unwrap_or_else(|| {
                let lines = Diff::new(Sign::Change, lines(before, after));
                Diff { note: last_line(before, after), ..lines }
            }),
        _ => {
            let before = whole(&Value::from(before), Sign::Remove);
            let after = whole(&Value::from(after), Sign::Add);
            Diff::new(Sign::Change, Shape::Turn(Box::new(before), Box::new(after)))
        }
    }
}

/// A whole text of more than one line.
pub fn all(text: &str) -> Shape {
    let line = |text: &str| Line { sign: Sign::Same, text: text.trim_end_matches('\n').to_owned() };
    Shape::Text(text.split_inclusive('\n').map(line).collect())
}

fn lines(before: &str, after: &str) -> Shape {
    let with = |sign: Sign, text: &str| {
        text.lines().map(move |line| Line { sign, text: line.to_owned() }).collect::<Vec<_>>()
    };
    if before.lines().count() + after.lines().count() > LINES_LIMIT {
        return Shape::Text([with(Sign::Remove, before), with(Sign::Add, after)].concat());
    }
    let before: Vec<&str> = before.split_terminator('\n').collect();
    let after: Vec<&str> = after.split_terminator('\n').collect();
    let diff = TextDiff::configure().algorithm(Algorithm::Myers).diff_slices(&before, &after);
    let changes = diff.iter_all_changes().map(|change| Line {
        sign: match change.tag() {
            ChangeTag::Equal => Sign::Same,
            ChangeTag::Delete => Sign::Remove,
            ChangeTag::Insert => Sign::Add,
        },
        text: change.value().to_owned(),
    });
    Shape::Text(changes.collect())
}

/// What cannot be seen of a change in the lines: the line break at the end.
fn last_line(before: &str, after: &str) -> Option<&'static str> {
    match (before.ends_with('\n'), after.ends_with('\n')) {
        (false, true) => Some("line break added at the end"),
        (true, false) => Some("line break removed at the end"),
        _ => None,
    }
}
