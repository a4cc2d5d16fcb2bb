//! A reference by itself: is what it names there, and does it lead somewhere?

use platoform_diagnostic::{Diagnostic, Span};
use platoform_lang::tree::{Ident, Reference, Step};
use platoform_schema::Mode;

use super::traversal::traversal;
use super::{ReferenceChecker, Surroundings};
use crate::reference::{INVALID, Referent, Subject, is_static};
use crate::suggest::did_you_mean;
use crate::{Repetition, Resource, ResourceId};

impl ReferenceChecker<'_> {
    /// Checks one reference.
    pub fn check(&mut self, reference: &Reference<'_>) {
        let around = self.around;
        let referent = match Referent::of(reference) {
            Ok(referent) => referent,
            Err(error) => return self.invalid(reference.root, error, around),
        };
        match &referent.subject {
            Subject::Resource(id) => self.resource_reference(id, &referent),
            Subject::Module(name) => self.module_reference(name, &referent),
            Subject::Myself => match around.myself {
                Some(resource) => self.attributes(resource, referent.rest, referent.span),
                None => self.found.undeclared.push(no_self().at(referent.span)),
            },
            Subject::Variable(name)
            | Subject::Local(name)
            | Subject::Count(name)
            | Subject::Each(name)
            | Subject::Path(name)
            | Subject::Terraform(name) => {
                let error = self.value(reference.root, &name.name, around);
                self.found.missing.extend(error.map(|error| error.at(referent.span)));
            }
        }
    }

    /// Reports a reference that names nothing. To such an object as a whole Terraform also misses
    /// an attribute without a name, wherever the object itself is.
    fn invalid(&mut self, root: &Ident, error: Diagnostic, around: &Surroundings<'_>) {
        if error.summary == INVALID {
            self.found.missing.extend(self.value(root, "", around));
        }
        self.found.malformed.push(error);
    }

    /// What is wrong with the attribute of an object that is a value.
    fn value(&self, root: &Ident, name: &str, around: &Surroundings<'_>) -> Option<Diagnostic> {
        match &*root.name {
            "var" => self.variable(name),
            "local" => self.local(name),
            "count" => count(name, around),
            "each" => each(name, around),
            "path" => path(name),
            "terraform" | "tofu" | "platoform" => terraform(&root.name, name),
            _ => None,
        }
    }

    fn variable(&self, name: &str) -> Option<Diagnostic> {
        let variables = &self.module.variables;
        (!variables.contains_key(name)).then(|| {
            let detail =
                format!("An input variable with the name \"{name}\" has not been declared");
            let near = did_you_mean(name, variables.keys().map(|name| &**name));
            let declare =
                || format!("this variable can be declared with a `variable \"{name}\" {{}}` block");
            Diagnostic::error("Reference to undeclared input variable", detail)
                .help(near.unwrap_or_else(declare))
        })
    }

    fn local(&self, name: &str) -> Option<Diagnostic> {
        let locals = &self.module.locals;
        (!locals.contains_key(name)).then(|| {
            let detail = format!("A local value with the name \"{name}\" has not been declared");
            let mut error = Diagnostic::error("Reference to undeclared local value", detail);
            error.help = did_you_mean(name, locals.keys().map(|name| &**name));
            error
        })
    }

    fn module_reference(&mut self, name: &Ident, referent: &Referent<'_>) {
        let calls = &self.module.calls;
        if calls.contains_key(&name.name) {
            return;
        }
        let place = self.place();
        let detail = format!("No module call named \"{}\" is declared in {place}", name.name);
        let mut error = Diagnostic::error("Reference to undeclared module", detail);
        error.help = did_you_mean(&name.name, calls.keys().map(|name| &**name));
        self.found.undeclared.push(error.at(module_span(referent)));
    }

    fn resource_reference(&mut self, id: &ResourceId, referent: &Referent<'_>) {
        let (key, rest) = match referent.rest {
            [key @ Step::Index(..), rest @ ..] if is_static(key) => (Some(key), rest),
            rest => (None, rest),
        };
        let span = key.map_or(referent.span, |key| referent.span.to(key.span()));
        let module = self.module;
        let Some(resource) = module.resources.get(id) else {
            let error = self.undeclared(id).at(span);
            return self.found.undeclared.push(error);
        };
        if let Some(check) = &resource.check
            && self.around.check != Some(&**check)
        {
            let detail = format!(
                "The referenced data resource \"{}\" \"{}\" is not available from this context",
                id.kind, id.name
            );
            self.found.undeclared.push(
                Diagnostic::error("Reference to scoped resource", detail)
                    .at(span)
                    .label(resource.header, "it is declared here, for one check only"),
            );
        }
        let repeated = !matches!(resource.repetition, Repetition::Single | Repetition::Enabled(_));
        if key.is_some() && !repeated {
            self.found.undeclared.push(unexpected_key(id).at(span));
        }
        if key.is_none() && repeated && matches!(rest.first(), Some(Step::Attribute(_))) {
            self.found.undeclared.push(missing_key(id, resource).at(span));
        }
        self.attributes(resource, rest, span);
    }

    /// Checks that the steps after a resource lead somewhere in its schema.
    fn attributes(&mut self, resource: &Resource, rest: &[Step], span: Span) {
        let Some(Step::Attribute(name)) = rest.first() else { return };
        let id = &resource.id;
        if &*name.name == "count" {
            return self.found.undeclared.push(count_attribute(id).at(span));
        }
        if resource.content.is_known() {
            let error = traversal(&resource.content.schema().block, rest);
            self.found.undeclared.extend(error);
        } else {
            // Nobody knows what it has.
            let unknown = resource.content.diagnostics().iter().next();
            let error =
                unknown.map(|found| Diagnostic::error(&*found.summary, &*found.detail).at(span));
            self.found.undeclared.extend(error);
        }
    }

    fn undeclared(&self, id: &ResourceId) -> Diagnostic {
        let what = match id.mode {
            Mode::Managed => "A managed",
            Mode::Data => "A data",
            Mode::Ephemeral => "An ephemeral",
        };
        let mut error = Diagnostic::error(
            "Reference to undeclared resource",
            format!(
                "{what} resource \"{}\" \"{}\" has not been declared in {}",
                id.kind,
                id.name,
                self.place()
            ),
        );
        let data = ResourceId { mode: Mode::Data, ..id.clone() };
        if self.module.resources.contains_key(&data) {
            error.help = Some(format!("did you mean the data resource `{data}`?"));
        } else {
            let same = self
                .module
                .resources
                .keys()
                .filter(|known| known.mode == id.mode && known.kind == id.kind);
            error.help = did_you_mean(&id.name, same.map(|known| &*known.name));
        }
        error
    }
}

