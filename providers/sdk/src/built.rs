//! The provider that a [`ProviderBuilder`] builds.

use std::collections::BTreeMap;
use std::future::ready;
use std::sync::{Arc, OnceLock};

use futures_util::future::join_all;
use platoform_schema::{Mode, ProviderSchema};
use platoform_value::Value;

use crate::erased::AnyKind;
use crate::plan::planned_by_schema;
use crate::{
    Allowance, ApplyRequest, ApplyResponse, BlockType, BoxFuture, CallRequest, ConfigureRequest,
    DataRequest, DataResponse, Failure, FindRequest, Found, ImportRequest, Imported, Limits,
    MoveRequest, OwnedObject, OwnedRequest, PlanRequest, PlanResponse, Problem, Provider,
    ProviderBuilder, ReadRequest, ReadResponse, ReadyRequest, Sink, UpgradeRequest,
};

pub(crate) struct Built<P, C> {
    pub(crate) schema: Arc<ProviderSchema>,
    /// Set by the first `configure` with a wholly known configuration.
    pub(crate) client: OnceLock<C>,
    pub(crate) definition: ProviderBuilder<P, C>,
}

impl<P, C> Built<P, C> {
    fn kind(&self, name: &str) -> Result<&dyn AnyKind<C>, Problem> {
        let kind = self.definition.kinds.get(name).map(|kind| &**kind);
        kind.ok_or_else(|| unknown_kind("resource", name))
    }

    fn client(&self) -> Result<&C, Problem> {
        self.client.get().ok_or_else(|| {
            Problem::error(
                "The provider is not configured yet",
                "Its configuration holds values that are known only after others have been \
                 applied, so nothing can be read or changed with it before that",
            )
        })
    }

    fn kind_and_client(&self, name: &str) -> Result<(&dyn AnyKind<C>, &C), Problem> {
        Ok((self.kind(name)?, self.client()?))
    }
}

