//! Source texts and places in them.

use std::sync::{Arc, OnceLock};

use crate::count_clusters;

/// Number of a source text in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A half-open range of bytes in one source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The text the range is in.
    pub file: FileId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset of the byte after the last.
    pub end: u32,
}

impl Span {
    /// The range from `start` to before `end`.
    #[must_use]
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { file, start: clamp(start), end: clamp(end) }
    }

    /// Whether another range is in this one.
    #[must_use]
    pub fn contains(self, other: Span) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// The smallest range that holds both; `other` must be in the same file.
    #[must_use]
    pub fn to(self, other: Span) -> Self {
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A place as a person counts it: both numbers start at 1; a column is what a reader takes for one
/// character, a grapheme cluster. In JSON a tab counts two, as in Terraform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, counted in grapheme clusters.
    pub column: usize,
}

/// One source text and the name it is shown under.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path as the user would write it, relative to the working directory where possible.
    pub name: Arc<str>,
    /// The whole text.
    pub text: Arc<str>,
    /// Where each line but the first begins; found out when the first place is asked for.
    lines: OnceLock<Vec<u32>>,
}

/// All source texts of one run. Cheap to clone is not needed: it is built once and then read.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a text and returns its number.
    pub fn add(&mut self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        let (name, text) = (name.into(), text.into());
        self.files.push(Source { name, text, lines: OnceLock::new() });
        id
    }

    /// The text with this number, if there is one.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&Source> {
        self.files.get(id.0 as usize)
    }

    /// All texts in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// Where a span starts, counted by lines and columns.
    #[must_use]
    pub fn position(&self, span: Span) -> Option<Position> {
        let source = self.get(span.file)?;
        let text = &source.text;
        let mut offset = (span.start as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let (line, start) = source.line_at(offset);
        Some(Position { line, column: source.column_after(&text[start..offset]) })
    }

    /// The place as `name:line`, for one-line mentions such as "changed at nodes.hcl:14".
    #[must_use]
    pub fn place(&self, span: Span) -> Option<String> {
        let position = self.position(span)?;
        Some(format!("{}:{}", self.get(span.file)?.name, position.line))
    }

    /// The place as `name:line,column-column`, or `name:line,column-line,column` where it goes over
    /// several lines, as messages that are text name places.
    #[must_use]
    pub fn range(&self, span: Span) -> Option<String> {
        let start = self.position(span)?;
        let end = self.position(Span { start: span.end, ..span })?;
        let name = &self.get(span.file)?.name;
        let (line, column) = (start.line, start.column);
        if line == end.line {
            return Some(format!("{name}:{line},{column}-{}", end.column));
        }
        Some(format!("{name}:{line},{column}-{},{}", end.line, end.column))
    }

    /// The text a span covers; empty when the span lies outside its file.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.file)
            .and_then(|source| source.text.get(span.start as usize..span.end as usize))
            .unwrap_or_default()
    }
}

impl Source {
    /// The number of the line that an offset is in, from 1, and where that line begins.
    fn line_at(&self, offset: usize) -> (usize, usize) {
        let lines = self.lines.get_or_init(|| {
            // Spans do not go further than 32 bits.
            let ends = self.text.match_indices('\n');
            ends.map_while(|(end, _)| u32::try_from(end + 1).ok()).collect()
        });
        let before = lines.partition_point(|start| *start as usize <= offset);
        let start = before.checked_sub(1).map_or(0, |last| lines[last] as usize);
        (before + 1, start)
    }

    /// The column that follows the beginning of a line.
    #[must_use]
    pub fn column_after(&self, start: &str) -> usize {
        let tabs = if self.name.ends_with(".json") { start.matches('\t').count() } else { 0 };
        let text = start.strip_prefix('\u{feff}').unwrap_or(start);
        tabs + count_clusters(text) + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters() {
        let mut sources = Sources::default();
        let file = sources.add("a.hcl", "é = 1\nname = \"x\"\n");
        let span = Span::new(file, 7, 11);
        assert_eq!(sources.slice(span), "name");
        assert_eq!(sources.position(span), Some(Position { line: 2, column: 1 }));
        assert_eq!(sources.position(Span::new(file, 3, 4)), Some(Position { line: 1, column: 3 }));
        assert_eq!(sources.place(span).as_deref(), Some("a.hcl:2"));
        assert_eq!(sources.range(span).as_deref(), Some("a.hcl:2,1-5"));
        let both = Span::new(file, 0, 11);
        assert_eq!(sources.range(both).as_deref(), Some("a.hcl:1,1-2,5"));
    }

    #[test]
    fn a_span_beyond_its_file_is_harmless() {
        let mut sources = Sources::default();
        let file = sources.add("a.hcl", "x");
        assert_eq!(sources.slice(Span::new(file, 5, 9)), "");
        assert!(sources.position(Span::new(file, 5, 9)).is_some());
        assert_eq!(sources.position(Span::new(FileId(9), 0, 0)), None);
    }
}
