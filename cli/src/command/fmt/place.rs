//! How paths are shown.

use std::path::{Component, Path, PathBuf};

/// An absolute path as it is written in a directory. `.` and `..` are resolved by name, without a
/// look at links.
pub(super) fn relative(directory: &Path, path: &Path) -> String {
    let (directory, path) = (resolved(directory), resolved(path));
    let common = directory.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let up = directory.components().skip(common).map(|_| Component::ParentDir);
    let relative: PathBuf = up.chain(path.components().skip(common)).collect();
    if relative.as_os_str().is_empty() { ".".into() } else { relative.display().to_string() }
}

fn resolved(path: &Path) -> PathBuf {
    let mut resolved = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                resolved.pop();
            }
            _ => resolved.push(component),
        }
    }
    resolved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative() {
        let shown = |path: &str| relative(Path::new("/a/./b"), &Path::new("/a/b").join(path));
        assert_eq!(shown("main.tf"), "main.tf");
        assert_eq!(shown("./c/../main.tf"), "main.tf");
        assert_eq!(shown("../b/main.tf"), "main.tf");
        assert_eq!(shown("../c/main.tf"), "../c/main.tf");
        assert_eq!(shown("/x/main.tf"), "../../x/main.tf");
        assert_eq!(shown("/../a/b"), ".");
    }
}
