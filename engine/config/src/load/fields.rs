//! Blocks whose shape the language itself fixes.

use platoform_diagnostic::{Diagnostic, Diagnostics, Span};
use platoform_lang::json::Property;
use platoform_lang::tree::{Attribute, Block, Body};

use crate::content::{missing_argument, opening, unsupported_argument, unsupported_block};
use crate::suggest::did_you_mean;

/// What a block may hold.
pub(super) struct Shape {
    /// Arguments that must be there.
    pub(super) required: &'static [&'static str],
    /// Arguments that may be there.
    pub(super) optional: &'static [&'static str],
    /// Types of nested blocks.
    pub(super) blocks: &'static [&'static str],
    /// Anything else is for somebody else to decode, not an error.
    pub(super) open: bool,
}

/// What a block holds.
pub(super) struct Fields<'a> {
    attributes: Vec<&'a Attribute>,
    /// Nested blocks of known types.
    pub(super) blocks: Vec<&'a Block>,
    /// Arguments that the shape does not name.
    pub(super) other_attributes: Vec<&'a Attribute>,
    /// Blocks that the shape does not name.
    pub(super) other_blocks: Vec<&'a Block>,
    /// Properties of JSON syntax that a schema explains.
    pub(super) deferred: &'a [Property],
    /// From the opening to the closing brace.
    pub(super) span: Span,
}

impl<'a> Fields<'a> {
    pub(super) fn read(body: &'a Body, shape: &Shape, diagnostics: &mut Diagnostics) -> Self {
        let fields = Self::partial(body, shape, diagnostics);
        for name in shape.required {
            if fields.get(name).is_none() {
                diagnostics.push(missing_argument(name).at(opening(body.span)));
            }
        }
        fields
    }

    /// The same for what overrides another block: nothing must be there.
    pub(super) fn partial(body: &'a Body, shape: &Shape, diagnostics: &mut Diagnostics) -> Self {
        let known = |name: &str| shape.required.contains(&name) || shape.optional.contains(&name);
        let (attributes, other_attributes): (Vec<_>, Vec<_>) =
            body.attributes.iter().partition(|attribute| known(&attribute.name.name));
        let (blocks, other_blocks): (Vec<_>, Vec<_>) =
            body.blocks.iter().partition(|block| shape.blocks.contains(&&*block.kind.name));
        let deferred = body.deferred.as_slice();
        let fields =
            Self { attributes, blocks, other_attributes, other_blocks, deferred, span: body.span };
        if !shape.open {
            fields.refuse_others(shape, diagnostics);
        }
        fields
    }

    fn refuse_others(&self, shape: &Shape, diagnostics: &mut Diagnostics) {
        let names = || shape.required.iter().chain(shape.optional).copied();
        for attribute in &self.other_attributes {
            let name = &attribute.name.name;
            let mut error = unsupported_argument(name).at(attribute.name.span);
            if shape.blocks.contains(&&**name) {
                error = error.help(format!("write it as a block: `{name} {{ … }}`"));
            } else {
                error.help = did_you_mean(name, names());
            }
            diagnostics.push(error);
        }
        for block in &self.other_blocks {
            let kind = &block.kind.name;
            let mut error = unsupported_block(kind).at(block.kind.span);
            if names().any(|name| *name == **kind) {
                error = error.help(format!("write it as an argument: `{kind} = …`"));
            } else {
                error.help = did_you_mean(kind, shape.blocks.iter().copied());
            }
            diagnostics.push(error);
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a Attribute> {
        self.attributes.iter().find(|attribute| *attribute.name.name == *name).copied()
    }
}

/// Reports a block that must not have labels but has, and whether it is as it must be.
pub(super) fn no_labels(block: &Block, diagnostics: &mut Diagnostics) -> bool {
    labels(block, &[], diagnostics).is_some()
}

/// The labels of a block, if there are as many as must be; each name says what the label is.
pub(super) fn labels<'a, const N: usize>(
    block: &'a Block,
    names: &[&str; N],
    diagnostics: &mut Diagnostics,
) -> Option<&'a [platoform_lang::Label; N]> {
    let kind = &block.kind.name;
    let s = if N == 1 { "" } else { "s" };
    if let Some(missing) = names.get(block.labels.len()) {
        let detail = format!("All `{kind}` blocks must have {N} label{s} ({})", names.join(", "));
        diagnostics.push(
            Diagnostic::error(format!("Missing {missing} for {kind}"), detail).at(block.opening),
        );
        return None;
    }
    if let Some(extra) = block.labels.get(N) {
        let detail = match N {
            0 => format!("No labels are expected for `{kind}` blocks"),
            _ => {
                format!("Only {N} label{s} ({}) are expected for `{kind}` blocks", names.join(", "))
            }
        };
        diagnostics
            .push(Diagnostic::error(format!("Extraneous label for {kind}"), detail).at(extra.span));
        return None;
    }
    block.labels.as_slice().try_into().ok()
}

/// Reports a block where there can only be arguments, the first of several, and whether it is as it
/// must be.
pub(super) fn no_blocks(body: &Body, diagnostics: &mut Diagnostics) -> bool {
    let Some(first) = body.blocks.first() else { return true };
    let summary = format!("Unexpected \"{}\" block", first.kind.name);
    let detail = "Blocks are not allowed here";
    diagnostics.push(Diagnostic::error(summary, detail).at(first.kind.span));
    false
}

/// Reports the second and later of blocks that may occur once.
pub(super) fn only_one(
    seen: &mut Option<Span>,
    block: &Block,
    diagnostics: &mut Diagnostics,
) -> bool {
    let Some(first) = *seen else {
        *seen = Some(block.header);
        return true;
    };
    let kind = &block.kind.name;
    diagnostics.push(
        Diagnostic::error(
            format!("Duplicate {kind} block"),
            format!("There can be only one `{kind}` block here"),
        )
        .at(block.header)
        .label(first, "the first one is here"),
    );
    false
}

/// Reports the second and later of the blocks `_`, whose content is not the language's own even
/// where its names are.
pub(super) fn escape(
    seen: &mut Option<Span>,
    block: &Block,
    diagnostics: &mut Diagnostics,
) -> bool {
    let Some(first) = *seen else {
        *seen = Some(block.header);
        return true;
    };
    diagnostics.push(
        Diagnostic::error("Duplicate escaping block", "There can be only one `_` block here")
            .at(block.header)
            .label(first, "the first one is here"),
    );
    false
}

/// Reports a name that cannot name a block.
pub(super) fn check_name(what: &str, label: &platoform_lang::Label, diagnostics: &mut Diagnostics) {
    if !crate::address::is_identifier(&label.text) {
        diagnostics.push(
            Diagnostic::error(
                format!("Invalid {what}"),
                "A name must start with a letter or underscore and may contain only letters, \
                 digits, underscores and dashes",
            )
            .at(label.span),
        );
    }
}
