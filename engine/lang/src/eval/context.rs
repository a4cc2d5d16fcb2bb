//! One evaluation under way: the names bound by enclosing `for`s and what went wrong so far.

use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_value::Value;

use super::{Evaluator, access, call, collection, condition, dynamic, iteration, operator};
use super::{template, traversal};
use crate::stack::with_stack;
use crate::tree::{Expression, ExpressionKind, Step};

/// Where an expression is evaluated. Cheap to copy; deeper contexts borrow from outer ones.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    /// The scope and the surroundings of functions.
    pub evaluator: &'a Evaluator<'a>,
    /// The innermost name bound by a `for`.
    pub binding: Option<&'a Binding<'a>>,
    /// Whether this is a file rendered by `templatefile`, which must not render another one.
    pub in_template: bool,
    /// Whether this is the body of a loop over a sensitive collection. Its elements bear no mark of
    /// their own, yet no message may show them.
    pub sensitive: bool,
}

/// A name bound by a `for`, linked to those bound further out.
pub(crate) struct Binding<'a> {
    /// The name.
    pub name: &'a str,
    /// What it stands for at the moment.
    pub value: Value,
    /// The next binding outwards.
    pub outer: Option<&'a Binding<'a>>,
}

impl<'a> Context<'a> {
    /// The outermost context of an evaluation.
    pub fn new(evaluator: &'a Evaluator<'a>) -> Self {
        Self { evaluator, binding: None, in_template: false, sensitive: false }
    }

    /// What a `for` bound to a name, the innermost one first.
    pub fn bound(&self, name: &str) -> Option<&'a Value> {
        let mut next = self.binding;
        while let Some(binding) = next {
            if binding.name == name {
                return Some(&binding.value);
            }
            next = binding.outer;
        }
        None
    }

    /// The value of an expression; of unknown type and value where it failed.
    pub fn value(&self, expression: &Expression, findings: &mut Findings) -> Value {
        match &expression.kind {
            ExpressionKind::Literal(value) => value.clone(),
            _ => with_stack(|| self.compound(expression, findings)),
        }
    }

    /// The value of an expression that has parts.
    fn compound(&self, expression: &Expression, findings: &mut Findings) -> Value {
        let span = expression.span;
        match &expression.kind {
            ExpressionKind::Literal(value) => value.clone(),
            ExpressionKind::Template(parts) => template::render(self, parts, findings),
            ExpressionKind::Wrap(inner) | ExpressionKind::Parenthesis(inner) => {
                self.value(inner, findings)
            }
            ExpressionKind::Traversal(root, steps) => {
                traversal::evaluate(self, root, steps, findings)
            }
            ExpressionKind::Postfix(inner, steps) => {
                let (value, part) = self.attempt(inner);
                let failed = !part.is_empty();
                findings.absorb(part);
                if failed && matches!(steps.first(), Some(Step::Splat(..))) {
                    return dynamic();
                }
                access::follow(self, value, steps, findings)
            }
            ExpressionKind::Unary(operator, operand) => {
                operator::unary(self, *operator, operand, span, findings)
            }
            ExpressionKind::Binary(first, rest) => operator::chain(self, first, rest, findings),
            ExpressionKind::Conditional(parts) => condition::expression(self, parts, findings),
            ExpressionKind::Tuple(items) => {
                Value::tuple(items.iter().map(|item| self.value(item, findings)).collect())
            }
            ExpressionKind::Object(items) => collection::object(self, items, findings),
            ExpressionKind::For(form) => iteration::evaluate(self, form, findings),
            ExpressionKind::Call(form) => call::evaluate(self, form, span, findings),
        }
    }

    /// As [`Context::value`], with findings of its own, so that the caller can tell whether this
    /// expression failed.
    pub fn attempt(&self, expression: &Expression) -> (Value, Findings) {
        let mut findings = Findings::default();
        let value = self.value(expression, &mut findings);
        (value, findings)
    }
}

/// What went wrong so far, in order.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<Finding>);

#[derive(Debug)]
struct Finding {
    diagnostic: Diagnostic,
    /// The name is not declared: nothing may hide this.
    undeclared: bool,
}

impl Findings {
    /// Adds a finding that `try` or a branch not taken may drop.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(Finding { diagnostic, undeclared: false });
    }

    /// Adds a finding and gives the value that stands for what failed.
    pub fn fail(&mut self, diagnostic: Diagnostic) -> Value {
        self.push(diagnostic);
        dynamic()
    }

    /// Adds a wrong reference, which nothing drops.
    pub fn undeclared(&mut self, diagnostic: Diagnostic) {
        self.0.push(Finding { diagnostic, undeclared: true });
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes over all findings of a part.
    pub fn absorb(&mut self, part: Findings) {
        self.0.extend(part.0);
    }

    /// Takes over what must not be hidden of a part whose result is not used.
    pub fn absorb_undeclared(&mut self, part: Findings) {
        self.0.extend(part.0.into_iter().filter(|finding| finding.undeclared));
    }

    /// The diagnostics in order.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter().map(|finding| &finding.diagnostic)
    }

    /// The value, unless something went wrong.
    pub fn into_result(self, value: Value) -> Result<Value, Diagnostics> {
        if self.is_empty() {
            return Ok(value);
        }
        Err(self.0.into_iter().map(|finding| finding.diagnostic).collect())
    }
}
