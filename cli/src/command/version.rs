//! `version`

use std::env::consts::{ARCH, OS};

use platoform_config::LANGUAGE_LEVEL;

use crate::args;
use crate::error::{Failure, Outcome};
use crate::settings::Settings;

/// Shows the version.
pub fn run(settings: &Settings, arguments: &args::Version) -> Result<Outcome, Failure> {
    let version = env!("CARGO_PKG_VERSION");
    let machine = if ARCH == "x86_64" { "amd64" } else { ARCH };
    let text = if arguments.json {
        let json = serde_json::json!({
            "platoform_version": version,
            "terraform_version": LANGUAGE_LEVEL,
            "platform": format!("{OS}_{machine}"),
        });
        format!("{json:#}\n")
    } else {
        format!(
            "platoform v{version}\non {OS}_{machine}\nlanguage of Terraform v{LANGUAGE_LEVEL}\n"
        )
    };
    settings.output.data(&text)?;
    Ok(Outcome::Done)
}
