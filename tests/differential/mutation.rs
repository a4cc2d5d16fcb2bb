//! Texts changed at random, so that most stay well-formed.

use std::sync::LazyLock;

use fastrand::Rng;
use regex::Regex;

/// What texts are cut into.
static PIECE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"[\pL_][\pL\pN_-]*|\d+|\$\{|%\{|"|[ \t]+|\r?\n|=>|==|!=|&&|\|\||\.\.\.|(?s:.)"#)
        .unwrap()
});
/// Spaces to put between pieces.
const SPACES: [&str; 6] = ["", " ", "  ", "\t", " \t ", "          "];
/// What can go in nearly anywhere.
const COMMENTS: [&str; 6] = ["/* c */", "/**/", " # c\n", "// c\n", "/* a\n b */", "#\n"];
/// What may break a text, or change it.
const INSERTIONS: [&str; 34] = [
    "\n",
    "\r\n",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "${",
    "}",
    ",",
    "=",
    "-",
    "!",
    ".",
    "...",
    "?",
    ":",
    "::",
    " in ",
    " for ",
    "\"${x}\"",
    "(\n",
    "\n)",
    "{ a = 1 }",
    "<<EOT\nx\nEOT\n",
    "é",
    "日本",
    "👩‍👩‍👧",
    "e\u{301}",
    "क्षि",
    "%{ if x }a%{ endif }",
    "1",
];

/// A text with one to a dozen changes.
pub fn mutate(text: &str, random: &mut Rng) -> String {
    let mut pieces: Vec<String> =
        PIECE.find_iter(text).map(|piece| piece.as_str().to_owned()).collect();
    let kind = random.u8(..4);
    for _ in 0..random.usize(1..12) {
        if pieces.is_empty() {
            break;
        }
        let at = random.usize(..pieces.len());
        match kind {
            0 | 1 => harmless(&mut pieces, at, random),
            2 => insert(&mut pieces, at, random),
            _ => rearrange(&mut pieces, at, random),
        }
    }
    if random.u8(..8) == 0 { respace(&pieces, random) } else { pieces.concat() }
}

/// Changes spaces, or adds a comment or a line end.
fn harmless(pieces: &mut Vec<String>, at: usize, random: &mut Rng) {
    let is_space = pieces[at].trim_matches([' ', '\t']).is_empty();
    match random.u8(..6) {
        0..=2 if is_space => pieces[at] = random.choice(SPACES).unwrap_or_default().to_owned(),
        0..=2 => pieces.insert(at, random.choice(SPACES).unwrap_or_default().to_owned()),
        3 => pieces.insert(at, random.choice(COMMENTS).unwrap_or_default().to_owned()),
        4 if pieces[at].ends_with('\n') => {
            let comment = random.choice(COMMENTS).unwrap_or_default();
            pieces.insert(at, format!(" {}", comment.trim_end()));
        }
        _ if matches!(&*pieces[at], "(" | "[" | "{" | "," | "${" | "\n") => {
            pieces.insert(at + 1, "\n".to_owned());
        }
        _ => pieces.insert(at, " ".to_owned()),
    }
}

fn insert(pieces: &mut Vec<String>, at: usize, random: &mut Rng) {
    pieces.insert(at, random.choice(INSERTIONS).unwrap_or_default().to_owned());
}

/// Takes a piece out, doubles or swaps pieces, or wraps one.
fn rearrange(pieces: &mut Vec<String>, at: usize, random: &mut Rng) {
    let other = random.usize(..pieces.len());
    match random.u8(..5) {
        0 => {
            pieces.remove(at);
        }
        1 => pieces.swap(at, other),
        2 => pieces[at] = format!("\"${{{}}}\"", pieces[at]),
        3 => pieces[at] = format!("({})", pieces[at]),
        _ => {
            let (from, to) = (at.min(other), at.max(other).min(at.min(other) + 20));
            let copy = pieces[from..to].to_vec();
            pieces.splice(to..to, copy);
        }
    }
}

/// Puts other spaces between all pieces, and other line ends.
fn respace(pieces: &[String], random: &mut Rng) -> String {
    let windows = random.bool();
    let mut text = String::new();
    let mut quotes = false;
    for piece in pieces {
        quotes ^= piece == "\"";
        match piece.as_str() {
            "\n" if windows => text.push_str("\r\n"),
            piece if !quotes && piece.trim_matches([' ', '\t']).is_empty() => {
                text.push_str(random.choice(&SPACES[1..]).unwrap_or(&" "));
            }
            piece => text.push_str(piece),
        }
    }
    text
}

/// A text with one or two words of a line exchanged for others of the text.
pub fn words(text: &str, at: usize, random: &mut Rng) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let words: Vec<&str> = WORD.find_iter(text).map(|word| word.as_str()).collect();
    for _ in 0..random.usize(1..3) {
        let count = WORD.find_iter(&lines[at]).count();
        if let (Some(word), 1..) = (random.choice(&words), count) {
            lines[at] = exchanged(&lines[at], random.usize(..count), word);
        }
    }
    lines.join("\n") + "\n"
}

static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[a-z_]{2,}").unwrap());

fn exchanged(line: &str, which: usize, word: &str) -> String {
    match WORD.find_iter(line).nth(which) {
        Some(found) => format!("{}{word}{}", &line[..found.start()], &line[found.end()..]),
        None => line.to_owned(),
    }
}
