//! What people review: `show -markdown`, `-html` and `-github`, `plan -check-fresh`,
//! `apply -reviewed`, `graph`.

use std::fs;

use platoform_tests::Project;
use serde_json::Value as Json;

use crate::snapshot;

/// Something of every kind happens between the two values of `stage`.
const KINDS: &str = r#"
    variable "stage" {
      default = 1
    }
    variable "password" {
      default   = "hunter2"
      sensitive = true
    }
    locals {
      ports = var.stage == 1 ? [80] : [80, 443]
    }
    resource "terraform_data" "base" {
      input            = "v${var.stage}"
      triggers_replace = [var.stage]
    }
    resource "terraform_data" "web" {
      for_each = toset(var.stage == 1 ? ["a", "b", "old"] : ["a", "b", "new"])
      input    = { name = each.key, ports = local.ports, password = var.password, base = "x" }
    }
    resource "local_file" "config" {
      filename = "out/config"
      content  = "base = ${terraform_data.base.id}\nports = ${join(",", local.ports)}\n"
    }
    resource "terraform_data" "gone" {
      count = var.stage == 1 ? 1 : 0
      input = "gone"
    }
    check "ports" {
      assert {
        condition     = length(local.ports) < 2
        error_message = "Too many ports"
      }
    }
    output "ports" {
      value = local.ports
    }
"#;

fn changed() -> Project {
    let project = Project::new(KINDS);
    project.apply();
    project.run("plan -out=saved -var stage=2").exits(0);
    project
}

fn digest(project: &Project, file: &str) -> String {
    let document = project.run(&format!("show -json {file}"));
    let document: Json = serde_json::from_str(&document.exits(0).stdout).unwrap();
    document["platoform"]["digest"].as_str().unwrap().to_owned()
}

#[test]
fn markdown_tells_what_happens_and_why() {
    let project = changed();
    let text = project.run("show -markdown saved");
    snapshot!(
        "review_markdown",
        text.exits(0).data().replace(&digest(&project, "saved")[..12], "[DIGEST]")
    );
    text.hides("hunter2");
}

#[test]
fn equal_plans_give_equal_bytes() {
    let project = changed();
    project.run("plan -out=again -var stage=2").exits(0);
    for form in ["-markdown", "-html"] {
        let first = project.run(&format!("show {form} saved")).exits(0).stdout.clone();
        assert_eq!(first, project.run(&format!("show {form} again")).exits(0).stdout);
    }
}

/// Two thousand changes, of which thirty destroy something.
fn many() -> Project {
    let project = Project::new(
        r#"
        variable "stage" { default = 1 }
        resource "terraform_data" "update" {
          count = 985
          input = "stage ${var.stage} of ${count.index}"
        }
        resource "terraform_data" "create" {
          count = var.stage == 1 ? 0 : 985
          input = "a value that is not short, number ${count.index}"
        }
        resource "terraform_data" "gone" {
          count = var.stage == 1 ? 30 : 0
          input = "gone ${count.index}"
        }
        "#,
    );
    project.apply();
    project
}

#[test]
fn two_thousand_changes_fit_with_all_that_is_destroyed() {
    let project = many();
    project.run("plan -out=saved -var stage=2").exits(0);
    let text = project.run("show -markdown saved").exits(0).stdout.clone();
    assert!(text.chars().count() < 60_000, "{}", text.chars().count());
    for number in 0..30 {
        assert!(text.contains(&format!("`terraform_data.gone[{number}]` destroyed")), "{number}");
    }
    assert!(text.contains("⚠ **destroys 30 objects**") && text.contains("**Left out**"));
    let smaller = project.run("show -markdown -budget=5000 saved").exits(0).stdout.clone();
    assert!(smaller.chars().count() < 5_000 && smaller.contains("`terraform_data.gone[29]`"));
}

