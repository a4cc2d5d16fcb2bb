//! `kill -9` at any moment of the commands that change the state by hand: all of a change is
//! there, or nothing of it.

use std::collections::BTreeSet;
use std::time::Duration;

use fastrand::Rng;
use platoform_tests::{Project, Running};

use crate::rng;

/// Number of commands that are killed before they end.
const KILLS: usize = 40;
/// Most commands to get there.
const ROUNDS: usize = 160;
/// Instances, of each of two resources.
const INSTANCES: usize = 300;

const CONFIGURATION: &str = r#"
    resource "terraform_data" "a" {
      count = 300
      input = sensitive("secret ${count.index}")
    }
    resource "terraform_data" "b" {
      count = 300
      input = terraform_data.a[count.index].id
    }
"#;

/// The addresses of one resource.
fn of(recorded: &[String], resource: &str) -> BTreeSet<String> {
    let start = format!("{resource}[");
    recorded.iter().filter(|address| address.starts_with(&start)).cloned().collect()
}

/// The latest moment, in microseconds, at which runs are killed: as long as they take here.
struct Moments(u64);

impl Moments {
    /// Kills a run at some moment; whether it was still running.
    fn killed(&mut self, running: Running, rng: &mut Rng) -> bool {
        let killed = running.kill_after(Duration::from_micros(rng.u64(..self.0)));
        self.0 = if killed { self.0 + self.0 / 20 } else { self.0 - self.0 / 10 };
        killed
    }
}

#[test]
fn commands_are_killed_at_any_moment() {
    let mut rng = rng();
    let project = Project::new(CONFIGURATION);
    project.apply();
    let (mut kills, mut place) = (0, "terraform_data.b");
    let mut moments = Moments(150_000);
    for round in 0..ROUNDS {
        if kills == KILLS {
            break;
        }
        let other =
            if place == "terraform_data.b" { "terraform_data.c" } else { "terraform_data.b" };
        let line = match round % 5 {
            0 | 1 => format!("state mv {place} {other}"),
            2 => "state rotate-key".to_owned(),
            3 => "state rotate-key -data-key".to_owned(),
            _ => format!("taint {place}[{}]", rng.usize(..INSTANCES)),
        };
        kills += usize::from(moments.killed(project.command(&line).start(), &mut rng));
        let recorded = project.recorded();
        let (here, there) = (of(&recorded, place), of(&recorded, other));
        assert_eq!(of(&recorded, "terraform_data.a").len(), INSTANCES, "{line}");
        assert!(here.is_empty() || there.is_empty(), "half of `{line}` is done");
        assert_eq!(here.len() + there.len(), INSTANCES, "{line}");
        if here.is_empty() {
            place = other;
        }
    }
    assert_eq!(kills, KILLS, "the others came to their end");
    // Secrets can still be opened, whatever key they are sealed with.
    project.run("state pull").exits(0).shows("secret 299");
    project.run(&format!("state mv {place} terraform_data.d")).exits(0);
    project.run("state mv terraform_data.d terraform_data.b").exits(0);
    project.run("log").exits(0);
}

/// Workspaces are there or not, and those that are there can be worked in.
#[test]
fn workspaces_are_killed_at_any_moment() {
    let mut rng = rng();
    let project = Project::new("resource \"terraform_data\" \"a\" {}\n");
    let mut kills = 0;
    let mut moments = Moments(100_000);
    for round in 0..ROUNDS {
        if kills == KILLS {
            break;
        }
        let line = match round % 2 {
            0 => "workspace select -or-create dev",
            _ => "workspace delete -force dev",
        };
        kills += usize::from(moments.killed(project.command(line).start(), &mut rng));
        project.run("workspace list").exits(0);
        let apply = project.command("apply -auto-approve").env("TF_WORKSPACE", "dev").run();
        apply.exits(0);
        project.run("workspace select default").exits(0);
    }
    assert_eq!(kills, KILLS, "the others came to their end");
    project.run("workspace delete -force dev").exits(0);
    assert_eq!(project.run("workspace list").exits(0).stdout, "* default\n\n");
    assert!(project.list("platoform.db.d").is_empty());
}
