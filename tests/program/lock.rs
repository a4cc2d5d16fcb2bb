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

#[test]
fn the_holder_is_shown_and_loses_the_lock_only_by_force() {
    let project = Project::new(ONE);
    project.run("force-unlock").exits(1).shows("No state");
    project.apply();
    assert_eq!(project.run("lock").exits(0).stdout, "Nobody holds the lock.\n");
    project.run("force-unlock 1").exits(1).shows("State is not locked");
    project.edit("main.tf", "content  = \"a\"", "content  = \"b\"");
    let mut first = Terminal::start(project.command("apply"));
    first.wait_for("Enter a value");
    let shown = project.run("lock");
    shown.exits(0).shows("The lock is held.").shows("platoform apply").shows("tester@");
    let json = project.run("lock -json");
    let json: serde_json::Value = serde_json::from_str(&json.exits(0).stdout).unwrap();
    assert_eq!(json["state"], "held");
    assert_eq!(json["holder"]["pid"], first.process.pid());
    let id = json["holder"]["id"].as_str().unwrap();
    shown.shows(id);
    assert!(
        json["holder"]["heartbeat"].as_str().unwrap() >= json["holder"]["since"].as_str().unwrap()
    );

    project.run("force-unlock -force other").exits(1).shows("Another lock").shows(id);
    let refused = project.run(&format!("force-unlock {id}"));
    refused.exits(1).shows("which is running").shows("`-force`");
    let forced = project.run(&format!("force-unlock -force {id}"));
    forced.exits(0).shows("The state has been unlocked.").shows("still alive");
    // The other one may start, and the first one writes nothing more.
    project.run("apply -auto-approve").exits(0).shows("1 added");
    first.types("yes");
    first.end().exits(1).shows("was taken away from this process");
    project.is_settled();
    assert_eq!(project.run("lock").exits(0).stdout, "Nobody holds the lock.\n");
}

#[test]
fn a_dead_holder_is_seen_at_once() {
    let project = Project::new(ONE);
    let mut first = Terminal::start(project.command("apply"));
    first.wait_for("Enter a value");
    first.process.kill();
    project.run("lock").exits(0).shows("has died with it").shows("tester@");
    let json = project.run("lock -json");
    json.exits(0).shows("\"state\": \"left\"");
    // Nothing has to be unlocked, but may be.
    project.run("force-unlock").exits(1).shows("Approval needed");
    project.run("force-unlock -force").exits(0).shows("The state has been unlocked.");
    project.run("lock").exits(0).shows("Nobody holds the lock.");
    project.apply();
}
