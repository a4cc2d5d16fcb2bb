//! Configurations changed at random: blocks and lines taken out, doubled, moved between
//! configurations and depths, words and expressions exchanged.

use std::ops::Range;

use fastrand::Rng;

use super::corpus::Files;
use super::pieces;
use crate::mutation;

/// The lines of a text, each with the block that it opens.
pub struct Parts(Vec<String>);

impl Parts {
    /// Cuts a text.
    pub fn of(text: &str) -> Self {
        Self(text.lines().map(str::to_owned).collect())
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The lines of the block that the line opens, or the line alone.
    fn part(&self, at: usize) -> Range<usize> {
        let mut depth = 0_isize;
        for (index, line) in self.0.iter().enumerate().skip(at) {
            for character in line.chars() {
                depth += match character {
                    '{' | '[' | '(' => 1,
                    '}' | ']' | ')' => -1,
                    _ => 0,
                };
            }
            if depth <= 0 {
                return at..index + 1;
            }
        }
        at..at + 1
    }

    /// The text without a part.
    pub fn without(&self, at: usize) -> String {
        let mut lines = self.0.clone();
        lines.drain(self.part(at));
        joined(&lines)
    }

    fn copy(&self, at: usize) -> Vec<String> {
        self.0[self.part(at)].to_vec()
    }

    fn insert(&mut self, at: usize, lines: impl IntoIterator<Item = String>) {
        self.0.splice(at..at, lines);
    }

    fn text(&self) -> String {
        joined(&self.0)
    }
}

fn joined(lines: &[String]) -> String {
    if lines.is_empty() { String::new() } else { lines.join("\n") + "\n" }
}

/// A configuration of the corpus with one to four changes.
pub fn changed(corpus: &[Files], random: &mut Rng) -> Files {
    let native = |files: &&Files| files.keys().any(|name| name.ends_with(".tf"));
    let some = |random: &mut Rng| loop {
        let files = &corpus[random.usize(..corpus.len())];
        if native(&files) {
            return files;
        }
    };
    let mut files = some(random).clone();
    for _ in 0..random.usize(1..5) {
        let names: Vec<String> =
            files.keys().filter(|name| name.ends_with(".tf")).cloned().collect();
        let Some(name) = random.choice(&names) else { break };
        let other = some(random);
        let others: Vec<&String> =
            other.iter().filter(|(name, _)| name.ends_with(".tf")).map(|(_, text)| text).collect();
        let other = random.choice(&others).map_or("", |text| text.as_str());
        match random.u8(..40) {
            0 => {
                let text = files.remove(name).unwrap_or_default();
                files.insert(name.replace(".tf", "_override.tf"), text);
            }
            1 => {
                files.insert(format!("override{}.tf", files.len()), other.to_owned());
            }
            2 => {
                files.insert("child/main.tf".into(), other.to_owned());
                let call = pieces::call(random);
                let text = files.get_mut(name).unwrap();
                *text = format!("{text}\n{call}");
            }
            3 => {
                let text = files.get_mut(name).unwrap();
                *text = format!("{text}\n{other}");
            }
            _ => {
                let text = files.get_mut(name).unwrap();
                *text = change(text, other, random);
            }
        }
    }
    files
}

/// A text with one change.
fn change(text: &str, other: &str, random: &mut Rng) -> String {
    let mut parts = Parts::of(text);
    if parts.len() == 0 {
        return other.to_owned();
    }
    let at = random.usize(..parts.len());
    let others = Parts::of(other);
    let theirs = |random: &mut Rng| match others.len() {
        0 => Vec::new(),
        count => others.copy(random.usize(..count)),
    };
    match random.u8(..24) {
        0..=2 => return parts.without(at),
        3 | 4 => {
            let copy = parts.copy(at);
            let to = if random.bool() { at } else { random.usize(..=parts.len()) };
            parts.insert(to, copy);
        }
        5..=7 => {
            let lines = theirs(random);
            parts.insert(at, lines);
        }
        8 => {
            let range = parts.part(at);
            parts.0.splice(range, theirs(random));
        }
        9..=12 => {
            let piece = pieces::any(random);
            parts.insert(at + 1, piece.lines().map(str::to_owned));
        }
        13..=16 => {
            if let Some((name, _)) = parts.0[at].split_once('=') {
                parts.0[at] = format!("{name}= {}", pieces::expression(random));
            }
        }
        17 => labels(&mut parts.0[at], random),
        18 if random.u8(..4) == 0 => return mutation::mutate(text, random),
        _ => return mutation::words(text, at, random),
    }
    parts.text()
}

/// Adds a label to a line that opens a block, or takes one away.
fn labels(line: &mut String, random: &mut Rng) {
    let Some((before, after)) = line.rsplit_once('{') else { return };
    let before = match before.trim_end().rsplit_once(' ') {
        Some((rest, label)) if random.bool() && label.starts_with('"') => rest.to_owned(),
        _ => format!(
            "{}\"{}\"",
            before,
            random.choice(["a", "child", "1x", "", "a b", "terraform_data"]).unwrap_or_default()
        ),
    };
    *line = format!("{before} {{{after}");
}
