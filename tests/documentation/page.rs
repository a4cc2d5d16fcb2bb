//! What a page of the manual shows.

use std::collections::BTreeMap;

/// Files and sessions of a page, in its order.
#[derive(Debug, Default)]
pub struct Page {
    /// Contents of files by path.
    pub files: BTreeMap<String, String>,
    /// What is asked, with the answers.
    pub sessions: Vec<Session>,
}

/// Something that is asked of the program.
#[derive(Debug)]
pub enum Session {
    /// An expression in the console.
    Console {
        /// What is typed after `> `.
        expression: String,
        /// What is printed.
        answer: String,
    },
    /// A command.
    Shell {
        /// What is typed after `$ `.
        command: String,
        /// What is printed.
        answer: String,
    },
}

impl Page {
    /// Reads a page in Markdown.
    ///
    /// # Errors
    /// When a block does not end.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut page = Self::default();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let Some(language) = line.strip_prefix("```") else { continue };
            let mut block = Vec::new();
            loop {
                match lines.next() {
                    Some("```") => break,
                    Some(line) => block.push(line),
                    None => return Err(format!("a block of `{language}` does not end")),
                }
            }
            page.block(language, &block);
        }
        Ok(page)
    }

    fn block(&mut self, language: &str, lines: &[&str]) {
        match (language, lines.split_first()) {
            ("console", _) => self
                .session(lines, "> ", |expression, answer| Session::Console { expression, answer }),
            ("shell", _) => {
                self.session(lines, "$ ", |command, answer| Session::Shell { command, answer });
            }
            (_, Some((first, rest))) if is_name(first) => {
                self.file(first.trim_start_matches("# "), rest);
            }
            ("hcl", _) => self.file("main.tf", lines),
            _ => {}
        }
    }

    fn file(&mut self, name: &str, lines: &[&str]) {
        let content = self.files.entry(name.to_owned()).or_default();
        for line in lines {
            content.push_str(line);
            content.push('\n');
        }
    }

    fn session(&mut self, lines: &[&str], prompt: &str, make: fn(String, String) -> Session) {
        let mut asked: Option<(String, String)> = None;
        for line in lines {
            if let Some(question) = line.strip_prefix(prompt) {
                self.sessions.extend(asked.take().map(|(question, answer)| make(question, answer)));
                asked = Some((question.to_owned(), String::new()));
            } else if let Some((_, answer)) = &mut asked {
                answer.push_str(line);
                answer.push('\n');
            }
        }
        self.sessions.extend(asked.map(|(question, answer)| make(question, answer)));
    }
}

/// Whether a block's first line says which file it is: `# modules/x/main.tf`.
fn is_name(line: &str) -> bool {
    line.strip_prefix("# ").is_some_and(|name| {
        !name.contains(' ')
            && [".tf", ".json", ".tfvars", ".tftpl", ".txt"]
                .iter()
                .any(|ending| name.ends_with(ending))
    })
}
