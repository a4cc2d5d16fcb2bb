//! Which files of a directory belong to a module, and reading them.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::{io, thread};

use platoform_diagnostic::{Diagnostic, Diagnostics, FileId, FileKind, Files, Sources};
use platoform_lang::Body;

/// Below this many bytes in all, starting threads costs more than it saves.
const PARALLEL_BYTES: usize = 128 * 1024;

/// The parsed files of a module.
pub(super) struct Parsed {
    /// Ordinary files in order of their names.
    pub(super) primary: Vec<Body>,
    /// Files whose blocks are merged into those of the ordinary ones, in order of their names.
    pub(super) overrides: Vec<Body>,
}

/// The same path without `.` and without `x/..`; `.` when nothing is left.
pub(super) fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => match clean.components().next_back() {
                Some(Component::Normal(_)) => {
                    clean.pop();
                }
                Some(Component::RootDir) => {}
                _ => clean.push(".."),
            },
            other => clean.push(other),
        }
    }
    if clean.as_os_str().is_empty() { PathBuf::from(".") } else { clean }
}

/// The path of a file in a directory, without a leading `./`.
pub(crate) fn join(directory: &Path, name: &str) -> PathBuf {
    if directory == Path::new(".") { PathBuf::from(name) } else { directory.join(name) }
}

/// The names in a directory.
pub(crate) fn list(files: &dyn Files, directory: &Path) -> io::Result<Vec<String>> {
    match files.list(directory) {
        // Files that are not on a disk know their top directory by the empty path.
        Err(_) if directory == Path::new(".") => files.list(Path::new("")),
        listed => listed,
    }
}

