//! Where packages are kept.
//!
//! A package lies in `.packages/NAME`, where the name is made of its hash. Each call of a module
//! has a link to its package, named after the call: `web.database`. So a module's path does not
//! change when its version does, and calls share what they have in common.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use platoform_config::lock::TreeHash;
use rustix::fs::OFlags;
use tempfile::TempDir;

use crate::tree;

/// Name of the directory of all packages, which no call can have.
const PACKAGES: &str = ".packages";
/// What names of directories that are being filled begin with.
const PARTIAL: &str = ".partial-";
/// The file that keeps two runs from changing the cache at the same time.
const LOCK: &str = ".lock";

/// Directories that are the cache's alone: `.platoform`, `modules` in it and [`PACKAGES`].
const OWN_DIRECTORIES: usize = 3;

/// Length of [`TreeHash::directory_name`].
const NAME_DIGITS: usize = 32;

/// The cache of one checkout.
#[derive(Clone, Debug)]
pub struct Cache {
    directory: PathBuf,
}

/// What is wrong with the cache.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// The package is not there.
    #[error("It is not in the cache")]
    Missing,
    /// The package is there, but somebody changed it.
    #[error("The files in `{path}` were changed: their hash is `{found}`, not `{locked}`")]
    Changed {
        /// Where it is.
        path: PathBuf,
        /// By the lock.
        locked: String,
        /// What it is.
        found: String,
    },
    /// A directory of the cache is a link. What is removed from the cache, or replaced in it,
    /// would be somewhere else.
    #[error("`{0}` is a symbolic link, where a directory of this checkout belongs: remove it")]
    Elsewhere(PathBuf),
    /// The file system does not let us.
    #[error("`{path}` cannot be used: {source}")]
    Io {
        /// What was to be read or written.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

impl CacheError {
    fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { path: path.to_owned(), source }
    }
}

/// A directory to fill. It goes away when it is not kept.
#[derive(Debug)]
pub struct Stage(TempDir);

impl Stage {
    /// Where the files of the package belong.
    #[must_use]
    pub fn tree(&self) -> PathBuf {
        self.0.path().join("tree")
    }

    /// A place for another file, which is not kept.
    #[must_use]
    pub fn beside(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// Keeps others from changing the cache until it is dropped.
#[derive(Debug)]
pub struct Guard(
    #[expect(dead_code, reason = "the lock lasts as long as the file is open")] fs::File,
);

impl Cache {
    /// The cache in a directory, which need not exist yet.
    #[must_use]
    pub fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// Whether anything was ever kept here.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.packages().is_dir()
    }

    /// Where a package is, or would be.
    #[must_use]
    pub fn package(&self, hash: &TreeHash) -> PathBuf {
        self.packages().join(hash.directory_name())
    }

    fn packages(&self) -> PathBuf {
        self.directory.join(PACKAGES)
    }

    /// Compares a package with its hash.
    ///
    /// # Errors
    /// When it is not there, or not as it was.
    pub fn verify(&self, hash: &TreeHash) -> Result<(), CacheError> {
        let path = self.package(hash);
        match tree::hash(&path) {
            Ok(found) if found == *hash => Ok(()),
            Ok(found) => {
                let (locked, found) = (hash.as_str().to_owned(), found.as_str().to_owned());
                Err(CacheError::Changed { path, locked, found })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(CacheError::Missing),
            Err(error) => Err(CacheError::at(&path)(error)),
        }
    }

    /// Waits until nobody else changes the cache.
    ///
    /// # Errors
    /// When the file system does not let us.
    pub fn lock(&self) -> Result<Guard, CacheError> {
        let packages = self.prepare()?;
        let path = packages.join(LOCK);
        // A checkout may bring a link of this name.
        let flags = OFlags::NOFOLLOW.bits().cast_signed();
        let mut options = fs::OpenOptions::new();
        options.append(true).create(true).mode(0o600).custom_flags(flags);
        let file = options.open(&path).map_err(CacheError::at(&path))?;
        file.lock().map_err(CacheError::at(&path))?;
        Ok(Guard(file))
    }

    fn prepare(&self) -> Result<PathBuf, CacheError> {
        let packages = self.packages();
        self.check_place()?;
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&packages);
        made.map_err(CacheError::at(&packages))?;
        Ok(packages)
    }

    /// A checkout may bring links that would have another directory cleaned up.
    fn check_place(&self) -> Result<(), CacheError> {
        let packages = self.packages();
        for path in packages.ancestors().take(OWN_DIRECTORIES) {
            if fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink()) {
                return Err(CacheError::Elsewhere(path.to_owned()));
            }
        }
        Ok(())
    }

