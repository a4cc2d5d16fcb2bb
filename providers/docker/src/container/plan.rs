//! What the schema alone cannot say about a plan.

use platoform_provider::value::Path;
use platoform_provider::{Field, Plan};

use super::blocks::Port;
use super::schema::Container;
use super::update;
use crate::common::text;

/// Refines the plan of a container.
pub(super) fn refine(plan: &mut Plan<Container>) {
    match plan.prior.clone() {
        Some(prior) => refine_update(plan, &prior),
        None => {
            if let Some(ports) = plan.planned.ports.get_mut() {
                ports.iter_mut().filter(|port| port.external.is_null()).for_each(|port| {
                    port.external = Field::Unknown;
                });
            }
        }
    }
}

fn refine_update(plan: &mut Plan<Container>, prior: &Container) {
    keep_chosen_ports(plan, prior);
    let mut replace = update::lifted(prior, &plan.planned);
    if ports_differ(prior, &plan.planned) {
        replace.push("ports");
    }
    // An empty text means what is not set means.
    for (name, before, after) in [
        ("user", &prior.user, &plan.planned.user),
        ("working_dir", &prior.working_dir, &plan.planned.working_dir),
    ] {
        if after.is_unknown() || text(before) != text(after) {
            replace.push(name);
        }
    }
    plan.replace.extend(replace.into_iter().map(Path::attribute));
    if prior.must_run.copied() == Some(false) && plan.planned.must_run.copied() == Some(true) {
        starts(plan);
    }
}

/// A start gives the container new addresses and, where they were left to the Engine, new ports.
fn starts(plan: &mut Plan<Container>) {
    plan.planned.network_data = Field::Unknown;
    plan.planned.exit_code = Field::Unknown;
    let configured = plan.config.ports.items();
    let chosen = |index: usize| configured.get(index).is_some_and(|port| port.external.is_null());
    if let Some(ports) = plan.planned.ports.get_mut() {
        for (index, port) in ports.iter_mut().enumerate() {
            if chosen(index) {
                port.external = Field::Unknown;
            }
        }
    }
}

/// Ports that the Engine chose stay with what they lead to, wherever that now stands in the list.
fn keep_chosen_ports(plan: &mut Plan<Container>, prior: &Container) {
    let mut old: Vec<&Port> = prior.ports.items().iter().collect();
    let configured = plan.config.ports.items().to_vec();
    let Some(ports) = plan.planned.ports.get_mut() else { return };
    for (port, configured) in ports.iter_mut().zip(&configured) {
        let same = |old: &&Port| {
            let fixed = configured.external.is_null() || configured.external == old.external;
            target(old) == target(port) && fixed
        };
        let found = old.iter().position(same).map(|index| old.remove(index));
        if configured.external.is_null() {
            port.external = found.map_or(Field::Unknown, |old| old.external.clone());
        }
    }
}

fn target(port: &Port) -> (Field<i64>, Field<String>, Field<String>) {
    (port.internal.clone(), port.ip.clone(), port.protocol.clone())
}

/// Whether other ports would be published, in whatever order.
fn ports_differ(prior: &Container, planned: &Container) -> bool {
    if planned.ports.is_unknown() {
        return true;
    }
    let mut old = prior.ports.items().to_vec();
    let all_found = planned.ports.items().iter().all(|port| {
        let found = old.iter().position(|old| old == port);
        found.map(|index| old.swap_remove(index)).is_some()
    });
    !all_found || !old.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(internal: i64, external: Field<i64>) -> Port {
        Port { internal: internal.into(), external, ip: "0.0.0.0".into(), protocol: "tcp".into() }
    }

    fn plan(prior: Vec<Port>, config: Vec<Port>) -> Plan<Container> {
        let base = Container { must_run: true.into(), ..Container::default() };
        let config = Container { ports: config.into(), ..base.clone() };
        let mut plan = Plan {
            prior: Some(Container { ports: prior.into(), ..base }),
            planned: config.clone(),
            config,
            replace: Vec::new(),
            problems: Vec::new(),
        };
        refine(&mut plan);
        plan
    }

    #[test]
    fn the_order_of_ports_does_not_matter() {
        let prior = vec![port(80, 32768.into()), port(443, 8443.into())];
        let plan = plan(prior, vec![port(443, 8443.into()), port(80, Field::Null)]);
        assert_eq!(plan.replace, []);
        assert_eq!(plan.planned.ports.items()[1].external.copied(), Some(32768));
    }

    #[test]
    fn another_port_needs_another_container() {
        let prior = vec![port(80, 32768.into())];
        let wanted = [Path::attribute("ports")];
        assert_eq!(plan(prior.clone(), vec![port(80, 8080.into())]).replace, wanted);
        assert_eq!(plan(prior.clone(), Vec::new()).replace, wanted);
        let more = plan(prior, vec![port(443, Field::Null), port(80, Field::Null)]);
        assert_eq!(more.replace, wanted);
        assert_eq!(more.planned.ports.items()[0].external, Field::Unknown);
    }

    #[test]
    fn an_empty_user_is_none() {
        let mut change = plan(Vec::new(), Vec::new());
        change.planned.user = "".into();
        refine(&mut change);
        assert_eq!(change.replace, []);
        change.planned.user = "app".into();
        refine(&mut change);
        assert_eq!(change.replace, [Path::attribute("user")]);
    }

    #[test]
    fn a_start_leaves_open_what_it_changes() {
        let mut change = plan(vec![port(80, 32768.into())], vec![port(80, Field::Null)]);
        change.prior.as_mut().unwrap().must_run = false.into();
        refine(&mut change);
        assert_eq!(change.planned.network_data, Field::Unknown);
        assert_eq!(change.planned.ports.items()[0].external, Field::Unknown);
        assert_eq!(change.replace, []);
    }
}
