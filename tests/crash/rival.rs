//! The same kills beside terraform, where it is installed:
//! `cargo test -p platoform-tests --test crash -- --ignored --nocapture rival`.

use std::process::{Command, Stdio};
use std::time::Duration;

use fastrand::Rng;
use platoform_tests::{Project, Running};

use crate::rng;

/// Resources.
const COUNT: usize = 300;
/// Runs of each program that are killed.
const KILLS: usize = 20;

const CONFIGURATION: &str = r#"
    resource "terraform_data" "r" {
      count = 300
      input = count.index
    }
"#;

/// What kills left.
#[derive(Debug, Default)]
struct Tally {
    killed: usize,
    /// The state cannot be read, or the next plan makes everything though much was made.
    empty: usize,
    whole: usize,
}

/// Kills first applies at moments between the first line of progress and the last.
fn kills(
    rng: &mut Rng,
    start: impl Fn(&Project) -> Running,
    left: impl Fn(&Project) -> bool,
) -> Tally {
    let mut tally = Tally::default();
    while tally.killed < KILLS {
        let project = Project::new(CONFIGURATION);
        let lines = rng.usize(20..COUNT);
        if start(&project).kill_after_lines(lines, Duration::from_micros(rng.u64(..20_000))) {
            tally.killed += 1;
            *(if left(&project) { &mut tally.whole } else { &mut tally.empty }) += 1;
        }
    }
    tally
}

fn terraform(project: &Project, line: &str) -> Command {
    let mut command = Command::new("terraform");
    command.current_dir(project.root()).args(line.split_whitespace()).stdin(Stdio::null());
    command.env("CHECKPOINT_DISABLE", "1");
    command
}

#[test]
#[ignore = "needs terraform"]
fn rival() {
    let mut rng = rng();
    let theirs = kills(
        &mut rng,
        |project| {
            assert!(terraform(project, "init").output().expect("it is installed").status.success());
            Running::watched(terraform(project, "apply -auto-approve -no-color"))
        },
        |project| !project.read("terraform.tfstate").is_empty(),
    );
    let ours = kills(
        &mut rng,
        |project| project.command("apply -auto-approve").start_watched(),
        |project| !project.recorded().is_empty(),
    );
    #[allow(clippy::print_stdout, reason = "these are the figures")]
    {
        println!("{COUNT} resources, killed during their first apply:");
        println!("terraform: {} of {} left an empty state", theirs.empty, theirs.killed);
        println!("platoform: {} of {} left an empty state", ours.empty, ours.killed);
    }
    assert_eq!(ours.empty, 0);
}
