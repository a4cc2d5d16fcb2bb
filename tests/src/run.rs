//! What came of a run.

use std::path::PathBuf;
use std::process::Output;

use crate::filtered;

/// A process that has ended.
#[derive(Clone, Debug)]
pub struct Run {
    /// Exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// What was asked for.
    pub stdout: String,
    /// Everything else.
    pub stderr: String,
    root: PathBuf,
    line: String,
}

impl Run {
    pub(crate) fn new(output: Output, root: PathBuf, line: String) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        let (stdout, stderr) = (text(output.stdout), text(output.stderr));
        let run = Self { code: output.status.code(), stdout, stderr, root, line };
        assert!(!run.stderr.contains("panicked at"), "{run}");
        run
    }

    /// Asserts an exit code.
    #[track_caller]
    pub fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// Asserts that a text is somewhere in what was printed, however it is wrapped.
    #[track_caller]
    pub fn shows(&self, text: &str) -> &Self {
        assert!(self.contains(text), "`{text}` is not in {self}");
        self
    }

    /// Asserts that a text is nowhere in what was printed.
    #[track_caller]
    pub fn hides(&self, text: &str) -> &Self {
        assert!(!self.contains(text), "`{text}` is in {self}");
        self
    }

    /// Whether a text is in what was printed. Runs of white space, and the bars beside
    /// explanations, count as one space.
    pub fn contains(&self, text: &str) -> bool {
        let flat = |text: &str| {
            text.split_whitespace()
                .filter(|word| !matches!(*word, "│" | "|"))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let text = flat(text);
        flat(&self.stdout).contains(&text) || flat(&self.stderr).contains(&text)
    }

    /// Everything that was printed, for a snapshot.
    pub fn text(&self) -> String {
        let (stdout, stderr) =
            (filtered(&self.stdout, &self.root), filtered(&self.stderr, &self.root));
        match (stdout.trim().is_empty(), stderr.trim().is_empty()) {
            (true, _) => stderr,
            (_, true) => stdout,
            _ => format!("{stdout}--- stderr\n{stderr}"),
        }
    }

    /// What was asked for, for a snapshot.
    pub fn data(&self) -> String {
        filtered(&self.stdout, &self.root)
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { code, stdout, stderr, line, .. } = self;
        write!(formatter, "{line}\nexit code {code:?}\n--- stdout\n{stdout}\n--- stderr\n{stderr}")
    }
}
