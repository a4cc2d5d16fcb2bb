//! `resource` and `data` blocks.

use std::sync::Arc;

use platoform_diagnostic::Diagnostic;
use platoform_lang::tree::{Block, Label};
use platoform_schema::{Mode, ProviderSchema};

use super::declare::{Declarer, not_supported};
use super::definition::{ProviderReference, ResourceDefinition};
use super::fields::{Fields, Shape, check_name, labels, no_labels, only_one};
use super::{lifecycle, provider, repetition};
use crate::content::{Origin, Parts};
use crate::suggest::did_you_mean;
use crate::{Content, Lifecycle, ProviderSource, Repetition, ResourceId};

const SHAPE: Shape = Shape {
    required: &[],
    optional: &["count", "for_each", "depends_on", "provider"],
    blocks: &["lifecycle", "connection", "provisioner", "locals", "_"],
    open: true,
};

impl Declarer<'_, '_> {
    /// Adds a `resource` or `data` block.
    pub(super) fn resource(&mut self, block: &Block, mode: Mode) {
        let Some([kind, name]) = labels(block, &["type", "name"], &mut self.diagnostics) else {
            return;
        };
        self.check_names(mode, kind, name);
        let fields = Fields::read(&block.body, &SHAPE, &mut self.diagnostics);
        let id = ResourceId { mode, kind: kind.text.clone(), name: name.text.clone() };
        let provider = self.provider_of(kind, &fields);
        let origin = self.origin(mode, kind, &provider);
        let mut parts = Parts {
            attributes: fields.other_attributes.clone(),
            blocks: fields.other_blocks.clone(),
            deferred: fields.deferred.iter().collect(),
            span: fields.span,
        };
        let mut repetition = repetition::repetition(&fields, &mut self.diagnostics);
        let lifecycle = self.nested(&fields, &id, origin.as_ref(), &mut parts, &mut repetition);
        let content = match origin {
            Some(origin) => Content::decode(origin, &parts, &mut self.loader.content),
            None => Content::empty(fields.span),
        };
        let depends_on = repetition::references(fields.get("depends_on"), &mut self.diagnostics);
        let header = block.header;
        if let Some(first) = self.definition.resources.get(&id) {
            let word = if mode == Mode::Data { "data" } else { "resource" };
            let detail = format!("There is already a `{id}` in this module");
            self.diagnostics.push(
                Diagnostic::error(
                    format!("Duplicate {word} \"{}\" configuration", id.kind),
                    detail,
                )
                .at(header)
                .label(first.header, "the first one is here"),
            );
            return;
        }
        let definition = ResourceDefinition {
            id: id.clone(),
            repetition,
            provider,
            depends_on,
            lifecycle: Arc::new(lifecycle),
            content: Arc::new(content),
            header,
        };
        self.definition.resources.insert(id, definition);
    }

    fn check_names(&mut self, mode: Mode, kind: &Label, name: &Label) {
        let (kind_is, name_is) = match mode {
            Mode::Data => ("data source name", "data resource name"),
            Mode::Managed | Mode::Ephemeral => ("resource type name", "resource name"),
        };
        check_name(kind_is, kind, &mut self.diagnostics);
        check_name(name_is, name, &mut self.diagnostics);
    }

    /// The `provider` argument, or else the part of the kind before the first underscore.
    fn provider_of(&mut self, kind: &Label, fields: &Fields<'_>) -> ProviderReference {
        let explicit = fields.get("provider");
        let explicit =
            explicit.map(|attribute| provider::reference("provider", &attribute.expression));
        explicit.and_then(|found| self.diagnostics.take(found)).unwrap_or_else(|| {
            let name = kind.text.split('_').next().unwrap_or(&kind.text);
            ProviderReference { name: name.into(), alias: None, span: kind.span }
        })
    }

