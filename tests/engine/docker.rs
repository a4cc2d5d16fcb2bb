//! Docker's own client.

use std::path::Path;
use std::process::Command;

/// Where Debian's `busybox-static` is.
pub const BUSYBOX: &str = "/bin/busybox";

/// Label that everything made carries.
const LINEAGE_LABEL: &str = "io.platoform.lineage";

/// Lists of what can be left behind.
const LISTS: [&str; 4] = ["ps -a", "network ls", "volume ls", "image ls"];

/// What is missing here to try anything.
pub fn missing() -> Option<String> {
    match Command::new("docker").args(["version", "--format={{.Server.Version}}"]).output() {
        Err(error) => Some(format!("the client `docker` cannot be run: {error}")),
        Ok(output) if !output.status.success() => {
            Some(format!("no Engine answers: {}", String::from_utf8_lossy(&output.stderr)))
        }
        Ok(_) if !Path::new(BUSYBOX).exists() => {
            Some(format!("`{BUSYBOX}` is not there: install `busybox-static`"))
        }
        Ok(_) => None,
    }
}

/// Runs the client with arguments that spaces separate, and gives what it printed.
#[track_caller]
pub fn docker(line: &str) -> String {
    let output = Command::new("docker").args(line.split_whitespace()).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "docker {line}: {stderr}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// One field of an object, as a Go template.
#[track_caller]
pub fn inspect(name: &str, field: &str) -> String {
    docker(&format!("inspect --format={{{{{field}}}}} {name}"))
}

/// The lineage of the state that a container belongs to.
#[track_caller]
pub fn lineage(container: &str) -> String {
    lineage_of(container, ".Config.Labels")
}

/// The lineage of the state that a volume belongs to.
#[track_caller]
pub fn volume_lineage(volume: &str) -> String {
    lineage_of(volume, ".Labels")
}

#[track_caller]
fn lineage_of(object: &str, labels: &str) -> String {
    let template = format!("{{{{index {labels} \"{LINEAGE_LABEL}\"}}}}");
    let output = Command::new("docker").args(["inspect", "--format", &template, object]).output();
    let lineage = String::from_utf8(output.unwrap().stdout).unwrap().trim().to_owned();
    assert!(!lineage.is_empty(), "`{object}` has no lineage");
    lineage
}

/// Names of containers, running or not, of a lineage.
#[track_caller]
pub fn containers(lineage: &str) -> Vec<String> {
    let line = format!("ps -a --filter label={LINEAGE_LABEL}={lineage} --format={{{{.Names}}}}");
    let mut names: Vec<String> = docker(&line).lines().map(str::to_owned).collect();
    names.sort();
    names
}

/// Asserts that nothing of a lineage is left.
#[track_caller]
pub fn nothing_left(lineage: &str) {
    for list in LISTS {
        let left = docker(&format!("{list} -q --filter label={LINEAGE_LABEL}={lineage}"));
        assert!(left.is_empty(), "`{list}` shows {left}");
    }
}

/// Removes what has names that begin with a prefix, whoever made it.
pub fn remove_all(prefix: &str) {
    let removals = [
        ("ps -a --format={{.Names}}", "rm -f -v"),
        ("network ls --format={{.Name}}", "network rm"),
        ("volume ls --format={{.Name}}", "volume rm -f"),
        ("image ls --format={{.Repository}}:{{.Tag}}", "image rm -f"),
    ];
    for (list, remove) in removals {
        let names = docker(list);
        for name in names.lines().filter(|name| name.starts_with(prefix)) {
            let line = format!("{remove} {name}");
            // One that is gone meanwhile is just as well.
            let _ = Command::new("docker").args(line.split_whitespace()).output();
        }
    }
}
