//! Options of `init`.

use clap::{ArgAction, Args};

use super::{Variables, value};

/// `init`
#[derive(Args, Debug)]
pub struct Init {
    /// As a stream of JSON objects
    #[arg(long)]
    pub json: bool,
    /// Whether to look at where the state is [default: true]
    #[arg(long, alias = "cloud", value_name = "BOOL", value_parser = value::boolean, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    pub backend: Option<bool>,
    /// Whether to fetch modules [default: true]
    #[arg(long, value_name = "BOOL", value_parser = value::boolean, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    pub get: Option<bool>,
    /// Move modules and providers to the newest versions that may be chosen
    #[arg(long)]
    pub upgrade: bool,
    /// `readonly`: fail where the lock would have to change
    #[arg(long, value_name = "MODE", value_parser = ["readonly"])]
    pub lockfile: Option<String>,
    /// Values of variables, for addresses of modules.
    #[command(flatten)]
    pub variables: Variables,
    /// Forget an earlier choice of where the state is; nothing is remembered, so this is always so
    #[arg(long)]
    pub reconfigure: bool,
    /// Settings of a remote state, which is not supported
    #[arg(long, hide = true, value_name = "SETTING", action = ArgAction::Append)]
    pub backend_config: Vec<String>,
    /// Moving a state to another place, which is not supported
    #[arg(long, hide = true)]
    pub migrate_state: bool,
    /// Moving a state without asking, which is not supported
    #[arg(long, hide = true)]
    pub force_copy: bool,
    /// Copying a module here first, which is not supported
    #[arg(long, hide = true, value_name = "SOURCE")]
    pub from_module: Option<String>,
    /// Directories of plugins, which are not supported
    #[arg(long, hide = true, value_name = "DIR", action = ArgAction::Append)]
    pub plugin_dir: Vec<String>,
}

impl Init {
    /// The options given that cannot be done what they ask for, and why not.
    pub fn refused(&self) -> Vec<(&'static str, &'static str)> {
        let local = "the state is kept in a file beside the configuration, or where the block \
                     `backend \"local\"` says";
        let all = [
            (!self.backend_config.is_empty(), "-backend-config", local),
            (self.migrate_state, "-migrate-state", local),
            (self.force_copy, "-force-copy", local),
            (self.from_module.is_some(), "-from-module", "call it from a `module` block"),
            (!self.plugin_dir.is_empty(), "-plugin-dir", "providers are part of the program"),
        ];
        all.into_iter().filter_map(|(given, name, why)| given.then_some((name, why))).collect()
    }
}
