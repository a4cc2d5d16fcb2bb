//! What a reference in an expression means: the only place that reads `var.x`, `data.a.b` and the
//! like.

use platoform_diagnostic::{Diagnostic, Span};
use platoform_lang::tree::{Ident, Reference, Step};
use platoform_schema::Mode;

use crate::ResourceId;

/// The object a reference is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject<'a> {
    /// `var.NAME`
    Variable(&'a Ident),
    /// `local.NAME`
    Local(&'a Ident),
    /// `KIND.NAME`, `resource.KIND.NAME`, `data.KIND.NAME` or `ephemeral.KIND.NAME`
    Resource(ResourceId),
    /// `module.NAME`
    Module(&'a Ident),
    /// `count.index`
    Count(&'a Ident),
    /// `each.key` or `each.value`
    Each(&'a Ident),
    /// `path.module`, `path.root` or `path.cwd`
    Path(&'a Ident),
    /// `terraform.workspace`
    Terraform(&'a Ident),
    /// `self`
    Myself,
}

/// A reference understood.
#[derive(Clone, Debug)]
pub struct Referent<'a> {
    /// What it is about.
    pub subject: Subject<'a>,
    /// The steps after it, keys and attributes.
    pub rest: &'a [Step],
    /// The root name and the steps that name the subject, without `rest`.
    pub span: Span,
}

impl<'a> Referent<'a> {
    /// Finds out what a reference is about, without asking whether that is declared.
    ///
    /// # Errors
    /// "Invalid reference" when the steps that name an object are missing, "Reserved symbol name".
    pub fn of(reference: &Reference<'a>) -> Result<Self, Diagnostic> {
        let (root, steps) = (reference.root, reference.steps);
        let one = |subject: fn(&'a Ident) -> Subject<'a>| {
            let name = single(root, steps)?;
            let span = root.span.to(name.span);
            Ok(Self { subject: subject(name), rest: &steps[1..], span })
        };
        match &*root.name {
            "var" => one(Subject::Variable),
            "local" => one(Subject::Local),
            "module" => one(Subject::Module),
            "count" => one(Subject::Count),
            "each" => one(Subject::Each),
            "path" => one(Subject::Path),
            "terraform" | "tofu" | "platoform" => one(Subject::Terraform),
            "self" => Ok(Self { subject: Subject::Myself, rest: steps, span: root.span }),
            "data" => prefixed(reference, Mode::Data),
            "resource" => prefixed(reference, Mode::Managed),
            "ephemeral" => prefixed(reference, Mode::Ephemeral),
            "template" | "lazy" | "arg" => Err(Diagnostic::error(
                "Reserved symbol name",
                format!("The name `{}` is reserved", root.name),
            )
            .at(root.span)
            .help(format!("write `resource.{}` if it is a kind of resource", root.name))),
            _ => {
                let Some(Step::Attribute(name)) = steps.first() else {
                    return Err(unnamed(root, reference.span));
                };
                Ok(Self {
                    subject: resource(Mode::Managed, root, name),
                    rest: &steps[1..],
                    span: root.span.to(name.span),
                })
            }
        }
    }
}

fn resource<'a>(mode: Mode, kind: &Ident, name: &Ident) -> Subject<'a> {
    Subject::Resource(ResourceId { mode, kind: kind.name.clone(), name: name.name.clone() })
}

/// `data.KIND.NAME` and the like.
fn prefixed<'a>(reference: &Reference<'a>, mode: Mode) -> Result<Referent<'a>, Diagnostic> {
    let (root, steps) = (reference.root, reference.steps);
    match steps {
        [Step::Attribute(kind), Step::Attribute(name), rest @ ..] => {
            let span = root.span.to(name.span);
            Ok(Referent { subject: resource(mode, kind, name), rest, span })
        }
        _ => {
            let what = match mode {
                Mode::Managed => "resource kind",
                Mode::Data => "data source",
                Mode::Ephemeral => "ephemeral resource kind",
            };
            Err(Diagnostic::error(
                "Invalid reference",
                format!("`{}` must be followed by two names: the {what} and its name", root.name),
            )
            .at(reference.span))
        }
    }
}

fn single<'a>(root: &Ident, steps: &'a [Step]) -> Result<&'a Ident, Diagnostic> {
    match steps.first() {
        Some(Step::Attribute(name)) => Ok(name),
        Some(other) => Err(Diagnostic::error(
            "Invalid reference",
            format!("The `{}` object does not support this operation", root.name),
        )
        .at(other.span())),
        None => Err(Diagnostic::error(
            "Invalid reference",
            format!(
                "The `{}` object cannot be used as a whole: name one of its attributes",
                root.name
            ),
        )
        .at(root.span)),
    }
}

fn unnamed(root: &Ident, span: Span) -> Diagnostic {
    Diagnostic::error(
        "Invalid reference",
        "A reference to a kind of resource must be followed by at least one name: the resource's",
    )
    .at(span)
    .help(format!("text is written in quotes: `\"{}\"`", root.name))
}
