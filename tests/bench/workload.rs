//! What is planned and applied.

use std::fmt::Write as _;

/// A configuration to measure.
pub struct Workload {
    /// What it is.
    pub name: &'static str,
    /// Its text.
    pub configuration: fn() -> String,
    /// How many objects it makes.
    pub objects: usize,
}

/// Those that are measured.
pub const WORKLOADS: [Workload; 3] = [
    Workload { name: "1,000 in one chain", configuration: chain, objects: 1000 },
    Workload { name: "1,000 beside each other", configuration: flat, objects: 1000 },
    Workload { name: "count = 10,000", configuration: count, objects: 10_000 },
];

/// Blocks that each need the one before.
fn chain() -> String {
    let mut text = "resource \"terraform_data\" \"r0\" {\n  input = 0\n}\n".to_owned();
    for number in 1..1000 {
        let before = number - 1;
        let _ = writeln!(
            text,
            "resource \"terraform_data\" \"r{number}\" {{\n  \
             input = terraform_data.r{before}.output\n}}"
        );
    }
    text
}

/// Blocks that have nothing to do with each other.
fn flat() -> String {
    (0..1000).fold(String::new(), |mut text, number| {
        let _ =
            writeln!(text, "resource \"terraform_data\" \"r{number}\" {{\n  input = {number}\n}}");
        text
    })
}

/// One block.
fn count() -> String {
    "resource \"terraform_data\" \"r\" {\n  count = 10000\n  input = count.index\n}\n".into()
}
