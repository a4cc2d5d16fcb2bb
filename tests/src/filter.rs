//! Taking out of a text what differs from run to run.

use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

/// What to look for, and what to put in its place.
static FILTERS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    [
        (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "[UUID]"),
        (r"\b([0-9a-f]{128}|[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})\b", "[HEX]"),
        (r#""[A-Za-z0-9+/]{43}="|"[A-Za-z0-9+/]{86}==""#, r#""[BASE64]""#),
        (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "[WHEN]"),
        (r"\b([0-9a-f]{2}:){5}[0-9a-f]{2}\b", "[MAC]"),
        (r"\bpid \d+", "pid [PID]"),
        (r"\b(after|in) \d+(\.\d+)?(ms|s|m\d\ds)\b", "$1 [TIME]"),
        (r"\[\d+s (elapsed|so far)\]", "[[TIME] $1]"),
    ]
    .map(|(pattern, replacement)| (Regex::new(pattern).expect("it is a pattern"), replacement))
    .into()
});

/// A text without ids, digests, times and the path of its directory. Lines of progress, which come
/// in any order, are sorted where they follow each other.
pub fn filtered(text: &str, root: &Path) -> String {
    let root = root.to_string_lossy();
    let mut text = text.replace(&*root, "[DIR]");
    for (pattern, replacement) in FILTERS.iter() {
        text = pattern.replace_all(&text, *replacement).into_owned();
    }
    sort_progress(&text)
}

/// Whether a line says that something began or ended.
fn is_progress(line: &str) -> bool {
    let words = ["Creating", "Modifying", "Destroying", "Reading", "complete after"];
    line.contains(": ") && words.iter().any(|word| line.contains(word))
}

fn sort_progress(text: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    let mut block: Vec<&str> = Vec::new();
    for line in text.lines() {
        if is_progress(line) {
            block.push(line);
        } else {
            block.sort_unstable();
            out.append(&mut block);
            out.push(line);
        }
    }
    block.sort_unstable();
    out.append(&mut block);
    let mut text = out.join("\n");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_goes() {
        let text = "id = \"0aaff0c1-9f4f-4fd1-a18c-8e2a1d7c8a10\" in /tmp/x/out, after 12s\n\
                    b: Creating...\na: Creating...\nat 2026-01-02T03:04:05.678Z (pid 77)\n";
        let expected = "id = \"[UUID]\" in [DIR]/out, after [TIME]\n\
                        a: Creating...\nb: Creating...\nat [WHEN] (pid [PID])\n";
        assert_eq!(filtered(text, Path::new("/tmp/x")), expected);
    }
}
