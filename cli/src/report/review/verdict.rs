//! What matters most of a plan, in a line.

use super::model::Review;

/// What matters most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What is to be said instead of numbers, where there are no changes to count.
    pub plain: Option<&'static str>,
    /// Sign, word and number for each class of changes, worst first.
    pub counts: Vec<(&'static str, &'static str, usize)>,
    /// What is lost, in words; empty when nothing is.
    pub dangers: Vec<String>,
}

impl Verdict {
    /// Of a plan.
    pub fn of(review: &Review) -> Self {
        let plain = match (review.applies, review.refresh) {
            _ if review.has_errors() => Some("the plan has errors and cannot be applied"),
            _ if !review.changes.is_empty() => None,
            (false, _) => Some("no changes"),
            (true, true) => Some("only the state is brought up to date"),
            (true, false) => Some("only outputs change"),
        };
        let mut counts: Vec<(&str, &str, usize)> = Vec::new();
        for (effect, count) in review.counts() {
            match counts.last_mut().filter(|(_, word, _)| *word == effect.word()) {
                Some((_, _, all)) => *all += count,
                None => counts.push((effect.sign(), effect.word(), count)),
            }
        }
        let (lost, forgotten) = review.danger();
        let dangers = [("destroys", lost), ("forgets", forgotten)];
        let dangers = dangers.into_iter().filter(|(_, count)| *count > 0).map(|(verb, count)| {
            format!("{verb} {count} {}", if count == 1 { "object" } else { "objects" })
        });
        Self { plain, counts, dangers: dangers.collect() }
    }
}
