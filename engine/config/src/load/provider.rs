//! `provider` blocks, provider references and provider sources.

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, Span};
use platoform_lang::tree::{Block, Expression, Ident, Step};

use super::definition::{Definition, ProviderReference};
use super::fields::{Fields, Shape, labels};
use super::traversal::{self, Traversal};
use super::{Loader, constant};
use crate::content::{Origin, Parts};
use crate::step_span;
use crate::{Content, ProviderBlock, ProviderSource};

const SHAPE: Shape = Shape {
    required: &[],
    optional: &["alias", "version", "count", "depends_on", "for_each", "source"],
    blocks: &["lifecycle", "locals"],
    open: true,
};

impl ProviderSource {
    /// The source that a local name means when nothing else is said.
    #[must_use]
    pub fn implied(name: &str) -> Self {
        match name {
            "terraform" => Self("terraform.io/builtin/terraform".into()),
            _ => Self(format!("registry.terraform.io/hashicorp/{name}").into()),
        }
    }

    /// Reads `[HOST/]NAMESPACE/NAME` or `NAME` and completes it.
    ///
    /// # Errors
    /// What is wrong with it, without a place.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let parts: Vec<&str> = text.split('/').collect();
        if parts.len() > 3 || parts.iter().any(|part| part.is_empty()) {
            let detail = "A source has the form `[HOST/][NAMESPACE/]NAME`";
            return Err(Diagnostic::error("Invalid provider source string", detail));
        }
        let unusable = |what: &str, part: &str| {
            let detail = format!("`{part}` cannot be the {what} of a provider: {PART}");
            Diagnostic::error(format!("Invalid provider {what}"), detail)
        };
        let part = |what: &str, part: &str| normalized(part).ok_or_else(|| unusable(what, part));
        let (host, namespace, name) = match parts.as_slice() {
            [host, namespace, name] => (*host, *namespace, *name),
            [namespace, name] => ("registry.terraform.io", *namespace, *name),
            _ => return Ok(Self::implied(&part("type", text)?)),
        };
        let name = part("type", name)?;
        let namespace = match namespace {
            // Where what was published before there were namespaces is found.
            "-" => namespace.to_owned(),
            namespace => part("namespace", namespace)?,
        };
        if let Some(short) = name.strip_prefix("terraform-") {
            let short = short.strip_prefix("provider-").unwrap_or(short);
            let detail = format!("The name of a provider does not say that it is one: `{short}`");
            return Err(Diagnostic::error("Invalid provider type", detail));
        }
        Ok(Self(format!("{}/{namespace}/{name}", host.to_lowercase()).into()))
    }

    /// The last part: what the provider is called among its like.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }
}

/// What a namespace or the name of a provider may be made of.
const PART: &str = "only letters, digits and single dashes between them are allowed";

/// A namespace or the name of a provider as it is compared; `None` when it cannot be one.
pub(super) fn normalized(text: &str) -> Option<String> {
    let allowed = |character: char| character.is_alphanumeric() || character == '-';
    let is_part = !text.is_empty()
        && text.chars().all(allowed)
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--");
    is_part.then(|| text.to_lowercase())
}

/// The error for a local name of a provider that is not written as it is compared.
pub(super) fn local_name(name: &str) -> Option<Diagnostic> {
    let (detail, help) = match normalized(name) {
        Some(normal) if normal == name => return None,
        Some(normal) => (
            "The local name of a provider is written in lower case".to_owned(),
            Some(format!("write `{normal}`")),
        ),
        None => (format!("`{name}` cannot be the local name of a provider: {PART}"), None),
    };
    let error = Diagnostic::error("Invalid provider local name", detail);
    Some(Diagnostic { help, ..error })
}

impl Definition {
    /// What a local name stands for in this module.
    pub(super) fn source(&self, name: &str) -> ProviderSource {
        let required = self.requirements.get(name);
        required.map_or_else(|| ProviderSource::implied(name), |found| found.source.clone())
    }
}

