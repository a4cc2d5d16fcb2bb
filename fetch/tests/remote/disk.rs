//! A disk without room.

use std::process::Command;

use crate::server::{Answer, Server};
use crate::world::{World, archive};

/// A small file system of its own, which goes away with the test.
struct Small(std::path::PathBuf);

impl Small {
    /// `None` where file systems may not be mounted.
    fn mount(path: std::path::PathBuf) -> Option<Self> {
        std::fs::create_dir_all(&path).unwrap();
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(&path);
        let done = command.stderr(std::process::Stdio::null()).status();
        done.is_ok_and(|status| status.success()).then_some(Self(path))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_leaves_what_was_there() {
    let world = World::new();
    let Some(small) = Small::mount(world.path(".platoform/modules")) else {
        // Only root may mount; elsewhere there is nothing to see.
        return;
    };
    let noise: String = (0_u32..40_000).map(|n| char::from(b'a' + (n * n % 23) as u8)).collect();
    let server = Server::http(move |asked| match asked.path.as_str() {
        "/small.tgz" => Answer::ok(archive(&[("main.tf", "1")])),
        _ => Answer::ok(archive(&[("main.tf", &noise), ("other.tf", &noise)])),
    });
    let url = |name: &str| format!("http://{}/{name}.tgz", server.host);
    let kept = world.fetch(&url("small")).unwrap();
    let before = world.packages();
    let error = world.fetch(&url("large")).unwrap_err().to_string();
    assert!(error.contains("No space left on device"), "{error}");
    assert_eq!(world.packages(), before);
    assert_eq!(world.read(&kept, "main.tf"), "1");
    drop(small);
}
