//! `import` blocks: objects that are there already and come into the state.

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_config::{
    Import, InstanceAddress, InstanceKey, ModuleId, ModuleInstance, ResourceAddress, ResourceId,
};
use platoform_diagnostic::{Diagnostic, Span};
use platoform_lang::tree::Step;
use platoform_lang::{Expression, ExpressionKind};
use platoform_provider::{ImportRequest, ReadRequest, Severity};
use platoform_value::{Data, Marks, Type, Value, convert};

use crate::document::ReadAnswer;
use crate::planner::Planner;
use crate::planner::existing::Existing;
use crate::planner::resource::Common;
use crate::sensitive::mark_schema;
use crate::session::ProviderStatus;
use crate::session::module::Each;
use crate::{Record, RecordKey, Session, Stored};

/// The ids of objects to import, by the address they are for, with the place that says so.
pub(crate) type Imports = BTreeMap<InstanceAddress, (Arc<str>, Span)>;

impl Planner {
    /// Reports imports to a resource that is not in the configuration.
    pub(crate) fn check_imports(&mut self) {
        let topology = &self.session.topology;
        let Some(root) = topology.modules.first() else { return };
        let mut found = Vec::new();
        for import in &*root.imports {
            let (path, id) = &import.resource;
            let module = topology.modules.iter().find(|module| module.path == *path);
            if module.is_some_and(|module| module.resources.contains_key(id)) {
                continue;
            }
            let known = self.current.keys().any(|address| {
                address.id == *id && address.module.0.iter().map(|(name, _)| name).eq(path)
            });
            let detail = format!("There is no block for `{id}`, so it cannot be imported");
            let error = match known {
                true => Diagnostic::error("Resource has no configuration", detail),
                false => {
                    let summary = "Configuration for import target does not exist";
                    Diagnostic::error(summary, detail).at(import.to.span)
                }
            };
            found.push(error.help("write the resource's block first"));
        }
        self.diagnostics.extend(found);
    }

    /// Works out the imports to a resource; `None` after an error, which is then reported.
    pub(crate) fn imports(&mut self, module: ModuleId, id: &ResourceId) -> Option<Imports> {
        let topology = &self.session.topology;
        let path = &topology.module(module).path;
        let root = topology.modules.first()?.imports.clone();
        let mine = root.iter().filter(|import| import.resource.1 == *id);
        let mine: Vec<&Import> = mine.filter(|import| import.resource.0 == *path).collect();
        let mut imports = Imports::new();
        let mut failed = false;
        for import in mine {
            match self.import_each(import).and_then(|all| {
                let each = all.iter().map(|each| self.import_one(import, each.as_ref()));
                each.collect::<Result<Vec<_>, _>>()
            }) {
                Ok(all) => imports.extend(all),
                Err(error) => {
                    self.diagnostics.push(error);
                    failed = true;
                }
            }
        }
        (!failed).then_some(imports)
    }

    /// What `each` is in every import of a block.
    fn import_each(&self, import: &Import) -> Result<Vec<Option<Each>>, Diagnostic> {
        let Some(expression) = &import.for_each else { return Ok(vec![None]) };
        let value = self.root_value(None, expression)?.unmark();
        let invalid = |detail: &str| {
            Diagnostic::error("Invalid for_each argument", detail).at(expression.span)
        };
        if !value.is_known() {
            let detail = "What is imported must be known while planning, and this is known only \
                          after the apply";
            return Err(invalid(detail));
        }
        let each = |key: InstanceKey, value: &Value| Some(Each { key, value: Some(value.clone()) });
        Ok(match value.data() {
            Data::Null(_) => Vec::new(),
            Data::Map(_) | Data::Object(_) => {
                let entries = value.as_entries().into_iter().flat_map(|entries| entries.iter());
                entries.map(|(key, value)| each(InstanceKey::Name(key.clone()), value)).collect()
            }
            Data::Set(set) => {
                let all = set.items.iter().map(|item| match item.data() {
                    Data::String(text) => Ok(each(InstanceKey::Name(text.clone()), item)),
                    _ => Err(invalid("The elements of a set must be known texts here")),
                });
                all.collect::<Result<_, _>>()?
            }
            Data::List(_) | Data::Tuple(_) => {
                let all = (0..).map(InstanceKey::Index).zip(value.children());
                all.map(|(key, item)| each(key, item)).collect()
            }
            _ => return Err(invalid("A map, a set or a list is needed")),
        })
    }

