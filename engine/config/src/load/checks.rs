//! `check` blocks.

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Span};
use platoform_lang::tree::{Block, Ident};
use platoform_schema::Mode;

use super::declare::Declarer;
use super::fields::{Fields, Shape, check_name, labels, no_labels};
use super::value::Rule;
use crate::Check;

const SHAPE: Shape =
    Shape { required: &[], optional: &[], blocks: &["data", "assert"], open: false };

impl Declarer<'_, '_> {
    /// Adds a `check` block.
    pub(super) fn check(&mut self, block: &Block) {
        let Some([label]) = labels(block, &["name"], &mut self.diagnostics) else { return };
        let fields = Fields::read(&block.body, &SHAPE, &mut self.diagnostics);
        check_name("check block name", label, &mut self.diagnostics);
        let mut twice = false;
        let (mut assertions, mut data, mut first): (Vec<_>, _, Option<Span>) =
            (Vec::new(), None, None);
        for inner in &fields.blocks {
            if &*inner.kind.name == "assert" {
                if no_labels(inner, &mut self.diagnostics) {
                    assertions.extend(self.assertion(inner));
                }
                continue;
            }
            if labels(inner, &["type", "name"], &mut self.diagnostics).is_none() {
                continue;
            }
            if let Some(first) = first {
                self.diagnostics.push(
                    Diagnostic::error(
                        "Multiple data resource blocks",
                        "A `check` block can have only one data source",
                    )
                    .at(inner.header)
                    .label(first, "the first one is here"),
                );
                continue;
            }
            let before = self.diagnostics.len();
            data = self.resource(inner, Mode::Data, Some(&label.text));
            let mut found = self.diagnostics.iter().skip(before);
            twice |= found.any(|found| found.summary.starts_with("Duplicate data "));
            // One that is wrong does not count.
            first = (!self.diagnostics.has_errors_after(before)).then_some(inner.header);
        }
        if assertions.is_empty() {
            let detail = "A `check` block needs at least one `assert` block";
            self.diagnostics.push(Diagnostic::error("Zero assert blocks", detail).at(block.header));
        }
        // With a data source that is there already, it is not looked at any further.
        if twice {
            return;
        }
        if let Some(first) = self.definition.checks.get(&label.text) {
            let detail = format!("There is already a check named `{}` in this module", label.text);
            self.diagnostics.push(
                Diagnostic::error(
                    format!("Duplicate check \"{}\" configuration", label.text),
                    detail,
                )
                .at(block.header)
                .label(first.header, "the first one is here"),
            );
            return;
        }
        let name = Ident { name: label.text.clone(), span: label.span };
        let check = Check { name, data, assertions, header: block.header };
        self.definition.checks.insert(label.text.clone(), Arc::new(check));
    }

    fn assertion(&mut self, block: &Block) -> Option<crate::Condition> {
        let before = self.diagnostics.len();
        let rule = Rule::read(block, &mut self.diagnostics);
        let wrong = self.diagnostics.iter().skip(before).any(Diagnostic::is_error);
        rule.condition().filter(|_| !wrong)
    }
}
