//! Draws a [`Diff`] as text, in the manner of Terraform's plans.

use std::fmt::Write as _;
use std::sync::Arc;

use super::diff::{Block, Body, Content, Diff, Line, Shape, Sign};
use super::literal::{line, literal, name, quoted};
use super::paint::Paint;

/// Unchanged lines of text that are shown around a changed one.
const CONTEXT_LINES: usize = 3;
/// Attributes that are shown even when they do not change: they say which object it is.
pub const IDENTIFYING: [&str; 2] = ["id", "name"];

/// How much is drawn of what does not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// All, as the language would write it and without signs: for states.
    Full,
    /// What says which object it is, what is beside a change, and how much else there is.
    Context,
    /// Nothing.
    Changes,
}

/// How to draw.
#[derive(Clone, Copy, Debug)]
pub struct Renderer {
    /// Colours.
    pub paint: Paint,
    /// How much.
    pub depth: Depth,
    /// Signs stand in the first column, as `diff` writes them, with `!` for a change.
    pub gutter: bool,
}

impl Renderer {
    /// Draws states.
    pub fn state(paint: Paint) -> Self {
        Self { paint, depth: Depth::Full, gutter: false }
    }

    /// Draws plans for a terminal.
    pub fn plan(paint: Paint) -> Self {
        Self { paint, depth: Depth::Context, gutter: false }
    }

    /// Draws plans as `diff` writes changes.
    pub fn difference(depth: Depth) -> Self {
        Self { paint: Paint::default(), depth, gutter: true }
    }

    /// Whether lines carry signs.
    fn changes(&self) -> bool {
        self.depth != Depth::Full
    }

    /// Parts of one kind that do not change are counted, not shown.
    fn hidden(&self, count: usize, noun: &str) -> Option<String> {
        let plural = if count == 1 { "" } else { "s" };
        let told = count > 0 && self.depth == Depth::Context;
        told.then(|| format!("# ({count} unchanged {noun}{plural} hidden)"))
    }

    /// Whether an attribute is shown though it does not change.
    fn identifies(&self, key: &str) -> bool {
        self.depth == Depth::Context && IDENTIFYING.contains(&key)
    }

    /// Everything inside a block's braces, each line at a level.
    pub fn body(&self, out: &mut String, body: &Body, level: usize) {
        let shown = |key: &str, diff: &Diff| {
            !self.changes() || diff.sign != Sign::Same || self.identifies(key)
        };
        self.pairs(out, &body.attributes, shown, line, level, true);
        let mut unchanged = 0;
        for (index, block) in body.blocks.iter().enumerate() {
            if self.changes() && block.sign == Sign::Same {
                unchanged += 1;
                continue;
            }
            out.push_str(if index > 0 || !body.attributes.is_empty() { "\n" } else { "" });
            self.block(out, block, level);
        }
        if let Some(remark) = self.hidden(unchanged, "block") {
            out.push_str(if body.attributes.is_empty() && unchanged == body.blocks.len() {
                ""
            } else {
                "\n"
            });
            self.remark(out, &remark, level);
        }
    }

    /// `key = value` lines with aligned equal signs, and how many are hidden.
    fn pairs(
        &self,
        out: &mut String,
        pairs: &[(Arc<str>, Diff)],
        shown: impl Fn(&str, &Diff) -> bool,
        write_key: impl Fn(&str) -> String,
        level: usize,
        null: bool,
    ) {
        let shown: Vec<(String, &Diff)> = pairs
            .iter()
            .filter(|(key, diff)| shown(key, diff))
            .map(|(key, diff)| (write_key(key), diff))
            .collect();
        let width = shown.iter().map(|(key, _)| key.chars().count()).max().unwrap_or_default();
        for (key, diff) in &shown {
            self.start(out, level, diff.sign);
            let _ = write!(out, "{key:width$} = ");
            self.value(out, diff, level, null);
            out.push('\n');
        }
        if let Some(remark) = self.hidden(pairs.len() - shown.len(), "attribute") {
            self.remark(out, &remark, level);
        }
    }

