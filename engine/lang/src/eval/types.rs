//! Type constraint expressions: `list(string)`, `object({ a = optional(number, 1) })`.
//!
//! They look like expressions but are read, not evaluated: HCL's [typeexpr].
//!
//! [typeexpr]: https://github.com/hashicorp/hcl/tree/main/ext/typeexpr

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, Span};
use platoform_value::{ObjectType, Type, convert};

use super::defaults::Defaults;
use super::{Context, Evaluator, FunctionContext, Key, Resolved, Scope};
use crate::tree::{Call, Expression, ExpressionKind, Ident, ObjectKey};

/// The type that a constraint stands for, and the defaults of its optional attributes. A default
/// may not refer to anything.
///
/// # Errors
/// What is wrong with the constraint.
pub fn type_constraint(
    constraint: &Expression,
    functions: &FunctionContext<'_>,
) -> Result<(Type, Defaults), Diagnostics> {
    if let Some(kind) = abbreviation(constraint) {
        return Ok((kind, Defaults::default()));
    }
    let evaluator = Evaluator { scope: &Constants, functions };
    let mut reader = Reader { evaluator, diagnostics: Diagnostics::default() };
    let (kind, defaults) = reader.constraint(constraint);
    if reader.diagnostics.has_errors() {
        return Err(reader.diagnostics);
    }
    Ok((kind, defaults.unwrap_or_default()))
}

/// `list` and `map` alone, which mean that the elements may have any type.
fn abbreviation(constraint: &Expression) -> Option<Type> {
    match &constraint.kind {
        ExpressionKind::Traversal(name, steps) if steps.is_empty() => match &*name.name {
            "list" => Some(Type::list(Type::Dynamic)),
            "map" => Some(Type::map(Type::Dynamic)),
            _ => None,
        },
        _ => None,
    }
}

/// The scope of defaults: nothing.
struct Constants;

impl Scope for Constants {
    fn lookup(&self, root: &Ident, _: &[Key<'_>]) -> Result<Resolved, Diagnostic> {
        let detail = "Variables may not be used here";
        Err(Diagnostic::error("Variables not allowed", detail).at(root.span))
    }
}

/// What a part of a constraint came to; without defaults where there are none.
type Read = (Type, Option<Defaults>);

struct Reader<'a> {
    evaluator: Evaluator<'a>,
    diagnostics: Diagnostics,
}

const INVALID: &str = "Invalid type specification";

