//! Modules that are not beside the root module, and addresses that are worked out.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use platoform_value::Value;

use crate::fixture::{Fake, files, lines, loaded};
use crate::{LoadOptions, Loaded, load_with};

/// A lock with a package that `hash` tells from others.
const LOCK: &str = r#"
//- /.platoform.lock.hcl
module "git::https://example.com/web.git?ref=v1" {
  revision = "abc"
  hash     = "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
}
module "registry.terraform.io/acme/web/docker" {
  constraints = "~> 1.2"
  version     = "1.4.0"
  directory   = "web-1.4.0"
  hash        = "h1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
}
"#;

fn with_lock(text: &str) -> Loaded {
    loaded(&format!("{text}{LOCK}"))
}

fn found(loaded: &Loaded) -> Vec<String> {
    lines(&loaded.diagnostics, &loaded.topology.sources)
}

fn directories(loaded: &Loaded) -> Vec<String> {
    let modules = loaded.topology.modules.iter();
    modules.map(|module| module.directory.display().to_string()).collect()
}

#[test]
fn packages_are_found_by_the_lock() {
    let loaded = with_lock(
        r#"
//- /main.tf
module "web" { source = "git::https://example.com/web.git//deep?ref=v1" }
module "api" {
  source  = "acme/web/docker//sub"
  version = "~>1.2"
}
output "o" { value = module.web.x }
//- /.platoform/modules/web/deep/main.tf
module "side" { source = "../side" }
output "x" { value = module.side.y }
//- /.platoform/modules/web/side/main.tf
output "y" { value = 1 }
//- /.platoform/modules/api/web-1.4.0/sub/main.tf
output "y" { value = 1 }
"#,
    );
    assert_eq!(found(&loaded), Vec::<String>::new());
    assert_eq!(
        directories(&loaded),
        [
            ".",
            ".platoform/modules/api/web-1.4.0/sub",
            ".platoform/modules/web/deep",
            ".platoform/modules/web/side"
        ]
    );
    assert!(loaded.calls.iter().all(|call| call.installed));
    assert_eq!(loaded.calls[0].version.as_ref().map(ToString::to_string).as_deref(), Some("1.4.0"));
    assert_eq!(loaded.calls.iter().filter(|call| call.hash.is_some()).count(), 2);
}

#[test]
fn what_is_not_locked_or_not_there_is_not_installed() {
    let loaded = with_lock(
        r#"
//- /main.tf
module "a" { source = "git::https://example.com/other.git" }
module "b" { source = "git::https://example.com/web.git?ref=v1" }
module "c" {
  source  = "acme/web/docker"
  version = "~> 2.0"
}
module "d" { source = "/nowhere/at/all" }
"#,
    );
    let expected = [1, 2, 3, 7].map(|line| format!("main.tf:{line},1 Module not installed"));
    assert_eq!(found(&loaded), expected);
    assert!(loaded.calls.iter().all(|call| !call.installed));
    assert_eq!(loaded.calls.iter().filter(|call| call.hash.is_some()).count(), 1);
}

#[test]
fn local_paths_stay_in_their_package() {
    let loaded = with_lock(
        r#"
//- /main.tf
module "web" { source = "git::https://example.com/web.git//a?ref=v1" }
//- /.platoform/modules/web/a/main.tf
module "inner" { source = "../b" }
module "outer" { source = "../../api" }
//- /.platoform/modules/web/b/main.tf
//- /.platoform/modules/api/main.tf
output "o" { value = 1 }
"#,
    );
    let wrong = ".platoform/modules/web/a/main.tf:2,27 Local module path escapes module package";
    assert_eq!(
        found(&loaded),
        [".platoform/modules/web/a/main.tf:1,1 Module not installed", wrong]
    );
}

#[test]
fn a_package_that_calls_itself_is_told_with_its_chain() {
    let loaded = with_lock(
        r#"
//- /main.tf
module "web" { source = "git::https://example.com/web.git?ref=v1" }
//- /.platoform/modules/web/main.tf
module "again" { source = "./sub" }
//- /.platoform/modules/web/sub/main.tf
module "top" { source = "git::https://example.com/web.git?ref=v1" }
"#,
    );
    assert_eq!(found(&loaded), [".platoform/modules/web/sub/main.tf:1,1 Module calls itself"]);
    let error = loaded.diagnostics.iter().next().unwrap();
    assert_eq!(
        error.detail,
        "These calls have no end: `module.web` calls `module.web.module.again` calls \
         `module.web.module.again.module.top`, which is the first of them again"
    );
    assert_eq!(error.labels.len(), 1);
}

#[test]
fn a_wrong_lock_is_told_where_it_is() {
    let text = "module \"web\" { source = \"git::https://example.com/web.git\" }\n\
                //- /.platoform.lock.hcl\nmodule \"x\" {}\n";
    let found = found(&loaded(text));
    assert_eq!(
        found,
        ["main.tf:1,1 Module not installed", ".platoform.lock.hcl:1,12 Missing required argument"]
    );
    // Nobody reads it where it is not needed.
    assert!(self::found(&loaded("//- /.platoform.lock.hcl\nmodule \"x\" {}\n")).is_empty());
}

const COMPUTED: &str = r#"
//- /main.tf
variable "range" { default = "~> 1.2" }
variable "name" { type = string }
locals { package = "acme/${var.name}/docker" }
module "api" {
  source  = local.package
  version = var.range
}
module "a" {
  source = "./a"
  where  = "./${var.name}"
}
//- /a/main.tf
variable "where" { type = string }
module "b" { source = "${var.where}/deep" }
//- /a/web/deep/main.tf
output "x" { value = 1 }
//- /.platoform/modules/api/web-1.4.0/main.tf
output "x" { value = 1 }
"#;

fn computed(text: &str, name: Value) -> Loaded {
    let files = files(&format!("{text}{LOCK}"));
    let variables = BTreeMap::from([(Arc::from("name"), name.into())]);
    let options = LoadOptions { lock: None, variables: Some(&variables) };
    load_with(&files, Path::new("."), &Fake, options)
}

#[test]
fn addresses_are_made_of_variables() {
    let loaded = computed(COMPUTED, Value::from("web"));
    assert_eq!(found(&loaded), Vec::<String>::new());
    let expected = [".", "a", ".platoform/modules/api/web-1.4.0", "a/web/deep"];
    assert_eq!(directories(&loaded), expected);
    assert!(!loaded.asks_for_variables);
}

#[test]
fn addresses_that_are_not_known_say_why() {
    let loaded = with_lock(COMPUTED);
    assert!(loaded.asks_for_variables);
    assert_eq!(
        found(&loaded),
        ["main.tf:3,28 Variables not allowed", "main.tf:10,17 Variables not allowed"]
    );
    let one = |source: &str| {
        let text = format!(
            "module \"a\" {{\n  source = {source}\n}}\nvariable \"name\" {{ sensitive = true }}\n\
             locals {{ round = local.round }}\n"
        );
        found(&computed(&text, Value::from("x"))).join("; ")
    };
    assert_eq!(one("terraform_data.x.id"), "main.tf:2,12 Variables not allowed");
    assert_eq!(one("var.nope"), "main.tf:2,12 Variables not allowed");
    assert_eq!(one("local.round"), "main.tf:5,18 Variables not allowed");
    assert_eq!(one("\"./${var.name}\""), "main.tf:2,12 Variables not allowed");
}
