//! Runs provisioners: programs on this machine, and files and scripts on others over ssh.
//!
//! The engine asks for them through its port [`Provisioner`]; this crate alone starts programs for
//! it and opens connections. It neither prints nor reads the environment: programs get what the
//! process has, and what a block's `environment` adds.

mod arguments;
mod lines;
mod local;

use std::path::PathBuf;

use platoform_apply::{Lines, ProvisionError, Provisioner};
use platoform_plan::Provision;
use platoform_provider::BoxFuture;

/// Everything that there is to run.
#[derive(Clone, Debug)]
pub struct Programs {
    /// What relative paths are relative to, and where programs run.
    pub directory: PathBuf,
}

impl Provisioner for Programs {
    fn run<'a>(
        &'a self,
        provision: &'a Provision,
        lines: Lines<'a>,
    ) -> BoxFuture<'a, Result<(), ProvisionError>> {
        Box::pin(async move {
            match &*provision.kind {
                "local-exec" => local::run(provision, &self.directory, lines).await,
                other => Err(ProvisionError {
                    summary: format!("There is no provisioner `{other}`"),
                    detail: "Known are `local-exec`, `file` and `remote-exec`".into(),
                }),
            }
        })
    }
}
