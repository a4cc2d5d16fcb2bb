//! `force-unlock`

use platoform_state::Lease;

use super::lock::lines;
use super::{state, workspace};
use crate::args;
use crate::confirm::{Question, confirm};
use crate::error::{Failure, Outcome};
use crate::settings::Settings;

/// Takes the lock away from a process that cannot give it back.
pub async fn run(settings: &Settings, arguments: &args::ForceUnlock) -> Result<Outcome, Failure> {
    let path = state::path(settings, None);
    state::look(settings, Some(&path)).await?;
    let store = workspace::open(settings, &path).await?;
    let failure = |error| workspace::failure(&error);
    // What cannot be done is not asked about.
    let lease = store.lease().await.map_err(failure)?;
    if let Lease::Elsewhere(holder) | Lease::Left(holder) = &lease
        && !arguments.force
    {
        settings.output.note(&lines(holder));
        let question = Question {
            title: "Do you really want to force-unlock?",
            detail: "The process above loses the lock: it writes nothing more to the state, should \
                     it still live.\nWhat it was doing is looked up by the next run. Only do this \
                     when it is sure to be dead.",
        };
        if !confirm(settings, question)? {
            settings.output.data("force-unlock cancelled.\n")?;
            return Ok(Outcome::Invalid);
        }
    }
    let id = arguments.id.as_deref();
    let lease = store.force_unlock(id, arguments.force).await.map_err(failure)?;
    store.close().await.map_err(failure)?;
    let mut text = "The state has been unlocked.\n".to_owned();
    match lease {
        Lease::Held(Some(holder)) => text.push_str(&format!(
            "\n{}\nThe process is still alive. It writes nothing more to the state, but may be \
             changing things outside:\nend it before you go on. The next run looks up what it was \
             doing.\n",
            lines(&holder)
        )),
        Lease::Elsewhere(_) | Lease::Left(_) => {
            text.push_str("What was under way is looked up by the next run.\n");
        }
        Lease::Held(None) | Lease::Free => {}
    }
    settings.output.data(&text)?;
    Ok(Outcome::Done)
}
