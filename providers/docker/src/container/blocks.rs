//! The blocks inside a `docker_container` block.

use std::collections::BTreeMap;

use platoform_provider::{Block, Field};

use crate::common::Label;

/// `capabilities`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct Capabilities {
    /// Capabilities to add, e.g. `NET_ADMIN`.
    #[attribute(optional, replace, set)]
    pub add: Field<Vec<String>>,
    /// Capabilities to drop, `ALL` for all.
    #[attribute(optional, replace, set)]
    pub drop: Field<Vec<String>>,
}

/// `device_read_bps` and its siblings.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct Throttle {
    /// Path of the device on the machine.
    #[attribute(required)]
    pub path: Field<String>,
    /// The limit.
    #[attribute(required)]
    pub rate: Field<i64>,
}

/// `device_requests`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct DeviceRequest {
    /// What the devices must be able to do; all of these.
    #[attribute(optional, replace, set)]
    pub capabilities: Field<Vec<String>>,
    /// How many devices; -1 for all.
    #[attribute(optional, replace, default = 0)]
    pub count: Field<i64>,
    /// Ids of the devices.
    #[attribute(optional, replace, set)]
    pub device_ids: Field<Vec<String>>,
    /// Driver.
    #[attribute(optional, replace, default = "cdi")]
    pub driver: Field<String>,
    /// Options of the driver.
    #[attribute(optional, replace)]
    pub options: Field<BTreeMap<String, String>>,
}

/// `devices`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct Device {
    /// Path on the machine.
    #[attribute(required, replace)]
    pub host_path: Field<String>,
    /// Path in the container; the same unless set.
    #[attribute(optional, replace)]
    pub container_path: Field<String>,
    /// What is allowed: `r`, `w` and `m` for making nodes.
    #[attribute(optional, replace, default = "rwm")]
    pub permissions: Field<String>,
}

/// `healthcheck`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct Healthcheck {
    /// Time between two checks.
    #[attribute(optional, default = "0s")]
    pub interval: Field<String>,
    /// Failures in a row that make it unhealthy.
    #[attribute(optional, default = 0)]
    pub retries: Field<i64>,
    /// Time between two checks during the start period.
    #[attribute(optional, default = "0s")]
    pub start_interval: Field<String>,
    /// Time in which failures do not count yet.
    #[attribute(optional, default = "0s")]
    pub start_period: Field<String>,
    /// The check: `["CMD", …]`, `["CMD-SHELL", "…"]` or `["NONE"]`.
    #[attribute(optional)]
    pub test: Field<Vec<String>>,
    /// How long one check may take.
    #[attribute(optional, default = "0s")]
    pub timeout: Field<String>,
}

/// `host`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct Host {
    /// Name.
    #[attribute(required, replace)]
    pub host: Field<String>,
    /// Address.
    #[attribute(required, replace)]
    pub ip: Field<String>,
}

/// `mounts`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct Mount {
    /// Path in the container.
    #[attribute(required)]
    pub target: Field<String>,
    /// `bind`, `volume`, `tmpfs` or `npipe`.
    #[attribute(required)]
    pub r#type: Field<String>,
    /// Mount it read-only.
    #[attribute(optional)]
    pub read_only: Field<bool>,
    /// Path on the machine, or name of a volume.
    #[attribute(optional)]
    pub source: Field<String>,
    /// Options of a bind mount.
    #[block(list, max = 1)]
    pub bind_options: Field<Vec<BindOptions>>,
    /// Options of a directory in memory.
    #[block(list, max = 1)]
    pub tmpfs_options: Field<Vec<TmpfsOptions>>,
    /// Options of a volume.
    #[block(list, max = 1)]
    pub volume_options: Field<Vec<VolumeOptions>>,
}

/// `mounts.bind_options`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct BindOptions {
    /// `private`, `rprivate`, `shared`, `rshared`, `slave` or `rslave`.
    #[attribute(optional)]
    pub propagation: Field<String>,
}

/// `mounts.tmpfs_options`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct TmpfsOptions {
    /// Mode of the directory as a decimal number.
    #[attribute(optional)]
    pub mode: Field<i64>,
    /// Greatest size in bytes.
    #[attribute(optional)]
    pub size_bytes: Field<i64>,
}

/// `mounts.volume_options`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct VolumeOptions {
    /// Volume driver.
    #[attribute(optional)]
    pub driver_name: Field<String>,
    /// Options of the driver.
    #[attribute(optional)]
    pub driver_options: Field<BTreeMap<String, String>>,
    /// Do not copy what the image has at that path into a new volume.
    #[attribute(optional)]
    pub no_copy: Field<bool>,
    /// Directory of the volume to mount instead of its root.
    #[attribute(optional, replace)]
    pub subpath: Field<String>,
    /// Labels of a volume made for this mount.
    #[block(set)]
    pub labels: Field<Vec<Label>>,
}

