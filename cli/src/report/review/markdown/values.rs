//! What becomes of values, for `diff` blocks.

use super::detail::{Detail, LINE_LIMIT, LINES_LIMIT};
use super::escape::fenced;
use crate::report::diff::Body;
use crate::report::literal::line;
use crate::report::render::{Depth, Renderer};

/// A block with what becomes of an object, under its name.
pub fn block(name: &str, body: &Body, detail: &Detail) -> String {
    let mut lines = format!("# {}\n", line(name));
    let depth = if detail.context { Depth::Context } else { Depth::Changes };
    let mut text = String::new();
    Renderer::difference(depth).body(&mut text, body, 0);
    if detail.long {
        lines.push_str(&text);
    } else {
        cut(&mut lines, &text);
    }
    fenced("diff", &lines)
}

/// Takes what fits of each line and of all of them.
fn cut(out: &mut String, text: &str) {
    let all = text.lines().count();
    for line in text.lines().take(LINES_LIMIT) {
        match line.char_indices().nth(LINE_LIMIT) {
            Some((end, _)) => {
                let more = line[end..].chars().count();
                out.push_str(&format!("{}… ({more} more characters)", &line[..end]));
            }
            None => out.push_str(line),
        }
        out.push('\n');
    }
    if all > LINES_LIMIT {
        out.push_str(&format!("  … ({} more lines)\n", all - LINES_LIMIT));
    }
}
