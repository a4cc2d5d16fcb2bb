//! What a run goes by: arguments, environment and files put together, once.

use std::env;
use std::path::{Path, PathBuf, absolute};
use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Environment};

use crate::args::Arguments;
use crate::command::selection;
use crate::error::Failure;
use crate::files::RealFiles;
use crate::output::Output;
use crate::report::plan::Length;

/// Name of the state's database, in the root module's directory.
pub const STATE_FILE: &str = "platoform.db";

/// Everything that holds for a whole run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Surroundings, for the engine and providers; its directory is the root module's.
    pub environment: Arc<Environment>,
    /// Where text goes.
    pub output: Output,
    /// Whether the user may be asked.
    pub input: bool,
    /// Name of the workspace.
    pub workspace: Arc<str>,
    /// How much of a long plan is shown.
    pub length: Length,
}

impl Settings {
    /// Puts them together.
    ///
    /// # Errors
    /// When the directory of `-chdir` does not exist, or the workspace cannot have its name.
    pub fn collect(arguments: &Arguments) -> Result<Self, Failure> {
        let global = &arguments.global;
        let environment = environment(global.chdir.as_deref())?;
        let plain = global.no_color || environment.get("NO_COLOR").is_some();
        let dumb = environment.get("TERM") == Some("dumb");
        let workspace = selection::current(&environment)?;
        Ok(Self {
            workspace,
            length: if arguments.command.full() { Length::Whole } else { Length::Short },
            output: Output::detect(!plain && !dumb, !dumb).streaming(arguments.command.streams()),
            // A stream has no place for questions.
            input: global.input.unwrap_or(true) && !arguments.command.streams(),
            environment: Arc::new(environment),
        })
    }

    /// Directory of the root module, absolute.
    pub fn directory(&self) -> &Path {
        &self.environment.directory
    }

    /// A path that the user gave.
    pub fn path(&self, path: &Path) -> PathBuf {
        self.directory().join(path)
    }

    /// Where the program may keep what belongs to its user and to no project; it need not exist.
    pub fn data_directory(&self) -> Option<PathBuf> {
        let environment = &self.environment;
        // The specification of these directories has relative paths ignored.
        let data = environment.get("XDG_DATA_HOME").map(PathBuf::from);
        let data = data.filter(|path| path.is_absolute());
        let home = || environment.home.as_ref().map(|home| home.join(".local/share"));
        data.or_else(home).map(|data| data.join("platoform"))
    }

    /// The file system as the configuration sees it.
    pub fn files(&self) -> RealFiles {
        RealFiles::new(self.directory().to_owned())
    }
}

fn environment(directory: Option<&Path>) -> Result<Environment, Failure> {
    let directory = directory.unwrap_or(Path::new("."));
    let wrong = |detail: String| Diagnostic::error("Working directory cannot be used", detail);
    let current = absolute(directory).map_err(|error| wrong(error.to_string()))?;
    if !current.is_dir() {
        return Err(wrong(format!("`{}` is not a directory", directory.display()))
            .help("`-chdir=DIR` names an existing directory with configuration files")
            .into());
    }
    // What is not Unicode cannot be used by anything here.
    let variables = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Ok(Environment { variables: variables.collect(), home: env::home_dir(), directory: current })
}
