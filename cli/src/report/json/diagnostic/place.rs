//! Lines, columns and bytes.

use platoform_diagnostic::{Source, Span};
use serde_json::{Value as Json, json};

/// A place: lines and columns count from 1, bytes from 0; a column is a grapheme cluster.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
    /// Offset in the text.
    pub byte: usize,
}

impl Place {
    /// The object clients read.
    pub fn json(self) -> Json {
        json!({ "line": self.line, "column": self.column, "byte": self.byte })
    }
}

/// From a place to before another; never empty.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// The first.
    pub start: Place,
    /// The one after the last.
    pub end: Place,
}

/// A text whose places can be found quickly.
pub struct Lines<'a> {
    source: &'a Source,
    /// Where each line starts.
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Finds the lines of a text.
    pub fn new(source: &'a Source) -> Self {
        let breaks = source.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self { source, starts: std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect() }
    }

    fn place(&self, byte: usize) -> Place {
        let text = &self.source.text;
        let byte = text.floor_char_boundary(byte.min(text.len()));
        let line = self.starts.partition_point(|start| *start <= byte);
        let start = self.starts[line - 1];
        let column = self.source.column_after(&text[start..byte]);
        Place { line, column, byte }
    }

    /// The lines from one to another without the last line break, and where the first starts. A
    /// line that a place only ends before does not count.
    pub fn between(&self, first: usize, last: usize, end: usize) -> (String, usize) {
        let start = self.starts[first - 1];
        let last = if last > first && self.starts[last - 1] == end { last - 1 } else { last };
        let text = &self.source.text;
        let stop = self.starts.get(last).copied().unwrap_or(text.len());
        let lines: Vec<&str> = text[start..stop].lines().collect();
        (lines.join("\n"), start)
    }
}

/// Where a span lies.
pub fn range(lines: &Lines<'_>, span: Span) -> Range {
    let start = lines.place(span.start as usize);
    let mut end = lines.place((span.end as usize).max(start.byte));
    if end.byte == start.byte {
        end.byte += 1;
        end.column += 1;
    }
    Range { start, end }
}
