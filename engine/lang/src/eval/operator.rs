//! Operators.

use std::cmp::Ordering;

use platoform_diagnostic::{Diagnostic, Span};
use platoform_value::{Number, NumberError, Type, Value, convert};

use super::{Context, Findings, not_null, unknown};
use crate::tree::{BinaryOperator as Operator, Expression, UnaryOperator};

/// `!x` and `-x`.
pub(super) fn unary(
    context: &Context<'_>,
    operator: UnaryOperator,
    operand: &Expression,
    span: Span,
    findings: &mut Findings,
) -> Value {
    let kind = match operator {
        UnaryOperator::Not => Type::Bool,
        UnaryOperator::Negate => Type::Number,
    };
    let (value, mut part) = context.attempt(operand);
    let value = suitable(context, &value, &kind, ("unary", operand.span), &mut part);
    let failed = !part.is_empty();
    findings.absorb(part);
    let Some(value) = value.filter(|_| !failed) else { return not_null(kind) };
    let marks = value.marks();
    let result = match (operator, value.as_bool(), value.as_number()) {
        (UnaryOperator::Not, Some(truth), _) => Value::from(!truth),
        (UnaryOperator::Negate, _, Some(number)) => Value::from(number.neg()),
        _ if value.is_null() => {
            findings.push(null_operand(span));
            return not_null(kind);
        }
        _ => not_null(kind),
    };
    result.mark(marks)
}

fn null_operand(span: Span) -> Diagnostic {
    failed("argument must not be null", span)
}

fn failed(why: &str, span: Span) -> Diagnostic {
    Diagnostic::error("Operation failed", format!("Error during operation: {why}")).at(span)
}

/// The operand as the operator needs it.
fn suitable(
    context: &Context<'_>,
    value: &Value,
    kind: &Type,
    (side, span): (&str, Span),
    findings: &mut Findings,
) -> Option<Value> {
    match convert(value, kind) {
        Ok(value) => Some(value),
        Err(error) => {
            let why = context.reason(value, error);
            let detail = format!("Unsuitable value for {side} operand: {why}");
            findings.push(Diagnostic::error("Invalid operand", detail).at(span));
            None
        }
    }
}

/// The type of operands and the type of the result.
fn types(operator: Operator) -> (Type, Type) {
    match operator {
        Operator::Or | Operator::And => (Type::Bool, Type::Bool),
        Operator::Equal | Operator::NotEqual => (Type::Dynamic, Type::Bool),
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
            (Type::Number, Type::Bool)
        }
        Operator::Add
        | Operator::Subtract
        | Operator::Multiply
        | Operator::Divide
        | Operator::Modulo => (Type::Number, Type::Number),
    }
}

/// `x + y - z` and so on, from left to right.
pub(super) fn chain(
    context: &Context<'_>,
    first: &Expression,
    rest: &[(Operator, Expression)],
    findings: &mut Findings,
) -> Value {
    let mut span = first.span;
    let mut left = context.attempt(first);
    for (operator, expression) in rest {
        let right = context.attempt(expression);
        let spans = [span, expression.span];
        span = first.span.to(expression.span);
        let mut part = Findings::default();
        let value = binary(context, *operator, [left, right], spans, &mut part);
        left = (value, part);
    }
    findings.absorb(left.1);
    left.0
}

/// `x + y` and so on. Both sides are always evaluated, for their types and references; `&&` and
/// `||` drop what went wrong in a side that does not matter, as HCL does since 2.24.
fn binary(
    context: &Context<'_>,
    operator: Operator,
    sides: [(Value, Findings); 2],
    spans: [Span; 2],
    findings: &mut Findings,
) -> Value {
    let (operand, result) = types(operator);
    let [(left, left_findings), (right, right_findings)] = sides;
    let mut unsuitable = Findings::default();
    let left = suitable(context, &left, &operand, ("left", spans[0]), &mut unsuitable);
    let right = suitable(context, &right, &operand, ("right", spans[1]), &mut unsuitable);
    let (Some(left), Some(right)) = (left, right) else {
        findings.absorb(left_findings);
        findings.absorb(right_findings);
        findings.absorb(unsuitable);
        return not_null(result);
    };
    let marks = left.marks() | right.marks();
    let parts = [left_findings, right_findings];
    if let Some((value, used)) = decided(operator, [&left, &right], &parts) {
        for (index, part) in parts.into_iter().enumerate() {
            if index == used { findings.absorb(part) } else { findings.absorb_undeclared(part) }
        }
        return value.mark(marks);
    }
    let failed_before = parts.iter().any(|part| !part.is_empty());
    parts.into_iter().for_each(|part| findings.absorb(part));
    if failed_before {
        return not_null(result);
    }
    match apply(operator, &left, &right) {
        Ok(value) => value.mark(marks),
        Err(why) => {
            findings.push(failed(&why, spans[0].to(spans[1])));
            not_null(result).mark(marks)
        }
    }
}

