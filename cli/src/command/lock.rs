//! `lock`

use platoform_state::{Holder, Lease};
use serde_json::{Value as Json, json};

use super::{state, workspace};
use crate::args;
use crate::error::{Failure, Outcome};
use crate::settings::Settings;

/// Shows who holds the lock of the state.
pub async fn run(settings: &Settings, arguments: &args::Lock) -> Result<Outcome, Failure> {
    let path = state::path(settings, None);
    let lease = match workspace::look(settings, &path).await? {
        Some(store) => store.lease().await.map_err(|error| workspace::failure(&error))?,
        None => Lease::Free,
    };
    let text = if arguments.json { format!("{:#}\n", document(&lease)) } else { text(&lease) };
    settings.output.data(&text)?;
    Ok(Outcome::Done)
}

fn text(lease: &Lease) -> String {
    match lease {
        Lease::Free => "Nobody holds the lock.\n".to_owned(),
        Lease::Held(None) => "The lock is held by a process that has just taken it.\n".to_owned(),
        Lease::Held(Some(holder)) => format!("The lock is held.\n\n{}", lines(holder)),
        Lease::Left(holder) => format!(
            "Nobody holds the lock: the process that held it last has died with it. The next run \
             takes it over and looks up what was under way.\n\n{}",
            lines(holder)
        ),
        Lease::Elsewhere(holder) => format!(
            "The lock is held from another machine. Whether the process still lives cannot be seen \
             from here, but its last sign of life.\n\n{}",
            lines(holder)
        ),
    }
}

/// What is known of a holder.
pub fn lines(holder: &Holder) -> String {
    let process = &holder.process;
    let heartbeat = if holder.heartbeat.is_empty() {
        "none".to_owned()
    } else {
        let ago =
            humantime::format_duration(std::time::Duration::from_secs(holder.silence.as_secs()));
        format!("{} ({ago} ago)", holder.heartbeat)
    };
    format!(
        "  ID:        {}\n  Command:   {}\n  Who:       {}@{}, pid {}\n  Since:     {}\n  \
         Heartbeat: {heartbeat}\n",
        holder.id, process.command, process.user, process.host, process.pid, holder.since
    )
}

fn document(lease: &Lease) -> Json {
    let (state, holder) = match lease {
        Lease::Free => ("free", None),
        Lease::Held(holder) => ("held", holder.as_ref()),
        Lease::Left(holder) => ("left", Some(holder)),
        Lease::Elsewhere(holder) => ("elsewhere", Some(holder)),
    };
    let mut json = json!({ "state": state });
    if let Some(holder) = holder {
        let process = &holder.process;
        json["holder"] = json!({
            "id": &*holder.id,
            "command": process.command,
            "user": process.user,
            "host": process.host,
            "pid": process.pid,
            "since": &*holder.since,
            "heartbeat": &*holder.heartbeat,
        });
    }
    json
}
