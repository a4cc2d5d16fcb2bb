//! What happens to an object and why, in words. What comes from outside goes through `code`, which
//! makes it harmless for the format that is written.

use super::model::{Change, Effect, Origin, Reason};

/// Makes a text from outside harmless.
pub type Code = fn(&str) -> String;

/// The object and what happens to it, with as many names of attributes as the limit says.
pub fn what(change: &Change, code: Code, limit: usize) -> String {
    let mut text = format!("{} {}", code(&change.name), change.effect.phrase());
    if change.effect == Effect::Update {
        text.push_str(&names(&change.attributes, code, limit));
    }
    if let Some(previous) = &change.previous {
        let moved = if change.effect == Effect::Move { "" } else { ", moved" };
        text.push_str(&format!("{moved} from {}", code(previous)));
    }
    if change.imported && change.effect != Effect::Import {
        text.push_str(", imported");
    }
    text
}

/// The first names of attributes after a colon; nothing where there are none.
pub fn names(all: &[String], code: Code, limit: usize) -> String {
    let shown = all.iter().map(|name| code(name));
    let text = limited(shown, all.len(), limit).join(", ");
    if text.is_empty() { text } else { format!(": {text}") }
}

/// Why it happens, with places; nothing where nothing is known of it.
pub fn why(change: &Change, code: Code, limit: usize) -> String {
    let reasons = change.reasons.iter().map(|it| reason(it, code));
    let mut reasons = limited(reasons, change.reasons.len(), limit);
    if reasons.is_empty() {
        reasons.extend(change.place.as_ref().map(|place| code(&place.to_string())));
    }
    reasons.join("; ")
}

/// The first of so many, and how many more there are.
fn limited(all: impl Iterator<Item = String>, count: usize, limit: usize) -> Vec<String> {
    let mut shown: Vec<String> = all.take(limit).collect();
    if count > limit {
        shown.push(format!("{} more", count - limit));
    }
    shown
}

/// A reason, with places.
pub fn reason(reason: &Reason, code: Code) -> String {
    match reason {
        Reason::Plain(text) => (*text).to_owned(),
        Reason::Trigger(reference) => format!("{} changes", code(reference)),
        Reason::Needs(other) => format!("needs {}", code(other)),
        Reason::Instances(place) => {
            let place = place.as_ref().map(|place| format!(" — {}", code(&place.to_string())));
            format!("how many there will be is not known yet{}", place.unwrap_or_default())
        }
        Reason::Origin(origin) => self::origin(origin, code),
    }
}

fn origin(origin: &Origin, code: Code) -> String {
    let verb = if origin.known { "changed" } else { "may change" };
    let mut text = format!("{} {verb} — {}", code(&origin.path), code(&origin.place.to_string()));
    for link in &origin.chain {
        text.push_str(&format!(", as {} {}", code(&link.name), link.phrase));
        if let Some((path, place)) = &link.origin {
            text.push_str(&format!(" ({} — {})", code(path), code(&place.to_string())));
        }
    }
    if origin.cut {
        text.push_str(", and so on");
    }
    text
}
