use std::time::Instant;

use platoform_config::Topology;
use platoform_diagnostic::Diagnostics;

use crate::{Graph, build, dot};

#[path = "../../config/src/fixture.rs"]
mod fixture;

fn topology(text: &str) -> Topology {
    let loaded = fixture::loaded(text);
    let found = fixture::lines(&loaded.diagnostics, &loaded.topology.sources);
    assert_eq!(found, Vec::<String>::new());
    loaded.topology
}

fn built(topology: &Topology) -> Graph {
    build(topology)
        .unwrap_or_else(|found| panic!("{:?}", fixture::lines(&found, &topology.sources)))
}

fn errors(text: &str) -> (Topology, Diagnostics) {
    let topology = topology(text);
    let errors = build(&topology).err().unwrap_or_default();
    (topology, errors)
}

fn order(text: &str) -> Vec<String> {
    let topology = topology(text);
    let graph = built(&topology);
    graph.order().iter().map(|index| graph.node(*index).name(&topology)).collect()
}

/// What a node depends on, by names.
fn needs(text: &str, name: &str) -> Vec<String> {
    let topology = topology(text);
    let graph = built(&topology);
    let named = |index: &&crate::NodeIndex| graph.node(**index).name(&topology) == name;
    let index = graph.order().iter().find(named).unwrap_or_else(|| panic!("no {name}"));
    let mut names: Vec<String> =
        graph.dependencies(*index).map(|index| graph.node(index).name(&topology)).collect();
    names.sort();
    names
}

#[test]
fn the_order_keeps_to_the_source() {
    let text = r#"
output "o" { value = terraform_data.b.id }
resource "terraform_data" "b" { input = local.l }
resource "terraform_data" "c" {}
locals { l = var.v }
variable "v" { default = 1 }
"#;
    assert_eq!(
        order(text),
        [
            "var.v",
            "local.l",
            "provider.terraform",
            "terraform_data.b",
            "output.o",
            "terraform_data.c",
        ]
    );
}

const MODULES: &str = r#"
//- /main.tf
module "m" {
  source = "./m"
  count  = local.n
  v      = local.v
}
module "later" {
  source     = "./m"
  v          = 1
  depends_on = [module.m]
}
locals {
  n    = 2
  v    = 3
  one  = module.m[0].a
  all  = module.m
}
resource "terraform_data" "waits" { depends_on = [module.m] }
//- /m/main.tf
variable "v" {}
output "a" { value = var.v }
output "b" { value = 1 }
resource "test_box" "x" {
  name = var.v
  dynamic "port" {
    for_each = local.ports
    content { internal = port.value }
  }
  lifecycle {
    precondition {
      condition     = local.ok
      error_message = "x"
    }
  }
}
locals {
  ports = []
  ok    = true
}
"#;

#[test]
fn modules_are_entered_and_left() {
    assert_eq!(needs(MODULES, "module.m"), ["local.n"]);
    assert_eq!(needs(MODULES, "module.m.var.v"), ["local.v", "module.m"]);
    assert_eq!(needs(MODULES, "module.m.output.b"), ["module.m"]);
    assert_eq!(needs(MODULES, "local.one"), ["module.m", "module.m.output.a"]);
    assert_eq!(
        needs(MODULES, "local.all"),
        ["module.m", "module.m (close)", "module.m.output.a", "module.m.output.b"]
    );
    assert_eq!(needs(MODULES, "module.later"), ["module.m (close)"]);
    assert_eq!(
        needs(MODULES, "module.m (close)"),
        ["module.m", "module.m.output.a", "module.m.output.b", "module.m.test_box.x"]
    );
    assert_eq!(needs(MODULES, "terraform_data.waits"), ["module.m (close)", "provider.terraform"]);
    assert_eq!(
        needs(MODULES, "module.m.test_box.x"),
        [
            "module.m",
            "module.m.local.ok",
            "module.m.local.ports",
            "module.m.var.v",
            "provider.test"
        ]
    );
}

#[test]
fn a_provider_is_configured_before_it_is_used() {
    let text = r#"
provider "test" { host = terraform_data.host.output }
resource "terraform_data" "host" {}
resource "test_box" "b" { name = "x" }
"#;
    assert_eq!(needs(text, "test_box.b"), ["provider.test"]);
    assert_eq!(needs(text, "provider.test"), ["terraform_data.host"]);
}

#[test]
fn the_shortest_cycle_is_explained() {
    let (topology, found) = errors(
        r#"
//- /main.tf
module "m" {
  source = "./m"
  v      = terraform_data.a.id
}
resource "terraform_data" "a" { input = local.x }
locals {
  x = module.m.o
  y = local.z
  z = [local.u, local.w]
  w = local.u
  u = local.y
}
//- /m/main.tf
variable "v" {}
output "o" { value = var.v }
"#,
    );
    assert_eq!(
        fixture::lines(&found, &topology.sources),
        [
            "Cycle: terraform_data.a, local.x (expand), module.m.var.v (expand), \
             module.m.output.o (expand)",
            "Cycle: local.y (expand), local.z (expand), local.w (expand), local.u (expand)",
        ]
    );
    let labels: Vec<(String, &str)> = found
        .iter()
        .skip(1)
        .flat_map(|error| &error.labels)
        .map(|label| (label.message.clone(), topology.sources.slice(label.span)))
        .collect();
    assert_eq!(
        labels,
        [
            ("`local.y` needs `local.z`".into(), "local.z"),
            ("`local.z` needs `local.u`".into(), "local.u"),
            ("`local.u` needs `local.y`".into(), "local.y"),
        ]
    );
}

