//! Provider configurations: evaluated once, then used for everything that is theirs.

use std::sync::Arc;

use platoform_config::{Content, ModuleId, ProviderId, ProviderSource};
use platoform_diagnostic::Diagnostic;
use platoform_provider::{ConfigureRequest, Problem, ReadRequest, Severity, UpgradeRequest};
use platoform_schema::Effect;
use platoform_value::{Marks, Path, Value};
use rustc_hash::FxHashMap;

use crate::Drift;
use crate::document::ReadAnswer;
use crate::planner::Planner;
use crate::redact::redacted;
use crate::sensitive::{mark_paths, mark_schema, marked_paths};
use crate::session::nodes::NodeKind;
use crate::session::{ProviderState, ProviderStatus, Session};

impl Planner {
    /// The number of a provider configuration, taking it into use if need be. `None` when there is
    /// no such provider.
    pub(crate) fn provider_number(&mut self, id: &ProviderId) -> Option<usize> {
        if let Some(number) = self.provider_index.get(id) {
            return Some(*number);
        }
        let provider = self.providers.create(&id.source)?;
        let number = self.session.providers.len();
        let node = self.session.nodes.add(NodeKind::Provider(number), Vec::new());
        let schema = provider.schema();
        let status = ProviderStatus::Waiting;
        let records = Vec::new();
        let recovers = false;
        self.session.providers.push(ProviderState {
            id: id.clone(),
            name: Session::provider_name(&self.session.topology, id),
            provider,
            schema,
            node,
            status,
            records,
            recovers,
        });
        self.provider_index.insert(id.clone(), number);
        Some(number)
    }

    /// Finds out which provider configuration each record belongs to: the one its block uses, else
    /// the one it was made with, else an empty one of the same provider.
    pub(crate) fn assign_providers(&mut self) {
        let modules = self.session.topology.modules.iter();
        let by_path: FxHashMap<Vec<Arc<str>>, ModuleId> =
            modules.map(|module| (module.path.clone(), module.id)).collect();
        for number in 0..self.existing.len() {
            let record = &self.existing[number].record;
            let address = &record.key.address.resource;
            let path: Vec<Arc<str>> =
                address.module.0.iter().map(|(name, _)| name.clone()).collect();
            let module = by_path.get(&path).map(|id| self.session.topology.module(*id));
            let block = module.and_then(|module| module.resources.get(&address.id));
            let id = match block {
                Some(block) if block.provider.source == record.provider => {
                    Some(block.provider.clone())
                }
                _ => self.provider_by_name(&record.provider_config, &record.provider),
            };
            if let Some(provider) = id.and_then(|id| self.provider_number(&id)) {
                self.existing[number].provider = Some(provider);
                self.session.providers[provider].records.push(number);
            }
        }
        // Providers of calls that were left open are needed to find out what became of them.
        for number in 0..self.open.len() {
            let planned = &self.open[number].planned;
            let id = self.provider_by_name(&planned.provider_config, &planned.provider);
            if let Some(provider) = id.and_then(|id| self.provider_number(&id)) {
                self.session.providers[provider].recovers = true;
            }
        }
    }

    /// The provider configuration with a recorded name. A block that is gone is not replaced by
    /// another one, which might speak for another place; only the default of the root module needs
    /// no block.
    fn provider_by_name(&self, name: &str, source: &ProviderSource) -> Option<ProviderId> {
        let topology = &self.session.topology;
        let blocks = topology.modules.iter().flat_map(|module| {
            module.providers.keys().map(move |(name, alias)| {
                let source = module.requirements.get(name).map(|entry| entry.source.clone());
                (module.id, name.clone(), alias.clone(), source)
            })
        });
        let mut ids = blocks.map(|(module, name, alias, declared)| ProviderId {
            module,
            name,
            alias,
            source: declared.unwrap_or_else(|| source.clone()),
        });
        let same = |id: &ProviderId| {
            id.source == *source && *Session::provider_name(topology, id) == *name
        };
        let default = || ProviderId {
            module: ModuleId::ROOT,
            name: source.0.rsplit('/').next().unwrap_or_default().into(),
            alias: None,
            source: source.clone(),
        };
        ids.find(same).or_else(|| Some(default()).filter(same))
    }

    /// Evaluates and configures a provider, then reads everything that is its own.
    pub(crate) async fn provider(&mut self, id: &ProviderId) {
        let Some(number) = self.provider_number(id) else { return };
        if self.session.providers[number].status != ProviderStatus::Waiting {
            return;
        }
        let status = self.configure(number).await;
        self.session.providers[number].status = status;
        self.load(number).await;
    }

