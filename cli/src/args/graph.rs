//! `graph`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// `graph`
#[derive(Args, Debug)]
pub struct Graph {
    /// How to draw it
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "dot")]
    pub format: Drawn,
    /// Draw the actions of this saved plan, in their order, instead of the configuration
    #[arg(long, value_name = "FILE", require_equals = true)]
    pub plan: Option<PathBuf>,
}

/// How a graph is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Drawn {
    /// For Graphviz
    Dot,
    /// For Markdown
    Mermaid,
    /// A picture
    Svg,
    /// For programs
    Json,
}
