//! `variable`, `locals` and `output` blocks.

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, Span};
use platoform_lang::eval::defaults::Defaults;
use platoform_lang::tree::{Attribute, Block, Expression, ExpressionKind, Ident, Label, ObjectKey};
use platoform_value::{Type, Value};

use super::constant;
use super::definition::Definition;
use super::fields::{Fields, Shape, check_name, labels, no_blocks, no_labels};
use super::repetition::{is_broken, references};
use crate::reference::{Referent, Subject};
use crate::{Condition, Local, Output, Variable, VariableError};

const VARIABLE: Shape = Shape {
    required: &[],
    optional: &["description", "default", "type", "sensitive", "nullable", "ephemeral"],
    blocks: &["validation"],
    open: false,
};
const OUTPUT: Shape = Shape {
    required: &["value"],
    optional: &["description", "sensitive", "depends_on", "ephemeral"],
    blocks: &["precondition", "postcondition"],
    open: false,
};
const CONDITION: Shape =
    Shape { required: &["condition", "error_message"], optional: &[], blocks: &[], open: false };
/// Names that mean something of their own in `module` blocks.
const RESERVED: [&str; 8] =
    ["source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"];

fn ident(label: &Label) -> Ident {
    Ident { name: label.text.clone(), span: label.span }
}

/// Adds a `variable` block.
pub(super) fn variable(block: &Block, definition: &mut Definition, diagnostics: &mut Diagnostics) {
    let Some([label]) = labels(block, &["name"], diagnostics) else { return };
    check_name("variable name", label, diagnostics);
    if RESERVED.contains(&&*label.text) {
        diagnostics.push(
            Diagnostic::error(
                "Invalid variable name",
                format!("The name `{}` has a meaning of its own in `module` blocks", label.text),
            )
            .at(label.span),
        );
    }
    let fields = Fields::read(&block.body, &VARIABLE, diagnostics);
    let (kind, defaults) = fields
        .get("type")
        .and_then(|attribute| constraint(&attribute.expression, diagnostics))
        .unwrap_or_else(|| (Type::Dynamic, Defaults::default()));
    let flag = |name, diagnostics: &mut Diagnostics| {
        fields.get(name).and_then(|attribute| constant::boolean(attribute, diagnostics))
    };
    let mut variable = Variable {
        name: ident(label),
        literal: kind.is_primitive() || fields.get("type").is_none(),
        kind,
        defaults,
        default: None,
        description: description(&fields, diagnostics),
        sensitive: flag("sensitive", diagnostics).unwrap_or(false),
        ephemeral: flag("ephemeral", diagnostics).unwrap_or(false),
        nullable: flag("nullable", diagnostics).unwrap_or(fields.get("nullable").is_none()),
        validations: Vec::new(),
        header: block.header,
    };
    if let Some(attribute) = fields.get("default") {
        set_default(&mut variable, attribute, diagnostics);
    }
    for inner in &fields.blocks {
        if !no_labels(inner, diagnostics) {
            continue;
        }
        let rule = Rule::read(inner, diagnostics);
        check_validation(&label.text, &rule, diagnostics);
        variable.validations.extend(rule.condition());
    }
    let old = definition.variables.insert(label.text.clone(), Arc::new(variable));
    if let Some(first) = old {
        let detail = format!("There is already a variable named `{}` in this module", label.text);
        diagnostics.push(
            Diagnostic::error("Duplicate variable declaration", detail)
                .at(block.header)
                .label(first.header, "the first one is here"),
        );
    }
}

fn description(fields: &Fields<'_>, diagnostics: &mut Diagnostics) -> Option<Arc<str>> {
    constant::text(fields.get("description")?, diagnostics)
}

fn set_default(variable: &mut Variable, attribute: &Attribute, diagnostics: &mut Diagnostics) {
    let value = match constant::value(&attribute.expression) {
        Ok(value) => value,
        Err(errors) => {
            diagnostics.extend(errors);
            outline(&attribute.expression)
        }
    };
    let null = value.is_known() && value.is_null();
    match variable.convert(&value) {
        Ok(_) if null && !variable.nullable => diagnostics.push(
            Diagnostic::error(
                "Invalid default value for variable",
                "The default must not be null where `nullable = false`",
            )
            .at(attribute.expression.span),
        ),
        Ok(value) => variable.default = Some(value),
        Err(VariableError::Unsuitable(why)) => diagnostics.push(
            Diagnostic::error(
                "Invalid default value for variable",
                format!("The default does not fit the variable's type constraint: {why}"),
            )
            .at(attribute.expression.span),
        ),
        Err(VariableError::Missing | VariableError::Null) => {}
    }
}

/// What is known of the value of an expression with errors in it: whether it is text, a tuple or an
/// object.
fn outline(expression: &Expression) -> Value {
    let unknown = || Value::unknown(Type::Dynamic);
    match &expression.kind {
        ExpressionKind::Template(_) => Value::unknown(Type::String),
        ExpressionKind::Tuple(items) => Value::tuple(items.iter().map(|_| unknown()).collect()),
        ExpressionKind::Object(items) => {
            let entries = items.iter().map(|(key, _)| match key {
                ObjectKey::Name(name) => Some((name.name.clone(), unknown())),
                ObjectKey::Property(_) | ObjectKey::Expression(_) => None,
            });
            entries.collect::<Option<_>>().map_or_else(unknown, Value::object)
        }
        _ => unknown(),
    }
}

