//! `workspace list`

use super::super::configuration::glance;
use super::super::selection;
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::settings::Settings;

/// Lists the workspaces, the one that is worked in with a star.
pub fn run(settings: &Settings) -> Result<Outcome, Failure> {
    let names = selection::all(settings, &glance(settings, &Registry::default()))?;
    let line = |name: String| {
        let mark = if *name == *settings.workspace { '*' } else { ' ' };
        format!("{mark} {name}\n")
    };
    let mut text: String = names.into_iter().map(line).collect();
    text.push('\n');
    if let Some((variable, _)) = selection::overriding(&settings.environment) {
        text.push_str(&format!(
            "\n\nThe active workspace is being overridden using the {variable} environment\n\
             variable.\n\n"
        ));
    }
    settings.output.data(&text)?;
    Ok(Outcome::Done)
}