/// Reads and parses the files of a module directory.
///
/// # Errors
/// The directory cannot be listed.
pub(super) fn parse(
    files: &dyn Files,
    directory: &Path,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> io::Result<Parsed> {
    let names = list(files, directory)?;
    let mut texts = Vec::new();
    let mut primaries = 0;
    let (primary, overrides) = select(&names);
    for (name, overriding) in
        primary.iter().map(|name| (name, false)).chain(overrides.iter().map(|name| (name, true)))
    {
        let path = join(directory, name);
        if files.kind(&path) == Some(FileKind::Directory) {
            continue;
        }
        if let Some(text) = diagnostics.take(read(files, &path)) {
            let id = sources.add(path.to_string_lossy(), text.clone());
            texts.push(Text { id, text, json: name.ends_with(".json") });
            primaries += usize::from(!overriding);
        }
    }
    let mut bodies = Vec::new();
    for (body, found) in parse_all(&texts) {
        diagnostics.extend(found);
        bodies.push(body);
    }
    let overrides = bodies.split_off(primaries);
    Ok(Parsed { primary: bodies, overrides })
}

/// Reads a text file.
pub(crate) fn read(files: &dyn Files, path: &Path) -> Result<Arc<str>, Diagnostic> {
    let name = path.display();
    if files.kind(path) == Some(FileKind::Other) {
        let detail = format!("`{name}` is no file: it has no content that stays the same");
        return Err(Diagnostic::error("Failed to read file", detail));
    }
    let bytes = files.read(path).map_err(|error| {
        Diagnostic::error(
            "Failed to read file",
            format!("The file `{name}` cannot be read: {error}"),
        )
    })?;
    // In JSON what is no character stands for one that cannot be read.
    if path.extension().is_some_and(|extension| extension == "json") {
        return Ok(String::from_utf8_lossy(&bytes).into());
    }
    Ok(platoform_lang::decode(bytes).into())
}

/// A file that was read.
struct Text {
    id: FileId,
    text: Arc<str>,
    json: bool,
}

impl Text {
    fn parse(&self) -> (Body, Diagnostics) {
        if !self.json {
            return platoform_lang::parse(self.id, &self.text);
        }
        let (root, mut diagnostics) = platoform_lang::json::parse(self.id, &self.text);
        let body = platoform_lang::json::body(&root, &super::json::FILE, &mut diagnostics);
        (body, diagnostics)
    }
}

fn parse_all(texts: &[Text]) -> Vec<(Body, Diagnostics)> {
    let bytes: usize = texts.iter().map(|text| text.text.len()).sum();
    let threads = thread::available_parallelism().map_or(1, usize::from).min(texts.len());
    if threads < 2 || bytes < PARALLEL_BYTES {
        return texts.iter().map(Text::parse).collect();
    }
    let chunk = texts.len().div_ceil(threads);
    thread::scope(|scope| {
        let run = |chunk: &[Text]| chunk.iter().map(Text::parse).collect::<Vec<_>>();
        let handles: Vec<_> =
            texts.chunks(chunk).map(|chunk| scope.spawn(move || run(chunk))).collect();
        handles.into_iter().flat_map(|handle| handle.join().unwrap_or_default()).collect()
    })
}

/// Ordinary and override files among the names in a directory.
fn select(names: &[String]) -> (Vec<&String>, Vec<&String>) {
    let candidates: Vec<&String> = names.iter().filter(|name| is_configuration(name)).collect();
    let terraform =
        candidates.iter().any(|name| name.ends_with(".tf") || name.ends_with(".tf.json"));
    let (mut primary, mut overrides) = (Vec::new(), Vec::new());
    for name in candidates {
        let plain = name.strip_suffix(".json").unwrap_or(name);
        if terraform && !plain.ends_with(".tf") && !plain.ends_with(".platoform.hcl") {
            continue;
        }
        if is_override(plain) {
            overrides.push(name);
        } else {
            primary.push(name);
        }
    }
    (primary, overrides)
}

/// Decision 6: whether a file of this name can be part of a module. `*.tf`, `*.hcl` and their JSON
/// forms can, but no file of another tool.
#[must_use]
pub fn is_configuration(name: &str) -> bool {
    let plain = name.strip_suffix(".json").unwrap_or(name);
    let foreign = [".tftest.hcl", ".pftest.hcl", ".pkr.hcl"];
    (plain.ends_with(".tf") || plain.ends_with(".hcl"))
        && !name.starts_with('.')
        && plain != "terragrunt.hcl"
        && !foreign.iter().any(|suffix| plain.ends_with(suffix))
}

fn is_override(name: &str) -> bool {
    let stem = [".tf", ".platoform.hcl", ".hcl"]
        .iter()
        .find_map(|suffix| name.strip_suffix(suffix))
        .unwrap_or(name);
    stem == "override" || stem.ends_with("_override")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selected(names: &[&str]) -> (Vec<String>, Vec<String>) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let (primary, overrides) = select(&names);
        let own = |names: Vec<&String>| names.into_iter().cloned().collect();
        (own(primary), own(overrides))
    }

    #[test]
    fn a_directory_with_tf_files_means_what_it_meant() {
        let (primary, overrides) = selected(&[
            ".hidden.tf",
            ".terraform.lock.hcl",
            "a.tf",
            "b.hcl",
            "c.platoform.hcl",
            "d.tf~",
            "e.tftest.hcl",
            "override.tf",
            "x.tfvars",
            "x_override.tf",
            "terragrunt.hcl",
        ]);
        assert_eq!(primary, ["a.tf", "c.platoform.hcl"]);
        assert_eq!(overrides, ["override.tf", "x_override.tf"]);
    }

    #[test]
    fn a_directory_of_hcl_files_is_read_whole() {
        let (primary, overrides) = selected(&[
            "a.hcl",
            "b.platoform.hcl",
            "c.hcl.json",
            "override.hcl",
            "v.pkr.hcl",
            "x_override.hcl.json",
        ]);
        assert_eq!(primary, ["a.hcl", "b.platoform.hcl", "c.hcl.json"]);
        assert_eq!(overrides, ["override.hcl", "x_override.hcl.json"]);
    }

    #[test]
    fn paths_are_cleaned() {
        for (path, expected) in
            [("./a/../b", "b"), (".", "."), ("", "."), ("../x/./y", "../x/y"), ("/..", "/")]
        {
            assert_eq!(clean(Path::new(path)), Path::new(expected));
        }
    }
}