    /// A directory to put a package into, on the same file system.
    ///
    /// # Errors
    /// When the file system does not let us.
    pub fn stage(&self) -> Result<Stage, CacheError> {
        let packages = self.prepare()?;
        let made = tempfile::Builder::new().prefix(PARTIAL).tempdir_in(&packages);
        Ok(Stage(made.map_err(CacheError::at(&packages))?))
    }

    /// Puts a filled directory in its place, in one step.
    ///
    /// # Errors
    /// When the file system does not let us.
    pub fn keep(&self, stage: Stage, hash: &TreeHash) -> Result<(), CacheError> {
        let place = self.package(hash);
        if place.exists() {
            if self.verify(hash).is_ok() {
                return Ok(());
            }
            let aside = stage.beside("changed");
            fs::rename(&place, &aside).map_err(CacheError::at(&place))?;
        }
        match fs::rename(stage.tree(), &place) {
            // Another thread was faster.
            Err(_) if self.verify(hash).is_ok() => Ok(()),
            renamed => renamed.map_err(CacheError::at(&place)),
        }
    }

    /// Whether a call's link leads to a package.
    #[must_use]
    pub fn is_linked(&self, key: &str, hash: &TreeHash) -> bool {
        fs::read_link(self.directory.join(key)).is_ok_and(|target| target == Self::target(hash))
    }

    fn target(hash: &TreeHash) -> PathBuf {
        Path::new(PACKAGES).join(hash.directory_name())
    }

    /// Leads a call to a package, in one step.
    ///
    /// # Errors
    /// When the file system does not let us.
    pub fn link(&self, key: &str, hash: &TreeHash) -> Result<(), CacheError> {
        if self.is_linked(key, hash) {
            return Ok(());
        }
        let path = self.directory.join(key);
        let stage = self.stage()?;
        let new = stage.beside("link");
        symlink(Self::target(hash), &new).map_err(CacheError::at(&new))?;
        if fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_dir()) {
            let aside = stage.beside("directory");
            fs::rename(&path, &aside).map_err(CacheError::at(&path))?;
        }
        fs::rename(&new, &path).map_err(CacheError::at(&path))
    }

    /// Removes what no lock and no call speaks of any more, and what ended runs left half done.
    /// What cannot be removed stays: it does no harm.
    pub fn prune(&self, hashes: &[&TreeHash], keys: &[String]) {
        if self.check_place().is_err() {
            return;
        }
        let names: Vec<String> = hashes.iter().map(|hash| hash.directory_name()).collect();
        for (name, path) in entries(&self.packages()) {
            if is_ours(&name) && !names.contains(&name) {
                if fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_dir()) {
                    let _ = fs::set_permissions(&path, Permissions::from_mode(0o700));
                }
                let _ = fs::remove_dir_all(&path);
            }
        }
        for (name, path) in entries(&self.directory) {
            let link = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink());
            if link && !keys.contains(&name) {
                let _ = fs::remove_file(&path);
            }
        }
    }
}

/// Whether a name in the directory of all packages is one that is given here.
fn is_ours(name: &str) -> bool {
    let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    name.starts_with(PARTIAL) || (name.len() == NAME_DIGITS && name.bytes().all(digit))
}

