//! Asking before something is done.

use std::io::{self, BufRead, IsTerminal};

use platoform_diagnostic::Diagnostic;

use crate::error::Failure;
use crate::settings::Settings;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// In a sentence.
    pub title: &'a str,
    /// What a `yes` means.
    pub detail: &'a str,
}

/// Asks, and waits for a `yes`. Anything else is a no.
///
/// # Errors
/// When there is nobody to ask.
pub fn confirm(settings: &Settings, question: Question<'_>) -> Result<bool, Failure> {
    if !settings.input || !io::stdin().is_terminal() {
        let detail = if settings.input {
            "This would change real objects, and there is no terminal to ask for approval on"
        } else {
            "This would change real objects, and `-input=false` forbids to ask for approval"
        };
        return Err(Diagnostic::error("Approval needed", detail)
            .help(
                "look at the plan above; `-auto-approve` applies without asking, and \
                 `plan -out=FILE` followed by `apply FILE` applies just what was reviewed",
            )
            .into());
    }
    let paint = settings.output.note;
    settings.output.note(&format!(
        "\n{}\n  {}\n  Only `yes` will be accepted to approve.\n\n  {}: ",
        paint.bold(question.title),
        question.detail.replace('\n', "\n  "),
        paint.bold("Enter a value"),
    ));
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    settings.output.note("\n");
    Ok(read.is_ok() && answer.trim() == "yes")
}
