//! How packages are fetched.

use std::path::{Path, PathBuf};

use super::{Package, SourceError, text};

/// How a package is fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Getter {
    /// A git repository.
    Git {
        /// Where it is.
        url: String,
        /// Branch, tag or commit; the default branch where there is none.
        reference: Option<String>,
        /// How many commits to fetch.
        depth: Option<u32>,
        /// A private key for SSH, in base64.
        ssh_key: Option<String>,
    },
    /// An archive, or a page that says where one is.
    Http {
        /// Where it is.
        url: String,
        /// What it is, where its name does not say.
        archive: Option<ArchiveFormat>,
        /// What it must hold.
        checksum: Option<Checksum>,
    },
    /// A directory or an archive on this machine.
    File {
        /// Where it is, absolute.
        path: PathBuf,
        /// What it is, unless a directory.
        archive: Option<ArchiveFormat>,
        /// What it must hold.
        checksum: Option<Checksum>,
    },
}

/// Forms of archives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveFormat {
    /// `tar`
    Tar,
    /// `tar.gz` or `tgz`
    TarGzip,
    /// `tar.bz2` or `tbz2`
    TarBzip2,
    /// `tar.xz` or `txz`
    TarXz,
    /// `zip`
    Zip,
}

/// Names of the forms, longer ones first.
const FORMATS: [(&str, ArchiveFormat); 8] = [
    ("tar.bz2", ArchiveFormat::TarBzip2),
    ("tar.gz", ArchiveFormat::TarGzip),
    ("tar.xz", ArchiveFormat::TarXz),
    ("tbz2", ArchiveFormat::TarBzip2),
    ("tgz", ArchiveFormat::TarGzip),
    ("txz", ArchiveFormat::TarXz),
    ("tar", ArchiveFormat::Tar),
    ("zip", ArchiveFormat::Zip),
];

impl ArchiveFormat {
    /// The form that a name such as `tar.gz` means.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        FORMATS.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    /// The form that a file's name ends in.
    #[must_use]
    pub fn of_file(name: &str) -> Option<Self> {
        let ends = |suffix: &str| name.strip_suffix(suffix).is_some_and(|stem| stem.ends_with('.'));
        FORMATS.iter().find(|(suffix, _)| ends(suffix)).map(|(_, format)| *format)
    }
}

/// A digest that an archive must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checksum {
    /// `md5`, `sha1`, `sha256` or `sha512`.
    pub algorithm: &'static str,
    /// Lower-case hexadecimal digits.
    pub digits: String,
}

/// Digests and how many digits they have.
const ALGORITHMS: [(&str, usize); 4] = [("md5", 32), ("sha1", 40), ("sha256", 64), ("sha512", 128)];

impl Checksum {
    /// Reads `sha256:DIGITS`, or digits whose number says what they are.
    fn parse(text: &str) -> Result<Self, SourceError> {
        let wrong = |why: &str| SourceError::Invalid(format!("the checksum `{text}` {why}"));
        let (name, digits) = match text.split_once(':') {
            Some((name, digits)) => (Some(name), digits),
            None => (None, text),
        };
        if name == Some("file") {
            return Err(wrong("names a file, which this program does not read"));
        }
        let fits = |(algorithm, length): &&(&str, usize)| {
            name.is_none_or(|name| name == *algorithm) && digits.len() == *length
        };
        let known = ALGORITHMS.iter().find(fits);
        let (algorithm, _) = known.ok_or_else(|| wrong("is none of md5, sha1, sha256, sha512"))?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(wrong("has other characters than hexadecimal digits"));
        }
        Ok(Self { algorithm, digits: digits.to_ascii_lowercase() })
    }
}

/// What cannot be fetched, by its scheme.
const UNSUPPORTED: [(&str, &str); 3] =
    [("s3", "Buckets of S3"), ("gcs", "Buckets of Google Cloud"), ("hg", "Mercurial repositories")];

impl Package {
    /// Reads an address that is a URL, perhaps with the way to fetch it before that.
    pub(super) fn parse(address: &str) -> Result<Self, SourceError> {
        let (forced, url) = text::forced(address);
        let scheme = text::scheme(url).unwrap_or_default().to_ascii_lowercase();
        let way = forced.map_or(scheme.clone(), str::to_ascii_lowercase);
        let (base, query) = url.split_once('?').map_or((url, ""), |(base, query)| (base, query));
        let mut query = Query::parse(query);
        let shown = |query: &Query| {
            let url = without_password(base);
            let way = forced.map(|forced| format!("{forced}::")).unwrap_or_default();
            format!("{way}{url}{}", query.without_secrets().text()).into()
        };
        let unsupported = UNSUPPORTED.iter().find(|(known, _)| *known == way);
        if let Some((_, what)) = unsupported {
            return Err(SourceError::Unsupported { what, address: without_password(address) });
        }
        let getter = match &*way {
            "git" => {
                let ssh_key = query.take("sshkey");
                let address = shown(&query);
                return Ok(Self { getter: git(base, &scheme, &mut query, ssh_key)?, address });
            }
            "http" | "https" if matches!(&*scheme, "http" | "https") => {
                let address = shown(&query);
                let (archive, checksum) = archive(base, &mut query)?;
                let url = format!("{base}{}", query.text());
                return Ok(Self { getter: Getter::Http { url, archive, checksum }, address });
            }
            "file" if scheme == "file" => file(base, &mut query)?,
            _ => {
                let known = scheme == "ssh" && forced.is_none();
                let help = if known { ": write `git::ssh://…` for a git repository" } else { "" };
                let why = format!("nothing is fetched by `{way}`{help}");
                return Err(SourceError::Invalid(why));
            }
        };
        let address = shown(&query);
        Ok(Self { getter, address })
    }

