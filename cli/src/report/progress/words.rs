//! How actions are called while they run and when they are done.

use std::time::Duration;

use platoform_plan::{RecordKey, Verb};

use crate::report::plan::object_name;

/// Names that are told of many, at most.
const NAMED: usize = 5;

/// What is going on.
pub fn running(verb: Option<Verb>) -> &'static str {
    match verb {
        None => "Reading",
        Some(Verb::Create) => "Creating",
        Some(Verb::Update) => "Modifying",
        Some(Verb::Delete) => "Destroying",
    }
}

/// What ended.
pub fn noun(verb: Option<Verb>) -> &'static str {
    match verb {
        None => "Read",
        Some(Verb::Create) => "Creation",
        Some(Verb::Update) => "Modifications",
        Some(Verb::Delete) => "Destruction",
    }
}

/// The first few of these objects, and how many more there are; nothing of none.
pub fn some_of(keys: &[RecordKey]) -> Option<String> {
    let mut names: Vec<String> = keys.iter().take(NAMED).map(object_name).collect();
    let last = match keys.len().saturating_sub(NAMED) {
        0 => names.pop()?,
        more => format!("{more} more"),
    };
    Some(if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) })
}

/// Whole seconds, with minutes and hours where there are any: `1m30s`.
pub fn seconds(duration: Duration) -> String {
    let all = duration.as_secs();
    let (hours, minutes, seconds) = (all / 3600, all / 60 % 60, all % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds}s"),
        (0, _) => format!("{minutes}m{seconds:02}s"),
        _ => format!("{hours}h{minutes:02}m{seconds:02}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short() {
        let text = |secs| seconds(Duration::from_secs(secs));
        assert_eq!([text(0), text(59), text(90), text(3601)], ["0s", "59s", "1m30s", "1h00m01s"]);
    }
}
