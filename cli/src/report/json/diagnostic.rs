//! Findings as objects, each with its place and the lines around it.

mod place;

use std::collections::BTreeMap;

use platoform_diagnostic::{Diagnostic, FileId, Severity, Source, Sources, Span};
use platoform_lang::parse;
use serde_json::{Map, Value as Json, json};

use place::{Lines, range};

/// Turns findings about one set of texts into objects. Each text is looked through once, however
/// many findings it has.
pub struct Writer<'a> {
    sources: &'a Sources,
    files: BTreeMap<FileId, File<'a>>,
}

/// A text, and what its places are called.
struct File<'a> {
    source: &'a Source,
    lines: Lines<'a>,
    blocks: Vec<(Span, String)>,
}

impl<'a> Writer<'a> {
    /// For findings that point into these texts.
    pub fn new(sources: &'a Sources) -> Self {
        Self { sources, files: BTreeMap::new() }
    }

    /// The object of one finding.
    pub fn object(&mut self, diagnostic: &Diagnostic) -> Json {
        let mut object = Map::new();
        object.insert("severity".into(), severity(diagnostic).into());
        object.insert("summary".into(), diagnostic.summary.as_str().into());
        object.insert("detail".into(), self.detail(diagnostic).into());
        if let Some(address) = diagnostic.address.as_ref().filter(|_| diagnostic.from_provider) {
            object.insert("address".into(), address.as_str().into());
        }
        if let Some((span, file)) =
            diagnostic.span.and_then(|span| Some((span, self.file(span.file)?)))
        {
            let place = range(&file.lines, span);
            object.insert("snippet".into(), snippet(file, span));
            object.insert(
                "range".into(),
                json!({
                    "filename": &*file.source.name,
                    "start": place.start.json(),
                    "end": place.end.json(),
                }),
            );
        }
        object.into()
    }

    /// The explanation with the advice, which has no field of its own.
    fn detail(&self, diagnostic: &Diagnostic) -> String {
        let explanation = diagnostic.explanation(|place| self.sources.range(place));
        match &diagnostic.help {
            Some(help) if explanation.is_empty() => help.clone(),
            Some(help) => format!("{explanation}\n\n{help}"),
            None => explanation.into_owned(),
        }
    }

    fn file(&mut self, id: FileId) -> Option<&File<'a>> {
        let source = self.sources.get(id)?;
        Some(self.files.entry(id).or_insert_with(|| File {
            source,
            lines: Lines::new(source),
            blocks: if source.name.ends_with(".json") { Vec::new() } else { blocks(id, source) },
        }))
    }
}

/// How bad a finding is, in a word.
pub fn severity(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// The outermost blocks of a text and what they are called, such as `resource "a" "b"`.
fn blocks(id: FileId, source: &Source) -> Vec<(Span, String)> {
    let (body, _) = parse(id, &source.text);
    let named = body.blocks.iter().map(|block| {
        let labels = block.labels.iter().map(|label| format!(" {:?}", label.text));
        (block.header.to(block.body.span), labels.fold(block.kind.name.to_string(), |a, b| a + &b))
    });
    named.collect()
}

/// The lines of a place, what block they belong to, and which part of them is meant.
fn snippet(file: &File<'_>, span: Span) -> Json {
    let place = range(&file.lines, span);
    let (code, start) = file.lines.between(place.start.line, place.end.line, place.end.byte);
    let clamp = |byte: usize| byte.saturating_sub(start).min(code.len());
    let before = place.start.byte.checked_sub(1);
    let inside = |around: &Span| {
        before.is_some_and(|byte| (around.start as usize..around.end as usize).contains(&byte))
    };
    let context = file.blocks.iter().find(|(around, _)| inside(around));
    json!({
        "context": context.map(|(_, name)| name),
        "code": code,
        "start_line": place.start.line,
        "highlight_start_offset": clamp(place.start.byte),
        "highlight_end_offset": clamp(place.end.byte),
        "values": [],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_as_terraform_counts_them() {
        let mut sources = Sources::default();
        let text = "# é\nresource \"a\" \"b\" {\n  x = \"e\u{301}🇩🇪\" + 1\n}\n";
        let file = sources.add("main.tf", text);
        let start = text.find("+ 1").unwrap();
        let found =
            Diagnostic::error("Bad", "Why").at(Span::new(file, start, start + 3)).help("Do");
        let json = Writer::new(&sources).object(&found);
        assert_eq!(
            json,
            json!({
                "severity": "error",
                "summary": "Bad",
                "detail": "Why\n\nDo",
                "range": {
                    "filename": "main.tf",
                    "start": { "line": 3, "column": 12, "byte": start },
                    "end": { "line": 3, "column": 15, "byte": start + 3 },
                },
                "snippet": {
                    "context": "resource \"a\" \"b\"",
                    "code": "  x = \"e\u{301}🇩🇪\" + 1",
                    "start_line": 3,
                    "highlight_start_offset": 20,
                    "highlight_end_offset": 23,
                    "values": [],
                },
            })
        );
    }

    #[test]
    fn a_place_is_never_empty_and_may_span_lines() {
        let mut sources = Sources::default();
        let file = sources.add("main.tf", "a = [\n1\n]\n");
        let mut writer = Writer::new(&sources);
        let mut at =
            |start, end| writer.object(&Diagnostic::error("B", "").at(Span::new(file, start, end)));
        let all = at(4, 9);
        assert_eq!(all["snippet"]["code"], "a = [\n1\n]");
        assert_eq!(all["range"]["end"], json!({ "line": 3, "column": 2, "byte": 9 }));
        let empty = at(2, 2);
        assert_eq!(empty["range"]["end"], json!({ "line": 1, "column": 4, "byte": 3 }));
        let last = at(10, 10);
        assert_eq!(last["range"]["start"], json!({ "line": 4, "column": 1, "byte": 10 }));
        assert_eq!(last["snippet"]["code"], "");
    }
}
