//! `init`

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use platoform_config::{ProviderSource, Topology};
use platoform_diagnostic::{Diagnostic, Diagnostics, Sources};
use platoform_lang::parse;

use super::configuration::{check, read, warn};
use super::workspace;
use crate::args;
use crate::error::{Failure, Outcome};
use crate::providers::{self, Registry};
use crate::report::json::stream;
use crate::settings::Settings;

/// Says what is here. Providers are part of the program and modules are on this machine, so there
/// is nothing to fetch.
pub async fn run(settings: &Settings, arguments: &args::Init) -> Result<Outcome, Failure> {
    refuse(arguments)?;
    let (topology, found) = read_all(settings)?;
    warn(settings, &found, &topology.sources);
    let path = workspace::path(settings, &topology);
    let looks = arguments.backend.unwrap_or(true);
    let store = if looks { workspace::look(settings, &path).await? } else { None };
    let objects = match store {
        Some(store) => {
            let prior = store.prior().await.map_err(|error| workspace::failure(&error))?;
            Some(prior.records.len())
        }
        None => None,
    };
    if settings.output.stream {
        settings.output.event(&stream::initialized(used(&topology).keys()));
        return Ok(Outcome::Done);
    }
    let paint = settings.output.data;
    let mut out = modules(&topology);
    out.push_str(&sources(&topology));
    let place = relative(settings, &path);
    let _ = match objects {
        None if !looks => writeln!(out, "State: `{place}`, not looked at"),
        Some(count) => writeln!(out, "State: `{place}`, objects in it: {count}"),
        None => writeln!(out, "State: `{place}`, made by the first apply"),
    };
    let _ = writeln!(out, "\n{}", paint.bold(paint.green("Ready. Nothing had to be fetched.")));
    let _ = writeln!(out, "Next: {}", paint.cyan("platoform plan"));
    if !is_ignored(settings, &place) {
        let _ = writeln!(
            out,
            "\nThe state and its key do not belong into version control. Lines for `.gitignore`:\n"
        );
        out.push_str(&ignore_lines(&place));
    }
    settings.output.data(&out)?;
    Ok(Outcome::Done)
}

/// Reads the configuration. Machines are not told what is wrong with references: getting ready
/// does not need them.
fn read_all(settings: &Settings) -> Result<(Topology, Diagnostics), Failure> {
    let registry = Registry::default();
    if !settings.output.stream {
        return check(settings, &registry);
    }
    let loaded = read(settings, &registry, true).map_err(|mut failure| {
        let unsupported = |found: &Diagnostic| found.summary == UNSUPPORTED_VERSION;
        if !calls_modules(&failure.sources) && !failure.diagnostics.iter().any(unsupported) {
            failure.diagnostics.push(Diagnostic::error(CONFIGURATION_ERROR, ""));
        }
        failure
    })?;
    let warnings = loaded.structure.into_iter().filter(|found| !found.is_error());
    Ok((loaded.topology, warnings.collect()))
}

/// What Terraform's stream ends with when the configuration is wrong. Clients know it by this text.
const CONFIGURATION_ERROR: &str = "\
Terraform encountered problems during initialisation, including problems
with the configuration, described below.

The Terraform configuration must be valid before initialization so that
Terraform can determine which modules and providers need to be installed.";

/// What is reported alone: other errors may come from what a newer version would understand.
const UNSUPPORTED_VERSION: &str = "Unsupported Terraform Core version";

/// Whether the root module calls any. Then Terraform stops while it installs them, and does not
/// come to say that it cannot.
fn calls_modules(sources: &Sources) -> bool {
    sources.iter().any(|(id, source)| {
        let root = Path::new(&*source.name).parent() == Some(Path::new(""));
        root && parse(id, &source.text).0.blocks.iter().any(|block| &*block.kind.name == "module")
    })
}

/// The error about options that ask for what is not done here.
fn refuse(arguments: &args::Init) -> Result<(), Failure> {
    let all = arguments.refused().into_iter().map(|(option, why)| {
        Diagnostic::error("Unsupported option", format!("`{option}` has no use here: {why}"))
    });
    let all: Diagnostics = all.collect();
    if all.is_empty() { Ok(()) } else { Err(all.into()) }
}

fn modules(topology: &Topology) -> String {
    let mut out = String::new();
    for module in topology.modules.iter().filter(|module| module.parent.is_some()) {
        out.push_str(if out.is_empty() { "Modules:\n" } else { "" });
        let _ = writeln!(out, "  {}: {}", module.path.join("."), module.directory.display());
    }
    out
}

/// Providers that the configuration uses, with the versions it asks for.
fn used(topology: &Topology) -> BTreeMap<ProviderSource, Option<&str>> {
    let mut used: BTreeMap<ProviderSource, Option<&str>> = BTreeMap::new();
    for module in &topology.modules {
        for resource in module.resources.values() {
            used.entry(resource.provider.source.clone()).or_default();
        }
        for requirement in module.requirements.values() {
            let wanted = requirement.version.as_ref().map(|(version, _)| &**version);
            let entry = used.entry(requirement.source.clone()).or_default();
            *entry = entry.or(wanted);
        }
    }
    used
}

fn sources(topology: &Topology) -> String {
    let mut out = String::new();
    for (source, wanted) in used(topology) {
        out.push_str(if out.is_empty() { "Providers:\n" } else { "" });
        let wanted = wanted.map(|wanted| format!(", asked for: {wanted}")).unwrap_or_default();
        let _ = match providers::find(&source) {
            Some(known) => writeln!(out, "  {source}: built in, as {}{wanted}", known.version),
            None => writeln!(out, "  {source}: not there{wanted}"),
        };
    }
    out
}

/// The lines that keep a state, and what lies beside it, out of version control.
fn ignore_lines(place: &str) -> String {
    let stem = Path::new(place).with_extension("");
    format!("  {place}\n  {place}-*\n  {}.key\n", stem.display())
}

/// Whether `.gitignore` names the state already.
fn is_ignored(settings: &Settings, place: &str) -> bool {
    let text = std::fs::read_to_string(settings.path(Path::new(".gitignore")));
    text.is_ok_and(|text| text.lines().any(|line| line.trim().trim_start_matches('/') == place))
}

fn relative(settings: &Settings, path: &Path) -> String {
    path.strip_prefix(settings.directory()).unwrap_or(path).display().to_string()
}