    fn import_one(
        &self,
        import: &Import,
        each: Option<&Each>,
    ) -> Result<(InstanceAddress, (Arc<str>, Span)), Diagnostic> {
        let address = self.import_address(import, each)?;
        let invalid = |detail: &str| {
            Diagnostic::error("Invalid import id argument", detail).at(import.id.span)
        };
        let value = self.root_value(each, &import.id)?;
        let ephemeral = value.deep_marks().contains(Marks::EPHEMERAL);
        let text = convert(&value.unmark_deep(), &Type::String)
            .map_err(|error| invalid(&format!("An id is a text: {error}")))?;
        match text.data() {
            _ if ephemeral => Err(invalid("An id is kept, which an ephemeral value must not be")),
            Data::String(text) if text.is_empty() => Err(invalid("The id must not be empty")),
            Data::String(text) => Ok((address, (text.clone(), import.header))),
            Data::Unknown(_) => Err(invalid(
                "What is imported must be known while planning, and this is known only after the \
                 apply",
            )),
            _ => Err(invalid("The id must not be null")),
        }
    }

    /// The instance that an import is for.
    fn import_address(
        &self,
        import: &Import,
        each: Option<&Each>,
    ) -> Result<InstanceAddress, Diagnostic> {
        let (path, id) = &import.resource;
        let invalid = |detail: &str, at: Span| {
            Diagnostic::error("Invalid import 'to' expression", detail).at(at)
        };
        let ExpressionKind::Traversal(root, steps) = &import.to.kind else {
            return Err(invalid("It is no address", import.to.span));
        };
        let mut keys = Vec::with_capacity(path.len() + 1);
        let mut steps = steps.iter().peekable();
        let prefixed = &*root.name == "resource";
        for number in 0..=path.len() {
            // `module.NAME` each time, then `KIND.NAME`; the root was one of these words.
            let words = usize::from(number > 0) + 1;
            let words = words + usize::from(prefixed && number == path.len());
            for _ in 0..words {
                steps.next();
            }
            let key = match steps.peek() {
                Some(Step::Index(key, _)) => {
                    let value = self.root_value(each, key)?.unmark();
                    steps.next();
                    instance_key(&value).ok_or_else(|| {
                        invalid("A key is a text or a whole number that is known", key.span)
                    })?
                }
                _ => InstanceKey::None,
            };
            keys.push(key);
        }
        let key = keys.pop().unwrap_or_default();
        let module = ModuleInstance(Arc::new(path.iter().cloned().zip(keys).collect()));
        Ok(InstanceAddress::new(ResourceAddress { module, id: id.clone() }, key))
    }

    fn root_value(&self, each: Option<&Each>, it: &Expression) -> Result<Value, Diagnostic> {
        let first = |found: platoform_diagnostic::Diagnostics| {
            let unexplained = || Diagnostic::error("Invalid expression", "It has no value");
            found.into_iter().next().unwrap_or_else(unexplained)
        };
        self.session.expression(0, each, it).0.map_err(first)
    }

    /// Imports the objects of a resource that the state does not know yet, so that they count as
    /// recorded from now on. False after an error, which is then reported.
    pub(crate) async fn import(
        &mut self,
        common: &Common,
        imports: &Imports,
        declared: &[InstanceAddress],
    ) -> bool {
        let mut succeeded = true;
        for (address, (id, at)) in imports {
            if !declared.contains(address) {
                let summary = "Configuration for import target does not exist";
                let detail = format!("The configuration has no instance `{address}`");
                self.diagnostics
                    .push(Diagnostic::error(summary, detail).label(*at, "imported here"));
                succeeded = false;
                continue;
            }
            let known = self.current.get(&address.resource);
            if known.is_some_and(|keys| keys.contains_key(&address.key)) {
                continue;
            }
            match self.imported(common, address, id).await {
                Ok(answer) => self.adopt_import(common, address, id, answer),
                Err(found) => {
                    succeeded &= !found.iter().any(Diagnostic::is_error);
                    let found = found.into_iter().map(|it| it.at_default(Some(*at)));
                    self.report(found.collect(), address);
                }
            }
        }
        succeeded
    }

