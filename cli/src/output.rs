//! The only place that writes to the terminal: data to stdout, everything else to stderr.

use std::io::{self, IsTerminal, Write};

use platoform_diagnostic::{Diagnostic, Sources};

use crate::error::Failure;
use crate::report::diagnostic::{Look, diagnostics};
use crate::report::json::stream;
use crate::report::paint::Paint;
use crate::report::value::Printer;

/// Columns where nobody says how many there are.
const DEFAULT_WIDTH: usize = 80;
/// Columns beyond which text gets hard to read.
const GREATEST_WIDTH: usize = 120;

/// Where text goes and how it may look there.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    /// Colours on stdout.
    pub data: Paint,
    /// Colours on stderr.
    pub note: Paint,
    /// Stdout is a terminal.
    pub terminal: bool,
    /// Stderr is a terminal that lines can be redrawn on.
    pub interactive: bool,
    /// Columns.
    pub width: usize,
    /// What goes on is told as a stream of JSON objects on stdout.
    pub stream: bool,
}

impl Output {
    /// Looks at what stdout and stderr are. `colour` allows colours where there is a terminal,
    /// `redraw` to draw over what was drawn.
    pub fn detect(colour: bool, redraw: bool) -> Self {
        let (data, note) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let size = terminal_size::terminal_size_of(io::stderr());
        let width = size.map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0));
        Self {
            data: Paint { colour: colour && data },
            note: Paint { colour: colour && note },
            terminal: data,
            interactive: note && redraw,
            width: width.clamp(40, GREATEST_WIDTH),
            stream: false,
        }
    }

    /// The same, as a stream of JSON objects or not. Nothing is coloured or redrawn in one.
    pub fn streaming(self, stream: bool) -> Self {
        if !stream {
            return self;
        }
        let plain = Paint::default();
        Self { data: plain, note: plain, interactive: false, stream, ..self }
    }

    /// How values that were asked for by name are written.
    pub fn printer(&self) -> Printer {
        Printer { marks: false, terminal: self.terminal }
    }

    /// Writes what was asked for.
    ///
    /// # Errors
    /// When it cannot be written, except that a reader who has seen enough is no error.
    pub fn data(&self, text: &str) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Diagnostic::error("Output cannot be written", error.to_string()).into())
            }
            _ => Ok(()),
        }
    }

    /// Writes what goes on. That nobody can read it changes nothing.
    pub fn note(&self, text: &str) {
        if self.stream {
            return self.event(&stream::log(text));
        }
        let mut stderr = io::stderr().lock();
        let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
    }

    /// Writes lines of the stream. That nobody can read them changes nothing.
    pub fn event(&self, lines: &str) {
        let mut stdout = io::stdout().lock();
        let _ = stdout.write_all(lines.as_bytes()).and_then(|()| stdout.flush());
    }

    /// Writes findings.
    pub fn diagnostics<'a>(
        &self,
        all: impl IntoIterator<Item = &'a Diagnostic>,
        sources: &Sources,
    ) {
        if self.stream {
            return self.event(&stream::diagnostics(all, sources));
        }
        let look = Look { fancy: self.note.colour, width: self.width };
        let text = diagnostics(all, sources, look);
        if !text.is_empty() {
            self.note(&format!("\n{}\n", text.trim_end()));
        }
    }
}
