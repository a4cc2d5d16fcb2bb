//! What a reference in an expression means: the only place that reads `var.x`, `data.a.b` and the
//! like.

use platoform_diagnostic::{Diagnostic, Span};
use platoform_lang::tree::{Expression, ExpressionKind, Ident, Reference, Step};
use platoform_schema::Mode;
use platoform_value::{Data, Value};

use crate::ResourceId;

/// The headline of a reference that lacks what names an object.
pub(crate) const INVALID: &str = "Invalid reference";

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
    /// "Invalid reference" when the steps that name an object are missing, "Invalid index key",
    /// "Reserved symbol name".
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
            "module" => with_key(one(Subject::Module)?, "module"),
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
                format!(
                    "The symbol name \"{}\" is reserved for use in a future version",
                    root.name
                ),
            )
            .at(root.span)
            .help(format!("write `resource.{}` if it is a resource type", root.name))),
            _ => {
                let span = match steps.first() {
                    Some(Step::Attribute(name)) => {
                        let subject = resource(Mode::Managed, root, name);
                        let span = root.span.to(name.span);
                        return with_key(Self { subject, rest: &steps[1..], span }, "resource");
                    }
                    Some(Step::Index(_, span)) if is_static(&steps[0]) => *span,
                    _ => root.span,
                };
                Err(unnamed(Mode::Managed)
                    .at(span)
                    .help(format!("text is written in quotes: `\"{}\"`", root.name)))
            }
        }
    }
}

/// Whether a step leads somewhere that can be told without evaluating anything: those after one
/// that does not are not part of what a reference names.
pub(crate) fn is_static(step: &Step) -> bool {
    match step {
        Step::Attribute(_) => true,
        Step::Index(key, _) => literal(key).is_some(),
        Step::Splat(..) => false,
    }
}

/// The value of a key that is written out.
fn literal(key: &Expression) -> Option<&Value> {
    match &key.kind {
        ExpressionKind::Literal(value) => Some(value),
        _ => None,
    }
}

fn resource<'a>(mode: Mode, kind: &Ident, name: &Ident) -> Subject<'a> {
    Subject::Resource(ResourceId { mode, kind: kind.name.clone(), name: name.name.clone() })
}

/// The same, if the key that may follow can be one of an instance.
fn with_key<'a>(referent: Referent<'a>, what: &str) -> Result<Referent<'a>, Diagnostic> {
    let Some(Step::Index(key, span)) = referent.rest.first() else { return Ok(referent) };
    let wrong = match literal(key).map(Value::data) {
        None | Some(Data::String(_)) => return Ok(referent),
        Some(Data::Number(number)) if number.as_i64().is_some() => return Ok(referent),
        Some(Data::Number(_)) => {
            format!("value must be a whole number, between {} and {}", i64::MIN, i64::MAX)
        }
        Some(_) => "either a string or an integer is required".to_owned(),
    };
    let detail = format!("Invalid index for {what} instance: {wrong}");
    Err(Diagnostic::error("Invalid index key", detail).at(*span))
}

/// `data.KIND.NAME` and the like.
fn prefixed<'a>(reference: &Reference<'a>, mode: Mode) -> Result<Referent<'a>, Diagnostic> {
    let (root, steps) = (reference.root, reference.steps);
    let traversal = steps.iter().take_while(|step| is_static(step)).count();
    let (first, second) = match &steps[..traversal] {
        [first, second, ..] => (first, second),
        short => {
            let kind = match mode {
                Mode::Managed => "resource type",
                Mode::Data => "data source type",
                Mode::Ephemeral => "ephemeral resource type",
            };
            let detail = format!(
                "The \"{}\" object must be followed by two attribute names: the {kind} and the \
                 resource name",
                root.name
            );
            let span = short.last().map_or(root.span, |last| root.span.to(last.span()));
            return Err(Diagnostic::error(INVALID, detail).at(span));
        }
    };
    let Step::Attribute(kind) = first else {
        return Err(unsupported(root).at(first.span()));
    };
    let Step::Attribute(name) = second else {
        return Err(unnamed(mode).at(second.span()));
    };
    let span = root.span.to(name.span);
    with_key(Referent { subject: resource(mode, kind, name), rest: &steps[2..], span }, "resource")
}

fn single<'a>(root: &Ident, steps: &'a [Step]) -> Result<&'a Ident, Diagnostic> {
    match steps.first() {
        Some(Step::Attribute(name)) => Ok(name),
        Some(other) if is_static(other) => Err(unsupported(root).at(other.span())),
        _ => {
            let detail = format!(
                "The \"{}\" object cannot be accessed directly. Instead, access one of its \
                 attributes",
                root.name
            );
            Err(Diagnostic::error(INVALID, detail).at(root.span))
        }
    }
}

fn unsupported(root: &Ident) -> Diagnostic {
    let detail = format!("The \"{}\" object does not support this operation", root.name);
    Diagnostic::error(INVALID, detail)
}

fn unnamed(mode: Mode) -> Diagnostic {
    let what = if mode == Mode::Data { "data source" } else { "resource type" };
    let detail = format!(
        "A reference to a {what} must be followed by at least one attribute access, specifying the \
         resource name"
    );
    Diagnostic::error(INVALID, detail)
}