impl Reader<'_> {
    fn refuse(&mut self, detail: impl Into<String>, span: Span) -> Read {
        self.diagnostics.push(Diagnostic::error(INVALID, detail).at(span));
        (Type::Dynamic, None)
    }

    fn constraint(&mut self, expression: &Expression) -> Read {
        let span = expression.span;
        match &expression.kind {
            ExpressionKind::Traversal(name, steps) if steps.is_empty() => {
                self.keyword(&name.name, span)
            }
            ExpressionKind::Call(call) => self.constructor(call, span),
            ExpressionKind::Literal(value) if value.as_str().is_some() => {
                self.legacy(value.as_str().unwrap_or_default(), span)
            }
            _ => self.refuse(
                "A type specification is either a primitive type keyword (bool, number, string) \
                 or a complex type constructor call, like list(string)",
                span,
            ),
        }
    }

    fn keyword(&mut self, name: &str, span: Span) -> Read {
        let kind = match name {
            "bool" => Type::Bool,
            "number" => Type::Number,
            "string" => Type::String,
            "any" => Type::Dynamic,
            "list" | "set" | "map" => {
                let detail = format!(
                    "The {name} type constructor requires one argument specifying the element \
                     type"
                );
                return self.refuse(detail, span);
            }
            "object" => {
                let detail = "The object type constructor requires one argument specifying the \
                              attribute types and values as a map";
                return self.refuse(detail, span);
            }
            "tuple" => {
                let detail = "The tuple type constructor requires one argument specifying the \
                              element types as a list";
                return self.refuse(detail, span);
            }
            _ => {
                let detail = format!("The keyword {name:?} is not a valid type specification");
                return self.refuse(detail, span);
            }
        };
        (kind, None)
    }

    /// Quoted types, which Terraform up to 0.11 had.
    fn legacy(&mut self, text: &str, span: Span) -> Read {
        let advice = match text {
            "string" => "Remove the quotes around \"string\"".to_owned(),
            "list" | "map" => format!(
                "Remove the quotes around {text:?} and write {text}(string) instead to explicitly \
                 indicate that the {text} elements are strings"
            ),
            _ => {
                let detail = "To provide a full type expression, remove the surrounding quotes and \
                              give the type expression directly";
                let diagnostic = Diagnostic::error("Invalid legacy variable type hint", detail);
                self.diagnostics.push(diagnostic.at(span));
                return (Type::Dynamic, None);
            }
        };
        let detail = format!(
            "Terraform 0.11 and earlier required type constraints to be given in quotes, but that \
             form is now deprecated and will be removed in a future version of Terraform. {advice}"
        );
        let diagnostic = Diagnostic::error("Invalid quoted type constraints", detail);
        self.diagnostics.push(diagnostic.at(span));
        (Type::Dynamic, None)
    }

    fn constructor(&mut self, call: &Call, span: Span) -> Read {
        let name = &*call.name.name;
        let known = matches!(name, "list" | "set" | "map" | "object" | "tuple");
        match (name, &call.arguments[..]) {
            ("bool" | "number" | "string", _) => {
                let detail = format!("Primitive type keyword {name:?} does not expect arguments");
                self.refuse(detail, parentheses(call, span))
            }
            ("any", _) => {
                let detail = "Type constraint keyword \"any\" does not expect arguments";
                self.refuse(detail, parentheses(call, span))
            }
            ("optional", _) => self.refuse(
                "Keyword \"optional\" is valid only as a modifier for object type attributes",
                span,
            ),
            ("list" | "set" | "map", [element]) => {
                let (element, defaults) = self.constraint(element);
                let kind = match name {
                    "list" => Type::list(element),
                    "set" => Type::set(element),
                    _ => Type::map(element),
                };
                (kind, defaults.map(|defaults| Defaults::of_elements(Arc::new(defaults))))
            }
            ("object", [attributes]) => self.object(attributes),
            ("tuple", [elements]) => self.tuple(elements),
            (_, arguments) if known => {
                let what = match name {
                    "object" => "specifying the attribute types and values as a map",
                    "tuple" => "specifying the element types as a list",
                    _ => "specifying the element type",
                };
                let place = arguments.get(1).map_or(parentheses(call, span), |extra| extra.span);
                let detail = format!("The {name} type constructor requires one argument {what}");
                self.refuse(detail, place)
            }
            _ => {
                let detail = format!("Keyword {name:?} is not a valid type constructor");
                self.refuse(detail, call.name.span)
            }
        }
    }

    fn tuple(&mut self, elements: &Expression) -> Read {
        let ExpressionKind::Tuple(elements) = &elements.kind else {
            return self
                .refuse("Tuple type constructor requires a list of element types", elements.span);
        };
        let mut kinds = Vec::new();
        let mut defaults = Vec::new();
        for element in elements {
            let (kind, default) = self.constraint(element);
            kinds.push(kind);
            defaults.push(default);
        }
        let any = defaults.iter().any(Option::is_some);
        let defaults = defaults.into_iter().map(|default| default.map(Arc::new)).collect();
        (Type::tuple(kinds), any.then(|| Defaults::of_positions(defaults)))
    }

    fn object(&mut self, attributes: &Expression) -> Read {
        let ExpressionKind::Object(items) = &attributes.kind else {
            let detail = "Object type constructor requires a map whose keys are attribute names \
                          and whose values are the corresponding attribute types";
            return self.refuse(detail, attributes.span);
        };
        let mut object = ObjectType::default();
        let mut parts = BTreeMap::new();
        let mut values = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for (key, constraint) in items {
            let Some((name, span)) = attribute_name(key) else {
                let Some(key) = key.expression() else { continue };
                let detail = "Object constructor map keys must be attribute names";
                self.refuse(detail, key.span);
                continue;
            };
            if !seen.insert(name.clone()) {
                let detail = "Object constructor map keys must be unique";
                self.refuse(detail, span);
                continue;
            }
            let (kind, default, inner) = self.attribute(constraint, &name, &mut object);
            if let Some(inner) = inner {
                parts.insert(name.clone(), Arc::new(inner));
            }
            if let Some(default) = default {
                values.insert(name.clone(), default);
            }
            object.attributes.insert(name, kind);
        }
        let none = parts.is_empty() && values.is_empty();
        let defaults = (!none).then(|| Defaults::of_attributes(values, parts));
        (Type::Object(Arc::new(object)), defaults)
    }

    /// An attribute's type, its default, and the defaults of its parts.
    fn attribute(
        &mut self,
        constraint: &Expression,
        name: &Arc<str>,
        object: &mut ObjectType,
    ) -> (Type, Option<platoform_value::Value>, Option<Defaults>) {
        let optional = match &constraint.kind {
            ExpressionKind::Call(call) if &*call.name.name == "optional" => call,
            _ => {
                let (kind, inner) = self.constraint(constraint);
                return (kind, None, inner);
            }
        };
        let (inner, default) = match &optional.arguments[..] {
            [inner] => (inner, None),
            [inner, default] => (inner, Some(default)),
            [] => {
                let detail = "Optional attribute modifier requires the attribute type as its \
                              argument";
                self.refuse(detail, parentheses(optional, constraint.span));
                return (Type::Dynamic, None, None);
            }
            [_, _, _, ..] => {
                let detail = "Optional attribute modifier expects at most two arguments: the \
                              attribute type, and a default value";
                self.refuse(detail, parentheses(optional, constraint.span));
                return (Type::Dynamic, None, None);
            }
        };
        object.optional.insert(name.clone());
        let (kind, parts) = self.constraint(inner);
        let value = default.and_then(|default| self.default(default, &kind, parts.as_ref()));
        (kind, value, parts)
    }

    /// The value of a default, converted to the type of its attribute.
    fn default(
        &mut self,
        default: &Expression,
        kind: &Type,
        parts: Option<&Defaults>,
    ) -> Option<platoform_value::Value> {
        let value = match self.evaluator.evaluate(default) {
            Ok(value) => value,
            Err(diagnostics) => {
                self.diagnostics.extend(diagnostics);
                return None;
            }
        };
        let completed = match parts {
            Some(parts) if !value.is_null() => parts.apply(&value),
            _ => value,
        };
        match convert(&completed, kind) {
            Ok(value) => Some(value),
            Err(error) => {
                let wanted = kind.constraint_name();
                let why = Context::new(&self.evaluator).reason(&completed, error);
                let detail = format!(
                    "This default value is not compatible with the attribute's type constraint: \
                     {why}"
                );
                let diagnostic =
                    Diagnostic::error("Invalid default value for optional attribute", detail);
                self.diagnostics.push(
                    diagnostic.at(default.span).help(format!("give a value of type {wanted}")),
                );
                None
            }
        }
    }
}

/// The name of an attribute: bare or in quotes.
/// The arguments of a call with the parentheses around them.
fn parentheses(call: &Call, span: Span) -> Span {
    Span { start: call.name.span.end, ..span }
}

fn attribute_name(key: &ObjectKey) -> Option<(Arc<str>, Span)> {
    match key {
        ObjectKey::Name(name) => Some((name.name.clone(), name.span)),
        ObjectKey::Property(_) | ObjectKey::Expression(_) => None,
    }
}
