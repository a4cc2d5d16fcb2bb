//! Findings, with the source text they are about.

use std::fmt;
use std::sync::Arc;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};
use platoform_diagnostic::{Diagnostic, Severity, Source, Sources, Span};

use super::literal::line;

/// Source lines longer than this are not shown: nobody would find the place in them.
const LINE_LIMIT: usize = 400;

/// How findings are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Colours and box characters; otherwise plain ASCII.
    pub fancy: bool,
    /// Columns.
    pub width: usize,
}

/// How many findings are shown in full: more are not read, and each costs a walk through its file.
const SHOWN: usize = 100;

/// All findings in their order, each followed by an empty line.
pub fn diagnostics<'a>(
    all: impl IntoIterator<Item = &'a Diagnostic>,
    sources: &Sources,
    look: Look,
) -> String {
    let handler = GraphicalReportHandler::new_themed(theme(look.fancy))
        .with_width(look.width)
        .with_wrap_lines(true)
        .with_links(false);
    let mut out = String::new();
    let mut left = 0;
    for (number, diagnostic) in all.into_iter().enumerate() {
        if number >= SHOWN {
            left += 1;
            continue;
        }
        let report = Report::new(diagnostic, sources);
        let start = out.len();
        if handler.render_report(&mut out, &report).is_err() {
            out.truncate(start);
            out.push_str(&format!("{report}\n"));
        }
        while out.ends_with("\n\n") {
            out.pop();
        }
        out.push('\n');
    }
    if left > 0 {
        out.push_str(&format!("… and {left} more\n"));
    }
    out
}

fn theme(fancy: bool) -> GraphicalTheme {
    if fancy {
        GraphicalTheme { characters: ThemeCharacters::unicode(), styles: ThemeStyles::ansi() }
    } else {
        GraphicalTheme { characters: ThemeCharacters::ascii(), styles: ThemeStyles::none() }
    }
}

/// One finding in the form that miette draws.
#[derive(Debug)]
struct Report {
    severity: miette::Severity,
    text: String,
    help: Option<String>,
    source: Option<Text>,
    labels: Vec<LabeledSpan>,
}

/// A source text of which every place is harmless to draw.
#[derive(Debug)]
struct Text {
    name: String,
    text: Arc<str>,
}

impl SourceCode for Text {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text.read_span(span, before, after)?;
        // Counted in characters, as everywhere else, not in bytes.
        let line = &self.text[..contents.span().offset()];
        let column = line[line.rfind('\n').map_or(0, |index| index + 1)..].chars().count();
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            contents.data(),
            *contents.span(),
            contents.line(),
            column,
            contents.line_count(),
        )))
    }
}

impl Report {
    fn new(diagnostic: &Diagnostic, sources: &Sources) -> Self {
        let (severity, word) = match diagnostic.severity {
            Severity::Error => (miette::Severity::Error, "Error"),
            Severity::Warning => (miette::Severity::Warning, "Warning"),
        };
        let mut text = format!("{word}: {}", lines(&diagnostic.summary));
        let mut add = |more: &str| {
            text.push('\n');
            text.push_str(more);
        };
        let explanation = diagnostic.explanation(|place| sources.range(place));
        if !explanation.is_empty() {
            add(&lines(&explanation));
        }
        if let Some(address) = &diagnostic.address {
            add(&format!("with {}", line(address)));
        }
        let primary = diagnostic.span.or(diagnostic.labels.first().map(|label| label.span));
        let source = primary.and_then(|span| sources.get(span.file));
        let drawable = source.zip(primary).filter(|(source, span)| is_drawable(source, *span));
        let mut labels = Vec::new();
        if let (Some((source, _)), Some(span)) = (drawable, diagnostic.span) {
            labels.push(LabeledSpan::new_primary_with_span(None, place(source, span)));
        } else if let Some(place) = diagnostic.span.and_then(|span| sources.place(span)) {
            add(&format!("at {place}"));
        }
        for label in &diagnostic.labels {
            let message = lines(&label.message);
            match drawable.filter(|(source, _)| is_drawable(source, label.span)) {
                Some((source, span)) if span.file == label.span.file => {
                    labels
                        .push(LabeledSpan::new_with_span(Some(message), place(source, label.span)));
                }
                _ => {
                    if let Some(place) = sources.place(label.span) {
                        add(&format!("{place}: {message}"));
                    }
                }
            }
        }
        let source = drawable.map(|(source, _)| harmless(source));
        Self { severity, text, help: diagnostic.help.as_deref().map(lines), source, labels }
    }
}

