//! Values as YAML, laid out as Terraform's encoder does: block style, text in double quotes or as
//! literal blocks.

use platoform_value::{Data, Entries, Value};

use super::yaml_text::{block, is_block, quoted};

/// Longest key that stands on one line with its value, in bytes with its quotes.
const SIMPLE_KEY: usize = 128;
/// Columns of one level.
const STEP: usize = 2;

/// A wholly known value as a document.
pub(super) fn write(value: &Value) -> String {
    let mut out = String::new();
    node(value, None, Place::Start, &mut out);
    if !out.ends_with('\n') {
        out.push('\n');
    }
    // A document of one bare word is ended, so that nothing can be appended to the word.
    if plain(value).is_some() {
        out.push_str("...\n");
    }
    out
}

/// What a value follows on its line.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// Nothing, `- `, `? ` or `: `, where a collection may begin.
    Start,
    /// `key:`, where a collection begins on the next line.
    Key,
}

/// The text of null, booleans and numbers.
fn plain(value: &Value) -> Option<String> {
    match value.data() {
        Data::Null(_) => Some("null".into()),
        Data::Bool(truth) => Some(truth.to_string()),
        Data::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Writes a value; `parent` is the indentation of the collection it is in.
fn node(value: &Value, parent: Option<usize>, place: Place, out: &mut String) {
    let inner = parent.map_or(STEP, |parent| parent + STEP);
    let spaced = if place == Place::Key { " " } else { "" };
    if let Some(text) = plain(value) {
        out.push_str(spaced);
        out.push_str(&text);
    } else if let Some(text) = value.as_str() {
        out.push_str(spaced);
        scalar(text, inner, out);
    } else if let Some(entries) = value.as_entries() {
        if entries.is_empty() {
            out.push_str(spaced);
            return out.push_str("{}");
        }
        mapping(entries, parent.map_or(0, |parent| parent + STEP), place, out);
    } else {
        let items = value.as_items().unwrap_or_default();
        if items.is_empty() {
            out.push_str(spaced);
            return out.push_str("[]");
        }
        // A sequence under a key is not indented.
        let indent = match (parent, place) {
            (None, _) => 0,
            (Some(parent), Place::Key) => parent,
            (Some(parent), Place::Start) => parent + STEP,
        };
        sequence(items, indent, place, out);
    }
}

fn scalar(text: &str, indent: usize, out: &mut String) {
    if is_block(text) { block(text, indent, out) } else { quoted(text, Some(indent), out) }
}

/// Goes to where an item begins: the next line, except for the first one after an indicator.
fn begin(first: bool, place: Place, indent: usize, out: &mut String) {
    if first && place == Place::Start {
        return;
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out.push_str(&" ".repeat(indent));
}

fn sequence(items: &[Value], indent: usize, place: Place, out: &mut String) {
    for (index, item) in items.iter().enumerate() {
        begin(index == 0, place, indent, out);
        out.push_str("- ");
        node(item, Some(indent), Place::Start, out);
    }
}

fn mapping(entries: &Entries, indent: usize, place: Place, out: &mut String) {
    for (index, (key, value)) in entries.iter().enumerate() {
        begin(index == 0, place, indent, out);
        if !is_block(key) && !key.contains('\n') && key.len() <= SIMPLE_KEY {
            quoted(key, None, out);
            out.push(':');
            node(value, Some(indent), Place::Key, out);
            continue;
        }
        out.push_str("? ");
        scalar(key, indent + STEP, out);
        begin(false, Place::Key, indent, out);
        out.push_str(": ");
        node(value, Some(indent), Place::Start, out);
    }
}
