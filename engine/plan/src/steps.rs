//! The order in which a plan's actions are performed: a graph of small steps.
//!
//! Every node of the run graph has an *up* step (evaluate it again, make or change the object) and
//! an *after* step (everything that was made from it is up to date); every object that goes has a
//! *destroy* step. Edges follow what evaluation really read, and for what is destroyed what the
//! state recorded. All of it is linear in the number of nodes and reads.

use std::sync::Arc;

use platoform_diagnostic::Diagnostic;
use rustc_hash::FxHashMap;

use crate::Action;
use crate::dependencies::recorded_names;
use crate::session::Session;
use crate::session::nodes::{NodeId, NodeKind};

/// Number of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StepId(pub u32);

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// Nothing: it only holds others together.
    Join,
    /// Evaluates a named value again.
    Evaluate(u32),
    /// Checks conditions of this work, whose object stays as it is.
    Check(usize),
    /// Makes or changes the object of this work, or reads its data source.
    Up(usize),
    /// Destroys the object of this work.
    Destroy(usize),
}

/// The action graph.
#[derive(Clone, Debug, Default)]
pub struct Steps {
    kinds: Vec<StepKind>,
    /// Steps that wait for each step.
    dependents: Vec<Vec<StepId>>,
    /// How many steps each step waits for.
    waits: Vec<u32>,
}

impl Steps {
    /// What a step does.
    #[must_use]
    pub fn kind(&self, step: StepId) -> StepKind {
        self.kinds[step.0 as usize]
    }

    /// The steps that wait for this one.
    #[must_use]
    pub fn dependents(&self, step: StepId) -> &[StepId] {
        &self.dependents[step.0 as usize]
    }

    /// How many steps each step waits for, by number.
    #[must_use]
    pub fn waits(&self) -> &[u32] {
        &self.waits
    }

    /// How many steps there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// How many steps call a provider to change something or to read.
    #[must_use]
    pub fn actions(&self) -> usize {
        let acts = |kind: &&StepKind| matches!(kind, StepKind::Up(_) | StepKind::Destroy(_));
        self.kinds.iter().filter(acts).count()
    }

    fn add(&mut self, kind: StepKind) -> StepId {
        let id = StepId(u32::try_from(self.kinds.len()).unwrap_or(u32::MAX));
        self.kinds.push(kind);
        self.dependents.push(Vec::new());
        self.waits.push(0);
        id
    }

    /// Lets `later` wait for `earlier`.
    fn order(&mut self, earlier: StepId, later: StepId) {
        self.dependents[earlier.0 as usize].push(later);
        self.waits[later.0 as usize] += 1;
    }

    /// Whether every step can be reached: no two wait for each other.
    fn is_acyclic(&self) -> bool {
        let mut waits = self.waits.clone();
        let mut ready: Vec<usize> = (0..waits.len()).filter(|step| waits[*step] == 0).collect();
        let mut reached = 0;
        while let Some(step) = ready.pop() {
            reached += 1;
            for next in &self.dependents[step] {
                let wait = &mut waits[next.0 as usize];
                *wait -= 1;
                if *wait == 0 {
                    ready.push(next.0 as usize);
                }
            }
        }
        reached == waits.len()
    }
}

/// How much of what the state recorded is heeded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Heed {
    /// Only which objects that go were made from each other.
    Leaving,
    /// Also that of objects that are replaced.
    Destroyed,
    /// Also that dependants are updated before what they used to depend on is destroyed.
    Updated,
}

impl Session {
    /// The action graph of the plan this session made.
    ///
    /// # Errors
    /// When there is no order in which everything can be done.
    pub fn steps(&self) -> Result<Steps, Diagnostic> {
        // Where what the state recorded goes against what the configuration says now, the
        // configuration wins.
        for heed in [Heed::Updated, Heed::Destroyed, Heed::Leaving] {
            let steps = build(self, heed);
            if steps.is_acyclic() {
                return Ok(steps);
            }
        }
        let detail = "Some of these actions would have to wait for each other";
        Err(Diagnostic::error("There is no order for this plan", detail)
            .help("apply it in two parts, with `-target`"))
    }
}

fn build(session: &Session, heed: Heed) -> Steps {
    let mut builder = Builder {
        session,
        steps: Steps::default(),
        up: Vec::with_capacity(session.nodes.len()),
        after: Vec::new(),
        destroy: FxHashMap::default(),
    };
    builder.up_steps();
    if builder.destroy_steps() {
        builder.after_steps();
        builder.order_destroys(heed);
    }
    builder.steps
}

