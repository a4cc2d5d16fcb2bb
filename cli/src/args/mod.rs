//! The command line's grammar, apart from what its commands do.

mod format;
mod graph;
mod init;
mod modules;
mod normalize;
mod plan;
mod recover;
mod show;
mod state;
mod value;
mod workspace;

use std::path::PathBuf;
use std::time::Duration;

use std::ffi::OsString;

use clap::{
    ArgAction, ArgMatches, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand,
};
use clap_complete::Shell;
use platoform_config::VariableArgument;

pub use format::Format;
pub use graph::{Drawn, Graph};
pub use init::Init;
pub use modules::{Get, Modules};
use normalize::normalize;
pub use plan::{Apply, Plan};
pub use recover::{Orphans, Recover};
pub use show::Show;
pub use state::{
    Editing, State, StateList, StateMove, StateRemove, StateReplaceProvider, StateRotateKey,
    StateShow, StateSql, Taint, Which,
};
pub use workspace::{
    ForceUnlock, Lock, Locking, Log, LogCommand, Workspace, WorkspaceDelete, WorkspaceNew,
    WorkspaceSelect,
};

/// Plans and applies topologies of machines, networks and services.
///
/// Options are written with one dash or two: `-out=FILE` is `--out FILE`.
#[derive(Debug, Parser)]
#[command(name = "platoform", max_term_width = 100, disable_version_flag = true)]
pub struct Arguments {
    /// Options of all commands.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of all commands.
#[derive(Args, Debug)]
pub struct Global {
    /// Work in this directory
    #[arg(long, global = true, value_name = "DIR")]
    pub chdir: Option<PathBuf>,
    /// Write without colours; `NO_COLOR` in the environment does the same
    #[arg(long, global = true)]
    pub no_color: bool,
    /// Whether to ask on a terminal: for approval, and for values of variables
    #[arg(long, global = true, value_name = "BOOL", value_parser = value::boolean,
          num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub input: Option<bool>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Look at what is here and get ready
    Init(Init),
    /// Fetch the modules that the configuration calls
    Get(Get),
    /// Check the configuration without looking at anything outside
    Validate(Validate),
    /// Give configuration files their canonical layout
    Fmt(Format),
    /// Evaluate expressions
    Console(Console),
    /// Show what applying would change
    Plan(Plan),
    /// Make the world as configured
    Apply(Apply),
    /// Destroy everything that was made
    Destroy(Destroy),
    /// Bring the state up to what the objects are, and change none: `apply -refresh-only -auto-approve`
    Refresh(Refresh),
    /// Show the state, or a saved plan
    Show(Show),
    /// Show the values of outputs
    Output(Output),
    /// Find out what became of calls that earlier runs left open
    Recover(Recover),
    /// Look into the state, and change it by hand
    #[command(subcommand)]
    State(State),
    /// Have an instance replaced by the next apply
    Taint(Taint),
    /// Take that back
    Untaint(Taint),
    /// Show what was done to the state, run by run
    Log(Log),
    /// Work with several states of one configuration
    #[command(subcommand)]
    Workspace(Workspace),
    /// Show who holds the lock of the state
    Lock(Lock),
    /// Take the lock of the state away from a process that cannot give it back
    ForceUnlock(ForceUnlock),
    /// Draw what depends on what
    Graph(Graph),
    /// Tell other tools about the language
    #[command(subcommand)]
    Metadata(Metadata),
    /// Show which modules need which providers
    Providers,
    /// Show the modules and their versions
    Modules(Modules),
    /// Show the version
    Version(Version),
    /// Write a completion script for a shell
    Completions(Completions),
    /// Write a page of the reference manual
    #[command(hide = true)]
    Reference(Reference),
}

impl Command {
    /// Whether what goes on is told as a stream of JSON objects.
    pub fn streams(&self) -> bool {
        match self {
            Self::Init(init) => init.json,
            Self::Plan(Plan { running, .. })
            | Self::Apply(Apply { running, .. })
            | Self::Destroy(Destroy { running, .. })
            | Self::Refresh(Refresh { running, .. }) => running.json,
            _ => false,
        }
    }

