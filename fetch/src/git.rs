//! Git repositories, by the `git` program.
//!
//! It is run without a shell. Addresses and refs cannot be taken for options, nothing but the
//! protocols named here is spoken, no hooks run, and nobody is asked unless there is a terminal.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use platoform_diagnostic::Environment;

use crate::cache::Stage;
use crate::error::FetchError;
use crate::process::{self, Ended};

/// Variables that would have `git` work somewhere else.
const REMOVED: [&str; 12] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_CEILING_DIRECTORIES",
    "GIT_CONFIG_PARAMETERS",
    "GIT_COMMON_DIR",
    "GIT_SHALLOW_FILE",
    "GIT_GRAFT_FILE",
    "GIT_REPLACE_REF_BASE",
];
/// Settings of each run: no hooks, no watchers, and a server that sends less than a byte a second
/// for a minute is given up.
const SETTINGS: [&str; 6] = [
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "advice.detachedHead=false",
    "http.lowSpeedLimit=1",
    "http.lowSpeedTime=60",
    "gc.auto=0",
];

/// What to clone.
#[derive(Clone, Copy, Debug)]
pub struct Repository<'a> {
    /// Its address.
    pub url: &'a str,
    /// Branch, tag or commit.
    pub reference: Option<&'a str>,
    /// The commit that is locked.
    pub revision: Option<&'a str>,
    /// How many commits.
    pub depth: Option<u32>,
    /// A private key, in base64.
    pub ssh_key: Option<&'a str>,
}

/// Clones repositories.
#[derive(Debug)]
pub struct Git<'a> {
    /// The surroundings that `git` sees.
    pub environment: &'a Environment,
    /// Whether it may ask.
    pub terminal: bool,
    /// When to give up.
    pub deadline: Instant,
}

impl Git<'_> {
    /// Puts the files of a repository into a stage; returns the commit.
    pub fn fetch(&self, repository: &Repository<'_>, stage: &Stage) -> Result<String, FetchError> {
        for text in [Some(repository.url), repository.reference, repository.revision] {
            if text.is_some_and(|text| text.starts_with('-')) {
                return Err(FetchError::Git("an address or ref must not begin with `-`".into()));
            }
        }
        let key = repository.ssh_key.map(|key| write_key(key, stage)).transpose()?;
        let run = Run { git: self, key: key.as_deref(), url: repository.url };
        let tree = stage.tree();
        let cloned = run.clone(repository, &tree);
        let revision = cloned.and_then(|()| run.check_out(repository, &tree));
        let revision = revision.map_err(|error| explain(error, repository))?;
        remove_repositories(&tree);
        Ok(revision)
    }
}

