//! Objects that move, come into the state or leave it while they stay what they are.

use platoform_tests::Project;

const FILE: &str =
    "resource \"local_file\" \"a\" {\n  filename = \"out/a\"\n  content  = \"a\"\n}\n";

#[test]
fn what_moves_is_not_made_again() {
    let project = Project::new(FILE);
    project.apply();
    let moved = "moved {\n  from = local_file.a\n  to   = local_file.b\n}\n";
    project.write("main.tf", &format!("{}{moved}", FILE.replace("\"a\" {", "\"b\" {")));
    let plan = project.run("plan -detailed-exitcode");
    plan.exits(2).shows("# local_file.a has moved to local_file.b");
    plan.shows("0 to add, 0 to change, 0 to destroy");
    project.apply();
    assert_eq!(project.recorded(), ["local_file.b"]);
    assert_eq!(project.list("out"), ["a"]);
    project.is_settled();
}

#[test]
fn a_saved_plan_moves_too() {
    let project = Project::new(FILE);
    project.apply();
    project.write(
        "main.tf",
        &FILE.replace('{', "{\n  count = 2").replace("out/a", "out/a${count.index}"),
    );
    project.run("plan -out=change.plan").exits(0).shows("(moved from local_file.a)");
    project.run("apply change.plan").exits(0);
    assert_eq!(project.recorded(), ["local_file.a[0]", "local_file.a[1]"]);
    project.is_settled();
}

#[test]
fn a_move_elsewhere_makes_a_saved_plan_stale() {
    let project = Project::new(FILE);
    project.apply();
    let renamed = FILE.replace("\"a\" {", "\"b\" {");
    let moved = "moved {\n  from = local_file.a\n  to   = local_file.b\n}\n";
    project.write("main.tf", &format!("{renamed}{moved}"));
    project.run("plan -out=change.plan").exits(0);
    project.apply();
    project.run("apply change.plan").exits(1).shows("out of date");
}

#[test]
fn what_is_removed_from_the_state_stays() {
    let project = Project::new(FILE);
    project.apply();
    let removed = "removed {\n  from = local_file.a\n  lifecycle {\n    destroy = false\n  }\n}\n";
    project.write("main.tf", removed);
    let plan = project.run("plan");
    plan.exits(0).shows("will no longer be managed by platoform, but will not be destroyed");
    plan.shows("Some objects will no longer be managed by platoform");
    project.apply();
    assert!(project.recorded().is_empty());
    assert_eq!(project.list("out"), ["a"]);
}

#[test]
fn what_is_retained_outlives_its_block() {
    let retained = FILE.replace("}\n", "  lifecycle {\n    destroy = false\n  }\n}\n");
    let project = Project::new(&retained);
    project.apply();
    project.write("main.tf", &retained.replace("\"a\"\n  lifecycle", "\"b\"\n  lifecycle"));
    let plan = project.run("plan");
    plan.exits(0).shows("1 to add, 0 to change, 0 to destroy").shows("./+");
    project.write("main.tf", "");
    project.run("apply -auto-approve").exits(0).shows("0 destroyed");
    assert!(project.recorded().is_empty());
    assert_eq!(project.list("out"), ["a"]);
}

#[test]
fn protection_outlives_its_block() {
    let project =
        Project::new(&FILE.replace("}\n", "  lifecycle {\n    prevent_destroy = true\n  }\n}\n"));
    project.apply();
    project.write("main.tf", "");
    let plan = project.run("plan");
    plan.exits(1).shows("Instance cannot be destroyed").shows("the state remembers");
    project.run("destroy -auto-approve").exits(1).shows("Instance cannot be destroyed");
    project.run("apply -auto-approve -allow-destroy=local_file.a").exits(0).shows("1 destroyed");
    assert!(project.list("out").is_empty());
}

#[test]
fn an_object_is_imported_by_its_id() {
    let id = "11111111-2222-4333-8444-555555555555";
    let import = format!("import {{\n  to = terraform_data.a\n  id = \"{id}\"\n}}\n");
    let project = Project::new(&format!("resource \"terraform_data\" \"a\" {{}}\n{import}"));
    let plan = project.run("plan -out=change.plan");
    plan.exits(0).shows("# terraform_data.a will be imported");
    plan.shows("1 to import, 0 to add, 0 to change, 0 to destroy");
    project.run("apply change.plan").exits(0).shows("1 imported, 0 added");
    project.run("state show terraform_data.a").exits(0).shows(id);
    project.is_settled();
}

#[test]
fn looking_only_writes_down_what_is_there() {
    let project = Project::new(FILE);
    project.apply();
    project.remove("out/a");
    let plan = project.run("plan -refresh-only -detailed-exitcode");
    plan.exits(2).shows("local_file.a has been deleted").hides("to add");
    project.run("apply -refresh-only -auto-approve").exits(0).shows("0 added");
    assert!(project.recorded().is_empty() && project.list("out").is_empty());
    project.run("plan -refresh-only -destroy").exits(1).shows("Incompatible plan mode options");
}

#[test]
fn a_change_is_followed_to_where_it_began() {
    let text = "resource \"terraform_data\" \"a\" {\n  triggers_replace = 1\n}\nlocals {\n  id = \
                terraform_data.a.id\n}\nresource \"terraform_data\" \"b\" {\n  input = local.id\n}\n\
                resource \"terraform_data\" \"c\" {\n  input = terraform_data.b.output\n}\n";
    let project = Project::new(text);
    project.apply();
    project.edit("main.tf", "triggers_replace = 1", "triggers_replace = 2");
    project.run("plan").exits(0).shows(
        "# input may change at main.tf:11, as terraform_data.b changes (input at main.tf:8), as \
         terraform_data.a is replaced (triggers_replace at main.tf:2)",
    );
}
