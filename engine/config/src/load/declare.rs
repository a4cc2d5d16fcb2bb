//! From the files of a directory to a [`Definition`].

use std::io;
use std::path::Path;
use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_lang::Body;
use platoform_lang::tree::Block;
use platoform_schema::Mode;

use super::definition::{CallDefinition, Definition, ProviderReference};
use super::directory::Parsed;
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
        self.is_broken |= diagnostics.has_errors();
        let found = match parsed {
            Ok(parsed) => Some(Arc::new(self.declared(path, parsed, &mut diagnostics))),
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

impl<'a> Loader<'a> {
    fn declarer<'l>(&'l mut self, path: &Path, overriding: bool) -> Declarer<'l, 'a> {
        let directory = path.into();
        let definition = Definition { directory, overriding, ..Definition::default() };
        Declarer { loader: self, definition, diagnostics: Diagnostics::default() }
    }

    fn declared(
        &mut self,
        path: &Path,
        mut parsed: Parsed,
        diagnostics: &mut Diagnostics,
    ) -> Definition {
        if parsed.overrides.is_empty() {
            let mut declarer = self.declarer(path, false);
            declarer.bodies(parsed.primary);
            diagnostics.extend(declarer.diagnostics);
            return declarer.definition;
        }
        // What is written is judged by itself, in each file as it stands there.
        let missing = self.missing.clone();
        overrides::refuse(&mut parsed.overrides, diagnostics);
        let mut declarer = self.declarer(path, false);
        declarer.bodies(parsed.primary.clone());
        diagnostics.extend(declarer.diagnostics);
        for body in &parsed.overrides {
            diagnostics.extend(self.alone(path, body));
        }
        let bodies = overrides::merge(parsed, diagnostics);
        // What is overridden needs no provider.
        self.missing = missing;
        let mut declarer = self.declarer(path, false);
        declarer.bodies(bodies);
        // Of what was merged, only that is new which does not fit together.
        let new = declarer.diagnostics.into_iter().filter(overrides::is_about_both);
        let new: Vec<Diagnostic> = new.filter(|found| !known(diagnostics, found)).collect();
        diagnostics.extend(new);
        declarer.definition
    }

    /// What is wrong with an override file by itself. Each block is, since what is declared twice
    /// in it overrides twice.
    fn alone(&mut self, path: &Path, body: &Body) -> Diagnostics {
        let mut found = Diagnostics::default();
        // A check is refused, whatever is in it.
        for block in body.blocks.iter().filter(|block| &*block.kind.name != "check") {
            let mut declarer = self.declarer(path, true);
            declarer.one(block);
            found.extend(declarer.diagnostics);
        }
        let mut declarer = self.declarer(path, true);
        declarer.refuse_arguments(body);
        found.extend(declarer.diagnostics);
        found
    }
}

/// Whether the same was found at the same place.
fn known(diagnostics: &Diagnostics, found: &Diagnostic) -> bool {
    diagnostics.iter().any(|other| other.span == found.span && other.summary == found.summary)
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error(
        "Unreadable module directory",
        format!("The directory `{}` cannot be read: {error}", path.display()),
    )
}

impl Declarer<'_, '_> {
    /// Each body goes as soon as all in it is declared.
    fn bodies(&mut self, bodies: Vec<Body>) {
        let blocks = bodies.iter().flat_map(|body| &body.blocks);
        // Provider sources first: all else is decoded with the schemas they lead to.
        for block in blocks.filter(|block| is_settings(block)) {
            settings::declare(block, &mut self.definition, &mut self.diagnostics);
        }
        for body in &bodies {
            self.refuse_arguments(body);
        }
        let is_check = |block: &&Block| &*block.kind.name == "check";
        for body in bodies {
            let blocks = || body.blocks.iter().filter(|block| !is_settings(block));
            // Data sources of checks come after all others of a file.
            blocks().filter(|block| !is_check(block)).for_each(|block| self.block(block));
            blocks().filter(is_check).for_each(|block| self.block(block));
        }
        self.imported_providers();
    }

    /// What is imported needs its provider even where nothing is configured yet.
    fn imported_providers(&mut self) {
        let imports = self.definition.imports.iter();
        let bare = imports.filter(|import| {
            let (calls, id) = &import.resource;
            calls.is_empty() && !self.definition.resources.contains_key(id)
        });
        let references: Vec<_> = bare
            .map(|import| {
                let kind = &import.resource.1.kind;
                let implied = || Arc::from(kind.split('_').next().unwrap_or(kind));
                let given = import.provider.as_ref().map(|((name, _), _)| name.clone());
                let span = import.to.span;
                ProviderReference { name: given.unwrap_or_else(implied), alias: None, span }
            })
            .collect();
        for reference in references {
            let source = self.definition.source(&reference.name);
            if self.loader.provider(&source).is_none() {
                self.missing_provider(&source, &reference);
            }
        }
    }

    /// There are no arguments outside of blocks.
    fn refuse_arguments(&mut self, body: &Body) {
        for attribute in &body.attributes {
            let name = &attribute.name;
            self.diagnostics.push(unsupported_argument(&name.name).at(name.span));
        }
    }

    /// A block, whatever it is.
    fn one(&mut self, block: &Block) {
        if is_settings(block) {
            settings::declare(block, &mut self.definition, &mut self.diagnostics);
        } else {
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
            "required_providers" => settings::misplaced_requirements(block, diagnostics),
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