/// A commit cannot be cloned by its number with a depth.
fn explain(error: FetchError, repository: &Repository<'_>) -> FetchError {
    let digits = |text: &str| {
        (7..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    match error {
        FetchError::Git(why)
            if repository.depth.is_some() && repository.reference.is_some_and(digits) =>
        {
            FetchError::Git(format!("{why}. With `depth`, `ref` must be a branch or a tag"))
        }
        other => other,
    }
}

struct Run<'a> {
    git: &'a Git<'a>,
    key: Option<&'a Path>,
    url: &'a str,
}

impl Run<'_> {
    fn clone(&self, repository: &Repository<'_>, tree: &Path) -> Result<(), FetchError> {
        let mut command = self.command(None);
        command.args(["clone", "--quiet", "--no-checkout", "--template="]);
        if let Some(depth) = repository.depth {
            command.arg(format!("--depth={depth}"));
            if let Some(reference) = repository.reference {
                command.arg(format!("--branch={reference}"));
            }
        }
        command.arg("--").arg(repository.url).arg(tree);
        self.run(&mut command).map(drop)
    }

    fn check_out(&self, repository: &Repository<'_>, tree: &Path) -> Result<String, FetchError> {
        let wanted = repository.revision.or(repository.reference);
        let revision = match wanted {
            None => self.commit("HEAD", tree)?,
            Some(name) => self.find(name, repository, tree)?,
        };
        let mut command = self.command(Some(tree));
        command.args(["checkout", "--quiet", "--force", "--detach", &revision, "--"]);
        self.run(&mut command)?;
        if tree.join(".gitmodules").exists() {
            let mut command = self.command(Some(tree));
            // Their commits are named, so they may come without encryption.
            command.env("GIT_ALLOW_PROTOCOL", self.all_protocols());
            command.args(["submodule", "--quiet", "update", "--init", "--recursive"]);
            command.args(repository.depth.map(|depth| format!("--depth={depth}")));
            self.run(&mut command)?;
        }
        Ok(revision)
    }

    /// The commit of a name: a tag, commit or branch here, else a branch there.
    fn find(
        &self,
        name: &str,
        repository: &Repository<'_>,
        tree: &Path,
    ) -> Result<String, FetchError> {
        let here = self.commit(name, tree);
        let found = here.or_else(|error| {
            self.commit(&format!("refs/remotes/origin/{name}"), tree).map_err(|_| error)
        });
        if found.is_ok() || repository.revision.is_none() {
            return found;
        }
        // A shallow clone does not have the commit that is locked, and what a branch was moved
        // away from is in no clone.
        let mut command = self.command(Some(tree));
        command.args(["fetch", "--quiet"]);
        command.args(repository.depth.map(|depth| format!("--depth={depth}")));
        command.args(["--", "origin", name]);
        self.run(&mut command)?;
        self.commit(name, tree)
    }

    fn commit(&self, name: &str, tree: &Path) -> Result<String, FetchError> {
        let mut command = self.command(Some(tree));
        command.args(["rev-parse", "--quiet", "--verify", "--end-of-options"]);
        command.arg(format!("{name}^{{commit}}"));
        let missing =
            |_| FetchError::Git(format!("The repository has no branch, tag or commit `{name}`"));
        let text = self.run(&mut command).map_err(missing)?;
        Ok(text.trim().to_owned())
    }

    fn command(&self, directory: Option<&Path>) -> Command {
        let environment = self.git.environment;
        let mut command = Command::new("git");
        command.env_clear().envs(&environment.variables);
        for name in REMOVED {
            command.env_remove(name);
        }
        command.env("GIT_ALLOW_PROTOCOL", self.protocols());
        command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0");
        if !self.git.terminal {
            command.env("GIT_TERMINAL_PROMPT", "0").env("GCM_INTERACTIVE", "never");
        }
        if let Some(ssh) = self.ssh_command() {
            command.env("GIT_SSH_COMMAND", ssh);
        }
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command.current_dir(directory.unwrap_or(&environment.directory));
        command
    }

    /// Protocols that may be spoken. A server must not redirect to an address without encryption.
    fn protocols(&self) -> &'static str {
        if self.url.starts_with("https:") { "https" } else { self.all_protocols() }
    }

    fn all_protocols(&self) -> &'static str {
        if self.url.starts_with("file:") { "https:http:ssh:git:file" } else { "https:http:ssh:git" }
    }

    /// What `git` runs for SSH, by a shell: `None` leaves that to it.
    fn ssh_command(&self) -> Option<String> {
        let mut line = self.git.environment.get("GIT_SSH_COMMAND").map(str::to_owned);
        if line.is_none() && self.git.environment.get("GIT_SSH").is_some() {
            return None;
        }
        if !self.git.terminal {
            line = Some(line.unwrap_or_else(|| "ssh".into()) + " -o BatchMode=yes");
        }
        if let Some(key) = self.key {
            let key = key.to_string_lossy().replace('\'', "'\\''");
            line = Some(format!("{} -i '{key}'", line.unwrap_or_else(|| "ssh".into())));
        }
        line
    }

    fn run(&self, command: &mut Command) -> Result<String, FetchError> {
        let ended = process::run(command, !self.git.terminal, self.git.deadline);
        let Ended { status, stdout, stderr } = ended.map_err(|error| {
            FetchError::Git(format!("`git` must be installed, but cannot be run: {error}"))
        })?;
        match status {
            Some(status) if status.success() => Ok(stdout),
            Some(_) => Err(FetchError::Git(format!("`git` failed: {}", said(&stderr)))),
            None => Err(FetchError::Git("`git` took too long and was ended".into())),
        }
    }
}

/// What `git` said, on one line, without the passwords of addresses and without what servers would
/// have a terminal do.
fn said(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let text = lines.join("; ");
    let mut out = String::new();
    for (index, part) in text.split("://").enumerate() {
        if index == 0 {
            out.push_str(part);
            continue;
        }
        let end = part.find(['/', '\'', ' ']).unwrap_or(part.len());
        // A name alone may be a token on the web.
        let web = out.ends_with("http") || out.ends_with("https");
        let secret = part[..end].rfind('@').filter(|place| web || part[..*place].contains(':'));
        out.push_str("://");
        out.push_str(secret.map_or(part, |place| &part[place + 1..]));
    }
    out.replace(char::is_control, " ")
}

fn write_key(key: &str, stage: &Stage) -> Result<PathBuf, FetchError> {
    let wrong = |why: String| FetchError::Git(format!("`sshkey` cannot be used: {why}"));
    let key = STANDARD.decode(key).map_err(|error| wrong(error.to_string()))?;
    let path = stage.beside("key");
    let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    let written = file.and_then(|mut file| file.write_all(&key));
    written.map_err(|error| wrong(error.to_string()))?;
    Ok(path)
}

/// Removes what `git` keeps of a repository and of those inside it.
fn remove_repositories(top: &Path) {
    let mut open = vec![top.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).into_iter().flatten().flatten() {
            let (path, kind) = (entry.path(), entry.file_type());
            let directory = kind.is_ok_and(|kind| kind.is_dir());
            if entry.file_name() == ".git" {
                // A repository that stays would only show in the hash.
                let _ = if directory { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            } else if directory {
                open.push(path);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn passwords_are_not_repeated() {
        assert_eq!(
            said("fatal: unable to access 'https://me:secret@host/x.git/': no\n\nmore\n"),
            "fatal: unable to access 'https://host/x.git/': no; more"
        );
        assert_eq!(said("see ssh://git@host/x"), "see ssh://git@host/x");
        assert_eq!(said("at https://token@host/x"), "at https://host/x");
        assert_eq!(said("remote: \u{1b}[2Jhello\u{7}"), "remote:  [2Jhello ");
    }
}
