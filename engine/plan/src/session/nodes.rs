//! The run graph: one node for everything that is evaluated or acted upon, with edges to what its
//! evaluation really read.

use std::cell::RefCell;
use std::sync::Arc;

/// Number of a node in [`Nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// Number of a change in [`crate::Plan::changes`] before these are put into display order.
pub(crate) type ChangeIndex = usize;

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum NodeKind {
    /// A variable of a module instance.
    Variable(usize, Arc<str>),
    /// A local value of a module instance.
    Local(usize, Arc<str>),
    /// An output of a module instance.
    Output(usize, Arc<str>),
    /// A `check` block of a module instance, and whether it is checked again while the plan is
    /// applied.
    Check(usize, Arc<str>, bool),
    /// A provider configuration.
    Provider(usize),
    /// The instance keys of a resource or module call.
    Expansion,
    /// All instances of a resource, or everything in a module instance or call; with the address
    /// under which the state records it as a dependency, where it can be one.
    All(Option<Arc<str>>),
    /// An instance of a resource with something to do.
    Instance(ChangeIndex),
    /// An instance of a resource that this plan does not act upon; with its address, where it can
    /// be a dependency.
    Settled(Option<Arc<str>>),
}

/// A node with the nodes it was made from.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub kind: NodeKind,
    pub dependencies: Vec<NodeId>,
}

/// All nodes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Nodes(Vec<Node>);

impl Nodes {
    pub fn add(&mut self, kind: NodeKind, dependencies: Vec<NodeId>) -> NodeId {
        let id = NodeId(u32::try_from(self.0.len()).unwrap_or(u32::MAX));
        self.0.push(Node { kind, dependencies });
        id
    }

    pub fn get(&self, id: NodeId) -> &Node {
        &self.0[id.0 as usize]
    }

    pub fn set_kind(&mut self, id: NodeId, kind: NodeKind) {
        self.0[id.0 as usize].kind = kind;
    }

    pub fn depend(&mut self, id: NodeId, on: impl IntoIterator<Item = NodeId>) {
        let on = on.into_iter().filter(|on| *on != id);
        self.0[id.0 as usize].dependencies.extend(on);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        (0..).map(NodeId).zip(&self.0)
    }
}

/// The nodes that an evaluation reads, each once.
#[derive(Debug, Default)]
pub(crate) struct Reads(RefCell<Vec<NodeId>>);

impl Reads {
    pub fn note(&self, node: NodeId) {
        self.0.borrow_mut().push(node);
    }

    pub fn take(&self) -> Vec<NodeId> {
        let mut nodes = self.0.take();
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    }
}
