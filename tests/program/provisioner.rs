//! `local-exec`, and interruptions while it runs.

use std::thread::sleep;
use std::time::{Duration, Instant};

use platoform_tests::{Project, Running};

/// Waits until something is so.
fn until(run: &mut Running, so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !so() {
        assert!(run.ended().is_none(), "it ended before");
        assert!(Instant::now() < end, "it never came");
        sleep(Duration::from_millis(5));
    }
}

/// Begins, waits for the file `go`, and ends.
const WAITS: &str = r#"
resource "terraform_data" "a" {
  input = "x"
  provisioner "local-exec" {
    command = "echo $$ > begun; while [ ! -e go ]; do sleep 0.02; done; echo end > ended"
  }
}
resource "terraform_data" "b" { input = terraform_data.a.id }
"#;

#[test]
fn what_it_writes_is_shown_as_it_comes() {
    let project = Project::new(
        r#"
resource "terraform_data" "a" {
  input = "x"
  provisioner "local-exec" {
    command     = "echo $GREETING ${self.input}; echo err >&2; printf 'last'"
    environment = { GREETING = "hello" }
    working_dir = "below"
  }
  provisioner "local-exec" {
    command = "echo ${sensitive(join("", ["hun", "ter2"]))}; exit 3"
  }
}
//- /below/file
x
"#,
    );
    project
        .run("apply -auto-approve")
        .exits(1)
        .shows("terraform_data.a: Provisioning with 'local-exec'...")
        .shows("terraform_data.a (local-exec): Executing: [\"/bin/sh\" \"-c\" \"echo $GREETING x;")
        .shows("terraform_data.a (local-exec): hello x\n")
        .shows("terraform_data.a (local-exec): err\n")
        .shows("terraform_data.a (local-exec): last\n")
        .shows("(output suppressed due to sensitive value in config)")
        .shows("local-exec provisioner error")
        .shows("exit status 3")
        .hides("hunter2");
}

#[test]
fn the_first_interruption_lets_it_end() {
    let project = Project::new(WAITS);
    let mut apply = project.command("apply -auto-approve").start();
    until(&mut apply, || project.has("begun"));
    apply.interrupt();
    sleep(Duration::from_millis(200));
    project.write("go", "");
    assert_eq!(apply.wait().code(), Some(1));
    assert!(project.has("ended"));
    assert_eq!(project.recorded(), ["terraform_data.a"]);
    project.run("plan").exits(0).shows("Plan: 1 to add, 0 to change, 0 to destroy");
}

#[test]
fn the_second_interruption_ends_it_and_taints() {
    let project = Project::new(WAITS);
    let mut apply = project.command("apply -auto-approve").start();
    until(&mut apply, || project.has("begun"));
    apply.interrupt();
    sleep(Duration::from_millis(200));
    apply.interrupt();
    assert_eq!(apply.wait().code(), Some(1));
    project.write("go", "");
    let shell = project.read("begun");
    let process = format!("/proc/{}", shell.trim());
    assert!(!std::path::Path::new(&process).exists(), "the program is still running");
    assert!(!project.has("ended"));
    project.run("plan").exits(0).shows("terraform_data.a is tainted, so must be replaced");
}

#[test]
fn killed_while_it_runs_the_object_is_tainted() {
    let project = Project::new(WAITS);
    let mut apply = project.command("apply -auto-approve").start();
    until(&mut apply, || project.has("begun"));
    assert!(apply.kill());
    project.write("go", "");
    project.run("plan").exits(0).shows("terraform_data.a is tainted, so must be replaced");
}
