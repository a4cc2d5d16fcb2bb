//! Paths as text.

use platoform_value::Value;

use super::{Arguments, Function, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

const PATH: &[Parameter] = &[Parameter::text("path")];

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("basename", PATH, Returns::TEXT, |arguments| Ok(base(arguments.text(0)).into())),
    Function::new("dirname", PATH, Returns::TEXT, |arguments| {
        let path = arguments.text(0);
        let directory = path.rfind('/').map_or("", |slash| &path[..=slash]);
        Ok(clean(directory).into())
    }),
    Function::new("abspath", PATH, Returns::TEXT, |arguments| {
        let path = arguments.text(0);
        if path.starts_with('/') {
            return Ok(clean(path).into());
        }
        let directory = arguments.context.directory.to_string_lossy();
        Ok(clean(&format!("{directory}/{path}")).into())
    }),
    Function::new("pathexpand", PATH, Returns::TEXT, pathexpand),
];

/// The last part of a path.
fn base(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    match trimmed.rfind('/') {
        _ if path.is_empty() => ".",
        _ if trimmed.is_empty() => "/",
        Some(slash) => &trimmed[slash + 1..],
        None => trimmed,
    }
}

/// The shortest path that means the same by its text alone, as Go's `filepath.Clean` finds it.
pub(super) fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(last) if *last != ".." => {
                    parts.pop();
                }
                _ if rooted => {}
                _ => parts.push(".."),
            },
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".into(),
        (false, false) => joined,
    }
}

/// The path with a leading `~` replaced by the home directory.
pub(super) fn expanded(arguments: &Arguments<'_>, path: &str) -> Result<String, String> {
    let Some(rest) = path.strip_prefix('~') else { return Ok(path.into()) };
    if !rest.is_empty() && !rest.starts_with('/') {
        return Err("cannot expand user-specific home dir".into());
    }
    let home = arguments.context.home.as_ref().ok_or("the home directory is not known")?;
    let home = home.to_string_lossy();
    Ok(if rest.is_empty() { home.into_owned() } else { clean(&format!("{home}{rest}")) })
}

fn pathexpand(arguments: &Arguments<'_>) -> Outcome {
    Ok(expanded(arguments, arguments.text(0))?.into())
}
