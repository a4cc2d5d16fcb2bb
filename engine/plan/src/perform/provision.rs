//! What provisioners are asked to do.

use std::sync::Arc;

use platoform_config::{Connection, Content, OnFailure, Provisioner, Resource, When};
use platoform_diagnostic::{Diagnostic, Diagnostics, Span};
use platoform_value::{Marks, Type, Value};

use crate::Action;
use crate::planner::{Planner, removed};
use crate::session::Session;
use crate::session::module::{Each, ModuleState};
use crate::session::nodes::{NodeId, NodeKind};

/// One provisioner with its arguments.
#[derive(Clone, Debug)]
pub struct Provision {
    /// Its type: `local-exec`, `remote-exec` or `file`.
    pub kind: Arc<str>,
    /// Its arguments, without marks.
    pub arguments: Value,
    /// How to reach the object, without marks; null where that is not said.
    pub connection: Value,
    /// Why nothing that it writes is shown, where that is so: `sensitive` or `ephemeral`.
    pub suppressed: Option<&'static str>,
    /// Its failure means nothing.
    pub proceeds: bool,
    /// Where its body begins.
    pub opening: Span,
}

/// What a block says about provisioners.
struct Block {
    /// Number of the module instance to evaluate it in.
    instance: usize,
    provisioners: Arc<[Provisioner]>,
    /// Connection for all of them.
    connection: Option<Arc<Connection>>,
}

impl Block {
    fn of(
        instance: usize,
        provisioners: &Arc<[Provisioner]>,
        connection: &Option<Arc<Connection>>,
    ) -> Self {
        Self { instance, provisioners: provisioners.clone(), connection: connection.clone() }
    }
}

impl Session {
    /// What is to be run for the object of a work. Each comes with the errors that keep it from
    /// being run; they count only once those before it have been run.
    pub fn provisions(&mut self, work: usize, when: When) -> Vec<Result<Provision, Diagnostics>> {
        let Some(block) = self.block_of(work, when) else { return Vec::new() };
        let itself = match when {
            When::Create => self.current(work),
            When::Destroy => Some(self.work[work].change.before.clone()),
        };
        let itself = itself.as_ref();
        let each = match &self.work[work].place {
            Some(place) if when == When::Create => self.each_now(place),
            _ => Each { key: self.work[work].change.key.address.key.clone(), value: None },
        };
        let due = block.provisioners.iter().filter(|provisioner| provisioner.when == when);
        due.map(|provisioner| self.provision(&block, &each, itself, provisioner)).collect()
    }

    /// Whether anything is to be run for the object of a work.
    pub fn has_provisions(&mut self, work: usize, when: When) -> bool {
        self.block_of(work, when)
            .is_some_and(|block| block.provisioners.iter().any(|it| it.when == when))
    }

    /// What the block of a work's object says about provisioners.
    fn block_of(&mut self, work: usize, when: When) -> Option<Block> {
        let item = &self.work[work];
        if item.change.key.deposed.is_some() {
            return None;
        }
        if let Some(place) = &item.place {
            let module = self.instances[place.instance].module;
            let resource = self.topology.module(module).resources.get(&place.id)?;
            return Some(Block::of(place.instance, &resource.provisioners, &resource.connection));
        }
        if when == When::Create || item.change.action != Action::Delete {
            return None;
        }
        let address = item.change.key.address.resource.clone();
        let calls = address.module.0.iter().map(|(name, _)| name);
        let module = self.topology.modules.iter().find(|it| it.path.iter().eq(calls.clone()));
        let resource = module.and_then(|module| Some((module, module.resources.get(&address.id)?)));
        let (module, provisioners, connection) = match resource {
            Some((module, resource)) => (module, &resource.provisioners, &resource.connection),
            None => {
                let (module, removed) = removed::block(&self.topology, &address)?;
                (module, &removed.provisioners, &removed.connection)
            }
        };
        if provisioners.is_empty() {
            return None;
        }
        let (id, mut block) = (module.id, Block::of(0, provisioners, connection));
        let known = &self.by_module[id.0 as usize];
        let same = |known: &&usize| self.instances[**known].address == address.module;
        let instance = known.iter().find(same).or(known.first()).copied();
        block.instance = instance.unwrap_or_else(|| {
            // No instance of its module is left. What runs then needs nothing of it but where its
            // files are.
            let all = self.nodes.add(NodeKind::All(None), Vec::new());
            let state = ModuleState::new(id, address.module.clone(), None, Each::default(), all);
            self.instances.push(state);
            self.instances.len() - 1
        });
        Some(block)
    }

