//! One statement that something moved.

use std::sync::Arc;

use platoform_config::{
    InstanceAddress, InstanceKey, ModuleInstance, Moved, ResourceAddress, ResourceId, Target,
    Topology,
};
use platoform_diagnostic::Span;

/// What has another address now. Its endpoints are relative to a module, and meant in each of its
/// instances.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// Names of the calls that lead to the module with the statement.
    pub module: Vec<Arc<str>>,
    pub from: Endpoint,
    pub to: Endpoint,
    /// The block, or what the statement follows from.
    pub header: Span,
    /// Nobody wrote it: it follows from a `count` that came or went.
    pub implied: bool,
}

/// Where something was, or is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Endpoint {
    /// The module instance, from the one with the statement. For a call: the one that calls.
    pub module: ModuleInstance,
    pub object: Object,
}

/// What moves.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Object {
    /// The module instance.
    Module,
    /// All instances of a module call.
    Call(Arc<str>),
    /// All instances of a resource.
    Resource(ResourceId),
    /// One instance of a resource.
    Instance(ResourceId, InstanceKey),
}

/// A module instance with any key where there is none.
type Pattern = Vec<(Arc<str>, Option<InstanceKey>)>;

/// The statements of all `moved` blocks.
pub(super) fn explicit(topology: &Topology) -> Vec<Statement> {
    let modules = topology.modules.iter();
    let all = modules.flat_map(|module| module.moved.iter().map(move |it| (module, it)));
    all.map(|(module, moved)| Statement::written(module.path.clone(), moved)).collect()
}

impl Statement {
    fn written(module: Vec<Arc<str>>, moved: &Moved) -> Self {
        // Without keys on both sides everything under these names moves, else one instance.
        let whole = [&moved.from, &moved.to].into_iter().all(|target| match target {
            Target::Module(module) => {
                module.0.last().is_some_and(|(_, key)| *key == InstanceKey::None)
            }
            Target::Resource(_) => true,
            Target::Instance(_) => false,
        });
        let (from, to) = (Endpoint::new(&moved.from, whole), Endpoint::new(&moved.to, whole));
        Self { module, from, to, header: moved.header, implied: false }
    }

    /// That an instance moved because of its block's `count`.
    pub fn implied(from: &InstanceAddress, key: InstanceKey, header: Span) -> Self {
        let endpoint = |key: InstanceKey| Endpoint {
            module: from.resource.module.clone(),
            object: Object::Instance(from.resource.id.clone(), key),
        };
        let (from, to) = (endpoint(from.key.clone()), endpoint(key));
        Self { module: Vec::new(), from, to, header, implied: true }
    }

    /// Whether the endpoint names a resource, or an instance of it.
    pub fn concerns(&self, endpoint: &Endpoint, resource: &ResourceAddress) -> bool {
        let id = match &endpoint.object {
            Object::Resource(id) | Object::Instance(id, _) => id,
            Object::Module | Object::Call(_) => return false,
        };
        let pattern = self.pattern(endpoint);
        let module = &resource.module.0;
        *id == resource.id && pattern.len() == module.len() && {
            let steps = pattern.iter().zip(module.iter());
            steps.into_iter().all(|((name, key), (other, other_key))| {
                name == other && key.as_ref().is_none_or(|key| key == other_key)
            })
        }
    }

    /// The module instances that an endpoint may be in, or be.
    fn pattern(&self, endpoint: &Endpoint) -> Pattern {
        let any = |name: &Arc<str>| (name.clone(), None);
        let mut pattern: Pattern = self.module.iter().map(any).collect();
        let steps = endpoint.module.0.iter();
        pattern.extend(steps.map(|(name, key)| (name.clone(), Some(key.clone()))));
        if let Object::Call(name) = &endpoint.object {
            pattern.push(any(name));
        }
        pattern
    }

