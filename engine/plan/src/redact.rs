//! Taking secrets out of what providers say.

use platoform_provider::Problem;
use platoform_value::{Data, Value};

use crate::sensitive::marked_paths;

/// What stands in place of a secret.
const MASK: &str = "(sensitive value)";

/// The finding without the secrets of the values it is about: providers are given values without
/// marks, and may repeat them.
pub(crate) fn redacted(problem: &Problem, values: &[&Value]) -> Problem {
    let mut problem = problem.clone();
    let mut secrets = Vec::new();
    for value in values {
        for (path, _) in marked_paths(value) {
            if let Some(part) = value.at(&path) {
                texts(part, &mut secrets);
            }
        }
    }
    // Of two secrets the longer one goes first: it may hold the shorter.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    for secret in &secrets {
        for text in [&mut problem.summary, &mut problem.detail] {
            if text.contains(secret) {
                *text = text.replace(secret, MASK);
            }
        }
    }
    problem
}

/// Everything in a value that can stand in a text. What many texts hold by chance is no secret
/// that can be told from them: true, false and single characters.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value.data() {
        Data::String(text) if text.len() > 1 => found.push(text.to_string()),
        Data::Number(number) => {
            let text = number.to_string();
            if text.len() > 1 {
                found.push(text);
            }
        }
        _ => value.children().for_each(|child| texts(child, found)),
    }
}

#[cfg(test)]
mod tests {
    use platoform_value::Marks;

    use super::*;

    #[test]
    fn secrets_are_masked_and_the_rest_stays() {
        let secret = Value::object_of([
            ("user", Value::from("root")),
            ("password", Value::from("hunter2").mark(Marks::SENSITIVE)),
        ]);
        let problem = Problem::error("No login", "root with hunter2: refused");
        let problem = redacted(&problem, &[&secret]);
        assert_eq!(problem.detail, "root with (sensitive value): refused");
        assert_eq!(problem.summary, "No login");
    }
}
