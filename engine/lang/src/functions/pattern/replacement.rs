//! What `replace` puts in the place of a match: text with `$1` and `${name}`, as Go reads it.

use regex::Captures;

/// A reference to a group.
enum Group<'a> {
    Number(usize),
    Name(&'a str),
}

/// Adds the replacement of a match; the names are those of the groups.
pub(super) fn expand(
    mut template: &str,
    captures: &Captures<'_>,
    names: &[Option<String>],
    text: &mut String,
) {
    while let Some((before, after)) = template.split_once('$') {
        text.push_str(before);
        if let Some(rest) = after.strip_prefix('$') {
            text.push('$');
            template = rest;
        } else if let Some((group, rest)) = reference(after) {
            let found = match group {
                Group::Number(number) => captures.get(number),
                Group::Name(name) => {
                    let same = names.iter().enumerate();
                    let mut same = same.filter(|(_, other)| other.as_deref() == Some(name));
                    same.find_map(|(index, _)| captures.get(index + 1))
                }
            };
            text.push_str(found.map_or("", |found| found.as_str()));
            template = rest;
        } else {
            text.push('$');
            template = after;
        }
    }
    text.push_str(template);
}

/// The group that is named after a `$`, and what follows; `None` where it is just a `$`.
fn reference(text: &str) -> Option<(Group<'_>, &str)> {
    let braced = text.strip_prefix('{');
    let inside = braced.unwrap_or(text);
    let word = |character: char| character == '_' || character.is_alphanumeric();
    let end = inside.find(|character| !word(character)).unwrap_or(inside.len());
    let (name, rest) = inside.split_at(end);
    let rest = if braced.is_some() { rest.strip_prefix('}')? } else { rest };
    let number = name.parse().ok().filter(|_| !name.starts_with('0') || name == "0");
    let group = number.map_or(Group::Name(name), Group::Number);
    (!name.is_empty()).then_some((group, rest))
}
