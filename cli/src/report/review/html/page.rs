//! The page.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::parts;
use crate::report::drawing::escaped;
use crate::report::literal::line;
use crate::report::review::model::Review;
use crate::report::review::verdict::Verdict;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// A plan as a page of its own.
pub fn html(review: &Review) -> String {
    let title = format!("platoform plan · {} / {}", review.project, review.workspace);
    let title = text(&title);
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        digest(STYLE),
        digest(SCRIPT)
    );
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n"
    );
    head(&mut out, review);
    out.push_str("</header>\n<main>\n");
    parts::changes(&mut out, review);
    parts::later(&mut out, review);
    parts::outputs(&mut out, review);
    parts::order(&mut out, review);
    parts::drift(&mut out, review);
    parts::checks(&mut out, review);
    out.push_str("</main>\n<footer>\n");
    parts::apply(&mut out, review);
    out.push_str(&format!("</footer>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"));
    out
}

/// Verdict, search and filters.
fn head(out: &mut String, review: &Review) {
    let verdict = Verdict::of(review);
    let counts = verdict.counts.iter().map(|(sign, word, count)| format!("{sign}{count} {word}"));
    let counts = counts.collect::<Vec<_>>().join(", ");
    let said = verdict.plain.map_or(counts, str::to_owned);
    let danger = match (verdict.plain, verdict.dangers.is_empty()) {
        (None, true) => " · destroys nothing".to_owned(),
        _ => {
            let dangers = verdict.dangers.iter();
            dangers.map(|it| format!(" · <span class=\"danger\">⚠ {it}</span>")).collect()
        }
    };
    out.push_str(&format!("<p class=\"verdict\">{}{danger}</p>\n", text(&said)));
    let drift = match review.drift.len() {
        0 => String::new(),
        count => format!(" · {count} changed outside"),
    };
    let partial = if review.partial { " · narrowed: there may be more to do" } else { "" };
    out.push_str(&format!(
        "<p class=\"dim\">digest <code>{}</code> · {} unchanged{drift}{partial}</p>\n",
        text(&review.digest),
        review.unchanged
    ));
    out.push_str(
        "<div class=\"tools\"><input type=\"search\" aria-label=\"Search\" \
         placeholder=\"Search names, reasons and values\">",
    );
    for (sign, word, count) in &verdict.counts {
        out.push_str(&format!(
            "<button type=\"button\" data-effect=\"{word}\" aria-pressed=\"true\">{sign} {count} \
             {word}</button>"
        ));
    }
    out.push_str(
        "<button type=\"button\" id=\"open\">Open or close all</button></div>\n\
         <p class=\"dim\" id=\"count\" role=\"status\"></p>\n",
    );
}

/// Text that means nothing to a browser; control characters are written as escapes.
pub fn text(text: &str) -> String {
    escaped(&line(text))
}

/// A source that a policy allows.
fn digest(content: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(content)))
}