    /// What the object with an id is.
    async fn imported(
        &mut self,
        common: &Common,
        address: &InstanceAddress,
        id: &Arc<str>,
    ) -> Result<ReadAnswer, Vec<Diagnostic>> {
        let key = RecordKey { address: address.clone(), deposed: None };
        let gone = || {
            let detail = format!("There is no `{}` with the id `{id}`", address.resource.id.kind);
            vec![Diagnostic::error("Cannot import non-existent remote object", detail)]
        };
        if let Some(replay) = &self.replay {
            return replay.imports.get(&key).cloned().ok_or_else(gone);
        }
        let state = &self.session.providers[common.provider];
        if state.status != ProviderStatus::Ready {
            let detail = "Its provider's configuration is known only after the apply, so it cannot \
                          be asked for the object";
            return Err(vec![Diagnostic::error("Provider is not ready to import", detail)]);
        }
        let provider = state.provider.clone();
        let name = address.to_string();
        let kind = address.resource.id.kind.clone();
        let request = ImportRequest { kind: kind.clone(), id: id.to_string() };
        let objects = provider.import(request).await.map_err(|failure| {
            let problems = failure.problems.iter();
            problems.map(|it| self.session.problem(it, None, None, &name)).collect::<Vec<_>>()
        })?;
        let object = objects.into_iter().find(|object| object.kind == kind).ok_or_else(gone)?;
        let request = ReadRequest { kind, current: object.current, private: object.private };
        let mut answers = provider.read(std::slice::from_ref(&request)).await;
        let answer = answers.pop().ok_or_else(gone)?;
        if answer.problems.iter().any(|problem| problem.severity == Severity::Error) {
            let problems = answer.problems.iter();
            return Err(problems.map(|it| self.session.problem(it, None, None, &name)).collect());
        }
        if answer.current.is_null() {
            return Err(gone());
        }
        let answer = ReadAnswer { current: answer.current, private: answer.private };
        if let Some(answers) = &mut self.answers {
            answers.imports.insert(key, answer.clone());
        }
        Ok(answer)
    }

    /// Lets an imported object count as recorded, by a record that the state does not have yet.
    fn adopt_import(
        &mut self,
        common: &Common,
        address: &InstanceAddress,
        id: &Arc<str>,
        answer: ReadAnswer,
    ) {
        let provider = &self.session.providers[common.provider].id;
        let record = Record {
            key: RecordKey { address: address.clone(), deposed: None },
            provider: provider.source.clone(),
            provider_config: Session::provider_name(&self.session.topology, provider),
            schema_version: common.schema.version,
            attributes: Stored(Arc::from("null")),
            private: answer.private.clone(),
            tainted: false,
            create_before_destroy: false,
            protected: false,
            retained: false,
            dependencies: Vec::new(),
            version: 0,
        };
        let number = self.existing.len();
        self.existing.push(Existing {
            record,
            moved: None,
            imported: Some(id.clone()),
            provider: Some(common.provider),
            stored: mark_schema(&common.schema.block, answer.current.clone()),
            current: answer.current,
            private: answer.private,
            usable: true,
            claimed: true,
        });
        let keys = self.current.entry(address.resource.clone()).or_default();
        keys.insert(address.key.clone(), number);
    }
}

/// The key that a value used as an index means.
fn instance_key(value: &Value) -> Option<InstanceKey> {
    match value.data() {
        Data::String(text) => Some(InstanceKey::Name(text.clone())),
        Data::Number(number) => {
            number.as_i64().and_then(|index| u64::try_from(index).ok()).map(InstanceKey::Index)
        }
        _ => None,
    }
}
