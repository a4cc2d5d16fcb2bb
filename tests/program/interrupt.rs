//! Ctrl-C.

use std::thread::sleep;
use std::time::Duration;

use platoform_tests::Project;

const FILES: usize = 2000;

fn many() -> String {
    format!(
        "resource \"local_file\" \"a\" {{\n  count    = {FILES}\n  \
         filename = \"out/${{count.index}}\"\n  content  = \"${{count.index}}\"\n}}\n"
    )
}

#[test]
fn the_first_finishes_what_runs_and_saves() {
    let project = Project::new(&many());
    let mut apply = project.command("apply -auto-approve").start();
    while project.list("out").is_empty() {
        assert!(apply.ended().is_none(), "it ended before it made anything");
        sleep(Duration::from_millis(1));
    }
    apply.interrupt();
    assert_eq!(apply.wait().code(), Some(1));
    let made = project.list("out").len();
    assert!(made < FILES, "it went on to the end");
    assert_eq!(project.recorded().len(), made);
    let plan = project.run("plan");
    plan.exits(0).shows(&format!("{} to add, 0 to change, 0 to destroy", FILES - made));
    project.run("destroy -auto-approve").exits(0);
    assert!(project.list("out").is_empty());
}
