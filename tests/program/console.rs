//! The console: through a pipe and on a terminal.

use platoform_tests::{Project, Terminal};

const CONFIGURATION: &str = r#"
    variable "size" {
      type    = number
      default = 3
    }
    variable "open" {
      type = list(string)
    }
    variable "secret" {
      default   = "geheim"
      sensitive = true
    }
    locals {
      names = ["ann", "bob"]
    }
    resource "terraform_data" "one" {
      input = "text of ${var.size}"
    }
    resource "terraform_data" "several" {
      count = var.size
      input = count.index
    }
    module "child" {
      source = "./child"
      name   = terraform_data.one.output
    }
    //- /child/main.tf
    variable "name" {}
    output "greeting" {
      value = "hello ${var.name}"
    }
"#;

#[track_caller]
fn answers(project: &Project, arguments: &str, input: &str) -> String {
    let command = project.command(&format!("console {arguments}"));
    command.input(input).run().exits(0).stdout.clone()
}

#[test]
fn each_line_is_answered() {
    let project = Project::new(CONFIGURATION);
    let input = "local.names\n\n  1 + 1\nvar.secret\ntype(var.open)\nvar.open\n";
    assert_eq!(
        answers(&project, "", input),
        "[\n  \"ann\",\n  \"bob\",\n]\n2\n(sensitive value)\nlist(string)\n(known after apply)\n"
    );
    assert_eq!(answers(&project, "-var size=5", "var.size * 2"), "10\n");
    assert_eq!(answers(&project, "", ""), "");
}

#[test]
fn brackets_and_heredocs_go_on_over_lines() {
    let project = Project::new(CONFIGURATION);
    let input =
        "[for name in\n  local.names :\n  upper(name)\n]\n\"${\n1\n}\"\n<<EOT\n  a\n\nEOT\n3\n";
    assert_eq!(
        answers(&project, "", input),
        "[\n  \"ANN\",\n  \"BOB\",\n]\n1\n<<EOT\n  a\n\n\nEOT\n3\n"
    );
}

#[test]
fn the_first_failure_ends_it() {
    let project = Project::new(CONFIGURATION);
    let run = project.command("console").input("1\nlocal.nmaes\n3\n").run();
    assert_eq!(run.exits(1).stdout, "1\n");
    run.shows("Reference to undeclared local value").shows("did you mean `names`?");
    run.shows("<console-input>:1:1");
    let unfinished = project.command("console").input("2\n[1,\n").run();
    assert_eq!(unfinished.exits(1).stdout, "2\n");
    assert_eq!(answers(&project, "", "1\nexit\n2\n"), "1\n");
    answers(&project, "", "help").contains("terraform_data").then(|| panic!("help is general"));
}

#[test]
fn objects_are_as_the_state_has_them() {
    let project = Project::new(CONFIGURATION);
    let input = "terraform_data.one.output\nterraform_data.several[*].output\n\
                 module.child.greeting\nterraform_data.several[7]\n";
    assert_eq!(
        answers(&project, "", input),
        "(known after apply)\n".repeat(4),
        "nothing was applied"
    );
    project.run("apply -auto-approve -var open=[]").exits(0);
    let input = "terraform_data.one.output\nterraform_data.several[*].output\n\
                 module.child.greeting\n";
    let applied = "\"text of 3\"\n[\n  0,\n  1,\n  2,\n]\n\"hello text of 3\"\n";
    assert_eq!(answers(&project, "", input), applied);
    // Other values of variables change nothing about what there is.
    assert_eq!(answers(&project, "-var size=4", "length(terraform_data.several)"), "3\n");
    assert_eq!(answers(&project, "-plan -var size=4", "length(terraform_data.several)"), "4\n");
}

#[test]
fn no_configuration_is_needed() {
    let project = Project::new("");
    assert_eq!(
        answers(&project, "", "1 + 1\npath.module\nterraform.workspace\n"),
        "2\n\".\"\n\"default\"\n"
    );
    assert!(!project.path("platoform.db").exists());
}

#[test]
fn what_is_wrong_with_the_configuration_is_told_first() {
    let broken = Project::new("locals {\n  a = [1\n}\n");
    broken.command("console").input("1\n").run().exits(1).shows("main.tf:3:1");
    let cycle = Project::new("locals {\n  a = local.b\n  b = local.a\n}\n");
    cycle.command("console").input("1\n").run().exits(1).shows("Cycle");
    let failing = Project::new("locals {\n  a = tonumber(\"x\")\n  b = 2\n}\n");
    let run = failing.command("console").input("local.a\nlocal.b\n").run();
    assert_eq!(run.exits(0).stdout, "(known after apply)\n2\n");
    run.shows("Invalid function argument").shows("Due to the problems above");
}

#[test]
fn expressions_are_typed_on_a_terminal() {
    let project = Project::new(CONFIGURATION);
    let mut terminal = Terminal::start(project.command("console"));
    terminal.wait_for("> ");
    terminal.types("1 + var.size");
    terminal.wait_for("4");
    terminal.types("nothing.here");
    terminal.wait_for("Reference to undeclared resource");
    terminal.types("[");
    terminal.types("  \"still\", \"here\"");
    terminal.types("]");
    terminal.wait_for("\"still\",");
    // Typed to the middle of a name, and completed.
    terminal.types("mod\tchi\t.gre\t");
    terminal.wait_for("(known after apply)");
    terminal.types("exit");
    terminal.end().exits(0);
    let history = project.root().join("../home/.local/share/platoform/console_history");
    let text = std::fs::read_to_string(&history).unwrap();
    assert!(text.contains("1 + var.size") && text.contains("module.child.greeting"), "{text}");
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(history).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}

/// What asks the terminal to bracket what is pasted: each prompt begins with it. Keys that are to
/// mean something must not come before.
const PROMPT: &str = "\u{1b}[?2004h";

#[test]
fn control_c_clears_the_line_and_control_d_ends() {
    let project = Project::new("");
    let mut terminal = Terminal::start(project.command("console"));
    terminal.wait_for(PROMPT);
    terminal.press("40 + 2\u{3}");
    terminal.wait_for_times(PROMPT, 2);
    terminal.types("\"still\" == \"here\"");
    terminal.wait_for("false");
    terminal.wait_for_times(PROMPT, 3);
    terminal.press("\u{4}");
    let run = terminal.end();
    run.exits(0).hides("42");
}
