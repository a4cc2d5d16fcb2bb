//! Which crate may use which.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use platoform_tests::repository;
use serde_json::Value;

/// What each crate is built on. What these are built on may be used as well: `graph` sees `lang`
/// through `config`. `*` stands for all crates.
const ARROWS: [(&str, &[&str]); 18] = [
    ("platoform-diagnostic", &[]),
    ("platoform-value", &[]),
    ("platoform-lang", &["platoform-diagnostic", "platoform-value"]),
    ("platoform-schema", &["platoform-value"]),
    ("platoform-config", &["platoform-lang", "platoform-schema"]),
    ("platoform-graph", &["platoform-config"]),
    ("platoform-plan", &["platoform-graph", "platoform-provider"]),
    ("platoform-apply", &["platoform-plan"]),
    // Modules' addresses and their lock are the configuration's.
    ("platoform-fetch", &["platoform-config", "platoform-diagnostic"]),
    // Behind apply's port; what they are told is the plan's.
    ("platoform-provisioners", &["platoform-apply", "platoform-value"]),
    ("platoform-provider-derive", &[]),
    (
        "platoform-provider",
        &[
            "platoform-schema",
            "platoform-value",
            "platoform-diagnostic",
            "platoform-provider-derive",
        ],
    ),
    // The functions of the provider `terraform` write and read the language.
    ("platoform-builtin", &["platoform-lang", "platoform-provider"]),
    ("platoform-docker", &["platoform-provider"]),
    ("platoform-fake", &["platoform-provider"]),
    ("platoform-state", &["platoform-apply", "platoform-plan"]),
    ("platoform", &["*"]),
    // The program as a process, and the cloud that it is let loose on.
    ("platoform-tests", &["platoform-fake"]),
];

/// The crates of the workspace, and those that each of them uses when it is built for use.
fn workspace() -> BTreeMap<String, BTreeSet<String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| env!("CARGO").into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(repository())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let name = |package: &Value| package["name"].as_str().unwrap().to_owned();
    let names: BTreeSet<String> = packages.iter().map(name).collect();
    let uses = |package: &Value| {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        let dependencies = dependencies.filter(|dependency| dependency["kind"] != "dev");
        dependencies.map(name).filter(|name| names.contains(name)).collect()
    };
    packages.iter().map(|package| (name(package), uses(package))).collect()
}

/// Everything that a crate is built on, directly or not.
fn allowed(of: &str) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    let mut open = vec![of.to_owned()];
    while let Some(next) = open.pop() {
        let entry = ARROWS.iter().find(|(name, _)| *name == next);
        let uses = entry.map(|(_, uses)| *uses).unwrap_or_default();
        open.extend(uses.iter().filter(|name| found.insert(**name)).map(|name| (*name).to_owned()));
    }
    found
}

#[test]
fn no_other_arrows() {
    let workspace = workspace();
    let mut wrong = Vec::new();
    for (name, uses) in &workspace {
        if !ARROWS.iter().any(|(known, _)| known == name) {
            wrong.push(format!("`{name}` is not in the table"));
        }
        let allowed = allowed(name);
        let uses = uses.iter().filter(|used| !allowed.contains("*") && !allowed.contains(&***used));
        wrong.extend(uses.map(|used| format!("`{name}` must not use `{used}`")));
    }
    let gone = ARROWS.iter().filter(|(name, _)| !workspace.contains_key(*name));
    wrong.extend(gone.map(|(name, _)| format!("there is no `{name}` any more")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A table that allowed what must never be would not be one.
#[test]
fn what_must_never_be() {
    let engine = ["diagnostic", "value", "lang", "schema", "config", "graph", "plan", "apply"];
    let outside = [
        "platoform-builtin",
        "platoform-docker",
        "platoform-fake",
        "platoform-fetch",
        "platoform-provisioners",
        "platoform-state",
        "platoform",
    ];
    for name in engine.map(|name| format!("platoform-{name}")) {
        assert!(allowed(&name).is_disjoint(&outside.into()), "{name}");
    }
    for name in ["platoform-builtin", "platoform-docker", "platoform-fake"] {
        let allowed = allowed(name);
        assert!(allowed.is_disjoint(&outside.into()), "{name}");
        assert!(!allowed.contains("platoform-plan") && !allowed.contains("platoform-config"));
    }
}
