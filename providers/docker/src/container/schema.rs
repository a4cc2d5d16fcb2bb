//! What a `docker_container` block holds.
//!
//! Names, defaults and forced replacement are those of Terraform's Docker provider, with these
//! exceptions, where that one plans a change and then does not make it: `healthcheck`, `init`,
//! `rm`, `tmpfs` and the four `device_*` limits force a replacement (the Engine cannot change them).
//! Whether `ports`, `user` and `working_dir` do is said by the kind's plan, as it is there: not
//! where only the order of ports changes, nor where an empty text takes the place of none.

use std::collections::BTreeMap;

use platoform_provider::{Block, Field};

use super::blocks::{
    Capabilities, Device, DeviceRequest, Healthcheck, Host, Mount, NetworkAttachment, NetworkData,
    Port, Throttle, Ulimit, Upload, VolumeMount,
};
use crate::common::{Label, Timeouts};

/// A container.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct Container {
    /// Id of the container.
    #[attribute(computed)]
    pub id: Field<String>,
    /// Image to start: a name, which is pulled where it is missing, or an id (`sha256:…`).
    #[attribute(required, replace)]
    pub image: Field<String>,
    /// Name of the container, unique on its Engine.
    #[attribute(required, replace)]
    pub name: Field<String>,
    /// Wait until the container has come to its end.
    #[attribute(optional, default = false)]
    pub attach: Field<bool>,
    /// Parent of the container's control group.
    #[attribute(optional, replace)]
    pub cgroup_parent: Field<String>,
    /// Control group namespace: `private` or `host`.
    #[attribute(optional, replace)]
    pub cgroupns_mode: Field<String>,
    /// How long a container that just started may take to be running, in milliseconds.
    #[attribute(optional, default = 15000)]
    pub container_read_refresh_timeout_milliseconds: Field<i64>,
    /// Length of a processor period in microseconds.
    #[attribute(optional)]
    pub cpu_period: Field<i64>,
    /// Processor time per period in microseconds.
    #[attribute(optional)]
    pub cpu_quota: Field<i64>,
    /// Processors to run on, e.g. `0-1` or `0,2`.
    #[attribute(optional)]
    pub cpu_set: Field<String>,
    /// Weight against other containers where processors are scarce.
    #[attribute(optional)]
    pub cpu_shares: Field<i64>,
    /// Number of processors it may use at most, e.g. `1.5`.
    #[attribute(optional, replace)]
    pub cpus: Field<String>,
    /// Seconds between asking the container to stop and killing it, when it is destroyed.
    #[attribute(optional)]
    pub destroy_grace_seconds: Field<i64>,
    /// Name servers.
    #[attribute(optional, replace, set)]
    pub dns: Field<Vec<String>>,
    /// Options of the name resolver.
    #[attribute(optional, replace, set)]
    pub dns_opts: Field<Vec<String>>,
    /// Domains to search for short names.
    #[attribute(optional, replace, set)]
    pub dns_search: Field<Vec<String>>,
    /// Domain name of the container.
    #[attribute(optional, replace)]
    pub domainname: Field<String>,
    /// Graphics processors: `all`, a number, or `device=ID,…`.
    #[attribute(optional, replace)]
    pub gpus: Field<String>,
    /// Further groups of the container's process.
    #[attribute(optional, replace, set)]
    pub group_add: Field<Vec<String>>,
    /// Options of the log driver.
    #[attribute(optional, replace)]
    pub log_opts: Field<BTreeMap<String, String>>,
    /// Keep the container's output in `container_logs`; needs `attach`.
    #[attribute(optional, default = false)]
    pub logs: Field<bool>,
    /// How often `on-failure` starts it again.
    #[attribute(optional)]
    pub max_retry_count: Field<i64>,
    /// Memory limit in MiB.
    #[attribute(optional)]
    pub memory: Field<i64>,
    /// Memory in MiB that it should fit into when memory is scarce.
    #[attribute(optional, default = 0)]
    pub memory_reservation: Field<i64>,
    /// Limit of memory and swap together in MiB; -1 for no limit of swap.
    #[attribute(optional)]
    pub memory_swap: Field<i64>,
    /// Whether the container must be running; one that is not is started by the next apply.
    #[attribute(optional, default = true)]
    pub must_run: Field<bool>,
    /// Network mode: `bridge`, `host`, `none`, `container:ID` or the name of a network.
    #[attribute(optional, replace, default = "bridge")]
    pub network_mode: Field<String>,
    /// Process namespace: `host` or `container:ID`.
    #[attribute(optional, replace)]
    pub pid_mode: Field<String>,
    /// Run with all capabilities and devices of the machine.
    #[attribute(optional, replace)]
    pub privileged: Field<bool>,
    /// Publish every port that the image exposes.
    #[attribute(optional, replace)]
    pub publish_all_ports: Field<bool>,
    /// Make the root file system read-only.
    #[attribute(optional, replace, default = false)]
    pub read_only: Field<bool>,
    /// Remove its anonymous volumes with it.
    #[attribute(optional, default = true)]
    pub remove_volumes: Field<bool>,
    /// When to start it again: `no`, `on-failure`, `always` or `unless-stopped`.
    #[attribute(optional, default = "no")]
    pub restart: Field<String>,
    /// Remove the container when it comes to its end.
    #[attribute(optional, replace, default = false)]
    pub rm: Field<bool>,
    /// Start the container once it is made.
    #[attribute(optional, default = true)]
    pub start: Field<bool>,
    /// Keep its standard input open.
    #[attribute(optional, replace, default = false)]
    pub stdin_open: Field<bool>,
    /// Options of the storage driver.
    #[attribute(optional, replace)]
    pub storage_opts: Field<BTreeMap<String, String>>,
    /// Kernel parameters.
    #[attribute(optional, replace)]
    pub sysctls: Field<BTreeMap<String, String>>,
    /// Directories in memory, each with its mount options.
    #[attribute(optional, replace)]
    pub tmpfs: Field<BTreeMap<String, String>>,
    /// Give it a terminal.
    #[attribute(optional, replace, default = false)]
    pub tty: Field<bool>,
    /// User and group to run as, by name or number: `USER[:GROUP]`.
    #[attribute(optional)]
    pub user: Field<String>,
    /// User namespace: `host`.
    #[attribute(optional, replace)]
    pub userns_mode: Field<String>,
    /// Wait until its health check says healthy.
    #[attribute(optional, default = false)]
    pub wait: Field<bool>,
    /// How long to wait for that, in seconds.
    #[attribute(optional, default = 60)]
    pub wait_timeout: Field<i64>,
    /// Working directory of the command.
    #[attribute(optional)]
    pub working_dir: Field<String>,
    /// Command and its arguments instead of the image's.
    #[attribute(optional, computed, replace)]
    pub command: Field<Vec<String>>,
    /// Entry point instead of the image's.
    #[attribute(optional, computed, replace)]
    pub entrypoint: Field<Vec<String>>,
    /// Environment variables as `NAME=value`.
    #[attribute(optional, computed, replace, set)]
    pub env: Field<Vec<String>>,
    /// Host name of the container.
    #[attribute(optional, computed, replace)]
    pub hostname: Field<String>,
    /// Run a small init process first, which reaps zombies and passes signals on.
    #[attribute(optional, computed, replace)]
    pub init: Field<bool>,
    /// IPC namespace: `none`, `private`, `shareable`, `host` or `container:ID`.
    #[attribute(optional, computed, replace)]
    pub ipc_mode: Field<String>,
    /// Log driver.
    #[attribute(optional, computed, replace)]
    pub log_driver: Field<String>,
    /// Platform of the image, e.g. `linux/amd64`.
    #[attribute(optional, computed, replace)]
    pub platform: Field<String>,
    /// Runtime.
    #[attribute(optional, computed, replace)]
    pub runtime: Field<String>,
    /// Security options.
    #[attribute(optional, computed, replace, set)]
    pub security_opts: Field<Vec<String>>,
    /// Size of `/dev/shm` in MiB.
    #[attribute(optional, computed, replace)]
    pub shm_size: Field<i64>,
    /// Signal that asks the container to stop.
    #[attribute(optional, computed, replace)]
    pub stop_signal: Field<String>,
    /// Seconds between that signal and a kill.
    #[attribute(optional, computed, replace)]
    pub stop_timeout: Field<i64>,
    /// Unused; present for compatibility.
    #[attribute(computed)]
    pub bridge: Field<String>,
    /// Output of the container, with `attach` and `logs`.
    #[attribute(computed)]
    pub container_logs: Field<String>,
    /// Exit code of the container, once it has come to its end.
    #[attribute(computed)]
    pub exit_code: Field<i64>,
    /// The networks it is attached to, by name.
    #[attribute(computed)]
    pub network_data: Field<Vec<NetworkData>>,
    /// Capabilities to add and to drop.
    #[block(set, max = 1, replace)]
    pub capabilities: Field<Vec<Capabilities>>,
    /// Limits for reading from devices, in bytes per second.
    #[block(set, replace)]
    pub device_read_bps: Field<Vec<Throttle>>,
    /// Limits for reading from devices, in operations per second.
    #[block(set, replace)]
    pub device_read_iops: Field<Vec<Throttle>>,
    /// Devices asked for by driver.
    #[block(set, replace)]
    pub device_requests: Field<Vec<DeviceRequest>>,
    /// Limits for writing to devices, in bytes per second.
    #[block(set, replace)]
    pub device_write_bps: Field<Vec<Throttle>>,
    /// Limits for writing to devices, in operations per second.
    #[block(set, replace)]
    pub device_write_iops: Field<Vec<Throttle>>,
    /// Devices of the machine to give it.
    #[block(set, replace)]
    pub devices: Field<Vec<Device>>,
    /// Health check instead of the image's.
    #[block(list, max = 1, computed, replace)]
    pub healthcheck: Field<Vec<Healthcheck>>,
    /// Further entries of its hosts file.
    #[block(set, replace)]
    pub host: Field<Vec<Host>>,
    /// Labels.
    #[block(set, computed, replace)]
    pub labels: Field<Vec<Label>>,
    /// Mounts.
    #[block(set, replace)]
    pub mounts: Field<Vec<Mount>>,
    /// Networks to attach it to, instead of the default bridge.
    #[block(set, replace)]
    pub networks_advanced: Field<Vec<NetworkAttachment>>,
    /// Ports to publish; their order does not matter.
    #[block(list)]
    pub ports: Field<Vec<Port>>,
    /// Limits of its processes.
    #[block(set, replace)]
    pub ulimit: Field<Vec<Ulimit>>,
    /// Files to put into it before it starts.
    #[block(set, replace)]
    pub upload: Field<Vec<Upload>>,
    /// Volumes and directories to mount.
    #[block(set, replace)]
    pub volumes: Field<Vec<VolumeMount>>,
    /// Time limits.
    #[block(single)]
    pub timeouts: Field<Timeouts>,
}
