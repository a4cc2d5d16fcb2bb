//! An ssh server of our own on a loopback port.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Where Debian's `openssh-server` is.
const SSHD: &str = "/usr/sbin/sshd";

/// A server that ends with this.
pub struct Server {
    child: Child,
    directory: TempDir,
    pub port: u16,
}

/// What is missing here to try anything.
pub fn missing() -> Option<String> {
    let programs = [SSHD, "/usr/bin/ssh-keygen", "/usr/bin/scp"];
    let missing = programs.iter().find(|program| !Path::new(program).exists());
    missing.map(|program| format!("`{program}` is not there: install `openssh-server`"))
}

impl Server {
    pub fn start() -> Self {
        let directory = TempDir::new().unwrap();
        let at = |name: &str| directory.path().join(name).display().to_string();
        for key in ["host", "user"] {
            keygen(&at(key));
        }
        fs::copy(at("user.pub"), at("authorized")).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let configuration = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\n\
             StrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\n",
            at("host"),
            at("authorized"),
        );
        fs::write(at("sshd_config"), configuration).unwrap();
        // Where it drops its rights to, when it has any.
        let _ = fs::create_dir_all("/run/sshd");
        let mut command = Command::new(SSHD);
        command.args(["-D", "-e", "-f", &at("sshd_config")]);
        let log = fs::File::create(at("log")).unwrap();
        let child = command.stdin(Stdio::null()).stderr(log).spawn().unwrap();
        let server = Self { child, directory, port };
        server.wait();
        server
    }

    fn wait(&self) {
        let end = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < end, "{}", self.file("log"));
            sleep(Duration::from_millis(20));
        }
    }

    /// The text of one of its files.
    pub fn file(&self, name: &str) -> String {
        fs::read_to_string(self.directory.path().join(name)).unwrap()
    }

    /// A directory for what is copied.
    pub fn inbox(&self) -> String {
        let path = self.directory.path().join("inbox");
        fs::create_dir_all(&path).unwrap();
        path.display().to_string()
    }

    /// A `connection` block with these arguments besides.
    pub fn connection(&self, more: &str) -> String {
        let user = Command::new("id").arg("-un").output().unwrap();
        let user = String::from_utf8(user.stdout).unwrap();
        format!(
            "  connection {{\n    host = \"127.0.0.1\"\n    port = {}\n    user = \"{}\"\n    \
             timeout = \"15s\"\n    agent = false\n    private_key = <<EOT\n{}EOT\n{more}\n  }}\n",
            self.port,
            user.trim(),
            self.file("user"),
        )
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn keygen(path: &str) {
    let made = Command::new("/usr/bin/ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f", path])
        .status()
        .unwrap();
    assert!(made.success());
}
