//! The sections of the page.

use super::page::text;
use crate::report::diff::Body;
use crate::report::drawing::inline;
use crate::report::render::{Depth, Renderer};
use crate::report::review::model::{Change, Finding, Review};
use crate::report::review::words;

/// What happens to objects.
pub fn changes(out: &mut String, review: &Review) {
    if review.changes.is_empty() {
        return;
    }
    out.push_str("<h2>Changes</h2>\n");
    for change in &review.changes {
        let word = change.effect.word();
        out.push_str(&format!(
            "<details class=\"{word}\" data-effect=\"{word}\"><summary><span class=\"sign\">{}\
             </span> {}{}</summary>",
            change.effect.sign(),
            words::what(change, code, usize::MAX),
            why(change)
        ));
        difference(out, &change.body);
        out.push_str("</details>\n");
    }
}

fn code(content: &str) -> String {
    format!("<code>{}</code>", text(content))
}

/// Why it happens, on a line of its own.
fn why(change: &Change) -> String {
    let why = words::why(change, code, usize::MAX);
    if why.is_empty() { why } else { format!("<span class=\"why\">{why}</span>") }
}

/// What is planned once this was applied.
pub fn later(out: &mut String, review: &Review) {
    if review.later.is_empty() {
        return;
    }
    out.push_str("<h2>Next stage, planned once this one was applied</h2>\n<ul>\n");
    for (address, why) in &review.later {
        out.push_str(&format!("<li>{}: {}</li>\n", code(address), words::reason(why, code)));
    }
    out.push_str("</ul>\n");
}

/// What becomes of values.
fn difference(out: &mut String, body: &Body) {
    let mut lines = String::new();
    Renderer::difference(Depth::Context).body(&mut lines, body, 0);
    if lines.is_empty() {
        return;
    }
    out.push_str("<pre>");
    for line in lines.lines() {
        let class = match line.as_bytes().first() {
            Some(b'+') => "add",
            Some(b'-') => "remove",
            Some(b'!') => "change",
            _ => "same",
        };
        // For people it is the sign of all other plans.
        let line = line.strip_prefix('!').map_or(line.to_owned(), |rest| format!("~{rest}"));
        out.push_str(&format!("<span class=\"{class}\">{}</span>", text(&line)));
    }
    out.push_str("</pre>");
}

/// Outputs that change.
pub fn outputs(out: &mut String, review: &Review) {
    if review.outputs.attributes.is_empty() {
        return;
    }
    out.push_str("<h2>Outputs</h2>\n");
    difference(out, &review.outputs);
    out.push('\n');
}

/// The order of the actions, drawn.
pub fn order(out: &mut String, review: &Review) {
    let order = &review.order;
    if order.steps == 0 {
        return;
    }
    out.push_str(&format!(
        "<h2>Order</h2>\n<p class=\"dim\">{} actions, of which {} at most wait for each other</p>\n",
        order.steps, order.longest
    ));
    if let Some(drawing) = order.drawing.as_ref().filter(|_| order.steps > 1) {
        out.push_str(&format!("<div class=\"picture\">{}</div>\n", inline(drawing)));
    }
}

/// What is not as the state says.
pub fn drift(out: &mut String, review: &Review) {
    if review.drift.is_empty() {
        return;
    }
    out.push_str("<h2>Drift: changed outside since the last apply</h2>\n");
    for object in &review.drift {
        let (class, what) = if object.gone { ("gone", "is gone") } else { ("", "has changed") };
        out.push_str(&format!(
            "<details class=\"{class}\"><summary>{} {what}{}</summary>",
            code(&object.name),
            words::names(&object.attributes, code, usize::MAX)
        ));
        difference(out, &object.body);
        out.push_str("</details>\n");
    }
}

/// What was found.
pub fn checks(out: &mut String, review: &Review) {
    out.push_str("<h2>Checks</h2>\n");
    if review.findings.is_empty() {
        out.push_str("<p>Nothing was found</p>\n");
    }
    for Finding { error, summary, detail, place } in &review.findings {
        let (class, word) = if *error { ("gone", "error") } else { ("update", "warning") };
        let place = place.as_ref().map(|place| format!(" at {}", code(&place.to_string())));
        let lines: Vec<String> = detail.lines().map(text).collect();
        out.push_str(&format!(
            "<details open class=\"{class}\"><summary>{word}: {}{}<span class=\"why\">{}</span>\
             </summary></details>\n",
            text(summary),
            place.unwrap_or_default(),
            lines.join("<br>")
        ));
    }
}

/// How to go on.
pub fn apply(out: &mut String, review: &Review) {
    if !review.applies || review.has_errors() {
        return;
    }
    out.push_str(&format!(
        "<h2>Apply</h2>\n<p><code>platoform apply FILE</code> does exactly this, and is refused when \
         an object it was made from has changed.</p>\n<p><code>platoform apply -reviewed={}</code> \
         plans again and applies only if that comes to the same.</p>\n",
        text(&review.digest)
    ));
}