    fn block(&self, out: &mut String, block: &Block, level: usize) {
        self.start(out, level, block.sign);
        out.push_str(&block.name);
        if let Some(label) = &block.label {
            out.push(' ');
            out.push_str(&quoted(label));
        }
        match &block.content {
            Content::Unknown => {
                let _ = writeln!(out, " (known after apply){}", self.remarks(block.forces, None));
                return;
            }
            Content::Sensitive => {
                let _ = writeln!(out, " {{{}", self.remarks(block.forces, None));
                let remark = "# (holds a sensitive value, so nothing of it is shown)";
                self.remark(out, remark, level + 1);
            }
            Content::Body(body) => {
                let _ = writeln!(out, " {{{}", self.remarks(block.forces, None));
                self.body(out, body, level + 1);
            }
        }
        self.margin(out, level);
        out.push_str("}\n");
    }

    /// A value, from where the line stands; the last line is left open. `null` says that a value
    /// that goes away becomes null.
    pub fn value(&self, out: &mut String, diff: &Diff, level: usize, null: bool) {
        let remarks = self.remarks(diff.forces, diff.note);
        let mut after_opening = remarks.as_str();
        let mut after_closing = "";
        match &diff.shape {
            Shape::Literal(value) => {
                out.push_str(&literal(value));
                (after_opening, after_closing) = ("", &remarks);
            }
            Shape::Sensitive => {
                out.push_str("(sensitive value)");
                (after_opening, after_closing) = ("", &remarks);
            }
            Shape::Unknown => {
                out.push_str("(known after apply)");
                (after_opening, after_closing) = ("", &remarks);
            }
            Shape::Turn(before, after) => {
                self.value(out, before, level, false);
                let _ = write!(out, " {} ", self.paint.yellow("->"));
                self.value(out, after, level, false);
                (after_opening, after_closing) = ("", &remarks);
            }
            _ => {}
        }
        match &diff.shape {
            Shape::Text(lines) => self.text(out, lines, diff.sign, after_opening, level),
            Shape::Json(inner) => self.encoded(out, "json", inner, after_opening, level),
            Shape::Yaml(inner) => self.encoded(out, "yaml", inner, after_opening, level),
            Shape::List { ordered, items } => {
                self.list(out, items, *ordered, after_opening, level);
            }
            Shape::Entries { map, entries } => {
                let _ = writeln!(out, "{{{after_opening}");
                let shown = |key: &str, diff: &Diff| {
                    !self.changes() || diff.sign != Sign::Same || (!map && self.identifies(key))
                };
                let null = *map && diff.sign == Sign::Change;
                self.pairs(out, entries, shown, |key| name(key, *map), level + 1, null);
                self.margin(out, level);
                out.push('}');
            }
            _ => {}
        }
        if null && diff.sign == Sign::Remove {
            out.push_str(&self.paint.dim(" -> null"));
        }
        out.push_str(after_closing);
    }

    /// A text that holds a value in a format, as the call of the function that would write it.
    fn encoded(&self, out: &mut String, format: &str, inner: &Diff, remarks: &str, level: usize) {
        let _ = writeln!(out, "{format}encode({remarks}");
        let sign = if inner.sign == Sign::Change { Sign::Change } else { Sign::Same };
        self.start(out, level + 1, sign);
        self.value(out, inner, level + 1, false);
        out.push('\n');
        self.margin(out, level);
        out.push(')');
    }

