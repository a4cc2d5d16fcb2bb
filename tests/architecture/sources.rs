//! What sources may hold.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use platoform_tests::repository;
use regex::Regex;

/// Most lines of a file.
const LINES_LIMIT: usize = 800;

/// Calls that only the command line may make.
const RESERVED: &str = r"\b(println|eprintln|print|eprint|dbg)!|\benv::(var|vars|var_os|vars_os|home_dir|set_var|args|args_os)\b|\bprocess::(exit|abort)\b|\bio::(stdout|stderr)\b";

/// Folders of the command line, and of tests and measurements, which are programs as well.
const PROGRAMS: [&str; 2] = ["cli/", "tests/"];

/// What differs, and why.
const EXCEPTIONS: [&str; 0] = [];

static CALL: LazyLock<Regex> = LazyLock::new(|| Regex::new(RESERVED).unwrap());

/// Every source file, as a path from the root of the repository.
fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = ["cli", "engine", "fetch", "providers", "provisioners", "state", "tests"]
        .map(PathBuf::from)
        .to_vec();
    while let Some(directory) = open.pop() {
        let Ok(entries) = fs::read_dir(repository().join(&directory)) else { continue };
        for entry in entries {
            let entry = entry.unwrap();
            let path = directory.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    assert!(found.len() > 100, "where are they? {found:?}");
    found
}

/// Whether a file is only built for tests: beside the sources, or a module of tests.
fn is_test(path: &Path) -> bool {
    let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    let folder = |name: &str| path.components().any(|part| part.as_os_str() == name);
    folder("tests") || folder("benches") || folder("examples") || name.ends_with("tests")
}

/// The lines that are built for use, with their numbers.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let built = text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
    let built = built.enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    built.map(|(number, line)| (number + 1, line))
}

#[test]
fn only_the_command_line_prints_reads_the_environment_and_ends_the_process() {
    let mut wrong = Vec::new();
    for path in sources() {
        let name = path.to_string_lossy();
        let free = PROGRAMS.iter().any(|program| name.starts_with(program));
        if free || is_test(&path) || EXCEPTIONS.contains(&&*name) {
            continue;
        }
        let text = fs::read_to_string(repository().join(&path)).unwrap();
        let calls = lines(&text).filter(|(_, line)| CALL.is_match(line));
        wrong.extend(calls.map(|(number, line)| format!("{name}:{number}: {}", line.trim())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_is_too_long() {
    let length = |path: &Path| fs::read_to_string(repository().join(path)).unwrap().lines().count();
    let long = sources().into_iter().map(|path| (length(&path), path));
    let long: Vec<_> = long.filter(|(lines, _)| *lines > LINES_LIMIT).collect();
    assert!(long.is_empty(), "more than {LINES_LIMIT} lines: {long:?}");
}

#[test]
fn calls_are_recognised() {
    for line in ["println!(\"a\")", "std::env::var(\"HOME\")", "std::process::exit(1)"] {
        assert!(CALL.is_match(line), "{line}");
    }
    for line in ["format!(\"a\")", "environment.get(\"HOME\")", "process::id()", "ring::env"] {
        assert!(!CALL.is_match(line), "{line}");
    }
    let text = "a\n// println!()\n#[cfg(test)]\nmod tests {}\n";
    assert_eq!(lines(text).collect::<Vec<_>>(), [(1, "a")]);
}
