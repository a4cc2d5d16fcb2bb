//! `state`, `taint` and `untaint`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Locking;
use super::value;

/// `state`
#[derive(Debug, Subcommand)]
pub enum State {
    /// List the addresses of what the state holds
    List(StateList),
    /// Move objects to other addresses, without touching them
    Mv(StateMove),
    /// Write the whole state, secrets included, as Terraform keeps it in a file
    Pull,
    /// Take over a state that was written by `state pull`: refused, with what to do instead
    Push(StatePush),
    /// Say that another provider has made objects
    ReplaceProvider(StateReplaceProvider),
    /// Forget objects, without destroying them
    Rm(StateRemove),
    /// Exchange the key that secrets in the state are sealed with
    RotateKey(StateRotateKey),
    /// Show one object
    Show(StateShow),
    /// Ask a question in SQL, which changes nothing; secrets stay sealed
    Sql(StateSql),
}

/// Which state to look into.
#[derive(Args, Debug, Default)]
pub struct Which {
    /// A state in this file, instead of the workspace's
    #[arg(long = "state", value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The state as this run left it; `platoform log` lists the runs
    #[arg(long, value_name = "RUN")]
    pub at: Option<i64>,
}

/// `state list`
#[derive(Args, Debug)]
pub struct StateList {
    /// Only what is in these modules and resources
    #[arg(value_name = "ADDRESS")]
    pub addresses: Vec<String>,
    /// Only objects with this `id`
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// Which state.
    #[command(flatten)]
    pub which: Which,
}

/// `state show`
#[derive(Args, Debug)]
pub struct StateShow {
    /// Its address
    pub address: String,
    /// Which state.
    #[command(flatten)]
    pub which: Which,
}

/// How a command changes the state.
#[derive(Args, Debug, Default)]
pub struct Editing {
    /// Copy the state to this file first
    #[arg(long, value_name = "FILE")]
    pub backup: Option<PathBuf>,
    /// A state in this file, instead of the workspace's
    #[arg(long = "state", value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// How to lock it.
    #[command(flatten)]
    pub locking: Locking,
    /// Has no meaning here; accepted for scripts
    #[arg(long, hide = true)]
    pub ignore_remote_version: bool,
}

/// `state mv`
#[derive(Args, Debug)]
pub struct StateMove {
    /// An instance, a resource or a module
    pub source: String,
    /// Where it is to be
    pub destination: String,
    /// Only say what would be moved
    #[arg(long)]
    pub dry_run: bool,
    /// How to change the state.
    #[command(flatten)]
    pub editing: Editing,
}

/// `state rm`
#[derive(Args, Debug)]
pub struct StateRemove {
    /// Instances, resources or modules
    #[arg(value_name = "ADDRESS", required = true)]
    pub addresses: Vec<String>,
    /// Only say what would be forgotten
    #[arg(long)]
    pub dry_run: bool,
    /// How to change the state.
    #[command(flatten)]
    pub editing: Editing,
}

/// `state replace-provider`
#[derive(Args, Debug)]
pub struct StateReplaceProvider {
    /// The provider that the state names, such as `hashicorp/aws`
    pub from: String,
    /// The one it is to name
    pub to: String,
    /// Replace without asking
    #[arg(long)]
    pub auto_approve: bool,
    /// How to change the state.
    #[command(flatten)]
    pub editing: Editing,
}

/// `state push`
#[derive(Args, Debug)]
pub struct StatePush {
    /// The file, or `-`
    pub path: PathBuf,
    /// Even over a newer state
    #[arg(long)]
    pub force: bool,
    /// How to lock it.
    #[command(flatten)]
    pub locking: Locking,
}

/// `state rotate-key`
#[derive(Args, Debug)]
pub struct StateRotateKey {
    /// Exchange the state's own key, and seal all secrets anew, instead of the user's key
    #[arg(long)]
    pub data_key: bool,
    /// How to lock it.
    #[command(flatten)]
    pub locking: Locking,
}

/// `state sql`
#[derive(Args, Debug)]
pub struct StateSql {
    /// A `select`; docs/state.md describes the tables
    #[arg(value_name = "QUESTION")]
    pub question: String,
    /// As JSON: an object per row
    #[arg(long)]
    pub json: bool,
    /// A state in this file, instead of the workspace's
    #[arg(long = "state", value_name = "FILE")]
    pub file: Option<PathBuf>,
}

/// `taint` and `untaint`
#[derive(Args, Debug)]
pub struct Taint {
    /// The instance
    pub address: String,
    /// It is no error when there is no such instance
    #[arg(long, value_name = "BOOL", value_parser = value::boolean, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    pub allow_missing: Option<bool>,
    /// How to change the state.
    #[command(flatten)]
    pub editing: Editing,
}