/// The result of `&&` or `||` when one side decides it, and which one.
fn decided(
    operator: Operator,
    sides: [&Value; 2],
    parts: &[Findings; 2],
) -> Option<(Value, usize)> {
    let controlling = match operator {
        Operator::Or => true,
        Operator::And => false,
        _ => return None,
    };
    let known = sides.map(Value::is_known);
    let truth = sides.map(Value::as_bool);
    match (known, truth) {
        ([false, false], _) if parts[0].is_empty() => Some((not_null(Type::Bool), 0)),
        ([false, false], _) => None,
        (_, [Some(left), _]) if left == controlling => Some((Value::from(controlling), 0)),
        (_, [_, Some(right)]) if right == controlling => Some((Value::from(controlling), 1)),
        ([false, _], [_, Some(_)]) => Some((not_null(Type::Bool), 0)),
        ([_, false], [Some(_), _]) => Some((not_null(Type::Bool), 1)),
        _ => None,
    }
}

const NULL: &str = "argument must not be null";

/// The operation on operands of its types.
fn apply(operator: Operator, left: &Value, right: &Value) -> Result<Value, String> {
    match operator {
        Operator::Equal => return Ok(left.equals(right)),
        Operator::NotEqual => {
            let equal = left.equals(right);
            let result =
                equal.as_bool().map_or_else(|| not_null(Type::Bool), |truth| (!truth).into());
            return Ok(result.mark(equal.marks()));
        }
        _ if left.is_null() || right.is_null() => return Err(NULL.into()),
        _ => {}
    }
    match operator {
        // Both sides are known here and neither decides alone.
        Operator::Or | Operator::And => Ok(match (left.as_bool(), right.as_bool()) {
            (Some(_), Some(_)) => Value::from(operator == Operator::And),
            _ => not_null(Type::Bool),
        }),
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
            Ok(compare(operator, left, right))
        }
        _ => match (left.as_number(), right.as_number()) {
            (Some(left), Some(right)) => {
                arithmetic(operator, left, right).map_err(|error| error.to_string())
            }
            _ => Ok(not_null(Type::Number)),
        },
    }
}

fn compare(operator: Operator, left: &Value, right: &Value) -> Value {
    let holds = |ordering: Ordering| match operator {
        Operator::Less => ordering == Ordering::Less,
        Operator::LessOrEqual => ordering != Ordering::Greater,
        Operator::Greater => ordering == Ordering::Greater,
        _ => ordering != Ordering::Less,
    };
    if let (Some(left), Some(right)) = (left.as_number(), right.as_number()) {
        return Value::from(holds(left.cmp(right)));
    }
    let (left, right) = (unknown::bounds(left), unknown::bounds(right));
    if let (Some(high), Some(low)) = (left.1, right.0)
        && high < low
    {
        return Value::from(holds(Ordering::Less));
    }
    if let (Some(low), Some(high)) = (left.0, right.1)
        && low > high
    {
        return Value::from(holds(Ordering::Greater));
    }
    not_null(Type::Bool)
}

fn arithmetic(operator: Operator, left: &Number, right: &Number) -> Result<Value, NumberError> {
    let result = match operator {
        Operator::Add => left.add(right),
        Operator::Subtract => left.sub(right),
        Operator::Multiply => left.mul(right),
        Operator::Divide => left.div(right),
        _ => left.rem(right),
    };
    result.map(Value::from)
}
