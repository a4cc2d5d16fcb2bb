//! The provider trait.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use platoform_schema::{Mode, ProviderSchema};
use platoform_value::{Type, Value};

use crate::request::unsupported;
use crate::{
    Allowance, ApplyRequest, ApplyResponse, CallRequest, ConfigureRequest, DataRequest,
    DataResponse, Failure, FindRequest, Found, ImportRequest, Imported, Limits, MoveRequest,
    OpenRequest, Opened, OwnedObject, OwnedRequest, PlanRequest, PlanResponse, Problem,
    ReadRequest, ReadResponse, ReadyRequest, UpgradeRequest,
};

/// A boxed future, ready at once where the provider has nothing to wait for.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Makes one unconfigured provider: one for each `provider` block.
pub type Factory = fn() -> Arc<dyn Provider>;

/// The bytes of an ephemeral resource that was prolonged, and how long until the next time.
pub type Renewed = (Vec<u8>, Option<Duration>);

/// The journal could not keep what the provider told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SinkError(pub String);

/// Where `apply` reports what has happened so far.
pub trait Sink: Send + Sync {
    /// The object exists: returns only once that is durable. Call it as soon as the API has
    /// answered with an id, before any waiting. `partial` conforms to the kind's type, with null
    /// for what is not known yet.
    fn created<'a>(
        &'a self,
        partial: Value,
        private: Vec<u8>,
    ) -> BoxFuture<'a, Result<(), SinkError>>;

    /// What is going on, in a few words, for the progress display: "pulling layer 3 of 5".
    fn progress(&self, status: &str);
}

/// A provider. Verbs that plan or read take slices and return one future for the whole batch;
/// answers are in the order of the requests.
///
/// Terraform's plugin protocol maps onto it verb by verb; `find` and `ready` have no counterpart
/// there and default to "cannot tell" and "is ready".
pub trait Provider: Send + Sync {
    /// What it offers. Constant; cheap to call again.
    fn schema(&self) -> Arc<ProviderSchema>;

    /// Checks an evaluated `provider` block, which may be partly unknown.
    fn validate_provider(&self, _config: &Value) -> Vec<Problem> {
        Vec::new()
    }

    /// Checks an evaluated block of a kind, which may be partly unknown, without asking anybody.
    fn validate(&self, _mode: Mode, _kind: &str, _config: &Value) -> Vec<Problem> {
        Vec::new()
    }

