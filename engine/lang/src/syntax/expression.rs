//! Operators.

use super::parser::{Parsed, Parser};
use super::token::Kind;
use crate::stack::with_stack;
use crate::tree::{BinaryOperator, Expression, ExpressionKind};

impl Parser<'_> {
    /// Any expression.
    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        with_stack(|| self.whole_expression())
    }

    fn whole_expression(&mut self) -> Parsed<Expression> {
        let beside = self.enter()?;
        let result = self.binary(1);
        let result = match result {
            Ok(test) if self.at(Kind::Question) => self.conditional(test),
            result => result,
        };
        self.leave(beside);
        result
    }

    /// Any expression, boxed: callers that parse several keep small frames that way.
    pub(super) fn boxed(&mut self) -> Parsed<Box<Expression>> {
        self.expression().map(Box::new)
    }

    /// `? yes : no`; the right side goes on as far as it can.
    fn conditional(&mut self, test: Expression) -> Parsed<Expression> {
        self.read();
        let yes = self.boxed()?;
        if self.eat(Kind::Colon).is_none() {
            let detail = "The conditional operator (...?...:...) requires a false expression, delimited by a colon";
            let span = self.span(self.peek());
            self.report(span, "Missing false expression in conditional", detail);
            return Ok(test);
        }
        let no = self.boxed()?;
        let span = test.span.to(no.span);
        Ok(Expression { kind: ExpressionKind::Conditional(Box::new([test, *yes, *no])), span })
    }

    /// Operators that bind at least this tightly; equal ones associate to the left.
    fn binary(&mut self, least: u8) -> Parsed<Expression> {
        let mut left = self.operand()?;
        // How tightly the operators bind of the chain that `left` is.
        let mut chain = None;
        while let Some((operator, binding)) = operator(self.peek().kind)
            && binding >= least
        {
            self.read();
            let beside = self.enter()?;
            let right = self.binary(binding + 1);
            self.leave(beside);
            left = self.combine(operator, left, right?, chain == Some(binding))?;
            chain = Some(binding);
        }
        Ok(left)
    }

    /// Adds an operator to what stands before it: to its chain, or as the first of a new one.
    fn combine(
        &mut self,
        operator: BinaryOperator,
        mut left: Expression,
        right: Expression,
        same_chain: bool,
    ) -> Parsed<Expression> {
        let span = left.span.to(right.span);
        match &mut left.kind {
            ExpressionKind::Binary(_, rest) if same_chain => {
                rest.push((operator, right));
                left.span = span;
                Ok(left)
            }
            _ => {
                self.lower()?;
                let rest = vec![(operator, right)];
                Ok(Expression { kind: ExpressionKind::Binary(Box::new(left), rest), span })
            }
        }
    }
}

/// The operator a token is, and how tightly it binds.
fn operator(kind: Kind) -> Option<(BinaryOperator, u8)> {
    Some(match kind {
        Kind::Or => (BinaryOperator::Or, 1),
        Kind::And => (BinaryOperator::And, 2),
        Kind::Equal => (BinaryOperator::Equal, 3),
        Kind::NotEqual => (BinaryOperator::NotEqual, 3),
        Kind::Less => (BinaryOperator::Less, 4),
        Kind::LessOrEqual => (BinaryOperator::LessOrEqual, 4),
        Kind::Greater => (BinaryOperator::Greater, 4),
        Kind::GreaterOrEqual => (BinaryOperator::GreaterOrEqual, 4),
        Kind::Plus => (BinaryOperator::Add, 5),
        Kind::Minus => (BinaryOperator::Subtract, 5),
        Kind::Star => (BinaryOperator::Multiply, 6),
        Kind::Slash => (BinaryOperator::Divide, 6),
        Kind::Percent => (BinaryOperator::Modulo, 6),
        _ => return None,
    })
}
