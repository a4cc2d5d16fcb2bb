//! A picture that needs no other program.

use std::fmt::Write as _;

use super::layout::{Layout, Spot, layout};
use super::{Drawing, Node};
use crate::report::literal::line;

/// Width of a character at the size that names are written in.
const CHARACTER: f64 = 7.3;
/// Space around a name in its box.
const PADDING: f64 = 12.0;
/// Height of a box.
const BOX: f64 = 40.0;
/// From one row to the next.
const ROW: f64 = 54.0;
/// Between layers, for arrows.
const GAP: f64 = 56.0;
/// Around everything.
const MARGIN: f64 = 12.0;
/// Characters of a name that are shown.
const NAME_LIMIT: usize = 60;

/// How it looks.
const STYLE: &str = "<style>\
    .node rect{fill:#fff;stroke:#57606a;stroke-width:1.5}\
    .new rect{stroke:#1a7f37}.changed rect{stroke:#9a6700}.gone rect{stroke:#cf222e}\
    text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#1f2328}\
    .note{fill:#57606a}\
    path{fill:none;stroke:#8c959f;stroke-width:1.5}marker path{fill:#8c959f;stroke:none}\
    </style>";

/// A drawing as a file of its own.
pub fn svg(drawing: &Drawing) -> String {
    picture(drawing, STYLE)
}

/// A drawing as part of a page, whose style says how it looks.
pub fn inline(drawing: &Drawing) -> String {
    picture(drawing, "")
}

fn picture(drawing: &Drawing, style: &str) -> String {
    let layout = layout(drawing);
    let columns = Columns::of(drawing, &layout);
    let height = layout.rows * ROW - (ROW - BOX) + 2.0 * MARGIN;
    let width = columns.end;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\">{style}<defs><marker id=\"tip\" \
         viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" \
         orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n"
    );
    for path in &layout.edges {
        arrow(&mut out, path, &columns);
    }
    for (node, spot) in drawing.nodes.iter().zip(&layout.nodes) {
        thing(&mut out, node, *spot, &columns);
    }
    out.push_str("</svg>\n");
    out
}

/// Where the layers are.
struct Columns {
    left: Vec<f64>,
    width: Vec<f64>,
    end: f64,
}

impl Columns {
    fn of(drawing: &Drawing, layout: &Layout) -> Self {
        let mut width = vec![0.0_f64; layout.layers];
        for (node, spot) in drawing.nodes.iter().zip(&layout.nodes) {
            let characters = name(node).chars().count().max(node.note.chars().count());
            let wide = characters as f64 * CHARACTER + 2.0 * PADDING;
            width[spot.layer] = width[spot.layer].max(wide);
        }
        let mut left = Vec::with_capacity(width.len());
        let mut at = MARGIN;
        for wide in &width {
            left.push(at);
            at += wide + GAP;
        }
        Self { left, end: (at - GAP).max(MARGIN) + MARGIN, width }
    }
}

/// The middle of a row.
fn middle(spot: Spot) -> f64 {
    MARGIN + spot.row * ROW + BOX / 2.0
}

fn thing(out: &mut String, node: &Node, spot: Spot, columns: &Columns) {
    let (x, width) = (columns.left[spot.layer], columns.width[spot.layer]);
    let y = middle(spot) - BOX / 2.0;
    let class = node.tone.word();
    let _ = write!(
        out,
        "<g class=\"node {class}\"><title>{}</title><rect x=\"{x:.1}\" y=\"{y:.1}\" \
         width=\"{width:.1}\" height=\"{BOX}\" rx=\"6\"/>",
        escaped(&line(&node.name))
    );
    let x = x + PADDING;
    let first = if node.note.is_empty() { y + BOX / 2.0 + 4.0 } else { y + 17.0 };
    let _ = write!(out, "<text x=\"{x:.1}\" y=\"{first:.1}\">{}</text>", escaped(&name(node)));
    if !node.note.is_empty() {
        let y = y + 32.0;
        let note = escaped(&line(&node.note));
        let _ = write!(out, "<text class=\"note\" x=\"{x:.1}\" y=\"{y:.1}\">{note}</text>");
    }
    out.push_str("</g>\n");
}

/// An arrow that is level where it leaves and enters a layer.
fn arrow(out: &mut String, path: &[Spot], columns: &Columns) {
    let mut line = String::new();
    for pair in path.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let start = columns.left[from.layer] + columns.width[from.layer];
        let end = columns.left[to.layer];
        let (top, bottom) = (middle(from), middle(to));
        let bend = (start + end) / 2.0;
        if line.is_empty() {
            let _ = write!(line, "M{start:.1} {top:.1}");
        } else {
            let _ = write!(line, "L{start:.1} {top:.1}");
        }
        let _ = write!(line, "C{bend:.1} {top:.1} {bend:.1} {bottom:.1} {end:.1} {bottom:.1}");
    }
    let _ = writeln!(out, "<path d=\"{line}\" marker-end=\"url(#tip)\"/>");
}

/// The name, cut where it is too long.
fn name(node: &Node) -> String {
    let name = line(&node.name);
    if name.chars().count() <= NAME_LIMIT {
        return name;
    }
    let kept: String = name.chars().take(NAME_LIMIT - 1).collect();
    format!("{kept}…")
}

/// Text that means nothing to a reader of SVG or HTML.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
