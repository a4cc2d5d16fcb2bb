//! From the address of a package to its files.

use std::fs::File;
use std::io;
use std::path::Path;
use std::time::Instant;

use md5::Md5;
use platoform_config::{ArchiveFormat, Checksum, Getter, RemoteSource};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use crate::archive;
use crate::cache::Stage;
use crate::digest;
use crate::error::FetchError;
use crate::fetcher::Fetcher;
use crate::git::{Git, Repository};
use crate::http;
use crate::page;
use crate::registry::{LOCATION, relative};

/// What a package turned out to be.
#[derive(Debug, Default)]
pub struct Obtained {
    /// The last address, where one led to another.
    pub location: Option<String>,
    /// The commit.
    pub revision: Option<String>,
    /// The directory that addresses on the way named, perhaps with `*` in it.
    pub directory: Option<String>,
}

/// One package.
pub struct Task<'a> {
    /// What it is fetched with.
    pub fetcher: &'a Fetcher,
    /// Where its files go.
    pub stage: &'a Stage,
    /// The commit that is locked.
    pub revision: Option<&'a str>,
    /// When to give up.
    pub deadline: Instant,
}

impl Task<'_> {
    /// Fetches what an address leads to. The directory that it names itself is the caller's
    /// business; those that addresses on the way name are not.
    pub fn follow(&self, source: &RemoteSource) -> Result<Obtained, FetchError> {
        let mut source = source.clone();
        let mut obtained = Obtained::default();
        for _ in 0..=self.fetcher.limits.redirects {
            let Some(location) = self.take(&source, &mut obtained)? else { return Ok(obtained) };
            source = elsewhere(&location)?;
            if let Some(inner) = source.subdirectory.as_deref() {
                let directory = match obtained.directory.take() {
                    Some(outer) => format!("{outer}/{inner}"),
                    None => inner.to_owned(),
                };
                obtained.directory = Some(directory);
            }
            obtained.location = Some(source.to_string());
        }
        Err(FetchError::Redirects(self.fetcher.limits.redirects))
    }

    /// Fetches a package, or says where it is instead.
    fn take(
        &self,
        source: &RemoteSource,
        obtained: &mut Obtained,
    ) -> Result<Option<String>, FetchError> {
        match &source.package.getter {
            Getter::Git { url, reference, depth, ssh_key } => {
                let git = Git {
                    environment: &self.fetcher.environment,
                    terminal: self.fetcher.terminal,
                    deadline: self.deadline,
                };
                let repository = Repository {
                    url,
                    reference: reference.as_deref(),
                    revision: self.revision,
                    depth: *depth,
                    ssh_key: ssh_key.as_deref(),
                };
                obtained.revision = Some(git.fetch(&repository, self.stage)?);
            }
            Getter::Http { url, archive: Some(format), checksum } => {
                let path = self.stage.beside("archive");
                let http = self.fetcher.http()?;
                http.get(&http::address(url)?, false, self.deadline)?.save(&path)?;
                self.unpack(&path, *format, checksum.as_ref())?;
            }
            Getter::Http { url, archive: None, .. } => return self.page(url).map(Some),
            Getter::File { path, archive: Some(format), checksum } => {
                self.unpack(path, *format, checksum.as_ref())?;
            }
            Getter::File { path, archive: None, .. } => {
                let why = format!("`{}` is used where it is, not fetched", path.display());
                return Err(FetchError::Location(why));
            }
        }
        Ok(None)
    }

    /// The address that a page names.
    fn page(&self, url: &str) -> Result<String, FetchError> {
        let mut url = http::address(url)?;
        url.query_pairs_mut().append_pair("terraform-get", "1");
        let answer = self.fetcher.http()?.get(&url, false, self.deadline)?;
        let base = answer.url().clone();
        let found = match answer.header(LOCATION) {
            Some(location) => Some(location),
            None => page::address(&answer.text()?),
        };
        let found = found.ok_or_else(|| {
            let why = "the page names none, and the address does not end like an archive's";
            FetchError::Location(why.into())
        })?;
        Ok(relative(&base, &found))
    }

    fn unpack(
        &self,
        path: &Path,
        format: ArchiveFormat,
        checksum: Option<&Checksum>,
    ) -> Result<(), FetchError> {
        if let Some(checksum) = checksum {
            check(path, checksum)?;
        }
        archive::unpack(path, format, &self.stage.tree(), &self.fetcher.limits)
    }
}

