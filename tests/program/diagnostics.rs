//! What is said when something is wrong.

use platoform_tests::Project;

use crate::snapshot;

#[test]
fn several_mistakes_at_once() {
    let project = Project::new(
        r#"
        resource "local_file" "a" {
          filename = "out/a"
          contents = "b"
        }
        resource "terraform_data" "b" {
          input = local.missing
        }
        resource "terraform_data" "c" {
          input = terraform_data.gone.id
        }
        resource "terraform_data" "d" {
          input = terraform_data.c.output
          foo   = 1
        }
        output "o" {
          value = 1 + "x"
        }
        "#,
    );
    let run = project.run("validate");
    snapshot!("diagnostics_several", run.exits(1).text());
    // Arguments, references and types in one run, but nothing that only follows.
    for text in ["contents", "missing", "gone", "1 + \"x\""] {
        run.shows(text);
    }
    run.hides("foo");
    let plan = project.run("plan");
    assert_eq!(plan.exits(1).stderr, run.stderr);
    assert!(!project.has("platoform.db"));
}

#[test]
fn what_cannot_be_read_comes_first() {
    let project = Project::new(
        r#"
        variable "size" {
          type    = number
          default = "large"
        }
        resource "terraform_data" "b" {
          input = local.missing
        }
        //- /broken.tf
        locals {
          x = [1, 2
        }
        output "o" {
          value = 1 +
        }
        "#,
    );
    let run = project.run("validate");
    run.exits(1).shows("large").shows("[1, 2").shows("1 +").hides("missing");
}

#[test]
fn what_only_planning_finds() {
    let project = Project::new(
        r#"
        resource "local_file" "two" {
          filename       = "out/a"
          content        = "a"
          content_base64 = "YQ=="
        }
        resource "local_file" "mode" {
          filename        = "out/b"
          content         = "b"
          file_permission = "rwx"
        }
        resource "terraform_data" "index" {
          input = [1, 2][2]
        }
        resource "terraform_data" "count" {
          count = -1
        }
        output "type" {
          value = 1 + "a"
        }
        "#,
    );
    let run = project.run("plan");
    snapshot!("diagnostics_planning", run.exits(1).text());
    for text in ["local_file.two", "local_file.mode", "[1, 2][2]", "count", "1 + \"a\""] {
        run.shows(text);
    }
}

#[test]
fn a_cycle_is_shown_link_by_link() {
    let project = Project::new(
        r#"
        resource "terraform_data" "a" {
          input = local.b
        }
        locals {
          b = terraform_data.b.output
        }
        resource "terraform_data" "b" {
          input = terraform_data.a.output
        }
        "#,
    );
    let run = project.run("plan");
    snapshot!("diagnostics_cycle", run.exits(1).text());
    project.run("validate").exits(1).shows("terraform_data.a").shows("terraform_data.b");
    project.run("graph").exits(1);
}

#[test]
fn no_text_is_too_strange() {
    let project = Project::new("");
    let deep = format!("locals {{\n  a = {}1{}\n}}\n", "[".repeat(5000), "]".repeat(5000));
    let texts = [
        "\u{feff}", "{", "}", "\"", "<<EOT", "a \"", "/*", "${", "%{ if", "\0", "é = 1",
        "resource", &deep,
    ];
    for text in texts {
        project.write("main.tf", text);
        let run = project.run("validate");
        assert!(matches!(run.code, Some(0 | 1)), "{text}: {run}");
    }
    std::fs::write(project.path("main.tf"), b"a = \"\xff\xfe\"").unwrap();
    project.run("validate").exits(1).shows("UTF-8");
}

#[test]
fn a_failed_condition_says_what_its_author_wrote() {
    let project = Project::new(
        r#"
        variable "least" {
          default = 2
        }
        resource "terraform_data" "a" {
          input = 3
          lifecycle {
            precondition {
              condition     = 1 > var.least
              error_message = "One is not enough."
            }
          }
        }
        resource "terraform_data" "b" {
          input = 4
          lifecycle {
            postcondition {
              condition     = self.output > 4
              error_message = "Four is not enough."
            }
          }
        }
        "#,
    );
    project.run("plan").exits(1).shows("One is not enough.").shows("main.tf");
    project.run("apply -auto-approve -var least=0").exits(1).shows("Four is not enough.");
}
