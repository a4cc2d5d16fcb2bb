//! Several files in one text.

use std::fs;
use std::path::Path;

/// Writes the files of a text in which `//- /path` lines begin them; what comes before the first
/// such line is `main.tf`. Indentation that all lines have in common is none of theirs, nor is an
/// empty first line.
pub(crate) fn write(root: &Path, text: &str) {
    let text = text.strip_prefix('\n').unwrap_or(text);
    let indentation = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let filled = text.lines().filter(|line| !line.trim().is_empty());
    let common = filled.map(indentation).min().unwrap_or_default();
    let mut path = "main.tf";
    let mut content = String::new();
    for line in text.lines() {
        let line = line.get(common..).unwrap_or_default();
        if let Some(next) = line.strip_prefix("//- /") {
            put(root, path, &content);
            path = next;
            content.clear();
        } else {
            content.push_str(line);
            content.push('\n');
        }
    }
    put(root, path, &content);
}

fn put(root: &Path, path: &str, content: &str) {
    if content.trim().is_empty() {
        return;
    }
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("it is below the root")).unwrap();
    fs::write(path, content).unwrap();
}

/// Copies a directory but for what running it leaves there: `skipped` at its top, and the state.
pub(crate) fn copy(from: &Path, to: &Path, skipped: &[&str]) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().expect("names here are Unicode");
        if skipped.contains(&&*name) || name.starts_with("platoform.") {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to.join(name), &[]);
        } else {
            fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn lines_begin_files() {
        let root = tempfile::tempdir().unwrap();
        super::write(root.path(), "\n  a = 1\n  //- /b/c.tf\n  b {\n\n    c = 3\n  }");
        let read = |path| std::fs::read_to_string(root.path().join(path)).unwrap();
        assert_eq!(read("main.tf"), "a = 1\n");
        assert_eq!(read("b/c.tf"), "b {\n\n  c = 3\n}\n");
    }
}
