//! The language of Mermaid, which the hosts of repositories draw within Markdown.

use std::fmt::Write as _;

use super::{Drawing, Tone};
use crate::report::literal::line;

/// A drawing for Mermaid, without a fence around it.
pub fn mermaid(drawing: &Drawing) -> String {
    let mut out = String::from("flowchart LR\n");
    for (number, node) in drawing.nodes.iter().enumerate() {
        let note = if node.note.is_empty() { "" } else { "<br/>" };
        let (name, text) = (escaped(&node.name), escaped(&node.note));
        let class = if node.tone == Tone::Plain { "" } else { node.tone.word() };
        let colons = if class.is_empty() { "" } else { ":::" };
        let _ = writeln!(out, "  n{number}[\"{name}{note}{text}\"]{colons}{class}");
    }
    for (from, to) in &drawing.edges {
        let _ = writeln!(out, "  n{from} --> n{to}");
    }
    for (tone, colour) in
        [(Tone::New, "#2da44e"), (Tone::Changed, "#bf8700"), (Tone::Gone, "#cf222e")]
    {
        if drawing.nodes.iter().any(|node| node.tone == tone) {
            let _ = writeln!(out, "  classDef {} stroke:{colour},stroke-width:2px", tone.word());
        }
    }
    out
}

/// Text in which every character that could mean something is written as its number.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in line(text).chars() {
        match character {
            ' ' | '.' | '_' | '-' | ',' | '/' | ':' => out.push(character),
            other if other.is_alphanumeric() => out.push(other),
            other => {
                let _ = write!(out, "#{};", u32::from(other));
            }
        }
    }
    out
}
