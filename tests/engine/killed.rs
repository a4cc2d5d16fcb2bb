//! `kill -9` while containers are made and removed.

use std::collections::BTreeSet;
use std::time::Duration;

use fastrand::Rng;

use crate::docker::{containers, docker, lineage, nothing_left, volume_lineage};
use crate::stack::Stack;

/// Containers of the stack.
const CONTAINERS: usize = 20;
/// Runs that are killed on the way.
const KILLS: usize = 6;

const MANY: &str = r#"
resource "docker_network" "net" {
  name = "${var.prefix}-net"
}
resource "docker_volume" "data" {
  count = 5
  name  = "${var.prefix}-data${count.index}"
}
resource "docker_container" "many" {
  count                 = 20
  name                  = "${var.prefix}-c${count.index}"
  image                 = docker_image.busybox.image_id
  command               = ["sleep", "1000"]
  destroy_grace_seconds = 0
  networks_advanced {
    name = docker_network.net.name
  }
  volumes {
    volume_name    = docker_volume.data[count.index % 5].name
    container_path = "/data"
  }
}
"#;

/// Chance that can be repeated: `PLATOFORM_SEED` of the environment, else shown in a failure.
fn rng() -> Rng {
    let given = std::env::var("PLATOFORM_SEED").ok();
    let seed = given.map_or_else(|| fastrand::u64(..), |text| text.parse().expect("a number"));
    #[allow(clippy::print_stderr, reason = "it is how to repeat a failure")]
    {
        eprintln!("PLATOFORM_SEED={seed}");
    }
    Rng::with_seed(seed)
}

/// Kills a run somewhere; whether it was still running.
fn killed(stack: &Stack, line: &str, rng: &mut Rng) -> bool {
    let running = stack.command(line).start_watched();
    running.kill_after_lines(rng.usize(1..=25), Duration::from_millis(rng.u64(..200)))
}

/// What the Engine has and the state knows nothing of, once open calls were looked up.
fn unknown(stack: &Stack, lineage: &str) -> BTreeSet<String> {
    let recorded = stack.run("show");
    let unknown = |name: &String| !recorded.exits(0).stdout.contains(&format!("\"{name}\""));
    containers(lineage).into_iter().filter(unknown).collect()
}

/// The Engine lost count of a network's endpoints: nothing can remove that network until it is
/// started again.
struct Miscounted;

/// Tries until the Engine has not miscounted.
fn again(trial: fn() -> Result<(), Miscounted>) {
    for _ in 0..3 {
        match trial() {
            Ok(()) => return,
            #[allow(clippy::print_stderr, reason = "nobody is to believe that it went well")]
            Err(Miscounted) => eprintln!("the Engine miscounts endpoints, once more"),
        }
    }
    panic!("the Engine miscounts endpoints every time");
}

/// Destroys all; the Engine's own word is asked before a failure is laid to it.
fn destroy(stack: &Stack) -> Result<(), Miscounted> {
    let run = stack.run("destroy -auto-approve");
    if run.stderr.contains("counts endpoints in the network") {
        let network = stack.name("net");
        let listed = format!("network inspect --format={{{{.Containers}}}} {network}");
        assert_eq!(docker(&listed), "map[]");
        return Err(Miscounted);
    }
    run.exits(0);
    Ok(())
}

pub fn apply_and_destroy_converge() {
    again(converge);
}

/// A run is killed, and the user does not want the stack any more: destroy knows all of it.
pub fn nothing_is_forgotten() {
    again(forget_nothing);
}

fn converge() -> Result<(), Miscounted> {
    let mut rng = rng();
    let stack = Stack::new(MANY);
    stack.run("apply -auto-approve -target=docker_image.busybox").exits(0);
    for _ in 0..KILLS {
        killed(&stack, "apply -auto-approve", &mut rng);
        stack.run("state list").exits(0);
        let plan = stack.run("plan");
        plan.exits(0).hides("is taken").hides("already in use");
    }
    stack.apply();
    stack.is_settled();
    let lineage = lineage(&stack.name("c0"));
    let mut expected: Vec<String> =
        (0..CONTAINERS).map(|number| stack.name(&format!("c{number}"))).collect();
    expected.sort();
    assert_eq!(containers(&lineage), expected);

    for _ in 0..KILLS / 2 {
        killed(&stack, "destroy -auto-approve", &mut rng);
        stack.run("state list").exits(0);
        stack.run("plan").exits(0);
    }
    destroy(&stack)?;
    nothing_left(&lineage);
    let left = docker("ps -a --format={{.Names}}");
    assert!(left.lines().all(|name| !name.starts_with(&stack.prefix)), "{left}");
    assert!(stack.recorded().is_empty());
    Ok(())
}

fn forget_nothing() -> Result<(), Miscounted> {
    let mut rng = rng();
    let stack = Stack::new(MANY);
    stack.run("apply -auto-approve -target=docker_volume.data").exits(0);
    let lineage = volume_lineage(&stack.name("data0"));
    for _ in 0..3 {
        killed(&stack, "apply -auto-approve", &mut rng);
        stack.run("plan").exits(0);
        assert_eq!(unknown(&stack, &lineage), BTreeSet::new());
        destroy(&stack)?;
        nothing_left(&lineage);
    }
    Ok(())
}
