//! `examples/docker-web`.

use regex::Regex;

use crate::docker::{docker, inspect, lineage, nothing_left};
use crate::stack::{Stack, free_port, get};

/// The example on a port of its own, and on addresses that others here hardly have.
fn example() -> (Stack, u16) {
    let (stack, port) = (Stack::example("docker-web"), free_port());
    stack.edit("main.tf", "10.83.7.", &format!("10.84.{}.", fastrand::u8(..)));
    let variables = stack.read("terraform.tfvars");
    stack.write("terraform.tfvars", &format!("{variables}port = {port}\n"));
    (stack, port)
}

/// A plan's text as it is with any port.
fn neutral(stack: &Stack, text: &str, port: u16) -> String {
    let address = Regex::new(r"10\.84\.\d+\.").unwrap();
    let text = stack.neutral(text).replace(&port.to_string(), "[PORT]");
    address.replace_all(&text, "10.84.N.").into_owned()
}

macro_rules! snapshot {
    ($name:literal, $text:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!($name, $text)
        })
    };
}

pub fn a_stack_from_its_first_plan_to_its_end() {
    let (stack, port) = example();
    stack.apply();
    stack.is_settled();
    let lineage = lineage(&stack.name("web"));
    let answer = get(port);
    for text in ["Welcome (EUR)", "auth: auth is up", "pricing: pricing is up"] {
        assert!(answer.contains(text), "{answer}");
    }

    stack.edit("main.tf", "GREETING = \"Welcome\"", "GREETING = \"Hello\"");
    let before = ["web", "auth", "pricing"].map(|name| inspect(&stack.name(name), ".Id"));
    let plan = stack.run("plan -detailed-exitcode");
    plan.exits(2).shows("Plan: 1 to add, 0 to change, 1 to destroy.");
    plan.shows("docker_container.service[\"web\"] must be replaced")
        .shows("env changed at main.tf:");
    plan.hides("# docker_container.service[\"auth\"]").hides("# docker_image");
    snapshot!("web_one_variable", neutral(&stack, &plan.data(), port));
    stack.apply().shows("1 added, 0 changed, 1 destroyed");
    assert!(get(port).contains("Hello (EUR)"));
    let after = ["web", "auth", "pricing"].map(|name| inspect(&stack.name(name), ".Id"));
    assert_ne!(before[0], after[0]);
    assert_eq!(before[1..], after[1..], "others were touched");
    stack.is_settled();

    docker(&format!("stop --time=1 {}", stack.name("pricing")));
    let drift = stack.run("plan -detailed-exitcode");
    drift.exits(2).shows("Objects have changed outside of platoform");
    snapshot!("web_stopped", neutral(&stack, &drift.data(), port));
    assert_eq!(inspect(&stack.name("pricing"), ".State.Running"), "false");
    stack.apply();
    assert_eq!(inspect(&stack.name("pricing"), ".State.Running"), "true");
    assert!(get(port).contains("pricing is up"));
    stack.is_settled();

    stack.run("destroy -auto-approve").exits(0).shows("Destroy complete!");
    nothing_left(&lineage);
    assert!(
        docker("image ls --format={{.Repository}}")
            .lines()
            .all(|name| !name.starts_with(&stack.prefix))
    );
    assert!(stack.recorded().is_empty());
    for name in ["web", "auth", "pricing"] {
        assert!(!stack.has(&format!("build/{name}/Dockerfile")), "{name}");
    }
}

pub fn what_was_removed_by_hand_is_made_again() {
    let (stack, port) = example();
    stack.apply();
    let lineage = lineage(&stack.name("web"));
    docker(&format!("rm -f {}", stack.name("auth")));
    let plan = stack.run("plan -detailed-exitcode");
    plan.exits(2).shows("docker_container.service[\"auth\"] has been deleted");
    plan.shows("docker_container.service[\"auth\"] will be created");
    plan.shows("Plan: 1 to add, 0 to change, 0 to destroy.");
    stack.apply();
    assert!(get(port).contains("auth is up"));
    stack.is_settled();
    docker(&format!("rm -f {} {}", stack.name("auth"), stack.name("web")));
    stack.run("destroy -auto-approve").exits(0);
    nothing_left(&lineage);
}
