//! `reference`: writes a page of the manual that is made from schemas and the grammar.

use clap::CommandFactory as _;
use platoform_config::{ProviderSource, Schemas as _};
use platoform_diagnostic::Diagnostic;

use crate::args::{Arguments, Reference};
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::report::reference::{commands_page, provider_page};
use crate::settings::Settings;

/// The pages there are.
pub const PAGES: [&str; 5] = ["commands", "docker", "fake", "local", "terraform"];

/// Writes a page.
///
/// # Errors
/// When there is no such page.
pub fn run(settings: &Settings, arguments: &Reference) -> Result<Outcome, Failure> {
    let page = page(&arguments.page).ok_or_else(|| {
        let detail = format!("There are: {}", PAGES.join(", "));
        Diagnostic::error(format!("No page `{}`", arguments.page), detail)
    })?;
    settings.output.data(&page)?;
    Ok(Outcome::Done)
}

/// A page by its name.
pub fn page(name: &str) -> Option<String> {
    let source = match name {
        "commands" => return Some(commands_page(&Arguments::command())),
        "docker" => "registry.terraform.io/kreuzwerker/docker",
        "fake" => "registry.terraform.io/platoform/fake",
        "local" => "registry.terraform.io/hashicorp/local",
        "terraform" => "terraform.io/builtin/terraform",
        _ => return None,
    };
    let schema = Registry::default().provider(&ProviderSource(source.into()))?;
    Some(provider_page(name, &schema))
}
