//! Where values of variables come from, and which of them counts.

use platoform_tests::{Project, Terminal};

const ECHO: &str = r#"
    variable "a" {
      type    = string
      default = "default"
    }
    variable "list" {
      type    = list(number)
      default = []
    }
    output "a" {
      value = var.a
    }
    output "list" {
      value = var.list
    }
"#;

/// What the output `a` becomes with these arguments.
#[track_caller]
fn value(project: &Project, arguments: &str, environment: &[(&str, &str)]) -> String {
    let apply = project.command(&format!("apply -auto-approve {arguments}"));
    let apply = environment.iter().fold(apply, |apply, (name, value)| apply.env(name, value));
    apply.run().exits(0);
    project.run("output -raw a").exits(0).stdout.clone()
}

#[test]
fn the_most_explicit_place_counts() {
    let project = Project::new(ECHO);
    let environment = [("TF_VAR_a", "environment"), ("TF_VAR_unused", "1")];
    assert_eq!(value(&project, "", &[]), "default");
    assert_eq!(value(&project, "", &environment), "environment");
    assert_eq!(value(&project, "", &[("PLATOFORM_VAR_a", "ours")]), "ours");
    project.write("terraform.tfvars", "a = \"file\"\n");
    assert_eq!(value(&project, "", &environment), "file");
    project.write("x.auto.tfvars", "a = \"auto\"\n");
    assert_eq!(value(&project, "", &environment), "auto");
    project.write("given", "a = \"given\"\n");
    assert_eq!(value(&project, "-var-file=given", &environment), "given");
    assert_eq!(value(&project, "-var-file given -var a=line", &environment), "line");
    assert_eq!(value(&project, "--var a=line --var-file=given", &environment), "given");
}

#[test]
fn types_are_kept() {
    let project = Project::new(ECHO);
    project.command("apply -auto-approve -var").args(["list=[1, 2]"]).run().exits(0);
    assert_eq!(project.run("output -json list").exits(0).stdout.trim(), "[1,2]");
    let environment = project.command("apply -auto-approve").env("TF_VAR_list", "[3]");
    environment.run().exits(0);
    assert_eq!(project.run("output -json list").exits(0).stdout.trim(), "[3]");
    let wrong = project.run("plan -var list=three");
    wrong.exits(1).shows("list");
}

#[test]
fn mistakes_are_named() {
    let project = Project::new(
        r#"
        variable "needed" {
          type = string
        }
        variable "checked" {
          default = 1
          validation {
            condition     = var.checked < 10
            error_message = "Single digits only."
          }
        }
        "#,
    );
    project.run("plan -input=false").exits(1).shows("needed");
    project.run("plan -var needed=x").exits(0);
    project.run("plan -var needed=x -var checked=12").exits(1).shows("Single digits only.");
    project.run("plan -var needed=x -var other=1").exits(1).shows("other");
    project.run("plan -var needed").exits(1).shows("NAME=VALUE");
    project.run("plan -var-file=none.tfvars -var needed=x").exits(1).shows("none.tfvars");
}

const ASKING: &str = r#"
    variable "name" {
      type        = string
      description = "Whom to greet"
    }
    variable "numbers" {
      type = list(number)
    }
    variable "token" {
      type      = string
      sensitive = true
    }
    output "greeting" {
      value = "hello ${var.name}, ${length(var.numbers)}, ${length(nonsensitive(var.token))}"
    }
"#;

#[test]
fn missing_ones_are_asked_for() {
    let project = Project::new(ASKING);
    let mut terminal = Terminal::start(project.command("apply -auto-approve"));
    terminal.wait_for("var.name\n  Whom to greet\n\n  Enter a value: ");
    assert!(terminal.echoes());
    terminal.types("ann");
    terminal.wait_for("var.numbers");
    terminal.wait_for_times("Enter a value: ", 2);
    terminal.types("[1, 2]");
    terminal.wait_for("var.token");
    terminal.wait_for_times("Enter a value: ", 3);
    assert!(!terminal.echoes(), "a secret appears on the screen");
    terminal.types("geheim");
    terminal.end().exits(0).shows("hello ann, 2, 6");
}

#[test]
fn nobody_is_asked_in_vain() {
    let project = Project::new(ASKING);
    let missing = "No value for required variable";
    project.run("plan").exits(1).shows(missing).hides("Enter a value");
    let silent = Terminal::start(project.command("plan -input=false"));
    silent.end().exits(1).shows(missing).hides("Enter a value");
    let mut wrong = Terminal::start(project.command("plan -var name=x -var token=t"));
    wrong.wait_for("Enter a value");
    wrong.types("[a");
    wrong.end().exits(1).shows("<value for var.numbers>");
    let mut refused = Terminal::start(project.command("plan -var name=x -var token=t"));
    refused.wait_for("Enter a value");
    refused.press("\u{4}");
    refused.end().exits(1).shows(missing).shows("numbers");
    // The console knows what to do without.
    let mut console = Terminal::start(project.command("console"));
    console.wait_for("> ");
    console.types("var.name");
    console.wait_for("(known after apply)");
    console.types("exit");
    console.end().exits(0);
}
