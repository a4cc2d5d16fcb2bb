//! A data source, typed.

use std::future::Future;

use crate::{BlockType, Failure, Problem};

/// A data source: its struct and how it is read.
pub trait DataSource: Send + Sync + 'static {
    /// What the provider's configuration becomes.
    type Client: Send + Sync + 'static;
    /// The data source's block.
    type State: BlockType + Send + Sync + 'static;

    /// Name in configurations: `docker_network`.
    const NAME: &'static str;

    /// Checks a configuration, which may be partly unknown, without asking anybody.
    fn validate(&self, _config: &Self::State) -> Vec<Problem> {
        Vec::new()
    }

    /// The configuration with everything filled in. Defaults are in already.
    fn read(
        &self,
        client: &Self::Client,
        config: Self::State,
    ) -> impl Future<Output = Result<Self::State, Failure>> + Send;
}
