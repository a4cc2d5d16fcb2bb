//! `show`

use std::path::PathBuf;

use clap::Args;

/// `show`
#[derive(Args, Debug)]
pub struct Show {
    /// A saved plan; without one the state is shown
    #[arg(value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
    /// Every object of a long plan, not one of each resource
    #[arg(long)]
    pub full: bool,
    /// The plan as Markdown, for a comment in a review
    #[arg(long, requires = "plan", conflicts_with = "json")]
    pub markdown: bool,
    /// Most characters of the Markdown; what is destroyed or replaced is named in any case
    #[arg(long, value_name = "CHARACTERS", requires = "markdown")]
    pub budget: Option<usize>,
    /// The plan as one HTML page that needs nothing else
    #[arg(long, requires = "plan", conflicts_with_all = ["json", "markdown"])]
    pub html: bool,
    /// For a step of a GitHub workflow: annotations on lines of the configuration, the plan as
    /// summary of the step, and `digest`, `changes`, `destroys` and `forgets` as its outputs
    #[arg(long, requires = "plan", conflicts_with_all = ["json", "markdown", "html"])]
    pub github: bool,
}