    /// Finds the schema of a kind, or says why there is none.
    fn origin(&mut self, mode: Mode, kind: &Label, provider: &ProviderReference) -> Option<Origin> {
        let source = self.definition.source(&provider.name);
        let Some(schema) = self.loader.provider(&source) else {
            self.missing_provider(source, provider);
            return None;
        };
        if schema.kind(mode, &kind.text).is_none() {
            self.loader.content.push(unknown_kind(mode, kind, &source, &schema));
            return None;
        }
        Some(Origin::Kind(schema, mode, kind.text.clone()))
    }

    /// Reports a provider that nobody has, once for each module.
    pub(super) fn missing_provider(&mut self, source: ProviderSource, at: &ProviderReference) {
        let required = self.definition.requirements.get(&at.name);
        let span = required.and_then(|found| found.span).unwrap_or(at.span);
        let error = Diagnostic::error(
            "Missing required provider",
            format!("There is no provider `{source}` in this program"),
        )
        .at(span);
        if self.missing.insert(source) {
            self.loader.content.push(error);
        }
    }

    /// Nested blocks that are the language's own.
    fn nested<'b>(
        &mut self,
        fields: &Fields<'b>,
        id: &ResourceId,
        origin: Option<&Origin>,
        parts: &mut Parts<'b>,
        repetition: &mut Repetition,
    ) -> Lifecycle {
        let mut lifecycle = Lifecycle::default();
        let (mut seen, mut escaped) = (None, None);
        for inner in &fields.blocks {
            match &*inner.kind.name {
                "lifecycle" => {
                    no_labels(inner, &mut self.diagnostics);
                    if only_one(&mut seen, inner, &mut self.diagnostics) {
                        let schema = origin.map(Origin::schema);
                        let decoded =
                            lifecycle::decode(inner, id, schema, repetition, &mut self.diagnostics);
                        lifecycle = decoded;
                    }
                }
                // Arguments in here are the provider's even where their names are ours.
                "_" => {
                    if only_one(&mut escaped, inner, &mut self.diagnostics) {
                        parts.attributes.extend(&inner.body.attributes);
                        parts.blocks.extend(&inner.body.blocks);
                        parts.deferred.extend(&inner.body.deferred);
                    }
                }
                "locals" => self.diagnostics.push(
                    Diagnostic::error(
                        "Reserved block type name in resource block",
                        "The block type `locals` is reserved in resource blocks",
                    )
                    .at(inner.kind.span),
                ),
                kind => {
                    let error = not_supported(&format!("`{kind}` blocks")).at(inner.header);
                    self.diagnostics.push(error);
                }
            }
        }
        lifecycle
    }
}

fn unknown_kind(
    mode: Mode,
    kind: &Label,
    source: &ProviderSource,
    schema: &ProviderSchema,
) -> Diagnostic {
    let (summary, what) = match mode {
        Mode::Managed => ("Invalid resource type", "resource type"),
        Mode::Data => ("Invalid data source", "data source"),
        Mode::Ephemeral => ("Invalid ephemeral resource", "ephemeral resource"),
    };
    let detail = format!("The provider `{source}` does not have a {what} `{}`", kind.text);
    let mut error = Diagnostic::error(summary, detail).at(kind.span);
    error.help = match mode {
        Mode::Managed if schema.data_sources.contains_key(&kind.text) => {
            Some(format!("`{}` is a data source: write `data` instead of `resource`", kind.text))
        }
        Mode::Data if schema.resources.contains_key(&kind.text) => {
            Some(format!("`{}` is a resource type: write `resource` instead of `data`", kind.text))
        }
        Mode::Managed => did_you_mean(&kind.text, schema.resources.keys().map(|name| &**name)),
        Mode::Data => did_you_mean(&kind.text, schema.data_sources.keys().map(|name| &**name)),
        Mode::Ephemeral => did_you_mean(&kind.text, schema.ephemerals.keys().map(|name| &**name)),
    };
    error
}
