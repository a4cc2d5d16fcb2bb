//! `fmt`

mod difference;
mod place;
mod targets;
mod write;

use std::io::Read as _;
use std::path::Path;

use platoform_diagnostic::{Diagnostic, Diagnostics, Sources};

use crate::args::Format;
use crate::error::{Failure, Outcome};
use crate::settings::Settings;

/// Exit code when a file cannot be formatted.
const EXIT_CODE: u8 = 2;
/// The target that is standard input.
const STANDARD_INPUT: &str = "-";
/// How standard input is called.
const STANDARD_INPUT_NAME: &str = "<stdin>";

/// Formats files, or standard input.
pub fn run(settings: &Settings, arguments: &Format) -> Result<Outcome, Failure> {
    let is_input = arguments.targets.first().is_some_and(|target| target == STANDARD_INPUT);
    let mut formatter = Formatter {
        settings,
        shown: Shown {
            names: !is_input && (arguments.list || arguments.check),
            texts: (is_input || !arguments.list && !arguments.write)
                && !arguments.diff
                && !arguments.check,
            differences: arguments.diff,
        },
        writes: arguments.write && !arguments.check && !is_input,
        kept: (arguments.check).then(String::new),
        unformatted: false,
        sources: Sources::default(),
        found: Diagnostics::default(),
    };
    if is_input {
        formatter.standard_input()?;
    } else if arguments.targets.is_empty() {
        formatter.target(".", arguments.recursive)?;
    } else {
        for target in &arguments.targets {
            if !formatter.target(target, arguments.recursive)? {
                break;
            }
        }
    }
    formatter.finish(arguments.list && !is_input)
}

/// What is printed of what was not formatted.
struct Shown {
    names: bool,
    texts: bool,
    differences: bool,
}

struct Formatter<'a> {
    settings: &'a Settings,
    shown: Shown,
    /// Whether files are changed.
    writes: bool,
    /// What is printed only when everything could be read.
    kept: Option<String>,
    /// Whether anything was not formatted.
    unformatted: bool,
    sources: Sources,
    found: Diagnostics,
}

impl Formatter<'_> {
    fn standard_input(&mut self) -> Result<(), Failure> {
        let mut bytes = Vec::new();
        if std::io::stdin().lock().read_to_end(&mut bytes).is_err() {
            self.fail(format!("Failed to read {STANDARD_INPUT_NAME}"));
            return Ok(());
        }
        self.text(STANDARD_INPUT_NAME, None, bytes)
    }

    /// Formats a file or the files of a directory. Answers whether there was one.
    fn target(&mut self, target: &str, recursive: bool) -> Result<bool, Failure> {
        let path = self.settings.path(Path::new(target));
        let name = place::relative(self.settings.directory(), &path);
        if path.is_dir() {
            self.directory(&path, recursive)?;
        } else if !path.exists() {
            self.fail(format!("No file or directory at {name}"));
            return Ok(false);
        } else if targets::can_be_formatted(&name) {
            self.file(&path)?;
        } else {
            let detail = format!("`{name}` has another extension");
            let summary = "Only .tf, .tfvars and .hcl files can be formatted";
            self.found.push(Diagnostic::error(summary, detail));
        }
        Ok(true)
    }

    fn directory(&mut self, path: &Path, recursive: bool) -> Result<(), Failure> {
        let Ok(entries) = targets::entries(path) else {
            let name = place::relative(self.settings.directory(), path);
            self.fail(format!("Cannot read directory {name}"));
            return Ok(());
        };
        for entry in entries {
            let path = path.join(&entry.name);
            if !entry.is_directory {
                self.file(&path)?;
            } else if recursive {
                self.directory(&path, recursive)?;
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path) -> Result<(), Failure> {
        let name = place::relative(self.settings.directory(), path);
        match std::fs::read(path) {
            Ok(bytes) => self.text(&name, Some(path), bytes)?,
            Err(error) => {
                let summary = format!("Failed to read file {name}");
                self.found.push(Diagnostic::error(summary, error.to_string()));
            }
        }
        Ok(())
    }

    fn text(&mut self, name: &str, path: Option<&Path>, bytes: Vec<u8>) -> Result<(), Failure> {
        let (text, is_whole) = match String::from_utf8(bytes) {
            Ok(text) => (text, true),
            // Good enough to say where it is broken, not to be written.
            Err(error) => (platoform_lang::decode(error.into_bytes()), false),
        };
        let file = self.sources.add(name, text.as_str());
        let formatted = match platoform_lang::format(file, &text) {
            Ok(formatted) if is_whole => formatted,
            Ok(_) => {
                let detail = format!("A comment in `{name}` is not encoded in UTF-8");
                self.found.push(Diagnostic::error("Invalid character encoding", detail));
                return Ok(());
            }
            Err(found) => {
                self.found.extend(found);
                return Ok(());
            }
        };
        if formatted != text {
            self.unformatted = true;
            if self.shown.names {
                self.print(&format!("{name}\n"))?;
            }
            let written = path.filter(|_| self.writes).map(|path| write::replace(path, &formatted));
            if let Some(Err(error)) = written {
                let summary = format!("Failed to write {name}");
                self.found.push(Diagnostic::error(summary, error.to_string()));
                return Ok(());
            }
            if self.shown.differences {
                self.print(&difference::unified(name, &text, &formatted))?;
            }
        }
        if self.shown.texts {
            self.print(&formatted)?;
        }
        Ok(())
    }

    /// Prints whole lines: the last one ends, whether its text does or not.
    fn print(&mut self, text: &str) -> Result<(), Failure> {
        let end = if text.ends_with('\n') { "" } else { "\n" };
        let text = format!("{text}{end}");
        match &mut self.kept {
            Some(kept) => kept.push_str(&text),
            None => self.settings.output.data(&text)?,
        }
        Ok(())
    }

    fn fail(&mut self, summary: String) {
        self.found.push(Diagnostic::error(summary, ""));
    }

    fn finish(self, prints_kept: bool) -> Result<Outcome, Failure> {
        if self.found.has_errors() {
            let failure = Failure::new(self.found, self.sources);
            return Err(Failure { exit_code: EXIT_CODE, ..failure });
        }
        let Some(kept) = self.kept else { return Ok(Outcome::Done) };
        if prints_kept {
            self.settings.output.data(&kept)?;
        }
        Ok(if self.unformatted { Outcome::Unformatted } else { Outcome::Done })
    }
}