struct Builder<'a> {
    session: &'a Session,
    steps: Steps,
    up: Vec<StepId>,
    after: Vec<StepId>,
    destroy: FxHashMap<usize, StepId>,
}

impl Builder<'_> {
    fn up_steps(&mut self) {
        for (id, node) in self.session.nodes.iter() {
            let kind = match &node.kind {
                NodeKind::Variable(..) | NodeKind::Local(..) | NodeKind::Output(..)
                    if self.session.is_pending(id) =>
                {
                    StepKind::Evaluate(id.0)
                }
                NodeKind::Check(_, _, true) => StepKind::Evaluate(id.0),
                NodeKind::Provider(number) if self.session.is_partial(*number) => {
                    StepKind::Evaluate(id.0)
                }
                NodeKind::Instance(work) => match self.session.work[*work].change.action {
                    Action::NoOp if self.session.work[*work].unchecked => StepKind::Check(*work),
                    Action::NoOp | Action::Delete | Action::Forget => StepKind::Join,
                    _ => StepKind::Up(*work),
                },
                _ => StepKind::Join,
            };
            let step = self.steps.add(kind);
            self.up.push(step);
        }
        for (id, node) in self.session.nodes.iter() {
            for on in &node.dependencies {
                self.steps.order(self.up[on.0 as usize], self.up[id.0 as usize]);
            }
        }
    }

    /// Adds a step for everything that goes; false when nothing does.
    fn destroy_steps(&mut self) -> bool {
        for (index, work) in self.session.work.iter().enumerate() {
            if work.change.action == Action::Delete || work.change.action.is_replace() {
                let step = self.steps.add(StepKind::Destroy(index));
                self.destroy.insert(index, step);
            }
        }
        !self.destroy.is_empty()
    }

    /// Adds the steps after which everything made from a node is up to date.
    fn after_steps(&mut self) {
        for _ in 0..self.up.len() {
            let step = self.steps.add(StepKind::Join);
            self.after.push(step);
        }
        for (id, node) in self.session.nodes.iter() {
            for on in &node.dependencies {
                let after = self.after[on.0 as usize];
                self.steps.order(self.up[id.0 as usize], after);
                self.steps.order(self.after[id.0 as usize], after);
            }
        }
    }

    fn order_destroys(&mut self, heed: Heed) {
        let mut users: FxHashMap<Arc<str>, Users> = FxHashMap::default();
        for (index, work) in self.session.work.iter().enumerate() {
            for address in &work.prior_dependencies {
                let steps = &mut self.steps;
                let users = users.entry(address.clone()).or_insert_with(|| Users {
                    destroyed: steps.add(StepKind::Join),
                    updated: steps.add(StepKind::Join),
                });
                let leaves = work.node.is_none() || heed > Heed::Leaving;
                if let Some(destroy) = self.destroy.get(&index).filter(|_| leaves) {
                    self.steps.order(*destroy, users.destroyed);
                }
                if let Some(node) = work.node {
                    self.steps.order(self.up[node.0 as usize], users.updated);
                }
            }
        }
        let destroy: Vec<(usize, StepId)> =
            self.destroy.iter().map(|(index, step)| (*index, *step)).collect();
        for (index, step) in destroy {
            let work = &self.session.work[index];
            self.order_self(work.change.action, work.node, step);
            if heed > Heed::Leaving && self.session.is_partial(work.provider) {
                let provider = self.session.providers[work.provider].node;
                self.steps.order(self.up[provider.0 as usize], step);
            }
            let later = work.change.action != Action::DeleteThenCreate;
            let former = work.former.as_ref().map(recorded_names).unwrap_or_default();
            for address in recorded_names(&work.change.key.address).union(&former) {
                if let Some(users) = users.get(address) {
                    self.steps.order(users.destroyed, step);
                    if later && heed == Heed::Updated {
                        self.steps.order(users.updated, step);
                    }
                }
            }
        }
    }

    /// Orders the two halves of a replacement.
    fn order_self(&mut self, action: Action, node: Option<NodeId>, destroy: StepId) {
        let Some(node) = node.map(|node| node.0 as usize) else { return };
        match action {
            Action::DeleteThenCreate => self.steps.order(destroy, self.up[node]),
            Action::CreateThenDelete => {
                self.steps.order(self.up[node], destroy);
                self.steps.order(self.after[node], destroy);
            }
            _ => {}
        }
    }
}

/// Joins of everything that was made from an address.
struct Users {
    destroyed: StepId,
    updated: StepId,
}
