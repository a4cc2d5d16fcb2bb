//! Changing a container in place.

use bollard::models::ContainerUpdateBody;
use platoform_provider::{Failure, Field};

use super::host_config::{bytes, restart_policy};
use super::schema::Container;
use crate::common::text;
use crate::engine::Engine;
use crate::failure;

/// Name of an attribute and how to get at it.
type Limit = (&'static str, fn(&Container) -> &Field<i64>);

/// Numbers that `POST /containers/{id}/update` can change, but not take away: it takes zero for
/// "as it is".
const LIMITS: [Limit; 6] = [
    ("cpu_period", |container| &container.cpu_period),
    ("cpu_quota", |container| &container.cpu_quota),
    ("cpu_shares", |container| &container.cpu_shares),
    ("memory", |container| &container.memory),
    ("memory_reservation", |container| &container.memory_reservation),
    ("memory_swap", |container| &container.memory_swap),
];

/// The limits that a plan takes away, which only a new container can do.
pub(super) fn lifted(prior: &Container, planned: &Container) -> Vec<&'static str> {
    let set = |field: &Field<i64>| field.copied().is_some_and(|number| number != 0);
    let gone = |field: &Field<i64>| field.is_null() || field.copied() == Some(0);
    let numbers = LIMITS.iter().filter(|(_, field)| set(field(prior)) && gone(field(planned)));
    let mut names: Vec<_> = numbers.map(|(name, _)| *name).collect();
    let gone = !planned.cpu_set.is_unknown() && text(&planned.cpu_set).is_none();
    if text(&prior.cpu_set).is_some() && gone {
        names.push("cpu_set");
    }
    names
}

/// The request for what has changed; nothing where nothing has.
fn body(prior: &Container, planned: &Container) -> Option<ContainerUpdateBody> {
    let changed = |field: fn(&Container) -> &Field<i64>| {
        field(planned).copied().filter(|_| field(prior) != field(planned))
    };
    let memory = bytes(&planned.memory).filter(|_| prior.memory != planned.memory);
    let swap = bytes(&planned.memory_swap);
    let policy = prior.restart != planned.restart
        || prior.max_retry_count.known_or(0) != planned.max_retry_count.known_or(0);
    let body = ContainerUpdateBody {
        cpu_period: changed(|container| &container.cpu_period),
        cpu_quota: changed(|container| &container.cpu_quota),
        cpu_shares: changed(|container| &container.cpu_shares),
        cpuset_cpus: text(&planned.cpu_set).filter(|_| prior.cpu_set != planned.cpu_set),
        memory,
        memory_reservation: bytes(&planned.memory_reservation)
            .filter(|_| prior.memory_reservation != planned.memory_reservation),
        // Unset it is twice the memory limit, which must not exceed it.
        memory_swap: match (memory, swap) {
            (Some(_), Some(swap)) => Some(swap),
            (Some(memory), None) => Some(memory.saturating_mul(2)),
            (None, swap) => swap.filter(|_| prior.memory_swap != planned.memory_swap),
        },
        restart_policy: restart_policy(planned).filter(|_| policy),
        ..ContainerUpdateBody::default()
    };
    (body != ContainerUpdateBody::default()).then_some(body)
}

/// Makes the changes that the Engine can make.
pub(super) async fn apply(
    engine: &Engine,
    prior: &Container,
    planned: &Container,
) -> Result<(), Failure> {
    let Some(body) = body(prior, planned) else { return Ok(()) };
    let docker = engine.docker().await?;
    let updated = docker.update_container(&prior.id.known_or_default(), body).await;
    updated.map_err(|error| failure::changing("Container cannot be changed", &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(memory: Field<i64>) -> Container {
        Container { restart: "no".into(), memory, ..Container::default() }
    }

    #[test]
    fn only_what_changed_is_sent() {
        let (before, after) = (container(64.into()), container(128.into()));
        assert_eq!(body(&before, &before), None);
        let sent = body(&before, &after).unwrap();
        assert_eq!((sent.memory, sent.memory_swap), (Some(128 << 20), Some(256 << 20)));
        assert_eq!(sent.restart_policy, None);
        let swap = Container { memory_swap: (-1).into(), ..after };
        assert_eq!(body(&before, &swap).unwrap().memory_swap, Some(-1));
        let policy = Container { restart: "always".into(), ..before.clone() };
        let sent = body(&before, &policy).unwrap();
        assert_eq!(sent.restart_policy.unwrap().name.unwrap().to_string(), "always");
        assert_eq!(sent.memory, None);
    }

    #[test]
    fn a_limit_cannot_be_taken_away_in_place() {
        assert_eq!(lifted(&container(64.into()), &container(Field::Null)), ["memory"]);
        assert!(lifted(&container(64.into()), &container(Field::Unknown)).is_empty());
        assert!(lifted(&container(0.into()), &container(Field::Null)).is_empty());
        let pinned = Container { cpu_set: "0".into(), ..container(Field::Null) };
        assert_eq!(lifted(&pinned, &container(Field::Null)), ["cpu_set"]);
    }
}
