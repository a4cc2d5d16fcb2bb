//! `.dockerignore`, matched as Docker matches it
//! (<https://docs.docker.com/build/concepts/context/#dockerignore-files>). Not the rules of
//! `.gitignore`: a pattern is always relative to the root of the context.

use regex::Regex;

/// The rules of one `.dockerignore` file.
#[derive(Debug, Default)]
pub(super) struct Rules(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    /// Matches the whole of a path.
    pattern: Regex,
    /// `!`: takes matching paths back in.
    include: bool,
}

impl Rules {
    /// Reads a file's text.
    ///
    /// # Errors
    /// The number and text of the first line that is not a pattern.
    pub(super) fn parse(text: &str) -> Result<Self, (usize, String)> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut rules = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            if line.starts_with('#') {
                continue;
            }
            let line = line.trim();
            let (include, pattern) = match line.strip_prefix('!') {
                Some(rest) => (true, rest.trim()),
                None => (false, line),
            };
            let pattern = clean(pattern);
            if pattern.is_empty() {
                continue;
            }
            let pattern = translate(&pattern).and_then(|text| Regex::new(&text).ok());
            rules.push(Rule { pattern: pattern.ok_or((number, line.to_owned()))?, include });
        }
        Ok(Self(rules))
    }

    /// Whether a path, relative and with `/` between its parts, stays out. The last rule that
    /// matches the path or a directory above it decides.
    pub(super) fn excludes(&self, path: &str) -> bool {
        let ancestors = path.match_indices('/').map(|(index, _)| &path[..index]);
        let candidates: Vec<&str> = ancestors.chain([path]).collect();
        let matching = self
            .0
            .iter()
            .rev()
            .find(|rule| candidates.iter().any(|candidate| rule.pattern.is_match(candidate)));
        matching.is_some_and(|rule| !rule.include)
    }

    /// Whether something below an excluded directory may come back in, so that it must be walked.
    pub(super) fn may_include(&self) -> bool {
        self.0.iter().any(|rule| rule.include)
    }
}

/// Go's `filepath.Clean`, and no slash at either end.
fn clean(pattern: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in pattern.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The regular expression of a pattern; `None` where it is malformed.
fn translate(pattern: &str) -> Option<String> {
    let mut regex = String::from("^");
    let mut rest = pattern.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '*' if rest.next_if_eq(&'*').is_some() => {
                // `**/` also stands for nothing at all.
                let slash = rest.next_if_eq(&'/').is_some();
                let everything = rest.peek().is_none();
                regex.push_str(if everything || !slash { ".*" } else { "(.*/)?" });
            }
            '*' => regex.push_str("[^/]*"),
            '?' => regex.push_str("[^/]"),
            '\\' => regex.push_str(&regex::escape(&rest.next()?.to_string())),
            '[' => {
                regex.push('[');
                class(&mut regex, &mut rest)?;
            }
            other => regex.push_str(&regex::escape(&other.to_string())),
        }
    }
    regex.push('$');
    Some(regex)
}

fn class(regex: &mut String, rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<()> {
    if rest.next_if_eq(&'^').is_some() {
        regex.push('^');
    }
    let mut empty = true;
    loop {
        match rest.next()? {
            ']' if !empty => break,
            ']' => return None,
            '-' => regex.push('-'),
            '\\' => regex.push_str(&regex::escape(&rest.next()?.to_string())),
            other @ ('[' | '&' | '~' | '^') => {
                regex.push('\\');
                regex.push(other);
            }
            other => regex.push(other),
        }
        empty = false;
    }
    regex.push(']');
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excluded(rules: &str, path: &str) -> bool {
        Rules::parse(rules).unwrap().excludes(path)
    }

    #[test]
    fn patterns_mean_what_docker_says() {
        // From the table in Docker's documentation.
        assert!(excluded("*/temp*", "dir/temporary.txt"));
        assert!(!excluded("*/temp*", "temp"));
        assert!(excluded("*/*/temp*", "a/b/temporary.txt"));
        assert!(excluded("temp?", "tempa") && !excluded("temp?", "temp"));
        assert!(excluded("**/*.go", "main.go") && excluded("**/*.go", "a/b/main.go"));
        assert!(excluded("/a/./b/", "a/b") && excluded("a/../b", "b"));
        assert!(!excluded("temp", "dir/temp"), "a pattern is relative to the root");
        assert!(excluded("dir", "dir/sub/file"), "what is below goes with it");
        assert!(excluded("a/**", "a/b/c") && !excluded("a/**", "ab"));
        assert!(excluded("[a-c]x", "bx") && !excluded("[^a-c]x", "bx"));
        assert!(excluded(r"a\*", "a*") && !excluded(r"a\*", "ab"));
        assert!(excluded("{a,b}.txt", "{a,b}.txt") && !excluded("{a,b}.txt", "a.txt"));
    }

    #[test]
    fn the_last_match_decides() {
        let rules = "# secrets\n*.md\n!README.md\nREADME-secret.md\n";
        assert!(excluded(rules, "notes.md") && excluded(rules, "README-secret.md"));
        assert!(!excluded(rules, "README.md"));
        assert!(!excluded("*.md\n!README*.md", "README-secret.md"));
        assert!(!excluded("dir\n!dir/keep", "dir/keep") && excluded("dir\n!dir/keep", "dir/other"));
        assert!(!excluded("", "anything"));
    }

    #[test]
    fn a_malformed_pattern_is_named_with_its_line() {
        assert_eq!(Rules::parse("ok\n[a").unwrap_err(), (2, "[a".to_owned()));
    }
}
