//! Blocks that do not say yet how many instances they have.

use platoform_tests::Project;

const CHAIN: &str = r#"
    resource "terraform_data" "size" {
      input = 2
    }
    resource "terraform_data" "part" {
      count = terraform_data.size.output
      input = count.index
    }
    module "copy" {
      source   = "./copy"
      for_each = { for part in terraform_data.part : "p${part.output}" => part.output }
      text     = each.value
    }
    output "copies" {
      value = [for copy in module.copy : copy.text]
    }
    //- /copy/main.tf
    variable "text" {
      type = number
    }
    resource "terraform_data" "kept" {
      input = var.text
    }
    output "text" {
      value = terraform_data.kept.output
    }
"#;

#[test]
fn what_is_not_known_yet_is_planned_in_the_next_stage() {
    let project = Project::new(CHAIN);
    let plan = project.run("plan");
    plan.exits(0).shows("Plan: 1 to add").shows("terraform_data.size will be created");
    plan.shows("# terraform_data.part: how many there will be is not known yet at main.tf:5");
    plan.shows("# module.copy.terraform_data.kept: needs terraform_data.part");
    plan.hides("copies");
    let apply = project.run("apply -auto-approve");
    apply.exits(0).shows("Stage 2").shows("Stage 3").shows("copies = [");
    let kept = r#"module.copy["p1"].terraform_data.kept"#;
    assert!(project.recorded().iter().any(|address| address == kept));
    assert_eq!(project.recorded().len(), 5);
    project.is_settled();
}

#[test]
fn a_saved_plan_is_its_stage_and_no_more() {
    let project = Project::new(CHAIN);
    project.run("plan -out=saved").exits(0).shows("needs terraform_data.part");
    let apply = project.run("apply saved");
    apply.exits(3).shows("1 added").shows("There is another stage");
    assert_eq!(project.recorded(), ["terraform_data.size"]);
    project.run("apply -auto-approve").exits(0).shows("2 added").shows("Stage 2");
    project.is_settled();
}

#[test]
fn objects_stay_until_their_stage() {
    let project = Project::new(
        r#"
        resource "terraform_data" "size" {
          input = 2
        }
        resource "terraform_data" "base" {}
        resource "terraform_data" "part" {
          count = terraform_data.size.output
          input = terraform_data.base.id
        }
        "#,
    );
    project.apply();
    project.write(
        "main.tf",
        r#"
        resource "terraform_data" "size" {
          input = 1
        }
        resource "terraform_data" "part" {
          count = terraform_data.size.output
        }
        "#,
    );
    // What the parts were made from goes after they have changed, as without stages.
    let plan = project.run("plan");
    plan.exits(0).shows("Plan: 0 to add, 1 to change, 0 to destroy").hides("base");
    let apply = project.run("apply -auto-approve");
    apply.exits(0).shows("Plan: 0 to add, 1 to change, 2 to destroy");
    assert_eq!(project.recorded(), ["terraform_data.part[0]", "terraform_data.size"]);
    project.is_settled();
}

#[test]
fn what_no_stage_can_tell_is_an_error() {
    let never = Project::new(
        r#"
        resource "terraform_data" "part" {
          count = length(timestamp())
        }
        "#,
    );
    never.run("plan").exits(1).shows("Invalid count argument");
    let again = Project::new(
        r#"
        resource "terraform_data" "clock" {
          input = timestamp()
        }
        resource "terraform_data" "part" {
          for_each = toset([terraform_data.clock.output])
        }
        "#,
    );
    again.run("plan").exits(0).shows("terraform_data.part: how many");
    let apply = again.run("apply -auto-approve");
    apply.exits(1).shows("1 added").shows("Invalid for_each argument");
}

#[test]
fn programs_are_told() {
    let project = Project::new(CHAIN);
    project.run("plan -out=saved").exits(0);
    let shown = project.run("show -json saved");
    let json: serde_json::Value = serde_json::from_str(&shown.exits(0).stdout).unwrap();
    assert_eq!(json["complete"], false);
    assert_eq!(json["applyable"], true);
    let later = json["platoform"]["later"].as_array().unwrap();
    assert_eq!(later[0]["address"], "terraform_data.part");
    assert_eq!(later[0]["reason"], "instances_unknown");
    assert_eq!(later[1]["needs"], "terraform_data.part");
    project.run("plan -json").exits(0).shows(r#""type":"planned_later""#);
}
