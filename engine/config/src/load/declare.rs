//! From the files of a directory to a [`Definition`].

use std::io;
use std::path::Path;
use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_lang::Body;
use platoform_lang::tree::Block;
use platoform_schema::Mode;

use super::definition::{CallDefinition, Definition, ProviderReference};
use super::place::not_installed;
use super::{Loader, call, change, directory, overrides, provider, settings, value};
use crate::content::{unsupported_argument, unsupported_block};
use crate::suggest::did_you_mean;

/// Top-level blocks.
const BLOCKS: [&str; 14] = [
    "terraform",
    "platoform",
    "provider",
    "variable",
    "locals",
    "output",
    "module",
    "resource",
    "data",
    "ephemeral",
    "moved",
    "removed",
    "import",
    "check",
];

/// What collects the declarations of one directory.
pub(super) struct Declarer<'l, 'a> {
    pub(super) loader: &'l mut Loader<'a>,
    pub(super) definition: Definition,
    pub(super) diagnostics: Diagnostics,
}

impl Loader<'_> {
    /// The definition of a directory, read at the first call. `None` when it cannot be read, which
    /// is reported at `call`.
    pub(super) fn definition(
        &mut self,
        path: &Path,
        call: Option<&CallDefinition>,
    ) -> Option<Arc<Definition>> {
        if let Some(Some(known)) = self.definitions.get(path) {
            return Some(known.clone());
        }
        let mut diagnostics = Diagnostics::default();
        let parsed = directory::parse(self.files, path, &mut self.sources, &mut diagnostics);
        let found = match parsed {
            Ok(parsed) => {
                let bodies = overrides::merge(parsed, &mut diagnostics);
                let definition = Definition { directory: path.into(), ..Definition::default() };
                let mut declarer = Declarer { loader: self, definition, diagnostics };
                declarer.bodies(&bodies);
                diagnostics = declarer.diagnostics;
                Some(Arc::new(declarer.definition))
            }
            Err(error) => {
                let error = match call {
                    Some(call) => not_installed(call, Some(path)),
                    None => unreadable(path, &error),
                };
                diagnostics.push(error);
                None
            }
        };
        self.diagnostics.extend(diagnostics);
        self.definitions.insert(path.into(), found.clone());
        found
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error(
        "Unreadable module directory",
        format!("The directory `{}` cannot be read: {error}", path.display()),
    )
}

impl Declarer<'_, '_> {
    fn bodies(&mut self, bodies: &[Body]) {
        let blocks = || bodies.iter().flat_map(|body| &body.blocks);
        // Provider sources first: all else is decoded with the schemas they lead to.
        for block in blocks().filter(|block| is_settings(block)) {
            settings::declare(block, &mut self.definition, &mut self.diagnostics);
        }
        for attribute in bodies.iter().flat_map(|body| &body.attributes) {
            let name = &attribute.name;
            self.diagnostics.push(unsupported_argument(&name.name).at(name.span));
        }
        for block in blocks().filter(|block| !is_settings(block)) {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        let (definition, diagnostics) = (&mut self.definition, &mut self.diagnostics);
        match &*block.kind.name {
            "resource" => _ = self.resource(block, Mode::Managed, None),
            "data" => _ = self.resource(block, Mode::Data, None),
            "ephemeral" => _ = self.resource(block, Mode::Ephemeral, None),
            "variable" => value::variable(block, definition, diagnostics),
            "locals" => value::locals(block, definition, diagnostics),
            "output" => value::output(block, definition, diagnostics),
            "module" => call::declare(block, definition, diagnostics),
            "provider" => self.provider(block),
            "check" => self.check(block),
            "moved" => change::moved(block, definition, diagnostics),
            "removed" => change::removed(block, definition, diagnostics),
            "import" => change::import(block, definition, diagnostics),
            kind => {
                let mut error = unsupported_block(kind).at(block.kind.span);
                error.help = did_you_mean(kind, BLOCKS);
                diagnostics.push(error);
            }
        }
    }

    fn provider(&mut self, block: &Block) {
        provider::declare(self.loader, block, &mut self.definition, &mut self.diagnostics);
        let Some(label) = block.labels.first() else { return };
        let source = self.definition.source(&label.text);
        if self.loader.provider(&source).is_none() {
            let name = label.text.clone();
            let reference = ProviderReference { name, alias: None, span: label.span };
            self.missing_provider(&source, &reference);
        }
    }
}

fn is_settings(block: &Block) -> bool {
    matches!(&*block.kind.name, "terraform" | "platoform")
}
