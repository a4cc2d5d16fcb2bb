//! `workspace`, and everything else in one.

use platoform_tests::{Project, Terminal};

use crate::snapshot;

const MAIN: &str = r#"
    resource "local_file" "a" {
      filename = "out/${terraform.workspace}"
      content  = terraform.workspace
    }
    resource "terraform_data" "secret" {
      input = sensitive("correct-horse")
    }
    output "w" {
      value = terraform.workspace
    }
"#;

#[test]
fn workspaces_come_and_go() {
    let project = Project::new(MAIN);
    let line = |line: &str, code: i32| {
        let run = project.run(line);
        format!("$ platoform {line}\n{}", run.exits(code).text())
    };
    let lines = [
        ("workspace list", 0),
        ("workspace show", 0),
        ("workspace new dev", 0),
        ("workspace new dev", 1),
        ("workspace new a/b", 1),
        ("workspace new ..", 1),
        ("workspace select nope", 1),
        ("workspace select dev", 0),
        ("workspace select -or-create stage", 0),
        ("workspace list", 0),
        ("workspace delete stage", 1),
        ("workspace delete nope", 1),
        ("workspace select default", 0),
        ("workspace delete stage", 0),
        ("workspace select dev", 0),
        ("workspace delete -force default", 1),
        ("workspace list", 0),
    ];
    let text: Vec<String> = lines.into_iter().map(|(text, code)| line(text, code)).collect();
    snapshot!("workspaces", text.join("\n"));
}

#[test]
fn each_workspace_has_a_state_of_its_own() {
    let project = Project::new(MAIN);
    project.apply().shows("w = \"default\"");
    project.run("workspace new dev").exits(0);
    assert_eq!(project.run("output").exits(0).stdout, "");
    assert!(project.recorded().is_empty());
    project.apply().shows("w = \"dev\"");
    assert_eq!(project.list("out"), ["default", "dev"]);
    project.is_settled();
    project.run("workspace select default").exits(0);
    project.is_settled();

    let full = project.run("workspace delete dev");
    snapshot!("workspace_not_empty", full.exits(1).text());
    let forced = project.run("workspace delete -force dev");
    snapshot!("workspace_delete_force", forced.exits(0).text());
    assert_eq!(project.list("out"), ["default", "dev"]);
    assert!(project.list("platoform.db.d").is_empty());
}

#[test]
fn a_variable_names_the_workspace() {
    let project = Project::new(MAIN);
    let run = |line: &str| project.command(line).env("TF_WORKSPACE", "ci").run();
    run("apply -auto-approve").exits(0).shows("w = \"ci\"");
    let list = run("workspace list");
    assert_eq!(
        list.exits(0).stdout,
        "  default\n* ci\n\n\n\nThe active workspace is being overridden using the TF_WORKSPACE \
         environment\nvariable.\n\n"
    );
    assert_eq!(run("workspace show").exits(0).stdout, "ci\n");
    run("workspace select default").exits(1).shows("overridden");
    run("workspace new other").exits(1).shows("TF_WORKSPACE");
    // Ours comes first.
    let both = project.command("workspace show").env("TF_WORKSPACE", "ci");
    let both = both.env("PLATOFORM_WORKSPACE", "mine").run();
    assert_eq!(both.exits(0).stdout, "mine\n");
    for name in ["../x", "a b", "."] {
        let bad = project.command("plan").env("TF_WORKSPACE", name).run();
        bad.exits(1).shows("Invalid workspace name set using TF_WORKSPACE");
    }
    assert_eq!(project.run("workspace show").exits(0).stdout, "default\n");
}

#[test]
fn a_state_is_copied_into_a_new_workspace() {
    let project = Project::new(MAIN);
    project.apply();
    project.run("workspace new -state=nothing.db other").exits(1).shows("No state");
    assert_eq!(project.run("workspace list").exits(0).stdout, "* default\n\n");
    project.run("workspace new -state=platoform.db other").exits(0);
    assert_eq!(project.recorded(), ["local_file.a", "terraform_data.secret"]);
    // Sealed with the key of the new one.
    project.run("state show terraform_data.secret").exits(0).shows("(sensitive value)");
    project.run("state pull").exits(0).shows("correct-horse");
    project.run("log").exits(0).shows("platoform workspace new").shows("+2 ~0 -0");
}

#[test]
fn the_configuration_says_where_the_states_are() {
    let project = Project::new(
        "terraform {\n  backend \"local\" {\n    path          = \"here.db\"\n    \
         workspace_dir = \"there\"\n  }\n}\nresource \"terraform_data\" \"a\" {}\n",
    );
    project.apply();
    project.run("workspace new dev").exits(0);
    project.apply();
    assert!(project.has("here.db") && project.has("there/dev/platoform.db"));
}

#[test]
fn each_workspace_has_a_lock_of_its_own() {
    let project = Project::new(MAIN);
    project.run("workspace new dev").exits(0);
    let mut first = Terminal::start(project.command("apply"));
    first.wait_for("Enter a value");
    let dev = project.command("apply -auto-approve").env("TF_WORKSPACE", "dev").run();
    dev.exits(1).shows("State is locked");
    let other = project.command("apply -auto-approve").env("TF_WORKSPACE", "default").run();
    other.exits(0);
    project.run("workspace select default").exits(0);
    project.run("workspace delete -force dev").exits(1).shows("State is locked");
    first.process.kill();
    project.run("workspace delete -force dev").exits(0);
}
