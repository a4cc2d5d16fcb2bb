use std::path::Path;

use crate::fixture::{Fake, files, lines, loaded};
use crate::{IgnoreChanges, Loaded, ModuleId, Repetition};

fn found(text: &str) -> Vec<String> {
    let loaded = loaded(text);
    lines(&loaded.diagnostics, &loaded.topology.sources)
}

fn clean(text: &str) -> Loaded {
    let loaded = loaded(text);
    assert_eq!(lines(&loaded.diagnostics, &loaded.topology.sources), Vec::<String>::new());
    loaded
}

#[test]
fn everything_that_can_be_said_is_understood() {
    let loaded = clean(
        r#"
//- /main.tf
terraform {
  required_version = ">= 1.5, < 2.0"
  required_providers {
    mine = {
      source  = "acme/test"
      version = "~> 1.2"
    }
  }
  backend "local" { path = "custom/my.tfstate" }
}
provider "mine" { alias = "x" }
variable "n" {
  type    = number
  default = "2"
  validation {
    condition     = var.n > 0
    error_message = "must be positive"
  }
}
locals { a = var.n }
resource "terraform_data" "a" {
  count = local.a
  input = count.index
  lifecycle {
    create_before_destroy = true
    ignore_changes        = [input, triggers_replace["x"]]
    replace_triggered_by  = [terraform_data.b]
    precondition {
      condition     = var.n > 1
      error_message = "x"
    }
    postcondition {
      condition     = self.id != ""
      error_message = "x"
    }
  }
}
resource "terraform_data" "b" {
  lifecycle { enabled = var.n > 1 }
}
resource "test_box" "c" {
  provider   = mine.x
  name       = each.key
  for_each   = toset(["a"])
  depends_on = [terraform_data.a, module.m]
  lifecycle { ignore_changes = all }
}
data "test_file" "f" { path = path.module }
module "m" {
  source = "./sub/../m"
  count  = 2
  input  = data.test_file.f.text
}
output "o" {
  value     = [module.m[0].id, module.m[*].id, terraform_data.a[*].id, test_box.c["a"].port]
  sensitive = true
}
//- /m/main.tf
variable "input" {}
resource "terraform_data" "a" { input = "${var.input}" }
output "id" { value = terraform_data.a.id }
"#,
    );
    let topology = &loaded.topology;
    let root = topology.module(ModuleId::ROOT);
    assert_eq!(
        topology.backend.as_ref().and_then(|found| found.path.as_deref()),
        Some("custom/my.tfstate")
    );
    assert_eq!(root.variables["n"].default, Some(2.into()));
    let repetitions: Vec<_> = root
        .resources
        .values()
        .map(|resource| match resource.repetition {
            Repetition::Single => format!("{} single", resource.id),
            Repetition::Count(_) => format!("{} count", resource.id),
            Repetition::ForEach(_) => format!("{} for_each", resource.id),
            Repetition::Enabled(_) => format!("{} enabled", resource.id),
        })
        .collect();
    assert_eq!(
        repetitions,
        [
            "terraform_data.a count",
            "terraform_data.b enabled",
            "test_box.c for_each",
            "data.test_file.f single",
        ]
    );
    let boxed = &root.resources.values().find(|resource| &*resource.id.kind == "test_box");
    let provider = boxed.map(|found| found.provider.clone());
    let provider = provider.unwrap_or_else(|| panic!("no box"));
    assert_eq!(provider.source.to_string(), "registry.terraform.io/acme/test");
    assert!(topology.provider(&provider).is_some());
    let ignored = |name: &str| {
        let id = root.resources.keys().find(|id| id.to_string() == name);
        id.map(|id| root.resources[id].lifecycle.ignore_changes.clone())
    };
    assert_eq!(ignored("test_box.c"), Some(IgnoreChanges::Everything));
    let Some(IgnoreChanges::Paths(paths)) = ignored("terraform_data.a") else {
        panic!("nothing is ignored")
    };
    let paths: Vec<String> = paths.iter().map(|(path, _)| path.to_string()).collect();
    assert_eq!(paths, ["input", "triggers_replace[\"x\"]"]);
    let child = topology.module(root.calls["m"].module);
    assert_eq!(child.directory, Path::new("m"));
    assert_eq!(child.parent, Some((ModuleId::ROOT, "m".into())));
}

