//! `mounts` and `volumes`.

use bollard::models::{
    Mount as MountModel, MountBindOptions, MountTmpfsOptions, MountVolumeOptions,
    MountVolumeOptionsDriverConfig,
};

use super::blocks::{Mount, VolumeMount, VolumeOptions};
use crate::common::{plain, text};

/// A `mounts` block.
pub(super) fn mount(block: &Mount) -> MountModel {
    MountModel {
        target: block.target.get().cloned(),
        source: text(&block.source),
        typ: block.r#type.as_str().and_then(|kind| kind.parse().ok()),
        read_only: block.read_only.copied(),
        bind_options: block.bind_options.items().first().map(|options| MountBindOptions {
            propagation: text(&options.propagation).and_then(|text| text.parse().ok()),
            ..MountBindOptions::default()
        }),
        tmpfs_options: block.tmpfs_options.items().first().map(|options| MountTmpfsOptions {
            size_bytes: options.size_bytes.copied(),
            mode: options.mode.copied(),
            options: None,
        }),
        volume_options: block.volume_options.items().first().map(volume_options),
        ..MountModel::default()
    }
}

fn volume_options(options: &VolumeOptions) -> MountVolumeOptions {
    let driver = MountVolumeOptionsDriverConfig {
        name: text(&options.driver_name),
        options: options.driver_options.get().map(|all| all.clone().into_iter().collect()),
    };
    MountVolumeOptions {
        no_copy: options.no_copy.copied(),
        labels: options.labels.get().map(|labels| plain(labels)),
        driver_config: (driver.name.is_some() || driver.options.is_some()).then_some(driver),
        subpath: text(&options.subpath),
    }
}

/// `volumes` blocks with a source, as `SOURCE:TARGET:MODE`.
pub(super) fn binds(blocks: &[VolumeMount]) -> Vec<String> {
    let bind = |block: &VolumeMount| {
        let source = text(&block.host_path).or_else(|| text(&block.volume_name))?;
        let mode = if block.read_only.known_or(false) { "ro" } else { "rw" };
        let relabel = text(&block.selinux_relabel).map(|flag| format!(",{flag}"));
        let target = text(&block.container_path)?;
        Some(format!("{source}:{target}:{mode}{}", relabel.unwrap_or_default()))
    };
    blocks.iter().filter_map(bind).collect()
}

/// `volumes` blocks that take over another container's.
pub(super) fn volumes_from(blocks: &[VolumeMount]) -> Vec<String> {
    let from = |block: &VolumeMount| {
        let container = text(&block.from_container)?;
        Some(if block.read_only.known_or(false) { format!("{container}:ro") } else { container })
    };
    blocks.iter().filter_map(from).collect()
}

#[cfg(test)]
mod tests {
    use bollard::models::MountType;

    use super::*;
    use crate::container::blocks::TmpfsOptions;

    #[test]
    fn volumes_become_binds() {
        let path =
            |path: &str| VolumeMount { container_path: path.into(), ..VolumeMount::default() };
        let blocks = [
            VolumeMount { host_path: "/srv".into(), read_only: true.into(), ..path("/a") },
            VolumeMount { volume_name: "v".into(), selinux_relabel: "z".into(), ..path("/b") },
            VolumeMount { from_container: "other".into(), ..VolumeMount::default() },
            path("/anonymous"),
        ];
        assert_eq!(binds(&blocks), ["/srv:/a:ro", "v:/b:rw,z"]);
        assert_eq!(volumes_from(&blocks), ["other"]);
    }

    #[test]
    fn a_mount_keeps_its_options() {
        let options = TmpfsOptions { size_bytes: 4096.into(), mode: 448.into() };
        let block = Mount {
            target: "/t".into(),
            r#type: "tmpfs".into(),
            tmpfs_options: vec![options].into(),
            ..Mount::default()
        };
        let model = mount(&block);
        assert_eq!(model.typ, Some(MountType::TMPFS));
        assert_eq!(model.tmpfs_options.unwrap().size_bytes, Some(4096));
        assert_eq!((model.bind_options, model.volume_options), (None, None));
    }
}