#[test]
fn a_cycle_may_lead_through_a_module() {
    let (topology, found) = errors(
        "//- /main.tf\nmodule \"m\" {\n  source = \"./m\"\n  v = local.x\n}\n\
         locals { x = module.m.o }\n//- /m/main.tf\nvariable \"v\" {}\n\
         output \"o\" { value = var.v }",
    );
    assert_eq!(
        fixture::lines(&found, &topology.sources),
        ["Cycle: local.x (expand), module.m.var.v (expand), module.m.output.o (expand)"]
    );
}

#[test]
fn references_to_oneself_are_told_apart() {
    let wrong = topology("locals { x = [local.x] }");
    let graph = built(&wrong);
    let node = graph.order().iter().find_map(|index| graph.self_reference(*index));
    let lines = fixture::lines(node.unwrap_or(&Diagnostics::default()), &wrong.sources);
    assert_eq!(lines, ["main.tf:1,15 Self-referencing local value"]);

    let text = r#"
resource "terraform_data" "a" {
  count = 2
  input = terraform_data.a[0].id
}
variable "v" {
  default = 1
  validation {
    condition     = var.v > 0
    error_message = "x"
  }
}
"#;
    let topology = topology(text);
    let graph = built(&topology);
    let node = graph.order().iter().find_map(|index| graph.self_reference(*index));
    let lines = fixture::lines(node.unwrap(), &topology.sources);
    assert_eq!(lines, ["main.tf:4,11 Self-referential block"]);
}

#[test]
fn a_validation_waits_for_what_it_refers_to() {
    let text = "variable \"v\" {\n  default = 1\n  validation {\n    condition = var.v < local.l\n    \
                error_message = \"x\"\n  }\n}\nlocals { l = 2 }";
    assert_eq!(needs(text, "var.v"), ["local.l"]);
}

#[test]
fn dot_shows_resources_as_terraform_does() {
    let topology = topology(
        r#"
//- /main.tf
module "m" {
  source = "./m"
  y      = terraform_data.b.id
}
module "k" {
  source     = "./m"
  y          = 1
  depends_on = [module.m]
}
resource "terraform_data" "a" { input = module.m.o }
resource "terraform_data" "b" { input = local.x }
resource "terraform_data" "c" { input = terraform_data.b.id }
resource "terraform_data" "d" {
  depends_on = [module.m]
  input      = [terraform_data.c.id, terraform_data.b.id]
}
locals { x = 1 }
//- /m/main.tf
variable "y" {}
output "o" { value = terraform_data.z.id }
resource "terraform_data" "z" { input = var.y }
module "n" { source = "./n" }
//- /m/n/main.tf
resource "terraform_data" "z" {}
"#,
    );
    // Printed by `terraform graph` 1.11.4 for the same files.
    let expected = r#"digraph G {
  rankdir = "RL";
  node [shape = rect, fontname = "sans-serif"];
  "terraform_data.a" [label="terraform_data.a"];
  "terraform_data.b" [label="terraform_data.b"];
  "terraform_data.c" [label="terraform_data.c"];
  "terraform_data.d" [label="terraform_data.d"];
  subgraph "cluster_module.k" {
    label = "module.k"
    fontname = "sans-serif"
    "module.k.terraform_data.z" [label="terraform_data.z"];
  }
  subgraph "cluster_module.k.module.n" {
    label = "module.k.module.n"
    fontname = "sans-serif"
    "module.k.module.n.terraform_data.z" [label="terraform_data.z"];
  }
  subgraph "cluster_module.m" {
    label = "module.m"
    fontname = "sans-serif"
    "module.m.terraform_data.z" [label="terraform_data.z"];
  }
  subgraph "cluster_module.m.module.n" {
    label = "module.m.module.n"
    fontname = "sans-serif"
    "module.m.module.n.terraform_data.z" [label="terraform_data.z"];
  }
  "terraform_data.a" -> "module.m.terraform_data.z";
  "terraform_data.c" -> "terraform_data.b";
  "terraform_data.d" -> "terraform_data.c";
  "terraform_data.d" -> "module.m.terraform_data.z";
  "terraform_data.d" -> "module.m.module.n.terraform_data.z";
  "module.k.terraform_data.z" -> "module.m.terraform_data.z";
  "module.k.terraform_data.z" -> "module.m.module.n.terraform_data.z";
  "module.k.module.n.terraform_data.z" -> "module.m.terraform_data.z";
  "module.k.module.n.terraform_data.z" -> "module.m.module.n.terraform_data.z";
  "module.m.terraform_data.z" -> "terraform_data.b";
}
"#;
    assert_eq!(dot(&built(&topology), &topology), expected);
}

#[test]
fn an_empty_graph_is_drawn() {
    let topology = topology("locals { x = 1 }");
    let text = dot(&built(&topology), &topology);
    assert!(text.contains("does not contain any resources"), "{text}");
}

#[test]
fn large_graphs_are_built_in_linear_time() {
    let mut text = String::new();
    for number in 0..10_000 {
        let before = number / 2;
        text.push_str(&format!(
            "resource \"terraform_data\" \"r{number}\" {{ input = local.l{number} }}\n\
             locals {{ l{number} = {} }}\n",
            if number == 0 { "1".into() } else { format!("terraform_data.r{before}.id") }
        ));
    }
    let topology = topology(&text);
    let start = Instant::now();
    let graph = built(&topology);
    let elapsed = start.elapsed();
    assert_eq!(graph.len(), 20_001);
    // Tens of milliseconds in a debug build; quadratic work would take minutes.
    assert!(elapsed.as_secs() < 5, "{elapsed:?}");
}
