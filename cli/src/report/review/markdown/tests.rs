use std::sync::Arc;

use platoform_value::{Marks, Value};

use super::*;
use crate::report::diff::compare;
use crate::report::drawing::{Drawing, Node, Tone};
use crate::report::review::model::Drifted;
use crate::report::review::sample::{hostile, many};

#[test]
fn a_small_plan_is_told_whole() {
    let mut all = many(1, 1, 1);
    all.drift.push(Drifted {
        name: "terraform_data.update[0]".into(),
        gone: false,
        attributes: vec!["input".into()],
        body: all.changes[1].body.clone(),
    });
    let node = |name: &str| Node { name: name.into(), note: "create".into(), tone: Tone::New };
    all.order.drawing = Some(Drawing { nodes: vec![node("a"), node("b")], edges: vec![(0, 1)] });
    insta::assert_snapshot!(markdown(&all, BUDGET));
}

#[test]
fn nothing_to_do_is_said_in_a_line() {
    let mut nothing = many(0, 0, 0);
    nothing.applies = false;
    let text = markdown(&nothing, BUDGET);
    assert!(text.contains("**no changes**") && !text.contains("Apply:"), "{text}");
}

#[test]
fn what_is_destroyed_is_named_within_the_budget() {
    for (updates, creates) in [(0, 1970), (1970, 0), (985, 985), (200, 9770)] {
        let all = many(30, updates, creates);
        let text = markdown(&all, BUDGET);
        let length = text.chars().count();
        assert!(length <= BUDGET, "{length}");
        for number in 0..30 {
            assert!(text.contains(&format!("`terraform_data.destroy[{number}]` destroyed")));
        }
        assert!(text.contains("⚠ **destroys 30 objects**") && text.contains("**Left out**"));
        // Room that is left is used.
        assert!(length > BUDGET - 2_000, "{length}");
    }
}

#[test]
fn less_and_less_is_told_and_that_is_said() {
    let all = many(30, 100, 100);
    let mut shorter = usize::MAX;
    for (budget, said) in [
        (60_000, None),
        (20_000, Some("values of 100 objects that are created")),
        (11_000, Some("objects that are created, read, imported or moved")),
        (5_000, Some("objects that are updated")),
        (3_000, Some("why objects are destroyed")),
        (1_200, Some("which instances of these resources are meant")),
    ] {
        let text = markdown(&all, budget);
        assert!(text.chars().count() <= budget, "{budget}: {}", text.chars().count());
        assert!(text.chars().count() < shorter);
        shorter = text.chars().count();
        match said {
            Some(said) => assert!(text.contains(said), "{budget}: {text}"),
            None => assert!(!text.contains("**Left out**"), "{text}"),
        }
        assert!(text.contains("terraform_data.destroy"), "{budget}");
    }
}

#[test]
fn equal_reviews_give_equal_bytes() {
    assert_eq!(markdown(&many(3, 900, 900), 9_000), markdown(&many(3, 900, 900), 9_000));
}

/// Text without what stands in fences or in code: what is left is what a host gives a meaning to.
fn outside_of_code(text: &str) -> String {
    let mut out = String::new();
    let mut fence: Option<usize> = None;
    for line in text.lines() {
        let ticks = line.chars().take_while(|character| *character == '`').count();
        match fence {
            Some(open) if ticks >= open && line.trim_matches('`').is_empty() => fence = None,
            Some(_) => {}
            None if ticks >= 3 => fence = Some(ticks),
            None => out.push_str(&without_spans(line)),
        }
        out.push('\n');
    }
    assert_eq!(fence, None, "a fence stays open: {text}");
    out
}

fn without_spans(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        out.push_str(&rest[..start]);
        let ticks = rest[start..].chars().take_while(|it| *it == '`').count();
        let fence = "`".repeat(ticks);
        let inside = &rest[start + ticks..];
        let mut from = 0;
        let end = loop {
            let found = inside[from..].find(&fence).map(|at| at + from).expect("code is closed");
            let run = inside[found..].chars().take_while(|it| *it == '`').count();
            if run == ticks {
                break found;
            }
            from = found + run;
        };
        rest = &inside[end + ticks..];
    }
    out + rest
}

#[test]
fn hostile_text_is_harmless() {
    for (text, all) in hostile() {
        let written = markdown(&all, BUDGET);
        let left = outside_of_code(&written);
        for bad in ["@", "<script", "https:", "**bold", "#123", "summary></summary"] {
            assert!(!left.contains(bad), "{bad} of {text:?} is in\n{left}");
        }
        let count = |what: &str| left.matches(what).count();
        assert_eq!(count("<details>"), count("</details>"), "{left}");
        assert_eq!(count("<!--"), 1);
        assert_eq!(count("-->"), 1);
        let control = written.chars().find(|it| it.is_control() && *it != '\n');
        assert_eq!(control, None, "{text:?}");
        assert!(!written.contains(['\u{202e}', '\u{2066}']));
    }
}

#[test]
fn secrets_are_not_told() {
    let secret = |text: &str| Value::from(text).mark(Marks::SENSITIVE);
    let mut all = many(0, 1, 0);
    let diff = compare(&secret("hunter2"), &secret("hunter3"), &Default::default());
    all.changes[0].body.attributes = vec![(Arc::from("password"), diff)];
    let text = markdown(&all, BUDGET);
    assert!(!text.contains("hunter") && text.contains("(sensitive value)"), "{text}");
}