/// Reads an address that a server named. It must not lead to files of this machine.
pub fn elsewhere(location: &str) -> Result<RemoteSource, FetchError> {
    let source =
        RemoteSource::parse(location).map_err(|error| FetchError::Location(error.to_string()))?;
    let local = match &source.package.getter {
        Getter::File { .. } => true,
        Getter::Git { url, .. } => url.starts_with("file:"),
        Getter::Http { .. } => false,
    };
    if local {
        let why = format!("`{location}` is on this machine, which a server has no say in");
        return Err(FetchError::Location(why));
    }
    Ok(source)
}

fn check(path: &Path, checksum: &Checksum) -> Result<(), FetchError> {
    let wrong = |error: io::Error| FetchError::Archive(error.to_string());
    let file = File::open(path).map_err(wrong)?;
    let found = match checksum.algorithm {
        "md5" => digest::of::<Md5>(file),
        "sha1" => digest::of::<Sha1>(file),
        "sha256" => digest::of::<Sha256>(file),
        _ => digest::of::<Sha512>(file),
    };
    let found = found.map_err(wrong)?;
    if found == checksum.digits {
        return Ok(());
    }
    let (algorithm, expected) = (checksum.algorithm, checksum.digits.clone());
    Err(FetchError::Checksum { algorithm, expected, found })
}

/// The directory that a pattern with `*` in it means, if it means one.
pub fn directory(top: &Path, pattern: &str) -> Result<String, FetchError> {
    let mut found = String::new();
    for part in pattern.split('/') {
        let place = top.join(&found);
        let next = if part.contains('*') { matching(&place, part) } else { Some(part.to_owned()) };
        let next = next.filter(|next| place.join(next).is_dir());
        let next = next.ok_or_else(|| FetchError::NoDirectory(pattern.to_owned()))?;
        if !found.is_empty() {
            found.push('/');
        }
        found.push_str(&next);
    }
    Ok(found)
}

/// The only directory whose name fits.
fn matching(directory: &Path, pattern: &str) -> Option<String> {
    let entries = directory.read_dir().ok()?.flatten();
    let directories = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let mut names = directories.filter_map(|entry| entry.file_name().into_string().ok());
    let mut fitting = names.by_ref().filter(|name| fits(name, pattern));
    let first = fitting.next()?;
    fitting.next().is_none().then_some(first)
}

/// Whether a name has the parts of a pattern between its `*`s, in order.
fn fits(name: &str, pattern: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return name == pattern };
    let Some(name) = name.strip_prefix(first) else { return false };
    (0..=name.len()).any(|place| name.is_char_boundary(place) && fits(&name[place..], rest))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn stars_stand_for_the_only_directory() {
        let top = tempfile::tempdir().unwrap();
        for path in ["web-1.2.3/sub", "other/a", "other/b"] {
            fs::create_dir_all(top.path().join(path)).unwrap();
        }
        let found = |pattern: &str| directory(top.path(), pattern).ok();
        assert_eq!(found("web-*/sub").as_deref(), Some("web-1.2.3/sub"));
        assert_eq!(found("*-1.*.3").as_deref(), Some("web-1.2.3"));
        assert_eq!(found("other").as_deref(), Some("other"));
        for pattern in ["*", "other/*", "nope", "web-*/nope"] {
            assert_eq!(found(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn servers_do_not_name_files_of_this_machine() {
        for location in ["/etc", "file:///etc", "git::file:///srv/x", "git::/srv/x", "/a.zip", "x"]
        {
            assert!(elsewhere(location).is_err(), "{location}");
        }
        assert!(elsewhere("git::https://x/y?ref=1").is_ok());
    }
}
