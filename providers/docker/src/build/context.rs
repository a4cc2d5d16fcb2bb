//! The build context: a directory as a tar stream, less what `.dockerignore` names.

use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use futures_util::{Stream, StreamExt, stream as streams};
use hyper::body::Bytes;
use tokio::sync::mpsc;

use super::ignore::Rules;

/// Bytes per piece that is sent.
const PIECE: usize = 64 * 1024;
/// Pieces that may wait to be sent.
const PIECES: usize = 16;

/// A directory cannot be a build context.
#[derive(Debug, thiserror::Error)]
pub enum ContextError {
    /// It is not there, or not a directory.
    #[error("`{0}` is not a directory")]
    NotADirectory(PathBuf),
    /// The Dockerfile is not in it.
    #[error("the build context `{context}` has no file `{dockerfile}`")]
    NoDockerfile {
        /// The directory.
        context: PathBuf,
        /// The name that was looked for.
        dockerfile: String,
    },
    /// `.dockerignore` holds something that is no pattern.
    #[error("line {line} of `{path}` is not a pattern: `{text}`")]
    Pattern {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What stands there.
        text: String,
    },
    /// A file cannot be read.
    #[error("`{path}` cannot be read: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Checks a directory and returns its tar stream, which is made while it is sent. The Dockerfile
/// and `.dockerignore` always go along, as Docker's own client does it.
///
/// # Errors
/// The directory cannot be a build context. A file that vanishes meanwhile breaks the stream.
pub fn stream(
    root: &Path,
    dockerfile: &str,
) -> Result<impl Stream<Item = io::Result<Bytes>> + Send + use<>, ContextError> {
    if !root.is_dir() {
        return Err(ContextError::NotADirectory(root.to_owned()));
    }
    let dockerfile = dockerfile.trim_start_matches("./").to_owned();
    if !root.join(&dockerfile).is_file() {
        return Err(ContextError::NoDockerfile { context: root.to_owned(), dockerfile });
    }
    let rules = load_rules(&root.join(".dockerignore"))?;
    let root = root.to_owned();
    let (sender, receiver) = mpsc::channel(PIECES);
    tokio::task::spawn_blocking(move || {
        let mut pipe = Pipe { sender: sender.clone(), piece: Vec::with_capacity(PIECE) };
        if let Err(error) = write(&root, &dockerfile, &rules, &mut pipe) {
            // Nobody listens any more when the request has ended.
            let _ = sender.blocking_send(Err(error));
        }
    });
    Ok(streams::unfold(
        receiver,
        |mut receiver| async move { Some((receiver.recv().await?, receiver)) },
    )
    .boxed())
}

fn load_rules(path: &Path) -> Result<Rules, ContextError> {
    match fs::read_to_string(path) {
        Ok(text) => Rules::parse(&text).map_err(|(line, text)| ContextError::Pattern {
            path: path.to_owned(),
            line,
            text,
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Rules::default()),
        Err(source) => Err(ContextError::File { path: path.to_owned(), source }),
    }
}

fn write(root: &Path, dockerfile: &str, rules: &Rules, pipe: &mut Pipe) -> io::Result<()> {
    let mut archive = tar::Builder::new(pipe);
    archive.follow_symlinks(false);
    let keep = |path: &str| path == dockerfile || path == ".dockerignore" || !rules.excludes(path);
    let mut pending = vec![String::new()];
    while let Some(directory) = pending.pop() {
        let mut entries: Vec<fs::DirEntry> =
            fs::read_dir(root.join(&directory))?.collect::<io::Result<_>>()?;
        // The order of the archive never depends on the file system.
        entries.sort_by_key(fs::DirEntry::file_name);
        let mut below = Vec::new();
        for entry in entries {
            let Ok(name) = entry.file_name().into_string() else { continue };
            let path = if directory.is_empty() { name } else { format!("{directory}/{name}") };
            let metadata = entry.metadata()?;
            let kept = keep(&path);
            if metadata.is_dir() && (kept || rules.may_include() || within(dockerfile, &path)) {
                below.push(path.clone());
            }
            if kept {
                append(&mut archive, root, &path, &metadata)?;
            }
        }
        pending.extend(below.into_iter().rev());
    }
    archive.finish()?;
    archive.into_inner()?.flush()
}

/// Whether a path leads through a directory.
fn within(path: &str, directory: &str) -> bool {
    path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
}

fn append(
    archive: &mut tar::Builder<&mut Pipe>,
    root: &Path,
    path: &str,
    metadata: &Metadata,
) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    // Who owns a file here means nothing there.
    header.set_uid(0);
    header.set_gid(0);
    header.set_mode(metadata.permissions().mode() & 0o7777);
    header.set_mtime(u64::try_from(metadata.mtime()).unwrap_or_default());
    header.set_size(0);
    if metadata.is_dir() {
        header.set_entry_type(tar::EntryType::Directory);
        archive.append_data(&mut header, format!("{path}/"), io::empty())
    } else if metadata.is_symlink() {
        header.set_entry_type(tar::EntryType::Symlink);
        archive.append_link(&mut header, path, fs::read_link(root.join(path))?)
    } else if metadata.is_file() {
        header.set_entry_type(tar::EntryType::Regular);
        header.set_size(metadata.len());
        // A file that grows meanwhile must not spoil what follows it.
        let content = io::Read::take(File::open(root.join(path))?, metadata.len());
        archive.append_data(&mut header, path, content)
    } else {
        // Sockets, pipes and devices cannot be sent.
        Ok(())
    }
}

/// Collects bytes into pieces and hands them to the request.
struct Pipe {
    sender: mpsc::Sender<io::Result<Bytes>>,
    piece: Vec<u8>,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        let closed = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.sender.blocking_send(Ok(piece.into())).map_err(closed)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Read;

