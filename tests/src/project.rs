//! A directory with a configuration.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::{Invocation, Run, fixture, repository};

/// What running the examples leaves in their directories.
const LEFT: [&str; 4] = [".platoform", ".gitignore", "out", "build"];

/// A temporary directory with a configuration, and a home directory beside it.
#[derive(Debug)]
pub struct Project {
    directory: TempDir,
    root: PathBuf,
}

impl Project {
    /// A project with these files: `//- /path` lines begin them, the first is `main.tf`.
    pub fn new(files: &str) -> Self {
        let project = Self::empty();
        project.files(files);
        project
    }

    /// A copy of an example as it is in the repository.
    pub fn example(name: &str) -> Self {
        Self::copy(&repository().join("examples").join(name))
    }

    /// A copy of a directory.
    pub fn copy(directory: &Path) -> Self {
        let project = Self::empty();
        fixture::copy(directory, &project.root, &LEFT);
        project
    }

    fn empty() -> Self {
        let directory = TempDir::with_prefix("platoform-").expect("there is room");
        // As the program sees it.
        let root = directory.path().canonicalize().unwrap().join("project");
        fs::create_dir_all(&root).unwrap();
        fs::create_dir_all(directory.path().join("home")).unwrap();
        Self { directory, root }
    }

    /// Writes more files.
    pub fn files(&self, files: &str) {
        fixture::write(&self.root, files);
    }

    /// Adds copies of the files of a directory, but for those of these names at its top.
    pub fn add(&self, from: &Path, skipped: &[&str]) {
        fixture::copy(from, &self.root, skipped);
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path in it.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// What a file holds.
    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Writes a file.
    pub fn write(&self, path: &str, content: &str) {
        fs::write(self.path(path), content).unwrap();
    }

    /// Removes a file.
    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    /// Whether something is there.
    pub fn has(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    /// Replaces a text, which has to be there, in a file.
    #[track_caller]
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let content = self.read(path);
        assert!(content.contains(from), "`{from}` is not in {content}");
        self.write(path, &content.replace(from, to));
    }

    /// Names in a directory, sorted; none when there is no such directory.
    pub fn list(&self, path: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path(path)) else { return Vec::new() };
        let name = |entry: std::io::Result<fs::DirEntry>| {
            entry.unwrap().file_name().into_string().expect("names here are Unicode")
        };
        let mut names: Vec<String> = entries.map(name).collect();
        names.sort();
        names
    }

    /// The program with these arguments, which white space separates.
    pub fn command(&self, line: &str) -> Invocation {
        let home = self.directory.path().join("home");
        Invocation::new(&self.root, &home).args(line.split_whitespace())
    }

    /// Runs the program with these arguments, which white space separates.
    pub fn run(&self, line: &str) -> Run {
        self.command(line).run()
    }

    /// Applies what is configured, and asserts that it can be.
    #[track_caller]
    pub fn apply(&self) -> Run {
        let run = self.run("apply -auto-approve");
        run.exits(0);
        run
    }

    /// Asserts that nothing is to be done.
    #[track_caller]
    pub fn is_settled(&self) {
        self.run("plan -detailed-exitcode").exits(0).shows("No changes.");
    }

    /// The addresses that the state holds.
    #[track_caller]
    pub fn recorded(&self) -> Vec<String> {
        let run = self.run("state list");
        run.exits(0).stdout.lines().map(str::to_owned).collect()
    }
}