    /// Splits a module instance into the one with the statement and the way from there.
    fn split<'m>(&self, module: &'m ModuleInstance) -> Option<(&'m [Step], &'m [Step])> {
        let (prefix, rest) = module.0.split_at_checked(self.module.len())?;
        let names = prefix.iter().map(|(name, _)| name);
        names.eq(&self.module).then_some((prefix, rest))
    }

    /// Where a module instance is now, if the statement is about it or one it is in.
    pub fn module_destination(&self, module: &ModuleInstance) -> Option<ModuleInstance> {
        let (prefix, rest) = self.split(module)?;
        let from = &self.from.module.0;
        let (matched, rest) = rest.split_at_checked(from.len())?;
        if matched != from.as_slice() {
            return None;
        }
        let mut steps = [prefix, &self.to.module.0].concat();
        match (&self.from.object, &self.to.object) {
            (Object::Module, Object::Module) => steps.extend_from_slice(rest),
            (Object::Call(from), Object::Call(to)) => {
                let ((name, key), inside) = rest.split_first()?;
                if name != from {
                    return None;
                }
                steps.push((to.clone(), key.clone()));
                steps.extend_from_slice(inside);
            }
            _ => return None,
        }
        Some(ModuleInstance(Arc::new(steps)))
    }

    /// Where a resource of a module instance is now, if the statement is about it.
    pub fn resource_destination(
        &self,
        module: &ModuleInstance,
    ) -> Option<(ModuleInstance, ResourceId)> {
        match &self.to.object {
            Object::Resource(id) => Some((self.inside(module)?, id.clone())),
            _ => None,
        }
    }

    /// Where an instance of a resource of a module instance is now, if the statement is about it.
    pub fn instance_destination(
        &self,
        module: &ModuleInstance,
    ) -> Option<(ModuleInstance, ResourceId, InstanceKey)> {
        match &self.to.object {
            Object::Instance(id, key) => Some((self.inside(module)?, id.clone(), key.clone())),
            _ => None,
        }
    }

    /// The module instance that what moved is in now, if it was in this one.
    fn inside(&self, module: &ModuleInstance) -> Option<ModuleInstance> {
        let (prefix, rest) = self.split(module)?;
        let same = rest == self.from.module.0.as_slice();
        same.then(|| ModuleInstance(Arc::new([prefix, &self.to.module.0].concat())))
    }

    /// Whether this statement is to be carried out after another.
    pub fn builds_upon(&self, other: &Self) -> bool {
        if self.chains(&self.from, other, &other.to) {
            return true;
        }
        let nested = self.nested(&self.from, other, &other.to)
            || self.nested(&self.to, other, &other.to)
            || other.nested(&other.from, self, &self.from)
            || other.nested(&other.to, self, &self.from);
        // Where only the key of an outer module changes, what is inside matches before and after.
        nested && !(self.module.len() < other.module.len() && self.changes_key_only())
    }

    fn chains(&self, mine: &Endpoint, other: &Self, theirs: &Endpoint) -> bool {
        let (left, right) = (self.pattern(mine), other.pattern(theirs));
        if left.len() != right.len() || !overlap(&left, &right) {
            return false;
        }
        match (&mine.object, &theirs.object) {
            (Object::Module | Object::Call(_), Object::Module | Object::Call(_)) => true,
            (Object::Resource(_), Object::Resource(_))
            | (Object::Instance(..), Object::Instance(..)) => mine.object == theirs.object,
            _ => false,
        }
    }

    /// Whether an endpoint of this statement is inside what an endpoint of another names.
    fn nested(&self, mine: &Endpoint, other: &Self, theirs: &Endpoint) -> bool {
        let (inner, outer) = (self.pattern(mine), other.pattern(theirs));
        if outer.len() > inner.len() || !overlap(&outer, &inner) {
            return false;
        }
        let deeper = inner.len() > outer.len();
        match (&theirs.object, &mine.object) {
            (Object::Module, Object::Module | Object::Call(_))
            | (Object::Call(_), Object::Call(_)) => deeper,
            (Object::Module | Object::Call(_), _) => true,
            (Object::Resource(id), Object::Instance(instance, _)) => !deeper && id == instance,
            _ => false,
        }
    }

    fn changes_key_only(&self) -> bool {
        let names = |endpoint: &Endpoint| {
            let pattern = self.pattern(endpoint).into_iter();
            pattern.map(|(name, _)| name).collect::<Vec<_>>()
        };
        let module =
            |endpoint: &Endpoint| matches!(endpoint.object, Object::Module | Object::Call(_));
        module(&self.from) && module(&self.to) && names(&self.from) == names(&self.to)
    }
}

type Step = (Arc<str>, InstanceKey);

/// Whether some module instance fits both patterns, as far as the shorter one goes.
fn overlap(short: &Pattern, long: &Pattern) -> bool {
    short.iter().zip(long).all(|((name, key), (other, other_key))| {
        let differ = matches!((key, other_key), (Some(key), Some(other)) if key != other);
        name == other && !differ
    })
}

impl Endpoint {
    fn new(target: &Target, whole: bool) -> Self {
        match target {
            Target::Module(module) if whole => {
                let mut steps = module.0.as_ref().clone();
                let name = steps.pop().map(|(name, _)| name).unwrap_or_default();
                Self { module: ModuleInstance(Arc::new(steps)), object: Object::Call(name) }
            }
            Target::Module(module) => Self { module: module.clone(), object: Object::Module },
            Target::Resource(resource) => {
                let id = resource.id.clone();
                let object = match whole {
                    true => Object::Resource(id),
                    false => Object::Instance(id, InstanceKey::None),
                };
                Self { module: resource.module.clone(), object }
            }
            Target::Instance(instance) => Self {
                module: instance.resource.module.clone(),
                object: Object::Instance(instance.resource.id.clone(), instance.key.clone()),
            },
        }
    }
}