    fn list(&self, out: &mut String, items: &[Diff], ordered: bool, remarks: &str, level: usize) {
        let _ = writeln!(out, "[{remarks}");
        let same = |index: usize| items.get(index).is_none_or(|item| item.sign == Sign::Same);
        let shown = |index: usize| {
            let beside = (index > 0 && !same(index - 1)) || !same(index + 1);
            let simple = ordered && matches!(items[index].shape, Shape::Literal(_));
            let simple = simple && self.depth == Depth::Context;
            !self.changes() || !same(index) || (beside && simple)
        };
        let mut unchanged = 0;
        for (index, item) in items.iter().enumerate() {
            if !shown(index) {
                unchanged += 1;
                continue;
            }
            if let Some(remark) = self.hidden(std::mem::take(&mut unchanged), "element") {
                self.remark(out, &remark, level + 1);
            }
            self.start(out, level + 1, item.sign);
            self.value(out, item, level + 1, false);
            out.push_str(",\n");
        }
        if let Some(remark) = self.hidden(unchanged, "element") {
            self.remark(out, &remark, level + 1);
        }
        self.margin(out, level);
        out.push(']');
    }

    fn text(&self, out: &mut String, lines: &[Line], whole: Sign, remarks: &str, level: usize) {
        let end = terminator(lines);
        let _ = writeln!(out, "<<-{end}{remarks}");
        let changes: Vec<usize> = lines
            .iter()
            .enumerate()
            .filter_map(|(index, line)| (line.sign != Sign::Same).then_some(index))
            .collect();
        let context = if self.depth == Depth::Changes { 0 } else { CONTEXT_LINES };
        let near = |index: usize| {
            let next = changes.partition_point(|change| change + context < index);
            changes.is_empty() || changes.get(next).is_some_and(|change| *change <= index + context)
        };
        let mut unchanged = 0;
        for (index, text) in lines.iter().enumerate() {
            if !near(index) {
                unchanged += 1;
                continue;
            }
            if let Some(remark) = self.hidden(std::mem::take(&mut unchanged), "line") {
                self.remark(out, &remark, level + 1);
            }
            // In the first column each line of a text that comes or goes says so.
            let sign = if self.gutter && changes.is_empty() { whole } else { text.sign };
            self.start(out, level + 1, sign);
            if text.text.is_empty() {
                out.truncate(out.trim_end_matches(' ').len());
            }
            out.push_str(&line(&text.text));
            out.push('\n');
        }
        if let Some(remark) = self.hidden(unchanged, "line") {
            self.remark(out, &remark, level + 1);
        }
        self.margin(out, level);
        out.push_str(&end);
    }

    /// Remarks after what they are about.
    fn remarks(&self, forces: bool, note: Option<&str>) -> String {
        let forces = forces.then(|| self.paint.red(" # forces replacement"));
        let note = note.map(|note| self.paint.dim(format!(" # {note}")));
        forces.unwrap_or_default() + &note.unwrap_or_default()
    }

    /// A line that only remarks something.
    fn remark(&self, out: &mut String, remark: &str, level: usize) {
        self.margin(out, level);
        out.push_str(&self.paint.dim(remark));
        out.push('\n');
    }

    /// Begins a line with a sign.
    pub fn start(&self, out: &mut String, level: usize, sign: Sign) {
        if self.gutter {
            let sign = match sign {
                Sign::Same => ' ',
                Sign::Add => '+',
                Sign::Remove => '-',
                Sign::Change => '!',
            };
            let _ = write!(out, "{sign} {:1$}", "", level * 2);
        } else if self.changes() && sign != Sign::Same {
            let _ = write!(out, "{:1$}{sign} ", "", level * 4 + 2, sign = self.paint.sign(sign));
        } else {
            self.margin(out, level);
        }
    }

    fn margin(&self, out: &mut String, level: usize) {
        if self.gutter {
            return self.start(out, level, Sign::Same);
        }
        let level = if self.changes() { level + 1 } else { level };
        out.extend(std::iter::repeat_n(' ', level * 4));
    }
}

/// A word that ends a heredoc and is none of its lines.
fn terminator(lines: &[Line]) -> String {
    let taken = |word: &str| lines.iter().any(|line| line.text.trim() == word);
    let mut word = "EOT".to_owned();
    while taken(&word) {
        word.push('_');
    }
    word
}
