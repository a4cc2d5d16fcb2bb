//! What a `docker_image` block holds.
//!
//! Whether a change of `build` needs a new image is said by the kind's plan: everything but its
//! further names, its credentials and whether containers of the build stay.

use std::collections::BTreeMap;

use platoform_provider::{Block, Field};

use crate::common::Timeouts;

/// An image: one that is there, one that is pulled, or one that is built.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct Image {
    /// Id and name of the image together.
    #[attribute(computed)]
    pub id: Field<String>,
    /// Name with tag or digest.
    #[attribute(required, replace)]
    pub name: Field<String>,
    /// Remove the image even where stopped containers use it.
    #[attribute(optional)]
    pub force_remove: Field<bool>,
    /// Leave the image on the Engine when it is destroyed here.
    #[attribute(optional)]
    pub keep_locally: Field<bool>,
    /// Platform, e.g. `linux/amd64`.
    #[attribute(optional, replace, default = "")]
    pub platform: Field<String>,
    /// Values whose change pulls the image again.
    #[attribute(optional, replace, set)]
    pub pull_triggers: Field<Vec<String>>,
    /// Values whose change makes the image anew, e.g. hashes of the files of a build context.
    #[attribute(optional, replace)]
    pub triggers: Field<BTreeMap<String, String>>,
    /// Id of the image (`sha256:…`).
    #[attribute(computed)]
    pub image_id: Field<String>,
    /// Name and digest in its registry.
    #[attribute(computed)]
    pub repo_digest: Field<String>,
    /// How to build it.
    #[block(set, max = 1)]
    pub build: Field<Vec<Build>>,
    /// Time limits.
    #[block(single)]
    pub timeouts: Field<Timeouts>,
}

