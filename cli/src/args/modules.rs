//! Options of `get` and `modules`.

use clap::Args;

use super::Variables;

/// `get`
#[derive(Args, Debug)]
pub struct Get {
    /// Move to the newest versions that may be chosen
    #[arg(long)]
    pub update: bool,
    /// Values of variables, for addresses of modules.
    #[command(flatten)]
    pub variables: Variables,
}

/// `modules`
#[derive(Args, Debug)]
pub struct Modules {
    /// As JSON
    #[arg(long)]
    pub json: bool,
}
