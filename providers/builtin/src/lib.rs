//! The providers that need nothing outside this machine: `terraform` with `terraform_data` and
//! functions that write and read the language, and `local` with files.

mod functions;
mod local;
mod terraform_data;

use std::future::ready;
use std::sync::Arc;

use platoform_provider::{Block, Provider, ProviderBuilder};

/// A provider that needs no configuration.
#[derive(Clone, Debug, Default, PartialEq, Block)]
struct Empty {}

/// The provider `terraform` (`terraform.io/builtin/terraform`), which lives in the state alone.
#[must_use]
pub fn terraform() -> Arc<dyn Provider> {
    let builder = ProviderBuilder::new(|_: Empty, _| ready(Ok(())));
    functions::add(builder.kind(terraform_data::TerraformData)).build()
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
