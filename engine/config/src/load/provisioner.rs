//! `provisioner` and `connection` blocks.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_lang::tree::{Attribute, Block, Ident, Reference, Step};
use platoform_schema::{Attribute as AttributeSchema, AttributeKind, Block as BlockSchema, Schema};
use platoform_value::Type;

use super::fields::{Fields, Shape, labels, no_labels, only_one};
use super::traversal::keyword;
use crate::content::{Origin, Parts};
use crate::reference::is_static;
use crate::suggest::did_you_mean;
use crate::{Connection, Content, Module, OnFailure, Provisioner, When};

const SHAPE: Shape = Shape {
    required: &[],
    optional: &["when", "on_failure"],
    blocks: &["connection", "lifecycle", "_"],
    open: true,
};
/// Types that there were once.
const GONE: [&str; 4] = ["chef", "habitat", "puppet", "salt-masterless"];

/// Types that there are.
const KNOWN: [&str; 3] = ["file", "local-exec", "remote-exec"];

/// Reads a `provisioner` block; `None` when it cannot be one.
pub(super) fn decode(block: &Block, diagnostics: &mut Diagnostics) -> Option<Provisioner> {
    let [kind] = labels(block, &["type"], diagnostics)?;
    if GONE.contains(&&*kind.text) {
        let detail = format!("There is no provisioner `{}` any more", kind.text);
        diagnostics.push(
            Diagnostic::error(
                format!("The \"{}\" provisioner has been removed", kind.text),
                detail,
            )
            .at(kind.span),
        );
        return None;
    }
    let fields = Fields::read(&block.body, &SHAPE, diagnostics);
    let (when, on_failure) = timing(&fields, diagnostics);
    if when == When::Destroy {
        check_destroy(fields.other_attributes.iter().copied(), diagnostics);
    }
    let mut parts = Parts {
        attributes: fields.other_attributes.clone(),
        blocks: fields.other_blocks.clone(),
        deferred: fields.deferred.iter().collect(),
        span: fields.span,
    };
    let (mut escaped, mut connected, mut connection) = (None, None, None);
    for inner in &fields.blocks {
        match &*inner.kind.name {
            "_" => {
                if super::fields::escape(&mut escaped, inner, diagnostics) {
                    parts.attributes.extend(&inner.body.attributes);
                    parts.blocks.extend(&inner.body.blocks);
                    parts.deferred.extend(&inner.body.deferred);
                }
            }
            "connection" => {
                if no_labels(inner, diagnostics) && only_one(&mut connected, inner, diagnostics) {
                    connection = Some(Arc::new(self::connection(inner)));
                    if when == When::Destroy {
                        check_destroy(&inner.body.attributes, diagnostics);
                    }
                }
            }
            reserved => {
                let detail =
                    format!("The block type `{reserved}` is reserved in `provisioner` blocks");
                diagnostics.push(
                    Diagnostic::error("Reserved block type name in provisioner block", detail)
                        .at(inner.kind.span),
                );
            }
        }
    }
    let content = match schema(&kind.text) {
        Some(schema) => Content::decode(Origin::Fixed(schema), &parts),
        None => Content::empty(fields.span),
    };
    let name = Ident { name: kind.text.clone(), span: kind.span };
    Some(Provisioner {
        kind: name,
        when,
        on_failure,
        connection,
        content: Arc::new(content),
        header: block.header,
    })
}

fn timing(fields: &Fields<'_>, diagnostics: &mut Diagnostics) -> (When, OnFailure) {
    let mut when = When::default();
    if let Some(attribute) = fields.get("when") {
        match keyword(&attribute.expression, diagnostics) {
            Some("create") => {}
            Some("destroy") => when = When::Destroy,
            _ => diagnostics.push(
                Diagnostic::error("Invalid \"when\" keyword", "`when` is `create` or `destroy`")
                    .at(attribute.expression.span),
            ),
        }
    }
    let mut on_failure = OnFailure::default();
    if let Some(attribute) = fields.get("on_failure") {
        match keyword(&attribute.expression, diagnostics) {
            Some("fail") => {}
            Some("continue") => on_failure = OnFailure::Continue,
            _ => diagnostics.push(
                Diagnostic::error(
                    "Invalid \"on_failure\" keyword",
                    "`on_failure` is `continue` or `fail`",
                )
                .at(attribute.expression.span),
            ),
        }
    }
    (when, on_failure)
}

/// Reads a `connection` block.
pub(super) fn connection(block: &Block) -> Connection {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| made(CONNECTION));
    let content = Content::decode(Origin::Fixed(&SCHEMA), &Parts::from(&*block.body));
    Connection { content: Arc::new(content), header: block.header }
}

