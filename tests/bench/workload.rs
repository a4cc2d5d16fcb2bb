//! What is planned and applied.

use std::fmt::Write as _;
use std::time::Duration;

use crate::graph;

/// A configuration to measure.
pub struct Workload {
    /// What it is.
    pub name: &'static str,
    /// Its files: `//- /path` lines begin them, the first is `main.tf`.
    pub files: fn() -> String,
    /// What is run on it, one after the other.
    pub steps: &'static [Step],
    /// How often all of it is run.
    pub rounds: usize,
    /// Whether Terraform can run it.
    pub common: bool,
}

/// One run of the program.
pub struct Step {
    /// What it is called in the table.
    pub name: &'static str,
    /// Its arguments.
    pub line: &'static str,
    /// What shows that it did what is measured.
    pub shows: &'static str,
    /// What is to be reached, in seconds.
    pub seconds: Option<f64>,
    /// What is to be reached, in megabytes at the peak.
    pub megabytes: Option<f64>,
    /// The time below which it cannot come, where that follows from calls that wait for each other,
    /// and the most it is to take, as a multiple of that.
    pub bound: Option<(fn() -> Duration, f64)>,
    /// What Terraform 1.11.4 took when this was last measured.
    pub terraform: &'static str,
}

const fn step(
    (name, line, shows): (&'static str, &'static str, &'static str),
    seconds: Option<f64>,
    megabytes: Option<f64>,
    terraform: &'static str,
) -> Step {
    Step { name, line, shows, seconds, megabytes, bound: None, terraform }
}

const PLAN: &str = "plan";
const APPLY: &str = "apply -auto-approve";
const DESTROY: &str = "destroy -auto-approve";
const AGAIN: &str = "plan -detailed-exitcode";
const SETTLED: &str = "No changes.";

/// Those that are measured.
pub const WORKLOADS: [Workload; 8] = [
    Workload {
        name: "1,000 flat",
        files: flat,
        steps: &[
            step(("plan", PLAN, "Plan: 1000 to add"), Some(0.03), None, "1.1 s"),
            step(("apply", APPLY, "1000 added"), Some(0.1), None, "16–20 s"),
        ],
        rounds: 5,
        common: true,
    },
    Workload {
        name: "chain of 1,000",
        files: chain,
        steps: &[
            step(("plan", PLAN, "Plan: 1000 to add"), Some(0.05), None, "10 s"),
            step(("apply", APPLY, "1000 added"), Some(0.3), None, "185 s"),
        ],
        rounds: 5,
        common: true,
    },
    Workload {
        name: "for_each over 3,000 objects",
        files: objects,
        steps: &[step(("plan", PLAN, "Plan: 3000 to add"), Some(0.06), None, "63 s")],
        rounds: 5,
        common: true,
    },
    Workload {
        name: "3,000 modules of 5 variables",
        files: modules,
        steps: &[step(("plan", PLAN, "Plan: 3000 to add"), Some(0.2), Some(90.0), "42 s, 907 MB")],
        rounds: 5,
        common: true,
    },
    Workload {
        name: "count = 10,000",
        files: || count(10_000),
        steps: &[
            step(("plan", PLAN, "Plan: 10000 to add"), Some(0.07), None, "6 s"),
            step(("apply", APPLY, "10000 added"), Some(1.0), None, "> 500 s"),
            step(("plan again", AGAIN, SETTLED), Some(0.2), Some(40.0), "49 s, 402 MB"),
            step(("destroy", DESTROY, "10000 destroyed"), None, None, ""),
        ],
        rounds: 5,
        common: true,
    },
    Workload {
        name: "count = 1,000,000",
        files: || count(1_000_000),
        steps: &[step(("plan", PLAN, "Plan: 1000000 to add"), Some(15.0), Some(3000.0), "")],
        rounds: 1,
        common: false,
    },
    Workload {
        name: "fake, 10,000 with intents",
        files: volumes,
        steps: &[step(("apply", APPLY, "10000 added"), Some(4.0), None, "")],
        rounds: 3,
        common: false,
    },
    Workload {
        name: "fake, graph of 500 at 10 ms a call",
        files: graph::files,
        steps: &[Step {
            bound: Some((graph::critical_path, 1.05)),
            ..step(("apply", APPLY, "500 added"), None, None, "")
        }],
        rounds: 3,
        common: false,
    },
];

/// Blocks that have nothing to do with each other.
fn flat() -> String {
    (0..1000).fold(String::new(), |mut text, number| {
        let _ =
            writeln!(text, "resource \"terraform_data\" \"r{number}\" {{\n  input = {number}\n}}");
        text
    })
}

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

/// One block for each element of a map. `range` gives 1,024 numbers at most.
fn objects() -> String {
    "locals {\n  numbers = [for pair in setproduct(range(3), range(1000)) : \
     pair[0] * 1000 + pair[1]]\n  hosts = { for i in local.numbers : \"host-${i}\" => {\n    \
     name = \"host-${i}\", size = \"s-${i % 4}\", tags = [\"a\", \"b-${i}\"], port = 8000 + i\n  } }\n}\n\
     resource \"terraform_data\" \"host\" {\n  for_each = local.hosts\n  input    = each.value\n}\n"
        .to_owned()
}

/// One module, called for each number.
fn modules() -> String {
    let mut text = "module \"m\" {\n  source = \"./m\"\n  count  = 3000\n".to_owned();
    for number in 0..5 {
        let _ = writeln!(text, "  v{number}     = \"${{count.index}}-{number}\"");
    }
    text.push_str("}\n//- /m/main.tf\n");
    for number in 0..5 {
        let _ = writeln!(text, "variable \"v{number}\" {{\n  type = string\n}}");
    }
    text.push_str(
        "resource \"terraform_data\" \"r\" {\n  \
         input = [var.v0, var.v1, var.v2, var.v3, var.v4]\n}\n",
    );
    text
}

/// One block.
fn count(instances: u32) -> String {
    format!(
        "resource \"terraform_data\" \"r\" {{\n  count = {instances}\n  input = count.index\n}}\n"
    )
}

/// One block whose objects are outside, in a cloud that answers at once.
fn volumes() -> String {
    format!(
        "{}provider \"fake\" {{}}\n\
         resource \"fake_volume\" \"v\" {{\n  count = 10000\n  \
         name  = \"v-${{count.index}}\"\n  size  = 1\n}}\n",
        graph::REQUIREMENT
    )
}
