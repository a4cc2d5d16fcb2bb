//! How long a call may take.

use std::time::Duration;

use platoform_plan::{Call, Verb};
use platoform_provider::{Problem, value::Value};

/// How long a call may take where its block does not say.
const DEFAULT: Duration = Duration::from_secs(20 * 60);

/// Providers that heed the block's `timeouts` by themselves get this much longer, so that they can
/// say what it was that took so long.
const GRACE: Duration = Duration::from_secs(2);

/// The time a call has, from its first attempt to the object being ready.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeout {
    begun: Duration,
    limit: Duration,
    /// The block says so.
    declared: bool,
}

impl Timeout {
    /// The time a call has that begins now.
    pub fn of(call: &Call, verb: Option<Verb>, begun: Duration) -> Self {
        let name = verb.map_or("read", Verb::as_str);
        let block = if call.config.is_null() { &call.prior } else { &call.config };
        let declared = declared(block, name);
        Self { begun, limit: declared.unwrap_or(DEFAULT), declared: declared.is_some() }
    }

    /// What is left of it.
    pub fn left(&self, now: Duration) -> Duration {
        let grace = if self.declared { GRACE } else { Duration::ZERO };
        (self.begun + self.limit + grace).saturating_sub(now)
    }

    /// How long it has gone on.
    pub fn spent(&self, now: Duration) -> Duration {
        now.saturating_sub(self.begun)
    }

    /// Whether another attempt can begin after a pause.
    pub fn allows(&self, now: Duration, pause: Duration) -> bool {
        self.spent(now).saturating_add(pause) < self.limit
    }

    /// Says that time is up.
    pub fn problem(&self, verb: Option<Verb>) -> Problem {
        let doing = match verb {
            None => "Reading it",
            Some(Verb::Create) => "Making it",
            Some(Verb::Update) => "Changing it",
            Some(Verb::Delete) => "Destroying it",
        };
        let unknown =
            if verb.is_some() { ". What came of it is looked up by the next run" } else { "" };
        Problem::error("Timeout", format!("{doing} was given up after {}{unknown}", self.said()))
    }

    /// Says that an object did not become ready in time.
    pub fn never_ready(&self) -> Problem {
        let detail = format!("It was made, but could not be used yet after {}", self.said());
        Problem::error("Timeout", detail)
    }

    fn said(&self) -> String {
        let limit = humantime::format_duration(self.limit);
        if self.declared {
            format!("{limit}, as its `timeouts` block says")
        } else {
            format!("{limit}, which is the default")
        }
    }
}

/// What a `timeouts` block says about a verb.
fn declared(block: &Value, verb: &str) -> Option<Duration> {
    let timeouts = block.get("timeouts").filter(|timeouts| !timeouts.is_null())?;
    let one = match timeouts.as_items() {
        Some(blocks) => blocks.first()?.get(verb)?,
        None => timeouts.get(verb)?,
    };
    // Its provider has checked the form.
    humantime::parse_duration(one.as_str()?).ok()
}
