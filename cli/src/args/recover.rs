//! `recover` and `state orphans`

use std::time::Duration;

use clap::{ArgAction, Args};

use super::{Variables, value};

/// `recover`
#[derive(Args, Debug)]
pub struct Recover {
    /// Take this object for the one that was being made, whatever a look for it says; may be
    /// repeated
    #[arg(long, value_name = "ADDRESS=ID", action = ArgAction::Append)]
    pub adopt: Vec<String>,
    /// Take it that nothing came of the call on this object; may be repeated
    #[arg(long, value_name = "ADDRESS", action = ArgAction::Append)]
    pub forget: Vec<String>,
    /// How long to wait for somebody else's lock
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = value::duration)]
    pub lock_timeout: Duration,
    /// As JSON
    #[arg(long)]
    pub json: bool,
    /// Values of variables.
    #[command(flatten)]
    pub variables: Variables,
}

/// `state orphans`
#[derive(Args, Debug)]
pub struct Orphans {
    /// As JSON
    #[arg(long)]
    pub json: bool,
    /// Values of variables.
    #[command(flatten)]
    pub variables: Variables,
}
