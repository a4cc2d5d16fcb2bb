//! One run at a time.

use std::time::{Duration, Instant};

use platoform_tests::{Project, Terminal};

const ONE: &str = r#"
    resource "local_file" "a" {
      filename = "out/a"
      content  = "a"
    }
"#;

#[test]
fn the_second_learns_who_is_first() {
    let project = Project::new(ONE);
    let mut first = Terminal::start(project.command("apply"));
    first.wait_for("Enter a value");
    let pid = format!("pid {}", first.process.pid());

    let second = project.run("apply -auto-approve -lock-timeout=0s");
    second.exits(1).shows("State is locked").shows(&pid).shows("tester").shows("platoform apply");
    assert!(!project.has("out"));
    project.run("destroy -auto-approve").exits(1).shows(&pid);
    // Looking is free.
    project.run("plan -detailed-exitcode").exits(2);
    project.run("state list").exits(0);

    let begun = Instant::now();
    project.run("apply -auto-approve -lock-timeout=1s").exits(1).shows(&pid);
    assert!(begun.elapsed() >= Duration::from_secs(1));
    // A stopped process has not let go.
    first.process.stop();
    project.run("apply -auto-approve").exits(1).shows(&pid);
    first.process.kill();
    project.apply();
}

#[test]
fn waiting_is_worth_it() {
    let project = Project::new(ONE);
    let mut first = Terminal::start(project.command("apply"));
    first.wait_for("Enter a value");
    let second = Terminal::start(project.command("apply -auto-approve -lock-timeout=1m"));
    first.types("yes");
    first.end().exits(0);
    second.end().exits(0).shows("No changes.");
}
