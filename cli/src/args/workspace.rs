//! `workspace`, `lock`, `force-unlock` and `log`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::value;

/// How to lock the state.
#[derive(Args, Debug, Default)]
pub struct Locking {
    /// Has no effect: whoever changes a state holds its lock. Accepted for scripts
    #[arg(long, value_name = "BOOL", value_parser = value::boolean, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    pub lock: Option<bool>,
    /// How long to wait for somebody else's lock
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = value::duration)]
    pub lock_timeout: Duration,
}

/// `workspace`
#[derive(Debug, Subcommand)]
pub enum Workspace {
    /// Delete a workspace
    Delete(WorkspaceDelete),
    /// List the workspaces
    List,
    /// Make a workspace and switch to it
    New(WorkspaceNew),
    /// Switch to a workspace
    Select(WorkspaceSelect),
    /// Show the name of the workspace
    Show,
}

/// `workspace delete`
#[derive(Args, Debug)]
pub struct WorkspaceDelete {
    /// Its name
    pub name: String,
    /// Even when its state holds objects, which are forgotten then
    #[arg(long)]
    pub force: bool,
    /// How to lock it.
    #[command(flatten)]
    pub locking: Locking,
}

/// `workspace new`
#[derive(Args, Debug)]
pub struct WorkspaceNew {
    /// Its name
    pub name: String,
    /// Copy objects and outputs of the state in this file
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// How to lock it.
    #[command(flatten)]
    pub locking: Locking,
}

/// `workspace select`
#[derive(Args, Debug)]
pub struct WorkspaceSelect {
    /// Its name
    pub name: String,
    /// Make it when it is not there
    #[arg(long, value_name = "BOOL", value_parser = value::boolean, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    pub or_create: Option<bool>,
}

/// `lock`
#[derive(Args, Debug)]
pub struct Lock {
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// `force-unlock`
#[derive(Args, Debug)]
pub struct ForceUnlock {
    /// The lock's ID, as `platoform lock` shows it
    #[arg(value_name = "ID")]
    pub id: Option<String>,
    /// Without asking, and even when its holder is alive
    #[arg(long)]
    pub force: bool,
}

/// `log`
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Log {
    /// What else than to list the last runs.
    #[command(subcommand)]
    pub command: Option<LogCommand>,
    /// So many at most
    #[arg(long, value_name = "N", default_value = "20")]
    pub limit: usize,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// `log …`
#[derive(Debug, Subcommand)]
pub enum LogCommand {
    /// Show what a run changed
    Show {
        /// Its number
        run: i64,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Forget how things were before a run had ended
    Prune {
        /// Its number
        run: i64,
        /// How to lock the state.
        #[command(flatten)]
        locking: Locking,
    },
}
