//! The same kills beside terraform, where it is installed:
//! `cargo test -p platoform-tests --test crash -- --ignored --nocapture rival`.

use std::process::{Command, Stdio};
use std::time::Instant;

use fastrand::Rng;
use platoform_tests::{Project, Running};

use crate::rng;

/// Resources that are there before, and that each run is to add.
const BEFORE: usize = 300;
const ADDED: usize = 100;
/// Runs of each program that are killed.
const KILLS: usize = 20;

const CONFIGURATION: &str = r#"
    variable "n" {}
    resource "terraform_data" "r" {
      count = var.n
      input = count.index
    }
"#;

/// A program with its project, in which the first resources were applied.
trait Rival {
    /// Starts an apply of so many resources.
    fn start(&self, count: usize) -> Running;
    /// How many resources the state knows; none when it cannot be read.
    fn known(&self) -> usize;
    /// Makes the state what it was, when it lost something.
    fn restore(&self);
}

struct Terraform(Project);

impl Terraform {
    fn command(&self, line: &str) -> Command {
        let mut command = Command::new("terraform");
        command.current_dir(self.0.root()).args(line.split_whitespace()).stdin(Stdio::null());
        command.env("CHECKPOINT_DISABLE", "1");
        command
    }
}

impl Rival for Terraform {
    fn start(&self, count: usize) -> Running {
        Running::start(self.command(&format!("apply -auto-approve -no-color -var n={count}")))
    }

    fn known(&self) -> usize {
        let list = self.command("state list").output().expect("it is installed");
        String::from_utf8_lossy(&list.stdout).lines().count()
    }

    fn restore(&self) {
        self.0.write("terraform.tfstate", &self.0.read("kept.json"));
    }
}

struct Platoform(Project);

impl Rival for Platoform {
    fn start(&self, count: usize) -> Running {
        self.0.command(&format!("apply -auto-approve -var n={count}")).start()
    }

    fn known(&self) -> usize {
        let list = self.0.run("state list");
        if list.code == Some(0) { list.stdout.lines().count() } else { 0 }
    }

    fn restore(&self) {
        self.start(BEFORE).wait();
    }
}

/// Kills applies that add to what is there; in how many the state has forgotten what was there.
fn forgotten(rival: &dyn Rival, rng: &mut Rng) -> usize {
    let begun = Instant::now();
    rival.start(BEFORE + ADDED).wait();
    let whole = begun.elapsed();
    let (mut killed, mut forgotten) = (0, 0);
    while killed < KILLS {
        rival.restore();
        let moment = whole.mul_f64(0.2 + 0.8 * rng.f64());
        if rival.start(BEFORE + ADDED).kill_after(moment) {
            killed += 1;
            forgotten += usize::from(rival.known() < BEFORE);
        }
    }
    forgotten
}

#[test]
#[ignore = "needs terraform"]
fn rival() {
    let mut rng = rng();
    let theirs = Terraform(Project::new(CONFIGURATION));
    assert!(theirs.command("init").output().expect("it is installed").status.success());
    assert!(theirs.start(BEFORE).wait().success());
    theirs.0.write("kept.json", &theirs.0.read("terraform.tfstate"));
    let ours = Platoform(Project::new(CONFIGURATION));
    assert!(ours.start(BEFORE).wait().success());
    let (lost, kept) = (forgotten(&theirs, &mut rng), forgotten(&ours, &mut rng));
    #[allow(clippy::print_stdout, reason = "these are the figures")]
    {
        println!(
            "{BEFORE} resources in the state, {ADDED} being added, killed {KILLS} times each:"
        );
        println!("terraform: the state has forgotten resources in {lost} runs");
        println!("platoform: the state has forgotten resources in {kept} runs");
    }
    assert_eq!(kept, 0);
}