#[test]
fn a_long_plan_does_not_scroll_away() {
    let project = many();
    let short = project.run("plan -out=saved -var stage=2");
    let text = &short.exits(0).stdout;
    let summary = "Plan: 985 to add, 985 to change, 30 to destroy.";
    assert!(text.starts_with(summary) && text.trim_end().ends_with(summary), "{text}");
    assert!(text.lines().count() < 80, "{text}");
    let place = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what} is not in {text}"));
    assert!(place("gone[0] will be destroyed") < place("update[0] will be updated"));
    assert!(place("update[0] will be updated") < place("create[0] will be created"));
    short.shows("and 984 more instances of terraform_data.update: updated");
    let whole = project.run("show -full saved");
    whole.exits(0).shows("terraform_data.gone[29] will be destroyed");
    whole.shows("terraform_data.update[984] will be updated in-place").hides("Shortened");
}

#[test]
fn hostile_values_do_no_harm_and_secrets_stay() {
    let project = Project::new(
        r#"
        variable "secret" {
          default   = "correct-horse"
          sensitive = true
        }
        resource "terraform_data" "bad" {
          for_each = toset(["@team", "</details><script>alert(1)</script>", "| `x` |"])
          input = {
            fence   = "```\n</details>\n@team closes #1\n```\n"
            colour  = "\u001b[31mred\u001b[0m"
            secret  = var.secret
            nested  = jsonencode({ secret = var.secret, html = "<img src=x onerror=alert(1)>" })
          }
        }
        output "secret" {
          value     = "it is ${var.secret}"
          sensitive = true
        }
        "#,
    );
    let planned = project.run("plan -out=saved");
    planned.exits(0).hides("correct-horse").hides("\u{1b}[31m");
    for line in [
        "show saved",
        "show -json saved",
        "show -markdown saved",
        "show -html saved",
        "show -github saved",
        "graph -plan=saved",
        "graph -plan=saved -format=svg",
        "graph -plan=saved -format=mermaid",
        "graph -plan=saved -format=json",
    ] {
        let run = project.run(line);
        run.exits(0).hides("correct-horse").hides("\u{1b}");
    }
    let saved = fs::read(project.path("saved")).unwrap();
    assert!(!saved.windows(13).any(|window| window == b"correct-horse"));
    let page = project.run("show -html saved").stdout;
    assert!(!page.contains("<img") && page.matches("<script").count() == 1);
    let text = project.run("show -markdown saved").stdout;
    assert!(
        text.lines()
            .filter(|line| line.starts_with("| +"))
            .all(|line| { line.contains("<code>") || line.matches('`').count() % 2 == 0 })
    );
    assert!(text.contains("````diff"));
}

#[test]
fn a_page_needs_nothing_else() {
    let project = changed();
    let page = project.run("show -html saved");
    page.exits(0).hides("hunter2").shows("destroys 4 objects");
    assert!(page.stdout.starts_with("<!DOCTYPE html>"));
    assert!(!page.stdout.contains("https:") && !page.stdout.contains("unsafe-inline"));
}

#[test]
fn a_step_gets_annotations_a_summary_and_outputs() {
    let project = changed();
    let root = project.root().parent().unwrap().to_string_lossy().into_owned();
    let run = project
        .command("show -github saved")
        .env("GITHUB_WORKSPACE", &root)
        .env("GITHUB_STEP_SUMMARY", "summary.md")
        .env("GITHUB_OUTPUT", "outputs")
        .run();
    run.exits(0);
    snapshot!("review_github", run.data());
    let outputs = project.read("outputs");
    assert!(outputs.contains("changes=true\ndestroys=4\nforgets=0\nerrors=false"), "{outputs}");
    assert!(project.read("summary.md").starts_with("<!-- platoform:plan project=project"));
}

