//! Configurations for tests: files in one text, and providers that do not exist.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use platoform_config::{Loaded, ProviderSource, Schemas, load};
use platoform_diagnostic::{Diagnostics, MemoryFiles, Sources};
use platoform_schema::{
    Attribute, AttributeKind, Block, BlockNesting, Effect, NestedBlock, ObjectNesting,
    ProviderSchema, ResourceSchema, Schema,
};
use platoform_value::Type;

/// Files from a text in which `//- /path` lines begin them; without such a line all is `main.tf`.
pub(crate) fn files(text: &str) -> MemoryFiles {
    let mut files = MemoryFiles::default();
    let mut path = "main.tf".to_owned();
    let mut content = String::new();
    for line in text.lines() {
        if let Some(next) = line.trim().strip_prefix("//- /") {
            if !content.trim().is_empty() {
                files.insert(&path, std::mem::take(&mut content));
            }
            path = next.to_owned();
            content.clear();
        } else {
            content.push_str(line);
            content.push('\n');
        }
    }
    files.insert(path, content);
    files
}

/// Loads a configuration from a text of files.
pub(crate) fn loaded(text: &str) -> Loaded {
    load(&files(text), Path::new("."), &Fake)
}

/// Findings as `main.tf:1,2 Summary`, one a line.
pub(crate) fn lines(diagnostics: &Diagnostics, sources: &Sources) -> Vec<String> {
    let line = |found: &platoform_diagnostic::Diagnostic| {
        let place = found.span.and_then(|span| {
            let position = sources.position(span)?;
            let name = &sources.get(span.file)?.name;
            Some(format!("{name}:{},{} ", position.line, position.column))
        });
        format!("{}{}", place.unwrap_or_default(), found.summary)
    };
    diagnostics.iter().map(line).collect()
}

/// Knows `terraform` and `test`.
pub(crate) struct Fake;

impl Schemas for Fake {
    fn provider(&self, source: &ProviderSource) -> Option<Arc<ProviderSchema>> {
        match &*source.0 {
            "terraform.io/builtin/terraform" => Some(Arc::new(terraform())),
            "registry.terraform.io/hashicorp/test" | "registry.terraform.io/acme/test" => {
                Some(Arc::new(test()))
            }
            _ => None,
        }
    }
}

fn attribute(kind: Type, flags: &str) -> Attribute {
    Attribute {
        kind: AttributeKind::Type(kind),
        required: flags == "required",
        optional: flags.contains("optional"),
        computed: flags.contains("computed"),
        sensitive: false,
        write_only: false,
        replace: false,
        default: None,
        description: String::new(),
        deprecated: None,
    }
}

fn block(
    attributes: &[(&str, Type, &str)],
    blocks: impl IntoIterator<Item = (&'static str, NestedBlock)>,
) -> Block {
    let attributes = attributes.iter();
    Block {
        attributes: attributes
            .map(|(name, kind, flags)| (Arc::from(*name), attribute(kind.clone(), flags)))
            .collect(),
        blocks: blocks.into_iter().map(|(name, nested)| (Arc::from(name), nested)).collect(),
        ..Block::default()
    }
}

fn nested(nesting: BlockNesting, block: Block, min: u64, max: Option<u64>) -> NestedBlock {
    NestedBlock { nesting, block, min_items: min, max_items: max, computed: false, replace: false }
}

fn kind(block: Block) -> ResourceSchema {
    ResourceSchema::new(Schema { version: 0, block }, Effect::Outside)
}

fn terraform() -> ProviderSchema {
    let data = block(
        &[
            ("id", Type::String, "computed"),
            ("input", Type::Dynamic, "optional"),
            ("output", Type::Dynamic, "computed"),
            ("triggers_replace", Type::Dynamic, "optional"),
        ],
        [],
    );
    ProviderSchema {
        resources: BTreeMap::from([(Arc::from("terraform_data"), kind(data))]),
        ..ProviderSchema::default()
    }
}

/// `test_box` has one nested block of each nesting mode.
fn test() -> ProviderSchema {
    let port = block(
        &[("internal", Type::Number, "required"), ("protocol", Type::String, "optional")],
        [],
    );
    let one = |name| block(&[(name, Type::String, "optional")], []);
    let mut boxed = block(
        &[
            ("id", Type::String, "computed"),
            ("name", Type::String, "required"),
            ("size", Type::Number, "optional"),
            ("tags", Type::map(Type::String), "optional"),
        ],
        [
            ("port", nested(BlockNesting::List, port, 0, None)),
            ("mount", nested(BlockNesting::Set, one("source"), 0, Some(2))),
            ("label", nested(BlockNesting::Map, one("value"), 0, None)),
            ("health", nested(BlockNesting::Single, one("command"), 0, None)),
            ("limits", nested(BlockNesting::Group, one("memory"), 0, None)),
        ],
    );
    let parts = BTreeMap::from([
        (Arc::from("a"), attribute(Type::String, "required")),
        (Arc::from("b"), attribute(Type::Number, "optional")),
    ]);
    let nested_type = Attribute {
        kind: AttributeKind::Nested(ObjectNesting::Map, parts),
        ..attribute(Type::Dynamic, "optional")
    };
    boxed.attributes.insert(Arc::from("parts"), nested_type);
    let needy = block(&[], [("part", nested(BlockNesting::List, one("x"), 1, None))]);
    let source =
        block(&[("path", Type::String, "required"), ("text", Type::String, "computed")], []);
    let provider = block(&[("host", Type::String, "optional")], []);
    ProviderSchema {
        provider: Schema { version: 0, block: provider },
        resources: BTreeMap::from([
            (Arc::from("test_box"), kind(boxed)),
            (Arc::from("test_needy"), kind(needy)),
        ]),
        data_sources: BTreeMap::from([(
            Arc::from("test_file"),
            Arc::new(Schema { version: 0, block: source }),
        )]),
        ..ProviderSchema::default()
    }
}
