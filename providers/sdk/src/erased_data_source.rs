//! [`DataSource`] as [`AnyDataSource`].

use platoform_schema::Schema;
use platoform_value::Value;

use crate::erased::{AnyDataSource, without_unknowns};
use crate::plan::planned_by_schema;
use crate::{BlockType, BoxFuture, DataResponse, DataSource, Failure, PlanRequest, Problem};

/// A data source with its types taken away.
pub(crate) struct ErasedData<D>(pub(crate) D);

impl<D: DataSource> AnyDataSource<D::Client> for ErasedData<D> {
    fn name(&self) -> &'static str {
        D::NAME
    }

    fn schema(&self) -> Schema {
        Schema { version: 0, block: D::State::block() }
    }

    fn validate(&self, config: &Value) -> Vec<Problem> {
        match D::State::decode(config) {
            Ok(config) => self.0.validate(&config),
            Err(error) => vec![error.into()],
        }
    }

    fn read<'a>(
        &'a self,
        client: &'a D::Client,
        config: Value,
    ) -> BoxFuture<'a, Result<DataResponse, Failure>> {
        Box::pin(async move {
            let request = PlanRequest {
                kind: D::NAME.into(),
                prior: Value::null(D::State::implied_type()),
                proposed: config.clone(),
                config,
                private: Vec::new(),
            };
            let config = D::State::decode(&planned_by_schema(&D::State::block(), &request));
            let state = self.0.read(client, config.map_err(Problem::from)?).await?;
            let current = without_unknowns(state.encode());
            Ok(DataResponse { current, problems: Vec::new() })
        })
    }
}
