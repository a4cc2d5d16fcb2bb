//! The `provider "fake"` block.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use platoform_provider::value::Path;
use platoform_provider::{Block, Failure, Field, Problem, Provider, ProviderBuilder};

use crate::client::Client;
use crate::cloud::{Cloud, Collection, Conditions, LAG_LIMIT};
use crate::http::{Http, check_endpoint};
use crate::kind::{AddressKind, MachineKind, VolumeKind};

/// Which cloud. Without `endpoint` it is one in memory, which begins empty and ends with the run;
/// the other arguments say how that one behaves.
#[derive(Block, Clone, Debug, Default, PartialEq)]
struct Configuration {
    /// Address of a cloud that others use as well: `http://127.0.0.1:PORT`.
    #[attribute(optional)]
    endpoint: Field<String>,
    /// Where chance begins.
    #[attribute(optional)]
    seed: Field<u64>,
    /// Milliseconds that a call takes.
    #[attribute(optional)]
    latency: Field<u64>,
    /// Most milliseconds, up to 500, until reads and lists tell of a change.
    #[attribute(optional)]
    lag: Field<u64>,
    /// Milliseconds that a machine takes to boot.
    #[attribute(optional)]
    boot: Field<u64>,
    /// Milliseconds that an object which is deleted is still shown.
    #[attribute(optional)]
    deletion: Field<u64>,
    /// Objects on a page of a list.
    #[attribute(optional)]
    page_size: Field<u64>,
    /// Most objects of each kind.
    #[attribute(optional)]
    quota: Field<u64>,
}

/// Makes an unconfigured provider, whose block says which cloud it works with.
#[must_use]
pub fn factory() -> Arc<dyn Provider> {
    let builder = ProviderBuilder::new(|configuration: Configuration, _| {
        std::future::ready(Ok::<_, Failure>(match configuration.endpoint.as_str() {
            Some(endpoint) => Client::Http(Http::new(endpoint)),
            None => Client::Memory(Cloud::new(conditions(&configuration))),
        }))
    });
    kinds(builder.validate(validate))
}

/// Makes an unconfigured provider that works with this cloud, whatever its block says.
#[must_use]
pub fn with_cloud(cloud: Arc<Cloud>) -> Arc<dyn Provider> {
    kinds(ProviderBuilder::new(move |_: Configuration, _| {
        std::future::ready(Ok(Client::Memory(cloud.clone())))
    }))
}

fn kinds(builder: ProviderBuilder<Configuration, Client>) -> Arc<dyn Provider> {
    builder.kind(AddressKind).kind(MachineKind).kind(VolumeKind).build()
}

fn conditions(configuration: &Configuration) -> Conditions {
    let time = |field: &Field<u64>| Duration::from_millis(field.known_or_default());
    let count = |field: &Field<u64>| field.copied().and_then(|count| usize::try_from(count).ok());
    let quota = count(&configuration.quota)
        .map(|quota| Collection::ALL.map(|collection| (collection, quota)));
    let defaults = Conditions::default();
    Conditions {
        seed: configuration.seed.known_or_default(),
        latency: (time(&configuration.latency), time(&configuration.latency)),
        lag: time(&configuration.lag),
        boot: time(&configuration.boot),
        deletion: time(&configuration.deletion),
        page: count(&configuration.page_size).unwrap_or(defaults.page),
        quota: quota.map(BTreeMap::from).unwrap_or_default(),
    }
}

fn validate(configuration: &Configuration) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(configuration.endpoint.as_str().and_then(check_endpoint));
    if configuration.lag.copied().is_some_and(|lag| Duration::from_millis(lag) > LAG_LIMIT) {
        let detail = format!("It is {} milliseconds at most", LAG_LIMIT.as_millis());
        problems.push(Problem::error("Too much lag", detail).at(Path::attribute("lag")));
    }
    if configuration.page_size.copied() == Some(0) {
        let problem = Problem::error("An empty page", "A page holds one object at least");
        problems.push(problem.at(Path::attribute("page_size")));
    }
    let others = [
        ("seed", configuration.seed.is_known()),
        ("latency", configuration.latency.is_known()),
        ("lag", configuration.lag.is_known()),
        ("boot", configuration.boot.is_known()),
        ("deletion", configuration.deletion.is_known()),
        ("page_size", configuration.page_size.is_known()),
        ("quota", configuration.quota.is_known()),
    ];
    for (name, _) in others.iter().filter(|(_, set)| *set && configuration.endpoint.is_known()) {
        let detail = "The cloud at an `endpoint` has its own";
        let problem = Problem::error(format!("`{name}` has no effect here"), detail);
        problems.push(problem.at(Path::attribute(*name)));
    }
    problems
}
