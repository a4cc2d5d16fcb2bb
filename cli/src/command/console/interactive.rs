//! Expressions typed on a terminal.

use std::fs;
use std::path::{Path, PathBuf};

use platoform_diagnostic::{Diagnostic, Sources};
use platoform_lang::is_open;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Config, Context, Editor, Helper};

use super::complete::Words;
use super::session::{Answer, Console};
use crate::error::{Failure, Outcome};
use crate::report::value::Printer;
use crate::settings::Settings;

/// What asks for an expression.
const PROMPT: &str = "> ";
/// How many lines are remembered.
const HISTORY_LENGTH: usize = 1000;
/// Name of the file that remembers them.
const HISTORY_FILE: &str = "console_history";

/// Answers what is typed, until the end is asked for.
pub fn run(settings: &Settings, console: &Console) -> Result<Outcome, Failure> {
    let mut editor = editor(console).map_err(|error| broken(&error))?;
    let history = history(settings);
    if let Some(file) = &history {
        // A history that is not there yet, or not readable, is an empty one.
        let _ = editor.load_history(file);
    }
    let outcome = converse(settings, console, &mut editor);
    if let Some(file) = &history
        && let Err(error) = keep(&mut editor, file)
    {
        let detail = format!("`{}`: {error}", file.display());
        let warning = Diagnostic::warning("History cannot be kept", detail);
        settings.output.diagnostics([&warning], &Sources::default());
    }
    outcome.map(|()| Outcome::Done)
}

fn converse(settings: &Settings, console: &Console, editor: &mut Typing) -> Result<(), Failure> {
    let printer = Printer { marks: true, terminal: true };
    loop {
        let text = match editor.readline(PROMPT) {
            Ok(text) => text,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => return Ok(()),
            Err(error) => return Err(broken(&error)),
        };
        if !text.trim().is_empty() {
            editor.add_history_entry(text.trim_end()).map_err(|error| broken(&error))?;
        }
        match console.answer(&text, printer) {
            Ok(Answer::Nothing) => {}
            Ok(Answer::Text(answer)) => settings.output.data(&format!("{answer}\n"))?,
            Ok(Answer::Exit) => return Ok(()),
            Err(failure) => settings.output.diagnostics(&failure.diagnostics, &failure.sources),
        }
    }
}

/// An editor of lines.
type Typing = Editor<Assistant, FileHistory>;

fn editor(console: &Console) -> rustyline::Result<Typing> {
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .max_history_size(HISTORY_LENGTH)?
        .history_ignore_space(true)
        .build();
    let mut editor = Editor::with_config(config)?;
    editor.set_helper(Some(Assistant(Words::of(console.topology()))));
    Ok(editor)
}

/// Where lines are remembered: in the user's data directory. `None` when there is none.
fn history(settings: &Settings) -> Option<PathBuf> {
    settings.data_directory().map(|directory| directory.join(HISTORY_FILE))
}

/// Writes the history to a file that only its owner can read.
fn keep(editor: &mut Typing, file: &Path) -> Result<(), ReadlineError> {
    if let Some(directory) = file.parent() {
        fs::create_dir_all(directory).map_err(ReadlineError::Io)?;
    }
    editor.save_history(file)
}

fn broken(error: &ReadlineError) -> Failure {
    Diagnostic::error("The terminal cannot be used", error.to_string()).into()
}

/// Helps with typing: knows what can be completed, and when an expression is whole.
struct Assistant(Words);

impl Helper for Assistant {}
impl Highlighter for Assistant {}

impl Hinter for Assistant {
    type Hint = String;
}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let open = is_open(&format!("{}\n", context.input()));
        Ok(if open { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

impl Completer for Assistant {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _context: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        Ok(self.0.complete(&line[..position]))
    }
}
