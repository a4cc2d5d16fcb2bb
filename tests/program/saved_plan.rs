//! `plan -out=FILE` and `apply FILE`.

use platoform_tests::Project;

use crate::snapshot;

const PAIR: &str = r#"
    variable "text" {
      default = "first"
    }
    resource "local_file" "a" {
      filename = "out/a"
      content  = "${var.text} ${file("source.txt")}"
    }
    resource "terraform_data" "b" {
      input = "b ${var.text}"
    }
    output "b" {
      value = terraform_data.b.output
    }
    //- /source.txt
    as it was
"#;

#[test]
fn edits_after_the_plan_are_not_seen() {
    let project = Project::new(PAIR);
    project.run("plan -out=saved -var text=planned").exits(0).shows("Saved as `saved`");
    project.edit("main.tf", "out/a", "out/elsewhere");
    project.write("source.txt", "edited");
    project.run("apply saved").exits(0).shows("2 added").shows("b planned");
    assert_eq!(project.list("out"), ["a"]);
    assert_eq!(project.read("out/a").trim(), "planned as it was");
}

#[test]
fn sources_may_even_be_gone() {
    let project = Project::new(PAIR);
    project.run("plan -out=saved").exits(0);
    project.remove("main.tf");
    project.remove("source.txt");
    project.run("show saved").exits(0).shows("local_file.a will be created");
    project.run("apply saved").exits(0);
    assert_eq!(project.read("out/a").trim(), "first as it was");
}

#[test]
fn a_function_of_a_provider_sees_the_files_of_the_plan() {
    let project = Project::new(
        r#"
        terraform {
          required_providers {
            local = { source = "hashicorp/local" }
          }
        }
        resource "terraform_data" "there" {
          input = provider::local::direxists("folder")
        }
        output "there" {
          value = terraform_data.there.output
        }
        "#,
    );
    project.run("plan -out=saved").exits(0).shows("input  = false");
    project.files("//- /folder/file\nx\n");
    project.run("apply saved").exits(0).shows("there = false");
    project.run("plan").exits(0).shows("false -> true");
}

#[test]
fn a_plan_applies_once() {
    let project = Project::new(PAIR);
    project.run("plan -out=saved").exits(0);
    project.run("apply saved").exits(0);
    project.run("destroy -auto-approve").exits(0);
    let again = project.run("apply saved");
    again.exits(1).shows("already applied");
    assert!(project.recorded().is_empty() && project.list("out").is_empty());
}

#[test]
fn a_stale_plan_names_what_changed_and_does_nothing() {
    let project = Project::new(PAIR);
    project.apply();
    project.run("plan -out=saved -var text=planned").exits(0);
    project.run("apply -auto-approve -var text=meanwhile -target=terraform_data.b").exits(0);
    let stale = project.run("apply saved");
    snapshot!("saved_plan_stale", stale.exits(1).text());
    stale.shows("terraform_data.b").hides("local_file.a");
    assert_eq!(project.read("out/a").trim(), "first as it was");
}

#[test]
fn what_others_changed_elsewhere_does_not_matter() {
    let project = Project::new(PAIR);
    project.apply();
    project.run("plan -out=saved -var text=planned -target=local_file.a").exits(0);
    project.run("apply -auto-approve -var text=meanwhile -target=terraform_data.b").exits(0);
    project.run("apply saved").exits(0).shows("1 added, 0 changed, 1 destroyed");
    assert_eq!(project.read("out/a").trim(), "planned as it was");
    project.run("state show terraform_data.b").exits(0).shows("b meanwhile");
}

#[test]
fn only_plans_of_this_state_are_taken() {
    let (project, other) = (Project::new(PAIR), Project::new(PAIR));
    project.run("plan -out=saved").exits(0);
    other.apply();
    std::fs::copy(project.path("saved"), other.path("saved")).unwrap();
    other.run("apply saved").exits(1).shows("Saved plan cannot be used");
    other.write("broken", "no plan");
    other.run("apply broken").exits(1).shows("Saved plan cannot be used");
    other.run("apply none").exits(1).shows("none");
    other.run("apply saved -var text=x").exits(1).shows("`-var`");
    other.run("apply -destroy saved").exits(1).shows("`-destroy`");
}

#[test]
fn a_destroy_can_be_saved_too() {
    let project = Project::new(PAIR);
    project.apply();
    project.run("plan -destroy -out=saved").exits(0).shows("2 to destroy");
    project.run("show saved").exits(0).shows("2 to destroy");
    project.run("apply saved").exits(0).shows("2 destroyed");
    assert!(project.recorded().is_empty() && project.list("out").is_empty());
}