    /// Gets ready to be used. Called once, before any verb below.
    fn configure(&self, _request: ConfigureRequest) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(ready(Ok(())))
    }

    /// Says what each object will be.
    fn plan<'a>(&'a self, requests: &'a [PlanRequest]) -> BoxFuture<'a, Vec<PlanResponse>>;

    /// Says what each object really is.
    fn read<'a>(&'a self, requests: &'a [ReadRequest]) -> BoxFuture<'a, Vec<ReadResponse>>;

    /// Performs one action.
    fn apply<'a>(
        &'a self,
        request: ApplyRequest,
        sink: &'a dyn Sink,
    ) -> BoxFuture<'a, Result<ApplyResponse, Failure>>;

    /// Waits until each object can be used, and says what it is then.
    fn ready<'a>(&'a self, requests: &'a [ReadyRequest]) -> BoxFuture<'a, Vec<ReadResponse>> {
        let answer = |request: &ReadyRequest| ReadResponse {
            current: request.current.clone(),
            private: request.private.clone(),
            problems: Vec::new(),
        };
        Box::pin(ready(requests.iter().map(answer).collect()))
    }

    /// Says what is there before a create, for kinds whose objects carry no mark. The answer is
    /// durable before the create is begun, and comes back with `find`. Empty where there is nothing
    /// to say.
    fn survey<'a>(
        &'a self,
        _kind: &'a str,
        _planned: &'a Value,
    ) -> BoxFuture<'a, Result<Vec<u8>, Failure>> {
        Box::pin(ready(Ok(Vec::new())))
    }

    /// Looks for the object that a create with this owner key may have made.
    fn find(&self, request: FindRequest) -> BoxFuture<'_, Result<Found, Failure>> {
        let reason = format!("`{}` objects cannot be looked up by their owner", request.kind);
        Box::pin(ready(Ok(Found::Uncertain(reason))))
    }

    /// Lists the objects that carry a state's lineage as their mark, of all kinds that can carry
    /// one. `None`: its objects carry no marks.
    fn owned(
        &self,
        _request: OwnedRequest,
    ) -> BoxFuture<'_, Result<Option<Vec<OwnedObject>>, Failure>> {
        Box::pin(ready(Ok(None)))
    }

    /// How much its API takes. Asked once, when it is first needed.
    fn limits(&self) -> Limits {
        Limits::default()
    }

    /// What its API said about how much more it takes since this was asked last.
    fn allowances(&self) -> Vec<Allowance> {
        Vec::new()
    }

    /// Yields the objects with an id.
    fn import(&self, request: ImportRequest) -> BoxFuture<'_, Result<Vec<Imported>, Failure>> {
        Box::pin(ready(Err(unsupported(Mode::Managed, &request.kind, "import").into())))
    }

    /// Takes over the state of another kind or provider.
    fn move_state(&self, request: MoveRequest) -> BoxFuture<'_, Result<Imported, Failure>> {
        let verb = format!("moving from `{}`", request.source_kind);
        Box::pin(ready(Err(unsupported(Mode::Managed, &request.kind, &verb).into())))
    }

    /// Brings stored state up to the current schema version. The default decodes it as it is,
    /// dropping attributes that the schema no longer has.
    fn upgrade(&self, request: UpgradeRequest) -> BoxFuture<'_, Result<Value, Failure>> {
        let schema = self.schema();
        let kind = schema.kind(Mode::Managed, &request.kind).map(|kind| kind.block.implied_type());
        Box::pin(ready(decode_state(&request, kind, |state| state)))
    }

    /// Reads a data source.
    fn data(&self, request: DataRequest) -> BoxFuture<'_, Result<DataResponse, Failure>> {
        Box::pin(ready(Err(unsupported(Mode::Data, &request.kind, "reading").into())))
    }

    /// Opens an ephemeral resource.
    fn open(&self, request: OpenRequest) -> BoxFuture<'_, Result<Opened, Failure>> {
        Box::pin(ready(Err(unsupported(Mode::Ephemeral, &request.kind, "opening").into())))
    }

    /// Prolongs an open ephemeral resource; returns its bytes and how long until the next time.
    fn renew(&self, kind: Arc<str>, _private: Vec<u8>) -> BoxFuture<'_, Result<Renewed, Failure>> {
        Box::pin(ready(Err(unsupported(Mode::Ephemeral, &kind, "renewal").into())))
    }

    /// Closes an ephemeral resource.
    fn close(&self, _kind: Arc<str>, _private: Vec<u8>) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(ready(Ok(())))
    }

    /// Calls a function; the provider need not be configured. `Err` names the argument at fault,
    /// if one is, and says what is wrong.
    fn call(&self, request: &CallRequest<'_>) -> Result<Value, (Option<usize>, String)> {
        Err((None, format!("there is no function `{}`", request.name)))
    }

    /// Asks running calls to come to an end soon. They still return what they did.
    fn stop(&self) {}
}

/// Reads stored state as JSON, after `change` has brought it up to the current schema.
pub(crate) fn decode_state(
    request: &UpgradeRequest,
    kind: Option<Type>,
    change: impl FnOnce(serde_json::Value) -> serde_json::Value,
) -> Result<Value, Failure> {
    let fail = |detail: String| {
        Failure::fail(Problem::error(
            format!("Stored state of a `{}` cannot be read", request.kind),
            detail,
        ))
    };
    let Some(Type::Object(object)) = kind else {
        return Err(fail("The provider no longer has this kind".into()));
    };
    let json = serde_json::from_str(&request.state).map_err(|error| fail(error.to_string()))?;
    let mut json: serde_json::Value = change(json);
    if let Some(map) = json.as_object_mut() {
        map.retain(|name, _| object.attributes.contains_key(name.as_str()));
        for name in object.attributes.keys() {
            map.entry(&**name).or_insert(serde_json::Value::Null);
        }
    }
    Value::from_json(&json, &Type::Object(object)).map_err(|error| fail(error.to_string()))
}