/// Reads a type constraint; `None` when it is wrong.
fn constraint(expression: &Expression, diagnostics: &mut Diagnostics) -> Option<(Type, Defaults)> {
    // Short for `list(any)` and `map(any)`; only whole constraints can be that.
    if let ExpressionKind::Traversal(name, steps) = &expression.kind
        && steps.is_empty()
    {
        match &*name.name {
            "list" => return Some((Type::list(Type::Dynamic), Defaults::default())),
            "map" => return Some((Type::map(Type::Dynamic), Defaults::default())),
            _ => {}
        }
    }
    match constant::type_constraint(expression) {
        Ok(found) => Some(found),
        Err(errors) => {
            diagnostics.extend(errors);
            None
        }
    }
}

/// A block with `condition` and `error_message`, as far as it has them.
pub(super) struct Rule {
    test: Option<Arc<Expression>>,
    message: Option<Arc<Expression>>,
    header: Span,
}

impl Rule {
    pub(super) fn read(block: &Block, diagnostics: &mut Diagnostics) -> Self {
        let fields = Fields::read(&block.body, &CONDITION, diagnostics);
        let expression = |name| fields.get(name).map(|attribute| attribute.expression.clone());
        let test = expression("condition");
        if let Some(test) = &test {
            let mut any = false;
            test.references(&mut |_| any = true);
            if !any && !is_broken(test) {
                diagnostics.push(
                    Diagnostic::error(
                        format!("Invalid {} expression", block.kind.name),
                        "The condition refers to nothing, so its result is always the same",
                    )
                    .at(test.span),
                );
            }
        }
        Self { test, message: expression("error_message"), header: block.header }
    }

    /// The expressions that are there.
    pub(super) fn expressions(&self) -> impl Iterator<Item = &Arc<Expression>> {
        self.test.iter().chain(&self.message)
    }

    /// The condition, if nothing is missing.
    pub(super) fn condition(self) -> Option<Condition> {
        Some(Condition { condition: self.test?, message: self.message?, header: self.header })
    }
}

fn check_validation(name: &str, rule: &Rule, diagnostics: &mut Diagnostics) {
    let Some(test) = &rule.test else { return };
    let mut itself = false;
    test.references(&mut |reference| {
        if let Ok(Referent { subject: Subject::Variable(variable), .. }) = Referent::of(&reference)
        {
            itself |= *variable.name == *name;
        }
    });
    if !itself {
        diagnostics.push(
            Diagnostic::error(
                "Invalid variable validation condition",
                format!("The condition for variable `{name}` must refer to `var.{name}`"),
            )
            .at(test.span),
        );
    }
}

/// Adds the values of a `locals` block.
pub(super) fn locals(block: &Block, definition: &mut Definition, diagnostics: &mut Diagnostics) {
    if !no_labels(block, diagnostics) {
        return;
    }
    no_blocks(&block.body, diagnostics);
    for attribute in &block.body.attributes {
        let name = attribute.name.clone();
        // Only JSON syntax lets through what is no name.
        let label = Label { text: name.name.clone(), span: name.span };
        check_name("local value name", &label, diagnostics);
        let local = Local { name: name.clone(), expression: attribute.expression.clone() };
        if let Some(first) = definition.locals.insert(name.name.clone(), Arc::new(local)) {
            let detail = format!("There is already a local value named `{}` here", name.name);
            diagnostics.push(
                Diagnostic::error("Duplicate local value definition", detail)
                    .at(attribute.span)
                    .label(first.name.span, "the first one is here"),
            );
        }
    }
}

/// Adds an `output` block.
pub(super) fn output(block: &Block, definition: &mut Definition, diagnostics: &mut Diagnostics) {
    let Some([label]) = labels(block, &["name"], diagnostics) else { return };
    check_name("output name", label, diagnostics);
    let read = if definition.overriding { Fields::partial } else { Fields::read };
    let fields = read(&block.body, &OUTPUT, diagnostics);
    let flag = |name, diagnostics: &mut Diagnostics| {
        fields.get(name).and_then(|attribute| constant::boolean(attribute, diagnostics))
    };
    let value = fields.get("value").map(|attribute| attribute.expression.clone());
    let nothing = || {
        let kind = ExpressionKind::Literal(platoform_value::Value::null(Type::Dynamic));
        Arc::new(Expression { kind, span: block.header })
    };
    let output = Output {
        name: ident(label),
        // Without a value the configuration is not used, but its other mistakes are still found.
        expression: value.unwrap_or_else(nothing),
        description: description(&fields, diagnostics),
        sensitive: flag("sensitive", diagnostics).unwrap_or(false),
        ephemeral: flag("ephemeral", diagnostics).unwrap_or(false),
        depends_on: references(fields.get("depends_on"), diagnostics),
        preconditions: preconditions(&fields, diagnostics),
        header: block.header,
    };
    if let Some(first) = definition.outputs.insert(label.text.clone(), Arc::new(output)) {
        let detail = format!("There is already an output named `{}` in this module", label.text);
        diagnostics.push(
            Diagnostic::error("Duplicate output definition", detail)
                .at(block.header)
                .label(first.header, "the first one is here"),
        );
    }
}

fn preconditions(fields: &Fields<'_>, diagnostics: &mut Diagnostics) -> Vec<Condition> {
    let mut found = Vec::new();
    for inner in &fields.blocks {
        if !no_labels(inner, diagnostics) {
            continue;
        }
        if &*inner.kind.name == "postcondition" {
            diagnostics.push(
                Diagnostic::error(
                    "Postconditions are not allowed",
                    "An output can only have preconditions: nothing comes after its value",
                )
                .at(inner.kind.span),
            );
            continue;
        }
        found.extend(Rule::read(inner, diagnostics).condition());
    }
    found
}
