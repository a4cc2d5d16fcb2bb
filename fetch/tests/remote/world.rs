//! What the tests have in common.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use platoform_config::lock::LockedModule;
use platoform_config::{Constraint, ModuleSource};
use platoform_diagnostic::Environment;
use platoform_fetch::{Cache, FetchError, Fetched, Fetcher, Limits, Request};
use tempfile::TempDir;

/// A checkout with a cache, and surroundings that know nothing of the tests'.
pub struct World {
    pub directory: TempDir,
    pub environment: Environment,
    pub limits: Limits,
}

impl World {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut variables = BTreeMap::new();
        for name in ["PATH", "TMPDIR"] {
            variables.extend(std::env::var(name).map(|value| (name.to_owned(), value)));
        }
        for (name, value) in [("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")] {
            variables.insert(name.into(), value.into());
        }
        let home = Some(directory.path().to_owned());
        let environment = Environment { variables, home, directory: directory.path().to_owned() };
        let limits = Limits {
            connect: Duration::from_secs(5),
            silence: Duration::from_secs(5),
            total: Duration::from_secs(30),
            ..Limits::default()
        };
        Self { directory, environment, limits }
    }

    pub fn set(&mut self, name: &str, value: impl ToString) {
        self.environment.variables.insert(name.into(), value.to_string());
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub fn cache(&self) -> Cache {
        Cache::new(self.path(".platoform/modules"))
    }

    pub fn fetcher(&self) -> Fetcher {
        Fetcher::new(Arc::new(self.environment.clone()), false, self.limits)
    }

    pub fn fetch(&self, source: &str) -> Result<Fetched, FetchError> {
        self.fetch_locked(source, None, None)
    }

    pub fn fetch_locked(
        &self,
        source: &str,
        constraint: Option<&str>,
        locked: Option<&LockedModule>,
    ) -> Result<Fetched, FetchError> {
        let constraint = constraint.map(|text| Constraint::parse(text).unwrap());
        let source = ModuleSource::parse(source).unwrap();
        let request = Request { source, constraint, locked: locked.cloned() };
        self.fetcher().fetch(&self.cache(), &request, &|| {})
    }

    /// The error of a fetch, after which the cache must be as it was.
    pub fn refused(&self, source: &str) -> String {
        let error = self.fetch(source).expect_err(source);
        assert!(self.packages().is_empty(), "{source}: {:?}", self.packages());
        error.to_string()
    }

    /// What a file of a package holds.
    pub fn read(&self, fetched: &Fetched, path: &str) -> String {
        fs::read_to_string(self.cache().package(&fetched.module.hash).join(path)).unwrap()
    }

    /// Names in the directory of all packages.
    pub fn packages(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path(".platoform/modules/.packages")) else {
            return Vec::new();
        };
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    /// Makes a repository; returns its address.
    pub fn repository(&self, name: &str) -> String {
        let path = self.path(name);
        fs::create_dir_all(&path).unwrap();
        git(&path, &["init", "--quiet", "--initial-branch=main"]);
        format!("git::file://{}", path.display())
    }

    /// Writes a file into a repository and commits; returns the commit.
    pub fn commit(&self, name: &str, file: &str, content: &str) -> String {
        let path = self.path(name);
        fs::create_dir_all(path.join(file).parent().unwrap()).unwrap();
        fs::write(path.join(file), content).unwrap();
        git(&path, &["add", "--all"]);
        git(&path, &["commit", "--quiet", "--message=x"]);
        git(&path, &["rev-parse", "HEAD"]).trim().to_owned()
    }

    pub fn git(&self, name: &str, arguments: &[&str]) -> String {
        git(&self.path(name), arguments)
    }
}

fn git(directory: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=t", "-c", "user.email=t@t", "-c", "protocol.file.allow=always"]);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").current_dir(directory).args(arguments);
    let output = command.output().expect("git is there");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A `tar.gz` of these files.
pub fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut builder = tar::Builder::new(gzip);
    for (name, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, content.as_bytes()).unwrap();
    }
    let mut gzip = builder.into_inner().unwrap();
    gzip.flush().unwrap();
    gzip.finish().unwrap()
}
