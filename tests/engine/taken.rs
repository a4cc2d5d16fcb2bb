//! Names that somebody else has.

use crate::docker::{docker, inspect};
use crate::stack::Stack;

const THREE: &str = r#"
resource "docker_network" "net" {
  name = "${var.prefix}-net"
}
resource "docker_volume" "data" {
  name = "${var.prefix}-data"
}
resource "docker_container" "one" {
  name    = "${var.prefix}-one"
  image   = docker_image.busybox.image_id
  command = ["sleep", "1000"]
}
"#;

pub fn names_of_others_are_refused() {
    let stack = Stack::new(THREE);
    stack.run("apply -auto-approve -target=docker_image.busybox").exits(0);
    let (net, data, one) = (stack.name("net"), stack.name("data"), stack.name("one"));
    docker(&format!("network create {net}"));
    docker(&format!("volume create {data}"));
    let image = stack.name("busybox:1");
    let theirs = docker(&format!("run -d --name {one} {image} sleep 1000"));

    let apply = stack.run("apply -auto-approve");
    apply.exits(1).shows(&net).shows(&data).shows(&one);
    assert_eq!(stack.recorded(), ["docker_image.busybox"]);
    assert_eq!(inspect(&one, ".Id"), theirs);
    assert_eq!(inspect(&one, ".State.Running"), "true");
    // Nor are they taken over by the next run, or removed with what is ours.
    stack.run("apply -auto-approve").exits(1);
    assert_eq!(stack.recorded(), ["docker_image.busybox"]);
    docker(&format!("rm -f {one}"));
    stack.run("apply -auto-approve").exits(1).shows(&net).shows(&data);
    assert_eq!(stack.recorded(), ["docker_container.one", "docker_image.busybox"]);
    stack.run("destroy -auto-approve").exits(0);
    docker(&format!("network inspect {net}"));
    docker(&format!("volume inspect {data}"));
}
