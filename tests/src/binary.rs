//! The program under test.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::SystemTime;

/// Name of the package and of its program.
const PROGRAM: &str = "platoform";

/// The built program, of the profile that the caller was built with. It is built first when it is
/// not there or older than its sources, as when the tests of one package are run alone.
///
/// # Panics
/// When it cannot be built.
pub fn program() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let directory = profile_directory();
        let path = directory.join(PROGRAM).with_extension(env::consts::EXE_EXTENSION);
        if !is_current(&path) {
            build(&directory);
        }
        assert!(path.is_file(), "`cargo build` left no {}", path.display());
        path
    })
}

/// The root of the repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are in a folder of it")
}

/// Where cargo puts what it builds: the caller is `<target>/<profile>/deps/<name>`.
fn profile_directory() -> PathBuf {
    let caller = env::current_exe().expect("the caller is a file");
    caller.ancestors().nth(2).expect("it is in a folder of the target directory").to_owned()
}

/// Whether none of the sources is newer. Cargo lists them in a makefile rule beside the program.
fn is_current(path: &Path) -> bool {
    let (Some(built), Ok(rule)) = (modified(path), fs::read_to_string(path.with_extension("d")))
    else {
        return false;
    };
    let Some((_, sources)) = rule.split_once(": ") else { return false };
    // Spaces in names are escaped; another line is built once too often.
    let sources = sources.trim().replace("\\ ", "\0");
    let mut sources = sources.split_whitespace().map(|source| source.replace('\0', " "));
    let lock = modified(&repository().join("Cargo.lock"));
    lock.is_none_or(|lock| lock <= built)
        && sources.all(|source| modified(Path::new(&source)).is_some_and(|time| time <= built))
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

fn build(directory: &Path) {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| env!("CARGO").into());
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--package", PROGRAM]).current_dir(repository());
    match directory.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => {}
        Some(profile) => {
            command.args(["--profile", profile]);
        }
    }
    let status = command.status().expect("cargo is there");
    assert!(status.success(), "{command:?} failed");
}
