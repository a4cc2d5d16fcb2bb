//! Objects that wait for each other, in a cloud that takes its time.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use platoform_fake::{Cloud, Collection, Conditions, Request};

/// Says where the provider comes from.
pub const REQUIREMENT: &str = "terraform {\n  required_providers {\n    \
     fake = { source = \"platoform/fake\" }\n  }\n}\n";

/// Objects.
const OBJECTS: usize = 500;
/// Objects that do not wait for each other: fewer than calls may be made at once.
const WIDTH: usize = 5;
/// Milliseconds that a call takes.
const LATENCY: u64 = 10;
/// Calls that make a volume: one that makes it, and one that sees whether it is shown.
const CALLS: u32 = 2;
/// Calls that are timed.
const SAMPLES: u32 = 50;

/// The objects that one waits for: two of those in the row before.
fn needs(object: usize) -> Vec<usize> {
    let Some(row) = (object / WIDTH).checked_sub(1) else { return Vec::new() };
    let mut found = vec![row * WIDTH + object % WIDTH, row * WIDTH + (object * 7 + row) % WIDTH];
    found.dedup();
    found
}

/// The configuration.
pub fn files() -> String {
    let mut text = REQUIREMENT.to_owned();
    let _ = writeln!(text, "provider \"fake\" {{\n  latency = {LATENCY}\n}}");
    for object in 0..OBJECTS {
        let needs = needs(object);
        let list: Vec<String> =
            needs.iter().map(|need| format!("fake_volume.v{need}.id")).collect();
        let _ = writeln!(
            text,
            "resource \"fake_volume\" \"v{object}\" {{\n  \
             name = join(\"-\", [\"v{object}\", {}])\n  size = 1\n}}",
            list.join(", ")
        );
    }
    text
}

/// The time that the longest chain of calls takes when nothing comes between them. What one takes
/// is measured: a timer goes by whole milliseconds, and somebody has to wake up.
pub fn critical_path() -> Duration {
    let mut lengths: Vec<u32> = Vec::with_capacity(OBJECTS);
    for object in 0..OBJECTS {
        let before = needs(object).into_iter().map(|need| lengths[need]).max();
        lengths.push(before.unwrap_or_default() + CALLS);
    }
    call() * lengths.into_iter().max().unwrap_or_default()
}

/// What a call takes.
fn call() -> Duration {
    let latency = Duration::from_millis(LATENCY);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    runtime.expect("there is room for a runtime").block_on(async {
        let conditions = Conditions { latency: (latency, latency), ..Conditions::default() };
        let cloud = Cloud::new(conditions);
        let request = Request::Read { collection: Collection::Volumes, id: "none".to_owned() };
        let begun = Instant::now();
        for _ in 0..SAMPLES {
            cloud.serve(&request).await.expect("it answers");
        }
        begun.elapsed() / SAMPLES
    })
}
