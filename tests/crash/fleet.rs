//! Machines, volumes and addresses in a cloud behind HTTP, and what must hold of them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use platoform_fake::{Cloud, Conditions, Shown};
use platoform_tests::{CloudServer, Invocation, Project, Running};

/// Machines, and volumes.
const COUNT: usize = 12;
/// Addresses.
const ADDRESSES: usize = 3;

const CONFIGURATION: &str = r#"
    terraform {
      required_providers {
        fake = { source = "platoform/fake" }
      }
    }
    variable "endpoint" {}
    variable "generation" {
      type = number
    }
    provider "fake" {
      endpoint = var.endpoint
    }
    resource "fake_machine" "one" {
      count = 12
      name  = "m${count.index}"
      size  = "s${var.generation}"
      image = count.index % 3 == 0 ? "i${var.generation}" : "linux"
    }
    resource "fake_volume" "one" {
      count   = 12
      name    = "v${count.index}"
      size    = var.generation
      machine = fake_machine.one[count.index].id
    }
    resource "fake_address" "one" {
      count   = 3
      region  = "r${count.index}"
      machine = fake_machine.one[count.index].id
    }
"#;

/// A project and its cloud.
pub struct Fleet {
    pub project: Project,
    pub cloud: Arc<Cloud>,
    server: CloudServer,
    generation: u32,
}

impl Fleet {
    pub fn new(seed: u64) -> Self {
        let cloud = Cloud::new(Conditions {
            seed,
            latency: (Duration::from_millis(1), Duration::from_millis(25)),
            lag: Duration::from_millis(100),
            boot: Duration::from_millis(200),
            deletion: Duration::from_millis(100),
            page: 5,
            ..Conditions::default()
        });
        let server = CloudServer::start(cloud.clone(), 0);
        let project = Project::new(CONFIGURATION);
        project.run("init").exits(0);
        Self { project, cloud, server, generation: 1 }
    }

    /// From now on every machine and volume is to be something else.
    pub fn next_generation(&mut self) {
        self.generation += 1;
    }

    pub fn command(&self, command: &str) -> Invocation {
        let Self { generation, .. } = self;
        let endpoint = &self.server.endpoint;
        let line = format!("{command} -var generation={generation} -var endpoint={endpoint}");
        self.project.command(&line)
    }

    pub fn start(&self, command: &str) -> Running {
        self.command(&format!("{command} -auto-approve")).start_watched()
    }

    /// Runs to its end, which must be a good one.
    #[track_caller]
    pub fn run(&self, command: &str) {
        self.command(&format!("{command} -auto-approve")).run().exits(0);
    }

    /// What really is there.
    pub fn objects(&self) -> Vec<Shown> {
        self.cloud.objects().into_values().flatten().collect()
    }

    /// After a plan, which looks up what became of open calls, the state knows every object.
    #[track_caller]
    pub fn nothing_is_lost(&self) {
        let plan = self.command("plan -full -detailed-exitcode").run();
        assert!(matches!(plan.code, Some(0 | 2)), "{plan}");
        plan.hides("uncertain");
        let show = self.project.run("show");
        let known = &show.exits(0).stdout;
        let unknown = |object: &Shown| !known.contains(&format!("\"{}\"", object.id));
        let lost: Vec<Shown> = self.objects().into_iter().filter(unknown).collect();
        assert!(lost.is_empty(), "the state does not know {lost:?}\n{plan}\n{known}");
    }

    /// Everything is there once, and nothing is left to be done.
    #[track_caller]
    pub fn settled(&self) {
        self.command("plan -full -detailed-exitcode").run().exits(0).shows("No changes.");
        let objects = self.objects();
        let names: BTreeSet<String> = objects
            .iter()
            .filter_map(|object| {
                let attribute = |name: &str| object.attributes.get(name)?.as_str();
                Some(attribute("name").or_else(|| attribute("region"))?.to_owned())
            })
            .collect();
        assert_eq!(names.len(), 2 * COUNT + ADDRESSES, "{names:?}");
        assert_eq!(objects.len(), names.len(), "{objects:?}");
        assert_eq!(self.project.recorded().len(), names.len());
    }

    /// Nothing is there, and nothing is known.
    #[track_caller]
    pub fn gone(&self) {
        assert_eq!(self.objects(), Vec::<Shown>::new());
        assert_eq!(self.project.recorded(), Vec::<String>::new());
    }
}
