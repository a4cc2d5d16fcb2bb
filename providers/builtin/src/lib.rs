//! The providers that need nothing outside this machine: `terraform` with `terraform_data` and
//! functions that write and read the language, and `local` with files.

mod functions;
mod local;
mod remote_state;
mod terraform_data;

use std::future::ready;
use std::path::Path;
use std::sync::Arc;

use platoform_provider::{Block, BoxFuture, Environment, Provider, ProviderBuilder};
pub use remote_state::{Outputs, States};

/// A provider that needs no configuration.
#[derive(Clone, Debug, Default, PartialEq, Block)]
struct Empty {}

/// The provider `terraform` (`terraform.io/builtin/terraform`), where there are no states but state
/// files of Terraform's.
#[must_use]
pub fn terraform() -> Arc<dyn Provider> {
    terraform_with(Arc::new(NoDatabases))
}

/// The provider `terraform`: an object that lives in the state alone, and the states of other
/// configurations.
#[must_use]
pub fn terraform_with(states: Arc<dyn States>) -> Arc<dyn Provider> {
    let builder = ProviderBuilder::new(move |_: Empty, environment| {
        ready(Ok(remote_state::Surroundings { environment, states: states.clone() }))
    });
    let builder = builder.kind(terraform_data::TerraformData);
    functions::add(builder.data_source(remote_state::RemoteState)).build()
}

/// Cannot read databases.
struct NoDatabases;

impl States for NoDatabases {
    fn outputs<'a>(
        &'a self,
        _: &'a Path,
        _: &'a Environment,
    ) -> BoxFuture<'a, Result<Option<Outputs>, String>> {
        Box::pin(ready(Err("databases cannot be read here".into())))
    }
}

/// The provider `local` (`hashicorp/local`, compatible with 2.5), which makes and reads files.
#[must_use]
pub fn local() -> Arc<dyn Provider> {
    ProviderBuilder::new(|_: Empty, environment| ready(Ok(local::Local::new(&environment))))
        .kind(local::LocalFile)
        .kind(local::LocalSensitiveFile)
        .data_source(local::LocalFileData)
        .data_source(local::LocalSensitiveFileData)
        .function("direxists", local::direxists::signature(), local::direxists::call)
        .build()
}
