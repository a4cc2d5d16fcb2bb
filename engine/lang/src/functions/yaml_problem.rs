//! What is wrong with a YAML document, and where.

use libyaml_safer::{Error, ErrorKind, Mark};

use super::yaml_input::Input;

/// What is said of text in quotes that does not end. The line it should end in is the last.
const UNEXPECTED_END: &str = "found unexpected end of stream";

/// A message with its place. Lines count from zero in it, columns from one, and the first line is
/// not mentioned: so it is in the reference.
pub(super) fn placed(mark: Mark, message: &str) -> String {
    on(mark.line, mark.column, message)
}

fn on(line: u64, column: u64, message: &str) -> String {
    if line == 0 {
        return message.to_owned();
    }
    format!("on line {line}, column {}: {message}", column + 1)
}

/// What to say about an error of the parser.
pub(super) fn syntax(error: &Error, input: &Input) -> String {
    let message = error.problem();
    let mut problem = error.problem_mark();
    let is_split = error.kind() == ErrorKind::Scanner;
    if message == UNEXPECTED_END
        && let Some(mark) = problem.as_mut().filter(|mark| input.is_past_end(mark.index))
    {
        mark.line -= 1;
    }
    match (problem, error.context_mark()) {
        // What is found while the text is split is placed by the line alone.
        (Some(mark), _) if mark.line > 0 && is_split => on(mark.line + 1, 0, message),
        (Some(mark), _) if mark.line > 0 => placed(mark, message),
        (_, Some(mark)) => placed(mark, message),
        _ => message.to_owned(),
    }
}
