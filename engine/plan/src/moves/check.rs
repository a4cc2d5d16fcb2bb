//! What is wrong with statements, now that it is known which instances there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_config::{
    InstanceAddress, InstanceKey, ModuleId, ModuleInstance, Repetition, ResourceAddress,
};
use platoform_diagnostic::{Diagnostic, Diagnostics, Span};

use super::statement::{Endpoint, Object, Statement};
use super::{Moves, order};
use crate::session::Session;

impl Moves {
    /// Everything that is wrong with the statements. These errors stand for all others: what was
    /// planned after wrong moves makes no sense.
    pub fn check(&self, session: &Session) -> Diagnostics {
        let mut check = Check {
            session,
            found: Diagnostics::default(),
            from: BTreeMap::new(),
            to: BTreeMap::new(),
        };
        for statement in &self.statements {
            for instance in instances(session, &statement.module) {
                check.statement(statement, &instance);
            }
        }
        let mut found = check.found;
        if !found.has_errors()
            && let Err(cycle) = order::order(&self.statements)
        {
            found.push(self.cyclic(&cycle, session));
        }
        found
    }

    fn cyclic(&self, cycle: &[usize], session: &Session) -> Diagnostic {
        let lines = cycle.iter().map(|number| {
            let statement = &self.statements[*number];
            let place = session.sources().place(statement.header).unwrap_or_default();
            format!("\n  - {place}: {} → {}", statement.from, statement.to)
        });
        let detail = format!(
            "These `moved` blocks lead to each other, so there is no address where a way along \
             them ends:{}",
            lines.collect::<String>()
        );
        let mut error = Diagnostic::error("Cyclic dependency in move statements", detail);
        for number in cycle {
            error = error.label(self.statements[*number].header, "part of the cycle");
        }
        error
    }

    /// The warning about what could not move because something else has its new address.
    pub fn report_blocked(&self) -> Option<Diagnostic> {
        if self.blocked.is_empty() {
            return None;
        }
        let lines =
            self.blocked.iter().map(|(to, from)| format!("\n  - {from} could not move to {to}"));
        let detail = format!(
            "Something else that the state knows already has the address that these were to move \
             to, so they stay where they are:{}",
            lines.collect::<String>()
        );
        let warning = Diagnostic::warning("Unresolved resource instance address changes", detail);
        Some(warning.help("what stays where no block is for it is planned to be destroyed"))
    }
}

/// The instances of the module with these calls.
fn instances(session: &Session, path: &[Arc<str>]) -> Vec<ModuleInstance> {
    let module = session.topology.modules.iter().find(|module| module.path == path);
    let numbers = module.into_iter().flat_map(|module| &session.by_module[module.id.0 as usize]);
    numbers.map(|number| session.instances[*number].address.clone()).collect()
}

struct Check<'a> {
    session: &'a Session,
    found: Diagnostics,
    /// Other endpoint and place of the statement that moves each address, and moves to each.
    from: BTreeMap<String, (String, Span)>,
    to: BTreeMap<String, (String, Span)>,
}

impl Check<'_> {
    fn statement(&mut self, statement: &Statement, module: &ModuleInstance) {
        let (from, to) = (statement.from.within(module), statement.to.within(module));
        let (from_name, to_name) = (from.to_string(), to.to_string());
        let at = statement.header;
        let error = |summary: &str, detail: String| Diagnostic::error(summary, detail).at(at);
        if from == to {
            let detail =
                format!("`{from_name}` would move to where it is, so this block says nothing");
            self.found.push(error("Redundant move statement", detail));
            return;
        }
        if let Some(declared) = self.declared(&from) {
            let detail = format!(
                "`{from_name}` is said to have moved to `{to_name}`, but there is still a block \
                 for it where it was"
            );
            self.found.push(error("Moved object still exists", detail).label(declared, "here"));
        }
        let first = self.from.entry(from_name.clone()).or_insert_with(|| (to_name.clone(), at));
        if first.0 != to_name {
            let detail = format!("`{from_name}` cannot move to both `{}` and `{to_name}`", first.0);
            let found = error("Ambiguous move statements", detail);
            self.found.push(found.label(first.1, "the other statement is here"));
        }
        let first = self.to.entry(to_name.clone()).or_insert_with(|| (from_name.clone(), at));
        if first.0 != from_name {
            let detail = format!("Both `{}` and `{from_name}` cannot move to `{to_name}`", first.0);
            let found = error("Ambiguous move statements", detail);
            self.found.push(found.label(first.1, "the other statement is here"));
        }
    }

    /// Where something is declared, if it is.
    fn declared(&self, endpoint: &Endpoint) -> Option<Span> {
        let session = self.session;
        let state = |module: &ModuleInstance| {
            session.instances.iter().find(|state| state.address == *module)
        };
        let call =
            |module: ModuleId, name: &Arc<str>| session.topology.module(module).calls.get(name);
        match &endpoint.object {
            Object::Module => {
                let state = state(&endpoint.module)?;
                let (parent, name) = session.topology.module(state.module).parent.as_ref()?;
                let call = call(*parent, name)?;
                Some(place(&call.repetition, call.header))
            }
            Object::Call(name) => {
                let state = state(&endpoint.module)?;
                state.calls.get(name)?;
                Some(call(state.module, name)?.header)
            }
            Object::Resource(id) | Object::Instance(id, _) => {
                let state = state(&endpoint.module)?;
                let expansion = state.resources.get(id)?;
                let block = session.topology.module(state.module).resources.get(id)?;
                match &endpoint.object {
                    Object::Instance(_, key) => {
                        expansion.instances.get(key)?;
                        Some(place(&block.repetition, block.header))
                    }
                    _ => Some(block.header),
                }
            }
        }
    }
}

/// What decides which instances a block has.
fn place(repetition: &Repetition, header: Span) -> Span {
    match repetition {
        Repetition::Count(expression) | Repetition::ForEach(expression) => expression.span,
        Repetition::Single | Repetition::Enabled(_) => header,
    }
}

impl Endpoint {
    /// The endpoint as one instance of the module with the statement has it.
    fn within(&self, instance: &ModuleInstance) -> Self {
        let steps = [instance.0.as_slice(), &self.module.0].concat();
        Self { module: ModuleInstance(Arc::new(steps)), object: self.object.clone() }
    }
}

impl std::fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let module = self.module.clone();
        match &self.object {
            Object::Module => module.fmt(formatter),
            Object::Call(name) => module.child(name.clone(), InstanceKey::None).fmt(formatter),
            Object::Resource(id) => ResourceAddress { module, id: id.clone() }.fmt(formatter),
            Object::Instance(id, key) => {
                let resource = ResourceAddress { module, id: id.clone() };
                InstanceAddress::new(resource, key.clone()).fmt(formatter)
            }
        }
    }
}
