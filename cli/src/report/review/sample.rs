//! Reviews for tests.

use std::sync::Arc;

use platoform_value::Value;

use super::model::{Change, Effect, Finding, Order, Origin, Place, Reason, Review};
use crate::report::diff::{Body, added, compare};
use crate::report::drawing::{Drawing, Node, Tone};

fn place(line: usize) -> Place {
    Place { file: "main.tf".into(), line, last_line: line }
}

fn change(effect: Effect, number: usize) -> Change {
    let (before, after) = (Value::from(format!("old {number}")), Value::from("new"));
    let diff = match effect {
        Effect::Create => added(&after),
        _ => compare(&before, &after, &Default::default()),
    };
    let origin = Origin {
        path: "input".into(),
        known: true,
        place: place(number),
        chain: Vec::new(),
        cut: false,
    };
    Change {
        effect,
        name: format!("terraform_data.{}[{number}]", effect.word()),
        resource: format!("terraform_data.{}", effect.word()),
        previous: None,
        imported: false,
        attributes: vec!["input".into()],
        reasons: vec![Reason::Origin(origin)],
        place: Some(place(number)),
        body: Body { attributes: vec![("input".into(), diff)], blocks: Vec::new() },
    }
}

fn review(changes: Vec<Change>) -> Review {
    Review {
        project: "metrics".into(),
        workspace: "prod".into(),
        digest: "0123456789abcdef0123".into(),
        partial: false,
        applies: true,
        refresh: false,
        unchanged: 41,
        outputs: Body::default(),
        drift: Vec::new(),
        later: Vec::new(),
        order: Order { steps: changes.len(), longest: 1, drawing: None },
        findings: Vec::new(),
        changes,
    }
}

/// A plan with so many of each.
pub fn many(destroys: usize, updates: usize, creates: usize) -> Review {
    let of = |effect, count| (0..count).map(move |number| change(effect, number));
    let all = of(Effect::Destroy, destroys).chain(of(Effect::Update, updates));
    review(all.chain(of(Effect::Create, creates)).collect())
}

/// Plans in which every text is meant to do harm, each with that text.
pub fn hostile() -> Vec<(&'static str, Review)> {
    let hostile = [
        "@team #123 https://example.com",
        "</details></summary><script>alert(1)</script>",
        "```\n</details>\n@team\n```",
        "\u{1b}[31mred\u{1b}[0m\r\u{8}",
        "| x \\| @team | **bold** `tick",
        "--> <!-- x",
        "\u{202e}reversed\u{2066}",
    ];
    let make = |text: &'static str| {
        let mut all = many(1, 1, 1);
        all.project = text.into();
        all.workspace = text.into();
        for change in &mut all.changes {
            change.name = format!("terraform_data.x[{text:?}]");
            change.previous = Some(text.into());
            change.attributes = vec![text.into()];
            change.body.attributes = vec![(Arc::from(text), added(&Value::from(text)))];
            change.place = Some(Place { file: text.into(), line: 1, last_line: 1 });
            change.reasons.push(Reason::Trigger(text.into()));
        }
        all.later.push((text.into(), Reason::Needs(text.into())));
        all.findings.push(Finding {
            error: false,
            summary: text.into(),
            detail: text.into(),
            place: None,
        });
        let node = Node { name: text.into(), note: text.into(), tone: Tone::New };
        all.order.drawing = Some(Drawing { nodes: vec![node], edges: Vec::new() });
        (text, all)
    };
    hostile.into_iter().map(make).collect()
}
