//! Reading files, through the `Files` port only.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use platoform_diagnostic::FileKind;
use platoform_value::{Value, quoted};

use super::paths::{clean, expanded};
use super::{Arguments, Function, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

/// Stands for a sensitive path.
const HIDDEN: &str = "(sensitive value)";

const PATH: &[Parameter] = &[Parameter::text("path").marked()];

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("file", PATH, Returns::TEXT, |arguments| {
        Ok(Value::from(text(arguments, 0)?).mark(arguments.value(0).marks()))
    }),
    Function::new("filebase64", PATH, Returns::TEXT, |arguments| {
        let encoded = STANDARD.encode(content(arguments, 0)?);
        Ok(Value::from(encoded).mark(arguments.value(0).marks()))
    }),
    Function::new("fileexists", PATH, Returns::BOOL, fileexists),
];

/// Where a path argument leads, relative to the directory of the context.
pub(super) fn resolved(arguments: &Arguments<'_>, index: usize) -> Result<PathBuf, String> {
    let path = expanded(arguments, arguments.text(index))
        .map_err(|error| format!("failed to expand ~: {error}"))?;
    if path.starts_with('/') {
        return Ok(clean(&path).into());
    }
    let path = clean(&path);
    let directory = arguments.context.directory;
    let here = directory.as_os_str().is_empty() || directory == Path::new(".");
    Ok(if here { path.into() } else { directory.join(path) })
}

/// A problem with a path argument, said of the path as it is and, discreetly, without it.
fn about(arguments: &Arguments<'_>, index: usize, say: impl Fn(&str) -> String) -> Problem {
    Problem::from(say(&quoted(arguments.text(index)))).discreetly(say(HIDDEN))
}

/// Reads the file that a path argument names; where that fails, `say` makes the message of what the
/// system answers and of the path.
fn read(
    arguments: &Arguments<'_>,
    index: usize,
    say: impl Fn(ErrorKind, &str) -> String,
) -> Result<Vec<u8>, Problem> {
    let path = resolved(arguments, index)?;
    let files = arguments.context.files;
    files.read(&path).map_err(|error| {
        let kind = match files.kind(&path) {
            Some(FileKind::Directory) => ErrorKind::IsADirectory,
            _ => error.kind(),
        };
        let shown = expanded(arguments, arguments.text(index)).unwrap_or_default();
        Problem::from(say(kind, &clean(&shown))).discreetly(say(kind, HIDDEN))
    })
}

/// The bytes of the file that a path argument names, for a digest. The reference reports less of
/// what goes wrong here.
pub(super) fn raw(arguments: &Arguments<'_>) -> Result<Vec<u8>, Problem> {
    read(arguments, 0, |kind, shown| match kind {
        ErrorKind::IsADirectory => format!("read {shown}: is a directory"),
        ErrorKind::NotFound => format!("open {shown}: no such file or directory"),
        kind => format!("open {shown}: {kind}"),
    })
}

/// The bytes of the file that a path argument names.
pub(super) fn content(arguments: &Arguments<'_>, index: usize) -> Result<Vec<u8>, Problem> {
    let content = read(arguments, index, |kind, shown| {
        // The reference quotes the path here only.
        let quoted = if shown == HIDDEN { shown.to_owned() } else { quoted(shown).to_string() };
        match kind {
            ErrorKind::IsADirectory => format!("failed to read file: read {shown}: is a directory"),
            ErrorKind::NotFound => format!(
                "no file exists at {quoted}; this function works only with files that are \
                 distributed as part of the configuration source code, so if this file will be \
                 created by a resource in this configuration you must instead obtain this result \
                 from an attribute of that resource"
            ),
            // The system's own words could quote the path.
            kind => format!("failed to read file {shown}: {kind}"),
        }
    });
    content.map_err(|problem| Problem { argument: Some(index), ..problem })
}

/// The text of the file that a path argument names.
pub(super) fn text(arguments: &Arguments<'_>, index: usize) -> Result<String, Problem> {
    String::from_utf8(content(arguments, index)?).map_err(|_| {
        about(arguments, index, |shown| {
            format!(
                "contents of {shown} are not valid UTF-8; use the filebase64 function to obtain \
                 the Base64 encoded contents or the other file functions (e.g. filemd5, \
                 filesha256) to obtain file hashing results instead"
            )
        })
    })
}

fn fileexists(arguments: &Arguments<'_>) -> Outcome {
    let path = resolved(arguments, 0)?;
    match arguments.context.files.kind(&path) {
        Some(FileKind::Directory) => {
            let shown = expanded(arguments, arguments.text(0))?;
            let say = |shown: &str| format!("{shown} is a directory, not a file");
            Err(Problem::from(say(&quoted(&clean(&shown)))).discreetly(say(HIDDEN)))
        }
        kind => Ok(Value::from(kind.is_some()).mark(arguments.value(0).marks())),
    }
}
