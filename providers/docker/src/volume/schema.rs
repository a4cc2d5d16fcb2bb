//! What a `docker_volume` block holds.

use std::collections::BTreeMap;

use platoform_provider::{Block, Field};

use crate::common::Label;

/// A volume.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct Volume {
    /// Name of the volume.
    #[attribute(computed)]
    pub id: Field<String>,
    /// Name of the volume; a random one unless set.
    #[attribute(optional, computed, replace)]
    pub name: Field<String>,
    /// Driver; `local` unless set.
    #[attribute(optional, computed, replace)]
    pub driver: Field<String>,
    /// Options of the driver.
    #[attribute(optional, replace)]
    pub driver_opts: Field<BTreeMap<String, String>>,
    /// Where it is on the machine.
    #[attribute(computed)]
    pub mountpoint: Field<String>,
    /// Labels.
    #[block(set, replace)]
    pub labels: Field<Vec<Label>>,
    /// Cluster volumes are not supported.
    #[block(list, max = 1)]
    pub cluster: Field<Vec<Cluster>>,
}

/// `cluster`. Known so that a file which uses it gets a clear answer.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct Cluster {
    /// Availability.
    #[attribute(optional, default = "active")]
    pub availability: Field<String>,
    /// Group.
    #[attribute(optional, replace, default = "")]
    pub group: Field<String>,
    /// Greatest size.
    #[attribute(optional, replace)]
    pub limit_bytes: Field<String>,
    /// Least size.
    #[attribute(optional, replace)]
    pub required_bytes: Field<String>,
    /// Scope.
    #[attribute(optional, replace, default = "single")]
    pub scope: Field<String>,
    /// Sharing.
    #[attribute(optional, replace, default = "none")]
    pub sharing: Field<String>,
    /// Preferred topology.
    #[attribute(optional, replace, default = "")]
    pub topology_preferred: Field<String>,
    /// Required topology.
    #[attribute(optional, replace, default = "")]
    pub topology_required: Field<String>,
    /// Type.
    #[attribute(optional, replace, default = "block")]
    pub r#type: Field<String>,
    /// Id.
    #[attribute(computed)]
    pub id: Field<String>,
}
