//! What whole-program tests need: the program, projects to run it in, and what came of a run.
//!
//! A [`Project`] is a temporary directory with a configuration. [`Project::run`] runs the program
//! there as a process of its own, away from the caller's environment and home directory, and gives
//! a [`Run`]: its exit code and what it printed. [`filtered`] takes out what differs from run to
//! run, so that a snapshot can be compared. A [`Running`] process can be stopped or killed at any
//! moment; a [`Terminal`] is one to type answers on. A [`CloudServer`] is the cloud of
//! `platoform-fake` for processes to share.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics")]

mod binary;
mod cloud_server;
mod filter;
mod findings;
mod fixture;
mod invocation;
mod project;
mod run;
mod running;
mod terminal;

pub use binary::{program, repository};
pub use cloud_server::CloudServer;
pub use filter::filtered;
pub use findings::{findings, write};
pub use invocation::Invocation;
pub use project::Project;
pub use run::Run;
pub use running::Running;
pub use terminal::Terminal;
