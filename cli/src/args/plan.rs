//! `plan` and `apply`

use std::path::PathBuf;

use clap::Args;

use super::{Planning, Running, value};

/// `plan`
#[derive(Args, Debug)]
pub struct Plan {
    /// What goes into it.
    #[command(flatten)]
    pub planning: Planning,
    /// How to run.
    #[command(flatten)]
    pub running: Running,
    /// Save the plan, so that `apply FILE` does just this
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Make no plan, but tell whether this saved one could be applied now, and if not, which objects
    /// have changed since
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "json", "detailed_exitcode"])]
    pub check_fresh: Option<PathBuf>,
    /// End with exit code 2 when there are changes
    #[arg(long)]
    pub detailed_exitcode: bool,
}

/// `apply`
#[derive(Args, Debug)]
pub struct Apply {
    /// A plan that `plan -out=FILE` saved
    #[arg(value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// Apply without asking
    #[arg(long)]
    pub auto_approve: bool,
    /// Make a new plan, and apply it only if it means the same as the one that was reviewed, whose
    /// digest this is; with FILE, the reviewed plan, to show how they differ if they do
    #[arg(long, value_name = "DIGEST", value_parser = value::digest)]
    pub reviewed: Option<String>,
    /// What goes into the plan, when there is none yet.
    #[command(flatten)]
    pub planning: Planning,
    /// How to run.
    #[command(flatten)]
    pub running: Running,
}
