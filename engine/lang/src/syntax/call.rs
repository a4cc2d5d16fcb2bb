//! Function calls.

use super::parser::{Parsed, Parser};
use super::token::{Kind, Token};
use crate::tree::{Call, Expression, ExpressionKind, Ident};

impl Parser<'_> {
    /// A call, from after the first part of its name.
    pub(super) fn call(&mut self, first: Token) -> Parsed<Expression> {
        let name = self.function_name(first)?;
        let open = self.peek();
        if open.kind != Kind::OpenParenthesis {
            let detail = "Function selector must be followed by an open parenthesis to begin the function call";
            let lost = self.unexpected(open, "Missing open parenthesis", detail);
            self.skip_call();
            return lost;
        }
        self.read();
        self.newlines = false;
        let mut call = Call { name, arguments: Vec::new(), expand: false, close: self.span(open) };
        let arguments = self.arguments(&mut call, open);
        self.or_skip(arguments, Kind::CloseParenthesis)?;
        call.arguments.shrink_to_fit();
        let span = call.name.span.to(call.close);
        Ok(Expression { kind: ExpressionKind::Call(Box::new(call)), span })
    }

    /// `a::b::c`, which is one name.
    fn function_name(&mut self, first: Token) -> Parsed<Ident> {
        let mut name = self.ident(first);
        if !self.at(Kind::DoubleColon) {
            return Ok(name);
        }
        let mut full = String::from(&*name.name);
        while self.eat(Kind::DoubleColon).is_some() {
            let part = self.peek();
            if part.kind != Kind::Identifier {
                let detail = "Function scope resolution symbol :: must be followed by a function name in this scope";
                let lost = self.unexpected(part, "Missing function name", detail);
                self.skip_call();
                return lost;
            }
            self.read();
            full.push_str("::");
            full.push_str(self.slice(part));
            name.span = name.span.to(self.span(part));
        }
        name.name = full.into();
        Ok(name)
    }

    /// Arguments and the closing parenthesis.
    fn arguments(&mut self, call: &mut Call, open: Token) -> Parsed<()> {
        while !self.at(Kind::CloseParenthesis) {
            let argument = self.expression()?;
            call.arguments.push(argument);
            if self.eat(Kind::Comma).is_some() {
                continue;
            }
            if let Some(ellipsis) = self.eat(Kind::Ellipsis) {
                call.expand = true;
                if !self.at(Kind::CloseParenthesis) {
                    let detail = "An expanded function argument (with ...) must be immediately followed by closing parentheses";
                    return self.unexpected(ellipsis, "Missing closing parenthesis", detail);
                }
            } else if !self.at(Kind::CloseParenthesis) {
                return self.no_separator(&call.name, open);
            }
        }
        let close = self.read();
        call.close = self.span(close);
        Ok(())
    }

    /// Goes behind the next arguments in parentheses.
    fn skip_call(&mut self) {
        if self.first_lost {
            self.skip_to(Kind::OpenParenthesis);
            self.skip_to(Kind::CloseParenthesis);
        }
    }

    fn no_separator<T>(&mut self, name: &Ident, open: Token) -> Parsed<T> {
        let token = self.peek();
        if token.kind == Kind::End {
            let detail = "There is no closing parenthesis for this function call before the end of the file. This may be caused by incorrect parenthesis nesting elsewhere in this file";
            let span = name.span.to(self.span(open));
            return self.unclosed(span, "Unterminated function call", detail);
        }
        let detail = "A comma is required to separate each function argument from the next";
        let lost = self.unexpected(token, "Missing argument separator", detail);
        self.read();
        lost
    }
}
