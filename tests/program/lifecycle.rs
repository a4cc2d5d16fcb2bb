//! `lifecycle` blocks.

use platoform_tests::Project;

use crate::snapshot;

/// A file that follows a variable.
fn file(lifecycle: &str) -> String {
    format!(
        "variable \"v\" {{\n  default = \"1\"\n}}\n\
         resource \"terraform_data\" \"base\" {{\n  triggers_replace = var.v\n}}\n\
         resource \"local_file\" \"a\" {{\n  filename = \"out/a-${{var.v}}\"\n  \
         content  = \"version ${{var.v}}\"\n  lifecycle {{\n    {lifecycle}\n  }}\n}}\n"
    )
}

/// The position of a line in what an apply printed.
#[track_caller]
fn position(text: &str, line: &str) -> usize {
    text.find(line).unwrap_or_else(|| panic!("`{line}` is not in\n{text}"))
}

#[test]
fn the_new_one_comes_first_where_asked_for() {
    let project = Project::new(&file("create_before_destroy = true"));
    project.apply();
    let plan = project.run("plan -var v=2 -target=local_file.a");
    snapshot!("lifecycle_create_before_destroy", plan.exits(0).text());
    let apply = project.run("apply -auto-approve -var v=2 -target=local_file.a");
    let text = &apply.exits(0).stderr;
    assert!(
        position(text, "local_file.a: Creation complete") < position(text, "Destroying"),
        "{text}"
    );
    assert_eq!(project.list("out"), ["a-2"]);
    assert_eq!(project.recorded(), ["local_file.a", "terraform_data.base"]);

    project.write("main.tf", &file("create_before_destroy = false"));
    let apply = project.run("apply -auto-approve -var v=3 -target=local_file.a");
    let text = &apply.exits(0).stderr;
    assert!(position(text, "Destruction complete") < position(text, "Creating"), "{text}");
    assert_eq!(project.list("out"), ["a-3"]);
}

#[test]
fn replaced_together_with_what_triggers_it() {
    let project = Project::new(&file("replace_triggered_by = [terraform_data.base.id]"));
    project.edit("main.tf", "version ${var.v}", "always");
    project.edit("main.tf", "out/a-${var.v}", "out/a");
    project.apply();
    let plan = project.run("plan -var v=2");
    plan.exits(0).shows("local_file.a will be replaced because `terraform_data.base.id` changes");
    plan.shows("2 to add, 0 to change, 2 to destroy");
    project.run("apply -auto-approve -var v=2").exits(0);
    project.run("plan -var v=2 -detailed-exitcode").exits(0);
}

#[test]
fn some_changes_do_not_matter() {
    let project = Project::new(&file("ignore_changes = [content, filename]"));
    project.apply();
    let plan = project.run("plan -var v=2 -target=local_file.a -detailed-exitcode");
    plan.exits(0).shows("No changes.");
    project.write("main.tf", &file("ignore_changes = all"));
    project.run("plan -var v=2 -target=local_file.a -detailed-exitcode").exits(0);
    project.write("main.tf", &file("ignore_changes = [content]"));
    project.run("plan -var v=2 -target=local_file.a -detailed-exitcode").exits(2);
    project.write("main.tf", &file("ignore_changes = [contents]"));
    project.run("validate").exits(1).shows("contents");
}

#[test]
fn what_is_protected_stays() {
    let project = Project::new(&file("prevent_destroy = true"));
    project.apply();
    let plan = project.run("plan -var v=2");
    plan.exits(1).shows("local_file.a").shows("prevent_destroy").shows("main.tf");
    project.run("destroy -auto-approve").exits(1).shows("prevent_destroy");
    assert_eq!(project.list("out"), ["a-1"]);
    assert_eq!(project.recorded(), ["local_file.a", "terraform_data.base"]);
    project.write("main.tf", &file("prevent_destroy = false"));
    project.run("destroy -auto-approve").exits(0);
    assert!(project.list("out").is_empty());
}

#[test]
fn order_is_kept_without_a_reference() {
    let project = Project::new(
        "resource \"terraform_data\" \"a\" {\n  depends_on = [terraform_data.b]\n}\n\
         resource \"terraform_data\" \"b\" {}\n",
    );
    let text = project.apply().stderr;
    assert!(
        position(&text, "terraform_data.b: Creation") < position(&text, "terraform_data.a: Creat")
    );
    let text = project.run("destroy -auto-approve").exits(0).stderr.clone();
    assert!(
        position(&text, "terraform_data.a: Destruction")
            < position(&text, "terraform_data.b: Destr")
    );
}