/// `build`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct Build {
    /// Directory whose files the build may use.
    #[attribute(required)]
    pub context: Field<String>,
    /// Named contexts; needs BuildKit, which is not supported.
    #[attribute(optional)]
    pub additional_contexts: Field<Vec<String>>,
    /// Build arguments.
    #[attribute(optional)]
    pub build_args: Field<BTreeMap<String, String>>,
    /// Id by which a running build can be cancelled.
    #[attribute(optional)]
    pub build_id: Field<String>,
    /// File for the build's output; not supported.
    #[attribute(optional)]
    pub build_log_file: Field<String>,
    /// BuildKit builder; not supported.
    #[attribute(optional)]
    pub builder: Field<String>,
    /// Images to take layers from.
    #[attribute(optional)]
    pub cache_from: Field<Vec<String>>,
    /// Where to put the cache; needs BuildKit, which is not supported.
    #[attribute(optional)]
    pub cache_to: Field<Vec<String>>,
    /// Parent control group of the build's containers.
    #[attribute(optional)]
    pub cgroup_parent: Field<String>,
    /// Length of a processor period in microseconds.
    #[attribute(optional)]
    pub cpu_period: Field<i64>,
    /// Processor time per period in microseconds.
    #[attribute(optional)]
    pub cpu_quota: Field<i64>,
    /// Processors to run on.
    #[attribute(optional)]
    pub cpu_set_cpus: Field<String>,
    /// Memory nodes to use.
    #[attribute(optional)]
    pub cpu_set_mems: Field<String>,
    /// Weight against other containers.
    #[attribute(optional)]
    pub cpu_shares: Field<i64>,
    /// Path of the Dockerfile in the context.
    #[attribute(optional, default = "Dockerfile")]
    pub dockerfile: Field<String>,
    /// Further entries of the hosts file, as `NAME:ADDRESS`.
    #[attribute(optional)]
    pub extra_hosts: Field<Vec<String>>,
    /// Remove the build's containers even where it fails.
    #[attribute(optional)]
    pub force_remove: Field<bool>,
    /// Isolation technology (Windows).
    #[attribute(optional)]
    pub isolation: Field<String>,
    /// Labels; an older spelling of `labels`.
    #[attribute(optional)]
    pub label: Field<BTreeMap<String, String>>,
    /// Labels of the image.
    #[attribute(optional)]
    pub labels: Field<BTreeMap<String, String>>,
    /// Memory limit of the build in bytes.
    #[attribute(optional)]
    pub memory: Field<i64>,
    /// Limit of memory and swap together in bytes.
    #[attribute(optional)]
    pub memory_swap: Field<i64>,
    /// Network of the build's containers.
    #[attribute(optional)]
    pub network_mode: Field<String>,
    /// Do every step anew.
    #[attribute(optional)]
    pub no_cache: Field<bool>,
    /// Platform to build for.
    #[attribute(optional)]
    pub platform: Field<String>,
    /// Attestation; needs BuildKit, which is not supported.
    #[attribute(optional)]
    pub provenance: Field<String>,
    /// Look for newer base images.
    #[attribute(optional)]
    pub pull_parent: Field<bool>,
    /// Address of a Git repository or tar file to build from instead of the context.
    #[attribute(optional)]
    pub remote_context: Field<String>,
    /// Remove the build's containers.
    #[attribute(optional, default = true)]
    pub remove: Field<bool>,
    /// Bill of materials; needs BuildKit, which is not supported.
    #[attribute(optional)]
    pub sbom: Field<String>,
    /// Security options.
    #[attribute(optional)]
    pub security_opt: Field<Vec<String>>,
    /// BuildKit session; not supported.
    #[attribute(optional)]
    pub session_id: Field<String>,
    /// Size of `/dev/shm` in bytes.
    #[attribute(optional)]
    pub shm_size: Field<i64>,
    /// Make one layer of all (experimental).
    #[attribute(optional)]
    pub squash: Field<bool>,
    /// Have the Engine say nothing but the image's id.
    #[attribute(optional)]
    pub suppress_output: Field<bool>,
    /// Further names for the image.
    #[attribute(optional)]
    pub tag: Field<Vec<String>>,
    /// Stage of the Dockerfile to build.
    #[attribute(optional)]
    pub target: Field<String>,
    /// Build with the classic builder, which is done always.
    #[attribute(optional, default = false)]
    pub use_legacy_builder: Field<bool>,
    /// Version of the builder: `1`.
    #[attribute(optional)]
    pub version: Field<String>,
    /// Who we are at registries.
    #[block(list)]
    pub auth_config: Field<Vec<AuthConfig>>,
    /// Secrets; need BuildKit, which is not supported.
    #[block(list)]
    pub secrets: Field<Vec<Secret>>,
    /// Limits of the build's processes.
    #[block(list)]
    pub ulimit: Field<Vec<Ulimit>>,
}

/// `build.auth_config`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct AuthConfig {
    /// Host of the registry.
    #[attribute(required)]
    pub host_name: Field<String>,
    /// Name and password in base64.
    #[attribute(optional, sensitive)]
    pub auth: Field<String>,
    /// Mail address.
    #[attribute(optional)]
    pub email: Field<String>,
    /// Identity token.
    #[attribute(optional, sensitive)]
    pub identity_token: Field<String>,
    /// Password.
    #[attribute(optional, sensitive)]
    pub password: Field<String>,
    /// Registry token.
    #[attribute(optional, sensitive)]
    pub registry_token: Field<String>,
    /// Address of the registry.
    #[attribute(optional)]
    pub server_address: Field<String>,
    /// Login name.
    #[attribute(optional)]
    pub user_name: Field<String>,
}

/// `build.secrets`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct Secret {
    /// Variable that holds it.
    #[attribute(required)]
    pub env: Field<String>,
    /// Id.
    #[attribute(required)]
    pub id: Field<String>,
    /// File that holds it.
    #[attribute(required)]
    pub src: Field<String>,
}

/// `build.ulimit`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct Ulimit {
    /// Name, e.g. `nofile`.
    #[attribute(required)]
    pub name: Field<String>,
    /// Limit that a process cannot exceed.
    #[attribute(required)]
    pub hard: Field<i64>,
    /// Limit that a process starts with.
    #[attribute(required)]
    pub soft: Field<i64>,
}
