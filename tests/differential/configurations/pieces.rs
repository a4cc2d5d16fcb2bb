//! Configurations and parts of them, made by a grammar: right ones, and what people get wrong.
//!
//! `grammar.txt` is for any configuration, `sound.txt` for those that are mostly right. A line `@name` begins a rule; each further line is one way to write what it
//! stands for. `<name>` is put in its place, `\n` ends a line.

use std::collections::HashMap;
use std::sync::LazyLock;

use fastrand::Rng;

use super::corpus::Files;

type Grammar = HashMap<&'static str, Vec<&'static str>>;

static ANY: LazyLock<Grammar> = LazyLock::new(|| read(include_str!("grammar.txt")));
static SOUND: LazyLock<Grammar> = LazyLock::new(|| read(include_str!("sound.txt")));

fn read(text: &'static str) -> Grammar {
    let mut grammar = Grammar::new();
    let mut rule = "";
    for line in text.lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix('@') {
            Some(name) => rule = name,
            None => grammar.entry(rule).or_default().push(line),
        }
    }
    grammar
}

/// Deeper than this, rules that repeat themselves end.
const DEPTH: usize = 8;

/// A whole configuration.
pub fn assembled(random: &mut Rng) -> Files {
    let mut files = Files::from([("main.tf".to_owned(), made(&ANY, "file", DEPTH, random))]);
    if files["main.tf"].contains("./child") {
        files.insert("child/main.tf".into(), made(&ANY, "child", DEPTH, random));
    }
    if random.u8(..12) == 0 {
        files.insert("x_override.tf".into(), made(&ANY, "block", DEPTH, random) + "\n");
    }
    files
}

/// A configuration that is mostly right, with values for its variables.
pub fn sound(random: &mut Rng) -> Files {
    let made = |rule, random: &mut Rng| made(&SOUND, rule, DEPTH, random);
    let mut files = Files::from([("main.tf".to_owned(), made("file", random))]);
    if files["main.tf"].contains("./child") {
        files.insert("child/main.tf".into(), made("child", random));
    }
    if files["main.tf"].contains("line.tftpl") {
        files.insert("line.tftpl".into(), "<${v}>\n".into());
    }
    for name in ["terraform.tfvars", "a.auto.tfvars"] {
        if random.bool() {
            files.insert(name.into(), made("given", random));
        }
    }
    files
}

/// What can stand somewhere in a configuration.
pub fn any(random: &mut Rng) -> String {
    made(&ANY, "any", DEPTH, random)
}

/// An expression.
pub fn expression(random: &mut Rng) -> String {
    made(&ANY, "expr", DEPTH, random)
}

/// A call of the module in `child`.
pub fn call(random: &mut Rng) -> String {
    format!(
        "module \"child\" {{\n  source = \"./child\"\n{}\n}}\n",
        made(&ANY, "module", DEPTH, random)
    )
}

fn made(grammar: &Grammar, rule: &str, depth: usize, random: &mut Rng) -> String {
    let ways = grammar.get(rule).unwrap_or_else(|| panic!("no rule {rule}"));
    // The first way of a rule does not lead back to it.
    let way = if depth == 0 { ways[0] } else { ways[random.usize(..ways.len())] };
    let mut text = String::new();
    let mut rest = way;
    while let Some((before, after)) = rest.split_once('<') {
        text += before;
        match after.split_once('>') {
            Some((name, after)) if grammar.contains_key(name) => {
                text += &made(grammar, name, depth.saturating_sub(1), random);
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
