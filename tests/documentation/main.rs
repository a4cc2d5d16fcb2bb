//! What the manual's pages about the language show is what the program does.
//!
//! Each page is a project of its own. Its `hcl` blocks, and blocks of any language that begin with
//! a line `# FILE`, are its files; those without a name belong to `main.tf`. The blocks marked
//! `console` are what the console answers there, those marked `shell` what commands print.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics")]

mod page;

use std::fs;
use std::path::Path;

use libtest_mimic::{Arguments, Failed, Trial};
use platoform_tests::{Project, repository};

use page::{Page, Session};

/// Where the pages are.
const PAGES: &str = "docs/language";

fn main() {
    let arguments = Arguments::from_args();
    let mut paths: Vec<_> = fs::read_dir(repository().join(PAGES))
        .expect("the manual is there")
        .map(|entry| entry.expect("the manual can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    paths.sort();
    let trials = paths.into_iter().map(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Trial::test(name, move || check(&path))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

/// Makes a page's project and looks whether its sessions go as the page says.
fn check(path: &Path) -> Result<(), Failed> {
    let page = Page::read(&fs::read_to_string(path)?)?;
    let project = Project::new("");
    for (name, content) in &page.files {
        let file = project.path(name);
        fs::create_dir_all(file.parent().ok_or("a file has a folder")?)?;
        fs::write(file, content)?;
    }
    if page.files.keys().any(|name| name.ends_with(".tf") || name.ends_with(".tf.json")) {
        project.run("init").exits(0);
        project.run("validate").exits(0);
    }
    for session in &page.sessions {
        let (line, answer) = match session {
            Session::Console { expression, answer } => {
                let run = project.command("console").input(&format!("{expression}\n")).run();
                (expression, (run.stdout + &run.stderr, answer))
            }
            Session::Shell { command, answer } => {
                let words = command.strip_prefix("platoform ").ok_or("another program")?;
                let run = project.run(words);
                (command, (run.stdout + &run.stderr, answer))
            }
        };
        let (got, wanted) = (answer.0.trim(), answer.1.trim());
        if got != wanted {
            return Err(format!("`{line}` gives\n{got}\nand the page says\n{wanted}").into());
        }
    }
    if page.sessions.is_empty() && page.files.is_empty() {
        return Err("the page shows nothing that can be checked".into());
    }
    Ok(())
}
