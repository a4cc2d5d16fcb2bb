//! Objects that carry the mark of a state that does not know them.

use crate::docker::{docker, volume_lineage};
use crate::stack::Stack;

const VOLUMES: &str = r#"
resource "docker_volume" "data" {
  name = "${var.prefix}-data"
}
resource "docker_network" "net" {
  name = "${var.prefix}-net"
}
"#;

pub fn what_the_state_does_not_know_is_listed() {
    let stack = Stack::new(VOLUMES);
    stack.run("apply -auto-approve").exits(0);
    let nothing = "Nothing carries the mark of this state that it does not know";
    stack.run("state orphans").exits(0).shows(nothing);
    let lost = stack.name("lost");
    let lineage = volume_lineage(&stack.name("data"));
    docker(&format!("volume create --label io.platoform.lineage={lineage} {lost}"));
    let orphans = stack.run("state orphans");
    orphans.exits(0).shows(&format!("docker_volume {lost}\n")).hides(&stack.name("data"));
    let json: serde_json::Value =
        serde_json::from_str(&stack.run("state orphans -json").exits(0).stdout).unwrap();
    assert_eq!(json["orphans"].as_array().unwrap().len(), 1);
    assert_eq!(json["orphans"][0]["id"], *lost);
    // Listing changes nothing.
    docker(&format!("volume inspect {lost}"));
    stack.run("destroy -auto-approve").exits(0);
}
