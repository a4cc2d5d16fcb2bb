//! A container as the body of `POST /containers/create`.

use bollard::models::{ContainerCreateBody, HealthConfig, NetworkingConfig};
use platoform_provider::Owner;

use super::blocks::{Healthcheck, VolumeMount};
use super::host_config::host_config;
use super::networks;
use super::schema::Container;
use crate::common::{nanoseconds, owned, text};

/// The request that makes a container.
pub(super) fn create_body(planned: &Container, owner: &Owner) -> ContainerCreateBody {
    let ports = planned.ports.items().iter().filter_map(super::host_config::port_key);
    let anonymous = planned.volumes.items().iter().filter_map(anonymous_volume);
    let anonymous: Vec<String> = anonymous.collect();
    ContainerCreateBody {
        image: planned.image.get().cloned(),
        cmd: planned.command.get().cloned(),
        entrypoint: planned.entrypoint.get().cloned(),
        env: planned.env.get().cloned(),
        hostname: text(&planned.hostname),
        domainname: text(&planned.domainname),
        user: text(&planned.user),
        working_dir: text(&planned.working_dir),
        labels: Some(owned(planned.labels.items(), owner)),
        tty: planned.tty.copied(),
        open_stdin: planned.stdin_open.copied(),
        stop_signal: text(&planned.stop_signal),
        stop_timeout: planned.stop_timeout.copied(),
        healthcheck: planned.healthcheck.items().first().map(healthcheck),
        exposed_ports: Some(ports.collect::<Vec<_>>()).filter(|ports| !ports.is_empty()),
        volumes: Some(anonymous).filter(|volumes| !volumes.is_empty()),
        networking_config: networks::first(planned).map(|(name, endpoint)| NetworkingConfig {
            endpoints_config: Some([(name, endpoint)].into()),
        }),
        host_config: Some(host_config(planned)),
        ..ContainerCreateBody::default()
    }
}

fn healthcheck(block: &Healthcheck) -> HealthConfig {
    let duration = |field: &platoform_provider::Field<String>| {
        field.as_str().and_then(nanoseconds).filter(|duration| *duration != 0)
    };
    HealthConfig {
        test: block.test.get().cloned(),
        interval: duration(&block.interval),
        timeout: duration(&block.timeout),
        retries: block.retries.copied().filter(|retries| *retries != 0),
        start_period: duration(&block.start_period),
        start_interval: duration(&block.start_interval),
    }
}

/// The path of a volume that is neither named nor a directory of the machine.
fn anonymous_volume(block: &VolumeMount) -> Option<String> {
    let named = [&block.host_path, &block.volume_name, &block.from_container];
    if named.into_iter().any(|field| text(field).is_some()) {
        return None;
    }
    text(&block.container_path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_set_asks_for_nothing() {
        let planned = Container { image: "i".into(), ..Container::default() };
        let owner = Owner { key: "k".into(), lineage: "l".into() };
        let body = create_body(&planned, &owner);
        assert_eq!(body.labels.map(|labels| labels.len()), Some(2));
        let wanted = ContainerCreateBody {
            image: Some("i".into()),
            host_config: body.host_config.clone(),
            ..ContainerCreateBody::default()
        };
        assert_eq!(ContainerCreateBody { labels: None, ..body }, wanted);
    }

    #[test]
    fn a_healthcheck_leaves_open_what_is_zero() {
        let block = Healthcheck {
            test: vec!["CMD".to_owned(), "true".to_owned()].into(),
            interval: "1s500ms".into(),
            timeout: "0s".into(),
            retries: 3.into(),
            ..Healthcheck::default()
        };
        let check = healthcheck(&block);
        assert_eq!((check.interval, check.timeout), (Some(1_500_000_000), None));
        assert_eq!((check.retries, check.start_period), (Some(3), None));
    }

    #[test]
    fn only_unnamed_volumes_are_anonymous() {
        let path = VolumeMount { container_path: "/data".into(), ..VolumeMount::default() };
        assert_eq!(anonymous_volume(&path).as_deref(), Some("/data"));
        assert_eq!(anonymous_volume(&VolumeMount { volume_name: "v".into(), ..path }), None);
    }
}
