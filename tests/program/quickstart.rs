//! `examples/quickstart`, from its first plan to its end.

use platoform_tests::Project;

use crate::snapshot;

#[test]
fn from_the_first_plan_to_the_end() {
    let project = Project::example("quickstart");
    project.run("init").exits(0).shows("Ready.");
    project.run("validate").exits(0).shows("The configuration is valid");

    let plan = project.run("plan -detailed-exitcode");
    snapshot!("quickstart_first_plan", plan.exits(2).text());
    assert!(!project.has("out"), "a plan made something");

    let apply = project.apply();
    snapshot!("quickstart_apply", apply.text());
    assert_eq!(project.list("out"), ["auth.conf", "pricing.conf", "secret", "web.conf"]);
    assert_eq!(project.read("out/secret/token"), "not-a-real-token");
    project.is_settled();
    project.apply().shows("Resources: 0 added, 0 changed, 0 destroyed");
    let state = project.run("state list");
    snapshot!("quickstart_state", state.exits(0).text());

    let destroy = project.run("destroy -auto-approve");
    snapshot!("quickstart_destroy", destroy.exits(0).text());
    assert!(!project.has("out/web.conf") && !project.has("out/secret/token"));
    assert!(project.recorded().is_empty());
    project.run("destroy -auto-approve").exits(0).shows("No changes.");
    project.run("plan -detailed-exitcode").exits(2).shows("5 to add");
}

#[test]
fn an_edit_changes_just_what_it_says() {
    let project = Project::example("quickstart");
    project.apply();
    project.edit(
        "main.tf",
        "gateway = ${cidrhost(each.value, 1)}",
        "router  = ${cidrhost(each.value, 2)}",
    );
    let plan = project.run("plan -detailed-exitcode");
    plan.exits(2).shows("3 to add, 0 to change, 3 to destroy").hides("# terraform_data");
    project.apply();
    assert!(project.read("out/web.conf").contains("router  = 10.20.0.2"));

    project.edit("main.tf", "\"not-a-real-token\"", "\"another-token\"");
    let plan = project.run("plan -detailed-exitcode");
    snapshot!("quickstart_edit", plan.exits(2).text());
    project.apply().shows("1 added, 0 changed, 1 destroyed");
    assert_eq!(project.read("out/secret/token"), "another-token");
    project.is_settled();
}

#[test]
fn changes_by_hand_are_seen_and_taken_back() {
    let project = Project::example("quickstart");
    project.apply();
    let before = project.read("out/web.conf");
    project.write("out/web.conf", "by hand\n");
    project.remove("out/auth.conf");
    let plan = project.run("plan -detailed-exitcode");
    snapshot!("quickstart_drift", plan.exits(2).text());
    assert_eq!(project.read("out/web.conf"), "by hand\n");
    project.apply().shows("2 added, 0 changed, 0 destroyed");
    assert_eq!(project.read("out/web.conf"), before);
    project.is_settled();
}

#[test]
fn what_is_gone_already_can_be_destroyed() {
    let project = Project::example("quickstart");
    project.apply();
    project.remove("out/web.conf");
    project.write("out/auth.conf", "by hand\n");
    project.run("destroy -auto-approve").exits(0);
    assert_eq!(project.read("out/auth.conf"), "by hand\n", "a file that is not ours was removed");
    assert!(!project.has("out/pricing.conf"));
    assert!(project.recorded().is_empty());
}
