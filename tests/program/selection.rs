//! Plans of a part: `-target`, `-refresh=false`, `-destroy`.

use platoform_tests::Project;

const CHAIN: &str = r#"
    resource "local_file" "base" {
      filename = "out/base"
      content  = "base"
    }
    resource "local_file" "top" {
      filename = "out/top"
      content  = "on ${local_file.base.content_md5}"
    }
    resource "local_file" "aside" {
      count    = 2
      filename = "out/aside${count.index}"
      content  = "aside"
    }
    module "inner" {
      source = "./inner"
    }
    //- /inner/main.tf
    resource "local_file" "in" {
      filename = "out/in"
      content  = "in"
    }
"#;

#[test]
fn a_target_brings_what_it_needs() {
    let project = Project::new(CHAIN);
    let plan = project.run("plan -target=local_file.top -detailed-exitcode");
    plan.exits(2).shows("2 to add").shows("Resource targeting is in effect").hides("aside");
    project.run("apply -auto-approve -target local_file.aside[1] -target=module.inner").exits(0);
    assert_eq!(project.list("out"), ["aside1", "in"]);
    project.run("plan -target=local_file.aside[1] -detailed-exitcode").exits(0);
    project.run("plan -target=local_file.").exits(1).shows("Invalid target");
}

#[test]
fn what_is_excluded_stays_with_what_depends_on_it() {
    let project = Project::new(CHAIN);
    let plan = project.run("plan -exclude=local_file.base -detailed-exitcode");
    plan.exits(2).shows("3 to add").shows("Resource exclusion is in effect").hides("top");
    project.run("apply -auto-approve -exclude=module.inner -exclude=local_file.aside[0]").exits(0);
    assert_eq!(project.list("out"), ["aside1", "base", "top"]);
    // What is kept keeps what it was made from.
    project.run("destroy -auto-approve -exclude=local_file.top").exits(0).shows("1 destroyed");
    assert_eq!(project.list("out"), ["base", "top"]);
    project.write("main.tf", "");
    project.run("apply -auto-approve -exclude=local_file.top").exits(0).shows("0 destroyed");
    assert_eq!(project.list("out"), ["base", "top"]);
}

#[test]
fn patterns_and_files_name_several() {
    let project = Project::new(CHAIN);
    let plan = project.run("plan -target=local_file.a* -detailed-exitcode");
    plan.exits(2).shows("2 to add").hides("out/base");
    project.run("plan -target=module.inner.*").exits(0).shows("1 to add");
    project.run("plan -target=file:inner/*").exits(0).shows("1 to add");
    project.run("plan -exclude=file:main.tf").exits(0).shows("1 to add");
    project.run("plan -target=docker_*").exits(1).shows("Invalid target");
}

#[test]
fn destroying_a_target_takes_what_is_built_on_it() {
    let project = Project::new(CHAIN);
    project.apply();
    project.run("destroy -auto-approve -target=local_file.base").exits(0).shows("2 destroyed");
    assert_eq!(project.list("out"), ["aside0", "aside1", "in"]);
    project.run("destroy -auto-approve -target=module.inner").exits(0).shows("1 destroyed");
    assert_eq!(project.recorded(), ["local_file.aside[0]", "local_file.aside[1]"]);
}

#[test]
fn without_refresh_nobody_looks() {
    let project = Project::new(CHAIN);
    project.apply();
    project.remove("out/top");
    project.run("plan -refresh=false -detailed-exitcode").exits(0).shows("No changes.");
    project.run("plan --refresh=true -detailed-exitcode").exits(2).shows("1 to add");
    project.run("plan -detailed-exitcode").exits(2).shows("1 to add");
}

#[test]
fn a_plan_to_destroy_destroys_nothing() {
    let project = Project::new(CHAIN);
    project.apply();
    project.run("plan -destroy -detailed-exitcode").exits(2).shows("5 to destroy");
    assert_eq!(project.list("out").len(), 5);
    project.is_settled();
    project.run("apply -destroy -auto-approve").exits(0).shows("5 destroyed");
    assert!(project.list("out").is_empty());
}
