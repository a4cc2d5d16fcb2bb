//! A reference by itself: is what it names there, and does it lead somewhere?

use platoform_diagnostic::{Diagnostic, Span};
use platoform_lang::tree::{Ident, Reference, Step};
use platoform_schema::{Block, Mode};
use platoform_value::Type;

use super::{Around, Checker};
use crate::load::definition::{Definition, ResourceDefinition};
use crate::reference::{Referent, Subject};
use crate::suggest::did_you_mean;
use crate::{Repetition, ResourceId};

impl Checker<'_> {
    pub(super) fn reference(&mut self, reference: &Reference<'_>, around: Around) {
        let referent = match Referent::of(reference) {
            Ok(referent) => referent,
            Err(error) => return self.diagnostics.push(error),
        };
        let error = match &referent.subject {
            Subject::Variable(name) => self.variable(name),
            Subject::Local(name) => self.local(name),
            Subject::Resource(id) => return self.resource_reference(id, &referent),
            Subject::Module(name) => self.module(name, &referent),
            Subject::Count(name) => attribute_of("count", name, &["index"])
                .or_else(|| (!around.count).then(|| out_of_place("count", "non-counted context"))),
            Subject::Each(name) => attribute_of("each", name, &["key", "value"]).or_else(|| {
                (!around.each).then(|| out_of_place("each", "context without for_each"))
            }),
            Subject::Path(name) => attribute_of("path", name, &["module", "root", "cwd"]),
            Subject::Terraform(name) => {
                attribute_of(&reference.root.name, name, &["workspace", "applying"])
            }
            Subject::Myself => (!around.myself).then(|| {
                Diagnostic::error(
                    "Invalid \"self\" reference",
                    "`self` has a meaning in `postcondition` blocks only",
                )
            }),
        };
        if let Some(error) = error {
            self.diagnostics.push(error.at_default(Some(referent.span)));
        }
    }

    fn variable(&self, name: &Ident) -> Option<Diagnostic> {
        let Definition { variables, lost, .. } = self.definition;
        (!variables.contains_key(&name.name) && !lost.may_declare(&name.name)).then(|| {
            let mut error = Diagnostic::error(
                "Reference to undeclared input variable",
                format!("No input variable named `{}` is declared in this module", name.name),
            );
            let near = did_you_mean(&name.name, variables.keys().map(|name| &**name));
            let declare = || format!("declare it: `variable \"{}\" {{}}`", name.name);
            error.help = near.or_else(|| Some(declare()));
            error
        })
    }

    fn local(&self, name: &Ident) -> Option<Diagnostic> {
        let Definition { locals, lost, .. } = self.definition;
        (!locals.contains_key(&name.name) && !lost.may_declare_local(&name.name)).then(|| {
            let mut error = Diagnostic::error(
                "Reference to undeclared local value",
                format!("No local value named `{}` is declared in this module", name.name),
            );
            error.help = did_you_mean(&name.name, locals.keys().map(|name| &**name));
            error
        })
    }

    fn module(&self, name: &Ident, referent: &Referent<'_>) -> Option<Diagnostic> {
        let Definition { calls, lost, .. } = self.definition;
        if lost.may_declare(&name.name) {
            return None;
        }
        let Some(call) = calls.get(&name.name) else {
            let mut error = Diagnostic::error(
                "Reference to undeclared module",
                format!("No module call named `{}` is declared in this module", name.name),
            );
            error.help = did_you_mean(&name.name, calls.keys().map(|name| &**name));
            return Some(error);
        };
        let repeated = !matches!(call.repetition, Repetition::Single | Repetition::Enabled(_));
        let output = match referent.rest {
            [Step::Attribute(output), ..] if !repeated => output,
            [Step::Index(..), Step::Attribute(output), ..] if repeated => output,
            _ => return None,
        };
        let Definition { outputs, lost, .. } = self.definitions.callee(self.definition, call)?;
        if outputs.contains_key(&output.name) || lost.may_declare(&output.name) {
            return None;
        }
        let detail = format!("The module `{}` has no output named `{}`", name.name, output.name);
        let mut error = Diagnostic::error("Unsupported attribute", detail).at(dotted(output));
        error.help = did_you_mean(&output.name, outputs.keys().map(|name| &**name));
        Some(error)
    }

    fn resource_reference(&mut self, id: &ResourceId, referent: &Referent<'_>) {
        // A broken resource may also have lost what it says about its repetition.
        let broken = self.definition.lost.may_declare(&id.name);
        let Some(resource) = self.definition.resources.get(id) else {
            let error = (!broken).then(|| self.undeclared(id).at(referent.span));
            return self.diagnostics.extend(error);
        };
        let repeated = !matches!(resource.repetition, Repetition::Single | Repetition::Enabled(_));
        let rest = match referent.rest {
            [Step::Index(_, span), rest @ ..] => {
                if !repeated && !broken {
                    let detail = format!(
                        "`{id}` has neither `count` nor `for_each`, so there is no key to give"
                    );
                    self.diagnostics.push(
                        Diagnostic::error("Unexpected resource instance key", detail)
                            .at(referent.span.to(*span)),
                    );
                }
                rest
            }
            [Step::Attribute(_), ..] if repeated && !broken => {
                self.diagnostics.push(missing_key(id, resource).at(referent.span));
                return;
            }
            rest => rest,
        };
        if let [Step::Attribute(name), rest @ ..] = rest
            && resource.content.is_known()
        {
            let error = attribute(&resource.content.schema().block, name, rest);
            self.diagnostics.extend(error);
        }
    }

    fn undeclared(&self, id: &ResourceId) -> Diagnostic {
        let what = match id.mode {
            Mode::Managed => "resource",
            Mode::Data => "data source",
            Mode::Ephemeral => "ephemeral resource",
        };
        let mut error = Diagnostic::error(
            "Reference to undeclared resource",
            format!("No {what} `{id}` is declared in this module"),
        );
        let data = ResourceId { mode: Mode::Data, ..id.clone() };
        if self.definition.resources.contains_key(&data) {
            error.help = Some(format!("did you mean `{data}`?"));
        } else {
            let same = self
                .definition
                .resources
                .keys()
                .filter(|known| known.mode == id.mode && known.kind == id.kind);
            error.help = did_you_mean(&id.name, same.map(|known| &*known.name));
        }
        error
    }
}

