//! From a body and a schema to a [`Content`].

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, Span};
use platoform_lang::json::Property;
use platoform_lang::tree::{Attribute, Block, Body};
use platoform_schema::{Block as BlockSchema, BlockNesting, NestedBlock};

use super::{Argument, Content, Decoded, Occurrence, One, Origin};
use crate::suggest::did_you_mean;

/// The parts of a body that are for the provider, without meta-arguments.
#[derive(Clone, Debug)]
pub(crate) struct Parts<'a> {
    pub(crate) attributes: Vec<&'a Attribute>,
    pub(crate) blocks: Vec<&'a Block>,
    /// Properties of JSON syntax that the schema explains.
    pub(crate) deferred: Vec<&'a Property>,
    pub(crate) span: Span,
}

impl<'a> From<&'a Body> for Parts<'a> {
    fn from(body: &'a Body) -> Self {
        Self {
            attributes: body.attributes.iter().collect(),
            blocks: body.blocks.iter().collect(),
            deferred: body.deferred.iter().collect(),
            span: body.span,
        }
    }
}

/// Where "something is missing" points to: the opening brace, or the one argument beside it.
pub(crate) fn opening(body: Span) -> Span {
    Span { end: body.start.saturating_add(1).min(body.end), ..body }
}

impl Content {
    /// Decodes what a block says.
    pub(crate) fn decode(origin: Origin, parts: &Parts<'_>) -> Self {
        let mut found = Diagnostics::default();
        let body = Decoded::new(parts, &origin.schema().block, &mut found);
        Self { origin, body, found }
    }
}

impl Decoded {
    pub(super) fn new(
        parts: &Parts<'_>,
        schema: &BlockSchema,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let lowered = super::json::lower(parts, schema, diagnostics);
        let mut parts = parts.clone();
        if let Some(body) = &lowered {
            parts.attributes.extend(&body.attributes);
            parts.blocks.extend(&body.blocks);
        }
        let parts = &parts;
        let arguments = arguments(parts, schema, diagnostics);
        let blocks = blocks(parts, schema, diagnostics);
        Self { arguments, blocks, span: parts.span }
    }
}

fn arguments(
    parts: &Parts<'_>,
    schema: &BlockSchema,
    diagnostics: &mut Diagnostics,
) -> Box<[Argument]> {
    let mut found: BTreeMap<&Arc<str>, Argument> = BTreeMap::new();
    for attribute in &parts.attributes {
        let name = &attribute.name;
        if schema.attributes.contains_key(&name.name) {
            let expression = attribute.expression.clone();
            found.insert(&name.name, Argument { name: name.clone(), expression });
            continue;
        }
        let mut error = unsupported_argument(&name.name).at(name.span);
        if schema.blocks.contains_key(&name.name) {
            error = error.help(format!("write it as a block: `{} {{ … }}`", name.name));
        } else {
            let names = schema.attributes.iter().filter(|(_, known)| known.settable());
            error.help = did_you_mean(&name.name, names.map(|(name, _)| &**name));
        }
        diagnostics.push(error);
    }
    for (name, attribute) in &schema.attributes {
        if attribute.required && !found.contains_key(name) {
            diagnostics.push(missing_argument(name).at(opening(parts.span)));
        }
        if let (Some(why), Some(argument)) = (&attribute.deprecated, found.get(name)) {
            diagnostics.push(
                Diagnostic::warning("Argument is deprecated", why.clone()).at(argument.name.span),
            );
        }
    }
    found.into_values().collect()
}

trait Settable {
    fn settable(&self) -> bool;
}

impl Settable for platoform_schema::Attribute {
    fn settable(&self) -> bool {
        self.required || self.optional
    }
}

/// The error for an argument that has no business where it stands.
#[must_use]
pub fn unsupported_argument(name: &str) -> Diagnostic {
    Diagnostic::error(
        "Unsupported argument",
        format!("An argument named `{name}` is not expected here"),
    )
}

/// The error for a required argument that is not there.
#[must_use]
pub fn missing_argument(name: &str) -> Diagnostic {
    Diagnostic::error(
        "Missing required argument",
        format!("The argument `{name}` is required, but no definition was found"),
    )
}