/// Text of several lines with control characters escaped.
fn lines(text: &str) -> String {
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The start of a place, and its length, both inside the text and between characters.
fn place(source: &Source, span: Span) -> SourceSpan {
    let (start, end) = bounds(&source.text, span);
    (start, end - start).into()
}

fn bounds(text: &str, span: Span) -> (usize, usize) {
    let start = text.floor_char_boundary((span.start as usize).min(text.len()));
    let end = text.ceil_char_boundary((span.end as usize).clamp(start, text.len()));
    (start, end)
}

fn is_drawable(source: &Source, span: Span) -> bool {
    let (start, end) = bounds(&source.text, span);
    let text = source.text.as_bytes();
    let first = text[..start].iter().rposition(|byte| *byte == b'\n').map_or(0, |index| index + 1);
    let last =
        text[end..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |index| end + index);
    source.text[first..last].lines().all(|line| line.len() <= LINE_LIMIT)
}

/// The text with control characters replaced, so that none reaches the terminal; offsets stay.
fn harmless(source: &Source) -> Text {
    let harmful =
        |character: char| character.is_ascii_control() && !matches!(character, '\n' | '\r' | '\t');
    let text = if source.text.contains(harmful) {
        source.text.replace(harmful, "?").into()
    } else {
        source.text.clone()
    };
    Text { name: line(&source.name), text }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl std::error::Error for Report {}

impl miette::Diagnostic for Report {
    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty()).then(|| Box::new(self.labels.iter().cloned()) as _)
    }
}

#[cfg(test)]
mod tests {
    use platoform_diagnostic::FileId;

    use super::*;

    const PLAIN: Look = Look { fancy: false, width: 80 };

    fn example() -> (Sources, FileId) {
        let mut sources = Sources::default();
        let text = "resource \"docker_container\" \"web\" {\n  image = docker_image.wbe.image_id\n  \
                    image = \"b\"\n}\n";
        let file = sources.add("main.tf", text);
        (sources, file)
    }

    #[test]
    fn several_at_once() {
        let (sources, file) = example();
        let all = [
            Diagnostic::error(
                "Reference to undeclared resource",
                "A managed resource `docker_image` `wbe` has not been declared in the root module",
            )
            .at(Span::new(file, 46, 62))
            .help("did you mean `docker_image.web`?")
            .about("docker_container.web"),
            Diagnostic::error("Attribute redefined", "The argument `image` was already set")
                .at(Span::new(file, 74, 79))
                .label(Span::new(file, 38, 43), "first set here"),
            Diagnostic::warning(
                "Value for undeclared variable",
                "`v` was given on the command line",
            ),
        ];
        insta::assert_snapshot!(diagnostics(&all, &sources, PLAIN));
        let fancy = diagnostics(&all[..1], &sources, Look { fancy: true, width: 60 });
        insta::assert_snapshot!("fancy", fancy.replace('\u{1b}', "␛"));
    }

    #[test]
    fn a_second_place_in_another_file_is_named() {
        let (mut sources, file) = example();
        let other = sources.add("modules/web/main.tf", "a = 1\r\nb = 2\r\n");
        let one = Diagnostic::error("Duplicate variable", "")
            .at(Span::new(other, 7, 8))
            .label(Span::new(file, 2, 5), "the first is here");
        insta::assert_snapshot!(diagnostics([&one], &sources, PLAIN));
    }

    #[test]
    fn tabs_and_wide_characters_are_marked_in_full() {
        let mut sources = Sources::default();
        let file = sources.add("main.tf", "\tname = \"日本語\" + é\r\n\tother = 1\r\n");
        let at = |start, end| Diagnostic::error("Odd", "").at(Span::new(file, start, end));
        let all = [at(8, 19), at(22, 24), at(9, 40)];
        insta::assert_snapshot!(diagnostics(&all, &sources, PLAIN));
    }

    #[test]
    fn no_place_makes_it_panic() {
        let mut sources = Sources::default();
        let texts = ["", "é\t=\t日本語\r\n", "\u{1b}[31m\0", "x", "\n\n", &"y".repeat(5000)];
        let files = texts.map(|text| sources.add("f.hcl", text));
        for file in files.into_iter().chain([FileId(77)]) {
            for (start, end) in [(0, 0), (0, 1), (1, 2), (3, 2), (4, 11), (900, 9999), (7, 7)] {
                for fancy in [false, true] {
                    let one = Diagnostic::error("Bad\u{1b}[2J", "text\nover lines")
                        .at(Span { file, start, end })
                        .label(Span { file, start: end, end: start }, "here");
                    let text = diagnostics([&one], &sources, Look { fancy, width: 20 });
                    assert!(text.contains("Error:") && text.contains("Bad"), "{text}");
                    assert!(fancy || !text.contains('\u{1b}'), "{text}");
                }
            }
        }
    }
}
