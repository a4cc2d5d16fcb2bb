//! Configurations and parts of them, made by a grammar: right ones, and what people get wrong.
//!
//! In `grammar.txt` a line `@name` begins a rule; each further line is one way to write what it
//! stands for. `<name>` is put in its place, `\n` ends a line.

use std::collections::HashMap;
use std::sync::LazyLock;

use fastrand::Rng;

use super::corpus::Files;

type Grammar = HashMap<&'static str, Vec<&'static str>>;

static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
    let mut grammar = Grammar::new();
    let mut rule = "";
    for line in include_str!("grammar.txt").lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix('@') {
            Some(name) => rule = name,
            None => grammar.entry(rule).or_default().push(line),
        }
    }
    grammar
});

/// Deeper than this, rules that repeat themselves end.
const DEPTH: usize = 8;

/// A whole configuration.
pub fn assembled(random: &mut Rng) -> Files {
    let mut files = Files::from([("main.tf".to_owned(), made("file", DEPTH, random))]);
    if files["main.tf"].contains("./child") {
        files.insert("child/main.tf".into(), made("child", DEPTH, random));
    }
    if random.u8(..12) == 0 {
        files.insert("x_override.tf".into(), made("block", DEPTH, random) + "\n");
    }
    files
}

/// What can stand somewhere in a configuration.
pub fn any(random: &mut Rng) -> String {
    made("any", DEPTH, random)
}

/// An expression.
pub fn expression(random: &mut Rng) -> String {
    made("expr", DEPTH, random)
}

/// A call of the module in `child`.
pub fn call(random: &mut Rng) -> String {
    format!("module \"child\" {{\n  source = \"./child\"\n{}\n}}\n", made("module", DEPTH, random))
}

fn made(rule: &str, depth: usize, random: &mut Rng) -> String {
    let ways = GRAMMAR.get(rule).unwrap_or_else(|| panic!("no rule {rule}"));
    // The first way of a rule does not lead back to it.
    let way = if depth == 0 { ways[0] } else { ways[random.usize(..ways.len())] };
    let mut text = String::new();
    let mut rest = way;
    while let Some((before, after)) = rest.split_once('<') {
        text += before;
        match after.split_once('>') {
            Some((name, after)) if GRAMMAR.contains_key(name) => {
                text += &made(name, depth.saturating_sub(1), random);
                rest = after;
            }
            _ => {
                text.push('<');
                rest = after;
            }
        }
    }
    (text + rest).replace("\\n", "\n")
}
