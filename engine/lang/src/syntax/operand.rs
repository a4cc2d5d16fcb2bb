//! What stands between operators: literals, names, brackets.

use platoform_value::{Number, Type, Value};

use super::parser::{Lost, Parsed, Parser};
use super::token::{Kind, Token};
use crate::stack::with_stack;
use crate::tree::{Expression, ExpressionKind, UnaryOperator};

impl Parser<'_> {
    /// An operand with the steps that follow it.
    pub(super) fn operand(&mut self) -> Parsed<Expression> {
        let term = match self.term() {
            Ok(term) => term,
            Err(Lost) => {
                // As in Terraform the steps after it are read, for what is wrong with them.
                if self.first_lost {
                    self.steps()?;
                }
                return Err(Lost);
            }
        };
        if !matches!(self.peek().kind, Kind::Dot | Kind::OpenBracket) {
            return Ok(term);
        }
        self.postfix(term)
    }

    fn postfix(&mut self, term: Expression) -> Parsed<Expression> {
        let steps = self.steps()?;
        let end = self.span(self.previous()).end;
        let mut span = term.span;
        span.end = span.end.max(end);
        let kind = match term.kind {
            ExpressionKind::Traversal(root, none) if none.is_empty() => {
                ExpressionKind::Traversal(root, steps)
            }
            kind => {
                let inner = Expression { kind, span: term.span };
                ExpressionKind::Postfix(Box::new(inner), steps)
            }
        };
        Ok(Expression { kind, span })
    }

    fn term(&mut self) -> Parsed<Expression> {
        let token = self.peek();
        let newlines = self.newlines;
        let result = match token.kind {
            Kind::Identifier => self.name(),
            Kind::Number => self.number_term(),
            Kind::OpenQuote | Kind::OpenHeredoc => self.template(),
            Kind::OpenParenthesis => self.parenthesis(),
            Kind::OpenBracket => self.tuple(),
            Kind::OpenBrace => self.object(),
            Kind::Minus => self.unary(UnaryOperator::Negate),
            Kind::Not => self.unary(UnaryOperator::Not),
            _ => self.no_term(token),
        };
        self.newlines = newlines;
        result
    }

    fn no_term<T>(&mut self, token: Token) -> Parsed<T> {
        if token.kind == Kind::End {
            let detail = "Expected the start of an expression, but found the end of the file";
            return self.unexpected(token, "Missing expression", detail);
        }
        let detail = "Expected the start of an expression, but found an invalid expression token";
        self.unexpected(token, "Invalid expression", detail)
    }

    fn number_term(&mut self) -> Parsed<Expression> {
        let token = self.read();
        Ok(self.number(token))
    }

    /// A keyword, a function call or a name.
    fn name(&mut self) -> Parsed<Expression> {
        let token = self.read();
        if matches!(self.peek().kind, Kind::OpenParenthesis | Kind::DoubleColon) {
            return self.call(token);
        }
        Ok(self.word(token))
    }

    fn word(&mut self, token: Token) -> Expression {
        let kind = match self.slice(token) {
            "true" => ExpressionKind::Literal(Value::from(true)),
            "false" => ExpressionKind::Literal(Value::from(false)),
            "null" => ExpressionKind::Literal(Value::null(Type::Dynamic)),
            _ => ExpressionKind::Traversal(self.ident(token), Vec::new()),
        };
        Expression { kind, span: self.span(token) }
    }

    /// The number a token is; one that is none is reported.
    pub(super) fn number(&mut self, token: Token) -> Expression {
        let span = self.span(token);
        match Number::parse(self.slice(token)) {
            Ok(number) => Expression { kind: ExpressionKind::Literal(number.into()), span },
            Err(_) => {
                let detail = "Failed to recognize the value of this number literal";
                self.report(span, "Invalid number literal", detail);
                self.placeholder(span)
            }
        }
    }

    fn unary(&mut self, operator: UnaryOperator) -> Parsed<Expression> {
        let sign = self.read();
        let beside = self.enter()?;
        let operand = with_stack(|| self.operand().map(Box::new));
        self.leave(beside);
        let operand = operand?;
        let span = self.span(sign).to(operand.span);
        Ok(Expression { kind: ExpressionKind::Unary(operator, operand), span })
    }

    fn parenthesis(&mut self) -> Parsed<Expression> {
        let open = self.read();
        self.newlines = false;
        let inner = self.boxed();
        let inner = self.or_skip(inner, Kind::CloseParenthesis)?;
        let close = self.peek();
        if close.kind != Kind::CloseParenthesis {
            let detail = "Expected a closing parenthesis to terminate the expression";
            let lost = self.unexpected(close, "Unbalanced parentheses", detail);
            self.read();
            return lost;
        }
        self.read();
        let span = self.span(open).to(self.span(close));
        Ok(Expression { kind: ExpressionKind::Parenthesis(inner), span })
    }
}