impl<P, C> Provider for Built<P, C>
where
    P: BlockType + Send + Sync + 'static,
    C: Send + Sync + 'static,
{
    fn schema(&self) -> Arc<ProviderSchema> {
        self.schema.clone()
    }

    fn validate_provider(&self, config: &Value) -> Vec<Problem> {
        match P::decode(config) {
            Ok(config) => (self.definition.validate)(&config),
            Err(error) => vec![error.into()],
        }
    }

    fn validate(&self, mode: Mode, kind: &str, config: &Value) -> Vec<Problem> {
        let checked = match mode {
            Mode::Managed => self.definition.kinds.get(kind).map(|kind| kind.validate(config)),
            Mode::Data => self.definition.data_sources.get(kind).map(|data| data.validate(config)),
            Mode::Ephemeral => None,
        };
        checked.unwrap_or_else(|| vec![unknown_kind("kind", kind)])
    }

    fn configure(&self, request: ConfigureRequest) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async move {
            if !request.config.is_wholly_known() {
                return Ok(());
            }
            let request_for_defaults = PlanRequest {
                kind: "provider".into(),
                prior: Value::null(P::implied_type()),
                proposed: request.config.clone(),
                config: request.config,
                private: Vec::new(),
            };
            let config = planned_by_schema(&self.schema.provider.block, &request_for_defaults);
            let config = P::decode(&config).map_err(Problem::from)?;
            let client = (self.definition.connect)(config, request.environment).await?;
            self.client.set(client).map_err(|_| {
                Problem::error("The provider is configured already", "A fault of the program")
                    .into()
            })
        })
    }

    fn plan<'a>(&'a self, requests: &'a [PlanRequest]) -> BoxFuture<'a, Vec<PlanResponse>> {
        let plan = |request: &PlanRequest| {
            let schema = self.schema.resources.get(&request.kind);
            match (self.kind(&request.kind), schema) {
                (Ok(kind), Some(resource)) => {
                    kind.plan(self.client.get(), &resource.schema.block, request)
                }
                _ => PlanResponse {
                    planned: request.proposed.clone(),
                    replace: Vec::new(),
                    private: request.private.clone(),
                    problems: vec![unknown_kind("resource", &request.kind)],
                },
            }
        };
        Box::pin(ready(requests.iter().map(plan).collect()))
    }

    fn read<'a>(&'a self, requests: &'a [ReadRequest]) -> BoxFuture<'a, Vec<ReadResponse>> {
        Box::pin(async move {
            let mut by_kind: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for (index, request) in requests.iter().enumerate() {
                by_kind.entry(&request.kind).or_default().push(index);
            }
            let batches = by_kind.iter().map(|(name, indices)| async move {
                let batch: Vec<&ReadRequest> = indices.iter().map(|&at| &requests[at]).collect();
                match self.kind_and_client(name) {
                    Ok((kind, client)) => kind.read(client, batch).await,
                    Err(problem) => {
                        batch.iter().map(|request| unread(request, problem.clone())).collect()
                    }
                }
            });
            let answers = join_all(batches).await.into_iter().zip(by_kind.values());
            let mut ordered: Vec<(usize, ReadResponse)> = answers
                .flat_map(|(answers, indices)| indices.iter().copied().zip(answers))
                .collect();
            ordered.sort_by_key(|(index, _)| *index);
            ordered.into_iter().map(|(_, answer)| answer).collect()
        })
    }

    fn apply<'a>(
        &'a self,
        request: ApplyRequest,
        sink: &'a dyn Sink,
    ) -> BoxFuture<'a, Result<ApplyResponse, Failure>> {
        match self.kind_and_client(&request.kind) {
            Ok((kind, client)) => kind.apply(client, request, sink),
            Err(problem) => Box::pin(ready(Err(problem.into()))),
        }
    }

    fn ready<'a>(&'a self, requests: &'a [ReadyRequest]) -> BoxFuture<'a, Vec<ReadResponse>> {
        let wait = |request: &'a ReadyRequest| -> BoxFuture<'a, ReadResponse> {
            match self.kind_and_client(&request.kind) {
                Ok((kind, client)) => kind.ready(client, request),
                Err(problem) => Box::pin(ready(ReadResponse {
                    current: request.current.clone(),
                    private: request.private.clone(),
                    problems: vec![problem],
                })),
            }
        };
        Box::pin(join_all(requests.iter().map(wait)))
    }

    fn survey<'a>(
        &'a self,
        kind: &'a str,
        planned: &'a Value,
    ) -> BoxFuture<'a, Result<Vec<u8>, Failure>> {
        match self.kind_and_client(kind) {
            Ok((kind, client)) => kind.survey(client, planned),
            Err(problem) => Box::pin(ready(Err(problem.into()))),
        }
    }

    fn find(&self, request: FindRequest) -> BoxFuture<'_, Result<Found, Failure>> {
        match self.kind_and_client(&request.kind) {
            Ok((kind, client)) => kind.find(client, request),
            Err(problem) => Box::pin(ready(Err(problem.into()))),
        }
    }

    fn owned(
        &self,
        request: OwnedRequest,
    ) -> BoxFuture<'_, Result<Option<Vec<OwnedObject>>, Failure>> {
        Box::pin(async move {
            let client = self.client()?;
            let kinds = self.definition.kinds.values();
            let lists = join_all(kinds.map(|kind| kind.owned(client, &request.lineage))).await;
            let mut all: Option<Vec<OwnedObject>> = None;
            for list in lists {
                all = all.into_iter().chain(list?).reduce(|mut all, list| {
                    all.extend(list);
                    all
                });
            }
            Ok(all)
        })
    }

    fn limits(&self) -> Limits {
        self.definition.limits.clone()
    }

    fn allowances(&self) -> Vec<Allowance> {
        self.client.get().map(self.definition.allowances).unwrap_or_default()
    }

    fn import(&self, request: ImportRequest) -> BoxFuture<'_, Result<Vec<Imported>, Failure>> {
        match self.kind_and_client(&request.kind) {
            Ok((kind, client)) => kind.import(client, request),
            Err(problem) => Box::pin(ready(Err(problem.into()))),
        }
    }

    fn move_state(&self, request: MoveRequest) -> BoxFuture<'_, Result<Imported, Failure>> {
        let moved = self.kind(&request.kind).map_err(Failure::from);
        Box::pin(ready(moved.and_then(|kind| kind.move_state(&request))))
    }

    fn upgrade(&self, request: UpgradeRequest) -> BoxFuture<'_, Result<Value, Failure>> {
        let upgraded = self.kind(&request.kind).map_err(Failure::from);
        Box::pin(ready(upgraded.and_then(|kind| kind.upgrade(&request))))
    }

    fn data(&self, request: DataRequest) -> BoxFuture<'_, Result<DataResponse, Failure>> {
        let source = self.definition.data_sources.get(&*request.kind);
        let source = source.ok_or_else(|| unknown_kind("data source", &request.kind));
        match source.and_then(|source| Ok((source, self.client()?))) {
            Ok((source, client)) => source.read(client, request.config),
            Err(problem) => Box::pin(ready(Err(problem.into()))),
        }
    }

    fn call(&self, request: &CallRequest<'_>) -> Result<Value, (Option<usize>, String)> {
        match self.definition.functions.get(request.name) {
            Some((_, body)) => body(request),
            None => Err((None, format!("there is no function `{}`", request.name))),
        }
    }
}

fn unknown_kind(noun: &str, name: &str) -> Problem {
    Problem::error(format!("There is no {noun} `{name}`"), "The provider does not offer it")
}

fn unread(request: &ReadRequest, problem: Problem) -> ReadResponse {
    ReadResponse {
        current: request.current.clone(),
        private: request.private.clone(),
        problems: vec![problem],
    }
}

#[cfg(test)]
mod tests;