    async fn configure(&mut self, number: usize) -> ProviderStatus {
        let state = &self.session.providers[number];
        let id = state.id.clone();
        let provider = state.provider.clone();
        let schema = state.schema.clone();
        let block = self.session.topology.provider(&id).cloned();
        let content = block.as_ref().and_then(|block| block.content.clone());
        let header = block.as_ref().map(|block| block.header);
        let instance = self.session.by_module[id.module.0 as usize].first().copied();
        let config = match (&content, instance) {
            (Some(content), Some(instance)) => self.provider_config(number, content, instance),
            _ => Some(schema.provider.block.empty_value()),
        };
        let Some(config) = config else { return ProviderStatus::Failed };
        let known = config.is_wholly_known();
        let name = format!("provider \"{}\"", id.name);
        let mut failed = false;
        for problem in provider.validate_provider(&config) {
            let diagnostic = self.session.problem(&problem, content.as_deref(), header, &name);
            failed |= diagnostic.is_error();
            self.diagnostics.push(diagnostic);
        }
        if failed {
            return ProviderStatus::Failed;
        }
        let environment = self.session.environment.clone();
        match provider.configure(ConfigureRequest { config, environment }).await {
            Ok(()) if known => ProviderStatus::Ready,
            Ok(()) => ProviderStatus::Partial,
            Err(failure) => {
                for problem in &failure.problems {
                    let diagnostic =
                        self.session.problem(problem, content.as_deref(), header, &name);
                    self.diagnostics.push(diagnostic);
                }
                ProviderStatus::Failed
            }
        }
    }

    fn provider_config(
        &mut self,
        number: usize,
        content: &Arc<Content>,
        instance: usize,
    ) -> Option<Value> {
        let ((value, diagnostics), reads) =
            self.session.within(instance, None, None, |evaluator| content.evaluate(evaluator));
        let node = self.session.providers[number].node;
        self.session.nodes.depend(node, reads);
        let failed = diagnostics.has_errors();
        self.diagnostics.extend(diagnostics);
        (!failed).then(|| value.unmark_deep())
    }

    /// Decodes the records of a provider configuration and reads what is really there.
    async fn load(&mut self, number: usize) {
        self.recover(number).await;
        let mine = std::mem::take(&mut self.session.providers[number].records);
        let mut to_read = Vec::new();
        for index in mine {
            if !self.decode(number, index).await {
                continue;
            }
            let kind = &self.existing[index].record.key.address.resource.id.kind;
            let schema = &self.session.providers[number].schema;
            let outside =
                schema.resources.get(kind).is_some_and(|kind| kind.effect == Effect::Outside);
            if outside && self.options.refresh {
                to_read.push(index);
            }
        }
        if !to_read.is_empty() {
            self.read(number, &to_read).await;
        }
    }

    /// Decodes a record; false when that failed, which is then reported.
    pub(crate) async fn decode(&mut self, number: usize, index: usize) -> bool {
        let state = &self.session.providers[number];
        let record = &self.existing[index].record;
        let kind = &record.key.address.resource.id.kind;
        let Some(resource) = state.schema.resources.get(kind) else {
            let detail = format!(
                "The state has an object of this kind, but provider `{}` has none such",
                record.provider
            );
            let diagnostic = Diagnostic::error(format!("Unknown resource kind `{kind}`"), detail);
            self.diagnostics.push(diagnostic.within(record.key.address.to_string()));
            return false;
        };
        let block = &resource.schema.block;
        if record.schema_version > resource.schema.version {
            let detail = format!(
                "It was written under version {} of its schema; this provider knows {}",
                record.schema_version, resource.schema.version
            );
            let diagnostic = Diagnostic::error("A recorded object cannot be read", detail);
            self.diagnostics.push(
                diagnostic
                    .help("use the version of platoform that wrote it, or a newer one")
                    .within(record.key.address.to_string()),
            );
            return false;
        }
        let value = if record.schema_version == resource.schema.version {
            record.attributes.decode(&resource.kind, &*self.session.seal)
        } else {
            let revealed = record.attributes.reveal(&*self.session.seal);
            match revealed {
                Ok((json, secrets)) => {
                    let request = UpgradeRequest {
                        kind: kind.clone(),
                        version: record.schema_version,
                        state: json.to_string(),
                    };
                    match state.provider.upgrade(request).await {
                        Ok(value) => {
                            let secrets = secrets.into_iter();
                            let secrets: Vec<(Path, Marks)> =
                                secrets.map(|path| (path, Marks::SENSITIVE)).collect();
                            Ok(mark_schema(block, mark_paths(value, &secrets)))
                        }
                        Err(failure) => {
                            let address = record.key.address.to_string();
                            for problem in &failure.problems {
                                let diagnostic =
                                    self.session.problem(problem, None, None, &address);
                                self.diagnostics.push(diagnostic);
                            }
                            return false;
                        }
                    }
                }
                Err(error) => Err(error),
            }
        };
        let address = record.key.address.to_string();
        match value {
            Ok(value) => {
                let existing = &mut self.existing[index];
                existing.current = value.clone().unmark_deep();
                existing.stored = value;
                existing.usable = true;
                true
            }
            Err(error) => {
                let detail = format!("{error}");
                let diagnostic = Diagnostic::error("A recorded object cannot be read", detail);
                self.diagnostics.push(diagnostic.within(address));
                false
            }
        }
    }

