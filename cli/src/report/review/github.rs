//! What GitHub Actions read from a step: annotations on the lines that something comes from, and
//! values for later steps.

use super::model::{Change, Effect, Place, Reason, Review};
use crate::report::literal::line;

/// Annotations of one level that a step may have; more are not shown.
const LEVEL_LIMIT: usize = 10;
/// Characters of a summary: a step may write 1 MiB.
pub const SUMMARY_BUDGET: usize = 250_000;

/// Commands that put annotations on lines: findings, what is lost as warnings, the rest as
/// notices. `prefix` leads from the repository to the root module's directory.
pub fn annotations(review: &Review, prefix: &str) -> String {
    let mut levels: [(&str, Vec<String>); 3] =
        [("error", Vec::new()), ("warning", Vec::new()), ("notice", Vec::new())];
    for finding in &review.findings {
        let level = usize::from(!finding.error);
        let message = format!("{}\n{}", finding.summary, finding.detail);
        levels[level].1.push(command(
            levels[level].0,
            finding.place.as_ref(),
            prefix,
            &finding.summary,
            message.trim_end(),
        ));
    }
    for change in &review.changes {
        let level = if change.effect.is_severe() { 1 } else { 2 };
        let place = origin(change).or(change.place.as_ref());
        // Without a line it would say no more than the summary does.
        if place.is_none() && level == 2 {
            continue;
        }
        let what = format!("{} is {}", change.name, phrase(change));
        levels[level].1.push(command(levels[level].0, place, prefix, "platoform plan", &what));
    }
    let mut out = String::new();
    for (level, commands) in levels {
        let more = commands.len().saturating_sub(LEVEL_LIMIT);
        let shown = if more > 0 { LEVEL_LIMIT - 1 } else { LEVEL_LIMIT };
        out.extend(commands.into_iter().take(shown));
        if more > 0 {
            let said = format!("and {} more: see the summary of this run", more + 1);
            out.push_str(&command(level, None, prefix, "platoform plan", &said));
        }
    }
    out
}

/// `name=value` lines for later steps.
pub fn outputs(review: &Review) -> String {
    let (lost, forgotten) = review.danger();
    format!(
        "digest={}\nchanges={}\ndestroys={lost}\nforgets={forgotten}\nerrors={}\n",
        review.digest,
        review.applies,
        review.has_errors()
    )
}

fn phrase(change: &Change) -> String {
    let mut phrase = change.effect.phrase().to_owned();
    if change.effect == Effect::Update && !change.attributes.is_empty() {
        phrase.push_str(&format!(": {}", change.attributes.join(", ")));
    }
    phrase
}

/// Where the change comes from.
fn origin(change: &Change) -> Option<&Place> {
    change.reasons.iter().find_map(|reason| match reason {
        Reason::Origin(origin) => Some(&origin.place),
        _ => None,
    })
}

fn command(level: &str, place: Option<&Place>, prefix: &str, title: &str, text: &str) -> String {
    let place = place.map(|place| {
        let file = property(&format!("{prefix}{}", place.file));
        format!("file={file},line={},endLine={},", place.line, place.last_line)
    });
    let lines: Vec<String> = text.lines().map(line).collect();
    format!(
        "::{level} {}title={}::{}\n",
        place.unwrap_or_default(),
        property(title),
        data(&lines.join("\n"))
    )
}

/// Text after a command: only line breaks end it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    data(&line(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::review::sample::{hostile, many};

    #[test]
    fn the_worst_are_annotated_and_the_rest_counted() {
        let text = annotations(&many(30, 1, 0), "infra/");
        let warnings: Vec<&str> = text.lines().filter(|it| it.starts_with("::warning")).collect();
        assert_eq!(warnings.len(), 10);
        assert_eq!(
            warnings[1],
            "::warning file=infra/main.tf,line=1,endLine=1,title=platoform plan::\
             terraform_data.destroy[1] is destroyed"
        );
        assert!(warnings[9].ends_with("::and 21 more: see the summary of this run"));
        assert!(text.contains("::notice file=infra/main.tf,line=0"));
    }

    #[test]
    fn hostile_text_makes_no_command_of_its_own() {
        for (text, review) in hostile() {
            let written = annotations(&review, "");
            for line in written.lines() {
                let command = line.split("::").nth(1).unwrap_or_default();
                let known = ["warning ", "notice "].iter().any(|it| command.starts_with(it));
                assert!(line.starts_with("::") && known, "{text:?} gives {line}");
                assert!(!line.contains(|it: char| it.is_control()), "{line:?}");
            }
        }
    }
}
