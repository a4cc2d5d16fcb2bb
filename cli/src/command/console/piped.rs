//! Expressions that come through a pipe, one a line.

use std::io::{self, BufRead as _};

use platoform_diagnostic::Diagnostic;
use platoform_lang::is_open;

use super::session::{Answer, Console};
use crate::error::{Failure, Outcome};
use crate::report::value::Printer;
use crate::settings::Settings;

/// Answers each line as it comes. An expression takes further lines while a bracket is open. The
/// first one that fails is the last.
pub fn run(settings: &Settings, console: &Console) -> Result<Outcome, Failure> {
    let printer = Printer { marks: true, terminal: settings.output.terminal };
    let mut input = io::stdin().lock();
    let mut text = Vec::new();
    loop {
        let length = input.read_until(b'\n', &mut text).map_err(|error| unreadable(&error))?;
        let expression = std::str::from_utf8(&text).map_err(|_| not_unicode())?;
        if length > 0 && is_open(expression) {
            continue;
        }
        match console.answer(without_line_end(expression), printer)? {
            Answer::Nothing => {}
            Answer::Text(answer) => settings.output.data(&format!("{answer}\n"))?,
            Answer::Exit => return Ok(Outcome::Done),
        }
        if length == 0 {
            return Ok(Outcome::Done);
        }
        text.clear();
    }
}

/// The text as it is evaluated: space around it does not count, but the line end after a heredoc.
fn without_line_end(text: &str) -> &str {
    let trimmed = text.trim();
    if trimmed.contains('\n') { text.trim_start() } else { trimmed }
}

fn unreadable(error: &io::Error) -> Failure {
    Diagnostic::error("Input cannot be read", error.to_string()).into()
}

fn not_unicode() -> Failure {
    Diagnostic::error("Invalid character encoding", "All input must be UTF-8 encoded").into()
}
