//! Bugs that are planted, to see that they are found.

use std::sync::Arc;

use platoform_provider::schema::{Mode, ProviderSchema};
use platoform_provider::value::Value;
use platoform_provider::{
    ApplyRequest, ApplyResponse, BoxFuture, ConfigureRequest, Failure, FailureClass, FindRequest,
    Found, PlanRequest, PlanResponse, Problem, Provider, ReadRequest, ReadResponse, ReadyRequest,
    Sink,
};

/// A bug of the engine, as its ports show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// Objects are made without an intent before.
    IntentSkipped,
    /// How a call ended is not written.
    OutcomeDropped,
    /// A create of which nobody knows whether it had an effect is tried again at once.
    RetryWithoutFind,
    /// What an object was made from is not recorded.
    EdgeLeftOut,
}

impl Bug {
    pub const ALL: [Self; 4] =
        [Self::IntentSkipped, Self::OutcomeDropped, Self::RetryWithoutFind, Self::EdgeLeftOut];
}

/// Tries creates again without looking.
pub struct Retries(pub Arc<dyn Provider>);

impl Provider for Retries {
    fn schema(&self) -> Arc<ProviderSchema> {
        self.0.schema()
    }

    fn validate(&self, mode: Mode, kind: &str, config: &Value) -> Vec<Problem> {
        self.0.validate(mode, kind, config)
    }

    fn configure(&self, request: ConfigureRequest) -> BoxFuture<'_, Result<(), Failure>> {
        self.0.configure(request)
    }

    fn plan<'a>(&'a self, requests: &'a [PlanRequest]) -> BoxFuture<'a, Vec<PlanResponse>> {
        self.0.plan(requests)
    }

    fn read<'a>(&'a self, requests: &'a [ReadRequest]) -> BoxFuture<'a, Vec<ReadResponse>> {
        self.0.read(requests)
    }

    fn apply<'a>(
        &'a self,
        request: ApplyRequest,
        sink: &'a dyn Sink,
    ) -> BoxFuture<'a, Result<ApplyResponse, Failure>> {
        Box::pin(async move {
            match self.0.apply(request.clone(), sink).await {
                Err(Failure { class: FailureClass::Unknown, .. }) => {
                    self.0.apply(request, sink).await
                }
                ended => ended,
            }
        })
    }

    fn ready<'a>(&'a self, requests: &'a [ReadyRequest]) -> BoxFuture<'a, Vec<ReadResponse>> {
        self.0.ready(requests)
    }

    fn survey<'a>(
        &'a self,
        kind: &'a str,
        planned: &'a Value,
    ) -> BoxFuture<'a, Result<Vec<u8>, Failure>> {
        self.0.survey(kind, planned)
    }

    fn find(&self, request: FindRequest) -> BoxFuture<'_, Result<Found, Failure>> {
        self.0.find(request)
    }
}
