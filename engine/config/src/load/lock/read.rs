//! Reading a lock.

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, FileId, Span};
use platoform_lang::tree::{Attribute, Block};

use super::{Lock, LockedModule, LockedProvider, TreeHash};
use crate::content::{unsupported_argument, unsupported_block};
use crate::load::constant;
use crate::load::fields::{Fields, Shape, labels};
use crate::load::version::Version;

const MODULE: Shape = Shape {
    required: &["hash"],
    optional: &["constraints", "version", "location", "revision", "directory"],
    blocks: &[],
    open: false,
};
const PROVIDER: Shape =
    Shape { required: &["version"], optional: &["constraints"], blocks: &[], open: false };

/// Reads the text of a lock.
///
/// # Errors
/// What is wrong with it, with spans in the file with number 0.
pub fn parse(text: &str) -> Result<Lock, Diagnostics> {
    parse_file(FileId(0), text)
}

/// Reads the text of a lock.
///
/// # Errors
/// What is wrong with it.
pub fn parse_file(file: FileId, text: &str) -> Result<Lock, Diagnostics> {
    let (body, mut found) = platoform_lang::parse(file, text);
    let mut lock = Lock::default();
    let mut seen: Vec<(Span, [Option<Arc<str>>; 3])> = Vec::new();
    for attribute in &body.attributes {
        let name = &attribute.name;
        found.push(unsupported_argument(&name.name).at(name.span));
    }
    for block in &body.blocks {
        let kind = &block.kind;
        let key = match &*kind.name {
            "module" => module(block, &mut found).map(|module| {
                let key = [Some(module.source.clone()), module.constraints.clone(), None];
                lock.set_module(module);
                key
            }),
            "provider" => provider(block, &mut found).map(|provider| {
                let key = [None, None, Some(provider.source.clone())];
                lock.set_provider(provider);
                key
            }),
            other => {
                found.push(unsupported_block(other).at(kind.span));
                None
            }
        };
        let Some(key) = key else { continue };
        if let Some((first, _)) = seen.iter().find(|(_, other)| *other == key) {
            found.push(
                Diagnostic::error("Duplicate lock", "The same is locked twice")
                    .at(block.header)
                    .label(*first, "the first one is here"),
            );
        }
        seen.push((block.header, key));
    }
    if found.has_errors() { Err(found) } else { Ok(lock) }
}

fn module(block: &Block, found: &mut Diagnostics) -> Option<LockedModule> {
    let [label] = labels(block, &["source"], found)?;
    let fields = Fields::read(&block.body, &MODULE, found);
    let mut text = |name| constant::text(fields.get(name)?, found);
    let (constraints, location) = (text("constraints"), text("location"));
    let (revision, directory) = (text("revision"), text("directory"));
    let version = fields.get("version").and_then(|attribute| version(attribute, found));
    let hash = fields.get("hash")?;
    let digest = constant::text(hash, found)?;
    let Some(digest) = TreeHash::parse(&digest) else {
        let detail = format!("`{digest}` is not a hash of the form `h1:…`");
        found.push(Diagnostic::error("Invalid hash", detail).at(hash.expression.span));
        return None;
    };
    if let Some(path) = &directory
        && !is_inside(path)
    {
        let detail = format!("`{path}` leads out of the package");
        let place = fields.get("directory").map_or(block.header, |found| found.expression.span);
        found.push(Diagnostic::error("Invalid directory", detail).at(place));
        return None;
    }
    let source = label.text.clone();
    Some(LockedModule { source, constraints, version, location, revision, directory, hash: digest })
}

/// Whether a path cannot leave the directory it starts at.
fn is_inside(path: &str) -> bool {
    !path.starts_with('/') && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

fn provider(block: &Block, found: &mut Diagnostics) -> Option<LockedProvider> {
    let [label] = labels(block, &["source"], found)?;
    let fields = Fields::read(&block.body, &PROVIDER, found);
    let constraints = fields.get("constraints").and_then(|given| constant::text(given, found));
    let version = version(fields.get("version")?, found)?;
    Some(LockedProvider { source: label.text.clone(), version, constraints })
}

fn version(attribute: &Attribute, found: &mut Diagnostics) -> Option<Version> {
    let text = constant::text(attribute, found)?;
    let version = Version::parse(&text);
    if version.is_none() {
        let detail = format!("`{text}` is not a version");
        found.push(Diagnostic::error("Invalid version", detail).at(attribute.expression.span));
    }
    version
}
