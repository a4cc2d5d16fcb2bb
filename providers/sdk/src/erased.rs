//! Kinds and data sources with their types taken away.

use platoform_schema::{Block, ResourceSchema, Schema};
use platoform_value::Value;

use crate::{
    ApplyRequest, ApplyResponse, BoxFuture, DataResponse, Failure, FindRequest, Found,
    ImportRequest, Imported, MoveRequest, OwnedObject, PlanRequest, PlanResponse, Problem,
    ReadRequest, ReadResponse, ReadyRequest, Sink, UpgradeRequest,
};

/// A kind whose client is a `C`.
pub(crate) trait AnyKind<C>: Send + Sync {
    fn name(&self) -> &'static str;
    fn schema(&self) -> ResourceSchema;
    fn validate(&self, config: &Value) -> Vec<Problem>;
    fn plan(&self, client: Option<&C>, block: &Block, request: &PlanRequest) -> PlanResponse;
    fn read<'a>(
        &'a self,
        client: &'a C,
        requests: Vec<&'a ReadRequest>,
    ) -> BoxFuture<'a, Vec<ReadResponse>>;
    fn apply<'a>(
        &'a self,
        client: &'a C,
        request: ApplyRequest,
        sink: &'a dyn Sink,
    ) -> BoxFuture<'a, Result<ApplyResponse, Failure>>;
    fn ready<'a>(&'a self, client: &'a C, request: &'a ReadyRequest)
    -> BoxFuture<'a, ReadResponse>;
    fn survey<'a>(
        &'a self,
        client: &'a C,
        planned: &'a Value,
    ) -> BoxFuture<'a, Result<Vec<u8>, Failure>>;
    fn find<'a>(
        &'a self,
        client: &'a C,
        request: FindRequest,
    ) -> BoxFuture<'a, Result<Found, Failure>>;
    fn owned<'a>(
        &'a self,
        client: &'a C,
        lineage: &'a str,
    ) -> BoxFuture<'a, Result<Option<Vec<OwnedObject>>, Failure>>;
    fn import<'a>(
        &'a self,
        client: &'a C,
        request: ImportRequest,
    ) -> BoxFuture<'a, Result<Vec<Imported>, Failure>>;
    fn move_state(&self, request: &MoveRequest) -> Result<Imported, Failure>;
    fn upgrade(&self, request: &UpgradeRequest) -> Result<Value, Failure>;
}

/// A data source whose client is a `C`.
pub(crate) trait AnyDataSource<C>: Send + Sync {
    fn name(&self) -> &'static str;
    fn schema(&self) -> Schema;
    fn validate(&self, config: &Value) -> Vec<Problem>;
    fn read<'a>(
        &'a self,
        client: &'a C,
        config: Value,
    ) -> BoxFuture<'a, Result<DataResponse, Failure>>;
}

/// The same value with null for everything unknown.
pub(crate) fn without_unknowns(value: Value) -> Value {
    if value.is_wholly_known() {
        return value;
    }
    value.map_deep(&mut |value| if value.is_known() { value } else { Value::null(value.kind()) })
}
