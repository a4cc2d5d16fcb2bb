//! `init`

use std::fmt::Write as _;
use std::path::Path;

use platoform_config::lock::LOCK_FILE;
use platoform_config::{Loaded, Topology};
use platoform_diagnostic::{Diagnostic, Diagnostics, Sources};
use platoform_lang::parse;
use platoform_lang::tree::Block;

use super::configuration::{warn, whole};
use super::workspace;
use crate::args;
use crate::error::{Failure, Outcome};
use crate::modules::{self, Event, Installation, Options, used};
use crate::providers::{self, Registry};
use crate::report::json::stream;
use crate::settings::Settings;

/// Fetches modules. Providers are part of the program.
///
/// # Errors
/// When a module cannot be fetched, or the configuration has errors.
pub fn fetch(settings: &Settings, arguments: &args::Init) -> Result<Installation, Failure> {
    refuse(arguments)?;
    let options = Options {
        get: arguments.get.unwrap_or(true),
        upgrade: arguments.upgrade,
        readonly: arguments.lockfile.is_some(),
    };
    let inputs = &arguments.variables.inputs;
    modules::install(settings, &Registry::default(), inputs, options, &|event| {
        if let Event::Downloading { .. } = event {
            settings.output.note(&format!("{event}\n"));
        }
    })
    .map_err(|mut failure| {
        let unsupported = |found: &Diagnostic| found.summary == UNSUPPORTED_VERSION;
        let alone = failure.diagnostics.iter().any(unsupported);
        if settings.output.stream && !alone && !calls_modules(&failure.sources) {
            failure.diagnostics.push(Diagnostic::error(CONFIGURATION_ERROR, ""));
        }
        failure
    })
}

/// Says what is here.
pub async fn run(
    settings: &Settings,
    arguments: &args::Init,
    installation: Installation,
) -> Result<Outcome, Failure> {
    let Installation { loaded, fetched, locked } = installation;
    let (topology, found) = described(settings, loaded)?;
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
    let mut out = called(&topology);
    out.push_str(&sources(&topology));
    let place = relative(settings, &path);
    let _ = match objects {
        None if !looks => writeln!(out, "State: `{place}`, not looked at"),
        Some(count) => writeln!(out, "State: `{place}`, objects in it: {count}"),
        None => writeln!(out, "State: `{place}`, made by the first apply"),
    };
    if locked {
        let _ = writeln!(out, "Lock: written to `{LOCK_FILE}`, which belongs into version control");
    }
    let ready = match fetched {
        0 => "Ready. Nothing had to be fetched.".to_owned(),
        _ => format!("Ready. Packages of modules fetched: {fetched}."),
    };
    let _ = writeln!(out, "\n{}", paint.bold(paint.green(ready)));
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

/// The configuration that was read. Machines are not told what is wrong with references: getting
/// ready does not need them.
fn described(settings: &Settings, loaded: Loaded) -> Result<(Topology, Diagnostics), Failure> {
    if !settings.output.stream {
        return whole(settings, loaded);
    }
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
        root && parse(id, &source.text).0.blocks.iter().any(is_call)
    })
}

/// Whether a block calls a module; without a name it is none.
fn is_call(block: &Block) -> bool {
    &*block.kind.name == "module" && block.labels.len() == 1
}

/// The error about options that ask for what is not done here.
fn refuse(arguments: &args::Init) -> Result<(), Failure> {
    let all = arguments.refused().into_iter().map(|(option, why)| {
        Diagnostic::error("Unsupported option", format!("`{option}` has no use here: {why}"))
    });
    let all: Diagnostics = all.collect();
    if all.is_empty() { Ok(()) } else { Err(all.into()) }
}

fn called(topology: &Topology) -> String {
    let mut out = String::new();
    for module in topology.modules.iter().filter(|module| module.parent.is_some()) {
        out.push_str(if out.is_empty() { "Modules:\n" } else { "" });
        let _ = writeln!(out, "  {}: {}", module.path.join("."), module.directory.display());
    }
    out
}

fn sources(topology: &Topology) -> String {
    let mut out = String::new();
    for (source, wanted) in used(topology) {
        out.push_str(if out.is_empty() { "Providers:\n" } else { "" });
        let wanted: Vec<&str> = wanted.into_iter().collect();
        let wanted = match wanted.as_slice() {
            [] => String::new(),
            all => format!(", asked for: {}", all.join(", ")),
        };
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
    format!("  {place}\n  {place}-*\n  {place}.d/\n  {}.key\n", stem.display())
}

/// Whether `.gitignore` names the state already.
fn is_ignored(settings: &Settings, place: &str) -> bool {
    let text = std::fs::read_to_string(settings.path(Path::new(".gitignore")));
    text.is_ok_and(|text| text.lines().any(|line| line.trim().trim_start_matches('/') == place))
}

fn relative(settings: &Settings, path: &Path) -> String {
    path.strip_prefix(settings.directory()).unwrap_or(path).display().to_string()
}