    /// Whether every change of a long plan is shown.
    pub fn full(&self) -> bool {
        match self {
            Self::Plan(Plan { running, .. })
            | Self::Apply(Apply { running, .. })
            | Self::Destroy(Destroy { running, .. })
            | Self::Refresh(Refresh { running, .. }) => running.full,
            Self::Show(show) => show.full,
            _ => false,
        }
    }
}

/// `validate`
#[derive(Args, Debug)]
pub struct Validate {
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// Values of the root module's variables.
#[derive(Args, Debug, Default)]
pub struct Variables {
    /// Set a variable of the root module; may be repeated
    #[arg(long = "var", value_name = "NAME=VALUE", action = ArgAction::Append,
          allow_hyphen_values = true)]
    pub assignments: Vec<String>,
    /// Read variables from this file; may be repeated
    #[arg(long = "var-file", value_name = "FILE", action = ArgAction::Append)]
    pub files: Vec<PathBuf>,
    /// Both in the order they were given in: later ones win.
    #[arg(skip)]
    pub inputs: Vec<VariableArgument>,
}

/// `console`
#[derive(Args, Debug)]
pub struct Console {
    /// Values of variables.
    #[command(flatten)]
    pub variables: Variables,
    /// Make a plan first, and evaluate against what it plans instead of the state
    #[arg(long)]
    pub plan: bool,
}

/// What goes into a plan.
#[derive(Args, Debug, Default)]
pub struct Planning {
    /// Plan to destroy everything
    #[arg(long)]
    pub destroy: bool,
    /// Plan only to bring the state up to date with the world
    #[arg(long)]
    pub refresh_only: bool,
    /// Whether to compare the state with the world first [default: true]
    #[arg(long, value_name = "BOOL", value_parser = value::boolean, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    pub refresh: Option<bool>,
    /// Plan for this module, resource or instance, and what it depends on, only; `module.net.*` and
    /// `file:net.tf` mean all that fit; may be repeated
    #[arg(long, value_name = "ADDRESS", action = ArgAction::Append)]
    pub target: Vec<String>,
    /// Plan for everything but this and what depends on it; takes what `-target` takes; may be
    /// repeated
    #[arg(long, value_name = "ADDRESS", action = ArgAction::Append)]
    pub exclude: Vec<String>,
    /// Replace this instance, even where nothing of it changes; may be repeated
    #[arg(long, value_name = "ADDRESS", action = ArgAction::Append)]
    pub replace: Vec<String>,
    /// Destroy what `prevent_destroy` protects at this address, this time; may be repeated
    #[arg(long, value_name = "ADDRESS", action = ArgAction::Append)]
    pub allow_destroy: Vec<String>,
    /// Values of variables.
    #[command(flatten)]
    pub variables: Variables,
}

/// How to run.
#[derive(Args, Debug)]
pub struct Running {
    /// Calls that run at the same time
    #[arg(long, value_name = "N", default_value = "10", value_parser = value::parallelism)]
    pub parallelism: usize,
    /// How long to wait for somebody else's lock
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = value::duration)]
    pub lock_timeout: Duration,
    /// As a stream of JSON objects
    #[arg(long)]
    pub json: bool,
    /// Show every object of a long plan, not one of each resource
    #[arg(long)]
    pub full: bool,
}

/// `destroy`
#[derive(Args, Debug)]
pub struct Destroy {
    /// Destroy without asking
    #[arg(long)]
    pub auto_approve: bool,
    /// What goes into the plan.
    #[command(flatten)]
    pub planning: Planning,
    /// How to run.
    #[command(flatten)]
    pub running: Running,
}

/// `refresh`
#[derive(Args, Debug)]
pub struct Refresh {
    /// Only this module, resource or instance, and what it depends on; may be repeated
    #[arg(long, value_name = "ADDRESS", action = ArgAction::Append)]
    pub target: Vec<String>,
    /// Values of variables.
    #[command(flatten)]
    pub variables: Variables,
    /// How to run.
    #[command(flatten)]
    pub running: Running,
}

/// `output`
#[derive(Args, Debug)]
pub struct Output {
    /// Only this one
    pub name: Option<String>,
    /// As JSON
    #[arg(long, conflicts_with = "raw")]
    pub json: bool,
    /// As plain text, for scripts
    #[arg(long)]
    pub raw: bool,
}

/// `metadata`
#[derive(Debug, Subcommand)]
pub enum Metadata {
    /// Describe the functions of the language
    Functions {
        /// Write JSON, which is the only form there is
        #[arg(long)]
        json: bool,
    },
}

