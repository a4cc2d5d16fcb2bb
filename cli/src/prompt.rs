//! Asking for what is missing.

use std::io::{self, BufRead as _, IsTerminal as _};

use platoform_config::Variable;
use platoform_diagnostic::Diagnostic;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::error::Failure;
use crate::report::literal::line;
use crate::settings::Settings;

/// Asks for the value of a variable; a secret does not appear on the screen. `None` when there is
/// nobody to ask, or no answer.
///
/// # Errors
/// When the terminal cannot be read.
pub fn variable(settings: &Settings, variable: &Variable) -> Result<Option<String>, Failure> {
    if !settings.input || !io::stdin().is_terminal() {
        return Ok(None);
    }
    let paint = settings.output.note;
    let mut text = paint.bold(format!("var.{}", variable.name.name));
    text.push('\n');
    for description in variable.description.iter().flat_map(|text| text.lines()) {
        text.push_str(&format!("  {}\n", line(description)));
    }
    let wrong = |error: io::Error| {
        Failure::from(Diagnostic::error("The answer cannot be read", error.to_string()))
    };
    let silence = variable.sensitive.then(Silence::begin).transpose().map_err(wrong)?;
    settings.output.note(&format!("{text}\n  {}: ", paint.bold("Enter a value")));
    let mut answer = String::new();
    let length = io::stdin().lock().read_line(&mut answer).map_err(wrong)?;
    let line_end = if silence.is_some() || length == 0 { "\n\n" } else { "\n" };
    drop(silence);
    settings.output.note(line_end);
    Ok((length > 0).then(|| answer.trim_end_matches(['\n', '\r']).to_owned()))
}

/// As long as it lives the terminal shows nothing of what is typed.
struct Silence(Termios);

impl Silence {
    fn begin() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Now, &silent)?;
        Ok(Self(before))
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        // A terminal that is gone needs no echo.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}