fn no_self() -> Diagnostic {
    Diagnostic::error(
        "Invalid \"self\" reference",
        "The \"self\" object is not available in this context. This object can be used only in \
         resource provisioner, connection, and postcondition blocks",
    )
}

/// The place of an attribute step with its dot, as Terraform points to it.
pub(super) fn dotted(name: &Ident) -> Span {
    Span { start: name.span.start.saturating_sub(1), ..name.span }
}

/// The place of a reference to a module: key and output belong to it.
fn module_span(referent: &Referent<'_>) -> Span {
    let steps = referent.rest.iter().take_while(|step| is_static(step));
    let named = match referent.rest {
        [Step::Index(..), Step::Attribute(_), ..] => 2,
        _ => 1,
    };
    steps.take(named).fold(referent.span, |span, step| span.to(step.span()))
}

fn no_attribute(object: &str, name: &str, more: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Invalid \"{object}\" attribute"),
        format!("The \"{object}\" object does not have an attribute named \"{name}\"{more}"),
    )
}

fn count(name: &str, around: &Surroundings<'_>) -> Option<Diagnostic> {
    if name != "index" {
        let only = ". The only supported attribute is count.index, which is the index of each \
                    instance of a resource block that has the \"count\" argument set";
        return Some(no_attribute("count", name, only));
    }
    (!around.count).then(|| {
        Diagnostic::error(
            "Reference to \"count\" in non-counted context",
            "The \"count\" object can only be used in \"module\", \"resource\", and \"data\" \
             blocks, and only when the \"count\" argument is set",
        )
    })
}

fn each(name: &str, around: &Surroundings<'_>) -> Option<Diagnostic> {
    match name {
        "key" | "value" if around.each => None,
        "key" => Some(Diagnostic::error(
            "Reference to \"each\" in context without for_each",
            "The \"each\" object can be used only in \"module\" or \"resource\" blocks, and only \
             when the \"for_each\" argument is set",
        )),
        "value" => Some(Diagnostic::error(
            "each.value cannot be used in this context",
            "A reference to \"each.value\" has been used in a context in which it is unavailable, \
             such as when the configuration no longer contains the value in its \"for_each\" \
             expression. Remove this reference to each.value in your configuration to work around \
             this error",
        )),
        _ => {
            let only = ". The supported attributes are each.key and each.value, the current key and \
                        value pair of the \"for_each\" attribute set";
            Some(no_attribute("each", name, only))
        }
    }
}

fn path(name: &str) -> Option<Diagnostic> {
    const NAMES: [&str; 3] = ["cwd", "module", "root"];
    (!NAMES.contains(&name)).then(|| {
        let mut error = no_attribute("path", name, "");
        error.help = did_you_mean(name, NAMES);
        error
    })
}

fn terraform(root: &str, name: &str) -> Option<Diagnostic> {
    match name {
        "workspace" | "applying" => None,
        "env" => Some(Diagnostic::error(
            format!("Invalid \"{root}\" attribute"),
            "The terraform.env attribute was deprecated in v0.10 and removed in v0.12. The \"state \
             environment\" concept was renamed to \"workspace\" in v0.12, and so the workspace name \
             can now be accessed using the terraform.workspace attribute",
        )),
        _ => {
            let only = format!(
                ". The only supported attributes are {root}.workspace, the name of the \
                 currently-selected workspace, and {root}.applying, a boolean which is true only \
                 during apply"
            );
            Some(no_attribute(root, name, &only))
        }
    }
}

fn missing_key(id: &ResourceId, resource: &Resource) -> Diagnostic {
    let (argument, key) = match resource.repetition {
        Repetition::ForEach(_) => ("for_each", "each.key"),
        _ => ("count", "count.index"),
    };
    let detail = format!(
        "Because {id} has \"{argument}\" set, its attributes must be accessed on specific instances"
    );
    Diagnostic::error("Missing resource instance key", detail).help(format!(
        "for example, to correlate with indices of a referring resource, use: `{id}[{key}]`"
    ))
}

fn unexpected_key(id: &ResourceId) -> Diagnostic {
    let detail = format!(
        "Because {id} does not have \"count\" or \"for_each\" set, references to it must not include \
         an index key. Remove the bracketed index to refer to the single instance of this resource"
    );
    Diagnostic::error("Unexpected resource instance key", detail)
}

fn count_attribute(id: &ResourceId) -> Diagnostic {
    let detail = format!(
        "The special \"count\" attribute is no longer supported. Instead, use length({id}) to count \
         resource instances"
    );
    Diagnostic::error("Invalid resource count attribute", detail)
}