#[test]
fn a_saved_plan_is_fresh_until_what_it_was_made_from_changes() {
    let project = changed();
    project.run("plan -check-fresh=saved").exits(0).shows("Fresh");
    project.run("apply -auto-approve -replace=terraform_data.gone[0]").exits(0);
    let stale = project.run("plan -check-fresh=saved");
    stale.exits(1).shows("`terraform_data.gone[0]` has changed").hides("local_file");
    project.run("plan -out=saved -var stage=2").exits(0);
    project.run("apply saved").exits(0);
    project.run("plan -check-fresh=saved").exits(1).shows("Plan was applied before");
}

#[test]
fn what_was_reviewed_is_applied_and_nothing_else() {
    let project = changed();
    let reviewed = digest(&project, "saved");
    let apply = format!("apply -reviewed={reviewed} -var stage=2");
    project.run("apply -auto-approve -replace=terraform_data.gone[0]").exits(0);
    project.edit("main.tf", "base = \"x\"", "base = \"y\"");
    let bare = project.run(&apply);
    bare.exits(1).shows("The plan is not the one that was reviewed").shows("will be destroyed");
    let told = project.run(&format!("{apply} saved"));
    snapshot!("review_differs", told.exits(1).text());
    assert_eq!(project.recorded().len(), 6, "nothing was changed");
    let other = project.run(&format!("apply -reviewed={} -var stage=2 saved", "0".repeat(64)));
    other.exits(1).shows("This is not the plan that was reviewed");
    project.run("apply -reviewed=1234").exits(1).shows("64 hexadecimal digits");

    project.run("plan -out=saved -var stage=2").exits(0);
    let apply = format!("apply -reviewed={} -var stage=2", digest(&project, "saved"));
    project.run(&apply).exits(0).shows("Apply complete!");
    project.run("plan -detailed-exitcode -var stage=2").exits(0);
}

/// Two reviews of the same state, of which one is merged and applied first.
const TWO: &str = r#"
    resource "terraform_data" "a" {
      input = "a1"
    }
    resource "terraform_data" "b" {
      input = "b1"
    }
"#;

#[test]
fn reviews_of_different_objects_do_not_mind_each_other() {
    let project = Project::new(TWO);
    project.apply();
    project.edit("main.tf", "a1", "a2");
    project.run("plan -out=first").exits(0);
    project.edit("main.tf", "a2", "a1");
    project.edit("main.tf", "b1", "b2");
    project.run("plan -out=second").exits(0);
    let reviewed = digest(&project, "second");
    project.edit("main.tf", "a1", "a2");
    project.run("apply first").exits(0);
    project.run("plan -check-fresh=second").exits(0);
    project.run(&format!("apply -reviewed={reviewed}")).exits(0).shows("1 changed");
    project.is_settled();
}

#[test]
fn saved_plans_of_different_objects_both_apply_and_of_the_same_one_says_which() {
    let project = Project::new(TWO);
    project.apply();
    project.edit("main.tf", "a1", "a2");
    project.run("plan -out=first").exits(0);
    project.run("plan -out=rival").exits(0);
    project.edit("main.tf", "a2", "a1");
    project.edit("main.tf", "b1", "b2");
    project.run("plan -out=second").exits(0);
    project.run("apply first").exits(0);
    project.run("apply second").exits(0);
    project
        .run("apply rival")
        .exits(1)
        .shows("`terraform_data.a` has changed")
        .hides("terraform_data.b");
}

#[test]
fn graphs_come_in_four_forms() {
    let project = changed();
    for (format, start) in
        [("dot", "digraph G {"), ("mermaid", "flowchart LR"), ("svg", "<svg xmlns="), ("json", "{")]
    {
        for plan in ["", " -plan=saved"] {
            let run = project.run(&format!("graph -format={format}{plan}"));
            assert!(run.exits(0).stdout.starts_with(start), "{run}");
        }
    }
    snapshot!("review_graph", project.run("graph -plan=saved -format=mermaid").exits(0).data());
    let json = project.run("graph -format=json").stdout;
    let json: Json = serde_json::from_str(&json).unwrap();
    assert_eq!(json["edges"].as_array().unwrap().len(), 1, "{json}");
}
