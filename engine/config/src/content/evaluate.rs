//! From a [`Content`] to a value.

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, Span};
use platoform_lang::Evaluator;
use platoform_schema::{Attribute, AttributeKind, Block, BlockNesting, NestedBlock, ObjectNesting};
use platoform_value::{Entries, Marks, ObjectType, Type, Value, convert};

use super::decode::check_count;
use super::dynamic::{Elements, IteratorScope, elements, label as label_of};
use super::{Argument, Content, Decoded, Occurrence};

impl Content {
    /// The block's value in a scope: an object of the schema's implied type, with null for what is
    /// not set. Marks stay on the parts they came with. What is wrong is left unknown.
    #[must_use]
    pub fn evaluate(&self, evaluator: &Evaluator<'_>) -> (Value, Diagnostics) {
        let mut diagnostics = Diagnostics::default();
        let value = self.body.evaluate(&self.schema().block, evaluator, &mut diagnostics);
        (value, diagnostics)
    }
}

impl Decoded {
    fn evaluate(
        &self,
        schema: &Block,
        evaluator: &Evaluator<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Value {
        let mut entries = Vec::with_capacity(schema.attributes.len() + schema.blocks.len());
        for (name, attribute) in &schema.attributes {
            let value = match self.argument(name) {
                Some(argument) => argument.evaluate(attribute, evaluator, diagnostics),
                None => Value::null(attribute.implied_type()),
            };
            entries.push((name.clone(), value));
        }
        for (kind, nested) in &schema.blocks {
            let value = match self.blocks.get(kind) {
                Some(occurrences) => {
                    let mut blocks = Blocks { nested, evaluator, diagnostics, made: Vec::new() };
                    blocks.value(kind, occurrences, self.span)
                }
                None => nested.empty_value(),
            };
            entries.push((kind.clone(), value));
        }
        Value::object(entries.into_iter().collect())
    }
}

impl Argument {
    fn evaluate(
        &self,
        attribute: &Attribute,
        evaluator: &Evaluator<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Value {
        let kind = attribute.implied_type();
        let value = match evaluator.evaluate(&self.expression) {
            Ok(value) => value,
            Err(errors) => {
                diagnostics.extend(errors);
                return Value::unknown(kind);
            }
        };
        match convert(&value, &wanted(attribute)) {
            Ok(value) if value.is_null() && attribute.required => {
                let detail = format!(
                    "The argument `{}` is required, so it must not be null",
                    self.name.name
                );
                let error = Diagnostic::error("Missing required argument", detail);
                diagnostics.push(error.at(self.expression.span));
                Value::unknown(kind)
            }
            Ok(value) => value,
            Err(error) => {
                let name = &self.name.name;
                let detail = format!("Inappropriate value for attribute `{name}`: {error}");
                let error = Diagnostic::error("Incorrect attribute value type", detail);
                diagnostics.push(error.at(self.expression.span));
                Value::unknown(kind)
            }
        }
    }
}

/// The type a value in the configuration is converted to: in nested objects only required
/// attributes need to be there.
fn wanted(attribute: &Attribute) -> Type {
    let AttributeKind::Nested(nesting, attributes) = &attribute.kind else {
        return attribute.implied_type();
    };
    let optional = attributes.iter().filter(|(_, inner)| !inner.required);
    let object = Type::Object(Arc::new(ObjectType {
        attributes: attributes.iter().map(|(name, inner)| (name.clone(), wanted(inner))).collect(),
        optional: optional.map(|(name, _)| name.clone()).collect(),
    }));
    match nesting {
        ObjectNesting::Single => object,
        ObjectNesting::List => Type::list(object),
        ObjectNesting::Set => Type::set(object),
        ObjectNesting::Map => Type::map(object),
    }
}

/// The occurrences of one nested block while they are evaluated.
struct Blocks<'a, 'd> {
    nested: &'a NestedBlock,
    evaluator: &'a Evaluator<'a>,
    diagnostics: &'d mut Diagnostics,
    made: Vec<Made>,
}

/// A nested block's value.
struct Made {
    label: Option<Arc<str>>,
    value: Value,
    header: Span,
}

impl Blocks<'_, '_> {
    fn value(&mut self, kind: &str, occurrences: &[Occurrence], body: Span) -> Value {
        let mut marks = Marks::NONE;
        let mut unknown = false;
        let mut dynamic = false;
        for occurrence in occurrences {
            match occurrence {
                Occurrence::One(one) => {
                    let schema = &self.nested.block;
                    let value = one.body.evaluate(schema, self.evaluator, self.diagnostics);
                    let label = one.label.clone();
                    self.made.push(Made { label, value, header: one.header });
                }
                Occurrence::Dynamic(block) => {
                    dynamic = true;
                    match elements(block, self.evaluator, self.diagnostics) {
                        Elements::Known(pairs, more) => {
                            marks |= more;
                            self.expand(block, pairs);
                        }
                        Elements::Unknown(more) => {
                            marks |= more;
                            unknown = true;
                        }
                        Elements::Wrong => unknown = true,
                    }
                }
            }
        }
        if unknown {
            return Value::unknown(self.nested.implied_type()).mark(marks);
        }
        if dynamic {
            let headers: Vec<Span> = self.made.iter().map(|made| made.header).collect();
            check_count(kind, self.nested, &headers, body, self.diagnostics);
        }
        self.collect(kind).mark(marks)
    }

    fn expand(&mut self, dynamic: &super::Dynamic, pairs: Vec<(Value, Value)>) {
        for (key, value) in pairs {
            let outer = self.evaluator.scope;
            let scope = IteratorScope::new(outer, &dynamic.iterator, key, value);
            let evaluator = Evaluator { scope: &scope, functions: self.evaluator.functions };
            let label = dynamic.label.as_ref();
            let label = label.and_then(|text| label_of(text, &evaluator, self.diagnostics));
            let value = dynamic.body.evaluate(&self.nested.block, &evaluator, self.diagnostics);
            self.made.push(Made { label, value, header: dynamic.header });
        }
    }

    fn collect(&mut self, kind: &str) -> Value {
        let made = std::mem::take(&mut self.made);
        let object = || self.nested.block.implied_type();
        match self.nested.nesting {
            BlockNesting::Single | BlockNesting::Group => {
                let first = made.into_iter().next();
                first.map_or_else(|| self.nested.empty_value(), |made| made.value)
            }
            BlockNesting::Set => {
                Value::set(object(), made.into_iter().map(|made| made.value).collect())
            }
            BlockNesting::List => {
                let items = made.into_iter().map(|made| made.value).collect();
                let element = object();
                if element.has_dynamic() {
                    Value::tuple(items)
                } else {
                    Value::list(element, items)
                }
            }
            BlockNesting::Map => {
                let entries = self.keyed(kind, made);
                let element = object();
                if element.has_dynamic() {
                    Value::object(entries)
                } else {
                    Value::map(element, entries)
                }
            }
        }
    }

    fn keyed(&mut self, kind: &str, made: Vec<Made>) -> Entries {
        let mut entries: Vec<(Arc<str>, Value)> = Vec::with_capacity(made.len());
        let mut seen = std::collections::BTreeMap::new();
        for made in made {
            let Some(label) = made.label else { continue };
            if let Some(first) = seen.insert(label.clone(), made.header) {
                let detail = format!("A `{kind}` block with the key `{label}` was already given");
                self.diagnostics.push(
                    Diagnostic::error(format!("Duplicate {kind} block"), detail)
                        .at(made.header)
                        .label(first, "the first one is here"),
                );
            }
            entries.push((label, made.value));
        }
        entries.into_iter().collect()
    }
}
