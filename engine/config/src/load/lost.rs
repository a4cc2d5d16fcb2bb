//! What broken parts of a module may declare. References to that are not reported: the error is
//! the broken part, and a second one would only follow from it.

use std::sync::Arc;

use platoform_diagnostic::Diagnostics;
use platoform_lang::Body;
use platoform_lang::tree::{Block, Ident};
use rustc_hash::FxHashSet;

/// Names that something broken in a module may declare.
#[derive(Debug, Default)]
pub(super) struct Lost {
    /// Anywhere but before an equals sign: what labels may be.
    words: FxHashSet<Arc<str>>,
    /// Before an equals sign: what local values may be.
    arguments: FxHashSet<Arc<str>>,
    /// A whole file could not be read: any name may be declared there.
    everything: bool,
}

impl Lost {
    /// Takes in a file that could not be read at all.
    pub(super) fn file(&mut self) {
        self.everything = true;
    }

    /// Takes in a file with syntax errors: all of it but top-level blocks without any. Blocks that
    /// the parser lost, or took for the content of another, are in what remains.
    pub(super) fn text(&mut self, text: &str, body: &Body, errors: &Diagnostics) {
        let mut starts: Vec<u32> =
            errors.iter().filter_map(|error| error.span).map(|span| span.start).collect();
        starts.sort_unstable();
        let mut from = 0;
        for block in &body.blocks {
            let span = block.header.to(block.body.span);
            let first = starts.partition_point(|start| *start < span.start);
            let clean = starts.get(first).is_none_or(|start| *start >= span.end);
            // The parser stands the header in for a body that it lost.
            if clean && block.body.span != block.header {
                self.words_of(text, from, span.start);
                from = span.end;
            } else {
                self.block(block);
            }
        }
        self.words_of(text, from, u32::try_from(text.len()).unwrap_or(u32::MAX));
    }

    /// Takes in a block that does not declare what it should.
    pub(super) fn block(&mut self, block: &Block) {
        self.words.extend(block.labels.iter().map(|label| label.text.clone()));
    }

    /// Takes in a local value that is not declared.
    pub(super) fn local(&mut self, name: &Ident) {
        self.arguments.insert(name.name.clone());
    }

    /// Whether a block with this label may be missing, or not be what it should.
    pub(super) fn may_declare(&self, name: &str) -> bool {
        self.everything || self.words.contains(name)
    }

    /// Whether a local value of this name may be missing.
    pub(super) fn may_declare_local(&self, name: &str) -> bool {
        self.may_declare(name) || self.arguments.contains(name)
    }

    /// Collects names from a part of a text. What follows a dot refers to something.
    fn words_of(&mut self, text: &str, from: u32, to: u32) {
        let Some(part) = text.get(from as usize..to as usize) else { return };
        let mut rest = part;
        while let Some(start) = rest.find(is_word) {
            let after_dot = rest[..start].trim_end().ends_with('.');
            let word = &rest[start..];
            let (word, next) = word.split_at(word.find(|c| !is_word(c)).unwrap_or(word.len()));
            let assigned = next.trim_start().starts_with('=');
            if !after_dot {
                let names = if assigned { &mut self.arguments } else { &mut self.words };
                names.insert(word.into());
            }
            rest = next;
        }
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-')
}
