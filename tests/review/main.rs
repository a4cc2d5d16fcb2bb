//! Reviews with the tools of others: the scripts of `examples/ci`, and programs that check plans by
//! policies.
//!
//! Trials whose tools are not installed are reported as ignored; with `PLATOFORM_REQUIRE_READERS=1`
//! they fail instead. Tools are looked for in `PATH`, and in `target/tools/NAME/bin`, which a
//! `python3 -m venv target/tools/NAME` with `pip install NAME` in it makes (`tfexplain` comes with
//! `bna-tfexplain`).
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics")]

mod ci;
mod host;
mod readers;

use std::path::PathBuf;

use libtest_mimic::{Arguments, Failed, Trial};
use platoform_tests::repository;

/// What is tried.
struct Tried {
    name: &'static str,
    /// The tools that it takes.
    tools: &'static [&'static str],
    run: fn(),
}

const TRIALS: [Tried; 6] = [
    Tried {
        name: "ci::one_comment_is_kept_and_what_it_says_is_applied",
        tools: &["curl", "jq"],
        run: ci::one_comment_is_kept_and_what_it_says_is_applied,
    },
    Tried {
        name: "ci::workflows_are_sound_and_name_what_is_there",
        tools: &[],
        run: ci::workflows_are_sound_and_name_what_is_there,
    },
    Tried {
        name: "ci::the_steps_of_the_action_run",
        tools: &["bash"],
        run: ci::the_steps_of_the_action_run,
    },
    Tried {
        name: "readers::checkov_passes_and_fails",
        tools: &["checkov"],
        run: readers::checkov_passes_and_fails,
    },
    Tried {
        name: "readers::terraform_compliance_passes_and_fails",
        tools: &["terraform-compliance"],
        run: readers::terraform_compliance_passes_and_fails,
    },
    Tried {
        name: "readers::others_count_what_is_planned",
        tools: &["readtheplan", "tfexplain", "blastcheck"],
        run: readers::others_count_what_is_planned,
    },
];

/// Where a tool is.
fn tool(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let ours = repository().join("target/tools").join(name).join("bin");
    let mut places = std::env::split_paths(&path).chain([ours]);
    places.find_map(|place| Some(place.join(name)).filter(|file| file.is_file()))
}

fn main() {
    let required = std::env::var("PLATOFORM_REQUIRE_READERS").is_ok_and(|value| value == "1");
    let trial = |Tried { name, tools, run }: Tried| {
        let missing: Vec<&str> = tools.iter().copied().filter(|it| tool(it).is_none()).collect();
        let ignored = !missing.is_empty() && !required;
        Trial::test(name, move || {
            if !missing.is_empty() {
                return Err(Failed::from(format!("not installed: {}", missing.join(", "))));
            }
            run();
            Ok(())
        })
        .with_ignored_flag(ignored)
    };
    let trials = TRIALS.into_iter().map(trial).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
