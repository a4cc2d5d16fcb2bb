//! `graph`

use std::path::Path;
use std::sync::Arc;

use platoform_diagnostic::Diagnostic;

use super::configuration::{check, glance, warn};
use super::{planning, workspace};
use crate::args::{self, Drawn};
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::report::drawing::{Drawing, Node, Tone, dot, json, mermaid, svg};
use crate::report::review::order;
use crate::settings::Settings;

/// Draws what depends on what: the resources of the configuration, or the actions of a saved plan.
pub async fn run(settings: &Settings, arguments: args::Graph) -> Result<Outcome, Failure> {
    let text = match &arguments.plan {
        Some(file) => write(&actions(settings, file).await?, arguments.format),
        None => resources(settings, arguments.format)?,
    };
    settings.output.data(&text)?;
    Ok(Outcome::Done)
}

/// The actions of a saved plan: an arrow leads from each to what comes after it.
async fn actions(settings: &Settings, file: &Path) -> Result<Drawing, Failure> {
    let registry = Arc::new(Registry::default());
    let path = workspace::path(settings, &glance(settings, &registry));
    let store = workspace::look(settings, &path).await?;
    let seal = workspace::seal(store.as_ref());
    let planned = planning::reopen(settings, &registry, &settings.path(file), seal).await?;
    if planned.plan.diagnostics.has_errors() {
        return Err(Failure::new(planned.plan.diagnostics, planned.session.sources().clone()));
    }
    order::whole(&planned.session).ok_or_else(|| {
        let detail = "Some of its actions would have to wait for each other";
        Diagnostic::error("There is no order for this plan", detail).into()
    })
}

/// The resources of the configuration: an arrow leads from each to what waits for it.
fn resources(settings: &Settings, format: Drawn) -> Result<String, Failure> {
    let (topology, found) = check(settings, &Registry::default())?;
    let graph = match platoform_graph::build(&topology) {
        Ok(graph) => graph,
        Err(cycle) => return Err(Failure::new(cycle, topology.sources)),
    };
    warn(settings, &found, &topology.sources);
    if format == Drawn::Dot {
        return Ok(platoform_graph::dot(&graph, &topology));
    }
    let mut drawing = Drawing::default();
    for (number, resource) in platoform_graph::resources(&graph, &topology).into_iter().enumerate()
    {
        drawing.edges.extend(resource.needs.into_iter().map(|needed| (needed, number)));
        let note = String::new();
        drawing.nodes.push(Node { name: resource.name, note, tone: Tone::Plain });
    }
    Ok(write(&drawing, format))
}

fn write(drawing: &Drawing, format: Drawn) -> String {
    match format {
        Drawn::Dot => dot(drawing),
        Drawn::Mermaid => mermaid(drawing),
        Drawn::Svg => svg(drawing),
        Drawn::Json => format!("{}\n", json(drawing)),
    }
}
