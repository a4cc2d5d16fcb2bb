//! `fmt`

use clap::Args;

use super::value;

/// `fmt`
#[derive(Args, Debug)]
pub struct Format {
    /// Files, and directories whose files to format; `-` for standard input [default: .]
    #[arg(value_name = "TARGET")]
    pub targets: Vec<String>,
    /// Whether to list files that were not formatted; never of standard input
    #[arg(long, value_name = "BOOL", value_parser = value::boolean, num_args = 0..=1,
          require_equals = true, default_value = "true", default_missing_value = "true")]
    pub list: bool,
    /// Whether to write files; never standard input, nor with `-check`
    #[arg(long, value_name = "BOOL", value_parser = value::boolean, num_args = 0..=1,
          require_equals = true, default_value = "true", default_missing_value = "true")]
    pub write: bool,
    /// Show what changes
    #[arg(long, value_name = "BOOL", value_parser = value::boolean, num_args = 0..=1,
          require_equals = true, default_value = "false", default_missing_value = "true")]
    pub diff: bool,
    /// Change nothing; end with exit code 3 when anything is not formatted
    #[arg(long, value_name = "BOOL", value_parser = value::boolean, num_args = 0..=1,
          require_equals = true, default_value = "false", default_missing_value = "true")]
    pub check: bool,
    /// Also format files in the directories of a directory
    #[arg(long, value_name = "BOOL", value_parser = value::boolean, num_args = 0..=1,
          require_equals = true, default_value = "false", default_missing_value = "true")]
    pub recursive: bool,
}