    fn provision(
        &self,
        around: &Block,
        each: &Each,
        itself: Option<&Value>,
        provisioner: &Provisioner,
    ) -> Result<Provision, Diagnostics> {
        let instance = around.instance;
        let evaluate = |content: &Content| {
            let ((value, found), _) =
                self.within(instance, Some(each), itself, |evaluator| content.evaluate(evaluator));
            if found.has_errors() { Err(found) } else { Ok(value) }
        };
        let arguments = evaluate(&provisioner.content)?;
        let mut connection = Value::null(Type::Dynamic);
        for block in [&around.connection, &provisioner.connection].into_iter().flatten() {
            connection = masked(&connection, block, evaluate(&block.content)?);
        }
        let span = provisioner.content.span();
        let opening = Span { end: span.end.min(span.start + 1), ..span };
        if !arguments.is_wholly_known() || !connection.is_wholly_known() {
            let detail = "Something that it is told is not known even now";
            return Err(Diagnostic::error("Invalid provisioner configuration", detail)
                .at(opening)
                .into());
        }
        let marks = arguments.deep_marks();
        let suppressed = [(Marks::SENSITIVE, "sensitive"), (Marks::EPHEMERAL, "ephemeral")];
        Ok(Provision {
            kind: provisioner.kind.name.clone(),
            arguments: arguments.unmark_deep(),
            connection: connection.unmark_deep(),
            suppressed: suppressed
                .into_iter()
                .find_map(|(mark, name)| marks.contains(mark).then_some(name)),
            proceeds: provisioner.on_failure == OnFailure::Continue,
            opening,
        })
    }
}

impl Planner {
    /// What the provisioners of a block read, so that it is there when they run.
    pub(crate) fn provisioner_reads(
        &self,
        instance: usize,
        each: &Each,
        resource: &Resource,
    ) -> Vec<NodeId> {
        let own = resource.provisioners.iter();
        let contents = own.clone().map(|provisioner| &provisioner.content);
        let connections = own.filter_map(|provisioner| provisioner.connection.as_ref());
        let connections = connections.chain(&resource.connection);
        let contents = contents.chain(connections.map(|connection| &connection.content));
        let itself = Value::unknown(Type::Dynamic);
        let read = |content: &Arc<Content>| {
            // What is wrong with it is found when it is run.
            let within = self.session.within(instance, Some(each), Some(&itself), |evaluator| {
                content.evaluate(evaluator)
            });
            within.1
        };
        let mut reads: Vec<NodeId> = contents.flat_map(read).collect();
        // They run when the object is there, so they may refer to it.
        let resources = &self.session.instances[instance].resources;
        let all = resources.get(&resource.id).map(|expansion| expansion.all);
        reads.retain(|node| Some(*node) != all);
        reads
    }
}

/// What a connection block says, over what the one around it says.
fn masked(outer: &Value, block: &Connection, value: Value) -> Value {
    let (Some(outer), Some(entries)) = (outer.as_entries(), value.as_entries()) else {
        return value;
    };
    Value::object_of(entries.iter().map(|(name, value)| {
        let own = block.content.expression(name).is_some();
        let kept = outer.get(name).filter(|_| !own);
        (name.clone(), kept.unwrap_or(value).clone())
    }))
}
