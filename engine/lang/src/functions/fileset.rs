//! `fileset`: files by pattern.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use platoform_diagnostic::{FileKind, Files};
use platoform_value::{Type, Value, quoted};

use super::files::resolved;
use super::paths::clean;
use super::{Arguments, Function, Kind, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

/// How deep `**` looks. Links may lead in circles.
const DEEPEST_DIRECTORY: usize = 100;

pub(super) const FUNCTIONS: &[Function] = &[Function::new(
    "fileset",
    &[Parameter::text("path"), Parameter::text("pattern")],
    Returns::Always(Kind::TextSet),
    fileset,
)];

/// One part of a pattern, between slashes.
enum Part<'a> {
    /// A name as it is.
    Name(&'a str),
    /// `**`: any number of directories.
    Any,
    /// Names that match.
    Glob(GlobMatcher),
}

fn fileset(arguments: &Arguments<'_>) -> Outcome {
    // Terraform looks for a directory named `~` where there is no home.
    let directory = resolved(arguments, 0)?;
    let pattern = clean(arguments.text(1).trim_start_matches('/'));
    let names: Vec<&str> = pattern.split('/').filter(|part| *part != ".").collect();
    let mut parts = Vec::new();
    for (index, part) in names.iter().enumerate() {
        // From the reference: `**` twice leads through one directory at least, unless it ends the
        // pattern, and more often than twice means no more.
        let again = *part == "**" && names[..index].ends_with(&["**"]) && index + 1 < names.len();
        if again && names[..index].ends_with(&["**", "**"]) {
            continue;
        }
        let part = if again { "*" } else { part };
        parts.push(match part {
            "**" => Part::Any,
            part if part.contains(['*', '?', '[', '{', '\\']) => Part::Glob(glob(part, arguments)?),
            part => Part::Name(part),
        });
    }
    let mut search = Search { files: arguments.context.files, found: BTreeSet::new() };
    search.follow(&directory, &mut Vec::new(), &parts);
    let found = search.found.into_iter().map(Value::from).collect();
    Ok(Value::set(Type::String, found))
}

fn glob(part: &str, arguments: &Arguments<'_>) -> Result<GlobMatcher, Problem> {
    let plain = without_bangs(part);
    let built = GlobBuilder::new(&plain).literal_separator(true).backslash_escape(true).build();
    built.map(|glob| glob.compile_matcher()).map_err(|_| {
        let say =
            |pattern: &str| format!("failed to glob pattern {pattern}: syntax error in pattern");
        let pattern = quoted(arguments.text(1));
        Problem::from(say(&pattern)).discreetly(say("(sensitive value)"))
    })
}

/// A pattern in which `[!x]` means `!` and `x`, as it does in the reference, to a library to which
/// it means all but `x`.
fn without_bangs(part: &str) -> String {
    let mut plain = String::with_capacity(part.len());
    let mut rest = part;
    while let Some((before, after)) = rest.split_once("[!") {
        plain.push_str(before);
        plain.push('[');
        let Some((class, after)) = after.split_once(']') else {
            rest = after;
            break;
        };
        plain.push_str(class);
        plain.push_str("!]");
        rest = after;
    }
    plain + rest
}

/// A search under way.
struct Search<'a> {
    files: &'a dyn Files,
    found: BTreeSet<String>,
}

impl Search<'_> {
    /// Adds the files under a directory that match; `names` lead there from where the search began.
    fn follow(&mut self, directory: &Path, names: &mut Vec<String>, parts: &[Part<'_>]) {
        let Some((part, rest)) = parts.split_first() else { return };
        match part {
            Part::Name(name) => self.enter(directory, (*name).to_owned(), names, rest),
            Part::Glob(glob) => {
                for name in self.list(directory) {
                    if glob.is_match(&name) {
                        self.enter(directory, name, names, rest);
                    }
                }
            }
            Part::Any => {
                self.follow(directory, names, rest);
                if names.len() >= DEEPEST_DIRECTORY {
                    return;
                }
                for name in self.list(directory) {
                    let path = directory.join(&name);
                    if rest.is_empty() {
                        self.enter(directory, name.clone(), names, rest);
                    }
                    if self.files.kind(&path) == Some(FileKind::Directory) {
                        names.push(name);
                        self.follow(&path, names, parts);
                        names.pop();
                    }
                }
            }
        }
    }

    /// What a name in a directory leads to: a file that matches, or a directory to go on in.
    fn enter(
        &mut self,
        directory: &Path,
        name: String,
        names: &mut Vec<String>,
        rest: &[Part<'_>],
    ) {
        // A snapshot of files knows no `..`.
        let path = PathBuf::from(clean(&directory.join(&name).to_string_lossy()));
        names.push(name);
        if !rest.is_empty() {
            self.follow(&path, names, rest);
        } else if self.files.kind(&path) == Some(FileKind::File) {
            self.found.insert(names.join("/"));
        }
        names.pop();
    }

    fn list(&self, directory: &Path) -> Vec<String> {
        self.files.list(directory).unwrap_or_default()
    }
}
