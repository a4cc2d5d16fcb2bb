//! What is applied and destroyed: many files, and data between them.

use std::collections::BTreeMap;

use platoform_tests::{Project, Running};

/// Files, and as many `terraform_data`.
pub const FILES: usize = 150;

/// Links of different kinds: some files stand alone, some wait for data, some data wait for files.
const CONFIGURATION: &str = r#"
    variable "generation" {
      type = number
    }
    resource "terraform_data" "first" {
      count            = 75
      input            = "${count.index}"
      triggers_replace = var.generation
    }
    resource "local_file" "file" {
      count    = 150
      filename = "out/${count.index}"
      content  = count.index % 2 == 0 ? "alone ${var.generation}" : "${terraform_data.first[floor(count.index / 2)].output} ${var.generation}"

      lifecycle {
        create_before_destroy = false
      }
    }
    resource "terraform_data" "second" {
      count = 75
      input = local_file.file[count.index * 2].content_md5
    }
"#;

/// A project, and which generation of it is wanted.
pub struct Workload {
    pub project: Project,
    generation: u32,
}

impl Workload {
    pub fn new() -> Self {
        Self { project: Project::new(CONFIGURATION), generation: 1 }
    }

    /// From now on every file is to hold something else.
    pub fn next_generation(&mut self) {
        self.generation += 1;
    }

    /// What a file is to hold.
    pub fn wanted(&self, number: usize) -> String {
        let generation = self.generation;
        match number % 2 {
            0 => format!("alone {generation}"),
            _ => format!("{} {generation}", number / 2),
        }
    }

    /// The files that are there, by number, and what they hold.
    pub fn files(&self) -> BTreeMap<usize, String> {
        let names = self.project.list("out");
        // What a write that was cut off had put aside is none of them.
        let names = names.into_iter().filter(|name| name.parse::<usize>().is_ok());
        let entry = |name: String| {
            (name.parse().expect("it is a number"), self.project.read(&format!("out/{name}")))
        };
        names.map(entry).collect()
    }

    /// Whether every file is as wanted.
    pub fn is_applied(&self) -> bool {
        let files = self.files();
        (0..FILES).all(|number| files.get(&number) == Some(&self.wanted(number)))
    }

    /// A command with the variable it needs.
    pub fn line(&self, command: &str) -> String {
        format!("{command} -var generation={}", self.generation)
    }

    pub fn apply(&self) {
        self.project.run(&self.line("apply -auto-approve")).exits(0);
    }

    pub fn destroy(&self) {
        self.project.run(&self.line("destroy -auto-approve")).exits(0);
    }

    pub fn apply_watched(&self) -> Running {
        self.project.command(&self.line("apply -auto-approve")).start_watched()
    }

    pub fn destroy_watched(&self) -> Running {
        self.project.command(&self.line("destroy -auto-approve")).start_watched()
    }
}