#[test]
fn blocks_are_checked_as_terraform_does() {
    assert_eq!(
        found(
            r#"foo = 1
terraform_data "x" {}
resource "terraform_data" {}
resource "terraform_data" "a" "b" {}
resource "terraform_data" "1x" {}
variable "source" {}
variable "a b" {}
resource "terraform_data" "q" {
  count = 1
  for_each = {}
  depends_on = "foo"
  provider = "terraform"
  lifecycle {
    create_before_destroy = "yes"
    ignore_changes = foo
    nope = 1
  }
  lifecycle {}
}
resource "terraform_data" "q" {}
module "x" {}
module "y" {
  source = var.x
}
module "z" {
  source = "hashicorp/foo/bar"
  lifecycle {}
}
provider "terraform" {}
provider "terraform" {}
locals {
  x = 1
  blk {}
}
locals { x = 2 }
variable "v" {
  typo = string
  validation {
    condition = true
  }
}
data "test_file" "x" {
  path = ""
  lifecycle { prevent_destroy = true }
}
output "o" {}
output "p" { value = 1 }
output "p" { value = 2 }
"#
        ),
        [
            "main.tf:1,1 Unsupported argument",
            "main.tf:2,1 Unsupported block type",
            "main.tf:3,27 Missing name for resource",
            "main.tf:4,31 Extraneous label for resource",
            "main.tf:5,27 Invalid resource name",
            "main.tf:6,10 Invalid variable name",
            "main.tf:7,10 Invalid variable name",
            "main.tf:10,3 Invalid combination of \"count\" and \"for_each\"",
            "main.tf:11,17 Invalid expression",
            "main.tf:12,14 Quoted references are deprecated",
            "main.tf:14,30 Unsuitable value type",
            "main.tf:15,22 Invalid expression",
            "main.tf:16,5 Unsupported argument",
            "main.tf:18,3 Duplicate lifecycle block",
            "main.tf:20,1 Duplicate resource \"terraform_data\" configuration",
            "main.tf:21,12 Missing required argument",
            "main.tf:27,3 Reserved block type name in module block",
            "main.tf:30,1 Duplicate provider configuration",
            "main.tf:33,3 Unexpected \"blk\" block",
            "main.tf:35,10 Duplicate local value definition",
            "main.tf:37,3 Unsupported argument",
            "main.tf:38,14 Missing required argument",
            "main.tf:39,17 Invalid validation expression",
            "main.tf:39,17 Invalid variable validation condition",
            "main.tf:44,15 Invalid data resource lifecycle argument",
            "main.tf:46,12 Missing required argument",
            "main.tf:48,1 Duplicate output definition",
        ]
    );
}

#[test]
fn settings_are_checked() {
    assert_eq!(
        found(
            r#"terraform {
  required_version = ">= 9"
  required_providers {
    foo = { source = "a/b/c/d", version = "nope" }
    bar = { sourc = "x" }
    old = "~> 1.0"
  }
  backend "s3" {}
  nope {}
}
platoform { required_version = ">= banana" }
"#
        ),
        [
            "main.tf:4,22 Invalid provider source string",
            "main.tf:4,43 Invalid version constraint",
            "main.tf:5,13 Invalid required_providers object",
            "main.tf:9,3 Unsupported block type",
            "main.tf:11,32 Invalid version constraint",
        ]
    );
}

