//! What both consoles share: a text in, an answer out.

use platoform_config::Topology;
use platoform_diagnostic::{Diagnostic, Diagnostics, Sources};
use platoform_lang::{Expression, parse_expression};
use platoform_plan::Session;
use platoform_value::Value;

use super::types::{is_made_from_type, is_type, is_type_of_type};
use crate::error::Failure;
use crate::report::value::Printer;

/// What the text of an expression is called in messages.
const SOURCE_NAME: &str = "<console-input>";

/// A configuration that was evaluated, and questions about it.
pub struct Console {
    session: Session,
    /// The configuration's texts, for messages.
    sources: Sources,
}

/// What comes of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It was empty.
    Nothing,
    /// To be printed.
    Text(String),
    /// The end of the session was asked for.
    Exit,
}

impl Console {
    /// Asks about a session, in which names mean what they mean in the root module.
    pub fn new(session: Session) -> Self {
        let sources = session.sources().clone();
        Self { session, sources }
    }

    /// What is configured.
    pub fn topology(&self) -> &Topology {
        self.session.topology()
    }

    /// What comes of a text: a command or an expression.
    ///
    /// # Errors
    /// Everything that is wrong with the expression.
    pub fn answer(&self, text: &str, printer: Printer) -> Result<Answer, Failure> {
        match text.trim() {
            "" => Ok(Answer::Nothing),
            "exit" => Ok(Answer::Exit),
            "help" => Ok(Answer::Text(HELP.into())),
            _ => self.evaluate(text, printer).map(Answer::Text),
        }
    }

    fn evaluate(&self, text: &str, printer: Printer) -> Result<String, Failure> {
        let mut sources = self.sources.clone();
        let file = sources.add(SOURCE_NAME, text);
        let fail = |found: Diagnostics| Failure::new(found, sources.clone());
        let (expression, found) = parse_expression(file, text, 0);
        if found.has_errors() {
            return Err(fail(found));
        }
        let found = self.session.check_names(&expression);
        if found.has_errors() {
            return Err(fail(found));
        }
        let value = self.session.value(&expression, &sources).map_err(fail)?;
        if is_made_from_type(&expression) {
            let detail =
                "The console-only \"type\" function cannot be used as part of an expression";
            let error = Diagnostic::error("Invalid use of type function", detail);
            return Err(fail(error.into()));
        }
        Ok(print(&expression, &value, printer))
    }
}

/// The text of a result. A type is written bare, not as a string, and is of the type `type`.
fn print(expression: &Expression, value: &Value, printer: Printer) -> String {
    match value.as_str().filter(|_| is_type(expression)) {
        Some(_) if is_type_of_type(expression) => "type".into(),
        Some(text) => text.into(),
        None => printer.value(value),
    }
}

/// The answer to `help`.
const HELP: &str = "\
Type an expression to see its value. All that the configuration declares can be used:

  var.NAME  local.NAME  KIND.NAME  data.KIND.NAME  module.NAME.OUTPUT  path.module

An object has the values that the state holds of it; what is not known yet is shown as
(known after apply). `type(EXPRESSION)` tells a type. An expression goes on over several lines
while a bracket is open.

Ctrl-C clears the line; `exit` or Ctrl-D ends the session.";