    /// The directory of a package that is used where it is.
    #[must_use]
    pub fn in_place(&self) -> Option<&Path> {
        match &self.getter {
            Getter::File { path, archive: None, .. } => Some(path),
            _ => None,
        }
    }
}

fn git(
    base: &str,
    scheme: &str,
    query: &mut Query,
    ssh_key: Option<String>,
) -> Result<Getter, SourceError> {
    if !matches!(scheme, "https" | "http" | "ssh" | "git" | "file") {
        let why =
            format!("git is not used with `{scheme}`, only with https, http, ssh, git and file");
        return Err(SourceError::Invalid(why));
    }
    let reference = query.take("ref");
    if reference.as_ref().is_some_and(|reference| reference.starts_with('-')) {
        return Err(SourceError::Invalid("`ref` must not begin with a dash".into()));
    }
    let depth = query.take("depth").and_then(|depth| depth.parse().ok()).filter(|depth| *depth > 0);
    let url = format!("{base}{}", query.text());
    if scheme == "ssh" && base.strip_prefix("ssh://").is_some_and(|rest| rest.starts_with('-')) {
        return Err(SourceError::Invalid("a host must not begin with a dash".into()));
    }
    Ok(Getter::Git { url, reference, depth, ssh_key })
}

fn file(base: &str, query: &mut Query) -> Result<Getter, SourceError> {
    let path = PathBuf::from(base.strip_prefix("file://").unwrap_or(base));
    if !path.is_absolute() {
        let why = format!("`{}` is not an absolute path", path.display());
        return Err(SourceError::Invalid(why));
    }
    let (archive, checksum) = archive(base, query)?;
    Ok(Getter::File { path, archive, checksum })
}

type Archive = (Option<ArchiveFormat>, Option<Checksum>);

/// What `archive=` and the file's name say of the form, and `checksum=` of the content.
fn archive(base: &str, query: &mut Query) -> Result<Archive, SourceError> {
    let archive = match query.take("archive") {
        Some(none) if matches!(&*none, "false" | "0" | "f" | "F" | "FALSE" | "False") => {
            return Err(SourceError::Invalid("a module cannot be a single file".into()));
        }
        Some(name) => {
            let why = || format!("archives of the form `{name}` are not read");
            Some(ArchiveFormat::named(&name).ok_or_else(|| SourceError::Invalid(why()))?)
        }
        None => ArchiveFormat::of_file(base),
    };
    let checksum = query.take("checksum").filter(|text| !text.is_empty());
    Ok((archive, checksum.as_deref().map(Checksum::parse).transpose()?))
}

/// The address without a password before `@`. For the web the name goes too: tokens are given in
/// its place.
fn without_password(address: &str) -> String {
    let Some((before, rest)) = address.split_once("://") else { return address.to_owned() };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let Some((user, host)) = authority.rsplit_once('@') else { return address.to_owned() };
    let scheme = before.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
    if matches!(&*scheme, "http" | "https") {
        return format!("{before}://{host}{path}");
    }
    let user = user.split(':').next().unwrap_or_default();
    format!("{before}://{user}@{host}{path}")
}

/// What the names of arguments have in them whose values are nobody else's business: those that
/// object stores sign addresses with, and those that hosts of repositories take.
const SECRETS: [&str; 7] =
    ["token", "secret", "password", "signature", "credential", "apikey", "api_key"];
/// Such names that are too short to be looked for in others.
const SHORT_SECRETS: [&str; 3] = ["sig", "auth", "sshkey"];

/// The arguments after `?`, as they were written.
#[derive(Clone)]
struct Query(Vec<String>);

impl Query {
    fn parse(text: &str) -> Self {
        Self(text.split('&').filter(|part| !part.is_empty()).map(str::to_owned).collect())
    }

    /// Takes an argument out. Its value is decoded.
    fn take(&mut self, name: &str) -> Option<String> {
        let is_it = |part: &String| part.split('=').next() == Some(name);
        let place = self.0.iter().position(is_it)?;
        let part = self.0.remove(place);
        let value = part.split_once('=').map_or("", |(_, value)| value);
        Some(decode(value))
    }

    fn without_secrets(&self) -> Self {
        let secret = |part: &&String| {
            let name = decode(part.split('=').next().unwrap_or_default()).to_ascii_lowercase();
            SHORT_SECRETS.contains(&&*name) || SECRETS.iter().any(|secret| name.contains(secret))
        };
        Self(self.0.iter().filter(|part| !secret(part)).cloned().collect())
    }

    fn text(&self) -> String {
        if self.0.is_empty() { String::new() } else { format!("?{}", self.0.join("&")) }
    }
}

/// Undoes `%20` and `+`; what is not well-formed stays.
fn decode(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hexadecimal =
            |byte: u8| (byte as char).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let pair = (
            after.first().copied().and_then(hexadecimal),
            after.get(1).copied().and_then(hexadecimal),
        );
        match (first, pair) {
            (b'%', (Some(high), Some(low))) => {
                bytes.push(high * 16 + low);
                rest = &after[2..];
                continue;
            }
            (b'+', _) => bytes.push(b' '),
            _ => bytes.push(*first),
        }
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