/// The error for a block that has no business where it stands.
#[must_use]
pub fn unsupported_block(kind: &str) -> Diagnostic {
    Diagnostic::error(
        "Unsupported block type",
        format!("Blocks of type `{kind}` are not expected here"),
    )
}

fn blocks(
    parts: &Parts<'_>,
    schema: &BlockSchema,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<Arc<str>, Vec<Occurrence>> {
    let mut found: BTreeMap<Arc<str>, Vec<Occurrence>> = BTreeMap::new();
    for block in &parts.blocks {
        let kind = &block.kind.name;
        if &**kind == "dynamic" && !schema.blocks.contains_key(kind) {
            if let Some((kind, dynamic)) = super::dynamic::decode(block, schema, diagnostics) {
                found.entry(kind).or_default().push(Occurrence::Dynamic(Box::new(dynamic)));
            }
            continue;
        }
        let Some(nested) = schema.blocks.get(kind) else {
            let mut error = unsupported_block(kind).at(block.kind.span);
            if schema.attributes.contains_key(kind) {
                error = error.help(format!("write it as an argument: `{kind} = …`"));
            } else {
                error.help = did_you_mean(kind, schema.blocks.keys().map(|name| &**name));
            }
            diagnostics.push(error);
            continue;
        };
        let label = label(block, nested, diagnostics);
        let body = Decoded::new(&Parts::from(&*block.body), &nested.block, diagnostics);
        let one = One { label, body, header: block.header };
        found.entry(kind.clone()).or_default().push(Occurrence::One(one));
    }
    for (kind, nested) in &schema.blocks {
        let occurrences = found.get(kind).map_or(&[][..], Vec::as_slice);
        let dynamic = occurrences.iter().any(|found| matches!(found, Occurrence::Dynamic(_)));
        if !dynamic {
            let headers: Vec<Span> = occurrences.iter().map(Occurrence::header).collect();
            check_count(kind, nested, &headers, parts.span, diagnostics);
        }
    }
    found
}

fn label(block: &Block, nested: &NestedBlock, diagnostics: &mut Diagnostics) -> Option<Arc<str>> {
    let kind = &block.kind.name;
    let wanted = usize::from(nested.nesting == BlockNesting::Map);
    if block.labels.len() < wanted {
        diagnostics.push(
            Diagnostic::error(
                format!("Missing key for {kind}"),
                format!("All `{kind}` blocks must have 1 label: their key"),
            )
            .at(block.opening),
        );
    }
    if let Some(extra) = block.labels.get(wanted) {
        let detail = match wanted {
            0 => format!("No labels are expected for `{kind}` blocks"),
            _ => format!("Only 1 label is expected for `{kind}` blocks"),
        };
        diagnostics
            .push(Diagnostic::error(format!("Extraneous label for {kind}"), detail).at(extra.span));
    }
    (wanted > 0).then(|| block.labels.first().map(|label| label.text.clone())).flatten()
}

/// Reports too few or too many occurrences of a nested block.
pub(super) fn check_count(
    kind: &str,
    nested: &NestedBlock,
    headers: &[Span],
    body: Span,
    diagnostics: &mut Diagnostics,
) {
    let count = headers.len() as u64;
    let single = matches!(nested.nesting, BlockNesting::Single | BlockNesting::Group);
    let most = if single { Some(1) } else { nested.max_items };
    if count < nested.min_items {
        let least = nested.min_items;
        let (are, s) = if least == 1 { ("is", "") } else { ("are", "s") };
        diagnostics.push(
            Diagnostic::error(
                format!("Insufficient {kind} blocks"),
                format!("At least {least} `{kind}` block{s} {are} required"),
            )
            .at(opening(body)),
        );
    }
    if let Some(most) = most.filter(|most| count > *most) {
        let s = if most == 1 { "" } else { "s" };
        let excess = headers.get(usize::try_from(most).unwrap_or(usize::MAX)).copied();
        let error = Diagnostic::error(
            format!("Too many {kind} blocks"),
            format!("No more than {most} `{kind}` block{s} can be given"),
        );
        diagnostics.push(error.at_default(excess));
    }
}