/// `networks_advanced`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct NetworkAttachment {
    /// Name or id of the network.
    #[attribute(required, replace)]
    pub name: Field<String>,
    /// Names of the container in that network.
    #[attribute(optional, replace, set)]
    pub aliases: Field<Vec<String>>,
    /// Options of the network driver as `NAME=value`.
    #[attribute(optional, replace, set)]
    pub driver_opts: Field<Vec<String>>,
    /// The network with the highest priority provides the default gateway.
    #[attribute(optional, replace)]
    pub gw_priority: Field<i64>,
    /// Fixed IPv4 address.
    #[attribute(optional, replace)]
    pub ipv4_address: Field<String>,
    /// Fixed IPv6 address.
    #[attribute(optional, replace)]
    pub ipv6_address: Field<String>,
    /// Link-local addresses.
    #[attribute(optional, replace, set)]
    pub link_local_ips: Field<Vec<String>>,
    /// Fixed MAC address.
    #[attribute(optional, replace)]
    pub mac_address: Field<String>,
}

/// `ports`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct Port {
    /// Port in the container.
    #[attribute(required)]
    pub internal: Field<i64>,
    /// Port on the machine; a free one is chosen unless set.
    #[attribute(optional, computed)]
    pub external: Field<i64>,
    /// Address on the machine.
    #[attribute(optional, default = "0.0.0.0")]
    pub ip: Field<String>,
    /// `tcp`, `udp` or `sctp`.
    #[attribute(optional, default = "tcp")]
    pub protocol: Field<String>,
}

/// `ulimit`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct Ulimit {
    /// Name, e.g. `nofile`.
    #[attribute(required, replace)]
    pub name: Field<String>,
    /// Limit that a process cannot exceed.
    #[attribute(required, replace)]
    pub hard: Field<i64>,
    /// Limit that a process starts with.
    #[attribute(required, replace)]
    pub soft: Field<i64>,
}

/// `upload`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct Upload {
    /// Path in the container.
    #[attribute(required, replace)]
    pub file: Field<String>,
    /// Content as text.
    #[attribute(optional, replace)]
    pub content: Field<String>,
    /// Content in base64.
    #[attribute(optional, replace)]
    pub content_base64: Field<String>,
    /// Make the file executable by its owner (mode 0744), unless `permissions` are set.
    #[attribute(optional, replace, default = false)]
    pub executable: Field<bool>,
    /// Mode in octal, e.g. `0640`; `0644` unless set.
    #[attribute(optional, replace)]
    pub permissions: Field<String>,
    /// Path of a file here, whose content is taken.
    #[attribute(optional, replace)]
    pub source: Field<String>,
    /// Hash of that file; only its change tells that the content has changed.
    #[attribute(optional, replace)]
    pub source_hash: Field<String>,
}

/// `volumes`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct VolumeMount {
    /// Path in the container.
    #[attribute(optional, replace)]
    pub container_path: Field<String>,
    /// Container whose volumes are mounted.
    #[attribute(optional, replace)]
    pub from_container: Field<String>,
    /// Path on the machine.
    #[attribute(optional, replace)]
    pub host_path: Field<String>,
    /// Mount it read-only.
    #[attribute(optional, replace)]
    pub read_only: Field<bool>,
    /// Relabel for SELinux: `z` to share, `Z` not to.
    #[attribute(optional, replace)]
    pub selinux_relabel: Field<String>,
    /// Name of a volume.
    #[attribute(optional, replace)]
    pub volume_name: Field<String>,
}

/// An element of `network_data`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct NetworkData {
    /// Gateway.
    #[attribute(computed)]
    pub gateway: Field<String>,
    /// IPv6 address.
    #[attribute(computed)]
    pub global_ipv6_address: Field<String>,
    /// Length of its prefix.
    #[attribute(computed)]
    pub global_ipv6_prefix_length: Field<i64>,
    /// IPv4 address.
    #[attribute(computed)]
    pub ip_address: Field<String>,
    /// Length of its prefix.
    #[attribute(computed)]
    pub ip_prefix_length: Field<i64>,
    /// IPv6 gateway.
    #[attribute(computed)]
    pub ipv6_gateway: Field<String>,
    /// MAC address.
    #[attribute(computed)]
    pub mac_address: Field<String>,
    /// Name of the network.
    #[attribute(computed)]
    pub network_name: Field<String>,
}
