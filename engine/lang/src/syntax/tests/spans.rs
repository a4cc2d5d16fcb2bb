//! A walk over all spans of a tree.

use platoform_diagnostic::Span;

use crate::tree::{Body, Expression, ExpressionKind as Kind, ObjectKey, Part, Step};

/// Checks that every span lies in the text, on character boundaries.
pub(super) struct Check<'a>(pub(super) &'a str);

impl Check<'_> {
    pub(super) fn span(&self, span: Span) {
        assert!(span.start <= span.end, "{span:?} in {:?}", self.0);
        for offset in [span.start, span.end] {
            assert!(self.0.is_char_boundary(offset as usize), "{span:?} in {:?}", self.0);
        }
    }

    pub(super) fn body(&self, body: &Body) {
        self.span(body.span);
        for attribute in &body.attributes {
            self.span(attribute.name.span);
            self.span(attribute.span);
            self.expression(&attribute.expression);
        }
        for block in &body.blocks {
            self.span(block.kind.span);
            self.span(block.header);
            block.labels.iter().for_each(|label| self.span(label.span));
            self.body(&block.body);
        }
    }

    pub(super) fn expression(&self, expression: &Expression) {
        self.span(expression.span);
        match &expression.kind {
            Kind::Literal(_) => {}
            Kind::Template(parts) => self.parts(parts),
            Kind::Wrap(inner) | Kind::Parenthesis(inner) | Kind::Unary(_, inner) => {
                self.expression(inner);
            }
            Kind::Traversal(root, steps) => {
                self.span(root.span);
                self.steps(steps);
            }
            Kind::Postfix(inner, steps) => {
                self.expression(inner);
                self.steps(steps);
            }
            Kind::Binary(first, rest) => {
                self.expression(first);
                rest.iter().for_each(|(_, operand)| self.expression(operand));
            }
            Kind::Conditional(all) => all.iter().for_each(|inner| self.expression(inner)),
            Kind::Tuple(items) => items.iter().for_each(|inner| self.expression(inner)),
            Kind::Object(items) => {
                for (key, value) in items {
                    match key {
                        ObjectKey::Name(name) => self.span(name.span),
                        ObjectKey::Property(key) | ObjectKey::Expression(key) => {
                            self.expression(key)
                        }
                    }
                    self.expression(value);
                }
            }
            Kind::For(all) => {
                self.expression(&all.collection);
                self.expression(&all.result);
                let rest = all.result_key.iter().chain(&all.condition);
                rest.for_each(|inner| self.expression(inner));
            }
            Kind::Call(call) => {
                self.span(call.name.span);
                self.span(call.close);
                call.arguments.iter().for_each(|inner| self.expression(inner));
            }
        }
    }

    fn steps(&self, steps: &[Step]) {
        for step in steps {
            self.span(step.span());
            match step {
                Step::Attribute(_) => {}
                Step::Index(key, _) => self.expression(key),
                Step::Splat(inner, _) => self.steps(inner),
            }
        }
    }

    fn parts(&self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Text(_, span) => self.span(*span),
                Part::Interpolation(inner) => self.expression(inner),
                Part::If(test, yes, no) => {
                    self.expression(test);
                    self.parts(yes);
                    self.parts(no);
                }
                Part::For(_, _, collection, body) => {
                    self.expression(collection);
                    self.parts(body);
                }
            }
        }
    }
}
