//! Addresses in `moved`, `removed` and `import` blocks.

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Span};
use platoform_lang::tree::{ExpressionKind, Ident, Step};
use platoform_schema::Mode;

use super::traversal::Traversal;
use crate::step_span;
use crate::{InstanceAddress, InstanceKey, ModuleInstance, ResourceAddress, ResourceId, Target};

/// An address as far as it could be told by its names.
pub(super) struct Parts {
    pub(super) module: Vec<(Arc<str>, InstanceKey)>,
    /// `None` for a module.
    pub(super) resource: Option<(ResourceId, InstanceKey)>,
    /// Where the first key on a module stands.
    pub(super) module_key: Option<Span>,
    /// Where the key of the resource stands.
    pub(super) key: Option<Span>,
    /// Where more stands after that.
    pub(super) extra: Option<Span>,
    /// Where still more stands after that.
    more: Option<Span>,
    /// Where the names of the resource stand if they were taken for more than a type and a name:
    /// after a word that says what it is.
    pub(super) prefixed: Option<Span>,
    /// The type, if it is a word with a meaning of its own, and where it and all after it stand.
    reserved: Option<(Arc<str>, Span)>,
}

/// Words that name something other than a type of resource.
const RESERVED: [&str; 10] =
    ["count", "each", "local", "path", "self", "terraform", "var", "template", "lazy", "arg"];

impl Parts {
    /// The address, unless the type has another meaning.
    ///
    /// # Errors
    /// "Invalid address".
    pub(super) fn unreserved(self) -> Result<Self, Diagnostic> {
        let Some((word, at)) = &self.reserved else { return Ok(self) };
        let detail = format!("`{word}` cannot be the type of a resource");
        Err(address(&detail, *at)
            .help(format!("write `resource.{word}` if it is a type of resource")))
    }

    /// The address, unless more follows it.
    ///
    /// # Errors
    /// "Invalid address".
    pub(super) fn whole(self) -> Result<Self, Diagnostic> {
        let (detail, at) = match (self.key, self.more) {
            (None, None) => ("The key of an instance is written in brackets", self.extra),
            (None, more) => ("Nothing may follow the key of an instance", more),
            (Some(_), _) => ("Nothing may follow the key of an instance", self.extra),
        };
        match at {
            None => Ok(self),
            Some(at) => Err(address(detail, at)),
        }
    }
}

impl From<Parts> for Target {
    fn from(parts: Parts) -> Self {
        let module = ModuleInstance(Arc::new(parts.module));
        match parts.resource {
            None => Self::Module(module),
            Some((id, key)) => {
                let resource = ResourceAddress { module, id };
                match key {
                    InstanceKey::None => Self::Resource(resource),
                    key => Self::Instance(InstanceAddress::new(resource, key)),
                }
            }
        }
    }
}

/// Reads an address. Keys that are not constant count as none.
///
/// # Errors
/// "Invalid address", "Invalid address operator".
pub(super) fn parse(traversal: Traversal<'_>) -> Result<Parts, Diagnostic> {
    let mut reader = Reader { traversal, next: 0 };
    let mut parts = Parts {
        module: Vec::new(),
        resource: None,
        module_key: None,
        key: None,
        extra: None,
        more: None,
        prefixed: None,
        reserved: None,
    };
    while reader.name().is_some_and(|name| &*name.name == "module") {
        let keyword = reader.span();
        reader.next += 1;
        let Some(name) = reader.attribute() else {
            let at = if reader.is_done() { keyword } else { reader.span() };
            return Err(operator("`module.` must be followed by the name of a module call", at));
        };
        let (name, before) = (name.name.clone(), reader.span());
        let key = reader.key();
        if key.is_some() {
            parts.module_key.get_or_insert(before);
        }
        parts.module.push((name, key.unwrap_or_default()));
    }
    if reader.is_done() {
        return Ok(parts);
    }
    let first = reader.next;
    let word = reader.name().filter(|word| RESERVED.contains(&&*word.name));
    parts.reserved = word.map(|word| {
        let rest = first.checked_sub(1).map(|step| traversal.rest(step));
        (word.name.clone(), rest.unwrap_or(traversal.span))
    });
    let id = reader.resource()?;
    parts.prefixed = (reader.next > first + 2).then(|| traversal.rest(first + 1));
    let at = reader.span();
    let key = reader.key();
    parts.key = key.is_some().then_some(at);
    parts.extra = (!reader.is_done()).then(|| reader.span());
    reader.next += 1;
    parts.more = (!reader.is_done()).then(|| reader.span());
    parts.resource = Some((id, key.unwrap_or_default()));
    Ok(parts)
}

fn address(detail: &str, at: Span) -> Diagnostic {
    Diagnostic::error("Invalid address", detail).at(at)
}

fn operator(detail: &str, at: Span) -> Diagnostic {
    Diagnostic::error("Invalid address operator", detail).at(at)
}

/// Goes through the root name and the steps; the root has number 0.
struct Reader<'a> {
    traversal: Traversal<'a>,
    next: usize,
}

impl<'a> Reader<'a> {
    fn step(&self) -> Option<&'a Step> {
        self.next.checked_sub(1).and_then(|index| self.traversal.steps.get(index))
    }

    fn is_done(&self) -> bool {
        self.next > self.traversal.steps.len()
    }

    /// Where the next step stands; for the root, the root name.
    fn span(&self) -> Span {
        if self.next == 0 {
            return self.traversal.root.span;
        }
        self.step().map_or(self.traversal.span, step_span)
    }

    /// The name that comes next, the root's included.
    fn name(&self) -> Option<&'a Ident> {
        if self.next == 0 {
            return Some(self.traversal.root);
        }
        match self.step()? {
            Step::Attribute(name) => Some(name),
            Step::Index(..) | Step::Splat(..) => None,
        }
    }

    fn attribute(&mut self) -> Option<&'a Ident> {
        let name = self.name()?;
        self.next += 1;
        Some(name)
    }

    fn key(&mut self) -> Option<InstanceKey> {
        let Some(Step::Index(key, _)) = self.step() else { return None };
        self.next += 1;
        let ExpressionKind::Literal(value) = &key.kind else { return Some(InstanceKey::None) };
        let index = value.as_i64().and_then(|index| u64::try_from(index).ok());
        Some(match (value.as_str(), index) {
            (Some(name), _) => InstanceKey::Name(name.into()),
            (None, Some(index)) => InstanceKey::Index(index),
            (None, None) => InstanceKey::None,
        })
    }

    fn resource(&mut self) -> Result<ResourceId, Diagnostic> {
        let mut mode = Mode::Managed;
        let prefixes =
            [("data", Mode::Data), ("ephemeral", Mode::Ephemeral), ("resource", Mode::Managed)];
        for (word, meaning) in prefixes {
            if self.name().is_some_and(|name| &*name.name == word) {
                mode = meaning;
                self.next += 1;
                break;
            }
        }
        if self.traversal.steps.len() < self.next + 1 {
            let at = match self.next {
                0 => self.traversal.span,
                next => self.traversal.rest(next - 1),
            };
            return Err(address("A resource is named by its type and its name", at));
        }
        let at = self.span();
        let kind = self.attribute().ok_or_else(|| address("A type is required here", at))?;
        let at = self.span();
        let name = self.attribute().ok_or_else(|| address("A name is required here", at))?;
        Ok(ResourceId { mode, kind: kind.name.clone(), name: name.name.clone() })
    }
}
