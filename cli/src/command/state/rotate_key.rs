//! `state rotate-key`

use platoform_diagnostic::Diagnostic;
use platoform_state::KeySource;

use super::super::workspace::{self, KEY_VARIABLES, failure, key};
use super::edit::locked;
use crate::args::{self, Editing};
use crate::error::{Failure, Outcome};
use crate::settings::Settings;

/// Variables that say where the new key is.
const NEW_KEY_VARIABLES: [&str; 3] =
    ["PLATOFORM_STATE_NEW_KEY", "PLATOFORM_STATE_NEW_KEY_FILE", "PLATOFORM_STATE_NEW_PASSPHRASE"];

/// Exchanges the user's key, or the state's own.
pub async fn run(
    settings: &Settings,
    arguments: &args::StateRotateKey,
) -> Result<Outcome, Failure> {
    let current = key(&settings.environment, &KEY_VARIABLES)?.unwrap_or_default();
    let new = key(&settings.environment, &NEW_KEY_VARIABLES)?;
    let new = match (new, &current) {
        (Some(new), _) => new,
        (None, KeySource::Beside) => KeySource::Beside,
        (None, _) if arguments.data_key => KeySource::Beside,
        (None, _) => return Err(unnamed().into()),
    };
    let locking = args::Locking { ..arguments.locking };
    let editing = Editing { locking, ..Editing::default() };
    let store = locked(settings, &editing, "state rotate-key").await?;
    let text = if arguments.data_key {
        store.rotate_data_key(current).await.map_err(|error| failure(&error))?;
        "All secrets in the state are sealed with a new data key. Plans that were saved before \
         cannot be applied any more.\n"
            .to_owned()
    } else {
        let made = store.rotate_user_key(current, new).await.map_err(|error| failure(&error))?;
        match made {
            Some(file) => format!("The state opens with the new key in `{}`.\n", file.display()),
            None => "The state opens with the new key.\n".to_owned(),
        }
    };
    store.close().await.map_err(|error| workspace::failure(&error))?;
    settings.output.data(&text)?;
    Ok(Outcome::Done)
}

fn unnamed() -> Diagnostic {
    Diagnostic::error(
        "The new key is missing",
        format!(
            "The key comes from the environment, so the new one has to as well: one of `{}`",
            NEW_KEY_VARIABLES.join("`, `")
        ),
    )
    .help("afterwards give it in the place of the former one")
}
