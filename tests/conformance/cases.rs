//! Files with one case on each line, as JSON.

use std::fs;

use platoform_tests::repository;
use serde::de::DeserializeOwned;

/// The cases in a file, whose path is relative to this directory.
pub fn read<T: DeserializeOwned>(path: &str) -> Vec<T> {
    let path = repository().join("tests/conformance").join(path);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    let case = |(number, line): (usize, &str)| {
        serde_json::from_str(line)
            .unwrap_or_else(|error| panic!("{path:?}, line {}: {error}", number + 1))
    };
    text.lines().enumerate().map(case).collect()
}
