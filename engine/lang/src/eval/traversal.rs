//! Names with the steps that follow them.

use platoform_diagnostic::Diagnostic;
use platoform_value::Value;

use super::{Context, Findings, Key, WITHHELD, access, dynamic};
use crate::tree::{Ident, Step};

/// The value of `root` followed by `steps`. A name bound by a `for` shadows the scope.
pub(super) fn evaluate(
    context: &Context<'_>,
    root: &Ident,
    steps: &[Step],
    findings: &mut Findings,
) -> Value {
    if let Some(value) = context.bound(&root.name) {
        return access::follow(context, value.clone(), steps, findings);
    }
    let before = findings.len();
    let mut keys = Vec::new();
    // The keys before the first that failed.
    let mut sound = None;
    for step in steps {
        match step {
            Step::Attribute(name) => keys.push(Key::Attribute(name)),
            Step::Index(key, span) => {
                let number = keys.len();
                keys.push(Key::Index(context.value(key, findings), *span));
                if findings.len() > before {
                    sound.get_or_insert(number);
                }
            }
            Step::Splat(..) => break,
        }
    }
    let sound = sound.unwrap_or(keys.len());
    let resolved = match context.evaluator.scope.lookup(root, &keys[..sound]) {
        Ok(resolved) => resolved,
        Err(diagnostic) => {
            let hidden =
                |key: &Key<'_>| matches!(key, Key::Index(key, _) if !context.may_show(key));
            let diagnostic = if keys.iter().any(hidden) {
                // The scope may quote the key.
                Diagnostic {
                    detail: format!("This refers to nothing; {WITHHELD}"),
                    labels: Vec::new(),
                    help: None,
                    address: None,
                    ..diagnostic
                }
            } else {
                diagnostic
            };
            findings.undeclared(diagnostic.at_default(Some(root.span)));
            return dynamic();
        }
    };
    let mut value = resolved.value;
    let evaluated = keys.len();
    for key in keys.into_iter().skip(resolved.consumed) {
        value = match key {
            Key::Attribute(name) => access::attribute(&value, name, findings),
            Key::Index(key, span) => access::index(context, &value, &key, span, findings),
        };
    }
    access::follow(context, value, &steps[evaluated..], findings)
}
