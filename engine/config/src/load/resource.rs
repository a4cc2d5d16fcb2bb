//! `resource`, `data` and `ephemeral` blocks.

use std::sync::Arc;

use platoform_diagnostic::Diagnostic;
use platoform_lang::tree::{Block, Label};
use platoform_schema::{Mode, ProviderSchema, Schema};

use super::declare::Declarer;
use super::definition::{ProviderReference, ResourceDefinition};
use super::fields::{Fields, Shape, check_name, escape, labels, no_labels, only_one};
use super::{lifecycle, provider, provisioner, repetition};
use crate::content::{Origin, Parts};
use crate::suggest::did_you_mean;
use crate::{
    Connection, Content, Lifecycle, ProviderSource, Provisioner, Repetition, ResourceId, When,
};

const ARGUMENTS: &[&str] = &["count", "for_each", "depends_on", "provider"];
const MANAGED: Shape = Shape {
    required: &[],
    optional: ARGUMENTS,
    blocks: &["lifecycle", "connection", "provisioner", "locals", "_"],
    open: true,
};
const OTHER: Shape =
    Shape { required: &[], optional: ARGUMENTS, blocks: &["lifecycle", "locals", "_"], open: true };

/// Blocks of a resource that are the language's own.
#[derive(Default)]
struct Own {
    lifecycle: Option<Lifecycle>,
    connection: Option<Arc<Connection>>,
    provisioners: Vec<Provisioner>,
}

impl Declarer<'_, '_> {
    /// Adds a `resource`, `data` or `ephemeral` block; a data source may be in a `check` block.
    /// Gives what it is called, unless it cannot be called anything.
    pub(super) fn resource(
        &mut self,
        block: &Block,
        mode: Mode,
        check: Option<&Arc<str>>,
    ) -> Option<ResourceId> {
        let [kind, name] = labels(block, &["type", "name"], &mut self.diagnostics)?;
        self.check_names(mode, kind, name);
        let shape = if mode == Mode::Managed { &MANAGED } else { &OTHER };
        let fields = Fields::read(&block.body, shape, &mut self.diagnostics);
        let id = ResourceId { mode, kind: kind.text.clone(), name: name.text.clone() };
        let provider = self.provider_of(kind, &fields);
        let origin = self.origin(mode, kind, &provider);
        let mut parts = Parts {
            attributes: fields.other_attributes.clone(),
            blocks: fields.other_blocks.clone(),
            deferred: fields.deferred.iter().collect(),
            span: fields.span,
        };
        if check.is_some() {
            self.refuse_in_check(&fields);
        }
        let mut repetition = match check {
            None => repetition::repetition(&fields, &mut self.diagnostics),
            Some(_) => Repetition::Single,
        };
        let schema = origin.as_ref().ok().map(Origin::schema);
        let own = self.nested(&fields, &id, schema, &mut parts, &mut repetition);
        let content = match origin {
            Ok(origin) => Content::decode(origin, &parts),
            Err(error) => Content::unknown(fields.span, error),
        };
        let depends_on = repetition::references(fields.get("depends_on"), &mut self.diagnostics);
        let definition = ResourceDefinition {
            id: id.clone(),
            repetition,
            provider,
            depends_on,
            lifecycle: own.lifecycle.map_or_else(Lifecycle::nothing, Arc::new),
            content: Arc::new(content),
            connection: own.connection,
            provisioners: match own.provisioners.as_slice() {
                [] => Arc::default(),
                _ => own.provisioners.into(),
            },
            check: check.cloned(),
            kind_span: kind.span,
            header: block.header,
        };
        self.add(definition);
        Some(id)
    }

    fn add(&mut self, resource: ResourceDefinition) {
        let id = resource.id.clone();
        let Some(first) = self.definition.resources.get(&id) else {
            self.definition.resources.insert(id, resource);
            return;
        };
        let word = match id.mode {
            Mode::Managed => "resource",
            Mode::Data => "data",
            Mode::Ephemeral => "ephemeral",
        };
        let summary = format!("Duplicate {word} \"{}\" configuration", id.kind);
        self.diagnostics.push(
            Diagnostic::error(summary, format!("There is already a `{id}` in this module"))
                .at(resource.header)
                .label(first.header, "the first one is here"),
        );
    }

    /// Reports what a data source in a `check` block cannot have.
    fn refuse_in_check(&mut self, fields: &Fields<'_>) {
        for name in ["count", "for_each"] {
            if let Some(attribute) = fields.get(name) {
                self.diagnostics.push(
                    Diagnostic::error(
                        format!("Invalid \"{name}\" attribute"),
                        "A data source in a `check` block is read once: it cannot be repeated",
                    )
                    .at(attribute.name.span),
                );
            }
        }
        for inner in fields.blocks.iter().filter(|inner| &*inner.kind.name == "lifecycle") {
            self.diagnostics.push(
                Diagnostic::error(
                    "Invalid lifecycle block",
                    "A data source in a `check` block has no `lifecycle` of its own",
                )
                .at(inner.header),
            );
        }
    }