/// Reads `NAME` or `NAME.ALIAS`; `None` when it is anything else, which is reported.
pub(super) fn reference(
    argument: &str,
    expression: &Arc<Expression>,
    diagnostics: &mut Diagnostics,
) -> Option<ProviderReference> {
    let before = diagnostics.len();
    let span = expression.span;
    let expression = traversal::unquoted(expression, diagnostics);
    if diagnostics.iter().skip(before).any(Diagnostic::is_error) {
        return None;
    }
    let invalid = |detail: String, at: Span| {
        Diagnostic::error("Invalid provider configuration reference", detail).at(at)
    };
    let form = || {
        format!("`{argument}` takes a provider's local name, with or without a dot and an alias")
    };
    let Ok(traversal) = Traversal::of(&expression) else {
        diagnostics.push(invalid(form(), span));
        return None;
    };
    let alias = match traversal.steps {
        [] => None,
        [Step::Attribute(alias)] => Some(alias.name.clone()),
        [step] => {
            let detail = "An alias follows the provider's local name after a dot".to_owned();
            diagnostics.push(invalid(detail, step_span(step)));
            return None;
        }
        _ => {
            diagnostics.push(invalid(form(), span));
            return None;
        }
    };
    Some(ProviderReference { name: traversal.root.name.clone(), alias, span })
}

/// Adds a `provider` block.
pub(super) fn declare(
    loader: &mut Loader<'_>,
    block: &Block,
    definition: &mut Definition,
    diagnostics: &mut Diagnostics,
) {
    let Some([label]) = labels(block, &["name"], diagnostics) else { return };
    let fields = Fields::read(&block.body, &SHAPE, diagnostics);
    if let Some(error) = local_name(&label.text) {
        return diagnostics.push(error.at(block.header));
    }
    refuse_reserved(&fields, diagnostics);
    let alias = alias(&fields, diagnostics);
    let name = Ident { name: label.text.clone(), span: label.span };
    let key = (name.name.clone(), alias.as_ref().map(|alias| alias.name.clone()));
    if let Some(first) = definition.providers.get(&key) {
        let detail = match &alias {
            None => format!("There is already a configuration of `{}` without an alias", key.0),
            Some(alias) => format!("There is already a configuration `{}.{}`", key.0, alias.name),
        };
        diagnostics.push(
            Diagnostic::error("Duplicate provider configuration", detail)
                .at(block.header)
                .label(first.header, "the first one is here")
                .help("give each further configuration an `alias` of its own"),
        );
        return;
    }
    let for_each = fields.get("for_each").map(|attribute| attribute.expression.clone());
    let parts = Parts {
        attributes: fields.other_attributes,
        blocks: fields.other_blocks,
        deferred: fields.deferred.iter().collect(),
        span: fields.span,
    };
    let schema = loader.provider(&definition.source(&name.name));
    let content = schema.map(|schema| Arc::new(Content::decode(Origin::Provider(schema), &parts)));
    let (body, header) = (block.body.clone(), block.header);
    definition
        .providers
        .insert(key, Arc::new(ProviderBlock { name, alias, for_each, content, body, header }));
}

fn alias(fields: &Fields<'_>, diagnostics: &mut Diagnostics) -> Option<Ident> {
    let attribute = fields.get("alias")?;
    let name = constant::text(attribute, diagnostics).unwrap_or_default();
    if !crate::address::is_identifier(&name) {
        diagnostics.push(
            Diagnostic::error(
                "Invalid provider configuration alias",
                "An alias must be a name: letters, digits, underscores and dashes",
            )
            .label(attribute.expression.span, "this is none"),
        );
    }
    // One that is no text at all counts as none.
    (!name.is_empty()).then_some(Ident { name, span: attribute.expression.span })
}

fn refuse_reserved(fields: &Fields<'_>, diagnostics: &mut Diagnostics) {
    for name in ["count", "depends_on", "source"] {
        if let Some(attribute) = fields.get(name) {
            let detail = format!("The argument name `{name}` is reserved in `provider` blocks");
            diagnostics.push(
                Diagnostic::error("Reserved argument name in provider block", detail)
                    .at(attribute.name.span),
            );
        }
    }
    for block in &fields.blocks {
        let detail =
            format!("The block type `{}` is reserved in `provider` blocks", block.kind.name);
        diagnostics.push(
            Diagnostic::error("Reserved block type name in provider block", detail)
                .at(block.kind.span),
        );
    }
    if let Some(attribute) = fields.get("version") {
        super::settings::constraint(&attribute.expression, diagnostics);
        diagnostics.push(
            Diagnostic::warning(
                "Version constraints inside provider configuration blocks are deprecated",
                "The version of a provider belongs in `required_providers`",
            )
            .at(attribute.expression.span),
        );
    }
}