    use super::*;

    fn sent(root: &Path, dockerfile: &str) -> BTreeMap<String, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let bytes: Vec<u8> = runtime.block_on(async {
            let pieces: Vec<_> = stream(root, dockerfile).unwrap().collect().await;
            pieces.into_iter().flat_map(|piece| piece.unwrap().to_vec()).collect()
        });
        let mut archive = tar::Archive::new(bytes.as_slice());
        let entries = archive.entries().unwrap().map(|entry| {
            let mut entry = entry.unwrap();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            (entry.path().unwrap().display().to_string(), text)
        });
        entries.collect()
    }

    #[test]
    fn the_context_is_sent_without_what_is_ignored() {
        let root = tempfile::tempdir().unwrap();
        let file = |path: &str, text: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        file("docker/Dockerfile", "FROM scratch");
        file(".dockerignore", "docker\n.dockerignore\nlogs\n!logs/keep\n");
        file("app/main", "x");
        file("logs/a", "no");
        file("logs/keep", "yes");
        std::os::unix::fs::symlink("main", root.path().join("app/link")).unwrap();
        let sent = sent(root.path(), "./docker/Dockerfile");
        let names: Vec<&str> = sent.keys().map(String::as_str).collect();
        let wanted =
            [".dockerignore", "app/", "app/link", "app/main", "docker/Dockerfile", "logs/keep"];
        assert_eq!(names, wanted);
        assert_eq!(sent["logs/keep"], "yes");
    }

    #[test]
    fn large_files_arrive_whole() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("Dockerfile"), "FROM scratch").unwrap();
        let large = "0123456789".repeat(50_000);
        fs::write(root.path().join("large"), &large).unwrap();
        assert_eq!(sent(root.path(), "Dockerfile")["large"], large);
    }

    #[test]
    fn what_cannot_be_a_context_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let refuse = |path: &Path| stream(path, "Dockerfile").err().unwrap().to_string();
        assert!(refuse(&root.path().join("gone")).contains("not a directory"));
        assert!(refuse(root.path()).contains("no file `Dockerfile`"));
        fs::write(root.path().join("Dockerfile"), "").unwrap();
        fs::write(root.path().join(".dockerignore"), "[").unwrap();
        assert!(refuse(root.path()).contains("line 1"));
    }
}