#[test]
fn kinds_and_providers_must_exist() {
    assert_eq!(
        found(
            r#"resource "terraform_dat" "a" {}
data "terraform_data" "b" {}
resource "unknown_thing" "c" {}
resource "unknown_thing" "d" {}
resource "terraform_data" "e" { provider = terraform.nope }
provider "other" {}
"#
        ),
        ["Missing required provider", "Missing required provider"]
    );
    assert_eq!(
        found("resource \"terraform_data\" \"e\" { provider = terraform.nope }\n"),
        ["Provider configuration not present"]
    );
}

#[test]
fn providers_are_inherited_and_passed() {
    let loaded = clean(
        r#"
//- /main.tf
terraform {
  required_providers {
    own = { source = "acme/test" }
  }
}
provider "own" {}
provider "own" { alias = "x" }
module "inherits" { source = "./m" }
module "passed" {
  source    = "./m"
  providers = { test = own.x }
}
module "alias" {
  source    = "./alias"
  providers = { test.other = own.x }
}
//- /m/main.tf
terraform {
  required_providers {
    test = { source = "acme/test" }
  }
}
resource "test_box" "b" { name = "" }
module "deeper" { source = "../deep" }
//- /alias/main.tf
terraform {
  required_providers {
    test = { source = "acme/test", configuration_aliases = [test.other] }
  }
}
resource "test_box" "b" { name = "" }
//- /deep/main.tf
terraform {
  required_providers {
    test = { source = "acme/test" }
  }
}
resource "test_box" "b" { name = "" }
"#,
    );
    let used = |path: &str| {
        let module = loaded.topology.modules.iter().find(|module| module.path.join(".") == path);
        let resource = module.and_then(|module| module.resources.values().next());
        let provider = resource.map(|resource| resource.provider.clone());
        let provider = provider.unwrap_or_else(|| panic!("{path}"));
        assert_eq!(provider.module, ModuleId::ROOT);
        format!("{}.{}", provider.name, provider.alias.as_deref().unwrap_or("-"))
    };
    assert_eq!(used("inherits"), "own.-");
    assert_eq!(used("passed"), "own.x");
    assert_eq!(used("passed.deeper"), "own.x");
    assert_eq!(used("alias"), "own.-");
}

#[test]
fn configurations_a_module_needs_must_be_passed() {
    let text = r#"
//- /main.tf
module "m" { source = "./m" }
//- /m/main.tf
terraform {
  required_providers {
    test = { source = "acme/test", configuration_aliases = [test.a] }
  }
}
"#;
    assert_eq!(found(text), ["main.tf:1,1 Missing required provider configuration"]);
}

#[test]
fn modules_end_somewhere() {
    let text = "//- /main.tf\nmodule \"a\" { source = \"./a\" }\n//- /a/main.tf\n\
                module \"b\" { source = \"../b\" }\n//- /b/main.tf\n\
                module \"a\" { source = \"../a\" }";
    assert_eq!(found(text), ["b/main.tf:1,1 Module calls itself"]);
    assert_eq!(found("module \"x\" { source = \"../.\" }\n").len(), 1);
    assert_eq!(
        found("module \"x\" { source = \"./nope\" }\nmodule \"y\" { source = \"./nope\" }"),
        ["main.tf:1,1 Module not installed", "main.tf:2,1 Module not installed"]
    );
    assert_eq!(
        found(
            "//- /main.tf\nmodule \"x\" {\nsource = \"./m\"\nversion = \"1.0\"\n}\n//- /m/main.tf\n"
        ),
        ["main.tf:2,10 Invalid registry module source address"]
    );
}