/// The place of an attribute step with its dot, as Terraform points to it.
pub(super) fn dotted(name: &Ident) -> Span {
    Span { start: name.span.start.saturating_sub(1), ..name.span }
}

fn attribute_of(object: &str, name: &Ident, known: &[&str]) -> Option<Diagnostic> {
    (!known.contains(&&*name.name)).then(|| {
        Diagnostic::error(
            format!("Invalid \"{object}\" attribute"),
            format!("`{object}` has no attribute `{}`: it has {}", name.name, known.join(", ")),
        )
    })
}

fn out_of_place(object: &str, place: &str) -> Diagnostic {
    let argument = if object == "each" { "for_each" } else { object };
    Diagnostic::error(
        format!("Reference to \"{object}\" in {place}"),
        format!("`{object}` has a meaning only in a block that sets `{argument}`"),
    )
}

fn missing_key(id: &ResourceId, resource: &ResourceDefinition) -> Diagnostic {
    let (argument, key) = match resource.repetition {
        Repetition::ForEach(_) => ("for_each", "each.key"),
        _ => ("count", "count.index"),
    };
    Diagnostic::error(
        "Missing resource instance key",
        format!(
            "`{id}` has `{argument}` set, so an instance must be named to reach its attributes"
        ),
    )
    .help(format!("write `{id}[{key}]` for the instance that corresponds to this one"))
}

/// Checks that a reference to an attribute leads somewhere, as far as types alone can tell.
fn attribute(schema: &Block, name: &Ident, rest: &[Step]) -> Option<Diagnostic> {
    let attribute =
        schema.attributes.get(&name.name).map(platoform_schema::Attribute::implied_type);
    let block = || schema.blocks.get(&name.name).map(platoform_schema::NestedBlock::implied_type);
    let Some(kind) = attribute.or_else(block) else {
        let detail = format!("There is no argument, block or attribute named `{}`", name.name);
        let mut error = Diagnostic::error("Unsupported attribute", detail).at(dotted(name));
        let names = schema.attributes.keys().chain(schema.blocks.keys());
        error.help = did_you_mean(&name.name, names.map(|name| &**name));
        return Some(error);
    };
    let mut kind = kind;
    for step in rest {
        kind = match (&kind, step) {
            (Type::Object(object), Step::Attribute(name)) => {
                let Some(inner) = object.attributes.get(&name.name) else {
                    let detail = format!("There is no attribute named `{}`", name.name);
                    let names = object.attributes.keys().map(|name| &**name);
                    let mut error =
                        Diagnostic::error("Unsupported attribute", detail).at(dotted(name));
                    error.help = did_you_mean(&name.name, names);
                    return Some(error);
                };
                inner.clone()
            }
            (Type::List(_) | Type::Map(_), Step::Index(..)) => kind.element()?.clone(),
            _ => return None,
        };
    }
    None
}
