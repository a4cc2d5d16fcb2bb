//! Taking addresses apart.

use super::SourceError;

/// A path without `.`, `x/..` and doubled slashes; `.` when nothing is left.
pub(super) fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if path.starts_with('/') => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (path.starts_with('/'), joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".into(),
        (false, false) => joined,
    }
}

/// A clean path that stays in the package.
pub(super) fn inside(path: &str) -> Result<String, SourceError> {
    let clean = clean(path.trim_start_matches('/'));
    if clean == ".." || clean.starts_with("../") {
        return Err(SourceError::Outside(clean));
    }
    Ok(clean)
}

/// Takes the subdirectory out of an address: `x//sub?q` is `x?q` and `sub`. The `//` after a
/// scheme does not begin one.
pub(super) fn split(text: &str) -> Result<(String, Option<String>), SourceError> {
    let offset = text.find("://").map_or(0, |place| place + 3);
    // What stands after `?` belongs to neither.
    let end = text.find('?').unwrap_or(text.len());
    let place = text.get(offset..end).and_then(|rest| rest.find("//"));
    let Some(place) = place.map(|place| offset + place) else {
        return Ok((text.to_owned(), None));
    };
    let path = inside(&text[place + 2..end])?;
    let address = format!("{}{}", &text[..place], &text[end..]);
    Ok((address, Some(path).filter(|path| path != ".")))
}

/// Splits off a forced way to fetch: `git::x` is `git` and `x`.
pub(super) fn forced(text: &str) -> (Option<&str>, &str) {
    match text.split_once("::") {
        Some((forced, rest))
            if !rest.is_empty()
                && !forced.is_empty()
                && forced.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            (Some(forced), rest)
        }
        _ => (None, text),
    }
}

/// The scheme of a URL: `https` of `https://…`.
pub(super) fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let rest = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    let valid = scheme.bytes().next().is_some_and(|first| first.is_ascii_alphabetic())
        && scheme.bytes().all(rest);
    (valid && !has_wrong_port(text)).then_some(scheme)
}

/// `ssh://git@host:owner/repo` is no URL: a port is a number.
fn has_wrong_port(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.rsplit_once(']').map_or(host, |(_, rest)| rest);
    let port = host.rsplit_once(':').map_or("", |(_, port)| port);
    !port.bytes().all(|byte| byte.is_ascii_digit())
}
