//! Shorthands: addresses that are not URLs, and the URLs they stand for.

use super::{SourceError, text};

/// The address as a URL, with the way to fetch it where the scheme does not say; and the
/// subdirectory that the shorthand holds.
pub(super) fn normalize(address: &str) -> Result<(String, Option<String>), SourceError> {
    if address.is_empty() {
        return Err(SourceError::Invalid("it is empty".into()));
    }
    let (forced, rest) = text::forced(address);
    if text::scheme(rest).is_some() {
        return Ok((address.to_owned(), None));
    }
    let found = match github(rest)? {
        Some(found) => Some(found),
        None => secure_copy(rest).or_else(|| bitbucket(rest)).or_else(|| cloud(rest)),
    };
    let found = found.or_else(|| {
        let absolute = rest.starts_with('/');
        absolute.then(|| ("file".to_owned(), format!("file://{rest}")))
    });
    let Some((detected, url)) = found else {
        return Err(SourceError::Unknown(rest.to_owned()));
    };
    let (url, subdirectory) = text::split(&url)?;
    let way = forced.unwrap_or(&detected);
    Ok((format!("{way}::{url}"), subdirectory))
}

/// `github.com/OWNER/REPOSITORY[/SUBDIRECTORY]`
fn github(address: &str) -> Result<Option<(String, String)>, SourceError> {
    if !address.starts_with("github.com/") {
        return Ok(None);
    }
    let (path, query) =
        address.split_once('?').map_or((address, None), |(path, query)| (path, Some(query)));
    let parts: Vec<&str> = path.split('/').collect();
    let [host, owner, repository, inner @ ..] = parts.as_slice() else {
        let why = "GitHub addresses have the form `github.com/OWNER/REPOSITORY`";
        return Err(SourceError::Invalid(why.into()));
    };
    let dot_git = if repository.ends_with(".git") { "" } else { ".git" };
    let mut url = format!("https://{host}/{owner}/{repository}{dot_git}");
    if !inner.is_empty() {
        url.push_str("//");
        url.push_str(&inner.join("/"));
    }
    if let Some(query) = query {
        url.push('?');
        url.push_str(query);
    }
    Ok(Some(("git".into(), url)))
}

/// `git@HOST:PATH`
fn secure_copy(address: &str) -> Option<(String, String)> {
    let (user, rest) = address.split_once('@')?;
    let (host, path) = rest.split_once(':')?;
    let path = path.strip_prefix('/').unwrap_or(path);
    let usable = user == "git" && !host.is_empty() && !path.is_empty();
    usable.then(|| ("git".into(), format!("ssh://git@{host}/{path}")))
}

/// `bitbucket.org/OWNER/REPOSITORY`
fn bitbucket(address: &str) -> Option<(String, String)> {
    if !address.starts_with("bitbucket.org/") {
        return None;
    }
    let (path, query) =
        address.split_once('?').map_or((address, ""), |(path, query)| (path, query));
    let dot_git = if path.ends_with(".git") { "" } else { ".git" };
    let mark = if query.is_empty() { "" } else { "?" };
    Some(("git".into(), format!("https://{path}{dot_git}{mark}{query}")))
}

/// Hosts of object stores, which are known so that they can be refused by name.
fn cloud(address: &str) -> Option<(String, String)> {
    let url = || format!("https://{address}");
    if address.starts_with("www.googleapis.com/storage/") {
        Some(("gcs".into(), url()))
    } else if address.contains(".amazonaws.com/") {
        Some(("s3".into(), url()))
    } else {
        None
    }
}