    async fn read(&mut self, number: usize, indexes: &[usize]) {
        let status = self.session.providers[number].status;
        let answers = match &self.replay {
            Some(replay) => {
                let key = |index: &usize| self.existing[*index].record.key.clone();
                indexes.iter().map(|index| replay.reads.get(&key(index)).cloned()).collect()
            }
            None if status == ProviderStatus::Ready => self.ask(number, indexes).await,
            None => vec![None; indexes.len()],
        };
        for (index, answer) in indexes.iter().zip(answers) {
            let Some(answer) = answer else {
                self.existing[*index].usable = status == ProviderStatus::Partial;
                continue;
            };
            let existing = &mut self.existing[*index];
            let key = existing.record.key.clone();
            if answer.current != existing.current {
                let kind = &key.address.resource.id.kind;
                let schema = &self.session.providers[number].schema.resources[kind].schema;
                let paths = marked_paths(&existing.stored);
                let after = crate::sensitive::mark_paths(answer.current.clone(), &paths);
                self.drift.push(Drift {
                    key: key.clone(),
                    provider: existing.record.provider.clone(),
                    schema: schema.clone(),
                    before: existing.stored.clone(),
                    after: mark_schema(&schema.block, after),
                });
            }
            existing.current = answer.current.clone();
            existing.private.clone_from(&answer.private);
            if let Some(answers) = &mut self.answers {
                answers.reads.insert(key, answer);
            }
        }
    }

    /// Asks the provider; an answer with errors is reported and counts as none.
    async fn ask(&mut self, number: usize, indexes: &[usize]) -> Vec<Option<ReadAnswer>> {
        let requests = indexes.iter().map(|index| {
            let existing = &self.existing[*index];
            ReadRequest {
                kind: existing.record.key.address.resource.id.kind.clone(),
                current: existing.current.clone(),
                private: existing.private.clone(),
            }
        });
        let requests: Vec<ReadRequest> = requests.collect();
        let provider = self.session.providers[number].provider.clone();
        let responses = provider.read(&requests).await;
        let mut answers = Vec::with_capacity(responses.len());
        let mut found = Vec::new();
        for (index, response) in indexes.iter().zip(responses) {
            let existing = &self.existing[*index];
            let mut failed = false;
            for problem in &response.problems {
                failed |= problem.severity == Severity::Error;
                let problem = redacted(problem, &[&existing.stored]);
                found.push((problem, existing.record.key.address.to_string()));
            }
            let answer = ReadAnswer { current: response.current, private: response.private };
            answers.push((!failed).then_some(answer));
        }
        self.report_together(found);
        answers
    }

    /// Reports what was found about many objects: what is the same for several, as when nobody
    /// answers, is said once.
    fn report_together(&mut self, found: Vec<(Problem, String)>) {
        let mut seen: FxHashMap<(String, String), usize> = FxHashMap::default();
        let mut groups: Vec<(Problem, String, usize)> = Vec::new();
        for (problem, address) in found {
            let key = (problem.summary.clone(), problem.detail.clone());
            match seen.get(&key) {
                Some(group) => groups[*group].2 += 1,
                None => {
                    seen.insert(key, groups.len());
                    groups.push((problem, address, 0));
                }
            }
        }
        for (problem, address, others) in groups {
            let mut diagnostic = self.session.problem(&problem, None, None, &address);
            if others > 0 {
                let plural = if others == 1 { "" } else { "s" };
                diagnostic.detail.push_str(&format!(" (and {others} more object{plural})"));
            }
            self.diagnostics.push(diagnostic);
        }
    }
}