    fn check_names(&mut self, mode: Mode, kind: &Label, name: &Label) {
        let (kind_is, name_is) = match mode {
            Mode::Data => ("data source name", "data resource name"),
            Mode::Managed => ("resource type name", "resource name"),
            Mode::Ephemeral => ("ephemeral resource type", "ephemeral resource name"),
        };
        check_name(kind_is, kind, &mut self.diagnostics);
        check_name(name_is, name, &mut self.diagnostics);
    }

    /// The `provider` argument, or else the part of the kind before the first underscore.
    fn provider_of(&mut self, kind: &Label, fields: &Fields<'_>) -> ProviderReference {
        let explicit = fields.get("provider").and_then(|attribute| {
            provider::reference("provider", &attribute.expression, &mut self.diagnostics)
        });
        explicit.unwrap_or_else(|| {
            let name = kind.text.split('_').next().unwrap_or(&kind.text);
            ProviderReference { name: self.loader.share(name), alias: None, span: kind.span }
        })
    }

    /// Finds the schema of a kind, or says why there is none.
    fn origin(
        &mut self,
        mode: Mode,
        kind: &Label,
        provider: &ProviderReference,
    ) -> Result<Origin, Diagnostic> {
        let source = self.definition.source(&provider.name);
        let Some(schema) = self.loader.provider(&source) else {
            return Err(self.missing_provider(&source, provider));
        };
        match schema.kind(mode, &kind.text) {
            Some(schema) => Ok(Origin::Kind(schema.clone())),
            None => Err(unknown_kind(mode, kind, &source, &schema)),
        }
    }

    /// The error for a provider that nobody has, which is kept to be reported once.
    pub(super) fn missing_provider(
        &mut self,
        source: &ProviderSource,
        at: &ProviderReference,
    ) -> Diagnostic {
        let required = self.definition.requirements.get(&at.name);
        let span = required.and_then(|found| found.span).unwrap_or(at.span);
        let error = Diagnostic::error(
            "Missing required provider",
            format!("There is no provider `{source}` in this program"),
        )
        .label(span, "it is used here");
        self.loader.missing.entry(source.clone()).or_insert_with(|| error.clone());
        error
    }

    /// Nested blocks that are the language's own.
    fn nested<'b>(
        &mut self,
        fields: &Fields<'b>,
        id: &ResourceId,
        schema: Option<&Schema>,
        parts: &mut Parts<'b>,
        repetition: &mut Repetition,
    ) -> Own {
        let mut own = Own::default();
        let (mut seen, mut escaped, mut connected) = (None, None, None);
        let mut connection: Option<&Block> = None;
        let diagnostics = &mut self.diagnostics;
        for inner in &fields.blocks {
            match &*inner.kind.name {
                "lifecycle" => {
                    if no_labels(inner, diagnostics) && only_one(&mut seen, inner, diagnostics) {
                        let found = lifecycle::decode(inner, id, schema, repetition, diagnostics);
                        own.lifecycle = Some(found);
                    }
                }
                "connection" => {
                    if no_labels(inner, diagnostics) && only_one(&mut connected, inner, diagnostics)
                    {
                        own.connection = Some(Arc::new(provisioner::connection(inner)));
                        connection = Some(inner);
                    }
                }
                "provisioner" => own.provisioners.extend(provisioner::decode(inner, diagnostics)),
                // Arguments in here are the provider's even where their names are ours.
                "_" => {
                    if escape(&mut escaped, inner, diagnostics) {
                        parts.attributes.extend(&inner.body.attributes);
                        parts.blocks.extend(&inner.body.blocks);
                        parts.deferred.extend(&inner.body.deferred);
                    }
                }
                reserved => {
                    let word = match id.mode {
                        Mode::Managed => "resource",
                        Mode::Data => "data",
                        Mode::Ephemeral => "ephemeral",
                    };
                    let detail = format!("The block type `{reserved}` is reserved here");
                    let summary = format!("Reserved block type name in {word} block");
                    diagnostics.push(Diagnostic::error(summary, detail).at(inner.kind.span));
                }
            }
        }
        if own.provisioners.iter().any(|found| found.when == When::Destroy)
            && let Some(connection) = connection
        {
            provisioner::check_destroy(&connection.body.attributes, diagnostics);
        }
        own
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
