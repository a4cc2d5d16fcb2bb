//! Places in files, found quickly where there are many.

use std::cell::RefCell;
use std::collections::HashMap;

use platoform_diagnostic::{FileId, Sources, Span};

use super::model::Place;

/// The lines of some texts; each text is looked through once.
pub struct Places<'a> {
    sources: &'a Sources,
    /// Where the lines of a file begin.
    lines: RefCell<HashMap<FileId, Vec<u32>>>,
}

impl<'a> Places<'a> {
    /// Places in these texts.
    pub fn new(sources: &'a Sources) -> Self {
        Self { sources, lines: RefCell::default() }
    }

    /// Where a span is; `None` where its text is not one of these.
    pub fn of(&self, span: Span) -> Option<Place> {
        let source = self.sources.get(span.file)?;
        let mut lines = self.lines.borrow_mut();
        let starts = lines.entry(span.file).or_insert_with(|| {
            let ends = source.text.bytes().zip(1_u32..).filter(|(byte, _)| *byte == b'\n');
            ends.map(|(_, start)| start).collect()
        });
        let line = |offset: u32| starts.partition_point(|start| *start <= offset) + 1;
        let (line, last_line) = (line(span.start), line(span.end));
        Some(Place { file: source.name.to_string(), line, last_line })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_from_one() {
        let mut sources = Sources::default();
        let file = sources.add("main.tf", "ab\ncd\n\nef");
        let places = Places::new(&sources);
        for (start, end, line, last_line) in
            [(0, 2, 1, 1), (2, 3, 1, 2), (3, 6, 2, 3), (7, 9, 4, 4)]
        {
            let place = places.of(Span::new(file, start, end)).unwrap();
            assert_eq!((place.line, place.last_line), (line, last_line), "{start}");
        }
        let place = places.of(Span::new(file, 7, 9)).unwrap();
        assert_eq!(place.to_string(), "main.tf:4");
    }
}
