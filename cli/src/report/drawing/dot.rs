//! The language of Graphviz.

use std::fmt::Write as _;

use super::{Drawing, Tone};
use crate::report::literal::line;

/// A drawing for Graphviz.
pub fn dot(drawing: &Drawing) -> String {
    let mut out = String::from("digraph G {\n  rankdir = \"LR\";\n");
    out.push_str("  node [shape = rect, fontname = \"sans-serif\"];\n");
    for (number, node) in drawing.nodes.iter().enumerate() {
        let label = [node.name.as_str(), node.note.as_str()].map(quoted).join("\\n");
        let label = label.trim_end_matches("\\n");
        let colour = match node.tone {
            Tone::Plain => "",
            Tone::New => ", color = \"darkgreen\"",
            Tone::Changed => ", color = \"darkorange\"",
            Tone::Gone => ", color = \"red\"",
        };
        let _ = writeln!(out, "  n{number} [label = \"{label}\"{colour}];");
    }
    for (from, to) in &drawing.edges {
        let _ = writeln!(out, "  n{from} -> n{to};");
    }
    out.push_str("}\n");
    out
}

fn quoted(text: &str) -> String {
    line(text).replace('\\', "\\\\").replace('"', "\\\"")
}
