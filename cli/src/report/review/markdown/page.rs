//! The whole text: verdict, table, values, order, drift, checks, how to apply.

use super::detail::{Class, Detail, dropped};
use super::escape::{code, fenced, html_code, word};
use super::rows::table;
use super::values::block;
use crate::report::drawing::mermaid;
use crate::report::review::model::{Finding, Review};
use crate::report::review::verdict::Verdict;
use crate::report::review::words::reason;

/// A plan in this detail.
pub fn page(review: &Review, detail: &Detail, budget: usize) -> String {
    let mut parts = vec![head(review)];
    parts.push(table(review, detail));
    parts.push(later(review));
    parts.extend(values(review, detail));
    parts.extend(outputs(review, detail));
    parts.extend(order(review, detail));
    parts.extend(drift(review, detail));
    parts.push(checks(review, detail));
    let left_out = dropped(review, detail);
    if !left_out.is_empty() {
        parts.push(format!(
            "**Left out** to stay within {budget} characters: {}. `platoform show FILE` shows \
             everything.\n",
            left_out.join("; ")
        ));
    }
    parts.push(apply(review));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

/// Who finds the comment again looks for its first line.
fn head(review: &Review) -> String {
    let (project, workspace) = (word(&review.project), word(&review.workspace));
    let mut out = format!(
        "<!-- platoform:plan project={project} workspace={workspace} digest={} -->\n",
        word(&review.digest)
    );
    out.push_str(&format!(
        "### platoform plan · {} / {} — {}\n\n",
        code(&review.project),
        code(&review.workspace),
        verdict(review)
    ));
    let short = &review.digest[..review.digest.len().min(12)];
    out.push_str(&format!("digest {} · {} unchanged", code(short), review.unchanged));
    if !review.drift.is_empty() {
        out.push_str(&format!(" · {} changed outside", review.drift.len()));
    }
    if review.partial {
        out.push_str(" · narrowed: there may be more to do");
    }
    out.push('\n');
    out
}

/// What matters most, in a line.
fn verdict(review: &Review) -> String {
    let verdict = Verdict::of(review);
    if let Some(plain) = verdict.plain {
        return format!("**{plain}**");
    }
    let counts = verdict.counts.iter().map(|(sign, _, count)| format!("{sign}{count}"));
    let counts: Vec<String> = counts.collect();
    let dangers: Vec<String> =
        verdict.dangers.iter().map(|danger| format!("⚠ **{danger}**")).collect();
    let danger = if dangers.is_empty() { "destroys nothing".into() } else { dangers.join(" · ") };
    format!("**{}** · {danger}", counts.join(" "))
}

/// What is planned once this was applied. These are blocks, so there are few of them.
fn later(review: &Review) -> String {
    let mut out = String::new();
    if !review.later.is_empty() {
        out.push_str("**Next stage**, planned once this one was applied:\n\n");
    }
    for (address, why) in &review.later {
        out.push_str(&format!("- {}: {}\n", code(address), reason(why, code)));
    }
    out
}

/// A part that is folded away. The title is HTML.
fn folded(title: &str, content: &str) -> String {
    format!("<details><summary>{title}</summary>\n\n{content}\n</details>\n")
}

fn values(review: &Review, detail: &Detail) -> Option<String> {
    let mut content = String::new();
    let mut count = 0;
    for class in [Class::Severe, Class::Updates, Class::Harmless] {
        let all = review.changes.iter().filter(|change| Class::of(change.effect) == class);
        for change in all.take(detail.rows(class)).filter(|it| detail.values(it.effect)) {
            content.push_str(if count > 0 { "\n" } else { "" });
            count += 1;
            let title = format!("{} {}", change.name, change.effect.phrase());
            content.push_str(&block(&title, &change.body, detail));
        }
    }
    (count > 0).then(|| folded(&format!("Values ({count})"), &content))
}

fn outputs(review: &Review, detail: &Detail) -> Option<String> {
    let count = review.outputs.attributes.len();
    let title = format!("Outputs that change ({count})");
    if count == 0 {
        return None;
    }
    if !detail.severe_values {
        return Some(format!("{title}\n"));
    }
    Some(folded(&title, &block("outputs", &review.outputs, detail)))
}

fn order(review: &Review, detail: &Detail) -> Option<String> {
    let order = &review.order;
    if order.steps == 0 {
        return None;
    }
    let actions = if order.steps == 1 { "action" } else { "actions" };
    let title = format!("Order: {} {actions}, longest chain {}", order.steps, order.longest);
    let drawing = order.drawing.as_ref().filter(|_| detail.order && order.steps > 1);
    Some(match drawing {
        Some(drawing) => folded(&title, &fenced("mermaid", &mermaid(drawing))),
        None => format!("{title}\n"),
    })
}

fn drift(review: &Review, detail: &Detail) -> Option<String> {
    let count = review.drift.len();
    if count == 0 {
        return None;
    }
    let title = format!("Drift: changed outside since the last apply ({count})");
    if !detail.around {
        return Some(format!("{title}\n"));
    }
    let content: String = review
        .drift
        .iter()
        .map(|object| {
            let what = if object.gone { "is gone" } else { "has changed" };
            let names = object.attributes.join(", ");
            let colon = if names.is_empty() { "" } else { ": " };
            block(&format!("{} {what}{colon}{names}", object.name), &object.body, detail)
        })
        .collect();
    Some(folded(&title, &content))
}

fn checks(review: &Review, detail: &Detail) -> String {
    let count = review.findings.len();
    if count == 0 {
        return "Checks: nothing was found\n".into();
    }
    let mut out = format!("Checks: **{count} found**\n\n");
    for finding in &review.findings {
        out.push_str(&self::finding(finding));
    }
    if !detail.around {
        return format!("Checks: **{count} found**\n");
    }
    out
}

fn finding(finding: &Finding) -> String {
    let word = if finding.error { "error" } else { "warning" };
    let place = finding.place.as_ref().map(|place| format!(" — {}", code(&place.to_string())));
    let mut out = format!("- {word}: {}{}\n", code(&finding.summary), place.unwrap_or_default());
    if !finding.detail.trim().is_empty() {
        let lines = finding.detail.lines().filter(|line| !line.trim().is_empty());
        let detail = lines.map(html_code).collect::<Vec<_>>().join("<br>");
        out.push_str(&format!("  <br>{detail}\n"));
    }
    out
}

fn apply(review: &Review) -> String {
    if !review.applies || review.has_errors() {
        return String::new();
    }
    format!(
        "Apply: `platoform apply FILE` does exactly this, and is refused when an object it was made \
         from has changed; `platoform apply -reviewed={}` plans again and applies only if that \
         comes to the same\n",
        word(&review.digest)
    )
}