#[test]
fn calls_that_double_at_each_level_are_stopped() {
    use std::fmt::Write;
    let mut text = String::new();
    for level in 0..40 {
        let directory = if level == 0 { String::new() } else { format!("m{level}/") };
        let source = if level == 0 { "./m1".into() } else { format!("../m{}", level + 1) };
        let _ = writeln!(text, "//- /{directory}main.tf");
        for name in ["a", "b"] {
            let _ = writeln!(text, "module \"{name}\" {{ source = \"{source}\" }}");
        }
    }
    text.push_str("//- /m40/main.tf\nlocals {}\n");
    let loaded = loaded(&text);
    assert!(loaded.topology.modules.len() <= super::MAX_MODULES);
    let too_many =
        |found: &platoform_diagnostic::Diagnostic| found.summary == "Too many module calls";
    assert!(loaded.diagnostics.iter().any(too_many));
}

#[test]
fn override_files_change_what_others_declare() {
    let loaded = clean(
        r#"
//- /main.tf
variable "v" { default = 1 }
locals {
  a = 1
  b = 2
}
resource "terraform_data" "a" {
  count = 1
  input = 1
  lifecycle { create_before_destroy = true }
}
resource "test_box" "b" {
  name = "x"
  port { internal = 1 }
  port { internal = 2 }
  health { command = "kept" }
}
//- /override.tf
variable "v" { default = 3 }
locals { b = 3 }
resource "terraform_data" "a" {
  for_each = {}
  lifecycle { ignore_changes = all }
}
resource "test_box" "b" {
  port { internal = 3 }
}
terraform { required_version = "~> 1.0" }
"#,
    );
    let root = loaded.topology.module(ModuleId::ROOT);
    assert_eq!(root.variables["v"].default, Some(3.into()));
    let slice = |name: &str| loaded.topology.sources.slice(root.locals[name].expression.span);
    assert_eq!((slice("a"), slice("b")), ("1", "3"));
    let data = &root.resources.values().next().map(|found| found.lifecycle.clone());
    let data = data.as_deref().unwrap_or_else(|| panic!("no resource"));
    assert!(data.create_before_destroy);
    assert_eq!(data.ignore_changes, IgnoreChanges::Everything);
    let boxed = root.resources.values().last().map(|found| found.content.clone());
    let boxed = boxed.unwrap_or_else(|| panic!("no box"));
    let mut ports = Vec::new();
    for index in 0..2 {
        let steps = [
            platoform_value::Step::Attribute("port".into()),
            platoform_value::Step::Index(index),
            platoform_value::Step::Attribute("internal".into()),
        ];
        let span = boxed.span_of(&platoform_value::Path(steps.into()));
        ports.push(span.map(|span| loaded.topology.sources.slice(span)));
    }
    assert_eq!(ports, [Some("3"), None]);
    assert!(boxed.span_of(&platoform_value::Path::attribute("health")).is_some());
    assert_eq!(
        found("//- /main.tf\n//- /x_override.tf\noutput \"x\" { value = 1 }\nlocals { y = 1 }"),
        [
            "x_override.tf:1,1 Missing base output definition to override",
            "x_override.tf:2,10 Missing base local value definition to override",
        ]
    );
}

#[test]
fn many_calls_of_one_module_read_it_once() {
    let mut text = String::from("//- /m/main.tf\nvariable \"x\" {}\n//- /main.tf\n");
    for number in 0..3000 {
        text.push_str(&format!(
            "module \"m{number}\" {{\n  source = \"./m\"\n  x = {number}\n}}\n"
        ));
    }
    let loaded = clean(&text);
    assert_eq!(loaded.topology.modules.len(), 3001);
    assert_eq!(loaded.topology.sources.iter().count(), 2);
}

#[test]
fn a_saved_tree_loads_as_the_disk_does() {
    let text =
        "//- /a/main.tf\nmodule \"m\" { source = \"../b\" }\n//- /b/main.tf\nlocals { x = 1 }";
    let loaded = crate::load(&files(text), Path::new("a"), &Fake);
    let names: Vec<_> = loaded.topology.sources.iter().map(|(_, source)| &*source.name).collect();
    assert_eq!(names, ["a/main.tf", "b/main.tf"]);
    assert!(loaded.diagnostics.is_empty());
}