fn entries(directory: &Path) -> impl Iterator<Item = (String, PathBuf)> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries.filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(cache: &Cache, content: &str) -> (Stage, TreeHash) {
        let stage = cache.stage().unwrap();
        fs::create_dir(stage.tree()).unwrap();
        fs::write(stage.tree().join("main.tf"), content).unwrap();
        let hash = tree::hash(&stage.tree()).unwrap();
        (stage, hash)
    }

    #[test]
    fn packages_are_kept_linked_and_verified() {
        let top = tempfile::tempdir().unwrap();
        let cache = Cache::new(top.path().join("modules"));
        let (stage, hash) = filled(&cache, "a");
        assert!(matches!(cache.verify(&hash), Err(CacheError::Missing)));
        cache.keep(stage, &hash).unwrap();
        cache.link("web.db", &hash).unwrap();
        let file = top.path().join("modules/web.db/main.tf");
        assert_eq!(fs::read_to_string(&file).unwrap(), "a");
        cache.verify(&hash).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&top.path().join("modules")), 0o700);
        fs::write(&file, "b").unwrap();
        assert!(matches!(cache.verify(&hash), Err(CacheError::Changed { .. })));
        // Fetched again it is as it was.
        let (stage, again) = filled(&cache, "a");
        assert_eq!(again, hash);
        cache.keep(stage, &hash).unwrap();
        cache.verify(&hash).unwrap();
    }

    #[test]
    fn what_nobody_needs_is_removed() {
        let top = tempfile::tempdir().unwrap();
        let cache = Cache::new(top.path().to_owned());
        let (first, old) = filled(&cache, "a");
        cache.keep(first, &old).unwrap();
        cache.link("x", &old).unwrap();
        let (second, new) = filled(&cache, "b");
        cache.keep(second, &new).unwrap();
        cache.link("y", &new).unwrap();
        fs::create_dir(cache.packages().join(".partial-abc")).unwrap();
        cache.prune(&[&new], &["y".into()]);
        let names = |path: &Path| {
            let mut names: Vec<String> = entries(path).map(|(name, _)| name).collect();
            names.sort();
            names
        };
        assert_eq!(names(top.path()), [".packages", "y"]);
        assert_eq!(names(&cache.packages()), [new.directory_name()]);
    }

    #[test]
    fn links_in_the_place_of_the_cache_are_not_followed() {
        for place in ["", "modules", "modules/.packages"] {
            let top = tempfile::tempdir().unwrap();
            let victim = top.path().join("victim");
            let precious = victim.join("0123456789abcdef0123456789abcdef");
            fs::create_dir_all(&precious).unwrap();
            let link = top.path().join(".platoform").join(place);
            let link = link.components().collect::<PathBuf>();
            fs::create_dir_all(link.parent().unwrap()).unwrap();
            symlink(&victim, &link).unwrap();
            let cache = Cache::new(top.path().join(".platoform/modules"));
            assert!(matches!(cache.lock(), Err(CacheError::Elsewhere(_))), "{place}");
            assert!(matches!(cache.stage(), Err(CacheError::Elsewhere(_))), "{place}");
            cache.prune(&[], &[]);
            assert!(precious.exists(), "{place}");
            assert_eq!(entries(&victim).count(), 1, "{place}");
        }
    }

    #[test]
    fn links_in_the_cache_are_not_followed() {
        let top = tempfile::tempdir().unwrap();
        let cache = Cache::new(top.path().join(".platoform/modules"));
        fs::create_dir_all(cache.packages()).unwrap();
        let (file, victim) = (top.path().join("file"), top.path().join("victim"));
        fs::write(&file, "precious").unwrap();
        fs::create_dir(&victim).unwrap();
        fs::set_permissions(&victim, Permissions::from_mode(0o750)).unwrap();
        symlink(&file, cache.packages().join(LOCK)).unwrap();
        symlink(&victim, cache.packages().join(".partial-x")).unwrap();
        fs::create_dir(cache.packages().join("notes")).unwrap();
        assert!(cache.lock().is_err());
        assert_eq!(fs::read_to_string(&file).unwrap(), "precious");
        cache.prune(&[], &[]);
        assert_eq!(fs::metadata(&victim).unwrap().permissions().mode() & 0o777, 0o750);
        assert!(fs::symlink_metadata(cache.packages().join(".partial-x")).is_err());
        assert!(cache.packages().join("notes").exists(), "not ours");
    }
}
