//! A build as the parameters of `POST /build`
//! (<https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Image/operation/ImageBuild>).
//!
//! They are written out here because the client library knows only some of them, and numbers up to
//! 2³¹ only.

use std::collections::{BTreeMap, HashMap};

use bollard::auth::DockerCredentials;
use platoform_provider::{Field, Owner};
use url::form_urlencoded::Serializer;

use super::schema::{AuthConfig, Build, Image, Ulimit};
use crate::common::{KEY_LABEL, LINEAGE_LABEL, text};

/// The query of a build.
pub(super) fn query(image: &Image, build: &Build, owner: &Owner) -> String {
    let mut query = Query(Serializer::new(String::new()));
    query.set("t", image.name.get());
    query.each("t", &build.tag);
    query.set("dockerfile", text(&build.dockerfile).as_ref());
    query.set("remote", text(&build.remote_context).as_ref());
    query.each("extrahosts", &build.extra_hosts);
    query.each("securityopt", &build.security_opt);
    let platform = text(&build.platform).or_else(|| text(&image.platform));
    query.set("platform", platform.as_ref());
    query.set("target", text(&build.target).as_ref());
    query.set("networkmode", text(&build.network_mode).as_ref());
    query.set("isolation", text(&build.isolation).as_ref());
    query.set("buildid", text(&build.build_id).as_ref());
    query.set("cgroupparent", text(&build.cgroup_parent).as_ref());
    query.set("cpusetcpus", text(&build.cpu_set_cpus).as_ref());
    query.set("cpusetmems", text(&build.cpu_set_mems).as_ref());
    for (name, number) in [
        ("memory", &build.memory),
        ("memswap", &build.memory_swap),
        ("cpushares", &build.cpu_shares),
        ("cpuperiod", &build.cpu_period),
        ("cpuquota", &build.cpu_quota),
        ("shmsize", &build.shm_size),
    ] {
        query.set(name, number.get());
    }
    query.flag("q", &build.suppress_output);
    query.flag("nocache", &build.no_cache);
    query.flag("pull", &build.pull_parent);
    query.flag("forcerm", &build.force_remove);
    query.flag("squash", &build.squash);
    query.set("rm", Some(&i32::from(build.remove.known_or(true))));
    query.json("buildargs", build.build_args.get());
    query.json("cachefrom", build.cache_from.get());
    query.json("ulimits", Some(&ulimits(build.ulimit.items())).filter(|all| !all.is_empty()));
    query.json("labels", Some(&labels(build, owner)));
    query.set("version", Some(&1));
    query.0.finish()
}

fn labels(build: &Build, owner: &Owner) -> BTreeMap<String, String> {
    let mut labels = build.label.known_or_default();
    labels.extend(build.labels.known_or_default());
    labels.insert(KEY_LABEL.into(), owner.key.to_string());
    labels.insert(LINEAGE_LABEL.into(), owner.lineage.to_string());
    labels
}

fn ulimits(blocks: &[Ulimit]) -> Vec<serde_json::Value> {
    let limit = |block: &Ulimit| {
        serde_json::json!({
            "Name": block.name.known_or_default(),
            "Soft": block.soft.known_or_default(),
            "Hard": block.hard.known_or_default(),
        })
    };
    blocks.iter().map(limit).collect()
}

/// Who we are at the registries that a build's `auth_config` names.
pub(super) fn credentials(build: &Build) -> HashMap<String, DockerCredentials> {
    let pair = |block: &AuthConfig| {
        let host = block.host_name.known_or_default();
        let credentials = DockerCredentials {
            username: text(&block.user_name),
            password: text(&block.password),
            auth: text(&block.auth),
            email: text(&block.email),
            serveraddress: text(&block.server_address),
            identitytoken: text(&block.identity_token),
            registrytoken: text(&block.registry_token),
        };
        (host, credentials)
    };
    build.auth_config.items().iter().map(pair).collect()
}

/// Shorter texts are taken for what they are: hiding every `1` would hide the message.
const SECRET_LENGTH: usize = 4;

/// What must not show in messages about a build.
pub(super) fn secrets(build: &Build) -> Vec<String> {
    let arguments = build.build_args.get().into_iter().flat_map(BTreeMap::values).cloned();
    let logins = build.auth_config.items().iter().flat_map(|block| {
        let all = [&block.password, &block.auth, &block.identity_token, &block.registry_token];
        all.into_iter().filter_map(text)
    });
    arguments.chain(logins).filter(|secret| secret.len() >= SECRET_LENGTH).collect()
}

struct Query<'a>(Serializer<'a, String>);

impl Query<'_> {
    fn set(&mut self, name: &str, value: Option<&impl ToString>) {
        if let Some(value) = value {
            self.0.append_pair(name, &value.to_string());
        }
    }

    fn each(&mut self, name: &str, values: &Field<Vec<String>>) {
        for value in values.items() {
            self.0.append_pair(name, value);
        }
    }

    fn flag(&mut self, name: &str, value: &Field<bool>) {
        if value.known_or(false) {
            self.0.append_pair(name, "1");
        }
    }

    fn json(&mut self, name: &str, value: Option<&impl serde::Serialize>) {
        // Maps of texts always have a JSON form.
        if let Some(text) = value.and_then(|value| serde_json::to_string(value).ok()) {
            self.0.append_pair(name, &text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_becomes_a_query() {
        let image = Image { name: "a:1".into(), ..Image::default() };
        let build = Build {
            tag: vec!["b:1".to_owned()].into(),
            build_args: BTreeMap::from([("A".to_owned(), "x y".to_owned())]).into(),
            memory: (5 << 30).into(),
            no_cache: true.into(),
            remove: false.into(),
            ..Build::default()
        };
        let owner = Owner { key: "k".into(), lineage: "l".into() };
        let query = query(&image, &build, &owner);
        for part in ["t=a%3A1&t=b%3A1&", "memory=5368709120", "nocache=1", "rm=0", "version=1"] {
            assert!(query.contains(part), "{part}: {query}");
        }
        assert!(query.contains("buildargs=%7B%22A%22%3A%22x+y%22%7D"), "{query}");
        assert!(query.contains("io.platoform.key%22%3A%22k"), "{query}");
        assert!(!query.contains("pull=") && !query.contains("target="), "{query}");
    }
}
