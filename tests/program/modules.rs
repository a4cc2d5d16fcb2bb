//! Module calls.

use platoform_tests::Project;

use crate::snapshot;

const TREE: &str = r#"
    locals {
      sites = { north = 1, south = 2 }
    }
    module "site" {
      source   = "./site"
      for_each = local.sites
      name     = each.key
      size     = each.value
    }
    module "spare" {
      source = "./site"
      count  = 1
      name   = "spare${count.index}"
    }
    resource "local_file" "index" {
      filename = "out/index"
      content  = join(" ", concat(values(module.site)[*].summary, module.spare[*].summary))
    }
    output "files" {
      value = { for name, site in module.site : name => site.files }
    }
    //- /site/main.tf
    variable "name" {
      type = string
    }
    variable "size" {
      type    = number
      default = 1
    }
    locals {
      names = [for number in range(var.size) : "${var.name}-${number}"]
    }
    resource "local_file" "page" {
      for_each = toset(local.names)
      filename = "${path.root}/out/${each.key}"
      content  = "${path.module} ${each.key}"
    }
    module "log" {
      source = "../log"
      lines  = [for page in local_file.page : page.content]
    }
    output "files" {
      value = [for page in local_file.page : page.filename]
    }
    output "summary" {
      value = "${var.name}:${module.log.count}"
    }
    //- /log/main.tf
    variable "lines" {
      type = list(string)
    }
    resource "terraform_data" "log" {
      input = var.lines
    }
    output "count" {
      value = length(terraform_data.log.output)
    }
"#;

#[test]
fn values_flow_in_and_out() {
    let project = Project::new(TREE);
    let plan = project.run("plan");
    snapshot!("modules_plan", plan.exits(0).text());
    project.apply();
    assert_eq!(project.read("out/index"), "north:1 south:2 spare0:1");
    assert_eq!(project.read("out/south-1").trim(), "site south-1");
    project.is_settled();
    let addresses = project.recorded();
    assert!(addresses.contains(&"module.site[\"south\"].module.log.terraform_data.log".to_owned()));
    assert!(addresses.contains(&"module.spare[0].local_file.page[\"spare0-0\"]".to_owned()));
    let files = project.run("output -json files").exits(0).stdout.clone();
    assert_eq!(
        files.trim(),
        r#"{"north":["./out/north-0"],"south":["./out/south-0","./out/south-1"]}"#
    );
}

#[test]
fn what_leaves_the_configuration_is_destroyed() {
    let project = Project::new(TREE);
    project.apply();
    project.edit("main.tf", "north = 1, south = 2", "south = 1");
    let plan = project.run("plan");
    snapshot!("modules_removed", plan.exits(0).text());
    project.apply();
    assert_eq!(project.list("out"), ["index", "south-0", "spare0-0"]);
    project.write("main.tf", "");
    project.apply();
    assert!(project.list("out").is_empty());
    assert!(project.recorded().is_empty());
}

#[test]
fn a_missing_module_is_named() {
    let project = Project::new("module \"a\" {\n  source = \"./nowhere\"\n}\n");
    project.run("plan").exits(1).shows("nowhere");
}

#[test]
fn wrong_arguments_are_named() {
    let project = Project::new(TREE);
    project.edit("main.tf", "size     = each.value", "sise     = each.value");
    project.run("validate").exits(1).shows("sise").shows("main.tf");
    project.edit("main.tf", "sise     = each.value", "");
    project.edit("main.tf", "name     = each.key", "");
    project.run("validate").exits(1).shows("name");
}
