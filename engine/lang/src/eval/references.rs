//! The references in an expression.

use crate::tree::{Expression, ExpressionKind, Ident, Part, Reference, Step};

/// Calls `visit` for every reference to a name outside `expression`, in source order. `bound` are
/// the names that enclosing `for`s bind; it is as it was when this returns.
pub(crate) fn expression<'a>(
    expression: &'a Expression,
    bound: &mut Vec<&'a str>,
    visit: &mut dyn FnMut(Reference<'a>),
) {
    match &expression.kind {
        ExpressionKind::Literal(_) => {}
        ExpressionKind::Template(content) => parts(content, bound, visit),
        ExpressionKind::Wrap(inner)
        | ExpressionKind::Parenthesis(inner)
        | ExpressionKind::Unary(_, inner) => self::expression(inner, bound, visit),
        ExpressionKind::Traversal(root, path) => {
            if !bound.contains(&&*root.name) {
                visit(Reference { root, steps: path, span: expression.span });
            }
            steps(path, bound, visit);
        }
        ExpressionKind::Postfix(inner, path) => {
            self::expression(inner, bound, visit);
            steps(path, bound, visit);
        }
        ExpressionKind::Binary(first, rest) => {
            self::expression(first, bound, visit);
            rest.iter().for_each(|(_, operand)| self::expression(operand, bound, visit));
        }
        ExpressionKind::Conditional(branches) => {
            branches.iter().for_each(|part| self::expression(part, bound, visit));
        }
        ExpressionKind::Tuple(items) => {
            items.iter().for_each(|item| self::expression(item, bound, visit));
        }
        ExpressionKind::Object(items) => {
            for (key, value) in items {
                if let Some(key) = key.expression() {
                    self::expression(key, bound, visit);
                }
                self::expression(value, bound, visit);
            }
        }
        ExpressionKind::For(form) => {
            self::expression(&form.collection, bound, visit);
            within(form.key.as_ref(), &form.value, bound, |bound| {
                let inner = [form.result_key.as_ref(), Some(&form.result), form.condition.as_ref()];
                for part in inner.into_iter().flatten() {
                    self::expression(part, bound, visit);
                }
            });
        }
        ExpressionKind::Call(call) => {
            call.arguments.iter().for_each(|argument| self::expression(argument, bound, visit));
        }
    }
}

/// Runs `body` with the names of a `for` bound.
fn within<'a>(
    key: Option<&'a Ident>,
    value: &'a Ident,
    bound: &mut Vec<&'a str>,
    body: impl FnOnce(&mut Vec<&'a str>),
) {
    let before = bound.len();
    bound.extend(key.into_iter().chain([value]).map(|name| &*name.name));
    body(bound);
    bound.truncate(before);
}

fn steps<'a>(path: &'a [Step], bound: &mut Vec<&'a str>, visit: &mut dyn FnMut(Reference<'a>)) {
    for step in path {
        match step {
            Step::Attribute(_) => {}
            Step::Index(key, _) => expression(key, bound, visit),
            Step::Splat(path, _) => steps(path, bound, visit),
        }
    }
}

fn parts<'a>(content: &'a [Part], bound: &mut Vec<&'a str>, visit: &mut dyn FnMut(Reference<'a>)) {
    for part in content {
        match part {
            Part::Text(..) => {}
            Part::Interpolation(inner) => expression(inner, bound, visit),
            Part::If(test, yes, no) => {
                expression(test, bound, visit);
                parts(yes, bound, visit);
                parts(no, bound, visit);
            }
            Part::For(key, value, collection, body) => {
                expression(collection, bound, visit);
                within(key.as_ref(), value, bound, |bound| parts(body, bound, visit));
            }
        }
    }
}
