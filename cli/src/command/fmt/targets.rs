//! Which files are formatted.

use std::fs;
use std::io;
use std::path::Path;

use platoform_config::is_configuration;

/// Extensions of files that are formatted wherever they are.
const EXTENSIONS: [&str; 5] = [".tf", ".tfvars", ".tftest.hcl", ".tfmock.hcl", ".pftest.hcl"];

/// An entry of a directory that is looked at.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) is_directory: bool,
}

/// Whether a file that is asked for by name can be formatted.
pub(super) fn can_be_formatted(name: &str) -> bool {
    has_extension(name) || name.ends_with(".hcl")
}

/// Directories and files to format in a directory, in order of their names. Links to directories
/// are not followed.
pub(super) fn entries(directory: &Path) -> io::Result<Vec<Entry>> {
    let entry = |entry: io::Result<fs::DirEntry>| {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        Ok(Entry { name, is_directory: entry.file_type()?.is_dir() })
    };
    let all = fs::read_dir(directory)?.map(entry).collect::<io::Result<Vec<_>>>()?;
    Ok(select(all))
}

/// Where there are `*.tf` files, topologies are `*.platoform.hcl` only, as they are when read.
fn select(mut entries: Vec<Entry>) -> Vec<Entry> {
    let is_terraform = |entry: &Entry| {
        !entry.is_directory && [".tf", ".tf.json"].iter().any(|end| entry.name.ends_with(end))
    };
    let terraform = entries.iter().any(|entry| !is_ignored(&entry.name) && is_terraform(entry));
    let is_topology = |name: &str| {
        is_configuration(name) && name.ends_with(if terraform { ".platoform.hcl" } else { ".hcl" })
    };
    entries.retain(|entry| {
        !is_ignored(&entry.name)
            && (entry.is_directory || has_extension(&entry.name) || is_topology(&entry.name))
    });
    entries.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    entries
}

fn has_extension(name: &str) -> bool {
    EXTENSIONS.iter().any(|extension| name.ends_with(extension))
}

/// Hidden files, and what editors leave behind.
fn is_ignored(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || name.starts_with('#') && name.ends_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selected(names: &[&str]) -> Vec<String> {
        let entry = |name: &&str| Entry {
            name: name.trim_end_matches('/').to_owned(),
            is_directory: name.ends_with('/'),
        };
        select(names.iter().map(entry).collect()).into_iter().map(|entry| entry.name).collect()
    }

    #[test]
    fn a_directory_with_tf_files() {
        let names = [
            "x.tfvars",
            "a.tf",
            "b~.tf",
            "c.tf~",
            ".d.tf",
            "#e.tf#",
            "f.tf.json",
            "g.hcl",
            "h.platoform.hcl",
            "i.tftest.hcl",
            "j.tfmock.hcl",
            "k.pkr.hcl",
            "modules/",
            ".git/",
            "terragrunt.hcl",
            "README.md",
        ];
        assert_eq!(
            selected(&names),
            [
                "a.tf",
                "b~.tf",
                "h.platoform.hcl",
                "i.tftest.hcl",
                "j.tfmock.hcl",
                "modules",
                "x.tfvars"
            ]
        );
    }

    #[test]
    fn a_directory_without() {
        let names = ["b.hcl", "a.platoform.hcl", "terragrunt.hcl", "c.pkr.hcl", "d.pftest.hcl"];
        assert_eq!(selected(&names), ["a.platoform.hcl", "b.hcl", "d.pftest.hcl"]);
        assert_eq!(selected(&[".hidden.tf", "b.hcl"]), ["b.hcl"]);
        assert_eq!(selected(&["main.tf/", "b.hcl"]), ["b.hcl", "main.tf"]);
    }

    #[test]
    fn any_hcl_that_is_asked_for() {
        assert!(can_be_formatted("terragrunt.hcl") && can_be_formatted("a.auto.tfvars"));
        assert!(!can_be_formatted("a.tf.json") && !can_be_formatted("a.txt"));
    }
}
