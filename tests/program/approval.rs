//! Asking before something is done.

use platoform_tests::{Project, Terminal};

const ONE: &str = r#"
    resource "local_file" "a" {
      filename = "out/a"
      content  = "a"
    }
"#;

#[test]
fn nobody_to_ask_means_no() {
    let project = Project::new(ONE);
    let refused = project.run("apply");
    refused.exits(1).shows("local_file.a will be created").shows("-auto-approve");
    assert!(!project.has("out") && project.recorded().is_empty());
    project.run("apply -input=false").exits(1).shows("-input=false");
    project.apply();
    project.run("destroy").exits(1).shows("-auto-approve");
    assert_eq!(project.list("out"), ["a"]);
}

#[test]
fn nothing_to_do_needs_no_answer() {
    let project = Project::new(ONE);
    project.apply();
    project.run("apply").exits(0).shows("No changes.");
}

#[test]
fn only_yes_is_yes() {
    let project = Project::new(ONE);
    for answer in ["no", "y", "", "YES"] {
        let mut terminal = Terminal::start(project.command("apply"));
        terminal.wait_for("Enter a value");
        terminal.types(answer);
        terminal.end().exits(1).shows("Apply cancelled");
        assert!(!project.has("out"), "{answer}");
    }
    let mut terminal = Terminal::start(project.command("apply"));
    terminal.wait_for("Enter a value");
    terminal.types("yes");
    terminal.end().exits(0).shows("1 added");
    assert_eq!(project.list("out"), ["a"]);

    let mut terminal = Terminal::start(project.command("destroy"));
    terminal.wait_for("Do you really want to destroy");
    terminal.types("yes");
    terminal.end().exits(0).shows("1 destroyed");
    assert!(project.list("out").is_empty());
}

#[test]
fn a_terminal_does_not_help_where_asking_is_forbidden() {
    let project = Project::new(ONE);
    let terminal = Terminal::start(project.command("apply -input=false"));
    terminal.end().exits(1).shows("-input=false");
    assert!(!project.has("out"));
}

#[test]
fn a_reviewed_plan_needs_no_answer() {
    let project = Project::new(ONE);
    project.run("plan -out=saved").exits(0);
    project.run("apply saved").exits(0);
    assert_eq!(project.list("out"), ["a"]);
}