/// Reports references that have no value any more when an object is destroyed.
pub(super) fn check_destroy<'a>(
    attributes: impl IntoIterator<Item = &'a Attribute>,
    diagnostics: &mut Diagnostics,
) {
    for attribute in attributes {
        let expression = &attribute.expression;
        expression.references(&mut |reference| {
            if stays(&reference) {
                return;
            }
            diagnostics.push(
                Diagnostic::error(
                    "Invalid reference from destroy provisioner",
                    "What runs when an object is destroyed can refer only to `self`, \
                     `count.index`, `each.key`, `path` and `terraform`: nothing else needs to be \
                     there any more",
                )
                .at(expression.span)
                .label(reference.span, "this may be gone by then"),
            );
        });
    }
}

/// Whether a reference has a value when an object is destroyed, as far as its name tells.
fn stays(reference: &Reference<'_>) -> bool {
    let only = |wanted: &str| {
        let mut steps = reference.steps.iter().take_while(|step| is_static(step));
        let named = matches!(steps.next(), Some(Step::Attribute(name)) if &*name.name == wanted);
        named && steps.next().is_none()
    };
    match &*reference.root.name {
        "self" | "path" | "terraform" | "tofu" | "platoform" => true,
        "count" => only("index"),
        "each" => only("key"),
        _ => false,
    }
}

/// The errors for types of provisioners that there are not, each reported once.
pub(super) fn missing(modules: &[Module]) -> Vec<Diagnostic> {
    let mut found = BTreeMap::new();
    let resources = modules.iter().flat_map(|module| module.resources.values());
    let removed = modules.iter().flat_map(|module| &*module.removed);
    let provisioners = resources.flat_map(|resource| &*resource.provisioners);
    for provisioner in provisioners.chain(removed.flat_map(|removed| &*removed.provisioners)) {
        let kind = &provisioner.kind;
        if KNOWN.contains(&&*kind.name) {
            continue;
        }
        found.entry(&*kind.name).or_insert_with(|| {
            let detail = format!("There is no provisioner of the type `{}`", kind.name);
            let mut error = Diagnostic::error("Missing required provisioner plugin", detail)
                .label(kind.span, "it is used here");
            error.help = did_you_mean(&kind.name, KNOWN);
            error
        });
    }
    found.into_values().collect()
}

/// Names of arguments by their types; required ones end in `!`.
type Arguments = &'static [(Kind, &'static str)];

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    Flag,
    Texts,
    Environment,
}

const LOCAL_EXEC: Arguments = &[
    (Kind::Text, "command!"),
    (Kind::Text, "working_dir"),
    (Kind::Texts, "interpreter"),
    (Kind::Environment, "environment"),
    (Kind::Flag, "quiet"),
];
const REMOTE_EXEC: Arguments =
    &[(Kind::Texts, "inline"), (Kind::Text, "script"), (Kind::Texts, "scripts")];
const FILE: Arguments =
    &[(Kind::Text, "content"), (Kind::Text, "source"), (Kind::Text, "destination!")];
const CONNECTION: Arguments = &[
    (
        Kind::Text,
        "host! type user password private_key certificate host_key agent_identity cacert timeout \
         script_path target_platform proxy_scheme proxy_host proxy_user_name proxy_user_password \
         bastion_host bastion_host_key bastion_user bastion_password bastion_private_key \
         bastion_certificate",
    ),
    (Kind::Number, "port proxy_port bastion_port"),
    (Kind::Flag, "agent https insecure use_ntlm"),
];

/// The schema of a type of provisioner.
fn schema(kind: &str) -> Option<&'static Schema> {
    static LOCAL: LazyLock<Schema> = LazyLock::new(|| made(LOCAL_EXEC));
    static REMOTE: LazyLock<Schema> = LazyLock::new(|| made(REMOTE_EXEC));
    static COPY: LazyLock<Schema> = LazyLock::new(|| made(FILE));
    match kind {
        "local-exec" => Some(&LOCAL),
        "remote-exec" => Some(&REMOTE),
        "file" => Some(&COPY),
        _ => None,
    }
}

fn made(arguments: Arguments) -> Schema {
    let mut attributes = BTreeMap::new();
    for (kind, names) in arguments {
        for name in names.split_whitespace() {
            let required = name.ends_with('!');
            let attribute = attribute(*kind, required);
            attributes.insert(Arc::from(name.trim_end_matches('!')), attribute);
        }
    }
    Schema { version: 0, block: BlockSchema { attributes, ..BlockSchema::default() } }
}

fn attribute(kind: Kind, required: bool) -> AttributeSchema {
    AttributeSchema {
        kind: AttributeKind::Type(match kind {
            Kind::Text => Type::String,
            Kind::Number => Type::Number,
            Kind::Flag => Type::Bool,
            Kind::Texts => Type::list(Type::String),
            Kind::Environment => Type::map(Type::String),
        }),
        required,
        optional: !required,
        computed: false,
        sensitive: false,
        write_only: false,
        replace: false,
        default: None,
        description: String::new(),
        deprecated: None,
    }
}
