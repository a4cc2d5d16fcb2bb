//! A container that was made, and did not become what it should.

use crate::docker::{inspect, lineage, nothing_left};
use crate::stack::Stack;

const SICK: &str = r#"
resource "docker_container" "one" {
  name                  = "${var.prefix}-one"
  image                 = docker_image.busybox.image_id
  command               = ["sleep", "1000"]
  wait                  = true
  wait_timeout          = 6
  destroy_grace_seconds = 0
  healthcheck {
    test     = ["CMD", "/bin/busybox", "false"]
    interval = "1s"
    timeout  = "1s"
    retries  = 1
  }
}
"#;

pub fn one_that_never_gets_healthy() {
    let stack = Stack::new(SICK);
    stack.run("apply -auto-approve").exits(1).shows("docker_container.one");
    let one = stack.name("one");
    let first = inspect(&one, ".Id");
    stack.run("state show docker_container.one").exits(0).shows("tainted");
    let plan = stack.run("plan -detailed-exitcode");
    plan.exits(2).shows("docker_container.one is tainted, so must be replaced");

    stack.edit("stack.tf", "\"false\"", "\"true\"");
    stack.apply().shows("1 added, 0 changed, 1 destroyed");
    assert_ne!(inspect(&one, ".Id"), first);
    stack.is_settled();
    let lineage = lineage(&one);
    stack.run("destroy -auto-approve").exits(0);
    nothing_left(&lineage);
}