/// `version`
#[derive(Args, Debug)]
pub struct Version {
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// `completions`
#[derive(Args, Debug)]
pub struct Completions {
    /// Whose
    pub shell: Shell,
}

/// Reads the words of a command line, the program's name first.
///
/// # Errors
/// When they make no sense, or ask for help.
pub fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Arguments, clap::Error> {
    let mut grammar = Arguments::command();
    let words = normalize(words, &grammar);
    let matches = grammar.try_get_matches_from_mut(words)?;
    let mut arguments = Arguments::from_arg_matches(&matches)?;
    let variables = match &mut arguments.command {
        Command::Init(init) => &mut init.variables,
        Command::Get(get) => &mut get.variables,
        Command::Console(console) => &mut console.variables,
        Command::Plan(plan) => &mut plan.planning.variables,
        Command::Apply(apply) => &mut apply.planning.variables,
        Command::Destroy(destroy) => &mut destroy.planning.variables,
        Command::Refresh(refresh) => &mut refresh.variables,
        Command::Recover(recover) => &mut recover.variables,
        _ => return Ok(arguments),
    };
    if let Some((_, matches)) = matches.subcommand() {
        variables.inputs = variables.in_order(matches);
    }
    Ok(arguments)
}

impl Variables {
    fn in_order(&self, matches: &ArgMatches) -> Vec<VariableArgument> {
        let places = |name| matches.indices_of(name).into_iter().flatten();
        let assignments = self.assignments.iter().cloned().map(VariableArgument::Assignment);
        let files = self.files.iter().cloned().map(VariableArgument::File);
        let mut all: Vec<(usize, VariableArgument)> =
            places("assignments").zip(assignments).chain(places("files").zip(files)).collect();
        all.sort_by_key(|(place, _)| *place);
        all.into_iter().map(|(_, argument)| argument).collect()
    }
}

impl Planning {
    /// The options that a saved plan has decided already, as they are typed.
    pub fn given(&self) -> Vec<&'static str> {
        let all = [
            (self.destroy, "-destroy"),
            (self.refresh_only, "-refresh-only"),
            (self.refresh.is_some(), "-refresh"),
            (!self.target.is_empty(), "-target"),
            (!self.exclude.is_empty(), "-exclude"),
            (!self.replace.is_empty(), "-replace"),
            (!self.allow_destroy.is_empty(), "-allow-destroy"),
            (!self.variables.assignments.is_empty(), "-var"),
            (!self.variables.files.is_empty(), "-var-file"),
        ];
        all.into_iter().filter_map(|(given, name)| given.then_some(name)).collect()
    }
}

/// Options of `reference`.
#[derive(Args, Debug)]
pub struct Reference {
    /// Which page
    #[arg(value_name = "PAGE")]
    pub page: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &[&str]) -> Result<Arguments, clap::Error> {
        super::parse(["platoform"].iter().chain(line).map(|word| (*word).into()))
    }

    #[test]
    fn grammar_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn one_dash_is_as_good_as_two() {
        for line in [
            ["-chdir=x", "plan", "-out=p", "-refresh=false", "-var", "a=-b"],
            ["--chdir=x", "plan", "--out=p", "--refresh=0", "--var", "a=-b"],
        ] {
            let arguments = parse(&line).unwrap();
            assert_eq!(arguments.global.chdir, Some("x".into()));
            let Command::Plan(plan) = arguments.command else { panic!("no plan") };
            assert_eq!(plan.out, Some("p".into()));
            assert_eq!(plan.planning.refresh, Some(false));
            assert_eq!(plan.planning.variables.assignments, ["a=-b"]);
        }
    }

    #[test]
    fn options_without_a_value_are_true() {
        let Command::Plan(plan) = parse(&["plan", "-refresh", "-destroy"]).unwrap().command else {
            panic!("no plan")
        };
        assert_eq!(plan.planning.given(), ["-destroy", "-refresh"]);
        let global = parse(&["apply", "-input=false", "-no-color"]).unwrap().global;
        assert!(global.no_color && global.input == Some(false));
    }

    #[test]
    fn variables_keep_their_order() {
        let line = ["apply", "-var", "a=1", "-var-file=f", "-var=a=2"];
        let Command::Apply(apply) = parse(&line).unwrap().command else { panic!("no apply") };
        assert_eq!(
            apply.planning.variables.inputs,
            [
                VariableArgument::Assignment("a=1".into()),
                VariableArgument::File("f".into()),
                VariableArgument::Assignment("a=2".into()),
            ]
        );
    }

    #[test]
    fn mistakes_are_explained() {
        let text = parse(&["plan", "-refersh=false"]).unwrap_err().to_string();
        assert!(text.contains("--refresh"), "{text}");
        assert!(parse(&["plan", "-parallelism=0"]).is_err());
        assert!(parse(&["plan", "-lock-timeout=soon"]).is_err());
        assert!(parse(&["plan", "-refresh=maybe"]).is_err());
        assert!(parse(&["output", "-json", "-raw"]).is_err());
    }

    #[test]
    fn version_can_be_asked_for_in_any_way() {
        for word in ["version", "-version", "--version", "-v"] {
            assert!(matches!(parse(&[word]).unwrap().command, Command::Version(_)), "{word}");
        }
    }
}
