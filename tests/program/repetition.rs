//! `count` and `for_each`.

use platoform_tests::Project;

/// Files named by a set.
fn each(names: &str) -> String {
    format!(
        "resource \"local_file\" \"a\" {{\n  for_each = toset({names})\n  \
         filename = \"out/${{each.key}}\"\n  content  = each.value\n}}\n"
    )
}

/// Files by number.
fn count(number: u8) -> String {
    format!(
        "resource \"local_file\" \"a\" {{\n  count    = {number}\n  \
         filename = \"out/${{count.index}}\"\n  content  = \"same\"\n}}\n\
         output \"names\" {{\n  value = local_file.a[*].filename\n}}\n"
    )
}

#[test]
fn keys_come_and_go_alone() {
    let project = Project::new(&each("[\"a\", \"b\"]"));
    project.apply();
    project.write("main.tf", &each("[\"b\", \"c\"]"));
    let plan = project.run("plan");
    plan.exits(0).shows("1 to add, 0 to change, 1 to destroy");
    plan.shows("because key [\"a\"] is not in for_each").hides("local_file.a[\"b\"]");
    project.apply();
    assert_eq!(project.list("out"), ["b", "c"]);
    project.write("main.tf", &each("[]"));
    project.apply().shows("2 destroyed");
    assert!(project.list("out").is_empty());
    project.is_settled();
}

#[test]
fn counts_grow_and_shrink_at_the_end() {
    let project = Project::new(&count(3));
    project.apply();
    project.write("main.tf", &count(1));
    let plan = project.run("plan");
    plan.exits(0).shows("0 to add, 0 to change, 2 to destroy");
    plan.shows("because index [2] is out of range for count");
    project.apply();
    assert_eq!(project.list("out"), ["0"]);
    project.write("main.tf", &count(2));
    project.apply().shows("1 added, 0 changed, 0 destroyed");
    assert_eq!(project.run("output -json names").stdout.trim(), r#"["out/0","out/1"]"#);
}

#[test]
fn none_at_all() {
    let project = Project::new(&count(0));
    project.apply().shows("0 added");
    assert!(project.recorded().is_empty());
    assert_eq!(project.run("output -json names").exits(0).stdout.trim(), "[]");
    project.is_settled();
    project.write("main.tf", &count(2));
    project.apply();
    project.write("main.tf", &count(0));
    project.apply().shows("2 destroyed");
    assert!(project.list("out").is_empty());
}

#[test]
fn from_one_to_many() {
    let project = Project::new("resource \"terraform_data\" \"a\" {\n  input = 1\n}\n");
    project.apply();
    project.write("main.tf", "resource \"terraform_data\" \"a\" {\n  count = 2\n  input = 1\n}\n");
    let plan = project.run("plan");
    plan.exits(0).shows("# terraform_data.a has moved to terraform_data.a[0]");
    plan.shows("1 to add, 0 to change, 0 to destroy");
    project.apply();
    assert_eq!(project.recorded(), ["terraform_data.a[0]", "terraform_data.a[1]"]);
    project.is_settled();
}
