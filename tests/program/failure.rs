//! Applies that go wrong half-way.

use platoform_tests::Project;

use crate::snapshot;

const HALF: &str = r#"
    resource "local_file" "good" {
      filename = "out/good"
      content  = "good"
    }
    resource "local_file" "bad" {
      filename = "wall/bad"
      content  = "bad"
    }
    resource "local_file" "after" {
      filename = "out/after"
      content  = "after ${local_file.bad.id}"
    }
    resource "local_file" "independent" {
      filename = "out/independent"
      content  = "after ${local_file.good.id}"
    }
    //- /wall
    a file where a directory should be
"#;

#[test]
fn what_can_be_done_is_done_and_the_rest_is_planned_again() {
    let project = Project::new(HALF);
    let apply = project.run("apply -auto-approve");
    snapshot!("failure_half", apply.exits(1).text());
    apply.shows("local_file.bad").shows("wall/bad");
    assert_eq!(project.list("out"), ["good", "independent"]);
    assert_eq!(project.recorded(), ["local_file.good", "local_file.independent"]);

    project.run("plan -detailed-exitcode").exits(2).shows("2 to add, 0 to change, 0 to destroy");
    project.remove("wall");
    project.apply().shows("2 added");
    project.is_settled();
}

#[test]
fn a_failed_replacement_is_remembered() {
    let project = Project::new(HALF);
    project.remove("wall");
    project.apply();
    project.write("block", "a file where a directory should be\n");
    project.edit("main.tf", "wall/bad", "block/bad");
    project.run("apply -auto-approve").exits(1).shows("local_file.bad").shows("block/bad");
    // The old one is gone and the new one is not there.
    let recorded = project.recorded();
    assert!(!recorded.contains(&"local_file.bad".to_owned()), "{recorded:?}");
    assert!(!project.has("wall/bad"));
    project.run("plan -detailed-exitcode").exits(2).shows("local_file.bad will be created");
    project.remove("block");
    project.apply();
    assert_eq!(project.read("block/bad"), "bad");
    project.is_settled();
}

#[test]
fn what_is_taken_is_an_error_where_it_cannot_be_replaced() {
    let project = Project::new(HALF);
    project.remove("wall");
    std::fs::create_dir_all(project.path("out/good")).unwrap();
    let plan = project.run("plan");
    plan.exits(1).shows("The path is taken").shows("local_file.good");
    std::fs::remove_dir(project.path("out/good")).unwrap();
    project.write("out/good", "somebody's");
    project.run("plan").exits(0).shows("will be overwritten");
    assert_eq!(project.read("out/good"), "somebody's");
}
