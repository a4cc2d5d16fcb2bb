//! Files of variable values.

use std::path::Path;

use platoform_diagnostic::{Diagnostic, Diagnostics, FileKind, Files, Sources};
use platoform_lang::{Attribute, Block, Body, json};

use super::{VariableInput, VariableOrigin, VariableText};
use crate::load::json::VALUES;
use crate::load::read;

/// Reads a file of variable values, `NAME = VALUE` lines or, when it is called `*.json`, a JSON
/// object. Its text is added to `sources`. The origin goes with each value.
#[must_use]
pub fn tfvars(
    files: &dyn Files,
    path: &Path,
    origin: &VariableOrigin,
    sources: &mut Sources,
) -> (Vec<VariableInput>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    if files.kind(path) != Some(FileKind::File) {
        let detail = format!("There is no file `{}`", path.display());
        diagnostics.push(Diagnostic::error("Failed to read variables file", detail));
        return (Vec::new(), diagnostics);
    }
    let Some(text) = diagnostics.take(read(files, path)) else {
        return (Vec::new(), diagnostics);
    };
    let name = path.to_string_lossy();
    let file = sources.add(&*name, text.clone());
    let body = if name.ends_with(".json") {
        let (root, errors) = json::parse(file, &text);
        diagnostics.extend(errors);
        json::body(&root, &VALUES, &mut diagnostics)
    } else {
        let (body, errors) = platoform_lang::parse(file, &text);
        diagnostics.extend(errors);
        body
    };
    // What a file holds that cannot be read whole is not looked at.
    if !diagnostics.has_errors() && refuse_blocks(&body, &mut diagnostics) {
        return (Vec::new(), diagnostics);
    }
    let input = |attribute: &Attribute| VariableInput {
        origin: origin.clone(),
        name: attribute.name.name.clone(),
        text: VariableText::Written(attribute.expression.clone()),
        span: Some(attribute.expression.span),
    };
    (body.attributes.iter().map(input).collect(), diagnostics)
}

/// Reports blocks; answers whether they were meant to declare variables, so that the rest of the
/// file is likely meant otherwise, too.
fn refuse_blocks(body: &Body, diagnostics: &mut Diagnostics) -> bool {
    let is_declaration =
        |block: &&Block| &*block.kind.name == "variable" && block.labels.len() == 1;
    let declarations: Vec<&Block> = body.blocks.iter().filter(is_declaration).collect();
    for block in &declarations {
        diagnostics.push(
            Diagnostic::error(
                "Variable declaration in .tfvars file",
                "Files of values give values to variables that are declared elsewhere",
            )
            .at(block.kind.span)
            .help("put this block into a configuration file, and write `NAME = VALUE` here"),
        );
    }
    if let Some(block) = body.blocks.first().filter(|_| declarations.is_empty()) {
        let summary = format!("Unexpected \"{}\" block", block.kind.name);
        let detail = "Blocks are not allowed here: each value is `NAME = VALUE`";
        diagnostics.push(Diagnostic::error(summary, detail).at(block.kind.span));
    }
    !declarations.is_empty()
}
